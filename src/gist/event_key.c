/*
 * event_key.c
 *	  Stored keys of the GiST index, and the coordinates that arrange them.
 */
#include "gist/event_key.h"

#include <float.h>
#include <math.h>

#include "datatype/timestamp.h"

typedef enum EventKeyKind
{
	EVENT_KEY_FACTS = 1,
	EVENT_KEY_BOX = 2
} EventKeyKind;

#define KEY_HEADER 2 /* kind, flags */
#define CRITERIA_MASK ((1 << EVENT_CRITERIA) - 1)
#define FLOAT4_PRICE (1 << EVENT_CRITERIA)
#define FLOAT4_ATTENDEES (1 << (EVENT_CRITERIA + 1))
#define FACTS_FLAGS (CRITERIA_MASK | FLOAT4_PRICE | FLOAT4_ATTENDEES)
#define FLOATS_SIZE (EVENT_DIMENSIONS * sizeof(float))

/* Bytes of a single event with these flags, behind the header. */
static Size
facts_size(uint8 flags)
{
	Size size = 0;

	if (flags & EVENT_BIT(EVENT_LOCATION))
		size += 3 * sizeof(double);
	if (flags & EVENT_BIT(EVENT_PRICE))
		size += flags & FLOAT4_PRICE ? sizeof(float) : sizeof(double);
	if (flags & EVENT_BIT(EVENT_ATTENDEES))
		size += flags & FLOAT4_ATTENDEES ? sizeof(float) : sizeof(double);
	if (flags & EVENT_BIT(EVENT_START))
		size += sizeof(int64);
	return size;
}

static const uint8 *
take_bytes(const uint8 *from, void *to, Size size)
{
	memcpy(to, from, size);
	return from + size;
}

static const uint8 *
take_amount(const uint8 *from, double *amount, bool is_float4)
{
	float narrow;

	if (!is_float4)
		return take_bytes(from, amount, sizeof(double));
	from = take_bytes(from, &narrow, sizeof(float));
	*amount = narrow;
	return from;
}

NO_RETURN static void
report_unknown_key(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED), errmsg("event index holds a key of an unknown kind"),
			 errhint("REINDEX the index.")));
}

bool
event_key_read_facts(Datum key, EventFacts *facts)
{
	const struct varlena *datum = (const struct varlena *) DatumGetPointer(key);
	const uint8 *at = (const uint8 *) VARDATA_ANY(datum);
	Size size = VARSIZE_ANY_EXHDR(datum);
	uint8 flags;

	if (size == KEY_HEADER + 2 * FLOATS_SIZE && at[0] == EVENT_KEY_BOX)
		return false;
	if (size < KEY_HEADER || at[0] != EVENT_KEY_FACTS || (at[1] & ~FACTS_FLAGS) != 0 ||
		size != KEY_HEADER + facts_size(at[1]))
		report_unknown_key();

	flags = at[1];
	at += KEY_HEADER;
	memset(facts, 0, sizeof(*facts));
	facts->version = EVENT_FACTS_VERSION;
	facts->known = flags & CRITERIA_MASK;
	if (flags & EVENT_BIT(EVENT_LOCATION))
		at = take_bytes(at, facts->xyz, sizeof(facts->xyz));
	if (flags & EVENT_BIT(EVENT_PRICE))
		at = take_amount(at, &facts->price, (flags & FLOAT4_PRICE) != 0);
	if (flags & EVENT_BIT(EVENT_ATTENDEES))
		at = take_amount(at, &facts->attendees, (flags & FLOAT4_ATTENDEES) != 0);
	if (flags & EVENT_BIT(EVENT_START))
		take_bytes(at, &facts->starts_at, sizeof(facts->starts_at));
	return true;
}

void
event_key_read_box(Datum key, EventBox *box)
{
	const uint8 *at = (const uint8 *) VARDATA_ANY((const struct varlena *) DatumGetPointer(key));
	EventFacts facts;

	if (event_key_read_facts(key, &facts))
	{
		event_box_of(&facts, box);
		return;
	}
	memcpy(box->low, at + KEY_HEADER, FLOATS_SIZE);
	memcpy(box->high, at + KEY_HEADER + FLOATS_SIZE, FLOATS_SIZE);
	box->known = at[1] & CRITERIA_MASK;
	box->unknown = at[1] >> EVENT_CRITERIA;
}

/* A key of which only the header is there; sets *at to what comes behind it. */
static struct varlena *
new_key(EventKeyKind kind, uint8 flags, Size size, uint8 **at)
{
	struct varlena *key = palloc(VARHDRSZ + KEY_HEADER + size);

	SET_VARSIZE(key, VARHDRSZ + KEY_HEADER + size);
	*at = (uint8 *) VARDATA(key);
	(*at)[0] = kind;
	(*at)[1] = flags;
	*at += KEY_HEADER;
	return key;
}

static uint8 *
put_bytes(uint8 *to, const void *from, Size size)
{
	memcpy(to, from, size);
	return to + size;
}

static uint8 *
put_amount(uint8 *to, double amount, bool is_float4)
{
	float narrow = (float) amount;

	return is_float4 ? put_bytes(to, &narrow, sizeof(float))
					 : put_bytes(to, &amount, sizeof(double));
}

Datum
event_key_of_facts(const EventFacts *facts)
{
	uint8 flags = facts->known;
	struct varlena *key;
	uint8 *at;

	if ((double) (float) facts->price == facts->price)
		flags |= FLOAT4_PRICE;
	if ((double) (float) facts->attendees == facts->attendees)
		flags |= FLOAT4_ATTENDEES;
	key = new_key(EVENT_KEY_FACTS, flags, facts_size(flags), &at);
	if (flags & EVENT_BIT(EVENT_LOCATION))
		at = put_bytes(at, facts->xyz, sizeof(facts->xyz));
	if (flags & EVENT_BIT(EVENT_PRICE))
		at = put_amount(at, facts->price, (flags & FLOAT4_PRICE) != 0);
	if (flags & EVENT_BIT(EVENT_ATTENDEES))
		at = put_amount(at, facts->attendees, (flags & FLOAT4_ATTENDEES) != 0);
	if (flags & EVENT_BIT(EVENT_START))
		put_bytes(at, &facts->starts_at, sizeof(facts->starts_at));
	return PointerGetDatum(key);
}

Datum
event_key_of_box(const EventBox *box)
{
	uint8 *at;
	struct varlena *key =
		new_key(EVENT_KEY_BOX, box->known | box->unknown << EVENT_CRITERIA, 2 * FLOATS_SIZE, &at);

	at = put_bytes(at, box->low, FLOATS_SIZE);
	put_bytes(at, box->high, FLOATS_SIZE);
	return PointerGetDatum(key);
}

/* Powers of 2 above 1, for amounts of any currency and size. */
static double
magnitude(float amount)
{
	return log2(1 + (double) Min(amount, FLT_MAX));
}

/*
 * Units found by trying orders on a million events and 200 preferences: 800
 * km, a factor of 256 in price and of 1024 in attendees, and 5 days tell
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
			return value / (5.0 * SECS_PER_DAY);
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
