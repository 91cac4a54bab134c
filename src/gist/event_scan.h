/*
 * event_scan.h
 *	  What a scan of the GiST index keeps from entry to entry.
 */
#ifndef SHORTLIST_GIST_EVENT_SCAN_H
#define SHORTLIST_GIST_EVENT_SCAN_H

#include "types/pg.h"

#include "access/gist.h"
#include "core/event_score.h"

/*
 * The preference (second argument of the support function), prepared once as
 * long as it stays the same.  If ordered is true, the entry is counted for
 * event_last_scan().
 */
extern const EventScorer *event_scan_scorer(FunctionCallInfo fcinfo, const GISTENTRY *entry,
											bool ordered);

#endif /* SHORTLIST_GIST_EVENT_SCAN_H */
