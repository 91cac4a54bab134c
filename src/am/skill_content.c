/*
 * skill_content.c
 *	  Segments of skillsets: ordered by a job, filtered by @@, @>, ?, ?| and ?&.
 */
#include "am/skill_content.h"

#include "catalog/pg_type.h"
#include "core/share.h"
#include "core/skill_bound.h"
#include "types/jobspec.h"
#include "types/skillset.h"
#include "utils/array.h"
#include "utils/memutils.h"

#define WINDOW_CAN_FADE 0x1

static uint32
visit_skills(const struct varlena *value, TermVisitor visit, void *state)
{
	SkillView skills;
	double square_sum;

	skillset_view((const Skillset *) value, &skills);
	square_sum = skills_square_sum(&skills);
	for (uint32 i = 0; i < skills.count; i++)
	{
		SkillName name = skillset_name(&skills, i);
		uint16 field[SKILL_FIELDS];

		skill_fields(&skills, i, square_sum, field);
		visit(state, name.hash, name.bytes, name.length, field);
	}
	return skills_can_fade(&skills) ? WINDOW_CAN_FADE : 0;
}

/* ORDER BY */

typedef struct JobOrder
{
	JobScorer scorer;
	bool fit;			/* <-> */
	uint32 *item_names; /* positions of names, item by item */
	uint32 *item_end;	/* where the names of each item end in item_names */
} JobOrder;

