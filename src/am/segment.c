/*
 * segment.c
 *	  Reading a segment.
 */
#include "am/segment.h"

#include "types/damage.h"
#include "utils/memutils.h"

uint32
segment_layout(const SegmentRecord *segment, BlockNumber *start)
{
	BlockNumber block = segment->first;

	for (int area = 0; area < AREAS; area++)
	{
		start[area] = block;
		block += page_count(segment->bytes[area]);
	}
	return block - segment->first;
}

void
segment_open(SegmentReader *reader, Relation index, const SegmentRecord *segment)
{
	reader->index = index;
	reader->segment = segment;
	segment_layout(segment, reader->start);
}

void
segment_damaged(const SegmentReader *reader, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is damaged", RelationGetRelationName(reader->index)),
			 errdetail("%s", detail), errhint_reindex(reader->index)));
}

BlockNumber
segment_block(const SegmentReader *reader, Area area, uint64 offset)
{
	return reader->start[area] + (BlockNumber) (offset / PAGE_ROOM);
}

void
segment_read(const SegmentReader *reader, Area area, uint64 offset, Size size, void *out)
{
	char *to = out;

	if (offset > reader->segment->bytes[area] || size > reader->segment->bytes[area] - offset)
		segment_damaged(reader, "A part of a segment would lie beyond its end.");
	while (size > 0)
	{
		Size within = offset % PAGE_ROOM;
		Size part = Min(size, PAGE_ROOM - within);
		Buffer buffer;

		/* so whatever walks rows, terms or areas can be cancelled */
		CHECK_FOR_INTERRUPTS();
		buffer = ReadBuffer(reader->index, segment_block(reader, area, offset));
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		page_check(reader->index, buffer, reader->segment->id, PAGE_SEGMENT);
		memcpy(to, PageGetContents(BufferGetPage(buffer)) + within, part);
		UnlockReleaseBuffer(buffer);
		to += part;
		offset += part;
		size -= part;
	}
}

void
segment_pointers(const SegmentReader *reader, uint32 first, uint32 count, ItemPointerData *tid)
{
	segment_read(reader, AREA_ROWS, (uint64) first * sizeof(ItemPointerData),
				 (Size) count * sizeof(ItemPointerData), tid);
}
