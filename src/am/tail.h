/*
 * tail.h
 *	  Rows that were inserted since the last segment was made.
 */
#ifndef SHORTLIST_AM_TAIL_H
#define SHORTLIST_AM_TAIL_H

#include "am/page.h"

/* Adds a row; the value is NULL if the row's is.  True if the tail has become too large. */
extern bool tail_insert(Relation index, const ItemPointerData *tid, const void *value);

/* Called for every row that was not deleted. */
typedef void (*TailVisitor)(void *state, const ItemPointerData *tid, const void *value);

extern void tail_visit(Relation index, const TailRecord *tail, TailVisitor visit, void *state);

/* The open tail becomes the sealed one, if there is none.  The writer's lock is held. */
extern void tail_seal(Relation index);

/* Blocks of a sealed tail, for extent_free(). */
typedef struct TailBlocks
{
	uint32 count;
	uint32 size;
	FreeExtent *extent; /* without xid */
} TailBlocks;

extern void tail_blocks(Relation index, const TailRecord *tail, TailBlocks *blocks);

/* Clears the row pointers that the callback names; counts the others. */
extern void tail_delete(Relation index, const TailRecord *tail,
						bool (*is_dead)(ItemPointer tid, void *state), void *state, double *removed,
						double *remaining);

#endif /* SHORTLIST_AM_TAIL_H */
