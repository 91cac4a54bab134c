/*
 * zone.c
 *	  Local times of a time zone, and event_time().
 */
#include "import/zone.h"

#include "types/input_rule.h"
#include "types/iso8601.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

pg_tz *
zone_named(const char *name)
{
	return strlen(name) <= TZ_STRLEN_MAX ? pg_tzset(name) : NULL;
}

pg_tz *
zone_wanted(const char *name)
{
	pg_tz *zone;

	if (name == NULL)
		return session_timezone;
	zone = zone_named(name);
	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%.*s\" is not known", CLIPPED(name)),
				 errhint("Write for example Europe/Madrid; pg_timezone_names lists the names.")));
	return zone;
}

bool
zone_instant(pg_tz *zone, int64 local, TimestampTz *instant)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	if (timestamp2tm(local, NULL, &tm, &fsec, NULL, NULL) != 0)
		return false;
	offset = DetermineTimeZoneOffset(&tm, zone);
	return tm2timestamp(&tm, fsec, &offset, instant) == 0 && IS_VALID_TIMESTAMP(*instant);
}

bool
zone_local(pg_tz *zone, TimestampTz instant, int64 *local)
{
	struct pg_tm tm;
	fsec_t fsec;
	int offset;

	return timestamp2tm(instant, &offset, &tm, &fsec, NULL, zone) == 0 &&
		tm2timestamp(&tm, fsec, NULL, local) == 0;
}

/* Seconds of the Unix epoch, as some interfaces have them: nine or ten digits. */
static bool
read_epoch(const char *text, TimestampTz *instant)
{
	size_t digits = strspn(text, "0123456789");

	if (digits < 9 || digits > 10 || text[digits] != '\0')
		return false;
	*instant = (strtoll(text, NULL, 10) -
				(int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) *
		USECS_PER_SEC;
	return true;
}

PG_FUNCTION_INFO_V1(event_time);

/* event_time(value text, zone text, days_later integer) returns timestamptz */
Datum
event_time(PG_FUNCTION_ARGS)
{
	pg_tz *zone = zone_wanted(PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)));
	char *value;
	IsoTime time;
	TimestampTz instant;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	value = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (read_epoch(value, &instant))
		PG_RETURN_TIMESTAMPTZ(instant);
	if (iso8601_read(value, strlen(value), &time) != ISO_READ)
		PG_RETURN_NULL();
	time.timestamp += PG_GETARG_INT32(2) * USECS_PER_DAY;
	if (!IS_VALID_TIMESTAMP(time.timestamp))
		PG_RETURN_NULL();
	if (time.has_zone)
		PG_RETURN_TIMESTAMPTZ(time.timestamp);
	if (!zone_instant(zone, time.timestamp, &instant))
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ(instant);
}

PG_FUNCTION_INFO_V1(event_zone);

/* event_zone(name text) returns text */
Datum
event_zone(PG_FUNCTION_ARGS)
{
	if (zone_named(text_to_cstring(PG_GETARG_TEXT_PP(0))) == NULL)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
