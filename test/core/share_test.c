/*
 * share_test.c
 *	  Shares are multiples of 2^-53, so that their sums are exact.
 */
#include "core/share.h"

#include <inttypes.h>

#include "random.h"
#include "tap.h"

#define MOST_AMOUNTS 200

/*
 * x * 2^53 to the nearest integer, ties to even, from the bits of x: the
 * rounding without a floating-point operation.
 */
static uint64_t
nearest_multiple(double x)
{
	uint64_t bits;
	uint64_t mantissa;
	uint64_t quotient;
	uint64_t rest;
	int exponent;
	int shift;

	memcpy(&bits, &x, sizeof(bits));
	mantissa = bits & ((UINT64_C(1) << 52) - 1);
	exponent = (int) (bits >> 52);
	if (exponent > 0)
		mantissa |= UINT64_C(1) << 52;
	else
		exponent = 1;

	/* x is mantissa * 2^(exponent - 1075), and x * 2^53 is mantissa / 2^shift */
	shift = 1022 - exponent;
	if (shift <= 0)
		return mantissa << -shift;
	if (shift > 60)
		return 0;
	quotient = mantissa >> shift;
	rest = mantissa & ((UINT64_C(1) << shift) - 1);
	if (rest > UINT64_C(1) << (shift - 1) || (rest == UINT64_C(1) << (shift - 1) && (quotient & 1)))
		quotient++;
	return quotient;
}

/* The integer k of x = k * 2^-53, or UINT64_MAX if x is no such multiple. */
static uint64_t
multiple_of(double x)
{
	double scaled = ldexp(x, 53);

	if (!(scaled >= 0 && scaled <= 9007199254740992.0) || scaled != floor(scaled))
		return UINT64_MAX;
	return (uint64_t) scaled;
}

static double
random_in_unit(void)
{
	double x;

	switch (random_below(4))
	{
		case 0:
			return random_unit();
		case 1: /* around the least steps */
			x = ldexp(random_unit(), -45);
			break;
		case 2: /* half way between two multiples, or beside it */
			x = ldexp((double) (2 * (random_bits() >> 12) + 1), -54);
			break;
		default:
			x = random_magnitude(1e-300, 1);
	}
	return random_chance(0.5) ? x : nextafter(x, random_below(2));
}

static void
test_edges(void)
{
	is_exactly(share_round(0), 0, "0 stays");
	is_exactly(share_round(0x1p-54), 0, "half a step goes to the even side, down");
	is_exactly(share_round(0x1.0000000000001p-54), 0x1p-53,
			   "a little more than half a step goes up");
	is_exactly(share_round(0x1p-53), 0x1p-53, "one step stays");
	is_exactly(share_round(0x1.8p-53), 0x1p-52, "one and a half step goes to the even side, up");
	is_exactly(share_round(0x1p-1074), 0, "the least number is nothing");
	is_exactly(share_round(0.1), 0x1.999999999999800p-4, "0.1 loses its last three bits");
	is_exactly(share_round(0x1.fffffffffffffp-2), 0.5, "just below a half goes to a half");
	is_exactly(share_round(0x1.fffffffffffffp-1), 0x1.fffffffffffffp-1, "just below 1 stays");
	is_exactly(share_round(1), 1, "1 stays");
}

static void
test_rounding(void)
{
	Property multiples = {.name = "rounded to the nearest multiple of 2^-53, ties to even"};
	Property monotone = {.name = "rounding is monotone"};
	Property neighbours = {.name = "rounding is monotone from one float8 to the next"};

	for (long i = random_rounds(500000); i > 0; i--)
	{
		double x = random_in_unit();
		double y = random_chance(0.5) ? random_in_unit() : x + ldexp(random_unit(), -52);

		check(&multiples, multiple_of(share_round(x)) == nearest_multiple(x),
			  "share_round(%a): got %a expected %" PRIu64 " steps", x, share_round(x),
			  nearest_multiple(x));
		if (y <= 1)
			check(&monotone,
				  x <= y ? share_round(x) <= share_round(y) : share_round(x) >= share_round(y),
				  "%a and %a: got %a and %a", x, y, share_round(x), share_round(y));
		check(&neighbours, share_round(x) <= share_round(nextafter(x, 1)),
			  "after %a: got %a below %a", x, share_round(nextafter(x, 1)), share_round(x));
	}
	report(&multiples);
	report(&monotone);
	report(&neighbours);
}

