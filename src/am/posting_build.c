/*
 * posting_build.c
 *	  Making a segment out of rows that have terms.
 *
 * Rows are taken apart as they come, their terms numbered as they are first
 * seen, and put into a spool.  When all are there, terms get their final
 * numbers; rows are sorted by their most frequent terms (by tuplesort, so that
 * memory is no limit), cut into windows, and packed; and what each window adds
 * to the lists is gathered, in several runs if it is too much for memory.
 */
#include "am/posting.h"

#include "catalog/pg_type.h"
#include "port/pg_bswap.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

/* Terms that a row is sorted by: its most frequent ones. */
#define SORT_TERMS 10

/* A term's entry of some window, on its way into the term's list. */
typedef struct PendingEntry
{
	uint32 term;
	ListEntry entry;
} PendingEntry;

/* Entries that went to a file, sorted by term, and how many each term has there. */
typedef struct EntryRun
{
	Spool *spool;
	uint32 *count;
} EntryRun;

typedef struct BuildTerm
{
	uint32 hash;
	uint32 name_length;
	const char *name;
	uint32 rows;
	uint32 rank;   /* by frequency, 0 is the most frequent */
	uint32 number; /* by hash, then bytes */
} BuildTerm;

typedef struct PostingBuild
{
	Relation index;
	const PostingKind *kind;
	MemoryContext memory;
	MemoryContext scratch; /* emptied after every row, and every window */
	Size sort_memory;	   /* kB */
	uint32 window_rows;

	Spool *rows;
	uint64 row_count;
	StringInfoData row; /* being put together */

	BuildTerm *term; /* as they were first seen, then by number */
	uint32 term_count;
	uint32 term_size;
	uint32 *slot; /* term + 1, or 0 */
	uint32 slot_mask;

	uint32 *seen; /* terms of the row that is taken apart */
	uint32 seen_count;
	uint32 seen_size;

	PendingEntry *pending;
	Size pending_count;
	Size pending_size;
	Size pending_limit;
	EntryRun *run;
	uint32 run_count;
} PostingBuild;

/* What a row's bytes begin with; its terms and its payload follow. */
typedef struct SpooledRow
{
	ItemPointerData tid;
	uint16 reserved; /* 0 */
	uint32 count;
	uint32 bytes;
	uint32 reserved2; /* 0 */
} SpooledRow;

void *
posting_begin_build(const SegmentContent *content, Relation index, Size memory)
{
	const PostingKind *kind = (const PostingKind *) content;
	PostingBuild *build = palloc0(sizeof(PostingBuild));

	build->index = index;
	build->kind = kind;
	build->memory = CurrentMemoryContext;
	build->scratch =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist rows", ALLOCSET_DEFAULT_SIZES);
	build->sort_memory = Max(64, memory / 1024 / 2);
	build->pending_limit = Max(4096, memory / 4 / sizeof(PendingEntry));
	build->window_rows = option_window_rows(index, kind->window_rows);
	build->rows = spool_begin();
	initStringInfo(&build->row);
	build->term_size = 256;
	build->term = palloc(build->term_size * sizeof(BuildTerm));
	build->slot_mask = 1023;
	build->slot = palloc0((build->slot_mask + 1) * sizeof(uint32));
	build->seen_size = 64;
	build->seen = palloc(build->seen_size * sizeof(uint32));
	build->pending_size = 1024;
	build->pending = palloc(build->pending_size * sizeof(PendingEntry));
	return build;
}

/* Terms */

/* Twice as many slots, and every term in its place. */
static void
grow_slots(PostingBuild *build)
{
	Size size;

	pfree(build->slot);
	build->slot_mask = 2 * build->slot_mask + 1;
	size = ((Size) build->slot_mask + 1) * sizeof(uint32);
	build->slot =
		MemoryContextAllocExtended(build->memory, size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < build->term_count; i++)
	{
		uint32 slot = build->term[i].hash & build->slot_mask;

		while (build->slot[slot] != 0)
			slot = (slot + 1) & build->slot_mask;
		build->slot[slot] = i + 1;
	}
}

