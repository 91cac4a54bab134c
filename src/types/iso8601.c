/*
 * iso8601.c
 *	  Times inside the text of a type.
 */
#include "types/iso8601.h"

#include "datatype/timestamp.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

typedef struct IsoReader
{
	const char *at;
	const char *end;
	IsoOutcome outcome; /* the first thing that was wrong */
} IsoReader;

static void
iso_fails(IsoReader *reader, IsoOutcome outcome)
{
	if (reader->outcome == ISO_READ)
		reader->outcome = outcome;
}

static bool
iso_skip(IsoReader *reader, char c)
{
	if (reader->at < reader->end && *reader->at == c)
	{
		reader->at++;
		return true;
	}
	return false;
}

static void
iso_expect(IsoReader *reader, char c)
{
	if (!iso_skip(reader, c))
		iso_fails(reader, ISO_SYNTAX);
}

/* Exactly so many digits, or from least to most of them. */
static int
iso_digits(IsoReader *reader, int least, int most)
{
	int value = 0;
	int digits = 0;

	while (digits < most && reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
	{
		value = value * 10 + (*reader->at++ - '0');
		digits++;
	}
	if (digits < least)
		iso_fails(reader, ISO_SYNTAX);
	return value;
}

static int64
iso_date(IsoReader *reader)
{
	bool negative = iso_skip(reader, '-');
	int year = iso_digits(reader, 4, 6);
	int month, day;

	iso_expect(reader, '-');
	month = iso_digits(reader, 2, 2);
	iso_expect(reader, '-');
	day = iso_digits(reader, 2, 2);
	if (negative)
		year = -year;
	if (month < 1 || month > 12 || day < 1 || day > day_tab[isleap(year)][month - 1] ||
		!IS_VALID_JULIAN(year, month, day))
	{
		iso_fails(reader, ISO_RANGE);
		return 0;
	}
	return date2j(year, month, day) - POSTGRES_EPOCH_JDATE;
}

/* hh:mm[:ss[.ffffff]], in microseconds */
static int64
iso_time(IsoReader *reader)
{
	int hour = iso_digits(reader, 2, 2);
	int minute;
	int second = 0;
	int micro = 0;

	iso_expect(reader, ':');
	minute = iso_digits(reader, 2, 2);
	if (iso_skip(reader, ':'))
	{
		second = iso_digits(reader, 2, 2);
		if (iso_skip(reader, '.'))
		{
			const char *start = reader->at;

			micro = iso_digits(reader, 1, 6);
			for (int digits = reader->at - start; digits < 6; digits++)
				micro *= 10;
		}
	}
	if (hour > 23 || minute > 59 || second > 59)
		iso_fails(reader, ISO_RANGE);
	return ((hour * 60 + minute) * 60 + second) * USECS_PER_SEC + micro;
}

/* Z, or +hh[[:]mm]; what is east of UTC is positive */
static int64
iso_zone(IsoReader *reader)
{
	bool west;
	int hour, minute = 0;

	if (iso_skip(reader, 'Z') || iso_skip(reader, 'z'))
		return 0;
	west = iso_skip(reader, '-');
	if (!west)
		iso_expect(reader, '+');
	hour = iso_digits(reader, 2, 2);
	if (iso_skip(reader, ':') || reader->at < reader->end)
		minute = iso_digits(reader, 2, 2);
	if (hour > 15 || minute > 59)
		iso_fails(reader, ISO_RANGE);
	return (west ? -1 : 1) * (hour * 60 + minute) * USECS_PER_MINUTE;
}

IsoOutcome
iso8601_read(const char *text, int length, IsoTime *time)
{
	IsoReader reader = {text, text + length, ISO_READ};
	int64 days = iso_date(&reader);
	int64 micros = 0;

	time->has_time = reader.at < reader.end;
	time->has_zone = false;
	if (time->has_time)
	{
		if (!iso_skip(&reader, 'T') && !iso_skip(&reader, 't'))
			iso_expect(&reader, ' ');
		micros = iso_time(&reader);
		iso_skip(&reader, ' ');
		time->has_zone = reader.at < reader.end;
		if (time->has_zone)
			micros -= iso_zone(&reader);
		if (reader.at < reader.end)
			iso_fails(&reader, ISO_SYNTAX);
	}
	if (pg_mul_s64_overflow(days, USECS_PER_DAY, &time->timestamp) ||
		pg_add_s64_overflow(time->timestamp, micros, &time->timestamp))
		iso_fails(&reader, ISO_RANGE);
	return reader.outcome;
}

int64
iso8601_parse(const char *text, int length, const InputPlace *place)
{
	IsoTime time;

	switch (iso8601_read(text, length, &time))
	{
		case ISO_SYNTAX:
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid time \"%.*s\" for %s", pg_mbcliplen(text, length, 64), text,
							place->type),
					 errdetail_place(place, "Expected an ISO 8601 date or timestamp."),
					 errhint("Write for example 2026-05-01 or 2026-05-01T19:30:00+02:00; without a zone it is UTC.")));
			break;
		case ISO_RANGE:
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("time \"%.*s\" is out of range for %s", pg_mbcliplen(text, length, 64),
							text, place->type),
					 errdetail_place(place, NULL),
					 errhint("Days are those of the calendar, from 4713 BC to 294276 AD; a day ends at 24:00.")));
			break;
		case ISO_READ:
			break;
	}
	return rule_timestamp(time.timestamp, place);
}

static void
append_time(StringInfo out, int64 timestamp, bool short_form)
{
	int64 days = timestamp / USECS_PER_DAY;
	int64 micros = timestamp % USECS_PER_DAY;
	int year, month, day;

	if (micros < 0)
	{
		micros += USECS_PER_DAY;
		days--;
	}
	j2date(days + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	appendStringInfo(out, "%s%04d-%02d-%02d", year < 0 ? "-" : "", abs(year), month, day);
	if (short_form && micros == 0)
		return;
	appendStringInfo(out, "T%02d:%02d:%02d", (int) (micros / USECS_PER_HOUR),
					 (int) (micros / USECS_PER_MINUTE % 60), (int) (micros / USECS_PER_SEC % 60));
	if (micros % USECS_PER_SEC != 0)
	{
		appendStringInfo(out, ".%06d", (int) (micros % USECS_PER_SEC));
		while (out->data[out->len - 1] == '0')
			out->data[--out->len] = '\0';
	}
	appendStringInfoString(out, "+00:00");
}

void
iso8601_append(StringInfo out, int64 timestamp)
{
	append_time(out, timestamp, false);
}

void
iso8601_append_short(StringInfo out, int64 timestamp)
{
	append_time(out, timestamp, true);
}
