/*
 * recurrence_test.c
 *	  Rules of recurrence: the examples of RFC 5545, another implementation's
 *	  answers, what is refused, and random bytes.
 */
#include "core/recurrence.h"

#include <string.h>

#include "random.h"
#include "recurrence_cases.h"
#include "tap.h"

static int32_t
day_named(const char *text)
{
	CalendarTime time;

	if (!calendar_time_parse(text, strlen(text), &time))
		abort();
	return time.day;
}

/* Against the C library's calendar, and there and back. */
static void
test_days(void)
{
	Property back = {.name = "every day from the year 1 to 9999 comes back"};
	Property weekday = {.name = "weekdays follow each other"};
	CivilDate date;

	is_exactly(day_named("20000101"), 0, "2000-01-01 is day 0");
	is_exactly(day_named("19691231"), -10958, "the day before the Unix epoch");
	is_exactly(day_named("99991231"), LAST_RECURRENCE_DAY, "the last day");
	is_exactly(weekday_of(day_named("20261204")), 4, "2026-12-04 is a Friday");
	for (int32_t day = day_named("00010101"); day <= LAST_RECURRENCE_DAY; day++)
	{
		date = civil_from_day(day);
		check(&back,
			  civil_date_exists(date.year, date.month, date.day) && day_from_civil(date) == day,
			  "day %d is %d-%d-%d", day, date.year, date.month, date.day);
		check(&weekday, weekday_of(day + 1) == (weekday_of(day) + 1) % 7, "day %d", day);
	}
	report(&back);
	report(&weekday);
	ok(!civil_date_exists(2100, 2, 29), "2100 is no leap year");
	ok(civil_date_exists(2000, 2, 29), "2000 is one");
}

static void
test_times(void)
{
	static const char *const bad[] = {"",
									  "2026",
									  "20261304",
									  "20260230",
									  "20260101T",
									  "20260101T2400",
									  "20260101T240000",
									  "20260101T236000",
									  "20260101T120000X",
									  "20260101T120000ZZ",
									  "2026-01-01",
									  "20260101 120000",
									  "00000101"};
	CalendarTime time;
	Property refused = {.name = "what is no time is refused"};

	ok(calendar_time_parse("20261204T190530Z", 16, &time) && time.is_utc && !time.is_date &&
		   time.second == 19 * 3600 + 5 * 60 + 30,
	   "a time in UTC");
	ok(calendar_time_parse("20261204T190530", 15, &time) && !time.is_utc && !time.is_date,
	   "a local time");
	ok(calendar_time_parse("20261204", 8, &time) && time.is_date, "a date");
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check(&refused, !calendar_time_parse(bad[i], strlen(bad[i]), &time), "%s", bad[i]);
	report(&refused);
}

/* The days by a rule until a day, in order, as 20261204 20261211 ... */
static void
expand(const char *start, const char *text, const char *last, char *out, size_t size)
{
	RecurrenceRule rule;
	char reason[160];
	int32_t first = day_named(start);
	int64_t number = 0;

	out[0] = '\0';
	if (!recurrence_parse(text, strlen(text), &rule, reason, sizeof(reason)))
	{
		snprintf(out, size, "%s", reason);
		return;
	}
	for (int32_t day = first; rule.count == 0 || number < rule.count; number++, day++)
	{
		CivilDate date;
		size_t length = strlen(out);

		day = recurrence_next_day(&rule, first, day, day_named(last));
		if (day > day_named(last) || (rule.has_until && day > rule.until.day))
			return;
		date = civil_from_day(day);
		snprintf(out + length, size - length, "%s%04d%02d%02d", length > 0 ? " " : "", date.year,
				 date.month, date.day);
	}
}

