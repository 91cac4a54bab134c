/*
 * skill_score_test.c
 *	  Readiness, use and fit in cases computed by hand, and at the edges.
 *	  Random cases are in skill_random_test.c.
 */
#include "skill_cases.h"

#include <float.h>

#include "random.h"
#include "tap.h"

/* A job that has only items. */
static Job
job_of(const Item *item, uint32_t count)
{
	Job job = {count, item, SKILL_NO_TIME, 0};

	return job;
}

/* python:4*3!, tensorflow|pytorch~0.75:3*2, sql:2..4 */
static const Item role[] = {
	{.name = "python", .need = 4, .weight = 3, .must = true},
	{.name = "tensorflow",
	 .need = 3,
	 .weight = 2,
	 .alternatives = 1,
	 .alternative = {{"pytorch", 0.75F}}},
	{.name = "sql", .need = 4, .from = 2, .weight = 1},
};

/* python:2, pytorch:3, sql:3, cooking:5 */
static const Skill person[] = {{"python", 2, 0, 0},
							   {"pytorch", 3, 0, 0},
							   {"sql", 3, 0, 0},
							   {"cooking", 5, 0, 0}};

static void
test_by_hand(void)
{
	Job job = job_of(role, LENGTH_OF(role));
	Match match;
	double fit;

	match_begin(&match, person, LENGTH_OF(person), &job);
	is_exactly(match.scorer.reach[0], 0.5, "python reaches 2 of 4");
	is_exactly(match.scorer.reach[1], 0.75, "pytorch earns three quarters for tensorflow");
	is_exactly(match.scorer.reach[2], 0.75, "sql reaches 3 of 4");
	ok(match_via(&match, 0) == 0, "python is reached by python");
	ok(match_via(&match, 1) == 1, "tensorflow is reached by pytorch");
	is_exactly(job_item_base(&match.job.item[2]), 0.5, "half of sql was there before");
	is_exactly(job_item_credit(&match.scorer, 2), 0.5, "so half of the way is left to 3");
	is_near(match.scorer.contribution[0], 0.25L, 1e-15L, "python contributes 3/6 of 1/2");
	is_near(match.scorer.contribution[1], 0.25L, 1e-15L, "tensorflow contributes 2/6 of 3/4");
	is_near(match.scorer.contribution[2], 1 / 12.0L, 1e-15L, "sql contributes 1/6 of 1/2");
	is_near(match.readiness, 7 / 12.0L, 1e-15L, "readiness is 7/12");
	/* 2*2 + 3*3 + 3*3 + 0 of 4 + 9 + 9 + 25 */
	is_near(match.use, 22 / 47.0L, 1e-15L, "use is 22/47");
	is_near(match.scorer.use[0], 4 / 47.0L, 1e-15L, "python is 4/47 of it");
	is_near(match.scorer.use[1], 9 / 47.0L, 1e-15L, "tensorflow is 9/47 of it, by pytorch");
	is_near(match.scorer.use[2], 9 / 47.0L, 1e-15L, "sql is 9/47 of it");
	fit = skill_fit(match.readiness, match.use);
	is_near(fit, (7 / 12.0L + 22 / 47.0L) / 2, 1e-15L, "fit is half of both");
	ok(!job_qualifies(&match.scorer), "python is a must and not reached");
	match_end(&match);
}

