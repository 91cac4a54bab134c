/*
 * event_ops.c
 *	  The constructors event_facts() and event_pref().
 */
#include "types/pg.h"

#include <math.h>

#include "types/eventfacts.h"
#include "types/eventpref.h"
#include "utils/geo_decls.h"
#include "utils/timestamp.h"

static void
set_location(FunctionCallInfo fcinfo, EventFacts *facts)
{
	InputPlace place = {"event_facts()", NULL, NULL, NULL};

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		return;
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is null in event_facts()", PG_ARGISNULL(0) ? "latitude" : "longitude"),
				 errdetail("Latitude and longitude are known together, or neither is."),
				 errhint("Pass both, or NULL for both.")));
	eventfacts_set_location(facts, rule_float8(&LatitudeRule, PG_GETARG_FLOAT8(0), &place),
							rule_float8(&LongitudeRule, PG_GETARG_FLOAT8(1), &place));
}

/* Price, attendees and start, from the argument `first` on. */
static void
set_other_facts(FunctionCallInfo fcinfo, int first, EventFacts *facts)
{
	InputPlace place = {"event_facts()", NULL, NULL, NULL};

	if (!PG_ARGISNULL(first))
		eventfacts_set_price(facts, PG_GETARG_FLOAT8(first), &place);
	if (!PG_ARGISNULL(first + 1))
		eventfacts_set_attendees(facts, PG_GETARG_FLOAT8(first + 1), &place);
	if (!PG_ARGISNULL(first + 2))
		eventfacts_set_start(facts, PG_GETARG_TIMESTAMPTZ(first + 2), &place);
}

/* event_facts(latitude, longitude, price, attendees, starts_at) */
PG_FUNCTION_INFO_V1(event_facts);
Datum
event_facts(PG_FUNCTION_ARGS)
{
	EventFacts *facts = eventfacts_new();

	set_location(fcinfo, facts);
	set_other_facts(fcinfo, 2, facts);
	PG_RETURN_POINTER(facts);
}

/* event_facts(point, price, attendees, starts_at); x is the longitude */
PG_FUNCTION_INFO_V1(event_facts_point);
Datum
event_facts_point(PG_FUNCTION_ARGS)
{
	InputPlace place = {"event_facts()", NULL, NULL, NULL};
	EventFacts *facts = eventfacts_new();

	if (!PG_ARGISNULL(0))
	{
		Point *point = PG_GETARG_POINT_P(0);

		eventfacts_set_location(facts, rule_float8(&LatitudeRule, point->y, &place),
								rule_float8(&LongitudeRule, point->x, &place));
	}
	set_other_facts(fcinfo, 1, facts);
	PG_RETURN_POINTER(facts);
}

/* Arguments of event_pref(), in the order of the install script. */
enum
{
	ARG_LATITUDE,
	ARG_LONGITUDE,
	ARG_WITHIN_KM,
	ARG_BUDGET,
	ARG_CROWD,
	ARG_STARTS,
	ARG_AROUND,
	ARG_WEIGHT, /* of location, price, attendees, start */
	ARG_COMBINE = ARG_WEIGHT + EVENT_CRITERIA,
	ARG_MISSING,
	ARG_LIMIT /* in the order of EventLimit */
};

#define SECONDS_PER_DAY 86400.0

/* A word, or a number in [0,1] in digits. */
static void
set_missing(EventWish *wish, const char *missing, const InputPlace *place)
{
	bool is_number = *missing != '\0' && strspn(missing, "0123456789.") == strlen(missing);

	if (is_number)
		wish->missing_utility = rule_float8_text(&UtilityRule, missing, place);
	else
		eventpref_set_missing(wish, missing, place);
}

/* A criterion with the weight of its argument, and what unknown counts. */
static EventWish *
want(FunctionCallInfo fcinfo, EventPref *pref, EventCriterion criterion)
{
	InputPlace place = {"event_pref()", NULL, NULL, NULL};
	EventWish *wish = eventpref_want(pref, criterion);

	place.key = psprintf("%s_weight", EventCriterionNames[criterion]);
	if (!PG_ARGISNULL(ARG_WEIGHT + criterion))
		wish->weight =
			rule_float8(&PrefWeightRule, PG_GETARG_FLOAT8(ARG_WEIGHT + criterion), &place);
	place.key = "missing";
	if (!PG_ARGISNULL(ARG_MISSING))
		set_missing(wish, text_to_cstring(PG_GETARG_TEXT_PP(ARG_MISSING)), &place);
	return wish;
}

static double
around_seconds(FunctionCallInfo fcinfo)
{
	InputPlace place = {"event_pref()", NULL, NULL, "around"};

	return rule_float8(&ScaleRule, eventpref_interval_seconds(PG_GETARG_DATUM(ARG_AROUND)), &place);
}

/* What is given for a criterion that does not count is not used, but still has to be right. */
static void
check_arguments(FunctionCallInfo fcinfo)
{
	EventPref unused;

	memset(&unused, 0, sizeof(unused));
	for (int c = 0; c < EVENT_CRITERIA; c++)
		(void) want(fcinfo, &unused, c);
	if (!PG_ARGISNULL(ARG_AROUND))
		(void) around_seconds(fcinfo);
}

