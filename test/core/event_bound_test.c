/*
 * event_bound_test.c
 *	  No event of a box scores more than the box's bound, and none is
 *	  acceptable in a box that is rejected: random and extreme boxes, members
 *	  and preferences.  And the bound is not idle: for one event it is tight.
 */
#include "event_cases.h"

#include "core/event_bound.h"
#include "core/geo.h"
#include "random.h"
#include "tap.h"

#include <float.h>

#define CURVES (EVENT_CURVE_STEP + 1)
#define COMBINATIONS (EVENT_COMBINE_MIN + 1)
#define POLICIES (EVENT_MISSING_EXCLUDE + 1)
#define MOST_MEMBERS 30
#define ALL_KNOWN (EVENT_BIT(EVENT_CRITERIA) - 1)

/* What timestamps can be: 4713 BC to 294276 AD, in microseconds since 2000. */
#define FIRST_START (-INT64_C(211813488000000000))
#define LAST_START (INT64_C(9223371331200000000) - 1)

/* 2026-12-01 */
#define SOON (INT64_C(849398400) * 1000000)

#define DAY 86400.0
#define LEAST_DOUBLE 0x1p-1074 /* above 0 */

/* The criterion that a limit is about. */
static const EventCriterion limited[EVENT_MIN_SCORE] = {EVENT_LOCATION,	 EVENT_PRICE,
														EVENT_ATTENDEES, EVENT_ATTENDEES,
														EVENT_START,	 EVENT_START};

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

/* --- random events ---------------------------------------------------- */

/* What is at the edge of a float or double, or beyond a float. */
static double
edge_amount(void)
{
	static const double edges[] = {0,		0,	   LEAST_DOUBLE, 3 * LEAST_DOUBLE, DBL_MIN, 1e-45,
								   FLT_MIN, 1,	   16777216,	 16777217,		   FLT_MAX, 3.5e38,
								   1e39,	1e300, 1e308,		 DBL_MAX};

	return edges[random_below(LENGTH_OF(edges))];
}

/* A price or attendees. */
static double
random_amount(void)
{
	double kind = random_unit();

	if (kind < 0.2)
		return edge_amount();
	if (kind < 0.6)
		return random_below(50);
	if (kind < 0.7)
		return random_magnitude(1e-300, 1e300);
	return random_magnitude(0.01, 1e5);
}

/* The same amount, the next double or float, a little more or less, or another. */
static double
amount_near(double amount)
{
	double other;

	switch (random_below(6))
	{
		case 0:
			return amount;
		case 1:
			other = nextafter(amount, random_chance(0.5) ? INFINITY : 0);
			break;
		case 2:
			other = nextafter(float_not_below(amount), random_chance(0.5) ? INFINITY : 0);
			break;
		case 3:
			other = amount * (1 + random_magnitude(1e-9, 0.1));
			break;
		case 4:
			other = fabs(amount + random_between(-20, 20));
			break;
		default:
			return random_amount();
	}
	return fmin(other, DBL_MAX);
}

static int64_t
random_start(void)
{
	double kind = random_unit();

	if (kind < 0.05)
		return FIRST_START + random_below(2);
	if (kind < 0.1)
		return LAST_START - random_below(2);
	if (kind < 0.2)
		return (int64_t) random_between((double) FIRST_START, 9.2e18);
	/* midnights are whole floats */
	if (kind < 0.5)
		return SOON + ((int64_t) random_below(200) - 100) * (int64_t) (DAY * 1e6);
	return SOON + (int64_t) (random_between(-100, 100) * DAY * 1e6);
}

static int64_t
start_near(int64_t start)
{
	double away = random_chance(0.5) ? random_magnitude(1, 1e6) : random_magnitude(1e6, 1e14);

	if (random_chance(0.25))
		return start;
	if (random_chance(0.1))
		return random_start();
	if (random_chance(0.5))
		return start > LAST_START - (int64_t) away ? LAST_START : start + (int64_t) away;
	return start < FIRST_START + (int64_t) away ? FIRST_START : start - (int64_t) away;
}

static double
clamp(double value, double low, double high)
{
	return fmax(low, fmin(high, value));
}

static void
random_place(double *latitude, double *longitude)
{
	static const double parallels[] = {-90, -89.9999999, -45, 0, 0, 45, 89.9999999, 90};
	static const double meridians[] = {-180, -179.9999999, -90, 0, 0, 90, 179.9999999, 180};

	*latitude = random_chance(0.3) ? parallels[random_below(LENGTH_OF(parallels))]
								   : asin(random_between(-1, 1)) * (180 / acos(-1));
	*longitude = random_chance(0.3) ? meridians[random_below(LENGTH_OF(meridians))]
									: random_between(-180, 180);
}

