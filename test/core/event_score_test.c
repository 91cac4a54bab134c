/*
 * event_score_test.c
 *	  Curves, missing values, combinations and limits in cases computed by
 *	  hand, and at the edges.  Random cases are in event_random_test.c.
 */
#include "event_cases.h"

#include <float.h>
#include <stddef.h>

#include "core/geo.h"
#include "random.h"
#include "tap.h"

static const char *const curve_name[] = {"gauss", "exp", "linear", "saturation", "sigmoid", "step"};

/* scale 10, offset 5, decay 0.5 around an origin, as in Elasticsearch's documentation of its decay functions */
static EventWish
decaying(EventCurve curve, double origin)
{
	EventWish wish;

	memset(&wish, 0, sizeof(wish));
	wish.weight = 1;
	wish.curve = curve;
	wish.origin = origin;
	wish.offset = 5;
	wish.scale = 10;
	wish.decay = 0.5;
	return wish;
}

/* The six digits that are published. */
static void
test_elasticsearch(void)
{
	static const struct
	{
		EventCurve curve;
		double distance;
		long double expected;
	} published[] = {
		{EVENT_CURVE_GAUSS, 10, 0.840896L}, {EVENT_CURVE_EXP, 10, 0.707107L},
		{EVENT_CURVE_LINEAR, 10, 0.75L},	{EVENT_CURVE_GAUSS, 25, 0.0625L},
		{EVENT_CURVE_EXP, 25, 0.25L},		{EVENT_CURVE_LINEAR, 25, 0},
	};
	static const double origins[] = {0, 40, -7, 1e9};

	for (uint32_t i = 0; i < LENGTH_OF(published); i++)
	{
		for (uint32_t o = 0; o < LENGTH_OF(origins); o++)
		{
			EventWish wish = decaying(published[i].curve, origins[o]);
			char name[100];

			for (int side = -1; side <= 1; side += 2)
			{
				snprintf(name, sizeof(name), "published: %s at %g of origin %g",
						 curve_name[published[i].curve], side * published[i].distance, origins[o]);
				is_near(utility_of(&wish, origins[o] + side * published[i].distance),
						published[i].expected, 5e-7L, name);
			}
		}
	}
}

static void
test_decay(void)
{
	static const double decays[] = {0.001, 0.1, 1.0 / 3, 0.5, 0.9, 0.999};
	Property at_scale = {.name = "utility is decay at scale beyond the offset"};
	Property inside = {.name = "utility is exactly 1 inside the offset and at its end"};
	Property outside = {.name = "utility is below 1 beyond the offset"};

	for (int curve = EVENT_CURVE_GAUSS; curve <= EVENT_CURVE_LINEAR; curve++)
	{
		for (uint32_t d = 0; d < LENGTH_OF(decays); d++)
		{
			for (int side = -1; side <= 1; side += 2)
			{
				EventWish wish = decaying(curve, 40);

				wish.decay = decays[d];
				check(&at_scale, fabs(utility_of(&wish, 40 + side * 15) - decays[d]) <= 4e-16,
					  "%s: got %.17g expected %.17g", curve_name[curve],
					  utility_of(&wish, 40 + side * 15), decays[d]);
				check(&inside,
					  utility_of(&wish, 40) == 1 && utility_of(&wish, 40 + side * 4.9) == 1 &&
						  utility_of(&wish, 40 + side * 5) == 1,
					  "%s: got %.17g at the end", curve_name[curve],
					  utility_of(&wish, 40 + side * 5));
				check(&outside, utility_of(&wish, 40 + side * 5.001) < 1, "%s: got %.17g",
					  curve_name[curve], utility_of(&wish, 40 + side * 5.001));
			}
		}
	}
	report(&at_scale);
	report(&inside);
	report(&outside);
}

