/*
 * builder.c
 *	  Rows in memory on their way into a segment.
 *
 * Terms are numbered as they come, and found by a table of hashes.  When all
 * rows are there, they are sorted by their most frequent terms, cut into
 * windows, and each term's list is made window by window.
 */
#include "am/builder.h"

#include "utils/memutils.h"

/* Terms that a row is sorted by: its most frequent ones. */
#define SORT_TERMS 10

typedef struct BuilderTerm
{
	uint32 hash;
	uint32 name_length;
	const char *name;
	uint32 rows;
	uint32 rank; /* by frequency, 0 is the most frequent */
	/* its list */
	ListEntry *entry;
	uint32 windows; /* entries */
	uint32 size;	/* room for entries */
	uint8 *list;	/* encoded */
	Size list_bytes;
} BuilderTerm;

typedef struct BuilderRow
{
	ItemPointerData tid;
	const struct varlena *value;
	uint32 key[SORT_TERMS];
} BuilderRow;

struct SegmentBuilder
{
	Relation index;
	const SegmentContent *content;
	MemoryContext memory;
	MemoryContext scratch; /* emptied after every value */
	uint32 window_rows;

	BuilderRow *row;
	uint32 row_count;
	uint32 row_size;
	ItemPointerData *null_row;
	uint32 null_count;
	uint32 null_size;

	BuilderTerm *term;
	uint32 term_count;
	uint32 term_size;
	uint32 *slot; /* term + 1, or 0 */
	uint32 slot_mask;

	BuilderRow *current; /* while its terms are visited */
	uint32 window;
};

SegmentBuilder *
builder_begin(Relation index, const SegmentContent *content)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist builder", ALLOCSET_DEFAULT_SIZES);
	SegmentBuilder *builder = MemoryContextAllocZero(memory, sizeof(SegmentBuilder));

	builder->index = index;
	builder->content = content;
	builder->memory = memory;
	builder->scratch = AllocSetContextCreate(memory, "shortlist value", ALLOCSET_DEFAULT_SIZES);
	builder->window_rows = option_window_rows(index);
	builder->row_size = 1024;
	builder->row = MemoryContextAlloc(memory, builder->row_size * sizeof(BuilderRow));
	builder->null_size = 64;
	builder->null_row = MemoryContextAlloc(memory, builder->null_size * sizeof(ItemPointerData));
	builder->term_size = 256;
	builder->term = MemoryContextAlloc(memory, builder->term_size * sizeof(BuilderTerm));
	builder->slot_mask = 1023;
	builder->slot = MemoryContextAllocZero(memory, (builder->slot_mask + 1) * sizeof(uint32));
	return builder;
}

Size
builder_memory(const SegmentBuilder *builder)
{
	return MemoryContextMemAllocated(builder->memory, true);
}

bool
builder_is_empty(const SegmentBuilder *builder)
{
	return builder->row_count == 0 && builder->null_count == 0;
}

/* Twice as many slots, and every term in its place. */
static void
grow_slots(SegmentBuilder *builder)
{
	Size size;

	pfree(builder->slot);
	builder->slot_mask = 2 * builder->slot_mask + 1;
	size = ((Size) builder->slot_mask + 1) * sizeof(uint32);
	builder->slot =
		MemoryContextAllocExtended(builder->memory, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < builder->term_count; i++)
	{
		uint32 slot = builder->term[i].hash & builder->slot_mask;

		while (builder->slot[slot] != 0)
			slot = (slot + 1) & builder->slot_mask;
		builder->slot[slot] = i + 1;
	}
}

static uint32
add_term(SegmentBuilder *builder, uint32 hash, const char *name, uint32 length)
{
	BuilderTerm *term;
	char *copy;

	if (builder->term_count == builder->term_size)
	{
		builder->term_size *= 2;
		builder->term =
			repalloc_huge(builder->term, (Size) builder->term_size * sizeof(BuilderTerm));
	}
	term = &builder->term[builder->term_count];
	memset(term, 0, sizeof(BuilderTerm));
	copy = MemoryContextAlloc(builder->memory, length + 1);
	memcpy(copy, name, length);
	term->hash = hash;
	term->name = copy;
	term->name_length = length;
	return builder->term_count++;
}

