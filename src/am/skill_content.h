/*
 * skill_content.h
 *	  Strategies of the operator classes; events have the first and @@.
 */
#ifndef SHORTLIST_AM_SKILL_CONTENT_H
#define SHORTLIST_AM_SKILL_CONTENT_H

#define SHORTLIST_STRATEGY_READINESS 1 /* <=>, for ORDER BY; of events too */
#define SHORTLIST_STRATEGY_FIT 2	   /* <->, for ORDER BY */
#define SHORTLIST_STRATEGY_QUALIFIES 3 /* @@; of events too */
#define SHORTLIST_STRATEGY_CONTAINS 4  /* @> */
#define SHORTLIST_STRATEGY_HAS 5	   /* ? */
#define SHORTLIST_STRATEGY_HAS_ANY 6   /* ?| */
#define SHORTLIST_STRATEGY_HAS_ALL 7   /* ?& */

#define SHORTLIST_STRATEGIES 7

/* Windows of skillsets, of which some skill can fade. */
#define WINDOW_CAN_FADE 0x1

#endif /* SHORTLIST_AM_SKILL_CONTENT_H */
