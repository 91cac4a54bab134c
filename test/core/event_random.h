/*
 * event_random.h
 *	  Random events and preferences, such as people have and such as are at the
 *	  edge of a float, of a calendar or of the globe.
 */
#ifndef SHORTLIST_TEST_EVENT_RANDOM_H
#define SHORTLIST_TEST_EVENT_RANDOM_H

#include "event_cases.h"
#include "random.h"

#include "core/event_bound.h"
#include "core/geo.h"

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

/* --- random events ---------------------------------------------------- */

/* What is at the edge of a float or double, or beyond a float. */
static inline double
edge_amount(void)
{
	static const double edges[] = {0,		0,	   LEAST_DOUBLE, 3 * LEAST_DOUBLE, DBL_MIN, 1e-45,
								   FLT_MIN, 1,	   16777216,	 16777217,		   FLT_MAX, 3.5e38,
								   1e39,	1e300, 1e308,		 DBL_MAX};

	return edges[random_below(LENGTH_OF(edges))];
}

/* A price or attendees. */
static inline double
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
static inline double
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

static inline int64_t
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

static inline int64_t
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

static inline double
clamp(double value, double low, double high)
{
	return fmax(low, fmin(high, value));
}

static inline void
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
static inline void
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

static inline void
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
static inline void
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
static inline int
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

static inline double
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

static inline double
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
static inline double
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

static inline void
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
static inline EventCurve
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
static inline EventPref
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
static inline void
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

/* --- as people have them ------------------------------------------------ */

static inline EventPref
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

static inline void
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

#endif /* SHORTLIST_TEST_EVENT_RANDOM_H */
