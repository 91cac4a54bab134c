/*
 * ics.c
 *	  The events of an iCalendar file (RFC 5545) as JSON, recurring ones expanded.
 *
 * First the calendar is read into events, then each is written, as often as
 * it happens.  An event that uses what is not supported (see doc/events.md) is
 * written once, with the reason.
 */
#include "import/zone.h"

#include "core/calendar_text.h"
#include "core/recurrence.h"
#include "nodes/pg_list.h"
#include "ops/rows.h"
#include "types/iso8601.h"
#include "types/json_object.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

/* More than this of one event is taken for a mistake. */
#define MAX_OCCURRENCES 10000

/* An event as the calendar has it.  Names without a text are not there. */
typedef struct IcsEvent
{
	CalendarSpan uid;
	CalendarSpan url;
	CalendarSpan summary;
	CalendarSpan location;
	CalendarSpan geo;
	CalendarSpan status;
	CalendarSpan rule;
	CalendarLine start;
	CalendarLine end;
	CalendarLine duration;
	CalendarLine replaces; /* RECURRENCE-ID */
	List *categories;	   /* of CalendarSpan * */
	List *added;		   /* RDATE, of CalendarLine * */
	List *excluded;		   /* EXDATE, of CalendarLine * */
	bool online;
	const char *reason; /* why it cannot be used; NULL: none known */
	const char *remark;
} IcsEvent;

/* A point in time as an event has it: a day, or an instant. */
typedef struct IcsTime
{
	bool is_date;
	int64 local; /* microseconds since 2000-01-01 in its zone */
	TimestampTz instant;
	pg_tz *zone;
} IcsTime;

typedef struct IcsCalendar
{
	List *events;
	pg_tz *zone; /* of times that name none */
	bool has_until;
	TimestampTz until;
	IcsEvent **replacing; /* events with a RECURRENCE-ID, by uid */
	int replacing_count;
	RowSet *rows;
	int32 number; /* of the last row */
} IcsCalendar;

/* How long an event lasts: until its end, or NULL. */
typedef struct IcsLength
{
	bool known;
	int32 days; /* of the calendar */
	int64 micros;
} IcsLength;

static char *
span_text(CalendarSpan span)
{
	char *text = palloc(span.length + 1);

	text[calendar_unescape(span, text)] = '\0';
	return text;
}

/* Reading ---------------------------------------------------------------- */

/* The property's value, if it is the first of this name. */
static void
keep_first(CalendarSpan *kept, CalendarSpan value)
{
	if (kept->text == NULL)
		*kept = value;
}

static CalendarLine *
copy_line(const CalendarLine *line)
{
	return memcpy(palloc(sizeof(*line)), line, sizeof(*line));
}

static void
read_categories(IcsEvent *event, CalendarSpan list)
{
	CalendarSpan element;

	while (calendar_next_element(&list, &element))
		event->categories =
			lappend(event->categories, memcpy(palloc(sizeof(element)), &element, sizeof(element)));
}

static void
read_property(IcsEvent *event, const CalendarLine *line)
{
	static const char *const texts[] = {"UID", "URL", "SUMMARY", "LOCATION", "GEO", "STATUS"};
	static const char *const times[] = {"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"};
	CalendarSpan *const text[] = {&event->uid,		&event->url, &event->summary,
								  &event->location, &event->geo, &event->status};
	CalendarLine *const time[] = {&event->start, &event->end, &event->duration, &event->replaces};
	CalendarSpan range;

	for (int i = 0; i < (int) lengthof(texts); i++)
		if (calendar_is(line->name, texts[i]))
			keep_first(text[i], line->value);
	for (int i = 0; i < (int) lengthof(times); i++)
		if (calendar_is(line->name, times[i]) && time[i]->value.text == NULL)
			*time[i] = *line;
	if (calendar_is(line->name, "RECURRENCE-ID") && calendar_parameter(line, "RANGE", &range))
		event->reason = "unsupported parameter \"RANGE\"";
	else if (calendar_is(line->name, "CATEGORIES"))
		read_categories(event, line->value);
	else if (calendar_is(line->name, "CONFERENCE"))
		event->online = true;
	else if (calendar_is(line->name, "RDATE"))
		event->added = lappend(event->added, copy_line(line));
	else if (calendar_is(line->name, "EXDATE"))
		event->excluded = lappend(event->excluded, copy_line(line));
	else if (calendar_is(line->name, "EXRULE"))
		event->reason = "unsupported property \"EXRULE\"";
	else if (calendar_is(line->name, "RRULE"))
	{
		if (event->rule.text != NULL)
			event->reason = "more than one RRULE";
		keep_first(&event->rule, line->value);
	}
}

