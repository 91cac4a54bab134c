/*
 * segment.h
 *	  Reading a segment.
 */
#ifndef SHORTLIST_AM_SEGMENT_H
#define SHORTLIST_AM_SEGMENT_H

#include "am/list.h"
#include "am/page.h"

typedef struct SegmentReader
{
	Relation index;
	const SegmentRecord *segment;
	int fields; /* of the content */
	BlockNumber start[AREAS];
} SegmentReader;

/* First block of every area; returns the number of blocks of all. */
extern uint32 segment_layout(const SegmentRecord *segment, BlockNumber *start);

extern void segment_open(SegmentReader *reader, Relation index, const SegmentRecord *segment,
						 int fields);

/* Copies a part of an area. */
extern void segment_read(const SegmentReader *reader, Area area, uint64 offset, Size size,
						 void *out);

extern bool segment_find_term(const SegmentReader *reader, uint32 hash, const char *name,
							  uint32 length, TermRecord *term);

/* An empty list if the segment has no such term. */
extern void segment_list(const SegmentReader *reader, uint32 hash, const char *name, uint32 length,
						 TermList *list);

extern WindowRecord *segment_windows(const SegmentReader *reader);

/* The rows of a window: first row, and how many. */
extern uint32 window_row_count(const SegmentRecord *segment, uint32 window);

#endif /* SHORTLIST_AM_SEGMENT_H */