/* Here, some steps away across the antimeridian or a pole too, right across the globe, or elsewhere. */
static void
place_near(double *latitude, double *longitude)
{
	double step = random_magnitude(1e-9, 10);

	switch (random_below(5))
	{
		case 0:
			return;
		case 1:
		case 2:
			*latitude = clamp(*latitude + step * random_between(-1, 1), -90, 90);
			*longitude = remainder(*longitude + step * random_between(-1, 1), 360);
			return;
		case 3:
			*latitude = -*latitude;
			*longitude = remainder(*longitude + 180, 360);
			return;
		default:
			random_place(latitude, longitude);
	}
}

static void
random_facts(EventFacts *facts, unsigned known)
{
	memset(facts, 0, sizeof(*facts));
	facts->version = EVENT_FACTS_VERSION;
	facts->known = (uint8_t) known;
	random_place(&facts->latitude, &facts->longitude);
	facts->price = random_amount();
	facts->attendees = random_amount();
	facts->starts_at = random_start();
}

/* What is not known is 0, as it is stored. */
static void
settle_facts(EventFacts *facts)
{
	if (facts->known & EVENT_BIT(EVENT_LOCATION))
		geo_unit_vector(facts->latitude, facts->longitude, facts->xyz);
	else
		facts->latitude = facts->longitude = 0;
	if (!(facts->known & EVENT_BIT(EVENT_PRICE)))
		facts->price = 0;
	if (!(facts->known & EVENT_BIT(EVENT_ATTENDEES)))
		facts->attendees = 0;
	if (!(facts->known & EVENT_BIT(EVENT_START)))
		facts->starts_at = 0;
}

/* Events of a page: most are alike in most respects. */
static int
random_members(EventFacts *member)
{
	int count =
		random_chance(0.3) ? 1 : 1 + (int) random_below(random_chance(0.5) ? 4 : MOST_MEMBERS);
	double knowing = random_chance(0.4) ? 1 : random_chance(0.5) ? 0.9 : 0.4;
	double change = random_unit();
	EventFacts typical;

	random_facts(&typical, ALL_KNOWN);
	for (int i = 0; i < count; i++)
	{
		member[i] = typical;
		member[i].known = 0;
		for (int c = 0; c < EVENT_CRITERIA; c++)
			member[i].known |= random_chance(knowing) ? EVENT_BIT(c) : 0;
		if (random_chance(change))
			place_near(&member[i].latitude, &member[i].longitude);
		if (random_chance(change))
			member[i].price = amount_near(typical.price);
		if (random_chance(change))
			member[i].attendees = amount_near(typical.attendees);
		if (random_chance(change))
			member[i].starts_at = start_near(typical.starts_at);
		settle_facts(&member[i]);
	}
	return count;
}

/* --- random preferences ----------------------------------------------- */

static double
random_scale(double unit)
{
	double kind = random_unit();

	if (kind < 0.02)
		return LEAST_DOUBLE;
	if (kind < 0.06)
		return random_magnitude(1e-300, 1e300);
	if (kind < 0.3)
		return random_magnitude(1e-9, 1e9);
	return unit * random_magnitude(0.01, 1000);
}

static double
random_decay(void)
{
	double kind = random_unit();

	if (kind < 0.03)
		return nextafter(1, 0);
	if (kind < 0.06)
		return LEAST_DOUBLE;
	return random_between(0.01, 0.99);
}

/* What the curve sees of the event, or what is near it. */
static double
random_origin(EventCriterion criterion, const EventValues *values)
{
	double value = values->value[criterion];

	if (random_chance(0.1))
		return random_chance(0.5) ? -random_amount() : random_amount();
	if (criterion == EVENT_START)
		return event_seconds(random_chance(0.5) ? (int64_t) (clamp(value, -1e11, 1e11) * 1e6)
												: start_near(SOON));
	return random_chance(0.3) ? value : amount_near(value);
}

static void
random_wish(EventWish *wish, EventCriterion criterion, const EventValues *values)
{
	double unit = criterion == EVENT_START ? DAY : criterion == EVENT_LOCATION ? 10 : 1;

	if (random_chance(0.2))
		wish->weight = 0;
	else if (random_chance(0.5))
		wish->weight =
			random_chance(0.1) ? random_magnitude(1e-300, 1e300) : random_magnitude(0.01, 100);
	if (criterion != EVENT_LOCATION && random_chance(0.8))
		wish->origin = random_origin(criterion, values);
	if (random_chance(0.3))
		wish->offset = random_chance(0.5)
			? fmin(DBL_MAX, fabs(values->value[criterion] - wish->origin))
			: random_scale(unit);
	wish->scale = random_scale(unit);
	if (random_chance(0.3))
		wish->scale_below = random_scale(unit);
	wish->decay = random_decay();
	wish->pivot =
		random_chance(0.02) ? LEAST_DOUBLE : random_scale(criterion == EVENT_LOCATION ? 100 : 10);
	wish->exponent =
		random_chance(0.1) ? random_magnitude(1e-300, 1e300) : random_magnitude(0.1, 40);
	wish->side = random_below(3);
	wish->missing = random_below(POLICIES);
	if (wish->missing == EVENT_MISSING_UTILITY && random_chance(0.7))
		wish->missing_utility = random_chance(0.3) ? 1 : random_unit();
}

