/*
 * verify.c
 *	  shortlist_check() of an index by this access method: the metapage, segments, the tail, free blocks.
 *
 * What is in the areas of a segment besides row pointers is checked by its content.
 */
#include "am/am.h"

#include "am/content.h"
#include "am/extent.h"
#include "am/tail.h"
#include "check/index_check.h"
#include "utils/memutils.h"

typedef struct Verification
{
	IndexCheck *check;
	const SegmentContent *content;
	const Meta *meta;
	MemoryContext scratch;
} Verification;

/* Reads a page; returns how much of its room is in use. */
static Size
read_page(IndexCheck *check, BlockNumber block, uint32 owner, uint16 kind, PGAlignedBlock *copy)
{
	PageHeader header = (PageHeader) copy->data;
	const PageTag *tag;

	check_read(check, block, copy);
	if (PageIsNew(copy->data))
		check_failed(check, block, "The page is empty.");
	if (header->pd_special != BLCKSZ - MAXALIGN(sizeof(PageTag)) ||
		header->pd_upper != header->pd_special ||
		header->pd_lower < MAXALIGN(SizeOfPageHeaderData) ||
		header->pd_lower > MAXALIGN(SizeOfPageHeaderData) + PAGE_ROOM)
		check_failed(check, block, "The page is not laid out as one of this access method.");
	tag = PageGetTag(copy->data);
	if (tag->page_id != SHORTLIST_PAGE_ID || tag->kind != kind || tag->owner != owner)
		check_failed(check, block,
					 "The page is tagged as kind %u of owner %u, but should be kind %u of owner %u.",
					 tag->kind, tag->owner, kind, owner);
	return header->pd_lower - MAXALIGN(SizeOfPageHeaderData);
}

/* The metapage */

static void
verify_id(const Verification *v, uint32 id)
{
	const Meta *meta = v->meta;
	uint32 times = (meta->open.id == id) + (meta->sealed.id == id);

	for (uint32 i = 0; i < meta->segment_count; i++)
		times += meta->segment[i].id == id;
	if (id >= meta->next_id || times != 1)
		check_failed(v->check, META_BLOCK,
					 "%u segments and tails have the id %u, and the next one is to be %u.", times,
					 id, meta->next_id);
}

static Meta *
verify_meta(IndexCheck *check)
{
	Meta *meta = palloc(sizeof(Meta));
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	Size used;
	const char *flaw;

	check_claim(check, META_BLOCK, META_BLOCK, 1, BLOCK_META);
	used = read_page(check, META_BLOCK, 0, PAGE_META, copy);
	if (used != sizeof(Meta))
		check_failed(check, META_BLOCK, "The metapage has %zu bytes, and should have %zu.", used,
					 sizeof(Meta));
	memcpy(meta, PageGetMeta(copy->data), sizeof(Meta));
	meta_check(check->index, meta);
	flaw = meta_flaw(meta, check->blocks);
	if (flaw != NULL)
		check_failed(check, META_BLOCK, "%s", flaw);
	if (meta->reserved != 0)
		check_failed(check, META_BLOCK, "Reserved bytes are not 0.");
	pfree(copy);
	return meta;
}

static void
verify_free(const Verification *v)
{
	const Meta *meta = v->meta;

	for (uint32 i = 0; i < meta->extent_count; i++)
	{
		const FreeExtent *extent = &meta->extent[i];

		if (extent->count == 0)
			check_failed(v->check, META_BLOCK, "A free extent has no blocks.");
		if (i > 0 && extent->first <= extent[-1].first)
			check_failed(v->check, META_BLOCK, "Free extents are not in the order of blocks.");
		check_claim(v->check, META_BLOCK, extent->first, extent->count, BLOCK_FREE);
	}
	/* Nobody writes: what is pending was left behind, and will be freed, as new pages at the end will be used. */
	for (int use = 0; use < PENDING_USES; use++)
		check_claim(v->check, META_BLOCK, meta->pending[use].first, meta->pending[use].count,
					BLOCK_FREE);
}

static void
verify_end(const Verification *v)
{
	BlockNumber end = extent_used_end(v->check->index);

	if (end < v->check->blocks)
		check_claim(v->check, META_BLOCK, end, v->check->blocks - end, BLOCK_FREE);
}

/* Segments */

