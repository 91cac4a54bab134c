/*
 * eventpref_io.c
 *	  Text, binary and JSON forms of eventpref.
 */
#include "types/eventpref.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "types/eventfacts.h"
#include "types/iso8601.h"
#include "types/json_object.h"
#include "types/receive.h"
#include "utils/timestamp.h"

static const char *const CurveNames[] = {"gauss", "exp", "linear", "saturation", "sigmoid", "step"};
static const char *const SideNames[] = {"both", "above", "below"};

/* The numbers of a criterion: key, place in EventWish, rule, and whether a start takes an interval for it. */
static const struct WishNumber
{
	const char *key;
	size_t offset;
	const NumberRule *rule;
	bool is_duration;
	double usual; /* what is not worth writing */
} WishNumbers[] = {
	{"weight", offsetof(EventWish, weight), &PrefWeightRule, false, -1},
	{"origin", offsetof(EventWish, origin), &OriginRule, false, 0},
	{"offset", offsetof(EventWish, offset), &OffsetRule, true, 0},
	{"scale", offsetof(EventWish, scale), &ScaleRule, true, 0},
	{"scale_below", offsetof(EventWish, scale_below), &ScaleRule, true, 0},
	{"decay", offsetof(EventWish, decay), &DecayRule, false, 0.5},
	{"pivot", offsetof(EventWish, pivot), &PivotRule, false, 0},
	{"exponent", offsetof(EventWish, exponent), &ExponentRule, false, 0},
};

#define WISH_KEYS "weight, curve, offset, scale, scale_below, decay, side, pivot, exponent, missing"

static double *
wish_number(const EventWish *wish, const struct WishNumber *number)
{
	return (double *) ((char *) wish + number->offset);
}

/*
 * Seconds of "2 hours".  What interval_in() says of bad text has neither our
 * SQLSTATE nor the place, so it is said again.
 */
