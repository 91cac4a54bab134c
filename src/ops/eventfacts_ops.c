/*
 * eventfacts_ops.c
 *	  Comparing eventfacts, for grouping, sorting and, above all, statistics:
 *	  with an order ANALYZE keeps a histogram, on which the planner tries @@.
 *
 * Equal facts are equal bytes, but for the unit vector, which is derived, and by
 * another libm perhaps to another last bit.  The order means nothing.
 */
#include "types/pg.h"

#include "common/hashfn.h"
#include "types/eventfacts.h"

/* What was given, without what is derived from it. */
#define GIVEN_SIZE offsetof(EventFacts, xyz)

static int
compare_arguments(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_EVENTFACTS(0), PG_GETARG_EVENTFACTS(1), GIVEN_SIZE);
}

PG_FUNCTION_INFO_V1(eventfacts_cmp);
Datum
eventfacts_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

PG_FUNCTION_INFO_V1(eventfacts_eq);
Datum
eventfacts_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(eventfacts_ne);
Datum
eventfacts_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(eventfacts_lt);
Datum
eventfacts_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(eventfacts_le);
Datum
eventfacts_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(eventfacts_gt);
Datum
eventfacts_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(eventfacts_ge);
Datum
eventfacts_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(eventfacts_hash);
Datum
eventfacts_hash(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(hash_any((const unsigned char *) PG_GETARG_EVENTFACTS(0), GIVEN_SIZE));
}

PG_FUNCTION_INFO_V1(eventfacts_hash_extended);
Datum
eventfacts_hash_extended(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(hash_any_extended((const unsigned char *) PG_GETARG_EVENTFACTS(0), GIVEN_SIZE,
									  PG_GETARG_INT64(1)));
}