/* The answers are those of RFC 5545, section 3.8.5.3. */
static void
test_examples(void)
{
	static const struct
	{
		const char *name;
		const char *start;
		const char *rule;
		const char *last;
		const char *days;
	} cases[] = {
		{"daily for 3 occurrences", "19970902", "FREQ=DAILY;COUNT=3", "99991231",
		 "19970902 19970903 19970904"},
		{"every 10 days, 5 occurrences", "19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "99991231",
		 "19970902 19970912 19970922 19971002 19971012"},
		{"every other week on Tuesday and Thursday, for 8 occurrences", "19970902",
		 "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "99991231",
		 "19970902 19970904 19970916 19970918 19970930 19971002 19971014 19971016"},
		{"monthly on the first Friday until the end of the year", "19970905",
		 "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "99991231",
		 "19970905 19971003 19971107 19971205"},
		{"every other month on the first and last Sunday", "19970907",
		 "FREQ=MONTHLY;INTERVAL=2;COUNT=6;BYDAY=1SU,-1SU", "99991231",
		 "19970907 19970928 19971102 19971130 19980104 19980125"},
		{"monthly on the third-to-the-last day", "19970928", "FREQ=MONTHLY;BYMONTHDAY=-3",
		 "19971231", "19970928 19971029 19971128 19971229"},
		{"monthly on the first and last day, where the 30th and 31st differ", "19970930",
		 "FREQ=MONTHLY;COUNT=5;BYMONTHDAY=1,-1", "99991231",
		 "19970930 19971001 19971031 19971101 19971130"},
		{"yearly in June and July", "19970610", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7", "99991231",
		 "19970610 19970710 19980610 19980710"},
		{"every 20th Monday of the year", "19970519", "FREQ=YEARLY;BYDAY=20MO", "19991231",
		 "19970519 19980518 19990517"},
		{"every Friday the 13th", "19980213", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "20001231",
		 "19980213 19980313 19981113 19990813 20001013"},
		{"the Tuesday after the first Monday of November, every four years", "19961105",
		 "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "20041231",
		 "19961105 20001107 20041102"},
		{"where the week starts matters: Monday", "19970805",
		 "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "99991231",
		 "19970805 19970810 19970819 19970824"},
		{"where the week starts matters: Sunday", "19970805",
		 "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "99991231",
		 "19970805 19970817 19970819 19970831"},
		{"days that some months do not have are left out", "20070115",
		 "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "99991231",
		 "20070115 20070130 20070215 20070315 20070330"},
		{"the 29th of February", "20240229", "FREQ=YEARLY", "20331231",
		 "20240229 20280229 20320229"},
		{"a first day that the rule does not name counts too", "20260302",
		 "FREQ=MONTHLY;BYDAY=1TU;COUNT=3", "99991231", "20260302 20260303 20260407"},
		{"what never happens again", "20260101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "99991231",
		 "20260101"},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		char days[1000];

		expand(cases[i].start, cases[i].rule, cases[i].last, days, sizeof(days));
		if (!ok(strcmp(days, cases[i].days) == 0, "%s", cases[i].name))
			diagnose("got %s expected %s", days, cases[i].days);
	}
}

static void
test_reference(void)
{
	Property counts = {.name = "random rules, as another implementation expands them"};

	for (unsigned i = 0; i < sizeof(recurrence_cases) / sizeof(recurrence_cases[0]); i++)
	{
		const RecurrenceCase *c = &recurrence_cases[i];
		RecurrenceRule rule;
		char reason[160] = "";
		int32_t start = day_named(c->start);
		int32_t last = day_named(c->last);
		int64_t count = 0;
		int64_t sum = 0;

		if (recurrence_parse(c->rule, strlen(c->rule), &rule, reason, sizeof(reason)))
			for (int32_t day = start; (day = recurrence_next_day(&rule, start, day, last)) <= last;
				 day++)
			{
				count++;
				sum += day;
			}
		check(&counts, count == c->count && sum == c->sum,
			  "%s from %s to %s: got %ld days expected %ld %s", c->rule, c->start, c->last,
			  (long) count, (long) c->count, reason);
	}
	report(&counts);
}

