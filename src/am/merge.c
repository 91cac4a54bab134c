/*
 * merge.c
 *	  Making segments of the tail and of other segments.
 *
 * Segments fall into classes by size, each MERGE_FACTOR times the one before;
 * when a class has that many, they become one of a class above.  So a row is
 * written once for each class, and segments stay few.
 *
 * Whoever inserts waits for what he merges, and his statement has a time limit
 * perhaps: he merges what is small (INSERT_MERGE_SIZE), and leaves the rest to
 * vacuum and shortlist_merge().
 */
#include "am/merge.h"

#include "access/xlog.h"
#include "am/am.h"
#include "am/extent.h"
#include "am/tail.h"
#include "catalog/pg_class.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#define MERGE_FACTOR 8

/*
 * Segments that an insert merges, in bytes: 130,000 people or 400,000 events,
 * which take half a second.  The less it is, the more segments a search has to
 * look into where nobody vacuums: of a million people some 25.
 */
#define INSERT_MERGE_SIZE (8 * 1024 * 1024)

/* Temporary files that making a segment takes, in sizes of what it is made of. */
#define MERGE_FILES 4

/* What a merge may take. */
typedef struct MergeLimits
{
	uint64 blocks; /* of segments that become one */
	int memory_kb;
} MergeLimits;

static MergeLimits
no_limits(void)
{
	MergeLimits limits = {PG_UINT64_MAX, maintenance_work_mem};

	return limits;
}

static MergeLimits
insert_limits(void)
{
	MergeLimits limits = {INSERT_MERGE_SIZE / BLCKSZ, work_mem};

	return limits;
}

/* A fresh id for a segment. */
static uint32
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
remove_segment(MetaChange *change, uint32 id)
{
	Meta *meta = change->meta;
	uint32 at = find_segment(meta, id);

	extent_free(change, meta->segment[at].first, segment_blocks(&meta->segment[at]));
	meta->segment_count--;
	memmove(&meta->segment[at], &meta->segment[at + 1],
			(meta->segment_count - at) * sizeof(SegmentRecord));
}

/* Links a segment that builder_finish() has written. */
static void
append_segment(MetaChange *change, const SegmentRecord *segment)
{
	Meta *meta = change->meta;

	if (meta->segment_count >= META_SEGMENTS)
		elog(ERROR, "no room for a segment in the metapage");
	meta->segment[meta->segment_count++] = *segment;
	extent_linked(change, PENDING_SEGMENT);
}

/* Makes one segment of several. */
static void
merge_chosen(Relation index, const Meta *meta, const uint32 *chosen, uint32 count, int memory_kb)
{
	SegmentBuilder *builder = builder_begin(index, segment_content(index), memory_kb);
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
		remove_segment(&change, meta->segment[chosen[i]].id);
	if (!empty)
		append_segment(&change, &merged);
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
	return 2 * (uint64) segment->dead > (uint64) segment->rows + segment->null_rows;
}

static uint32
size_class(Relation index, uint32 blocks)
{
	int tail_size = option_tail_size(index, segment_content(index)->tail_size);
	uint64 limit = Max(1, (uint64) tail_size * 1024 / BLCKSZ * 2);
	uint32 number = 0;

	while (blocks > limit)
	{
		limit *= MERGE_FACTOR;
		number++;
	}
	return number;
}

/* One that is mostly dead. */
static bool
choose_dead(const Meta *meta, uint64 most, uint32 *chosen)
{
	for (uint32 i = 0; i < meta->segment_count; i++)
	{
		if (is_mostly_dead(&meta->segment[i]) && segment_blocks(&meta->segment[i]) <= most)
		{
			chosen[0] = i;
			return true;
		}
	}
	return false;
}

/*
 * Of the segments from `first` to `end`, which are a class in the order of size,
 * how many to merge: all if they are enough, but no more than have `most`
 * blocks together, and those at once.  One that has more than half of that is
 * left alone, or its rows would be written again and again.
 */
static uint32
count_mergeable(const Meta *meta, const uint32 *order, uint32 first, uint32 end, uint64 most)
{
	uint64 blocks = 0;
	uint32 at;

	for (at = first; at < end; at++)
	{
		uint32 size = segment_blocks(&meta->segment[order[at]]);

		if (size > most / 2)
			break;
		if (blocks + size > most)
			return at - first;
		blocks += size;
	}
	return at - first >= MERGE_FACTOR ? at - first : 0;
}

