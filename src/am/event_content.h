/*
 * event_content.h
 *	  A content of segments: events in the blocks of a kd-tree (core/event_tree.h).
 */
#ifndef SHORTLIST_AM_EVENT_CONTENT_H
#define SHORTLIST_AM_EVENT_CONTENT_H

#include "am/content.h"
#include "core/event_tree.h"

/* Areas */
#define AREA_EVENT_BLOCKS AREA_1
#define AREA_EVENT_NODES AREA_2

StaticAssertDecl(PAGE_ROOM >= EVENT_PAGE_ROOM_LEAST, "nodes and blocks fit on a page");
StaticAssertDecl(PAGE_ROOM % 8 == 0, "nodes are aligned on their page");
StaticAssertDecl(sizeof(EventNode) == 1808, "nodes are stored");

static inline Area
event_area(EventArea area)
{
	return area == EVENT_AREA_BLOCKS ? AREA_EVENT_BLOCKS : AREA_EVENT_NODES;
}

/* A reader of the segment's tree: event_content.c */
extern void event_reader_init(EventTreeReader *reader, const SegmentReader *segment);

/* Memory for the tree, in the current context; of any size. */
extern void *event_resize(void *memory, size_t size);

/* Building: event_build.c */
extern void *event_begin_build(const SegmentContent *content, Relation index, Size memory);
extern void event_add_row(void *build, const ItemPointerData *tid, const void *value);
extern uint64 event_add_segment(void *build, const SegmentReader *segment);
extern void event_finish_build(void *build, SegmentWriter *writer, SegmentRecord *segment);

/* Checking: event_check.c */
extern void event_check(const SegmentContent *content, IndexCheck *check,
						const SegmentReader *segment);
extern const char *event_flaw(const void *value);

#endif /* SHORTLIST_AM_EVENT_CONTENT_H */
