/*
 * scorer_cache.h
 *	  The prepared form of a jobspec or eventpref, kept from call to call.
 *
 * In a scan the job or the preference is the same for every row.  It is
 * compared by its bytes, since a parameter of a nested loop can change while
 * its address stays.
 */
#ifndef SHORTLIST_OPS_SCORER_CACHE_H
#define SHORTLIST_OPS_SCORER_CACHE_H

#include "core/event_score.h"
#include "core/skill_score.h"
#include "types/jobspec.h"

extern JobScorer *cached_job_scorer(FunctionCallInfo fcinfo, const Jobspec *job);
extern const EventScorer *cached_event_scorer(FunctionCallInfo fcinfo, const EventPref *pref);

/* A prepared form for one call alone. */
extern JobScorer *new_job_scorer(const Jobspec *job);

#endif /* SHORTLIST_OPS_SCORER_CACHE_H */