/* All VEVENTs; what is inside of them, such as alarms, is passed over. */
static void
read_events(IcsCalendar *calendar, const char *at, const char *end)
{
	IcsEvent *event = NULL;
	CalendarLine line;
	int inner = 0; /* components within the event */

	while (calendar_next_line(&at, end, &line))
	{
		bool begins = calendar_is(line.name, "BEGIN");
		bool ends = calendar_is(line.name, "END");

		CHECK_FOR_INTERRUPTS();
		if (begins && calendar_is(line.value, "VEVENT"))
		{
			if (event != NULL)
				event->reason = "the event has no END:VEVENT";
			event = palloc0(sizeof(IcsEvent));
			calendar->events = lappend(calendar->events, event);
			inner = 0;
		}
		else if (event == NULL)
			continue;
		else if (ends && calendar_is(line.value, "VEVENT"))
			event = NULL;
		else if (begins)
			inner++;
		else if (ends)
			inner -= inner > 0;
		else if (inner == 0)
			read_property(event, &line);
	}
	if (event != NULL)
		event->reason = "the event has no END:VEVENT";
}

/* Times ------------------------------------------------------------------ */

/* The zone of that name; some programs put their own name and a slash before it. */
static pg_tz *
zone_of_tzid(CalendarSpan tzid)
{
	char *name = span_text(tzid);
	pg_tz *zone = zone_named(name);

	while (zone == NULL && (name = strchr(name, '/')) != NULL)
		zone = zone_named(++name);
	return zone;
}

/*
 * A DTSTART or the like, or one element of an RDATE or EXDATE.  Returns why it
 * cannot be read, or NULL.
 */
static const char *
read_time(const IcsCalendar *calendar, const CalendarLine *line, CalendarSpan value, IcsTime *time)
{
	CalendarTime parsed;
	CalendarSpan tzid;

	CHECK_FOR_INTERRUPTS();
	if (!calendar_time_parse(value.text, value.length, &parsed))
		return psprintf("cannot read %s \"%s\"", span_text(line->name),
						span_text((CalendarSpan){value.text, Min(value.length, 60)}));
	time->is_date = parsed.is_date;
	time->local = parsed.day * USECS_PER_DAY + parsed.second * USECS_PER_SEC;
	time->zone = calendar->zone;
	if (parsed.is_utc)
		time->zone = pg_tzset("GMT");
	else if (!parsed.is_date && calendar_parameter(line, "TZID", &tzid))
	{
		time->zone = zone_of_tzid(tzid);
		if (time->zone == NULL)
			return psprintf("time zone \"%s\" is not known", span_text(tzid));
	}
	if (!zone_instant(time->zone, time->local, &time->instant))
		return "time out of range";
	return NULL;
}

/* The same event at another local time. */
static bool
move_time(const IcsTime *from, int64 local, IcsTime *to)
{
	*to = *from;
	to->local = local;
	return zone_instant(to->zone, local, &to->instant);
}

