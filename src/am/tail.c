/*
 * tail.c
 *	  Rows that were inserted since the last segment was made.
 */
#include "am/tail.h"

#include "access/generic_xlog.h"
#include "am/content.h"
#include "am/extent.h"
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

bool
tail_is_large(Relation index, const TailRecord *tail)
{
	int size = option_tail_size(index, segment_content(index)->tail_size);

	return tail_page_count(tail) * BLCKSZ > (uint64) size * 1024;
}

Size
value_size(Relation index, const void *value)
{
	int16 length = TupleDescAttr(RelationGetDescr(index), 0)->attlen;

	return length > 0 ? (Size) length : VARSIZE(value);
}

/* Writes a long value to blocks that nothing refers to yet. */
static LongValue
write_long(Relation index, const void *value, Size size)
{
	MetaChange change;
	LongValue place;

	meta_change(index, &change);
	place.owner = change.meta->next_id++;
	meta_apply(&change);
	place.first = extent_allocate(index, PENDING_LONG_VALUE, page_count(size));
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

/* The last page of the tail, locked for a change. */
static Buffer
lock_last_page(Relation index, const TailRecord *tail)
{
	Buffer buffer = ReadBuffer(index, tail->last);

	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	page_check(index, buffer, tail->id, PAGE_TAIL);
	return buffer;
}

static bool
has_room(Buffer buffer, const TailEntry *entry)
{
	const PageHeaderData *header = (PageHeader) BufferGetPage(buffer);

	return (Size) (header->pd_upper - header->pd_lower) >= tail_entry_size(entry);
}

/* What follows the entry on its page is the value, or where it is. */
static void
append_entry(Page page, const TailEntry *entry, const void *payload)
{
	PageHeader header = (PageHeader) page;
	char *to = (char *) page + header->pd_lower;
	Size size = tail_entry_size(entry);

	memset(to, 0, size);
	memcpy(to, entry, sizeof(TailEntry));
	if (entry->flags & TAIL_LONG)
		memcpy(to + sizeof(TailEntry), payload, sizeof(LongValue));
	else if (!(entry->flags & TAIL_NULL))
		memcpy(to + sizeof(TailEntry), payload, entry->bytes);
	header->pd_lower += size;
}

/* Puts the entry on the last page of the tail, if there is room; *tail tells what was seen. */
static bool
insert_on_last(Relation index, const TailEntry *entry, const void *value, TailRecord *tail)
{
	Buffer meta_buffer = ReadBuffer(index, META_BLOCK);
	bool fits = false;

	/* While the metapage is locked, nobody seals the tail. */
	LockBuffer(meta_buffer, BUFFER_LOCK_SHARE);
	page_check(index, meta_buffer, 0, PAGE_META);
	meta_check(index, PageGetMeta(BufferGetPage(meta_buffer)));
	*tail = PageGetMeta(BufferGetPage(meta_buffer))->open;
	if (tail->id != 0)
	{
		Buffer buffer = lock_last_page(index, tail);

		fits = has_room(buffer, entry);
		if (fits)
		{
			GenericXLogState *wal = GenericXLogStart(index);

			append_entry(GenericXLogRegisterBuffer(wal, buffer, 0), entry, value);
			GenericXLogFinish(wal);
		}
		UnlockReleaseBuffer(buffer);
	}
	UnlockReleaseBuffer(meta_buffer);
	return fits;
}

/* Likewise for a long value, whose pages the metapage counts: they are pending no longer. */
static bool
insert_long_on_last(Relation index, const TailEntry *entry, const LongValue *place, TailRecord *tail)
{
	MetaChange change;
	Buffer buffer;
	bool fits;

	meta_change(index, &change);
	*tail = change.meta->open;
	if (tail->id == 0)
	{
		meta_cancel(&change);
		return false;
	}
	buffer = lock_last_page(index, tail);
	fits = has_room(buffer, entry);
	if (fits)
	{
		append_entry(GenericXLogRegisterBuffer(change.wal, buffer, 0), entry, place);
		change.meta->open.long_pages += page_count(entry->bytes);
		extent_linked(&change, PENDING_LONG_VALUE);
		*tail = change.meta->open;
		meta_apply(&change);
	}
	else
		meta_cancel(&change);
	UnlockReleaseBuffer(buffer);
	return fits;
}

/* Links an empty page behind the last one, which ends the change. */
static void
link_page(Relation index, MetaChange *change, BlockNumber block)
{
	TailRecord *tail = &change->meta->open;
	Buffer buffer = ReadBufferExtended(index, MAIN_FORKNUM, block, RBM_ZERO_AND_LOCK, NULL);
	Page page = GenericXLogRegisterBuffer(change->wal, buffer, GENERIC_XLOG_FULL_IMAGE);
	Buffer last = InvalidBuffer;

	if (tail->id == 0)
	{
		tail->id = change->meta->next_id++;
		tail->head = block;
		tail->pages = 0;
		tail->long_pages = 0;
	}
	else
	{
		last = lock_last_page(index, tail);
		tail_header(GenericXLogRegisterBuffer(change->wal, last, 0))->next = block;
	}
	page_init(page, tail->id, PAGE_TAIL, sizeof(TailHeader));
	tail_header(page)->next = InvalidBlockNumber;
	tail_header(page)->reserved = 0;
	tail->last = block;
	tail->pages++;
	meta_apply(change);
	UnlockReleaseBuffer(buffer);
	if (BufferIsValid(last))
		UnlockReleaseBuffer(last);
}

/* Begins a change of the metapage to add a page, unless somebody else has added one since `seen`. */
static bool
begin_page(Relation index, const TailRecord *seen, MetaChange *change)
{
	const TailRecord *tail;

	meta_change(index, change);
	tail = &change->meta->open;
	if (tail->id == seen->id && (tail->id == 0 || tail->last == seen->last))
		return true;
	meta_cancel(change);
	return false;
}

/* Whoever comes first adds a page; the others find it, and have taken none. */
static void
add_page(Relation index, const TailRecord *seen)
{
	MetaChange change;
	BlockNumber block;

	if (!begin_page(index, seen, &change))
		return;
	block = extent_take(&change, 1);
	if (block != InvalidBlockNumber)
	{
		link_page(index, &change, block);
		return;
	}
	meta_cancel(&change);

	extension_lock(index);
	if (begin_page(index, seen, &change))
		link_page(index, &change, extent_append(index, 1));
	extension_unlock(index);
}

/* One at a time: what is pending is theirs. */
static void
insert_long(Relation index, TailEntry *entry, const void *value, TailRecord *tail)
{
	LongValue place;

	entry->flags = TAIL_LONG;
	long_value_lock(index);
	place = write_long(index, value, entry->bytes);
	while (!insert_long_on_last(index, entry, &place, tail))
	{
		CHECK_FOR_INTERRUPTS();
		add_page(index, tail);
	}
	long_value_unlock(index);
}

bool
tail_insert(Relation index, const ItemPointerData *tid, const void *value)
{
	TailEntry entry;
	TailRecord tail;

	memset(&entry, 0, sizeof(entry));
	entry.tid = *tid;
	if (value == NULL)
		entry.flags = TAIL_NULL;
	else
		entry.bytes = value_size(index, value);
	if (MAXALIGN(entry.bytes) > TAIL_ROOM - sizeof(TailEntry))
		insert_long(index, &entry, value, &tail);
	else
	{
		while (!insert_on_last(index, &entry, value, &tail))
		{
			CHECK_FOR_INTERRUPTS();
			add_page(index, &tail);
		}
	}
	return tail_is_large(index, &tail);
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
			? palloc(blocks->size * sizeof(TailExtent))
			: repalloc_huge(blocks->extent, (Size) blocks->size * sizeof(TailExtent));
	}
	blocks->extent[blocks->count].first = first;
	blocks->extent[blocks->count].count = count;
	blocks->count++;
}

static int
compare_extents(const void *left, const void *right)
{
	BlockNumber a = ((const TailExtent *) left)->first;
	BlockNumber b = ((const TailExtent *) right)->first;

	return a < b ? -1 : a > b;
}

/* In the order of blocks; neighbours become one. */
static void
arrange(TailBlocks *blocks)
{
	uint32 kept = 0;

	qsort(blocks->extent, blocks->count, sizeof(TailExtent), compare_extents);
	for (uint32 i = 0; i < blocks->count; i++)
	{
		TailExtent *last = kept > 0 ? &blocks->extent[kept - 1] : NULL;

		if (last != NULL && last->first + last->count == blocks->extent[i].first)
			last->count += blocks->extent[i].count;
		else
			blocks->extent[kept++] = blocks->extent[i];
	}
	blocks->count = kept;
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
			add_blocks(blocks, place.first, page_count(entry->bytes));
		}
		block = next_block(index, block, copy->data, &visited);
	}
	pfree(copy);
	arrange(blocks);
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
