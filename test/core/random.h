/*
 * random.h
 *	  Random cases that can be had again: the seed is printed, and SEED sets it.
 *
 * STRESS=1 makes the tests draw a hundred times as many.
 */
#ifndef SHORTLIST_TEST_RANDOM_H
#define SHORTLIST_TEST_RANDOM_H

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_SEED 20261204

static uint64_t random_state;

static inline void
random_init(void)
{
	const char *seed = getenv("SEED");

	random_state = seed != NULL && *seed != '\0' ? strtoull(seed, NULL, 10) : DEFAULT_SEED;
	printf("# SEED=%" PRIu64 "\n", random_state);
}

/* How often to do what is done `usual` times in a plain run. */
static inline long
random_rounds(long usual)
{
	const char *stress = getenv("STRESS");

	return stress != NULL && *stress != '\0' && strcmp(stress, "0") != 0 ? usual * 100 : usual;
}

/* SplitMix64 (Steele, Lea, Flood): every seed is a good one. */
static inline uint64_t
random_bits(void)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to n - 1; the bias is of no matter here */
static inline uint32_t
random_below(uint32_t n)
{
	return (uint32_t) (random_bits() % n);
}

/* in [0,1) */
static inline double
random_unit(void)
{
	return ldexp((double) (random_bits() >> 11), -53);
}

static inline double
random_between(double low, double high)
{
	return low + (high - low) * random_unit();
}

/* Of any order of magnitude from low to high, both > 0. */
static inline double
random_magnitude(double low, double high)
{
	return exp(random_between(log(low), log(high)));
}

static inline bool
random_chance(double probability)
{
	return random_unit() < probability;
}

static inline void
random_order(uint32_t *order, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	for (uint32_t i = 1; i < count; i++)
	{
		uint32_t other = random_below(i + 1);
		uint32_t swap = order[i];

		order[i] = order[other];
		order[other] = swap;
	}
}

/* Whether the numbers, added from the first to the last, are the total bit for bit. */
static inline bool
adds_up(const double *part, uint32_t count, double total)
{
	double sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += part[i];
	return sum == total;
}

/*
 * Whether the numbers add up to the total bit for bit from the first to the
 * last, from the last to the first and in a random order, never above 1 on
 * the way.
 */
static inline bool
sums_exactly(const double *part, uint32_t count, double total)
{
	double forward = 0;
	double backward = 0;
	double shuffled = 0;
	uint32_t *order = malloc((count + 1) * sizeof(uint32_t));
	bool below_one = true;

	random_order(order, count);
	for (uint32_t i = 0; i < count; i++)
	{
		forward += part[i];
		backward += part[count - 1 - i];
		shuffled += part[order[i]];
		below_one &= forward <= 1 && backward <= 1 && shuffled <= 1;
	}
	free(order);
	return below_one && forward == total && backward == total && shuffled == total;
}

#endif /* SHORTLIST_TEST_RANDOM_H */
