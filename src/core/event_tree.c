/*
 * event_tree.c
 *	  Events in blocks, boxes of blocks, boxes of boxes; and the search for the
 *	  best of them.
 */
#include "core/event_tree.h"

#include <string.h>

/* --- shape ------------------------------------------------------------- */

static uint64_t
pieces_of(uint64_t count, uint64_t size)
{
	return count / size + (count % size != 0);
}

void
event_tree_shape(EventTreeShape *shape, uint64_t rows, uint32_t page_room)
{
	uint64_t count = pieces_of(rows, EVENT_LANES);

	memset(shape, 0, sizeof(*shape));
	shape->rows = rows;
	shape->page_room = page_room;
	while (rows > 0 && shape->levels < EVENT_TREE_LEVELS)
	{
		count = pieces_of(count, EVENT_LANES);
		shape->nodes[shape->levels] = count;
		shape->first[shape->levels] = shape->all_nodes;
		shape->all_nodes += count;
		shape->levels++;
		if (count == 1)
			break;
	}
}

int
event_tree_units(uint64_t rows, size_t unit[EVENT_TREE_LEVELS])
{
	size_t size = EVENT_LANES;
	int units = 0;

	while (units < EVENT_TREE_LEVELS && (units == 0 || size < rows))
	{
		unit[units++] = size;
		size *= EVENT_LANES;
	}
	return units;
}

uint64_t
event_node_at(const EventTreeShape *shape, int level, uint64_t number)
{
	uint64_t place = shape->first[level] + number;
	uint64_t per_page = shape->page_room / sizeof(EventNode);

	return place / per_page * shape->page_room + place % per_page * sizeof(EventNode);
}

/* Of so many pieces, how many are in the group of that number; all groups but the last are full. */
static uint32_t
group_size(uint64_t pieces, uint64_t group)
{
	uint64_t left = pieces - group * EVENT_LANES;

	return left < EVENT_LANES ? left : EVENT_LANES;
}

uint32_t
event_node_children(const EventTreeShape *shape, int level, uint64_t number)
{
	return group_size(level == 0 ? pieces_of(shape->rows, EVENT_LANES) : shape->nodes[level - 1],
					  number);
}

uint32_t
event_block_rows(const EventTreeShape *shape, uint64_t block)
{
	return group_size(shape->rows, block);
}

uint64_t
event_next_at(const EventTreeShape *shape, uint64_t written, size_t size)
{
	uint64_t left = shape->page_room - written % shape->page_room;

	return left < size ? written + left : written;
}

/* --- writing ----------------------------------------------------------- */

void
event_tree_begin(EventTreeWriter *writer, uint64_t rows, uint32_t page_room, EventResize resize,
				 void (*append)(void *state, EventArea area, const void *bytes, size_t size),
				 void *state)
{
	size_t size;

	memset(writer, 0, sizeof(*writer));
	event_tree_shape(&writer->shape, rows, page_room);
	writer->resize = resize;
	writer->append = append;
	writer->state = state;
	size = writer->shape.all_nodes * sizeof(EventNode);
	if (size > 0)
	{
		writer->node = resize(NULL, size);
		memset(writer->node, 0, size);
	}
}

/* Fills a page up if what comes next has no room on it; returns what was written. */
static uint64_t
pad_page(const EventTreeWriter *writer, EventArea area, uint64_t written, size_t next)
{
	static const uint8_t zero[64] = {0};
	uint64_t at = event_next_at(&writer->shape, written, next);

	while (written < at)
	{
		size_t size = at - written < sizeof(zero) ? at - written : sizeof(zero);

		writer->append(writer->state, area, zero, size);
		written += size;
	}
	return written;
}

void
event_node_add_block(EventNode *node, uint64_t at, size_t size, const EventBox *box)
{
	int lane = node->count++;

	if (lane == 0)
		node->blocks = at;
	node->block_at[lane] = at - node->blocks;
	node->block_size[lane] = size;
	event_boxes_set(&node->boxes, lane, box);
}