static void
test_sides(void)
{
	Property free_side = {.name = "the side that is not penalised has utility exactly 1"};
	Property penalised = {.name = "the side that is penalised has the curve of both"};
	Property below = {.name = "scale_below is the scale below the origin, and there alone"};

	for (int curve = EVENT_CURVE_GAUSS; curve <= EVENT_CURVE_STEP; curve++)
	{
		EventWish both = decaying(curve, 100);
		EventWish one = both;
		EventWish narrow = both;

		if (curve == EVENT_CURVE_SATURATION || curve == EVENT_CURVE_SIGMOID)
			continue;
		narrow.scale_below = 2.5;
		for (double away = 0.5; away < 60; away *= 1.5)
		{
			one.side = EVENT_SIDE_ABOVE;
			check(&free_side, utility_of(&one, 100 - away) == 1, "%s, above: got %.17g at -%g",
				  curve_name[curve], utility_of(&one, 100 - away), away);
			check(&penalised, utility_of(&one, 100 + away) == utility_of(&both, 100 + away),
				  "%s, above: got %.17g at %g", curve_name[curve], utility_of(&one, 100 + away),
				  away);
			one.side = EVENT_SIDE_BELOW;
			check(&free_side, utility_of(&one, 100 + away) == 1, "%s, below: got %.17g at %g",
				  curve_name[curve], utility_of(&one, 100 + away), away);
			check(&penalised, utility_of(&one, 100 - away) == utility_of(&both, 100 - away),
				  "%s, below: got %.17g at -%g", curve_name[curve], utility_of(&one, 100 - away),
				  away);
			check(&below, utility_of(&narrow, 100 + away) == utility_of(&both, 100 + away),
				  "%s: got %.17g at %g", curve_name[curve], utility_of(&narrow, 100 + away), away);
			/* a quarter of the scale: as far below as four times that far above */
			if (curve != EVENT_CURVE_STEP)
				check(&below,
					  fabs(utility_of(&narrow, 95 - away) - utility_of(&both, 105 + 4 * away)) <
						  1e-14,
					  "%s: got %.17g at -%g", curve_name[curve], utility_of(&narrow, 95 - away),
					  5 + away);
		}
	}
	report(&free_side);
	report(&penalised);
	report(&below);
}

static void
test_growing(void)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventWish *saturation = want(&pref, EVENT_PRICE, EVENT_CURVE_SATURATION);
	EventWish *sigmoid = want(&pref, EVENT_ATTENDEES, EVENT_CURVE_SIGMOID);
	EventWish step = decaying(EVENT_CURVE_STEP, 40);

	saturation->pivot = 100;
	sigmoid->pivot = 100;
	sigmoid->exponent = 2;
	is_exactly(utility_of(saturation, 0), 0, "saturation of nobody is 0");
	is_exactly(utility_of(saturation, 100), 0.5, "saturation at the pivot is 0.5");
	is_exactly(utility_of(saturation, 300), 0.75, "saturation at three times the pivot is 0.75");
	is_near(utility_of(saturation, 25), 0.2L, 1e-16L, "saturation at a quarter of the pivot is 0.2");
	is_exactly(utility_of(sigmoid, 0), 0, "sigmoid of nobody is 0");
	is_exactly(utility_of(sigmoid, 100), 0.5, "sigmoid at the pivot is 0.5");
	is_near(utility_of(sigmoid, 200), 0.8L, 2e-16L,
			"sigmoid of exponent 2 at twice the pivot is 0.8");
	is_near(utility_of(sigmoid, 50), 0.2L, 2e-16L, "sigmoid of exponent 2 at half the pivot is 0.2");
	sigmoid->exponent = 0.5;
	is_near(utility_of(sigmoid, 400), 2 / 3.0L, 2e-16L,
			"sigmoid of exponent 0.5 at four times it is 2/3");

	is_exactly(utility_of(&step, 45), 1, "step is 1 at the end of the offset");
	is_exactly(utility_of(&step, nextafter(45, 99)), 0, "step is 0 just above it");
	is_exactly(utility_of(&step, 35), 1, "step is 1 at the lower end");
	is_exactly(utility_of(&step, nextafter(35, 0)), 0, "step is 0 just below it");
}

