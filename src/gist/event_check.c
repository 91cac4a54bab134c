/*
 * event_check.c
 *	  shortlist_check() of a GiST index on eventfacts.
 *
 * The tree is walked from its root, depth first.  Nobody writes meanwhile; a
 * crash, however, can have left a page whose right half no inner page knows of
 * yet (F_FOLLOW_RIGHT), which is found by its link, as scans find it.
 *
 * An index can have several columns, of other operator classes too; of these
 * only the layout is looked at.
 */
#include "gist/event_check.h"

#include "check/event_question.h"

#include <math.h>

#include "access/gist.h"
#include "access/gist_private.h"
#include "access/itup.h"
#include "access/tupmacs.h"
#include "core/event_bound.h"
#include "core/geo.h"
#include "gist/event_key.h"
#include "types/eventfacts.h"
#include "types/eventpref.h"
#include "utils/memutils.h"

#define QUESTIONS 12
#define SAMPLE_STEP 4 /* every so many-th leaf entry is scored */
#define DEPTH_MAX 32  /* of a tree with pages of two entries and 2^32 blocks */

/* What an inner entry says of one column of all below it. */
typedef struct ColumnBox
{
	bool none; /* all are NULL */
	EventBox box;
} ColumnBox;

/* A downlink on the way from the root. */
typedef struct Downlink
{
	const struct Downlink *above;
	BlockNumber block; /* of the page that has it */
	int depth;		   /* of the page that it leads to */
	ColumnBox *box;	   /* of each column that holds events */
} Downlink;

typedef struct TreeCheck
{
	IndexCheck *check;
	TupleDesc leaf_columns;
	TupleDesc inner_columns;
	int columns; /* that hold events */
	int column[INDEX_MAX_KEYS];
	int leaf_depth; /* -1: no leaf was met yet */
	uint64 leaf_entries;
	EventScorer scorer[QUESTIONS];
	int questions; /* that were made so far */
} TreeCheck;

/* Columns */

static Oid
compress_function(Relation index, int column)
{
	return index_getprocid(index, (AttrNumber) (column + 1), GIST_COMPRESS_PROC);
}

static PGFunction
function_of(Oid function)
{
	FmgrInfo info;

	if (!OidIsValid(function))
		return NULL;
	fmgr_info(function, &info);
	return info.fn_addr;
}

extern Datum event_gist_compress(PG_FUNCTION_ARGS);

static bool
holds_events(Relation index, int column)
{
	return function_of(compress_function(index, column)) == event_gist_compress;
}

bool
event_gist_is_ours(Relation index)
{
	for (int column = 0; column < IndexRelationGetNumberOfKeyAttributes(index); column++)
	{
		if (holds_events(index, column))
			return true;
	}
	return false;
}

/* What leaf entries keep of the events of a row. */
static uint64
row_fingerprint(const IndexCheck *check, const Datum *values, const bool *nulls)
{
	uint64 fingerprint = NULL_FINGERPRINT;

	for (int column = 0; column < IndexRelationGetNumberOfKeyAttributes(check->index); column++)
	{
		Datum key;

		if (!holds_events(check->index, column))
			continue;
		fingerprint = fingerprint * 31 + 1;
		if (nulls[column])
			continue;
		key = event_key_of_facts(DatumGetEventFacts(values[column]));
		fingerprint += check_fingerprint(VARDATA_ANY(DatumGetPointer(key)),
										 VARSIZE_ANY_EXHDR(DatumGetPointer(key)));
		pfree(DatumGetPointer(key));
	}
	return fingerprint;
}

/* Pages */

static void
check_page(const TreeCheck *tree, BlockNumber block, Page page)
{
	PageHeader header = (PageHeader) page;

	if (PageIsNew(page))
		check_failed(tree->check, block, "The page is empty.");
	if (header->pd_special != BLCKSZ - MAXALIGN(sizeof(GISTPageOpaqueData)) ||
		header->pd_lower < SizeOfPageHeaderData || header->pd_lower > header->pd_upper ||
		header->pd_upper > header->pd_special ||
		GistPageGetOpaque(page)->gist_page_id != GIST_PAGE_ID)
		check_failed(tree->check, block, "The page is not laid out as one of GiST.");
	if (GistPageIsDeleted(page))
		check_failed(tree->check, block, "The page is deleted, but linked.");
	if (GistPageGetOpaque(page)->rightlink != InvalidBlockNumber &&
		GistPageGetOpaque(page)->rightlink >= tree->check->blocks)
		check_failed(tree->check, block, "Its right link leads to block %u of %u.",
					 GistPageGetOpaque(page)->rightlink, tree->check->blocks);
}

