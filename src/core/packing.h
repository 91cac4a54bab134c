/*
 * packing.h
 *	  Numbers in few bits.
 *
 * Bits fill bytes from the low end.  A number of variable length is in groups
 * of 7 bits, low ones first, bit 7 telling that more follow.  Distances are in
 * Rice's code with a parameter k (R. F. Rice, 1979): a distance d is d >> k
 * zeros, a one, and the k low bits of d; or, if that would be 24 zeros or
 * more, 24 zeros and d in 32 bits.  It takes a bit or two more than the
 * logarithm of the mean distance.
 */
#ifndef SHORTLIST_CORE_PACKING_H
#define SHORTLIST_CORE_PACKING_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes after the end of what is packed that must be readable, whatever is in them. */
#define PACKING_SLACK 8

#define NUMBER_BYTES 5 /* of the longest number */
#define DISTANCE_ZEROS 24
#define DISTANCE_BYTES ((DISTANCE_ZEROS + 32) / 8) /* of the longest distance */
#define DISTANCE_PARAMETER_MAX 28

/* Bits that a number needs; 0 needs none. */
extern int bits_of(uint32_t number);

/* Bytes of `count` codes of so many bits. */
extern size_t packed_bytes(uint64_t count, int bits);

/* Sets bits that are 0 so far. */
extern void pack_bits(uint8_t *bytes, uint64_t bit, int width, uint32_t value);

/* Returns what follows it. */
extern uint8_t *pack_number(uint8_t *at, uint32_t number);

/* A parameter such that with none of its neighbours distances take less room. */
extern int distance_parameter(const int64_t *distance, uint64_t count);

/* Each is below 2^32; returns what follows, at a byte. */
extern uint8_t *pack_distances(uint8_t *at, const int64_t *distance, uint64_t count, int parameter);

/* Reads a number; NULL if it does not end before `end`. */
static inline const uint8_t *
unpack_number(const uint8_t *at, const uint8_t *end, uint32_t *number)
{
	uint32_t value = 0;

	for (int shift = 0; at < end && shift < 35; shift += 7)
	{
		value |= (uint32_t) (*at & 0x7f) << shift;
		if ((*at++ & 0x80) == 0)
		{
			*number = value;
			return at;
		}
	}
	return NULL;
}

/* 57 bits from a bit on; 8 bytes from its own one on must be readable. */
static inline uint64_t
packed_word(const uint8_t *bytes, uint64_t bit)
{
	uint64_t word;

	memcpy(&word, bytes + bit / 8, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word >> (bit % 8);
}

static inline uint32_t
packed_bits(const uint8_t *bytes, uint64_t bit, int width)
{
	return (uint32_t) (packed_word(bytes, bit) & (((uint64_t) 1 << width) - 1));
}

/* The distance that begins at *bit, which moves on. */
static inline uint32_t
packed_distance(const uint8_t *bytes, uint64_t *bit, int parameter)
{
	uint64_t word = packed_word(bytes, *bit);
	int zeros = __builtin_ctzll(word | (uint64_t) 1 << DISTANCE_ZEROS);

	if (zeros == DISTANCE_ZEROS)
	{
		*bit += DISTANCE_ZEROS + 32;
		return (uint32_t) (word >> DISTANCE_ZEROS);
	}
	*bit += (uint64_t) zeros + 1 + (uint64_t) parameter;
	return ((uint32_t) zeros << parameter) |
		(uint32_t) (word >> (zeros + 1) & (((uint64_t) 1 << parameter) - 1));
}

#endif /* SHORTLIST_CORE_PACKING_H */
