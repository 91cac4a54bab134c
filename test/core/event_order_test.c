/*
 * event_order_test.c
 *	  The order is a kd-tree: every split has all of one side of a dimension
 *	  before all of the other, and no order of the input makes it slow.
 */
#include "event_cases.h"
#include "event_random.h"

#include "core/event_order.h"
#include "core/event_tree.h"
#include "random.h"
#include "tap.h"

static Property split_along = {.name = "what comes first in a cell is on one side of a dimension"};

/* Whether some dimension has none of the first above any of the others. */
static bool
is_split(const EventPoint *point, size_t count, size_t first)
{
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		float most = -INFINITY;
		float least = INFINITY;

		for (size_t i = 0; i < first; i++)
			most = fmaxf(most, point[i].at[d]);
		for (size_t i = first; i < count; i++)
			least = fminf(least, point[i].at[d]);
		if (most <= least)
			return true;
	}
	return false;
}

/*
 * The tree as it is described: cells are split in two until they are one unit,
 * into as many units on either side, or one more in the first.
 */
static void
check_cell(const EventPoint *point, size_t count, const size_t *unit, int units)
{
	size_t pieces;
	size_t first;

	while (units > 0 && unit[units - 1] >= count)
		units--;
	if (units == 0)
		return;
	pieces = count / unit[units - 1] + (count % unit[units - 1] != 0);
	first = (pieces - pieces / 2) * unit[units - 1];
	check(&split_along, is_split(point, count, first), "%zu of %zu", first, count);
	check_cell(point, first, unit, units);
	check_cell(point + first, count - first, unit, units);
}

static unsigned long pauses;

static void
count_pauses(void)
{
	pauses++;
}

static void
check_order(EventPoint *point, size_t count, Property *complete)
{
	size_t unit[EVENT_TREE_LEVELS];
	int units = event_tree_units(count, unit);
	uint8_t *seen = calloc(count + 1, 1);
	size_t distinct = 0;

	event_order(point, count, unit, units, count_pauses);
	for (size_t i = 0; i < count; i++)
		distinct += point[i].row < count && !seen[point[i].row]++;
	check(complete, distinct == count, "%zu of %zu rows", distinct, count);
	check_cell(point, count, unit, units);
	free(seen);
}

static void
test_events(void)
{
	static const size_t sizes[] = {0, 1, 31, 32, 33, 64, 65, 1023, 1024, 1025, 2049, 33000};
	Property complete = {.name = "every row has its place"};

	for (uint32_t i = 0; i < LENGTH_OF(sizes) + 100; i++)
	{
		size_t count = i < LENGTH_OF(sizes) ? sizes[i] : random_below(3000);
		EventPoint *point = malloc((count + 1) * sizeof(EventPoint));

		for (size_t row = 0; row < count; row++)
		{
			EventFacts facts;

			if (random_chance(0.5))
				ordinary_facts(&facts);
			else
			{
				random_facts(&facts, random_below(ALL_KNOWN + 1));
				settle_facts(&facts);
			}
			event_point_of(&facts, row, &point[row]);
		}
		check_order(point, count, &complete);
		free(point);
	}
	report(&complete);
	report(&split_along);
}

/* Orders that are slow for a selection whose pivots are in the middle or at the ends. */
static void
test_patterns(void)
{
	enum
	{
		COUNT = 100000
	};
	EventPoint *point = malloc(COUNT * sizeof(EventPoint));
	Property complete = {.name = "every row has its place, ascending, descending, alike, ..."};

	split_along = (Property){.name = "and splits are along a dimension"};
	for (int pattern = 0; pattern < 6; pattern++)
	{
		for (uint32_t i = 0; i < COUNT; i++)
		{
			uint32_t value = pattern == 0 ? i
				: pattern == 1			  ? COUNT - i
				: pattern == 2			  ? 7
				: pattern == 3			  ? i % 2
				: pattern == 4			  ? (i < COUNT / 2 ? i : COUNT - i)
										  : i % 1000 == 0;

			point[i] = (EventPoint){.row = i};
			point[i].at[EVENT_DIM_PRICE] = (float) value;
			point[i].at[EVENT_DIM_START] = (float) (value / 2);
		}
		check_order(point, COUNT, &complete);
	}
	report(&complete);
	report(&split_along);
	ok(pauses > 100, "there are pauses for interrupts");
	free(point);
}

int
main(void)
{
	random_init();
	test_events();
	test_patterns();
	return tap_done();
}
