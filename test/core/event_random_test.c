/*
 * event_random_test.c
 *	  Random preferences and events: the score against its definition, and the
 *	  laws that hold for all of them.
 */
#include "event_cases.h"

#include "core/geo.h"
#include "random.h"
#include "tap.h"

#define CURVES (EVENT_CURVE_STEP + 1)
#define COMBINATIONS (EVENT_COMBINE_MIN + 1)

/* A start in 2026, in seconds since 2000. */
#define SOON 8.5e8

/* A value such as the criterion has: small whole numbers, so that limits are met exactly, or any. */
static double
random_value(EventCriterion criterion)
{
	if (criterion == EVENT_START)
		return SOON + (random_chance(0.3) ? random_below(20) * 86400.0 : random_between(0, 2e6));
	if (random_chance(0.1))
		return 0;
	if (criterion != EVENT_LOCATION && random_chance(0.5))
		return random_below(50);
	return random_magnitude(0.01, criterion == EVENT_LOCATION ? 20000 : 5000);
}

static void
random_wish(EventWish *wish, EventCriterion criterion)
{
	double unit = criterion == EVENT_START ? 86400 : 1;

	if (random_chance(0.5))
		wish->weight = random_magnitude(1e-3, 1e3);
	if (criterion != EVENT_LOCATION && random_chance(0.7))
		wish->origin = random_value(criterion);
	if (random_chance(0.5))
		wish->offset = unit * random_magnitude(0.1, 100);
	wish->scale = unit * random_magnitude(0.1, 1000);
	if (random_chance(0.3))
		wish->scale_below = unit * random_magnitude(0.1, 1000);
	wish->decay = random_between(0.01, 0.99);
	wish->pivot = random_magnitude(0.1, 1000);
	wish->exponent = random_magnitude(0.2, 8);
	wish->side = random_below(3);
	wish->missing = random_below(3);
	if (wish->missing == EVENT_MISSING_UTILITY && random_chance(0.7))
		wish->missing_utility = random_chance(0.3) ? 1 : random_unit();
}

/* A start has no zero to grow from. */
static EventCurve
random_curve(EventCriterion criterion)
{
	EventCurve curve = random_below(CURVES);

	if (criterion == EVENT_START &&
		(curve == EVENT_CURVE_SATURATION || curve == EVENT_CURVE_SIGMOID))
		return EVENT_CURVE_STEP;
	return curve;
}

static EventPref
random_pref(void)
{
	EventPref pref = nothing_wanted(random_below(COMBINATIONS));

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		want(&pref, c, random_curve(c));
		random_wish(&pref.wish[c], c);
		if (random_chance(0.3))
			pref.wish[c].weight = 0;
	}
	/* At least one weight is positive. */
	pref.wish[random_below(EVENT_CRITERIA)].weight = 1;
	return pref;
}

static EventValues
random_values(double known)
{
	EventValues values = nothing_known();

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		/* What is not known has a value too, which must not count. */
		values.value[c] = random_value(c);
		if (random_chance(known))
			values.known |= EVENT_BIT(c);
	}
	return values;
}

static Property utilities[CURVES] = {{.name = "utility, gauss"},   {.name = "utility, exp"},
									 {.name = "utility, linear"},  {.name = "utility, saturation"},
									 {.name = "utility, sigmoid"}, {.name = "utility, step"}};
static Property scores[COMBINATIONS] = {{.name = "score, sum"},
										{.name = "score, product"},
										{.name = "score, min"}};
static Property usage = {.name = "which criteria count"};
static Property exclusion = {.name = "excluded, and the score then 0"};
static Property ranges = {.name = "scores and utilities are in [0,1]"};
static Property sums = {.name = "sum: contributions sum in order to the score, bit for bit"};
static Property products = {.name = "product: contributions multiply to the score"};
static Property least = {.name = "min: the score where it is reached, else 0"};
static Property nothing = {.name = "what does not count contributes nothing"};
static Property shares = {.name = "shares of the weights of each set sum to exactly 1"};
static Property silent = {.name = "the same score without the explanation"};

