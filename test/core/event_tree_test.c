/*
 * event_tree_test.c
 *	  A search returns what sorting all rows by their scores returns, bit for
 *	  bit, for random events and preferences; and a damaged tree is noticed or
 *	  misunderstood, but never makes it read beyond an area.
 */
#include "event_cases.h"
#include "event_random.h"

#include "core/event_order.h"
#include "core/event_tree.h"
#include "random.h"
#include "tap.h"

#include <setjmp.h>

/* --- memory and areas -------------------------------------------------- */

static long blocks_of_memory;

static void *
resize(void *memory, size_t size)
{
	blocks_of_memory += (memory == NULL) - (size == 0);
	if (size == 0)
	{
		free(memory);
		return NULL;
	}
	return realloc(memory, size);
}

typedef struct Bytes
{
	uint8_t *bytes;
	size_t size;
} Bytes;

/* A tree, and the rows that it was made of, in its order. */
typedef struct Tree
{
	Bytes area[2];
	EventFacts *facts;
	EventTreeReader reader;
	bool crossed;	/* something was read across the end of a page */
	jmp_buf beyond; /* where to go when something beyond an area is asked for */
} Tree;

static void
append(void *state, EventArea which, const void *bytes, size_t size)
{
	Bytes *to = &((Tree *) state)->area[which];

	to->bytes = realloc(to->bytes, to->size + size);
	memcpy(to->bytes + to->size, bytes, size);
	to->size += size;
}

static void
read_area(void *state, EventArea which, uint64_t at, size_t size, void *out)
{
	Tree *tree = state;
	const Bytes *from = &tree->area[which];
	uint32_t room = tree->reader.shape.page_room;

	if (at > from->size || size > from->size - at)
		longjmp(tree->beyond, 1);
	if (size > 0 && at / room != (at + size - 1) / room)
		tree->crossed = true;
	memcpy(out, from->bytes + at, size);
}

static void
build(Tree *tree, const EventFacts *facts, size_t rows)
{
	uint32_t page_room = EVENT_PAGE_ROOM_LEAST + random_below(8000);
	EventPoint *point = malloc((rows + 1) * sizeof(EventPoint));
	EventTreeWriter *writer = malloc(sizeof(EventTreeWriter));
	size_t unit[EVENT_TREE_LEVELS];

	memset(tree, 0, sizeof(*tree));
	tree->facts = malloc((rows + 1) * sizeof(EventFacts));
	for (size_t i = 0; i < rows; i++)
		event_point_of(&facts[i], i, &point[i]);
	event_order(point, rows, unit, event_tree_units(rows, unit), NULL);
	event_tree_begin(writer, rows, page_room, resize, append, tree);
	for (size_t i = 0; i < rows; i++)
	{
		tree->facts[i] = facts[point[i].row];
		event_tree_add(writer, &tree->facts[i]);
	}
	event_tree_end(writer);
	event_tree_shape(&tree->reader.shape, rows, page_room);
	tree->reader.read = read_area;
	tree->reader.state = tree;
	free(point);
	free(writer);
}

static void
free_tree(Tree *tree)
{
	free(tree->area[0].bytes);
	free(tree->area[1].bytes);
	free(tree->facts);
}

/* --- all rows ---------------------------------------------------------- */

static Property all_rows = {.name = "all rows come back in their order, bit for bit"};
static Property in_pages = {.name = "nothing crosses the end of a page"};

typedef struct Reading
{
	const Tree *tree;
	uint64_t rows;
	bool same;
} Reading;

static void
compare_row(void *state, uint64_t row, const EventFacts *facts, double score)
{
	Reading *reading = state;

	reading->same &= row == reading->rows && score == 0 && row < reading->tree->reader.shape.rows &&
		memcmp(facts, &reading->tree->facts[row], sizeof(*facts)) == 0;
	reading->rows++;
}

static void
check_all_rows(const Tree *tree)
{
	Reading reading = {.tree = tree, .same = true};
	bool sound = event_tree_read_all(&tree->reader, compare_row, &reading);

	check(&all_rows, sound && reading.same && reading.rows == tree->reader.shape.rows,
		  "%lu of %lu rows", (unsigned long) reading.rows, (unsigned long) tree->reader.shape.rows);
	check(&in_pages, !tree->crossed, "page of %u", tree->reader.shape.page_room);
}

/* --- shape ------------------------------------------------------------- */

static Property shaped = {
	.name = "nodes and blocks are as many as the shape says, and follow one another"};

