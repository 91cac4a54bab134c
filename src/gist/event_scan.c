/*
 * event_scan.c
 *	  What a scan of the GiST index keeps from entry to entry, and what it did.
 */
#include "types/pg.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "gist/event_scan.h"
#include "types/eventpref.h"

typedef struct EventScan
{
	EventScorer scorer;
	Page page; /* of the entry seen last */
	OffsetNumber offset;
} EventScan;

/*
 * Of this session's last ordered scan; a plan that rescans adds up.  A page is
 * counted when the bound of one of its entries is computed, so one where @@
 * lets none through is not.
 */
static struct
{
	int64 pages;
	int64 inner; /* entries of inner pages whose bound was computed */
	int64 rows;	 /* entries of leaf pages, likewise */
} last_scan;

/* GiST goes through the entries of a page in order, and then to another page. */
static bool
is_next_page(const EventScan *scan, const GISTENTRY *entry)
{
	return entry->page != scan->page || entry->offset <= scan->offset;
}

static void
count_entry(const GISTENTRY *entry, bool next_page)
{
	last_scan.pages += next_page;
	if (GistPageIsLeaf(entry->page))
		last_scan.rows++;
	else
		last_scan.inner++;
}

/* As the operators do, whose bits a leaf's cost must have. */
static void
prepare(EventScorer *scorer, const StoredPref *stored)
{
	event_scorer_init(scorer, eventpref_checked(stored));
	event_scorer_skip_far(scorer);
}

const EventScorer *
event_scan_scorer(FunctionCallInfo fcinfo, const GISTENTRY *entry, bool ordered)
{
	EventScan *scan = fcinfo->flinfo->fn_extra;
	const StoredPref *stored = DatumGetStoredPref(PG_GETARG_DATUM(1));

	if (scan == NULL)
	{
		scan = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(EventScan));
		prepare(&scan->scorer, stored);
		fcinfo->flinfo->fn_extra = scan;
		/* By the filter too: it may let through nothing that would be ordered. */
		memset(&last_scan, 0, sizeof(last_scan));
	}
	/* A rescan can bring another preference at the same address, and nothing tells. */
	else if (memcmp(&scan->scorer.pref, &stored->pref, sizeof(EventPref)) != 0)
		prepare(&scan->scorer, stored);
	if (ordered)
		count_entry(entry, is_next_page(scan, entry));
	scan->page = entry->page;
	scan->offset = entry->offset;
	return &scan->scorer;
}

/* event_last_scan(OUT pages, OUT inner_entries, OUT rows) */
PG_FUNCTION_INFO_V1(event_last_scan);
Datum
event_last_scan(PG_FUNCTION_ARGS)
{
	TupleDesc columns;
	Datum values[3];
	bool nulls[3] = {false, false, false};

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(last_scan.pages);
	values[1] = Int64GetDatum(last_scan.inner);
	values[2] = Int64GetDatum(last_scan.rows);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}
