/*
 * skill_window.c
 *	  Packing the skills of some rows, and reading them.
 */
#include "core/skill_window.h"

#include <stdlib.h>

#include "core/skill_score.h"

#define FLAG_PRACTICE 0x01

#define TABLE_MAX 256

static uint64_t
entry_count(const SkillRow *row, uint32_t rows)
{
	uint64_t entries = 0;

	for (uint32_t i = 0; i < rows; i++)
		entries += row[i].count;
	return entries;
}

size_t
skill_window_size(const SkillRow *row, uint32_t rows)
{
	size_t entries = entry_count(row, rows);
	size_t entry_bytes = DISTANCE_BYTES + 2 * sizeof(float) + sizeof(int64_t);
	size_t tables = (2 * sizeof(float) + sizeof(int64_t)) * TABLE_MAX;

	/* three columns and the distances are rounded up to bytes, and columns have two bytes before */
	return 2 + NUMBER_BYTES * (size_t) rows + entries * entry_bytes + tables + 4 * 3;
}

size_t
skill_window_workspace(const SkillRow *row, uint32_t rows)
{
	return (2 * entry_count(row, rows) + 1) * sizeof(int64_t);
}

static int
compare_values(const void *left, const void *right)
{
	int64_t a = *(const int64_t *) left;
	int64_t b = *(const int64_t *) right;

	return a < b ? -1 : a > b;
}

/* Sorts, and leaves each value once; returns how many. */
static uint64_t
distinct(int64_t *value, uint64_t count)
{
	uint64_t kept = 0;

	qsort(value, count, sizeof(int64_t), compare_values);
	for (uint64_t i = 0; i < count; i++)
	{
		if (kept == 0 || value[kept - 1] != value[i])
			value[kept++] = value[i];
	}
	return kept;
}