/* Amounts of like or of very unlike size; some are 0. */
static uint32_t
random_amounts(double *amount)
{
	uint32_t count = 1 + random_below(random_chance(0.2) ? MOST_AMOUNTS : 12);
	double spread = random_below(3) * 10;

	for (uint32_t i = 0; i < count; i++)
		amount[i] = random_chance(0.1) ? 0 : exp(random_between(-spread - 1, spread + 1));
	amount[random_below(count)] = random_magnitude(1e-300, 1e300);
	return count;
}

static void
cut(const double *amount, uint32_t count, double *share)
{
	ShareCutter cutter = {0, 0, 0};

	for (uint32_t i = 0; i < count; i++)
		cutter.total += amount[i];
	for (uint32_t i = 0; i < count; i++)
		share[i] = share_next(&cutter, amount[i]);
}

static void
test_cutting(void)
{
	Property whole = {.name = "shares sum to exactly 1 in any order, never above it"};
	Property steps = {.name = "shares are multiples of 2^-53"};
	Property proportion = {.name = "shares are in proportion"};
	Property nothing = {.name = "an amount of 0 has no share"};

	for (long i = random_rounds(30000); i > 0; i--)
	{
		double amount[MOST_AMOUNTS];
		double share[MOST_AMOUNTS];
		long double total = 0;
		uint32_t count = random_amounts(amount);

		cut(amount, count, share);
		check(&whole, sums_exactly(share, count, 1), "%u amounts, the first %a", count, amount[0]);
		for (uint32_t k = 0; k < count; k++)
			total += amount[k];
		for (uint32_t k = 0; k < count; k++)
		{
			check(&steps, multiple_of(share[k]) != UINT64_MAX, "got %a", share[k]);
			check(&proportion, fabsl(share[k] - amount[k] / total) <= (2 * count + 2) * 0x1p-53L,
				  "%u of %u amounts: got %.17g expected %.17Lg", k, count, share[k],
				  amount[k] / total);
			if (amount[k] == 0)
				check(&nothing, share[k] == 0, "%u of %u amounts: got %a", k, count, share[k]);
		}
	}
	report(&whole);
	report(&steps);
	report(&proportion);
	report(&nothing);
}

/* A score as everybody computes it: share times merit, added in order. */
static double
score(const double *share, const double *merit, uint32_t count)
{
	double sum = 0;

	for (uint32_t i = 0; i < count; i++)
		sum += share[i] * merit[i];
	return sum;
}

static void
test_scores(void)
{
	Property most = {.name = "a score is never above 1"};
	Property perfect = {.name = "a score of full merits is exactly 1"};
	Property monotone = {.name = "a score never falls when a merit rises, by however little"};

	for (long i = random_rounds(50000); i > 0; i--)
	{
		double amount[MOST_AMOUNTS];
		double share[MOST_AMOUNTS];
		double merit[MOST_AMOUNTS];
		uint32_t count = random_amounts(amount);
		uint32_t one = random_below(count);
		double full = random_chance(0.5) ? 0.9 : 0.2;
		double before;

		cut(amount, count, share);
		for (uint32_t k = 0; k < count; k++)
			merit[k] = random_chance(full) ? 1 : random_unit();
		before = score(share, merit, count);
		check(&most, before <= 1, "%u shares: got %.17g", count, before);
		merit[one] = random_chance(0.5) ? nextafter(merit[one], 1) : random_between(merit[one], 1);
		check(&monotone, score(share, merit, count) >= before, "%u shares: got %.17g after %.17g",
			  count, score(share, merit, count), before);
		for (uint32_t k = 0; k < count; k++)
			merit[k] = 1;
		check(&perfect, score(share, merit, count) == 1, "%u shares: got %.17g", count,
			  score(share, merit, count));
	}
	report(&most);
	report(&perfect);
	report(&monotone);
}

int
main(void)
{
	random_init();
	test_edges();
	test_rounding();
	test_cutting();
	test_scores();
	return tap_done();
}
