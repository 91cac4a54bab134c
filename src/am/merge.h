/*
 * merge.h
 *	  Making segments of the tail and of other segments.
 */
#ifndef SHORTLIST_AM_MERGE_H
#define SHORTLIST_AM_MERGE_H

#include "am/builder.h"

/* A fresh id for a segment. */
extern uint32 segment_new_id(Relation index);

/* Writes what the builder holds as one more segment; see builder_finish(). */
extern void segment_add(Relation index, SegmentBuilder *builder, bool wal);

/* The writer's lock is held for all of these. */

/* Moves the tail into a segment. */
extern void merge_tail(Relation index);

/* Merges segments of about the same size while there are many, and rewrites those that are mostly dead. */
extern void merge_segments(Relation index);

#endif /* SHORTLIST_AM_MERGE_H */
