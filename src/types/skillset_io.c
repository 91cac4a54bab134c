/*
 * skillset_io.c
 *	  Text, binary and JSON forms of skillset.
 */
#include "types/skillset.h"

#include "libpq/pqformat.h"
#include "types/iso8601.h"
#include "types/json_object.h"
#include "types/receive.h"
#include "types/text_cursor.h"

#define SKILLSET_HINT \
	"Write name:level, ..., for example python:4, \"odd, name\":1, sql:2@2026-05-01/30."

static void
parse_skill(TextCursor *cursor, SkillsetBuilder *builder)
{
	const char *at;
	SkillEntry *entry;
	SkillName name;

	cursor_skip_space(cursor);
	at = cursor->place.at;
	name = cursor_name(cursor);
	entry = skillset_builder_add(builder, name);
	entry->at = at;
	if (cursor_take(cursor, ':'))
		entry->level = cursor_float4(cursor, &LevelRule);
	if (cursor_take(cursor, '@'))
	{
		entry->last = cursor_time(cursor, true);
		if (cursor_take(cursor, '/'))
			entry->stability = cursor_float4(cursor, &StabilityRule);
	}
}

PG_FUNCTION_INFO_V1(skillset_in);
Datum
skillset_in(PG_FUNCTION_ARGS)
{
	TextCursor cursor;
	SkillsetBuilder builder;

	cursor_init(&cursor, "type skillset", PG_GETARG_CSTRING(0), SKILLSET_HINT);
	skillset_builder_init(&builder, &cursor.place);
	if (!cursor_at_end(&cursor))
	{
		do
			parse_skill(&cursor, &builder);
		while (cursor_next_element(&cursor, "a comma, or : and a level, or @ and a date"));
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

static char *
skillset_to_text(const SkillView *view)
{
	uint32 *order = skillset_names_in_order(view);
	StringInfoData out;

	initStringInfo(&out);
	for (uint32 i = 0; i < view->count; i++)
	{
		uint32 skill = order[i];
		SkillName name = skillset_name(view, skill);

		if (i > 0)
			appendStringInfoString(&out, ", ");
		skill_name_append(&out, name.bytes, name.length);
		appendStringInfoChar(&out, ':');
		append_float4(&out, view->level[skill]);
		if (view->last == NULL || view->last[skill] == SKILL_NO_TIME)
			continue;
		appendStringInfoChar(&out, '@');
		iso8601_append_short(&out, view->last[skill]);
		if (view->stability[skill] > 0)
		{
			appendStringInfoChar(&out, '/');
			append_float4(&out, view->stability[skill]);
		}
	}
	return out.data;
}

PG_FUNCTION_INFO_V1(skillset_out);
Datum
skillset_out(PG_FUNCTION_ARGS)
{
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	PG_RETURN_CSTRING(skillset_to_text(&view));
}

/*
 * Binary: int8 version, int8 flags, int32 count, and per skill the name
 * (int32 length, text in the client's encoding), float4 level and, with bit 0
 * of flags, int64 last and float4 stability.
 */
PG_FUNCTION_INFO_V1(skillset_send);
Datum
skillset_send(PG_FUNCTION_ARGS)
{
	Skillset *skillset = PG_GETARG_SKILLSET(0);
	SkillView view;
	uint32 *order;
	StringInfoData out;

	skillset_view(skillset, &view);
	order = skillset_names_in_order(&view);
	pq_begintypsend(&out);
	pq_sendint8(&out, SKILLSET_VERSION);
	pq_sendint8(&out, skillset->flags);
	pq_sendint32(&out, view.count);
	for (uint32 i = 0; i < view.count; i++)
	{
		uint32 skill = order[i];
		SkillName name = skillset_name(&view, skill);

		send_counted_text(&out, name.bytes, name.length);
		pq_sendfloat4(&out, view.level[skill]);
		if (view.last != NULL)
		{
			pq_sendint64(&out, view.last[skill]);
			pq_sendfloat4(&out, view.stability[skill]);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
receive_skill(StringInfo in, bool practice, const InputPlace *place, SkillsetBuilder *builder)
{
	SkillName name = receive_name(in, place);
	SkillEntry *entry = skillset_builder_add(builder, name);
	float stability;

	entry->level = rule_float4(&LevelRule, pq_getmsgfloat4(in), place);
	if (!practice)
		return;
	entry->last = pq_getmsgint64(in);
	if (entry->last != SKILL_NO_TIME)
		(void) rule_timestamp(entry->last, place);
	stability = pq_getmsgfloat4(in);
	if (stability != 0)
		entry->stability = rule_float4(&StabilityRule, stability, place);
	skill_entry_check(entry, place);
}

PG_FUNCTION_INFO_V1(skillset_recv);
Datum
skillset_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	InputPlace place = {"binary skillset", NULL, NULL, NULL};
	SkillsetBuilder builder;
	int flags;
	uint32 count;

	receive_version(in, SKILLSET_VERSION, &place);
	flags = pq_getmsgbyte(in);
	if ((flags & ~SKILLSET_PRACTICE) != 0)
		receive_error(&place, "It has unknown flags.");
	count = receive_count(in, 8, &place);
	skillset_builder_init(&builder, &place);
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_skill(in, (flags & SKILLSET_PRACTICE) != 0, &place, &builder);
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}

/* {"python": 4, "sql": {"level": 3, "last": "2026-05-01T00:00:00+00:00", "stability": 30}} */
static char *
skillset_to_json(const SkillView *view)
{
	uint32 *order = skillset_names_in_order(view);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (uint32 i = 0; i < view->count; i++)
	{
		uint32 skill = order[i];
		SkillName name = skillset_name(view, skill);

		json_append_key(&out, pnstrdup(name.bytes, name.length));
		if (view->last == NULL || view->last[skill] == SKILL_NO_TIME)
		{
			append_float4(&out, view->level[skill]);
			continue;
		}
		appendStringInfoString(&out, "{\"level\": ");
		append_float4(&out, view->level[skill]);
		appendStringInfoString(&out, ", \"last\": \"");
		iso8601_append(&out, view->last[skill]);
		appendStringInfoChar(&out, '"');
		if (view->stability[skill] > 0)
		{
			appendStringInfoString(&out, ", \"stability\": ");
			append_float4(&out, view->stability[skill]);
		}
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

PG_FUNCTION_INFO_V1(skillset_to_json_text);
Datum
skillset_to_json_text(PG_FUNCTION_ARGS)
{
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	PG_RETURN_TEXT_P(cstring_to_text(skillset_to_json(&view)));
}

PG_FUNCTION_INFO_V1(skillset_to_jsonb);
Datum
skillset_to_jsonb(PG_FUNCTION_ARGS)
{
	SkillView view;

	skillset_view(PG_GETARG_SKILLSET(0), &view);
	PG_RETURN_DATUM(json_text_to_jsonb(skillset_to_json(&view)));
}

static void
read_practice(const JsonField *skill, SkillEntry *entry)
{
	int count;
	JsonField *field = json_fields(&skill->value, &skill->place, &count);
	bool has_level = false;

	for (int i = 0; i < count; i++)
	{
		if (strcmp(field[i].key, "level") == 0)
		{
			entry->level = rule_float4_text(&LevelRule, json_number(&field[i]), &field[i].place);
			has_level = true;
		}
		else if (strcmp(field[i].key, "last") == 0)
		{
			const char *time = json_string(&field[i]);

			entry->last = iso8601_parse(time, strlen(time), &field[i].place);
		}
		else if (strcmp(field[i].key, "stability") == 0)
			entry->stability =
				rule_float4_text(&StabilityRule, json_number(&field[i]), &field[i].place);
		else
			json_unknown_key(&field[i], "level, last, stability");
	}
	if (!has_level)
		json_type_error(&skill->place, "a \"level\"");
	skill_entry_check(entry, &skill->place);
}

PG_FUNCTION_INFO_V1(skillset_from_jsonb);
Datum
skillset_from_jsonb(PG_FUNCTION_ARGS)
{
	InputPlace place = {"skillset", NULL, NULL, NULL};
	JsonbValue root;
	JsonField *field;
	int count;
	SkillsetBuilder builder;

	json_root(PG_GETARG_JSONB_P(0), &root);
	field = json_fields(&root, &place, &count);
	skillset_builder_init(&builder, &place);
	for (int i = 0; i < count; i++)
	{
		SkillName name = skill_name_fold(field[i].key, strlen(field[i].key), &field[i].place);
		SkillEntry *entry = skillset_builder_add(&builder, name);

		if (field[i].value.type == jbvBinary)
			read_practice(&field[i], entry);
		else
			entry->level = rule_float4_text(&LevelRule, json_number(&field[i]), &field[i].place);
	}
	PG_RETURN_POINTER(skillset_builder_finish(&builder));
}
