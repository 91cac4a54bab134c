/*
 * event_boxes_test.c
 *	  Bounds of many boxes at once, and of many events at once: none is below a
 *	  member's score, none rejects what is acceptable, and none is much above
 *	  the bound of one box.
 */
#include "event_cases.h"
#include "event_random.h"

#include "core/event_boxes.h"
#include "random.h"
#include "tap.h"

#define MOST_MEMBERS_OF_A_BOX 8

static Property of_boxes[COMBINATIONS] = {{.name = "no member scores more than its box, sum"},
										  {.name = "no member scores more than its box, product"},
										  {.name = "no member scores more than its box, min"}};
static Property of_rows[COMBINATIONS] = {{.name = "no event scores more than its bound, sum"},
										 {.name = "no event scores more than its bound, product"},
										 {.name = "no event scores more than its bound, min"}};
static Property in_range = {.name = "a bound is in [0,1]"};
static Property accepted = {.name = "no box of an acceptable event is rejected"};
static unsigned long rejected;
static unsigned long below_one;
static unsigned long batches;

/* Boxes side by side, and their members. */
typedef struct Boxes
{
	int count[EVENT_LANES];
	EventFacts member[EVENT_LANES][MOST_MEMBERS_OF_A_BOX];
	EventBoxes boxes;
} Boxes;

static void
random_boxes(Boxes *all)
{
	EventFacts member[MOST_MEMBERS];

	memset(&all->boxes, 0, sizeof(all->boxes));
	for (int lane = 0; lane < EVENT_LANES; lane++)
	{
		int count = random_members(member);
		EventBox box;

		count = count < MOST_MEMBERS_OF_A_BOX ? count : MOST_MEMBERS_OF_A_BOX;
		all->count[lane] = count;
		memcpy(all->member[lane], member, count * sizeof(EventFacts));
		event_box_of(&member[0], &box);
		for (int i = 1; i < count; i++)
		{
			EventBox one;

			event_box_of(&member[i], &one);
			event_box_extend(&box, &one);
		}
		event_boxes_set(&all->boxes, lane, &box);
	}
}

static double
score_facts(const EventScorer *scorer, const EventFacts *facts, bool *acceptable)
{
	EventValues values;

	event_values(scorer, facts, &values);
	*acceptable = event_acceptable(scorer, &values);
	return event_score(scorer, &values, NULL);
}

static void
check_boxes(const EventBatch *batch, const Boxes *all)
{
	const EventPref *pref = &batch->scorer->pref;
	float bound[EVENT_LANES];
	float left[EVENT_LANES];

	event_bound_boxes(batch, &all->boxes, bound);
	memcpy(left, bound, sizeof(left));
	event_reject_boxes(batch, &all->boxes, left);
	for (int lane = 0; lane < EVENT_LANES; lane++)
	{
		check(&in_range, bound[lane] >= 0 && bound[lane] <= 1, "got %.9g", bound[lane]);
		below_one += bound[lane] < 0.99f;
		rejected += left[lane] < 0;
		for (int i = 0; i < all->count[lane]; i++)
		{
			bool acceptable;
			double score = score_facts(batch->scorer, &all->member[lane][i], &acceptable);

			check(&of_boxes[pref->combine], score <= bound[lane],
				  "bound %.9g, score %.17g: curves %d %d %d %d, one by one %d, known %u",
				  bound[lane], score, pref->wish[0].curve, pref->wish[1].curve, pref->wish[2].curve,
				  pref->wish[3].curve, batch->one_by_one, all->member[lane][i].known);
			if (acceptable)
				check(&accepted, left[lane] >= 0, "limits %u", pref->limited);
		}
	}
}