/* weights 3 and 1, utilities 0.5 and 1 */
static void
test_combinations(void)
{
	static const struct
	{
		EventCombine combine;
		long double score;
		long double price;
		long double attendees;
		const char *name;
	} expected[] = {
		{EVENT_COMBINE_SUM, 0.625L, 0.375L, 0.25L, "sum: (3 * 0.5 + 1 * 1) / 4"},
		{EVENT_COMBINE_PRODUCT, 0.59460355750136053336L, 0.59460355750136053336L, 1,
		 "product: 0.5 ^ (3/4)"},
		{EVENT_COMBINE_MIN, 0.5L, 0.5L, 0, "min: 0.5"},
	};

	for (uint32_t i = 0; i < LENGTH_OF(expected); i++)
	{
		EventPref pref = nothing_wanted(expected[i].combine);
		EventValues values = nothing_known();
		EventScorer scorer;
		EventParts parts;

		want(&pref, EVENT_PRICE, EVENT_CURVE_LINEAR)->weight = 3;
		want(&pref, EVENT_ATTENDEES, EVENT_CURVE_STEP);
		know(&values, EVENT_PRICE, 1);
		know(&values, EVENT_ATTENDEES, 0);
		event_scorer_init(&scorer, &pref);
		is_near(event_score(&scorer, &values, &parts), expected[i].score, 2e-16L, expected[i].name);
		is_near(parts.contribution[EVENT_PRICE], expected[i].price, 2e-16L,
				"contribution of the price");
		is_near(parts.contribution[EVENT_ATTENDEES], expected[i].attendees, 2e-16L,
				"contribution of the attendees");
		is_exactly(parts.utility[EVENT_PRICE], 0.5, "utility of the price");
		is_count(parts.used, EVENT_BIT(EVENT_PRICE) | EVENT_BIT(EVENT_ATTENDEES), "both counted");
		is_exactly(event_score(&scorer, &values, NULL), event_score(&scorer, &values, &parts),
				   "the explanation may be left out");
	}
}

/* A price of weight 3 and utility 0.5, and attendees of weight 1 that nobody knows. */
static EventPref
unknown_crowd(EventCombine combine, EventMissing missing, double utility)
{
	EventPref pref = nothing_wanted(combine);
	EventWish *crowd = want(&pref, EVENT_ATTENDEES, EVENT_CURVE_SATURATION);

	want(&pref, EVENT_PRICE, EVENT_CURVE_LINEAR)->weight = 3;
	crowd->missing = missing;
	crowd->missing_utility = utility;
	return pref;
}

