/*
 * merge.h
 *	  Making segments of the tail and of other segments.
 */
#ifndef SHORTLIST_AM_MERGE_H
#define SHORTLIST_AM_MERGE_H

#include "am/builder.h"

/* Writes what the builder holds as one more segment; see builder_finish(). */
extern void segment_add(Relation index, SegmentBuilder *builder, bool wal);

/* Moves the tail into a segment.  The writer's lock is held. */
extern void merge_tail(Relation index);

#endif /* SHORTLIST_AM_MERGE_H */
