/*
 * zone.h
 *	  Local times of a time zone.
 */
#ifndef SHORTLIST_IMPORT_ZONE_H
#define SHORTLIST_IMPORT_ZONE_H

#include "types/pg.h"

#include "datatype/timestamp.h"
#include "pgtime.h"

/* A zone by its name; NULL where PostgreSQL does not know it. */
extern pg_tz *zone_named(const char *name);

/* The zone of that name, the session's for NULL; error 22023 where there is none. */
extern pg_tz *zone_wanted(const char *name);

/*
 * The instant of a local time, given in microseconds since 2000-01-01 of that
 * zone.  What a change of the clocks leaves out or repeats is resolved as
 * PostgreSQL does.  False where it is out of the range of timestamptz.
 */
extern bool zone_instant(pg_tz *zone, int64 local, TimestampTz *instant);

/* The other way round. */
extern bool zone_local(pg_tz *zone, TimestampTz instant, int64 *local);

#endif /* SHORTLIST_IMPORT_ZONE_H */