static uint32
add_term(PostingBuild *build, uint32 hash, const char *name, uint32 length)
{
	BuildTerm *term;
	char *copy;

	if (build->term_count == build->term_size)
	{
		build->term_size *= 2;
		build->term = repalloc_huge(build->term, (Size) build->term_size * sizeof(BuildTerm));
	}
	term = &build->term[build->term_count];
	memset(term, 0, sizeof(BuildTerm));
	copy = MemoryContextAlloc(build->memory, length + 1);
	memcpy(copy, name, length);
	term->hash = hash;
	term->name = copy;
	term->name_length = length;
	return build->term_count++;
}

static uint32
find_term(PostingBuild *build, uint32 hash, const char *name, uint32 length)
{
	uint32 slot = hash & build->slot_mask;
	uint32 added;

	while (build->slot[slot] != 0)
	{
		const BuildTerm *term = &build->term[build->slot[slot] - 1];

		if (term->hash == hash && term->name_length == length &&
			memcmp(term->name, name, length) == 0)
			return build->slot[slot] - 1;
		slot = (slot + 1) & build->slot_mask;
	}
	added = add_term(build, hash, name, length);
	build->slot[slot] = added + 1;
	if (build->term_count > build->slot_mask / 2)
		grow_slots(build);
	return added;
}

/* Rows */

static void
see_term(PostingBuild *build, uint32 term)
{
	if (build->seen_count == build->seen_size)
	{
		build->seen_size *= 2;
		build->seen = repalloc_huge(build->seen, (Size) build->seen_size * sizeof(uint32));
	}
	build->seen[build->seen_count++] = term;
	build->term[term].rows++;
}

static void
see_name(void *state, uint32 hash, const char *name, uint32 length)
{
	see_term(state, find_term(state, hash, name, length));
}

static void
spool_row(PostingBuild *build, const ItemPointerData *tid, const char *payload, uint32 bytes)
{
	SpooledRow row = {.tid = *tid, .count = build->seen_count, .bytes = bytes};

	spool_write(build->rows, &row, sizeof(row));
	spool_write(build->rows, build->seen, (Size) build->seen_count * sizeof(uint32));
	spool_write(build->rows, payload, bytes);
	build->seen_count = 0;
	build->row_count++;
}

static void
take_apart(PostingBuild *build, const ItemPointerData *tid, const void *value)
{
	uint32 bytes;
	char *payload;

	build->kind->visit_terms(value, see_name, build);
	payload = build->kind->payload(value, &bytes);
	spool_row(build, tid, payload, bytes);
}

void
posting_add_row(void *state, const ItemPointerData *tid, const void *value)
{
	PostingBuild *build = state;
	MemoryContext caller = MemoryContextSwitchTo(build->scratch);

	take_apart(build, tid, value);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(build->scratch);
}