static void
check_utilities(const EventPref *pref, const EventValues *values, const EventParts *parts,
				const NaiveScore *naive)
{
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &pref->wish[c];
		double utility = parts->utility[c];
		bool known = values->known & EVENT_BIT(c);

		if (!(naive->used & EVENT_BIT(c)))
		{
			check(&nothing, parts->contribution[c] == 0, "criterion %d: got %.17g", c,
				  parts->contribution[c]);
			continue;
		}
		check(&ranges, utility >= 0 && utility <= 1, "criterion %d: got %.17g", c, utility);
		if (known)
			check(&utilities[wish->curve],
				  fabsl(utility - naive->utility[c]) <= utility_tolerance(wish, values->value[c]),
				  "%.17g, origin %.17g, offset %.17g, side %d: got %.17g expected %.20Lg",
				  values->value[c], wish->origin, wish->offset, wish->side, utility,
				  naive->utility[c]);
	}
}

static void
check_contributions(const EventPref *pref, const EventParts *parts, double score)
{
	double product = 1;
	bool reached = false;
	bool other = false;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (!(parts->used & EVENT_BIT(c)))
			continue;
		product *= parts->contribution[c];
		reached |= parts->contribution[c] == score && parts->utility[c] == score;
		other |= parts->contribution[c] != (parts->utility[c] == score ? score : 0);
	}
	if (pref->combine == EVENT_COMBINE_SUM)
		check(&sums, adds_up(parts->contribution, EVENT_CRITERIA, score), "got %.17g", score);
	else if (pref->combine == EVENT_COMBINE_PRODUCT)
		check(&products, fabs(product - score) <= 1e-14, "got %.17g expected %.17g", product, score);
	else
		check(&least, reached && !other, "score %.17g", score);
}

static void
check_shares(const EventScorer *scorer)
{
	for (unsigned set = 1; set < 1u << EVENT_CRITERIA; set++)
	{
		if ((set & ~scorer->counts) == 0)
			check(&shares, sums_exactly(scorer->share[set], EVENT_CRITERIA, 1), "set %u", set);
	}
}

static void
check_score(const EventPref *pref, const EventValues *values)
{
	EventScorer scorer;
	EventParts parts;
	NaiveScore naive;
	double score;

	event_scorer_init(&scorer, pref);
	score = event_score(&scorer, values, &parts);
	naive_score(pref, values, &naive);
	check(&usage, parts.used == naive.used, "got %u expected %u", parts.used, naive.used);
	check(&ranges, score >= 0 && score <= 1, "got %.17g", score);
	check(&silent, event_score(&scorer, values, NULL) == score, "got %.17g", score);
	check_utilities(pref, values, &parts, &naive);
	check_shares(&scorer);
	if (naive.excluded || parts.excluded)
		check(&exclusion, naive.excluded && parts.excluded && score == 0,
			  "got %d expected %d, score %.17g", parts.excluded, naive.excluded, score);
	else
		check(&scores[pref->combine], score >= naive.low && score <= naive.high,
			  "got %.17g expected %.20Lg, from %.20Lg to %.20Lg", score, naive.score, naive.low,
			  naive.high);
	if (!parts.excluded && parts.used != 0)
		check_contributions(pref, &parts, score);
}

static void
test_definition(void)
{
	const Property *all[] = {&usage, &exclusion, &ranges, &sums,  &products,
							 &least, &nothing,	 &shares, &silent};

	for (long n = random_rounds(200000); n > 0; n--)
	{
		EventPref pref = random_pref();
		EventValues values = random_values(random_chance(0.5) ? 1 : 0.7);

		check_score(&pref, &values);
	}
	for (int curve = 0; curve < CURVES; curve++)
		report(&utilities[curve]);
	for (int combine = 0; combine < COMBINATIONS; combine++)
		report(&scores[combine]);
	for (uint32_t p = 0; p < LENGTH_OF(all); p++)
		report(all[p]);
}

