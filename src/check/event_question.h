/*
 * event_question.h
 *	  Preferences to hold the bounds of an index on events against.
 */
#ifndef SHORTLIST_CHECK_EVENT_QUESTION_H
#define SHORTLIST_CHECK_EVENT_QUESTION_H

#include "check/index_check.h"
#include "core/event_score.h"

/* Somebody who wants about what this event is, by check_random(); `number` says how criteria are combined. */
extern EventPref *check_event_question(IndexCheck *check, int number, const EventFacts *facts);

#endif /* SHORTLIST_CHECK_EVENT_QUESTION_H */