/* What the terms of a segment are called here. */
static uint32 *
translate_terms(PostingBuild *build, const SegmentReader *segment)
{
	uint32 terms = posting_terms(segment->segment);
	const char *flaw = posting_flaw(segment->segment);
	uint32 *translated;
	uint64 names = segment->segment->bytes[AREA_NAMES];
	char *name;

	if (flaw != NULL)
		segment_damaged(segment, flaw);
	translated = palloc_extended(((Size) terms + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	name = palloc_extended(names + 1, MCXT_ALLOC_HUGE);

	segment_read(segment, AREA_NAMES, 0, names, name);
	for (uint32 i = 0; i < terms; i++)
	{
		TermRecord term;

		segment_read(segment, AREA_TERMS, (uint64) i * sizeof(term), sizeof(term), &term);
		if (term.name_offset > names || term.name_length > names - term.name_offset)
			segment_damaged(segment, "A name would lie beyond the names.");
		translated[i] = find_term(build, term.hash, name + term.name_offset, term.name_length);
	}
	pfree(name);
	return translated;
}

static void
add_unpacked(PostingBuild *build, const SegmentReader *segment, const ItemPointerData *tid,
			 const PostingRow *row, const uint32 *translated)
{
	for (uint32 t = 0; t < row->count; t++)
	{
		if (row->term[t] >= posting_terms(segment->segment))
			segment_damaged(segment, "A window names a term that is not there.");
		see_term(build, translated[row->term[t]]);
	}
	spool_row(build, tid, row->payload, row->bytes);
}

static uint32
add_window(PostingBuild *build, const SegmentReader *segment, uint32 window,
		   const uint32 *translated)
{
	uint32 count = posting_row_count(segment->segment, window);
	PostingRow *row = palloc(count * sizeof(PostingRow));
	ItemPointerData *tid = palloc(count * sizeof(ItemPointerData));
	uint32 added = 0;
	Size size;
	char *bytes = posting_window(segment, window, &size);

	if (!build->kind->unpack(bytes, size, row, count))
		segment_damaged(segment, "A window does not make sense.");
	segment_pointers(segment, window * posting_window_rows(segment->segment), count, tid);
	for (uint32 i = 0; i < count; i++)
	{
		if (!ItemPointerIsValid(&tid[i]))
			continue;
		if (row[i].term == NULL)
			take_apart(build, &tid[i], row[i].payload);
		else
			add_unpacked(build, segment, &tid[i], &row[i], translated);
		added++;
	}
	return added;
}

uint64
posting_add_segment(void *state, const SegmentReader *segment)
{
	PostingBuild *build = state;
	uint32 *translated = translate_terms(build, segment);
	uint64 added = 0;

	for (uint32 w = 0; w < posting_windows(segment->segment); w++)
	{
		MemoryContext caller = MemoryContextSwitchTo(build->scratch);

		CHECK_FOR_INTERRUPTS();
		added += add_window(build, segment, w, translated);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(build->scratch);
	}
	pfree(translated);
	return added;
}

/* Sorting */

static int
compare_frequency(const void *left, const void *right, void *arg)
{
	const BuildTerm *term = arg;
	const BuildTerm *a = &term[*(const uint32 *) left];
	const BuildTerm *b = &term[*(const uint32 *) right];

	CHECK_FOR_INTERRUPTS();
	if (a->rows != b->rows)
		return a->rows > b->rows ? -1 : 1;
	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static int
compare_names(const void *left, const void *right, void *arg)
{
	const BuildTerm *term = arg;
	const BuildTerm *a = &term[*(const uint32 *) left];
	const BuildTerm *b = &term[*(const uint32 *) right];
	int order;

	CHECK_FOR_INTERRUPTS();
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = memcmp(a->name, b->name, Min(a->name_length, b->name_length));
	return order != 0 ? order : (int) a->name_length - (int) b->name_length;
}

static uint32 *
sort_terms(const PostingBuild *build, qsort_arg_comparator compare)
{
	uint32 *order =
		palloc_extended((Size) (build->term_count + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < build->term_count; i++)
		order[i] = i;
	qsort_arg(order, build->term_count, sizeof(uint32), compare, build->term);
	return order;
}

/* Numbers terms for good.  Those that no row has (any more) come last and are left out. */
static uint32 *
number_terms(PostingBuild *build)
{
	uint32 *by_frequency = sort_terms(build, compare_frequency);
	uint32 *by_name = sort_terms(build, compare_names);
	uint32 used = 0;

	for (uint32 i = 0; i < build->term_count; i++)
	{
		build->term[by_frequency[i]].rank = i;
		if (build->term[by_name[i]].rows > 0)
		{
			build->term[by_name[i]].number = used;
			by_name[used++] = by_name[i];
		}
	}
	build->term_count = used;
	pfree(by_frequency);
	return by_name;
}

/* The most frequent terms of a row, as bytes that sort like their ranks. */
static void
make_key(const PostingBuild *build, const uint32 *term, uint32 count, uint32 *key)
{
	memset(key, 0xff, SORT_TERMS * sizeof(uint32));
	for (uint32 t = 0; t < count; t++)
	{
		uint32 rank = build->term[term[t]].rank;

		for (int i = 0; i < SORT_TERMS && rank != PG_UINT32_MAX; i++)
		{
			if (rank < key[i])
			{
				uint32 larger = key[i];

				key[i] = rank;
				rank = larger;
			}
		}
	}
	for (int i = 0; i < SORT_TERMS; i++)
		key[i] = pg_hton32(key[i]);
}

/*
 * Takes the next row from the spool into a bytea: key, place in the table (so
 * that builds are repeatable), row, terms by their final numbers, payload.
 */
static bytea *
sortable_row(PostingBuild *build)
{
	StringInfo out = &build->row;
	uint32 key[SORT_TERMS];
	SpooledRow row;
	uint64 place;

	spool_read(build->rows, &row, sizeof(row));
	while (row.count > build->seen_size)
	{
		build->seen_size *= 2;
		build->seen = repalloc_huge(build->seen, (Size) build->seen_size * sizeof(uint32));
	}
	spool_read(build->rows, build->seen, (Size) row.count * sizeof(uint32));
	make_key(build, build->seen, row.count, key);
	for (uint32 t = 0; t < row.count; t++)
		build->seen[t] = build->term[build->seen[t]].number;
	place = pg_hton64(((uint64) ItemPointerGetBlockNumber(&row.tid) << 16) |
					  ItemPointerGetOffsetNumber(&row.tid));

	resetStringInfo(out);
	enlargeStringInfo(out, VARHDRSZ);
	out->len = VARHDRSZ;
	appendBinaryStringInfo(out, (char *) key, sizeof(key));
	appendBinaryStringInfo(out, (char *) &place, sizeof(place));
	appendBinaryStringInfo(out, (char *) &row, sizeof(row));
	appendBinaryStringInfo(out, (char *) build->seen, row.count * sizeof(uint32));
	enlargeStringInfo(out, row.bytes);
	spool_read(build->rows, out->data + out->len, row.bytes);
	out->len += row.bytes;
	SET_VARSIZE(out->data, out->len);
	return (bytea *) out->data;
}

/*
 * Rows are sorted as tuples of one column: what a sort of plain datums takes
 * is not counted by version 18, so that it would not keep to its memory.
 */
static Tuplesortstate *
sort_rows(PostingBuild *build, TupleDesc columns)
{
	AttrNumber key = 1;
	Oid less = lookup_type_cache(BYTEAOID, TYPECACHE_LT_OPR)->lt_opr;
	Tuplesortstate *sort =
		tuplesort_begin_heap(columns, 1, &key, &less, &(Oid){InvalidOid}, &(bool){false},
							 (int) Min(build->sort_memory, INT_MAX), NULL, SORT_READ_ONCE);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(columns, &TTSOpsVirtual);

	slot->tts_isnull[0] = false;
	spool_rewind(build->rows);
	for (uint64 i = 0; i < build->row_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ExecClearTuple(slot);
		slot->tts_values[0] = PointerGetDatum(sortable_row(build));
		ExecStoreVirtualTuple(slot);
		tuplesort_puttupleslot(sort, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	spool_end(build->rows);
	tuplesort_performsort(sort);
	return sort;
}

/* Puts a sorted row together again. */
static void
restore_row(Datum sorted, PostingRow *row, ItemPointerData *tid)
{
	const char *at =
		VARDATA_ANY(DatumGetPointer(sorted)) + SORT_TERMS * sizeof(uint32) + sizeof(uint64);
	SpooledRow header;

	memcpy(&header, at, sizeof(header));
	at += sizeof(header);
	*tid = header.tid;
	row->count = header.count;
	row->bytes = header.bytes;
	row->term = palloc_extended((Size) header.count * sizeof(uint32) + 1, MCXT_ALLOC_HUGE);
	memcpy(row->term, at, (Size) header.count * sizeof(uint32));
	at += (Size) header.count * sizeof(uint32);
	row->payload = palloc_extended((Size) header.bytes + 1, MCXT_ALLOC_HUGE);
	memcpy(row->payload, at, header.bytes);
}

/* Lists */

/* Sorts what is pending by term; windows ascend already. */
static PendingEntry *
sort_pending(PostingBuild *build, uint32 *count)
{
	PendingEntry *sorted =
		palloc_extended((build->pending_count + 1) * sizeof(PendingEntry), MCXT_ALLOC_HUGE);
	Size *next = palloc_extended(((Size) build->term_count + 1) * sizeof(Size), MCXT_ALLOC_HUGE);
	Size before = 0;

	memset(count, 0, (Size) build->term_count * sizeof(uint32));
	for (Size i = 0; i < build->pending_count; i++)
		count[build->pending[i].term]++;
	for (uint32 t = 0; t < build->term_count; t++)
	{
		next[t] = before;
		before += count[t];
	}
	for (Size i = 0; i < build->pending_count; i++)
		sorted[next[build->pending[i].term]++] = build->pending[i];
	pfree(next);
	return sorted;
}

/* What is pending becomes a run. */
static void
write_run(PostingBuild *build)
{
	MemoryContext caller = MemoryContextSwitchTo(build->memory);
	EntryRun *run;
	PendingEntry *sorted;

	build->run = build->run == NULL
		? palloc(sizeof(EntryRun))
		: repalloc(build->run, (build->run_count + 1) * sizeof(EntryRun));
	run = &build->run[build->run_count++];
	run->spool = spool_begin();
	run->count = palloc_extended(((Size) build->term_count + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	sorted = sort_pending(build, run->count);
	for (Size i = 0; i < build->pending_count; i++)
		spool_write(run->spool, &sorted[i].entry, sizeof(ListEntry));
	spool_rewind(run->spool);
	pfree(sorted);
	build->pending_count = 0;
	MemoryContextSwitchTo(caller);
}

/* An entry of a term for a window: the best values of all its rows. */
static void
add_entry(PostingBuild *build, uint32 term, const ListEntry *entry, PendingEntry **of_term,
		  uint32 *touched, uint32 *touched_count)
{
	PendingEntry *own = of_term[term];

	if (own == NULL)
	{
		touched[(*touched_count)++] = term;
		own = of_term[term] = palloc0(sizeof(PendingEntry));
		own->term = term;
		own->entry.window = entry->window;
	}
	for (int f = 0; f < build->kind->fields; f++)
		own->entry.field[f] = Max(own->entry.field[f], entry->field[f]);
}

static void
keep_entry(PostingBuild *build, const PendingEntry *entry)
{
	if (build->pending_count == build->pending_limit)
		write_run(build);
	if (build->pending_count == build->pending_size)
	{
		build->pending_size = Min(2 * build->pending_size, build->pending_limit);
		build->pending = repalloc_huge(build->pending, build->pending_size * sizeof(PendingEntry));
	}
	build->pending[build->pending_count++] = *entry;
}

/* Adds a window's terms to the lists; returns its flags. */
static uint32
list_window(PostingBuild *build, const PostingRow *row, uint32 rows, uint32 window,
			PendingEntry **of_term)
{
	uint64 entries = 0;
	uint32 *touched;
	uint32 touched_count = 0;
	uint32 flags = 0;

	for (uint32 i = 0; i < rows; i++)
		entries += row[i].count;
	touched = palloc_extended((entries + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < rows; i++)
	{
		ListEntry *entry =
			palloc_extended(((Size) row[i].count + 1) * sizeof(ListEntry), MCXT_ALLOC_HUGE);

		flags |= build->kind->fields_of(&row[i], entry);
		for (uint32 t = 0; t < row[i].count; t++)
		{
			entry[t].window = window;
			add_entry(build, row[i].term[t], &entry[t], of_term, touched, &touched_count);
		}
		pfree(entry);
	}
	for (uint32 i = 0; i < touched_count; i++)
	{
		keep_entry(build, of_term[touched[i]]);
		of_term[touched[i]] = NULL;
	}
	return flags;
}

static void
write_window(PostingBuild *build, SegmentWriter *writer, const PostingRow *row, uint32 rows,
			 uint32 window, PendingEntry **of_term, uint64 *offset)
{
	WindowRecord record = {.offset = *offset};
	Size size;
	char *bytes = build->kind->pack(row, rows, &size);

	if (size > PG_UINT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("values of index \"%s\" are too large for windows of %u rows",
						RelationGetRelationName(build->index), build->window_rows),
				 errhint("Set window_rows to a smaller number.")));
	record.bytes = (uint32) size;
	record.flags = list_window(build, row, rows, window, of_term);
	area_write(writer, AREA_VALUES, bytes, size);
	area_write(writer, AREA_WINDOWS, &record, sizeof(record));
	*offset += size;
}

/* Writes rows and windows; returns the number of windows. */
static uint32
write_windows(PostingBuild *build, Tuplesortstate *sort, TupleTableSlot *sorted,
			  SegmentWriter *writer)
{
	PostingRow *row = palloc(build->window_rows * sizeof(PostingRow));
	PendingEntry **of_term =
		palloc_extended(((Size) build->term_count + 1) * sizeof(PendingEntry *),
						MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	uint64 offset = 0;
	uint32 windows = 0;
	uint32 rows = 0;

	for (uint64 i = 0; i < build->row_count; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(build->scratch);
		ItemPointerData tid;
		bool null;

		if (!tuplesort_gettupleslot(sort, true, false, sorted, NULL))
			elog(ERROR, "the sort of rows ends early");
		restore_row(slot_getattr(sorted, 1, &null), &row[rows++], &tid);
		area_write(writer, AREA_ROWS, &tid, sizeof(tid));
		if (rows == build->window_rows || i + 1 == build->row_count)
		{
			CHECK_FOR_INTERRUPTS();
			write_window(build, writer, row, rows, windows++, of_term, &offset);
			segment_writer_show_rows(i + 1);
			MemoryContextReset(build->scratch);
			rows = 0;
		}
		MemoryContextSwitchTo(caller);
	}
	return windows;
}

/* All entries of a term: first those of the runs, then those in memory. */
static ListEntry *
collect_entries(PostingBuild *build, uint32 term, const PendingEntry *pending, uint32 pending_count,
				uint32 *count)
{
	ListEntry *entry;
	uint32 at = 0;

	*count = pending_count;
	for (uint32 r = 0; r < build->run_count; r++)
		*count += build->run[r].count[term];
	entry = palloc_extended((Size) *count * sizeof(ListEntry) + 1, MCXT_ALLOC_HUGE);
	for (uint32 r = 0; r < build->run_count; r++)
	{
		spool_read(build->run[r].spool, entry + at,
				   (Size) build->run[r].count[term] * sizeof(ListEntry));
		at += build->run[r].count[term];
	}
	for (uint32 i = 0; i < pending_count; i++)
		entry[at++] = pending[i].entry;
	return entry;
}

static void
write_lists(PostingBuild *build, const uint32 *order, SegmentWriter *writer)
{
	uint32 *count =
		palloc_extended(((Size) build->term_count + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	PendingEntry *sorted = sort_pending(build, count);
	const PendingEntry *at = sorted;
	uint64 name_offset = 0;
	uint64 list_offset = 0;

	for (uint32 t = 0; t < build->term_count; t++)
	{
		MemoryContext caller = MemoryContextSwitchTo(build->scratch);
		const BuildTerm *term = &build->term[order[t]];
		TermRecord record = {.hash = term->hash, .rows = term->rows};
		ListEntry *entry = collect_entries(build, t, at, count[t], &record.windows);
		Size bytes;
		uint8 *list = term_list_encode(entry, record.windows, build->kind->fields,
									   build->kind->table_max, &bytes);

		CHECK_FOR_INTERRUPTS();
		record.name_length = term->name_length;
		record.name_offset = name_offset;
		record.list_offset = list_offset;
		record.list_bytes = bytes;
		area_write(writer, AREA_TERMS, &record, sizeof(record));
		area_write(writer, AREA_NAMES, term->name, term->name_length);
		area_write(writer, AREA_LISTS, list, bytes);
		name_offset += term->name_length;
		list_offset += bytes;
		at += count[t];
		MemoryContextSwitchTo(caller);
		MemoryContextReset(build->scratch);
	}
	for (uint32 r = 0; r < build->run_count; r++)
		spool_end(build->run[r].spool);
}

void
posting_finish_build(void *state, SegmentWriter *writer, SegmentRecord *segment)
{
	PostingBuild *build = state;
	uint32 *order = number_terms(build);
	TupleDesc columns = CreateTemplateTupleDesc(1);
	Tuplesortstate *sort;
	TupleTableSlot *sorted;

	TupleDescInitEntry(columns, 1, NULL, BYTEAOID, -1, 0);
	sort = sort_rows(build, columns);
	sorted = MakeSingleTupleTableSlot(columns, &TTSOpsMinimalTuple);
	segment->rows = (uint32) build->row_count;
	posting_window_rows(segment) = build->window_rows;
	posting_windows(segment) = write_windows(build, sort, sorted, writer);
	posting_terms(segment) = build->term_count;
	ExecDropSingleTupleTableSlot(sorted);
	tuplesort_end(sort);
	write_lists(build, order, writer);
}
