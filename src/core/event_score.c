/*
 * event_score.c
 *	  Curves, missing values, combinations and limits.
 */
#include "core/event_score.h"

#include <math.h>
#include <stddef.h>

#include "core/geo.h"
#include "core/share.h"

/* Shares of the weights among a set of criteria. */
static void
cut_shares(EventScorer *scorer, unsigned set)
{
	ShareCutter cutter = {0, 0, 0};

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (set & EVENT_BIT(c))
			cutter.total += scorer->pref.wish[c].weight;
	}
	for (int c = 0; c < EVENT_CRITERIA; c++)
		scorer->share[set][c] =
			(set & EVENT_BIT(c)) ? share_next(&cutter, scorer->pref.wish[c].weight) : 0;
}

void
event_scorer_init(EventScorer *scorer, const EventPref *pref)
{
	scorer->pref = *pref;
	scorer->counts = 0;
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &pref->wish[c];

		scorer->log_decay[c] = log(wish->decay);
		if (wish->weight > 0)
			scorer->counts |= EVENT_BIT(c);
	}
	for (unsigned set = 0; set < 1 << EVENT_CRITERIA; set++)
	{
		if ((set & ~scorer->counts) == 0)
			cut_shares(scorer, set);
	}
	scorer->needs_distance = (scorer->counts & EVENT_BIT(EVENT_LOCATION)) ||
		(pref->limited & EVENT_LIMIT_BIT(EVENT_MAX_KM));
	geo_unit_vector(pref->latitude, pref->longitude, scorer->xyz);
	scorer->far = INFINITY;
}

#define EXP_IS_ZERO 750		  /* exp() of less than its negative is 0 in float8 */
#define FAR_MARGIN (1 + 1e-9) /* more than all rounding on the way */

void
event_scorer_skip_far(EventScorer *scorer)
{
	const EventWish *wish = &scorer->pref.wish[EVENT_LOCATION];
	double reach = INFINITY;

	/* A limit wants the true distance. */
	if (scorer->pref.limited & EVENT_LIMIT_BIT(EVENT_MAX_KM))
		return;
	if (wish->curve == EVENT_CURVE_EXP)
		reach = wish->scale * (EXP_IS_ZERO / -scorer->log_decay[EVENT_LOCATION]);
	else if (wish->curve == EVENT_CURVE_GAUSS)
		reach = wish->scale * sqrt(EXP_IS_ZERO / -scorer->log_decay[EVENT_LOCATION]);
	else if (wish->curve == EVENT_CURVE_LINEAR)
		reach = wish->scale / (1 - wish->decay);
	else if (wish->curve == EVENT_CURVE_STEP)
		reach = 0;
	reach = (reach + wish->offset) * FAR_MARGIN;

	/* All distances are >= 0 and so above the origin: a side that is not penalised is never far. */
	if (wish->side != EVENT_SIDE_BELOW)
		scorer->far = geo_km_chord_squared(reach) * FAR_MARGIN;
}

void
event_values(const EventScorer *scorer, const EventFacts *facts, EventValues *values)
{
	values->known = facts->known;
	values->value[EVENT_LOCATION] = 0;
	if (scorer->needs_distance && (facts->known & EVENT_BIT(EVENT_LOCATION)))
	{
		values->value[EVENT_LOCATION] = geo_chord_squared(scorer->xyz, facts->xyz) > scorer->far
			? INFINITY
			: geo_km(scorer->xyz, facts->xyz);
	}
	values->value[EVENT_PRICE] = facts->price;
	values->value[EVENT_ATTENDEES] = facts->attendees;
	values->value[EVENT_START] = event_seconds(facts->starts_at);
}

double
event_utility(const EventScorer *scorer, EventCriterion criterion, double value)
{
	const EventWish *wish = &scorer->pref.wish[criterion];
	bool below = value < wish->origin;
	double scale = below && wish->scale_below > 0 ? wish->scale_below : wish->scale;
	double x = fabs(value - wish->origin) - wish->offset;
	double loss;

	if (x < 0 || wish->side == (below ? EVENT_SIDE_ABOVE : EVENT_SIDE_BELOW))
		x = 0;
	switch ((EventCurve) wish->curve)
	{
		case EVENT_CURVE_GAUSS:
			/* x / scale first: its square may be infinite, but is never 0 * infinity */
			return exp((x / scale) * (x / scale) * scorer->log_decay[criterion]);
		case EVENT_CURVE_EXP:
			return exp(x / scale * scorer->log_decay[criterion]);
		case EVENT_CURVE_LINEAR:
			loss = x / scale * (1 - wish->decay);
			return loss < 1 ? 1 - loss : 0;

		case EVENT_CURVE_SATURATION:
			/* v stands once, so that rounding keeps it monotone, and no sum overflows */
			return value > 0 ? 1 / (1 + wish->pivot / value) : 0;
		case EVENT_CURVE_SIGMOID:
			return value > 0 ? 1 / (1 + pow(wish->pivot / value, wish->exponent)) : 0;
		case EVENT_CURVE_STEP:
			return x > 0 ? 0 : 1;
	}
	return 0;
}

