/*
 * event_bound.c
 *	  The best score that any event of a region can have.
 */
#include "core/event_bound.h"

#include <float.h>
#include <math.h>
#include <stddef.h>

#include "core/geo.h"
#include "core/share.h"

/*
 * All that a bound does to the values is monotone in float8, but for libm,
 * which may be off by about an ulp (1.1e-16, relative), and for distances of
 * a quarter of the globe (6.4e-15, see geo_chord_km_at_least()).  The distance
 * is slackened by itself, since a curve much narrower than it is far would
 * magnify its error; what follows it cannot magnify more than the last slack.
 */
#define DISTANCE_SLACK 1e-14 /* relative */
#define SCORE_SLACK 1e-14

void
event_box_of(const EventFacts *facts, EventBox *box)
{
	double value[EVENT_DIMENSIONS] = {facts->xyz[0],	facts->xyz[1],
									  facts->xyz[2],	facts->price,
									  facts->attendees, event_seconds(facts->starts_at)};

	box->known = facts->known;
	box->unknown = (1 << EVENT_CRITERIA) - 1 - facts->known;
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		box->low[d] = float_not_above(value[d]);
		box->high[d] = float_not_below(value[d]);
	}
}

void
event_box_extend(EventBox *box, const EventBox *other)
{
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		unsigned bit = EVENT_BIT(event_dimension_criterion(d));

		if (!(other->known & bit))
			continue;
		if (!(box->known & bit) || other->low[d] < box->low[d])
			box->low[d] = other->low[d];
		if (!(box->known & bit) || other->high[d] > box->high[d])
			box->high[d] = other->high[d];
	}
	box->known |= other->known;
	box->unknown |= other->unknown;
}

bool
event_box_contains(const EventBox *box, const EventBox *other)
{
	if ((other->known & ~box->known) != 0 || (other->unknown & ~box->unknown) != 0)
		return false;
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		if (!(other->known & EVENT_BIT(event_dimension_criterion(d))))
			continue;
		if (!(box->low[d] <= other->low[d] && other->high[d] <= box->high[d]))
			return false;
	}
	return true;
}

/* Squared distances from the preference's place to the nearest and the farthest point of the box. */
static inline double
nearest_chord_squared(const EventScorer *scorer, const EventBox *box)
{
	double sum = 0;

	for (int d = 0; d < 3; d++)
	{
		double below = box->low[d] - scorer->xyz[d];
		double above = scorer->xyz[d] - box->high[d];
		double gap = below > above ? below : above;

		sum += gap > 0 ? gap * gap : 0;
	}
	return sum;
}

static double
farthest_chord_squared(const EventScorer *scorer, const EventBox *box)
{
	double sum = 0;

	for (int d = 0; d < 3; d++)
	{
		double below = scorer->xyz[d] - box->low[d];
		double above = box->high[d] - scorer->xyz[d];
		double gap = below > above ? below : above;

		sum += gap * gap;
	}
	return sum;
}

static inline double
nearest_km(const EventScorer *scorer, const EventBox *box)
{
	return geo_chord_km_at_least(nearest_chord_squared(scorer, box)) * (1 - DISTANCE_SLACK);
}

/* The value in the box at which a criterion's curve is highest. */
static inline double
best_value(const EventScorer *scorer, const EventBox *box, EventCriterion criterion)
{
	const EventWish *wish = &scorer->pref.wish[criterion];
	int dimension = EVENT_DIM_Z + criterion;
	bool rises = wish->curve == EVENT_CURVE_SATURATION || wish->curve == EVENT_CURVE_SIGMOID;

	if (criterion == EVENT_LOCATION)
		return rises
			? geo_chord_km_at_most(farthest_chord_squared(scorer, box)) * (1 + DISTANCE_SLACK)
			: nearest_km(scorer, box);
	if (rises || wish->origin > box->high[dimension])
		return box->high[dimension] <= FLT_MAX ? box->high[dimension] : DBL_MAX;
	return wish->origin < box->low[dimension] ? box->low[dimension] : wish->origin;
}

/*
 * Utilities of the most favourable member, criterion by criterion: of what
 * some know and others lack, the better case.  Returns the criteria that some
 * members lack and that are left out of the score of those who lack them.
 */
static unsigned
best_utilities(const EventScorer *scorer, const EventBox *box, EventParts *parts)
{
	unsigned skippable = 0;

	parts->used = 0;
	parts->excluded = false;
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		unsigned bit = EVENT_BIT(c);
		const EventWish *wish = &scorer->pref.wish[c];
		double utility = 0;

		if (!(scorer->counts & bit))
			continue;
		if (box->known & bit)
		{
			utility = event_utility(scorer, c, best_value(scorer, box, c));
			parts->used |= bit;
		}
		if (box->unknown & bit)
		{
			if (wish->missing == EVENT_MISSING_SKIP)
				skippable |= bit;
			else if (wish->missing == EVENT_MISSING_UTILITY)
			{
				parts->used |= bit;
				utility = utility > wish->missing_utility ? utility : wish->missing_utility;
			}
			else if (!(box->known & bit))
				parts->excluded = true;
		}
		parts->utility[c] = utility;
	}
	return skippable;
}

double
event_bound(const EventScorer *scorer, const EventBox *box)
{
	EventParts parts;
	unsigned skippable = best_utilities(scorer, box, &parts);
	unsigned used = parts.used;
	double best = event_combine(scorer, &parts);

	/* Leaving out a criterion may raise a score or lower it: all combinations are tried. */
	for (unsigned left_out = skippable; left_out != 0; left_out = (left_out - 1) & skippable)
	{
		double score;

		parts.used = used & ~left_out;
		score = event_combine(scorer, &parts);
		best = score > best ? score : best;
	}
	best += SCORE_SLACK;
	return best < 1 ? best : 1;
}

bool
event_box_acceptable(const EventScorer *scorer, const EventBox *box)
{
	double low[EVENT_CRITERIA];
	double high[EVENT_CRITERIA];

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if ((scorer->counts & ~box->known & EVENT_BIT(c)) &&
			scorer->pref.wish[c].missing == EVENT_MISSING_EXCLUDE)
			return false;
		low[c] = box->low[EVENT_DIM_Z + c];
		high[c] = box->high[EVENT_DIM_Z + c];
	}
	/* No limit asks how far the farthest is. */
	low[EVENT_LOCATION] =
		scorer->pref.limited & EVENT_LIMIT_BIT(EVENT_MAX_KM) ? nearest_km(scorer, box) : 0;
	high[EVENT_LOCATION] = INFINITY;
	return event_limits_may_hold(scorer, box->known, low, high) &&
		(!(scorer->pref.limited & EVENT_LIMIT_BIT(EVENT_MIN_SCORE)) ||
		 event_score_suffices(scorer, event_bound(scorer, box)));
}
