/*
 * extent.h
 *	  Which blocks of an index are free, and where new ones come from.
 *
 * README tells why none are lost.
 */
#ifndef SHORTLIST_AM_EXTENT_H
#define SHORTLIST_AM_EXTENT_H

#include "am/page.h"

/* Consecutive blocks off the list of free ones, for the change to link; InvalidBlockNumber if there are none. */
extern BlockNumber extent_take(MetaChange *change, uint32 count);

/* Gives blocks back in the change that unlinks them. */
extern void extent_free(MetaChange *change, BlockNumber first, uint32 count);

/*
 * Consecutive blocks at the end of the index.  The caller has the extension
 * lock and, before it is released, links them in a WAL record that has the
 * last of them.
 */
extern BlockNumber extent_append(Relation index, uint32 count);
extern void extension_lock(Relation index);
extern void extension_unlock(Relation index);

/*
 * Where they begin: pages at the end that are new were appended by a statement
 * that failed, or before a crash, and never linked.  The caller has the
 * extension lock, or one that keeps writers out.
 */
extern BlockNumber extent_used_end(Relation index);

/*
 * Consecutive blocks, free ones or new ones, which the metapage knows as
 * pending.  The caller has the lock of their use, but none of a buffer, and
 * calls extent_linked() in the change that links them.  Until then whatever
 * happens loses nothing: the next to allocate for the same use frees them.
 */
extern BlockNumber extent_allocate(Relation index, PendingUse use, uint32 count);
extern void extent_linked(MetaChange *change, PendingUse use);

#endif /* SHORTLIST_AM_EXTENT_H */