static IndexTuple
entry_at(const TreeCheck *tree, BlockNumber block, Page page, OffsetNumber offset)
{
	PageHeader header = (PageHeader) page;
	ItemId item = PageGetItemId(page, offset);
	IndexTuple entry;

	if (!ItemIdIsUsed(item) || !ItemIdHasStorage(item) || ItemIdIsRedirected(item) ||
		ItemIdGetOffset(item) < header->pd_upper ||
		ItemIdGetOffset(item) + ItemIdGetLength(item) > header->pd_special ||
		ItemIdGetLength(item) < sizeof(IndexTupleData) ||
		ItemIdGetOffset(item) != MAXALIGN(ItemIdGetOffset(item)))
		check_failed(tree->check, block, "Line pointer %u leads nowhere.", offset);
	entry = (IndexTuple) PageGetItem(page, item);
	if (IndexTupleSize(entry) != ItemIdGetLength(item))
		check_failed(tree->check, block, "Entry %u has %zu bytes, and its line pointer %u.", offset,
					 (Size) IndexTupleSize(entry), ItemIdGetLength(item));
	return entry;
}

/*
 * Takes an entry apart, as index_deform_tuple() does, which would believe
 * lengths that lead out of it.
 */
static void
take_apart(const TreeCheck *tree, BlockNumber block, OffsetNumber offset, IndexTuple entry,
		   TupleDesc columns, Datum *values, bool *nulls)
{
	const char *data = (const char *) entry + IndexInfoFindDataOffset(entry->t_info);
	const char *end = (const char *) entry + IndexTupleSize(entry);
	const bits8 *bitmap = (const bits8 *) ((const char *) entry + sizeof(IndexTupleData));
	uint32 at = 0;

	if (data > end)
		check_failed(tree->check, block, "Entry %u is too short.", offset);
	for (int column = 0; column < columns->natts; column++)
	{
		Form_pg_attribute attribute = TupleDescAttr(columns, column);

		nulls[column] = IndexTupleHasNulls(entry) && att_isnull(column, bitmap);
		values[column] = (Datum) 0;
		if (nulls[column])
			continue;
		if (data + at >= end)
			check_failed(tree->check, block, "Entry %u ends before its column %d.", offset,
						 column + 1);
		at = att_align_pointer(at, attribute->attalign, attribute->attlen, data + at);
		if (data + at >= end ||
			(attribute->attlen == -1 && !VARATT_IS_1B(data + at) && data + at + VARHDRSZ > end) ||
			(attribute->attlen == -1 && VARATT_IS_EXTERNAL(data + at)) || attribute->attlen == -2 ||
			(attribute->attlen > 0 && data + at + attribute->attlen > end))
			check_failed(tree->check, block, "Column %d of entry %u does not fit in it.",
						 column + 1, offset);
		values[column] = fetchatt(attribute, data + at);
		at = att_addlength_pointer(at, attribute->attlen, data + at);
		if (data + at > end)
			check_failed(tree->check, block, "Column %d of entry %u does not fit in it.",
						 column + 1, offset);
	}
}

/* Keys */

static const char *
facts_flaw(const EventFacts *facts)
{
	double square = 0;

	for (int d = 0; d < 3; d++)
		square += facts->xyz[d] * facts->xyz[d];
	if ((facts->known & EVENT_BIT(EVENT_LOCATION)) != 0 && !(fabs(square - 1) < 1e-9))
		return "The place is not on the sphere.";
	if (!(facts->price >= 0 && isfinite(facts->price)))
		return "The price is not a finite number of at least 0.";
	if (!(facts->attendees >= 0 && isfinite(facts->attendees)))
		return "Attendees are not a finite number of at least 0.";
	return NULL;
}

