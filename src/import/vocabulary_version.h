/*
 * vocabulary_version.h
 *	  Has a table changed, as far as a snapshot can see?
 *
 * What was read from a table under one snapshot may be used under another if
 * both see the same rows.  No message tells that: an invalidation arrives at
 * some time, but a query whose snapshot is older goes on to see the old rows,
 * and a transaction that is rolled back must not have changed anything.  What
 * obeys snapshots as rows do is rows.  Therefore the trigger of a registered
 * table inserts a row into skill_vocabulary_change before each statement that
 * changes the table, once in a transaction, and the version of the table is
 * the set of such rows that a snapshot sees.
 *
 * Two snapshots of the same version see the same rows of the table: whatever
 * transaction only one of them sees, and that changed the table, has left a
 * row that only it sees, or that was removed by a later change, of which the
 * same is true.  (The trigger removes rows of transactions that it sees as
 * committed, so that few remain.)
 *
 * A transaction that has itself changed the table has one row for all of its
 * changes.  To it, and to all snapshots under which not every change leaves
 * such a row, the table has no version.
 */
#ifndef SHORTLIST_IMPORT_VOCABULARY_VERSION_H
#define SHORTLIST_IMPORT_VOCABULARY_VERSION_H

#include "types/pg.h"

#include "lib/stringinfo.h"
#include "utils/rel.h"

/*
 * Appends the version of the table under the active snapshot; false if it has
 * none.  `schema` is where the extension's objects are.
 */
extern bool append_table_version(StringInfo out, Relation table, Oid schema);

/* Appends what tells the active snapshot from all others of this session. */
extern void append_snapshot_identity(StringInfo out);

/* Where the extension's objects are: the schema of the function that is called. */
extern Oid schema_of_function(FunctionCallInfo fcinfo);

#endif /* SHORTLIST_IMPORT_VOCABULARY_VERSION_H */
