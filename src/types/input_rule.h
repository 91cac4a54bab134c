/*
 * input_rule.h
 *	  What values may be: one rule, and one message, for each kind.
 *
 * Every number that enters a type goes through here, whether it came as text,
 * JSON, binary or an SQL argument.  Out of range is SQLSTATE 22003.
 */
#ifndef SHORTLIST_TYPES_INPUT_RULE_H
#define SHORTLIST_TYPES_INPUT_RULE_H

#include "types/pg.h"

#include <float.h>

/* Where a value stands in the input, for error details. */
typedef struct InputPlace
{
	const char *type; /* the type or function that reads */
	const char *text; /* the whole text and the place in it; or NULL */
	const char *at;
	const char *key; /* the JSON key, skill or argument; or NULL */
} InputPlace;

typedef struct NumberRule
{
	const char *name; /* "level" */
	const char *says; /* "A level is a finite number above 0." */
	double least;
	bool above; /* least itself is not allowed */
	double most;
	bool below; /* most itself is not allowed */
} NumberRule;

/* The usual ranges of a rule. */
#define ABOVE_0 0, true, DBL_MAX, false
#define AT_LEAST_0 0, false, DBL_MAX, false
#define FROM_0_TO_1 0, false, 1, false

extern const NumberRule LevelRule, StabilityRule, NeedRule, FromRule, WeightRule, CreditRule,
	ThresholdRule, QuantileRule, HoursRule, RatingRule, CostRule, BudgetRule;

/* The value itself, or an error. */
extern double rule_float8(const NumberRule *rule, double value, const InputPlace *place);

/* Rounded to float4; neither infinity nor, unless it was 0, 0 may come out. */
extern float rule_float4(const NumberRule *rule, double value, const InputPlace *place);

/* From text that is a number; to float4 it rounds once, so that output comes back as it was. */
extern double rule_float8_text(const NumberRule *rule, const char *number, const InputPlace *place);
extern float rule_float4_text(const NumberRule *rule, const char *number, const InputPlace *place);

/* A timestamp: finite. */
extern int64 rule_timestamp(int64 timestamp, const InputPlace *place);

/* The index of a word among those that are known; error 22023 that lists them. */
extern int rule_word(const char *const *words, int count, const char *word, const char *what,
					 const InputPlace *place);

/*
 * errdetail() of the place, `At character 8.` or `At "price.scale".`, with the
 * detail behind it unless that is NULL.
 */
extern int errdetail_place(const InputPlace *place, const char *detail);

/* How much of somebody's input a message repeats. */
#define CLIPPED(text) pg_mbcliplen(text, strlen(text), 64), text

/* Shortest text that reads back as the same number. */
extern void append_float4(StringInfo out, float value);
extern void append_float8(StringInfo out, double value);

#endif /* SHORTLIST_TYPES_INPUT_RULE_H */
