/*
 * skill_windows.c
 *	  Bounding windows of skillsets: what the best of their rows can score, and
 *	  where no row can pass a filter.
 */
#include "am/skill_query.h"

#include "am/skill_content.h"
#include "core/share.h"
#include "utils/memutils.h"

/* The list of a name, read when it is first asked for; an empty one if the segment has no such skill. */
static const TermList *
asked_list(const SkillSearch *search, uint32 asked)
{
	TermList **list = &search->list[asked];

	if (*list == NULL)
	{
		*list = palloc(sizeof(TermList));
		(*list)->count = 0;
		if (search->term[asked].found)
			posting_list(search->segment, SKILL_FIELDS, &search->term[asked].record, *list);
	}
	return *list;
}

static void *
window_array(const SkillSearch *search, Size each)
{
	return palloc_extended(((Size) posting_windows(search->segment->segment) + 1) * each,
						   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* What an item contributes at each level of a list. */
static void
level_bounds(const AskedJob *job, uint32 position, const TermList *list, double *worth)
{
	for (uint32 i = 0; i < list->value_count[SKILL_FIELD_LEVEL]; i++)
		worth[i] = job_name_bound(&job->scorer, position, list->value[SKILL_FIELD_LEVEL][i]);
}

/* The item has one name: its contributions go straight to the sums. */
static void
add_single(const SkillSearch *search, const AskedJob *job, uint32 position, double *sum)
{
	double worth[LIST_TABLE_MAX];
	const TermList *list = asked_list(search, job->asked[position]);
	const uint8 *code = list->code[SKILL_FIELD_LEVEL];

	if (list->count == 0)
		return;
	level_bounds(job, position, list, worth);
	for (uint32 i = 0; i < list->count; i++)
		sum[list->window[i]] += worth[code[i]];
}

/* Of several names the best one counts; best[] is 0 before and after. */
static void
add_alternatives(const SkillSearch *search, const AskedJob *job, const uint32 *names, uint32 count,
				 double *best, double *sum)
{
	for (uint32 n = 0; n < count; n++)
	{
		const TermList *list = asked_list(search, job->asked[names[n]]);
		double worth[LIST_TABLE_MAX];

		CHECK_FOR_INTERRUPTS();
		if (list->count == 0)
			continue;
		level_bounds(job, names[n], list, worth);
		for (uint32 i = 0; i < list->count; i++)
		{
			double bound = worth[list->code[SKILL_FIELD_LEVEL][i]];

			if (bound > best[list->window[i]])
				best[list->window[i]] = bound;
		}
	}
	for (uint32 n = 0; n < count; n++)
	{
		const TermList *list = asked_list(search, job->asked[names[n]]);

		for (uint32 i = 0; i < list->count; i++)
		{
			sum[list->window[i]] += best[list->window[i]];
			best[list->window[i]] = 0;
		}
	}
}

static void
bound_readiness(const SkillSearch *search, const AskedJob *job, double *bound)
{
	uint32 windows = posting_windows(search->segment->segment);
	double *best = NULL; /* for items with alternatives */
	uint32 first = 0;

	for (uint32 item = 0; item < job->scorer.job.item_count; item++)
	{
		uint32 end = job->item_end[item];

		CHECK_FOR_INTERRUPTS();
		if (end - first == 1)
			add_single(search, job, job->item_names[first], bound);
		else
		{
			if (best == NULL)
				best = window_array(search, sizeof(double));
			add_alternatives(search, job, job->item_names + first, end - first, best, bound);
		}
		first = end;
	}
	for (uint32 w = 0; w < windows; w++)
		bound[w] = job->scorer.weighted ? readiness_bound(bound[w]) : 1;
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
bound_use(const SkillSearch *search, const AskedJob *job, double *bound)
{
	double strength[LIST_TABLE_MAX];

	for (uint32 n = 0; n < job->scorer.job.name_count; n++)
	{
		const TermList *list;

		CHECK_FOR_INTERRUPTS();
		if (n > 0 && job->asked[n] == job->asked[n - 1])
			continue;
		list = asked_list(search, job->asked[n]);
		if (list->count == 0)
			continue;
		widen_values(list, SKILL_FIELD_STRENGTH, strength);
		for (uint32 i = 0; i < list->count; i++)
			bound[list->window[i]] += strength[list->code[SKILL_FIELD_STRENGTH][i]];
	}
	for (uint32 w = 0; w < posting_windows(search->segment->segment); w++)
		bound[w] = use_bound(bound[w]);
}

static void
bound_fit(const SkillSearch *search, const AskedJob *job, double *bound)
{
	uint32 windows = posting_windows(search->segment->segment);
	double *use = window_array(search, sizeof(double));

	bound_use(search, job, use);
	if (job->scorer.job.as_of != SKILL_NO_TIME)
	{
		WindowRecord *record = posting_window_records(search->segment);

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

/* Filters */

/* Windows that have what all groups before this one want, and what it wants, go one further. */
static void
meet_wanted(const SkillSearch *search, const Wanted *wanted, uint32 *met)
{
	const TermList *list = asked_list(search, wanted->asked);
	double level[LIST_TABLE_MAX];

	if (list->count == 0)
		return;
	widen_values(list, SKILL_FIELD_LEVEL, level);
	for (uint32 i = 0; i < list->count; i++)
	{
		if (met[list->window[i]] == wanted->group &&
			level[list->code[SKILL_FIELD_LEVEL][i]] >= wanted->level)
			met[list->window[i]] = wanted->group + 1;
	}
}

static void
rule_out_by_groups(const SkillSearch *search, const SkillFilter *filter, double *bound)
{
	uint32 *met = window_array(search, sizeof(uint32));

	for (uint32 i = 0; i < filter->wanted_count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		meet_wanted(search, &filter->wanted[i], met);
	}
	for (uint32 w = 0; w < posting_windows(search->segment->segment); w++)
	{
		if (met[w] != filter->group_count)
			bound[w] = WINDOW_RULED_OUT;
	}
	pfree(met);
}

static void
rule_out_by_threshold(const SkillSearch *search, const AskedJob *job, double *bound)
{
	double *readiness = window_array(search, sizeof(double));

	bound_readiness(search, job, readiness);
	for (uint32 w = 0; w < posting_windows(search->segment->segment); w++)
	{
		if (readiness[w] < job->scorer.job.threshold - SCORE_TOLERANCE)
			bound[w] = WINDOW_RULED_OUT;
	}
	pfree(readiness);
}

void
skill_windows_bound(void *state, double *bound)
{
	SkillSearch *search = state;
	const SkillQuery *query = search->query;
	/* lists and arrays of windows go when all is bounded */
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist bounds", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);

	search->list = palloc_extended(((Size) query->name_count + 1) * sizeof(TermList *),
								   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (query->order != NULL)
	{
		bound_readiness(search, query->order, bound);
		if (query->order->fit)
			bound_fit(search, query->order, bound);
	}
	for (uint32 f = 0; f < query->filter_count; f++)
	{
		const SkillFilter *filter = &query->filter[f];

		if (filter->group_count > 0)
			rule_out_by_groups(search, filter, bound);
		if (filter->job != NULL && filter->job->scorer.job.threshold > 0)
			rule_out_by_threshold(search, filter->job, bound);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
	search->list = NULL;
}