/* Limits, often at the very value, and a least score that is no close call. */
static void
test_acceptable(void)
{
	static const EventCriterion limited[] = {EVENT_LOCATION,  EVENT_PRICE, EVENT_ATTENDEES,
											 EVENT_ATTENDEES, EVENT_START, EVENT_START};
	Property accepted = {.name = "acceptable"};
	Property refused = {.name = "not acceptable"};
	Property within = {.name = "within the limits"};

	for (long n = random_rounds(100000); n > 0; n--)
	{
		EventPref pref = random_pref();
		EventValues values = random_values(0.8);
		EventScorer scorer;
		NaiveScore naive;
		bool expected;

		for (uint32_t limit = 0; limit < EVENT_MIN_SCORE; limit++)
		{
			if (random_chance(0.2))
				set_limit(&pref, limit,
						  random_chance(0.3) ? values.value[limited[limit]]
											 : random_value(limited[limit]));
		}
		if (random_chance(0.5))
			set_limit(&pref, EVENT_MIN_SCORE, random_chance(0.2) ? 0 : random_unit());
		event_scorer_init(&scorer, &pref);
		naive_score(&pref, &values, &naive);
		expected = naive_within_limits(&pref, &values);
		check(&within, event_within_limits(&scorer, &values) == expected, "limits %u: expected %d",
			  pref.limited, expected);
		/* Every score is at least 0, but other limits can be too close to tell. */
		if (pref.limit[EVENT_MIN_SCORE] > naive.low && pref.limit[EVENT_MIN_SCORE] <= naive.high &&
			pref.limit[EVENT_MIN_SCORE] != 0)
			continue;
		expected &= !naive.excluded;
		if (pref.limited & EVENT_LIMIT_BIT(EVENT_MIN_SCORE))
			expected &= naive.score >= pref.limit[EVENT_MIN_SCORE];
		check(expected ? &accepted : &refused, event_acceptable(&scorer, &values) == expected,
			  "limits %u, score %.20Lg: expected %d", pref.limited, naive.score, expected);
	}
	report(&accepted);
	report(&refused);
	report(&within);
}

/*
 * An index bounds a page by the best value that its rows can have, so a
 * curve may not rise away from its best value by even the last bit.  Many
 * steps are to the next float8, where rounding shows.
 */
static void
test_unimodal(void)
{
	Property curves[CURVES] = {{.name = "gauss is unimodal"},	{.name = "exp is unimodal"},
							   {.name = "linear is unimodal"},	{.name = "saturation never falls"},
							   {.name = "sigmoid never falls"}, {.name = "step is unimodal"}};

	for (long n = random_rounds(300000); n > 0; n--)
	{
		EventCriterion criterion = random_below(EVENT_CRITERIA);
		EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
		EventWish *wish = want(&pref, criterion, random_curve(criterion));
		double low = random_value(criterion);
		double high = random_chance(0.5) ? nextafter(low, 1e300) : random_value(criterion);
		bool grows = wish->curve == EVENT_CURVE_SATURATION || wish->curve == EVENT_CURVE_SIGMOID;
		double swap = low;
		double at_low;
		double at_high;

		if (low > high)
		{
			low = high;
			high = swap;
		}
		random_wish(wish, criterion);
		at_low = utility_of(wish, low);
		at_high = utility_of(wish, high);
		if (grows || high <= wish->origin)
			check(&curves[wish->curve], at_low <= at_high,
				  "%a to %a, origin %a, offset %a, pivot %a, exponent %a: got %.17g and %.17g", low,
				  high, wish->origin, wish->offset, wish->pivot, wish->exponent, at_low, at_high);
		else if (low >= wish->origin)
			check(&curves[wish->curve], at_low >= at_high,
				  "%a to %a, origin %a, offset %a, scale %a, decay %a: got %.17g and %.17g", low,
				  high, wish->origin, wish->offset, wish->scale, wish->decay, at_low, at_high);
	}
	for (int curve = 0; curve < CURVES; curve++)
		report(&curves[curve]);
}

/* The value moved towards the best one, by the last bit or by more. */
static double
better_value(const EventWish *wish, double value)
{
	double best = wish->origin;

	if (wish->curve == EVENT_CURVE_SATURATION || wish->curve == EVENT_CURVE_SIGMOID)
		best = value + random_magnitude(0.01, 1000);
	if (random_chance(0.5))
		return nextafter(value, best);
	return value + (best - value) * random_unit();
}

