/*
 * writer.h
 *	  Writing a segment: its areas are filled in any order, then go to pages.
 */
#ifndef SHORTLIST_AM_WRITER_H
#define SHORTLIST_AM_WRITER_H

#include "am/page.h"
#include "am/spool.h"

typedef struct SegmentWriter
{
	Relation index;
	Spool *area[AREAS];
} SegmentWriter;

/* In the current memory context. */
extern SegmentWriter *segment_writer_begin(Relation index);
extern void area_write(SegmentWriter *writer, Area area, const void *bytes, Size size);

/* Tells pg_stat_progress_create_index, if this is CREATE INDEX or REINDEX, how many rows went to their areas. */
extern void segment_writer_show_rows(uint64 rows);

/* Allocates blocks, which are pending (PENDING_SEGMENT), and writes; sets first and bytes of the segment. */
extern void segment_writer_finish(SegmentWriter *writer, SegmentRecord *segment, bool wal);

#endif /* SHORTLIST_AM_WRITER_H */