/* Ends are in order; what no member knows is 0. */
static const char *
box_flaw(const EventBox *box)
{
	if ((box->known | box->unknown) != (1 << EVENT_CRITERIA) - 1)
		return "It is a box of no event.";
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		bool known = (box->known & EVENT_BIT(event_dimension_criterion(d))) != 0;

		if (known && !(box->low[d] <= box->high[d]))
			return "The ends of its box are not in order.";
	}
	return NULL;
}

static void
read_key(const TreeCheck *tree, BlockNumber block, OffsetNumber offset, Datum key, bool null,
		 bool leaf, ColumnBox *box, EventFacts *facts)
{
	const char *flaw;

	box->none = null;
	if (null)
		return;
	if (event_key_read_facts(key, facts) != leaf && leaf)
		check_failed(tree->check, block, "Entry %u of a leaf is not of an event.", offset);
	event_key_read_box(key, &box->box);
	flaw = leaf ? facts_flaw(facts) : box_flaw(&box->box);
	if (flaw != NULL)
		check_failed(tree->check, block, "Entry %u: %s", offset, flaw);
}

/* Every key on the way holds the key below. */
static void
check_contained(const TreeCheck *tree, const Downlink *above, BlockNumber block,
				OffsetNumber offset, int column, const ColumnBox *box)
{
	const ColumnBox *outer;

	if (above == NULL || box->none)
		return;
	outer = &above->box[column];
	if (outer->none || !event_box_contains(&outer->box, &box->box))
		check_failed(tree->check, block,
					 "Entry %u is not within the box that block %u has for this page.", offset,
					 above->block);
}

/* Bounds */

static void
make_question(TreeCheck *tree, const EventFacts *facts)
{
	event_scorer_init(&tree->scorer[tree->questions],
					  check_event_question(tree->check, tree->questions, facts));
	tree->questions++;
}

/* The bound of each box on the way is at least the event's score. */
static void
check_bounds(TreeCheck *tree, const Downlink *above, BlockNumber block, OffsetNumber offset,
			 int column, const EventFacts *facts)
{
	for (int question = 0; question < tree->questions; question++)
	{
		const EventScorer *scorer = &tree->scorer[question];
		EventValues values;
		double score;

		event_values(scorer, facts, &values);
		score = event_score(scorer, &values, NULL);
		for (const Downlink *link = above; link != NULL; link = link->above)
		{
			tree->check->bound_count++;
			if (!link->box[column].none && event_bound(scorer, &link->box[column].box) >= score)
				continue;
			check_failed(tree->check, link->block,
						 "A bound of an inner entry is less than the score %.17g of entry %u of block %u.",
						 score, offset, block);
		}
	}
}

/* Walking */

static void
check_leaf_entry(TreeCheck *tree, const Downlink *above, BlockNumber block, OffsetNumber offset,
				 IndexTuple entry)
{
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];
	uint64 fingerprint = NULL_FINGERPRINT;

	take_apart(tree, block, offset, entry, tree->leaf_columns, values, nulls);
	tree->leaf_entries++;
	for (int i = 0; i < tree->columns; i++)
	{
		Datum key = values[tree->column[i]];
		ColumnBox box;
		EventFacts facts;

		read_key(tree, block, offset, key, nulls[tree->column[i]], true, &box, &facts);
		check_contained(tree, above, block, offset, i, &box);
		fingerprint = fingerprint * 31 + 1;
		if (box.none)
			continue;
		fingerprint += check_fingerprint(VARDATA_ANY(DatumGetPointer(key)),
										 VARSIZE_ANY_EXHDR(DatumGetPointer(key)));
		if (tree->questions < QUESTIONS && tree->leaf_entries % 7 == 1)
			make_question(tree, &facts);
		if (tree->leaf_entries % SAMPLE_STEP == 0)
			check_bounds(tree, above, block, offset, i, &facts);
	}
	check_entry(tree->check, block, &entry->t_tid, fingerprint);
}

static void walk(TreeCheck *tree, const Downlink *above, BlockNumber block);

