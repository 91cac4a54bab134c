/*
 * price.c
 *	  Prices as people write them, in SQL; and the error of events_from().
 */
#include "core/price_text.h"
#include "types/input_rule.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(event_price);

/* event_price(text) returns numeric */
Datum
event_price(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	PriceText price;

	if (!price_parse(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &price))
		PG_RETURN_NULL();
	return DirectFunctionCall3(numeric_in, CStringGetDatum(price.amount),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

PG_FUNCTION_INFO_V1(event_price_currency);

/* event_price_currency(text) returns text */
Datum
event_price_currency(PG_FUNCTION_ARGS)
{
	text *value = PG_GETARG_TEXT_PP(0);
	PriceText price;

	if (!price_parse(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), &price) ||
		price.currency[0] == '\0')
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(price.currency));
}

PG_FUNCTION_INFO_V1(event_source_unknown);

/* event_source_unknown(source text) returns boolean: always an error */
Datum
event_source_unknown(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("the source must not be NULL"),
				 errhint("The table event_sources lists the sources.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("there is no source \"%.*s\" of events",
					CLIPPED(text_to_cstring(PG_GETARG_TEXT_PP(0)))),
			 errhint("The table event_sources lists the sources; insert a row to add one.")));
	PG_RETURN_BOOL(false);
}