/*
 * Which segments to merge: one that is mostly dead, or the smallest ones if
 * their class is full, or, if the metapage is, the two smallest, whatever
 * they have.
 */
static uint32
choose(Relation index, Meta *meta, uint64 most, uint32 *chosen)
{
	uint32 order[META_SEGMENTS];
	uint32 end;

	if (choose_dead(meta, most, chosen))
		return 1;
	for (uint32 i = 0; i < meta->segment_count; i++)
		order[i] = i;
	qsort_arg(order, meta->segment_count, sizeof(uint32), compare_blocks, meta);
	for (uint32 first = 0; first < meta->segment_count; first = end)
	{
		uint32 number = size_class(index, segment_blocks(&meta->segment[order[first]]));
		uint32 count;

		for (end = first; end < meta->segment_count; end++)
		{
			if (size_class(index, segment_blocks(&meta->segment[order[end]])) != number)
				break;
		}
		count = count_mergeable(meta, order, first, end, most);
		if (count > 0)
		{
			memcpy(chosen, order + first, count * sizeof(uint32));
			return count;
		}
	}
	if (meta->segment_count >= META_SEGMENTS - 1)
	{
		memcpy(chosen, order, 2 * sizeof(uint32));
		return 2;
	}
	return 0;
}

/* Merges segments of about the same size while there are many, and rewrites those that are mostly dead. */
static void
merge_segments(Relation index, MergeLimits limits)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist merge", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);
	uint32 chosen[META_SEGMENTS];
	uint32 count;
	Meta *meta = meta_read(index);

	while ((count = choose(index, meta, limits.blocks, chosen)) > 0)
	{
		merge_chosen(index, meta, chosen, count, limits.memory_kb);
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
	append_segment(&change, &segment);
	meta_apply(&change);
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
		extent_free(&change, blocks.extent[i].first, blocks.extent[i].count);
	if (segment != NULL)
		append_segment(&change, segment);
	meta_apply(&change);
}

static void
merge_sealed(Relation index, int memory_kb)
{
	Meta *meta = meta_read(index);
	SegmentBuilder *builder;
	SegmentRecord segment;

	if (meta->sealed.id == 0)
		return;
	builder = builder_begin(index, segment_content(index), memory_kb);
	tail_visit(index, &meta->sealed, add_tail_row, builder);
	if (builder_rows(builder) == 0)
		replace_tail(index, &meta->sealed, NULL);
	else
	{
		builder_finish(builder, segment_new_id(index), true, &segment);
		replace_tail(index, &meta->sealed, &segment);
	}
}

static void
move_tail(Relation index, MergeLimits limits)
{
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist tail", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);

	/* one may have been left sealed by a crash or a cancelled merge */
	merge_sealed(index, limits.memory_kb);
	merge_segments(index, limits);
	tail_seal(index);
	merge_sealed(index, limits.memory_kb);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
	merge_segments(index, limits);
}

static bool
is_tail_large(Relation index)
{
	Meta *meta = meta_read(index);
	bool large = tail_is_large(index, &meta->open);

	pfree(meta);
	return large;
}

void
merge_tail(Relation index)
{
	move_tail(index, no_limits());
	/* What was inserted meanwhile, in the time that large merges take, is not left to the next insert. */
	if (is_tail_large(index))
		move_tail(index, no_limits());
}

/* What a statement may put into temporary files is enough for what an insert merges. */
static bool
has_room_for_files(Relation index)
{
	int tail_kb = option_tail_size(index, segment_content(index)->tail_size);

	return temp_file_limit < 0 ||
		temp_file_limit >= MERGE_FILES * Max(tail_kb, INSERT_MERGE_SIZE / 1024);
}

void
merge_after_insert(Relation index)
{
	/* Somebody else may have moved the tail before the lock was free. */
	if (is_tail_large(index) && has_room_for_files(index))
		move_tail(index, insert_limits());
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
		merge_chosen(index, meta, chosen, meta->segment_count, maintenance_work_mem);
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
