/*
 * merge.c
 *	  Making segments of the tail and of other segments.
 *
 * Segments fall into classes by size, each MERGE_FACTOR times the one before;
 * when a class has that many, they become one of a class above.  So a row is
 * written once for each class, and segments stay few.
 */
#include "am/merge.h"

#include "access/xlog.h"
#include "am/am.h"
#include "am/tail.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#define MERGE_FACTOR 8

uint32
segment_new_id(Relation index)
{
	MetaChange change;
	uint32 id;

	meta_change(index, &change);
	id = change.meta->next_id++;
	meta_apply(&change);
	return id;
}

static uint32
segment_blocks(const SegmentRecord *segment)
{
	BlockNumber start[AREAS];

	return segment_layout(segment, start);
}

static uint32
find_segment(const Meta *meta, uint32 id)
{
	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		if (meta->segment[i].id == id)
			return i;
	}
	elog(ERROR, "segment %u is not in the metapage", id);
}

static void
remove_segment(Meta *meta, uint32 id)
{
	uint32 at = find_segment(meta, id);

	extent_free(meta, meta->segment[at].first, segment_blocks(&meta->segment[at]));
	meta->segment_count--;
	memmove(&meta->segment[at], &meta->segment[at + 1],
			(meta->segment_count - at) * sizeof(SegmentRecord));
}

static void
append_segment(Meta *meta, const SegmentRecord *segment)
{
	if (meta->segment_count >= META_SEGMENTS)
		elog(ERROR, "no room for a segment in the metapage");
	meta->segment[meta->segment_count++] = *segment;
}

/* Makes one segment of several. */
static void
merge_chosen(Relation index, const Meta *meta, const uint32 *chosen, uint32 count)
{
	SegmentBuilder *builder = builder_begin(index, segment_content(index));
	SegmentRecord merged;
	MetaChange change;
	bool empty;

	for (uint32 i = 0; i < count; i++)
		builder_add_segment(builder, &meta->segment[chosen[i]]);
	empty = builder_rows(builder) == 0;
	if (!empty)
		builder_finish(builder, segment_new_id(index), true, &merged);
	meta_change(index, &change);
	for (uint32 i = 0; i < count; i++)
		remove_segment(change.meta, meta->segment[chosen[i]].id);
	if (!empty)
		append_segment(change.meta, &merged);
	meta_apply(&change);
}

static int
compare_blocks(const void *left, const void *right, void *arg)
{
	const Meta *meta = arg;
	uint32 a = segment_blocks(&meta->segment[*(const uint32 *) left]);
	uint32 b = segment_blocks(&meta->segment[*(const uint32 *) right]);

	return a < b ? -1 : a > b;
}

static bool
is_mostly_dead(const SegmentRecord *segment)
{
	return segment->dead * 2 > segment->rows + segment->null_rows;
}

static uint32
size_class(Relation index, uint32 blocks)
{
	int tail_size = option_tail_size(index, segment_content(index)->tail_size);
	uint64 limit = Max(1, (uint64) tail_size * 1024 / BLCKSZ * 2);
	uint32 class = 0;

	while (blocks > limit)
	{
		limit *= MERGE_FACTOR;
		class ++;
	}
	return class;
}

/*
 * Which segments to merge: one that is mostly dead, or the smallest ones if
 * their class is full, or, if the metapage is, the two smallest.
 */
static uint32
choose(Relation index, Meta *meta, uint32 *chosen)
{
	uint32 order[META_SEGMENTS];
	uint32 end;

	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		order[i] = i;
		if (is_mostly_dead(&meta->segment[i]))
		{
			chosen[0] = i;
			return 1;
		}
	}
	qsort_arg(order, meta->segment_count, sizeof(uint32), compare_blocks, meta);
	for (uint32 first = 0; first < meta->segment_count; first = end)
	{
		uint32 class = size_class(index, segment_blocks(&meta->segment[order[first]]));

		for (end = first; end < meta->segment_count; end++)
		{
			if (size_class(index, segment_blocks(&meta->segment[order[end]])) != class)
				break;
		}
		if (end - first >= MERGE_FACTOR)
		{
			memcpy(chosen, order + first, (end - first) * sizeof(uint32));
			return end - first;
		}
	}
	if (meta->segment_count >= META_SEGMENTS - 1)
	{
		memcpy(chosen, order, 2 * sizeof(uint32));
		return 2;
	}
	return 0;
}