static uint32
find_term(SegmentBuilder *builder, uint32 hash, const char *name, uint32 length)
{
	uint32 slot = hash & builder->slot_mask;
	uint32 added;

	while (builder->slot[slot] != 0)
	{
		const BuilderTerm *term = &builder->term[builder->slot[slot] - 1];

		if (term->hash == hash && term->name_length == length &&
			memcmp(term->name, name, length) == 0)
			return builder->slot[slot] - 1;
		slot = (slot + 1) & builder->slot_mask;
	}
	added = add_term(builder, hash, name, length);
	builder->slot[slot] = added + 1;
	if (builder->term_count > builder->slot_mask / 2)
		grow_slots(builder);
	return added;
}

static void
count_term(void *state, uint32 hash, const char *name, uint32 length, const uint16 *fields)
{
	SegmentBuilder *builder = state;
	uint32 term = find_term(builder, hash, name, length);

	builder->term[term].rows++;
}

/* Calls visit for each term of the value, in memory that is emptied afterwards. */
static uint32
visit_terms(SegmentBuilder *builder, const struct varlena *value, TermVisitor visit)
{
	MemoryContext caller = MemoryContextSwitchTo(builder->scratch);
	uint32 flags = builder->content->visit_terms(value, visit, builder);

	MemoryContextSwitchTo(caller);
	MemoryContextReset(builder->scratch);
	return flags;
}

void
builder_add(SegmentBuilder *builder, const ItemPointerData *tid, const struct varlena *value)
{
	BuilderRow *row;
	struct varlena *copy;

	if (value == NULL)
	{
		if (builder->null_count == builder->null_size)
		{
			builder->null_size *= 2;
			builder->null_row = repalloc_huge(builder->null_row,
											  (Size) builder->null_size * sizeof(ItemPointerData));
		}
		builder->null_row[builder->null_count++] = *tid;
		return;
	}
	if (builder->row_count == builder->row_size)
	{
		builder->row_size *= 2;
		builder->row = repalloc_huge(builder->row, (Size) builder->row_size * sizeof(BuilderRow));
	}
	row = &builder->row[builder->row_count++];
	copy = MemoryContextAllocHuge(builder->memory, VARSIZE(value));
	memcpy(copy, value, VARSIZE(value));
	row->tid = *tid;
	row->value = copy;
	visit_terms(builder, copy, count_term);
}

/* Sorting */

