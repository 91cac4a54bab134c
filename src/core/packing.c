/*
 * packing.c
 *	  Writing numbers in few bits.
 */
#include "core/packing.h"

int
bits_of(uint32_t greatest)
{
	int bits = 0;

	while (bits < 32 && greatest >> bits != 0)
		bits++;
	return bits;
}

size_t
packed_bytes(uint64_t count, int bits)
{
	return (size_t) ((count * (uint64_t) bits + 7) / 8);
}

void
pack_bits(uint8_t *bytes, uint64_t bit, int width, uint32_t value)
{
	uint64_t word = (uint64_t) value << (bit % 8);

	for (uint64_t at = bit / 8; at * 8 < bit + (uint64_t) width; at++)
	{
		bytes[at] |= (uint8_t) word;
		word >>= 8;
	}
}

uint8_t *
pack_number(uint8_t *at, uint32_t number)
{
	while (number >= 0x80)
	{
		*at++ = (uint8_t) (number | 0x80);
		number >>= 7;
	}
	*at++ = (uint8_t) number;
	return at;
}

static uint64_t
distance_bits(int64_t distance, int parameter)
{
	uint64_t zeros = (uint64_t) distance >> parameter;

	return zeros < DISTANCE_ZEROS ? zeros + 1 + (uint64_t) parameter : DISTANCE_ZEROS + 32;
}

static uint64_t
all_distance_bits(const int64_t *distance, uint64_t count, int parameter)
{
	uint64_t bits = 0;

	for (uint64_t i = 0; i < count; i++)
		bits += distance_bits(distance[i], parameter);
	return bits;
}

/* From the logarithm of the mean on, downhill. */
int
distance_parameter(const int64_t *distance, uint64_t count)
{
	uint64_t sum = 0;
	uint64_t bits;
	int best, start;

	for (uint64_t i = 0; i < count; i++)
		sum += (uint64_t) distance[i];
	start = count == 0 ? 0 : bits_of((uint32_t) (sum / count)) - 1;
	start = start < 0 ? 0 : start > DISTANCE_PARAMETER_MAX ? DISTANCE_PARAMETER_MAX : start;
	best = start;
	bits = all_distance_bits(distance, count, best);
	for (int step = -1; step <= 1; step += 2)
	{
		for (int next = best + step; next >= 0 && next <= DISTANCE_PARAMETER_MAX; next += step)
		{
			uint64_t own = all_distance_bits(distance, count, next);

			if (own >= bits)
				break;
			bits = own;
			best = next;
		}
	}
	return best;
}

uint8_t *
pack_distances(uint8_t *at, const int64_t *distance, uint64_t count, int parameter)
{
	size_t bytes = packed_bytes(all_distance_bits(distance, count, parameter), 1);
	uint64_t bit = 0;

	memset(at, 0, bytes);
	for (uint64_t i = 0; i < count; i++)
	{
		uint64_t zeros = (uint64_t) distance[i] >> parameter;

		if (zeros < DISTANCE_ZEROS)
		{
			pack_bits(at, bit + zeros, 1, 1);
			pack_bits(at, bit + zeros + 1, parameter,
					  (uint32_t) (distance[i] & (((int64_t) 1 << parameter) - 1)));
		}
		else
			pack_bits(at, bit + DISTANCE_ZEROS, 32, (uint32_t) distance[i]);
		bit += distance_bits(distance[i], parameter);
	}
	return at + bytes;
}
