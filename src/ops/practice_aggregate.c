/*
 * practice_aggregate.c
 *	  practice_agg: a log of practice to a skillset.
 *
 * Of every skill: level = hours summed, last = the last session, stability by
 * FSRS-6 over the sessions in the order of time (core/retention.h).
 *
 * The state keeps every session, since stability depends on their order and
 * rows come in any; names are kept once.  They are sorted at the end, those of
 * one moment by rating and hours, so that the answer, the last bit of the sum
 * of hours included, does not depend on how the rows came.
 */
#include "types/pg.h"

#include "ops/aggregate.h"

#include "core/retention.h"
#include "core/skill_hash.h"
#include "types/skillset.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define MICROSECONDS_PER_DAY 86400e6

/* A skill that was practised; its number is its place among the names. */
typedef struct PractisedSkill
{
	SkillName name;
	uint32 number;
	char status; /* of the hash table */
} PractisedSkill;

#define SH_PREFIX practised
#define SH_ELEMENT_TYPE PractisedSkill
#define SH_KEY_TYPE SkillName
#define SH_KEY name
#define SH_HASH_KEY(table, key) (key).hash
#define SH_EQUAL(table, a, b) (skill_name_stored_order(&(a), &(b)) == 0)
#define SH_SCOPE static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct Session
{
	int64 at; /* microseconds */
	double hours;
	uint32 skill;
	PracticeRating rating;
} Session;

typedef struct PracticeState
{
	practised_hash *skills;
	SkillName *name; /* of each skill, by number */
	uint32 name_count;
	uint32 name_capacity;
	uint64 session_count;
	uint64 session_capacity;
	Session *session;
} PracticeState;

static const InputPlace practice_place = {"practice_agg()", NULL, NULL, NULL};

static PracticeState *
new_state(MemoryContext memory)
{
	PracticeState *state = MemoryContextAllocZero(memory, sizeof(PracticeState));

	state->skills = practised_create(memory, 16, NULL);
	state->name_capacity = 16;
	state->name = MemoryContextAlloc(memory, state->name_capacity * sizeof(SkillName));
	state->session_capacity = 16;
	state->session = MemoryContextAlloc(memory, state->session_capacity * sizeof(Session));
	return state;
}

/* The number of a skill, whose name is copied when it comes for the first time. */
static uint32
skill_number(PracticeState *state, SkillName name)
{
	PractisedSkill *skill = practised_lookup(state->skills, name);
	bool found;

	if (skill != NULL)
		return skill->number;
	name.bytes = MemoryContextStrdup(GetMemoryChunkContext(state), name.bytes);
	if (state->name_count == state->name_capacity)
	{
		state->name_capacity *= 2;
		state->name = repalloc_huge(state->name, state->name_capacity * sizeof(SkillName));
	}
	state->name[state->name_count] = name;
	skill = practised_insert(state->skills, name, &found);
	skill->number = state->name_count++;
	return skill->number;
}

static void
add_session(PracticeState *state, Session session)
{
	CHECK_FOR_INTERRUPTS();
	if (state->session_count == state->session_capacity)
	{
		state->session_capacity *= 2;
		state->session = repalloc_huge(state->session, state->session_capacity * sizeof(Session));
	}
	state->session[state->session_count++] = session;
}

static void
check_not_null(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"skill", "hours", "practised_at"};

	for (int i = 0; i < 3; i++)
	{
		if (PG_ARGISNULL(i + 1))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s is null in practice_agg()", names[i]),
					 errdetail("Rows where skill, hours and practised_at are null are passed over; where one is, the row says nothing."),
					 errhint("Use FILTER (WHERE ...) to leave such rows out.")));
	}
}

