/*
 * event_check.c
 *	  shortlist_check() of segments of events: every row and its score, by every block and node on the way.
 */
#include "am/event_content.h"

#include "check/event_question.h"
#include "types/eventfacts.h"
#include "utils/memutils.h"

#define QUESTIONS 3 /* one for each way to combine */

typedef struct EventSegmentCheck
{
	IndexCheck *check;
	const SegmentReader *segment;
	EventFacts sample; /* an event to ask about */
	/* of the question that is asked */
	const EventScorer *scorer;
	double bound; /* of what was not opened yet */
	uint64 visited;
} EventSegmentCheck;

static BlockNumber
pointer_block(const EventSegmentCheck *c, uint64 row)
{
	return c->segment->start[AREA_ROWS] + (BlockNumber) (row * sizeof(ItemPointerData) / PAGE_ROOM);
}

const char *
event_flaw(const void *value)
{
	const EventFacts *facts = value;

	return facts->version == EVENT_FACTS_VERSION
		? NULL
		: "Its version is not one that this release knows.";
}

static void
hand_over(void *state, uint64_t row, const EventFacts *facts, double score)
{
	EventSegmentCheck *c = state;
	ItemPointerData tid;

	check_at(c->check, pointer_block(c, row));
	segment_pointers(c->segment, (uint32) row, 1, &tid);
	if (ItemPointerIsValid(&tid))
		check_entry(c->check, pointer_block(c, row), &tid,
					check_fingerprint(facts, sizeof(EventFacts)));
	if (row % 97 == 0)
		c->sample = *facts;
	c->visited++;
}

static void
hold_against_bound(void *state, uint64_t row, const EventFacts *facts, double score)
{
	EventSegmentCheck *c = state;
	EventValues values;

	event_values(c->scorer, facts, &values);
	if (event_score(c->scorer, &values, NULL) != score)
		check_failed(c->check, pointer_block(c, row),
					 "A search does not find row %llu by the operator's score.",
					 (unsigned long long) row);
	if (!(score <= c->bound))
		check_failed(c->check, pointer_block(c, row),
					 "A bound says %.17g, but row %llu below it scores %.17g.", c->bound,
					 (unsigned long long) row, score);
	c->check->bound_count++;
	c->visited++;
}

static void
check_rows_visited(const EventSegmentCheck *c, const char *by)
{
	if (c->visited != c->segment->segment->rows)
		check_failed(c->check, c->segment->segment->first, "%s finds %llu rows of %u.", by,
					 (unsigned long long) c->visited, c->segment->segment->rows);
}

/* Asks for all rows, the best first. */
static void
ask(EventSegmentCheck *c, int number, EventTreeReader *reader)
{
	EventScorer scorer;
	EventBatch batch;
	EventSearch search;

	event_scorer_init(&scorer, check_event_question(c->check, number, &c->sample));
	event_scorer_skip_far(&scorer);
	event_batch_init(&batch, &scorer);
	c->scorer = &scorer;
	c->visited = 0;
	if (!event_search_begin(&search, reader, &batch, NULL, 0, event_resize))
		segment_damaged(c->segment, "A node of events does not make sense.");
	while ((c->bound = event_search_peek(&search)) >= 0)
	{
		CHECK_FOR_INTERRUPTS();
		if (!event_search_open_next(&search, hold_against_bound, c))
			segment_damaged(c->segment, "A node or a block of events does not make sense.");
	}
	event_search_end(&search);
	c->scorer = NULL;
	check_rows_visited(c, "A search");
}

void
event_check(const SegmentContent *content, IndexCheck *check, const SegmentReader *segment)
{
	EventSegmentCheck c = {.check = check, .segment = segment};
	EventTreeReader reader;
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist check", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);

	check_at(check, segment->segment->first);
	event_reader_init(&reader, segment);
	if (!event_tree_read_all(&reader, hand_over, &c))
		segment_damaged(segment, "A block of events does not make sense.");
	check_rows_visited(&c, "A walk");
	for (int number = 0; number < QUESTIONS && segment->segment->rows > 0; number++)
		ask(&c, number, &reader);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
}