static double
interval_seconds(const JsonField *field)
{
	const char *text = json_string(field);
	MemoryContext memory = CurrentMemoryContext;
	Datum interval = (Datum) 0;

	PG_TRY();
	{
		interval = DirectFunctionCall3(interval_in, CStringGetDatum(text),
									   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	}
	PG_CATCH();
	{
		int code = geterrcode();
		bool is_range =
			code == ERRCODE_INTERVAL_FIELD_OVERFLOW || code == ERRCODE_DATETIME_FIELD_OVERFLOW;

		if (!is_range && code != ERRCODE_INVALID_DATETIME_FORMAT)
			PG_RE_THROW();
		MemoryContextSwitchTo(memory);
		FlushErrorState();
		ereport(ERROR,
				(errcode(is_range ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE
								  : ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid interval \"%.*s\" for %s", CLIPPED(text), field->place.type),
				 errdetail_place(&field->place, NULL),
				 errhint("Write for example \"2 hours\" or \"1 day\", or a number of seconds.")));
	}
	PG_END_TRY();
	return eventpref_interval_seconds(interval);
}

static double
time_seconds(const JsonField *field)
{
	const char *time = json_string(field);

	return eventpref_time(iso8601_parse(time, strlen(time), &field->place), &field->place);
}

static bool
read_wish_number(const JsonField *field, EventCriterion criterion, EventWish *wish)
{
	for (int i = 0; i < (int) lengthof(WishNumbers); i++)
	{
		const struct WishNumber *number = &WishNumbers[i];
		double value;

		if (strcmp(field->key, number->key) != 0)
			continue;
		if (number->rule == &OriginRule && criterion == EVENT_LOCATION)
			return false;
		if (number->rule == &OriginRule && criterion == EVENT_START)
			value = time_seconds(field);
		else if (number->is_duration && criterion == EVENT_START && json_is_string(field))
			value = rule_float8(number->rule, interval_seconds(field), &field->place);
		else
			value = rule_float8_text(number->rule, json_number(field), &field->place);
		*wish_number(wish, number) = value;
		return true;
	}
	return false;
}

static void
read_missing(const JsonField *field, EventWish *wish)
{
	if (json_is_string(field))
		eventpref_set_missing(wish, json_string(field), &field->place);
	else
	{
		wish->missing = EVENT_MISSING_UTILITY;
		wish->missing_utility = rule_float8_text(&UtilityRule, json_number(field), &field->place);
	}
}

static void
read_wish_field(const JsonField *field, EventCriterion criterion, EventWish *wish)
{
	if (strcmp(field->key, "curve") == 0)
		wish->curve =
			rule_word(CurveNames, lengthof(CurveNames), json_string(field), "curve", &field->place);
	else if (strcmp(field->key, "side") == 0)
		wish->side =
			rule_word(SideNames, lengthof(SideNames), json_string(field), "side", &field->place);
	else if (strcmp(field->key, "missing") == 0)
		read_missing(field, wish);
	else if (!read_wish_number(field, criterion, wish))
		json_unknown_key(field,
						 criterion == EVENT_LOCATION ? "latitude, longitude, " WISH_KEYS
													 : "origin, " WISH_KEYS);
}

static void
read_wish(const JsonField *criterion_field, EventCriterion criterion, EventPref *pref)
{
	int count;
	JsonField *field = json_fields(&criterion_field->value, &criterion_field->place, &count);
	EventWish *wish = eventpref_want(pref, criterion);
	double latitude = NAN;
	double longitude = NAN;
	bool has_origin = false;

	for (int i = 0; i < count; i++)
	{
		if (criterion == EVENT_LOCATION && strcmp(field[i].key, "latitude") == 0)
			latitude = rule_float8_text(&LatitudeRule, json_number(&field[i]), &field[i].place);
		else if (criterion == EVENT_LOCATION && strcmp(field[i].key, "longitude") == 0)
			longitude = rule_float8_text(&LongitudeRule, json_number(&field[i]), &field[i].place);
		else
			read_wish_field(&field[i], criterion, wish);
		has_origin |= strcmp(field[i].key, "origin") == 0;
	}
	if (criterion == EVENT_LOCATION)
	{
		if (isnan(latitude) || isnan(longitude))
			json_type_error(&criterion_field->place, "\"latitude\" and \"longitude\"");
		eventpref_set_place(pref, latitude, longitude);
	}
	if (criterion == EVENT_START && !has_origin)
		json_type_error(&criterion_field->place, "an \"origin\", the best time to start");
}

static void
read_limits(const JsonField *limits, EventPref *pref)
{
	int count;
	JsonField *field = json_fields(&limits->value, &limits->place, &count);

	for (int i = 0; i < count; i++)
	{
		int limit = 0;

		while (limit < EVENT_LIMITS && strcmp(field[i].key, EventLimitNames[limit]) != 0)
			limit++;
		if (limit == EVENT_LIMITS)
			json_unknown_key(&field[i],
							 "max_km, max_price, min_attendees, max_attendees, after, before, min_score");
		eventpref_set_limit(pref, limit,
							limit == EVENT_AFTER || limit == EVENT_BEFORE
								? time_seconds(&field[i])
								: rule_float8_text(limit == EVENT_MIN_SCORE ? &UtilityRule
																			: &LimitRule,
												   json_number(&field[i]), &field[i].place),
							&field[i].place);
	}
}

static StoredPref *
read_pref(Jsonb *json, const char *type)
{
	InputPlace place = {type, NULL, NULL, NULL};
	StoredPref *stored = eventpref_new();
	JsonbValue root;
	int count;
	JsonField *field;

	json_root(json, &root);
	field = json_fields(&root, &place, &count);
	for (int i = 0; i < count; i++)
	{
		int criterion = 0;

		while (criterion < EVENT_CRITERIA &&
			   strcmp(field[i].key, EventCriterionNames[criterion]) != 0)
			criterion++;
		if (criterion < EVENT_CRITERIA)
			read_wish(&field[i], criterion, &stored->pref);
		else if (strcmp(field[i].key, "combine") == 0)
			eventpref_set_combine(&stored->pref, json_string(&field[i]), &field[i].place);
		else if (strcmp(field[i].key, "limits") == 0)
			read_limits(&field[i], &stored->pref);
		else
			json_unknown_key(&field[i], "location, price, attendees, start, combine, limits");
	}
	eventpref_check(&stored->pref, &place);
	return stored;
}

PG_FUNCTION_INFO_V1(eventpref_in);
Datum
eventpref_in(PG_FUNCTION_ARGS)
{
	Jsonb *json = json_parse(PG_GETARG_CSTRING(0), "type eventpref");

	PG_RETURN_POINTER(read_pref(json, "type eventpref"));
}

PG_FUNCTION_INFO_V1(eventpref_from_jsonb);
Datum
eventpref_from_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(read_pref(PG_GETARG_JSONB_P(0), "eventpref"));
}

