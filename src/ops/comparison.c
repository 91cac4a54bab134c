/*
 * comparison.c
 *	  The types compared with themselves: =, <, sorting, hashing.
 *
 * Equal values are equal bytes, since every way to make a value leads to one
 * stored form.  The order means nothing; with one there are DISTINCT, GROUP BY
 * and UNION, and ANALYZE keeps a histogram, on which the planner tries @@, ?
 * and @>.
 */
#include "types/pg.h"

#include "common/hashfn.h"
#include "types/eventfacts.h"
#include "types/eventpref.h"
#include "types/jobspec.h"
#include "types/skillset.h"

/* What of a value is compared. */
typedef struct Compared
{
	const void *value; /* the whole of it, perhaps a copy */
	uint32 parts;	   /* those with fewer come first */
	const void *bytes;
	Size size;
} Compared;

typedef void (*ComparedOf)(Datum datum, Compared *compared);

static void
compared_skillset(Datum datum, Compared *compared)
{
	const Skillset *skillset = DatumGetSkillset(datum);
	SkillView view;

	skillset_view(skillset, &view);
	*compared = (Compared){skillset, view.count, VARDATA(skillset), VARSIZE(skillset) - VARHDRSZ};
}

static void
compared_jobspec(Datum datum, Compared *compared)
{
	const Jobspec *jobspec = DatumGetJobspec(datum);
	JobView view;

	jobspec_view(jobspec, &view);
	*compared = (Compared){jobspec, view.item_count, VARDATA(jobspec), VARSIZE(jobspec) - VARHDRSZ};
}

/* Without the unit vector, which is derived, and by another libm perhaps to another last bit. */
static void
compared_eventfacts(Datum datum, Compared *compared)
{
	const EventFacts *facts = DatumGetEventFacts(datum);

	*compared = (Compared){facts, 0, facts, offsetof(EventFacts, xyz)};
}

static void
compared_eventpref(Datum datum, Compared *compared)
{
	const StoredPref *stored = DatumGetStoredPref(datum);

	*compared = (Compared){stored, 0, eventpref_checked(stored), sizeof(EventPref)};
}

/* Support functions of btree and hash are called in long-lived memory. */
static void
release(Datum datum, const Compared *compared)
{
	if (compared->value != DatumGetPointer(datum))
		pfree(unconstify(void *, compared->value));
}

static int
compare_arguments(FunctionCallInfo fcinfo, ComparedOf compared_of)
{
	Compared a, b;
	int order;

	compared_of(PG_GETARG_DATUM(0), &a);
	compared_of(PG_GETARG_DATUM(1), &b);
	if (a.parts != b.parts)
		order = a.parts < b.parts ? -1 : 1;
	else if (a.size != b.size)
		order = a.size < b.size ? -1 : 1;
	else
		order = memcmp(a.bytes, b.bytes, a.size);
	release(PG_GETARG_DATUM(0), &a);
	release(PG_GETARG_DATUM(1), &b);
	return order;
}

/* With seed 0 the lower half is what hash_any() gives. */
static uint64
hash_argument(Datum datum, ComparedOf compared_of, uint64 seed)
{
	Compared compared;
	uint64 hash;

	compared_of(datum, &compared);
	hash = DatumGetUInt64(hash_any_extended(compared.bytes, compared.size, seed));
	release(datum, &compared);
	return hash;
}

#define SQL_FUNCTION(name, result) \
	PG_FUNCTION_INFO_V1(name);     \
	Datum name(PG_FUNCTION_ARGS)   \
	{                              \
		PG_RETURN_DATUM(result);   \
	}

#define COMPARISON_FUNCTIONS(type)                                                               \
	SQL_FUNCTION(type##_eq, BoolGetDatum(compare_arguments(fcinfo, compared_##type) == 0))       \
	SQL_FUNCTION(type##_ne, BoolGetDatum(compare_arguments(fcinfo, compared_##type) != 0))       \
	SQL_FUNCTION(type##_lt, BoolGetDatum(compare_arguments(fcinfo, compared_##type) < 0))        \
	SQL_FUNCTION(type##_le, BoolGetDatum(compare_arguments(fcinfo, compared_##type) <= 0))       \
	SQL_FUNCTION(type##_gt, BoolGetDatum(compare_arguments(fcinfo, compared_##type) > 0))        \
	SQL_FUNCTION(type##_ge, BoolGetDatum(compare_arguments(fcinfo, compared_##type) >= 0))       \
	SQL_FUNCTION(type##_cmp, Int32GetDatum(compare_arguments(fcinfo, compared_##type)))          \
	SQL_FUNCTION(type##_hash,                                                                    \
				 UInt32GetDatum((uint32) hash_argument(PG_GETARG_DATUM(0), compared_##type, 0))) \
	SQL_FUNCTION(type##_hash_extended,                                                           \
				 UInt64GetDatum(hash_argument(PG_GETARG_DATUM(0), compared_##type,               \
											  (uint64) PG_GETARG_INT64(1))))

COMPARISON_FUNCTIONS(skillset)
COMPARISON_FUNCTIONS(jobspec)
COMPARISON_FUNCTIONS(eventfacts)
COMPARISON_FUNCTIONS(eventpref)