void
event_node_add_node(EventNode *node, const EventNode *child)
{
	EventBox box = {0};

	for (int lane = 0; lane < child->count; lane++)
	{
		EventBox other;

		event_boxes_get(&child->boxes, lane, &other);
		event_box_extend(&box, &other);
	}
	event_boxes_set(&node->boxes, node->count++, &box);
}

static void
append_block(EventTreeWriter *writer)
{
	uint64_t number = (writer->added - 1) / EVENT_LANES;
	uint8_t block[EVENT_BLOCK_MOST];
	size_t size = event_block_encode(&writer->rows, block);

	writer->block_bytes = pad_page(writer, EVENT_AREA_BLOCKS, writer->block_bytes, size);
	event_node_add_block(&writer->node[number / EVENT_LANES], writer->block_bytes, size,
						 &writer->box);
	writer->append(writer->state, EVENT_AREA_BLOCKS, block, size);
	writer->block_bytes += size;
	writer->rows.count = 0;
	memset(&writer->box, 0, sizeof(writer->box));
}

void
event_tree_add(EventTreeWriter *writer, const EventFacts *facts)
{
	EventBox box;

	event_box_of(facts, &box);
	event_box_extend(&writer->box, &box);
	event_rows_add(&writer->rows, facts);
	if (++writer->added == writer->shape.rows || writer->rows.count == EVENT_LANES)
		append_block(writer);
}

/* Adds all nodes of a level to those of the next. */
static void
box_level(EventTreeWriter *writer, int level)
{
	const EventTreeShape *shape = &writer->shape;

	for (uint64_t i = 0; i < shape->nodes[level]; i++)
		event_node_add_node(&writer->node[shape->first[level + 1] + i / EVENT_LANES],
							&writer->node[shape->first[level] + i]);
}

void
event_tree_end(EventTreeWriter *writer)
{
	const EventTreeShape *shape = &writer->shape;
	uint64_t written = 0;

	for (int level = 0; level + 1 < shape->levels; level++)
		box_level(writer, level);
	for (uint64_t i = 0; i < shape->all_nodes; i++)
	{
		written = pad_page(writer, EVENT_AREA_NODES, written, sizeof(EventNode));
		writer->append(writer->state, EVENT_AREA_NODES, &writer->node[i], sizeof(EventNode));
		written += sizeof(EventNode);
	}
	if (writer->node != NULL)
		writer->resize(writer->node, 0);
	writer->node = NULL;
}

/* --- reading ----------------------------------------------------------- */

static bool
read_node(const EventTreeReader *reader, int level, uint64_t number, EventNode *node)
{
	reader->read(reader->state, EVENT_AREA_NODES, event_node_at(&reader->shape, level, number),
				 sizeof(EventNode), node);
	return node->count >= 1 && node->count <= EVENT_LANES;
}

static bool
read_block(const EventTreeReader *reader, uint64_t at, uint16_t size, EventRows *rows)
{
	uint8_t block[EVENT_BLOCK_MOST];

	if (size > sizeof(block))
		return false;
	reader->read(reader->state, EVENT_AREA_BLOCKS, at, size, block);
	return event_block_decode(block, size, rows);
}

bool
event_tree_read_all(const EventTreeReader *reader, EventVisit visit, void *state)
{
	const EventTreeShape *shape = &reader->shape;
	uint64_t row = 0;

	for (uint64_t i = 0; shape->levels > 0 && i < shape->nodes[0]; i++)
	{
		EventNode node;

		if (!read_node(reader, 0, i, &node))
			return false;
		for (int lane = 0; lane < node.count; lane++)
		{
			EventRows rows;

			if (!read_block(reader, node.blocks + node.block_at[lane], node.block_size[lane], &rows))
				return false;
			for (uint32_t r = 0; r < rows.count; r++)
			{
				EventFacts facts;

				event_rows_get(&rows, r, &facts);
				visit(state, row++, &facts, 0);
			}
		}
	}
	return row == shape->rows;
}