/* How long the event lasts, from DTEND or DURATION. */
static const char *
read_length(const IcsCalendar *calendar, const IcsEvent *event, const IcsTime *start,
			IcsLength *length)
{
	IcsTime end;
	int32 seconds;

	*length = (IcsLength){start->is_date, 1, 0};
	if (event->end.value.text != NULL)
	{
		const char *reason = read_time(calendar, &event->end, event->end.value, &end);

		if (reason != NULL)
			return reason;
		if (end.is_date != start->is_date)
			return "one of DTSTART and DTEND is a date, the other a time";
		length->known = true;
		length->days = 0;
		if (!start->is_date)
			length->micros = end.instant - start->instant;
		else if (end.local != start->local)
			length->days = (end.local - start->local) / USECS_PER_DAY;
		else
			length->days = 1; /* ends before it starts, if it were so; a day is meant */
	}
	else if (event->duration.value.text != NULL)
	{
		if (!calendar_duration(event->duration.value, &length->days, &seconds))
			return psprintf("cannot read DURATION \"%s\"", span_text(event->duration.value));
		length->known = true;
		length->micros = seconds * USECS_PER_SEC;
	}
	return NULL;
}

/* Recurrence ------------------------------------------------------------- */

/* Sorted times to look up. */
typedef struct IcsTimes
{
	int64 *time;
	int count;
	int capacity;
} IcsTimes;

static void
add_time(IcsTimes *times, int64 time)
{
	if (times->count == times->capacity)
	{
		times->capacity = Max(16, 2 * times->capacity);
		times->time = times->time == NULL
			? palloc(times->capacity * sizeof(int64))
			: repalloc_huge(times->time, times->capacity * sizeof(int64));
	}
	times->time[times->count++] = time;
}

static int
compare_int64(const void *a, const void *b)
{
	int64 x = *(const int64 *) a;
	int64 y = *(const int64 *) b;

	CHECK_FOR_INTERRUPTS();
	return x < y ? -1 : x > y;
}

static void
sort_times(IcsTimes *times)
{
	int kept = 0;

	if (times->count == 0)
		return;
	qsort(times->time, times->count, sizeof(int64), compare_int64);
	for (int i = 1; i < times->count; i++)
		if (times->time[i] != times->time[kept])
			times->time[++kept] = times->time[i];
	times->count = kept + 1;
}

static bool
has_time(const IcsTimes *times, int64 time)
{
	return times->count > 0 &&
		bsearch(&time, times->time, times->count, sizeof(int64), compare_int64) != NULL;
}

/* What an event is not: instants, and whole days of its zone. */
typedef struct IcsExclusions
{
	IcsTimes instants;
	IcsTimes days;
} IcsExclusions;

static bool
is_excluded(const IcsExclusions *excluded, const IcsTime *time)
{
	int64 day = time->local / USECS_PER_DAY - (time->local % USECS_PER_DAY < 0);

	return has_time(&excluded->days, day) ||
		(!time->is_date && has_time(&excluded->instants, time->instant));
}

static const char *
exclude(const IcsCalendar *calendar, const CalendarLine *line, CalendarSpan value,
		IcsExclusions *excluded)
{
	IcsTime time;
	const char *reason = read_time(calendar, line, value, &time);

	if (reason != NULL)
		return reason;
	if (time.is_date)
		add_time(&excluded->days, time.local / USECS_PER_DAY);
	else
		add_time(&excluded->instants, time.instant);
	return NULL;
}

