/*
 * recurrence.h
 *	  Days on which a recurring event happens: the RRULE of iCalendar (RFC 5545, section 3.3.10).
 *
 * The subset that calendars of events use: FREQ DAILY, WEEKLY, MONTHLY and
 * YEARLY with INTERVAL, COUNT, UNTIL, WKST, BYMONTH, BYMONTHDAY and BYDAY
 * (with ordinals such as -1FR where the standard allows them).  Any other
 * part is named as a reason, and nothing of the rule is applied.
 *
 * Days are counted from 2000-01-01 in the proleptic Gregorian calendar.  A
 * rule knows no time of day and no zone: an occurrence has the time of day at
 * which the first one starts.
 */
#ifndef SHORTLIST_CORE_RECURRENCE_H
#define SHORTLIST_CORE_RECURRENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CivilDate
{
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
} CivilDate;

/* The last day of the year 9999, beyond which nothing recurs. */
#define LAST_RECURRENCE_DAY 2921939

extern bool civil_date_exists(int year, int month, int day);
extern int32_t day_from_civil(CivilDate date);
extern CivilDate civil_from_day(int32_t day);

/* 0 is Monday. */
extern int weekday_of(int32_t day);

/* A date or time as iCalendar writes it: 20261204, 20261204T190000 or 20261204T190000Z. */
typedef struct CalendarTime
{
	int32_t day;
	int32_t second; /* of the day */
	bool is_date;	/* no time of day is given */
	bool is_utc;
} CalendarTime;

extern bool calendar_time_parse(const char *text, size_t length, CalendarTime *time);

typedef enum RecurrenceFrequency
{
	RECUR_DAILY,
	RECUR_WEEKLY,
	RECUR_MONTHLY,
	RECUR_YEARLY
} RecurrenceFrequency;

#define MAX_RECURRENCE_PARTS 64

typedef struct RecurrenceRule
{
	RecurrenceFrequency frequency;
	int interval;
	int64_t count; /* 0: not limited */
	bool has_until;
	CalendarTime until; /* inclusive */
	int week_start;
	uint32_t months;	  /* bit m is month m; 0: any */
	uint32_t month_days;  /* bit d is day d; 0 in both: any */
	uint32_t days_to_end; /* bit d is the d-th day from the month's end */
	int weekday_count;	  /* 0: any */
	struct
	{
		int ordinal; /* 0: every one */
		int weekday;
	} weekday[MAX_RECURRENCE_PARTS];
} RecurrenceRule;

/*
 * Reads the value of an RRULE.  Where it is not of the subset, returns false
 * and writes why into the buffer, at most size - 1 characters.
 */
extern bool recurrence_parse(const char *text, size_t length, RecurrenceRule *rule, char *reason,
							 size_t size);

/*
 * The first day at or after `from` and at most `last` on which the rule lets
 * an event happen that first happens on `start`; or LAST_RECURRENCE_DAY + 1.
 * COUNT and UNTIL are left to the caller.  The first day itself always counts.
 */
extern int32_t recurrence_next_day(const RecurrenceRule *rule, int32_t start, int32_t from,
								   int32_t last);

#endif /* SHORTLIST_CORE_RECURRENCE_H */
