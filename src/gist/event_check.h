/*
 * event_check.h
 *	  shortlist_check() of a GiST index on eventfacts.
 */
#ifndef SHORTLIST_GIST_EVENT_CHECK_H
#define SHORTLIST_GIST_EVENT_CHECK_H

#include "check/index_check.h"

/* Some column of this GiST index holds events. */
extern bool event_gist_is_ours(Relation index);

extern void event_gist_verify(IndexCheck *check);

#endif /* SHORTLIST_GIST_EVENT_CHECK_H */
