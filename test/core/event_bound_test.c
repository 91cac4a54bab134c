/*
 * event_bound_test.c
 *	  No event of a box scores more than the box's bound, and none is
 *	  acceptable in a box that is rejected: random and extreme boxes, members
 *	  and preferences.  And the bound is not idle: for one event it is tight.
 */
#include "event_cases.h"
#include "event_random.h"

#include "core/event_bound.h"
#include "core/geo.h"
#include "random.h"
#include "tap.h"

#include <float.h>

/* --- floats ----------------------------------------------------------- */

static float
float_of_bits(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Any float but NaN. */
static float
random_float(void)
{
	float value;

	do
		value = float_of_bits((uint32_t) random_bits());
	while (isnan(value));
	return value;
}

/* Doubles that a float holds, that lie next to one, between two, or beyond all of them. */
static double
random_double(void)
{
	double value = random_float();

	switch (random_below(4))
	{
		case 0:
			return value;
		case 1:
			return nextafter(value, random_chance(0.5) ? INFINITY : -INFINITY);
		case 2:
			return value + (nextafterf((float) value, INFINITY) - value) * random_unit();
		default:
			return (random_chance(0.5) ? 1 : -1) * random_magnitude(1e-320, DBL_MAX);
	}
}

static void
check_bracket(Property *bracket, Property *close, double value)
{
	float below = float_not_above(value);
	float above = float_not_below(value);

	check(bracket, below <= value && value <= above, "%a: got %a and %a", value, below, above);
	check(close, (below == value && above == value) || nextafterf(below, INFINITY) == above,
		  "%a: got %a and %a", value, below, above);
}

static void
test_rounding(void)
{
	static const double edges[] =
		{0.0,	  -0.0,		LEAST_DOUBLE, -LEAST_DOUBLE,	 DBL_MIN,
		 DBL_MAX, -DBL_MAX, FLT_MAX,	  -(double) FLT_MAX, 1e-45,
		 -1e-45,  FLT_MIN,	1e308,		  16777217,			 3.4028235677973366e38,
		 1,		  -1};
	Property bracket = {.name =
							"a double lies between the floats that are not above and not below it"};
	Property close = {.name = "these are the same, or next to each other"};

	is_exactly(float_not_above(DBL_MAX), FLT_MAX, "not above the largest double: the largest float");
	is_exactly(float_not_below(DBL_MAX), INFINITY, "not below the largest double: infinity");
	is_exactly(float_not_above(-DBL_MAX), -INFINITY, "not above the least double: -infinity");
	is_exactly(float_not_below(LEAST_DOUBLE), 1.40129846432481707e-45,
			   "not below the least double above 0: the least float above 0");
	for (uint32_t i = 0; i < LENGTH_OF(edges); i++)
	{
		check_bracket(&bracket, &close, edges[i]);
		check_bracket(&bracket, &close, nextafter(edges[i], 0));
	}
	for (long n = random_rounds(300000); n > 0; n--)
	{
		double value = random_double();

		if (isfinite(value))
			check_bracket(&bracket, &close, value);
	}
	report(&bracket);
	report(&close);
}

/* --- boxes, members, preferences -------------------------------------- */

static void
box_of_members(const EventFacts *member, int count, EventBox *box)
{
	for (int i = 0; i < count; i++)
	{
		EventBox one;

		event_box_of(&member[i], &one);
		if (i == 0)
			*box = one;
		else
			event_box_extend(box, &one);
	}
}

static Property bounds[COMBINATIONS] =
	{{.name = "no member of a box scores more than the bound, sum"},
	 {.name = "no member of a box scores more than the bound, product"},
	 {.name = "no member of a box scores more than the bound, min"}};
static Property range = {.name = "a bound is in [0,1]"};
static Property accepted = {.name = "no acceptable member in a box that is rejected"};
static Property skipped = {.name = "the score is the same where what is too far is skipped"};
static Property inside = {.name = "a box holds the values of all members that know them"};
static Property snug = {.name = "and ends at the next float of the least and the greatest"};
static Property knowledge = {.name = "a box says what some members know and what some lack"};

/* The numbers that the dimensions of a box are about. */
static void
coordinates(const EventFacts *facts, double value[EVENT_DIMENSIONS])
{
	memcpy(value, facts->xyz, 3 * sizeof(double));
	value[EVENT_DIM_PRICE] = facts->price;
	value[EVENT_DIM_ATTENDEES] = facts->attendees;
	value[EVENT_DIM_START] = event_seconds(facts->starts_at);
}

/* A box holds what its members know, and ends where they do. */
static void
check_ends(const EventFacts *member, int count, const EventBox *box, EventDimension dimension)
{
	double least = INFINITY;
	double most = -INFINITY;
	double value[EVENT_DIMENSIONS];
	double low = box->low[dimension];
	double high = box->high[dimension];

	for (int i = 0; i < count; i++)
	{
		if (!(member[i].known & EVENT_BIT(event_dimension_criterion(dimension))))
			continue;
		coordinates(&member[i], value);
		check(&inside, low <= value[dimension] && value[dimension] <= high,
			  "dimension %d: %a is not within %a and %a", dimension, value[dimension], low, high);
		least = fmin(least, value[dimension]);
		most = fmax(most, value[dimension]);
	}
	if (least <= most)
		check(&snug, nextafterf(low, INFINITY) > least && nextafterf(high, -INFINITY) <= most,
			  "dimension %d: %a to %a are within %a and %a", dimension, least, most, low, high);
}

static void
check_box(const EventFacts *member, int count, const EventBox *box)
{
	unsigned known = 0;
	unsigned unknown = 0;

	for (int d = 0; d < EVENT_DIMENSIONS; d++)
		check_ends(member, count, box, d);
	for (int i = 0; i < count; i++)
	{
		known |= member[i].known;
		unknown |= ALL_KNOWN & ~member[i].known;
	}
	check(&knowledge, box->known == known && box->unknown == unknown,
		  "got %u and %u expected %u and %u", box->known, box->unknown, known, unknown);
}

/* How often what the bound has to get right was there. */
static unsigned long curve_used[EVENT_CRITERIA][CURVES];
static unsigned long policy_used[EVENT_CRITERIA][POLICIES];
static unsigned long limit_used[EVENT_LIMITS];
static unsigned long boxes_tried;
static unsigned long boxes_rejected;
static unsigned long boxes_bounded;	 /* by less than 1 */
static unsigned long bounds_reached; /* to 1e-9 */
static unsigned long limits_met;

static void
count_features(const EventScorer *scorer, const EventBox *box)
{
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &scorer->pref.wish[c];

		if (!(scorer->counts & EVENT_BIT(c)))
			continue;
		curve_used[c][wish->curve] += (box->known & EVENT_BIT(c)) != 0;
		policy_used[c][wish->missing] += (box->unknown & EVENT_BIT(c)) != 0;
	}
	for (int limit = 0; limit < EVENT_LIMITS; limit++)
		limit_used[limit] += (scorer->pref.limited & EVENT_LIMIT_BIT(limit)) != 0;
}