/* --- the queue --------------------------------------------------------- */

static inline float
best_of(const EventOpenNode *node)
{
	return node->bound[node->best];
}

static void
find_best(EventOpenNode *node)
{
	float best = -1;

	for (int i = 0; i < EVENT_LANES; i++)
		best = node->bound[i] > best ? node->bound[i] : best;
	node->best = 0;
	while (node->bound[node->best] < best)
		node->best++;
}

static void
sift_up(EventSearch *search, size_t at)
{
	EventOpenNode *node = search->queue[at];

	while (at > 0 && best_of(search->queue[(at - 1) / 2]) < best_of(node))
	{
		search->queue[at] = search->queue[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	search->queue[at] = node;
}

static void
sift_down(EventSearch *search)
{
	EventOpenNode *node = search->queue[0];
	size_t at = 0;
	size_t child;

	while ((child = 2 * at + 1) < search->queued)
	{
		if (child + 1 < search->queued &&
			best_of(search->queue[child]) < best_of(search->queue[child + 1]))
			child++;
		if (best_of(search->queue[child]) <= best_of(node))
			break;
		search->queue[at] = search->queue[child];
		at = child;
	}
	search->queue[at] = node;
}

/* Gives the first node the place that its best bound has now, or none if nothing of it is left. */
static void
replace_first(EventSearch *search)
{
	EventOpenNode *node = search->queue[0];

	find_best(node);
	if (best_of(node) < 0)
	{
		if (search->spare != NULL)
			search->resize(search->spare, 0);
		search->spare = node;
		search->queue[0] = search->queue[--search->queued];
		if (search->queued == 0)
			return;
	}
	sift_down(search);
}

static EventOpenNode *
new_open_node(EventSearch *search)
{
	EventOpenNode *node = search->spare;

	search->spare = NULL;
	return node != NULL ? node : search->resize(NULL, sizeof(EventOpenNode));
}

static void
enqueue(EventSearch *search, EventOpenNode *node)
{
	if (search->queued == search->room)
	{
		search->room = search->room == 0 ? 64 : 2 * search->room;
		search->queue = search->resize(search->queue, search->room * sizeof(EventOpenNode *));
	}
	search->queue[search->queued++] = node;
	sift_up(search, search->queued - 1);
}

/* --- opening ----------------------------------------------------------- */

/* Bounds of a node's children, at most that of the node; negative where nothing is acceptable. */
static void
bound_children(EventSearch *search, const EventNode *node, float most, float *bound)
{
	if (search->order != NULL)
		event_bound_boxes(search->order, &node->boxes, bound);
	for (int i = 0; i < EVENT_LANES; i++)
	{
		if (search->order == NULL || bound[i] > most)
			bound[i] = most;
	}
	for (int f = 0; f < search->filters; f++)
		event_reject_boxes(&search->filter[f], &node->boxes, bound);
	for (int i = node->count; i < EVENT_LANES; i++)
		bound[i] = -1;
}

static bool
open_node(EventSearch *search, int level, uint64_t number, float most)
{
	EventNode node;
	EventOpenNode *open;

	if (!read_node(search->reader, level, number, &node))
		return false;
	search->nodes_opened++;
	open = new_open_node(search);
	bound_children(search, &node, most, open->bound);
	find_best(open);
	if (best_of(open) < 0)
	{
		search->spare = open;
		return true;
	}
	open->level = level;
	open->number = number;
	open->blocks = node.blocks;
	memcpy(open->block_at, node.block_at, sizeof(node.block_at));
	memcpy(open->block_size, node.block_size, sizeof(node.block_size));
	for (int i = 0; i < EVENT_LANES; i++)
	{
		open->visited[i] = 2;
		open->opened[i] = 0;
	}
	enqueue(search, open);
	return true;
}

/* Scores a row and shows it, if it is acceptable. */
static void
visit_row(EventSearch *search, const EventRows *rows, int lane, uint64_t row, EventVisit visit,
		  void *state)
{
	EventFacts facts;
	EventValues values;
	double score = 0;

	event_rows_get(rows, lane, &facts);
	for (int f = 0; f < search->filters; f++)
	{
		event_values(search->filter[f].scorer, &facts, &values);
		if (!event_acceptable(search->filter[f].scorer, &values))
			return;
	}
	if (search->order != NULL)
	{
		event_values(search->order->scorer, &facts, &values);
		score = event_score(search->order->scorer, &values, NULL);
	}
	search->rows_scored++;
	visit(state, row, &facts, score);
}

/*
 * A block that is opened so often is taken as a whole.  The best ten do not
 * notice (twice would score 20 times as many rows), and all rows of a million
 * come in order in a sixth of the time.
 */
#define OPENINGS 4

/*
 * Opens a block, which is the best child of the first node.  Only rows whose
 * bound is at least that of all else are scored; the block stays in the queue
 * for the others, until it was opened a few times.
 */
static bool
open_block(EventSearch *search, EventVisit visit, void *state)
{
	EventOpenNode *node = search->queue[0];
	int lane = node->best;
	uint64_t block = node->number * EVENT_LANES + lane;
	float most = node->bound[lane];
	float before = node->visited[lane];
	float left = -1;
	float bound[EVENT_LANES];
	float next;
	EventRows rows;

	if (!read_block(search->reader, node->blocks + node->block_at[lane], node->block_size[lane],
					&rows) ||
		block * EVENT_LANES + rows.count > search->reader->shape.rows)
		return false;
	search->blocks_opened++;
	node->bound[lane] = -1;
	find_best(node);
	next = best_of(node);
	for (size_t i = 1; i <= 2 && i < search->queued; i++)
		next = best_of(search->queue[i]) > next ? best_of(search->queue[i]) : next;

	if (++node->opened[lane] == OPENINGS)
		next = 0;
	for (int i = 0; i < EVENT_LANES; i++)
		bound[i] = 1;
	if (search->order != NULL)
		event_bound_rows(search->order, &rows, bound);
	for (uint32_t i = 0; i < rows.count; i++)
	{
		if (bound[i] >= before)
			continue;
		if (bound[i] >= next)
			visit_row(search, &rows, i, block * EVENT_LANES + i, visit, state);
		else
			left = bound[i] > left ? bound[i] : left;
	}
	node->bound[lane] = left < most ? left : most;
	node->visited[lane] = next;
	replace_first(search);
	return true;
}

bool
event_search_begin(EventSearch *search, const EventTreeReader *reader, const EventBatch *order,
				   const EventBatch *filter, int filters, EventResize resize)
{
	memset(search, 0, sizeof(*search));
	search->reader = reader;
	search->order = order;
	search->filter = filter;
	search->filters = filters;
	search->resize = resize;
	return reader->shape.levels == 0 || open_node(search, reader->shape.levels - 1, 0, 1);
}

double
event_search_peek(const EventSearch *search)
{
	return search->queued == 0 ? -1 : (double) best_of(search->queue[0]);
}

bool
event_search_open_next(EventSearch *search, EventVisit visit, void *state)
{
	EventOpenNode *node;
	int level;
	uint64_t number;
	float most;

	if (search->queued == 0)
		return true;
	node = search->queue[0];
	if (node->level == 0)
		return open_block(search, visit, state);
	level = node->level - 1;
	number = node->number * EVENT_LANES + node->best;
	most = best_of(node);
	node->bound[node->best] = -1;
	replace_first(search);
	if (number >= search->reader->shape.nodes[level])
		return false;
	return open_node(search, level, number, most);
}

void
event_search_end(EventSearch *search)
{
	for (size_t i = 0; i < search->queued; i++)
		search->resize(search->queue[i], 0);
	if (search->queue != NULL)
		search->resize(search->queue, 0);
	if (search->spare != NULL)
		search->resize(search->spare, 0);
	memset(search, 0, sizeof(*search));
}