/* A start has no zero to grow from. */
static EventCurve
random_curve(EventCriterion criterion)
{
	EventCurve curve;

	do
		curve = random_below(CURVES);
	while (criterion == EVENT_START &&
		   (curve == EVENT_CURVE_SATURATION || curve == EVENT_CURVE_SIGMOID));
	return curve;
}

/* A preference that may look to where the event is. */
static EventPref
random_pref(const EventFacts *facts)
{
	EventPref pref = nothing_wanted(random_below(COMBINATIONS));
	EventScorer scorer;
	EventValues values;

	pref.latitude = facts->latitude;
	pref.longitude = facts->longitude;
	place_near(&pref.latitude, &pref.longitude);
	want(&pref, EVENT_LOCATION, EVENT_CURVE_STEP);
	event_scorer_init(&scorer, &pref);
	event_values(&scorer, facts, &values);
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		EventWish *wish = want(&pref, c, random_curve(c));

		random_wish(wish, c, &values);
	}
	/* At least one weight is positive. */
	pref.wish[random_below(EVENT_CRITERIA)].weight = 1;
	return pref;
}

/* Limits that the event meets or misses by nothing, or by anything. */
static void
random_limits(EventPref *pref, const EventFacts *facts)
{
	double often = random_chance(0.5) ? 0.1 : 0.4;
	EventScorer scorer;
	EventValues values;

	event_scorer_init(&scorer, pref);
	scorer.needs_distance = true;
	event_values(&scorer, facts, &values);
	for (int limit = 0; limit < EVENT_MIN_SCORE; limit++)
	{
		double value = values.value[limited[limit]];

		if (!random_chance(often))
			continue;
		if (random_chance(0.1))
			value = limited[limit] == EVENT_START ? event_seconds(random_start()) : random_amount();
		else if (random_chance(limit == EVENT_BEFORE ? 0.7 : 0.3))
			value = nextafter(value,
							  limit == EVENT_BEFORE || random_chance(0.5) ? INFINITY : -INFINITY);
		set_limit(pref, limit, clamp(value, -DBL_MAX, DBL_MAX));
	}
	if (random_chance(0.4))
		set_limit(pref, EVENT_MIN_SCORE,
				  random_chance(0.8) ? event_score(&scorer, &values, NULL) : random_unit());
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

/* Preferences and events as people have them. */
static EventPref
ordinary_pref(void)
{
	EventPref pref = nothing_wanted(random_below(COMBINATIONS));

	pref.latitude = 51.5072;
	pref.longitude = -0.1276;
	want(&pref, EVENT_LOCATION, EVENT_CURVE_EXP)->scale = random_magnitude(2, 500);
	want(&pref, EVENT_PRICE, EVENT_CURVE_LINEAR)->side = EVENT_SIDE_ABOVE;
	pref.wish[EVENT_PRICE].offset = pref.wish[EVENT_PRICE].scale = random_magnitude(5, 100);
	want(&pref, EVENT_ATTENDEES, EVENT_CURVE_SATURATION)->pivot = random_magnitude(10, 500);
	want(&pref, EVENT_START, EVENT_CURVE_GAUSS)->scale = random_magnitude(DAY / 4, 10 * DAY);
	pref.wish[EVENT_START].origin = event_seconds(SOON);
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		pref.wish[c].weight = random_magnitude(0.5, 3);
		pref.wish[c].missing = random_below(POLICIES);
		pref.wish[c].missing_utility = random_unit();
	}
	return pref;
}

static void
ordinary_facts(EventFacts *facts)
{
	random_facts(facts, random_chance(0.7) ? ALL_KNOWN : random_below(ALL_KNOWN + 1));
	facts->latitude = 51.5072 + random_between(-1, 1);
	facts->longitude = -0.1276 + random_between(-2, 2);
	facts->price = random_magnitude(1, 200);
	facts->attendees = random_magnitude(1, 2000);
	facts->starts_at = SOON + (int64_t) (random_between(-10, 10) * DAY * 1e6);
	settle_facts(facts);
}

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
	event_box_extend(&box, &other);
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
	event_box_extend(&box, &other);
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
