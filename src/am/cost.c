/*
 * cost.c
 *	  What the planner is told.
 *
 * A search bounds pieces and reads the tail before it returns a row; then it
 * opens pieces for as long as rows are asked for.  What it takes to bound them,
 * lists of what is asked for or a way down a tree, and how many rows will
 * pass, the index itself tells, if the arguments are known.
 */
#include "am/am.h"

#include <math.h>

#include "access/genam.h"
#include "am/content.h"
#include "nodes/pathnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/selfuncs.h"
#include "utils/spccache.h"

/* Costs, in those of an operator: to look at an entry of a list, at the bound of a piece, and at a row of one. */
#define COST_OF_ENTRY 0.1
#define COST_OF_BOUND 0.2
#define COST_OF_ROW 2.0

/* Where arguments are not known: entries of lists, of pages, for each bound. */
#define ENTRIES_OF_BOUND 1.5
#define ENTRY_BYTES 2.0

/* Pieces that are opened before the first row is known to be the best, besides what the content knows of. */
#define FIRST_PIECES 20.0

typedef struct IndexSize
{
	double rows;
	double pieces;
	double pages; /* of segments */
	double tail_pages;
	SearchEstimate search;
} IndexSize;

/* What is known of ORDER BY and WHERE while planning. */
typedef struct KnownKeys
{
	bool has_order; /* and it is known */
	ScanKeyData order;
	int filter_count;
	ScanKeyData *filter;
	List *other_quals; /* whose arguments are not known */
} KnownKeys;

/* True if the clause is column <operator> constant. */
static bool
known_key(const IndexOptInfo *info, Node *clause, bool ordering, ScanKey key)
{
	OpExpr *operation = (OpExpr *) clause;
	Const *argument;
	int strategy;
	Oid left, right;

	if (!IsA(clause, OpExpr) || list_length(operation->args) != 2)
		return false;
	argument = (Const *) lsecond(operation->args);
	if (!IsA(argument, Const) || argument->constisnull)
		return false;
	get_op_opfamily_properties(operation->opno, info->opfamily[0], ordering, &strategy, &left,
							   &right);
	memset(key, 0, sizeof(ScanKeyData));
	key->sk_strategy = (StrategyNumber) strategy;
	key->sk_argument = argument->constvalue;
	return true;
}

/*
 * EXPLAIN shows what is made of it.  Who may see some of the rows only is not to
 * learn by that how many of all have something: then nothing is known.
 */
static void
find_known_keys(const PlannerInfo *root, const IndexPath *path, List *quals, KnownKeys *keys)
{
	bool may_know = root->qual_security_level == 0;
	ListCell *cell;

	memset(keys, 0, sizeof(KnownKeys));
	keys->filter = palloc((list_length(quals) + 1) * sizeof(ScanKeyData));
	if (may_know && path->indexorderbys != NIL)
		keys->has_order =
			known_key(path->indexinfo, linitial(path->indexorderbys), true, &keys->order);
	foreach(cell, quals)
	{
		RestrictInfo *restriction = lfirst_node(RestrictInfo, cell);

		if (may_know &&
			known_key(path->indexinfo, (Node *) restriction->clause, false,
					  &keys->filter[keys->filter_count]))
			keys->filter_count++;
		else
			keys->other_quals = lappend(keys->other_quals, restriction);
	}
}

/* Asks the segments.  What the content allocates goes with its context. */
static void
measure(const IndexPath *path, const KnownKeys *keys, IndexSize *size)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist cost", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	Relation index = index_open(path->indexinfo->indexoid, NoLock);
	const SegmentContent *content = segment_content(index);
	Meta *meta = meta_read(index);
	void *prepared = content->prepare(keys->has_order ? (ScanKey) &keys->order : NULL, keys->filter,
									  keys->filter_count);

	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		SegmentReader segment;
		BlockNumber start[AREAS];

		segment_open(&segment, index, &meta->segment[i]);
		size->rows += meta->segment[i].rows;
		size->pieces += content->pieces(&meta->segment[i]);
		size->pages += segment_layout(&meta->segment[i], start);
		content->estimate(prepared, &segment, &size->search);
	}
	size->tail_pages = (double) (tail_page_count(&meta->open) + tail_page_count(&meta->sealed));
	index_close(index, NoLock);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
}

/* What is not known is taken to be usual. */
static void
assume(const IndexPath *path, const KnownKeys *keys, IndexSize *size)
{
	int unknown = list_length(keys->other_quals);

	if (path->indexorderbys != NIL && !keys->has_order)
		unknown++;
	size->search.entries += unknown * ENTRIES_OF_BOUND * size->search.bounds;
	size->search.pages +=
		ceil(unknown * ENTRIES_OF_BOUND * ENTRY_BYTES * size->search.bounds / PAGE_ROOM);
}

void
shortlist_cost(PlannerInfo *root, IndexPath *path, double loops, Cost *startup, Cost *total,
			   Selectivity *selectivity, double *correlation, double *pages)
{
	IndexOptInfo *info = path->indexinfo;
	List *quals = get_quals_from_indexclauses(path->indexclauses);
	IndexSize size = {0};
	KnownKeys keys;
	double random_page, seq_page;
	double share; /* of the index's rows, those that pass */
	double rows, opened, first, per_piece;

	get_tablespace_page_costs(info->reltablespace, &random_page, &seq_page);
	find_known_keys(root, path, quals, &keys);
	if (!info->hypothetical)
		measure(path, &keys, &size);
	assume(path, &keys, &size);

	if (size.search.is_passing_known && size.rows > 0)
		share = Min(1, size.search.passing / size.rows) *
			clauselist_selectivity(root, keys.other_quals, info->rel->relid, JOIN_INNER, NULL);
	else
		share = clauselist_selectivity(root, quals, info->rel->relid, JOIN_INNER, NULL);
	*correlation = 0;
	*pages = size.pages + size.tail_pages;

	/* rows that pass are spread over pieces; few share one */
	rows = Max(1, info->tuples) * share;
	/* a share of the table, of which a partial index has a part */
	*selectivity = Min(1, rows / Max(1, info->rel->tuples));
	opened = Min(size.pieces, ceil(rows));
	per_piece = size.pieces > 0 ? random_page * Min(1, size.pages / size.pieces) +
			COST_OF_ROW * cpu_operator_cost * size.rows / size.pieces
								: 0;
	*startup = size.tail_pages * seq_page + size.search.pages * random_page +
		(COST_OF_ENTRY * size.search.entries + COST_OF_BOUND * size.search.bounds) *
			cpu_operator_cost;
	*total = *startup + opened * per_piece + rows * cpu_index_tuple_cost;
	if (path->indexorderbys != NIL)
	{
		first = Min(opened, FIRST_PIECES + size.search.opened);
		*startup += first * per_piece;
		/* all of them: what a sort would compare, too */
		*total += 2 * cpu_operator_cost * rows * log2(Max(2, rows));
	}
}
