/*
 * tail.c
 *	  Rows that were inserted since the last segment was made.
 */
#include "am/tail.h"

#include "access/generic_xlog.h"
#include "am/content.h"
#include "commands/vacuum.h"
#include "types/damage.h"
#include "utils/memutils.h"

static TailHeader *
tail_header(Page page)
{
	return (TailHeader *) PageGetContents(page);
}

static Size
tail_entry_size(const TailEntry *entry)
{
	if (entry->flags & TAIL_NULL)
		return sizeof(TailEntry);
	if (entry->flags & TAIL_LONG)
		return sizeof(TailEntry) + sizeof(LongValue);
	return sizeof(TailEntry) + MAXALIGN((Size) entry->bytes);
}

NO_RETURN static void
tail_damaged(Relation index, BlockNumber block, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is damaged at block %u", RelationGetRelationName(index), block),
			 errdetail("%s", detail), errhint_reindex(index)));
}

/* A value as it is stored: of that size, and, if sizes vary, with a header of four bytes, and nowhere else. */
static bool
is_plain(Relation index, const void *value, Size size)
{
	int16 length = TupleDescAttr(RelationGetDescr(index), 0)->attlen;

	if (length > 0)
		return size == (Size) length;
	return size >= VARHDRSZ && VARATT_IS_4B_U(value) && VARSIZE(value) == size;
}

static bool
fits(Relation index, const TailEntry *entry, const char *end)
{
	Size room = end - (const char *) entry;

	if (room < sizeof(TailEntry) || room < tail_entry_size(entry))
		return false;
	return (entry->flags & (TAIL_NULL | TAIL_LONG)) != 0 ||
		is_plain(index, entry + 1, entry->bytes);
}

TailEntry *
tail_next_entry(Relation index, BlockNumber block, Page page, TailEntry *entry)
{
	char *end = (char *) page + ((PageHeader) page)->pd_lower;
	char *next = entry == NULL ? PageGetContents(page) + sizeof(TailHeader)
							   : (char *) entry + tail_entry_size(entry);

	if (next == end)
		return NULL;
	if (next > end || !fits(index, (TailEntry *) next, end))
		tail_damaged(index, block, "An entry of the tail does not fit on its page.");
	return (TailEntry *) next;
}

static int
tail_size(Relation index)
{
	return option_tail_size(index, segment_content(index)->tail_size);
}

Size
value_size(Relation index, const void *value)
{
	int16 length = TupleDescAttr(RelationGetDescr(index), 0)->attlen;

	return length > 0 ? (Size) length : VARSIZE(value);
}

/* Writes a long value to blocks that nobody knows yet. */
static LongValue
write_long(Relation index, const void *value, Size size)
{
	MetaChange change;
	LongValue place;

	meta_change(index, &change);
	place.owner = change.meta->next_id++;
	meta_apply(&change);
	place.first = extent_allocate(index, (size + PAGE_ROOM - 1) / PAGE_ROOM);
	for (Size at = 0; at < size; at += PAGE_ROOM)
	{
		CHECK_FOR_INTERRUPTS();
		page_write(index, place.first + at / PAGE_ROOM, place.owner, PAGE_TAIL_MORE,
				   (const char *) value + at, Min(PAGE_ROOM, size - at), true);
	}
	return place;
}

void *
tail_long_value(Relation index, const TailEntry *entry)
{
	Size size = entry->bytes;
	LongValue place;
	char *value;

	memcpy(&place, entry + 1, sizeof(place));
	if (place.first >= RelationGetNumberOfBlocks(index) || size > MaxAllocSize)
		tail_damaged(index, place.first, "A long value of the tail is out of place.");
	value = palloc_extended(size, MCXT_ALLOC_HUGE);
	for (Size at = 0; at < size; at += PAGE_ROOM)
	{
		Buffer buffer;

		CHECK_FOR_INTERRUPTS();
		buffer = ReadBuffer(index, place.first + at / PAGE_ROOM);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		page_check(index, buffer, place.owner, PAGE_TAIL_MORE);
		memcpy(value + at, PageGetContents(BufferGetPage(buffer)), Min(PAGE_ROOM, size - at));
		UnlockReleaseBuffer(buffer);
	}
	if (!is_plain(index, value, size))
		tail_damaged(index, place.first, "A long value of the tail does not begin with its size.");
	return value;
}

