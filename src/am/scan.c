/*
 * scan.c
 *	  Searching: pieces of segments in the order of their bounds, rows in the order of their costs.
 */
#include "am/am.h"

#include "access/htup_details.h"
#include "access/relscan.h"
#include "am/content.h"
#include "am/queue.h"
#include "am/tail.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/tidbitmap.h"
#include "pgstat.h"
#include "utils/float.h"
#include "utils/memutils.h"

/* The search of one segment. */
typedef struct SegmentSearch
{
	SegmentReader reader;
	void *search; /* the content's */
	double best;  /* least cost in what is not opened yet */
} SegmentSearch;

typedef struct ShortlistScan
{
	const SegmentContent *content;
	MemoryContext memory;  /* of the search that is under way */
	MemoryContext scratch; /* emptied after every piece */
	Oid *order_types;
	IndexOrderByDistance *distance;
	IndexTuple no_columns; /* what an index-only scan gets */

	bool has_keys; /* this is not the first scan */
	bool started;
	Meta *meta;
	SegmentSearch *segment; /* of each segment */
	RowQueue queue;
	bool nothing;		 /* a key that is NULL: no row passes */
	bool unordered;		 /* all rows cost the same: no ORDER BY, or by NULL */
	uint32 null_segment; /* rows that are NULL come last */
	uint32 null_row;
	ItemPointerData *tail_null;
	uint32 tail_null_count;
	uint32 tail_null_size;
	uint32 tail_null_next;
} ShortlistScan;

/* Of this session's last ordered scan; a plan that rescans adds up. */
static struct
{
	int64 segments;
	int64 pieces;
	int64 opened;
	int64 rows;
	int64 tail_rows;
} last_scan;

IndexScanDesc
shortlist_begin_scan(Relation index, int keys, int orders)
{
	IndexScanDesc scan = RelationGetIndexScan(index, keys, orders);
	ShortlistScan *so = palloc0(sizeof(ShortlistScan));

	so->content = segment_content(index);
	so->memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist scan", ALLOCSET_DEFAULT_SIZES);
	so->scratch = AllocSetContextCreate(CurrentMemoryContext, "shortlist scan window",
										ALLOCSET_DEFAULT_SIZES);
	if (orders > 0)
	{
		so->order_types = palloc(orders * sizeof(Oid));
		so->distance = palloc0(orders * sizeof(IndexOrderByDistance));
		for (int i = 0; i < orders; i++)
			so->order_types[i] = FLOAT8OID;
		scan->xs_orderbyvals = palloc0(orders * sizeof(Datum));
		scan->xs_orderbynulls = palloc(orders * sizeof(bool));
		memset(scan->xs_orderbynulls, true, orders * sizeof(bool));
		memset(&last_scan, 0, sizeof(last_scan));
	}
	scan->opaque = so;
	return scan;
}

/*
 * The operators' functions keep what they prepared from scan to scan; they notice
 * that an argument is another one.
 */
static void
copy_keys(ScanKey to, ScanKey from, int count, bool has_keys)
{
	if (from == NULL)
		return;
	for (int i = 0; i < count; i++)
	{
		void *prepared = has_keys ? to[i].sk_func.fn_extra : NULL;

		to[i] = from[i];
		if (has_keys)
			to[i].sk_func.fn_extra = prepared;
	}
}

void
shortlist_rescan(IndexScanDesc scan, ScanKey keys, int key_count, ScanKey orders, int order_count)
{
	ShortlistScan *so = scan->opaque;

	copy_keys(scan->keyData, keys, scan->numberOfKeys, so->has_keys);
	copy_keys(scan->orderByData, orders, scan->numberOfOrderBys, so->has_keys);
	so->has_keys = true;
	MemoryContextReset(so->memory);
	so->started = false;
}

void
shortlist_end_scan(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;

	MemoryContextDelete(so->memory);
	MemoryContextDelete(so->scratch);
	pfree(so);
}

/* Rows: the operators' own functions decide, on the whole value. */

static bool
passes(IndexScanDesc scan, Datum value)
{
	for (int i = 0; i < scan->numberOfKeys; i++)
	{
		ScanKey key = &scan->keyData[i];

		if (!DatumGetBool(FunctionCall2Coll(&key->sk_func, key->sk_collation, value,
											key->sk_argument)))
			return false;
	}
	return true;
}

static double
row_cost(IndexScanDesc scan, Datum value)
{
	const ShortlistScan *so = scan->opaque;
	ScanKey order = scan->orderByData;

	if (so->unordered)
		return 0;
	return DatumGetFloat8(FunctionCall2Coll(&order->sk_func, order->sk_collation, value,
											order->sk_argument));
}

static void
queue_row(ShortlistScan *so, const QueuedRow *row)
{
	MemoryContext caller = MemoryContextSwitchTo(so->memory);

	queue_push(&so->queue, row);
	MemoryContextSwitchTo(caller);
}

