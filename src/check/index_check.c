/*
 * index_check.c
 *	  What checking an index takes, whatever kind it is.
 *
 * Entries and rows are sorted by the place of the row, and merged.  amcheck
 * puts the entries into a Bloom filter instead, which is quicker, but misses
 * some rows, cannot tell a row that is lost from one whose entry is wrong, and
 * knows nothing of entries without a row.
 */
#include "check/index_check.h"

#include <stdarg.h>

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/index.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "executor/tuptable.h"
#include "storage/bufmgr.h"
#include "types/damage.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/typcache.h"

uint64
check_fingerprint(const void *bytes, Size size)
{
	return hash_bytes_extended(bytes, (int) size, 1);
}

void
check_failed(const IndexCheck *check, BlockNumber block, const char *cause, ...)
{
	StringInfoData detail;

	initStringInfo(&detail);
	for (;;)
	{
		va_list arguments;
		int needed;

		va_start(arguments, cause);
		needed = appendStringInfoVA(&detail, cause, arguments);
		va_end(arguments);
		if (needed == 0)
			break;
		enlargeStringInfo(&detail, needed);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is corrupted at block %u", RelationGetRelationName(check->index),
					block),
			 errdetail_internal("%s", detail.data), errhint_reindex(check->index)));
}

void
check_at(IndexCheck *check, BlockNumber block)
{
	CHECK_FOR_INTERRUPTS();
	check->block = block;
}

static const char *
use_name(BlockUse use)
{
	switch (use)
	{
		case BLOCK_LOST:
			return "unused block";
		case BLOCK_META:
			return "metapage";
		case BLOCK_FREE:
			return "free block";
		case BLOCK_SEGMENT:
			return "page of a segment";
		case BLOCK_TAIL:
			return "page of the tail";
		case BLOCK_LONG_VALUE:
			return "page of a long value";
		case BLOCK_TREE:
			return "page of the tree";
	}
	return "?";
}

void
check_claim(IndexCheck *check, BlockNumber from, BlockNumber first, uint32 count, BlockUse use)
{
	if (first >= check->blocks || count > check->blocks - first)
		check_failed(check, from,
					 "It refers to %u blocks from block %u on (%s), but the index has %u.", count,
					 first, use_name(use), check->blocks);
	for (BlockNumber block = first; block < first + count; block++)
	{
		if (check->use[block] != BLOCK_LOST)
			check_failed(check, block, "It is used twice, as a %s and as a %s.",
						 use_name(check->use[block]), use_name(use));
		check->use[block] = use;
	}
}

