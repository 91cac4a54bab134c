/*
 * eventpref.c
 *	  Building eventpref: defaults, rules and what has to fit together.
 */
#include "types/eventpref.h"

#include <math.h>

#include "types/damage.h"
#include "utils/timestamp.h"

#define ALL_BITS(count) ((1 << (count)) - 1)

const NumberRule PrefWeightRule = {"weight", "A weight is a finite number of at least 0.",
								   AT_LEAST_0};
const NumberRule OriginRule = {"origin", "An origin is a finite number.", .least = -DBL_MAX,
							   .most = DBL_MAX};
const NumberRule OffsetRule = {"offset", "An offset is a finite number of at least 0.", AT_LEAST_0};
const NumberRule ScaleRule = {"scale", "A scale is a finite number above 0.", ABOVE_0};
const NumberRule DecayRule = {"decay",	  "A decay is a number between 0 and 1, neither of them.",
							  .least = 0, .above = true,
							  .most = 1,  .below = true};
const NumberRule PivotRule = {"pivot", "A pivot is a finite number above 0.", ABOVE_0};
const NumberRule ExponentRule = {"exponent", "An exponent is a finite number above 0.", ABOVE_0};
const NumberRule UtilityRule = {"utility", "A utility is a number from 0 to 1.", FROM_0_TO_1};
const NumberRule LimitRule = {"limit", "A limit is a finite number of at least 0.", AT_LEAST_0};

const char *const EventCriterionNames[EVENT_CRITERIA] = {"location", "price", "attendees", "start"};

const char *const EventLimitNames[EVENT_LIMITS] = {"max_km",		"max_price", "min_attendees",
												   "max_attendees", "after",	 "before",
												   "min_score"};

const char *const EventCombineNames[EVENT_COMBINE_MIN + 1] = {"sum", "product", "min"};

/* in the order of EventMissing; a number in [0,1] is the other way to say it */
static const char *const MissingNames[] = {"worst", "skip", "exclude"};

static bool
is_known_wish(const EventWish *wish)
{
	static const uint8 zero[sizeof(wish->reserved)] = {0};

	return wish->present <= 1 && wish->curve <= EVENT_CURVE_STEP &&
		wish->side <= EVENT_SIDE_BELOW && wish->missing <= EVENT_MISSING_EXCLUDE &&
		memcmp(wish->reserved, zero, sizeof(zero)) == 0;
}

const StoredPref *
DatumGetStoredPref(Datum datum)
{
	const StoredPref *stored = (const StoredPref *) PG_DETOAST_DATUM(datum);

	if (VARSIZE(stored) != sizeof(StoredPref))
		stored_value_damaged("eventpref", NULL);
	return stored;
}

const EventPref *
eventpref_checked(const StoredPref *stored)
{
	static const uint8 zero[sizeof(stored->pref.reserved)] = {0};

	if (stored->padding != 0 || stored->pref.version != EVENT_PREF_VERSION ||
		stored->pref.combine > EVENT_COMBINE_MIN ||
		(stored->pref.limited & ~ALL_BITS(EVENT_LIMITS)) != 0 ||
		memcmp(stored->pref.reserved, zero, sizeof(zero)) != 0)
		stored_value_damaged("eventpref", NULL);
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (!is_known_wish(&stored->pref.wish[c]))
			stored_value_damaged("eventpref", NULL);
	}
	return &stored->pref;
}

StoredPref *
eventpref_new(void)
{
	StoredPref *stored = palloc0(sizeof(StoredPref));

	SET_VARSIZE(stored, sizeof(StoredPref));
	stored->pref.version = EVENT_PREF_VERSION;
	return stored;
}

EventWish *
eventpref_want(EventPref *pref, EventCriterion criterion)
{
	static const EventCurve curves[EVENT_CRITERIA] = {EVENT_CURVE_EXP, EVENT_CURVE_LINEAR,
													  EVENT_CURVE_SATURATION, EVENT_CURVE_GAUSS};
	EventWish *wish = &pref->wish[criterion];

	wish->present = 1;
	wish->weight = 1;
	wish->decay = 0.5;
	wish->curve = curves[criterion];
	wish->side = criterion == EVENT_PRICE ? EVENT_SIDE_ABOVE : EVENT_SIDE_BOTH;
	wish->missing = EVENT_MISSING_UTILITY;
	wish->missing_utility = 0;
	return wish;
}

void
eventpref_set_limit(EventPref *pref, EventLimit limit, double value, const InputPlace *place)
{
	if (limit == EVENT_MIN_SCORE)
		(void) rule_float8(&UtilityRule, value, place);
	else if (limit != EVENT_AFTER && limit != EVENT_BEFORE)
		(void) rule_float8(&LimitRule, value, place);
	pref->limited |= EVENT_LIMIT_BIT(limit);
	pref->limit[limit] = value + 0.0;
}

