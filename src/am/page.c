/*
 * page.c
 *	  Pages of a shortlist index: reading, writing, allocating; the metapage.
 */
#include "am/page.h"

#include "access/generic_xlog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "storage/lmgr.h"
#include "types/damage.h"
#include "utils/snapmgr.h"

void
page_init(Page page, uint32 owner, uint16 kind, Size used)
{
	PageTag *tag;

	PageInit(page, BLCKSZ, sizeof(PageTag));
	tag = PageGetTag(page);
	tag->owner = owner;
	tag->kind = kind;
	tag->page_id = SHORTLIST_PAGE_ID;
	/* What is beyond pd_lower is a hole, which WAL leaves out. */
	((PageHeader) page)->pd_lower = MAXALIGN(SizeOfPageHeaderData) + used;
}

void
page_check(Relation index, Buffer buffer, uint32 owner, uint16 kind)
{
	Page page = BufferGetPage(buffer);
	const PageTag *tag;

	if (!PageIsNew(page) && PageGetSpecialSize(page) == MAXALIGN(sizeof(PageTag)))
	{
		tag = PageGetTag(page);
		if (tag->page_id == SHORTLIST_PAGE_ID && tag->owner == owner && tag->kind == kind)
			return;
	}
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("index \"%s\" was merged on the primary while this scan was reading it",
						RelationGetRelationName(index)),
				 errhint("Run the query again; hot_standby_feedback = on keeps this from happening.")));
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" has an unexpected page at block %u",
					RelationGetRelationName(index), BufferGetBlockNumber(buffer)),
			 errhint_reindex(index)));
}

void
page_write(Relation index, BlockNumber block, uint32 owner, uint16 kind, const void *content,
		   Size size, bool wal)
{
	Buffer buffer = ReadBufferExtended(index, MAIN_FORKNUM, block, RBM_ZERO_AND_LOCK, NULL);
	GenericXLogState *state = NULL;
	Page page = BufferGetPage(buffer);

	if (wal)
	{
		state = GenericXLogStart(index);
		page = GenericXLogRegisterBuffer(state, buffer, GENERIC_XLOG_FULL_IMAGE);
	}
	page_init(page, owner, kind, size);
	memcpy(PageGetContents(page), content, size);
	if (wal)
		GenericXLogFinish(state);
	else
		MarkBufferDirty(buffer);
	UnlockReleaseBuffer(buffer);
}

void
meta_init(Meta *meta)
{
	memset(meta, 0, sizeof(Meta));
	meta->magic = META_MAGIC;
	meta->version = META_VERSION;
	meta->next_id = 1;
}

static void
meta_damaged(Relation index, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is damaged at block %u", RelationGetRelationName(index),
					META_BLOCK),
			 errdetail("%s", detail), errhint_reindex(index)));
}

void
meta_check(Relation index, const Meta *meta)
{
	if (meta->magic != META_MAGIC || meta->version != META_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("index \"%s\" is not of a version that this release of shortlist reads",
						RelationGetRelationName(index)),
				 errhint_reindex(index)));
	if (meta->segment_count > META_SEGMENTS || meta->extent_count > META_EXTENTS)
		meta_damaged(index, "It counts more segments or free extents than it has room for.");
}

static const char *
segment_flaw(const SegmentRecord *segment, BlockNumber blocks)
{
	uint64 rows = (uint64) segment->rows + segment->null_rows;
	uint64 end = segment->first;

	if (segment->id == 0 || segment->first == META_BLOCK)
		return "A segment has no id, or no place.";
	for (int area = 0; area < AREAS; area++)
	{
		/* compared one by one, so that the sum cannot wrap */
		if (segment->bytes[area] > (uint64) blocks * PAGE_ROOM)
			return "A segment is longer than the index.";
		end += (segment->bytes[area] + PAGE_ROOM - 1) / PAGE_ROOM;
	}
	if (end > blocks)
		return "A segment lies beyond the end of the index.";
	if (rows * sizeof(ItemPointerData) != segment->bytes[AREA_ROWS] || segment->dead > rows)
		return "A segment's number of rows is not that of its row pointers.";
	return NULL;
}

const char *
meta_flaw(const Meta *meta, BlockNumber blocks)
{
	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		const char *flaw = segment_flaw(&meta->segment[i], blocks);

		if (flaw != NULL)
			return flaw;
	}
	return NULL;
}

Meta *
meta_read(Relation index)
{
	const char *flaw;
	Meta *meta = palloc(sizeof(Meta));
	Buffer buffer = ReadBuffer(index, META_BLOCK);

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page_check(index, buffer, 0, PAGE_META);
	memcpy(meta, PageGetMeta(BufferGetPage(buffer)), sizeof(Meta));
	UnlockReleaseBuffer(buffer);
	meta_check(index, meta);
	flaw = meta_flaw(meta, RelationGetNumberOfBlocks(index));
	if (flaw != NULL)
		meta_damaged(index, flaw);
	return meta;
}

void
meta_change(Relation index, MetaChange *change)
{
	change->buffer = ReadBuffer(index, META_BLOCK);
	LockBuffer(change->buffer, BUFFER_LOCK_EXCLUSIVE);
	page_check(index, change->buffer, 0, PAGE_META);
	meta_check(index, PageGetMeta(BufferGetPage(change->buffer)));
	change->wal = GenericXLogStart(index);
	change->meta = PageGetMeta(GenericXLogRegisterBuffer(change->wal, change->buffer, 0));
}

void
meta_apply(MetaChange *change)
{
	GenericXLogFinish(change->wal);
	UnlockReleaseBuffer(change->buffer);
}

