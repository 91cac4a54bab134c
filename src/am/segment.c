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

Size
list_entry_write(uint8 *out, uint32 distance, const uint16 *field, int fields)
{
	Size size = 0;

	while (distance >= 0x80)
	{
		out[size++] = (uint8) (distance | 0x80);
		distance >>= 7;
	}
	out[size++] = (uint8) distance;
	memcpy(out + size, field, fields * sizeof(uint16));
	return size + fields * sizeof(uint16);
}

/* Reads the entries; every byte was checked to be there, but not what it says. */
static void
decode_list(const SegmentReader *reader, const uint8 *at, const uint8 *end, TermList *list)
{
	uint32 window = 0;
	Size field_bytes = reader->fields * sizeof(uint16);
	uint16 *field = list->field;

	for (uint32 i = 0; i < list->count; i++)
	{
		uint32 distance = 0;
		int shift = 0;

		while (at < end && (*at & 0x80) && shift < 28)
		{
			distance |= (uint32) (*at++ & 0x7f) << shift;
			shift += 7;
		}
		if ((Size) (end - at) < 1 + field_bytes)
			damaged(reader, "A list ends too early.");
		distance |= (uint32) *at++ << shift;
		window += distance;
		if (window >= reader->segment->windows)
			damaged(reader, "A list names a window that is not there.");
		list->window[i] = window;
		memcpy(field, at, field_bytes);
		field += reader->fields;
		at += field_bytes;
	}
	if (at != end)
		damaged(reader, "A list is longer than its number of windows.");
}

void
segment_list(const SegmentReader *reader, uint32 hash, const char *name, uint32 length,
			 TermList *list)
{
	TermRecord term;
	uint8 *bytes;

	memset(list, 0, sizeof(TermList));
	if (!segment_find_term(reader, hash, name, length, &term))
		return;
	if (term.windows > reader->segment->windows)
		damaged(reader, "A list has more windows than the segment.");
	list->count = term.windows;
	list->window = palloc_extended((Size) term.windows * sizeof(uint32), MCXT_ALLOC_HUGE);
	list->field = palloc_extended((Size) term.windows * reader->fields * sizeof(uint16) + 1,
								  MCXT_ALLOC_HUGE);
	bytes = palloc_extended(term.list_bytes + 1, MCXT_ALLOC_HUGE);
	segment_read(reader, AREA_LISTS, term.list_offset, term.list_bytes, bytes);
	decode_list(reader, bytes, bytes + term.list_bytes, list);
	pfree(bytes);
}

void
term_list_free(TermList *list)
{
	if (list->window == NULL)
		return;
	pfree(list->window);
	pfree(list->field);
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
