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
	return job_readiness(scorer, NULL);
}

static double
use(JobScorer *scorer, const SkillView *skills)
{
	return job_use(scorer, skills, NULL);
}

static double
fit(JobScorer *scorer, const SkillView *skills)
{
	return skill_fit(readiness(scorer, skills), use(scorer, skills));
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

typedef double (*Measure) (JobScorer *scorer, const SkillView *skills);

static inline Datum
measure(FunctionCallInfo fcinfo, int skillset_argument, Measure compute)
{
	SkillView	skills;

	skillset_view(PG_GETARG_SKILLSET(skillset_argument), &skills);
	PG_RETURN_FLOAT8(compute(cached_job_scorer(fcinfo, PG_GETARG_JOBSPEC(1 - skillset_argument)), &skills));
}

/* Each measure as an SQL function in both orders of its arguments. */
#define MEASURE_FUNCTIONS(name, compute) \
	PG_FUNCTION_INFO_V1(name##_of_skillset); \
	Datum name##_of_skillset(PG_FUNCTION_ARGS) { return measure(fcinfo, 0, compute); } \
	PG_FUNCTION_INFO_V1(name##_of_jobspec); \
	Datum name##_of_jobspec(PG_FUNCTION_ARGS) { return measure(fcinfo, 1, compute); } \
	extern int	no_such_object

MEASURE_FUNCTIONS(skill_readiness, readiness);
MEASURE_FUNCTIONS(skill_use, use);
MEASURE_FUNCTIONS(skill_fit, fit);
MEASURE_FUNCTIONS(skill_cost, readiness_cost);
MEASURE_FUNCTIONS(skill_fit_cost, fit_cost);

static Datum
qualifies(FunctionCallInfo fcinfo, int skillset_argument)
{
	JobScorer  *scorer = cached_job_scorer(fcinfo, PG_GETARG_JOBSPEC(1 - skillset_argument));
	SkillView	skills;

	skillset_view(PG_GETARG_SKILLSET(skillset_argument), &skills);
	job_match(scorer, &skills);
	PG_RETURN_BOOL(job_qualifies(scorer));
}

PG_FUNCTION_INFO_V1(skill_qualifies_of_skillset);
Datum
skill_qualifies_of_skillset(PG_FUNCTION_ARGS)
{
	return qualifies(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(skill_qualifies_of_jobspec);
Datum
skill_qualifies_of_jobspec(PG_FUNCTION_ARGS)
{
	return qualifies(fcinfo, 1);
}