/* Every page of every area is the segment's, and as full as its size says. */
static void
verify_pages(const Verification *v, const SegmentReader *reader)
{
	const SegmentRecord *segment = reader->segment;
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));

	for (int area = 0; area < AREAS; area++)
	{
		BlockNumber block = reader->start[area];

		for (uint64 left = segment->bytes[area]; left > 0;)
		{
			Size part = Min(left, PAGE_ROOM);
			Size used = read_page(v->check, block, segment->id, PAGE_SEGMENT, copy);

			if (used != part)
				check_failed(v->check, block, "The page has %zu bytes, and should have %zu.", used,
							 part);
			left -= part;
			block++;
		}
	}
	pfree(copy);
}

/* Valid, or cleared as vacuum does. */
static void
verify_pointer(const Verification *v, BlockNumber block, const ItemPointerData *tid)
{
	if (!ItemPointerIsValid(tid) && ItemPointerGetBlockNumberNoCheck(tid) != InvalidBlockNumber)
		check_failed(v->check, block, "A row pointer is neither valid nor cleared.");
}

/* Row pointers; those of rows that are NULL are entries. */
static void
verify_rows(const Verification *v, const SegmentReader *reader)
{
	const SegmentRecord *segment = reader->segment;
	uint64 rows = (uint64) segment->rows + segment->null_rows;
	const uint32 page_rows = PAGE_ROOM / sizeof(ItemPointerData);
	ItemPointerData *tid = palloc(page_rows * sizeof(ItemPointerData));
	uint32 dead = 0;

	for (uint64 first = 0; first < rows; first += page_rows)
	{
		BlockNumber block = segment_block(reader, AREA_ROWS, first * sizeof(ItemPointerData));
		uint32 count = (uint32) Min(page_rows, rows - first);

		check_at(v->check, block);
		segment_pointers(reader, (uint32) first, count, tid);
		for (uint32 i = 0; i < count; i++)
		{
			verify_pointer(v, block, &tid[i]);
			if (!ItemPointerIsValid(&tid[i]))
				dead++;
			else if (first + i >= segment->rows)
				check_entry(v->check, block, &tid[i], NULL_FINGERPRINT);
		}
	}
	pfree(tid);
	/* A crash can keep vacuum from counting what it has cleared. */
	if (segment->dead > dead)
		check_failed(v->check, META_BLOCK,
					 "It counts %u deleted rows of segment %u, of which %u are deleted.",
					 segment->dead, segment->id, dead);
}

static void
verify_segment(const Verification *v, const SegmentRecord *segment)
{
	MemoryContext caller = MemoryContextSwitchTo(v->scratch);
	SegmentReader reader;
	BlockNumber start[AREAS];

	verify_id(v, segment->id);
	check_claim(v->check, META_BLOCK, segment->first, segment_layout(segment, start), BLOCK_SEGMENT);
	segment_open(&reader, v->check->index, segment);
	verify_pages(v, &reader);
	verify_rows(v, &reader);
	v->content->check(v->content, v->check, &reader);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(v->scratch);
}

/* The tail */

static void
verify_value(const Verification *v, BlockNumber block, const ItemPointerData *tid, const void *value)
{
	const char *flaw = v->content->flaw(value);

	if (flaw != NULL)
		check_failed(v->check, block, "A value of the tail is damaged: %s", flaw);
	if (ItemPointerIsValid(tid))
		check_entry(v->check, block, tid,
					check_fingerprint(value, value_size(v->check->index, value)));
}

static void
verify_long(const Verification *v, BlockNumber block, const TailEntry *entry)
{
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	LongValue place;
	Size left = entry->bytes;

	memcpy(&place, entry + 1, sizeof(place));
	check_claim(v->check, block, place.first, page_count(left), BLOCK_LONG_VALUE);
	for (BlockNumber more = place.first; left > 0; more++)
	{
		Size part = Min(left, PAGE_ROOM);

		if (read_page(v->check, more, place.owner, PAGE_TAIL_MORE, copy) != part)
			check_failed(v->check, more, "The page does not have as many bytes as its value.");
		left -= part;
	}
	if (place.owner >= v->meta->next_id)
		check_failed(v->check, block, "A long value has the id %u, and the next one is to be %u.",
					 place.owner, v->meta->next_id);
	verify_value(v, place.first, &entry->tid, tail_long_value(v->check->index, entry));
}