static int
compare_frequency(const void *left, const void *right, void *arg)
{
	const BuilderTerm *term = arg;
	const BuilderTerm *a = &term[*(const uint32 *) left];
	const BuilderTerm *b = &term[*(const uint32 *) right];

	if (a->rows != b->rows)
		return a->rows > b->rows ? -1 : 1;
	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static int
compare_names(const void *left, const void *right, void *arg)
{
	const BuilderTerm *term = arg;
	const BuilderTerm *a = &term[*(const uint32 *) left];
	const BuilderTerm *b = &term[*(const uint32 *) right];
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = memcmp(a->name, b->name, Min(a->name_length, b->name_length));
	return order != 0 ? order : (int) a->name_length - (int) b->name_length;
}

static uint32 *
sort_terms(const SegmentBuilder *builder, qsort_arg_comparator compare)
{
	uint32 *order =
		MemoryContextAllocHuge(builder->memory, (Size) (builder->term_count + 1) * sizeof(uint32));

	for (uint32 i = 0; i < builder->term_count; i++)
		order[i] = i;
	qsort_arg(order, builder->term_count, sizeof(uint32), compare, builder->term);
	return order;
}

/* Keeps the smallest ranks of the row, ascending. */
static void
rank_term(void *state, uint32 hash, const char *name, uint32 length, const uint16 *fields)
{
	SegmentBuilder *builder = state;
	uint32 rank = builder->term[find_term(builder, hash, name, length)].rank;
	uint32 *key = builder->current->key;

	for (int i = 0; i < SORT_TERMS; i++)
	{
		if (rank < key[i])
		{
			uint32 larger = key[i];

			key[i] = rank;
			rank = larger;
		}
	}
}

static int
compare_rows(const void *left, const void *right)
{
	const BuilderRow *a = left;
	const BuilderRow *b = right;

	for (int i = 0; i < SORT_TERMS; i++)
	{
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	}
	return ItemPointerCompare(unconstify(ItemPointerData *, &a->tid),
							  unconstify(ItemPointerData *, &b->tid));
}

static void
sort_rows(SegmentBuilder *builder)
{
	uint32 *order = sort_terms(builder, compare_frequency);

	for (uint32 i = 0; i < builder->term_count; i++)
		builder->term[order[i]].rank = i;
	pfree(order);
	for (uint32 i = 0; i < builder->row_count; i++)
	{
		builder->current = &builder->row[i];
		memset(builder->current->key, 0xff, sizeof(builder->current->key));
		visit_terms(builder, builder->current->value, rank_term);
		CHECK_FOR_INTERRUPTS();
	}
	qsort(builder->row, builder->row_count, sizeof(BuilderRow), compare_rows);
}

/* Lists */

static void
add_entry(SegmentBuilder *builder, BuilderTerm *term)
{
	if (term->windows == term->size)
	{
		term->size = term->size == 0 ? 4 : 2 * term->size;
		term->entry = term->entry == NULL
			? MemoryContextAlloc(builder->memory, term->size * sizeof(ListEntry))
			: repalloc_huge(term->entry, (Size) term->size * sizeof(ListEntry));
	}
	memset(&term->entry[term->windows], 0, sizeof(ListEntry));
	term->entry[term->windows++].window = builder->window;
}

static void
list_term(void *state, uint32 hash, const char *name, uint32 length, const uint16 *fields)
{
	SegmentBuilder *builder = state;
	BuilderTerm *term = &builder->term[find_term(builder, hash, name, length)];
	ListEntry *entry;

	if (term->windows == 0 || term->entry[term->windows - 1].window != builder->window)
		add_entry(builder, term);
	entry = &term->entry[term->windows - 1];
	for (int i = 0; i < builder->content->fields; i++)
		entry->field[i] = Max(entry->field[i], fields[i]);
}

static WindowRecord *
make_windows(SegmentBuilder *builder, SegmentRecord *segment)
{
	WindowRecord *windows;
	uint64 offset = 0;

	windows = MemoryContextAllocExtended(builder->memory,
										 ((Size) segment->windows + 1) * sizeof(WindowRecord),
										 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < builder->row_count; i++)
	{
		WindowRecord *window = &windows[i / builder->window_rows];
		Size size = MAXALIGN(VARSIZE(builder->row[i].value));

		builder->window = i / builder->window_rows;
		if (i % builder->window_rows == 0)
			window->offset = offset;
		window->flags |= visit_terms(builder, builder->row[i].value, list_term);
		if (size > UINT32_MAX - window->bytes)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("values of index \"%s\" are too large for windows of %u rows",
							RelationGetRelationName(builder->index), builder->window_rows),
					 errhint("Set window_rows to a smaller number.")));
		window->bytes += size;
		offset += size;
		CHECK_FOR_INTERRUPTS();
	}
	segment->bytes[AREA_VALUES] = offset;
	return windows;
}