static void
test_nothing(void)
{
	static const Item weightless[] = {{.name = "python", .need = 4},
									  {.name = "sql", .need = 2, .from = 1, .must = true}};
	Job empty = job_of(NULL, 0);
	Job job = job_of(role, LENGTH_OF(role));
	Job light = job_of(weightless, LENGTH_OF(weightless));
	Match match;

	match_begin(&match, person, LENGTH_OF(person), &empty);
	is_exactly(match.readiness, 1, "an empty job asks nothing: readiness 1");
	is_exactly(match.use, 0, "and uses nothing: use 0");
	ok(job_qualifies(&match.scorer), "everybody qualifies for an empty job");
	match_end(&match);

	match_begin(&match, NULL, 0, &job);
	is_exactly(match.readiness, 0, "an empty skillset has readiness 0");
	is_exactly(match.use, 0, "an empty skillset has use 0");
	ok(match_via(&match, 0) == -1, "nothing reaches an item");
	ok(!job_qualifies(&match.scorer), "nobody does not qualify");
	match_end(&match);

	match_begin(&match, NULL, 0, &empty);
	is_exactly(skill_fit(match.readiness, match.use), 0.5, "empty and empty: readiness 1, use 0");
	match_end(&match);

	match_begin(&match, person, LENGTH_OF(person), &light);
	is_exactly(match.readiness, 1, "no positive weight: readiness 1");
	is_exactly(match.scorer.contribution[0] + match.scorer.contribution[1], 0,
			   "items of no weight contribute nothing");
	is_near(match.use, 13 / 47.0L - 3 / 47.0L, 1e-15L,
			"items of no weight are asked for: use 10/47");
	ok(job_qualifies(&match.scorer) == true, "a must of no weight that is met");
	match_end(&match);

	match_begin(&match, person, 1, &light);
	is_exactly(match.readiness, 1, "no positive weight: readiness 1 although sql lacks");
	ok(!job_qualifies(&match.scorer), "a must of no weight is a must");
	match_end(&match);
}

/* Readiness of one skill at a level for one item. */
static double
readiness_at(float level, const Item *item)
{
	Skill skill = {item->name, level, 0, 0};
	Job job = job_of(item, 1);

	return readiness_of(&skill, 1, &job);
}

static void
test_from(void)
{
	static const Item sql = {.name = "sql", .need = 4, .from = 2, .weight = 7};
	static const Item narrow = {.name = "sql", .need = 1, .from = 0x1.fffffep-1F, .weight = 1};

	is_exactly(readiness_at(1, &sql), 0, "below from: 0, not less");
	is_exactly(readiness_at(2, &sql), 0, "at from: 0");
	is_exactly(readiness_at(2.5F, &sql), 0.25, "a quarter of the way");
	is_exactly(readiness_at(3, &sql), 0.5, "half of the way");
	is_exactly(readiness_at(4, &sql), 1, "at need: exactly 1");
	is_exactly(readiness_at(400, &sql), 1, "far above need: exactly 1");
	is_exactly(readiness_at(1, &narrow), 1, "the narrowest way, gone");
	is_exactly(readiness_at(0x1.fffffep-1F, &narrow), 0, "the narrowest way, not begun");
}

/* Whether a person at this level, by this name, qualifies for the item. */
static bool
qualifies(const char *name, float level, const Item *item, double threshold)
{
	Skill skill = {name, level, 0, 0};
	Job job = {1, item, SKILL_NO_TIME, threshold};
	Match match;
	bool result;

	match_begin(&match, &skill, 1, &job);
	result = job_qualifies(&match.scorer);
	match_end(&match);
	return result;
}

static void
test_qualifies(void)
{
	static const Item must = {.name = "tensorflow",
							  .need = 3,
							  .weight = 1,
							  .must = true,
							  .alternatives = 2,
							  .alternative = {{"pytorch", 0.75F}, {"jax", 1}}};
	static const Item wish = {.name = "sql", .need = 3, .weight = 1};
	Skill third = {"sql", 1, 0, 0};
	Job job = job_of(&wish, 1);
	double readiness = readiness_of(&third, 1, &job);

	ok(qualifies("tensorflow", 3, &must, 0), "a must at its need is met");
	ok(!qualifies("tensorflow", 0x1.7ffffep+1F, &must, 0), "a must just below its need is not");
	ok(qualifies("jax", 3, &must, 0), "a must is met by an alternative of full credit");
	ok(!qualifies("pytorch", 300, &must, 0), "a must is not met by one of partial credit");
	ok(!qualifies("sql", 3, &must, 0), "a must is not met by another skill");
	ok(qualifies("sql", 1, &wish, 0), "without a must or a threshold everybody qualifies");
	ok(qualifies("sql", 1, &wish, readiness), "readiness equal to the threshold suffices");
	ok(qualifies("sql", 1, &wish, nextafter(readiness, 1)),
	   "readiness below it by rounding alone suffices");
	ok(!qualifies("sql", 1, &wish, readiness + 1e-9), "readiness just below it does not");
	ok(qualifies("sql", 3, &wish, 1), "threshold 1 is met by a perfect match");
	ok(!qualifies("tensorflow", 1, &must, 0.1), "the threshold does not replace a must");
}

