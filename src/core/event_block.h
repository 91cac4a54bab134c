/*
 * event_block.h
 *	  A few events as bytes: columns side by side, each as small integers.
 *
 * Coordinates, prices and the like mostly come from decimals, and a block
 * holds events that are alike.  So a column is kept as
 *
 *		value = (base + step * delta) / 10^decimals
 *
 * with deltas of 0, 1, 2, 4 or 8 bytes, if that gives every value back bit for
 * bit: base + step * delta is an integer that float8 holds, and so is the
 * power of ten, therefore the quotient is the float8 that is nearest to the
 * decimal, which is what reading the decimal gave.  Other columns of float8 are kept as the
 * integers that their bits are, as the start is, in microseconds.
 *
 *	byte 0	how many events, 1 to EVENT_LANES
 *	byte 1	the criteria that all of them know, or 0x80: a byte for each follows
 *	then latitude, longitude, price, attendees, start, each as:
 *		byte	decimals, or 0x0f: the integer as it is, or the bits of a float8
 *		byte	bytes of a delta; 0x80 is added if a step other than 1 follows
 *		int64	base
 *		uint64	step, if it is not 1
 *		deltas, of the events that do not know it too
 *
 * in native byte order, and nothing aligned.  The unit vector is made again
 * from the degrees (geo_unit_vector()).
 */
#ifndef SHORTLIST_CORE_EVENT_BLOCK_H
#define SHORTLIST_CORE_EVENT_BLOCK_H

#include <stddef.h>

#include "core/event_boxes.h"

#define EVENT_BLOCK_COLUMNS 5

/* No block is larger. */
#define EVENT_BLOCK_MOST (2 + EVENT_LANES + EVENT_BLOCK_COLUMNS * (2 + 8 + 8 + 8 * EVENT_LANES))

/* Writes a block of 1 to EVENT_LANES events; returns its size. */
extern size_t event_block_encode(const EventRows *rows, uint8_t *block);

/*
 * Reads it.  False if it is no block: then rows is in any state.  Whatever the
 * bytes are, nothing outside of them is read.
 */
extern bool event_block_decode(const uint8_t *block, size_t size, EventRows *rows);

#endif /* SHORTLIST_CORE_EVENT_BLOCK_H */