static void
check_member(const EventScorer *scorer, const EventFacts *member, double bound, bool acceptable,
			 double *best)
{
	EventScorer fast = *scorer;
	EventValues fast_values;
	EventValues values;
	EventParts parts;
	double score;

	event_values(scorer, member, &values);
	score = event_score(scorer, &values, &parts);
	check(&bounds[scorer->pref.combine], score <= bound,
		  "bound %.17g, score %.17g: curves %d %d %d %d, known %u, values %a %a %a %a, utilities %g %g %g %g",
		  bound, score, scorer->pref.wish[0].curve, scorer->pref.wish[1].curve,
		  scorer->pref.wish[2].curve, scorer->pref.wish[3].curve, member->known, values.value[0],
		  values.value[1], values.value[2], values.value[3], parts.utility[0], parts.utility[1],
		  parts.utility[2], parts.utility[3]);
	event_scorer_skip_far(&fast);
	event_values(&fast, member, &fast_values);
	check(&skipped,
		  event_score(&fast, &fast_values, NULL) == score &&
			  event_acceptable(&fast, &fast_values) == event_acceptable(scorer, &values),
		  "got %.17g expected %.17g: curve %d, distance %a", event_score(&fast, &fast_values, NULL),
		  score, scorer->pref.wish[0].curve, values.value[0]);
	if (event_acceptable(scorer, &values))
	{
		limits_met += scorer->pref.limited != 0;
		check(&accepted, acceptable, "limits %u, known %u, score %.17g, bound %.17g",
			  scorer->pref.limited, member->known, score, bound);
	}
	*best = fmax(*best, score);
}

