/*
 * vocabulary_table.h
 *	  The vocabulary that a table holds, compiled, and kept from call to call.
 */
#ifndef SHORTLIST_IMPORT_VOCABULARY_TABLE_H
#define SHORTLIST_IMPORT_VOCABULARY_TABLE_H

#include "import/vocabulary.h"

/*
 * Of the table or view with this oid, as the active snapshot sees it and with
 * the rights of the current user.  Columns: skill; perhaps label, under which
 * it goes (the skill itself where there is none), and match_case.  Valid until
 * the next call, or the end of the current memory context.
 *
 * Errors: 42P01 no such table, 42501 it may not be read, 42703 no column
 * skill, 22004 a skill is NULL, 22023 a label is empty.
 */
extern const Vocabulary *vocabulary_of_table(FunctionCallInfo fcinfo, Oid table);

/* Columns by the names that they have in the table; error 42703 without one named skill. */
extern void check_vocabulary_columns(Oid table);

#endif /* SHORTLIST_IMPORT_VOCABULARY_TABLE_H */
