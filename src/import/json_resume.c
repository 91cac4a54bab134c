/*
 * json_resume.c
 *	  JSON Resume (jsonresume.org): the skills of a resume, and of its sister, the job description.
 *
 * `skills` is an array of groups, each with a name, perhaps a level in words
 * and keywords.  The name and every keyword is a skill at the group's level.
 * Other parts of the document are not read.
 */
#include "types/pg.h"

#include "types/jobspec.h"
#include "types/json_object.h"
#include "types/skillset.h"

/*
 * From 1 to 5 as in the Competencies Proficiency Scale of the National
 * Institutes of Health, Office of Human Resources: fundamental awareness,
 * novice, intermediate, advanced, expert.  The other words are put where they
 * are used alike.
 */
#define LEVEL_WORDS                                                                            \
	"fundamental awareness:1, awareness:1, basic:1, beginner:1, elementary:1, entry level:1, " \
	"entry-level:1, familiar:1, foundational:1, "                                              \
	"novice:2, advanced beginner:2, junior:2, limited:2, "                                     \
	"intermediate:3, competent:3, mid-level:3, medium:3, "                                     \
	"advanced:4, experienced:4, proficient:4, senior:4, skilled:4, "                           \
	"expert:5, master:5"

/* skill_level_words() */
PG_FUNCTION_INFO_V1(skill_level_words);
Datum
skill_level_words(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(skillset_in, CStringGetDatum(LEVEL_WORDS));
}

/* How words become levels. */
typedef struct LevelScale
{
	SkillView words; /* a skillset: word -> level */
	bool has_default;
	float default_level; /* of what states no level, or one that is not in the scale */
} LevelScale;

typedef struct ResumeSkill
{
	SkillName name;
	float level;
} ResumeSkill;

typedef struct ResumeSkills
{
	InputPlace place; /* of the whole document */
	LevelScale scale;
	ResumeSkill *skill;
	uint64 count;
	uint64 capacity;
} ResumeSkills;

static const char *
words_of_scale(const LevelScale *scale)
{
	StringInfoData list;
	uint32 *order = skillset_names_in_order(&scale->words);

	initStringInfo(&list);
	for (uint32 i = 0; i < scale->words.count; i++)
	{
		SkillName word = skillset_name(&scale->words, order[i]);

		appendStringInfo(&list, "%s%.*s", i == 0 ? "" : ", ", (int) word.length, word.bytes);
	}
	return list.data;
}

static bool
is_number(const char *text)
{
	char *end;

	(void) strtod(text, &end);
	return end != text && *end == '\0';
}

static void
trim(const char **text, int *length)
{
	while (*length > 0 && skill_name_is_space(**text))
		(*text)++, (*length)--;
	while (*length > 0 && skill_name_is_space((*text)[*length - 1]))
		(*length)--;
}

/* A level as a word of the scale, or as a number. */
static float
level_of_word(const LevelScale *scale, const char *written, int length, const InputPlace *place)
{
	SkillName word = skill_name_fold(written, length, place);
	int64 known = skillset_find(&scale->words, &word);

	if (known >= 0)
		return scale->words.level[known];
	if (is_number(written))
		return rule_float4_text(&LevelRule, written, place);
	if (!scale->has_default)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown level \"%.*s\" for %s", CLIPPED(written), place->type),
				 errdetail_place(place, NULL),
				 errhint("Words of the scale: %s. Pass a scale that has the word, or default_level.",
						 words_of_scale(scale))));
	return scale->default_level;
}

/* What states no level has the default, or 1 as in the text of a skillset. */
static float
level_of_field(const LevelScale *scale, const JsonField *field)
{
	const char *word = "";
	int length = 0;

	if (field != NULL && json_is_string(field))
	{
		word = json_string(field);
		length = strlen(word);
		trim(&word, &length);
	}
	else if (field != NULL && !json_is_null(field))
		return rule_float4_text(&LevelRule, json_number(field), &field->place);
	if (length == 0)
		return scale->has_default ? scale->default_level : 1;
	return level_of_word(scale, pnstrdup(word, length), length, &field->place);
}

/* A name that is blank, as forms leave it, names nothing. */
static void
add_skill(ResumeSkills *skills, const char *name, int length, float level, const InputPlace *place)
{
	trim(&name, &length);
	if (length == 0)
		return;
	if (skills->count == skills->capacity)
	{
		skills->capacity *= 2;
		skills->skill = repalloc_huge(skills->skill, skills->capacity * sizeof(ResumeSkill));
	}
	skills->skill[skills->count++] = (ResumeSkill){skill_name_fold(name, length, place), level};
}