static void
encode_lists(SegmentBuilder *builder)
{
	MemoryContext caller = MemoryContextSwitchTo(builder->memory);

	for (uint32 i = 0; i < builder->term_count; i++)
	{
		BuilderTerm *term = &builder->term[i];
		uint8 *list = term_list_encode(term->entry, term->windows, builder->content->fields,
									   &term->list_bytes);

		pfree(term->entry);
		term->list = repalloc_huge(list, Max(1, term->list_bytes));
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextSwitchTo(caller);
}

/* Writing an area, page by page */

typedef struct AreaWriter
{
	Relation index;
	uint32 owner;
	bool wal;
	BlockNumber block;
	Size used;
	PGAlignedBlock page;
} AreaWriter;

static void
area_flush(AreaWriter *writer)
{
	if (writer->used == 0)
		return;
	page_write(writer->index, writer->block, writer->owner, PAGE_SEGMENT, writer->page.data,
			   writer->used, writer->wal);
	writer->block++;
	writer->used = 0;
	CHECK_FOR_INTERRUPTS();
}

static void
area_write(AreaWriter *writer, const void *bytes, Size size)
{
	const char *from = bytes;

	while (size > 0)
	{
		Size part = Min(size, PAGE_ROOM - writer->used);

		memcpy(writer->page.data + writer->used, from, part);
		writer->used += part;
		from += part;
		size -= part;
		if (writer->used == PAGE_ROOM)
			area_flush(writer);
	}
}

static void
write_rows(const SegmentBuilder *builder, AreaWriter *writer)
{
	RowPointer pointer = {.reserved = 0};

	for (uint32 i = 0; i < builder->row_count; i++)
	{
		pointer.tid = builder->row[i].tid;
		area_write(writer, &pointer, sizeof(pointer));
	}
	for (uint32 i = 0; i < builder->null_count; i++)
	{
		pointer.tid = builder->null_row[i];
		area_write(writer, &pointer, sizeof(pointer));
	}
	area_flush(writer);
}

static void
write_values(const SegmentBuilder *builder, AreaWriter *writer)
{
	static const char zeros[MAXIMUM_ALIGNOF] = {0};

	for (uint32 i = 0; i < builder->row_count; i++)
	{
		Size size = VARSIZE(builder->row[i].value);

		area_write(writer, builder->row[i].value, size);
		area_write(writer, zeros, MAXALIGN(size) - size);
	}
	area_flush(writer);
}

static void
write_terms(const SegmentBuilder *builder, const uint32 *order, AreaWriter *writer)
{
	uint64 name_offset = 0;
	uint64 list_offset = 0;

	for (uint32 i = 0; i < builder->term_count; i++)
	{
		const BuilderTerm *term = &builder->term[order[i]];
		TermRecord record;

		memset(&record, 0, sizeof(record));
		record.hash = term->hash;
		record.rows = term->rows;
		record.windows = term->windows;
		record.name_length = term->name_length;
		record.name_offset = name_offset;
		record.list_offset = list_offset;
		record.list_bytes = term->list_bytes;
		name_offset += term->name_length;
		list_offset += term->list_bytes;
		area_write(writer, &record, sizeof(record));
	}
	area_flush(writer);
	for (uint32 i = 0; i < builder->term_count; i++)
		area_write(writer, builder->term[order[i]].name, builder->term[order[i]].name_length);
	area_flush(writer);
	for (uint32 i = 0; i < builder->term_count; i++)
		area_write(writer, builder->term[order[i]].list, builder->term[order[i]].list_bytes);
	area_flush(writer);
}

/* All but bytes[AREA_VALUES], which make_windows() knows. */
static void
measure(const SegmentBuilder *builder, SegmentRecord *segment)
{
	segment->bytes[AREA_ROWS] =
		((uint64) builder->row_count + builder->null_count) * sizeof(RowPointer);
	segment->bytes[AREA_WINDOWS] = (uint64) segment->windows * sizeof(WindowRecord);
	segment->bytes[AREA_TERMS] = (uint64) builder->term_count * sizeof(TermRecord);
	segment->bytes[AREA_NAMES] = 0;
	segment->bytes[AREA_LISTS] = 0;
	for (uint32 i = 0; i < builder->term_count; i++)
	{
		segment->bytes[AREA_NAMES] += builder->term[i].name_length;
		segment->bytes[AREA_LISTS] += builder->term[i].list_bytes;
	}
}

void
builder_finish(SegmentBuilder *builder, uint32 id, bool wal, SegmentRecord *segment)
{
	BlockNumber start[AREAS];
	WindowRecord *windows;
	uint32 *order;
	AreaWriter *writer = MemoryContextAlloc(builder->memory, sizeof(AreaWriter));

	memset(segment, 0, sizeof(SegmentRecord));
	segment->id = id;
	segment->rows = builder->row_count;
	segment->null_rows = builder->null_count;
	segment->window_rows = builder->window_rows;
	segment->windows = (builder->row_count + builder->window_rows - 1) / builder->window_rows;
	segment->terms = builder->term_count;

	sort_rows(builder);
	windows = make_windows(builder, segment);
	encode_lists(builder);
	order = sort_terms(builder, compare_names);
	measure(builder, segment);
	segment->first = extent_allocate(builder->index, segment_layout(segment, start));
	segment_layout(segment, start);

	writer->index = builder->index;
	writer->owner = id;
	writer->wal = wal;
	writer->block = segment->first;
	writer->used = 0;
	/* areas follow one another in the order of enum Area */
	write_rows(builder, writer);
	area_write(writer, windows, segment->bytes[AREA_WINDOWS]);
	area_flush(writer);
	write_values(builder, writer);
	write_terms(builder, order, writer);
	MemoryContextDelete(builder->memory);
}
