/*
 * eventfacts.h
 *	  The type eventfacts: what ranking knows of an event.
 *
 * Fixed size, aligned for double, stored exactly as EventFacts of
 * core/event_score.h (native byte order):
 *
 *	byte 0	version, 1
 *	byte 1	known: bit 0 location, bit 1 price, bit 2 attendees, bit 3 start; else 0
 *	byte 2	reserved, 0
 *	byte 8	float8	latitude, degrees; what is not known is 0
 *	byte 16	float8	longitude, degrees
 *	byte 24	float8	price
 *	byte 32	float8	attendees
 *	byte 40	int64	start, microseconds since 2000-01-01 UTC
 *	byte 48	float8[3]	unit vector of the place, 0 if it is not known
 *
 * The unit vector is derived from latitude and longitude when the value is
 * made, so that ranking needs no trigonometry for a row but one arcsine.
 */
#ifndef SHORTLIST_TYPES_EVENTFACTS_H
#define SHORTLIST_TYPES_EVENTFACTS_H

#include "core/event_score.h"
#include "types/input_rule.h"

StaticAssertDecl(sizeof(EventFacts) == 72,
				 "eventfacts is stored, and its size is in the install script");
StaticAssertDecl(offsetof(EventFacts, latitude) == 8, "eventfacts is stored");
StaticAssertDecl(offsetof(EventFacts, price) == 24, "eventfacts is stored");
StaticAssertDecl(offsetof(EventFacts, attendees) == 32, "eventfacts is stored");
StaticAssertDecl(offsetof(EventFacts, starts_at) == 40, "eventfacts is stored");
StaticAssertDecl(offsetof(EventFacts, xyz) == 48, "eventfacts is stored");

/* The stored value; error XX001 if its version or flags are unknown. */
extern const EventFacts *DatumGetEventFacts(Datum datum);

#define PG_GETARG_EVENTFACTS(n) DatumGetEventFacts(PG_GETARG_DATUM(n))

extern const NumberRule LatitudeRule, LongitudeRule, PriceRule, AttendeesRule;

/* An event of which nothing is known. */
extern EventFacts *eventfacts_new(void);

/* Sets the known parts; all but the location check their number (22003). */
extern void eventfacts_set_location(EventFacts *facts, double latitude, double longitude);
extern void eventfacts_set_price(EventFacts *facts, double price, const InputPlace *place);
extern void eventfacts_set_attendees(EventFacts *facts, double attendees, const InputPlace *place);
extern void eventfacts_set_start(EventFacts *facts, int64 starts_at, const InputPlace *place);

static inline bool
eventfacts_knows(const EventFacts *facts, EventCriterion criterion)
{
	return (facts->known & EVENT_BIT(criterion)) != 0;
}

#endif /* SHORTLIST_TYPES_EVENTFACTS_H */
