/*
 * event_block_fuzz.c
 *	  Any bytes as a block of events: it is refused, or what was read, if events
 *	  can be like that, is written and read again bit for bit.
 */
#include "core/event_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A damaged block can yield infinities, of which no event is made. */
static bool
is_finite(const EventRows *rows)
{
	for (int i = 0; i < EVENT_LANES; i++)
	{
		if (!isfinite(rows->latitude[i]) || !isfinite(rows->longitude[i]) ||
			!isfinite(rows->price[i]) || !isfinite(rows->attendees[i]))
			return false;
	}
	return true;
}

static bool
is_same(const EventRows *left, const EventRows *right)
{
	size_t doubles = left->count * sizeof(double);

	return left->count == right->count && memcmp(left->known, right->known, left->count) == 0 &&
		memcmp(left->latitude, right->latitude, doubles) == 0 &&
		memcmp(left->longitude, right->longitude, doubles) == 0 &&
		memcmp(left->price, right->price, doubles) == 0 &&
		memcmp(left->attendees, right->attendees, doubles) == 0 &&
		memcmp(left->starts_at, right->starts_at, doubles) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static EventRows rows, again;
	uint8_t block[EVENT_BLOCK_MOST];
	size_t written;

	if (!event_block_decode(bytes, size, &rows) || !is_finite(&rows))
		return 0;
	written = event_block_encode(&rows, block);
	if (written > EVENT_BLOCK_MOST || !event_block_decode(block, written, &again) ||
		!is_same(&rows, &again))
		abort();
	return 0;
}
