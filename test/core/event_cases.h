/*
 * event_cases.h
 *	  Building preferences and values, and the score computed naively: in long
 *	  double, straight from its definition.
 */
#ifndef SHORTLIST_TEST_EVENT_CASES_H
#define SHORTLIST_TEST_EVENT_CASES_H

#include "core/event_score.h"

#include <math.h>
#include <string.h>

#define LENGTH_OF(array) ((uint32_t) (sizeof(array) / sizeof((array)[0])))

/* A preference that wants nothing yet. */
static inline EventPref
nothing_wanted(EventCombine combine)
{
	EventPref pref;

	memset(&pref, 0, sizeof(pref));
	pref.version = EVENT_PREF_VERSION;
	pref.combine = combine;
	for (int c = 0; c < EVENT_CRITERIA; c++)
		pref.wish[c].decay = 0.5;
	return pref;
}

/* Wants the criterion with weight 1, scale 1, pivot 1 and exponent 1. */
static inline EventWish *
want(EventPref *pref, EventCriterion criterion, EventCurve curve)
{
	EventWish *wish = &pref->wish[criterion];

	wish->present = 1;
	wish->weight = 1;
	wish->curve = curve;
	wish->scale = 1;
	wish->pivot = 1;
	wish->exponent = 1;
	return wish;
}

static inline void
set_limit(EventPref *pref, EventLimit limit, double value)
{
	pref->limited |= EVENT_LIMIT_BIT(limit);
	pref->limit[limit] = value;
}

static inline EventValues
nothing_known(void)
{
	EventValues values = {0, {0, 0, 0, 0}};

	return values;
}

static inline void
know(EventValues *values, EventCriterion criterion, double value)
{
	values->known |= EVENT_BIT(criterion);
	values->value[criterion] = value;
}

/* The utility of one wish, as a whole preference of its own. */
static inline double
utility_of(const EventWish *wish, double value)
{
	EventPref pref = nothing_wanted(EVENT_COMBINE_SUM);
	EventScorer scorer;

	pref.wish[EVENT_PRICE] = *wish;
	event_scorer_init(&scorer, &pref);
	return event_utility(&scorer, EVENT_PRICE, value);
}

static inline double
score_of(const EventPref *pref, const EventValues *values)
{
	EventScorer scorer;

	event_scorer_init(&scorer, pref);
	return event_score(&scorer, values, NULL);
}

static inline bool
is_acceptable(const EventPref *pref, const EventValues *values)
{
	EventScorer scorer;

	event_scorer_init(&scorer, pref);
	return event_acceptable(&scorer, values);
}

/* The definitions, computed naively. */

static inline long double
naive_x(const EventWish *wish, long double v)
{
	long double away = v - wish->origin;

	if (wish->side == EVENT_SIDE_ABOVE && away < 0)
		return 0;
	if (wish->side == EVENT_SIDE_BELOW && away > 0)
		return 0;
	return fmaxl(0, fabsl(away) - wish->offset);
}

static inline long double
naive_scale(const EventWish *wish, long double v)
{
	return v < wish->origin && wish->scale_below > 0 ? wish->scale_below : wish->scale;
}

static inline long double
naive_utility(const EventWish *wish, long double v)
{
	long double x = naive_x(wish, v);
	long double scale = naive_scale(wish, v);

	switch ((EventCurve) wish->curve)
	{
		case EVENT_CURVE_GAUSS:
			return expl(x * x * logl(wish->decay) / (scale * scale));
		case EVENT_CURVE_EXP:
			return expl(x * logl(wish->decay) / scale);
		case EVENT_CURVE_LINEAR:
			return fmaxl(0, 1 - x * (1 - (long double) wish->decay) / scale);
		case EVENT_CURVE_SATURATION:
			return v / (v + wish->pivot);
		case EVENT_CURVE_SIGMOID:
			return powl(v, wish->exponent) /
				(powl(v, wish->exponent) + powl(wish->pivot, wish->exponent));
		case EVENT_CURVE_STEP:
			return x == 0 ? 1 : 0;
	}
	return NAN;
}

/*
 * What float8 may add to a utility: x has two roundings, magnified by the
 * slope of the curve; a sigmoid's base is magnified by its exponent; and a few
 * more roundings.
 */
