/*
 * list.c
 *	  Encoding and decoding the lists of terms.
 */
#include "am/list.h"

#include <math.h>

#include "core/packing.h"
#include "core/skill_bound.h"
#include "utils/memutils.h"

#define HALF_BYTE_VALUES 16

static int
compare_values(const void *left, const void *right)
{
	return (int) *(const uint16 *) left - (int) *(const uint16 *) right;
}

/*
 * The table of one field: all its values, or, if there are too many, some of
 * them, and others are rounded up to these.  Such values lie where they make
 * the sum of what rounding adds small: their density goes with the square root
 * of the density of values (Panter and Dite's rule for a linear error).
 */
static uint32
make_table(const ListEntry *entry, uint32 count, int field, uint32 most, uint16 *table)
{
	uint32 *times = palloc0((PG_UINT16_MAX + 1) * sizeof(uint32));
	uint16 *value = palloc((PG_UINT16_MAX + 1) * sizeof(uint16));
	double *weight = palloc((PG_UINT16_MAX + 1) * sizeof(double)); /* of all values up to one */
	double sum = 0;
	uint32 values = 0;
	uint32 kept = 0;

	for (uint32 i = 0; i < count; i++)
	{
		if (times[entry[i].field[field]]++ == 0)
			value[values++] = entry[i].field[field];
	}
	qsort(value, values, sizeof(uint16), compare_values);
	for (uint32 i = 0; i < values; i++)
	{
		double gap = bound_widen(value[i]) - (i == 0 ? 0 : bound_widen(value[i - 1]));

		sum += sqrt(times[value[i]] * gap);
		weight[i] = sum;
	}
	for (uint32 i = 0; i < values; i++)
	{
		/* the last one that is before the next cut */
		if (values <= most || i + 1 == values ||
			(kept + 1 < most && weight[i + 1] > sum * (kept + 1) / most))
			table[kept++] = value[i];
	}
	pfree(weight);
	pfree(value);
	pfree(times);
	return kept;
}

/* For few entries that is quicker than a table of all that can be. */
static uint32
make_small_table(const ListEntry *entry, uint32 count, int field, uint16 *table)
{
	uint32 kept = 0;

	for (uint32 i = 0; i < count; i++)
		table[i] = entry[i].field[field];
	qsort(table, count, sizeof(uint16), compare_values);
	for (uint32 i = 0; i < count; i++)
	{
		if (kept == 0 || table[kept - 1] != table[i])
			table[kept++] = table[i];
	}
	return kept;
}