/* Puts the entry on the last page of the tail, if there is room; *tail tells what was seen. */
static bool
insert_on_last(Relation index, const TailEntry *entry, const void *payload, TailRecord *tail)
{
	Buffer meta_buffer = ReadBuffer(index, META_BLOCK);
	Buffer buffer;
	GenericXLogState *wal;
	Page page;
	PageHeader header;
	Size size = tail_entry_size(entry);
	bool fits = false;

	/* While the metapage is locked, nobody seals the tail. */
	LockBuffer(meta_buffer, BUFFER_LOCK_SHARE);
	page_check(index, meta_buffer, 0, PAGE_META);
	meta_check(index, PageGetMeta(BufferGetPage(meta_buffer)));
	*tail = PageGetMeta(BufferGetPage(meta_buffer))->open;
	if (tail->id != 0)
	{
		buffer = ReadBuffer(index, tail->last);
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		page_check(index, buffer, tail->id, PAGE_TAIL);
		header = (PageHeader) BufferGetPage(buffer);
		fits = (Size) (header->pd_upper - header->pd_lower) >= size;
		if (fits)
		{
			wal = GenericXLogStart(index);
			page = GenericXLogRegisterBuffer(wal, buffer, 0);
			header = (PageHeader) page;
			memcpy((char *) page + header->pd_lower, entry, sizeof(TailEntry));
			memset((char *) page + header->pd_lower + sizeof(TailEntry), 0,
				   size - sizeof(TailEntry));
			if (entry->flags & TAIL_LONG)
				memcpy((char *) page + header->pd_lower + sizeof(TailEntry), payload,
					   sizeof(LongValue));
			else if (!(entry->flags & TAIL_NULL))
				memcpy((char *) page + header->pd_lower + sizeof(TailEntry), payload, entry->bytes);
			header->pd_lower += size;
			GenericXLogFinish(wal);
		}
		UnlockReleaseBuffer(buffer);
	}
	UnlockReleaseBuffer(meta_buffer);
	return fits;
}

/* Links an empty page behind the last one, unless somebody else did since `seen`. */
static void
add_page(Relation index, const TailRecord *seen)
{
	BlockNumber block = extent_allocate(index, 1);
	MetaChange change;
	TailRecord *tail;
	Buffer buffer;
	Buffer last = InvalidBuffer;
	Page page;

	meta_change(index, &change);
	tail = &change.meta->open;
	buffer = ReadBufferExtended(index, MAIN_FORKNUM, block, RBM_ZERO_AND_LOCK, NULL);
	page = GenericXLogRegisterBuffer(change.wal, buffer, GENERIC_XLOG_FULL_IMAGE);
	if (tail->id != seen->id || (tail->id != 0 && tail->last != seen->last))
	{
		/* Logged, or a standby's file could end before a block that is free. */
		page_init(page, 0, PAGE_FREE, 0);
		extent_free(change.meta, block, 1);
		meta_apply(&change);
		UnlockReleaseBuffer(buffer);
		return;
	}
	if (tail->id == 0)
	{
		tail->id = change.meta->next_id++;
		tail->head = block;
		tail->pages = 0;
	}
	else
	{
		last = ReadBuffer(index, tail->last);
		LockBuffer(last, BUFFER_LOCK_EXCLUSIVE);
		page_check(index, last, tail->id, PAGE_TAIL);
		tail_header(GenericXLogRegisterBuffer(change.wal, last, 0))->next = block;
	}
	page_init(page, tail->id, PAGE_TAIL, sizeof(TailHeader));
	tail_header(page)->next = InvalidBlockNumber;
	tail_header(page)->reserved = 0;
	tail->last = block;
	tail->pages++;
	meta_apply(&change);
	UnlockReleaseBuffer(buffer);
	if (BufferIsValid(last))
		UnlockReleaseBuffer(last);
}

bool
tail_insert(Relation index, const ItemPointerData *tid, const void *value)
{
	TailEntry entry;
	TailRecord tail;
	LongValue place;
	const void *payload = value;

	memset(&entry, 0, sizeof(entry));
	entry.tid = *tid;
	if (value == NULL)
		entry.flags = TAIL_NULL;
	else
	{
		entry.bytes = value_size(index, value);
		if (MAXALIGN(entry.bytes) > TAIL_ROOM - sizeof(TailEntry))
		{
			entry.flags = TAIL_LONG;
			place = write_long(index, value, entry.bytes);
			payload = &place;
		}
	}
	while (!insert_on_last(index, &entry, payload, &tail))
	{
		CHECK_FOR_INTERRUPTS();
		add_page(index, &tail);
	}
	return (uint64) tail.pages * BLCKSZ > (uint64) tail_size(index) * 1024;
}