/* practice_agg(skill, hours, practised_at [, rating]) */
PG_FUNCTION_INFO_V1(practice_agg_transition);
Datum
practice_agg_transition(PG_FUNCTION_ARGS)
{
	MemoryContext memory = aggregate_memory(fcinfo);
	PracticeState *state = PG_ARGISNULL(0) ? NULL : (PracticeState *) PG_GETARG_POINTER(0);
	InputPlace place = practice_place;
	text *skill;
	SkillName name;
	Session session;

	if (state == NULL)
		state = new_state(memory);
	/* A row of an outer join that found nothing */
	if (PG_ARGISNULL(1) && PG_ARGISNULL(2) && PG_ARGISNULL(3))
		PG_RETURN_POINTER(state);
	check_not_null(fcinfo);
	skill = PG_GETARG_TEXT_PP(1);
	name = skill_name_fold(VARDATA_ANY(skill), VARSIZE_ANY_EXHDR(skill), &place);
	place.key = name.bytes;
	session.hours = rule_float8(&HoursRule, PG_GETARG_FLOAT8(2), &place);
	session.at = rule_timestamp(PG_GETARG_TIMESTAMPTZ(3), &place);
	session.rating = RATING_GOOD;
	if (PG_NARGS() > 4 && !PG_ARGISNULL(4))
		session.rating = (PracticeRating) rule_float8(&RatingRule, PG_GETARG_INT32(4), &place);
	session.skill = skill_number(state, name);
	add_session(state, session);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(practice_agg_combine);
Datum
practice_agg_combine(PG_FUNCTION_ARGS)
{
	MemoryContext memory = aggregate_memory(fcinfo);
	PracticeState *state = PG_ARGISNULL(0) ? NULL : (PracticeState *) PG_GETARG_POINTER(0);
	PracticeState *other = PG_ARGISNULL(1) ? NULL : (PracticeState *) PG_GETARG_POINTER(1);
	uint32 *number;

	if (other == NULL && state == NULL)
		PG_RETURN_NULL();
	if (state == NULL)
		state = new_state(memory);
	if (other == NULL)
		PG_RETURN_POINTER(state);
	number = palloc_extended(Max(1, other->name_count) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 i = 0; i < other->name_count; i++)
		number[i] = skill_number(state, other->name[i]);
	for (uint64 i = 0; i < other->session_count; i++)
	{
		Session session = other->session[i];

		session.skill = number[session.skill];
		add_session(state, session);
	}
	pfree(number);
	PG_RETURN_POINTER(state);
}

/* bytea: number of skills, their names each ended by a zero byte, then the sessions as they are */
PG_FUNCTION_INFO_V1(practice_agg_serialize);
Datum
practice_agg_serialize(PG_FUNCTION_ARGS)
{
	PracticeState *state = (PracticeState *) PG_GETARG_POINTER(0);
	Size size = VARHDRSZ + sizeof(uint32) + state->session_count * sizeof(Session);
	bytea *bytes;
	char *at;

	(void) aggregate_memory(fcinfo);
	for (uint32 i = 0; i < state->name_count; i++)
		size += state->name[i].length + 1;
	if (size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("sessions of one group are too many for a parallel worker to hand over"),
				 errhint("Set max_parallel_workers_per_gather to 0 for this query.")));
	bytes = palloc(size);
	SET_VARSIZE(bytes, size);
	at = VARDATA(bytes);
	memcpy(at, &state->name_count, sizeof(uint32));
	at += sizeof(uint32);
	for (uint32 i = 0; i < state->name_count; i++)
	{
		memcpy(at, state->name[i].bytes, state->name[i].length + 1);
		at += state->name[i].length + 1;
	}
	memcpy(at, state->session, state->session_count * sizeof(Session));
	PG_RETURN_BYTEA_P(bytes);
}

PG_FUNCTION_INFO_V1(practice_agg_deserialize);
Datum
practice_agg_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	const char *at = VARDATA_ANY(bytes);
	const char *end = at + VARSIZE_ANY_EXHDR(bytes);
	PracticeState *state;
	uint32 names;

	(void) aggregate_memory(fcinfo);
	state = new_state(CurrentMemoryContext);
	memcpy(&names, at, sizeof(uint32));
	at += sizeof(uint32);
	for (uint32 i = 0; i < names; i++)
	{
		SkillName name = {at, strlen(at), skill_hash(at, strlen(at))};

		(void) skill_number(state, name);
		at += name.length + 1;
	}
	for (; at < end; at += sizeof(Session))
	{
		Session session;

		/* not aligned here */
		memcpy(&session, at, sizeof(Session));
		add_session(state, session);
	}
	PG_RETURN_POINTER(state);
}

static int
compare_sessions(const void *left, const void *right)
{
	const Session *a = left;
	const Session *b = right;

	CHECK_FOR_INTERRUPTS();
	if (a->skill != b->skill)
		return a->skill < b->skill ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->rating != b->rating)
		return a->rating < b->rating ? -1 : 1;
	return (a->hours > b->hours) - (a->hours < b->hours);
}

/* Adds the skill whose sessions begin here, in the order of time; returns how many they are. */
static uint64
add_skill(SkillsetBuilder *builder, const PracticeState *state, uint64 first)
{
	const Session *session = &state->session[first];
	uint64 left = state->session_count - first;
	SkillEntry *entry = skillset_builder_add(builder, state->name[session->skill]);
	InputPlace place = practice_place;
	Retention retention = retention_first(session[0].rating);
	double hours = session[0].hours;
	uint64 n;

	for (n = 1; n < left && session[n].skill == session[0].skill; n++)
	{
		CHECK_FOR_INTERRUPTS();
		retention = retention_next(retention,
								   ((double) session[n].at - (double) session[n - 1].at) /
									   MICROSECONDS_PER_DAY,
								   session[n].rating);
		hours += session[n].hours;
	}
	place.key = entry->name.bytes;
	entry->level = rule_float4(&LevelRule, hours, &place);
	entry->last = session[n - 1].at;
	entry->stability = rule_float4(&StabilityRule, retention.stability, &place);
	return n;
}

PG_FUNCTION_INFO_V1(practice_agg_final);
Datum
practice_agg_final(PG_FUNCTION_ARGS)
{
	PracticeState *state;
	SkillsetBuilder builder;

	(void) aggregate_memory(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = (PracticeState *) PG_GETARG_POINTER(0);
	/* Sorting changes nothing that the state means, so it can go on growing. */
	qsort(state->session, state->session_count, sizeof(Session), compare_sessions);
	skillset_builder_init(&builder, &practice_place);
	for (uint64 i = 0; i < state->session_count;)
		i += add_skill(&builder, state, i);
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}
