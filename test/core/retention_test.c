/*
 * retention_test.c
 *	  FSRS-6 against values computed with 50 digits, the reference
 *	  implementation's sequences, and the published formulas in long double.
 */
/* timegm() */
#define _GNU_SOURCE

#include "core/retention.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "random.h"
#include "tap.h"

/* Several sessions of one skill; days[i] is how long after the one before. */
typedef struct Sequence
{
	int count;
	double days[15];
	int rating[15];
	long double stability;
	long double difficulty;
} Sequence;

static Retention
practise(const double *days, const int *rating, int count)
{
	Retention retention = retention_first((PracticeRating) rating[0]);

	for (int i = 1; i < count; i++)
		retention = retention_next(retention, days[i], (PracticeRating) rating[i]);
	return retention;
}

/* Computed from the published formulas with 50 digits of decimal arithmetic. */
static const Sequence known[] = {
	{1, {0}, {3}, 2.3065L, 2.118103970459015793854053L},
	{1, {0}, {4}, 8.2956L, 1L},
	{2, {0, 0}, {1, 1}, 0.08335671711031603636140491L, 8.806304468856838262515693L},
	{2, {0, 0.5}, {3, 3}, 2.3065L, 2.111214235785395040575892L},
	{2, {0, 0.25}, {1, 3}, 0.2466891877756727614322025L, 6.402115069296838262515693L},
	{2, {0, 0.5}, {4, 3}, 8.2956L, 1L},
	{3, {0, 0.04, 0.04}, {3, 2, 4}, 2.364958299571641512213536L, 2.984736681491409309698147L},
	{2, {0, 1}, {3, 3}, 7.315300744077290396923890L, 2.111214235785395040575892L},
	{2, {0, 0.999}, {3, 3}, 2.3065L, 2.111214235785395040575892L},
	{4, {0, 1.5, 10, 200}, {2, 2, 4, 3}, 165.4974523924159862532595L, 5.626093211186224861586976L},
	{4, {0, 30, 3, 20}, {3, 1, 3, 3}, 21.19736284699215394076503L, 7.370182640524279163869329L},
	{2, {0, 1}, {1, 1}, 0.1008857898209985285187034L, 8.806304468856838262515693L},
	{6,
	 {0, 1, 1, 2, 1, 1},
	 {1, 1, 1, 1, 1, 1},
	 0.01652616568942663591345248L,
	 9.964319173862266307042643L},
	{3, {0, 0, 10000}, {1, 1, 1}, 0.07933292160648052352260412L, 9.592868765339692772904416L},
	{4, {0, 30, 300, 3000}, {4, 4, 4, 4}, 7720.781671377747055101663L, 1L},
	{6, {0, 30, 300, 3000, 36500, 36500}, {4, 4, 4, 4, 4, 4}, 36500L, 1L},
	{15,
	 {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	 {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
	 0.001L,
	 9.977995095736045294272814L},
};

static void
test_high_precision(void)
{
	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		const Sequence *sequence = &known[i];
		Retention got = practise(sequence->days, sequence->rating, sequence->count);
		char name[80];

		snprintf(name, sizeof(name), "stability of sequence %u, of %d sessions", i, sequence->count);
		is_near(got.stability, sequence->stability, sequence->stability * 1e-13L, name);
		snprintf(name, sizeof(name), "difficulty of sequence %u", i);
		is_near(got.difficulty, sequence->difficulty, 1e-14L, name);
	}
}

/*
 * The sequences of a reference implementation, where they are at hand.  It
 * rounds whatever it computes to eight decimals, so that its figures are off
 * by up to 3.3e-8 of their size.
 */
static void
test_reference(void)
{
	const char *data = getenv("SHORTLIST_DATA");
	char path[1000];
	char line[1000];
	FILE *file;
	Property stability = {.name = "stability of the reference sequences, to 1e-6 of it"};
	Property difficulty = {.name = "difficulty of the reference sequences, to 1e-6"};
	Retention retention = {0, 0};
	int rating = 0;
	double now = 0;
	double before = -1;

	snprintf(path, sizeof(path), "%s/retention/fsrs6_vectors.json",
			 data != NULL && *data != '\0' ? data : "../shared/data");
	file = fopen(path, "r");
	if (file == NULL)
	{
		ok(true, "reference sequences # SKIP there is no %s", path);
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL)
	{
		struct tm day = {.tm_year = 0};
		double value;

		if (strstr(line, "\"seq\"") != NULL)
			before = -1;
		else if (sscanf(line, " \"rating\": %d", &rating) == 1)
			continue;
		else if (sscanf(line, " \"review\": \"%d-%d-%dT00:00:00.000Z\"", &day.tm_year, &day.tm_mon,
						&day.tm_mday) == 3)
		{
			day.tm_year -= 1900;
			day.tm_mon--;
			now = (double) timegm(&day) / 86400;
			retention = before < 0
				? retention_first((PracticeRating) rating)
				: retention_next(retention, now - before, (PracticeRating) rating);
			before = now;
		}
		else if (sscanf(line, " \"S\": %lf", &value) == 1)
			check(&stability, fabs(retention.stability - value) <= 1e-6 * value,
				  "day %g, rating %d: got %.17g expected %.17g", now, rating, retention.stability,
				  value);
		else if (sscanf(line, " \"D\": %lf", &value) == 1)
			check(&difficulty, fabs(retention.difficulty - value) <= 1e-6,
				  "day %g, rating %d: got %.17g expected %.17g", now, rating, retention.difficulty,
				  value);
	}
	fclose(file);
	report(&stability);
	report(&difficulty);
}

/* The formulas once more, in long double, a term at a time. */
static void
expect_next(long double *s, long double *d, long double days, int g)
{
	const long double factor = powl(0.9L, -1 / 0.1542L) - 1;
	long double r = days > 0 ? powl(1 + factor * days / *s, -0.1542L) : 1;
	long double easy = 6.4133L - expl(0.8334L * 3) + 1;
	long double delta = -3.0194L * (g - 3);
	long double damped = *d + delta * (10 - *d) / 9;
	long double next;

	if (days < 1)
	{
		next = *s * expl(0.5425L * (g - 3 + 0.0912L)) * powl(*s, -0.0658L);
		if (g > 2)
			next = fmaxl(next, *s);
	}
	else if (g == 1)
		next = fminl(1.4835L * powl(*d, -0.0614L) * (powl(*s + 1, 0.2629L) - 1) *
						 expl(1.6483L * (1 - r)),
					 *s * expl(-0.5425L * 0.0912L));
	else
	{
		long double gain =
			expl(1.8722L) * (11 - *d) * powl(*s, -0.1666L) * expm1l(0.796L * (1 - r));

		next = *s + *s * gain * (g == 2 ? 0.6014L : g == 4 ? 1.8729L : 1.0L);
	}
	*s = fminl(fmaxl(next, 0.001L), 36500);
	*d = fminl(fmaxl(0.001L * easy + 0.999L * damped, 1), 10);
}

static double
random_days(void)
{
	double usual = random_chance(0.3) ? floor(random_between(0, 60)) : random_magnitude(1e-4, 1e5);

	return random_chance(0.1) ? 0 : random_chance(0.05) ? nextafter(1, 0) : usual;
}

static void
test_random(void)
{
	Property formula = {.name = "the published formulas, in long double"};
	Property ranges = {.name = "stability in [0.001,36500], difficulty in [1,10]"};
	Property again = {.name = "what was forgotten is never more stable"};
	Property good = {.name = "what was remembered is never less stable"};
	Property better = {.name = "a better rating never makes less stable, or more difficult"};
	Property spacing = {.name = "a session after more days never makes less stable, if remembered"};

	for (long i = random_rounds(20000); i > 0; i--)
	{
		int rating = 1 + (int) random_below(4);
		Retention now = retention_first((PracticeRating) rating);
		long double s = now.stability;
		long double d = now.difficulty;

		for (int sessions = (int) random_below(12); sessions > 0; sessions--)
		{
			double days = random_days();
			double more = days * random_between(1, 3) + 1;
			Retention next[5];

			rating = 1 + (int) random_below(4);
			for (int g = RATING_AGAIN; g <= RATING_EASY; g++)
				next[g] = retention_next(now, days, (PracticeRating) g);
			expect_next(&s, &d, days, rating);

			check(&again, next[1].stability <= now.stability, "S %.17g, %a days: %.17g",
				  now.stability, days, next[1].stability);
			check(&good, next[3].stability >= now.stability && next[4].stability >= now.stability,
				  "S %.17g, %a days: %.17g, %.17g", now.stability, days, next[3].stability,
				  next[4].stability);
			for (int g = RATING_AGAIN; g < RATING_EASY; g++)
				check(&better,
					  next[g].stability <= next[g + 1].stability &&
						  next[g].difficulty >= next[g + 1].difficulty,
					  "S %.17g D %.17g, %a days, rating %d: %.17g %.17g and %.17g %.17g",
					  now.stability, now.difficulty, days, g, next[g].stability, next[g].difficulty,
					  next[g + 1].stability, next[g + 1].difficulty);
			if (days >= 1)
				check(&spacing,
					  retention_next(now, more, (PracticeRating) 3).stability >= next[3].stability,
					  "S %.17g, %a and %a days", now.stability, days, more);

			now = next[rating];
			check(&formula,
				  fabsl(now.stability - s) <= 1e-12L * s && fabsl(now.difficulty - d) <= 1e-12L,
				  "%a days, rating %d: got %.17g %.17g expected %.20Lg %.20Lg", days, rating,
				  now.stability, now.difficulty, s, d);
			check(&ranges,
				  now.stability >= 0.001 && now.stability <= 36500 && now.difficulty >= 1 &&
					  now.difficulty <= 10,
				  "%.17g %.17g", now.stability, now.difficulty);
		}
	}
	report(&formula);
	report(&ranges);
	report(&again);
	report(&good);
	report(&better);
	report(&spacing);
}

int
main(void)
{
	random_init();
	test_high_precision();
	test_reference();
	test_random();
	return tap_done();
}