static int
compare_spans(CalendarSpan a, CalendarSpan b)
{
	int order = memcmp(a.text, b.text, Min(a.length, b.length));

	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int
compare_uid(const void *a, const void *b)
{
	CHECK_FOR_INTERRUPTS();
	return compare_spans((*(IcsEvent *const *) a)->uid, (*(IcsEvent *const *) b)->uid);
}

/* EXDATE, and the occurrences that events of the same UID stand for. */
static const char *
read_exclusions(const IcsCalendar *calendar, const IcsEvent *event, IcsExclusions *excluded)
{
	const char *reason = NULL;
	ListCell *cell;
	int low = 0;
	int high = calendar->replacing_count;

	foreach(cell, event->excluded)
	{
		const CalendarLine *line = lfirst(cell);
		CalendarSpan list = line->value;
		CalendarSpan element;

		while (reason == NULL && calendar_next_element(&list, &element))
			reason = exclude(calendar, line, element, excluded);
	}
	while (low < high)
	{
		int middle = (low + high) / 2;

		if (compare_spans(calendar->replacing[middle]->uid, event->uid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; reason == NULL && event->uid.text != NULL && low < calendar->replacing_count &&
		 compare_spans(calendar->replacing[low]->uid, event->uid) == 0;
		 low++)
	{
		const CalendarLine *replaces = &calendar->replacing[low]->replaces;

		reason = exclude(calendar, replaces, replaces->value, excluded);
	}
	sort_times(&excluded->instants);
	sort_times(&excluded->days);
	return reason;
}

static const char *
read_added(const IcsCalendar *calendar, const IcsEvent *event, const IcsTime *start,
		   IcsTimes *occurrences)
{
	ListCell *cell;

	foreach(cell, event->added)
	{
		const CalendarLine *line = lfirst(cell);
		CalendarSpan list = line->value;
		CalendarSpan element;

		while (calendar_next_element(&list, &element))
		{
			IcsTime time;
			int64 local;
			const char *reason = read_time(calendar, line, element, &time);

			if (reason != NULL)
				return reason;
			if (time.is_date != start->is_date)
				return "one of DTSTART and RDATE is a date, the other a time";
			local = time.local;
			if (!time.is_date && !zone_local(start->zone, time.instant, &local))
				return "time out of range";
			if (!calendar->has_until || time.instant <= calendar->until)
				add_time(occurrences, local);
		}
	}
	return NULL;
}

/* Where the rule's UNTIL ends it, in the local time of the event's zone. */
static bool
rule_end(const RecurrenceRule *rule, const IcsTime *start, int64 *end)
{
	*end = rule->until.day * USECS_PER_DAY;
	if (rule->until.is_date || start->is_date)
	{
		*end += USECS_PER_DAY - 1;
		return true;
	}
	*end += rule->until.second * USECS_PER_SEC;
	return !rule->until.is_utc || zone_local(start->zone, *end, end);
}

static void
too_many(const IcsEvent *event)
{
	const char *title = span_text(event->summary);

	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the event \"%.*s\" happens more than %d times", CLIPPED(title),
					MAX_OCCURRENCES),
			 errhint("Give an earlier date to expand recurring events until.")));
}

/* All local starts by the RRULE, the first one included. */
static const char *
apply_rule(const IcsCalendar *calendar, IcsEvent *event, const IcsTime *start, IcsTimes *occurrences)
{
	RecurrenceRule rule;
	char reason[160];
	int64 last = ((int64) LAST_RECURRENCE_DAY + 1) * USECS_PER_DAY - 1;
	int64 end;
	int32 first = start->local / USECS_PER_DAY - (start->local % USECS_PER_DAY < 0);
	int64 of_day = start->local - first * USECS_PER_DAY;
	int64 number = 0;

	if (!recurrence_parse(event->rule.text, event->rule.length, &rule, reason, sizeof(reason)))
		return psprintf("RRULE: %s", reason);
	if (rule.has_until)
	{
		if (!rule_end(&rule, start, &end))
			return "UNTIL is out of range";
		last = Min(last, end);
	}
	if (calendar->has_until)
	{
		if (TIMESTAMP_IS_NOBEGIN(calendar->until))
			return NULL;
		if (!TIMESTAMP_IS_NOEND(calendar->until) && zone_local(start->zone, calendar->until, &end))
			last = Min(last, end);
	}
	else if (!rule.has_until && rule.count == 0)
	{
		event->remark =
			"recurs without an end, and no date to expand until is given: only the first";
		return NULL;
	}
	for (int32 day = first; rule.count == 0 || number < rule.count; number++)
	{
		day = recurrence_next_day(&rule, first, day, (last - of_day) / USECS_PER_DAY);
		if (day > LAST_RECURRENCE_DAY || day * USECS_PER_DAY + of_day > last)
			break;
		if (number == MAX_OCCURRENCES)
			too_many(event);
		add_time(occurrences, day * USECS_PER_DAY + of_day);
		day++;
		CHECK_FOR_INTERRUPTS();
	}
	return NULL;
}

