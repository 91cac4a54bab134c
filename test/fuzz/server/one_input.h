/*
 * one_input.h
 *	  What a reader that lives in the server makes of one input.
 *
 * A reader is the rows of the table fuzz.reader of that name: statements whose
 * parameter $1 is the input, a bytea.  Each is run by itself.  It is as it
 * should be if a statement answers, with anything but false, or raises an error
 * of a class that the reader may raise.
 */
#ifndef SHORTLIST_FUZZ_ONE_INPUT_H
#define SHORTLIST_FUZZ_ONE_INPUT_H

#include "types/pg.h"

/* Makes ready the statements of a reader; those of the last one stay ready. */
extern void reader_prepare(const char *name);

/* Runs them; what is wrong with the first that is not as it should be, or NULL. */
extern char *reader_problem(const uint8 *bytes, size_t size);

#endif /* SHORTLIST_FUZZ_ONE_INPUT_H */