static void
check_inner_entry(TreeCheck *tree, const Downlink *above, BlockNumber block, OffsetNumber offset,
				  IndexTuple entry)
{
	Datum values[INDEX_MAX_KEYS];
	bool nulls[INDEX_MAX_KEYS];
	ColumnBox *box = palloc(tree->columns * sizeof(ColumnBox));
	Downlink link = {above, block, above == NULL ? 1 : above->depth + 1, box};
	BlockNumber below = ItemPointerGetBlockNumberNoCheck(&entry->t_tid);

	if (GistTupleIsInvalid(entry))
		check_failed(tree->check, block, "Entry %u is of an incomplete split of PostgreSQL 9.0.",
					 offset);
	take_apart(tree, block, offset, entry, tree->inner_columns, values, nulls);
	for (int i = 0; i < tree->columns; i++)
	{
		EventFacts facts;

		read_key(tree, block, offset, values[tree->column[i]], nulls[tree->column[i]], false,
				 &box[i], &facts);
		check_contained(tree, above, block, offset, i, &box[i]);
	}
	check_claim(tree->check, block, below, 1, BLOCK_TREE);
	walk(tree, &link, below);
	check_at(tree->check, block);
	pfree(box);
}

static void
check_depth(TreeCheck *tree, BlockNumber block, int depth, bool leaf)
{
	if (depth > DEPTH_MAX)
		check_failed(tree->check, block, "The tree is more than %d pages deep.", DEPTH_MAX);
	if (!leaf)
		return;
	if (tree->leaf_depth == -1)
		tree->leaf_depth = depth;
	if (depth != tree->leaf_depth)
		check_failed(tree->check, block, "The leaf is at depth %d, and others at %d.", depth,
					 tree->leaf_depth);
}

/* A page, which is claimed, and all below it. */
static void
walk(TreeCheck *tree, const Downlink *above, BlockNumber block)
{
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	Page page = (Page) copy->data;
	OffsetNumber last;

	check_read(tree->check, block, copy);
	check_page(tree, block, page);
	check_depth(tree, block, above == NULL ? 0 : above->depth, GistPageIsLeaf(page) != 0);
	last = PageGetMaxOffsetNumber(page);
	if (!GistPageIsLeaf(page) && last < FirstOffsetNumber)
		check_failed(tree->check, block, "The inner page has no entries.");
	for (OffsetNumber offset = FirstOffsetNumber; offset <= last; offset++)
	{
		IndexTuple entry = entry_at(tree, block, page, offset);

		if (GistPageIsLeaf(page))
			check_leaf_entry(tree, above, block, offset, entry);
		else
			check_inner_entry(tree, above, block, offset, entry);
	}
	if (GistFollowRight(page))
	{
		BlockNumber right = GistPageGetOpaque(page)->rightlink;

		check_claim(tree->check, block, right, 1, BLOCK_TREE);
		walk(tree, above, right);
	}
	pfree(copy);
}

/* What the walk did not come by is deleted, or was never used: a crash can leave such pages. */
static void
check_unlinked(const TreeCheck *tree)
{
	IndexCheck *check = tree->check;
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	Page page = (Page) copy->data;

	for (BlockNumber block = 0; block < check->blocks; block++)
	{
		if (check->use[block] != BLOCK_LOST)
			continue;
		check_read(check, block, copy);
		if (PageIsNew(page))
			continue;
		if (PageGetSpecialSize(page) != MAXALIGN(sizeof(GISTPageOpaqueData)) ||
			GistPageGetOpaque(page)->gist_page_id != GIST_PAGE_ID || !GistPageIsDeleted(page))
			check_failed(check, block, "No inner page leads to it, and it is not deleted.");
		check->use[block] = BLOCK_FREE;
	}
	pfree(copy);
}

void
event_gist_verify(IndexCheck *check)
{
	TreeCheck *tree = palloc0(sizeof(TreeCheck));
	int keys = IndexRelationGetNumberOfKeyAttributes(check->index);

	check->fingerprint = row_fingerprint;
	tree->check = check;
	tree->leaf_depth = -1;
	tree->leaf_columns = RelationGetDescr(check->index);
	/* columns that are included are not in inner entries */
	tree->inner_columns = CreateTupleDescCopy(tree->leaf_columns);
	tree->inner_columns->natts = keys;
	for (int column = 0; column < keys; column++)
	{
		if (holds_events(check->index, column))
			tree->column[tree->columns++] = column;
	}
	check_claim(check, GIST_ROOT_BLKNO, GIST_ROOT_BLKNO, 1, BLOCK_TREE);
	walk(tree, NULL, GIST_ROOT_BLKNO);
	check_unlinked(tree);
}
