/*
 * event_block_test.c
 *	  What a block gives back is what was put in, bit for bit; usual events take
 *	  few bytes; and no bytes, however damaged, make it read beyond them.
 */
#include "event_cases.h"
#include "event_random.h"

#include "core/event_block.h"
#include "random.h"
#include "tap.h"

static bool
same_rows(const EventRows *a, const EventRows *b)
{
	size_t size = a->count * sizeof(double);

	return a->count == b->count && memcmp(a->known, b->known, a->count) == 0 &&
		memcmp(a->latitude, b->latitude, size) == 0 &&
		memcmp(a->longitude, b->longitude, size) == 0 && memcmp(a->price, b->price, size) == 0 &&
		memcmp(a->attendees, b->attendees, size) == 0 &&
		memcmp(a->starts_at, b->starts_at, size) == 0;
}

/* In memory of just this size, so that a sanitizer sees what is read beyond. */
static bool
decode(const uint8_t *block, size_t size, EventRows *rows)
{
	uint8_t *copy = malloc(size);
	bool decoded;

	memcpy(copy, block, size);
	decoded = event_block_decode(copy, size, rows);
	free(copy);
	return decoded;
}

/* A float8 of some kind: a decimal, a whole number, an edge, or any bits of a number >= 0. */
static double
random_number(int kind)
{
	double value;

	switch (kind)
	{
		case 0:
			return random_below(1000);
		case 1:
			return random_below(100000) / 100.0;
		case 2:
			return random_below(100000000) / 1e5;
		case 3:
			return (double) (random_bits() >> 20) / 1e9;
		case 4:
			return edge_amount();
		case 5:
			return random_chance(0.5) ? 0.0 : -0.0;
		default:
			do
			{
				uint64_t bits = random_bits() >> 1;

				memcpy(&value, &bits, sizeof(value));
			} while (!isfinite(value));
			return value;
	}
}

#define NUMBER_KINDS 7

static void
random_rows(EventRows *rows)
{
	bool all_known = random_chance(0.5);
	int kind[4];

	memset(rows, 0, sizeof(*rows));
	for (int c = 0; c < 4; c++)
		kind[c] = random_below(NUMBER_KINDS);
	rows->count = random_chance(0.5) ? EVENT_LANES : 1 + random_below(EVENT_LANES);
	for (uint32_t i = 0; i < rows->count; i++)
	{
		unsigned known = all_known ? ALL_KNOWN : random_below(ALL_KNOWN + 1);
		bool other = random_chance(0.03);

		rows->known[i] = known;
		if (known & EVENT_BIT(EVENT_LOCATION))
		{
			rows->latitude[i] = remainder(random_number(other ? 6 : kind[0]), 180);
			rows->longitude[i] = remainder(random_number(other ? 6 : kind[1]), 360);
			if (kind[0] <= 2 && !other)
				rows->latitude[i] = (double) ((int64_t) random_below(18000000) - 9000000) / 1e5;
		}
		if (known & EVENT_BIT(EVENT_PRICE))
			rows->price[i] = random_number(other ? 6 : kind[2]);
		if (known & EVENT_BIT(EVENT_ATTENDEES))
			rows->attendees[i] = random_number(other ? 6 : kind[3]);
		if (known & EVENT_BIT(EVENT_START))
			rows->starts_at[i] = random_start();
	}
}

static void
test_round_trip(void)
{
	Property again = {.name = "a block gives back what was put in, bit for bit"};
	Property small = {.name = "and is no larger than the largest"};
	Property shorter = {.name = "a block that is cut off is no block"};
	Property longer = {.name = "nor is one with something behind it"};

	for (long n = random_rounds(60000); n > 0; n--)
	{
		uint8_t block[EVENT_BLOCK_MOST + 1] = {0};
		EventRows rows;
		EventRows back;
		size_t size;

		random_rows(&rows);
		size = event_block_encode(&rows, block);
		check(&small, size <= EVENT_BLOCK_MOST, "%zu bytes", size);
		memset(&back, 0xff, sizeof(back));
		check(&again, decode(block, size, &back) && same_rows(&rows, &back), "%u rows, %zu bytes",
			  rows.count, size);
		check(&shorter, !decode(block, random_below(size), &back), "of %zu bytes", size);
		check(&longer, !decode(block, size + 1, &back), "of %zu bytes", size);
	}
	report(&again);
	report(&small);
	report(&shorter);
	report(&longer);
}

