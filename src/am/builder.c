/*
 * builder.c
 *	  Rows on their way into a segment: the content gets their values; those
 *	  that are NULL are kept here.
 */
#include "am/builder.h"

#include "am/segment.h"
#include "utils/memutils.h"

struct SegmentBuilder
{
	Relation index;
	const SegmentContent *content;
	MemoryContext memory;
	void *build; /* the content's */
	uint64 rows; /* that have a value */
	Spool *null_rows;
};

SegmentBuilder *
builder_begin(Relation index, const SegmentContent *content, int memory_kb)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist builder", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	SegmentBuilder *builder = palloc0(sizeof(SegmentBuilder));

	builder->index = index;
	builder->content = content;
	builder->memory = memory;
	builder->build = content->begin_build(content, index, (Size) memory_kb * 1024);
	builder->null_rows = spool_begin();
	MemoryContextSwitchTo(caller);
	return builder;
}

void
builder_add(SegmentBuilder *builder, const ItemPointerData *tid, const void *value)
{
	if (value == NULL)
		spool_write(builder->null_rows, tid, sizeof(*tid));
	else
	{
		builder->content->add_row(builder->build, tid, value);
		builder->rows++;
	}
}

void
builder_add_segment(SegmentBuilder *builder, const SegmentRecord *segment)
{
	SegmentReader reader;

	segment_open(&reader, builder->index, segment);
	builder->rows += builder->content->add_segment(builder->build, &reader);
	for (uint32 i = 0; i < segment->null_rows; i++)
	{
		ItemPointerData tid;

		segment_pointers(&reader, segment->rows + i, 1, &tid);
		if (ItemPointerIsValid(&tid))
			builder_add(builder, &tid, NULL);
	}
}

uint64
builder_rows(const SegmentBuilder *builder)
{
	return builder->rows + spool_size(builder->null_rows) / sizeof(ItemPointerData);
}

static void
write_null_rows(SegmentBuilder *builder, SegmentWriter *writer, SegmentRecord *segment)
{
	segment->null_rows = (uint32) (spool_size(builder->null_rows) / sizeof(ItemPointerData));
	spool_rewind(builder->null_rows);
	for (uint32 i = 0; i < segment->null_rows; i++)
	{
		ItemPointerData tid;

		CHECK_FOR_INTERRUPTS();
		spool_read(builder->null_rows, &tid, sizeof(tid));
		area_write(writer, AREA_ROWS, &tid, sizeof(tid));
	}
	spool_end(builder->null_rows);
}

void
builder_finish(SegmentBuilder *builder, uint32 id, bool wal, SegmentRecord *segment)
{
	MemoryContext caller = MemoryContextSwitchTo(builder->memory);
	SegmentWriter *writer = segment_writer_begin(builder->index);

	if (builder_rows(builder) > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("index \"%s\" has no room for more than %u rows",
						RelationGetRelationName(builder->index), PG_UINT32_MAX),
				 errhint("Partition the table.")));
	memset(segment, 0, sizeof(SegmentRecord));
	segment->id = id;
	builder->content->finish_build(builder->build, writer, segment);
	write_null_rows(builder, writer, segment);
	segment_writer_finish(writer, segment, wal);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(builder->memory);
}
