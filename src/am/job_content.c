/*
 * job_content.c
 *	  Segments of jobs: ordered by a skillset, filtered by @@.
 */
#include "am/skill_content.h"

#include "am/posting.h"
#include "core/share.h"
#include "core/skill_bound.h"
#include "types/jobspec.h"
#include "types/skillset.h"
#include "utils/memutils.h"

#define WINDOW_WEIGHTLESS 0x1 /* a job whose readiness is 1 for everybody */
#define WINDOW_CLOCK 0x2	  /* a job that lets skills fade */

/*
 * Who qualifies for a job has a readiness of at least its threshold, and of at
 * least the shares of its musts.  One bit for each step of that demand: the
 * lowest of a window tells what its least demanding job asks.
 */
#define DEMAND_STEPS 16
#define WINDOW_DEMAND(step) ((uint32) 1 << (16 + (step)))

/* Taking jobs apart: the payload is the whole value. */

static void
visit_names(const void *value, TermVisitor visit, void *state)
{
	JobView job;

	jobspec_view((const Jobspec *) value, &job);
	for (uint32 first = 0; first < job.name_count; first = jobspec_names_end(&job, first))
	{
		SkillName name = jobspec_name(&job, first);

		visit(state, name.hash, name.bytes, name.length);
	}
}

static char *
job_payload(const void *value, uint32 *bytes)
{
	char *payload = palloc_extended(VARSIZE(value), MCXT_ALLOC_HUGE);

	*bytes = VARSIZE(value);
	memcpy(payload, value, *bytes);
	return payload;
}

static uint32
demand_flag(const JobScorer *scorer)
{
	double demand = 0;

	for (uint32 i = 0; i < scorer->job.item_count; i++)
	{
		if (job_item_must(&scorer->job.item[i]))
			demand += scorer->share[i];
	}
	demand = Max(demand, scorer->job.threshold);
	return WINDOW_DEMAND(Min(DEMAND_STEPS - 1, (int) (demand * DEMAND_STEPS)));
}

static double
least_demand(uint32 flags)
{
	int step = 0;

	while (step < DEMAND_STEPS && (flags & WINDOW_DEMAND(step)) == 0)
		step++;
	return step / (double) DEMAND_STEPS;
}

static uint32
job_fields_of(const PostingRow *row, ListEntry *entry)
{
	JobScorer scorer;
	JobView job;
	uint32 end;
	uint32 term = 0;

	jobspec_view((const Jobspec *) row->payload, &job);
	job_scorer_init(&scorer, &job, palloc_extended(job_scorer_size(&job), MCXT_ALLOC_HUGE));
	for (uint32 first = 0; first < job.name_count && term < row->count; first = end)
	{
		end = jobspec_names_end(&job, first);
		job_fields(&scorer, first, end, entry[term++].field);
	}
	return (scorer.weighted ? 0 : WINDOW_WEIGHTLESS) |
		(job.as_of == SKILL_NO_TIME ? 0 : WINDOW_CLOCK) | demand_flag(&scorer);
}

/* A window is its jobs, one after another, padded. */
static char *
pack_jobs(const PostingRow *row, uint32 rows, Size *size)
{
	char *bytes, *at;

	*size = 0;
	for (uint32 i = 0; i < rows; i++)
		*size += MAXALIGN(row[i].bytes);
	bytes = at = palloc_extended(*size + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < rows; i++)
	{
		memcpy(at, row[i].payload, row[i].bytes);
		at += MAXALIGN(row[i].bytes);
	}
	return bytes;
}

/* The job at `at`, which moves on; NULL if there is none. */
static char *
next_job(char **at, const char *end)
{
	char *job = *at;
	Size size;

	if ((Size) (end - job) < sizeof(Jobspec))
		return NULL;
	size = MAXALIGN(VARSIZE(job));
	if (size < sizeof(Jobspec) || size > (Size) (end - job))
		return NULL;
	*at = job + size;
	return job;
}

