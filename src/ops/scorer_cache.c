/*
 * scorer_cache.c
 *	  The prepared form of a jobspec or eventpref, kept from call to call.
 */
#include "ops/scorer_cache.h"

#include "utils/memutils.h"

typedef struct JobCache
{
	JobScorer scorer; /* its arrays are in job and workspace */
	Jobspec *job;
	Size job_size; /* allocated */
	void *workspace;
	Size workspace_size;
} JobCache;

static void *
grow(MemoryContext context, void *old, Size *size, Size needed)
{
	if (needed <= *size)
		return old;
	if (old != NULL)
		pfree(old);
	*size = needed + needed / 2;
	return MemoryContextAllocHuge(context, *size);
}

JobScorer *
cached_job_scorer(FunctionCallInfo fcinfo, const Jobspec *job)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	JobCache *cache = flinfo->fn_extra;
	JobView view;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(JobCache));
		flinfo->fn_extra = cache;
	}
	else if (cache->job != NULL && VARSIZE(cache->job) == VARSIZE(job) &&
			 memcmp(cache->job, job, VARSIZE(job)) == 0)
		return &cache->scorer;

	cache->job = grow(flinfo->fn_mcxt, cache->job, &cache->job_size, VARSIZE(job));
	memcpy(cache->job, job, VARSIZE(job));
	jobspec_view(cache->job, &view);
	cache->workspace =
		grow(flinfo->fn_mcxt, cache->workspace, &cache->workspace_size, job_scorer_size(&view));
	job_scorer_init(&cache->scorer, &view, cache->workspace);
	return &cache->scorer;
}

JobScorer *
new_job_scorer(const Jobspec *job)
{
	JobScorer *scorer = palloc(sizeof(JobScorer));
	JobView view;

	jobspec_view(job, &view);
	job_scorer_init(scorer, &view, palloc_extended(job_scorer_size(&view), MCXT_ALLOC_HUGE));
	return scorer;
}

const EventScorer *
cached_event_scorer(FunctionCallInfo fcinfo, const EventPref *pref)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	EventScorer *scorer = flinfo->fn_extra;

	if (scorer == NULL)
	{
		scorer = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(EventScorer));
		event_scorer_init(scorer, pref);
		flinfo->fn_extra = scorer;
	}
	else if (memcmp(&scorer->pref, pref, sizeof(EventPref)) != 0)
		event_scorer_init(scorer, pref);
	return scorer;
}