static void
check_pref(const EventPref *pref, const EventFacts *member, int count, const EventBox *box)
{
	EventScorer scorer;
	double bound;
	double best = 0;
	bool acceptable;

	event_scorer_init(&scorer, pref);
	bound = event_bound(&scorer, box);
	acceptable = event_box_acceptable(&scorer, box);
	check(&range, bound >= 0 && bound <= 1, "got %.17g", bound);
	for (int i = 0; i < count; i++)
		check_member(&scorer, &member[i], bound, acceptable, &best);
	count_features(&scorer, box);
	boxes_tried++;
	boxes_rejected += !acceptable;
	boxes_bounded += bound < 0.999;
	bounds_reached += bound < 0.999 && bound - best < 1e-9;
}

/* Of a thousand boxes, so many at least. */
static void
seen(const char *what, int which, int kind, unsigned long times, unsigned long per_mille)
{
	if (times * 1000 < boxes_tried * per_mille)
		ok(false, "%s %d %d: only %lu of %lu boxes", what, which, kind, times, boxes_tried);
}

static void
report_features(void)
{
	int before = tap_failed;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		for (int curve = 0; curve < CURVES; curve++)
		{
			if (c != EVENT_START ||
				(curve != EVENT_CURVE_SATURATION && curve != EVENT_CURVE_SIGMOID))
				seen("curve", c, curve, curve_used[c][curve], 50);
		}
		for (int policy = 0; policy < POLICIES; policy++)
			seen("missing policy", c, policy, policy_used[c][policy], 50);
	}
	for (int limit = 0; limit < EVENT_LIMITS; limit++)
		seen("limit", limit, 0, limit_used[limit], 50);
	seen("rejected", 0, 0, boxes_rejected, 100);
	seen("bounded by less than 1", 0, 0, boxes_bounded, 200);
	seen("bound reached to 1e-9", 0, 0, bounds_reached, 50);
	seen("a member meets the limits", 0, 0, limits_met, 50);
	ok(tap_failed == before, "all curves, policies and limits were tried often");
	diagnose("of %lu boxes %lu were rejected, %lu bounded by less than 1, %lu of these to 1e-9",
			 boxes_tried, boxes_rejected, boxes_bounded, bounds_reached);
}

static void
test_bounds(void)
{
	EventFacts member[MOST_MEMBERS];
	unsigned long checks = 0;

	for (long n = random_rounds(100000); n > 0; n--)
	{
		int count = random_members(member);
		EventBox box;

		box_of_members(member, count, &box);
		check_box(member, count, &box);
		for (int i = 0; i < 4; i++)
		{
			const EventFacts *one = &member[random_below(count)];
			EventPref pref = random_pref(one);

			if (random_chance(0.6))
				random_limits(&pref, one);
			check_pref(&pref, member, count, &box);
		}
	}
	report(&inside);
	report(&snug);
	report(&knowledge);
	for (int combine = 0; combine < COMBINATIONS; combine++)
	{
		report(&bounds[combine]);
		checks += bounds[combine].checked;
	}
	report(&range);
	report(&skipped);
	report(&accepted);
	ok(checks >= 1000000, "at least a million boxes with a member and a preference");
	report_features();
}

/* --- how close bounds come -------------------------------------------- */

static int
compare_doubles(const void *left, const void *right)
{
	double a = *(const double *) left;
	double b = *(const double *) right;

	return (a > b) - (a < b);
}

