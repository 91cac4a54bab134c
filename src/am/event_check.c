/*
 * event_check.c
 *	  shortlist_check() of segments of events.
 *
 * Level by level, from the blocks up, every node is made again of what lies
 * below it, by the functions that build, and so is every block of its rows;
 * what is stored must be the same, byte for byte.  What lies below was checked
 * before, therefore no more than two nodes and a block are in memory.  Whoever
 * changes how either is made gives the index a new version, or this no longer
 * holds for old ones.
 *
 * What building does wrong, checking would do wrong in the same way: so each
 * box is held against its members besides.
 *
 * The order of rows is not checked: a search is exact, whatever it is.
 *
 * Then all is right if the search is.  That is found out by asking.
 */
#include "am/event_content.h"

#include "check/event_question.h"
#include "types/eventfacts.h"
#include "utils/memutils.h"

#define QUESTIONS 6 /* two for each way to combine */

typedef struct EventSegmentCheck
{
	IndexCheck *check;
	const SegmentReader *segment;
	EventTreeReader reader;
	uint64 block_bytes; /* of the blocks that were looked at so far */
	uint64 node_bytes;	/* of the nodes */
	uint64 rows_sum;	/* of the fingerprints of the numbers of all rows */

	/* rows that will be asked about */
	uint32 sampled[QUESTIONS];
	EventFacts sample[QUESTIONS];

	/* of the question that is asked */
	const EventScorer *scorer;
	double bound; /* of what was not opened yet */
	uint64 visited;
	uint64 visited_sum;
} EventSegmentCheck;

const char *
event_flaw(const void *value)
{
	const EventFacts *facts = value;

	return facts->version == EVENT_FACTS_VERSION
		? NULL
		: "Its version is not one that this release knows.";
}

static BlockNumber
pointer_block(const EventSegmentCheck *c, uint64 row)
{
	return segment_block(c->segment, AREA_ROWS, row * sizeof(ItemPointerData));
}

/* Areas */

static void
check_size(const EventSegmentCheck *c, const char *what, Area area, uint64 due)
{
	const SegmentRecord *segment = c->segment->segment;

	if (segment->bytes[area] != due)
		check_failed(c->check, META_BLOCK,
					 "The %s of segment %u take %llu bytes, and should take %llu.", what,
					 segment->id, (unsigned long long) segment->bytes[area],
					 (unsigned long long) due);
}

/* The metapage tells nothing else of segments of events. */
static void
check_record(const EventSegmentCheck *c)
{
	const SegmentRecord *segment = c->segment->segment;
	bool more = false;

	for (int i = 0; i < CONTENT_COUNTS; i++)
		more |= segment->count[i] != 0;
	for (int area = AREA_EVENT_NODES + 1; area < AREAS; area++)
		more |= segment->bytes[area] != 0;
	if (more)
		check_failed(c->check, META_BLOCK,
					 "Segment %u has numbers or areas that segments of events do not have.",
					 segment->id);
}

/* What is left of a page where the next piece has no room. */
static void
check_unused(const EventSegmentCheck *c, Area area, uint64 from, uint64 to)
{
	uint8 bytes[PAGE_ROOM];

	segment_read(c->segment, area, from, to - from, bytes);
	for (uint64 i = 0; i < to - from; i++)
	{
		if (bytes[i] != 0)
			check_failed(c->check, segment_block(c->segment, area, from + i),
						 "Bytes that are not used are not 0.");
	}
}

/* Blocks */

static uint64
number_fingerprint(uint64 row)
{
	return check_fingerprint(&row, sizeof(row));
}

/* The rows of a block, on that page, and the box around them.  Those that were not deleted are entries. */
static void
check_rows(EventSegmentCheck *c, BlockNumber page, uint64 block, const EventRows *rows,
		   EventBox *box)
{
	uint64 first = block * EVENT_LANES;
	ItemPointerData tid[EVENT_LANES];
	EventBox row[EVENT_LANES];

	memset(box, 0, sizeof(*box));
	segment_pointers(c->segment, (uint32) first, rows->count, tid);
	for (uint32 i = 0; i < rows->count; i++)
	{
		EventFacts facts;

		event_rows_get(rows, (int) i, &facts);
		event_box_of(&facts, &row[i]);
		event_box_extend(box, &row[i]);
		if (ItemPointerIsValid(&tid[i]))
			check_entry(c->check, pointer_block(c, first + i), &tid[i],
						check_fingerprint(&facts, sizeof(EventFacts)));
		c->rows_sum += number_fingerprint(first + i);
		for (int number = 0; number < QUESTIONS; number++)
		{
			if (c->sampled[number] == first + i)
				c->sample[number] = facts;
		}
	}
	for (uint32 i = 0; i < rows->count; i++)
	{
		if (!event_box_contains(box, &row[i]))
			check_failed(c->check, page, "Row %llu is not within the box of its block.",
						 (unsigned long long) (first + i));
	}
}

