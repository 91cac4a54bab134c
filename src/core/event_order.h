/*
 * event_order.h
 *	  An order of events in which those that most preferences find alike stand
 *	  together: a kd-tree, built by splits at the median.
 */
#ifndef SHORTLIST_CORE_EVENT_ORDER_H
#define SHORTLIST_CORE_EVENT_ORDER_H

#include <stddef.h>

#include "core/event_bound.h"

/* An event on its way to its place. */
typedef struct EventPoint
{
	float at[EVENT_DIMENSIONS]; /* in units in which preferences tell them apart about equally well */
	uint32_t row;				/* as the caller has it */
} EventPoint;

extern void event_point_of(const EventFacts *facts, uint32_t row, EventPoint *point);

/*
 * Puts the points in order, in n log n steps whatever they are.  `unit[]` says
 * how many make a block, how many a node of such blocks, and so on up, in
 * ascending order, each a multiple of the one before: splits are at multiples
 * of them, so that every block and node is a cell of the tree, and all but the
 * last are full.  Calls `pause`, if it is not NULL, some thousand times or
 * more in a million points, so that the caller can look for interrupts.
 */
extern void event_order(EventPoint *point, size_t count, const size_t *unit, int units,
						void (*pause)(void));

/*
 * The same step by step, for whoever has more points than memory holds: how
 * many of them go to the first side, 0 if they are not split any more (`units`
 * is lowered to what is left to split by), and which dimension tells the sides
 * apart, where low[] and high[] is the box around the points.
 */
extern size_t event_order_half(size_t count, const size_t *unit, int *units);
extern EventDimension event_order_side(const float low[EVENT_DIMENSIONS],
									   const float high[EVENT_DIMENSIONS]);

#endif /* SHORTLIST_CORE_EVENT_ORDER_H */