static int
via_of(const Skill *skill, uint32_t count, const Item *item)
{
	Job job = job_of(item, 1);
	Match match;
	int via;

	match_begin(&match, skill, count, &job);
	via = match_via(&match, 0);
	match_end(&match);
	return via;
}

/*
 * The explanation must not depend on the order of hashes, so ties are tried
 * with many names: the first of `skill` has to win each of them.
 */
static void
test_via(void)
{
	static const Item item = {.name = "m",
							  .need = 2,
							  .weight = 1,
							  .alternatives = 4,
							  .alternative = {{"a", 1}, {"ab", 1}, {"\xc3\xa9", 1}, {"z", 0.5F}}};
	static const Skill own[] = {{"m", 2, 0, 0},
								{"a", 3, 0, 0},
								{"ab", 2, 0, 0},
								{"\xc3\xa9", 9, 0, 0}};
	static const Skill equal[] = {{"m", 1, 0, 0}, {"z", 2, 0, 0}};
	static const Skill stronger[] = {{"a", 2, 0, 0}, {"m", 1, 0, 0}};
	static const Skill prefix[] = {{"a", 2, 0, 0}, {"ab", 2, 0, 0}};
	static const Skill high[] = {{"ab", 1, 0, 0}, {"\xc3\xa9", 1, 0, 0}};
	Property names = {.name = "equal alternatives: the smaller name"};
	Property owns = {.name = "equal reach: the own name, whatever the alternative is called"};

	ok(via_of(own, 4, &item) == 0, "the own name wins a tie at full reach");
	ok(via_of(equal, 2, &item) == 0, "the own name wins a tie at half reach against credit 0.5");
	ok(via_of(stronger, 2, &item) == 0, "an alternative of higher reach beats the own name");
	ok(via_of(prefix, 2, &item) == 0, "a name comes before what it is the beginning of");
	ok(via_of(high, 2, &item) == 0, "names are compared as unsigned bytes");

	for (unsigned i = 0; i < 1000; i++)
	{
		char small[16];
		char great[16];
		Item any = {.name = "middle", .need = 2, .weight = 1, .alternatives = 2};
		Skill two[] = {{small, 2, 0, 0}, {great, 3, 0, 0}};
		Skill with_own[] = {{"middle", 2, 0, 0}, {small, 2, 0, 0}, {great, 2, 0, 0}};

		snprintf(small, sizeof(small), "a%u", random_below(1000));
		snprintf(great, sizeof(great), "z%u", random_below(1000));
		any.alternative[0] = (Alternative){great, 0.5F};
		any.alternative[1] = (Alternative){small, 0.5F};
		check(&names, via_of(two, 2, &any) == 0, "%s and %s", small, great);
		any.alternative[0].credit = any.alternative[1].credit = 1;
		check(&owns, via_of(with_own, 3, &any) == 0, "middle, %s and %s", small, great);
	}
	report(&names);
	report(&owns);
}

/* The level that counts of python:4, last practised and as stable as said. */
static double
level_then(int64_t last, float stability, int64_t as_of)
{
	/* The second skill makes sure that the arrays of times are there. */
	Skill skill[] = {{"python", 4, stability, last}, {"sql", 1, 1, 0}};
	Item item = {.name = "python", .need = 4, .weight = 1};
	Job job = {1, &item, as_of, 0};
	Match match;
	double level;

	match_begin(&match, skill, 2, &job);
	level = job_level(&match.scorer, &match.skills, match.skill_of[0] == 0 ? 0 : 1);
	match_end(&match);
	return level;
}

