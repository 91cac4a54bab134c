/*
 * event_content.c
 *	  Segments of events: ordered by a preference, filtered by @@.
 */
#include "am/event_content.h"

#include "am/skill_content.h"
#include "types/eventpref.h"
#include "utils/float.h"
#include "utils/memutils.h"

/* What is asked: an order, and any number of filters. */
typedef struct EventQuery
{
	bool ordered;
	EventScorer scorer;
	EventBatch order;
	int filters;
	EventScorer *filter_scorer;
	EventBatch *filter;
} EventQuery;

typedef struct EventSegmentSearch
{
	const EventQuery *query;
	const SegmentReader *segment;
	MemoryContext memory; /* of what the search keeps */
	EventTreeReader reader;
	EventSearch search;
} EventSegmentSearch;

void *
event_resize(void *memory, size_t size)
{
	if (memory == NULL)
		return palloc_extended(size, MCXT_ALLOC_HUGE);
	if (size > 0)
		return repalloc_huge(memory, size);
	pfree(memory);
	return NULL;
}

static void
read_area(void *state, EventArea area, uint64_t at, size_t size, void *out)
{
	segment_read(state, event_area(area), at, size, out);
}

void
event_reader_init(EventTreeReader *reader, const SegmentReader *segment)
{
	event_tree_shape(&reader->shape, segment->segment->rows, PAGE_ROOM);
	reader->read = read_area;
	reader->state = unconstify(SegmentReader *, segment);
}

/* As the operators prepare it, so that scores are theirs. */
static void
prepare_scorer(EventScorer *scorer, EventBatch *batch, Datum argument)
{
	event_scorer_init(scorer, DatumGetEventPref(argument));
	event_scorer_skip_far(scorer);
	event_batch_init(batch, scorer);
}

static void *
prepare_event_search(ScanKey order, ScanKey filters, int filter_count)
{
	EventQuery *query = palloc0(sizeof(EventQuery));

	query->ordered = order != NULL;
	if (query->ordered)
		prepare_scorer(&query->scorer, &query->order, order->sk_argument);
	query->filters = filter_count;
	query->filter_scorer = palloc(filter_count * sizeof(EventScorer) + 1);
	query->filter = palloc(filter_count * sizeof(EventBatch) + 1);
	for (int f = 0; f < filter_count; f++)
	{
		if (filters[f].sk_strategy != SHORTLIST_STRATEGY_QUALIFIES)
			elog(ERROR, "events are not filtered by strategy %d", filters[f].sk_strategy);
		prepare_scorer(&query->filter_scorer[f], &query->filter[f], filters[f].sk_argument);
	}
	return query;
}

static void
damaged(const SegmentReader *segment)
{
	segment_damaged(segment, "A node or a block of events does not make sense.");
}

static void *
begin_event_search(const SegmentContent *content, void *prepared, const SegmentReader *segment)
{
	EventSegmentSearch *search = palloc(sizeof(EventSegmentSearch));

	search->query = prepared;
	search->segment = segment;
	search->memory = CurrentMemoryContext;
	event_reader_init(&search->reader, segment);
	if (!event_search_begin(&search->search, &search->reader,
							search->query->ordered ? &search->query->order : NULL,
							search->query->filter, search->query->filters, event_resize))
		damaged(segment);
	return search;
}

static double
best_event_cost(void *state)
{
	const EventSegmentSearch *search = state;
	double bound = event_search_peek(&search->search);

	if (bound < 0)
		return get_float8_infinity();
	return search->query->ordered ? 1 - bound : 0;
}

typedef struct EventSink
{
	const RowSink *rows;
	bool ordered;
} EventSink;

static void
pass_on(void *state, uint64_t row, const EventFacts *facts, double score)
{
	const EventSink *sink = state;

	sink->rows->scored(sink->rows->state, (uint32) row, sink->ordered ? 1 - score : 0);
}

static void
open_next_events(void *state, const RowSink *rows)
{
	EventSegmentSearch *search = state;
	EventSink sink = {rows, search->query->ordered};
	MemoryContext caller = MemoryContextSwitchTo(search->memory);

	if (!event_search_open_next(&search->search, pass_on, &sink))
		damaged(search->segment);
	MemoryContextSwitchTo(caller);
}

static uint32
event_pieces(const SegmentRecord *segment)
{
	return (uint32) (((uint64) segment->rows + EVENT_LANES - 1) / EVENT_LANES);
}

/* A search goes down one path of the tree before it opens the first block. */
static void
estimate_event_search(void *prepared, const SegmentReader *segment, SearchEstimate *estimate)
{
	EventTreeShape shape;

	event_tree_shape(&shape, segment->segment->rows, PAGE_ROOM);
	estimate->pages += shape.levels;
	estimate->bounds += shape.levels * EVENT_LANES;
}

static const SegmentContent event_content = {
	.tail_size = 64, /* some 700 events, which take longer to score than a segment to search */
	.begin_build = event_begin_build,
	.add_row = event_add_row,
	.add_segment = event_add_segment,
	.finish_build = event_finish_build,
	.prepare = prepare_event_search,
	.begin_search = begin_event_search,
	.best_cost = best_event_cost,
	.open_next = open_next_events,
	.pieces = event_pieces,
	.check = event_check,
	.flaw = event_flaw,
	.estimate = estimate_event_search,
};

PG_FUNCTION_INFO_V1(shortlist_eventfacts_content);
Datum
shortlist_eventfacts_content(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&event_content);
}