/* The first value of the table that is not less. */
static uint8
find_code(const uint16 *table, uint32 count, uint16 value)
{
	uint32 low = 0;
	uint32 high = count - 1;

	Assert(count > 0);
	while (low < high)
	{
		uint32 middle = (low + high) / 2;

		if (table[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint8) low;
}

static uint8 *
write_windows(uint8 *at, const ListEntry *entry, uint32 count)
{
	int64 *distance = palloc_extended(((Size) count + 1) * sizeof(int64), MCXT_ALLOC_HUGE);
	int parameter;

	for (uint32 i = 0; i < count; i++)
		distance[i] = (int64) entry[i].window - (i == 0 ? 0 : (int64) entry[i - 1].window + 1);
	parameter = distance_parameter(distance, count);
	*at++ = (uint8) parameter;
	at = pack_distances(at, distance, count, parameter);
	pfree(distance);
	return at;
}

uint8 *
term_list_encode(const ListEntry *entry, uint32 count, int fields, const uint16 *table_max,
				 Size *size)
{
	uint16 table[TERM_FIELDS_MAX][LIST_TABLE_MAX];
	uint32 values[TERM_FIELDS_MAX];
	Size most = fields * (2 + LIST_TABLE_MAX * sizeof(uint16)) +
		(Size) count * (DISTANCE_BYTES + fields) + 2;
	uint8 *bytes = palloc_extended(most, MCXT_ALLOC_HUGE);
	uint8 *at = bytes;

	for (int f = 0; f < fields; f++)
	{
		values[f] = count <= table_max[f] ? make_small_table(entry, count, f, table[f])
										  : make_table(entry, count, f, table_max[f], table[f]);
		*at++ = (uint8) (values[f] - 1);
		memcpy(at, table[f], values[f] * sizeof(uint16));
		at += values[f] * sizeof(uint16);
	}
	for (int f = 0; f < fields; f++)
	{
		bool halves = values[f] <= HALF_BYTE_VALUES;

		for (uint32 i = 0; i < count; i++)
		{
			uint8 code = find_code(table[f], values[f], entry[i].field[f]);

			if (halves && i % 2 == 1)
				at[-1] |= (uint8) (code << 4);
			else
				*at++ = code;
		}
	}
	at = write_windows(at, entry, count);
	*size = at - bytes;
	return bytes;
}

static const uint8 *
read_tables(const uint8 *at, const uint8 *end, int fields, TermList *list)
{
	for (int f = 0; f < fields; f++)
	{
		if (at == end)
			return NULL;
		list->value_count[f] = *at++ + 1;
		if ((Size) (end - at) < list->value_count[f] * sizeof(uint16))
			return NULL;
		memcpy(list->value[f], at, list->value_count[f] * sizeof(uint16));
		at += list->value_count[f] * sizeof(uint16);
	}
	return at;
}

/* True if all windows are there, and are windows of the segment. */
static bool
read_windows(const uint8 *at, const uint8 *end, uint32 windows, TermList *list)
{
	uint64 window = 0; /* so that sums do not wrap: the last is the greatest */
	uint64 bit = 0;
	uint64 bits;
	uint32 i;
	int parameter;

	if (at == end || *at > DISTANCE_PARAMETER_MAX)
		return false;
	parameter = *at++;
	bits = (uint64) (end - at) * 8;
	for (i = 0; i < list->count && bit < bits; i++)
	{
		window += packed_distance(at, &bit, parameter) + (i > 0);
		list->window[i] = (uint32) window;
	}
	return i == list->count && (i == 0 || window < windows) &&
		packed_bytes(bit, 1) == (Size) (end - at);
}

/* The codes of a field, each in a byte; NULL if one is no place in the table. */
static const uint8 *
read_codes(const uint8 *at, const uint8 *end, int field, TermList *list)
{
	uint32 count = list->count;
	bool halves = list->value_count[field] <= HALF_BYTE_VALUES;
	Size bytes = halves ? ((Size) count + 1) / 2 : count;
	uint8 *code = list->code[field];
	uint8 greatest = 0;

	if ((Size) (end - at) < bytes)
		return NULL;
	if (!halves)
		memcpy(code, at, count);
	else
	{
		for (uint32 i = 0; i < count / 2; i++)
		{
			code[2 * i] = at[i] & 0x0f;
			code[2 * i + 1] = at[i] >> 4;
		}
		if (count % 2 == 1)
			code[count - 1] = at[count / 2];
	}
	for (uint32 i = 0; i < count; i++)
		greatest = Max(greatest, code[i]);
	return greatest < list->value_count[field] ? at + bytes : NULL;
}

bool
term_list_decode(const uint8 *bytes, Size size, uint32 count, uint32 windows, int fields,
				 TermList *list)
{
	const uint8 *end = bytes + size;
	const uint8 *at;
	Size window_bytes = ((Size) count + 1) * sizeof(uint32);
	char *memory;

	list->count = count;
	/* a window takes a bit at least */
	if (size < count / 8)
		return false;
	memory = palloc_extended(window_bytes + (Size) count * fields, MCXT_ALLOC_HUGE);
	list->window = (uint32 *) memory;
	for (int f = 0; f < fields; f++)
		list->code[f] = (uint8 *) memory + window_bytes + (Size) f * count;
	at = read_tables(bytes, end, fields, list);
	for (int f = 0; f < fields && at != NULL; f++)
		at = read_codes(at, end, f, list);
	return at != NULL && read_windows(at, end, windows, list);
}

void
term_list_free(TermList *list)
{
	if (list->count == 0)
		return;
	pfree(list->window);
}
