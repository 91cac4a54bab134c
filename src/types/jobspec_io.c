/*
 * jobspec_io.c
 *	  Text, binary and JSON forms of jobspec.
 */
#include "types/jobspec.h"

#include "libpq/pqformat.h"
#include "types/iso8601.h"
#include "types/json_object.h"
#include "types/receive.h"
#include "types/text_cursor.h"

#define JOBSPEC_HINT \
	"Write name|alternative~credit:from..need*weight!, ..., for example python:4*3!, tensorflow|pytorch~0.7:3, sql:2..4."

static void
parse_levels(TextCursor *cursor, JobEntry *entry)
{
	if (cursor_number_then_dots(cursor))
	{
		entry->from = cursor_float4(cursor, &FromRule);
		cursor_skip_space(cursor);
		cursor->place.at += 2;
	}
	entry->need = cursor_float4(cursor, &NeedRule);
}

static void
parse_item(TextCursor *cursor, JobspecBuilder *builder)
{
	JobEntry *entry;
	const char *at = cursor->place.at;
	SkillName name = cursor_name(cursor);

	entry = jobspec_builder_add(builder, name);
	entry->at = at;
	while (cursor_take(cursor, '|'))
	{
		SkillName alternative = cursor_name(cursor);
		float credit = 1;

		CHECK_FOR_INTERRUPTS();
		if (cursor_take(cursor, '~'))
			credit = cursor_float4(cursor, &CreditRule);
		jobspec_entry_add_alternative(entry, alternative, credit);
	}
	if (cursor_take(cursor, ':'))
		parse_levels(cursor, entry);
	if (cursor_take(cursor, '*'))
		entry->weight = cursor_float4(cursor, &WeightRule);
	entry->must = cursor_take(cursor, '!');
}

static bool
take_word(TextCursor *cursor, const char *word)
{
	Size length = strlen(word);

	if (strncmp(cursor->place.at, word, length) != 0 ||
		!skill_name_is_space(cursor->place.at[length]))
		return false;
	cursor->place.at += length;
	return true;
}

/* `@at_least 0.5` or `@as_of 2026-05-01` */
static void
parse_setting(TextCursor *cursor, JobspecBuilder *builder)
{
	TextCursor before = *cursor;

	if (take_word(cursor, "at_least"))
	{
		if (builder->has_threshold)
			cursor_syntax_error(&before, "at_least only once");
		builder->has_threshold = true;
		builder->threshold = cursor_float8(cursor, &ThresholdRule);
	}
	else if (take_word(cursor, "as_of"))
	{
		if (builder->as_of != SKILL_NO_TIME)
			cursor_syntax_error(&before, "as_of only once");
		builder->as_of = cursor_time(cursor, false);
	}
	else
		cursor_syntax_error(cursor, "at_least and a number, or as_of and a time,");
}

