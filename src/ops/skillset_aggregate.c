/*
 * skillset_aggregate.c
 *	  skillset_agg: rows of skill and level to a skillset.
 *
 * The state is a builder in the aggregate's memory.  It travels between
 * parallel workers as a finished skillset in a bytea.
 */
#include "types/pg.h"

#include "ops/aggregate.h"

#include "types/skillset.h"
#include "utils/timestamp.h"

static SkillsetBuilder *
new_state(void)
{
	InputPlace place = {"skillset_agg()", NULL, NULL, NULL};
	SkillsetBuilder *state = palloc(sizeof(SkillsetBuilder));

	skillset_builder_init(state, &place);
	state->keep_higher = true;
	state->owns_names = true;
	return state;
}

/* Adds an entry with a copy of the name, which may be in memory that does not last. */
static SkillEntry *
add_copy(SkillsetBuilder *state, SkillName name, MemoryContext memory)
{
	MemoryContext before = MemoryContextSwitchTo(memory);
	SkillEntry *entry;

	name.bytes = pnstrdup(name.bytes, name.length);
	entry = skillset_builder_add(state, name);
	MemoryContextSwitchTo(before);
	return entry;
}

/* skillset_agg(skill, level [, last, stability]) */
PG_FUNCTION_INFO_V1(skillset_agg_transition);
Datum
skillset_agg_transition(PG_FUNCTION_ARGS)
{
	MemoryContext memory = aggregate_memory(fcinfo);
	MemoryContext row = CurrentMemoryContext;
	SkillsetBuilder *state = PG_ARGISNULL(0) ? NULL : (SkillsetBuilder *) PG_GETARG_POINTER(0);
	InputPlace place = {"skillset_agg()", NULL, NULL, NULL};
	text *skill;
	SkillName name;
	SkillEntry *entry;

	if (state == NULL)
	{
		MemoryContextSwitchTo(memory);
		state = new_state();
		MemoryContextSwitchTo(row);
	}

	/* A row of an outer join that found nothing */
	if (PG_ARGISNULL(1) && PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null in skillset_agg()", PG_ARGISNULL(1) ? "skill" : "level"),
				 errdetail("Rows where both are null are passed over; where one is, the row says nothing."),
				 errhint("Use FILTER (WHERE ...) to leave such rows out.")));
	skill = PG_GETARG_TEXT_PP(1);
	name = skill_name_fold(VARDATA_ANY(skill), VARSIZE_ANY_EXHDR(skill), &place);
	entry = add_copy(state, name, memory);
	place.key = name.bytes;
	entry->level = rule_float4(&LevelRule, PG_GETARG_FLOAT8(2), &place);
	if (PG_NARGS() > 3 && !PG_ARGISNULL(3))
		entry->last = rule_timestamp(PG_GETARG_TIMESTAMPTZ(3), &place);
	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
		entry->stability = rule_float4(&StabilityRule, PG_GETARG_FLOAT8(4), &place);
	skill_entry_check(entry, &place);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(skillset_agg_combine);
Datum
skillset_agg_combine(PG_FUNCTION_ARGS)
{
	MemoryContext memory = aggregate_memory(fcinfo);
	MemoryContext before = MemoryContextSwitchTo(memory);
	SkillsetBuilder *state = PG_ARGISNULL(0) ? NULL : (SkillsetBuilder *) PG_GETARG_POINTER(0);
	SkillsetBuilder *other = PG_ARGISNULL(1) ? NULL : (SkillsetBuilder *) PG_GETARG_POINTER(1);

	if (other != NULL && state == NULL)
		state = new_state();
	MemoryContextSwitchTo(before);
	for (uint32 i = 0; other != NULL && i < other->count; i++)
	{
		SkillEntry *entry = add_copy(state, other->entry[i].name, memory);

		CHECK_FOR_INTERRUPTS();
		entry->level = other->entry[i].level;
		entry->last = other->entry[i].last;
		entry->stability = other->entry[i].stability;
	}
	if (state == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(skillset_agg_serialize);
Datum
skillset_agg_serialize(PG_FUNCTION_ARGS)
{
	(void) aggregate_memory(fcinfo);
	PG_RETURN_BYTEA_P((bytea *) skillset_builder_finish((SkillsetBuilder *) PG_GETARG_POINTER(0)));
}

PG_FUNCTION_INFO_V1(skillset_agg_deserialize);
Datum
skillset_agg_deserialize(PG_FUNCTION_ARGS)
{
	SkillsetBuilder *state;
	SkillView view;

	(void) aggregate_memory(fcinfo);
	skillset_view((Skillset *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)), &view);
	state = new_state();
	state->owns_names = false;
	for (uint32 i = 0; i < view.count; i++)
		skillset_builder_add_stored(state, &view, i);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(skillset_agg_final);
Datum
skillset_agg_final(PG_FUNCTION_ARGS)
{
	(void) aggregate_memory(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	/* It sorts the state and drops duplicates in it, after which the state can go on growing. */
	PG_RETURN_POINTER(skillset_builder_finish((SkillsetBuilder *) PG_GETARG_POINTER(0)));
}
