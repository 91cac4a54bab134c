/*
 * tap.h
 *	  What the tests of the core print: the Test Anything Protocol.
 *
 * ok() and its like are one test each.  A Property is one test too, of many
 * random cases: it holds if all of them do, and fails if there was none.
 */
#ifndef SHORTLIST_TEST_TAP_H
#define SHORTLIST_TEST_TAP_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Property
{
	const char *name;
	unsigned long checked;
	unsigned long failed;
	char first[400]; /* what was wrong with the first case that failed */
} Property;

static int tap_run;
static int tap_failed;

static inline bool __attribute__((format(printf, 2, 3))) ok(bool holds, const char *format, ...)
{
	va_list arguments;

	printf("%s %d - ", holds ? "ok" : "not ok", ++tap_run);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	if (!holds)
		tap_failed++;
	/* Whatever a sanitizer stops, what was found before it is seen. */
	fflush(stdout);
	return holds;
}

static inline void __attribute__((format(printf, 1, 2))) diagnose(const char *format, ...)
{
	va_list arguments;

	printf("# ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
}

/* The same number, to the last bit but for the sign of zero. */
static inline void
is_exactly(double got, double expected, const char *name)
{
	if (!ok(got == expected, "%s", name))
		diagnose("got %.17g (%a) expected %.17g (%a)", got, got, expected, expected);
}

static inline void
is_near(double got, long double expected, long double tolerance, const char *name)
{
	if (!ok(fabsl(got - expected) <= tolerance, "%s", name))
		diagnose("got %.17g expected %.20Lg, which differs by %.3Lg, more than %.3Lg", got,
				 expected, fabsl(got - expected), tolerance);
}

static inline void
is_count(unsigned long got, unsigned long expected, const char *name)
{
	if (!ok(got == expected, "%s", name))
		diagnose("got %lu (0x%lx) expected %lu (0x%lx)", got, got, expected, expected);
}

/* One case of a property.  The message says what the case was, got and expected. */
static inline bool __attribute__((format(printf, 3, 4)))
check(Property *property, bool holds, const char *format, ...)
{
	property->checked++;
	if (!holds && property->failed++ == 0)
	{
		va_list arguments;

		va_start(arguments, format);
		vsnprintf(property->first, sizeof(property->first), format, arguments);
		va_end(arguments);
	}
	return holds;
}

static inline void
report(const Property *property)
{
	if (ok(property->checked > 0 && property->failed == 0, "%s (%lu cases)", property->name,
		   property->checked))
		return;
	diagnose("%lu of %lu cases failed", property->failed, property->checked);
	if (property->failed > 0)
		diagnose("first: %s", property->first);
}

/* The plan comes last, so a program that stops early has none.  Returns main()'s status. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif /* SHORTLIST_TEST_TAP_H */