/* A copy of a page of the tail: what follows needs no lock. */
static void
copy_page(Relation index, uint32 owner, BlockNumber block, PGAlignedBlock *copy)
{
	Buffer buffer;

	CHECK_FOR_INTERRUPTS();
	buffer = ReadBuffer(index, block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page_check(index, buffer, owner, PAGE_TAIL);
	memcpy(copy->data, BufferGetPage(buffer), BLCKSZ);
	UnlockReleaseBuffer(buffer);
}

static void
visit_entry(Relation index, const TailEntry *entry, TailVisitor visit, void *state)
{
	void *value;

	if (!ItemPointerIsValid(&entry->tid))
		return;
	if (entry->flags & TAIL_NULL)
		visit(state, &entry->tid, NULL);
	else if (entry->flags & TAIL_LONG)
	{
		value = tail_long_value(index, entry);
		visit(state, &entry->tid, value);
		pfree(value);
	}
	else
		visit(state, &entry->tid, entry + 1);
}

/* The page behind this one. */
static BlockNumber
next_block(Relation index, BlockNumber block, Page page, BlockNumber *visited)
{
	if (++*visited > RelationGetNumberOfBlocks(index))
		tail_damaged(index, block, "The pages of the tail form a circle.");
	return tail_header(page)->next;
}

void
tail_visit(Relation index, const TailRecord *tail, TailVisitor visit, void *state)
{
	PGAlignedBlock *copy;
	BlockNumber block = tail->head;
	BlockNumber visited = 0;

	if (tail->id == 0)
		return;
	copy = palloc(sizeof(PGAlignedBlock));
	while (block != InvalidBlockNumber)
	{
		copy_page(index, tail->id, block, copy);
		for (TailEntry *entry = NULL;
			 (entry = tail_next_entry(index, block, copy->data, entry)) != NULL;)
			visit_entry(index, entry, visit, state);
		block = next_block(index, block, copy->data, &visited);
	}
	pfree(copy);
}

void
tail_seal(Relation index)
{
	MetaChange change;

	meta_change(index, &change);
	if (change.meta->sealed.id != 0 || change.meta->open.id == 0)
	{
		meta_cancel(&change);
		return;
	}
	change.meta->sealed = change.meta->open;
	memset(&change.meta->open, 0, sizeof(TailRecord));
	meta_apply(&change);
}

static void
add_blocks(TailBlocks *blocks, BlockNumber first, uint32 count)
{
	if (blocks->count == blocks->size)
	{
		blocks->size = blocks->size == 0 ? 64 : 2 * blocks->size;
		blocks->extent = blocks->extent == NULL
			? palloc(blocks->size * sizeof(FreeExtent))
			: repalloc_huge(blocks->extent, (Size) blocks->size * sizeof(FreeExtent));
	}
	blocks->extent[blocks->count].first = first;
	blocks->extent[blocks->count].count = count;
	blocks->count++;
}

void
tail_blocks(Relation index, const TailRecord *tail, TailBlocks *blocks)
{
	PGAlignedBlock *copy = palloc(sizeof(PGAlignedBlock));
	BlockNumber block = tail->head;
	BlockNumber visited = 0;

	memset(blocks, 0, sizeof(TailBlocks));
	while (block != InvalidBlockNumber)
	{
		copy_page(index, tail->id, block, copy);
		add_blocks(blocks, block, 1);
		for (TailEntry *entry = NULL;
			 (entry = tail_next_entry(index, block, copy->data, entry)) != NULL;)
		{
			LongValue place;

			if (!(entry->flags & TAIL_LONG))
				continue;
			memcpy(&place, entry + 1, sizeof(place));
			add_blocks(blocks, place.first, (entry->bytes + PAGE_ROOM - 1) / PAGE_ROOM);
		}
		block = next_block(index, block, copy->data, &visited);
	}
	pfree(copy);
}

void
tail_delete(Relation index, const TailRecord *tail, bool (*is_dead)(ItemPointer tid, void *state),
			void *state, double *removed, double *remaining)
{
	BlockNumber block = tail->id == 0 ? InvalidBlockNumber : tail->head;
	BlockNumber visited = 0;

	while (block != InvalidBlockNumber)
	{
		Buffer buffer = ReadBuffer(index, block);
		GenericXLogState *wal;
		Page page;
		bool changed = false;

		vacuum_delay();
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		page_check(index, buffer, tail->id, PAGE_TAIL);
		wal = GenericXLogStart(index);
		page = GenericXLogRegisterBuffer(wal, buffer, 0);
		for (TailEntry *entry = NULL; (entry = tail_next_entry(index, block, page, entry)) != NULL;)
		{
			if (!ItemPointerIsValid(&entry->tid))
				continue;
			if (is_dead(&entry->tid, state))
			{
				ItemPointerSetInvalid(&entry->tid);
				changed = true;
				(*removed)++;
			}
			else
				(*remaining)++;
		}
		block = next_block(index, block, page, &visited);
		if (changed)
			GenericXLogFinish(wal);
		else
			GenericXLogAbort(wal);
		UnlockReleaseBuffer(buffer);
	}
}
