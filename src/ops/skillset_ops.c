/*
 * skillset_ops.c
 *	  Making, searching and merging skillsets.
 */
#include "types/pg.h"

#include "catalog/pg_type.h"
#include "ops/arrays.h"
#include "ops/rows.h"
#include "types/skillset.h"
#include "utils/timestamp.h"

/* skillset(skills, levels, last, stability): all but the first may be absent. */
PG_FUNCTION_INFO_V1(skillset_from_arrays);
Datum
skillset_from_arrays(PG_FUNCTION_ARGS)
{
	InputPlace place = {"skillset()", NULL, NULL, NULL};
	SkillsetBuilder builder;
	ArrayArgument skills, levels, last, stability;

	array_argument(fcinfo, 0, TEXTOID, "skills", &skills, NULL);
	array_argument(fcinfo, 1, FLOAT8OID, "levels", &levels, &skills);
	array_argument(fcinfo, 2, TIMESTAMPTZOID, "last", &last, &skills);
	array_argument(fcinfo, 3, FLOAT8OID, "stability", &stability, &skills);
	skillset_builder_init(&builder, &place);
	for (int i = 0; i < skills.count; i++)
	{
		SkillName name = array_skill_name(&skills, i, &place);
		SkillEntry *entry = skillset_builder_add(&builder, name);

		place.key = name.bytes;
		if (levels.given)
			entry->level = rule_float4(&LevelRule, array_float8(&levels, i, &place), &place);
		if (last.given && !last.null[i])
			entry->last = rule_timestamp(DatumGetTimestampTz(last.value[i]), &place);
		if (stability.given && !stability.null[i])
			entry->stability =
				rule_float4(&StabilityRule, array_float8(&stability, i, &place), &place);
		skill_entry_check(entry, &place);
		place.key = NULL;
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

PG_FUNCTION_INFO_V1(skill_name);
Datum
skill_name(PG_FUNCTION_ARGS)
{
	SkillName name = skill_name_from_text(PG_GETARG_TEXT_PP(0), "skill_name()");

	PG_RETURN_TEXT_P(cstring_to_text_with_len(name.bytes, name.length));
}

PG_FUNCTION_INFO_V1(skill_level);
Datum
skill_level(PG_FUNCTION_ARGS)
{
	SkillName name = skill_name_from_text(PG_GETARG_TEXT_PP(1), "skill_level()");
	SkillView view;
	int64 skill;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	skill = skillset_find(&view, &name);
	if (skill < 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT4(view.level[skill]);
}

PG_FUNCTION_INFO_V1(has_skill);
Datum
has_skill(PG_FUNCTION_ARGS)
{
	SkillName name = skill_name_from_text(PG_GETARG_TEXT_PP(1), "has_skill()");
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	PG_RETURN_BOOL(skillset_find(&view, &name) >= 0);
}

/* How many of the names it has; NULL elements name nothing. */
static int
count_held(FunctionCallInfo fcinfo, const char *function, int *asked)
{
	InputPlace place = {function, NULL, NULL, NULL};
	ArrayArgument names;
	SkillView view;
	int held = 0;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	array_argument(fcinfo, 1, TEXTOID, "skills", &names, NULL);
	*asked = 0;
	for (int i = 0; i < names.count; i++)
	{
		SkillName name;

		/* as hstore and jsonb do: NULL names nothing */
		if (names.null[i])
			continue;
		name = array_skill_name(&names, i, &place);
		(*asked)++;
		if (skillset_find(&view, &name) >= 0)
			held++;
	}
	return held;
}

PG_FUNCTION_INFO_V1(has_any_skill);
Datum
has_any_skill(PG_FUNCTION_ARGS)
{
	int asked;

	PG_RETURN_BOOL(count_held(fcinfo, "has_any_skill()", &asked) > 0);
}

PG_FUNCTION_INFO_V1(has_all_skills);
Datum
has_all_skills(PG_FUNCTION_ARGS)
{
	int asked;
	int held = count_held(fcinfo, "has_all_skills()", &asked);

	PG_RETURN_BOOL(held == asked);
}

/* Every skill of part is in whole, at least at that level. */
static bool
contains(const SkillView *whole, const SkillView *part)
{
	uint32 w = 0;

	for (uint32 p = 0; p < part->count; p++)
	{
		SkillName name = skillset_name(part, p);
		int order = -1;

		while (w < whole->count)
		{
			SkillName other = skillset_name(whole, w);

			order = skill_name_stored_order(&other, &name);
			if (order >= 0)
				break;
			w++;
		}
		if (order != 0 || whole->level[w] < part->level[p])
			return false;
		w++;
	}
	return true;
}

PG_FUNCTION_INFO_V1(skillset_contains);
Datum
skillset_contains(PG_FUNCTION_ARGS)
{
	SkillView whole, part;

	skillset_view(PG_GETARG_SKILLSET(0), &whole);
	skillset_view(PG_GETARG_SKILLSET(1), &part);
	PG_RETURN_BOOL(contains(&whole, &part));
}

PG_FUNCTION_INFO_V1(skillset_contained);
Datum
skillset_contained(PG_FUNCTION_ARGS)
{
	SkillView part, whole;

	skillset_view(PG_GETARG_SKILLSET(0), &part);
	skillset_view(PG_GETARG_SKILLSET(1), &whole);
	PG_RETURN_BOOL(contains(&whole, &part));
}

PG_FUNCTION_INFO_V1(skillset_merge);
Datum
skillset_merge(PG_FUNCTION_ARGS)
{
	InputPlace place = {"skillset_merge()", NULL, NULL, NULL};
	SkillsetBuilder builder;

	skillset_builder_init(&builder, &place);
	builder.keep_higher = true;
	for (int argument = 0; argument < 2; argument++)
	{
		SkillView view;

		skillset_view(PG_GETARG_SKILLSET(argument), &view);
		for (uint32 i = 0; i < view.count; i++)
			skillset_builder_add_stored(&builder, &view, i);
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

PG_FUNCTION_INFO_V1(skillset_without);
Datum
skillset_without(PG_FUNCTION_ARGS)
{
	InputPlace place = {"skillset_without()", NULL, NULL, NULL};
	SkillName name = skill_name_from_text(PG_GETARG_TEXT_PP(1), place.type);
	SkillsetBuilder builder;
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	skillset_builder_init(&builder, &place);
	for (uint32 i = 0; i < view.count; i++)
	{
		SkillName other = skillset_name(&view, i);

		if (skill_name_stored_order(&other, &name) != 0)
			skillset_builder_add_stored(&builder, &view, i);
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

PG_FUNCTION_INFO_V1(skill_count);
Datum
skill_count(PG_FUNCTION_ARGS)
{
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	PG_RETURN_INT32((int32) view.count);
}

static void
list_skills(FunctionCallInfo fcinfo, RowSet *rows)
{
	SkillView view;
	uint32 *order;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	order = skillset_names_in_order(&view);
	for (uint32 i = 0; i < view.count; i++)
	{
		uint32 skill = order[i];
		SkillName name = skillset_name(&view, skill);
		bool dated = view.last != NULL && view.last[skill] != SKILL_NO_TIME;
		bool steady = dated && view.stability[skill] > 0;
		Datum values[4];
		bool nulls[4] = {false, false, !dated, !steady};

		values[0] = PointerGetDatum(cstring_to_text_with_len(name.bytes, name.length));
		values[1] = Float4GetDatum(view.level[skill]);
		values[2] = TimestampTzGetDatum(dated ? view.last[skill] : 0);
		values[3] = Float4GetDatum(steady ? view.stability[skill] : 0);
		add_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(skills_each);
Datum
skills_each(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, list_skills);
}
