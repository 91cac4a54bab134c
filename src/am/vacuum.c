/*
 * vacuum.c
 *	  Deleting: row pointers are cleared where they are.
 */
#include "am/am.h"

#include "access/generic_xlog.h"
#include "am/merge.h"
#include "am/segment.h"
#include "am/tail.h"

typedef struct Deletion
{
	IndexBulkDeleteCallback is_dead;
	void *state;
	double removed;
	double remaining;
} Deletion;

/* Clears pointers of one page; returns how many are clear now, those of vacuums that did not come to an end among them. */
static uint32
clear_page(Relation index, uint32 owner, BlockNumber block, Deletion *deletion)
{
	Buffer buffer = ReadBuffer(index, block);
	GenericXLogState *wal;
	Page page;
	ItemPointerData *row, *end;
	uint32 cleared = 0;
	uint32 clear = 0;

	vacuum_delay();
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	page_check(index, buffer, owner, PAGE_SEGMENT);
	wal = GenericXLogStart(index);
	page = GenericXLogRegisterBuffer(wal, buffer, 0);
	row = (ItemPointerData *) PageGetContents(page);
	end = (ItemPointerData *) ((char *) page + ((PageHeader) page)->pd_lower);
	for (; row < end; row++)
	{
		if (!ItemPointerIsValid(row))
			clear++;
		else if (deletion->is_dead(row, deletion->state))
		{
			ItemPointerSetInvalid(row);
			cleared++;
		}
		else
			deletion->remaining++;
	}
	if (cleared > 0)
		GenericXLogFinish(wal);
	else
		GenericXLogAbort(wal);
	UnlockReleaseBuffer(buffer);
	deletion->removed += cleared;
	return clear + cleared;
}

/* Returns how many rows of the segment are dead. */
static uint32
clear_segment(Relation index, const SegmentRecord *segment, Deletion *deletion)
{
	BlockNumber start[AREAS];
	uint32 dead = 0;

	segment_layout(segment, start);
	for (BlockNumber block = start[AREA_ROWS]; block < start[AREA_ROWS + 1]; block++)
		dead += clear_page(index, segment->id, block, deletion);
	return dead;
}

static void
count_dead(Relation index, const uint32 *dead)
{
	MetaChange change;

	/* segments come and go only under the writer's lock, which is held */
	meta_change(index, &change);
	for (uint32 i = 0; i < change.meta->segment_count; i++)
		change.meta->segment[i].dead = dead[i];
	meta_apply(&change);
}

IndexBulkDeleteResult *
shortlist_bulk_delete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
					  IndexBulkDeleteCallback is_dead, void *state)
{
	Relation index = info->index;
	Deletion deletion = {is_dead, state, 0, 0};
	uint32 dead[META_SEGMENTS] = {0};
	Meta *meta;

	if (stats == NULL)
		stats = palloc0(sizeof(IndexBulkDeleteResult));
	writer_lock(index);
	meta = meta_read(index);
	for (uint32 i = 0; i < meta->segment_count; i++)
		dead[i] = clear_segment(index, &meta->segment[i], &deletion);
	tail_delete(index, &meta->sealed, is_dead, state, &deletion.removed, &deletion.remaining);
	tail_delete(index, &meta->open, is_dead, state, &deletion.removed, &deletion.remaining);
	count_dead(index, dead);
	writer_unlock(index);
	pfree(meta);
	stats->tuples_removed += deletion.removed;
	stats->num_index_tuples = deletion.remaining;
	stats->estimated_count = false;
	return stats;
}

IndexBulkDeleteResult *
shortlist_vacuum_cleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	Relation index = info->index;
	Meta *meta;
	double rows = 0;

	if (info->analyze_only)
		return stats;
	writer_lock(index);
	merge_tail(index);
	writer_unlock(index);

	if (stats == NULL)
		stats = palloc0(sizeof(IndexBulkDeleteResult));
	meta = meta_read(index);
	for (uint32 i = 0; i < meta->segment_count; i++)
		rows += (double) meta->segment[i].rows + meta->segment[i].null_rows - meta->segment[i].dead;
	stats->num_pages = RelationGetNumberOfBlocks(index);
	stats->num_index_tuples = rows;
	stats->estimated_count = meta->open.id != 0;
	stats->pages_free = 0;
	for (uint32 i = 0; i < meta->extent_count; i++)
		stats->pages_free += meta->extent[i].count;
	pfree(meta);
	return stats;
}
