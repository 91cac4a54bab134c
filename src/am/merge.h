/*
 * merge.h
 *	  Making segments of the tail and of other segments.
 */
#ifndef SHORTLIST_AM_MERGE_H
#define SHORTLIST_AM_MERGE_H

#include "am/builder.h"

/* Writes what the builder holds as one more segment, while nobody else has the index; see builder_finish(). */
extern void segment_add(Relation index, SegmentBuilder *builder, bool wal);

/* The writer's lock is held for these. */

/* Moves the tail into a segment, and merges segments as far as they are too many or mostly dead. */
extern void merge_tail(Relation index);

/* Likewise, if the tail is large, but merges no more than whoever inserts can wait for. */
extern void merge_after_insert(Relation index);

#endif /* SHORTLIST_AM_MERGE_H */
