/*
 * skill_rank.c
 *	  The operators <=>, <-> and @@ of skillset and jobspec, and the scores behind them.
 */
#include "ops/scorer_cache.h"
#include "types/skillset.h"

static double
readiness(JobScorer *scorer, const SkillView *skills)
{
	job_match(scorer, skills);
	return job_readiness(scorer);
}

static double
fit(JobScorer *scorer, const SkillView *skills)
{
	return skill_fit(readiness(scorer, skills), job_use(scorer, skills));
}

static double
readiness_cost(JobScorer *scorer, const SkillView *skills)
{
	return 1 - readiness(scorer, skills);
}

static double
fit_cost(JobScorer *scorer, const SkillView *skills)
{
	return 1 - fit(scorer, skills);
}

typedef double (*Measure)(JobScorer *scorer, const SkillView *skills);

static inline Datum
measure(FunctionCallInfo fcinfo, int skillset_argument, Measure compute)
{
	SkillView skills;

	skillset_view(PG_GETARG_SKILLSET(skillset_argument), &skills);
	PG_RETURN_FLOAT8(compute(cached_job_scorer(fcinfo, 1 - skillset_argument), &skills));
}

static inline Datum
qualifies(FunctionCallInfo fcinfo, int skillset_argument)
{
	JobScorer *scorer = cached_job_scorer(fcinfo, 1 - skillset_argument);
	SkillView skills;

	skillset_view(PG_GETARG_SKILLSET(skillset_argument), &skills);
	job_match(scorer, &skills);
	PG_RETURN_BOOL(job_qualifies(scorer));
}

/* The SQL functions: skill_... take (skillset, jobspec), job_... their commutators. */

PG_FUNCTION_INFO_V1(skill_readiness);
Datum
skill_readiness(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 0, readiness);
}

PG_FUNCTION_INFO_V1(skill_use);
Datum
skill_use(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 0, job_use);
}

/* skill_fit() is taken by core */
PG_FUNCTION_INFO_V1(sql_skill_fit);
Datum
sql_skill_fit(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 0, fit);
}

PG_FUNCTION_INFO_V1(skill_cost);
Datum
skill_cost(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 0, readiness_cost);
}

PG_FUNCTION_INFO_V1(job_cost);
Datum
job_cost(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 1, readiness_cost);
}

PG_FUNCTION_INFO_V1(skill_fit_cost);
Datum
skill_fit_cost(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 0, fit_cost);
}

PG_FUNCTION_INFO_V1(job_fit_cost);
Datum
job_fit_cost(PG_FUNCTION_ARGS)
{
	return measure(fcinfo, 1, fit_cost);
}

PG_FUNCTION_INFO_V1(skill_qualifies);
Datum
skill_qualifies(PG_FUNCTION_ARGS)
{
	return qualifies(fcinfo, 0);
}

/* job_qualifies() is taken by core */
PG_FUNCTION_INFO_V1(sql_job_qualifies);
Datum
sql_job_qualifies(PG_FUNCTION_ARGS)
{
	return qualifies(fcinfo, 1);
}
