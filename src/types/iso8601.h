/*
 * iso8601.h
 *	  Times inside the text of a type: ISO 8601, and UTC unless a zone is given.
 *
 * Type text has to mean the same whatever DateStyle and TimeZone are, since
 * it is stored, dumped and compared; therefore not timestamptz's own input,
 * which reads both settings and words such as `now`.
 */
#ifndef SHORTLIST_TYPES_ISO8601_H
#define SHORTLIST_TYPES_ISO8601_H

#include "types/input_rule.h"

typedef enum IsoOutcome
{
	ISO_READ,
	ISO_SYNTAX, /* not of this form */
	ISO_RANGE	/* there is no such time */
} IsoOutcome;

typedef struct IsoTime
{
	int64 timestamp; /* microseconds since 2000-01-01, in UTC unless has_zone is false */
	bool has_time;
	bool has_zone;
} IsoTime;

/* Reads a date or timestamp, and says whether it could. */
extern IsoOutcome iso8601_read(const char *text, int length, IsoTime *time);

/*
 * Reads `2026-05-01`, `2026-05-01T10:00`, `2026-05-01 10:00:30.5+02:00`,
 * `...Z`.  Returns microseconds since 2000-01-01 UTC.  Errors: 22P02 where it
 * is not of this form, 22003 where there is no such time.
 */
extern int64 iso8601_parse(const char *text, int length, const InputPlace *place);

/* Writes it in UTC: `2026-05-01T10:00:00+00:00`. */
extern void iso8601_append(StringInfo out, int64 timestamp);

/* The same, but midnight as the date alone. */
extern void iso8601_append_short(StringInfo out, int64 timestamp);

#endif /* SHORTLIST_TYPES_ISO8601_H */
