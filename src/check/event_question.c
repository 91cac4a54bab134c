/*
 * event_question.c
 *	  Preferences to hold the bounds of an index on events against.
 */
#include "check/event_question.h"

#include <math.h>

#include "types/eventpref.h"

/*
 * A curve that the criterion can have.  A search bounds boxes side by side
 * (core/event_boxes.h) unless a curve is a sigmoid, or one by which distance
 * is good; so every second question has none of these.
 */
static EventCurve
some_curve(IndexCheck *check, bool side_by_side, EventCriterion criterion)
{
	static const EventCurve curves[] = {EVENT_CURVE_GAUSS,		EVENT_CURVE_EXP,
										EVENT_CURVE_LINEAR,		EVENT_CURVE_STEP,
										EVENT_CURVE_SATURATION, EVENT_CURVE_SIGMOID};
	uint32 count = lengthof(curves);

	if (criterion == EVENT_START || (side_by_side && criterion == EVENT_LOCATION))
		count -= 2;
	else if (side_by_side)
		count--;
	return curves[check_random(check, count)];
}

EventPref *
check_event_question(IndexCheck *check, int number, const EventFacts *facts)
{
	EventPref *pref = &eventpref_new()->pref;
	double origin[EVENT_CRITERIA] = {0, facts->price, facts->attendees,
									 event_seconds(facts->starts_at)};
	/* mostly all criteria count */
	uint32 weightless = check_random(check, 3 * EVENT_CRITERIA);

	pref->combine = (uint8) (number % (EVENT_COMBINE_MIN + 1));
	if ((facts->known & EVENT_BIT(EVENT_LOCATION)) && check_random(check, 2) == 0)
		eventpref_set_place(pref, facts->latitude, facts->longitude);
	else
		eventpref_set_place(pref, check_random(check, 181) - 90.0, check_random(check, 361) - 180.0);
	for (int criterion = 0; criterion < EVENT_CRITERIA; criterion++)
	{
		EventWish *wish = eventpref_want(pref, criterion);

		wish->weight = (uint32) criterion == weightless ? 0 : 1 + check_random(check, 4);
		wish->curve = (uint8) some_curve(check, number % 2 == 0, criterion);
		wish->origin = origin[criterion];
		wish->offset = criterion == EVENT_LOCATION ? 1 : 0.01 * fabs(origin[criterion]);
		wish->scale = pow(10, check_random(check, 7));
		wish->decay = 0.5;
		wish->pivot = pow(10, check_random(check, 5));
		wish->exponent = 1 + check_random(check, 4);
		wish->side =
			(uint8) (criterion == EVENT_LOCATION ? EVENT_SIDE_BOTH : check_random(check, 3));
		wish->missing = (uint8) check_random(check, 3);
		wish->missing_utility = 0.25 * check_random(check, 5);
	}
	return pref;
}
