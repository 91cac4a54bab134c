/*
 * event_key.c
 *	  Stored keys of the GiST index, and the coordinates that arrange them.
 */
#include "gist/event_key.h"

#include <float.h>
#include <math.h>

#include "datatype/timestamp.h"

#define KEY_HEADER 2 /* kind, flags */
#define FLOATS_SIZE (EVENT_DIMENSIONS * sizeof(float))

void
event_key_read(Datum key, EventBox *box)
{
	const struct varlena *datum = (const struct varlena *) DatumGetPointer(key);
	const uint8 *at = (const uint8 *) VARDATA_ANY(datum);
	Size size = VARSIZE_ANY_EXHDR(datum);

	if (size == KEY_HEADER + FLOATS_SIZE && at[0] == EVENT_KEY_POINT)
	{
		memcpy(box->low, at + KEY_HEADER, FLOATS_SIZE);
		for (int d = 0; d < EVENT_DIMENSIONS; d++)
			box->high[d] = float_next(box->low[d]);
	}
	else if (size == KEY_HEADER + 2 * FLOATS_SIZE && at[0] == EVENT_KEY_BOX)
	{
		memcpy(box->low, at + KEY_HEADER, FLOATS_SIZE);
		memcpy(box->high, at + KEY_HEADER + FLOATS_SIZE, FLOATS_SIZE);
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_INDEX_CORRUPTED),
				 errmsg("event index holds a key of an unknown kind"),
				 errhint("REINDEX the index.")));
	box->known = at[1] & 0x0f;
	box->unknown = at[1] >> 4;
}

static Datum
new_key(int kind, const EventBox *box, int floats)
{
	Size size = VARHDRSZ + KEY_HEADER + floats * FLOATS_SIZE;
	struct varlena *key = palloc0(size);
	uint8 *at = (uint8 *) VARDATA(key);

	SET_VARSIZE(key, size);
	at[0] = kind;
	at[1] = box->known | box->unknown << 4;
	memcpy(at + KEY_HEADER, box->low, FLOATS_SIZE);
	if (floats > 1)
		memcpy(at + KEY_HEADER + FLOATS_SIZE, box->high, FLOATS_SIZE);
	return PointerGetDatum(key);
}

Datum
event_key_of_facts(const EventFacts *facts)
{
	EventBox box;

	event_box_of(facts, &box);
	return new_key(EVENT_KEY_POINT, &box, 1);
}

Datum
event_key_of_box(const EventBox *box)
{
	return new_key(EVENT_KEY_BOX, box, 2);
}

/* Powers of 2 above 1, for amounts of any currency and size. */
static double
magnitude(float amount)
{
	return log2(1 + (double) Min(amount, FLT_MAX));
}

/*
 * Units found by trying orders on a million events and 200 preferences: 800
 * km, a factor of 256 in price and of 1024 in attendees, and 15 days tell
 * preferences apart about equally.
 */
double
event_coordinate(EventDimension dimension, float value)
{
	switch (dimension)
	{
		case EVENT_DIM_X:
		case EVENT_DIM_Y:
		case EVENT_DIM_Z:
			return value * 8;
		case EVENT_DIM_PRICE:
			return magnitude(value) / 8;
		case EVENT_DIM_ATTENDEES:
			return magnitude(value) / 10;
		case EVENT_DIM_START:
			return value / (15.0 * SECS_PER_DAY);
	}
	return 0;
}

/* share of [0,1) as the bits behind the binary point */
static uint32
fraction_bits(double share)
{
	return share <= 0 ? 0 : share >= 1 ? PG_UINT32_MAX : (uint32) (share * 4294967296.0);
}

#define DAYS_RANGE 65536.0 /* around 2000-01-01; what is farther lies at the ends */

/* The bits of a dimension; what is not known is apart from all that is. */
static uint32
dimension_bits(const EventBox *box, EventDimension dimension)
{
	float value = box->low[dimension];
	bool known = (box->known & EVENT_BIT(event_dimension_criterion(dimension))) != 0;

	switch (dimension)
	{
		case EVENT_DIM_X:
		case EVENT_DIM_Y:
		case EVENT_DIM_Z:
			return known ? fraction_bits((value + 1.0) / 2) : 0;
		case EVENT_DIM_PRICE:
		case EVENT_DIM_ATTENDEES:
			return fraction_bits((known ? magnitude(value) : 128) / 256);
		case EVENT_DIM_START:
			return known ? fraction_bits(value / SECS_PER_DAY / DAYS_RANGE + 0.5) : PG_UINT32_MAX;
	}
	return 0;
}

/*
 * Bits of all dimensions, interleaved, as the position of a Gray code: from
 * one cell of the curve to the next only one dimension changes.  `level` says
 * where each dimension's first bit stands, so that bits which tell about as
 * much stand together: at level 0 a quarter of an axis of the globe, a factor
 * of 256 in price and attendees, and 4 days.  Bits that are the same in all rows cost nothing.
 */
uint64
event_curve_position(const EventBox *box)
{
	static const struct
	{
		EventDimension dimension;
		int level;
	} order[EVENT_DIMENSIONS] = {
		{EVENT_DIM_START, -13}, {EVENT_DIM_X, -1},		   {EVENT_DIM_Y, -1},
		{EVENT_DIM_Z, -1},		{EVENT_DIM_ATTENDEES, -4}, {EVENT_DIM_PRICE, -4},
	};
	uint32 bits[EVENT_DIMENSIONS];
	uint64 position = 0;
	unsigned previous = 0;
	int taken = 0;

	for (int i = 0; i < EVENT_DIMENSIONS; i++)
		bits[i] = dimension_bits(box, order[i].dimension);
	for (int level = -13;; level++)
	{
		for (int i = 0; i < EVENT_DIMENSIONS; i++)
		{
			int shift = 31 - (level - order[i].level);

			if (shift < 0 || shift > 31)
				continue;
			previous ^= bits[i] >> shift & 1;
			position = position << 1 | previous;
			if (++taken == 64)
				return position;
		}
	}
}
