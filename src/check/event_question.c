/*
 * event_question.c
 *	  Preferences to hold the bounds of an index on events against.
 */
#include "check/event_question.h"

#include <math.h>

#include "types/eventpref.h"

EventPref *
check_event_question(IndexCheck *check, int number, const EventFacts *facts)
{
	static const EventCurve curves[] = {EVENT_CURVE_GAUSS, EVENT_CURVE_EXP, EVENT_CURVE_LINEAR,
										EVENT_CURVE_STEP};
	EventPref *pref = &eventpref_new()->pref;
	double origin[EVENT_CRITERIA] = {0, facts->price, facts->attendees,
									 event_seconds(facts->starts_at)};

	pref->combine = (uint8) (number % (EVENT_COMBINE_MIN + 1));
	eventpref_set_place(pref, check_random(check, 181) - 90.0, check_random(check, 361) - 180.0);
	for (int criterion = 0; criterion < EVENT_CRITERIA; criterion++)
	{
		EventWish *wish = eventpref_want(pref, criterion);

		wish->weight = check_random(check, 4) + (criterion == 0);
		wish->curve = (uint8) curves[check_random(check, lengthof(curves))];
		wish->origin = origin[criterion];
		wish->offset = criterion == EVENT_LOCATION ? 1 : 0.01 * fabs(origin[criterion]);
		wish->scale = pow(10, check_random(check, 7));
		wish->decay = 0.5;
		wish->side =
			(uint8) (criterion == EVENT_LOCATION ? EVENT_SIDE_BOTH : check_random(check, 3));
		wish->missing = (uint8) check_random(check, 3);
	}
	return pref;
}
