/*
 * operator_support.c
 *	  What the planner asks of the functions that operators have.
 *
 * Indexes serve operators, and only operators have estimates of how many rows
 * pass.  Where a driver reads `?` as a parameter, or a mapper writes calls
 * only, a query has has_skill(skills, 'sql') or ORDER BY skill_cost(skills, job)
 * instead.  It is planned as if it had the operator, whose function it is: the
 * call is replaced by it, so that ordered scans, conditions, partial indexes
 * and estimates are those of the operator, and nothing else about it changes.
 */
#include "types/pg.h"

#include "catalog/pg_operator.h"
#include "nodes/makefuncs.h"
#include "nodes/supportnodes.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

/* Names of our operators, but for comparisons, which nobody writes as calls. */
static const char *const OperatorNames[] = {"<=>", "<->", "@@", "?",  "?|", "?&",
											"@>",  "<@",  "->", "||", "-"};

/* The operator beside the function, in its schema, that calls it; or none. */
static Oid
operator_of_function(Oid function)
{
	Oid schema = get_func_namespace(function);
	Oid found = InvalidOid;
	Oid *types;
	int count;

	(void) get_func_signature(function, &types, &count);
	for (int i = 0; count == 2 && !OidIsValid(found) && i < (int) lengthof(OperatorNames); i++)
	{
		found = GetSysCacheOid4(OPERNAMENSP, Anum_pg_operator_oid,
								CStringGetDatum(OperatorNames[i]), ObjectIdGetDatum(types[0]),
								ObjectIdGetDatum(types[1]), ObjectIdGetDatum(schema));
		if (OidIsValid(found) && get_opcode(found) != function)
			found = InvalidOid;
	}
	return found;
}

static Node *
call_as_operator(const FuncExpr *call)
{
	Oid operator_id = operator_of_function(call->funcid);
	OpExpr *operation;

	if (!OidIsValid(operator_id))
		return NULL;
	operation = (OpExpr *) make_opclause(operator_id, call->funcresulttype, call->funcretset,
										 linitial(call->args), lsecond(call->args),
										 call->funccollid, call->inputcollid);
	operation->opfuncid = call->funcid;
	operation->location = call->location;
	return (Node *) operation;
}

PG_FUNCTION_INFO_V1(shortlist_operator_support);
Datum
shortlist_operator_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);
	Node *answer = NULL;

	if (IsA(request, SupportRequestSimplify))
		answer = call_as_operator(((SupportRequestSimplify *) request)->fcall);
	PG_RETURN_POINTER(answer);
}
