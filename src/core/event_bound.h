/*
 * event_bound.h
 *	  The best score that any event of a region can have.
 *
 * A region is a box over the unit sphere, price, attendees and start, and
 * says for each criterion whether it holds events that know it, and events
 * that do not.  The bound is what event_combine() makes of the utilities at
 * the most favourable point of the box.  It is never below the score of a member: see src/gist/README.
 */
#ifndef SHORTLIST_CORE_EVENT_BOUND_H
#define SHORTLIST_CORE_EVENT_BOUND_H

#include <math.h>

#include "core/event_score.h"

/* Dimensions of a box: the unit vector, then what the other criteria see. */
typedef enum EventDimension
{
	EVENT_DIM_X,
	EVENT_DIM_Y,
	EVENT_DIM_Z,
	EVENT_DIM_PRICE,
	EVENT_DIM_ATTENDEES,
	EVENT_DIM_START /* seconds since 2000-01-01 UTC */
} EventDimension;

#define EVENT_DIMENSIONS 6

typedef struct EventBox
{
	uint8_t known;				  /* EVENT_BIT of criteria that some member knows */
	uint8_t unknown;			  /* EVENT_BIT of criteria that some member does not know */
	float low[EVENT_DIMENSIONS];  /* of the members that know it; not above any of them */
	float high[EVENT_DIMENSIONS]; /* not below any of them */
} EventBox;

/* The criterion that a dimension belongs to. */
static inline EventCriterion
event_dimension_criterion(EventDimension dimension)
{
	return dimension <= EVENT_DIM_Z ? EVENT_LOCATION : (EventCriterion) (dimension - EVENT_DIM_Z);
}

/* The float4 after this one; after the largest, infinity.  As nextafterf(), in line. */
static inline float
float_next(float value)
{
	union
	{
		float value;
		int32_t bits;
	} next = {value};

	if (value == 0)
		next.bits = 1; /* -0 too */
	else if (next.bits >= 0)
		next.bits++;
	else
		next.bits--;
	return next.value;
}

/* The nearest float4 that is not above, or not below. */
static inline float
float_not_above(double value)
{
	float rounded = (float) value;

	return rounded > value ? -float_next(-rounded) : rounded;
}

static inline float
float_not_below(double value)
{
	float rounded = (float) value;

	return rounded < value ? float_next(rounded) : rounded;
}

/* The box of one event, and of two boxes.  The box of no event is all 0. */
extern void event_box_of(const EventFacts *facts, EventBox *box);
extern void event_box_extend(EventBox *box, const EventBox *other);

/* Every member of the one is, as far as boxes tell, a member of the other. */
extern bool event_box_contains(const EventBox *box, const EventBox *other);

/* At least the score of every member, and at most 1. */
extern double event_bound(const EventScorer *scorer, const EventBox *box);

/* False only if no member is acceptable, as event_acceptable() has it. */
extern bool event_box_acceptable(const EventScorer *scorer, const EventBox *box);

#endif /* SHORTLIST_CORE_EVENT_BOUND_H */