static void
test_monotone(void)
{
	Property combined[COMBINATIONS] = {{.name = "sum never falls when a value improves"},
									   {.name = "product never falls when a value improves"},
									   {.name = "min never falls when a value improves"}};
	Property rises = {.name = "and may rise"};

	for (long n = random_rounds(150000); n > 0; n--)
	{
		EventPref pref = random_pref();
		EventValues values = random_values(0.8);
		int one = random_below(EVENT_CRITERIA);
		EventScorer scorer;
		double before;
		double after;

		event_scorer_init(&scorer, &pref);
		before = event_score(&scorer, &values, NULL);
		values.value[one] = better_value(&pref.wish[one], values.value[one]);
		after = event_score(&scorer, &values, NULL);
		check(&combined[pref.combine], after >= before,
			  "criterion %d, curve %d: got %.17g after %.17g", one, pref.wish[one].curve, after,
			  before);
		rises.checked += after > before;
	}
	for (int combine = 0; combine < COMBINATIONS; combine++)
		report(&combined[combine]);
	report(&rises);
}

static void
test_perfect(void)
{
	Property perfect[COMBINATIONS] = {{.name = "sum: all at their best is exactly 1"},
									  {.name = "product: all at their best is exactly 1"},
									  {.name = "min: all at their best is exactly 1"}};

	for (long n = random_rounds(30000); n > 0; n--)
	{
		EventPref pref = random_pref();
		EventValues values = random_values(1);

		for (int c = 0; c < EVENT_CRITERIA; c++)
		{
			EventWish *wish = &pref.wish[c];

			if (wish->curve == EVENT_CURVE_SATURATION || wish->curve == EVENT_CURVE_SIGMOID)
				wish->curve = EVENT_CURVE_EXP;
			values.value[c] = wish->origin;
		}
		check(&perfect[pref.combine], score_of(&pref, &values) == 1, "got %.17g",
			  score_of(&pref, &values));
	}
	for (int combine = 0; combine < COMBINATIONS; combine++)
		report(&perfect[combine]);
}

/* Facts as they are stored, and what the curves see of them. */
static void
test_values(void)
{
	Property distance = {.name = "distance from the preference to the event"};
	Property seconds = {.name = "microseconds as seconds"};
	Property heads = {.name = "price and attendees as they are"};

	for (long n = random_rounds(30000); n > 0; n--)
	{
		EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
		EventFacts facts;
		EventScorer scorer;
		EventValues values;
		double place[2] = {random_between(-90, 90), random_between(-180, 180)};
		long double degree = acosl(-1) / 180;
		long double half;

		memset(&facts, 0, sizeof(facts));
		facts.known = EVENT_BIT(EVENT_CRITERIA) - 1;
		facts.price = random_value(EVENT_PRICE);
		facts.attendees = random_value(EVENT_ATTENDEES);
		facts.starts_at = (int64_t) (random_bits() >> 12) - (INT64_C(1) << 51);
		geo_unit_vector(place[0], place[1], facts.xyz);
		pref.latitude = random_between(-90, 90);
		pref.longitude = random_between(-180, 180);
		want(&pref, EVENT_LOCATION, EVENT_CURVE_EXP);
		event_scorer_init(&scorer, &pref);
		event_values(&scorer, &facts, &values);

		/* haversine of the angle */
		half = powl(sinl((place[0] - pref.latitude) * degree / 2), 2) +
			cosl(place[0] * degree) * cosl(pref.latitude * degree) *
				powl(sinl((place[1] - pref.longitude) * degree / 2), 2);
		check(&distance,
			  fabsl(values.value[EVENT_LOCATION] - 2 * 6371.0088L * asinl(sqrtl(half))) <= 1e-3L,
			  "(%.17g %.17g) to (%.17g %.17g): got %.17g", pref.latitude, pref.longitude, place[0],
			  place[1], values.value[EVENT_LOCATION]);
		check(&seconds,
			  fabsl(values.value[EVENT_START] - facts.starts_at / 1e6L) <=
				  fabsl(values.value[EVENT_START]) * 0x1p-53L,
			  "got %.17g", values.value[EVENT_START]);
		check(&heads,
			  values.value[EVENT_PRICE] == facts.price &&
				  values.value[EVENT_ATTENDEES] == facts.attendees,
			  "got %.17g and %.17g", values.value[EVENT_PRICE], values.value[EVENT_ATTENDEES]);
	}
	report(&distance);
	report(&seconds);
	report(&heads);
}

int
main(void)
{
	random_init();
	test_definition();
	test_acceptable();
	test_unimodal();
	test_monotone();
	test_perfect();
	test_values();
	return tap_done();
}