static JobOrder *
prepare_job(Datum argument)
{
	JobOrder *order = palloc0(sizeof(JobOrder));
	Jobspec *job = (Jobspec *) PG_DETOAST_DATUM_COPY(argument);
	JobView view;

	jobspec_view(job, &view);
	job_scorer_init(&order->scorer, &view, palloc_extended(job_scorer_size(&view), MCXT_ALLOC_HUGE));

	/* counting sort of the names by item */
	order->item_end = palloc_extended(((Size) view.item_count + 1) * sizeof(uint32),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	order->item_names =
		palloc_extended(((Size) view.name_count + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < view.name_count; i++)
		order->item_end[view.name_item[i] + 1]++;
	for (uint32 i = 0; i < view.item_count; i++)
		order->item_end[i + 1] += order->item_end[i];
	for (uint32 i = 0; i < view.name_count; i++)
		order->item_names[order->item_end[view.name_item[i]]++] = i;
	return order;
}

static void *
prepare_job_order(StrategyNumber strategy, Datum argument)
{
	JobOrder *order = prepare_job(argument);

	order->fit = strategy == SHORTLIST_STRATEGY_FIT;
	return order;
}

static void
job_name_list(const JobOrder *order, const SegmentReader *segment, uint32 position, TermList *list)
{
	SkillName name = jobspec_name(&order->scorer.job, position);

	segment_list(segment, name.hash, name.bytes, name.length, list);
}

/* What an item contributes at each level of a list. */
static void
level_bounds(const JobOrder *order, uint32 position, const TermList *list, double *worth)
{
	for (uint32 i = 0; i < list->value_count[SKILL_FIELD_LEVEL]; i++)
		worth[i] = job_name_bound(&order->scorer, position, list->value[SKILL_FIELD_LEVEL][i]);
}

/* The item has one name: its contributions go straight to the sums. */
static void
add_single(const JobOrder *order, const SegmentReader *segment, uint32 position, double *sum)
{
	double worth[LIST_TABLE_MAX];
	const uint8 *code;
	TermList list;

	job_name_list(order, segment, position, &list);
	if (list.count == 0)
		return;
	level_bounds(order, position, &list, worth);
	code = list.code[SKILL_FIELD_LEVEL];
	for (uint32 i = 0; i < list.count; i++)
		sum[list.window[i]] += worth[code[i]];
	term_list_free(&list);
}

/* Of several names the best one counts; best[] is 0 before and after. */
static void
add_alternatives(const JobOrder *order, const SegmentReader *segment, const uint32 *names,
				 uint32 count, double *best, double *sum)
{
	TermList *list = palloc_extended(count * sizeof(TermList), MCXT_ALLOC_HUGE);

	for (uint32 n = 0; n < count; n++)
	{
		double worth[LIST_TABLE_MAX];

		job_name_list(order, segment, names[n], &list[n]);
		if (list[n].count == 0)
			continue;
		level_bounds(order, names[n], &list[n], worth);
		for (uint32 i = 0; i < list[n].count; i++)
		{
			double bound = worth[list[n].code[SKILL_FIELD_LEVEL][i]];

			if (bound > best[list[n].window[i]])
				best[list[n].window[i]] = bound;
		}
	}
	for (uint32 n = 0; n < count; n++)
	{
		for (uint32 i = 0; i < list[n].count; i++)
		{
			sum[list[n].window[i]] += best[list[n].window[i]];
			best[list[n].window[i]] = 0;
		}
		term_list_free(&list[n]);
	}
	pfree(list);
}

static void
bound_readiness(const JobOrder *order, const SegmentReader *segment, double *bound)
{
	uint32 windows = segment->segment->windows;
	double *best = NULL; /* for items with alternatives */
	uint32 first = 0;

	for (uint32 item = 0; item < order->scorer.job.item_count; item++)
	{
		uint32 end = order->item_end[item];

		CHECK_FOR_INTERRUPTS();
		if (end - first == 1)
			add_single(order, segment, order->item_names[first], bound);
		else
		{
			if (best == NULL)
				best = palloc_extended(((Size) windows + 1) * sizeof(double),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
			add_alternatives(order, segment, order->item_names + first, end - first, best, bound);
		}
		first = end;
	}
	for (uint32 w = 0; w < windows; w++)
		bound[w] = order->scorer.weighted ? readiness_bound(bound[w]) : 1;
	if (best != NULL)
		pfree(best);
}

static void
widen_values(const TermList *list, int field, double *value)
{
	for (uint32 i = 0; i < list->value_count[field]; i++)
		value[i] = bound_widen(list->value[field][i]);
}

/* Adds strengths, once for each skill that the job names. */
static void
bound_use(const JobOrder *order, const SegmentReader *segment, double *bound)
{
	const JobView *job = &order->scorer.job;
	double strength[LIST_TABLE_MAX];

	for (uint32 n = 0; n < job->name_count; n++)
	{
		SkillName name = jobspec_name(job, n);
		TermList list;

		CHECK_FOR_INTERRUPTS();
		if (n > 0)
		{
			SkillName previous = jobspec_name(job, n - 1);

			if (skill_name_stored_order(&previous, &name) == 0)
				continue;
		}
		job_name_list(order, segment, n, &list);
		if (list.count == 0)
			continue;
		widen_values(&list, SKILL_FIELD_STRENGTH, strength);
		for (uint32 i = 0; i < list.count; i++)
			bound[list.window[i]] += strength[list.code[SKILL_FIELD_STRENGTH][i]];
		term_list_free(&list);
	}
	for (uint32 w = 0; w < segment->segment->windows; w++)
		bound[w] = use_bound(bound[w]);
}

static void
bound_fit(const JobOrder *order, const SegmentReader *segment, double *bound)
{
	uint32 windows = segment->segment->windows;
	double *use =
		palloc_extended(((Size) windows + 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	bound_use(order, segment, use);
	if (order->scorer.job.as_of != SKILL_NO_TIME)
	{
		WindowRecord *record = segment_windows(segment);

		for (uint32 w = 0; w < windows; w++)
		{
			if (record[w].flags & WINDOW_CAN_FADE)
				use[w] = 1;
		}
		pfree(record);
	}
	for (uint32 w = 0; w < windows; w++)
		bound[w] = skill_fit(bound[w], use[w]);
	pfree(use);
}

static void
bound_skills(void *prepared, const SegmentReader *segment, double *bound)
{
	const JobOrder *order = prepared;

	bound_readiness(order, segment, bound);
	if (order->fit)
		bound_fit(order, segment, bound);
}

/*
 * WHERE: groups of skills; a row can pass only if it has, of every group, some
 * skill at least at a level.
 */

typedef struct Wanted
{
	SkillName name;
	double level; /* 0: any */
} Wanted;

typedef struct SkillFilter
{
	uint32 group_count;
	uint32 wanted_count;
	uint32 *group_end;
	Wanted *wanted;
	double threshold; /* least readiness for job, or 0 */
	JobOrder *job;
} SkillFilter;

static SkillFilter *
new_filter(Size groups, Size wanted)
{
	SkillFilter *filter = palloc0(sizeof(SkillFilter));

	filter->group_end = palloc_extended((groups + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	filter->wanted = palloc_extended((wanted + 1) * sizeof(Wanted), MCXT_ALLOC_HUGE);
	return filter;
}

static void
add_wanted(SkillFilter *filter, SkillName name, double level)
{
	filter->wanted[filter->wanted_count].name = name;
	filter->wanted[filter->wanted_count].level = level;
	filter->wanted_count++;
}

static void
end_group(SkillFilter *filter)
{
	filter->group_end[filter->group_count++] = filter->wanted_count;
}

static SkillFilter *
filter_by_names(Datum argument, bool all)
{
	ArrayType *array = DatumGetArrayTypeP(argument);
	SkillFilter *filter;
	Datum *element;
	bool *null;
	int count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &element, &null, &count);
	filter = new_filter(all ? count : 1, count);
	for (int i = 0; i < count; i++)
	{
		if (null[i])
			continue;
		add_wanted(filter,
				   skill_name_from_text(DatumGetTextPP(element[i]),
										all ? "has_all_skills()" : "has_any_skill()"),
				   0);
		if (all)
			end_group(filter);
	}
	if (!all)
		end_group(filter);
	return filter;
}

static SkillFilter *
filter_by_skillset(Datum argument)
{
	const Skillset *part = (const Skillset *) PG_DETOAST_DATUM_COPY(argument);
	SkillView skills;
	SkillFilter *filter;

	skillset_view(part, &skills);
	filter = new_filter(skills.count, skills.count);
	for (uint32 i = 0; i < skills.count; i++)
	{
		add_wanted(filter, skillset_name(&skills, i), skills.level[i]);
		end_group(filter);
	}
	return filter;
}

/* A must is met by a name of full credit at its need; fading only lowers levels. */
static SkillFilter *
filter_by_job(Datum argument)
{
	JobOrder *order = prepare_job(argument);
	const JobView *job = &order->scorer.job;
	SkillFilter *filter = new_filter(job->item_count, job->name_count);
	uint32 n = 0;

	for (uint32 item = 0; item < job->item_count; item++)
	{
		bool must = job_item_must(&job->item[item]);

		for (; n < order->item_end[item]; n++)
		{
			uint32 position = order->item_names[n];

			if (must && job->credit[position] >= 1)
				add_wanted(filter, jobspec_name(job, position), job->item[item].need);
		}
		if (must)
			end_group(filter);
	}
	filter->threshold = job->threshold;
	filter->job = order;
	return filter;
}

static void *
prepare_skill_filter(StrategyNumber strategy, Datum argument)
{
	SkillFilter *filter;

	switch (strategy)
	{
		case SHORTLIST_STRATEGY_QUALIFIES:
			return filter_by_job(argument);
		case SHORTLIST_STRATEGY_CONTAINS:
			return filter_by_skillset(argument);
		case SHORTLIST_STRATEGY_HAS:
			filter = new_filter(1, 1);
			add_wanted(filter, skill_name_from_text(DatumGetTextPP(argument), "has_skill()"), 0);
			end_group(filter);
			return filter;
		case SHORTLIST_STRATEGY_HAS_ANY:
			return filter_by_names(argument, false);
		case SHORTLIST_STRATEGY_HAS_ALL:
			return filter_by_names(argument, true);
		default:
			elog(ERROR, "unknown strategy %d of an index on skillsets", strategy);
	}
}

/* Windows that satisfied all groups before this one, and satisfy it, go one further. */
static void
meet_group(const SkillFilter *filter, uint32 group, const SegmentReader *segment, uint32 *met)
{
	for (uint32 n = group == 0 ? 0 : filter->group_end[group - 1]; n < filter->group_end[group]; n++)
	{
		const Wanted *wanted = &filter->wanted[n];
		double level[LIST_TABLE_MAX];
		TermList list;

		segment_list(segment, wanted->name.hash, wanted->name.bytes, wanted->name.length, &list);
		if (list.count == 0)
			continue;
		widen_values(&list, SKILL_FIELD_LEVEL, level);
		for (uint32 i = 0; i < list.count; i++)
		{
			if (met[list.window[i]] == group &&
				level[list.code[SKILL_FIELD_LEVEL][i]] >= wanted->level)
				met[list.window[i]] = group + 1;
		}
		term_list_free(&list);
	}
}

static void
rule_out_by_threshold(const SkillFilter *filter, const SegmentReader *segment, bool *possible)
{
	uint32 windows = segment->segment->windows;
	double *bound =
		palloc_extended(((Size) windows + 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	bound_readiness(filter->job, segment, bound);
	for (uint32 w = 0; w < windows; w++)
		possible[w] &= bound[w] >= filter->threshold - SCORE_TOLERANCE;
	pfree(bound);
}

static void
rule_out_windows(void *prepared, const SegmentReader *segment, bool *possible)
{
	const SkillFilter *filter = prepared;
	uint32 windows = segment->segment->windows;
	uint32 *met;

	if (filter->group_count > 0)
	{
		met = palloc_extended(((Size) windows + 1) * sizeof(uint32),
							  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
		for (uint32 group = 0; group < filter->group_count; group++)
		{
			CHECK_FOR_INTERRUPTS();
			meet_group(filter, group, segment, met);
		}
		for (uint32 w = 0; w < windows; w++)
			possible[w] &= met[w] == filter->group_count;
		pfree(met);
	}
	if (filter->threshold > 0)
		rule_out_by_threshold(filter, segment, possible);
}

static const SegmentContent skill_content = {
	.fields = SKILL_FIELDS,
	.visit_terms = visit_skills,
	.prepare_order = prepare_job_order,
	.bound = bound_skills,
	.prepare_filter = prepare_skill_filter,
	.rule_out = rule_out_windows,
};

PG_FUNCTION_INFO_V1(shortlist_skillset_content);
Datum
shortlist_skillset_content(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&skill_content);
}
