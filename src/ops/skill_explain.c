/*
 * skill_explain.c
 *	  How readiness and use come about, a row for each item and each skill.
 */
#include "ops/rows.h"
#include "ops/scorer_cache.h"
#include "types/skillset.h"

enum
{
	COLUMN_SKILL,
	COLUMN_HAVE,
	COLUMN_NEED,
	COLUMN_VIA,
	COLUMN_CREDIT,
	COLUMN_WEIGHT,
	COLUMN_CONTRIBUTION,
	COLUMN_MUST,
	COLUMN_MET,
	COLUMN_USE,
	COLUMNS
};

static Datum
name_datum(SkillName name)
{
	return PointerGetDatum(cstring_to_text_with_len(name.bytes, name.length));
}

static void
explain_item(RowSet *rows, const JobScorer *scorer, const SkillView *skills, uint32 i)
{
	const JobItem *item = &scorer->job.item[i];
	uint32 via = scorer->via[i];
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS] = {false};

	values[COLUMN_SKILL] = name_datum(jobspec_name(&scorer->job, job_item_own(item)));
	if (via == JOB_NOBODY)
		nulls[COLUMN_HAVE] = nulls[COLUMN_VIA] = true;
	else
	{
		values[COLUMN_HAVE] = Float4GetDatum((float) job_level(scorer, skills, via));
		values[COLUMN_VIA] = name_datum(skillset_name(skills, via));
	}
	values[COLUMN_NEED] = Float4GetDatum(item->need);
	values[COLUMN_CREDIT] = Float8GetDatum(job_item_credit(scorer, i));
	values[COLUMN_WEIGHT] = Float4GetDatum(item->weight);
	values[COLUMN_CONTRIBUTION] = Float8GetDatum(scorer->contribution[i]);
	values[COLUMN_MUST] = BoolGetDatum(job_item_must(item));
	values[COLUMN_MET] = BoolGetDatum(scorer->reach[i] >= 1);
	values[COLUMN_USE] = Float8GetDatum(scorer->use[i]);
	add_row(rows, values, nulls);
}

static void
explain_unasked(RowSet *rows, const JobScorer *scorer, const SkillView *skills, uint32 skill)
{
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS] = {false};

	values[COLUMN_SKILL] = name_datum(skillset_name(skills, skill));
	values[COLUMN_HAVE] = Float4GetDatum((float) job_level(scorer, skills, skill));
	nulls[COLUMN_NEED] = nulls[COLUMN_VIA] = nulls[COLUMN_CREDIT] = true;
	nulls[COLUMN_WEIGHT] = nulls[COLUMN_MET] = true;
	values[COLUMN_CONTRIBUTION] = Float8GetDatum(0);
	values[COLUMN_MUST] = BoolGetDatum(false);
	values[COLUMN_USE] = Float8GetDatum(0);
	add_row(rows, values, nulls);
}

static void
explain(FunctionCallInfo fcinfo, RowSet *rows)
{
	JobScorer *scorer = new_job_scorer(PG_GETARG_JOBSPEC(1));
	SkillView skills;
	uint32 *order;

	skillset_view(PG_GETARG_SKILLSET(0), &skills);
	job_match(scorer, &skills);
	(void) job_readiness(scorer);
	(void) job_use(scorer, &skills);
	for (uint32 i = 0; i < scorer->job.item_count; i++)
		explain_item(rows, scorer, &skills, i);

	order = skillset_names_in_order(&skills);
	for (uint32 i = 0; i < skills.count; i++)
	{
		uint32 item;

		job_asks(scorer, &skills, order[i], &item);
		if (item == JOB_NOBODY)
			explain_unasked(rows, scorer, &skills, order[i]);
	}
}

PG_FUNCTION_INFO_V1(skill_explain);
Datum
skill_explain(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, explain);
}
