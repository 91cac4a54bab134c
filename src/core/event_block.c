/*
 * event_block.c
 *	  A few events as bytes: columns side by side, each as small integers.
 */
#include "core/event_block.h"

#include <math.h>
#include <string.h>

#define AS_IT_IS 0x0f
#define STEP_FOLLOWS 0x80
#define KNOWN_FOLLOWS 0x80
#define KNOWN_BITS ((1 << EVENT_CRITERIA) - 1)

/* Degrees have no more digits than this behind the point, to 0.1 mm; others are rarely decimals. */
#define DECIMALS_MOST 9

/* Integers up to here, and differences of two of them, are exact in float8. */
#define INTEGER_MOST 0x1p52

static const double power_of_ten[DECIMALS_MOST + 1] = {1e0, 1e1, 1e2, 1e3, 1e4,
													   1e5, 1e6, 1e7, 1e8, 1e9};

/* How a column is kept. */
typedef struct Column
{
	int decimals; /* or AS_IT_IS */
	int width;	  /* bytes of a delta */
	int64_t base;
	uint64_t step;
	int64_t integer[EVENT_LANES]; /* while it is written */
} Column;

/* --- writing ----------------------------------------------------------- */

static inline bool
has_decimals(double value, int decimals, int64_t *integer)
{
	double scaled = value * power_of_ten[decimals];
	double again;

	if (!(fabs(scaled) < INTEGER_MOST))
		return false;
	*integer = (int64_t) (scaled + (scaled < 0 ? -0.5 : 0.5));
	again = (double) *integer / power_of_ten[decimals];
	/* bit for bit, so that minus zero is no integer */
	return memcmp(&again, &value, sizeof(double)) == 0;
}