void
merge_segments(Relation index)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist merge", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	uint32 chosen[META_SEGMENTS];
	uint32 count;
	Meta *meta = meta_read(index);

	while ((count = choose(index, meta, chosen)) > 0)
	{
		merge_chosen(index, meta, chosen, count);
		MemoryContextReset(memory);
		meta = meta_read(index);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
}

void
segment_add(Relation index, SegmentBuilder *builder, bool wal)
{
	SegmentRecord segment;
	MetaChange change;

	builder_finish(builder, segment_new_id(index), wal, &segment);
	meta_change(index, &change);
	append_segment(change.meta, &segment);
	meta_apply(&change);
	merge_segments(index);
}

static void
add_tail_row(void *state, const ItemPointerData *tid, const void *value)
{
	builder_add(state, tid, value);
}

/* One change of the metapage puts a segment in the place of the sealed tail. */
static void
replace_tail(Relation index, const TailRecord *tail, const SegmentRecord *segment)
{
	MetaChange change;
	TailBlocks blocks;

	tail_blocks(index, tail, &blocks);
	meta_change(index, &change);
	memset(&change.meta->sealed, 0, sizeof(TailRecord));
	for (uint32 i = 0; i < blocks.count; i++)
		extent_free(change.meta, blocks.extent[i].first, blocks.extent[i].count);
	if (segment != NULL)
		append_segment(change.meta, segment);
	meta_apply(&change);
}

static void
merge_sealed(Relation index)
{
	Meta *meta = meta_read(index);
	SegmentBuilder *builder;
	SegmentRecord segment;

	if (meta->sealed.id == 0)
		return;
	builder = builder_begin(index, segment_content(index));
	tail_visit(index, &meta->sealed, add_tail_row, builder);
	if (builder_rows(builder) == 0)
		replace_tail(index, &meta->sealed, NULL);
	else
	{
		builder_finish(builder, segment_new_id(index), true, &segment);
		replace_tail(index, &meta->sealed, &segment);
	}
}

void
merge_tail(Relation index)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist tail", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);

	/* one may have been left sealed by a crash or a cancelled merge */
	merge_sealed(index);
	merge_segments(index);
	tail_seal(index);
	merge_sealed(index);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
	merge_segments(index);
}

/* One segment of all, if there are several or some rows were deleted. */
static void
merge_all(Relation index)
{
	Meta *meta = meta_read(index);
	uint32 chosen[META_SEGMENTS];
	bool dead = false;

	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		chosen[i] = i;
		dead |= meta->segment[i].dead > 0;
	}
	if (meta->segment_count > 1 || dead)
		merge_chosen(index, meta, chosen, meta->segment_count);
}

static void
check_may_merge(Relation index)
{
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("recovery is in progress"), errhint("Merge the index on the primary.")));
	if (index->rd_rel->relkind != RELKIND_INDEX || index->rd_indam->ambuild != shortlist_build)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index by access method shortlist",
						RelationGetRelationName(index)),
				 errhint("It merges those made by CREATE INDEX ... USING shortlist.")));
	if (RELATION_IS_OTHER_TEMP(index))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot access temporary indexes of other sessions")));
	if (!owns_relation(RelationGetRelid(index), GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_INDEX, RelationGetRelationName(index));
}

/* shortlist_merge(index regclass) RETURNS bigint */
PG_FUNCTION_INFO_V1(shortlist_merge);
Datum
shortlist_merge(PG_FUNCTION_ARGS)
{
	Oid oid = PG_GETARG_OID(0);
	Relation index;
	Meta *meta;
	int64 rows = 0;

	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(oid)))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("index with OID %u does not exist", oid),
				 errhint("Name the index, for example 'people_skills_idx'.")));
	index = index_open(oid, RowExclusiveLock);
	check_may_merge(index);
	writer_lock(index);
	merge_tail(index);
	merge_all(index);
	writer_unlock(index);
	meta = meta_read(index);
	for (uint32 i = 0; i < meta->segment_count; i++)
		rows += (int64) meta->segment[i].rows + meta->segment[i].null_rows;
	index_close(index, RowExclusiveLock);
	PG_RETURN_INT64(rows);
}