static bool
unpack_jobs(const char *bytes, Size size, PostingRow *row, uint32 rows)
{
	char *at = unconstify(char *, bytes);

	for (uint32 i = 0; i < rows; i++)
	{
		memset(&row[i], 0, sizeof(PostingRow));
		row[i].payload = next_job(&at, bytes + size);
		if (row[i].payload == NULL)
			return false;
		row[i].bytes = VARSIZE(row[i].payload);
	}
	return at == bytes + size;
}

/* Checking */

static const char *
stored_flaw(const void *value)
{
	return jobspec_flaw((const Jobspec *) value);
}

static struct varlena *
restore_job(const PostingRow *row, const SkillName *name)
{
	return (struct varlena *) row->payload;
}

static struct varlena *
ask_skillset(const SkillName *name, const float *level, uint32 count)
{
	InputPlace place = {"index", NULL, NULL, NULL};
	SkillsetBuilder builder;

	skillset_builder_init(&builder, &place);
	for (uint32 i = 0; i < count; i++)
		skillset_builder_add(&builder, name[i])->level = level[i];
	return (struct varlena *) skillset_builder_finish(&builder);
}

/* Searching */

/* Somebody's skills, to order jobs by or to filter by. */
typedef struct AskingSkills
{
	SkillView skills;
	double square_sum;
	bool can_fade;
	bool fit; /* <-> */
} AskingSkills;

typedef struct JobQuery
{
	AskingSkills *order;  /* NULL if all rows cost the same */
	AskingSkills *filter; /* of @@, which row by row the operator decides */
	int filter_count;
} JobQuery;

typedef struct JobSearch
{
	const JobQuery *query;
	const SegmentReader *segment;
	WindowRecord *record; /* of each window */
} JobSearch;

static void
prepare_skills(AskingSkills *asking, ScanKey key)
{
	skillset_view((const Skillset *) PG_DETOAST_DATUM_COPY(key->sk_argument), &asking->skills);
	asking->square_sum = skills_square_sum(&asking->skills);
	asking->can_fade = skills_can_fade(&asking->skills);
	asking->fit = key->sk_strategy == SHORTLIST_STRATEGY_FIT;
}

static void *
prepare_job_search(ScanKey order, ScanKey filters, int filter_count)
{
	JobQuery *query = palloc0(sizeof(JobQuery));

	if (order != NULL)
	{
		query->order = palloc(sizeof(AskingSkills));
		prepare_skills(query->order, order);
	}
	query->filter = palloc((filter_count + 1) * sizeof(AskingSkills));
	query->filter_count = filter_count;
	for (int i = 0; i < filter_count; i++)
		prepare_skills(&query->filter[i], &filters[i]);
	return query;
}

static bool
find_skill(const AskingSkills *asking, const SegmentReader *segment, uint32 skill, TermRecord *term)
{
	SkillName name = skillset_name(&asking->skills, skill);
	uint32 number;

	CHECK_FOR_INTERRUPTS();
	return posting_find_term(segment, name.hash, name.bytes, name.length, &number, term);
}

static void
estimate_skills(const AskingSkills *asking, const SegmentReader *segment, SearchEstimate *estimate)
{
	TermRecord term;

	for (uint32 skill = 0; skill < asking->skills.count; skill++)
	{
		if (find_skill(asking, segment, skill, &term))
			posting_estimate_list(&term, estimate);
	}
}

static void
estimate_job_search(void *prepared, const SegmentReader *segment, SearchEstimate *estimate)
{
	const JobQuery *query = prepared;

	posting_estimate_windows(segment->segment, estimate);
	if (query->order != NULL)
		estimate_skills(query->order, segment, estimate);
	for (int i = 0; i < query->filter_count; i++)
		estimate_skills(&query->filter[i], segment, estimate);
}

static void *
begin_job_search(void *prepared, const SegmentReader *segment)
{
	JobSearch *search = palloc(sizeof(JobSearch));

	search->query = prepared;
	search->segment = segment;
	search->record = posting_window_records(segment);
	return search;
}