/* Writing ---------------------------------------------------------------- */

static void
append_text(StringInfo json, const char *key, const char *text)
{
	json_append_key(json, key);
	escape_json(json, text);
}

static void
append_span(StringInfo json, const char *key, CalendarSpan span)
{
	if (span.text != NULL)
		append_text(json, key, span_text(span));
}

/* As a date, or as an instant in UTC. */
static void
append_time(StringInfo json, const char *key, bool is_date, int64 day, TimestampTz instant)
{
	StringInfoData text;

	initStringInfo(&text);
	if (is_date)
		iso8601_append_short(&text, day * USECS_PER_DAY);
	else
		iso8601_append(&text, instant);
	append_text(json, key, text.data);
}

static void
append_end(StringInfo json, const IcsTime *start, const IcsLength *length)
{
	int64 day = start->local / USECS_PER_DAY;
	IcsTime end = *start;

	if (!length->known)
		return;
	if (start->is_date)
	{
		/* The last day, as schema.org has it; in iCalendar the end is the day after. */
		append_time(json, "end", true, day + length->days - 1, 0);
		return;
	}
	if (length->days != 0 && !move_time(start, start->local + length->days * USECS_PER_DAY, &end))
		return;
	if (IS_VALID_TIMESTAMP(end.instant + length->micros))
		append_time(json, "end", false, 0, end.instant + length->micros);
}

static void
append_geo(StringInfo json, CalendarSpan geo)
{
	const char *semicolon = geo.text == NULL ? NULL : memchr(geo.text, ';', geo.length);

	if (semicolon == NULL)
		return append_span(json, "latitude", geo);
	append_span(json, "latitude", (CalendarSpan){geo.text, semicolon - geo.text});
	append_span(json, "longitude",
				(CalendarSpan){semicolon + 1, geo.text + geo.length - semicolon - 1});
}

/* The UID; of one occurrence among several with its start. */
static void
append_uid(StringInfo json, const IcsEvent *event, const IcsTime *occurrence)
{
	StringInfoData uid;
	struct pg_tm tm;
	fsec_t fsec;

	if (event->uid.text == NULL)
		return;
	initStringInfo(&uid);
	appendStringInfoString(&uid, span_text(event->uid));
	if (occurrence != NULL &&
		timestamp2tm(occurrence->is_date ? occurrence->local : occurrence->instant, NULL, &tm,
					 &fsec, NULL, NULL) == 0)
	{
		appendStringInfo(&uid, "/%04d%02d%02d", tm.tm_year, tm.tm_mon, tm.tm_mday);
		if (!occurrence->is_date)
			appendStringInfo(&uid, "T%02d%02d%02dZ", tm.tm_hour, tm.tm_min, tm.tm_sec);
	}
	append_text(json, "uid", uid.data);
}

/* One row.  Start and length may be NULL, where there is a reason. */
static void
emit(IcsCalendar *calendar, const IcsEvent *event, const IcsTime *start, const IcsLength *length,
	 const IcsTime *occurrence)
{
	StringInfoData json;
	ListCell *cell;
	Datum values[2];
	bool nulls[2] = {false, false};

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	append_uid(&json, event, occurrence);
	append_span(&json, "summary", event->summary);
	if (start != NULL)
		append_time(&json, "start", start->is_date, start->local / USECS_PER_DAY, start->instant);
	if (start != NULL && length != NULL)
		append_end(&json, start, length);
	append_span(&json, "url", event->url);
	append_span(&json, "location", event->location);
	append_geo(&json, event->geo);
	append_span(&json, "status", event->status);
	if (event->online)
	{
		json_append_key(&json, "online");
		appendStringInfoString(&json, "true");
	}
	json_append_key(&json, "categories");
	appendStringInfoChar(&json, '[');
	foreach(cell, event->categories)
	{
		if (cell != list_head(event->categories))
			appendStringInfoChar(&json, ',');
		escape_json(&json, span_text(*(CalendarSpan *) lfirst(cell)));
	}
	appendStringInfoChar(&json, ']');
	if (event->reason != NULL)
		append_text(&json, "reason", event->reason);
	if (event->remark != NULL)
		append_text(&json, "remark", event->remark);
	appendStringInfoChar(&json, '}');
	values[0] = Int32GetDatum(++calendar->number);
	values[1] = json_text_to_jsonb(json.data);
	add_row(calendar->rows, values, nulls);
}

