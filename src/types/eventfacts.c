/*
 * eventfacts.c
 *	  Building eventfacts, and its text, binary and JSON forms.
 */
#include "types/eventfacts.h"

#include "core/geo.h"
#include "libpq/pqformat.h"
#include "types/damage.h"
#include "types/iso8601.h"
#include "types/json_object.h"
#include "types/receive.h"

const NumberRule LatitudeRule = {"latitude", "A latitude is from -90 to 90 degrees.", .least = -90,
								 .most = 90};
const NumberRule LongitudeRule = {"longitude", "A longitude is from -180 to 180 degrees.",
								  .least = -180, .most = 180};
const NumberRule PriceRule =
	{"price", "A price is a finite number of at least 0; an unknown one is left out or NULL.",
	 AT_LEAST_0};
const NumberRule AttendeesRule =
	{"attendees",
	 "Attendees are a finite number of at least 0; an unknown one is left out or NULL.",
	 AT_LEAST_0};

#define KNOWN_BITS ((1 << EVENT_CRITERIA) - 1)

const EventFacts *
DatumGetEventFacts(Datum datum)
{
	static const uint8 zero[sizeof(((EventFacts *) 0)->reserved)] = {0};
	const EventFacts *facts = (const EventFacts *) DatumGetPointer(datum);

	if (unlikely(facts->version != EVENT_FACTS_VERSION || (facts->known & ~KNOWN_BITS) != 0 ||
				 memcmp(facts->reserved, zero, sizeof(zero)) != 0))
		stored_value_damaged("eventfacts", NULL);
	return facts;
}

EventFacts *
eventfacts_new(void)
{
	EventFacts *facts = palloc0(sizeof(EventFacts));

	facts->version = EVENT_FACTS_VERSION;
	return facts;
}

void
eventfacts_set_location(EventFacts *facts, double latitude, double longitude)
{
	facts->known |= EVENT_BIT(EVENT_LOCATION);
	facts->latitude = latitude;
	facts->longitude = longitude;
	geo_unit_vector(facts->latitude, facts->longitude, facts->xyz);
}

void
eventfacts_set_price(EventFacts *facts, double price, const InputPlace *place)
{
	facts->known |= EVENT_BIT(EVENT_PRICE);
	facts->price = rule_float8(&PriceRule, price, place);
}

void
eventfacts_set_attendees(EventFacts *facts, double attendees, const InputPlace *place)
{
	facts->known |= EVENT_BIT(EVENT_ATTENDEES);
	facts->attendees = rule_float8(&AttendeesRule, attendees, place);
}

void
eventfacts_set_start(EventFacts *facts, int64 starts_at, const InputPlace *place)
{
	facts->known |= EVENT_BIT(EVENT_START);
	facts->starts_at = rule_timestamp(starts_at, place);
}

static EventFacts *
read_facts(Jsonb *json, const char *type)
{
	InputPlace place = {type, NULL, NULL, NULL};
	EventFacts *facts = eventfacts_new();
	JsonbValue root;
	int count;
	JsonField *field;
	const JsonField *latitude = NULL;
	const JsonField *longitude = NULL;

	json_root(json, &root);
	field = json_fields(&root, &place, &count);
	for (int i = 0; i < count; i++)
	{
		const JsonField *one = &field[i];

		if (strcmp(one->key, "latitude") == 0)
			latitude = json_is_null(one) ? NULL : one;
		else if (strcmp(one->key, "longitude") == 0)
			longitude = json_is_null(one) ? NULL : one;
		else if (strcmp(one->key, "price") == 0)
		{
			if (!json_is_null(one))
				eventfacts_set_price(facts,
									 rule_float8_text(&PriceRule, json_number(one), &one->place),
									 &one->place);
		}
		else if (strcmp(one->key, "attendees") == 0)
		{
			if (!json_is_null(one))
				eventfacts_set_attendees(facts,
										 rule_float8_text(&AttendeesRule, json_number(one),
														  &one->place),
										 &one->place);
		}
		else if (strcmp(one->key, "starts_at") == 0)
		{
			if (!json_is_null(one))
			{
				const char *time = json_string(one);

				eventfacts_set_start(facts, iso8601_parse(time, strlen(time), &one->place),
									 &one->place);
			}
		}
		else
			json_unknown_key(one, "latitude, longitude, price, attendees, starts_at");
	}
	if ((latitude == NULL) != (longitude == NULL))
		json_type_error(&place, "\"latitude\" and \"longitude\", or neither");
	if (latitude != NULL)
		eventfacts_set_location(facts,
								rule_float8_text(&LatitudeRule, json_number(latitude),
												 &latitude->place),
								rule_float8_text(&LongitudeRule, json_number(longitude),
												 &longitude->place));
	return facts;
}

