/*
 * index_check.h
 *	  What checking an index takes, whatever kind it is: a ledger of its blocks,
 *	  its entries held against the rows of the table, and errors that name a block.
 *
 * A kind of index walks its own pages.  It claims each block that it has a use
 * for, and hands over each entry with a fingerprint of what the entry says of
 * its row.  The rest is done here.
 */
#ifndef SHORTLIST_CHECK_INDEX_CHECK_H
#define SHORTLIST_CHECK_INDEX_CHECK_H

#include "types/pg.h"

#include "nodes/execnodes.h"
#include "storage/bufpage.h"
#include "storage/itemptr.h"
#include "utils/rel.h"
#include "utils/tuplesort.h"

/* What a block is used for. */
typedef enum BlockUse
{
	BLOCK_LOST, /* for nothing: the walk did not come by */
	BLOCK_META,
	BLOCK_FREE,
	BLOCK_SEGMENT,
	BLOCK_TAIL,
	BLOCK_LONG_VALUE,
	BLOCK_TREE
} BlockUse;

typedef struct IndexCheck IndexCheck;

/* What an index on these values says of the row: a fingerprint of what its entry holds. */
typedef uint64 (*RowFingerprint)(const IndexCheck *check, const Datum *values, const bool *nulls);

struct IndexCheck
{
	Relation heap;
	Relation index;
	BlockNumber blocks;		 /* of the index */
	BlockNumber heap_blocks; /* of the table */
	BlockNumber block;		 /* that is looked at, for the context of errors */
	uint8 *use;				 /* BlockUse of every block */
	uint64 random;			 /* state of check_random() */

	Tuplesortstate *entries; /* of the index */
	Tuplesortstate *rows;	 /* of the table */
	TupleTableSlot *slot;	 /* for putting into both */
	RowFingerprint fingerprint;

	int64 entry_count;
	int64 bound_count; /* scores that were held against a bound */
	int64 row_count;
};

/* The fingerprint of bytes; of NULL. */
extern uint64 check_fingerprint(const void *bytes, Size size);
#define NULL_FINGERPRINT 0

/* Both relations are open and locked.  Sorting takes maintenance_work_mem. */
extern IndexCheck *check_begin(Relation heap, Relation index);

/* Raises XX002, with the block and the cause. */
NO_RETURN extern void check_failed(const IndexCheck *check, BlockNumber block, const char *cause,
								   ...) pg_attribute_printf(3, 4);

/* From here on errors, whoever raises them, say that this block was looked at; serves interrupts. */
extern void check_at(IndexCheck *check, BlockNumber block);

/* Blocks serve one purpose: an error if they have one already, or are not there.  `from` refers to them. */
extern void check_claim(IndexCheck *check, BlockNumber from, BlockNumber first, uint32 count,
						BlockUse use);

/* A copy of a page, into which the caller can look without a lock. */
extern void check_read(IndexCheck *check, BlockNumber block, PGAlignedBlock *copy);

/* An entry, stored in this block, and what it says of its row. */
extern void check_entry(IndexCheck *check, BlockNumber block, const ItemPointerData *tid,
						uint64 fingerprint);

/* An error if two entries have one row, or, if `heap`, a row and its entry do not agree. */
extern void check_entries(IndexCheck *check, bool heap);

/* Numbers to draw samples by, the same whenever an index is checked; below `limit`, which is > 0. */
extern uint32 check_random(IndexCheck *check, uint32 limit);

#endif /* SHORTLIST_CHECK_INDEX_CHECK_H */