static void
check_shape(const Tree *tree)
{
	const EventTreeShape *shape = &tree->reader.shape;
	const Bytes *blocks = &tree->area[EVENT_AREA_BLOCKS];
	const Bytes *nodes = &tree->area[EVENT_AREA_NODES];
	uint64_t block_bytes = 0;
	uint64_t node_bytes = 0;
	uint64_t rows = 0;
	bool right = true;

	for (int level = 0; level < shape->levels; level++)
	{
		for (uint64_t number = 0; number < shape->nodes[level]; number++)
		{
			uint64_t at = event_node_at(shape, level, number);
			EventNode node;

			right &= at == event_next_at(shape, node_bytes, sizeof(node));
			node_bytes = at + sizeof(node);
			memcpy(&node, nodes->bytes + at, sizeof(node));
			right &= node.count == event_node_children(shape, level, number);
			for (int lane = 0; level == 0 && lane < node.count; lane++)
			{
				uint16_t size = node.block_size[lane];

				at = event_next_at(shape, block_bytes, size);
				right &= at == node.blocks + node.block_at[lane];
				block_bytes = at + size;
				/* a block begins with how many rows it has */
				right &= blocks->bytes[at] == event_block_rows(shape, number * EVENT_LANES + lane);
				rows += blocks->bytes[at];
			}
		}
	}
	check(&shaped,
		  right && rows == shape->rows && block_bytes == blocks->size && node_bytes == nodes->size,
		  "%lu rows in pages of %u", (unsigned long) shape->rows, shape->page_room);
}

/* --- searching --------------------------------------------------------- */

static Property sorted[COMBINATIONS] = {{.name = "the order of the search is that of a sort, sum"},
										{.name =
											 "the order of the search is that of a sort, product"},
										{.name = "the order of the search is that of a sort, min"}};
static Property once = {.name = "what is acceptable is visited once, with its score and its facts"};
static Property filtered = {.name = "what is not acceptable is not visited, and all else is"};
static Property returned = {.name = "no memory is left"};
static unsigned long unordered;
static unsigned long accepted_rows;

/* Rows that were visited, the best first once they are sorted. */
typedef struct Found
{
	const Tree *tree;
	const EventScorer *order;
	double *score;
	uint8_t *seen;
	size_t waiting; /* visited, and not returned yet: a heap would do, a list is simpler */
	size_t visited;
	double *queue;
	bool sane;
} Found;

static double
score_facts(const EventScorer *scorer, const EventFacts *facts)
{
	EventValues values;

	event_values(scorer, facts, &values);
	return event_score(scorer, &values, NULL);
}

static void
find_row(void *state, uint64_t row, const EventFacts *facts, double score)
{
	Found *found = state;

	if (row >= found->tree->reader.shape.rows || found->seen[row]++ ||
		memcmp(facts, &found->tree->facts[row], sizeof(*facts)) != 0 ||
		(found->order != NULL && score != score_facts(found->order, facts)))
	{
		found->sane = false;
		return;
	}
	found->visited++;
	found->queue[found->waiting++] = score;
}

static int
compare_doubles(const void *left, const void *right)
{
	double a = *(const double *) left;
	double b = *(const double *) right;

	return (a < b) - (a > b);
}

/* Takes from the queue what is at least the bound of all that was not visited, the best first. */
static size_t
take_ready(Found *found, double bound, double *out)
{
	size_t taken = 0;

	qsort(found->queue, found->waiting, sizeof(double), compare_doubles);
	while (taken < found->waiting && found->queue[taken] >= bound)
	{
		out[taken] = found->queue[taken];
		taken++;
	}
	found->waiting -= taken;
	memmove(found->queue, found->queue + taken, found->waiting * sizeof(double));
	return taken;
}

static bool
is_acceptable_to_all(const EventBatch *filter, int filters, const EventFacts *facts)
{
	for (int f = 0; f < filters; f++)
	{
		EventValues values;

		event_values(filter[f].scorer, facts, &values);
		if (!event_acceptable(filter[f].scorer, &values))
			return false;
	}
	return true;
}

