/*
 * list.c
 *	  Encoding and decoding the lists of terms.
 */
#include "am/list.h"

#include "utils/memutils.h"

#define DISTANCE_MAX 5 /* bytes */

static int
compare_values(const void *left, const void *right)
{
	return (int) *(const uint16 *) left - (int) *(const uint16 *) right;
}

/*
 * The table of one field: all its values, or, if there are too many, every so
 * many-th of them and the greatest.
 */
static uint32
make_table(const ListEntry *entry, uint32 count, int field, uint16 *table)
{
	bool *seen = palloc0((PG_UINT16_MAX + 1) * sizeof(bool));
	uint16 *value = palloc((PG_UINT16_MAX + 1) * sizeof(uint16));
	uint32 values = 0;
	uint32 kept;

	for (uint32 i = 0; i < count; i++)
	{
		if (!seen[entry[i].field[field]])
			value[values++] = entry[i].field[field];
		seen[entry[i].field[field]] = true;
	}
	qsort(value, values, sizeof(uint16), compare_values);
	kept = Min(values, LIST_TABLE_MAX);
	for (uint32 i = 0; i < kept; i++)
		table[i] = value[(uint64) (i + 1) * values / kept - 1];
	pfree(value);
	pfree(seen);
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
write_distance(uint8 *at, uint32 distance)
{
	while (distance >= 0x80)
	{
		*at++ = (uint8) (distance | 0x80);
		distance >>= 7;
	}
	*at++ = (uint8) distance;
	return at;
}

uint8 *
term_list_encode(const ListEntry *entry, uint32 count, int fields, Size *size)
{
	uint16 table[TERM_FIELDS_MAX][LIST_TABLE_MAX];
	uint32 values[TERM_FIELDS_MAX];
	Size most =
		fields * (1 + LIST_TABLE_MAX * sizeof(uint16)) + (Size) count * (DISTANCE_MAX + fields);
	uint8 *bytes = palloc_extended(most, MCXT_ALLOC_HUGE);
	uint8 *at = bytes;

	for (int f = 0; f < fields; f++)
	{
		values[f] = count <= LIST_TABLE_MAX ? make_small_table(entry, count, f, table[f])
											: make_table(entry, count, f, table[f]);
		*at++ = (uint8) (values[f] - 1);
		memcpy(at, table[f], values[f] * sizeof(uint16));
		at += values[f] * sizeof(uint16);
	}
	for (uint32 i = 0; i < count; i++)
		at = write_distance(at, entry[i].window - (i == 0 ? 0 : entry[i - 1].window));
	for (int f = 0; f < fields; f++)
	{
		for (uint32 i = 0; i < count; i++)
			*at++ = find_code(table[f], values[f], entry[i].field[f]);
	}
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

static const uint8 *
read_windows(const uint8 *at, const uint8 *end, uint32 windows, TermList *list)
{
	uint64 window = 0; /* so that sums do not wrap: the last is the greatest */

	for (uint32 i = 0; i < list->count; i++)
	{
		uint32 distance = 0;
		int shift = 0;

		while (at < end && (*at & 0x80) && shift < 28)
		{
			distance |= (uint32) (*at++ & 0x7f) << shift;
			shift += 7;
		}
		if (at >= end)
			return NULL;
		window += distance | (uint32) *at++ << shift;
		list->window[i] = (uint32) window;
	}
	return window < windows || list->count == 0 ? at : NULL;
}

/* Codes must be places in the table, whatever the bytes say. */
static bool
are_codes_sane(const TermList *list, int fields)
{
	for (int f = 0; f < fields; f++)
	{
		uint8 code = 0;

		for (uint32 i = 0; i < list->count; i++)
			code = Max(code, list->code[f][i]);
		if (code >= list->value_count[f])
			return false;
	}
	return true;
}

bool
term_list_decode(uint8 *bytes, Size size, uint32 count, uint32 windows, int fields, TermList *list)
{
	const uint8 *end = bytes + size;
	const uint8 *at;

	list->count = count;
	list->memory = bytes;
	if (size < count)
		return false;
	list->window = palloc_extended(((Size) count + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	at = read_tables(bytes, end, fields, list);
	if (at != NULL)
		at = read_windows(at, end, windows, list);
	if (at == NULL || (Size) (end - at) != (Size) count * fields)
		return false;
	for (int f = 0; f < fields; f++)
		list->code[f] = at + (Size) f * count;
	return are_codes_sane(list, fields);
}

void
term_list_free(TermList *list)
{
	if (list->count == 0)
		return;
	pfree(list->window);
	pfree(list->memory);
}
