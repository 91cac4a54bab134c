/*
 * event_pairs.h
 *	  Which of many listings may be of the same event: near in time and place.
 */
#ifndef SHORTLIST_IMPORT_EVENT_PAIRS_H
#define SHORTLIST_IMPORT_EVENT_PAIRS_H

#include "types/pg.h"

#include "datatype/timestamp.h"

typedef struct Listing
{
	int64 id;
	text *title;
	struct Trigrams *trigrams; /* of the title; NULL: not computed yet */
	int source;				   /* equal numbers are equal sources; -1: not known */
	TimestampTz starts_at;
	bool date_only; /* it starts at some time of the day that starts then */
	bool has_place;
	double latitude;
	double place[3]; /* unit vector */
} Listing;

/*
 * Could they be one event?  They are of different, or unknown, sources, start
 * within so many microseconds, where an hour that is not known is any hour of
 * the day, and are within so many km, if both places are known.  *km is
 * negative where one is not.
 */
extern bool may_be_one_event(const Listing *a, const Listing *b, int64 within, double within_km,
							 double *km);

/* Called for each pair once; km is negative where a place is not known. */
typedef void (*PairVisitor)(Listing *a, Listing *b, double km, void *context);

/* Visits the pairs that may be one event.  Puts the listings into another order. */
extern void each_near_pair(Listing *listings, int count, int64 within, double within_km,
						   PairVisitor visit, void *context);

#endif /* SHORTLIST_IMPORT_EVENT_PAIRS_H */
