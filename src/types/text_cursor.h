/*
 * text_cursor.h
 *	  Reading the text of skillset and jobspec from left to right.
 */
#ifndef SHORTLIST_TYPES_TEXT_CURSOR_H
#define SHORTLIST_TYPES_TEXT_CURSOR_H

#include "types/input_rule.h"
#include "types/skill_name.h"

typedef struct TextCursor
{
	InputPlace place; /* place.at is where it reads */
	const char *hint; /* what to write instead, for syntax errors */
} TextCursor;

extern void cursor_init(TextCursor *cursor, const char *type, const char *text, const char *hint);

/* `expected` completes "Expected ...": error 22P02. */
NO_RETURN extern void cursor_syntax_error(const TextCursor *cursor, const char *expected);

extern void cursor_skip_space(TextCursor *cursor);
extern bool cursor_at_end(TextCursor *cursor);

/* After white space: is the next character this one?  If so, step over it. */
extern bool cursor_take(TextCursor *cursor, char c);

/* After white space: a bare or quoted name. */
extern SkillName cursor_name(TextCursor *cursor);

/* After white space: a number that obeys the rule. */
extern float cursor_float4(TextCursor *cursor, const NumberRule *rule);
extern double cursor_float8(TextCursor *cursor, const NumberRule *rule);

/* After white space: is there a number and then `..`?  Moves nowhere. */
extern bool cursor_number_then_dots(const TextCursor *cursor);

/* After white space: a time, up to the end, a comma or (if stop_at_slash) a slash. */
extern int64 cursor_time(TextCursor *cursor, bool stop_at_slash);

/* After an element: at the end false; else steps over the comma to the next one. */
extern bool cursor_next_element(TextCursor *cursor, const char *expected);

#endif /* SHORTLIST_TYPES_TEXT_CURSOR_H */