static inline long double
utility_tolerance(const EventWish *wish, long double v)
{
	long double x_error = fabsl(v - wish->origin) * 2 * 0x1p-53L;

	if (wish->curve == EVENT_CURVE_SATURATION || wish->curve == EVENT_CURVE_STEP)
		return wish->curve == EVENT_CURVE_STEP ? 0 : 5e-16L;
	if (wish->curve == EVENT_CURVE_SIGMOID)
		return 5e-16L * (1 + wish->exponent);
	return 1e-15L + x_error / naive_scale(wish, v) * (1 - logl(wish->decay));
}

/* A score, and the range in which a float8 score may be. */
typedef struct NaiveScore
{
	bool excluded;
	unsigned used;
	long double utility[EVENT_CRITERIA];
	long double score;
	long double low;
	long double high;
} NaiveScore;

static inline long double
naive_combine(const EventPref *pref, unsigned used, const long double *utility)
{
	long double total = 0;
	long double sum = 0;
	long double product = 1;
	long double least = 1;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (used & EVENT_BIT(c))
			total += pref->wish[c].weight;
	}
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (!(used & EVENT_BIT(c)))
			continue;
		sum += pref->wish[c].weight * utility[c] / total;
		product *= powl(utility[c], pref->wish[c].weight / total);
		least = fminl(least, utility[c]);
	}
	if (pref->combine == EVENT_COMBINE_SUM)
		return sum;
	return pref->combine == EVENT_COMBINE_PRODUCT ? product : least;
}

static inline void
naive_score(const EventPref *pref, const EventValues *values, NaiveScore *naive)
{
	long double low[EVENT_CRITERIA] = {0};
	long double high[EVENT_CRITERIA] = {0};

	memset(naive, 0, sizeof(*naive));
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &pref->wish[c];
		bool known = values->known & EVENT_BIT(c);
		long double tolerance = known ? utility_tolerance(wish, values->value[c]) : 0;

		if (wish->weight == 0 || (!known && wish->missing == EVENT_MISSING_SKIP))
			continue;
		if (!known && wish->missing == EVENT_MISSING_EXCLUDE)
		{
			naive->excluded = true;
			continue;
		}
		naive->used |= EVENT_BIT(c);
		naive->utility[c] = known ? naive_utility(wish, values->value[c]) : wish->missing_utility;
		low[c] = fmaxl(0, naive->utility[c] - tolerance);
		high[c] = fminl(1, naive->utility[c] + tolerance);
	}
	if (naive->excluded || naive->used == 0)
		return;
	naive->score = naive_combine(pref, naive->used, naive->utility);
	naive->low = naive_combine(pref, naive->used, low) - 2e-15L;
	naive->high = naive_combine(pref, naive->used, high) + 2e-15L;
}

static inline bool
naive_limit_holds(EventLimit limit, double bound, const EventValues *values)
{
	bool place = values->known & EVENT_BIT(EVENT_LOCATION);
	bool price = values->known & EVENT_BIT(EVENT_PRICE);
	bool attendees = values->known & EVENT_BIT(EVENT_ATTENDEES);
	bool start = values->known & EVENT_BIT(EVENT_START);

	switch (limit)
	{
		case EVENT_MAX_KM:
			return place && !(values->value[EVENT_LOCATION] > bound);
		case EVENT_MAX_PRICE:
			return price && !(values->value[EVENT_PRICE] > bound);
		case EVENT_MIN_ATTENDEES:
			return attendees && !(values->value[EVENT_ATTENDEES] < bound);
		case EVENT_MAX_ATTENDEES:
			return attendees && !(values->value[EVENT_ATTENDEES] > bound);
		case EVENT_AFTER:
			return start && !(values->value[EVENT_START] < bound);
		case EVENT_BEFORE:
			return start && !(values->value[EVENT_START] >= bound);
		case EVENT_MIN_SCORE:
			return true;
	}
	return false;
}

static inline bool
naive_within_limits(const EventPref *pref, const EventValues *values)
{
	for (int limit = 0; limit < EVENT_LIMITS; limit++)
	{
		if ((pref->limited & EVENT_LIMIT_BIT(limit)) &&
			!naive_limit_holds((EventLimit) limit, pref->limit[limit], values))
			return false;
	}
	return true;
}

#endif /* SHORTLIST_TEST_EVENT_CASES_H */
