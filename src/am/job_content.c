/*
 * job_content.c
 *	  Segments of jobs: ordered by a skillset, filtered by @@.
 */
#include "am/skill_content.h"

#include "am/posting.h"
#include "core/skill_bound.h"
#include "types/jobspec.h"
#include "types/skillset.h"
#include "utils/memutils.h"

#define WINDOW_WEIGHTLESS 0x1 /* a job whose readiness is 1 for everybody */
#define WINDOW_CLOCK 0x2	  /* a job that lets skills fade */

/* Taking jobs apart: the payload is the whole value. */

static void
visit_names(const struct varlena *value, TermVisitor visit, void *state)
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
job_payload(const struct varlena *value, uint32 *bytes)
{
	char *payload = palloc_extended(VARSIZE(value), MCXT_ALLOC_HUGE);

	*bytes = VARSIZE(value);
	memcpy(payload, value, *bytes);
	return payload;
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
		(job.as_of == SKILL_NO_TIME ? 0 : WINDOW_CLOCK);
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
stored_flaw(const struct varlena *value)
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

typedef struct SkillsOrder
{
	bool ordered;
	SkillView skills;
	double square_sum;
	bool can_fade;
	bool fit; /* <-> */
} SkillsOrder;

typedef struct JobSearch
{
	const SkillsOrder *order;
	const SegmentReader *segment;
} JobSearch;

/* Which jobs a skillset qualifies for (@@) is decided row by row. */
static void *
prepare_job_search(ScanKey by, ScanKey filters, int filter_count)
{
	SkillsOrder *order = palloc0(sizeof(SkillsOrder));

	order->ordered = by != NULL;
	if (by == NULL)
		return order;
	skillset_view((const Skillset *) PG_DETOAST_DATUM_COPY(by->sk_argument), &order->skills);
	order->square_sum = skills_square_sum(&order->skills);
	order->can_fade = skills_can_fade(&order->skills);
	order->fit = by->sk_strategy == SHORTLIST_STRATEGY_FIT;
	return order;
}

static bool
find_skill(const SkillsOrder *order, const SegmentReader *segment, uint32 skill, TermRecord *term)
{
	SkillName name = skillset_name(&order->skills, skill);
	uint32 number;

	CHECK_FOR_INTERRUPTS();
	return posting_find_term(segment, name.hash, name.bytes, name.length, &number, term);
}

static void
estimate_job_search(void *prepared, const SegmentReader *segment, SearchEstimate *estimate)
{
	const SkillsOrder *order = prepared;
	TermRecord term;

	for (uint32 skill = 0; skill < order->skills.count; skill++)
	{
		if (find_skill(order, segment, skill, &term))
			posting_estimate_list(&term, estimate);
	}
	estimate->passing += segment->segment->rows;
}

static void *
begin_job_search(void *prepared, const SegmentReader *segment)
{
	JobSearch *search = palloc(sizeof(JobSearch));

	search->order = prepared;
	search->segment = segment;
	return search;
}

static void
add_skills(const JobSearch *search, double *readiness, double *use)
{
	const SkillsOrder *order = search->order;

	for (uint32 skill = 0; skill < order->skills.count; skill++)
	{
		double level = order->skills.level[skill];
		TermRecord term;
		TermList list;

		if (!find_skill(order, search->segment, skill, &term))
			continue;
		posting_list(search->segment, JOB_FIELDS, &term, &list);
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
bound_jobs(void *state, double *bound)
{
	const JobSearch *search = state;
	const SkillsOrder *order = search->order;
	uint32 windows = posting_windows(search->segment->segment);
	WindowRecord *record;
	double *use;

	if (!order->ordered)
		return;
	record = posting_window_records(search->segment);
	use = palloc_extended(((Size) windows + 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	add_skills(search, bound, use);
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
		sink->value(sink->state, first + i, (const struct varlena *) job);
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