void
eventpref_set_place(EventPref *pref, double latitude, double longitude)
{
	pref->latitude = latitude;
	pref->longitude = longitude;
}

int64
eventpref_microseconds(double seconds)
{
	double whole = floor(seconds);
	int64 microseconds;

	if (!(fabs(seconds) < (double) (PG_INT64_MAX / USECS_PER_SEC)))
		stored_value_damaged("eventpref", NULL);
	/* apart, since together they can be more than a float8 holds */
	microseconds = (int64) whole * USECS_PER_SEC + (int64) rint((seconds - whole) * USECS_PER_SEC);
	/* Far from 2000 the nearest microsecond may be one of other seconds: a text has to mean the same ones. */
	if (event_seconds(microseconds) < seconds)
		microseconds = (int64) nextafter((double) microseconds, INFINITY);
	else if (event_seconds(microseconds) > seconds)
		microseconds = (int64) nextafter((double) microseconds, -INFINITY);
	return microseconds;
}

double
eventpref_time(int64 microseconds, const InputPlace *place)
{
	double seconds = event_seconds(microseconds);

	(void) rule_timestamp(eventpref_microseconds(seconds), place);
	return seconds;
}

double
eventpref_interval_seconds(Datum interval)
{
	return DatumGetFloat8(DirectFunctionCall2(interval_part,
											  PointerGetDatum(cstring_to_text("epoch")), interval));
}

void
eventpref_set_missing(EventWish *wish, const char *word, const InputPlace *place)
{
	wish->missing = rule_word(MissingNames, lengthof(MissingNames), word, "missing policy", place);
	wish->missing_utility = 0;
}

void
eventpref_set_combine(EventPref *pref, const char *word, const InputPlace *place)
{
	pref->combine =
		rule_word(EventCombineNames, lengthof(EventCombineNames), word, "combination", place);
}

static void
bad_wish(const InputPlace *place, EventCriterion criterion, const char *what)
{
	InputPlace here = *place;

	here.key = EventCriterionNames[criterion];
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("incomplete criterion for %s", place->type), errdetail_place(&here, NULL),
			 errhint("%s", what)));
}

static void
check_wish(const EventWish *wish, EventCriterion criterion, const InputPlace *place)
{
	switch ((EventCurve) wish->curve)
	{
		case EVENT_CURVE_GAUSS:
		case EVENT_CURVE_EXP:
		case EVENT_CURVE_LINEAR:
			if (wish->scale == 0)
				bad_wish(place, criterion, "The curves gauss, exp and linear need a \"scale\".");
			break;
		case EVENT_CURVE_SIGMOID:
			if (wish->exponent == 0)
				bad_wish(place, criterion, "The curve sigmoid needs an \"exponent\".");
			/* FALLTHROUGH */
		case EVENT_CURVE_SATURATION:
			if (criterion == EVENT_START)
				bad_wish(place, criterion,
						 "A start has no zero to grow from: use gauss, exp, linear or step.");
			if (wish->pivot == 0)
				bad_wish(place, criterion, "The curves saturation and sigmoid need a \"pivot\".");
			break;
		case EVENT_CURVE_STEP:
			break;
	}
}

static bool
is_limited(const EventPref *pref, EventLimit limit)
{
	return (pref->limited & EVENT_LIMIT_BIT(limit)) != 0;
}

static void
bad_limits(const InputPlace *place, const char *what)
{
	InputPlace here = *place;

	here.key = "limits";
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("limits that nothing can meet for %s", place->type),
			 errdetail_place(&here, NULL), errhint("%s", what)));
}

void
eventpref_check(const EventPref *pref, const InputPlace *place)
{
	double total = 0;

	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (!pref->wish[c].present)
			continue;
		check_wish(&pref->wish[c], c, place);
		total += pref->wish[c].weight;
	}
	if (!(total > 0))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("no criterion counts for %s", place->type),
				 errhint("At least one of location, price, attendees and start needs a weight above 0, also where only limits are asked for.")));
	if (isinf(total))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("weights are out of range for %s", place->type),
				 errhint("Their sum has to be finite.")));
	if (is_limited(pref, EVENT_MAX_KM) && !pref->wish[EVENT_LOCATION].present)
		bad_limits(place, "\"max_km\" needs a \"location\" to measure from (its weight may be 0).");
	if (is_limited(pref, EVENT_MIN_ATTENDEES) && is_limited(pref, EVENT_MAX_ATTENDEES) &&
		pref->limit[EVENT_MIN_ATTENDEES] > pref->limit[EVENT_MAX_ATTENDEES])
		bad_limits(place, "\"min_attendees\" is above \"max_attendees\".");
	if (is_limited(pref, EVENT_AFTER) && is_limited(pref, EVENT_BEFORE) &&
		pref->limit[EVENT_AFTER] >= pref->limit[EVENT_BEFORE])
		bad_limits(place, "\"after\" is not earlier than \"before\".");
}