static void
test_fading(void)
{
	static const Skill faded[] = {{"python", 4, 30, 0}, {"sql", 2, 0, 0}};
	static const Item items[] = {{.name = "python", .need = 4, .weight = 1},
								 {.name = "sql", .need = 2, .weight = 1}};
	Job now = {2, items, 30 * DAY, 0};
	Job never = {2, items, SKILL_NO_TIME, 0};
	Match match;

	is_near(level_then(0, 30, 30 * DAY), 3.6L, 2e-15L,
			"python:4 counts 3.6 when its stability is over");
	is_near(level_then(-60 * DAY, 30, 30 * DAY), 4 * 0.80938810357317076659L, 4e-15L,
			"90 days at a stability of 30");
	is_near(level_then(0, 0.5F, DAY / 4), 4 * 0.94034428889292267998L, 4e-15L,
			"parts of days count");
	is_exactly(level_then(0, 30, SKILL_NO_TIME), 4, "without a clock nothing fades");
	is_exactly(level_then(SKILL_NO_TIME, 30, 30 * DAY), 4, "what was never dated does not fade");
	is_exactly(level_then(0, 0, 30 * DAY), 4, "what has no stability does not fade");
	is_exactly(level_then(30 * DAY, 30, 30 * DAY), 4, "nothing fades at once");
	is_exactly(level_then(31 * DAY, 30, 30 * DAY), 4, "practice after the clock counts in full");

	match_begin(&match, faded, 2, &now);
	is_near(match.readiness, 0.95L, 1e-15L, "readiness at the clock: (0.9 + 1) / 2");
	is_exactly(match.use, 1, "a skill that faded below its need is used entirely");
	match_end(&match);
	match_begin(&match, faded, 2, &never);
	is_exactly(match.readiness, 1, "readiness without a clock");
	match_end(&match);
	match_begin(&match, &faded[1], 1, &now);
	is_exactly(match.readiness, 0.5, "a skillset without times under a clock");
	match_end(&match);
}

static void
test_gap(void)
{
	Job job = job_of(role, LENGTH_OF(role));
	static const Skill more[] = {{"python", 4, 0, 0}, {"sql", 1, 0, 0}};
	double from;
	double weight;
	Match match;

	match_begin(&match, person, LENGTH_OF(person), &job);
	ok(job_item_gap(&match.scorer, 0, &from, &weight), "python is left");
	is_exactly(from, 2, "from what is there");
	is_exactly(weight, 1.5, "at the weight of the half that is missing");
	ok(job_item_gap(&match.scorer, 1, &from, &weight), "tensorflow is left");
	is_exactly(from, 2.25, "from what pytorch earned");
	is_exactly(weight, 0.5, "at a quarter of its weight");
	ok(job_item_gap(&match.scorer, 2, &from, &weight), "sql is left");
	is_exactly(from, 3, "from 3");
	is_exactly(weight, 0.5, "at half of its weight");
	match_end(&match);

	match_begin(&match, more, LENGTH_OF(more), &job);
	ok(!job_item_gap(&match.scorer, 0, &from, &weight), "nothing is left of what is reached");
	ok(job_item_gap(&match.scorer, 1, &from, &weight), "what nobody reaches is left");
	is_exactly(from, 0, "from nothing");
	is_exactly(weight, 2, "at its whole weight");
	ok(job_item_gap(&match.scorer, 2, &from, &weight), "what does not reach its from is left");
	is_exactly(from, 2, "from where it was");
	is_exactly(weight, 1, "at the weight that it had");
	match_end(&match);
}

