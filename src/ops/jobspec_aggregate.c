/*
 * jobspec_aggregate.c
 *	  jobspec_agg: many adverts for one role to one jobspec.
 *
 * For every skill that an advert names as an item:
 *
 *	weight	= adverts that ask it / adverts
 *	need	= a quantile of its needs (the smallest need such that at least
 *			  that share of the needs is not above it), and likewise from
 *	must	if it is a must in more than half of all adverts
 *	alternatives: all that any advert accepts, at the highest credit
 *
 * Clocks and thresholds of single adverts are theirs, not the role's.
 *
 * The state keeps the adverts, since a quantile needs all values; it travels
 * between parallel workers as their bytes.
 */
#include "types/pg.h"

#include "ops/aggregate.h"

#include <math.h>

#include "types/jobspec.h"
#include "utils/memutils.h"

typedef struct AdvertState
{
	double quantile;
	uint64 count;
	uint64 capacity;
	Jobspec **advert;
} AdvertState;

static AdvertState *
new_state(double quantile)
{
	AdvertState *state = palloc(sizeof(AdvertState));

	state->quantile = quantile;
	state->count = 0;
	state->capacity = 16;
	state->advert = palloc(state->capacity * sizeof(Jobspec *));
	return state;
}

static void
add_advert(AdvertState *state, const Jobspec *advert)
{
	CHECK_FOR_INTERRUPTS();
	if (state->count == state->capacity)
	{
		state->capacity *= 2;
		state->advert = repalloc_huge(state->advert, state->capacity * sizeof(Jobspec *));
	}
	state->advert[state->count] = palloc(VARSIZE(advert));
	memcpy(state->advert[state->count++], advert, VARSIZE(advert));
}

static double
quantile_argument(FunctionCallInfo fcinfo)
{
	InputPlace place = {"jobspec_agg()", NULL, NULL, NULL};

	if (PG_NARGS() < 3)
		return 0.5;
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("quantile is null in jobspec_agg()"),
				 errhint("Leave it out for the median.")));
	return rule_float8(&QuantileRule, PG_GETARG_FLOAT8(2), &place);
}

static void
check_quantile(const AdvertState *state, double quantile)
{
	if (state->quantile != quantile)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("quantile differs from row to row in jobspec_agg()"),
				 errhint("Pass the same number for every row of a group.")));
}

