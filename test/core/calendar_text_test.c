/*
 * calendar_text_test.c
 *	  Lines of iCalendar: folds, parameters, escapes, durations; and random bytes.
 */
#include "core/calendar_text.h"

#include <string.h>

#include "random.h"
#include "tap.h"

static void
is_span(CalendarSpan got, const char *expected, const char *name)
{
	if (!ok(got.length == strlen(expected) && memcmp(got.text, expected, got.length) == 0, "%s",
			name))
		diagnose("got \"%.*s\" expected \"%s\"", (int) got.length, got.text, expected);
}

static CalendarSpan
span(const char *text)
{
	return (CalendarSpan){text, strlen(text)};
}

static void
test_unfold(void)
{
	static const struct
	{
		const char *folded;
		const char *unfolded;
	} cases[] = {
		{"A:b\r\n c\r\nD:e", "A:bc\r\nD:e"},
		{"A:b\n\tc", "A:bc"},
		{"A:b\n  c", "A:b c"},
		{"A:b\r c", "A:bc"},
		{"A:b\r\n", "A:b\r\n"},
		{" A", " A"},
		{"\r\n ", ""},
		{"", ""},
		{"A:b\n \n c", "A:bc"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char text[100];
		size_t length;

		strcpy(text, cases[i].folded);
		length = calendar_unfold(text, strlen(text));
		is_span((CalendarSpan){text, length}, cases[i].unfolded, "unfolded");
	}
}

static void
test_lines(void)
{
	const char *text =
		"\r\n\nDTSTART;TZID=\"Europe/Madrid\";X=a;Y=\"a;b:c\":20260101T190000\r\nno colon\nURL:http://a/b";
	const char *end = text + strlen(text);
	CalendarLine line;
	CalendarSpan value;

	ok(calendar_next_line(&text, end, &line), "a line behind blank ones");
	ok(calendar_is(line.name, "DTSTART"), "its name");
	is_span(line.value, "20260101T190000", "its value");
	ok(calendar_parameter(&line, "TZID", &value), "a parameter is found");
	is_span(value, "Europe/Madrid", "and loses its quotes");
	ok(calendar_parameter(&line, "Y", &value), "behind others too");
	is_span(value, "a;b:c", "quotes hide semicolons and colons");
	ok(!calendar_parameter(&line, "Z", &value), "one that is not there");
	ok(calendar_next_line(&text, end, &line) && line.name.length == 0,
	   "a line without a colon has no name");
	is_span(line.value, "no colon", "and is all value");
	ok(calendar_next_line(&text, end, &line), "the last line, without a line break");
	is_span(line.value, "http://a/b", "a value may have colons");
	ok(!calendar_next_line(&text, end, &line), "no more");
	ok(calendar_is(span("dtStart"), "DTSTART"), "case of names does not matter");
	ok(!calendar_is(span("DTSTAR"), "DTSTART") && !calendar_is(span("DTSTARTS"), "DTSTART"),
	   "a part of a name is not the name");
}

static void
test_values(void)
{
	CalendarSpan list = span("a\\, b,c,,d");
	CalendarSpan element;
	char text[100];
	int32_t days, seconds;
	static const struct
	{
		const char *text;
		int32_t days;
		int32_t seconds;
	} durations[] = {{"P1W", 7, 0},			{"P2D", 2, 0},	 {"PT2H30M", 0, 9000},
					 {"P1DT12H", 1, 43200}, {"+PT5S", 0, 5}, {"P1W2D", 9, 0}};
	static const char *const bad[] = {"",		"P",  "PT",		"-PT1H", "PT1D",	 "P1H",
									  "PT1M1H", "1H", "PT1H1H", "P1",	 "PT999999H"};

	ok(calendar_next_element(&list, &element), "an element");
	is_span(element, "a\\, b", "an escaped comma separates nothing");
	ok(calendar_next_element(&list, &element), "the next");
	is_span(element, "c", "as it is");
	ok(calendar_next_element(&list, &element) && element.length == 0, "an empty one");
	ok(calendar_next_element(&list, &element) && !calendar_next_element(&list, &element),
	   "the last");
	is_span((CalendarSpan){text, calendar_unescape(span("a\\nb\\, c\\; \\\\n \\N\\"), text)},
			"a\nb, c; \\n \n\\", "escapes");
	for (unsigned i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
		ok(calendar_duration(span(durations[i].text), &days, &seconds) &&
			   days == durations[i].days && seconds == durations[i].seconds,
		   "duration %s", durations[i].text);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!calendar_duration(span(bad[i]), &days, &seconds), "no duration: %s", bad[i]);
}

/* The sanitizers see whether anything is read or written out of bounds. */
static void
test_random_bytes(void)
{
	static const char bytes[] = "ABP1T:;=\"\\,nN \t\r\n\r\n\xc3\xa9";
	Property bounded = {.name = "lines of random bytes lie within the text, and all of it is read"};

	for (long i = random_rounds(100000); i > 0; i--)
	{
		size_t length = random_below(60);
		char *text = malloc(length + 1);
		char *out = malloc(length + 1);
		const char *at = text;
		const char *end;
		CalendarLine line;
		CalendarSpan value;
		int32_t days, seconds;

		for (size_t b = 0; b < length; b++)
			text[b] = bytes[random_below(sizeof(bytes) - 1)];
		end = text + calendar_unfold(text, length);
		while (calendar_next_line(&at, end, &line))
		{
			check(&bounded, line.value.text >= text && line.value.text + line.value.length <= end,
				  "round %ld", i);
			calendar_parameter(&line, "A", &value);
			calendar_duration(line.value, &days, &seconds);
			check(&bounded, calendar_unescape(line.value, out) <= line.value.length, "round %ld", i);
			while (calendar_next_element(&line.value, &value))
				check(&bounded, value.text + value.length <= end, "round %ld", i);
		}
		check(&bounded, at == end, "round %ld", i);
		free(text);
		free(out);
	}
	report(&bounded);
}

int
main(void)
{
	random_init();
	test_unfold();
	test_lines();
	test_values();
	test_random_bytes();
	return tap_done();
}