static void
test_missing(void)
{
	static const struct
	{
		EventCombine combine;
		EventMissing missing;
		double utility;
		long double score;
		const char *name;
	} expected[] = {
		{EVENT_COMBINE_SUM, EVENT_MISSING_UTILITY, 0, 0.375L, "sum, worst"},
		{EVENT_COMBINE_SUM, EVENT_MISSING_UTILITY, 0.8, 0.575L, "sum, 0.8"},
		{EVENT_COMBINE_SUM, EVENT_MISSING_SKIP, 0, 0.5L, "sum, skip: the price alone"},
		{EVENT_COMBINE_SUM, EVENT_MISSING_EXCLUDE, 0, 0, "sum, exclude"},
		{EVENT_COMBINE_PRODUCT, EVENT_MISSING_UTILITY, 0, 0, "product, worst"},
		{EVENT_COMBINE_PRODUCT, EVENT_MISSING_UTILITY, 1, 0.59460355750136053336L, "product, 1"},
		{EVENT_COMBINE_PRODUCT, EVENT_MISSING_SKIP, 0, 0.5L, "product, skip"},
		{EVENT_COMBINE_PRODUCT, EVENT_MISSING_EXCLUDE, 1, 0, "product, exclude"},
		{EVENT_COMBINE_MIN, EVENT_MISSING_UTILITY, 0.25, 0.25L, "min, 0.25"},
		{EVENT_COMBINE_MIN, EVENT_MISSING_SKIP, 0, 0.5L, "min, skip"},
		{EVENT_COMBINE_MIN, EVENT_MISSING_EXCLUDE, 1, 0, "min, exclude"},
	};
	EventValues values = nothing_known();

	know(&values, EVENT_PRICE, 1);
	/* What is not known is not looked at. */
	values.value[EVENT_ATTENDEES] = 1e9;
	for (uint32_t i = 0; i < LENGTH_OF(expected); i++)
	{
		EventPref pref =
			unknown_crowd(expected[i].combine, expected[i].missing, expected[i].utility);
		bool excluded = expected[i].missing == EVENT_MISSING_EXCLUDE;
		unsigned used = expected[i].missing == EVENT_MISSING_UTILITY
			? EVENT_BIT(EVENT_PRICE) | EVENT_BIT(EVENT_ATTENDEES)
			: EVENT_BIT(EVENT_PRICE);
		EventScorer scorer;
		EventParts parts;

		event_scorer_init(&scorer, &pref);
		is_near(event_score(&scorer, &values, &parts), expected[i].score, 2e-16L, expected[i].name);
		ok(parts.excluded == excluded && event_acceptable(&scorer, &values) == !excluded, "%s: %s",
		   expected[i].name, excluded ? "not acceptable" : "acceptable");
		is_count(parts.used, used, "what counted");
	}
}

static void
test_nothing_left(void)
{
	EventPref pref = unknown_crowd(EVENT_COMBINE_SUM, EVENT_MISSING_SKIP, 0);
	EventValues values = nothing_known();
	EventScorer scorer;
	EventParts parts;

	pref.wish[EVENT_PRICE].missing = EVENT_MISSING_SKIP;
	for (int combine = EVENT_COMBINE_SUM; combine <= EVENT_COMBINE_MIN; combine++)
	{
		pref.combine = combine;
		event_scorer_init(&scorer, &pref);
		is_exactly(event_score(&scorer, &values, &parts), 0, "everything skipped: 0");
		ok(parts.used == 0 && !parts.excluded, "nothing counted, nothing excluded");
		ok(event_acceptable(&scorer, &values), "acceptable without limits");
	}
	set_limit(&pref, EVENT_MIN_SCORE, 0.1);
	ok(!is_acceptable(&pref, &values), "everything skipped fails a least score");
}

/* A criterion of weight 0 is as if it were not there, except that its place serves max_km. */
static void
test_weight_zero(void)
{
	EventPref pref = unknown_crowd(EVENT_COMBINE_SUM, EVENT_MISSING_EXCLUDE, 0);
	EventValues unknown = nothing_known();
	EventValues crowded;

	know(&unknown, EVENT_PRICE, 1);
	crowded = unknown;
	know(&crowded, EVENT_ATTENDEES, 0);
	pref.wish[EVENT_ATTENDEES].weight = 0;
	for (int combine = EVENT_COMBINE_SUM; combine <= EVENT_COMBINE_MIN; combine++)
	{
		pref.combine = combine;
		is_exactly(score_of(&pref, &unknown), 0.5, "weight 0 and unknown: not excluded");
		is_exactly(score_of(&pref, &crowded), 0.5, "weight 0 and utility 0: does not count");
		ok(is_acceptable(&pref, &unknown), "weight 0 and unknown: acceptable");
	}
}