static void
check_search(const Tree *tree, const EventBatch *order, const EventBatch *filter, int filters)
{
	size_t rows = tree->reader.shape.rows;
	double *expected = malloc((rows + 1) * sizeof(double));
	double *got = malloc((rows + 1) * sizeof(double));
	Found found = {.tree = tree, .order = order == NULL ? NULL : order->scorer, .sane = true};
	EventSearch search;
	size_t acceptable = 0;
	size_t count = 0;
	bool sound;
	bool right = true;

	found.seen = calloc(rows + 1, 1);
	found.queue = malloc((rows + 1) * sizeof(double));
	for (size_t i = 0; i < rows; i++)
	{
		if (is_acceptable_to_all(filter, filters, &tree->facts[i]))
			expected[acceptable++] =
				order == NULL ? 0 : score_facts(order->scorer, &tree->facts[i]);
		else
			found.seen[i] = 1;
	}
	qsort(expected, acceptable, sizeof(double), compare_doubles);

	sound = event_search_begin(&search, &tree->reader, order, filter, filters, resize);
	while (sound && event_search_peek(&search) >= 0)
	{
		sound = event_search_open_next(&search, find_row, &found);
		count += take_ready(&found, event_search_peek(&search), got + count);
	}
	event_search_end(&search);
	check(&once, sound && found.sane, "%zu rows, of which %zu were visited", rows, found.visited);
	check(&filtered, count == acceptable, "%zu of %zu rows", count, acceptable);
	for (size_t i = 0; i < count && i < acceptable; i++)
		right &= got[i] == expected[i];
	if (order != NULL)
		check(&sorted[order->scorer->pref.combine], right && count == acceptable, "%zu rows", rows);
	check(&returned, blocks_of_memory == 0, "%ld blocks", blocks_of_memory);
	accepted_rows += acceptable;
	free(expected);
	free(got);
	free(found.seen);
	free(found.queue);
}

/* Events such as people have, or such as are at the edges; some of them many times. */
static EventFacts *
random_events(size_t rows)
{
	EventFacts *facts = malloc((rows + 1) * sizeof(EventFacts));
	double odd = random_chance(0.4) ? 0 : random_unit();
	double again = random_chance(0.7) ? 0 : random_unit();
	bool all_known = random_chance(0.4);
	EventFacts member[MOST_MEMBERS];

	for (size_t i = 0; i < rows; i++)
	{
		if (i > 0 && random_chance(again))
			facts[i] = facts[random_below(i)];
		else if (random_chance(odd))
		{
			random_members(member);
			facts[i] = member[0];
		}
		else
		{
			ordinary_facts(&facts[i]);
			if (all_known)
				facts[i].known = ALL_KNOWN;
			settle_facts(&facts[i]);
		}
	}
	return facts;
}

static void
search_random(const Tree *tree)
{
	size_t rows = tree->reader.shape.rows;
	EventFacts none = {.version = EVENT_FACTS_VERSION};
	const EventFacts *one = rows == 0 ? &none : &tree->facts[random_below(rows)];
	EventPref pref[3];
	EventScorer scorer[3];
	EventBatch batch[3];
	int filters = random_chance(0.4) ? 0 : 1 + random_below(2);
	bool ordered = filters == 0 || random_chance(0.8);

	for (int i = 0; i < 3; i++)
	{
		pref[i] = random_chance(0.4) ? ordinary_pref() : random_pref(one);
		if (i > 0)
			random_limits(&pref[i], one);
		/* often one preference orders and filters */
		if (i == 1 && random_chance(0.5))
			pref[1] = pref[0], random_limits(&pref[1], one);
		event_scorer_init(&scorer[i], &pref[i]);
		if (random_chance(0.5))
			event_scorer_skip_far(&scorer[i]);
		event_batch_init(&batch[i], &scorer[i]);
	}
	unordered += !ordered;
	check_search(tree, ordered ? &batch[0] : NULL, &batch[1], filters);
}

static void
test_random(void)
{
	static const size_t sizes[] = {0, 1, 2, 31, 32, 33, 63, 64, 1023, 1024, 1025, 1056, 2048};

	for (long n = random_rounds(50); n >= 0; n--)
	{
		size_t rows = (size_t) n < LENGTH_OF(sizes) ? sizes[n] : random_below(1500);
		EventFacts *facts = random_events(rows);
		Tree tree;

		build(&tree, facts, rows);
		check_all_rows(&tree);
		check_shape(&tree);
		for (int i = 0; i < 12; i++)
			search_random(&tree);
		check(&in_pages, !tree.crossed, "page of %u", tree.reader.shape.page_room);
		free_tree(&tree);
		free(facts);
	}
	report(&all_rows);
	report(&shaped);
	report(&in_pages);
	for (int combine = 0; combine < COMBINATIONS; combine++)
		report(&sorted[combine]);
	report(&once);
	report(&filtered);
	report(&returned);
	ok(accepted_rows > 1000 && unordered > 50, "many were acceptable, and many asked for no order");
}

