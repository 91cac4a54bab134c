/*
 * vocabulary_table.c
 *	  The vocabulary that a table holds, compiled, and kept from call to call.
 *
 * A session keeps a few compiled vocabularies.  One is used again
 *
 *	- under the same snapshot, and
 *	- under any snapshot for which the table has the same version
 *	  (vocabulary_version.h): the table is registered, and nobody has changed it
 *
 * provided that its definition has not changed, of which invalidation
 * messages tell in time, since they come with the table's lock.  Otherwise it
 * is read again.  The rows of views and foreign tables, and those that
 * row-level security lets the user see, depend on more than the snapshot, so
 * these are read at every call.
 *
 * Rows are read by SPI, as any query of the user; what is kept is given only
 * to users who may select from the columns now.
 */
#include "import/vocabulary_table.h"

#include "access/relation.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "executor/spi.h"
#include "import/vocabulary_version.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

/* So many vocabularies does a session keep: those that were used last. */
#define KEPT_VOCABULARIES 8

#define ROWS_AT_ONCE 1000

typedef struct KeptVocabulary
{
	Vocabulary *vocabulary; /* or NULL: the place is free */
	Oid table;
	bool stale;		/* the definition of the table has changed */
	char *snapshot; /* identity of that under which it was last known to be right */
	int snapshot_length;
	char *version; /* or NULL if the table had none */
	int version_length;
	uint64 used; /* when; the least makes room for another */
} KeptVocabulary;

static KeptVocabulary kept[KEPT_VOCABULARIES];
static uint64 uses = 0;

static const char *const ColumnNames[] = {"skill", "label", "match_case"};
#define VOCABULARY_COLUMNS lengthof(ColumnNames)

static void
definition_has_changed(Datum argument, Oid table)
{
	for (int i = 0; i < KEPT_VOCABULARIES; i++)
	{
		/* all tables, if none is named */
		if (kept[i].table == table || !OidIsValid(table))
			kept[i].stale = true;
	}
}

static void
forget(KeptVocabulary *one)
{
	if (one->vocabulary != NULL)
		MemoryContextDelete(vocabulary_memory(one->vocabulary));
	memset(one, 0, sizeof(*one));
}

static void
listen_to_definitions(void)
{
	static bool listening = false;

	if (!listening)
		CacheRegisterRelcacheCallback(definition_has_changed, (Datum) 0);
	listening = true;
}

static const char *
table_name(Oid table)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)),
									  get_rel_name(table));
}

void
check_vocabulary_columns(Oid table)
{
	if (get_attnum(table, "skill") == InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("vocabulary \"%s\" has no column \"skill\"", get_rel_name(table)),
				 errhint("A vocabulary has the column skill, and perhaps label (another name for the skill) and match_case.")));
}

/* As for a query on the columns: with the right to read the table, or each of them. */
static void
check_may_select(Oid table)
{
	Oid user = GetUserId();

	if (pg_class_aclcheck(table, user, ACL_SELECT) == ACLCHECK_OK)
		return;
	for (size_t i = 0; i < VOCABULARY_COLUMNS; i++)
	{
		AttrNumber column = get_attnum(table, ColumnNames[i]);

		if (column != InvalidAttrNumber &&
			pg_attribute_aclcheck(table, column, user, ACL_SELECT) != ACLCHECK_OK)
			aclcheck_error(ACLCHECK_NO_PRIV, get_relkind_objtype(get_rel_relkind(table)),
						   get_rel_name(table));
	}
}

static const char *
vocabulary_query(Oid table)
{
	return psprintf("SELECT CAST(skill AS pg_catalog.text), CAST(%s AS pg_catalog.text),"
					" CAST(%s AS pg_catalog.bool) FROM %s",
					get_attnum(table, "label") == InvalidAttrNumber ? "NULL" : "label",
					get_attnum(table, "match_case") == InvalidAttrNumber ? "NULL" : "match_case",
					table_name(table));
}

/* One row: skill, label, match_case. */
static void
add_vocabulary_row(Vocabulary *vocabulary, Oid table, HeapTuple row, TupleDesc columns)
{
	bool no_skill, no_label, any_case;
	Datum skill_value = SPI_getbinval(row, columns, 1, &no_skill);
	Datum label_value = SPI_getbinval(row, columns, 2, &no_label);
	bool match_case = DatumGetBool(SPI_getbinval(row, columns, 3, &any_case));
	text *skill, *label;

	if (no_skill)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a skill is null in vocabulary \"%s\"", get_rel_name(table)),
				 errhint("Every row names a skill; the label may be null.")));
	skill = DatumGetTextPP(skill_value);
	label = no_label ? skill : DatumGetTextPP(label_value);
	if (!vocabulary_add(vocabulary, VARDATA_ANY(skill), VARSIZE_ANY_EXHDR(skill),
						VARDATA_ANY(label), VARSIZE_ANY_EXHDR(label),
						any_case		 ? MATCH_CASE_IF_SHORT
							: match_case ? MATCH_CASE_YES
										 : MATCH_CASE_NO))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a label is empty in vocabulary \"%s\"", get_rel_name(table)),
				 errdetail("It is a label of the skill \"%s\".", text_to_cstring(skill)),
				 errhint("A label has at least one character that is not white space; NULL stands for the skill itself.")));
}

