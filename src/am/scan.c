/*
 * scan.c
 *	  Searching: windows in the order of their bounds, rows in the order of their costs.
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

/*
 * Windows are taken in stages: those above a threshold are gathered and sorted,
 * and when they are used up, those above the next one.  Most are never sorted.
 * Thresholds come from a histogram of every so many-th window.
 */
#define FIRST_STAGE 1024 /* windows that the first stage should have, about */
#define STAGE_GROWTH 8
#define BINS 1024
#define SAMPLE_STEP 16
#define SAMPLE_ALL 4096 /* fewer windows than this are all looked at */

#define RULED_OUT (-1.0)

typedef struct WindowOrder
{
	uint32 windows;
	double *bound;	/* of every window of all segments, or RULED_OUT */
	uint32 *window; /* those of this stage, the best first */
	uint32 count;
	uint32 next;
	double threshold; /* all windows from here up were gathered */
	uint32 stage_size;
} WindowOrder;

typedef struct ShortlistScan
{
	const SegmentContent *content;
	MemoryContext memory;  /* of the search that is under way */
	MemoryContext scratch; /* emptied after every window */
	Oid *order_types;
	IndexOrderByDistance *distance;

	bool has_keys; /* this is not the first scan */
	bool started;
	Meta *meta;
	SegmentReader *reader; /* of each segment */
	uint32 *first_window;  /* of each segment, and one more for the end */
	WindowOrder windows;
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
	int64 windows;
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

/* Queues a row that passes. */
static void
visit_row(IndexScanDesc scan, QueuedRow *row, const struct varlena *value)
{
	ShortlistScan *so = scan->opaque;
	Datum datum = PointerGetDatum(value);

	last_scan.rows++;
	if (passes(scan, datum))
	{
		MemoryContext caller;

		row->cost = row_cost(scan, datum);
		caller = MemoryContextSwitchTo(so->memory);
		queue_push(&so->queue, row);
		MemoryContextSwitchTo(caller);
	}
}

/* The tail is read at the start. */

static void
visit_tail_row(void *state, const ItemPointerData *tid, const struct varlena *value)
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

/* Windows */

static int
compare_bounds(const void *left, const void *right, void *arg)
{
	const double *bound = arg;
	uint32 a = *(const uint32 *) left;
	uint32 b = *(const uint32 *) right;

	if (bound[a] != bound[b])
		return bound[a] > bound[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Above which about as many windows are left as the stage should have. */
static double
next_threshold(const WindowOrder *order)
{
	uint32 step = order->windows < SAMPLE_ALL ? 1 : SAMPLE_STEP;
	uint32 wanted = order->stage_size / step;
	uint32 bin[BINS];
	uint32 found = 0;

	memset(bin, 0, sizeof(bin));
	for (uint32 w = 0; w < order->windows; w += step)
	{
		if (order->bound[w] != RULED_OUT && order->bound[w] < order->threshold)
			bin[(uint32) ((1 - order->bound[w]) * (BINS - 1))]++;
	}
	for (uint32 b = 0; b < BINS - 1; b++)
	{
		double edge = 1 - (b + 1) / (double) (BINS - 1);

		found += bin[b];
		if (found >= wanted && edge < order->threshold)
			return Max(edge, 0);
	}
	return 0;
}

/* Gathers and sorts the windows of the next stage; false if there is none. */
static bool
next_stage(WindowOrder *order)
{
	double upper = order->threshold;
	double lower;

	if (upper <= 0)
		return false;
	lower = next_threshold(order);
	order->threshold = lower;
	order->stage_size *= STAGE_GROWTH;
	order->count = order->next = 0;
	for (uint32 w = 0; w < order->windows; w++)
	{
		if (order->bound[w] >= lower && order->bound[w] < upper)
			order->window[order->count++] = w;
	}
	qsort_arg(order->window, order->count, sizeof(uint32), compare_bounds, order->bound);
	return true;
}

static bool
has_window(WindowOrder *order)
{
	while (order->next == order->count)
	{
		if (!next_stage(order))
			return false;
	}
	return true;
}

static void
start_stages(WindowOrder *order, uint32 windows)
{
	order->windows = windows;
	order->window = palloc_extended(((Size) windows + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	order->count = order->next = 0;
	order->threshold = get_float8_infinity();
	order->stage_size = FIRST_STAGE;
}

static void
apply_filters(IndexScanDesc scan, uint32 segment, void **filter)
{
	ShortlistScan *so = scan->opaque;
	const SegmentReader *reader = &so->reader[segment];
	uint32 windows = reader->segment->windows;
	double *bound = so->windows.bound + so->first_window[segment];
	bool *possible;

	if (scan->numberOfKeys == 0)
		return;
	possible = palloc_extended((Size) windows + 1, MCXT_ALLOC_HUGE);
	memset(possible, true, windows);
	for (int i = 0; i < scan->numberOfKeys; i++)
		so->content->rule_out(filter[i], reader, possible);
	for (uint32 w = 0; w < windows; w++)
	{
		if (!possible[w])
			bound[w] = RULED_OUT;
	}
	pfree(possible);
}

static void
bound_windows(IndexScanDesc scan)
{
	ShortlistScan *so = scan->opaque;
	uint32 segments = so->meta->segment_count;
	void **filter = palloc((scan->numberOfKeys + 1) * sizeof(void *));
	void *order = NULL;

	so->reader = palloc((segments + 1) * sizeof(SegmentReader));
	so->first_window = palloc0((segments + 1) * sizeof(uint32));
	for (uint32 i = 0; i < segments; i++)
	{
		segment_open(&so->reader[i], scan->indexRelation, &so->meta->segment[i],
					 so->content->fields);
		so->first_window[i + 1] = so->first_window[i] + so->meta->segment[i].windows;
	}
	so->windows.bound = palloc_extended(((Size) so->first_window[segments] + 1) * sizeof(double),
										MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < scan->numberOfKeys; i++)
		filter[i] =
			so->content->prepare_filter(scan->keyData[i].sk_strategy, scan->keyData[i].sk_argument);
	if (!so->unordered)
		order = so->content->prepare_order(scan->orderByData->sk_strategy,
										   scan->orderByData->sk_argument);
	for (uint32 i = 0; i < segments; i++)
	{
		if (!so->unordered)
			so->content->bound(order, &so->reader[i], so->windows.bound + so->first_window[i]);
		apply_filters(scan, i, filter);
	}
	last_scan.segments += segments;
	last_scan.windows += so->first_window[segments];
	start_stages(&so->windows, so->first_window[segments]);
}

static uint32
segment_of(const ShortlistScan *so, uint32 window)
{
	uint32 segment = 0;

	while (window >= so->first_window[segment + 1])
		segment++;
	return segment;
}

/* Scores the rows of a window. */
static void
open_window(IndexScanDesc scan, uint32 window)
{
	ShortlistScan *so = scan->opaque;
	uint32 segment = segment_of(so, window);
	const SegmentReader *reader = &so->reader[segment];
	MemoryContext caller = MemoryContextSwitchTo(so->scratch);
	uint32 count;
	QueuedRow row;
	WindowRecord record;
	char *values;
	const char *at;

	CHECK_FOR_INTERRUPTS();
	window -= so->first_window[segment];
	count = window_row_count(reader->segment, window);
	segment_read(reader, AREA_WINDOWS, (uint64) window * sizeof(WindowRecord), sizeof(record),
				 &record);
	values = palloc_extended((Size) record.bytes + 1, MCXT_ALLOC_HUGE);
	segment_read(reader, AREA_VALUES, record.offset, record.bytes, values);
	at = values;
	row.segment = segment;
	row.row = window * reader->segment->window_rows;
	for (uint32 i = 0; i < count; i++, row.row++)
	{
		const struct varlena *value = (const struct varlena *) at;

		visit_row(scan, &row, value);
		at += MAXALIGN(VARSIZE(value));
	}
	last_scan.opened++;
	MemoryContextSwitchTo(caller);
	MemoryContextReset(so->scratch);
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
		bound_windows(scan);
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

/* The row pointer; false if the row was deleted. */
static bool
read_pointer(const ShortlistScan *so, uint32 segment, uint32 row, ItemPointerData *tid)
{
	RowPointer pointer;

	segment_read(&so->reader[segment], AREA_ROWS, (uint64) row * sizeof(RowPointer),
				 sizeof(pointer), &pointer);
	*tid = pointer.tid;
	return ItemPointerIsValid(tid);
}

static bool
next_scored(IndexScanDesc scan, ItemPointerData *tid, double *cost)
{
	ShortlistScan *so = scan->opaque;
	WindowOrder *order = &so->windows;

	for (;;)
	{
		bool more = has_window(order);
		QueuedRow row;

		if (so->queue.count > 0 &&
			(!more || so->queue.row[0].cost <= 1 - order->bound[order->window[order->next]]))
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
		open_window(scan, order->window[order->next++]);
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
			CHECK_FOR_INTERRUPTS();
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
	values[1] = Int64GetDatum(last_scan.windows);
	values[2] = Int64GetDatum(last_scan.opened);
	values[3] = Int64GetDatum(last_scan.rows);
	values[4] = Int64GetDatum(last_scan.tail_rows);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}
