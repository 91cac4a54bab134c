/*
 * recurrence.c
 *	  Days on which a recurring event happens.
 *
 * Every day is asked in turn: is it in a period that the interval selects, and
 * is it among the days that the rule names?  No set is ever built, so nothing
 * has to be expanded, sorted or bounded; four hundred years take a millisecond.
 */
#include "core/recurrence.h"

#include <stdio.h>
#include <string.h>

#define MAX_INTERVAL 100000
#define MAX_COUNT 999999999

static const int days_before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
	return days_before_month[month] - days_before_month[month - 1] + (month == 2 && is_leap(year));
}

bool
civil_date_exists(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
		day <= days_in_month(year, month);
}

/* Days of the years before this one, counted from the year 1. */
static int32_t
days_before_year(int year)
{
	int past = year - 1;

	return past * 365 + past / 4 - past / 100 + past / 400;
}

static int
day_of_year(CivilDate date)
{
	return days_before_month[date.month - 1] + (date.month > 2 && is_leap(date.year)) + date.day -
		1;
}

int32_t
day_from_civil(CivilDate date)
{
	return days_before_year(date.year) - days_before_year(2000) + day_of_year(date);
}

CivilDate
civil_from_day(int32_t day)
{
	int32_t since_1 = day + days_before_year(2000);
	CivilDate date = {since_1 / 366 + 1, 1, 1};
	int left;

	while (days_before_year(date.year + 1) <= since_1)
		date.year++;
	left = since_1 - days_before_year(date.year);
	while (left >= days_in_month(date.year, date.month))
		left -= days_in_month(date.year, date.month++);
	date.day = left + 1;
	return date;
}

/* 2000-01-01 was a Saturday. */
int
weekday_of(int32_t day)
{
	return ((day + 5) % 7 + 7) % 7;
}

/* Exactly so many digits. */
static bool
read_digits(const char *text, int digits, int *value)
{
	*value = 0;
	for (int i = 0; i < digits; i++)
	{
		if (text[i] < '0' || text[i] > '9')
			return false;
		*value = *value * 10 + (text[i] - '0');
	}
	return true;
}

bool
calendar_time_parse(const char *text, size_t length, CalendarTime *time)
{
	CivilDate date;
	int hour, minute, second;

	memset(time, 0, sizeof(*time));
	if (length < 8 || !read_digits(text, 4, &date.year) || !read_digits(text + 4, 2, &date.month) ||
		!read_digits(text + 6, 2, &date.day) || !civil_date_exists(date.year, date.month, date.day))
		return false;
	time->day = day_from_civil(date);
	time->is_date = length == 8;
	if (time->is_date)
		return true;
	time->is_utc = length == 16 && text[15] == 'Z';
	if ((length != 15 && !time->is_utc) || text[8] != 'T' || !read_digits(text + 9, 2, &hour) ||
		!read_digits(text + 11, 2, &minute) || !read_digits(text + 13, 2, &second) || hour > 23 ||
		minute > 59 || second > 60)
		return false;
	/* A leap second counts as the second before it, as clocks of computers have it. */
	time->second = (hour * 60 + minute) * 60 + (second == 60 ? 59 : second);
	return true;
}

/* What is being read of a rule, and what was wrong with it. */
typedef struct RuleReader
{
	RecurrenceRule *rule;
	const char *value;
	size_t length;
	char *reason;
	size_t size;
} RuleReader;

