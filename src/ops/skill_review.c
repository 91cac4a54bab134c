/*
 * skill_review.c
 *	  skill_review: what to practise for a job, what it gains most by first.
 *
 * A row for each skill that fades (it says when it was last practised, and how
 * stable it is) and that the job names.  At time `at`, which takes the place
 * of the job's clock:
 *
 *	retention	what is left of the level, 0 to 1, by the forgetting curve
 *	due			when retention falls below 0.9: last + stability
 *	loss		readiness if this skill alone were practised at `at`, so that
 *				its whole level counts, less readiness as it is
 *
 * A skill that is not the best way to its item, or that exceeds what is needed
 * in spite of fading, loses nothing.
 */
#include "types/pg.h"

#include <math.h>

#include "ops/rows.h"
#include "ops/scorer_cache.h"
#include "types/skillset.h"
#include "utils/timestamp.h"

enum
{
	COLUMN_SKILL,
	COLUMN_LEVEL,
	COLUMN_LAST,
	COLUMN_STABILITY,
	COLUMN_RETENTION,
	COLUMN_DUE,
	COLUMN_LOSS,
	COLUMNS
};

typedef struct Review
{
	SkillName name;
	uint32 skill;
	double retention;
	double loss;
} Review;

static double
readiness(JobScorer *scorer, const SkillView *skills)
{
	job_match(scorer, skills);
	return job_readiness(scorer);
}

/* The most valuable first, then what has faded most, then by name. */
static int
compare_reviews(const void *left, const void *right)
{
	const Review *a = left;
	const Review *b = right;

	CHECK_FOR_INTERRUPTS();
	if (a->loss != b->loss)
		return a->loss > b->loss ? -1 : 1;
	if (a->retention != b->retention)
		return a->retention < b->retention ? -1 : 1;
	return skill_name_compare(a->name.bytes, a->name.length, b->name.bytes, b->name.length);
}

static Review *
review_skills(JobScorer *scorer, const SkillView *skills, uint32 *count)
{
	Review *review = palloc_extended(Max(1, skills->count) * sizeof(Review), MCXT_ALLOC_HUGE);
	int64 *last = palloc_extended(Max(1, skills->count) * sizeof(int64), MCXT_ALLOC_HUGE);
	SkillView practised = *skills;
	double ready = readiness(scorer, skills);

	*count = 0;
	if (skills->last == NULL)
		return review;
	memcpy(last, skills->last, skills->count * sizeof(int64));
	practised.last = last;
	for (uint32 skill = 0; skill < skills->count; skill++)
	{
		Review *row = &review[*count];
		uint32 item;

		CHECK_FOR_INTERRUPTS();
		(void) job_asks(scorer, skills, skill, &item);
		if (item == JOB_NOBODY || skills->last[skill] == SKILL_NO_TIME ||
			!(skills->stability[skill] > 0))
			continue;
		row->name = skillset_name(skills, skill);
		row->skill = skill;
		row->retention = job_level(scorer, skills, skill) / skills->level[skill];
		last[skill] = scorer->job.as_of;
		row->loss = readiness(scorer, &practised) - ready;
		last[skill] = skills->last[skill];
		(*count)++;
	}
	qsort(review, *count, sizeof(Review), compare_reviews);
	return review;
}

/* last + stability; false if no timestamp is that late. */
static bool
due(int64 last, float stability, int64 *at)
{
	double microseconds = rint(stability * 86400e6);

	return microseconds < (double) PG_INT64_MAX / 2 &&
		!pg_add_s64_overflow(last, (int64) microseconds, at) && IS_VALID_TIMESTAMP(*at);
}

static void
review(FunctionCallInfo fcinfo, RowSet *rows)
{
	InputPlace place = {"skill_review()", NULL, NULL, NULL};
	JobScorer *scorer = new_job_scorer(PG_GETARG_JOBSPEC(1));
	SkillView skills;
	Review *reviews;
	uint32 count;

	skillset_view(PG_GETARG_SKILLSET(0), &skills);
	scorer->job.as_of = rule_timestamp(PG_GETARG_TIMESTAMPTZ(2), &place);
	reviews = review_skills(scorer, &skills, &count);
	for (uint32 i = 0; i < count; i++)
	{
		const Review *row = &reviews[i];
		Datum values[COLUMNS] = {0};
		bool nulls[COLUMNS] = {false};
		int64 falls;

		values[COLUMN_SKILL] =
			PointerGetDatum(cstring_to_text_with_len(row->name.bytes, row->name.length));
		values[COLUMN_LEVEL] = Float4GetDatum(skills.level[row->skill]);
		values[COLUMN_LAST] = TimestampTzGetDatum(skills.last[row->skill]);
		values[COLUMN_STABILITY] = Float4GetDatum(skills.stability[row->skill]);
		values[COLUMN_RETENTION] = Float8GetDatum(row->retention);
		nulls[COLUMN_DUE] = !due(skills.last[row->skill], skills.stability[row->skill], &falls);
		if (!nulls[COLUMN_DUE])
			values[COLUMN_DUE] = TimestampTzGetDatum(falls);
		values[COLUMN_LOSS] = Float8GetDatum(row->loss);
		add_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(skill_review);
Datum
skill_review(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, review);
}
