/*
 * rows.h
 *	  Functions that return a set of rows, made all at once.
 */
#ifndef SHORTLIST_OPS_ROWS_H
#define SHORTLIST_OPS_ROWS_H

#include "types/pg.h"
#include "funcapi.h"

typedef struct RowSet RowSet;

/* Fills a row set from the arguments of the call; runs once, in memory that lasts. */
typedef void (*RowMaker)(FunctionCallInfo fcinfo, RowSet *rows);

/* The whole body of such a function. */
extern Datum return_rows(FunctionCallInfo fcinfo, RowMaker make);

extern void add_row(RowSet *rows, const Datum *values, const bool *nulls);

#endif /* SHORTLIST_OPS_ROWS_H */
