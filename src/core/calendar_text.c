/*
 * calendar_text.c
 *	  The lines of an iCalendar file.
 */
#include "core/calendar_text.h"

#include <string.h>

/* The length of a line break at this place: 0 to 2. */
static size_t
line_break(const char *at, const char *end)
{
	if (at < end && *at == '\n')
		return 1;
	if (at < end && *at == '\r')
		return at + 1 < end && at[1] == '\n' ? 2 : 1;
	return 0;
}

size_t
calendar_unfold(char *text, size_t length)
{
	const char *end = text + length;
	char *to = text;

	for (const char *from = text; from < end;)
	{
		size_t skip = line_break(from, end);

		if (skip > 0 && from + skip < end && (from[skip] == ' ' || from[skip] == '\t'))
			from += skip + 1;
		else
			*to++ = *from++;
	}
	return to - text;
}

/* Splits a line at its colon, and its name from the parameters.  Quotes hide both. */
static void
split_line(const char *start, const char *stop, CalendarLine *line)
{
	const char *name_end = NULL;
	bool quoted = false;

	for (const char *at = start; at < stop; at++)
	{
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == ';' && name_end == NULL)
			name_end = at;
		else if (!quoted && *at == ':')
		{
			if (name_end == NULL)
				name_end = at;
			*line = (CalendarLine){{start, name_end - start},
								   {name_end, at - name_end},
								   {at + 1, stop - at - 1}};
			return;
		}
	}
	*line = (CalendarLine){{start, 0}, {start, 0}, {start, stop - start}};
}

bool
calendar_next_line(const char **at, const char *end, CalendarLine *line)
{
	const char *start;
	size_t skip;

	while ((skip = line_break(*at, end)) > 0)
		*at += skip;
	if (*at >= end)
		return false;
	start = *at;
	while (*at < end && **at != '\n' && **at != '\r')
		(*at)++;
	split_line(start, *at, line);
	return true;
}

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

bool
calendar_is(CalendarSpan span, const char *word)
{
	for (size_t i = 0; i < span.length; i++)
		if (word[i] == '\0' || upper(span.text[i]) != word[i])
			return false;
	return word[span.length] == '\0';
}

bool
calendar_parameter(const CalendarLine *line, const char *name, CalendarSpan *value)
{
	const char *at = line->parameters.text;
	const char *end = at + line->parameters.length;

	while (at < end)
	{
		CalendarSpan key = {at + 1, 0};
		bool quoted = false;

		for (at++; at < end && *at != '=' && *at != ';'; at++)
			key.length++;
		*value = (CalendarSpan){at, 0};
		if (at < end && *at == '=')
		{
			value->text = ++at;
			for (; at < end && (quoted || *at != ';'); at++)
			{
				if (*at == '"')
					quoted = !quoted;
				value->length++;
			}
		}
		if (!calendar_is(key, name))
			continue;
		if (value->length >= 2 && value->text[0] == '"' && value->text[value->length - 1] == '"')
			*value = (CalendarSpan){value->text + 1, value->length - 2};
		return true;
	}
	return false;
}

bool
calendar_next_element(CalendarSpan *list, CalendarSpan *element)
{
	size_t length = 0;

	if (list->text == NULL)
		return false;
	while (length < list->length && list->text[length] != ',')
		length += list->text[length] == '\\' && length + 1 < list->length ? 2 : 1;
	*element = (CalendarSpan){list->text, length};
	if (length < list->length)
		*list = (CalendarSpan){list->text + length + 1, list->length - length - 1};
	else
		*list = (CalendarSpan){NULL, 0};
	return true;
}

size_t
calendar_unescape(CalendarSpan span, char *out)
{
	size_t length = 0;

	for (size_t i = 0; i < span.length; i++)
	{
		char c = span.text[i];

		if (c == '\\' && i + 1 < span.length)
		{
			c = span.text[++i];
			if (c == 'n' || c == 'N')
				c = '\n';
		}
		out[length++] = c;
	}
	return length;
}

bool
calendar_duration(CalendarSpan span, int32_t *days, int32_t *seconds)
{
	static const struct
	{
		char unit;
		bool of_time;
		int32_t days;
		int32_t seconds;
	} units[] = {{'W', false, 7, 0},
				 {'D', false, 1, 0},
				 {'H', true, 0, 3600},
				 {'M', true, 0, 60},
				 {'S', true, 0, 1}};
	const char *at = span.text;
	const char *end = at + span.length;
	bool in_time = false;
	unsigned next = 0; /* units come in this order, each at most once */
	int parts = 0;

	*days = *seconds = 0;
	if (at < end && *at == '+')
		at++;
	if (at == end || *at++ != 'P')
		return false;
	while (at < end)
	{
		int32_t number = 0;
		int digits = 0;

		if (*at == 'T' && !in_time)
		{
			in_time = true;
			at++;
		}
		for (; at < end && *at >= '0' && *at <= '9' && digits < 5; digits++)
			number = number * 10 + (*at++ - '0');
		if (digits == 0 || at == end)
			return false;
		while (next < sizeof(units) / sizeof(units[0]) &&
			   (units[next].unit != *at || units[next].of_time != in_time))
			next++;
		if (next == sizeof(units) / sizeof(units[0]))
			return false;
		*days += number * units[next].days;
		*seconds += number * units[next++].seconds;
		at++;
		parts++;
	}
	return parts > 0;
}