void
check_read(IndexCheck *check, BlockNumber block, PGAlignedBlock *copy)
{
	Buffer buffer;

	check_at(check, block);
	buffer = ReadBuffer(check->index, block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	memcpy(copy->data, BufferGetPage(buffer), BLCKSZ);
	UnlockReleaseBuffer(buffer);
}

/* A splitmix64 (Steele, Lea, Flood 2014): small, and the same everywhere. */
uint32
check_random(IndexCheck *check, uint32 limit)
{
	uint64 x = check->random += UINT64CONST(0x9E3779B97F4A7C15);

	x = (x ^ (x >> 30)) * UINT64CONST(0xBF58476D1CE4E5B9);
	x = (x ^ (x >> 27)) * UINT64CONST(0x94D049BB133111EB);
	x ^= x >> 31;
	return (uint32) (((x >> 32) * limit) >> 32);
}

/* Entries and rows */

/* What is sorted of both: the place of the row, the fingerprint, and of entries their block. */
enum
{
	COLUMN_PLACE,
	COLUMN_FINGERPRINT,
	COLUMN_BLOCK,
	COLUMNS
};

static Tuplesortstate *
begin_sort(TupleDesc columns)
{
	AttrNumber keys[] = {COLUMN_PLACE + 1};
	Oid less[] = {Int8LessOperator};
	Oid collations[] = {InvalidOid};
	bool nulls_first[] = {false};

	return tuplesort_begin_heap(columns, lengthof(keys), keys, less, collations, nulls_first,
								Max(64, maintenance_work_mem / 2), NULL, SORT_READ_ONCE);
}

IndexCheck *
check_begin(Relation heap, Relation index)
{
	IndexCheck *check = palloc0(sizeof(IndexCheck));
	TupleDesc columns = CreateTemplateTupleDesc(COLUMNS);

	check->heap = heap;
	check->index = index;
	check->blocks = RelationGetNumberOfBlocks(index);
	check->heap_blocks = RelationGetNumberOfBlocks(heap);
	check->block = InvalidBlockNumber;
	check->use = palloc_extended((Size) check->blocks + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int column = 0; column < COLUMNS; column++)
		TupleDescInitEntry(columns, (AttrNumber) (column + 1), NULL, INT8OID, -1, 0);
	check->slot = MakeSingleTupleTableSlot(columns, &TTSOpsVirtual);
	check->entries = begin_sort(columns);
	check->rows = begin_sort(columns);
	return check;
}

static void
put(IndexCheck *check, Tuplesortstate *sort, const ItemPointerData *tid, uint64 fingerprint,
	BlockNumber block)
{
	TupleTableSlot *slot = check->slot;

	ExecClearTuple(slot);
	slot->tts_values[COLUMN_PLACE] =
		Int64GetDatum(((int64) ItemPointerGetBlockNumberNoCheck(tid) << 16) |
					  ItemPointerGetOffsetNumberNoCheck(tid));
	slot->tts_values[COLUMN_FINGERPRINT] = Int64GetDatum((int64) fingerprint);
	slot->tts_values[COLUMN_BLOCK] = Int64GetDatum((int64) block);
	memset(slot->tts_isnull, 0, COLUMNS * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	tuplesort_puttupleslot(sort, slot);
}

void
check_entry(IndexCheck *check, BlockNumber block, const ItemPointerData *tid, uint64 fingerprint)
{
	if (!ItemPointerIsValid(tid) || ItemPointerGetBlockNumberNoCheck(tid) >= check->heap_blocks)
		check_failed(check, block, "An entry points to row (%u,%u), but the table has %u blocks.",
					 ItemPointerGetBlockNumberNoCheck(tid), ItemPointerGetOffsetNumberNoCheck(tid),
					 check->heap_blocks);
	put(check, check->entries, tid, fingerprint, block);
	check->entry_count++;
}

static void
put_row(Relation index, ItemPointer tid, Datum *values, bool *nulls, bool alive, void *state)
{
	IndexCheck *check = state;

	CHECK_FOR_INTERRUPTS();
	put(check, check->rows, tid, check->fingerprint(check, values, nulls), InvalidBlockNumber);
	check->row_count++;
}

/*
 * Sorts the rows that a new snapshot sees and that the index is to have.
 * Nobody writes (see shortlist_check.c), so the index has an entry for each.
 */
static void
read_rows(IndexCheck *check)
{
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	TableScanDesc scan = table_beginscan_strat(check->heap, snapshot, 0, NULL, true, true);
	IndexInfo *info = BuildIndexInfo(check->index);

	/* With a snapshot the scan must be that of a concurrent build; uniqueness is not its business. */
	info->ii_Concurrent = true;
	info->ii_Unique = false;
	info->ii_ExclusionOps = NULL;
	info->ii_ExclusionProcs = NULL;
	info->ii_ExclusionStrats = NULL;
	table_index_build_scan(check->heap, check->index, info, true, false, put_row, check, scan);
	UnregisterSnapshot(snapshot);
}

/* The next of a sort. */
typedef struct Sorted
{
	Tuplesortstate *sort;
	TupleTableSlot *slot;
	bool more;
	int64 place;
	uint64 fingerprint;
	BlockNumber block;
} Sorted;

static void
advance(Sorted *sorted)
{
	bool null;

	CHECK_FOR_INTERRUPTS();
	sorted->more = tuplesort_gettupleslot(sorted->sort, true, false, sorted->slot, NULL);
	if (!sorted->more)
		return;
	sorted->place = DatumGetInt64(slot_getattr(sorted->slot, COLUMN_PLACE + 1, &null));
	sorted->fingerprint =
		(uint64) DatumGetInt64(slot_getattr(sorted->slot, COLUMN_FINGERPRINT + 1, &null));
	sorted->block =
		(BlockNumber) DatumGetInt64(slot_getattr(sorted->slot, COLUMN_BLOCK + 1, &null));
}

static void
begin_sorted(const IndexCheck *check, Sorted *sorted, Tuplesortstate *sort)
{
	tuplesort_performsort(sort);
	sorted->sort = sort;
	sorted->slot = MakeSingleTupleTableSlot(check->slot->tts_tupleDescriptor, &TTSOpsMinimalTuple);
	advance(sorted);
}

static void
end_sorted(Sorted *sorted)
{
	ExecDropSingleTupleTableSlot(sorted->slot);
	tuplesort_end(sorted->sort);
}

#define PLACE_BLOCK(place) ((BlockNumber) ((place) >> 16))
#define PLACE_OFFSET(place) ((OffsetNumber) ((place) &0xFFFF))

/*
 * A row that the snapshot does not see may be dead, but as long as the index
 * has an entry for it, vacuum has not given its line pointer away.
 */
static void
check_line_pointer(const IndexCheck *check, const Sorted *entry)
{
	BlockNumber block = PLACE_BLOCK(entry->place);
	OffsetNumber offset = PLACE_OFFSET(entry->place);
	const char *flaw = NULL;
	Buffer buffer;
	Page page;

	/* Only of the heap is it known how places are kept. */
	if (check->heap->rd_tableam != GetHeapamTableAmRoutine())
		return;
	buffer = ReadBuffer(check->heap, block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	if (PageIsNew(page) || offset > PageGetMaxOffsetNumber(page))
		flaw = "which its page does not have";
	else if (!ItemIdIsUsed(PageGetItemId(page, offset)))
		flaw = "which is free";
	else if (ItemIdIsNormal(PageGetItemId(page, offset)) &&
			 HeapTupleHeaderIsHeapOnly((HeapTupleHeader) PageGetItem(page,
																	 PageGetItemId(page, offset))))
		flaw = "which only rows of its own page point to";
	UnlockReleaseBuffer(buffer);
	if (flaw != NULL)
		check_failed(check, entry->block, "An entry points to row (%u,%u), %s.", block, offset,
					 flaw);
}

static void
report_lost_row(const IndexCheck *check, int64 place)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" has no entry for a row of block %u of table \"%s\"",
					RelationGetRelationName(check->index), PLACE_BLOCK(place),
					RelationGetRelationName(check->heap)),
			 errdetail("The row is (%u,%u).", PLACE_BLOCK(place), PLACE_OFFSET(place)),
			 errhint_reindex(check->index)));
}

