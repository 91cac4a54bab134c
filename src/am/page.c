/*
 * page.c
 *	  Pages of a shortlist index: reading and writing; the metapage, locks, options.
 */
#include "am/page.h"

#include "access/generic_xlog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "storage/lmgr.h"
#include "types/damage.h"

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
	/* A cursor can outlive the standby that it was opened on. */
	if (RecoveryInProgress() || TransactionStartedDuringRecovery())
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
	if (meta->segment_count > META_SEGMENTS || meta->extent_count >= META_EXTENTS)
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
		end += page_count(segment->bytes[area]);
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
	change->xid = 0;
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

/* Locks on blocks other than the metapage's mean nothing else. */
#define LONG_VALUE_LOCK (META_BLOCK + 1)

void
long_value_lock(Relation index)
{
	LockPage(index, LONG_VALUE_LOCK, ExclusiveLock);
}

void
long_value_unlock(Relation index)
{
	UnlockPage(index, LONG_VALUE_LOCK, ExclusiveLock);
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

	if (options == NULL || options->tail_size == TAIL_SIZE_AUTO)
		return automatic;
	return Max(options->tail_size, BLCKSZ / 1024);
}