/* Adds up what skills contribute at most, to readiness and, if `use` is not NULL, to use. */
static void
add_skills(const JobSearch *search, const AskingSkills *asking, double *readiness, double *use)
{
	for (uint32 skill = 0; skill < asking->skills.count; skill++)
	{
		double level = asking->skills.level[skill];
		TermRecord term;
		TermList list;

		if (!find_skill(asking, search->segment, skill, &term))
			continue;
		posting_list(search->segment, JOB_FIELDS, &term, &list);
		for (uint32 i = 0; i < list.count; i++)
		{
			uint16 field[JOB_FIELDS];

			for (int f = 0; f < JOB_FIELDS; f++)
				field[f] = list.value[f][list.code[f][i]];
			readiness[list.window[i]] += skill_readiness_bound(level, field);
			if (use != NULL)
				use[list.window[i]] += skill_use_bound(level, asking->square_sum, field);
		}
		term_list_free(&list);
	}
}

static double *
window_array(const JobSearch *search)
{
	return palloc_extended(((Size) posting_windows(search->segment->segment) + 1) * sizeof(double),
						   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static double
window_readiness(const WindowRecord *record, double sum)
{
	return record->flags & WINDOW_WEIGHTLESS ? 1 : readiness_bound(sum);
}

static void
bound_order(const JobSearch *search, const AskingSkills *order, double *bound)
{
	double *use = order->fit ? window_array(search) : NULL;

	add_skills(search, order, bound, use);
	for (uint32 w = 0; w < posting_windows(search->segment->segment); w++)
	{
		const WindowRecord *record = &search->record[w];

		bound[w] = window_readiness(record, bound[w]);
		if (order->fit)
			bound[w] =
				skill_fit(bound[w],
						  order->can_fade && record->flags & WINDOW_CLOCK ? 1 : use_bound(use[w]));
	}
	if (use != NULL)
		pfree(use);
}

static void
rule_out(const JobSearch *search, const AskingSkills *filter, double *bound)
{
	double *readiness = window_array(search);

	add_skills(search, filter, readiness, NULL);
	for (uint32 w = 0; w < posting_windows(search->segment->segment); w++)
	{
		const WindowRecord *record = &search->record[w];

		if (window_readiness(record, readiness[w]) < least_demand(record->flags) - SCORE_TOLERANCE)
			bound[w] = WINDOW_RULED_OUT;
	}
	pfree(readiness);
}

static void
bound_jobs(void *state, double *bound)
{
	const JobSearch *search = state;
	const JobQuery *query = search->query;

	if (query->order != NULL)
		bound_order(search, query->order, bound);
	for (int i = 0; i < query->filter_count; i++)
		rule_out(search, &query->filter[i], bound);
}

static void
visit_jobs(void *state, const char *bytes, Size size, uint32 first, uint32 rows, const RowSink *sink)
{
	const JobSearch *search = state;
	char *at = unconstify(char *, bytes);

	for (uint32 i = 0; i < rows; i++)
	{
		char *job = next_job(&at, bytes + size);

		if (job == NULL)
			segment_damaged(search->segment, "A window does not make sense.");
		sink->value(sink->state, first + i, job);
	}
}

static const PostingKind job_kind = {
	.content = POSTING_CONTENT(prepare_job_search, estimate_job_search, stored_flaw),
	.window_rows = 8,
	.fields = JOB_FIELDS,
	.table_max = {LIST_TABLE_MAX, LIST_TABLE_MAX, LIST_TABLE_MAX},
	.visit_terms = visit_names,
	.payload = job_payload,
	.fields_of = job_fields_of,
	.pack = pack_jobs,
	.unpack = unpack_jobs,
	.restore = restore_job,
	.question = ask_skillset,
	.begin = begin_job_search,
	.bound = bound_jobs,
	.visit_window = visit_jobs,
};

PG_FUNCTION_INFO_V1(shortlist_jobspec_content);
Datum
shortlist_jobspec_content(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&job_kind.content);
}