/* A bound of 1 everywhere would be safe, and useless. */
static void
test_tight(void)
{
	enum
	{
		CASES = 20000
	};
	double *excess = malloc(CASES * sizeof(double));
	Property again = {.name = "the same event again changes no bound"};
	unsigned long below = 0;

	for (int i = 0; i < CASES; i++)
	{
		EventPref pref = ordinary_pref();
		EventScorer scorer;
		EventValues values;
		EventFacts facts;
		EventBox box;
		EventBox twice;

		ordinary_facts(&facts);
		event_scorer_init(&scorer, &pref);
		event_values(&scorer, &facts, &values);
		event_box_of(&facts, &box);
		excess[i] = event_bound(&scorer, &box) - event_score(&scorer, &values, NULL);
		below += event_bound(&scorer, &box) < 0.9;
		twice = box;
		event_box_extend(&twice, &box);
		check(&again, event_bound(&scorer, &twice) == event_bound(&scorer, &box), "known %u",
			  facts.known);
	}
	qsort(excess, CASES, sizeof(double), compare_doubles);
	ok(excess[CASES / 2] < 1e-4, "a bound of one event is mostly within 1e-4 of its score");
	ok(excess[CASES * 95 / 100] < 1e-3, "and for 95 in 100 within 1e-3");
	diagnose("median %.3g, of 95 in 100 %.3g, most %.3g", excess[CASES / 2],
			 excess[CASES * 95 / 100], excess[CASES - 1]);
	ok(below > CASES / 2, "most of these are below 0.9");
	report(&again);
	free(excess);
}

/* A limit that the value clearly misses; if it is not known, one that 0, which is stored then, meets. */
static double
missed_limit(EventLimit limit, double value, bool known)
{
	bool least = limit == EVENT_MIN_ATTENDEES || limit == EVENT_AFTER;
	double away = known ? fabs(value) * 1e-3 + 0.01 : -1;

	return least ? value + away : value - away;
}

static void
test_rejecting(void)
{
	Property unknown = {.name = "a limit on what no member knows rejects the box"};
	Property beyond = {.name = "a limit that is clearly missed rejects the box of the event"};
	Property low = {.name = "so does a min_score clearly above the score"};
	Property excluded = {.name = "so does what must be known and is not"};

	for (long n = random_rounds(30000); n > 0; n--)
	{
		EventPref pref = ordinary_pref();
		EventLimit limit = random_below(EVENT_MIN_SCORE);
		int must = random_below(EVENT_CRITERIA);
		EventScorer scorer;
		EventValues values;
		EventFacts facts;
		EventBox box;
		bool known;

		ordinary_facts(&facts);
		event_box_of(&facts, &box);
		for (int c = 0; c < EVENT_CRITERIA; c++)
			pref.wish[c].missing = random_below(EVENT_MISSING_EXCLUDE);
		event_scorer_init(&scorer, &pref);
		event_values(&scorer, &facts, &values);

		known = facts.known & EVENT_BIT(limited[limit]);
		set_limit(&scorer.pref, limit, missed_limit(limit, values.value[limited[limit]], known));
		check(known ? &beyond : &unknown, !event_box_acceptable(&scorer, &box),
			  "limit %d at %.17g, value %.17g", limit, scorer.pref.limit[limit],
			  values.value[limited[limit]]);

		scorer.pref.limited = 0;
		set_limit(&scorer.pref, EVENT_MIN_SCORE, event_score(&scorer, &values, NULL) + 0.02);
		check(&low, !event_box_acceptable(&scorer, &box), "min_score %.17g",
			  scorer.pref.limit[EVENT_MIN_SCORE]);

		scorer.pref.limited = 0;
		scorer.pref.wish[must].missing = EVENT_MISSING_EXCLUDE;
		if (!(facts.known & EVENT_BIT(must)))
			check(&excluded, !event_box_acceptable(&scorer, &box), "criterion %d", must);
	}
	report(&unknown);
	report(&beyond);
	report(&low);
	report(&excluded);
}

