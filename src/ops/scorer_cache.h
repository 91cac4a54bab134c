/*
 * scorer_cache.h
 *	  The prepared form of a jobspec or eventpref, kept from call to call.
 *
 * In a scan the job or the preference is the same for every row.  A constant
 * of the query is prepared once; anything else is compared by its bytes, since
 * a parameter can change while its address stays.
 */
#ifndef SHORTLIST_OPS_SCORER_CACHE_H
#define SHORTLIST_OPS_SCORER_CACHE_H

#include "core/event_score.h"
#include "core/skill_score.h"
#include "types/jobspec.h"

/* The job, or the preference, that is this argument of the function. */
extern JobScorer *cached_job_scorer(FunctionCallInfo fcinfo, int argument);
extern const EventScorer *cached_event_scorer(FunctionCallInfo fcinfo, int argument);

/* A prepared form for one call alone. */
extern JobScorer *new_job_scorer(const Jobspec *job);

#endif /* SHORTLIST_OPS_SCORER_CACHE_H */