/* What can be anywhere in a column. */
static void
test_edges(void)
{
	static const double number[] = {0.0,		-0.0,	 LEAST_DOUBLE, -LEAST_DOUBLE,
									DBL_MIN,	DBL_MAX, -DBL_MAX,	   INFINITY,
									-INFINITY,	0.1,	 1e15 + 0.5,   0x1p52,
									0x1p52 + 1, 0x1p53,	 -0x1p53,	   9007199254740993.0,
									1e22,		0.3};
	static const int64_t start[] = {INT64_MIN, INT64_MAX, 0, -1, 1, FIRST_START, LAST_START};
	Property edges = {.name = "two edges in one column come back, bit for bit"};

	for (uint32_t a = 0; a < LENGTH_OF(number); a++)
	{
		for (uint32_t b = 0; b < LENGTH_OF(number); b++)
		{
			EventRows rows = {.count = 2, .known = {ALL_KNOWN, ALL_KNOWN}};
			EventRows back;
			uint8_t block[EVENT_BLOCK_MOST];
			size_t size;

			rows.latitude[0] = rows.longitude[1] = rows.price[0] = rows.attendees[1] = number[a];
			rows.latitude[1] = rows.longitude[0] = rows.price[1] = rows.attendees[0] = number[b];
			rows.starts_at[0] = start[a % LENGTH_OF(start)];
			rows.starts_at[1] = start[b % LENGTH_OF(start)];
			size = event_block_encode(&rows, block);
			check(&edges, decode(block, size, &back) && same_rows(&rows, &back), "%a and %a",
				  number[a], number[b]);
		}
	}
	report(&edges);
}

/* Around a city within some days: degrees to a metre, cents, heads, quarters of an hour. */
static void
test_size(void)
{
	EventRows rows = {.count = 0, .known = {0}};
	uint8_t block[EVENT_BLOCK_MOST];
	size_t decimal;
	size_t binary;

	for (int i = 0; i < EVENT_LANES; i++)
	{
		EventFacts facts = {.version = EVENT_FACTS_VERSION, .known = ALL_KNOWN};

		facts.latitude = (5150000 + random_below(60000)) / 1e5;
		facts.longitude = ((int) random_below(60000) - 30000) / 1e5;
		facts.price = random_below(10000) / 100.0;
		facts.attendees = random_below(2000);
		facts.starts_at = SOON + (int64_t) random_below(1000) * 900 * 1000000;
		event_rows_add(&rows, &facts);
	}
	decimal = event_block_encode(&rows, block);
	ok(decimal <= EVENT_LANES * 10 + 64, "decimals take 2 bytes a column: %zu bytes", decimal);
	for (int i = 0; i < EVENT_LANES; i++)
		rows.latitude[i] += random_unit() * 1e-6;
	binary = event_block_encode(&rows, block);
	ok(binary <= EVENT_LANES * 16 + 64, "one column of other numbers, 6 more: %zu bytes", binary);
}

/* Bytes changed at random: what is read is a block, or refused. */
static void
test_damage(void)
{
	Property sane = {.name = "what damaged bytes give has rows and flags that are possible"};
	unsigned long refused = 0;

	for (long n = random_rounds(100000); n > 0; n--)
	{
		uint8_t block[EVENT_BLOCK_MOST];
		EventRows rows;
		size_t size;

		random_rows(&rows);
		size = event_block_encode(&rows, block);
		for (int change = 1 + random_below(4); change > 0; change--)
			block[random_chance(0.5) ? random_below(size) : random_below(size < 80 ? size : 80)] =
				random_chance(0.3) ? 0xff : (uint8_t) random_bits();
		if (!decode(block, size, &rows))
		{
			refused++;
			continue;
		}
		check(&sane, rows.count >= 1 && rows.count <= EVENT_LANES, "%u rows", rows.count);
		for (uint32_t i = 0; i < rows.count; i++)
			check(&sane, rows.known[i] <= ALL_KNOWN, "known %u", rows.known[i]);
	}
	report(&sane);
	ok(refused > 1000, "many are refused");
}

int
main(void)
{
	random_init();
	test_round_trip();
	test_edges();
	test_size();
	test_damage();
	return tap_done();
}