PG_FUNCTION_INFO_V1(eventfacts_in);
Datum
eventfacts_in(PG_FUNCTION_ARGS)
{
	Jsonb *json = json_parse(PG_GETARG_CSTRING(0), "type eventfacts");

	PG_RETURN_POINTER(read_facts(json, "type eventfacts"));
}

PG_FUNCTION_INFO_V1(eventfacts_from_jsonb);
Datum
eventfacts_from_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(read_facts(PG_GETARG_JSONB_P(0), "eventfacts"));
}

static void
append_fact(StringInfo out, const char *key, double value)
{
	json_append_key(out, key);
	append_float8(out, value);
}

static char *
facts_to_json(const EventFacts *facts)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	if (eventfacts_knows(facts, EVENT_LOCATION))
	{
		append_fact(&out, "latitude", facts->latitude);
		append_fact(&out, "longitude", facts->longitude);
	}
	if (eventfacts_knows(facts, EVENT_PRICE))
		append_fact(&out, "price", facts->price);
	if (eventfacts_knows(facts, EVENT_ATTENDEES))
		append_fact(&out, "attendees", facts->attendees);
	if (eventfacts_knows(facts, EVENT_START))
	{
		json_append_key(&out, "starts_at");
		appendStringInfoChar(&out, '"');
		iso8601_append(&out, facts->starts_at);
		appendStringInfoChar(&out, '"');
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

PG_FUNCTION_INFO_V1(eventfacts_out);
Datum
eventfacts_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(facts_to_json(PG_GETARG_EVENTFACTS(0)));
}

PG_FUNCTION_INFO_V1(eventfacts_to_json_text);
Datum
eventfacts_to_json_text(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(facts_to_json(PG_GETARG_EVENTFACTS(0))));
}

PG_FUNCTION_INFO_V1(eventfacts_to_jsonb);
Datum
eventfacts_to_jsonb(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(json_text_to_jsonb(facts_to_json(PG_GETARG_EVENTFACTS(0))));
}

/*
 * Binary: int8 version, int8 known, then only what is known: float8 latitude
 * and longitude, float8 price, float8 attendees, int64 start.
 */
PG_FUNCTION_INFO_V1(eventfacts_send);
Datum
eventfacts_send(PG_FUNCTION_ARGS)
{
	const EventFacts *facts = PG_GETARG_EVENTFACTS(0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendint8(&out, EVENT_FACTS_VERSION);
	pq_sendint8(&out, facts->known);
	if (eventfacts_knows(facts, EVENT_LOCATION))
	{
		pq_sendfloat8(&out, facts->latitude);
		pq_sendfloat8(&out, facts->longitude);
	}
	if (eventfacts_knows(facts, EVENT_PRICE))
		pq_sendfloat8(&out, facts->price);
	if (eventfacts_knows(facts, EVENT_ATTENDEES))
		pq_sendfloat8(&out, facts->attendees);
	if (eventfacts_knows(facts, EVENT_START))
		pq_sendint64(&out, facts->starts_at);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

PG_FUNCTION_INFO_V1(eventfacts_recv);
Datum
eventfacts_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	InputPlace place = {"binary eventfacts", NULL, NULL, NULL};
	EventFacts *facts = eventfacts_new();
	int known;

	receive_version(in, EVENT_FACTS_VERSION, &place);
	known = pq_getmsgbyte(in);
	if ((known & ~KNOWN_BITS) != 0)
		receive_error(&place, "It knows criteria that this release does not.");
	if (known & EVENT_BIT(EVENT_LOCATION))
	{
		double latitude = rule_float8(&LatitudeRule, pq_getmsgfloat8(in), &place);

		eventfacts_set_location(facts, latitude,
								rule_float8(&LongitudeRule, pq_getmsgfloat8(in), &place));
	}
	if (known & EVENT_BIT(EVENT_PRICE))
		eventfacts_set_price(facts, pq_getmsgfloat8(in), &place);
	if (known & EVENT_BIT(EVENT_ATTENDEES))
		eventfacts_set_attendees(facts, pq_getmsgfloat8(in), &place);
	if (known & EVENT_BIT(EVENT_START))
		eventfacts_set_start(facts, pq_getmsgint64(in), &place);
	PG_RETURN_POINTER(facts);
}
