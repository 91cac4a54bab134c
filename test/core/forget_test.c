/*
 * forget_test.c
 *	  The forgetting curve against published and independently computed values.
 */
#include "core/forget.h"

#include <float.h>

#include "random.h"
#include "tap.h"

/* 0.9^(-1/0.1542) - 1, computed with 50 digits */
#define FACTOR 0.98034649441348004522333446170L

/* Six digits as FSRS-6 publishes them, for a stability of 30 days. */
static void
test_published(void)
{
	is_near(skill_retrievability(15, 30), 0.940344L, 5e-7L, "published: half the stability");
	is_near(skill_retrievability(30, 30), 0.9L, 5e-7L, "published: the stability");
	is_near(skill_retrievability(90, 30), 0.809388L, 5e-7L, "published: three times the stability");
	is_near(skill_retrievability(365, 30), 0.673914L, 5e-7L, "published: a year");
}

/* Computed from the definition with 50 digits of decimal arithmetic. */
static void
test_high_precision(void)
{
	static const struct
	{
		double days;
		double stability;
		long double expected;
	} known[] = {
		{15, 30, 0.94034428889292267997619425090L},
		{30, 30, 0.9L},
		{90, 30, 0.80938810357317076658954991149L},
		{365, 30, 0.67391357242431911753194875213L},
		{1, 1, 0.9L},
		{7, 1, 0.72762092716522255578893099046L},
		{1, 30, 0.99505387323324903582269065861L},
		{1, 365, 0.99958647790552934575045602748L},
		{0.5, 0.25, 0.84588464514943355408066818863L},
		{3650, 2.5, 0.32609135353436571303213143771L},
		{10000, 3, 0.28713152200834002353339159579L},
		{36500, 1, 0.19852803062178532994709900382L},
		{1e30, 1, 2.3731722732272573951346172269e-5L},
		{1, 1e-30, 2.3731722732272573951346172269e-5L},
		{1e30, 1e-30, 5.6147350267554219655786260990e-10L},
		{1, 1e30, 1},
		{1e-30, 1, 1},
	};

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		char name[80];
		/* The decay as a float8 is off by 2^-56, and that is multiplied by the logarithm. */
		long double tolerance = known[i].expected * (4e-16L - 2e-17L * logl(known[i].expected));

		snprintf(name, sizeof(name), "%g days at a stability of %g", known[i].days,
				 known[i].stability);
		is_near(skill_retrievability(known[i].days, known[i].stability), known[i].expected,
				tolerance, name);
	}
}

static void
test_not_yet(void)
{
	is_exactly(skill_retrievability(0, 30), 1, "nothing is forgotten at the last practice");
	is_exactly(skill_retrievability(-0.0, 30), 1, "nothing is forgotten at minus zero days");
	is_exactly(skill_retrievability(-1, 30), 1, "nothing is forgotten before the last practice");
	is_exactly(skill_retrievability(-1e30, 1e-30), 1, "nothing is forgotten long before it");
	is_exactly(skill_retrievability(-31, 30), 1,
			   "nothing is forgotten where the curve has no value");
}

static void
test_random(void)
{
	Property formula = {.name = "the definition, in long double"};
	Property ninety = {.name = "0.9 is left when the stability is over"};
	Property range = {.name = "in (0,1]"};
	Property older = {.name = "never more is left after more days"};
	Property stabler = {.name = "never less is left at a higher stability"};
	Property next_day = {.name = "strictly less is left a tenth later"};

	for (long i = random_rounds(300000); i > 0; i--)
	{
		double days = random_magnitude(1e-3, 1e6);
		double stability = random_magnitude(1e-3, 1e5);
		double more =
			random_chance(0.2) ? nextafter(days, 1e9) : days + random_magnitude(1e-6, 1e6);
		double higher = random_chance(0.2) ? nextafter(stability, 1e9)
										   : stability + random_magnitude(1e-6, 1e6);
		double left = skill_retrievability(days, stability);
		long double expected = powl(1 + FACTOR * days / stability, -0.1542L);

		check(&formula, fabsl(left - expected) <= 5e-16L, "R(%a; %a): got %.17g expected %.20Lg",
			  days, stability, left, expected);
		check(&ninety, fabs(skill_retrievability(stability, stability) - 0.9) <= DBL_EPSILON,
			  "R(%a; %a): got %.17g", stability, stability,
			  skill_retrievability(stability, stability));
		check(&range, left > 0 && left <= 1, "R(%a; %a): got %.17g", days, stability, left);
		check(&older, skill_retrievability(more, stability) <= left, "R(%a; %a) > R(%a; %a)", more,
			  stability, days, stability);
		check(&stabler, skill_retrievability(days, higher) >= left, "R(%a; %a) < R(%a; %a)", days,
			  higher, days, stability);
		/* Below a millionth of the stability a float8 near 1 cannot tell the two apart. */
		if (days / stability > 1e-6)
			check(&next_day, skill_retrievability(days * 1.1, stability) < left,
				  "R(%a; %a) = R(%a; %a)", days * 1.1, stability, days, stability);
	}
	report(&formula);
	report(&ninety);
	report(&range);
	report(&older);
	report(&stabler);
	report(&next_day);
}

static void
test_extremes(void)
{
	static const double extreme[] = {0x1p-1074, DBL_MIN, 1e-300, 1e-30, FLT_MIN,
									 1,			FLT_MAX, 1e30,	 1e300, DBL_MAX};
	const unsigned count = sizeof(extreme) / sizeof(extreme[0]);
	Property range = {.name = "extreme days and stabilities stay in [0,1]"};
	Property positive = {.name = "something is always left of a finite ratio"};

	for (unsigned d = 0; d < count; d++)
	{
		for (unsigned s = 0; s < count; s++)
		{
			double left = skill_retrievability(extreme[d], extreme[s]);

			check(&range, left >= 0 && left <= 1, "R(%g; %g): got %g", extreme[d], extreme[s], left);
			if (extreme[d] <= 1e30 && extreme[s] >= 1e-30)
				check(&positive, left > 0, "R(%g; %g): got %g", extreme[d], extreme[s], left);
		}
	}
	report(&range);
	report(&positive);
}

int
main(void)
{
	random_init();
	test_published();
	test_high_precision();
	test_not_yet();
	test_random();
	test_extremes();
	return tap_done();
}