static bool
refuse(RuleReader *reader, const char *what, const char *text, size_t length)
{
	char shown[61];
	size_t kept = length < sizeof(shown) - 1 ? length : sizeof(shown) - 1;

	/* What is not ASCII could be cut in the middle. */
	for (size_t i = 0; i < kept; i++)
		shown[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	shown[kept] = '\0';
	snprintf(reader->reason, reader->size, "%s \"%s\"", what, shown);
	return false;
}

/* A number with an optional sign, of at most nine digits; all of the text. */
static bool
read_number(const char *text, size_t length, int *value)
{
	bool negative = length > 0 && *text == '-';
	size_t sign = length > 0 && (*text == '-' || *text == '+') ? 1 : 0;

	if (length == sign || length - sign > 9 || !read_digits(text + sign, length - sign, value))
		return false;
	if (negative)
		*value = -*value;
	return true;
}

static int
read_weekday(const char *text)
{
	static const char names[] = "MOTUWETHFRSASU";

	for (int day = 0; day < 7; day++)
		if (text[0] == names[2 * day] && text[1] == names[2 * day + 1])
			return day;
	return -1;
}

static bool
add_weekday(RuleReader *reader, const char *text, size_t length)
{
	RecurrenceRule *rule = reader->rule;
	int ordinal = 0;
	int weekday = length >= 2 ? read_weekday(text + length - 2) : -1;

	if (weekday < 0 || rule->weekday_count == MAX_RECURRENCE_PARTS ||
		(length > 2 &&
		 (!read_number(text, length - 2, &ordinal) || ordinal == 0 || ordinal < -53 ||
		  ordinal > 53)))
		return refuse(reader, "cannot read BYDAY", text, length);
	rule->weekday[rule->weekday_count].ordinal = ordinal;
	rule->weekday[rule->weekday_count++].weekday = weekday;
	return true;
}

static bool
add_month(RuleReader *reader, const char *text, size_t length)
{
	int month;

	if (!read_number(text, length, &month) || month < 1 || month > 12)
		return refuse(reader, "cannot read BYMONTH", text, length);
	reader->rule->months |= UINT32_C(1) << month;
	return true;
}

static bool
add_month_day(RuleReader *reader, const char *text, size_t length)
{
	int day;

	if (!read_number(text, length, &day) || day == 0 || day < -31 || day > 31)
		return refuse(reader, "cannot read BYMONTHDAY", text, length);
	if (day > 0)
		reader->rule->month_days |= UINT32_C(1) << day;
	else
		reader->rule->days_to_end |= UINT32_C(1) << -day;
	return true;
}

/* Each element of a list that commas separate. */
static bool
read_list(RuleReader *reader, bool (*add)(RuleReader *, const char *, size_t))
{
	const char *at = reader->value;
	const char *end = at + reader->length;

	for (;;)
	{
		const char *comma = memchr(at, ',', end - at);
		const char *stop = comma != NULL ? comma : end;

		if (!add(reader, at, stop - at))
			return false;
		if (comma == NULL)
			return true;
		at = comma + 1;
	}
}

static bool
read_frequency(RuleReader *reader)
{
	static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};

	for (int f = 0; f < 4; f++)
		if (reader->length == strlen(names[f]) &&
			memcmp(reader->value, names[f], reader->length) == 0)
		{
			reader->rule->frequency = f;
			return true;
		}
	return refuse(reader, "unsupported FREQ", reader->value, reader->length);
}

static bool
read_limit(RuleReader *reader, const char *what, int most, int *value)
{
	if (!read_number(reader->value, reader->length, value) || *value < 1 || *value > most)
		return refuse(reader, what, reader->value, reader->length);
	return true;
}

static bool
read_part(RuleReader *reader, const char *name, size_t length)
{
	RecurrenceRule *rule = reader->rule;
	int number = 0;

#define IS(word) (length == strlen(word) && memcmp(name, word, length) == 0)
	if (IS("FREQ"))
		return read_frequency(reader);
	if (IS("INTERVAL"))
		return read_limit(reader, "cannot read INTERVAL", MAX_INTERVAL, &rule->interval);
	if (IS("COUNT"))
	{
		if (!read_limit(reader, "cannot read COUNT", MAX_COUNT, &number))
			return false;
		rule->count = number;
		return true;
	}
	if (IS("UNTIL"))
	{
		rule->has_until = true;
		return calendar_time_parse(reader->value, reader->length, &rule->until) ||
			refuse(reader, "cannot read UNTIL", reader->value, reader->length);
	}
	if (IS("WKST"))
	{
		rule->week_start = reader->length == 2 ? read_weekday(reader->value) : -1;
		return rule->week_start >= 0 ||
			refuse(reader, "cannot read WKST", reader->value, reader->length);
	}
	if (IS("BYDAY"))
		return read_list(reader, add_weekday);
	if (IS("BYMONTH"))
		return read_list(reader, add_month);
	if (IS("BYMONTHDAY"))
		return read_list(reader, add_month_day);
#undef IS
	return refuse(reader, "unsupported part", name, length);
}

/* What the standard forbids in combination. */
static bool
check_combination(RuleReader *reader)
{
	RecurrenceRule *rule = reader->rule;
	bool by_month_day = (rule->month_days | rule->days_to_end) != 0;

	if (rule->frequency == RECUR_WEEKLY && by_month_day)
		return refuse(reader, "WEEKLY does not go with", "BYMONTHDAY", strlen("BYMONTHDAY"));
	for (int i = 0; i < rule->weekday_count; i++)
		if (rule->weekday[i].ordinal != 0 && rule->frequency != RECUR_MONTHLY &&
			rule->frequency != RECUR_YEARLY)
			return refuse(reader, "ordinals go with MONTHLY and YEARLY, not with this", "BYDAY",
						  strlen("BYDAY"));
	if (rule->count > 0 && rule->has_until)
		return refuse(reader, "COUNT does not go with", "UNTIL", strlen("UNTIL"));
	return true;
}