/* n(a) and the first item that names the skill */
static void
test_asks(void)
{
	static const Item items[] = {{.name = "r", .need = 2, .weight = 1},
								 {.name = "julia",
								  .need = 3,
								  .weight = 1,
								  .alternatives = 1,
								  .alternative = {{"python", 0.5F}}},
								 {.name = "python", .need = 1, .weight = 0},
								 {.name = "spark",
								  .need = 7,
								  .weight = 1,
								  .alternatives = 1,
								  .alternative = {{"python", 0.1F}}}};
	static const Skill skill[] = {{"python", 9, 0, 0}, {"latin", 1, 0, 0}};
	Job job = job_of(items, LENGTH_OF(items));
	uint32_t first;
	Match match;

	match_begin(&match, skill, 2, &job);
	for (uint32_t s = 0; s < 2; s++)
	{
		bool asked = match.skill_of[s] == 0;
		double need = job_asks(&match.scorer, &match.skills, s, &first);

		is_exactly(need, asked ? 7 : 0,
				   asked ? "the largest need counts" : "latin is not asked for");
		is_count(first, asked ? 1 : JOB_NOBODY,
				 asked ? "the first item that names it" : "by no item");
	}
	is_near(match.scorer.use[1], 63 / 82.0L, 1e-15L,
			"it is used in the row of the first item: 63/82");
	is_exactly(match.scorer.use[2], 0, "and in no other: python");
	is_exactly(match.scorer.use[3], 0, "and in no other: spark");
	is_exactly(match.scorer.reach[1], 0.5, "a skill serves each item that names it: julia");
	is_exactly(match.scorer.reach[2], 1, "a skill serves each item that names it: python");
	is_exactly(match.scorer.reach[3], 0.1F, "a skill serves each item that names it: spark");
	match_end(&match);
}

/* One skill and one item whose names share a hash, then both of both. */
static void
test_collision(const Collision *collision, const char *kind)
{
	const char *one = collision->name[0];
	const char *other = collision->name[1];
	Item items[] =
		{{.name = one, .need = 2, .weight = 1},
		 {.name = other, .need = 4, .weight = 1},
		 {.name = "x", .need = 8, .weight = 2, .alternatives = 1, .alternative = {{one, 0.5F}}}};
	Skill skill[] = {{one, 2, 0, 0}, {other, 1, 0, 0}};
	Job job = job_of(items, LENGTH_OF(items));
	Job strange = job_of(&items[1], 1);
	uint32_t first;
	Match match;

	diagnose("%s: \"%s\" and \"%s\" have hash 0x%08x", kind, one, other,
			 skill_hash(one, strlen(one)));
	ok(strcmp(one, other) != 0 && skill_hash(one, strlen(one)) == skill_hash(other, strlen(other)),
	   "%s: two names, one hash", kind);

	match_begin(&match, skill, 1, &strange);
	ok(match.scorer.reach[0] == 0 && match_via(&match, 0) == -1, "%s: reached by nobody", kind);
	ok(match.use == 0 && job_asks(&match.scorer, &match.skills, 0, &first) == 0 &&
		   first == JOB_NOBODY,
	   "%s: not asked for", kind);
	match_end(&match);

	match_begin(&match, skill, 2, &job);
	ok(match_via(&match, 0) == 0 && match.scorer.reach[0] == 1, "%s: the one serves the one", kind);
	ok(match_via(&match, 1) == 1 && match.scorer.reach[1] == 0.25, "%s: the other serves the other",
	   kind);
	ok(match_via(&match, 2) == 0 && match.scorer.reach[2] == 0.125,
	   "%s: the alternative is the one", kind);
	for (uint32_t s = 0; s < 2; s++)
	{
		double need = job_asks(&match.scorer, &match.skills, s, &first);

		ok(match.skill_of[s] == 0 ? need == 8 && first == 0 : need == 4 && first == 1,
		   "%s: %s is asked for by its own items", kind, skill[match.skill_of[s]].name);
	}
	match_end(&match);
}

