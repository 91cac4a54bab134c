/*
 * aggregate.h
 *	  What the aggregates share.
 */
#ifndef SHORTLIST_OPS_AGGREGATE_H
#define SHORTLIST_OPS_AGGREGATE_H

#include "types/pg.h"

/* The memory of the state; an error outside of an aggregate. */
static inline MemoryContext
aggregate_memory(FunctionCallInfo fcinfo)
{
	MemoryContext memory;

	if (!AggCheckCallContext(fcinfo, &memory))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return memory;
}

#endif /* SHORTLIST_OPS_AGGREGATE_H */
