/*
 * event_build.c
 *	  Making a segment out of events.
 *
 * Events are put into a spool as they come.  When all are there, they are put
 * in the order of core/event_order.h and written.  What does not fit into
 * memory is halved first, as often as it takes, in files: by the same splits
 * as in memory, so that the order does not depend on how much memory there is,
 * but for events that are equal where they are split.
 */
#include "am/event_content.h"

#include "am/spool.h"
#include "core/event_order.h"
#include "miscadmin.h"
#include "types/eventfacts.h"
#include "utils/memutils.h"

typedef struct SpooledEvent
{
	EventFacts facts;
	ItemPointerData tid;
	uint16 reserved; /* 0 */
} SpooledEvent;

/* Some events, and the box around their points. */
typedef struct EventPart
{
	Spool *spool;
	uint64 count;
	float low[EVENT_DIMENSIONS];
	float high[EVENT_DIMENSIONS];
} EventPart;

typedef struct EventBuild
{
	EventPart rows;
	uint64 most; /* events that are ordered in memory */
	SegmentWriter *writer;
	EventTreeWriter tree;
	size_t unit[EVENT_TREE_LEVELS];
} EventBuild;

void *
event_begin_build(const SegmentContent *content, Relation index, Size memory)
{
	EventBuild *build = palloc0(sizeof(EventBuild));

	build->rows.spool = spool_begin();
	build->most = Max(memory / (sizeof(SpooledEvent) + sizeof(EventPoint)), EVENT_LANES);
	return build;
}

/* Parts */

static void
part_add(EventPart *part, const SpooledEvent *event, const EventPoint *point)
{
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		if (part->count == 0 || point->at[d] < part->low[d])
			part->low[d] = point->at[d];
		if (part->count == 0 || point->at[d] > part->high[d])
			part->high[d] = point->at[d];
	}
	part->count++;
	spool_write(part->spool, event, sizeof(SpooledEvent));
}

static void
part_read(EventPart *part, SpooledEvent *event, EventPoint *point)
{
	spool_read(part->spool, event, sizeof(SpooledEvent));
	event_point_of(&event->facts, 0, point);
}

static void
add_event(EventBuild *build, const ItemPointerData *tid, const EventFacts *facts)
{
	SpooledEvent event = {.facts = *facts, .tid = *tid};
	EventPoint point;

	event_point_of(facts, 0, &point);
	part_add(&build->rows, &event, &point);
}

void
event_add_row(void *state, const ItemPointerData *tid, const void *value)
{
	add_event(state, tid, DatumGetEventFacts(PointerGetDatum(value)));
}

/* Rows of a segment that is there already */

#define POINTERS 1024 /* that are read at once */

typedef struct SegmentRows
{
	EventBuild *build;
	const SegmentReader *segment;
	ItemPointerData tid[POINTERS];
	uint64 added;
} SegmentRows;

static void
add_segment_row(void *state, uint64_t row, const EventFacts *facts, double score)
{
	SegmentRows *rows = state;
	uint32 all = rows->segment->segment->rows;

	if (row >= all)
		segment_damaged(rows->segment, "Blocks hold more rows than the segment.");
	if (row % POINTERS == 0)
	{
		CHECK_FOR_INTERRUPTS();
		segment_pointers(rows->segment, (uint32) row, (uint32) Min(POINTERS, all - row), rows->tid);
	}
	if (!ItemPointerIsValid(&rows->tid[row % POINTERS]))
		return;
	add_event(rows->build, &rows->tid[row % POINTERS], facts);
	rows->added++;
}

uint64
event_add_segment(void *build, const SegmentReader *segment)
{
	SegmentRows rows = {.build = build, .segment = segment};
	EventTreeReader reader;

	event_reader_init(&reader, segment);
	if (!event_tree_read_all(&reader, add_segment_row, &rows))
		segment_damaged(segment, "A block of events does not make sense.");
	return rows.added;
}

/* What does not fit into memory is halved. */

/* An unsigned number for each float, in the same order. */
static inline uint32
sort_key(float value)
{
	uint32 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits & 0x80000000 ? ~bits : bits | 0x80000000;
}

/* The bin in which the number of that rank is; the rank becomes that among the bin's. */
static uint32
find_bin(const uint32 *bin, uint64 *rank)
{
	uint32 found = 0;

	while (*rank >= bin[found])
		*rank -= bin[found++];
	return found;
}

