/*
 * cost.c
 *	  What the planner is told.
 *
 * A search bounds all windows and reads the tail before it returns a row; then
 * it opens windows for as long as rows are asked for.
 */
#include "am/am.h"

#include <math.h>

#include "access/table.h"
#include "am/segment.h"
#include "nodes/pathnodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/selfuncs.h"
#include "utils/spccache.h"

/* Operator costs to bound a window, and to rule one out: what lists hold, of some windows each. */
#define COST_OF_BOUND 2.0
#define COST_OF_RULING_OUT 0.5

/* Windows that are opened before the first row is known to be the best: some, and a share of all. */
#define FIRST_WINDOWS 20.0
#define FIRST_SHARE 0.003

typedef struct IndexSize
{
	double windows;
	double value_pages;
	double tail_pages;
} IndexSize;

static void
measure(const IndexOptInfo *info, IndexSize *size)
{
	Relation index;
	Meta *meta;

	memset(size, 0, sizeof(*size));
	if (info->hypothetical)
		return;
	index = index_open(info->indexoid, NoLock);
	meta = meta_read(index);
	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		size->windows += meta->segment[i].windows;
		size->value_pages += (double) meta->segment[i].bytes[AREA_VALUES] / PAGE_ROOM;
	}
	size->tail_pages = (double) meta->open.pages + meta->sealed.pages;
	pfree(meta);
	index_close(index, NoLock);
}

void
shortlist_cost(PlannerInfo *root, IndexPath *path, double loops, Cost *startup, Cost *total,
			   Selectivity *selectivity, double *correlation, double *pages)
{
	IndexOptInfo *info = path->indexinfo;
	List *quals = get_quals_from_indexclauses(path->indexclauses);
	QualCost row_cost = {0, 0};
	QualCost order_cost = {0, 0};
	double random_page_cost_here, seq_page_cost_here;
	IndexSize size;
	double rows = Max(1, info->tuples);
	double opened, first, page_of_window, row_of_window, per_window;

	measure(info, &size);
	get_tablespace_page_costs(info->reltablespace, &random_page_cost_here, &seq_page_cost_here);
	cost_qual_eval(&row_cost, quals, root);
	cost_qual_eval(&order_cost, path->indexorderbys, root);
	row_cost.per_tuple += order_cost.per_tuple + cpu_index_tuple_cost;

	*selectivity = clauselist_selectivity(root, quals, info->rel->relid, JOIN_INNER, NULL);
	*correlation = 0;
	*pages = ceil(size.value_pages + size.tail_pages);
	/* rows that pass are spread over windows; few share one */
	opened = Min(size.windows, ceil(rows * *selectivity));
	page_of_window = size.windows > 0 ? Min(1, size.value_pages / size.windows) : 0;
	row_of_window = size.windows > 0 ? rows / size.windows : 0;
	per_window = page_of_window * random_page_cost_here + row_of_window * row_cost.per_tuple;
	*startup = row_cost.startup + order_cost.startup + size.tail_pages * seq_page_cost_here;
	if (quals != NIL)
		*startup += size.windows * COST_OF_RULING_OUT * cpu_operator_cost;
	if (path->indexorderbys == NIL)
	{
		*total = *startup + opened * per_window;
		return;
	}
	first = Min(opened, FIRST_WINDOWS + FIRST_SHARE * size.windows);
	*startup += size.windows * COST_OF_BOUND * cpu_operator_cost + first * per_window;
	/* all of them: what a sort would compare, too */
	*total = *startup + (opened - first) * per_window +
		2 * cpu_operator_cost * rows * *selectivity * log2(Max(2, rows * *selectivity));
}
