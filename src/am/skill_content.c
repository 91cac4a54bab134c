/*
 * skill_content.c
 *	  Segments of skillsets: ordered by a job, filtered by @@, @>, ?, ?| and ?&.
 */
#include "am/skill_content.h"

#include "am/skill_query.h"
#include "types/jobspec.h"
#include "types/skillset.h"
#include "utils/memutils.h"

static void
visit_skills(const void *value, TermVisitor visit, void *state)
{
	SkillView skills;

	skillset_view((const Skillset *) value, &skills);
	for (uint32 i = 0; i < skills.count; i++)
	{
		SkillName name = skillset_name(&skills, i);

		visit(state, name.hash, name.bytes, name.length);
	}
}

static char *
skill_payload(const void *value, uint32 *bytes)
{
	SkillView skills;

	skillset_view((const Skillset *) value, &skills);
	return skill_payload_make(skills.count, skills.last, skills.level, skills.stability, bytes);
}

static uint32
skill_fields_of(const PostingRow *row, ListEntry *entry)
{
	SkillPayload payload;
	SkillView skills = {.count = row->count};
	double square_sum;

	skill_payload_read(row, &payload);
	skills.level = payload.level;
	skills.last = payload.last;
	skills.stability = payload.stability;
	square_sum = skills_square_sum(&skills);
	for (uint32 i = 0; i < row->count; i++)
		skill_fields(&skills, i, square_sum, entry[i].field);
	return skills_can_fade(&skills) ? WINDOW_CAN_FADE : 0;
}

/* Checking */

static const char *
stored_flaw(const void *value)
{
	return skillset_flaw((const Skillset *) value);
}

static struct varlena *
restore_skillset(const PostingRow *row, const SkillName *name)
{
	InputPlace place = {"index", NULL, NULL, NULL};
	SkillsetBuilder builder;
	SkillPayload payload;

	skill_payload_read(row, &payload);
	skillset_builder_init(&builder, &place);
	for (uint32 i = 0; i < row->count; i++)
	{
		SkillEntry *entry = skillset_builder_add(&builder, name[i]);

		entry->level = payload.level[i];
		if (payload.practice)
		{
			entry->last = payload.last[i];
			entry->stability = payload.stability[i];
		}
	}
	return (struct varlena *) skillset_builder_finish(&builder);
}

/* A job with an item for each name, every third an alternative of the one before. */
static struct varlena *
ask_job(const SkillName *name, const float *level, uint32 count)
{
	InputPlace place = {"index", NULL, NULL, NULL};
	JobspecBuilder builder;
	JobEntry *item = NULL;

	jobspec_builder_init(&builder, &place);
	for (uint32 i = 0; i < count; i++)
	{
		if (item != NULL && i % 3 == 2)
		{
			jobspec_entry_add_alternative(item, name[i], 0.75f);
			continue;
		}
		item = jobspec_builder_add(&builder, name[i]);
		item->need = level[i];
		item->from = i % 4 == 1 ? level[i] / 4 : 0;
		item->weight = 1 + (float) (i % 5);
	}
	return (struct varlena *) jobspec_builder_finish(&builder);
}

static void *
begin_skill_search(void *prepared, const SegmentReader *segment)
{
	SkillSearch *search = palloc0(sizeof(SkillSearch));

	search->query = prepared;
	search->segment = segment;
	search->term = skill_query_find(search->query, segment);
	search->rows = skill_rows_begin(search);
	return search;
}

static const PostingKind skill_kind = {
	.content = POSTING_CONTENT(skill_query_prepare, skill_query_estimate, stored_flaw),
	.window_rows = 16,
	.fields = SKILL_FIELDS,
	.table_max = {LIST_TABLE_MAX, 16},
	.visit_terms = visit_skills,
	.payload = skill_payload,
	.fields_of = skill_fields_of,
	.pack = skill_rows_pack,
	.unpack = skill_rows_unpack,
	.restore = restore_skillset,
	.question = ask_job,
	.begin = begin_skill_search,
	.bound = skill_windows_bound,
	.visit_window = skill_rows_visit,
};

PG_FUNCTION_INFO_V1(shortlist_skillset_content);
Datum
shortlist_skillset_content(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(&skill_kind.content);
}