static void
verify_tail_entry(const Verification *v, BlockNumber block, const TailEntry *entry)
{
	verify_pointer(v, block, &entry->tid);
	if ((entry->flags & ~(TAIL_NULL | TAIL_LONG)) != 0 || entry->flags == (TAIL_NULL | TAIL_LONG) ||
		entry->reserved != 0 || (entry->flags == TAIL_NULL && entry->bytes != 0))
		check_failed(v->check, block, "An entry of the tail has flags that do not exist.");
	if (entry->flags & TAIL_LONG)
		verify_long(v, block, entry);
	else if (!(entry->flags & TAIL_NULL))
		verify_value(v, block, &entry->tid, entry + 1);
	else if (ItemPointerIsValid(&entry->tid))
		check_entry(v->check, block, &entry->tid, NULL_FINGERPRINT);
}

/* Returns how many pages its long values take. */
static uint64
verify_tail_page(const Verification *v, BlockNumber block, PGAlignedBlock *copy)
{
	uint64 long_pages = 0;

	for (TailEntry *entry = NULL;
		 (entry = tail_next_entry(v->check->index, block, copy->data, entry)) != NULL;)
	{
		MemoryContext caller = MemoryContextSwitchTo(v->scratch);

		check_at(v->check, block);
		verify_tail_entry(v, block, entry);
		if (entry->flags & TAIL_LONG)
			long_pages += page_count(entry->bytes);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(v->scratch);
	}
	return long_pages;
}

/* The chain leads from the first page to the last, over as many as the metapage says. */
static void
verify_tail(const Verification *v, const TailRecord *tail)
{
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	BlockNumber from = META_BLOCK;
	BlockNumber block = tail->head;
	uint32 pages = 0;
	uint64 long_pages = 0;

	if (tail->id == 0)
		return;
	verify_id(v, tail->id);
	while (block != InvalidBlockNumber)
	{
		const TailHeader *header = (const TailHeader *) PageGetContents(copy->data);

		check_claim(v->check, from, block, 1, BLOCK_TAIL);
		if (read_page(v->check, block, tail->id, PAGE_TAIL, copy) < sizeof(TailHeader) ||
			header->reserved != 0)
			check_failed(v->check, block, "A page of the tail has a header that does not exist.");
		long_pages += verify_tail_page(v, block, copy);
		pages++;
		from = block;
		block = header->next;
	}
	if (from != tail->last || pages != tail->pages)
		check_failed(v->check, from,
					 "The tail has %u pages and ends here, but the metapage tells of %u up to block %u.",
					 pages, tail->pages, tail->last);
	if (long_pages != tail->long_pages)
		check_failed(v->check, META_BLOCK,
					 "Long values of the tail have " UINT64_FORMAT
					 " pages, but the metapage tells of %u.",
					 long_pages, tail->long_pages);
	pfree(copy);
}

static uint64
value_fingerprint(const IndexCheck *check, const Datum *values, const bool *nulls)
{
	void *value;
	uint64 fingerprint;

	if (nulls[0])
		return NULL_FINGERPRINT;
	if (TupleDescAttr(RelationGetDescr(check->index), 0)->attlen > 0)
		value = DatumGetPointer(values[0]);
	else
		value = PG_DETOAST_DATUM(values[0]);
	fingerprint = check_fingerprint(value, value_size(check->index, value));
	if ((Pointer) value != DatumGetPointer(values[0]))
		pfree(value);
	return fingerprint;
}

void
shortlist_verify(IndexCheck *check)
{
	Verification v = {.check = check, .content = segment_content(check->index)};

	if (v.content->check == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("what index \"%s\" holds cannot be checked",
						RelationGetRelationName(check->index))));
	v.scratch =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist check", ALLOCSET_DEFAULT_SIZES);
	check->fingerprint = value_fingerprint;
	v.meta = verify_meta(check);
	verify_free(&v);
	for (uint32 i = 0; i < v.meta->segment_count; i++)
		verify_segment(&v, &v.meta->segment[i]);
	verify_tail(&v, &v.meta->sealed);
	verify_tail(&v, &v.meta->open);
	verify_end(&v);
	MemoryContextDelete(v.scratch);
}
