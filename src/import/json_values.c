/*
 * json_values.c
 *	  What a jsonpath finds in a document, as text.
 */
#include "types/json_object.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* White space within runs together, and goes at both ends. */
static int
squeeze(char *text, int length)
{
	int to = 0;

	for (int from = 0; from < length; from++)
	{
		bool space = text[from] == ' ' || (text[from] >= '\t' && text[from] <= '\r');

		if (!space)
			text[to++] = text[from];
		else if (to > 0 && text[to - 1] != ' ')
			text[to++] = ' ';
	}
	return to > 0 && text[to - 1] == ' ' ? to - 1 : to;
}

/* A scalar as text; NULL for null and for a blank text. */
static text *
scalar_text(const JsonbValue *value)
{
	char *string;
	int length;

	switch (value->type)
	{
		case jbvString:
			string = pnstrdup(value->val.string.val, value->val.string.len);
			break;
		case jbvNumeric:
			string = DatumGetCString(DirectFunctionCall1(numeric_out,
														 NumericGetDatum(value->val.numeric)));
			break;
		case jbvBool:
			string = pstrdup(value->val.boolean ? "true" : "false");
			break;
		default:
			return NULL;
	}
	length = squeeze(string, strlen(string));
	return length > 0 ? cstring_to_text_with_len(string, length) : NULL;
}

/* The scalars of an array, and those of arrays directly in it. */
static ArrayBuildState *
collect(JsonbContainer *array, bool inner, ArrayBuildState *values)
{
	JsonbIterator *iterator = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue value;

	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		text *scalar;

		if (token != WJB_ELEM)
			continue;
		if (value.type == jbvBinary && JsonContainerIsArray(value.val.binary.data) && !inner)
			values = collect(value.val.binary.data, true, values);
		else if ((scalar = scalar_text(&value)) != NULL)
			values = accumArrayResult(values, PointerGetDatum(scalar), false, TEXTOID,
									  CurrentMemoryContext);
	}
	return values;
}

PG_FUNCTION_INFO_V1(json_values);

/* json_values(document jsonb, path jsonpath) returns text[] */
Datum
json_values(PG_FUNCTION_ARGS)
{
	Datum found =
		DirectFunctionCall4(jsonb_path_query_array, PG_GETARG_DATUM(0), PG_GETARG_DATUM(1),
							json_text_to_jsonb("{}"), BoolGetDatum(true));
	ArrayBuildState *values = collect(&DatumGetJsonbP(found)->root, false,
									  initArrayResult(TEXTOID, CurrentMemoryContext, false));

	PG_RETURN_DATUM(makeArrayResult(values, CurrentMemoryContext));
}