/* A block, which its node, on page `from`, says is there; adds it to the node that is made again. */
static void
check_block(EventSegmentCheck *c, BlockNumber from, uint64 number, uint64 at, uint16 size,
			EventNode *made)
{
	const EventTreeShape *shape = &c->reader.shape;
	uint64 area_bytes = c->segment->segment->bytes[AREA_EVENT_BLOCKS];
	uint64 due = event_next_at(shape, c->block_bytes, size);
	uint8 stored[EVENT_BLOCK_MOST];
	uint8 packed[EVENT_BLOCK_MOST];
	BlockNumber page;
	EventRows rows;
	EventBox box;

	if (at != due || size > sizeof(stored) || due > area_bytes || size > area_bytes - due)
		check_failed(c->check, from, "Block %llu of events is out of place.",
					 (unsigned long long) number);
	check_unused(c, AREA_EVENT_BLOCKS, c->block_bytes, due);
	c->block_bytes = due + size;

	page = segment_block(c->segment, AREA_EVENT_BLOCKS, due);
	check_at(c->check, page);
	segment_read(c->segment, AREA_EVENT_BLOCKS, due, size, stored);
	if (!event_block_decode(stored, size, &rows))
		check_failed(c->check, page, "Block %llu of events cannot be unpacked.",
					 (unsigned long long) number);
	if (rows.count != event_block_rows(shape, number))
		check_failed(c->check, page, "Block %llu of events has %u rows, and should have %u.",
					 (unsigned long long) number, rows.count, event_block_rows(shape, number));
	if (event_block_encode(&rows, packed) != size || memcmp(packed, stored, size) != 0)
		check_failed(c->check, page, "Block %llu of events is not what its rows make.",
					 (unsigned long long) number);
	check_rows(c, page, number, &rows, &box);
	event_node_add_block(made, due, size, &box);
}

/* Nodes */

/* One end of one side of a box. */
static void
check_end(const EventSegmentCheck *c, BlockNumber page, const char *child, const char *end,
		  EventDimension dimension, float stored, float made)
{
	static const char *const names[EVENT_DIMENSIONS] =
		{"x", "y", "z", "price", "number of attendees", "start"};

	/* bit for bit, so that no number is passed over that is none */
	if (memcmp(&stored, &made, sizeof(float)) != 0)
		check_failed(c->check, page,
					 "The %s %s in the box of %s is %.9g, but what it holds makes it %.9g.", end,
					 names[dimension], child, stored, made);
}

static void
check_criteria(const EventSegmentCheck *c, BlockNumber page, const char *child, const char *what,
			   uint8 stored, uint8 made)
{
	if (stored != made)
		check_failed(c->check, page,
					 "The box of %s says that criteria 0x%x are %s to some, but what it holds makes them 0x%x.",
					 child, stored, what, made);
}

/* The box of a child of a node of that level, on that page, and the same made again. */
static void
check_box(const EventSegmentCheck *c, BlockNumber page, int level, uint64 number,
		  const EventBox *stored, const EventBox *made)
{
	char child[64];

	if (level == 0)
		snprintf(child, sizeof(child), "block %llu of events", (unsigned long long) number);
	else
		snprintf(child, sizeof(child), "node %llu of level %d", (unsigned long long) number,
				 level - 1);
	check_criteria(c, page, child, "known", stored->known, made->known);
	check_criteria(c, page, child, "unknown", stored->unknown, made->unknown);
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		check_end(c, page, child, "least", d, stored->low[d], made->low[d]);
		check_end(c, page, child, "greatest", d, stored->high[d], made->high[d]);
	}
}

static void
read_node(const EventSegmentCheck *c, int level, uint64 number, EventNode *node)
{
	segment_read(c->segment, AREA_EVENT_NODES, event_node_at(&c->reader.shape, level, number),
				 sizeof(EventNode), node);
}

/* Adds a node that was checked to the one above it, on that page, that is made again. */
static void
check_child(const EventSegmentCheck *c, BlockNumber page, int level, uint64 number, EventNode *made)
{
	EventNode node;
	EventBox box;

	read_node(c, level, number, &node);
	event_node_add_node(made, &node);
	event_boxes_get(&made->boxes, made->count - 1, &box);
	for (int lane = 0; lane < node.count; lane++)
	{
		EventBox below;

		event_boxes_get(&node.boxes, lane, &below);
		if (!event_box_contains(&box, &below))
			check_failed(c->check, page,
						 "Child %d of node %llu of level %d is not within the box of the node.",
						 lane, (unsigned long long) number, level);
	}
}