/* Queues a row that passes. */
static void
visit_row(IndexScanDesc scan, QueuedRow *row, const void *value)
{
	Datum datum = PointerGetDatum(value);

	last_scan.rows++;
	if (!passes(scan, datum))
		return;
	row->cost = row_cost(scan, datum);
	queue_row(scan->opaque, row);
}

/* The tail is read at the start. */

static void
visit_tail_row(void *state, const ItemPointerData *tid, const void *value)
{
	IndexScanDesc scan = state;
	ShortlistScan *so = scan->opaque;

	last_scan.tail_rows++;
	if (value != NULL)
	{
		QueuedRow row = {.tid = *tid, .segment = QUEUED_TID};

		visit_row(scan, &row, value);
		return;
	}
	if (so->tail_null_count == so->tail_null_size)
	{
		so->tail_null_size = so->tail_null_size == 0 ? 64 : 2 * so->tail_null_size;
		so->tail_null = so->tail_null == NULL
			? MemoryContextAlloc(so->memory, so->tail_null_size * sizeof(ItemPointerData))
			: repalloc_huge(so->tail_null, (Size) so->tail_null_size * sizeof(ItemPointerData));
	}
	so->tail_null[so->tail_null_count++] = *tid;
}

static void
visit_tails(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;
	MemoryContext caller = MemoryContextSwitchTo(so->scratch);

	tail_visit(scan->indexRelation, &so->meta->sealed, visit_tail_row, scan);
	tail_visit(scan->indexRelation, &so->meta->open, visit_tail_row, scan);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(so->scratch);
}

/* Segments */

/* Where the rows of a piece go. */
typedef struct PieceSink
{
	IndexScanDesc scan;
	uint32 segment;
} PieceSink;

static void
sink_value(void *state, uint32 number, const void *value)
{
	const PieceSink *sink = state;
	QueuedRow row = {.segment = sink->segment, .row = number};

	visit_row(sink->scan, &row, value);
}

static void
sink_scored(void *state, uint32 number, double cost)
{
	const PieceSink *sink = state;
	QueuedRow row = {.cost = cost, .segment = sink->segment, .row = number};

	last_scan.rows++;
	queue_row(sink->scan->opaque, &row);
}

static void
open_piece(IndexScanDesc scan, uint32 number)
{
	ShortlistScan *so = scan->opaque;
	SegmentSearch *segment = &so->segment[number];
	PieceSink state = {scan, number};
	RowSink sink = {&state, sink_value, sink_scored};
	MemoryContext caller = MemoryContextSwitchTo(so->scratch);

	CHECK_FOR_INTERRUPTS();
	so->content->open_next(segment->search, &sink);
	segment->best = so->content->best_cost(segment->search);
	last_scan.opened++;
	MemoryContextSwitchTo(caller);
	MemoryContextReset(so->scratch);
}

static void
begin_segments(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;
	void *prepared = so->content->prepare(so->unordered ? NULL : scan->orderByData, scan->keyData,
										  scan->numberOfKeys);

	so->segment = palloc((so->meta->segment_count + 1) * sizeof(SegmentSearch));
	for (uint32 i = 0; i < so->meta->segment_count; i++)
	{
		SegmentSearch *segment = &so->segment[i];

		segment_open(&segment->reader, scan->indexRelation, &so->meta->segment[i]);
		segment->search = so->content->begin_search(so->content, prepared, &segment->reader);
		segment->best = so->content->best_cost(segment->search);
		last_scan.pieces += so->content->pieces(&so->meta->segment[i]);
	}
	last_scan.segments += so->meta->segment_count;
}

/* The segment with the most promising piece; false if all are opened. */
static bool
best_segment(const ShortlistScan *so, uint32 *best)
{
	double cost = get_float8_infinity();

	*best = 0;
	for (uint32 i = 0; i < so->meta->segment_count; i++)
	{
		if (so->segment[i].best < cost)
		{
			cost = so->segment[i].best;
			*best = i;
		}
	}
	return cost < get_float8_infinity();
}

static void
start(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;
	MemoryContext caller = MemoryContextSwitchTo(so->memory);

	pgstat_count_index_scan(scan->indexRelation);
	so->started = true;
	so->nothing = false;
	so->null_segment = so->null_row = 0;
	so->tail_null = NULL;
	so->tail_null_count = so->tail_null_size = so->tail_null_next = 0;
	for (int i = 0; i < scan->numberOfKeys; i++)
		so->nothing |= (scan->keyData[i].sk_flags & SK_ISNULL) != 0;
	so->unordered = scan->numberOfOrderBys == 0 || (scan->orderByData->sk_flags & SK_ISNULL) != 0;
	if (!so->nothing)
	{
		queue_init(&so->queue);
		so->meta = meta_read(scan->indexRelation);
		begin_segments(scan);
		visit_tails(scan);
	}
	MemoryContextSwitchTo(caller);
}

