/*
 * writer.c
 *	  Writing a segment.
 */
#include "am/writer.h"

#include "am/extent.h"
#include "am/segment.h"
#include "commands/progress.h"
#include "utils/backend_progress.h"
#include "utils/backend_status.h"

SegmentWriter *
segment_writer_begin(Relation index)
{
	SegmentWriter *writer = palloc(sizeof(SegmentWriter));

	writer->index = index;
	for (int area = 0; area < AREAS; area++)
		writer->area[area] = spool_begin();
	return writer;
}

void
area_write(SegmentWriter *writer, Area area, const void *bytes, Size size)
{
	spool_write(writer->area[area], bytes, size);
}

/* Segments are merged under other commands too, where the same numbers mean something else. */
void
segment_writer_show_rows(uint64 rows)
{
	if (MyBEEntry != NULL && MyBEEntry->st_progress_command == PROGRESS_COMMAND_CREATE_INDEX)
		pgstat_progress_update_param(PROGRESS_CREATEIDX_TUPLES_DONE, (int64) rows);
}

/* Page by page; returns the block after the last. */
static BlockNumber
copy_area(const SegmentWriter *writer, Area area, uint32 owner, BlockNumber block, bool wal)
{
	Spool *spool = writer->area[area];
	PGAlignedBlock page;

	spool_rewind(spool);
	for (uint64 left = spool_size(spool); left > 0;)
	{
		Size part = Min(left, PAGE_ROOM);

		CHECK_FOR_INTERRUPTS();
		spool_read(spool, page.data, part);
		page_write(writer->index, block++, owner, PAGE_SEGMENT, page.data, part, wal);
		left -= part;
	}
	return block;
}

void
segment_writer_finish(SegmentWriter *writer, SegmentRecord *segment, bool wal)
{
	BlockNumber start[AREAS];
	BlockNumber block;

	for (int area = 0; area < AREAS; area++)
		segment->bytes[area] = spool_size(writer->area[area]);
	segment->first =
		extent_allocate(writer->index, PENDING_SEGMENT, segment_layout(segment, start));
	/* areas follow one another in the order of enum Area */
	block = segment->first;
	for (int area = 0; area < AREAS; area++)
	{
		block = copy_area(writer, area, segment->id, block, wal);
		spool_end(writer->area[area]);
	}
	pfree(writer);
}
