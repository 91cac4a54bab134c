/*
 * event_duplicates.c
 *	  event_duplicates() and event_groups(): the same event on several sites.
 *
 * The listings come from a query of the caller's, which is executed with the
 * caller's rights and search_path; see event_pairs for how pairs are found.
 * Titles are compared by pg_trgm, wherever that extension is installed.
 */
#include "import/event_pairs.h"

#include <math.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "core/geo.h"
#include "executor/spi.h"
#include "ops/rows.h"
#include "types/input_rule.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#define ROWS_AT_A_TIME 10000

/* The columns of the caller's query, in this order. */
enum
{
	COLUMN_ID,
	COLUMN_SOURCE,
	COLUMN_TITLE,
	COLUMN_STARTS_AT,
	COLUMN_DATE_ONLY,
	COLUMN_LATITUDE,
	COLUMN_LONGITUDE,
	COLUMNS
};

/* Two listings by their indexes. */
typedef struct Pair
{
	int a;
	int b;
	double km;
	float4 alike;
} Pair;

typedef struct Duplicates
{
	Listing *listings;
	int count;
	int capacity;
	HTAB *sources;
	MemoryContext memory;
	FmgrInfo show_trgm;		 /* pg_trgm's */
	double least;			 /* similarity that is needed */
	double least_without_km; /* likewise, where a place is not known */
	int64 within;			 /* microseconds */
	double within_km;
	RowSet *rows; /* NULL: pairs are kept instead */
	Pair *pairs;
	int64 pair_count;
	int64 pair_capacity;
} Duplicates;

typedef struct SourceNumber
{
	char name[256]; /* longer ones are not told apart from their beginning */
	int number;
} SourceNumber;

/* The schema of an extension; InvalidOid if it is not installed. */
static Oid
schema_of_extension(const char *name)
{
	Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
	Oid schema = InvalidOid;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple row;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum(name));
	scan = systable_beginscan(extensions, ExtensionNameIndexId, true, NULL, 1, &key);
	row = systable_getnext(scan);
	if (HeapTupleIsValid(row))
		schema = ((Form_pg_extension) GETSTRUCT(row))->extnamespace;
	systable_endscan(scan);
	table_close(extensions, AccessShareLock);
	return schema;
}

/* show_trgm(text) of pg_trgm, in whatever schema it is. */
static void
find_show_trgm(FmgrInfo *show_trgm)
{
	static const Oid types[] = {TEXTOID};
	Oid schema = schema_of_extension("pg_trgm");
	Oid function = InvalidOid;

	if (OidIsValid(schema))
		function =
			GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("show_trgm"),
							PointerGetDatum(buildoidvector(types, 1)), ObjectIdGetDatum(schema));
	if (!OidIsValid(function))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("duplicates of events are found by the extension pg_trgm, which is not installed"),
				 errhint("CREATE EXTENSION pg_trgm;")));
	fmgr_info(function, show_trgm);
}

/* A set of trigrams, sorted; each is its text, of at most eight bytes. */
struct Trigrams
{
	int count;
	uint64 trigram[FLEXIBLE_ARRAY_MEMBER];
};

static int
compare_trigrams(const void *a, const void *b)
{
	uint64 x = *(const uint64 *) a;
	uint64 y = *(const uint64 *) b;

	return x < y ? -1 : x > y;
}

static const struct Trigrams *
trigrams_of(Duplicates *duplicates, Listing *listing)
{
	struct Trigrams *trigrams;
	Datum array;
	Datum *element;
	int count;

	if (listing->trigrams != NULL)
		return listing->trigrams;
	array = FunctionCall1Coll(&duplicates->show_trgm, DEFAULT_COLLATION_OID,
							  PointerGetDatum(listing->title));
	deconstruct_array(DatumGetArrayTypeP(array), TEXTOID, -1, false, TYPALIGN_INT, &element, NULL,
					  &count);
	trigrams = MemoryContextAlloc(duplicates->memory,
								  offsetof(struct Trigrams, trigram) + count * sizeof(uint64));
	trigrams->count = count;
	for (int i = 0; i < count; i++)
	{
		text *shown = DatumGetTextPP(element[i]);

		trigrams->trigram[i] = 0;
		memcpy(&trigrams->trigram[i], VARDATA_ANY(shown),
			   Min(VARSIZE_ANY_EXHDR(shown), sizeof(uint64)));
	}
	qsort(trigrams->trigram, count, sizeof(uint64), compare_trigrams);
	pfree(element);
	pfree(DatumGetPointer(array));
	listing->trigrams = trigrams;
	return trigrams;
}