/* The rows of an event: one, or one for each time that it happens. */
static void
expand(IcsCalendar *calendar, IcsEvent *event)
{
	IcsTime start;
	IcsTime occurrence;
	IcsLength length;
	IcsTimes occurrences = {0};
	IcsExclusions excluded = {{0}, {0}};
	bool recurs = event->rule.text != NULL || event->added != NIL;
	const char *reason;

	if (event->start.value.text == NULL)
		return emit(calendar, event, NULL, NULL, NULL);
	reason = read_time(calendar, &event->start, event->start.value, &start);
	if (event->reason == NULL)
		event->reason = reason;
	if (event->reason == NULL)
		event->reason = read_length(calendar, event, &start, &length);
	if (event->reason == NULL && recurs)
	{
		add_time(&occurrences, start.local);
		event->reason = read_exclusions(calendar, event, &excluded);
		if (event->reason == NULL)
			event->reason = read_added(calendar, event, &start, &occurrences);
		if (event->reason == NULL && event->rule.text != NULL)
			event->reason = apply_rule(calendar, event, &start, &occurrences);
	}
	if (event->reason != NULL)
		return emit(calendar, event, reason == NULL ? &start : NULL, NULL, NULL);
	if (event->replaces.value.text != NULL &&
		read_time(calendar, &event->replaces, event->replaces.value, &occurrence) == NULL)
		return emit(calendar, event, &start, &length, &occurrence);
	if (!recurs)
		return emit(calendar, event, &start, &length, NULL);
	sort_times(&occurrences);
	for (int i = 0; i < occurrences.count; i++)
		if (move_time(&start, occurrences.time[i], &occurrence) &&
			!is_excluded(&excluded, &occurrence))
			emit(calendar, event, &occurrence, &length, &occurrence);
}

static void
make_ics_events(FunctionCallInfo fcinfo, RowSet *rows)
{
	IcsCalendar calendar = {.rows = rows};
	char *ics;
	size_t length;
	ListCell *cell;

	if (PG_ARGISNULL(0))
		return;
	ics = text_to_cstring(PG_GETARG_TEXT_PP(0));
	calendar.has_until = !PG_ARGISNULL(1);
	if (calendar.has_until)
		calendar.until = PG_GETARG_TIMESTAMPTZ(1);
	calendar.zone = zone_wanted(PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2)));
	length = calendar_unfold(ics, strlen(ics));
	read_events(&calendar, ics, ics + length);

	calendar.replacing = palloc((list_length(calendar.events) + 1) * sizeof(IcsEvent *));
	foreach(cell, calendar.events)
	{
		IcsEvent *event = lfirst(cell);

		if (event->replaces.value.text != NULL && event->uid.text != NULL)
			calendar.replacing[calendar.replacing_count++] = event;
	}
	qsort(calendar.replacing, calendar.replacing_count, sizeof(IcsEvent *), compare_uid);
	foreach(cell, calendar.events)
		expand(&calendar, lfirst(cell));
}

PG_FUNCTION_INFO_V1(ics_events);

/* ics_events(calendar text, until timestamptz, zone text, OUT number integer, OUT event jsonb) returns setof record */
Datum
ics_events(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, make_ics_events);
}