static void
test_limits(void)
{
	static const struct
	{
		EventLimit limit;
		EventCriterion criterion;
		bool at;
		bool above;
		bool below;
		const char *name;
	} expected[] = {
		{EVENT_MAX_KM, EVENT_LOCATION, true, false, true, "max_km"},
		{EVENT_MAX_PRICE, EVENT_PRICE, true, false, true, "max_price"},
		{EVENT_MIN_ATTENDEES, EVENT_ATTENDEES, true, true, false, "min_attendees"},
		{EVENT_MAX_ATTENDEES, EVENT_ATTENDEES, true, false, true, "max_attendees"},
		{EVENT_AFTER, EVENT_START, true, true, false, "after"},
		{EVENT_BEFORE, EVENT_START, false, false, true, "before"},
	};

	for (uint32_t i = 0; i < LENGTH_OF(expected); i++)
	{
		EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
		EventValues unknown = nothing_known();
		EventValues values;

		/* The score is 1 throughout, and what is unknown elsewhere does no harm. */
		want(&pref, EVENT_PRICE, EVENT_CURVE_STEP)->missing_utility = 1;
		pref.wish[EVENT_PRICE].offset = 1e6;
		ok(is_acceptable(&pref, &unknown), "%s not set: holds", expected[i].name);
		set_limit(&pref, expected[i].limit, 50);
		values = unknown;
		know(&values, expected[i].criterion, 50);
		ok(is_acceptable(&pref, &values) == expected[i].at, "%s at the limit: %s", expected[i].name,
		   expected[i].at ? "holds" : "fails");
		know(&values, expected[i].criterion, nextafter(50, 99));
		ok(is_acceptable(&pref, &values) == expected[i].above, "%s just above it: %s",
		   expected[i].name, expected[i].above ? "holds" : "fails");
		know(&values, expected[i].criterion, nextafter(50, 0));
		ok(is_acceptable(&pref, &values) == expected[i].below, "%s just below it: %s",
		   expected[i].name, expected[i].below ? "holds" : "fails");
		unknown.value[expected[i].criterion] = expected[i].below ? 1 : 99;
		ok(!is_acceptable(&pref, &unknown), "%s of an unknown value: fails", expected[i].name);
	}
}

static void
test_min_score(void)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventValues values = nothing_known();
	EventScorer scorer;
	double score;

	want(&pref, EVENT_PRICE, EVENT_CURVE_EXP)->scale = 3;
	know(&values, EVENT_PRICE, 1);
	score = score_of(&pref, &values);
	set_limit(&pref, EVENT_MIN_SCORE, score);
	ok(is_acceptable(&pref, &values), "a score equal to min_score suffices");
	set_limit(&pref, EVENT_MIN_SCORE, nextafter(score, 1));
	ok(is_acceptable(&pref, &values), "a score below min_score by rounding alone suffices");
	set_limit(&pref, EVENT_MIN_SCORE, score + 1e-9);
	ok(!is_acceptable(&pref, &values), "a score just below min_score does not");
	event_scorer_init(&scorer, &pref);
	ok(event_within_limits(&scorer, &values), "min_score is not one of the limits of values");
}

static void
test_values(void)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventFacts facts;
	EventScorer scorer;
	EventValues values;

	memset(&facts, 0, sizeof(facts));
	facts.version = EVENT_FACTS_VERSION;
	facts.known = EVENT_BIT(EVENT_LOCATION) | EVENT_BIT(EVENT_PRICE) | EVENT_BIT(EVENT_START);
	geo_unit_vector(48.8566, 2.3522, facts.xyz);
	facts.price = 12.5;
	facts.starts_at = INT64_C(-1500001);
	pref.latitude = 51.5072;
	pref.longitude = -0.1276;

	want(&pref, EVENT_LOCATION, EVENT_CURVE_EXP);
	event_scorer_init(&scorer, &pref);
	event_values(&scorer, &facts, &values);
	is_count(values.known, facts.known, "what is known");
	is_near(values.value[EVENT_LOCATION], 343.53033999857168470L, 1e-11L, "London to Paris in km");
	is_exactly(values.value[EVENT_PRICE], 12.5, "the price");
	is_exactly(values.value[EVENT_START], -1.500001, "microseconds become seconds");

	facts.known = EVENT_BIT(EVENT_ATTENDEES);
	facts.attendees = 80;
	event_values(&scorer, &facts, &values);
	is_count(values.known, facts.known, "only the attendees are known");
	is_exactly(values.value[EVENT_ATTENDEES], 80, "the attendees");

	/* A weight of 0 does not count, but max_km is measured all the same. */
	pref.wish[EVENT_LOCATION].weight = 0;
	want(&pref, EVENT_ATTENDEES, EVENT_CURVE_STEP);
	facts.known |= EVENT_BIT(EVENT_LOCATION);
	set_limit(&pref, EVENT_MAX_KM, 343.53);
	event_scorer_init(&scorer, &pref);
	event_values(&scorer, &facts, &values);
	ok(!event_within_limits(&scorer, &values), "343.530 km are more than 343.53");
	pref.limit[EVENT_MAX_KM] = 343.54;
	event_scorer_init(&scorer, &pref);
	event_values(&scorer, &facts, &values);
	ok(event_within_limits(&scorer, &values), "343.530 km are less than 343.54");
}

