/*
 * shortlist_check.c
 *	  shortlist_check(index): who may, which locks, and which kind of index.
 *
 * Both relations are locked as by CREATE INDEX, so that nobody writes, and no
 * transaction that wrote is still open; reading goes on.  As amcheck's
 * bt_index_parent_check() has it, and for the same reason: what inner pages
 * say can only be held against what lies below them while both stand still.
 */
#include "types/pg.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "am/am.h"
#include "catalog/index.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "check/index_check.h"
#include "funcapi.h"
#include "gist/event_check.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

/* What errors of deeper layers do not say. */
static void
name_block(void *state)
{
	const IndexCheck *check = state;

	if (check->block != InvalidBlockNumber)
		errcontext("while checking block %u of index \"%s\"", check->block,
				   RelationGetRelationName(check->index));
}

static void
check_may_check(Oid index)
{
	char kind = get_rel_relkind(index);

	if (kind == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("index with OID %u does not exist", index),
				 errhint("Name the index, for example 'people_skills_idx'.")));
	if (kind != RELKIND_INDEX)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index", get_rel_name(index)),
				 errhint("Name an index; of a partitioned one, that of a partition.")));
	if (!owns_relation(index, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_INDEX, get_rel_name(index));
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("recovery is in progress"), errhint("Check the index on the primary.")));
}

typedef void (*IndexWalk)(IndexCheck *check);

/* The walk of an index of ours, or an error. */
static IndexWalk
walk_of(Relation index)
{
	if (RELATION_IS_OTHER_TEMP(index))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary indexes of other sessions")));
	if (!index->rd_index->indisvalid)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" is not valid", RelationGetRelationName(index)),
				 errhint("No query uses it: drop it, or REINDEX it.")));
	if (index->rd_indam->ambuild == shortlist_build)
		return shortlist_verify;
	if (index->rd_rel->relam == GIST_AM_OID && event_gist_is_ours(index))
		return event_gist_verify;
	ereport(ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
			 errmsg("\"%s\" is not an index of shortlist", RelationGetRelationName(index)),
			 errhint("It is for indexes by access method shortlist, and by gist on eventfacts.")));
}

static void
run(IndexCheck *check, bool heap)
{
	ErrorContextCallback context = {.callback = name_block, .arg = check};

	context.previous = error_context_stack;
	error_context_stack = &context;
	walk_of(check->index)(check);
	check_entries(check, heap);
	error_context_stack = context.previous;
}

static Datum
result(FunctionCallInfo fcinfo, const IndexCheck *check)
{
	TupleDesc columns;
	Datum values[5];
	bool nulls[5] = {false, false, false, false, false};
	int64 lost = 0;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (BlockNumber block = 0; block < check->blocks; block++)
		lost += check->use[block] == BLOCK_LOST;
	values[0] = Int64GetDatum((int64) check->blocks);
	values[1] = Int64GetDatum(lost);
	values[2] = Int64GetDatum(check->entry_count);
	values[3] = Int64GetDatum(check->bound_count);
	values[4] = Int64GetDatum(check->row_count);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

/*
 * shortlist_check(index regclass, heapallindexed boolean, OUT pages bigint, OUT lost_pages bigint,
 *				   OUT entries bigint, OUT bounds bigint, OUT heap_rows bigint)
 *
 * Expressions and predicates of the index are run as the owner of the table,
 * in a security-restricted operation and with nothing but pg_catalog in the
 * search path, since whoever owns the table wrote them.
 */
PG_FUNCTION_INFO_V1(shortlist_check);
Datum
shortlist_check(PG_FUNCTION_ARGS)
{
	Oid index_id = PG_GETARG_OID(0);
	bool heap_rows = PG_GETARG_BOOL(1);
	Relation heap, index;
	IndexCheck *check;
	Datum answer;
	Oid user;
	int security;
	int settings;

	check_may_check(index_id);
	/* First the table, as whoever writes does. */
	heap = table_open(IndexGetRelation(index_id, false), ShareLock);
	index = index_open(index_id, ShareLock);
	if (IndexGetRelation(index_id, false) != RelationGetRelid(heap))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("index \"%s\" has become one of another table",
						RelationGetRelationName(index))));
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(heap->rd_rel->relowner, security | SECURITY_RESTRICTED_OPERATION);
	settings = NewGUCNestLevel();
	set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
					  GUC_ACTION_SAVE, true, 0, false);

	check = check_begin(heap, index);
	run(check, heap_rows);
	answer = result(fcinfo, check);

	AtEOXact_GUC(false, settings);
	SetUserIdAndSecContext(user, security);
	index_close(index, ShareLock);
	table_close(heap, ShareLock);
	PG_RETURN_DATUM(answer);
}
