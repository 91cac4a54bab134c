/*
 * rows.c
 *	  Functions that return a set of rows.
 */
#include "ops/rows.h"

#include "access/htup_details.h"
#include "utils/memutils.h"

struct RowSet
{
	TupleDesc columns;
	HeapTuple *row;
	uint64 count;
	uint64 capacity;
};

void
add_row(RowSet *rows, const Datum *values, const bool *nulls)
{
	CHECK_FOR_INTERRUPTS();
	if (rows->count == rows->capacity)
	{
		rows->capacity *= 2;
		rows->row = repalloc_huge(rows->row, rows->capacity * sizeof(HeapTuple));
	}
	rows->row[rows->count++] =
		heap_form_tuple(rows->columns, unconstify(Datum *, values), unconstify(bool *, nulls));
}

Datum
return_rows(FunctionCallInfo fcinfo, RowMaker make)
{
	FuncCallContext *context;
	RowSet *rows;
	Datum row;

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext before;

		context = SRF_FIRSTCALL_INIT();
		before = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		rows = palloc(sizeof(RowSet));
		if (get_call_result_type(fcinfo, NULL, &rows->columns) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		rows->columns = BlessTupleDesc(rows->columns);
		rows->count = 0;
		rows->capacity = 16;
		rows->row = palloc(rows->capacity * sizeof(HeapTuple));
		make(fcinfo, rows);
		context->user_fctx = rows;
		MemoryContextSwitchTo(before);
	}
	context = SRF_PERCALL_SETUP();
	rows = context->user_fctx;
	if (context->call_cntr >= rows->count)
		SRF_RETURN_DONE(context);
	/* the macro counts before it evaluates its argument */
	row = HeapTupleGetDatum(rows->row[context->call_cntr]);
	SRF_RETURN_NEXT(context, row);
}