static void
check_rows(const EventBatch *batch, const Boxes *all)
{
	const EventPref *pref = &batch->scorer->pref;
	EventRows rows;
	float bound[EVENT_LANES];

	memset(&rows, 0, sizeof(rows));
	for (int lane = 0; lane < EVENT_LANES; lane++)
		event_rows_add(&rows, &all->member[lane][0]);
	event_bound_rows(batch, &rows, bound);
	for (int lane = 0; lane < EVENT_LANES; lane++)
	{
		bool acceptable;
		double score = score_facts(batch->scorer, &all->member[lane][0], &acceptable);
		EventFacts again;

		event_rows_get(&rows, lane, &again);
		check(&in_range, bound[lane] >= 0 && bound[lane] <= 1, "got %.9g", bound[lane]);
		check(&of_rows[pref->combine], score <= bound[lane],
			  "bound %.9g, score %.17g: curves %d %d %d %d, one by one %d, known %u", bound[lane],
			  score, pref->wish[0].curve, pref->wish[1].curve, pref->wish[2].curve,
			  pref->wish[3].curve, batch->one_by_one, again.known);
		check(&in_range, memcmp(&again, &all->member[lane][0], sizeof(EventFacts)) == 0,
			  "an event is not what it was");
	}
}

static void
test_random(void)
{
	Boxes *all = malloc(sizeof(Boxes));

	for (long n = random_rounds(6000); n > 0; n--)
	{
		random_boxes(all);
		for (int i = 0; i < 4; i++)
		{
			const EventFacts *one = &all->member[random_below(EVENT_LANES)][0];
			EventPref pref = random_pref(one);
			EventScorer scorer;
			EventBatch batch;

			if (random_chance(0.6))
				random_limits(&pref, one);
			event_scorer_init(&scorer, &pref);
			if (random_chance(0.5))
				event_scorer_skip_far(&scorer);
			event_batch_init(&batch, &scorer);
			batches += !batch.one_by_one;
			check_boxes(&batch, all);
			check_rows(&batch, all);
		}
	}
	for (int combine = 0; combine < COMBINATIONS; combine++)
	{
		report(&of_boxes[combine]);
		report(&of_rows[combine]);
	}
	report(&in_range);
	report(&accepted);
	ok(rejected * 20 > in_range.checked / 3, "many boxes are rejected");
	ok(below_one * 10 > in_range.checked / 3, "many bounds are below 0.99");
	ok(batches > 1000, "many preferences are not left to be bounded one by one");
	free(all);
}

/* Events that lie just at the edge of a narrow curve: what rounds to beyond it would be worth nothing. */
static void
test_narrow(void)
{
	static const EventCurve falling[] = {EVENT_CURVE_GAUSS, EVENT_CURVE_EXP, EVENT_CURVE_LINEAR,
										 EVENT_CURVE_STEP};
	Property of_row = {.name = "no event at the edge of a narrow curve is below its score"};
	Property of_box = {.name = "nor is a box of it"};

	for (long n = random_rounds(100000); n > 0; n--)
	{
		int criterion = random_below(EVENT_CRITERIA);
		EventPref pref = nothing_wanted(random_below(COMBINATIONS));
		EventWish *wish = want(&pref, criterion, falling[random_below(4)]);
		EventBoxes boxes;
		EventRows rows;
		EventScorer scorer;
		EventBatch batch;
		EventValues values;
		EventFacts facts;
		EventBox box;
		float bound[EVENT_LANES];
		bool acceptable;

		memset(&boxes, 0, sizeof(boxes));
		memset(&rows, 0, sizeof(rows));
		random_facts(&facts, ALL_KNOWN);
		settle_facts(&facts);
		pref.latitude = facts.latitude;
		pref.longitude = facts.longitude;
		place_near(&pref.latitude, &pref.longitude);
		event_scorer_init(&scorer, &pref);
		event_values(&scorer, &facts, &values);
		if (criterion == EVENT_START)
			wish->origin = event_seconds(start_near(facts.starts_at));
		else if (criterion != EVENT_LOCATION)
			wish->origin = amount_near(values.value[criterion]);
		wish->offset = fmin(DBL_MAX, fabs(values.value[criterion] - wish->origin));
		wish->scale = fmax(LEAST_DOUBLE, wish->offset * random_magnitude(1e-12, 1e-3));
		event_scorer_init(&scorer, &pref);
		event_batch_init(&batch, &scorer);

		event_rows_add(&rows, &facts);
		event_bound_rows(&batch, &rows, bound);
		check(&of_row, bound[0] >= score_facts(&scorer, &facts, &acceptable),
			  "criterion %d, curve %d, value %.17g: got %.9g", criterion, wish->curve,
			  values.value[criterion], bound[0]);
		event_box_of(&facts, &box);
		event_boxes_set(&boxes, 0, &box);
		event_bound_boxes(&batch, &boxes, bound);
		check(&of_box, bound[0] >= score_facts(&scorer, &facts, &acceptable),
			  "criterion %d, curve %d, value %.17g: got %.9g", criterion, wish->curve,
			  values.value[criterion], bound[0]);
	}
	report(&of_row);
	report(&of_box);
}