static void
test_refused(void)
{
	static const struct
	{
		const char *rule;
		const char *reason;
	} cases[] = {
		{"", "no FREQ in \"\""},
		{"FREQ=HOURLY", "unsupported FREQ \"HOURLY\""},
		{"FREQ=DAILY;BYSETPOS=1", "unsupported part \"BYSETPOS\""},
		{"FREQ=DAILY;INTERVAL=0", "cannot read INTERVAL \"0\""},
		{"FREQ=DAILY;COUNT=-1", "cannot read COUNT \"-1\""},
		{"FREQ=DAILY;COUNT=99999999999", "cannot read COUNT \"99999999999\""},
		{"FREQ=DAILY;UNTIL=tomorrow", "cannot read UNTIL \"tomorrow\""},
		{"FREQ=DAILY;COUNT=1;UNTIL=20260101", "COUNT does not go with \"UNTIL\""},
		{"FREQ=WEEKLY;BYDAY=1MO", "ordinals go with MONTHLY and YEARLY, not with this \"BYDAY\""},
		{"FREQ=MONTHLY;BYDAY=0MO", "cannot read BYDAY \"0MO\""},
		{"FREQ=MONTHLY;BYDAY=XX", "cannot read BYDAY \"XX\""},
		{"FREQ=MONTHLY;BYMONTHDAY=32", "cannot read BYMONTHDAY \"32\""},
		{"FREQ=YEARLY;BYMONTH=13", "cannot read BYMONTH \"13\""},
		{"FREQ=WEEKLY;BYMONTHDAY=1", "WEEKLY does not go with \"BYMONTHDAY\""},
		{"FREQ=WEEKLY;WKST=M", "cannot read WKST \"M\""},
		{"FREQ", "cannot read part \"FREQ\""},
		{"FREQ=DAILY;\xc3\xa9=1", "unsupported part \"??\""},
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		RecurrenceRule rule;
		char reason[160] = "";
		bool read =
			recurrence_parse(cases[i].rule, strlen(cases[i].rule), &rule, reason, sizeof(reason));

		if (!ok(!read && strcmp(reason, cases[i].reason) == 0, "refused: %s", cases[i].rule))
			diagnose("got %s: %s", read ? "read" : "refused", reason);
	}
}

/* Whatever the bytes are: no crash, an end, and days in order. */
static void
test_random_bytes(void)
{
	static const char *const words[] = {"FREQ=",  "DAILY",	  "WEEKLY",		 "MONTHLY",
										"YEARLY", ";",		  "=",			 ",",
										"BYDAY=", "BYMONTH=", "BYMONTHDAY=", "INTERVAL=",
										"COUNT=", "UNTIL=",	  "WKST=",		 "-1",
										"1",	  "31",		  "13",			 "MO",
										"SU",	  "2FR",	  "20261231",	 "20261231T000000Z",
										"-",	  "+5",		  "\xff",		 "\t"};
	Property sane = {.name = "random rules are refused with a reason, or give days in order"};
	unsigned long read = 0;

	for (long i = random_rounds(100000); i > 0; i--)
	{
		char text[200] = "";
		RecurrenceRule rule;
		char reason[40] = "";
		int32_t start = random_below(10000);
		int32_t day = start;

		for (int parts = random_below(12); parts >= 0; parts--)
			strcat(text, words[random_below(sizeof(words) / sizeof(words[0]))]);
		if (random_chance(0.5))
			memcpy(text, "FREQ=DAILY;", 11);
		if (!recurrence_parse(text, strlen(text), &rule, reason, sizeof(reason)))
		{
			check(&sane, reason[0] != '\0' && strlen(reason) < sizeof(reason), "%s", text);
			continue;
		}
		read++;
		for (int n = 0; n < 5 && day <= start + 3000; n++)
		{
			int32_t next = recurrence_next_day(&rule, start, day, start + 3000);

			check(&sane, next >= day, "%s", text);
			day = next + 1;
		}
	}
	report(&sane);
	ok(read > 100, "some of them can be read (%lu)", read);
}

int
main(void)
{
	random_init();
	test_days();
	test_times();
	test_examples();
	test_reference();
	test_refused();
	test_random_bytes();
	return tap_done();
}