/* What the executor is told of the order; it evaluates the operators itself. */
static void
report_costs(IndexScanDesc scan, bool null_row, double cost)
{
	ShortlistScan *so = scan->opaque;

	if (scan->numberOfOrderBys == 0)
		return;
	for (int i = 0; i < scan->numberOfOrderBys; i++)
	{
		so->distance[i].isnull = null_row;
		so->distance[i].value = -get_float8_infinity();
	}
	so->distance[0].value = cost;
	so->distance[0].isnull |= so->unordered;
	index_store_float8_orderby_distances(scan, so->order_types, so->distance, true);
}

/*
 * The planner takes an index-only scan where a query needs no column at all,
 * as for count(*).  It gets a row of NULLs.
 */
static void
report_no_columns(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;

	if (!scan->xs_want_itup)
		return;
	if (so->no_columns == NULL)
	{
		MemoryContext caller = MemoryContextSwitchTo(GetMemoryChunkContext(so));
		Datum value = 0;
		bool null = true;

		scan->xs_itupdesc = RelationGetDescr(scan->indexRelation);
		so->no_columns = index_form_tuple(scan->xs_itupdesc, &value, &null);
		MemoryContextSwitchTo(caller);
	}
	scan->xs_itup = so->no_columns;
}

/* The row pointer; false if the row was deleted. */
static bool
read_pointer(const ShortlistScan *so, uint32 segment, uint32 row, ItemPointerData *tid)
{
	segment_pointers(&so->segment[segment].reader, row, 1, tid);
	return ItemPointerIsValid(tid);
}

static bool
next_scored(IndexScanDesc scan, ItemPointerData *tid, double *cost)
{
	ShortlistScan *so = scan->opaque;

	for (;;)
	{
		uint32 segment;
		bool more = best_segment(so, &segment);
		QueuedRow row;

		if (so->queue.count > 0 && (!more || so->queue.row[0].cost <= so->segment[segment].best))
		{
			row = queue_pop(&so->queue);
			*tid = row.tid;
			*cost = row.cost;
			if (row.segment == QUEUED_TID || read_pointer(so, row.segment, row.row, tid))
				return true;
			continue;
		}
		if (!more)
			return false;
		open_piece(scan, segment);
	}
}

/* Rows that are NULL: no operator finds them, but they belong to the order. */
static bool
next_null(IndexScanDesc scan, ItemPointerData *tid)
{
	ShortlistScan *so = scan->opaque;

	if (scan->numberOfKeys > 0)
		return false;
	if (so->tail_null_next < so->tail_null_count)
	{
		*tid = so->tail_null[so->tail_null_next++];
		return true;
	}
	while (so->null_segment < so->meta->segment_count)
	{
		const SegmentRecord *segment = &so->meta->segment[so->null_segment];

		while (so->null_row < segment->null_rows)
		{
			if (read_pointer(so, so->null_segment, segment->rows + so->null_row++, tid))
				return true;
		}
		so->null_segment++;
		so->null_row = 0;
	}
	return false;
}

bool
shortlist_get_tuple(IndexScanDesc scan, ScanDirection direction)
{
	ShortlistScan *so = scan->opaque;
	double cost;

	if (!ScanDirectionIsForward(direction))
		elog(ERROR, "a shortlist index is read forward only");
	if (!so->started)
		start(scan);
	if (so->nothing)
		return false;
	scan->xs_recheck = false;
	report_no_columns(scan);
	if (next_scored(scan, &scan->xs_heaptid, &cost))
	{
		report_costs(scan, false, cost);
		return true;
	}
	if (next_null(scan, &scan->xs_heaptid))
	{
		report_costs(scan, true, 0);
		return true;
	}
	return false;
}

int64
shortlist_get_bitmap(IndexScanDesc scan, TIDBitmap *bitmap)
{
	ShortlistScan *so = scan->opaque;
	ItemPointerData tid;
	double cost;
	int64 rows = 0;

	start(scan);
	if (so->nothing)
		return 0;
	while (next_scored(scan, &tid, &cost))
	{
		tbm_add_tuples(bitmap, &tid, 1, false);
		rows++;
	}
	while (next_null(scan, &tid))
	{
		tbm_add_tuples(bitmap, &tid, 1, false);
		rows++;
	}
	return rows;
}

/* shortlist_last_scan(OUT segments, OUT windows, OUT opened, OUT rows, OUT tail_rows) */
PG_FUNCTION_INFO_V1(shortlist_last_scan);
Datum
shortlist_last_scan(PG_FUNCTION_ARGS)
{
	TupleDesc columns;
	Datum values[5];
	bool nulls[5] = {false, false, false, false, false};

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(last_scan.segments);
	values[1] = Int64GetDatum(last_scan.pieces);
	values[2] = Int64GetDatum(last_scan.opened);
	values[3] = Int64GetDatum(last_scan.rows);
	values[4] = Int64GetDatum(last_scan.tail_rows);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}