static Vocabulary *
read_vocabulary(Oid table)
{
	const char *query = vocabulary_query(table);
	Vocabulary *vocabulary = vocabulary_new();
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "vocabulary rows", ALLOCSET_DEFAULT_SIZES);
	Portal portal;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	portal = SPI_cursor_open_with_args(NULL, query, 0, NULL, NULL, NULL, true, 0);
	do
	{
		MemoryContext before = MemoryContextSwitchTo(scratch);

		SPI_cursor_fetch(portal, true, ROWS_AT_ONCE);
		for (uint64 i = 0; i < SPI_processed; i++)
			add_vocabulary_row(vocabulary, table, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
		MemoryContextSwitchTo(before);
		MemoryContextReset(scratch);
		SPI_freetuptable(SPI_tuptable);
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
	SPI_finish();
	MemoryContextDelete(scratch);
	return vocabulary;
}

static bool
same_bytes(const char *kept_bytes, int length, const StringInfo now)
{
	return kept_bytes != NULL && now != NULL && length == now->len &&
		memcmp(kept_bytes, now->data, length) == 0;
}

static char *
keep_bytes(const KeptVocabulary *one, char *before, const StringInfo now)
{
	char *bytes = MemoryContextAlloc(vocabulary_memory(one->vocabulary), Max(1, now->len));

	memcpy(bytes, now->data, now->len);
	if (before != NULL)
		pfree(before);
	return bytes;
}

static void
keep_snapshot(KeptVocabulary *one, const StringInfo snapshot)
{
	one->snapshot = keep_bytes(one, one->snapshot, snapshot);
	one->snapshot_length = snapshot->len;
}

/* What is kept of this table, if its definition is still the same. */
static KeptVocabulary *
find_kept(Oid table)
{
	for (int i = 0; i < KEPT_VOCABULARIES; i++)
	{
		if (kept[i].vocabulary != NULL && kept[i].table == table)
		{
			if (!kept[i].stale)
				return &kept[i];
			forget(&kept[i]);
		}
	}
	return NULL;
}

/* A free place, or that of the vocabulary whose last use is longest ago. */
static KeptVocabulary *
place_to_keep(Oid table)
{
	KeptVocabulary *place = &kept[0];

	for (int i = 0; i < KEPT_VOCABULARIES; i++)
	{
		if (kept[i].vocabulary != NULL && kept[i].table == table)
		{
			place = &kept[i];
			break;
		}
		if (kept[i].used < place->used)
			place = &kept[i];
	}
	forget(place);
	return place;
}

/* Reads a vocabulary and keeps it, right for this snapshot and, unless it is NULL, for this version. */
static const Vocabulary *
read_and_keep(Oid table, const StringInfo snapshot, const StringInfo version)
{
	Vocabulary *vocabulary = read_vocabulary(table);
	KeptVocabulary *one = place_to_keep(table);

	MemoryContextSetParent(vocabulary_memory(vocabulary), TopMemoryContext);
	one->vocabulary = vocabulary;
	one->table = table;
	one->used = ++uses;
	keep_snapshot(one, snapshot);
	if (version != NULL)
	{
		one->version = keep_bytes(one, NULL, version);
		one->version_length = version->len;
	}
	return vocabulary;
}

/* Do its rows depend on the snapshot alone? */
static bool
rows_follow_snapshot(Relation relation)
{
	char kind = relation->rd_rel->relkind;

	return (kind == RELKIND_RELATION || kind == RELKIND_PARTITIONED_TABLE ||
			kind == RELKIND_MATVIEW) &&
		check_enable_rls(RelationGetRelid(relation), InvalidOid, true) != RLS_ENABLED;
}

static const Vocabulary *
vocabulary_of_relation(Relation relation, Oid schema)
{
	Oid table = RelationGetRelid(relation);
	KeptVocabulary *one;
	StringInfoData snapshot, version;
	bool has_version;

	if (!rows_follow_snapshot(relation))
		return read_vocabulary(table);
	initStringInfo(&snapshot);
	append_snapshot_identity(&snapshot);
	one = find_kept(table);
	if (one != NULL && same_bytes(one->snapshot, one->snapshot_length, &snapshot))
	{
		one->used = ++uses;
		return one->vocabulary;
	}
	initStringInfo(&version);
	has_version = append_table_version(&version, relation, schema);
	if (one != NULL && has_version && same_bytes(one->version, one->version_length, &version))
	{
		one->used = ++uses;
		keep_snapshot(one, &snapshot);
		return one->vocabulary;
	}
	return read_and_keep(table, &snapshot, has_version ? &version : NULL);
}

const Vocabulary *
vocabulary_of_table(FunctionCallInfo fcinfo, Oid table)
{
	Relation relation;
	const Vocabulary *vocabulary;

	listen_to_definitions();
	LockRelationOid(table, AccessShareLock);
	AcceptInvalidationMessages();
	relation = try_relation_open(table, NoLock);
	if (relation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("vocabulary with OID %u does not exist", table),
				 errhint("Name a table, for example 'vocabulary'::regclass.")));
	check_vocabulary_columns(table);
	check_may_select(table);
	vocabulary = vocabulary_of_relation(relation, schema_of_function(fcinfo));
	relation_close(relation, NoLock);
	return vocabulary;
}
