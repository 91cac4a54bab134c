/*
 * vocabulary_version.c
 *	  Has a table changed, as far as a snapshot can see?
 */
#include "import/vocabulary_version.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_subscription_rel.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "storage/proc.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define CHANGE_TABLE "skill_vocabulary_change"
#define CHANGE_TRIGGER_FUNCTION "skill_vocabulary_changed"

/* Columns of CHANGE_TABLE. */
#define ATTRIBUTE_VOCABULARY 1
#define ATTRIBUTE_CHANGE 2

/* BEFORE each STATEMENT of every kind that changes rows. */
#define CHANGE_TRIGGER_TYPE                                                                  \
	(TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE | \
	 TRIGGER_TYPE_TRUNCATE)

Oid
schema_of_function(FunctionCallInfo fcinfo)
{
	return get_func_namespace(fcinfo->flinfo->fn_oid);
}

static Oid
change_table(Oid schema)
{
	Oid table = get_relname_relid(CHANGE_TABLE, schema);

	if (!OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table \"%s\" is missing", CHANGE_TABLE),
				 errhint("Create the extension shortlist again.")));
	return table;
}

static Oid
table_owner(Oid id)
{
	Relation table = table_open(id, AccessShareLock);
	Oid owner = table->rd_rel->relowner;

	table_close(table, AccessShareLock);
	return owner;
}

/*
 * What a scan of a catalog, or of CHANGE_TABLE, for rows about one table finds
 * is given to `visit`; false ends the scan.
 */
typedef bool (*RowVisitor)(Relation relation, HeapTuple row, void *state);

static void
visit_rows_about(Oid relation_id, Oid index_id, AttrNumber attribute, Oid about, Snapshot snapshot,
				 RowVisitor visit, void *state)
{
	Relation relation = table_open(relation_id, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple row;

	if (!OidIsValid(index_id))
	{
		(void) RelationGetIndexList(relation);
		index_id = relation->rd_pkindex;
	}
	ScanKeyInit(&key, attribute, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(about));
	scan = systable_beginscan(relation, index_id, true, snapshot, 1, &key);
	while (HeapTupleIsValid(row = systable_getnext(scan)))
	{
		CHECK_FOR_INTERRUPTS();
		if (!visit(relation, row, state))
			break;
	}
	systable_endscan(scan);
	table_close(relation, AccessShareLock);
}

typedef struct VersionState
{
	StringInfo out;
	Oid trigger_function;
	int triggers;	  /* of ours, that fire at every change */
	bool has_version; /* nothing was seen that keeps the table from having one */
} VersionState;

/* A row of a catalog is written anew whenever what it says changes, so the writer tells its versions apart. */
static void
append_writer(StringInfo out, HeapTuple row)
{
	TransactionId writer = HeapTupleHeaderGetRawXmin(row->t_data);

	appendBinaryStringInfo(out, (const char *) &writer, sizeof(writer));
}

/* The row of the table in pg_class: another one after its rows were rewritten. */
static bool
visit_class(Relation relation, HeapTuple row, void *state)
{
	append_writer(((VersionState *) state)->out, row);
	return true;
}

/* A trigger of ours counts if nothing keeps it from firing, not even session_replication_role. */
static bool
visit_trigger(Relation relation, HeapTuple row, void *state)
{
	Form_pg_trigger trigger = (Form_pg_trigger) GETSTRUCT(row);
	VersionState *version = state;

	if (trigger->tgfoid == version->trigger_function && trigger->tgtype == CHANGE_TRIGGER_TYPE &&
		trigger->tgenabled == TRIGGER_FIRES_ALWAYS && trigger->tgattr.dim1 == 0 &&
		heap_attisnull(row, Anum_pg_trigger_tgqual, RelationGetDescr(relation)))
	{
		append_writer(version->out, row);
		version->triggers++;
	}
	return true;
}

/* A subscription applies changes without statements, so that no trigger of statements fires. */
static bool
visit_subscription(Relation relation, HeapTuple row, void *state)
{
	((VersionState *) state)->has_version = false;
	return false;
}

static bool
visit_change(Relation relation, HeapTuple row, void *state)
{
	VersionState *version = state;
	bool null;
	Datum change = heap_getattr(row, ATTRIBUTE_CHANGE, RelationGetDescr(relation), &null);

	if (null || TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetRawXmin(row->t_data)))
	{
		version->has_version = false;
		return false;
	}
	appendBinaryStringInfo(version->out, DatumGetPointer(change), 16);
	return true;
}

