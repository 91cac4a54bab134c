/*
 * tail.h
 *	  Rows that were inserted since the last segment was made.
 */
#ifndef SHORTLIST_AM_TAIL_H
#define SHORTLIST_AM_TAIL_H

#include "am/page.h"

/* Adds a row; the value is NULL if the row's is.  True if the tail has become too large. */
extern bool tail_insert(Relation index, const ItemPointerData *tid, const void *value);
extern bool tail_is_large(Relation index, const TailRecord *tail);

/* Of a value of the index's type, as it is stored. */
extern Size value_size(Relation index, const void *value);

/* Called for every row that was not deleted. */
typedef void (*TailVisitor)(void *state, const ItemPointerData *tid, const void *value);

/* The entry after this one on a page, or the first after NULL; NULL if there is none.  Error XX002 if it does not fit. */
extern TailEntry *tail_next_entry(Relation index, BlockNumber block, Page page, TailEntry *entry);

/* The value of an entry that is TAIL_LONG, allocated. */
extern void *tail_long_value(Relation index, const TailEntry *entry);

extern void tail_visit(Relation index, const TailRecord *tail, TailVisitor visit, void *state);

/* The open tail becomes the sealed one, if there is none.  The writer's lock is held. */
extern void tail_seal(Relation index);

/* Blocks of a sealed tail, in order; neighbours are one extent. */
typedef struct TailExtent
{
	BlockNumber first;
	uint32 count;
} TailExtent;

typedef struct TailBlocks
{
	uint32 count;
	uint32 size;
	TailExtent *extent;
} TailBlocks;

extern void tail_blocks(Relation index, const TailRecord *tail, TailBlocks *blocks);

/* Clears the row pointers that the callback names; counts the others. */
extern void tail_delete(Relation index, const TailRecord *tail,
						bool (*is_dead)(ItemPointer tid, void *state), void *state, double *removed,
						double *remaining);

#endif /* SHORTLIST_AM_TAIL_H */