/* Utilities of what counts in this row. */
static inline void
weigh_criteria(const EventScorer *scorer, const EventValues *values, EventParts *parts)
{
	parts->used = 0;
	parts->excluded = false;
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &scorer->pref.wish[c];

		parts->utility[c] = parts->contribution[c] = 0;
		if (!(scorer->counts & EVENT_BIT(c)))
			continue;
		if (values->known & EVENT_BIT(c))
			parts->utility[c] = event_utility(scorer, c, values->value[c]);
		else if (wish->missing == EVENT_MISSING_UTILITY)
			parts->utility[c] = wish->missing_utility;
		else
		{
			parts->excluded |= wish->missing == EVENT_MISSING_EXCLUDE;
			continue;
		}
		parts->used |= EVENT_BIT(c);
	}
}

static double
combine_sum(const double *share, EventParts *parts)
{
	double score = 0;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (!(parts->used & EVENT_BIT(c)))
			continue;
		parts->contribution[c] = share[c] * parts->utility[c];
		score += parts->contribution[c];
	}
	return score;
}

static double
combine_product(const double *share, EventParts *parts)
{
	double log_score = 0;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		double log_factor;

		if (!(parts->used & EVENT_BIT(c)))
			continue;
		/* 0 is 0 whatever the weight, also where it is too small to have a share. */
		log_factor = parts->utility[c] > 0 ? share[c] * log(parts->utility[c]) : -INFINITY;
		parts->contribution[c] = exp(log_factor);
		log_score += log_factor;
	}
	return exp(log_score);
}

static double
combine_min(EventParts *parts)
{
	double score = 1;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if ((parts->used & EVENT_BIT(c)) && parts->utility[c] < score)
			score = parts->utility[c];
	}
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if ((parts->used & EVENT_BIT(c)) && parts->utility[c] == score)
			parts->contribution[c] = score;
	}
	return score;
}

double
event_combine(const EventScorer *scorer, EventParts *parts)
{
	if (parts->excluded || parts->used == 0)
		return 0;
	switch ((EventCombine) scorer->pref.combine)
	{
		case EVENT_COMBINE_SUM:
			return combine_sum(scorer->share[parts->used], parts);
		case EVENT_COMBINE_PRODUCT:
			return combine_product(scorer->share[parts->used], parts);
		case EVENT_COMBINE_MIN:
			return combine_min(parts);
	}
	return 0;
}

double
event_score(const EventScorer *scorer, const EventValues *values, EventParts *parts)
{
	EventParts local;

	if (parts == NULL)
		parts = &local;
	weigh_criteria(scorer, values, parts);
	return event_combine(scorer, parts);
}

static bool
is_limited(const EventScorer *scorer, EventLimit limit)
{
	return (scorer->pref.limited & EVENT_LIMIT_BIT(limit)) != 0;
}

bool
event_limits_may_hold(const EventScorer *scorer, unsigned known, const double low[EVENT_CRITERIA],
					  const double high[EVENT_CRITERIA])
{
	static const struct
	{
		EventLimit limit;
		EventCriterion criterion;
	} asked[] = {
		{EVENT_MAX_KM, EVENT_LOCATION},
		{EVENT_MAX_PRICE, EVENT_PRICE},
		{EVENT_MIN_ATTENDEES, EVENT_ATTENDEES},
		{EVENT_MAX_ATTENDEES, EVENT_ATTENDEES},
		{EVENT_AFTER, EVENT_START},
		{EVENT_BEFORE, EVENT_START},
	};

	for (unsigned i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
	{
		EventCriterion criterion = asked[i].criterion;
		double limit = scorer->pref.limit[asked[i].limit];
		bool holds;

		if (!is_limited(scorer, asked[i].limit))
			continue;
		if (asked[i].limit == EVENT_MIN_ATTENDEES || asked[i].limit == EVENT_AFTER)
			holds = high[criterion] >= limit;
		else if (asked[i].limit == EVENT_BEFORE)
			holds = low[criterion] < limit;
		else
			holds = low[criterion] <= limit;
		if (!holds || !(known & EVENT_BIT(criterion)))
			return false;
	}
	return true;
}

bool
event_within_limits(const EventScorer *scorer, const EventValues *values)
{
	return event_limits_may_hold(scorer, values->known, values->value, values->value);
}

bool
event_score_suffices(const EventScorer *scorer, double score)
{
	return !is_limited(scorer, EVENT_MIN_SCORE) ||
		score >= scorer->pref.limit[EVENT_MIN_SCORE] - SCORE_TOLERANCE;
}

bool
event_acceptable(const EventScorer *scorer, const EventValues *values)
{
	EventParts parts;

	return event_within_limits(scorer, values) &&
		event_score_suffices(scorer, event_score(scorer, values, &parts)) && !parts.excluded;
}
