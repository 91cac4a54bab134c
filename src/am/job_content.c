/*
 * job_content.c
 *	  Segments of jobs: ordered by a skillset, filtered by @@.
 */
#include "am/skill_content.h"

#include "core/skill_bound.h"
#include "types/jobspec.h"
#include "types/skillset.h"
#include "utils/memutils.h"

#define WINDOW_WEIGHTLESS 0x1 /* a job whose readiness is 1 for everybody */
#define WINDOW_CLOCK 0x2	  /* a job that lets skills fade */

static uint32
visit_names(const struct varlena *value, TermVisitor visit, void *state)
{
	JobScorer scorer;
	JobView job;
	uint32 end;

	jobspec_view((const Jobspec *) value, &job);
	job_scorer_init(&scorer, &job, palloc_extended(job_scorer_size(&job), MCXT_ALLOC_HUGE));
	for (uint32 first = 0; first < job.name_count; first = end)
	{
		SkillName name = jobspec_name(&job, first);
		uint16 field[JOB_FIELDS];

		for (end = first + 1; end < job.name_count; end++)
		{
			SkillName next = jobspec_name(&job, end);

			if (skill_name_stored_order(&name, &next) != 0)
				break;
		}
		job_fields(&scorer, first, end, field);
		visit(state, name.hash, name.bytes, name.length, field);
	}
	return (scorer.weighted ? 0 : WINDOW_WEIGHTLESS) |
		(job.as_of == SKILL_NO_TIME ? 0 : WINDOW_CLOCK);
}

typedef struct SkillsOrder
{
	SkillView skills;
	double square_sum;
	bool can_fade;
	bool fit; /* <-> */
} SkillsOrder;

static void *
prepare_skills_order(StrategyNumber strategy, Datum argument)
{
	SkillsOrder *order = palloc0(sizeof(SkillsOrder));

	skillset_view((const Skillset *) PG_DETOAST_DATUM_COPY(argument), &order->skills);
	order->square_sum = skills_square_sum(&order->skills);
	order->can_fade = skills_can_fade(&order->skills);
	order->fit = strategy == SHORTLIST_STRATEGY_FIT;
	return order;
}

static void
add_skills(const SkillsOrder *order, const SegmentReader *segment, double *readiness, double *use)
{
	for (uint32 skill = 0; skill < order->skills.count; skill++)
	{
		SkillName name = skillset_name(&order->skills, skill);
		double level = order->skills.level[skill];
		TermList list;

		CHECK_FOR_INTERRUPTS();
		segment_list(segment, name.hash, name.bytes, name.length, &list);
		for (uint32 i = 0; i < list.count; i++)
		{
			uint16 field[JOB_FIELDS];

			for (int f = 0; f < JOB_FIELDS; f++)
				field[f] = list.value[f][list.code[f][i]];
			readiness[list.window[i]] += skill_readiness_bound(level, field);
			if (order->fit)
				use[list.window[i]] += skill_use_bound(level, order->square_sum, field);
		}
		term_list_free(&list);
	}
}

static void
bound_jobs(void *prepared, const SegmentReader *segment, double *bound)
{
	const SkillsOrder *order = prepared;
	uint32 windows = segment->segment->windows;
	WindowRecord *record = segment_windows(segment);
	double *use =
		palloc_extended(((Size) windows + 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	add_skills(order, segment, bound, use);
	for (uint32 w = 0; w < windows; w++)
	{
		bound[w] = record[w].flags & WINDOW_WEIGHTLESS ? 1 : readiness_bound(bound[w]);
		use[w] = order->can_fade && record[w].flags & WINDOW_CLOCK ? 1 : use_bound(use[w]);
		if (order->fit)
			bound[w] = skill_fit(bound[w], use[w]);
	}
	pfree(use);
	pfree(record);
}

/* Which jobs a skillset qualifies for is decided row by row. */
static void *
prepare_job_filter(StrategyNumber strategy, Datum argument)
{
	if (strategy != SHORTLIST_STRATEGY_QUALIFIES)
		elog(ERROR, "unknown strategy %d of an index on jobspecs", strategy);
	return NULL;
}

static void
rule_out_none(void *prepared, const SegmentReader *segment, bool *possible)
{
}

static const SegmentContent job_content = {
	.fields = JOB_FIELDS,
	.visit_terms = visit_names,
	.prepare_order = prepare_skills_order,
	.bound = bound_jobs,
	.prepare_filter = prepare_job_filter,
	.rule_out = rule_out_none,
};

PG_FUNCTION_INFO_V1(shortlist_jobspec_content);
Datum
shortlist_jobspec_content(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&job_content);
}