/*
 * pg_trgm's similarity(): the trigrams that both have, as a share of those
 * that either has.  Its own function would make both sets again for each pair.
 */
static float4
similarity(const struct Trigrams *a, const struct Trigrams *b)
{
	int both = 0;

	for (int i = 0, j = 0; i < a->count && j < b->count;)
	{
		if (a->trigram[i] == b->trigram[j])
		{
			both++;
			i++;
			j++;
		}
		else if (a->trigram[i] < b->trigram[j])
			i++;
		else
			j++;
	}
	return both == 0 ? 0 : (float4) both / (float4) (a->count + b->count - both);
}

static int
number_of_source(Duplicates *duplicates, const char *name)
{
	char key[sizeof(((SourceNumber *) 0)->name)] = {0};
	SourceNumber *entry;
	bool found;

	strlcpy(key, name, sizeof(key));
	entry = hash_search(duplicates->sources, key, HASH_ENTER, &found);
	if (!found)
		entry->number = hash_get_num_entries(duplicates->sources) - 1;
	return entry->number;
}

static void
bad_row(const char *what, int64 id)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("event %lld has %s", (long long) id, what),
			 errhint("Latitude is from -90 to 90, longitude from -180 to 180, or both are NULL.")));
}

/* Without a title or a start there is nothing to compare. */
static void
add_listing(Duplicates *duplicates, const Datum *values, const bool *nulls)
{
	Listing *listing;
	MemoryContext before;

	if (nulls[COLUMN_ID])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("the id of an event must not be NULL"),
				 errhint("Leave such rows out by a WHERE in the query.")));
	if (duplicates->count == duplicates->capacity)
	{
		if (duplicates->capacity >= PG_INT32_MAX / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many events"),
					 errhint("Compare fewer days at a time.")));
		duplicates->capacity *= 2;
		duplicates->listings =
			repalloc_huge(duplicates->listings, duplicates->capacity * sizeof(Listing));
	}
	listing = &duplicates->listings[duplicates->count++];
	memset(listing, 0, sizeof(*listing));
	listing->id = DatumGetInt64(values[COLUMN_ID]);
	listing->source = nulls[COLUMN_SOURCE]
		? -1
		: number_of_source(duplicates, TextDatumGetCString(values[COLUMN_SOURCE]));
	listing->starts_at =
		nulls[COLUMN_STARTS_AT] ? DT_NOBEGIN : DatumGetTimestampTz(values[COLUMN_STARTS_AT]);
	listing->date_only = !nulls[COLUMN_DATE_ONLY] && DatumGetBool(values[COLUMN_DATE_ONLY]);
	if (!nulls[COLUMN_TITLE])
	{
		before = MemoryContextSwitchTo(duplicates->memory);
		listing->title = DatumGetTextPCopy(values[COLUMN_TITLE]);
		MemoryContextSwitchTo(before);
	}
	if (nulls[COLUMN_LATITUDE] != nulls[COLUMN_LONGITUDE])
		bad_row("a latitude or a longitude, but not both", listing->id);
	listing->has_place = !nulls[COLUMN_LATITUDE];
	if (listing->has_place)
	{
		double longitude = DatumGetFloat8(values[COLUMN_LONGITUDE]);

		listing->latitude = DatumGetFloat8(values[COLUMN_LATITUDE]);
		if (!(fabs(listing->latitude) <= 90 && fabs(longitude) <= 180))
			bad_row("a place that does not exist", listing->id);
		geo_unit_vector(listing->latitude, longitude, listing->place);
	}
}

/* The query's own mistakes, before it becomes part of another: error 22023 or 42703. */
static void
check_query(const char *query)
{
	static const char *const hint =
		"The query returns id, source, title, starts_at, date_only, latitude and longitude, as in SELECT id, (listing).* FROM listings.";
	static const char *const names[COLUMNS] = {"id",		"source",	"title",	"starts_at",
											   "date_only", "latitude", "longitude"};
	SPIPlanPtr plan = SPI_prepare(query, 0, NULL);
	TupleDesc columns;

	if (plan == NULL || !SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the events are not one query that returns rows"), errhint("%s", hint)));
	columns = ((CachedPlanSource *) linitial(SPI_plan_get_plan_sources(plan)))->resultDesc;
	for (int i = 0; i < COLUMNS; i++)
	{
		if (SPI_fnumber(columns, names[i]) <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("the query of events returns no column \"%s\"", names[i]),
					 errhint("%s", hint)));
	}
	SPI_freeplan(plan);
}

