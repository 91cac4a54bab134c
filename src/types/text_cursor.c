/*
 * text_cursor.c
 *	  Reading the text of skillset and jobspec.
 */
#include "types/text_cursor.h"

#include <ctype.h>

#include "types/iso8601.h"

void
cursor_init(TextCursor *cursor, const char *type, const char *text, const char *hint)
{
	cursor->place.type = type;
	cursor->place.text = text;
	cursor->place.at = text;
	cursor->place.key = NULL;
	cursor->hint = hint;
}

void
cursor_syntax_error(const TextCursor *cursor, const char *expected)
{
	const char *at = cursor->place.at;
	const char *found = "the end";

	if (*at != '\0')
		found = psprintf("\"%.*s\"", pg_mbcliplen(at, strlen(at), 24), at);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for %s", cursor->place.type),
			 errdetail("Expected %s at character %d, found %s.", expected,
					   pg_mbstrlen_with_len(cursor->place.text, at - cursor->place.text) + 1, found),
			 errhint("%s", cursor->hint)));
}

void
cursor_skip_space(TextCursor *cursor)
{
	while (skill_name_is_space(*cursor->place.at))
		cursor->place.at++;
}

bool
cursor_at_end(TextCursor *cursor)
{
	cursor_skip_space(cursor);
	return *cursor->place.at == '\0';
}

bool
cursor_take(TextCursor *cursor, char c)
{
	cursor_skip_space(cursor);
	if (*cursor->place.at != c)
		return false;
	cursor->place.at++;
	return true;
}

static SkillName
quoted_name(TextCursor *cursor)
{
	InputPlace start = cursor->place;
	StringInfoData raw;

	initStringInfo(&raw);
	cursor->place.at++;
	for (;; cursor->place.at++)
	{
		if (*cursor->place.at == '\0')
			cursor_syntax_error(cursor, "a closing quote");
		if (*cursor->place.at == '"' && *++cursor->place.at != '"')
			break;
		appendStringInfoChar(&raw, *cursor->place.at);
	}
	return skill_name_fold(raw.data, raw.len, &start);
}

SkillName
cursor_name(TextCursor *cursor)
{
	InputPlace start;
	const char *end;

	cursor_skip_space(cursor);
	if (*cursor->place.at == '"')
		return quoted_name(cursor);
	start = cursor->place;
	while (*cursor->place.at != '\0' && !skill_name_is_special(*cursor->place.at))
	{
		if (cursor->place.at[0] == '.' && cursor->place.at[1] == '.')
			cursor_syntax_error(cursor, "a name (quote one that holds \"..\")");
		cursor->place.at++;
	}
	end = cursor->place.at;
	while (end > start.at && skill_name_is_space(end[-1]))
		end--;
	if (end == start.at)
		cursor_syntax_error(cursor, "the name of a skill");
	return skill_name_fold(start.at, end - start.at, &start);
}

/* NaN and infinities are numbers that no rule allows. */
static int
word_length(const char *at)
{
	static const char *const words[] = {"nan", "infinity", "inf"};

	for (int i = 0; i < (int) lengthof(words); i++)
	{
		if (pg_strncasecmp(at, words[i], strlen(words[i])) == 0)
			return strlen(words[i]);
	}
	return 0;
}

static const char *
skip_digits(const char *at)
{
	while (*at >= '0' && *at <= '9')
		at++;
	return at;
}

/* The number at the cursor, as a string; two dots belong to from..need, not to it. */
static const char *
take_number(TextCursor *cursor)
{
	const char *start = cursor->place.at;
	const char *at = start + (*start == '-' || *start == '+');
	int word = word_length(at);

	if (word > 0)
		at += word;
	else
	{
		const char *digits = at;

		at = skip_digits(at);
		if (at[0] == '.' && at[1] != '.')
			at = skip_digits(at + 1);
		if (at == digits || (at == digits + 1 && *digits == '.'))
			cursor_syntax_error(cursor, "a number");
		if (*at == 'e' || *at == 'E')
		{
			const char *exponent = at + 1 + (at[1] == '-' || at[1] == '+');

			at = skip_digits(exponent);
			if (at == exponent)
				cursor_syntax_error(cursor, "a number");
		}
	}
	/* `4x` and `nano` are no numbers */
	if (isalnum((unsigned char) *at) || *at == '_' || IS_HIGHBIT_SET(*at))
	{
		if (word == 0)
			cursor->place.at = at;
		cursor_syntax_error(cursor, word > 0 ? "a number" : "the end of a number");
	}
	return pnstrdup(start, at - start);
}

float
cursor_float4(TextCursor *cursor, const NumberRule *rule)
{
	const char *number;
	float value;

	cursor_skip_space(cursor);
	number = take_number(cursor);
	value = rule_float4_text(rule, number, &cursor->place);
	cursor->place.at += strlen(number);
	return value;
}

double
cursor_float8(TextCursor *cursor, const NumberRule *rule)
{
	const char *number;
	double value;

	cursor_skip_space(cursor);
	number = take_number(cursor);
	value = rule_float8_text(rule, number, &cursor->place);
	cursor->place.at += strlen(number);
	return value;
}

bool
cursor_number_then_dots(const TextCursor *cursor)
{
	TextCursor ahead = *cursor;

	cursor_skip_space(&ahead);
	ahead.place.at += strlen(take_number(&ahead));
	cursor_skip_space(&ahead);
	return ahead.place.at[0] == '.' && ahead.place.at[1] == '.';
}

int64
cursor_time(TextCursor *cursor, bool stop_at_slash)
{
	const char *end;
	const char *trimmed;
	int64 timestamp;

	cursor_skip_space(cursor);
	end = cursor->place.at;
	while (*end != '\0' && *end != ',' && !(stop_at_slash && *end == '/'))
		end++;
	trimmed = end;
	while (trimmed > cursor->place.at && skill_name_is_space(trimmed[-1]))
		trimmed--;
	timestamp = iso8601_parse(cursor->place.at, trimmed - cursor->place.at, &cursor->place);
	cursor->place.at = end;
	return timestamp;
}

bool
cursor_next_element(TextCursor *cursor, const char *expected)
{
	CHECK_FOR_INTERRUPTS();
	if (cursor_at_end(cursor))
		return false;
	if (!cursor_take(cursor, ','))
		cursor_syntax_error(cursor, expected);
	return true;
}
