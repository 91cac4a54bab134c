/*
 * handler.c
 *	  The access method's table of functions, and its options.
 */
#include "am/am.h"

#include "access/reloptions.h"
#include "am/content.h"
#include "am/skill_content.h"

static relopt_kind option_kind;

void
shortlist_am_init(void)
{
	option_kind = add_reloption_kind();
	add_int_reloption(option_kind, "window_rows",
					  "Rows that are bounded together; 0 leaves it to the operator class",
					  WINDOW_ROWS_AUTO, WINDOW_ROWS_MIN, WINDOW_ROWS_MAX, AccessExclusiveLock);
	add_int_reloption(option_kind, "tail_size",
					  "Size of inserted rows, in kB, from which they become a segment; 0 leaves it to "
					  "the operator class",
					  TAIL_SIZE_AUTO, TAIL_SIZE_MIN, TAIL_SIZE_MAX, AccessExclusiveLock);
}

static bytea *
shortlist_options(Datum reloptions, bool validate)
{
	/* By names: version 18 knows a field more. */
	static const relopt_parse_elt options[] = {
		{.optname = "window_rows",
		 .opttype = RELOPT_TYPE_INT,
		 .offset = offsetof(ShortlistOptions, window_rows)},
		{.optname = "tail_size",
		 .opttype = RELOPT_TYPE_INT,
		 .offset = offsetof(ShortlistOptions, tail_size)},
	};

	return build_reloptions(reloptions, validate, option_kind, sizeof(ShortlistOptions), options,
							lengthof(options));
}

const SegmentContent *
segment_content(Relation index)
{
	FmgrInfo *support = index_getprocinfo(index, 1, 1);

	return (const SegmentContent *) DatumGetPointer(FunctionCall1(support, PointerGetDatum(NULL)));
}

static char *
shortlist_build_phase(int64 phase)
{
	switch (phase)
	{
		case PROGRESS_CREATEIDX_SUBPHASE_INITIALIZE:
			return "initializing";
		case SHORTLIST_PHASE_READ:
			return "reading rows";
		case SHORTLIST_PHASE_WRITE:
			return "writing segment";
		default:
			return NULL;
	}
}

PG_FUNCTION_INFO_V1(shortlist_handler);
Datum
shortlist_handler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = makeNode(IndexAmRoutine);

	am->amstrategies = SHORTLIST_STRATEGIES;
	am->amsupport = 1;
	am->amcanorderbyop = true;
	am->amoptionalkey = true;
	am->amparallelvacuumoptions = VACUUM_OPTION_PARALLEL_BULKDEL;
	am->amkeytype = InvalidOid;

	am->ambuild = shortlist_build;
	am->ambuildempty = shortlist_build_empty;
	am->aminsert = shortlist_insert;
	am->ambulkdelete = shortlist_bulk_delete;
	am->amvacuumcleanup = shortlist_vacuum_cleanup;
	am->amcostestimate = shortlist_cost;
	am->amoptions = shortlist_options;
	am->ambuildphasename = shortlist_build_phase;
	am->amvalidate = shortlist_validate;
	am->ambeginscan = shortlist_begin_scan;
	am->amrescan = shortlist_rescan;
	am->amgettuple = shortlist_get_tuple;
	am->amgetbitmap = shortlist_get_bitmap;
	am->amendscan = shortlist_end_scan;
	PG_RETURN_POINTER(am);
}