/* What is stored has these sizes for ever. */
static void
test_layout(void)
{
	is_count(sizeof(EventFacts), 72, "size of stored facts");
	is_count(offsetof(EventFacts, latitude), 8, "facts: numbers begin at byte 8");
	is_count(offsetof(EventFacts, xyz), 48, "facts: unit vector at byte 48");
	is_count(sizeof(EventWish), 80, "size of a stored wish");
	is_count(offsetof(EventWish, present), 72, "wish: small fields begin at byte 72");
	is_count(sizeof(EventPref), 400, "size of a stored preference");
	is_count(offsetof(EventPref, limit), 24, "preference: limits begin at byte 24");
	is_count(offsetof(EventPref, wish), 80, "preference: wishes begin at byte 80");
}

static const double extreme[] = {0,		0x1p-1074, 0x1p-1073, 1e-308, DBL_MIN, 1e-300,
								 1e-20, 1,		   1e20,	  1e300,  1e308,   DBL_MAX};
#define EXTREMES LENGTH_OF(extreme)

static double
random_extreme(bool positive, bool with_sign)
{
	double value = extreme[positive ? 1 + random_below(EXTREMES - 1) : random_below(EXTREMES)];

	return with_sign && random_chance(0.5) ? -value : value;
}

static void
test_extreme_decay(void)
{
	static const double decays[] = {0x1p-1074, 1e-308, 1e-20, 0.5, 0x1.fffffffffffffp-1};
	Property range = {.name = "gauss, exp, linear, step of huge and tiny values: in [0,1]"};
	Property best = {.name = "and 1 at the origin"};

	for (long n = random_rounds(200000); n > 0; n--)
	{
		EventWish wish = decaying(random_below(3), random_extreme(false, true));
		double value = random_extreme(false, true);
		double utility;

		if (random_chance(0.1))
			wish.curve = EVENT_CURVE_STEP;
		wish.offset = random_extreme(false, false);
		wish.scale = random_extreme(true, false);
		wish.scale_below = random_extreme(false, false);
		wish.decay = decays[random_below(LENGTH_OF(decays))];
		wish.side = random_below(3);
		utility = utility_of(&wish, value);
		check(&range, utility >= 0 && utility <= 1,
			  "%s of %g, origin %g, offset %g, scale %g, decay %g: got %g", curve_name[wish.curve],
			  value, wish.origin, wish.offset, wish.scale, wish.decay, utility);
		check(&best, utility_of(&wish, wish.origin) == 1, "%s, origin %g, scale %g: got %g",
			  curve_name[wish.curve], wish.origin, wish.scale, utility_of(&wish, wish.origin));
	}
	report(&range);
	report(&best);
}

