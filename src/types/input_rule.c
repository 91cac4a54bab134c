/*
 * input_rule.c
 *	  What values may be.
 */
#include "types/input_rule.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "datatype/timestamp.h"

const NumberRule LevelRule = {"level", "A level is a finite number above 0.", ABOVE_0};
const NumberRule StabilityRule = {"stability", "A stability is a finite number of days above 0.",
								  ABOVE_0};
const NumberRule NeedRule = {"need", "A need is a finite number above 0.", ABOVE_0};
const NumberRule FromRule = {"from", "The level to start from is a finite number of at least 0.",
							 AT_LEAST_0};
const NumberRule WeightRule = {"weight", "A weight is a finite number of at least 0.", AT_LEAST_0};
const NumberRule CreditRule = {"credit", "A credit is a number above 0 and at most 1.", .least = 0,
							   .above = true, .most = 1};
const NumberRule ThresholdRule = {"threshold", "A threshold is a number from 0 to 1.", FROM_0_TO_1};
const NumberRule QuantileRule = {"quantile", "A quantile is a number from 0 to 1.", FROM_0_TO_1};
const NumberRule HoursRule = {"hours", "Hours are a finite number above 0.", ABOVE_0};
const NumberRule RatingRule = {"rating",
							   "A rating is 1 (forgotten), 2 (hard), 3 (good) or 4 (easy).",
							   .least = 1, .most = 4};
const NumberRule CostRule = {"cost", "A cost is a finite number of at least 0.", AT_LEAST_0};
const NumberRule BudgetRule = {"budget",
							   "A budget is a number of at least 0, or 'Infinity' for no limit.",
							   .least = 0, .most = INFINITY};

int
errdetail_place(const InputPlace *place, const char *detail)
{
	const char *separator = detail == NULL ? "." : ": ";

	if (detail == NULL)
		detail = "";
	if (place->at != NULL)
		return errdetail("At character %d%s%s",
						 pg_mbstrlen_with_len(place->text, place->at - place->text) + 1, separator,
						 detail);
	if (place->key != NULL)
		return errdetail("At \"%.*s\"%s%s", CLIPPED(place->key), separator, detail);
	return *detail != '\0' ? errdetail("%s", detail) : 0;
}

static void
out_of_range(const NumberRule *rule, const char *number, const InputPlace *place)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s %.*s is out of range for %s", rule->name, CLIPPED(number), place->type),
			 errdetail_place(place, NULL), errhint("%s", rule->says)));
}

static bool
is_allowed(const NumberRule *rule, double value)
{
	/* NaN fails every comparison */
	return (rule->above ? value > rule->least : value >= rule->least) &&
		(rule->below ? value < rule->most : value <= rule->most);
}

static const char *
number_text(double value)
{
	StringInfoData out;

	initStringInfo(&out);
	if (isfinite(value))
		append_float8(&out, value);
	else
		appendStringInfoString(&out, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
	return out.data;
}

double
rule_float8(const NumberRule *rule, double value, const InputPlace *place)
{
	if (!is_allowed(rule, value))
		out_of_range(rule, number_text(value), place);
	return value + 0.0; /* -0 becomes 0: equal values are equal bytes */
}

float
rule_float4(const NumberRule *rule, double value, const InputPlace *place)
{
	float rounded = (float) value;

	if (!is_allowed(rule, value) || !is_allowed(rule, rounded) || (rounded == 0 && value != 0))
		out_of_range(rule, number_text(value), place);
	return rounded + 0.0f;
}

double
rule_float8_text(const NumberRule *rule, const char *number, const InputPlace *place)
{
	double value;

	errno = 0;
	value = strtod(number, NULL);
	if (!is_allowed(rule, value) || (errno == ERANGE && value == 0))
		out_of_range(rule, number, place);
	return value + 0.0;
}

float
rule_float4_text(const NumberRule *rule, const char *number, const InputPlace *place)
{
	float value;

	(void) rule_float8_text(rule, number, place);
	errno = 0;
	value = strtof(number, NULL);
	if (!is_allowed(rule, value) || (errno == ERANGE && value == 0))
		out_of_range(rule, number, place);
	return value + 0.0f;
}

int64
rule_timestamp(int64 timestamp, const InputPlace *place)
{
	if (TIMESTAMP_NOT_FINITE(timestamp) || !IS_VALID_TIMESTAMP(timestamp))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("timestamp is out of range for %s", place->type),
				 errdetail_place(place, NULL),
				 errhint("A time is a finite timestamp from 4713 BC to 294276 AD.")));
	return timestamp;
}

int
rule_word(const char *const *words, int count, const char *word, const char *what,
		  const InputPlace *place)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < count; i++)
	{
		if (strcmp(word, words[i]) == 0)
			return i;
		appendStringInfo(&known, "%s\"%s\"", i == 0 ? "" : ", ", words[i]);
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown %s \"%.*s\" for %s", what, CLIPPED(word), place->type),
			 errdetail_place(place, NULL), errhint("It is one of %s.", known.data)));
	return 0; /* not reached */
}

void
append_float4(StringInfo out, float value)
{
	char buffer[FLOAT_SHORTEST_DECIMAL_LEN];

	float_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
}

void
append_float8(StringInfo out, double value)
{
	char buffer[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(value, buffer);
	appendStringInfoString(out, buffer);
}