/* Bounds worked out by hand, of a box between two events. */
static void
test_by_hand(void)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventWish *price = want(&pref, EVENT_PRICE, EVENT_CURVE_LINEAR);
	EventFacts cheap;
	EventFacts dear;
	EventBox box;
	EventBox other;
	EventScorer scorer;

	memset(&cheap, 0, sizeof(cheap));
	memset(&dear, 0, sizeof(dear));
	cheap.known = dear.known = EVENT_BIT(EVENT_PRICE);
	cheap.price = 10;
	dear.price = 30;
	event_box_of(&cheap, &box);
	event_box_of(&dear, &other);
	ok(!event_box_contains(&box, &other), "the box of the cheap event does not hold the dear one");
	event_box_extend(&box, &other);
	ok(event_box_contains(&box, &other), "the box of both does");
	ok(!event_box_contains(&other, &box), "and is not held by that of the dear one");
	price->scale = 20;

	price->origin = 20;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 1, 1e-13L, "the best price lies in the box: 1");
	price->origin = 0;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.75L, 1e-13L,
			"the best price is 0, the box from 10 to 30: 0.75");
	price->origin = 60;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.25L, 1e-13L, "the best price is 60: 0.25");
	price->curve = EVENT_CURVE_SATURATION;
	price->pivot = 10;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.75L, 1e-13L, "saturation with pivot 10: 30 of 40");

	/* An event of unknown price: worth 0.9, or left out so that the other criterion alone counts. */
	memset(&dear, 0, sizeof(dear));
	event_box_of(&dear, &other);
	ok(!event_box_contains(&box, &other), "a box of known prices holds no event without one");
	event_box_extend(&box, &other);
	ok(event_box_contains(&box, &other), "unless it says so");
	price->missing_utility = 0.9;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.9L, 1e-13L,
			"some do not know the price, which is worth 0.9");
	price->missing = EVENT_MISSING_SKIP;
	want(&pref, EVENT_ATTENDEES, EVENT_CURVE_SATURATION)->missing_utility = 0.95;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.95L, 1e-13L, "left out, what is unknown leaves 0.95");
	pref.wish[EVENT_ATTENDEES].missing_utility = 0.25;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0.5L, 1e-13L,
			"counted, what is known makes 0.75 and 0.25 to 0.5");
}

/* The far end of a box, for those who want to go far. */
static void
test_far(void)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventFacts here;
	EventFacts pole;
	EventBox box;
	EventBox other;
	EventScorer scorer;
	double quarter = EARTH_RADIUS_KM * acos(0);

	random_facts(&here, EVENT_BIT(EVENT_LOCATION));
	here.latitude = here.longitude = 0;
	settle_facts(&here);
	random_facts(&pole, EVENT_BIT(EVENT_LOCATION));
	pole.latitude = 90;
	settle_facts(&pole);
	event_box_of(&here, &box);
	event_box_of(&pole, &other);
	want(&pref, EVENT_LOCATION, EVENT_CURVE_SATURATION)->pivot = quarter;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 0, 1e-6L, "saturation of the distance, at home: 0");
	is_near(event_bound(&scorer, &other), 0.5L, 1e-6L, "at the pole: a half");
	event_box_extend(&box, &other);
	ok(event_bound(&scorer, &box) >= 0.5, "from home to the pole: at least a half");
	want(&pref, EVENT_LOCATION, EVENT_CURVE_LINEAR)->scale = quarter;
	event_scorer_init(&scorer, &pref);
	is_near(event_bound(&scorer, &box), 1, 1e-13L, "linear: 1");
	is_near(event_bound(&scorer, &other), 0.5L, 1e-6L, "linear, at the pole: a half");
	pref.latitude = -90;
	pref.wish[EVENT_LOCATION].scale = 2 * quarter;
	event_scorer_init(&scorer, &pref);
	/* The arc, not the chord, which is shorter by a third and would leave 0.682. */
	is_near(event_bound(&scorer, &other), 0.5L, 1e-6L, "linear, from pole to pole: a half");
	/* Its nearest point is the middle of the globe, as far as a chord of 60 degrees. */
	is_near(event_bound(&scorer, &box), 5 / 6.0L, 1e-6L,
			"and to a box from home to the pole: five sixths");
}

int
main(void)
{
	random_init();
	test_rounding();
	test_by_hand();
	test_far();
	test_tight();
	test_rejecting();
	test_bounds();
	return tap_done();
}