static void
test_extreme_growth(void)
{
	Property range = {.name = "saturation and sigmoid of huge and tiny values: in [0,1]"};
	Property saturates = {.name = "saturation of huge and tiny values: the definition"};
	Property bends = {.name = "sigmoid of huge and tiny values: the definition"};
	Property half = {.name = "0.5 at the pivot, however huge or tiny"};

	for (uint32_t c = 0; c < EXTREMES * EXTREMES * EXTREMES; c++)
	{
		EventWish wish = decaying(EVENT_CURVE_SATURATION, 0);
		long double value = extreme[c % EXTREMES];
		double utility;
		double ratio;

		wish.pivot = extreme[c / EXTREMES % EXTREMES];
		wish.exponent = extreme[c / EXTREMES / EXTREMES];
		if (wish.pivot == 0 || wish.exponent == 0)
			continue;
		utility = utility_of(&wish, (double) value);
		check(&range, utility >= 0 && utility <= 1, "saturation of %Lg, pivot %g: got %g", value,
			  wish.pivot, utility);
		check(&saturates, fabsl(utility - value / (value + wish.pivot)) <= 1e-15L,
			  "%Lg, pivot %g: got %g expected %Lg", value, wish.pivot, utility,
			  value / (value + wish.pivot));
		check(&half, utility_of(&wish, wish.pivot) == 0.5, "saturation, pivot %g: got %g",
			  wish.pivot, utility_of(&wish, wish.pivot));

		wish.curve = EVENT_CURVE_SIGMOID;
		utility = utility_of(&wish, (double) value);
		ratio = value > 0 ? wish.pivot / (double) value : 0;
		check(&range, utility >= 0 && utility <= 1, "sigmoid of %Lg, pivot %g, exponent %g: got %g",
			  value, wish.pivot, wish.exponent, utility);
		/* Where float8 has no ratio of the two, and no exact one, the limit has to do. */
		if (ratio >= DBL_MIN && ratio <= DBL_MAX)
			check(&bends, fabsl(utility - 1 / (1 + powl(ratio, wish.exponent))) <= 1e-14L,
				  "%Lg, pivot %g, exponent %g: got %g", value, wish.pivot, wish.exponent, utility);
		check(&half, utility_of(&wish, wish.pivot) == 0.5, "sigmoid, pivot %g, exponent %g: got %g",
			  wish.pivot, wish.exponent, utility_of(&wish, wish.pivot));
	}
	report(&range);
	report(&saturates);
	report(&bends);
	report(&half);
}

/* Weights from the least to a quarter of the greatest, so that their sum is finite. */
static void
test_extreme_weights(void)
{
	static const double weights[] = {0x1p-1074, 1e-308, 1e-20, 1, 1e20, DBL_MAX / 4};
	Property range = {.name = "huge and tiny weights: in [0,1]"};
	Property perfect = {.name = "huge and tiny weights: a perfect event is exactly 1"};

	for (long n = random_rounds(50000); n > 0; n--)
	{
		EventPref pref = nothing_wanted(random_below(3));
		EventValues values = nothing_known();
		double score;

		for (int c = 0; c < EVENT_CRITERIA; c++)
		{
			want(&pref, c, random_below(3))->weight = weights[random_below(LENGTH_OF(weights))];
			know(&values, c, random_chance(0.3) ? 0 : random_extreme(false, c == EVENT_START));
		}
		score = score_of(&pref, &values);
		check(&range, score >= 0 && score <= 1, "combination %d: got %g", pref.combine, score);
		for (int c = 0; c < EVENT_CRITERIA; c++)
			values.value[c] = 0;
		check(&perfect, score_of(&pref, &values) == 1, "combination %d: got %.17g", pref.combine,
			  score_of(&pref, &values));
	}
	report(&range);
	report(&perfect);
}

int
main(void)
{
	random_init();
	test_elasticsearch();
	test_decay();
	test_sides();
	test_growing();
	test_combinations();
	test_missing();
	test_nothing_left();
	test_weight_zero();
	test_limits();
	test_min_score();
	test_values();
	test_layout();
	test_extreme_decay();
	test_extreme_growth();
	test_extreme_weights();
	return tap_done();
}