static void
test_collisions(void)
{
	/* One is the beginning of the other, so that only the length tells them apart. */
	static const Collision beginning[] = {
		{{"sql", "sqlxusjpzv"}},
		{{"pythonenqidyp", "python"}},
	};
	Collision collision[2];

	test_collision(&beginning[0], "beginning");
	test_collision(&beginning[1], "continuation");
	if (!ok(find_collisions(collision),
			"there are names of equal hash, of equal and unequal length"))
		return;
	test_collision(&collision[0], "equal length");
	test_collision(&collision[1], "unequal length");
}

static uint32_t
hash_of(const char *name)
{
	return skill_hash(name, strlen(name));
}

/* Jobs of every size up to some: each name is found by its hash, the least and the greatest too. */
static void
test_sizes(void)
{
	enum
	{
		MOST = 300
	};
	static char name[MOST][16];
	static Item item[MOST];
	static Skill skill[MOST];
	Property found = {.name = "every name of a job is found, whatever their number"};

	for (uint32_t count = 1; count <= MOST; count++)
	{
		Job job = job_of(item, count);
		Match match;
		uint32_t reached = 0;

		/* the first two at the ends of the directory of hashes */
		do
			snprintf(name[count - 1], sizeof(name[0]), "%x", random_below(UINT32_MAX));
		while ((count == 1 && hash_of(name[0]) < 0xffff0000u) ||
			   (count == 2 && hash_of(name[1]) > 0x0000ffffu));
		item[count - 1] = (Item){.name = name[count - 1], .need = 1, .weight = 1};
		skill[count - 1] = (Skill){name[count - 1], 1, 0, 0};
		match_begin(&match, skill, count, &job);
		for (uint32_t i = 0; i < count; i++)
			reached += match.scorer.reach[i] == 1 && match_via(&match, i) == (int) i;
		check(&found, reached == count && match.readiness == 1 && match.use == 1,
			  "%u of %u names, readiness %.17g, use %.17g", reached, count, match.readiness,
			  match.use);
		match_end(&match);
	}
	report(&found);
}

/* The least and the greatest float4 as levels, needs and weights. */
static void
test_extremes(void)
{
	static const float extreme[] = {0x1p-149F, FLT_MIN, 1e-20F, 1, 1e20F, FLT_MAX};
	const uint32_t count = LENGTH_OF(extreme);
	Property range = {.name = "extreme levels, needs and weights: scores in [0,1]"};
	Property reference = {.name = "extreme levels, needs and weights: the definition"};

	for (uint32_t c = 0; c < count * count * count * count; c++)
	{
		float low = extreme[c % count];
		float high = extreme[c / count % count];
		Item items[] = {{.name = "a", .need = extreme[c / count / count % count], .weight = low},
						{.name = "b", .need = high, .weight = extreme[c / count / count / count]},
						{.name = "c", .need = low, .weight = 0}};
		Skill skill[] = {{"a", high, FLT_MIN, -1000000 * DAY},
						 {"b", low, FLT_MAX, 0},
						 {"c", high, 0, 0}};
		Job job = {3, items, c % 2 ? 100 * DAY : SKILL_NO_TIME, 0};
		Match match;

		match_begin(&match, skill, 3, &job);
		check(&range,
			  match.readiness >= 0 && match.readiness <= 1 && match.use >= 0 && match.use <= 1,
			  "case %u: readiness %g, use %g", c, match.readiness, match.use);
		check(&reference,
			  fabsl(match.readiness - naive_readiness(skill, 3, &job)) <= 1e-14L &&
				  fabsl(match.use - naive_use(skill, 3, &job)) <= 1e-14L,
			  "case %u: got %.17g and %.17g expected %.17Lg and %.17Lg", c, match.readiness,
			  match.use, naive_readiness(skill, 3, &job), naive_use(skill, 3, &job));
		match_end(&match);
	}
	report(&range);
	report(&reference);
}

int
main(void)
{
	random_init();
	test_by_hand();
	test_nothing();
	test_from();
	test_qualifies();
	test_via();
	test_fading();
	test_gap();
	test_asks();
	test_collisions();
	test_sizes();
	test_extremes();
	return tap_done();
}