void
meta_cancel(MetaChange *change)
{
	GenericXLogAbort(change->wal);
	UnlockReleaseBuffer(change->buffer);
}

static void
extent_remove(Meta *meta, uint32 position)
{
	meta->extent_count--;
	memmove(&meta->extent[position], &meta->extent[position + 1],
			(meta->extent_count - position) * sizeof(FreeExtent));
}

/* Nobody can still be reading the extent. */
static bool
is_removable(const FreeExtent *extent)
{
	return GlobalVisCheckRemovableFullXid(NULL, FullTransactionIdFromU64(extent->xid));
}

/*
 * Neighbours that can be used again become one.  Others stay apart: a young
 * extent would make an old one wait.
 */
static void
join_removable(Meta *meta)
{
	uint32 kept = 0;
	bool joinable = false;

	for (uint32 i = 0; i < meta->extent_count; i++)
	{
		FreeExtent extent = meta->extent[i];
		bool removable = is_removable(&extent);
		FreeExtent *last = kept > 0 ? &meta->extent[kept - 1] : NULL;

		if (removable && joinable && last->first + last->count == extent.first)
		{
			last->count += extent.count;
			last->xid = Max(last->xid, extent.xid);
		}
		else
			meta->extent[kept++] = extent;
		joinable = removable;
	}
	meta->extent_count = kept;
}

/* Takes the smallest extent that is large enough and that nobody can still be reading. */
static BlockNumber
extent_take(Meta *meta, uint32 count)
{
	FreeExtent *best = NULL;
	BlockNumber first;

	join_removable(meta);
	for (uint32 i = 0; i < meta->extent_count; i++)
	{
		FreeExtent *extent = &meta->extent[i];

		if (extent->count >= count && is_removable(extent) &&
			(best == NULL || extent->count < best->count))
			best = extent;
	}
	if (best == NULL)
		return InvalidBlockNumber;
	first = best->first;
	best->first += count;
	best->count -= count;
	if (best->count == 0)
		extent_remove(meta, best - meta->extent);
	return first;
}

static BlockNumber
extend(Relation index, uint32 count)
{
	bool alone = RELATION_IS_LOCAL(index);
	BlockNumber first = InvalidBlockNumber;

	if (!alone)
		LockRelationForExtension(index, ExclusiveLock);
	for (uint32 i = 0; i < count; i++)
	{
		Buffer buffer = ReadBuffer(index, P_NEW);
		BlockNumber block = BufferGetBlockNumber(buffer);

		ReleaseBuffer(buffer);
		if (i == 0)
			first = block;
		else if (block != first + i)
			elog(ERROR, "blocks of index \"%s\" are not consecutive",
				 RelationGetRelationName(index));
		CHECK_FOR_INTERRUPTS();
	}
	if (!alone)
		UnlockRelationForExtension(index, ExclusiveLock);
	return first;
}

BlockNumber
extent_allocate(Relation index, uint32 count)
{
	MetaChange change;
	BlockNumber first;

	meta_change(index, &change);
	first = extent_take(change.meta, count);
	if (first != InvalidBlockNumber)
	{
		meta_apply(&change);
		return first;
	}
	meta_cancel(&change);
	return extend(index, count);
}

/* The list is full: the smallest extent is given up until the next REINDEX. */
static void
extent_forget_smallest(Meta *meta)
{
	uint32 smallest = 0;

	for (uint32 i = 1; i < meta->extent_count; i++)
	{
		if (meta->extent[i].count < meta->extent[smallest].count)
			smallest = i;
	}
	extent_remove(meta, smallest);
}

/* Adds to a neighbour that was freed at the same time. */
static bool
extent_extend(Meta *meta, BlockNumber first, uint32 count, uint64 xid)
{
	for (uint32 i = 0; i < meta->extent_count; i++)
	{
		FreeExtent *extent = &meta->extent[i];

		if (extent->xid != xid)
			continue;
		if (first + count == extent->first)
			extent->first = first;
		else if (extent->first + extent->count != first)
			continue;
		extent->count += count;
		return true;
	}
	return false;
}

void
extent_free(Meta *meta, BlockNumber first, uint32 count)
{
	FreeExtent freed = {first, count, U64FromFullTransactionId(ReadNextFullTransactionId())};
	uint32 at = 0;

	if (count == 0 || extent_extend(meta, first, count, freed.xid))
		return;
	if (meta->extent_count == META_EXTENTS)
		join_removable(meta);
	if (meta->extent_count == META_EXTENTS)
		extent_forget_smallest(meta);
	while (at < meta->extent_count && meta->extent[at].first < first)
		at++;
	memmove(&meta->extent[at + 1], &meta->extent[at],
			(meta->extent_count - at) * sizeof(FreeExtent));
	meta->extent_count++;
	meta->extent[at] = freed;
}

void
writer_lock(Relation index)
{
	LockPage(index, META_BLOCK, ExclusiveLock);
}

bool
writer_try_lock(Relation index)
{
	return ConditionalLockPage(index, META_BLOCK, ExclusiveLock);
}

void
writer_unlock(Relation index)
{
	UnlockPage(index, META_BLOCK, ExclusiveLock);
}

int
option_window_rows(Relation index, int automatic)
{
	const ShortlistOptions *options = (const ShortlistOptions *) index->rd_options;

	return options == NULL || options->window_rows == WINDOW_ROWS_AUTO ? automatic
																	   : options->window_rows;
}

int
option_tail_size(Relation index, int automatic)
{
	const ShortlistOptions *options = (const ShortlistOptions *) index->rd_options;

	return options == NULL || options->tail_size == TAIL_SIZE_AUTO ? automatic : options->tail_size;
}