/* jobspec_agg(advert [, quantile]) */
PG_FUNCTION_INFO_V1(jobspec_agg_transition);
Datum
jobspec_agg_transition(PG_FUNCTION_ARGS)
{
	MemoryContext memory = aggregate_memory(fcinfo);
	MemoryContext before;
	AdvertState *state = PG_ARGISNULL(0) ? NULL : (AdvertState *) PG_GETARG_POINTER(0);
	Jobspec *advert;
	double quantile;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	quantile = quantile_argument(fcinfo);
	advert = PG_GETARG_JOBSPEC(1);
	before = MemoryContextSwitchTo(memory);
	if (state == NULL)
		state = new_state(quantile);
	check_quantile(state, quantile);
	add_advert(state, advert);
	MemoryContextSwitchTo(before);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(jobspec_agg_combine);
Datum
jobspec_agg_combine(PG_FUNCTION_ARGS)
{
	MemoryContext before = MemoryContextSwitchTo(aggregate_memory(fcinfo));
	AdvertState *state = PG_ARGISNULL(0) ? NULL : (AdvertState *) PG_GETARG_POINTER(0);
	AdvertState *other = PG_ARGISNULL(1) ? NULL : (AdvertState *) PG_GETARG_POINTER(1);

	if (other != NULL)
	{
		if (state == NULL)
			state = new_state(other->quantile);
		check_quantile(state, other->quantile);
		for (uint64 i = 0; i < other->count; i++)
			add_advert(state, other->advert[i]);
	}
	MemoryContextSwitchTo(before);
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

/* bytea: float8 quantile, then the adverts as stored, one behind the other */
PG_FUNCTION_INFO_V1(jobspec_agg_serialize);
Datum
jobspec_agg_serialize(PG_FUNCTION_ARGS)
{
	AdvertState *state = (AdvertState *) PG_GETARG_POINTER(0);
	Size size = VARHDRSZ + sizeof(double);
	bytea *bytes;
	char *at;

	(void) aggregate_memory(fcinfo);
	for (uint64 i = 0; i < state->count; i++)
		size += VARSIZE(state->advert[i]);
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("adverts of one group are too large for a parallel worker to hand over"),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	bytes = palloc(size);
	SET_VARSIZE(bytes, size);
	at = VARDATA(bytes);
	memcpy(at, &state->quantile, sizeof(double));
	at += sizeof(double);
	for (uint64 i = 0; i < state->count; i++)
	{
		memcpy(at, state->advert[i], VARSIZE(state->advert[i]));
		at += VARSIZE(state->advert[i]);
	}
	PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(jobspec_agg_deserialize);
Datum
jobspec_agg_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	const char *at = VARDATA_ANY(bytes);
	const char *end = at + VARSIZE_ANY_EXHDR(bytes);
	double quantile;
	AdvertState *state;

	(void) aggregate_memory(fcinfo);
	memcpy(&quantile, at, sizeof(double));
	at += sizeof(double);
	state = new_state(quantile);
	while (at < end)
	{
		struct varlena header;
		Size size;
		Jobspec *advert;

		/* not aligned here */
		memcpy(&header, at, sizeof(header));
		size = VARSIZE(&header);
		advert = palloc(size);
		memcpy(advert, at, size);
		add_advert(state, advert);
		at += size;
	}
	PG_RETURN_POINTER(state);
}

/* One item of one advert, or one of its alternatives. */
typedef struct Mention
{
	SkillName item;
	SkillName alternative; /* of length 0: the item itself */
	float need;
	float from;
	float credit;
	bool must;
} Mention;

/* By item; the item's own mentions first, then its alternatives, the best credit of each first. */
static int
compare_mentions(const void *left, const void *right)
{
	const Mention *a = left;
	const Mention *b = right;
	int order = skill_name_stored_order(&a->item, &b->item);

	CHECK_FOR_INTERRUPTS();
	if (order == 0)
		order = skill_name_compare(a->alternative.bytes, a->alternative.length,
								   b->alternative.bytes, b->alternative.length);
	if (order == 0)
		order = (a->credit < b->credit) - (a->credit > b->credit);
	return order;
}

static Mention *
collect_mentions(const AdvertState *state, uint64 *count)
{
	uint64 total = 0;
	uint64 n = 0;
	JobView view;
	Mention *mention;

	for (uint64 i = 0; i < state->count; i++)
	{
		jobspec_view(state->advert[i], &view);
		total += view.name_count;
	}
	mention = palloc_extended(Max(1, total) * sizeof(Mention), MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < state->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		jobspec_view(state->advert[i], &view);
		for (uint32 position = 0; position < view.name_count; position++)
		{
			const JobItem *item = &view.item[view.name_item[position]];
			bool own = job_item_own(item) == position;
			Mention *one = &mention[n++];

			one->item = jobspec_name(&view, job_item_own(item));
			one->alternative = jobspec_name(&view, position);
			if (own)
				one->alternative.length = 0;
			one->need = item->need;
			one->from = item->from;
			one->credit = view.credit[position];
			one->must = job_item_must(item);
		}
	}
	qsort(mention, n, sizeof(Mention), compare_mentions);
	*count = n;
	return mention;
}

static int
compare_floats(const void *left, const void *right)
{
	float a = *(const float *) left;
	float b = *(const float *) right;

	CHECK_FOR_INTERRUPTS();
	return (a > b) - (a < b);
}

/* As percentile_disc(): the first value with at least that share of values up to it. */
static float
quantile_of(float *values, uint64 count, double quantile)
{
	double rank = ceil(quantile * count);

	qsort(values, count, sizeof(float), compare_floats);
	return values[rank < 1 ? 0 : (uint64) rank - 1];
}

/* Adds the item whose `asked` own mentions begin here; from stays below need, as in every advert. */
static JobEntry *
add_item(JobspecBuilder *builder, const AdvertState *state, const Mention *mention, uint64 asked)
{
	float *values = palloc_extended(asked * sizeof(float), MCXT_ALLOC_HUGE);
	JobEntry *entry = jobspec_builder_add(builder, mention->item);
	uint64 musts = 0;

	for (uint64 i = 0; i < asked; i++)
	{
		values[i] = mention[i].need;
		musts += mention[i].must;
	}
	entry->need = quantile_of(values, asked, state->quantile);
	for (uint64 i = 0; i < asked; i++)
		values[i] = mention[i].from;
	entry->from = quantile_of(values, asked, state->quantile);
	entry->weight = (float) ((double) asked / state->count);
	entry->must = musts > state->count / 2.0;
	pfree(values);
	return entry;
}

PG_FUNCTION_INFO_V1(jobspec_agg_final);
Datum
jobspec_agg_final(PG_FUNCTION_ARGS)
{
	InputPlace place = {"jobspec_agg()", NULL, NULL, NULL};
	AdvertState *state;
	JobspecBuilder builder;
	Mention *mention;
	uint64 count;
	uint64 i = 0;

	(void) aggregate_memory(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (AdvertState *) PG_GETARG_POINTER(0);
	mention = collect_mentions(state, &count);
	jobspec_builder_init(&builder, &place);
	while (i < count)
	{
		uint64 start = i;
		JobEntry *entry;

		while (i < count && mention[i].alternative.length == 0 &&
			   skill_name_stored_order(&mention[i].item, &mention[start].item) == 0)
			i++;
		entry = add_item(&builder, state, &mention[start], i - start);
		for (; i < count && mention[i].alternative.length > 0; i++)
		{
			if (mention[i - 1].alternative.length == 0 ||
				skill_name_stored_order(&mention[i - 1].alternative, &mention[i].alternative) != 0)
				jobspec_entry_add_alternative(entry, mention[i].alternative, mention[i].credit);
		}
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}
