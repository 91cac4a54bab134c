/*
 * build.c
 *	  CREATE INDEX and REINDEX, and inserts.
 */
#include "am/am.h"

#include "access/tableam.h"
#include "access/xloginsert.h"
#include "am/builder.h"
#include "am/merge.h"
#include "am/tail.h"
#include "catalog/index.h"
#include "pgstat.h"
#include "utils/backend_progress.h"
#include "utils/memutils.h"

typedef struct BuildState
{
	SegmentBuilder *builder;
	MemoryContext row_memory;
	double rows;
} BuildState;

/* The value as it is stored: not compressed, not moved out; one of varying length has a header of four bytes. */
static const void *
plain_value(Relation index, Datum value)
{
	bool varies = TupleDescAttr(RelationGetDescr(index), 0)->attlen < 0;

	return varies ? (const void *) PG_DETOAST_DATUM(value) : DatumGetPointer(value);
}

static void
show_phase(int64 phase)
{
	pgstat_progress_update_param(PROGRESS_CREATEIDX_SUBPHASE, phase);
}

static void
build_row(Relation index, ItemPointer tid, Datum *values, bool *nulls, bool alive, void *arg)
{
	BuildState *state = arg;
	MemoryContext caller = MemoryContextSwitchTo(state->row_memory);

	if (nulls[0])
		builder_add(state->builder, tid, NULL);
	else
		builder_add(state->builder, tid, plain_value(index, values[0]));
	MemoryContextReset(state->row_memory);
	state->rows++;
	MemoryContextSwitchTo(caller);
}

static void
create_metapage(Relation index)
{
	Buffer buffer = ReadBuffer(index, P_NEW);
	Meta *meta = palloc(sizeof(Meta));

	if (BufferGetBlockNumber(buffer) != META_BLOCK)
		elog(ERROR, "index \"%s\" is not empty", RelationGetRelationName(index));
	ReleaseBuffer(buffer);
	meta_init(meta);
	page_write(index, META_BLOCK, 0, PAGE_META, meta, sizeof(Meta), true);
	pfree(meta);
}

IndexBuildResult *
shortlist_build(Relation heap, Relation index, IndexInfo *info)
{
	IndexBuildResult *result = palloc(sizeof(IndexBuildResult));
	MemoryContext caller = CurrentMemoryContext;
	BuildState state;

	if (RelationGetNumberOfBlocks(index) != 0)
		elog(ERROR, "index \"%s\" already contains data", RelationGetRelationName(index));
	create_metapage(index);
	state.rows = 0;
	state.row_memory = AllocSetContextCreate(caller, "shortlist build row", ALLOCSET_DEFAULT_SIZES);
	state.builder = builder_begin(index, segment_content(index), maintenance_work_mem);

	show_phase(SHORTLIST_PHASE_READ);
	result->heap_tuples =
		table_index_build_scan(heap, index, info, true, true, build_row, &state, NULL);
	show_phase(SHORTLIST_PHASE_WRITE);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_TUPLES_TOTAL, (int64) state.rows);
	/* All pages are logged below, when all is done. */
	if (state.rows > 0)
		segment_add(index, state.builder, false);
	result->index_tuples = state.rows;
	MemoryContextDelete(state.row_memory);

	if (RelationNeedsWAL(index))
		log_newpage_range(index, MAIN_FORKNUM, 0, RelationGetNumberOfBlocks(index), true);
	return result;
}

/* The initial fork of an unlogged index, which a crash puts in its place. */
void
shortlist_build_empty(Relation index)
{
	Buffer buffer = ReadBufferExtended(index, INIT_FORKNUM, P_NEW, RBM_NORMAL, NULL);

	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	START_CRIT_SECTION();
	page_init(BufferGetPage(buffer), 0, PAGE_META, sizeof(Meta));
	meta_init(PageGetMeta(BufferGetPage(buffer)));
	MarkBufferDirty(buffer);
	log_newpage_buffer(buffer, true);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
}

bool
shortlist_insert(Relation index, Datum *values, bool *nulls, ItemPointer tid, Relation heap,
				 IndexUniqueCheck unique, bool unchanged, IndexInfo *info)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist insert", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	bool large = tail_insert(index, tid, nulls[0] ? NULL : plain_value(index, values[0]));

	/* If somebody else is at it, the next insert will see to it. */
	if (large && writer_try_lock(index))
	{
		merge_after_insert(index);
		writer_unlock(index);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
	return false;
}