static void
read_listings(Duplicates *duplicates, const char *query)
{
	/* The line breaks keep a comment at the query's end from hiding the rest. */
	char *wrapped =
		psprintf("SELECT id::pg_catalog.int8, source::pg_catalog.text, title::pg_catalog.text,"
				 " starts_at::pg_catalog.timestamptz, date_only::pg_catalog.bool,"
				 " latitude::pg_catalog.float8, longitude::pg_catalog.float8\nFROM (\n%s\n) AS events",
				 query);
	SPIPlanPtr plan;
	Portal portal;
	Datum values[COLUMNS];
	bool nulls[COLUMNS];

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	check_query(query);
	plan = SPI_prepare(wrapped, 0, NULL);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, false);
	for (;;)
	{
		SPI_cursor_fetch(portal, true, ROWS_AT_A_TIME);
		if (SPI_processed == 0)
			break;
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			CHECK_FOR_INTERRUPTS();
			heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
			add_listing(duplicates, values, nulls);
		}
		SPI_freetuptable(SPI_tuptable);
	}
	SPI_cursor_close(portal);
	SPI_finish();
}

static double
checked(const char *name, double value, double most)
{
	if (!(value >= 0 && value <= most))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s %g is out of range", name, value),
				 errhint("It is from 0 to %g.", most)));
	return value;
}

static void
add_pair(Duplicates *duplicates, int a, int b, double km, float4 alike)
{
	Pair *pair;

	if (duplicates->pair_count == duplicates->pair_capacity)
	{
		duplicates->pair_capacity *= 2;
		duplicates->pairs =
			repalloc_huge(duplicates->pairs, duplicates->pair_capacity * sizeof(Pair));
	}
	pair = &duplicates->pairs[duplicates->pair_count++];
	*pair = (Pair){a, b, km, alike};
}

/* A pair that is near: are the titles alike? */
static void
compare_titles(Listing *a, Listing *b, double km, void *context)
{
	Duplicates *duplicates = context;
	double least = km < 0 ? duplicates->least_without_km : duplicates->least;
	float4 alike;
	Datum values[5];
	bool nulls[5] = {false, false, false, km < 0, false};
	Interval *apart;

	CHECK_FOR_INTERRUPTS();
	if (a->title == NULL || b->title == NULL)
		return;
	alike = similarity(trigrams_of(duplicates, a), trigrams_of(duplicates, b));
	/* pg_trgm rounds to float4; so is the threshold. */
	if (alike < (float4) least)
		return;
	if (duplicates->rows == NULL)
	{
		add_pair(duplicates, a - duplicates->listings, b - duplicates->listings, km, alike);
		return;
	}
	if (a->id > b->id)
	{
		Listing *swapped = a;

		a = b;
		b = swapped;
	}
	apart = palloc0(sizeof(Interval));
	apart->time = Max(a->starts_at, b->starts_at) - Min(a->starts_at, b->starts_at);
	values[0] = Int64GetDatum(a->id);
	values[1] = Int64GetDatum(b->id);
	values[2] = IntervalPGetDatum(apart);
	values[3] = Float8GetDatum(km);
	values[4] = Float4GetDatum(alike);
	add_row(duplicates->rows, values, nulls);
}

