/*
 * segment.h
 *	  Reading a segment.
 */
#ifndef SHORTLIST_AM_SEGMENT_H
#define SHORTLIST_AM_SEGMENT_H

#include "am/page.h"

typedef struct SegmentReader
{
	Relation index;
	const SegmentRecord *segment;
	BlockNumber start[AREAS];
} SegmentReader;

/* First block of every area; returns the number of blocks of all. */
extern uint32 segment_layout(const SegmentRecord *segment, BlockNumber *start);

extern void segment_open(SegmentReader *reader, Relation index, const SegmentRecord *segment);

/* The block in which a byte of an area is. */
extern BlockNumber segment_block(const SegmentReader *reader, Area area, uint64 offset);

/* Copies a part of an area. */
extern void segment_read(const SegmentReader *reader, Area area, uint64 offset, Size size,
						 void *out);

/* Copies the pointers of some rows. */
extern void segment_pointers(const SegmentReader *reader, uint32 first, uint32 count,
							 ItemPointerData *tid);

/* Reports that the index is damaged. */
NO_RETURN extern void segment_damaged(const SegmentReader *reader, const char *detail);

#endif /* SHORTLIST_AM_SEGMENT_H */
