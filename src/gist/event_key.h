/*
 * event_key.h
 *	  What the GiST index keeps of events: the type eventbox.
 *
 * A varlena that an index tuple stores with a header of one byte, so that
 * nothing in it is aligned:
 *
 *	byte 0	kind: 1 a single event, 2 a box
 *	byte 1	bits 0 to 3: criteria that some member knows (location, price,
 *			attendees, start); bits 4 to 7: criteria that some member lacks
 *	byte 2	a single event: float4[6], x, y, z, price, attendees, start in
 *			seconds since 2000-01-01 UTC, each rounded down: the true value is
 *			less than the next float4
 *			a box: float4[6] lower ends, float4[6] upper ends, rounded outward
 *
 * What no member knows is 0 here, and not to be looked at.
 */
#ifndef SHORTLIST_GIST_EVENT_KEY_H
#define SHORTLIST_GIST_EVENT_KEY_H

#include "types/pg.h"

#include "core/event_bound.h"

#define EVENT_KEY_POINT 1
#define EVENT_KEY_BOX 2

/* A key, however its header is, as the box that bounds work on. */
extern void event_key_read(Datum key, EventBox *box);

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
