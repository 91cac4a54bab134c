/*
 * event_tree.h
 *	  Events in blocks, boxes of blocks, boxes of boxes; and the search for the
 *	  best of them.
 *
 * Rows stand in the order of event_order(), EVENT_LANES to a block.  A node of
 * level 0 has the boxes of EVENT_LANES blocks, one of level 1 the boxes of as
 * many nodes of level 0, and so on up to the root.  All but the last block and
 * the last node of a level are full, therefore the place of a node follows
 * from its number, and nothing points anywhere but to blocks, which vary in
 * size.
 *
 * All is kept in two areas of bytes, which the caller stores as it likes in
 * pages of the same room; no block and no node crosses the end of a page.
 *
 *		blocks	as event_block.h has them
 *		nodes	EventNode, level 0 from its first node to its last, then level 1, ...
 */
#ifndef SHORTLIST_CORE_EVENT_TREE_H
#define SHORTLIST_CORE_EVENT_TREE_H

#include <stddef.h>

#include "core/event_block.h"
#include "core/event_boxes.h"

/* More than 2^40 rows need. */
#define EVENT_TREE_LEVELS 8

/* Stored as it is, in native byte order. */
typedef struct EventNode
{
	uint8_t count;					  /* children, 1 to EVENT_LANES */
	uint8_t reserved[7];			  /* 0 */
	uint64_t blocks;				  /* level 0: where in the area the blocks begin; else 0 */
	uint32_t block_at[EVENT_LANES];	  /* level 0: where each block begins, from there */
	uint16_t block_size[EVENT_LANES]; /* level 0: its bytes */
	EventBoxes boxes;
} EventNode;

/* Where things are, which follows from the number of rows and the room of a page. */
typedef struct EventTreeShape
{
	uint64_t rows;
	uint32_t page_room; /* at least EVENT_PAGE_ROOM_LEAST */
	int levels;
	uint64_t nodes[EVENT_TREE_LEVELS]; /* of each level */
	uint64_t first[EVENT_TREE_LEVELS]; /* the number of its first node among all nodes */
	uint64_t all_nodes;
} EventTreeShape;

#define EVENT_PAGE_ROOM_LEAST 2048

extern void event_tree_shape(EventTreeShape *shape, uint64_t rows, uint32_t page_room);

/* Where a node is in its area, and how many children it has. */
extern uint64_t event_node_at(const EventTreeShape *shape, int level, uint64_t number);
extern uint32_t event_node_children(const EventTreeShape *shape, int level, uint64_t number);

/* How many of the rows are in that block. */
extern uint32_t event_block_rows(const EventTreeShape *shape, uint64_t block);

/* Where in an area the next piece begins, of which so much is written: on the next page if this one has no room. */
extern uint64_t event_next_at(const EventTreeShape *shape, uint64_t written, size_t size);

/* What event_order() is to be told: fills unit[], returns how many. */
extern int event_tree_units(uint64_t rows, size_t unit[EVENT_TREE_LEVELS]);

typedef enum EventArea
{
	EVENT_AREA_BLOCKS,
	EVENT_AREA_NODES
} EventArea;

/* Gives memory, or more of it, or takes it back (size 0); does not return if there is none. */
typedef void *(*EventResize)(void *memory, size_t size);

/* --- writing ----------------------------------------------------------- */

typedef struct EventTreeWriter
{
	EventTreeShape shape;
	EventResize resize;
	/* Appends to an area, padding included: first to all blocks, then to all nodes. */
	void (*append)(void *state, EventArea area, const void *bytes, size_t size);
	void *state;
	uint64_t added;		  /* rows */
	uint64_t block_bytes; /* appended */
	EventRows rows;		  /* of the block that is being filled */
	EventBox box;		  /* of them; 0 if there are none */
	EventNode *node;	  /* all of them */
} EventTreeWriter;

extern void
event_tree_begin(EventTreeWriter *writer, uint64_t rows, uint32_t page_room, EventResize resize,
				 void (*append)(void *state, EventArea area, const void *bytes, size_t size),
				 void *state);

/* Adds the next row; as many as event_tree_begin() was told. */
extern void event_tree_add(EventTreeWriter *writer, const EventFacts *facts);

/* Writes what is left, and gives the memory back. */
extern void event_tree_end(EventTreeWriter *writer);

/* Adds a child to a node, which is all 0 before it has any. */
extern void event_node_add_block(EventNode *node, uint64_t at, size_t size, const EventBox *box);
extern void event_node_add_node(EventNode *node, const EventNode *child);

/* --- reading ----------------------------------------------------------- */

typedef struct EventTreeReader
{
	EventTreeShape shape;
	/* Copies a part of an area, which lies within a page unless the tree is damaged. */
	void (*read)(void *state, EventArea area, uint64_t at, size_t size, void *out);
	void *state;
} EventTreeReader;

/* Called for rows, which are numbered in their order from 0. */
typedef void (*EventVisit)(void *state, uint64_t row, const EventFacts *facts, double score);

/* Visits all rows in their order, with score 0.  False if the tree is damaged. */
extern bool event_tree_read_all(const EventTreeReader *reader, EventVisit visit, void *state);

/* --- searching --------------------------------------------------------- */

/* A node whose children are not all opened. */
typedef struct EventOpenNode
{
	uint8_t level;
	uint8_t best;				 /* the child of the highest bound */
	uint64_t number;			 /* on its level */
	float bound[EVENT_LANES];	 /* of children, or of what is left of them; negative: nothing */
	float visited[EVENT_LANES];	 /* level 0: rows of this bound or more were visited */
	uint8_t opened[EVENT_LANES]; /* level 0: how often */
	uint64_t blocks;
	uint32_t block_at[EVENT_LANES];
	uint16_t block_size[EVENT_LANES];
} EventOpenNode;

typedef struct EventSearch
{
	const EventTreeReader *reader;
	const EventBatch *order; /* NULL: in any order */
	const EventBatch *filter;
	int filters;
	EventResize resize;
	EventOpenNode **queue; /* a heap; the highest bound first */
	size_t queued;
	size_t room;
	EventOpenNode *spare; /* one that was used before */

	/* What it took. */
	uint64_t nodes_opened;
	uint64_t blocks_opened;
	uint64_t rows_scored;
} EventSearch;

/*
 * Begins a search for rows that are acceptable to all filters, the highest
 * scores of the order first.  What is given is kept by the caller until the
 * end.  False if the tree is damaged.
 */
extern bool event_search_begin(EventSearch *search, const EventTreeReader *reader,
							   const EventBatch *order, const EventBatch *filter, int filters,
							   EventResize resize);

/* At least the score of every row that was not visited yet; negative if there is none. */
extern double event_search_peek(const EventSearch *search);

/*
 * Opens the most promising node or block, and visits those of its rows that
 * may be the next; perhaps none.  Every row that is acceptable is visited
 * once.  False if the tree is damaged.
 */
extern bool event_search_open_next(EventSearch *search, EventVisit visit, void *state);

extern void event_search_end(EventSearch *search);

#endif /* SHORTLIST_CORE_EVENT_TREE_H */
