/*
 * event_key.h
 *	  What the GiST index keeps of events: the type eventbox.
 *
 * A varlena that an index tuple stores with a header of one byte, so that
 * nothing in it is aligned.  On leaf pages a single event:
 *
 *	byte 0	kind, 1
 *	byte 1	bits 0 to 3: criteria that it knows (location, price, attendees,
 *			start); bit 4: the price is a float4; bit 5: attendees are
 *	byte 2	only what it knows: float8[3] unit vector of the place, price and
 *			attendees as float8, or as float4 where that is the same number,
 *			int64 start in microseconds since 2000-01-01 UTC
 *
 * On inner pages a box:
 *
 *	byte 0	kind, 2
 *	byte 1	bits 0 to 3: criteria that some member knows; bits 4 to 7:
 *			criteria that some member lacks
 *	byte 2	float4[6] lower ends of x, y, z, price, attendees, start in seconds
 *			since 2000-01-01 UTC, float4[6] upper ends, rounded outward; what
 *			no member knows is 0 here, and not to be looked at
 */
#ifndef SHORTLIST_GIST_EVENT_KEY_H
#define SHORTLIST_GIST_EVENT_KEY_H

#include "types/pg.h"

#include "core/event_bound.h"

/*
 * If the key is of a single event, returns true and fills in all that scores
 * depend on, which is all but latitude and longitude.  Error XX002 if the key is neither of the two kinds.
 */
extern bool event_key_read_facts(Datum key, EventFacts *facts);

/* Either kind as the box that bounds work on. */
extern void event_key_read_box(Datum key, EventBox *box);

extern Datum event_key_of_facts(const EventFacts *facts);
extern Datum event_key_of_box(const EventBox *box);

/*
 * Coordinates in which one unit of each dimension tells preferences apart
 * about equally well; for choosing pages, never for bounds.
 */
extern double event_coordinate(EventDimension dimension, float value);

/* The place of a key along a space-filling curve through all dimensions. */
extern uint64 event_curve_position(const EventBox *box);

#endif /* SHORTLIST_GIST_EVENT_KEY_H */