/* Around a city, as a block holds them. */
static void
event_of_block(EventFacts *facts, const EventFacts *centre, double spread)
{
	*facts = *centre;
	facts->latitude += random_between(-1, 1) * spread;
	facts->longitude += random_between(-1, 1) * spread;
	facts->price = fmax(0, facts->price + random_between(-20, 20) * spread);
	facts->attendees = fmax(0, facts->attendees + random_between(-50, 50) * spread);
	facts->starts_at += (int64_t) (random_between(-3, 3) * spread * DAY * 1e6);
	settle_facts(facts);
}

/* A bound of 1 everywhere would be safe, and useless. */
static void
test_tight(void)
{
	Property boxes_tight = {.name = "bounds of boxes are within 0.003 of the bound of one box"};
	Property rows_tight = {.name = "bounds of events are within 2e-4 of their scores"};
	double worst_of_boxes = 0;
	double worst_of_rows = 0;

	for (long n = random_rounds(2000); n > 0; n--)
	{
		EventBoxes boxes;
		EventRows rows;
		EventFacts event[EVENT_LANES];
		EventFacts centre;
		EventPref pref;
		EventScorer scorer;
		EventBatch batch;
		float box_bound[EVENT_LANES];
		float row_bound[EVENT_LANES];

		memset(&rows, 0, sizeof(rows));
		ordinary_facts(&centre);
		centre.known = ALL_KNOWN;
		for (int lane = 0; lane < EVENT_LANES; lane++)
		{
			EventFacts other;
			EventBox box;
			EventBox one;

			event_of_block(&event[lane], &centre, 1);
			event_of_block(&other, &event[lane], 0.1);
			event_box_of(&event[lane], &box);
			event_box_of(&other, &one);
			event_box_extend(&box, &one);
			event_boxes_set(&boxes, lane, &box);
			event_rows_add(&rows, &event[lane]);
		}
		/* In a product, utilities of less than 2^-100 tell. */
		do
			pref = ordinary_pref();
		while (pref.combine == EVENT_COMBINE_PRODUCT);
		event_scorer_init(&scorer, &pref);
		event_batch_init(&batch, &scorer);
		event_bound_boxes(&batch, &boxes, box_bound);
		event_bound_rows(&batch, &rows, row_bound);
		for (int lane = 0; lane < EVENT_LANES; lane++)
		{
			EventBox box;
			bool acceptable;
			double score = score_facts(&scorer, &event[lane], &acceptable);
			double single;

			event_boxes_get(&boxes, lane, &box);
			single = event_bound(&scorer, &box);
			check(&boxes_tight, box_bound[lane] - single < 3e-3, "got %.9g, of one box %.9g",
				  box_bound[lane], single);
			check(&rows_tight, row_bound[lane] - score < 2e-4, "got %.9g, score %.9g",
				  row_bound[lane], score);
			worst_of_boxes = fmax(worst_of_boxes, box_bound[lane] - single);
			worst_of_rows = fmax(worst_of_rows, row_bound[lane] - score);
		}
	}
	report(&boxes_tight);
	report(&rows_tight);
	diagnose("at most %.3g above the bound of one box, %.3g above the score", worst_of_boxes,
			 worst_of_rows);
}

int
main(void)
{
	random_init();
	test_tight();
	test_narrow();
	test_random();
	return tap_done();
}