/* Reads arguments and listings, and visits the pairs. */
static void
find_duplicates(FunctionCallInfo fcinfo, Duplicates *duplicates)
{
	HASHCTL control = {.keysize = sizeof(((SourceNumber *) 0)->name),
					   .entrysize = sizeof(SourceNumber),
					   .hcxt = CurrentMemoryContext};
	Interval *within = PG_GETARG_INTERVAL_P(1);
	int usable = 0;

	if (within->month != 0 || within->day < 0 || within->time < 0 || within->day > 366 ||
		within->time > 366 * USECS_PER_DAY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"within\", the time between two starts, is out of range"),
				 errhint("It is at least 0, at most a year, and without months.")));
	duplicates->within = within->day * USECS_PER_DAY + within->time;
	duplicates->within_km = checked("within_km", PG_GETARG_FLOAT8(2), 20100);
	duplicates->least = checked("similarity", PG_GETARG_FLOAT4(3), 1);
	duplicates->least_without_km = checked("similarity_without_place", PG_GETARG_FLOAT4(4), 1);
	duplicates->memory = CurrentMemoryContext;
	duplicates->capacity = 1024;
	duplicates->listings = palloc(duplicates->capacity * sizeof(Listing));
	duplicates->pair_capacity = 1024;
	duplicates->pairs = palloc(duplicates->pair_capacity * sizeof(Pair));
	duplicates->sources =
		hash_create("sources of events", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	find_show_trgm(&duplicates->show_trgm);
	read_listings(duplicates, text_to_cstring(PG_GETARG_TEXT_PP(0)));

	/* What has no start, or an infinite one, is at no distance of anything: it goes to the end. */
	for (int i = 0; i < duplicates->count; i++)
		if (!TIMESTAMP_NOT_FINITE(duplicates->listings[i].starts_at))
		{
			Listing listing = duplicates->listings[i];

			duplicates->listings[i] = duplicates->listings[usable];
			duplicates->listings[usable++] = listing;
		}
	each_near_pair(duplicates->listings, usable, duplicates->within, duplicates->within_km,
				   compare_titles, duplicates);
}

static void
make_duplicates(FunctionCallInfo fcinfo, RowSet *rows)
{
	Duplicates duplicates = {.rows = rows};

	find_duplicates(fcinfo, &duplicates);
}

PG_FUNCTION_INFO_V1(event_duplicates);

/* event_duplicates(events text, within interval, within_km float8, similarity real, similarity_without_place real) */
Datum
event_duplicates(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, make_duplicates);
}

/* The surest first: those of known places, then by title. */
static int
compare_pairs(const void *a, const void *b)
{
	const Pair *x = a;
	const Pair *y = b;

	CHECK_FOR_INTERRUPTS();
	if ((x->km < 0) != (y->km < 0))
		return x->km < 0 ? 1 : -1;
	if (x->alike != y->alike)
		return x->alike > y->alike ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Listings of one event: which group each is of, and the next one of its group, or -1. */
typedef struct Groups
{
	int *group;
	int *next;
} Groups;

/*
 * Makes one group of two, if any two of their listings may be one event; so a
 * listing that says little does not connect two that contradict each other.
 */
static void
join_groups(const Duplicates *duplicates, Groups *groups, int a, int b)
{
	int last = a;
	double km;

	for (int i = a; i >= 0; i = groups->next[i])
	{
		CHECK_FOR_INTERRUPTS();
		for (int j = b; j >= 0; j = groups->next[j])
			if (!may_be_one_event(&duplicates->listings[i], &duplicates->listings[j],
								  duplicates->within, duplicates->within_km, &km))
				return;
		last = i;
	}
	groups->next[last] = b;
	for (int j = b; j >= 0; j = groups->next[j])
		groups->group[j] = a;
}

static void
make_groups(FunctionCallInfo fcinfo, RowSet *rows)
{
	Duplicates duplicates = {.rows = NULL};
	Groups groups;
	int64 *least;

	find_duplicates(fcinfo, &duplicates);
	groups.group = palloc_extended(duplicates.count * sizeof(int) + 1, MCXT_ALLOC_HUGE);
	groups.next = palloc_extended(duplicates.count * sizeof(int) + 1, MCXT_ALLOC_HUGE);
	least = palloc_extended(duplicates.count * sizeof(int64) + 1, MCXT_ALLOC_HUGE);
	for (int i = 0; i < duplicates.count; i++)
	{
		groups.group[i] = i;
		groups.next[i] = -1;
		least[i] = duplicates.listings[i].id;
	}
	qsort(duplicates.pairs, duplicates.pair_count, sizeof(Pair), compare_pairs);
	for (int64 p = 0; p < duplicates.pair_count; p++)
	{
		int a = groups.group[duplicates.pairs[p].a];
		int b = groups.group[duplicates.pairs[p].b];

		if (a != b)
			join_groups(&duplicates, &groups, Min(a, b), Max(a, b));
	}
	for (int i = 0; i < duplicates.count; i++)
		least[groups.group[i]] = Min(least[groups.group[i]], duplicates.listings[i].id);
	for (int i = 0; i < duplicates.count; i++)
	{
		Datum values[2] = {Int64GetDatum(duplicates.listings[i].id),
						   Int64GetDatum(least[groups.group[i]])};
		bool nulls[2] = {false, false};

		add_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(event_groups);

/* event_groups(events text, ...) as event_duplicates() */
Datum
event_groups(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, make_groups);
}
