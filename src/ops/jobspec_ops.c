/*
 * jobspec_ops.c
 *	  Making and changing jobspecs: arrays, clock, threshold, gap, list of items.
 */
#include "types/pg.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "core/share.h"
#include "ops/arrays.h"
#include "ops/rows.h"
#include "ops/scorer_cache.h"
#include "types/skillset.h"
#include "utils/array.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(jobspec_from_arrays);
Datum
jobspec_from_arrays(PG_FUNCTION_ARGS)
{
	InputPlace place = {"jobspec()", NULL, NULL, NULL};
	JobspecBuilder builder;
	ArrayArgument skills, needs, weights, musts;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	array_argument(fcinfo, 0, TEXTOID, "skills", &skills, NULL);
	array_argument(fcinfo, 1, FLOAT8OID, "needs", &needs, &skills);
	array_argument(fcinfo, 2, FLOAT8OID, "weights", &weights, &skills);
	array_argument(fcinfo, 3, BOOLOID, "musts", &musts, &skills);
	jobspec_builder_init(&builder, &place);
	for (int i = 0; i < skills.count; i++)
	{
		SkillName name = array_skill_name(&skills, i, &place);
		JobEntry *entry = jobspec_builder_add(&builder, name);

		place.key = name.bytes;
		if (needs.given)
			entry->need = rule_float4(&NeedRule, array_float8(&needs, i, &place), &place);
		if (weights.given)
			entry->weight = rule_float4(&WeightRule, array_float8(&weights, i, &place), &place);
		if (musts.given)
			entry->must = DatumGetBool(array_element_not_null(&musts, i, &place));
		place.key = NULL;
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}

/* A copy with another header. */
static Jobspec *
copy_jobspec(const Jobspec *job)
{
	Jobspec *copy = palloc(VARSIZE(job));

	memcpy(copy, job, VARSIZE(job));
	return copy;
}

PG_FUNCTION_INFO_V1(jobspec_at_least);
Datum
jobspec_at_least(PG_FUNCTION_ARGS)
{
	InputPlace place = {"at_least()", NULL, NULL, NULL};
	Jobspec *job = copy_jobspec(PG_GETARG_JOBSPEC(0));

	job->threshold = rule_float8(&ThresholdRule, PG_GETARG_FLOAT8(1), &place);
	if (job->threshold > 0)
		job->flags |= JOBSPEC_THRESHOLD;
	else
		job->flags &= ~JOBSPEC_THRESHOLD;
	PG_RETURN_POINTER(job);
}

PG_FUNCTION_INFO_V1(jobspec_as_of);
Datum
jobspec_as_of(PG_FUNCTION_ARGS)
{
	InputPlace place = {"as_of()", NULL, NULL, NULL};
	Jobspec *job = copy_jobspec(PG_GETARG_JOBSPEC(0));

	job->as_of = rule_timestamp(PG_GETARG_TIMESTAMPTZ(1), &place);
	job->flags |= JOBSPEC_AS_OF;
	PG_RETURN_POINTER(job);
}

/*
 * What is left of the threshold: the gap is met as far as the job asks when
 * readiness in it covers what the job's threshold still lacks.
 */
static double
gap_threshold(JobScorer *scorer)
{
	double ready = job_readiness(scorer);

	if (ready >= scorer->job.threshold - SCORE_TOLERANCE)
		return 0;
	return (scorer->job.threshold - ready) / (1 - ready);
}

PG_FUNCTION_INFO_V1(skill_gap);
Datum
skill_gap(PG_FUNCTION_ARGS)
{
	InputPlace place = {"skill_gap()", NULL, NULL, NULL};
	JobScorer *scorer = new_job_scorer(PG_GETARG_JOBSPEC(0));
	JobAlternatives *alternatives = jobspec_alternatives(&scorer->job);
	SkillView skills;
	JobspecBuilder builder;

	skillset_view(PG_GETARG_SKILLSET(1), &skills);
	job_match(scorer, &skills);
	jobspec_builder_init(&builder, &place);
	builder.as_of = scorer->job.as_of;
	builder.threshold = gap_threshold(scorer);
	for (uint32 i = 0; i < scorer->job.item_count; i++)
	{
		const JobItem *item = &scorer->job.item[i];
		double from, weight;
		bool vanishes;
		JobEntry *entry;

		if (!job_item_gap(scorer, i, &from, &weight))
			continue;
		/* What float4 cannot tell from nothing is nothing, but a must that is not met stays one. */
		vanishes = (float) from >= item->need || ((float) weight == 0 && weight > 0);
		if (vanishes && !job_item_must(item))
			continue;
		entry = jobspec_builder_add_stored(&builder, &scorer->job, i, alternatives);
		entry->from = Min((float) from, nextafterf(item->need, 0));
		entry->weight = (float) weight;
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}

static void
list_items(FunctionCallInfo fcinfo, RowSet *rows)
{
	JobView view;
	JobAlternatives *alternatives;

	jobspec_view(PG_GETARG_JOBSPEC(0), &view);
	alternatives = jobspec_alternatives(&view);
	for (uint32 i = 0; i < view.item_count; i++)
	{
		const JobItem *item = &view.item[i];
		SkillName name = jobspec_name(&view, job_item_own(item));
		uint32 count = alternatives[i].count;
		Datum *names = palloc(Max(1, count) * sizeof(Datum));
		Datum *credits = palloc(Max(1, count) * sizeof(Datum));
		Datum values[7];
		bool nulls[7] = {false};

		for (uint32 a = 0; a < count; a++)
		{
			uint32 position = alternatives[i].position[a];
			SkillName alternative = jobspec_name(&view, position);

			names[a] =
				PointerGetDatum(cstring_to_text_with_len(alternative.bytes, alternative.length));
			credits[a] = Float4GetDatum(view.credit[position]);
		}
		values[0] = PointerGetDatum(cstring_to_text_with_len(name.bytes, name.length));
		values[1] = Float4GetDatum(item->need);
		values[2] = Float4GetDatum(item->from);
		values[3] = Float4GetDatum(item->weight);
		values[4] = BoolGetDatum(job_item_must(item));
		values[5] =
			PointerGetDatum(construct_array(names, count, TEXTOID, -1, false, TYPALIGN_INT));
		values[6] = PointerGetDatum(construct_array(credits, count, FLOAT4OID, sizeof(float4), true,
													TYPALIGN_INT));
		add_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(jobspec_each);
Datum
jobspec_each(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, list_items);
}