/* Nodes come in the order in which they are stored, so that those below were checked. */
static void
check_node(EventSegmentCheck *c, int level, uint64 number)
{
	const EventTreeShape *shape = &c->reader.shape;
	uint64 at = event_node_at(shape, level, number);
	BlockNumber page = segment_block(c->segment, AREA_EVENT_NODES, at);
	uint32 children = event_node_children(shape, level, number);
	EventNode stored;
	EventNode made = {0};

	check_at(c->check, page);
	check_unused(c, AREA_EVENT_NODES, c->node_bytes, at);
	c->node_bytes = at + sizeof(EventNode);
	read_node(c, level, number, &stored);
	if (stored.count != children)
		check_failed(c->check, page, "Node %llu of level %d has %u children, and should have %u.",
					 (unsigned long long) number, level, stored.count, children);
	for (uint32 lane = 0; lane < children; lane++)
	{
		uint64 child = number * EVENT_LANES + lane;
		EventBox stored_box, made_box;

		if (level == 0)
			check_block(c, page, child, stored.blocks + stored.block_at[lane],
						stored.block_size[lane], &made);
		else
			check_child(c, page, level - 1, child, &made);
		check_at(c->check, page);
		event_boxes_get(&stored.boxes, (int) lane, &stored_box);
		event_boxes_get(&made.boxes, (int) lane, &made_box);
		check_box(c, page, level, child, &stored_box, &made_box);
	}
	if (memcmp(&stored, &made, sizeof(EventNode)) != 0)
		check_failed(c->check, page, "Node %llu of level %d is not what its children make.",
					 (unsigned long long) number, level);
}

static void
check_tree(EventSegmentCheck *c)
{
	const EventTreeShape *shape = &c->reader.shape;
	int root = shape->levels - 1;

	check_record(c);
	check_size(c, "nodes", AREA_EVENT_NODES,
			   root < 0 ? 0 : event_node_at(shape, root, 0) + sizeof(EventNode));
	for (int level = 0; level <= root; level++)
	{
		for (uint64 number = 0; number < shape->nodes[level]; number++)
			check_node(c, level, number);
	}
	check_size(c, "blocks", AREA_EVENT_BLOCKS, c->block_bytes);
}

/* Questions */

static void
hold_against_bound(void *state, uint64_t row, const EventFacts *facts, double score)
{
	EventSegmentCheck *c = state;
	EventValues values;

	event_values(c->scorer, facts, &values);
	if (event_score(c->scorer, &values, NULL) != score)
		check_failed(c->check, pointer_block(c, row),
					 "A search does not find row %llu by the operator's score.",
					 (unsigned long long) row);
	if (!(score <= c->bound))
		check_failed(c->check, pointer_block(c, row),
					 "A bound says %.17g, but row %llu below it scores %.17g.", c->bound,
					 (unsigned long long) row, score);
	c->check->bound_count++;
	c->visited++;
	c->visited_sum += number_fingerprint(row);
}

/* Asks for all rows, the best first. */
static void
ask(EventSegmentCheck *c, int number)
{
	uint32 rows = c->segment->segment->rows;
	EventScorer scorer;
	EventBatch batch;
	EventSearch search;

	event_scorer_init(&scorer, check_event_question(c->check, number, &c->sample[number]));
	event_scorer_skip_far(&scorer);
	event_batch_init(&batch, &scorer);
	c->scorer = &scorer;
	c->visited = 0;
	c->visited_sum = 0;
	if (!event_search_begin(&search, &c->reader, &batch, NULL, 0, event_resize))
		segment_damaged(c->segment, "A node of events does not make sense.");
	while ((c->bound = event_search_peek(&search)) >= 0)
	{
		CHECK_FOR_INTERRUPTS();
		if (!event_search_open_next(&search, hold_against_bound, c))
			segment_damaged(c->segment, "A node or a block of events does not make sense.");
	}
	event_search_end(&search);
	c->scorer = NULL;
	if (c->visited != rows)
		check_failed(c->check, c->segment->segment->first, "A search finds %llu rows of %u.",
					 (unsigned long long) c->visited, rows);
	if (c->visited_sum != c->rows_sum)
		check_failed(c->check, c->segment->segment->first,
					 "A search finds a row twice, and another not at all.");
}

void
event_check(const SegmentContent *content, IndexCheck *check, const SegmentReader *segment)
{
	EventSegmentCheck c = {.check = check, .segment = segment};
	uint32 rows = segment->segment->rows;
	MemoryContext memory =
		AllocSetContextCreate(CurrentMemoryContext, "shortlist check", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(memory);

	event_reader_init(&c.reader, segment);
	for (int number = 0; number < QUESTIONS && rows > 0; number++)
		c.sampled[number] = check_random(check, rows);
	check_tree(&c);
	for (int number = 0; number < QUESTIONS && rows > 0; number++)
		ask(&c, number);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(memory);
}