static uint64_t
greatest_common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0)
	{
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* Base, step and width for the integers of those who know the column. */
static void
fit_column(Column *column, const EventRows *rows, EventCriterion criterion)
{
	bool any = false;
	uint64_t most = 0;

	column->base = 0;
	column->step = 0;
	for (uint32_t i = 0; i < rows->count; i++)
	{
		if (!(rows->known[i] & EVENT_BIT(criterion)))
			continue;
		if (!any || column->integer[i] < column->base)
			column->base = column->integer[i];
		any = true;
	}
	for (uint32_t i = 0; i < rows->count; i++)
	{
		uint64_t above;

		if (!(rows->known[i] & EVENT_BIT(criterion)))
			continue;
		above = (uint64_t) column->integer[i] - (uint64_t) column->base;
		most = above > most ? above : most;
		if (column->step != 1)
			column->step = greatest_common_divisor(above, column->step);
	}
	if (column->step == 0)
		column->step = 1;
	most /= column->step;
	column->width = most == 0 ? 0 : most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : 4;
	if (most > UINT32_MAX)
		column->width = 8;
}

/* Looks for the least number of decimals that gives every value back. */
static bool
fit_decimals(Column *column, const double *value, const EventRows *rows, EventCriterion criterion)
{
	column->decimals = 0;
	for (uint32_t i = 0; i < rows->count;)
	{
		if (!(rows->known[i] & EVENT_BIT(criterion)) ||
			has_decimals(value[i], column->decimals, &column->integer[i]))
			i++;
		else if (column->decimals++ < DECIMALS_MOST)
			i = 0;
		else
			return false;
	}
	fit_column(column, rows, criterion);
	return true;
}

static void
fit_float8(Column *column, const double *value, const EventRows *rows, EventCriterion criterion)
{
	Column bits = {.decimals = AS_IT_IS};

	memcpy(bits.integer, value, rows->count * sizeof(double));
	fit_column(&bits, rows, criterion);
	if (!fit_decimals(column, value, rows, criterion) || bits.width < column->width)
		*column = bits;
}

static inline uint8_t *
put(uint8_t *at, const void *value, size_t size)
{
	memcpy(at, value, size);
	return at + size;
}

static uint8_t *
write_column(uint8_t *at, const Column *column, const EventRows *rows, EventCriterion criterion)
{
	*at++ = column->decimals;
	*at++ = column->width | (column->step != 1 ? STEP_FOLLOWS : 0);
	at = put(at, &column->base, sizeof(int64_t));
	if (column->step != 1)
		at = put(at, &column->step, sizeof(uint64_t));
	for (uint32_t i = 0; i < rows->count; i++)
	{
		uint64_t delta = 0;
		uint32_t four;
		uint16_t two;

		if (rows->known[i] & EVENT_BIT(criterion))
			delta = ((uint64_t) column->integer[i] - (uint64_t) column->base) / column->step;
		four = (uint32_t) delta;
		two = (uint16_t) delta;
		if (column->width == 1)
			*at++ = (uint8_t) delta;
		else if (column->width == 2)
			at = put(at, &two, sizeof(two));
		else if (column->width == 4)
			at = put(at, &four, sizeof(four));
		else if (column->width == 8)
			at = put(at, &delta, sizeof(delta));
	}
	return at;
}

size_t
event_block_encode(const EventRows *rows, uint8_t *block)
{
	uint8_t *at = block;
	bool alike = true;
	Column column;

	for (uint32_t i = 1; i < rows->count; i++)
		alike &= rows->known[i] == rows->known[0];
	*at++ = rows->count;
	*at++ = alike ? rows->known[0] : KNOWN_FOLLOWS;
	if (!alike)
		at = put(at, rows->known, rows->count);

	fit_float8(&column, rows->latitude, rows, EVENT_LOCATION);
	at = write_column(at, &column, rows, EVENT_LOCATION);
	fit_float8(&column, rows->longitude, rows, EVENT_LOCATION);
	at = write_column(at, &column, rows, EVENT_LOCATION);
	fit_float8(&column, rows->price, rows, EVENT_PRICE);
	at = write_column(at, &column, rows, EVENT_PRICE);
	fit_float8(&column, rows->attendees, rows, EVENT_ATTENDEES);
	at = write_column(at, &column, rows, EVENT_ATTENDEES);
	column.decimals = AS_IT_IS;
	memcpy(column.integer, rows->starts_at, rows->count * sizeof(int64_t));
	fit_column(&column, rows, EVENT_START);
	at = write_column(at, &column, rows, EVENT_START);
	return at - block;
}

/* --- reading ----------------------------------------------------------- */

/* Takes so many bytes, or says that there are not so many. */
static inline bool
take(const uint8_t **at, const uint8_t *end, void *out, size_t size)
{
	if ((size_t) (end - *at) < size)
		return false;
	memcpy(out, *at, size);
	*at += size;
	return true;
}

static bool
read_column_head(const uint8_t **at, const uint8_t *end, Column *column)
{
	uint8_t head[2];

	if (!take(at, end, head, sizeof(head)) || !take(at, end, &column->base, sizeof(int64_t)))
		return false;
	column->decimals = head[0];
	column->width = head[1] & ~STEP_FOLLOWS;
	column->step = 1;
	if ((head[1] & STEP_FOLLOWS) && !take(at, end, &column->step, sizeof(uint64_t)))
		return false;
	return column->decimals <= DECIMALS_MOST || column->decimals == AS_IT_IS;
}

/* The deltas as they are; those of lanes that are not used are 0. */
static bool
read_deltas(const uint8_t **at, const uint8_t *end, int width, uint32_t count, uint32_t *small,
			uint64_t *large)
{
	uint8_t one[EVENT_LANES] = {0};
	uint16_t two[EVENT_LANES] = {0};

	switch (width)
	{
		case 0:
			memset(small, 0, EVENT_LANES * sizeof(uint32_t));
			return true;
		case 1:
			if (!take(at, end, one, count))
				return false;
			for (int i = 0; i < EVENT_LANES; i++)
				small[i] = one[i];
			return true;
		case 2:
			if (!take(at, end, two, count * sizeof(uint16_t)))
				return false;
			for (int i = 0; i < EVENT_LANES; i++)
				small[i] = two[i];
			return true;
		case 4:
			memset(small, 0, EVENT_LANES * sizeof(uint32_t));
			return take(at, end, small, count * sizeof(uint32_t));
		case 8:
			memset(large, 0, EVENT_LANES * sizeof(uint64_t));
			return take(at, end, large, count * sizeof(uint64_t));
	}
	return false;
}

static inline void
add_deltas(const Column *column, const uint32_t *small, const uint64_t *large, int64_t *integer)
{
	uint64_t base = (uint64_t) column->base;
	uint64_t step = column->step;

	if (column->width == 8)
	{
		for (int i = 0; i < EVENT_LANES; i++)
			integer[i] = (int64_t) (base + step * large[i]);
	}
	else if (step == 1)
	{
		for (int i = 0; i < EVENT_LANES; i++)
			integer[i] = (int64_t) (base + small[i]);
	}
	else
	{
		for (int i = 0; i < EVENT_LANES; i++)
			integer[i] = (int64_t) (base + step * small[i]);
	}
}

static bool
read_integers(const uint8_t **at, const uint8_t *end, uint32_t count, int64_t *integer)
{
	Column column;
	uint32_t small[EVENT_LANES];
	uint64_t large[EVENT_LANES];

	if (!read_column_head(at, end, &column) || column.decimals != AS_IT_IS ||
		!read_deltas(at, end, column.width, count, small, large))
		return false;
	add_deltas(&column, small, large, integer);
	return true;
}

/* Sums and products are exact: all of these integers are ones that float8 holds. */
static inline void
add_decimals(const Column *column, const uint32_t *small, double *value)
{
	double base = (double) column->base;
	double step = (double) column->step;
	double divisor = power_of_ten[column->decimals];

	for (int i = 0; i < EVENT_LANES; i++)
		value[i] = base + step * small[i];
	if (column->decimals == 0)
		return;
	for (int i = 0; i < EVENT_LANES; i++)
		value[i] /= divisor;
}

static bool
read_float8(const uint8_t **at, const uint8_t *end, uint32_t count, double *value)
{
	Column column;
	uint32_t small[EVENT_LANES];
	uint64_t large[EVENT_LANES];
	int64_t integer[EVENT_LANES];

	if (!read_column_head(at, end, &column) ||
		!read_deltas(at, end, column.width, count, small, large))
		return false;
	if (column.decimals != AS_IT_IS && column.width < 8)
	{
		add_decimals(&column, small, value);
		return true;
	}
	add_deltas(&column, small, large, integer);
	if (column.decimals == AS_IT_IS)
		memcpy(value, integer, sizeof(integer));
	for (int i = 0; column.decimals != AS_IT_IS && i < EVENT_LANES; i++)
		value[i] = (double) integer[i] / power_of_ten[column.decimals];
	return true;
}

/* What is not known is 0, whatever the column holds. */
static void
clear_unknown(EventRows *rows)
{
	uint8_t everywhere = KNOWN_BITS;

	for (uint32_t i = 0; i < rows->count; i++)
		everywhere &= rows->known[i];
	if (everywhere == KNOWN_BITS && rows->count == EVENT_LANES)
		return;
	for (uint32_t i = 0; i < EVENT_LANES; i++)
	{
		if (!(rows->known[i] & EVENT_BIT(EVENT_LOCATION)))
			rows->latitude[i] = rows->longitude[i] = 0;
		if (!(rows->known[i] & EVENT_BIT(EVENT_PRICE)))
			rows->price[i] = 0;
		if (!(rows->known[i] & EVENT_BIT(EVENT_ATTENDEES)))
			rows->attendees[i] = 0;
		if (!(rows->known[i] & EVENT_BIT(EVENT_START)))
			rows->starts_at[i] = 0;
	}
}

static bool
read_known(const uint8_t **at, const uint8_t *end, uint8_t all, EventRows *rows)
{
	memset(rows->known, 0, sizeof(rows->known));
	if (all != KNOWN_FOLLOWS)
		memset(rows->known, all, rows->count);
	else if (!take(at, end, rows->known, rows->count))
		return false;
	for (uint32_t i = 0; i < rows->count; i++)
	{
		if (rows->known[i] & ~KNOWN_BITS)
			return false;
	}
	return true;
}

bool
event_block_decode(const uint8_t *block, size_t size, EventRows *rows)
{
	const uint8_t *at = block;
	const uint8_t *end = block + size;
	uint8_t head[2];

	if (!take(&at, end, head, sizeof(head)) || head[0] < 1 || head[0] > EVENT_LANES)
		return false;
	rows->count = head[0];
	if (!read_known(&at, end, head[1], rows) ||
		!read_float8(&at, end, rows->count, rows->latitude) ||
		!read_float8(&at, end, rows->count, rows->longitude) ||
		!read_float8(&at, end, rows->count, rows->price) ||
		!read_float8(&at, end, rows->count, rows->attendees) ||
		!read_integers(&at, end, rows->count, rows->starts_at) || at != end)
		return false;
	clear_unknown(rows);
	return true;
}