/* Three levels; the best ten cost little. */
static void
test_large(void)
{
	enum
	{
		ROWS = EVENT_LANES * EVENT_LANES * EVENT_LANES + 1
	};
	EventFacts *facts = malloc(ROWS * sizeof(EventFacts));
	unsigned long blocks = 0;
	Tree tree;

	for (size_t i = 0; i < ROWS; i++)
		ordinary_facts(&facts[i]);
	build(&tree, facts, ROWS);
	is_count(tree.reader.shape.levels, 3, "32,769 rows have three levels of nodes");
	check_all_rows(&tree);
	check_shape(&tree);
	for (int n = 0; n < 4; n++)
	{
		EventPref pref = ordinary_pref();
		EventScorer scorer;
		EventBatch batch;
		EventSearch search;
		double got[ROWS];
		size_t count = 0;
		Found found = {.tree = &tree, .order = &scorer, .sane = true};

		found.seen = calloc(ROWS, 1);
		found.queue = malloc(ROWS * sizeof(double));
		event_scorer_init(&scorer, &pref);
		event_batch_init(&batch, &scorer);
		check_search(&tree, &batch, NULL, 0);
		event_search_begin(&search, &tree.reader, &batch, NULL, 0, resize);
		while (count < 10 && event_search_open_next(&search, find_row, &found))
			count += take_ready(&found, event_search_peek(&search), got + count);
		blocks += search.blocks_opened;
		event_search_end(&search);
		free(found.seen);
		free(found.queue);
	}
	ok(blocks < 4 * 1024 / 10, "the best ten open less than a tenth of the blocks: %lu of 1,024",
	   blocks / 4);
	report(&all_rows);
	report(&shaped);
	for (int combine = 0; combine < COMBINATIONS; combine++)
		report(&sorted[combine]);
	free_tree(&tree);
	free(facts);
}

/* --- damage ------------------------------------------------------------ */

static void
ignore_row(void *state, uint64_t row, const EventFacts *facts, double score)
{
	uint64_t *most = state;

	(void) facts;
	(void) score;
	*most = row > *most ? row : *most;
}

static unsigned long noticed;

/* Searches and reads a tree some of whose bytes are wrong. */
static void
use_damaged(Tree *tree, const EventBatch *order, Property *within)
{
	/* volatile, since it is looked at after a jump */
	static volatile bool sound;
	static EventSearch search;
	static uint64_t most;

	most = 0;
	sound = false;
	if (setjmp(tree->beyond) == 0)
	{
		sound = event_search_begin(&search, &tree->reader, order, NULL, 0, resize);
		while (sound && event_search_peek(&search) >= 0)
			sound = event_search_open_next(&search, ignore_row, &most);
	}
	event_search_end(&search);
	noticed += !sound;
	if (setjmp(tree->beyond) == 0)
		event_tree_read_all(&tree->reader, ignore_row, &most);
	check(within, most < tree->reader.shape.rows, "row %lu of %lu", (unsigned long) most,
		  (unsigned long) tree->reader.shape.rows);
}

static void
test_damage(void)
{
	Property within = {.name = "no row is visited that is not there, whatever the bytes are"};

	for (long n = random_rounds(100); n > 0; n--)
	{
		size_t rows = 1 + random_below(2000);
		EventFacts *facts = random_events(rows);
		EventPref pref = random_pref(facts);
		EventScorer scorer;
		EventBatch batch;
		Tree tree;

		build(&tree, facts, rows);
		event_scorer_init(&scorer, &pref);
		event_batch_init(&batch, &scorer);
		for (int change = 0; change < 20; change++)
		{
			Bytes *area = &tree.area[random_below(2)];
			size_t at = random_chance(0.3) ? random_below(area->size < 200 ? area->size : 200)
										   : random_below(area->size);

			area->bytes[at] = random_chance(0.3) ? 0xff : (uint8_t) random_bits();
			use_damaged(&tree, &batch, &within);
		}
		free_tree(&tree);
		free(facts);
	}
	report(&within);
	ok(noticed > 100, "damage is often noticed");
	is_count(blocks_of_memory, 0, "no memory is left");
}

int
main(void)
{
	random_init();
	test_random();
	test_large();
	test_damage();
	return tap_done();
}
