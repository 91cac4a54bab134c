/*
 * event_tree_fuzz.c
 *	  Any bytes as the two areas of a tree of events: reading all rows, and
 *	  searching, say that it is damaged or come to an end.  What they ask for
 *	  beyond an area is refused here, as the pages of an index refuse it.
 */
#include "core/event_score.h"
#include "core/event_tree.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

typedef struct Tree
{
	const uint8_t *area[2];
	size_t size[2];
	jmp_buf beyond;
} Tree;

static void *pieces[100000];
static size_t piece_count;

/* What is held when a read jumps out is freed by free_pieces(). */
static void *
resize(void *memory, size_t size)
{
	size_t place = 0;

	while (place < piece_count && (memory == NULL || pieces[place] != memory))
		place++;
	if (size == 0)
	{
		free(memory);
		pieces[place] = pieces[--piece_count];
		return NULL;
	}
	if (place == piece_count && ++piece_count == sizeof(pieces) / sizeof(*pieces))
		abort();
	return pieces[place] = realloc(memory, size);
}

static void
free_pieces(void)
{
	while (piece_count > 0)
		free(pieces[--piece_count]);
}

static void
read_area(void *state, EventArea which, uint64_t at, size_t size, void *out)
{
	Tree *tree = state;

	if (at > tree->size[which] || size > tree->size[which] - at)
		longjmp(tree->beyond, 1);
	memcpy(out, tree->area[which] + at, size);
}

static void
visit(void *state, uint64_t row, const EventFacts *facts, double score)
{
	(void) row;
	(void) score;
	*(unsigned *) state += facts->known;
}

/*
 * The first two bytes are the number of rows; two more say where in the rest
 * the area of nodes begins.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static Tree tree;
	EventPref pref = {.version = EVENT_PREF_VERSION};
	EventTreeReader reader = {.read = read_area, .state = &tree};
	EventScorer scorer;
	EventBatch batch;
	EventSearch search;
	unsigned sum = 0;
	size_t at;

	if (size < 4)
		return 0;
	event_tree_shape(&reader.shape, bytes[0] | (uint64_t) bytes[1] << 8, EVENT_PAGE_ROOM_LEAST);
	at = (bytes[2] | (size_t) bytes[3] << 8) % (size - 3);
	tree.area[0] = bytes + 4;
	tree.size[0] = at;
	tree.area[1] = bytes + 4 + at;
	tree.size[1] = size - 4 - at;
	pref.wish[EVENT_PRICE] = (EventWish){.present = 1,
										 .weight = 1,
										 .curve = EVENT_CURVE_LINEAR,
										 .offset = 20,
										 .scale = 20};
	event_scorer_init(&scorer, &pref);
	event_batch_init(&batch, &scorer);
	if (setjmp(tree.beyond) == 0)
		event_tree_read_all(&reader, visit, &sum);
	free_pieces();
	if (setjmp(tree.beyond) == 0 && event_search_begin(&search, &reader, &batch, &batch, 1, resize))
	{
		while (event_search_peek(&search) >= 0 && event_search_open_next(&search, visit, &sum))
			;
	}
	free_pieces();
	return 0;
}
