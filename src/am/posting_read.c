/*
 * posting_read.c
 *	  Reading terms, lists and windows of a segment.
 */
#include "am/posting.h"

#include "core/packing.h"
#include "utils/memutils.h"

/* Terms that are read at once where a term is likely to be. */
#define GUESSED 256

const char *
posting_flaw(const SegmentRecord *segment)
{
	uint32 windows = posting_windows(segment);
	uint32 rows = posting_window_rows(segment);

	if (rows < 1 || rows > WINDOW_ROWS_MAX)
		return "Its windows have a number of rows that no option allows.";
	if (windows != (segment->rows + (uint64) rows - 1) / rows)
		return "Its windows are not as many as its rows take.";
	if (segment->bytes[AREA_WINDOWS] != windows * sizeof(WindowRecord) ||
		segment->bytes[AREA_TERMS] != posting_terms(segment) * sizeof(TermRecord))
		return "Its areas do not have the sizes that its counts say.";
	return NULL;
}

static void
read_term(const SegmentReader *segment, uint32 number, TermRecord *term)
{
	segment_read(segment, AREA_TERMS, (uint64) number * sizeof(TermRecord), sizeof(TermRecord),
				 term);
}

/*
 * Narrows the range in which the first term with a hash is: hashes are spread
 * evenly, so its place is nearly known, and one look at its neighbourhood saves
 * looking at many pages.
 */
static void
guess_term(const SegmentReader *segment, uint32 hash, uint32 *low, uint32 *high)
{
	uint32 terms = posting_terms(segment->segment);
	uint32 guess = (uint32) ((uint64) terms * hash >> 32);
	uint32 first = guess < GUESSED / 2 ? 0 : guess - GUESSED / 2;
	uint32 count = Min(GUESSED, terms - first);
	TermRecord near[GUESSED];
	uint32 before = 0;

	segment_read(segment, AREA_TERMS, (uint64) first * sizeof(TermRecord),
				 count * sizeof(TermRecord), near);
	while (before < count && near[before].hash < hash)
		before++;
	if (before > 0)
		*low = first + before;
	if (before < count)
		*high = first + before;
}

static bool
term_is(const SegmentReader *segment, const TermRecord *term, const char *name, uint32 length)
{
	char *stored;
	bool same;

	if (term->name_length != length)
		return false;
	stored = palloc(length + 1);
	segment_read(segment, AREA_NAMES, term->name_offset, length, stored);
	same = memcmp(stored, name, length) == 0;
	pfree(stored);
	return same;
}

bool
posting_find_term(const SegmentReader *segment, uint32 hash, const char *name, uint32 length,
				  uint32 *number, TermRecord *term)
{
	uint32 terms = posting_terms(segment->segment);
	uint32 low = 0;
	uint32 high = terms;

	guess_term(segment, hash, &low, &high);
	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;

		read_term(segment, middle, term);
		if (term->hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	/* Only bytes tell names apart. */
	for (; low < terms; low++)
	{
		read_term(segment, low, term);
		if (term->hash != hash)
			return false;
		if (term_is(segment, term, name, length))
		{
			*number = low;
			return true;
		}
	}
	return false;
}

void
posting_list(const SegmentReader *segment, int fields, const TermRecord *term, TermList *list)
{
	uint8 *bytes;

	if (term->list_bytes > segment->segment->bytes[AREA_LISTS])
		segment_damaged(segment, "A list would be longer than all of them.");
	bytes = palloc_extended(term->list_bytes + PACKING_SLACK, MCXT_ALLOC_HUGE);
	segment_read(segment, AREA_LISTS, term->list_offset, term->list_bytes, bytes);
	if (!term_list_decode(bytes, term->list_bytes, term->windows, posting_windows(segment->segment),
						  fields, list))
		segment_damaged(segment, "A list does not make sense.");
	pfree(bytes);
}

WindowRecord *
posting_window_records(const SegmentReader *segment)
{
	Size size = (Size) posting_windows(segment->segment) * sizeof(WindowRecord);
	WindowRecord *windows = palloc_extended(size + 1, MCXT_ALLOC_HUGE);

	segment_read(segment, AREA_WINDOWS, 0, size, windows);
	return windows;
}

uint32
posting_row_count(const SegmentRecord *segment, uint32 window)
{
	uint64 first = (uint64) window * posting_window_rows(segment);

	return (uint32) Min(posting_window_rows(segment), segment->rows - first);
}

char *
posting_window(const SegmentReader *segment, uint32 window, Size *size)
{
	WindowRecord record;
	char *bytes;

	segment_read(segment, AREA_WINDOWS, (uint64) window * sizeof(WindowRecord), sizeof(record),
				 &record);
	if (record.bytes > segment->segment->bytes[AREA_VALUES])
		segment_damaged(segment, "A window would be longer than all of them.");
	bytes = palloc_extended((Size) record.bytes + PACKING_SLACK, MCXT_ALLOC_HUGE);
	segment_read(segment, AREA_VALUES, record.offset, record.bytes, bytes);
	memset(bytes + record.bytes, 0, PACKING_SLACK);
	*size = record.bytes;
	return bytes;
}