bool
append_table_version(StringInfo out, Relation table, Oid schema)
{
	Oid id = RelationGetRelid(table);
	Snapshot snapshot = GetActiveSnapshot();
	VersionState state = {out, InvalidOid, 0, true};

	/* Rows of children and partitions change without statements on this table. */
	if (table->rd_rel->relkind != RELKIND_RELATION || table->rd_rel->relhassubclass ||
		!table->rd_rel->relhastriggers)
		return false;
	state.trigger_function =
		GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(CHANGE_TRIGGER_FUNCTION),
						PointerGetDatum(buildoidvector(NULL, 0)), ObjectIdGetDatum(schema));
	visit_rows_about(RelationRelationId, ClassOidIndexId, Anum_pg_class_oid, id, snapshot,
					 visit_class, &state);
	visit_rows_about(TriggerRelationId, TriggerRelidNameIndexId, Anum_pg_trigger_tgrelid, id,
					 snapshot, visit_trigger, &state);
	if (state.triggers == 0)
		return false;
	visit_rows_about(SubscriptionRelRelationId, SubscriptionRelSrrelidSrsubidIndexId,
					 Anum_pg_subscription_rel_srrelid, id, snapshot, visit_subscription, &state);
	if (state.has_version)
		visit_rows_about(change_table(schema), InvalidOid, ATTRIBUTE_VOCABULARY, id, snapshot,
						 visit_change, &state);
	return state.has_version;
}

/*
 * Which rows a snapshot sees is decided by the transactions it takes for
 * running and, within the own transaction, by the command; and by which
 * subtransactions were rolled back: the one that is current has another
 * number after that.
 */
void
append_snapshot_identity(StringInfo out)
{
	Snapshot snapshot = GetActiveSnapshot();
	LocalTransactionId transaction = LOCAL_TRANSACTION(MyProc);
	SubTransactionId subtransaction = GetCurrentSubTransactionId();

	appendBinaryStringInfo(out, (const char *) &transaction, sizeof(transaction));
	appendBinaryStringInfo(out, (const char *) &subtransaction, sizeof(subtransaction));
	appendBinaryStringInfo(out, (const char *) &snapshot->curcid, sizeof(snapshot->curcid));
	appendBinaryStringInfo(out, (const char *) &snapshot->xmin, sizeof(snapshot->xmin));
	appendBinaryStringInfo(out, (const char *) &snapshot->xmax, sizeof(snapshot->xmax));
	appendBinaryStringInfo(out, (const char *) &snapshot->suboverflowed,
						   sizeof(snapshot->suboverflowed));
	appendBinaryStringInfo(out, (const char *) &snapshot->xcnt, sizeof(snapshot->xcnt));
	appendBinaryStringInfo(out, (const char *) snapshot->xip,
						   snapshot->xcnt * sizeof(TransactionId));
	appendBinaryStringInfo(out, (const char *) snapshot->subxip,
						   Max(0, snapshot->subxcnt) * sizeof(TransactionId));
}

static bool
visit_own_change(Relation relation, HeapTuple row, void *state)
{
	bool *own = state;

	*own = TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetRawXmin(row->t_data));
	return !*own;
}

/*
 * Inserts a row for this transaction.  Rows of others that are committed are
 * of no more use, since whoever sees the new row need not tell them apart;
 * those that another session is just removing are left to it, so that nobody
 * waits.  Under REPEATABLE READ that session's success would be an error here.
 */
static void
note_change(Oid vocabulary, Oid schema)
{
	Oid table = change_table(schema);
	const char *name = quote_qualified_identifier(get_namespace_name(schema), get_rel_name(table));
	Oid types[1] = {OIDOID};
	Datum values[1] = {ObjectIdGetDatum(vocabulary)};

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (!IsolationUsesXactSnapshot() &&
		SPI_execute_with_args(psprintf("DELETE FROM %s WHERE vocabulary OPERATOR(pg_catalog.=) $1"
									   " AND change OPERATOR(pg_catalog.=) ANY (ARRAY("
									   "SELECT change FROM %s WHERE vocabulary OPERATOR(pg_catalog.=) $1"
									   " FOR UPDATE SKIP LOCKED))",
									   name, name),
							  1, types, values, NULL, false, 0) != SPI_OK_DELETE)
		elog(ERROR, "could not remove from %s", name);
	if (SPI_execute_with_args(psprintf("INSERT INTO %s (vocabulary) VALUES ($1)", name), 1, types,
							  values, NULL, false, 0) != SPI_OK_INSERT)
		elog(ERROR, "could not insert into %s", name);
	SPI_finish();
}

/* The trigger of a registered table. */
PG_FUNCTION_INFO_V1(skill_vocabulary_changed);
Datum
skill_vocabulary_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Oid schema = schema_of_function(fcinfo);
	bool noted = false;
	Oid vocabulary, caller;
	int security;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_BEFORE(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("skill_vocabulary_changed() is for triggers BEFORE each STATEMENT"),
				 errhint("Call skill_vocabulary(), which makes them.")));
	vocabulary = RelationGetRelid(trigger->tg_relation);
	visit_rows_about(change_table(schema), InvalidOid, ATTRIBUTE_VOCABULARY, vocabulary,
					 SnapshotSelf, visit_own_change, &noted);
	if (noted)
		return PointerGetDatum(NULL);

	/* Nobody but the extension's owner writes there; as with foreign keys, an error restores the user. */
	GetUserIdAndSecContext(&caller, &security);
	SetUserIdAndSecContext(table_owner(change_table(schema)),
						   security | SECURITY_LOCAL_USERID_CHANGE);
	note_change(vocabulary, schema);
	SetUserIdAndSecContext(caller, security);
	return PointerGetDatum(NULL);
}