/* Entries are unique; each has its row, as far as rows were read, and each row its entry. */
static void
merge(const IndexCheck *check, Sorted *entry, Sorted *row, bool heap)
{
	int64 last = -1;

	while (entry->more)
	{
		if (entry->place == last)
			check_failed(check, entry->block, "It has the second entry for row (%u,%u).",
						 PLACE_BLOCK(last), PLACE_OFFSET(last));
		last = entry->place;
		if (row->more && row->place < entry->place)
			report_lost_row(check, row->place);
		if (row->more && row->place == entry->place)
		{
			if (row->fingerprint != entry->fingerprint)
				check_failed(check, entry->block,
							 "Its entry for row (%u,%u) is not what the row holds.",
							 PLACE_BLOCK(last), PLACE_OFFSET(last));
			advance(row);
		}
		else if (heap)
			check_line_pointer(check, entry);
		advance(entry);
	}
	if (row->more)
		report_lost_row(check, row->place);
}

void
check_entries(IndexCheck *check, bool heap)
{
	Sorted entry, row;

	check->block = InvalidBlockNumber;
	if (heap)
		read_rows(check);
	begin_sorted(check, &entry, check->entries);
	begin_sorted(check, &row, check->rows);
	merge(check, &entry, &row, heap);
	end_sorted(&entry);
	end_sorted(&row);
}
