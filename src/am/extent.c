/*
 * extent.c
 *	  Which blocks of an index are free, and where new ones come from.
 */
#include "am/extent.h"

#include "access/generic_xlog.h"
#include "access/transam.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/snapmgr.h"

/* The list of free extents */

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

static bool
is_adjacent(const FreeExtent *extent, const FreeExtent *next)
{
	return extent->first + extent->count == next->first;
}

/* Makes one of an extent and the next, which is adjacent. */
static void
join_next(Meta *meta, uint32 position)
{
	FreeExtent *extent = &meta->extent[position];

	extent->count += extent[1].count;
	extent->xid = Max(extent->xid, extent[1].xid);
	extent_remove(meta, position + 1);
}

/* Neighbours that can be used again become one. */
static void
join_removable(Meta *meta)
{
	uint32 at = 0;

	while (at + 1 < meta->extent_count)
	{
		FreeExtent *extent = &meta->extent[at];

		if (is_adjacent(extent, extent + 1) && is_removable(extent) && is_removable(extent + 1))
			join_next(meta, at);
		else
			at++;
	}
}

/* What two neighbours lose as one: blocks of that which could be used earlier wait for the other. */
static double
joining_cost(const FreeExtent *extent, const FreeExtent *next)
{
	if (extent->xid < next->xid)
		return (double) extent->count * (double) (next->xid - extent->xid);
	return (double) next->count * (double) (extent->xid - next->xid);
}

/* Joins the two neighbours that lose least; false if no extents are adjacent. */
static bool
join_cheapest(Meta *meta)
{
	uint32 best = meta->extent_count;
	double least = 0;

	for (uint32 i = 0; i + 1 < meta->extent_count; i++)
	{
		const FreeExtent *extent = &meta->extent[i];
		double cost;

		if (!is_adjacent(extent, extent + 1))
			continue;
		cost = joining_cost(extent, extent + 1);
		if (best == meta->extent_count || cost < least)
		{
			best = i;
			least = cost;
		}
	}
	if (best == meta->extent_count)
		return false;
	join_next(meta, best);
	return true;
}

/* The smallest extent is given up until the next REINDEX. */
static void
forget_smallest(Meta *meta)
{
	uint32 smallest = 0;

	for (uint32 i = 1; i < meta->extent_count; i++)
	{
		if (meta->extent[i].count < meta->extent[smallest].count)
			smallest = i;
	}
	extent_remove(meta, smallest);
}

/* Puts an extent in its place; one that a neighbour was freed with, or that nobody ever saw, is a part of it. */
static void
list_extent(Meta *meta, const FreeExtent *extent)
{
	uint32 at = 0;

	while (at < meta->extent_count && meta->extent[at].first < extent->first)
		at++;
	memmove(&meta->extent[at + 1], &meta->extent[at],
			(meta->extent_count - at) * sizeof(FreeExtent));
	meta->extent_count++;
	meta->extent[at] = *extent;
	if (at + 1 < meta->extent_count && is_adjacent(&meta->extent[at], &meta->extent[at + 1]) &&
		meta->extent[at].xid == meta->extent[at + 1].xid)
		join_next(meta, at);
	if (at > 0 && is_adjacent(&meta->extent[at - 1], &meta->extent[at]) &&
		meta->extent[at - 1].xid == meta->extent[at].xid)
		join_next(meta, at - 1);

	/* one place is left for the next */
	if (meta->extent_count == META_EXTENTS)
		join_removable(meta);
	if (meta->extent_count == META_EXTENTS && !join_cheapest(meta))
		forget_smallest(meta);
}

void
extent_free(MetaChange *change, BlockNumber first, uint32 count)
{
	FreeExtent freed = {first, count, change->xid};

	if (count == 0)
		return;
	/* Who can still be reading the blocks has read the metapage, and so has a snapshot that is older. */
	if (freed.xid == 0)
		freed.xid = change->xid = U64FromFullTransactionId(ReadNextFullTransactionId());
	list_extent(change->meta, &freed);
}

/* Takes from the smallest extent that is large enough and that nobody can still be reading. */
BlockNumber
extent_take(MetaChange *change, uint32 count)
{
	Meta *meta = change->meta;
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

/* The end of the index */

void
extension_lock(Relation index)
{
	if (!RELATION_IS_LOCAL(index))
		LockRelationForExtension(index, ExclusiveLock);
}

void
extension_unlock(Relation index)
{
	if (!RELATION_IS_LOCAL(index))
		UnlockRelationForExtension(index, ExclusiveLock);
}

static bool
is_new(Relation index, BlockNumber block)
{
	Buffer buffer = ReadBuffer(index, block);
	bool new;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	new = PageIsNew(BufferGetPage(buffer));
	UnlockReleaseBuffer(buffer);
	return new;
}

BlockNumber
extent_used_end(Relation index)
{
	BlockNumber end = RelationGetNumberOfBlocks(index);

	while (end > META_BLOCK + 1 && is_new(index, end - 1))
		end--;
	return end;
}

BlockNumber
extent_append(Relation index, uint32 count)
{
	BlockNumber first = extent_used_end(index);

	for (BlockNumber next = RelationGetNumberOfBlocks(index); next < first + count; next++)
	{
		Buffer buffer = ReadBuffer(index, P_NEW);
		BlockNumber block = BufferGetBlockNumber(buffer);

		ReleaseBuffer(buffer);
		if (block != next)
			elog(ERROR, "blocks of index \"%s\" are not consecutive",
				 RelationGetRelationName(index));
		CHECK_FOR_INTERRUPTS();
	}
	return first;
}

/* Pending blocks */

static void
set_pending(MetaChange *change, PendingUse use, BlockNumber first, uint32 count)
{
	change->meta->pending[use].first = first;
	change->meta->pending[use].count = count;
}

/* What was left behind by a statement that was cancelled, or by a crash: nobody ever saw these blocks. */
static void
free_pending(MetaChange *change, PendingUse use)
{
	const PendingExtent *pending = &change->meta->pending[use];
	FreeExtent freed = {pending->first, pending->count,
						U64FromFullTransactionId(FirstNormalFullTransactionId)};

	if (pending->count > 0)
		list_extent(change->meta, &freed);
	set_pending(change, use, 0, 0);
}

/*
 * Makes the blocks longer.  The last block is in the WAL record that makes them
 * pending, so that recovery and a standby have all blocks that the metapage
 * knows.
 */
static BlockNumber
append_pending(Relation index, PendingUse use, uint32 count)
{
	MetaChange change;
	BlockNumber first;
	Buffer buffer;

	extension_lock(index);
	first = extent_append(index, count);
	meta_change(index, &change);
	buffer = ReadBufferExtended(index, MAIN_FORKNUM, first + count - 1, RBM_ZERO_AND_LOCK, NULL);
	page_init(GenericXLogRegisterBuffer(change.wal, buffer, GENERIC_XLOG_FULL_IMAGE), 0, PAGE_FREE,
			  0);
	set_pending(&change, use, first, count);
	meta_apply(&change);
	UnlockReleaseBuffer(buffer);
	extension_unlock(index);
	return first;
}

BlockNumber
extent_allocate(Relation index, PendingUse use, uint32 count)
{
	MetaChange change;
	BlockNumber first;

	meta_change(index, &change);
	free_pending(&change, use);
	first = extent_take(&change, count);
	if (first != InvalidBlockNumber)
		set_pending(&change, use, first, count);
	meta_apply(&change);
	return first != InvalidBlockNumber ? first : append_pending(index, use, count);
}

void
extent_linked(MetaChange *change, PendingUse use)
{
	set_pending(change, use, 0, 0);
}