bool
recurrence_parse(const char *text, size_t length, RecurrenceRule *rule, char *reason, size_t size)
{
	RuleReader reader = {.rule = rule, .reason = reason, .size = size};
	const char *at = text;
	const char *end = text + length;
	bool has_frequency = false;

	memset(rule, 0, sizeof(*rule));
	rule->interval = 1;
	while (at < end)
	{
		const char *semicolon = memchr(at, ';', end - at);
		const char *stop = semicolon != NULL ? semicolon : end;
		const char *equals = memchr(at, '=', stop - at);

		if (equals == NULL)
			return refuse(&reader, "cannot read part", at, stop - at);
		reader.value = equals + 1;
		reader.length = stop - equals - 1;
		if (!read_part(&reader, at, equals - at))
			return false;
		has_frequency = has_frequency || (equals - at == 4 && memcmp(at, "FREQ", 4) == 0);
		at = semicolon != NULL ? semicolon + 1 : end;
	}
	if (!has_frequency)
		return refuse(&reader, "no FREQ in", text, length);
	return check_combination(&reader);
}

/* Which day, week, month or year since some fixed one, for the interval. */
static int32_t
period_of(const RecurrenceRule *rule, int32_t day, CivilDate date)
{
	switch (rule->frequency)
	{
		case RECUR_DAILY:
			return day;
		case RECUR_WEEKLY:
			/* The week's first day, as a multiple of seven plus the same rest. */
			return (day - (weekday_of(day) - rule->week_start + 7) % 7 + 7 * 200000) / 7;
		case RECUR_MONTHLY:
			return date.year * 12 + date.month;
		default:
			return date.year;
	}
}

/* Is the day the ordinal-th of its weekday in a span, counted from its end where negative? */
static bool
is_ordinal(int ordinal, int index, int length)
{
	return ordinal > 0 ? index / 7 == ordinal - 1 : (length - 1 - index) / 7 == -ordinal - 1;
}

static bool
weekday_matches(const RecurrenceRule *rule, int32_t day, CivilDate date)
{
	bool in_month = rule->frequency == RECUR_MONTHLY || rule->months != 0;
	int weekday = weekday_of(day);

	for (int i = 0; i < rule->weekday_count; i++)
	{
		if (rule->weekday[i].weekday != weekday)
			continue;
		if (rule->weekday[i].ordinal == 0 ||
			(in_month ? is_ordinal(rule->weekday[i].ordinal, date.day - 1,
								   days_in_month(date.year, date.month))
					  : is_ordinal(rule->weekday[i].ordinal, day_of_year(date),
								   365 + is_leap(date.year))))
			return true;
	}
	return false;
}

/* Is the day among those that the rule names?  What it does not name is as on the first day. */
static bool
day_matches(const RecurrenceRule *rule, int32_t start, CivilDate first, int32_t day, CivilDate date)
{
	bool by_month_day = (rule->month_days | rule->days_to_end) != 0;
	bool by_day = rule->weekday_count > 0;

	if (rule->months != 0 ? (rule->months >> date.month & 1) == 0
						  : rule->frequency == RECUR_YEARLY && !by_day && !by_month_day &&
				date.month != first.month)
		return false;
	if (by_month_day && (rule->month_days >> date.day & 1) == 0 &&
		(rule->days_to_end >> (days_in_month(date.year, date.month) - date.day + 1) & 1) == 0)
		return false;
	if (by_day)
		return weekday_matches(rule, day, date);
	if (by_month_day || rule->frequency == RECUR_DAILY)
		return true;
	if (rule->frequency == RECUR_WEEKLY)
		return weekday_of(day) == weekday_of(start);
	return date.day == first.day;
}

int32_t
recurrence_next_day(const RecurrenceRule *rule, int32_t start, int32_t from, int32_t last)
{
	CivilDate first = civil_from_day(start);
	CivilDate date;
	int32_t first_period = period_of(rule, start, first);

	if (last > LAST_RECURRENCE_DAY)
		last = LAST_RECURRENCE_DAY;
	if (from <= start)
		return start <= last ? start : LAST_RECURRENCE_DAY + 1;
	date = civil_from_day(from);
	for (int32_t day = from; day <= last; day++)
	{
		if ((period_of(rule, day, date) - first_period) % rule->interval == 0 &&
			day_matches(rule, start, first, day, date))
			return day;
		if (++date.day > days_in_month(date.year, date.month))
		{
			date.day = 1;
			if (++date.month > 12)
			{
				date.month = 1;
				date.year++;
			}
		}
	}
	return LAST_RECURRENCE_DAY + 1;
}