static void
append_number(StringInfo out, const char *key, double value)
{
	json_append_key(out, key);
	append_float8(out, value);
}

static void
append_word(StringInfo out, const char *key, const char *word)
{
	json_append_key(out, key);
	appendStringInfo(out, "\"%s\"", word);
}

static void
append_time(StringInfo out, const char *key, double seconds)
{
	json_append_key(out, key);
	appendStringInfoChar(out, '"');
	iso8601_append(out, eventpref_microseconds(seconds));
	appendStringInfoChar(out, '"');
}

static void
append_missing(StringInfo out, const EventWish *wish)
{
	if (wish->missing == EVENT_MISSING_SKIP)
		append_word(out, "missing", "skip");
	else if (wish->missing == EVENT_MISSING_EXCLUDE)
		append_word(out, "missing", "exclude");
	else if (wish->missing_utility > 0)
		append_number(out, "missing", wish->missing_utility);
}

/* What differs from the defaults, and always weight and curve. */
static void
append_wish(StringInfo out, const EventPref *pref, EventCriterion criterion)
{
	const EventWish *wish = &pref->wish[criterion];
	EventPref usual;

	memset(&usual, 0, sizeof(usual));
	json_append_key(out, EventCriterionNames[criterion]);
	appendStringInfoChar(out, '{');
	if (criterion == EVENT_LOCATION)
	{
		append_number(out, "latitude", pref->latitude);
		append_number(out, "longitude", pref->longitude);
	}
	for (int i = 0; i < (int) lengthof(WishNumbers); i++)
	{
		double value = *wish_number(wish, &WishNumbers[i]);

		if (WishNumbers[i].rule == &OriginRule && criterion == EVENT_START)
			append_time(out, "origin", value);
		else if (value != WishNumbers[i].usual)
			append_number(out, WishNumbers[i].key, value);
		if (i == 0)
			append_word(out, "curve", CurveNames[wish->curve]);
	}
	if (wish->side != eventpref_want(&usual, criterion)->side)
		append_word(out, "side", SideNames[wish->side]);
	append_missing(out, wish);
	appendStringInfoChar(out, '}');
}

static char *
eventpref_to_json(const EventPref *pref)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (pref->wish[c].present)
			append_wish(&out, pref, c);
	}
	if (pref->combine != EVENT_COMBINE_SUM)
		append_word(&out, "combine", EventCombineNames[pref->combine]);
	if (pref->limited != 0)
	{
		json_append_key(&out, "limits");
		appendStringInfoChar(&out, '{');
		for (int limit = 0; limit < EVENT_LIMITS; limit++)
		{
			if (!(pref->limited & EVENT_LIMIT_BIT(limit)))
				continue;
			if (limit == EVENT_AFTER || limit == EVENT_BEFORE)
				append_time(&out, EventLimitNames[limit], pref->limit[limit]);
			else
				append_number(&out, EventLimitNames[limit], pref->limit[limit]);
		}
		appendStringInfoChar(&out, '}');
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

PG_FUNCTION_INFO_V1(eventpref_out);
Datum
eventpref_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(eventpref_to_json(PG_GETARG_EVENTPREF(0)));
}

PG_FUNCTION_INFO_V1(eventpref_to_json_text);
Datum
eventpref_to_json_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(eventpref_to_json(PG_GETARG_EVENTPREF(0))));
}

PG_FUNCTION_INFO_V1(eventpref_to_jsonb);
Datum
eventpref_to_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(json_text_to_jsonb(eventpref_to_json(PG_GETARG_EVENTPREF(0))));
}

/* Binary: int8 version, then the JSON text, as jsonb does it. */
PG_FUNCTION_INFO_V1(eventpref_send);
Datum
eventpref_send(PG_FUNCTION_ARGS)
{
	char *json = eventpref_to_json(PG_GETARG_EVENTPREF(0));
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendint8(&out, EVENT_PREF_VERSION);
	pq_sendtext(&out, json, strlen(json));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(eventpref_recv);
Datum
eventpref_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	InputPlace place = {"binary eventpref", NULL, NULL, NULL};
	int length;
	char *json;

	receive_version(in, EVENT_PREF_VERSION, &place);
	json = pq_getmsgtext(in, in->len - in->cursor, &length);
	PG_RETURN_POINTER(read_pref(json_parse(json, place.type), place.type));
}
