/*
 * segment.c
 *	  Reading a segment.
 */
#include "am/segment.h"

#include "utils/memutils.h"

uint32
segment_layout(const SegmentRecord *segment, BlockNumber *start)
{
	BlockNumber block = segment->first;

	for (int area = 0; area < AREAS; area++)
	{
		start[area] = block;
		block += (segment->bytes[area] + PAGE_ROOM - 1) / PAGE_ROOM;
	}
	return block - segment->first;
}

void
segment_open(SegmentReader *reader, Relation index, const SegmentRecord *segment, int fields)
{
	reader->index = index;
	reader->segment = segment;
	reader->fields = fields;
	segment_layout(segment, reader->start);
}

static void
damaged(const SegmentReader *reader, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is damaged", RelationGetRelationName(reader->index)),
			 errdetail("%s", what), errhint("REINDEX the index.")));
}

void
segment_read(const SegmentReader *reader, Area area, uint64 offset, Size size, void *out)
{
	char *to = out;

	if (offset > reader->segment->bytes[area] || size > reader->segment->bytes[area] - offset)
		damaged(reader, "A part of a segment would lie beyond its end.");
	while (size > 0)
	{
		Size within = offset % PAGE_ROOM;
		Size part = Min(size, PAGE_ROOM - within);
		Buffer buffer =
			ReadBuffer(reader->index, reader->start[area] + (BlockNumber) (offset / PAGE_ROOM));

		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		page_check(reader->index, buffer, reader->segment->id, PAGE_SEGMENT);
		memcpy(to, PageGetContents(BufferGetPage(buffer)) + within, part);
		UnlockReleaseBuffer(buffer);
		to += part;
		offset += part;
		size -= part;
	}
}

static void
read_term(const SegmentReader *reader, uint32 position, TermRecord *term)
{
	segment_read(reader, AREA_TERMS, (uint64) position * sizeof(TermRecord), sizeof(TermRecord),
				 term);
}

static bool
term_is(const SegmentReader *reader, const TermRecord *term, const char *name, uint32 length)
{
	char *stored;
	bool same;

	if (term->name_length != length)
		return false;
	stored = palloc(length + 1);
	segment_read(reader, AREA_NAMES, term->name_offset, length, stored);
	same = memcmp(stored, name, length) == 0;
	pfree(stored);
	return same;
}

bool
segment_find_term(const SegmentReader *reader, uint32 hash, const char *name, uint32 length,
				  TermRecord *term)
{
	uint32 low = 0;
	uint32 high = reader->segment->terms;

	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;

		read_term(reader, middle, term);
		if (term->hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	/* Only bytes tell names apart. */
	for (; low < reader->segment->terms; low++)
	{
		read_term(reader, low, term);
		if (term->hash != hash)
			return false;
		if (term_is(reader, term, name, length))
			return true;
	}
	return false;
}

void
segment_list(const SegmentReader *reader, uint32 hash, const char *name, uint32 length,
			 TermList *list)
{
	TermRecord term;
	uint8 *bytes;

	list->count = 0;
	if (!segment_find_term(reader, hash, name, length, &term))
		return;
	bytes = palloc_extended(term.list_bytes + 1, MCXT_ALLOC_HUGE);
	segment_read(reader, AREA_LISTS, term.list_offset, term.list_bytes, bytes);
	if (!term_list_decode(bytes, term.list_bytes, term.windows, reader->segment->windows,
						  reader->fields, list))
		damaged(reader, "A list does not make sense.");
}

WindowRecord *
segment_windows(const SegmentReader *reader)
{
	Size size = (Size) reader->segment->windows * sizeof(WindowRecord);
	WindowRecord *windows = palloc_extended(size + 1, MCXT_ALLOC_HUGE);

	segment_read(reader, AREA_WINDOWS, 0, size, windows);
	return windows;
}

uint32
window_row_count(const SegmentRecord *segment, uint32 window)
{
	uint32 first = window * segment->window_rows;

	return Min(segment->window_rows, segment->rows - first);
}