/*
 * The key below which the least `first` events are, by digits of 16 bits;
 * `first` becomes how many of those that have that very key belong to them.
 */
static uint32
find_split(EventPart *part, EventDimension d, uint64 *first)
{
	uint32 *bin = palloc((PG_UINT16_MAX + 1) * sizeof(uint32));
	uint32 high = 0;
	uint32 low = 0;

	for (int digit = 0; digit < 2; digit++)
	{
		memset(bin, 0, (PG_UINT16_MAX + 1) * sizeof(uint32));
		spool_rewind(part->spool);
		for (uint64 i = 0; i < part->count; i++)
		{
			SpooledEvent event;
			EventPoint point;
			uint32 key;

			CHECK_FOR_INTERRUPTS();
			part_read(part, &event, &point);
			key = sort_key(point.at[d]);
			if (digit == 0)
				bin[key >> 16]++;
			else if (key >> 16 == high)
				bin[key & PG_UINT16_MAX]++;
		}
		if (digit == 0)
			high = find_bin(bin, first);
		else
			low = find_bin(bin, first);
	}
	pfree(bin);
	return high << 16 | low;
}

/* Moves the least `first` events by the longest side to one part, the others to another. */
static void
halve_part(EventPart *part, uint64 first, EventPart *least, EventPart *rest)
{
	EventDimension d = event_order_side(part->low, part->high);
	uint64 equal = first;
	uint32 split = find_split(part, d, &equal);

	memset(least, 0, sizeof(EventPart));
	memset(rest, 0, sizeof(EventPart));
	least->spool = spool_begin();
	rest->spool = spool_begin();
	spool_rewind(part->spool);
	for (uint64 i = 0; i < part->count; i++)
	{
		SpooledEvent event;
		EventPoint point;
		uint32 key;
		bool to_least;

		CHECK_FOR_INTERRUPTS();
		part_read(part, &event, &point);
		key = sort_key(point.at[d]);
		to_least = key < split || (key == split && equal > 0);
		equal -= key == split && equal > 0;
		part_add(to_least ? least : rest, &event, &point);
	}
	spool_end(part->spool);
}

/* Writing */

static void
append_to_area(void *state, EventArea area, const void *bytes, size_t size)
{
	area_write(state, event_area(area), bytes, size);
}

static void
check_for_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Events stand where they came; each is fetched a little before its turn. */
#define AHEAD 16

static void
write_in_order(EventBuild *build, const EventPart *part, int units)
{
	SpooledEvent *event = palloc_extended(part->count * sizeof(SpooledEvent) + 1, MCXT_ALLOC_HUGE);
	EventPoint *point = palloc_extended(part->count * sizeof(EventPoint) + 1, MCXT_ALLOC_HUGE);

	spool_rewind(part->spool);
	for (uint64 i = 0; i < part->count; i++)
	{
		spool_read(part->spool, &event[i], sizeof(SpooledEvent));
		event_point_of(&event[i].facts, (uint32) i, &point[i]);
	}
	spool_end(part->spool);
	event_order(point, part->count, build->unit, units, check_for_interrupts);
	for (uint64 i = 0; i < part->count; i++)
	{
		const SpooledEvent *next = &event[point[i].row];

		if (i % EVENT_LANES == 0)
			CHECK_FOR_INTERRUPTS();
		if (i + AHEAD < part->count)
			__builtin_prefetch(&event[point[i + AHEAD].row]);
		event_tree_add(&build->tree, &next->facts);
		area_write(build->writer, AREA_ROWS, &next->tid, sizeof(ItemPointerData));
	}
	pfree(event);
	pfree(point);
}

static void
write_part(EventBuild *build, EventPart *part, int units)
{
	uint64 first =
		part->count <= build->most ? 0 : event_order_half(part->count, build->unit, &units);
	EventPart least, rest;

	check_stack_depth();
	if (first == 0)
	{
		write_in_order(build, part, units);
		return;
	}
	halve_part(part, first, &least, &rest);
	write_part(build, &least, units);
	write_part(build, &rest, units);
}

void
event_finish_build(void *state, SegmentWriter *writer, SegmentRecord *segment)
{
	EventBuild *build = state;
	uint64 rows = build->rows.count;

	segment->rows = (uint32) rows;
	build->writer = writer;
	event_tree_begin(&build->tree, rows, PAGE_ROOM, event_resize, append_to_area, writer);
	write_part(build, &build->rows, event_tree_units(rows, build->unit));
	event_tree_end(&build->tree);
}
