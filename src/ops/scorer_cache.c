/*
 * scorer_cache.c
 *	  The prepared form of a jobspec or eventpref, kept from call to call.
 */
#include "types/pg.h"

#include "nodes/primnodes.h"
#include "ops/scorer_cache.h"
#include "types/eventpref.h"
#include "utils/memutils.h"

typedef struct JobCache
{
	bool ready;		  /* the scorer is that of the job */
	bool constant;	  /* the job is a constant of the query */
	JobScorer scorer; /* its arrays are in job and workspace */
	Jobspec *job;
	Size job_size; /* allocated */
	void *workspace;
	Size workspace_size;
} JobCache;

/* Replaces *memory by more of it, if it is too small; an error leaves all as it was. */
static void
grow(MemoryContext context, void **memory, Size *size, Size needed)
{
	void *larger;

	if (needed <= *size)
		return;
	needed += needed / 2;
	larger = MemoryContextAllocHuge(context, needed);
	if (*memory != NULL)
		pfree(*memory);
	*memory = larger;
	*size = needed;
}

/*
 * Not get_fn_expr_arg_stable(): PL/pgSQL evaluates one expression with one
 * value of a parameter after the other.
 */
static bool
is_constant(const FmgrInfo *flinfo, int argument)
{
	Node *call = flinfo->fn_expr;
	List *arguments = NIL;

	if (call != NULL && IsA(call, OpExpr))
		arguments = ((OpExpr *) call)->args;
	else if (call != NULL && IsA(call, FuncExpr))
		arguments = ((FuncExpr *) call)->args;
	return list_length(arguments) > argument && IsA(list_nth(arguments, argument), Const);
}

static void
prepare_job(JobCache *cache, const Jobspec *job, MemoryContext memory)
{
	JobView view;

	cache->ready = false;
	grow(memory, (void **) &cache->job, &cache->job_size, VARSIZE(job));
	memcpy(cache->job, job, VARSIZE(job));
	jobspec_view(cache->job, &view);
	grow(memory, &cache->workspace, &cache->workspace_size, job_scorer_size(&view));
	job_scorer_init(&cache->scorer, &view, cache->workspace);
	cache->ready = true;
}

JobScorer *
cached_job_scorer(FunctionCallInfo fcinfo, int argument)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	JobCache *cache = flinfo->fn_extra;
	const Jobspec *job;

	if (cache != NULL && cache->constant)
		return &cache->scorer;
	job = PG_GETARG_JOBSPEC(argument);
	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(JobCache));
		flinfo->fn_extra = cache;
	}
	else if (cache->ready && VARSIZE(cache->job) == VARSIZE(job) &&
			 memcmp(cache->job, job, VARSIZE(job)) == 0)
		return &cache->scorer;
	prepare_job(cache, job, flinfo->fn_mcxt);
	cache->constant = is_constant(flinfo, argument);
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

typedef struct EventCache
{
	bool constant;
	EventScorer scorer;
} EventCache;

const EventScorer *
cached_event_scorer(FunctionCallInfo fcinfo, int argument)
{
	FmgrInfo *flinfo = fcinfo->flinfo;
	EventCache *cache = flinfo->fn_extra;
	const StoredPref *stored;

	if (cache != NULL && cache->constant)
		return &cache->scorer;
	stored = DatumGetStoredPref(PG_GETARG_DATUM(argument));
	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(EventCache));
		flinfo->fn_extra = cache;
	}
	else if (memcmp(&cache->scorer.pref, &stored->pref, sizeof(EventPref)) == 0)
		return &cache->scorer;
	event_scorer_init(&cache->scorer, eventpref_checked(stored));
	event_scorer_skip_far(&cache->scorer);
	cache->constant = is_constant(flinfo, argument);
	return &cache->scorer;
}