static uint32_t
place_of(const int64_t *sorted, uint64_t count, int64_t value)
{
	uint64_t low = 0;
	uint64_t high = count - 1;

	while (low < high)
	{
		uint64_t middle = (low + high) / 2;

		if (sorted[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t) low;
}

static uint8_t *
put_values(uint8_t *at, const int64_t *value, uint64_t count, size_t width)
{
	for (uint64_t i = 0; i < count; i++)
	{
		int32_t narrow = (int32_t) value[i];

		memcpy(at, width == sizeof(int64_t) ? (const void *) &value[i] : (const void *) &narrow,
			   width);
		at += width;
	}
	return at;
}

/* A column of values that are given as integers of 4 or 8 bytes; `sorted` is room for as many. */
static uint8_t *
put_column(uint8_t *at, const int64_t *value, uint64_t count, size_t width, int64_t *sorted)
{
	uint64_t values;
	int bits;

	if (count > 0)
		memcpy(sorted, value, count * sizeof(int64_t));
	values = distinct(sorted, count);
	bits = bits_of(values == 0 ? 0 : (uint32_t) (values - 1));
	if (values == 0 || values > TABLE_MAX ||
		1 + values * width + packed_bytes(count, bits) >= count * width)
	{
		*at++ = 0;
		return put_values(at, value, count, width);
	}
	*at++ = (uint8_t) (1 + bits);
	*at++ = (uint8_t) (values - 1);
	at = put_values(at, sorted, values, width);
	memset(at, 0, packed_bytes(count, bits));
	for (uint64_t i = 0; i < count; i++)
		pack_bits(at, i * (uint64_t) bits, bits, place_of(sorted, values, value[i]));
	return at + packed_bytes(count, bits);
}

static int64_t
float_bits(float value)
{
	int32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* Gathers one property of all skills, row by row. */
typedef enum Property
{
	PROPERTY_DISTANCE,
	PROPERTY_LEVEL,
	PROPERTY_LAST,
	PROPERTY_STABILITY
} Property;

static int64_t
property_of(const SkillRow *row, uint32_t skill, Property property)
{
	switch (property)
	{
		case PROPERTY_DISTANCE:
			return (int64_t) row->term[skill] - (skill == 0 ? -1 : (int64_t) row->term[skill - 1]) -
				1;
		case PROPERTY_LEVEL:
			return float_bits(row->level[skill]);
		case PROPERTY_LAST:
			return row->last == NULL ? SKILL_NO_TIME : row->last[skill];
		case PROPERTY_STABILITY:
			return row->last == NULL ? 0 : float_bits(row->stability[skill]);
	}
	return 0;
}

static void
gather(const SkillRow *row, uint32_t rows, Property property, int64_t *value)
{
	for (uint32_t i = 0; i < rows; i++)
	{
		for (uint32_t skill = 0; skill < row[i].count; skill++)
			*value++ = property_of(&row[i], skill, property);
	}
}

size_t
skill_window_pack(const SkillRow *row, uint32_t rows, uint8_t *bytes, void *workspace)
{
	uint64_t entries = entry_count(row, rows);
	int64_t *value = workspace;
	int64_t *sorted = value + entries;
	uint8_t *at = bytes;
	bool practice = false;
	int parameter;

	for (uint32_t i = 0; i < rows; i++)
		practice |= row[i].last != NULL;
	gather(row, rows, PROPERTY_DISTANCE, value);
	parameter = distance_parameter(value, entries);
	*at++ = practice ? FLAG_PRACTICE : 0;
	*at++ = (uint8_t) parameter;
	for (uint32_t i = 0; i < rows; i++)
		at = pack_number(at, row[i].count);
	gather(row, rows, PROPERTY_LEVEL, value);
	at = put_column(at, value, entries, sizeof(float), sorted);
	if (practice)
	{
		gather(row, rows, PROPERTY_LAST, value);
		at = put_column(at, value, entries, sizeof(int64_t), sorted);
		gather(row, rows, PROPERTY_STABILITY, value);
		at = put_column(at, value, entries, sizeof(float), sorted);
	}
	gather(row, rows, PROPERTY_DISTANCE, value);
	at = pack_distances(at, value, entries, parameter);
	return (size_t) (at - bytes);
}

/* Reading: nothing is believed before it was checked. */

static const uint8_t *
get_rows(SkillWindow *window, const uint8_t *at, const uint8_t *end, uint32_t *row_end)
{
	window->row_end = row_end;
	for (uint32_t i = 0; i < window->rows; i++)
	{
		uint32_t count;

		at = unpack_number(at, end, &count);
		window->entries += at == NULL ? 0 : count;
		if (at == NULL || window->entries > UINT32_MAX)
			return NULL;
		row_end[i] = (uint32_t) window->entries;
	}
	return at;
}

static const uint8_t *
get_column(const SkillWindow *window, const uint8_t *at, const uint8_t *end, size_t width,
		   SkillColumn *column)
{
	uint64_t count = window->entries;

	if (at == NULL || at >= end)
		return NULL;
	column->bits = (int) *at++ - 1;
	if (column->bits > 8)
		return NULL;
	if (column->bits >= 0)
	{
		if (at >= end)
			return NULL;
		count = column->table_count = (uint32_t) *at++ + 1;
	}
	if (count * width > (size_t) (end - at))
		return NULL;
	column->values = at;
	at += count * width;
	if (column->bits < 0)
		return at;
	if (packed_bytes(window->entries, column->bits) > (size_t) (end - at))
		return NULL;
	column->codes = at;
	return at + packed_bytes(window->entries, column->bits);
}

bool
skill_window_open(SkillWindow *window, const uint8_t *bytes, size_t size, uint32_t rows,
				  uint32_t *row_end)
{
	const uint8_t *end = bytes + size;
	const uint8_t *at;

	memset(window, 0, sizeof(SkillWindow));
	if (size < 2 || (bytes[0] & ~FLAG_PRACTICE) != 0 || bytes[1] > DISTANCE_PARAMETER_MAX)
		return false;
	window->rows = rows;
	window->practice = (bytes[0] & FLAG_PRACTICE) != 0;
	window->parameter = bytes[1];
	at = get_rows(window, bytes + 2, end, row_end);
	at = get_column(window, at, end, sizeof(float), &window->level);
	if (window->practice)
	{
		at = get_column(window, at, end, sizeof(int64_t), &window->last);
		at = get_column(window, at, end, sizeof(float), &window->stability);
	}
	if (at == NULL)
		return false;
	window->distances = at;
	window->distance_bits = (uint64_t) (end - at) * 8;
	/* a distance takes a bit at least */
	return window->entries <= window->distance_bits;
}
