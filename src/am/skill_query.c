/*
 * skill_query.c
 *	  What a search for skillsets asks: ORDER BY a job, WHERE @@, @>, ?, ?| and ?&.
 */
#include "am/skill_query.h"

#include "am/skill_content.h"
#include "catalog/pg_type.h"
#include "types/skillset.h"
#include "utils/array.h"
#include "utils/memutils.h"

static AskedJob *
prepare_job(Datum argument)
{
	AskedJob *asked = palloc0(sizeof(AskedJob));
	JobView view;
	Size names;

	jobspec_view((Jobspec *) PG_DETOAST_DATUM_COPY(argument), &view);
	jobspec_check_contents(&view);
	names = ((Size) view.name_count + 1) * sizeof(uint32);
	job_scorer_init(&asked->scorer, &view, palloc_extended(job_scorer_size(&view), MCXT_ALLOC_HUGE));

	/* counting sort of the names by item */
	asked->item_end = palloc_extended(((Size) view.item_count + 1) * sizeof(uint32),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	asked->item_names = palloc_extended(names, MCXT_ALLOC_HUGE);
	asked->asked = palloc_extended(names, MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < view.name_count; i++)
		asked->item_end[view.name_item[i] + 1]++;
	for (uint32 i = 0; i < view.item_count; i++)
		asked->item_end[i + 1] += asked->item_end[i];
	for (uint32 i = 0; i < view.name_count; i++)
		asked->item_names[asked->item_end[view.name_item[i]]++] = i;
	return asked;
}

/* Filters */

static void
filter_init(SkillFilter *filter, Size wanted)
{
	memset(filter, 0, sizeof(SkillFilter));
	filter->wanted = palloc_extended((wanted + 1) * sizeof(Wanted), MCXT_ALLOC_HUGE);
}

/* Adds to the group that was not ended yet. */
static void
add_wanted(SkillFilter *filter, SkillName name, double level)
{
	Wanted *wanted = &filter->wanted[filter->wanted_count++];

	wanted->name = name;
	wanted->group = filter->group_count;
	wanted->level = level;
}

static void
filter_by_names(SkillFilter *filter, Datum argument, bool all)
{
	ArrayType *array = DatumGetArrayTypePCopy(argument);
	Datum *element;
	bool *null;
	int count;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &element, &null, &count);
	filter_init(filter, count);
	for (int i = 0; i < count; i++)
	{
		if (null[i])
			continue;
		add_wanted(filter,
				   skill_name_from_text(DatumGetTextPP(element[i]),
										all ? "has_all_skills()" : "has_any_skill()"),
				   0);
		if (all)
			filter->group_count++;
	}
	if (!all)
		filter->group_count++;
}

static void
filter_by_skillset(SkillFilter *filter, Datum argument)
{
	SkillView skills;

	skillset_view((const Skillset *) PG_DETOAST_DATUM_COPY(argument), &skills);
	filter_init(filter, skills.count);
	for (uint32 i = 0; i < skills.count; i++)
	{
		add_wanted(filter, skillset_name(&skills, i), skills.level[i]);
		filter->group_count++;
	}
}

/* A must is met by a name of full credit at its need; fading only lowers levels. */
static void
filter_by_job(SkillFilter *filter, Datum argument)
{
	AskedJob *asked = prepare_job(argument);
	const JobView *job = &asked->scorer.job;
	uint32 n = 0;

	filter_init(filter, job->name_count);
	for (uint32 item = 0; item < job->item_count; item++)
	{
		bool must = job_item_must(&job->item[item]);

		for (; n < asked->item_end[item]; n++)
		{
			uint32 position = asked->item_names[n];

			if (must && job->credit[position] >= 1)
				add_wanted(filter, jobspec_name(job, position), job->item[item].need);
		}
		if (must)
			filter->group_count++;
	}
	filter->job = asked;
}

static void
prepare_filter(SkillFilter *filter, StrategyNumber strategy, Datum argument)
{
	switch (strategy)
	{
		case SHORTLIST_STRATEGY_QUALIFIES:
			filter_by_job(filter, argument);
			break;
		case SHORTLIST_STRATEGY_CONTAINS:
			filter_by_skillset(filter, argument);
			break;
		case SHORTLIST_STRATEGY_HAS:
			filter_init(filter, 1);
			add_wanted(filter, skill_name_from_text(DatumGetTextPCopy(argument), "has_skill()"), 0);
			filter->group_count++;
			break;
		case SHORTLIST_STRATEGY_HAS_ANY:
			filter_by_names(filter, argument, false);
			break;
		case SHORTLIST_STRATEGY_HAS_ALL:
			filter_by_names(filter, argument, true);
			break;
		default:
			elog(ERROR, "unknown strategy %d of an index on skillsets", strategy);
	}
}

/* Names and their uses */

static void
gather_job_names(const AskedJob *asked, SkillName *name, uint32 *count)
{
	for (uint32 n = 0; n < asked->scorer.job.name_count; n++)
		name[(*count)++] = jobspec_name(&asked->scorer.job, n);
}

static int
compare_stored(const void *left, const void *right)
{
	return skill_name_stored_order(left, right);
}