/* An array of names, or, as some write it, a text with commas. */
static void
add_keywords(ResumeSkills *skills, const JsonField *field, float level)
{
	int count;
	JsonField *keywords;

	if (json_is_null(field))
		return;
	if (json_is_string(field))
	{
		const char *at = json_string(field);

		while (*at != '\0')
		{
			int length = strcspn(at, ",");

			add_skill(skills, at, length, level, &field->place);
			at += length + (at[length] == ',');
		}
		return;
	}
	keywords = json_elements(&field->value, &field->place, &count);
	for (int i = 0; i < count; i++)
	{
		const char *name = json_string(&keywords[i]);

		add_skill(skills, name, strlen(name), level, &keywords[i].place);
	}
}

/* A group, or, as some write it, the name alone. */
static void
add_group(ResumeSkills *skills, const JsonField *group)
{
	const JsonField *name = NULL, *level = NULL, *keywords = NULL;
	JsonField *fields;
	int count;
	float number;

	if (json_is_string(group))
	{
		add_skill(skills, json_string(group), strlen(json_string(group)),
				  level_of_field(&skills->scale, NULL), &group->place);
		return;
	}
	fields = json_fields(&group->value, &group->place, &count);
	for (int i = 0; i < count; i++)
	{
		if (strcmp(fields[i].key, "name") == 0)
			name = &fields[i];
		else if (strcmp(fields[i].key, "level") == 0)
			level = &fields[i];
		else if (strcmp(fields[i].key, "keywords") == 0)
			keywords = &fields[i];
	}
	number = level_of_field(&skills->scale, level);
	if (name != NULL && !json_is_null(name))
		add_skill(skills, json_string(name), strlen(json_string(name)), number, &name->place);
	if (keywords != NULL)
		add_keywords(skills, keywords, number);
}

/* Reads document, scale and default level, the arguments of both functions. */
static void
read_arguments(FunctionCallInfo fcinfo, ResumeSkills *skills)
{
	JsonbValue root;
	JsonField *fields;
	JsonField *groups;
	int field_count, group_count;

	skills->capacity = 16;
	skills->count = 0;
	skills->skill = palloc(skills->capacity * sizeof(ResumeSkill));
	skillset_view(PG_GETARG_SKILLSET(1), &skills->scale.words);
	skills->scale.has_default = !PG_ARGISNULL(2);
	if (skills->scale.has_default)
		skills->scale.default_level = rule_float4(&LevelRule, PG_GETARG_FLOAT8(2), &skills->place);
	json_root(PG_GETARG_JSONB_P(0), &root);
	fields = json_fields(&root, &skills->place, &field_count);
	for (int i = 0; i < field_count; i++)
	{
		if (strcmp(fields[i].key, "skills") != 0 || json_is_null(&fields[i]))
			continue;
		groups = json_elements(&fields[i].value, &fields[i].place, &group_count);
		for (int g = 0; g < group_count; g++)
			add_group(skills, &groups[g]);
	}
}

/* skillset_from_json_resume(resume, scale, default_level) */
PG_FUNCTION_INFO_V1(skillset_from_json_resume);
Datum
skillset_from_json_resume(PG_FUNCTION_ARGS)
{
	ResumeSkills skills = {.place = {"skillset_from_json_resume()", NULL, NULL, NULL}};
	SkillsetBuilder builder;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	read_arguments(fcinfo, &skills);
	skillset_builder_init(&builder, &skills.place);
	builder.keep_higher = true;
	for (uint64 i = 0; i < skills.count; i++)
		skillset_builder_add(&builder, skills.skill[i].name)->level = skills.skill[i].level;
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

/* Of one skill the highest level comes first. */
static int
compare_resume_skills(const void *left, const void *right)
{
	const ResumeSkill *a = left;
	const ResumeSkill *b = right;
	int order = skill_name_stored_order(&a->name, &b->name);

	CHECK_FOR_INTERRUPTS();
	return order != 0 ? order : (a->level < b->level) - (a->level > b->level);
}

/* jobspec_from_json_resume(job, scale, default_level) */
PG_FUNCTION_INFO_V1(jobspec_from_json_resume);
Datum
jobspec_from_json_resume(PG_FUNCTION_ARGS)
{
	ResumeSkills skills = {.place = {"jobspec_from_json_resume()", NULL, NULL, NULL}};
	JobspecBuilder builder;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	read_arguments(fcinfo, &skills);
	qsort(skills.skill, skills.count, sizeof(ResumeSkill), compare_resume_skills);
	jobspec_builder_init(&builder, &skills.place);
	for (uint64 i = 0; i < skills.count; i++)
	{
		if (i == 0 || skill_name_stored_order(&skills.skill[i - 1].name, &skills.skill[i].name) != 0)
			jobspec_builder_add(&builder, skills.skill[i].name)->need = skills.skill[i].level;
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}
