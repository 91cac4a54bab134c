/*
 * event_boxes.h
 *	  Upper bounds of many boxes, or of many events, computed side by side.
 *
 * event_bound() bounds one box as tightly as float8 can.  A search bounds a
 * hundred boxes for each that it opens, and needs no more than that no bound
 * is too low.  So boxes are kept column by column, and their bounds computed
 * in float4 without branches and without libm, which compilers turn into
 * vector instructions.  Roundings and approximations are covered by slack:
 * a bound is at least the score of every member, and at most about
 * EVENT_BATCH_SLACK more than event_bound() of the box would be, but for what
 * float4 cannot tell apart.
 */
#ifndef SHORTLIST_CORE_EVENT_BOXES_H
#define SHORTLIST_CORE_EVENT_BOXES_H

#include "core/event_bound.h"

/* How many stand side by side: boxes in a node, rows in a block. */
#define EVENT_LANES 32

#define EVENT_BATCH_SLACK 8e-6f

/* Boxes, as EventBox has them.  Lanes that are not used hold finite numbers. */
typedef struct EventBoxes
{
	uint8_t known[EVENT_LANES];
	uint8_t unknown[EVENT_LANES];
	float low[EVENT_DIMENSIONS][EVENT_LANES];
	float high[EVENT_DIMENSIONS][EVENT_LANES];
} EventBoxes;

/* Events, as EventFacts has them but for the unit vector.  What is not known is 0, lanes not used too. */
typedef struct EventRows
{
	uint32_t count;
	uint8_t known[EVENT_LANES];
	double latitude[EVENT_LANES];
	double longitude[EVENT_LANES];
	double price[EVENT_LANES];
	double attendees[EVENT_LANES];
	int64_t starts_at[EVENT_LANES];
} EventRows;

/* One criterion of a preference, ready for batches. */
typedef struct EventBatchWish
{
	EventCurve curve;
	float missing;	/* what unknown counts, where the policy is a utility */
	float share;	/* of the weights, rounded up */
	float pivot;	/* saturation */
	double edge[2]; /* where the utility begins to fall: above the origin, and below it */
	float limit[2]; /* the same, rounded away from the origin */
	float rate[2];	/* what a unit beyond them loses: see falling_utility() */
} EventBatchWish;

/* A preference ready for batches. */
typedef struct EventBatch
{
	const EventScorer *scorer;
	bool one_by_one;			/* a curve or a preference that is left to event_bound() */
	unsigned skippable;			/* criteria that leave the score of those who do not know them */
	unsigned required;			/* criteria without which the score is 0 */
	float place[2][3];			/* unit vector, rounded up and down */
	double latitude, longitude; /* radians */
	float cos_latitude;
	EventBatchWish wish[EVENT_CRITERIA];
} EventBatch;

extern void event_batch_init(EventBatch *batch, const EventScorer *scorer);

/* At least the score of every member, and at most 1, for each box; all lanes are written. */
extern void event_bound_boxes(const EventBatch *batch, const EventBoxes *boxes, float *bound);

/* At least the score of each event, and at most 1; all lanes are written. */
extern void event_bound_rows(const EventBatch *batch, const EventRows *rows, float *bound);

/*
 * Makes bound[] negative where no member is acceptable, as
 * event_box_acceptable() has it, or a little more forgiving.
 */
extern void event_reject_boxes(const EventBatch *batch, const EventBoxes *boxes, float *bound);

/* One box of many, and one event. */
extern void event_boxes_get(const EventBoxes *boxes, int lane, EventBox *box);
extern void event_boxes_set(EventBoxes *boxes, int lane, const EventBox *box);
extern void event_rows_add(EventRows *rows, const EventFacts *facts);
extern void event_rows_get(const EventRows *rows, int lane, EventFacts *facts);

#endif /* SHORTLIST_CORE_EVENT_BOXES_H */