static void
gather_names(SkillQuery *query)
{
	Size most = query->order == NULL ? 0 : query->order->scorer.job.name_count;
	uint32 count = 0;

	for (uint32 f = 0; f < query->filter_count; f++)
	{
		most += query->filter[f].wanted_count;
		if (query->filter[f].job != NULL)
			most += query->filter[f].job->scorer.job.name_count;
	}
	query->name = palloc_extended((most + 1) * sizeof(SkillName), MCXT_ALLOC_HUGE);
	query->use = palloc_extended((most + 1) * sizeof(AskedUse), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (query->order != NULL)
		gather_job_names(query->order, query->name, &count);
	for (uint32 f = 0; f < query->filter_count; f++)
	{
		const SkillFilter *filter = &query->filter[f];

		for (uint32 w = 0; w < filter->wanted_count; w++)
			query->name[count++] = filter->wanted[w].name;
		if (filter->job != NULL)
			gather_job_names(filter->job, query->name, &count);
	}
	qsort(query->name, count, sizeof(SkillName), compare_stored);
	for (uint32 i = 0; i < count; i++)
	{
		if (query->name_count == 0 ||
			skill_name_stored_order(&query->name[query->name_count - 1], &query->name[i]) != 0)
			query->name[query->name_count++] = query->name[i];
	}
}

static uint32
find_asked(const SkillQuery *query, SkillName name)
{
	const SkillName *found =
		bsearch(&name, query->name, query->name_count, sizeof(SkillName), compare_stored);

	return (uint32) (found - query->name);
}

static void
add_job_uses(SkillQuery *query, AskedJob *job)
{
	const JobView *view = &job->scorer.job;
	uint32 end;

	for (uint32 first = 0; first < view->name_count; first = end)
	{
		AskedUse *use = &query->use[query->use_count++];

		end = jobspec_names_end(view, first);
		use->asked = find_asked(query, jobspec_name(view, first));
		use->job = job;
		use->first = first;
		use->end = end;
		for (uint32 n = first; n < end; n++)
			job->asked[n] = use->asked;
	}
}

static int
compare_asked(const void *left, const void *right)
{
	uint32 a = ((const AskedUse *) left)->asked;
	uint32 b = ((const AskedUse *) right)->asked;

	return a < b ? -1 : a > b;
}

static void
add_uses(SkillQuery *query)
{
	if (query->order != NULL)
		add_job_uses(query, query->order);
	for (uint32 f = 0; f < query->filter_count; f++)
	{
		SkillFilter *filter = &query->filter[f];

		for (uint32 w = 0; w < filter->wanted_count; w++)
		{
			Wanted *wanted = &filter->wanted[w];

			wanted->asked = find_asked(query, wanted->name);
			if (filter->job == NULL)
			{
				AskedUse *use = &query->use[query->use_count++];

				use->asked = wanted->asked;
				use->filter = filter;
				use->wanted = wanted;
			}
		}
		if (filter->job != NULL)
			add_job_uses(query, filter->job);
	}
	qsort(query->use, query->use_count, sizeof(AskedUse), compare_asked);
}

void *
skill_query_prepare(ScanKey order, ScanKey filters, int filter_count)
{
	SkillQuery *query = palloc0(sizeof(SkillQuery));

	if (order != NULL)
	{
		query->order = prepare_job(order->sk_argument);
		query->order->fit = order->sk_strategy == SHORTLIST_STRATEGY_FIT;
	}
	query->filter = palloc0((filter_count + 1) * sizeof(SkillFilter));
	query->filter_count = filter_count;
	for (int i = 0; i < filter_count; i++)
		prepare_filter(&query->filter[i], filters[i].sk_strategy, filters[i].sk_argument);
	gather_names(query);
	add_uses(query);
	return query;
}

FoundTerm *
skill_query_find(const SkillQuery *query, const SegmentReader *segment)
{
	FoundTerm *term =
		palloc_extended(((Size) query->name_count + 1) * sizeof(FoundTerm), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < query->name_count; i++)
	{
		const SkillName *name = &query->name[i];

		CHECK_FOR_INTERRUPTS();
		term[i].found = posting_find_term(segment, name->hash, name->bytes, name->length,
										  &term[i].number, &term[i].record);
	}
	return term;
}

/*
 * The share of rows that have, of every group, one of the skills, as far as
 * their frequencies tell: as if skills were independent of one another, and no
 * row had two of a group.
 */
static double
passing_share(const SkillFilter *filter, const FoundTerm *term, double rows)
{
	double share = 1;
	uint32 i = 0;

	for (uint32 group = 0; group < filter->group_count; group++)
	{
		double have = 0;

		for (; i < filter->wanted_count && filter->wanted[i].group == group; i++)
		{
			const FoundTerm *found = &term[filter->wanted[i].asked];

			have += found->found ? found->record.rows : 0;
		}
		share *= Min(1, have / rows);
	}
	return share;
}

void
skill_query_estimate(void *prepared, const SegmentReader *segment, SearchEstimate *estimate)
{
	const SkillQuery *query = prepared;
	FoundTerm *term = skill_query_find(query, segment);
	double passing = segment->segment->rows;

	posting_estimate_windows(segment->segment, estimate);
	for (uint32 i = 0; i < query->use_count; i++)
	{
		if (term[query->use[i].asked].found)
			posting_estimate_list(&term[query->use[i].asked].record, estimate);
	}
	for (uint32 f = 0; f < query->filter_count && segment->segment->rows > 0; f++)
		passing *= passing_share(&query->filter[f], term, segment->segment->rows);
	estimate->passing += passing;
	estimate->is_passing_known = true;
	pfree(term);
}
