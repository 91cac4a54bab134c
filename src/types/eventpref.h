/*
 * eventpref.h
 *	  The type eventpref: what one person wants of an event.
 *
 * A varlena, aligned for double: 4 bytes of header, 4 of padding (0), then
 * EventPref of core/event_score.h (native byte order):
 *
 *	byte 0	version, 1
 *	byte 1	combine: 0 sum, 1 product, 2 min
 *	byte 2	limited: a bit for each limit that is set, in the order of EventLimit
 *	byte 3	reserved, 0
 *	byte 8	float8[2]	latitude and longitude that distance is measured from
 *	byte 24	float8[7]	the limits, in the order of EventLimit; 0 where not set
 *	byte 80	EventWish[4]	for location, price, attendees, start, 80 bytes each:
 *			float8 weight, origin, offset, scale, scale_below, decay, pivot,
 *			exponent, missing_utility; then a byte each for present, curve,
 *			side, missing (see their enums); 4 bytes reserved, 0
 *
 * A criterion that is not present is all 0.  Equal preferences are equal bytes.
 */
#ifndef SHORTLIST_TYPES_EVENTPREF_H
#define SHORTLIST_TYPES_EVENTPREF_H

#include "core/event_score.h"
#include "types/input_rule.h"

typedef struct StoredPref
{
	int32 vl_len_;
	uint32 padding;
	EventPref pref;
} StoredPref;

StaticAssertDecl(offsetof(StoredPref, pref) == 8, "eventpref is stored");
StaticAssertDecl(sizeof(EventWish) == 80, "eventpref is stored");
StaticAssertDecl(offsetof(EventWish, present) == 72, "eventpref is stored");
StaticAssertDecl(sizeof(EventPref) == 400, "eventpref is stored");
StaticAssertDecl(offsetof(EventPref, limit) == 24, "eventpref is stored");
StaticAssertDecl(offsetof(EventPref, wish) == 80, "eventpref is stored");

/* The stored value as it is, and checked: error XX001 if its size, version or flags are unknown. */
extern const StoredPref *DatumGetStoredPref(Datum datum);
extern const EventPref *eventpref_checked(const StoredPref *stored);

static inline const EventPref *
DatumGetEventPref(Datum datum)
{
	return eventpref_checked(DatumGetStoredPref(datum));
}

#define PG_GETARG_EVENTPREF(n) DatumGetEventPref(PG_GETARG_DATUM(n))

/* Names as JSON and explanations write them, in the order of the enums. */
extern const char *const EventCriterionNames[EVENT_CRITERIA];
extern const char *const EventCombineNames[EVENT_COMBINE_MIN + 1];
extern const char *const EventLimitNames[EVENT_LIMITS];

/* A preference that wants nothing yet. */
extern StoredPref *eventpref_new(void);

/* A criterion with its defaults: weight 1 and the criterion's own curve. */
extern EventWish *eventpref_want(EventPref *pref, EventCriterion criterion);
extern void eventpref_set_limit(EventPref *pref, EventLimit limit, double value,
								const InputPlace *place);
extern void eventpref_set_place(EventPref *pref, double latitude, double longitude);

/* An interval's seconds: days of 24 hours, months of 30 days, years of 365.25, as extract(epoch) has it. */
extern double eventpref_interval_seconds(Datum interval);

/*
 * A time as the seconds that are stored, and back.  Seconds are float8: whole
 * ones are exact, and microseconds up to 285 years from 2000.  Error 22003
 * where rounding would leave the range of timestamps; XX001 for seconds that
 * no time has.
 */
extern double eventpref_time(int64 microseconds, const InputPlace *place);
extern int64 eventpref_microseconds(double seconds);

/* By their words: `worst`, `skip`, `exclude`; `sum`, `product`, `min`.  Error 22023. */
extern void eventpref_set_missing(EventWish *wish, const char *word, const InputPlace *place);
extern void eventpref_set_combine(EventPref *pref, const char *word, const InputPlace *place);

/* Rules of the numbers in a wish. */
extern const NumberRule PrefWeightRule, OriginRule, OffsetRule, ScaleRule, DecayRule, PivotRule,
	ExponentRule, UtilityRule, LimitRule;

/* Checks what concerns several parts; error 22023 (or 22003 for weights too large). */
extern void eventpref_check(const EventPref *pref, const InputPlace *place);

#endif /* SHORTLIST_TYPES_EVENTPREF_H */