static void
want_location(FunctionCallInfo fcinfo, EventPref *pref)
{
	InputPlace place = {"event_pref()", NULL, NULL, NULL};
	bool far_limit = !PG_ARGISNULL(ARG_LIMIT + EVENT_MAX_KM);
	EventWish *wish;

	if (PG_ARGISNULL(ARG_LATITUDE) && PG_ARGISNULL(ARG_LONGITUDE) && PG_ARGISNULL(ARG_WITHIN_KM))
		return;
	if (PG_ARGISNULL(ARG_LATITUDE) || PG_ARGISNULL(ARG_LONGITUDE) ||
		(PG_ARGISNULL(ARG_WITHIN_KM) && !far_limit))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("incomplete location in event_pref()"),
				 errdetail("A location is latitude, longitude and within_km, the distance at which it is half as good; all three, or none."),
				 errhint("To limit the distance without ranking by it, pass max_km instead of within_km.")));
	wish = want(fcinfo, pref, EVENT_LOCATION);
	eventpref_set_place(pref, rule_float8(&LatitudeRule, PG_GETARG_FLOAT8(ARG_LATITUDE), &place),
						rule_float8(&LongitudeRule, PG_GETARG_FLOAT8(ARG_LONGITUDE), &place));
	if (PG_ARGISNULL(ARG_WITHIN_KM))
	{
		/* only there for max_km to measure from */
		wish->curve = EVENT_CURVE_STEP;
		wish->weight = 0;
		return;
	}
	place.key = "within_km";
	wish->scale = rule_float8(&ScaleRule, PG_GETARG_FLOAT8(ARG_WITHIN_KM), &place);
}

static void
want_price(FunctionCallInfo fcinfo, EventPref *pref)
{
	InputPlace place = {"event_pref()", NULL, NULL, "budget"};
	EventWish *wish;

	if (PG_ARGISNULL(ARG_BUDGET))
		return;
	wish = want(fcinfo, pref, EVENT_PRICE);
	wish->offset = rule_float8(&OffsetRule, PG_GETARG_FLOAT8(ARG_BUDGET), &place);
	/* Who has no budget wants what is free: the limit of the line as its scale shrinks. */
	if (wish->offset == 0)
		wish->curve = EVENT_CURVE_STEP;
	else
		wish->scale = wish->offset;
}

static void
want_attendees(FunctionCallInfo fcinfo, EventPref *pref)
{
	InputPlace place = {"event_pref()", NULL, NULL, "crowd"};

	if (!PG_ARGISNULL(ARG_CROWD))
		want(fcinfo, pref, EVENT_ATTENDEES)->pivot =
			rule_float8(&PivotRule, PG_GETARG_FLOAT8(ARG_CROWD), &place);
}

static void
want_start(FunctionCallInfo fcinfo, EventPref *pref)
{
	InputPlace place = {"event_pref()", NULL, NULL, "starts"};
	EventWish *wish;

	if (PG_ARGISNULL(ARG_STARTS))
		return;
	wish = want(fcinfo, pref, EVENT_START);
	wish->origin =
		eventpref_time(rule_timestamp(PG_GETARG_TIMESTAMPTZ(ARG_STARTS), &place), &place);
	wish->scale = SECONDS_PER_DAY;
	if (!PG_ARGISNULL(ARG_AROUND))
		wish->scale = around_seconds(fcinfo);
}

static void
set_limits(FunctionCallInfo fcinfo, EventPref *pref)
{
	for (int limit = 0; limit < EVENT_LIMITS; limit++)
	{
		InputPlace place = {"event_pref()", NULL, NULL, EventLimitNames[limit]};
		int argument = ARG_LIMIT + limit;

		if (PG_ARGISNULL(argument))
			continue;
		if (limit == EVENT_AFTER || limit == EVENT_BEFORE)
			eventpref_set_limit(pref, limit,
								eventpref_time(rule_timestamp(PG_GETARG_TIMESTAMPTZ(argument),
															  &place),
											   &place),
								&place);
		else
			eventpref_set_limit(pref, limit, PG_GETARG_FLOAT8(argument), &place);
	}
}

PG_FUNCTION_INFO_V1(event_pref);
Datum
event_pref(PG_FUNCTION_ARGS)
{
	InputPlace place = {"event_pref()", NULL, NULL, NULL};
	StoredPref *stored = eventpref_new();
	EventPref *pref = &stored->pref;

	check_arguments(fcinfo);
	want_location(fcinfo, pref);
	want_price(fcinfo, pref);
	want_attendees(fcinfo, pref);
	want_start(fcinfo, pref);
	place.key = "combine";
	if (!PG_ARGISNULL(ARG_COMBINE))
		eventpref_set_combine(pref, text_to_cstring(PG_GETARG_TEXT_PP(ARG_COMBINE)), &place);
	set_limits(fcinfo, pref);
	place.key = NULL;
	eventpref_check(pref, &place);
	PG_RETURN_POINTER(stored);
}
