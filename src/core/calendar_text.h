/*
 * calendar_text.h
 *	  The lines of an iCalendar file (RFC 5545, section 3.1).
 *
 * A line is NAME;PARAMETER=value;...:VALUE, and may be folded: a line break
 * and a space or tab in the middle of it mean nothing.  Lines may end with LF
 * alone, as many do; blank lines are passed over.
 */
#ifndef SHORTLIST_CORE_CALENDAR_TEXT_H
#define SHORTLIST_CORE_CALENDAR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CalendarSpan
{
	const char *text;
	size_t length;
} CalendarSpan;

typedef struct CalendarLine
{
	CalendarSpan name;
	CalendarSpan parameters; /* what is between the name and the colon: ;A=b;C="d" */
	CalendarSpan value;		 /* still escaped */
} CalendarLine;

/* Takes folds out, in place.  Returns the new length. */
extern size_t calendar_unfold(char *text, size_t length);

/*
 * Reads the next line of unfolded text, and moves *at behind it; false at the
 * end.  A line without a colon has an empty name, and is all value.
 */
extern bool calendar_next_line(const char **at, const char *end, CalendarLine *line);

/* Do they spell the same word?  Case does not matter. */
extern bool calendar_is(CalendarSpan span, const char *word);

/* The first value of a parameter, without its quotes; false if it is not there. */
extern bool calendar_parameter(const CalendarLine *line, const char *name, CalendarSpan *value);

/* Cuts the next element off a list that commas separate, of which none is escaped. */
extern bool calendar_next_element(CalendarSpan *list, CalendarSpan *element);

/* Writes text with \n, \, \; and \\ resolved.  Returns the length, at most that of the span. */
extern size_t calendar_unescape(CalendarSpan span, char *out);

/* A DURATION such as P1W, PT2H30M or P1DT12H, in days and seconds; false if it is none. */
extern bool calendar_duration(CalendarSpan span, int32_t *days, int32_t *seconds);

#endif /* SHORTLIST_CORE_CALENDAR_TEXT_H */