PG_FUNCTION_INFO_V1(jobspec_in);
Datum
jobspec_in(PG_FUNCTION_ARGS)
{
	TextCursor cursor;
	JobspecBuilder builder;

	cursor_init(&cursor, "type jobspec", PG_GETARG_CSTRING(0), JOBSPEC_HINT);
	jobspec_builder_init(&builder, &cursor.place);
	if (!cursor_at_end(&cursor))
	{
		do
		{
			cursor_skip_space(&cursor);
			if (cursor_take(&cursor, '@'))
				parse_setting(&cursor, &builder);
			else
				parse_item(&cursor, &builder);
		} while (cursor_next_element(&cursor, "a comma, or one of | : * ! in this order"));
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}

static void
append_item(StringInfo out, const JobView *view, uint32 i, const JobAlternatives *alternatives)
{
	const JobItem *item = &view->item[i];
	SkillName name = jobspec_name(view, job_item_own(item));

	skill_name_append(out, name.bytes, name.length);
	for (uint32 a = 0; a < alternatives->count; a++)
	{
		uint32 position = alternatives->position[a];

		name = jobspec_name(view, position);
		appendStringInfoChar(out, '|');
		skill_name_append(out, name.bytes, name.length);
		if (view->credit[position] != 1)
		{
			appendStringInfoChar(out, '~');
			append_float4(out, view->credit[position]);
		}
	}
	appendStringInfoChar(out, ':');
	if (item->from > 0)
	{
		append_float4(out, item->from);
		appendStringInfoString(out, "..");
	}
	append_float4(out, item->need);
	if (item->weight != 1)
	{
		appendStringInfoChar(out, '*');
		append_float4(out, item->weight);
	}
	if (job_item_must(item))
		appendStringInfoChar(out, '!');
}

static char *
jobspec_to_text(const JobView *view)
{
	JobAlternatives *alternatives = jobspec_alternatives(view);
	StringInfoData out;

	initStringInfo(&out);
	for (uint32 i = 0; i < view->item_count; i++)
	{
		if (i > 0)
			appendStringInfoString(&out, ", ");
		append_item(&out, view, i, &alternatives[i]);
	}
	if (view->threshold > 0)
	{
		appendStringInfo(&out, "%s@at_least ", out.len > 0 ? ", " : "");
		append_float8(&out, view->threshold);
	}
	if (view->as_of != SKILL_NO_TIME)
	{
		appendStringInfo(&out, "%s@as_of ", out.len > 0 ? ", " : "");
		iso8601_append_short(&out, view->as_of);
	}
	return out.data;
}

PG_FUNCTION_INFO_V1(jobspec_out);
Datum
jobspec_out(PG_FUNCTION_ARGS)
{
	JobView view;

	jobspec_view(PG_GETARG_JOBSPEC(0), &view);
	PG_RETURN_CSTRING(jobspec_to_text(&view));
}

/*
 * Binary: int8 version, int8 flags, [int64 clock], [float8 threshold], int32
 * items, and per item: name (int32 length, text), float4 need, from, weight,
 * int8 must, int32 alternatives, and per alternative name and float4 credit.
 */
PG_FUNCTION_INFO_V1(jobspec_send);
Datum
jobspec_send(PG_FUNCTION_ARGS)
{
	Jobspec *jobspec = PG_GETARG_JOBSPEC(0);
	JobView view;
	JobAlternatives *alternatives;
	StringInfoData out;

	jobspec_view(jobspec, &view);
	alternatives = jobspec_alternatives(&view);
	pq_begintypsend(&out);
	pq_sendint8(&out, JOBSPEC_VERSION);
	pq_sendint8(&out, jobspec->flags);
	if (jobspec->flags & JOBSPEC_AS_OF)
		pq_sendint64(&out, view.as_of);
	if (jobspec->flags & JOBSPEC_THRESHOLD)
		pq_sendfloat8(&out, view.threshold);
	pq_sendint32(&out, view.item_count);
	for (uint32 i = 0; i < view.item_count; i++)
	{
		const JobItem *item = &view.item[i];
		SkillName name = jobspec_name(&view, job_item_own(item));

		send_counted_text(&out, name.bytes, name.length);
		pq_sendfloat4(&out, item->need);
		pq_sendfloat4(&out, item->from);
		pq_sendfloat4(&out, item->weight);
		pq_sendint8(&out, job_item_must(item) ? 1 : 0);
		pq_sendint32(&out, alternatives[i].count);
		for (uint32 a = 0; a < alternatives[i].count; a++)
		{
			uint32 position = alternatives[i].position[a];

			name = jobspec_name(&view, position);
			send_counted_text(&out, name.bytes, name.length);
			pq_sendfloat4(&out, view.credit[position]);
		}
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
receive_item(StringInfo in, const InputPlace *place, JobspecBuilder *builder)
{
	SkillName name = receive_name(in, place);
	JobEntry *entry = jobspec_builder_add(builder, name);
	int must;
	uint32 alternatives;

	entry->need = rule_float4(&NeedRule, pq_getmsgfloat4(in), place);
	entry->from = rule_float4(&FromRule, pq_getmsgfloat4(in), place);
	entry->weight = rule_float4(&WeightRule, pq_getmsgfloat4(in), place);
	must = pq_getmsgbyte(in);
	if (must > 1)
		receive_error(place, "Must is neither 0 nor 1.");
	entry->must = must == 1;
	alternatives = receive_count(in, 8, place);
	for (uint32 i = 0; i < alternatives; i++)
	{
		SkillName alternative = receive_name(in, place);

		CHECK_FOR_INTERRUPTS();
		jobspec_entry_add_alternative(entry, alternative,
									  rule_float4(&CreditRule, pq_getmsgfloat4(in), place));
	}
}

PG_FUNCTION_INFO_V1(jobspec_recv);
Datum
jobspec_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	InputPlace place = {"binary jobspec", NULL, NULL, NULL};
	JobspecBuilder builder;
	int flags;
	uint32 count;

	receive_version(in, JOBSPEC_VERSION, &place);
	flags = pq_getmsgbyte(in);
	if ((flags & ~(JOBSPEC_AS_OF | JOBSPEC_THRESHOLD)) != 0)
		receive_error(&place, "It has unknown flags.");
	jobspec_builder_init(&builder, &place);
	if (flags & JOBSPEC_AS_OF)
		builder.as_of = rule_timestamp(pq_getmsgint64(in), &place);
	if (flags & JOBSPEC_THRESHOLD)
		builder.threshold = rule_float8(&ThresholdRule, pq_getmsgfloat8(in), &place);
	count = receive_count(in, 21, &place);
	for (uint32 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		receive_item(in, &place, &builder);
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}

static void
append_json_number(StringInfo out, const char *key, float value)
{
	json_append_key(out, key);
	append_float4(out, value);
}

static void
append_json_item(StringInfo out, const JobView *view, uint32 i, const JobAlternatives *alternatives)
{
	const JobItem *item = &view->item[i];
	SkillName name = jobspec_name(view, job_item_own(item));

	appendStringInfoString(out, i == 0 ? "{" : ", {");
	json_append_key(out, "skill");
	escape_json(out, pnstrdup(name.bytes, name.length));
	if (alternatives->count > 0)
	{
		json_append_key(out, "alternatives");
		appendStringInfoChar(out, '{');
		for (uint32 a = 0; a < alternatives->count; a++)
		{
			uint32 position = alternatives->position[a];

			name = jobspec_name(view, position);
			append_json_number(out, pnstrdup(name.bytes, name.length), view->credit[position]);
		}
		appendStringInfoChar(out, '}');
	}
	if (item->from > 0)
		append_json_number(out, "from", item->from);
	append_json_number(out, "need", item->need);
	append_json_number(out, "weight", item->weight);
	if (job_item_must(item))
	{
		json_append_key(out, "must");
		appendStringInfoString(out, "true");
	}
	appendStringInfoChar(out, '}');
}

/* {"items": [{"skill": ..., "alternatives": {name: credit}, "from", "need", "weight", "must"}], "at_least", "as_of"} */
static char *
jobspec_to_json(const JobView *view)
{
	JobAlternatives *alternatives = jobspec_alternatives(view);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"items\": [");
	for (uint32 i = 0; i < view->item_count; i++)
		append_json_item(&out, view, i, &alternatives[i]);
	appendStringInfoChar(&out, ']');
	if (view->threshold > 0)
	{
		json_append_key(&out, "at_least");
		append_float8(&out, view->threshold);
	}
	if (view->as_of != SKILL_NO_TIME)
	{
		json_append_key(&out, "as_of");
		appendStringInfoChar(&out, '"');
		iso8601_append(&out, view->as_of);
		appendStringInfoChar(&out, '"');
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

PG_FUNCTION_INFO_V1(jobspec_to_json_text);
Datum
jobspec_to_json_text(PG_FUNCTION_ARGS)
{
	JobView view;

	jobspec_view(PG_GETARG_JOBSPEC(0), &view);
	PG_RETURN_TEXT_P(cstring_to_text(jobspec_to_json(&view)));
}

PG_FUNCTION_INFO_V1(jobspec_to_jsonb);
Datum
jobspec_to_jsonb(PG_FUNCTION_ARGS)
{
	JobView view;

	jobspec_view(PG_GETARG_JOBSPEC(0), &view);
	PG_RETURN_DATUM(json_text_to_jsonb(jobspec_to_json(&view)));
}

static void
read_alternatives(const JsonField *field, JobEntry *entry)
{
	int count;
	JsonField *alternative = json_fields(&field->value, &field->place, &count);

	for (int i = 0; i < count; i++)
	{
		SkillName name =
			skill_name_fold(alternative[i].key, strlen(alternative[i].key), &alternative[i].place);

		jobspec_entry_add_alternative(entry, name,
									  rule_float4_text(&CreditRule, json_number(&alternative[i]),
													   &alternative[i].place));
	}
}

static void
read_item(const JsonField *element, JobspecBuilder *builder)
{
	int count;
	JsonField *field = json_fields(&element->value, &element->place, &count);
	JobEntry *entry = NULL;

	for (int i = 0; i < count; i++)
	{
		if (strcmp(field[i].key, "skill") == 0)
		{
			const char *name = json_string(&field[i]);

			entry =
				jobspec_builder_add(builder, skill_name_fold(name, strlen(name), &field[i].place));
		}
	}
	if (entry == NULL)
		json_type_error(&element->place, "an object with a \"skill\"");
	for (int i = 0; i < count; i++)
	{
		const char *key = field[i].key;
		const InputPlace *place = &field[i].place;

		if (strcmp(key, "need") == 0)
			entry->need = rule_float4_text(&NeedRule, json_number(&field[i]), place);
		else if (strcmp(key, "from") == 0)
			entry->from = rule_float4_text(&FromRule, json_number(&field[i]), place);
		else if (strcmp(key, "weight") == 0)
			entry->weight = rule_float4_text(&WeightRule, json_number(&field[i]), place);
		else if (strcmp(key, "must") == 0)
			entry->must = json_boolean(&field[i]);
		else if (strcmp(key, "alternatives") == 0)
			read_alternatives(&field[i], entry);
		else if (strcmp(key, "skill") != 0)
			json_unknown_key(&field[i], "skill, alternatives, from, need, weight, must");
	}
}

PG_FUNCTION_INFO_V1(jobspec_from_jsonb);
Datum
jobspec_from_jsonb(PG_FUNCTION_ARGS)
{
	InputPlace place = {"jobspec", NULL, NULL, NULL};
	JsonbValue root;
	JsonField *field;
	int count;
	JobspecBuilder builder;

	json_root(PG_GETARG_JSONB_P(0), &root);
	field = json_fields(&root, &place, &count);
	jobspec_builder_init(&builder, &place);
	for (int i = 0; i < count; i++)
	{
		if (strcmp(field[i].key, "items") == 0)
		{
			int items;
			JsonField *item = json_elements(&field[i].value, &field[i].place, &items);

			for (int k = 0; k < items; k++)
				read_item(&item[k], &builder);
		}
		else if (strcmp(field[i].key, "at_least") == 0)
			builder.threshold =
				rule_float8_text(&ThresholdRule, json_number(&field[i]), &field[i].place);
		else if (strcmp(field[i].key, "as_of") == 0)
		{
			const char *time = json_string(&field[i]);

			builder.as_of = iso8601_parse(time, strlen(time), &field[i].place);
		}
		else
			json_unknown_key(&field[i], "items, at_least, as_of");
	}
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}
