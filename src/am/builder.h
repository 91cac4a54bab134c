/*
 * builder.h
 *	  Rows on their way into a segment.
 */
#ifndef SHORTLIST_AM_BUILDER_H
#define SHORTLIST_AM_BUILDER_H

#include "am/content.h"

typedef struct SegmentBuilder SegmentBuilder;

/* In the current memory context; may use so much memory, such as maintenance_work_mem. */
extern SegmentBuilder *builder_begin(Relation index, const SegmentContent *content, int memory_kb);

/* Adds a row; the value (NULL if it is) is copied. */
extern void builder_add(SegmentBuilder *builder, const ItemPointerData *tid, const void *value);

/* Adds the rows of a segment that were not deleted. */
extern void builder_add_segment(SegmentBuilder *builder, const SegmentRecord *segment);

extern uint64 builder_rows(const SegmentBuilder *builder);

/* Writes the segment to pending blocks (PENDING_SEGMENT), and ends the builder. */
extern void builder_finish(SegmentBuilder *builder, uint32 id, bool wal, SegmentRecord *segment);

#endif /* SHORTLIST_AM_BUILDER_H */
