/*
 * event_order.c
 *	  An order of events in which those that most preferences find alike stand
 *	  together.
 */
#include "core/event_order.h"

#include <math.h>

/*
 * What makes one unit of length, so that the longest side of a cell is the
 * one by which preferences tell its events apart best.  Found by trying, on a
 * million events and 200 preferences (bench/event-tree).  Blocks and nodes
 * opened for the best one, and for the best ten, median and p95:
 *
 *		1/8 of the radius, 8 and 10 doublings, 15 days	21, 180; 141, 545
 *		the same, 7 days								18, 151; 124, 374
 *		the same, 4 days								16, 145; 114, 329
 *		1/8 of the radius, 16 and 20 doublings, 4 days	14, 124; 108, 308
 *		the same, 3 days								15, 140; 107, 274
 */
#define PLACE_UNIT 0.125		   /* of the Earth's radius: 800 km */
#define PRICE_UNIT 16.0			   /* doublings */
#define ATTENDEES_UNIT 20.0		   /* doublings */
#define START_UNIT (4.0 * 86400.0) /* seconds */

/* Where what is not known stands: on a side of its own, beyond all that is usual. */
#define UNKNOWN_AMOUNT (-4.0)
#define UNKNOWN_START 1e9

/* Powers of 2 above 1, for amounts of any currency and size. */
static double
magnitude(double amount)
{
	return log2(1 + amount);
}

void
event_point_of(const EventFacts *facts, uint32_t row, EventPoint *point)
{
	bool price = facts->known & EVENT_BIT(EVENT_PRICE);
	bool attendees = facts->known & EVENT_BIT(EVENT_ATTENDEES);
	bool start = facts->known & EVENT_BIT(EVENT_START);

	/* The vector of a place that is not known is 0, as far from all places as the Earth's centre. */
	for (int d = 0; d < 3; d++)
		point->at[d] = (float) (facts->xyz[d] / PLACE_UNIT);
	point->at[EVENT_DIM_PRICE] =
		(float) ((price ? magnitude(facts->price) : UNKNOWN_AMOUNT) / PRICE_UNIT);
	point->at[EVENT_DIM_ATTENDEES] =
		(float) ((attendees ? magnitude(facts->attendees) : UNKNOWN_AMOUNT) / ATTENDEES_UNIT);
	point->at[EVENT_DIM_START] =
		(float) (start ? event_seconds(facts->starts_at) / START_UNIT : UNKNOWN_START);
	point->row = row;
}

EventDimension
event_order_side(const float low[EVENT_DIMENSIONS], const float high[EVENT_DIMENSIONS])
{
	EventDimension longest = 0;

	for (int d = 1; d < EVENT_DIMENSIONS; d++)
	{
		if (high[d] - low[d] > high[longest] - low[longest])
			longest = d;
	}
	return longest;
}

/* The longest side of the box around the points. */
static EventDimension
longest_side(const EventPoint *point, size_t count)
{
	float low[EVENT_DIMENSIONS];
	float high[EVENT_DIMENSIONS];

	for (int d = 0; d < EVENT_DIMENSIONS; d++)
		low[d] = high[d] = point[0].at[d];
	for (size_t i = 1; i < count; i++)
	{
		for (int d = 0; d < EVENT_DIMENSIONS; d++)
		{
			float at = point[i].at[d];

			low[d] = at < low[d] ? at : low[d];
			high[d] = at > high[d] ? at : high[d];
		}
	}
	return event_order_side(low, high);
}

static inline void
swap(EventPoint *a, EventPoint *b)
{
	EventPoint other = *a;

	*a = *b;
	*b = other;
}

/* Multiplicative congruential numbers are random enough to find pivots; of 2^33 points at most. */
static inline size_t
random_index(uint64_t *state, size_t count)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (size_t) ((*state >> 33) * count >> 31);
}

static inline float
median(float a, float b, float c)
{
	if (a < b)
		return b < c ? b : a < c ? c : a;
	return a < c ? a : b < c ? c : b;
}

/*
 * Moves the `first` least points by this dimension to the front (Hoare's
 * selection; the pivots are random, so that no order of the input is slow).
 */
static void
select_least(EventPoint *point, size_t count, size_t first, EventDimension d, uint64_t *state)
{
	while (first > 0 && first < count)
	{
		float pivot =
			median(point[random_index(state, count)].at[d], point[random_index(state, count)].at[d],
				   point[random_index(state, count)].at[d]);
		size_t left = 0;
		size_t right = count - 1;

		/* points that equal the pivot go to either side, which keeps the sides balanced */
		for (;;)
		{
			while (point[left].at[d] < pivot)
				left++;
			while (point[right].at[d] > pivot)
				right--;
			if (left >= right)
				break;
			swap(&point[left++], &point[right--]);
		}
		/* Before left all are at most the pivot, after right at least; where they met, one equals it. */
		if (first < left)
			count = left;
		else if (left == right && first <= left + 1)
			return;
		else
		{
			left += left == right;
			point += left;
			count -= left;
			first -= left;
		}
	}
}

size_t
event_order_half(size_t count, const size_t *unit, int *units)
{
	size_t pieces;

	while (*units > 0 && count <= unit[*units - 1])
		--*units;
	if (*units == 0)
		return 0;
	pieces = (count + unit[*units - 1] - 1) / unit[*units - 1];
	return (pieces + 1) / 2 * unit[*units - 1];
}

#define PAUSE_EVERY 4096 /* points */

static void
split(EventPoint *point, size_t count, const size_t *unit, int units, void (*pause)(void),
	  uint64_t *state)
{
	size_t first;

	while ((first = event_order_half(count, unit, &units)) > 0)
	{
		select_least(point, count, first, longest_side(point, count), state);
		if (pause != NULL && count > PAUSE_EVERY)
			pause();
		split(point, first, unit, units, pause, state);
		point += first;
		count -= first;
	}
}

void
event_order(EventPoint *point, size_t count, const size_t *unit, int units, void (*pause)(void))
{
	uint64_t state = count;

	split(point, count, unit, units, pause, &state);
}
