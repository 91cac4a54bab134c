/*
 * skill_random_test.c
 *	  Random people and jobs: the scores against their definition, and the
 *	  laws that hold for all of them.
 */
#include "skill_cases.h"

#include "random.h"
#include "tap.h"

#define NAMES 14
#define MOST_SKILLS NAMES
#define MOST_ITEMS 8
#define NOW (20000 * DAY)

/* Beginnings of one another, bytes above 127, and, filled in by main(), names of equal hash. */
static const char *name_pool[NAMES] = {"python", "pytorch", "sql", "java",	   "javascript",
									   "c",		 "c+",		"c++", "\xc3\xa9", "zig"};

typedef struct Person
{
	uint32_t count;
	Skill skill[MOST_SKILLS];
} Person;

typedef struct Role
{
	Item item[MOST_ITEMS];
	Job job;
} Role;

/* Small whole numbers, so that levels meet needs and reaches tie, or anything. */
static float
random_amount(bool whole)
{
	return whole ? 1 + random_below(5) : (float) random_magnitude(0.01, 100);
}

static float
random_credit(bool whole)
{
	static const float usual[] = {1, 1, 0.75F, 0.7F, 0.5F, 0.25F};

	return whole ? usual[random_below(LENGTH_OF(usual))] : (float) random_between(0.01, 1);
}

static void
random_person(Person *person, bool whole, bool dated)
{
	uint32_t order[NAMES];

	random_order(order, NAMES);
	person->count = random_below(MOST_SKILLS + 1);
	for (uint32_t s = 0; s < person->count; s++)
	{
		Skill *skill = &person->skill[s];

		*skill = (Skill){name_pool[order[s]], random_amount(whole), 0, SKILL_NO_TIME};
		if (!dated || random_chance(0.2))
			continue;
		skill->last = NOW + (int64_t) (random_between(-3000, 100) * (double) DAY);
		if (random_chance(0.9))
			skill->stability = (float) random_magnitude(0.1, 10000);
	}
}

static void
random_item(Item *item, const char *name, bool whole)
{
	uint32_t order[NAMES];
	uint32_t wanted = random_below(MOST_ALTERNATIVES + 1);

	*item = (Item){.name = name, .need = random_amount(whole), .must = random_chance(0.2)};
	if (random_chance(0.4))
		item->from = item->need * (whole ? 0.5F : (float) random_between(0, 0.99));
	if (random_chance(0.9))
		item->weight = whole ? 1 + random_below(4) : (float) random_magnitude(1e-3, 1e3);
	random_order(order, NAMES);
	for (uint32_t n = 0; item->alternatives < wanted; n++)
	{
		if (name_pool[order[n]] == name)
			continue;
		item->alternative[item->alternatives].name = name_pool[order[n]];
		item->alternative[item->alternatives++].credit = random_credit(whole);
	}
}

static void
random_role(Role *role, bool whole, bool clocked)
{
	uint32_t order[NAMES];
	bool weightless = random_chance(0.02);

	random_order(order, NAMES);
	role->job = (Job){random_below(MOST_ITEMS + 1), role->item, SKILL_NO_TIME, 0};
	if (clocked)
		role->job.as_of = NOW;
	if (random_chance(0.5))
		role->job.threshold = random_unit();
	for (uint32_t i = 0; i < role->job.count; i++)
	{
		random_item(&role->item[i], name_pool[order[i]], whole);
		if (weightless)
			role->item[i].weight = 0;
	}
}

static void
random_pair(Person *person, Role *role)
{
	bool whole = random_chance(0.5);
	bool timed = random_chance(0.4);

	random_person(person, whole, timed || random_chance(0.1));
	random_role(role, whole, timed || random_chance(0.1));
}

/* The laws of the differential test. */
static Property levels = {.name = "level that counts"};
static Property reaches = {.name = "reach"};
static Property credits = {.name = "base and credit"};
static Property contributions = {.name = "contribution: the item's share of the credit"};
static Property readinesses = {.name = "readiness"};
static Property uses = {.name = "use"};
static Property use_parts = {.name = "use, by the first item that names the skill"};
static Property fits = {.name = "fit is half of both"};
static Property needs = {.name = "largest need, and the first item that names the skill"};
static Property qualified = {.name = "qualifies"};
static Property unqualified = {.name = "does not qualify"};
static Property via_near = {.name = "via: a skill of the highest reach, or nobody"};
static Property via_ties = {.name = "via: ties go to the own name, else to the smaller"};
static Property sums = {.name = "contributions sum in order to the score, bit for bit"};
static Property ranges = {.name = "scores are in [0,1]"};
static Property shares = {.name = "shares of the weights sum to exactly 1, or are 0"};

static void
check_skills(const Match *match, const Person *person, const Job *job)
{
	for (uint32_t s = 0; s < person->count; s++)
	{
		const Skill *skill = &person->skill[match->skill_of[s]];
		double level = job_level(&match->scorer, &match->skills, s);
		long double expected = naive_level(skill, job->as_of);
		uint32_t first;
		uint32_t expected_first;
		double need = job_asks(&match->scorer, &match->skills, s, &first);
		double expected_need = naive_need(job, skill->name, &expected_first);

		check(&levels, fabsl(level - expected) <= 6e-16L * skill->level,
			  "%s: got %.17g expected %.20Lg", skill->name, level, expected);
		check(&needs, need == expected_need && first == expected_first,
			  "%s: got %.9g by item %u expected %.9g by item %u", skill->name, need, first,
			  expected_need, expected_first);
	}
}

/* What the definition says of one pair. */
typedef struct Naive
{
	long double reach[MOST_ITEMS];
	long double use_part[MOST_ITEMS];
	long double readiness;
	long double use;
} Naive;

static void
compute_naive(Naive *naive, const Person *person, const Job *job)
{
	for (uint32_t i = 0; i < job->count; i++)
		naive->reach[i] = naive_reach(&job->item[i], person->skill, person->count, job->as_of);
	naive_use_parts(person->skill, person->count, job, naive->use_part);
	naive->readiness = naive_readiness(person->skill, person->count, job);
	naive->use = naive_use(person->skill, person->count, job);
}

/* Whether two skills reach the item equally beyond doubt: by the same credit and the same level. */
static bool
plainly_equal(const Item *item, const Skill *a, const Skill *b, int64_t as_of)
{
	if (naive_credit_of(item, a->name) != naive_credit_of(item, b->name) || naive_fades(a, as_of) ||
		naive_fades(b, as_of))
		return false;
	return a->level == b->level || (a->level >= item->need && b->level >= item->need);
}

/* Whether a comes before b as the skill by which the item is reached. */
static bool
comes_first(const Item *item, const Skill *a, const Skill *b)
{
	if (strcmp(a->name, item->name) == 0 || strcmp(b->name, item->name) == 0)
		return strcmp(a->name, item->name) == 0;
	return strcmp(a->name, b->name) < 0;
}

static void
check_via(const Match *match, const Person *person, const Job *job, uint32_t i, long double best)
{
	const Item *item = &job->item[i];
	int via = match_via(match, i);
	const Skill *taken = via < 0 ? NULL : &person->skill[via];

	check(&via_near,
		  taken == NULL
			  ? best == 0
			  : best > 0 && naive_reach_by(item, taken, job->as_of) >= best * (1 - 1e-14L),
		  "item %s: got %s, the highest reach is %.20Lg", item->name,
		  taken ? taken->name : "nobody", best);
	if (taken == NULL)
		return;
	for (uint32_t s = 0; s < person->count; s++)
	{
		const Skill *rival = &person->skill[s];

		/* Nobody may be left out who ties with the one that was taken and comes first. */
		if (rival != taken && plainly_equal(item, rival, taken, job->as_of) &&
			naive_reach_by(item, rival, job->as_of) > 0)
			check(&via_ties, comes_first(item, taken, rival), "item %s: got %s expected %s",
				  item->name, taken->name, rival->name);
	}
}

static void
check_items(const Match *match, const Person *person, const Job *job, const Naive *naive)
{
	long double total = naive_total_weight(job);
	long double share_error = share_tolerance(job->count);
	long double use_error = share_tolerance(person->count) * (person->count + 1);

	for (uint32_t i = 0; i < job->count; i++)
	{
		const Item *item = &job->item[i];
		double reach = match->scorer.reach[i];
		long double base = (long double) item->from / item->need;
		long double best = naive->reach[i];
		long double used = naive->use_part[i];
		long double credit = naive_credit(item, best);
		double got = job_item_credit(&match->scorer, i);
		long double part = total > 0 ? item->weight / total * credit : 0;

		check(&reaches, fabsl(reach - best) <= 1e-15L, "item %s: got %.17g expected %.20Lg",
			  item->name, reach, best);
		check(&credits,
			  fabsl(got - credit) <= credit_tolerance(item) &&
				  fabsl(job_item_base(&match->job.item[i]) - base) <= 1.2e-16L,
			  "item %s: got %.17g and %.17g expected %.20Lg and %.20Lg", item->name,
			  job_item_base(&match->job.item[i]), got, base, credit);
		check(&contributions,
			  fabsl(match->scorer.contribution[i] - part) <= share_error + credit_tolerance(item),
			  "item %s: got %.17g expected %.20Lg", item->name, match->scorer.contribution[i],
			  part);
		check(&use_parts, fabsl(match->scorer.use[i] - used) <= use_error,
			  "item %s: got %.17g expected %.20Lg", item->name, match->scorer.use[i], used);
		check_via(match, person, job, i, best);
	}
}

/* A level that faded, or a threshold, may be too close to tell in float8. */
static bool
is_close_call(const Job *job, const Naive *naive)
{
	if (job->threshold > 0 && fabsl(naive->readiness - job->threshold) < 1e-12L)
		return true;
	for (uint32_t i = 0; i < job->count; i++)
	{
		if (naive->reach[i] < 1 && naive->reach[i] > 1 - 1e-14L)
			return true;
	}
	return false;
}

static void
check_qualifies(Match *match, const Job *job, const Naive *naive)
{
	bool expected = naive->readiness >= job->threshold;
	bool got = job_qualifies(&match->scorer);

	if (is_close_call(job, naive))
		return;
	for (uint32_t i = 0; i < job->count; i++)
		expected &= !job->item[i].must || naive->reach[i] == 1;
	check(expected ? &qualified : &unqualified, got == expected,
		  "got %d expected %d, readiness %.20Lg, threshold %.17g", got, expected, naive->readiness,
		  job->threshold);
}

static void
check_scores(const Match *match, const Job *job, const Naive *naive)
{
	double fit = skill_fit(match->readiness, match->use);
	long double tolerance = readiness_tolerance(job);
	bool weighted = naive_total_weight(job) > 0;

	check(&readinesses, fabsl(match->readiness - naive->readiness) <= tolerance,
		  "%u items: got %.17g expected %.20Lg", job->count, match->readiness, naive->readiness);
	check(&uses, fabsl(match->use - naive->use) <= 1e-14L, "%u skills: got %.17g expected %.20Lg",
		  match->skills.count, match->use, naive->use);
	check(&fits, fabsl(fit - (naive->readiness + naive->use) / 2) <= tolerance + 1e-14L,
		  "got %.17g expected %.20Lg", fit, (naive->readiness + naive->use) / 2);
	check(&ranges,
		  match->readiness >= 0 && match->readiness <= 1 && match->use >= 0 && match->use <= 1,
		  "got %.17g and %.17g", match->readiness, match->use);
	check(&sums,
		  (!weighted || adds_up(match->scorer.contribution, job->count, match->readiness)) &&
			  adds_up(match->scorer.use, job->count, match->use),
		  "%u items: readiness %.17g, use %.17g", job->count, match->readiness, match->use);
	check(&shares, sums_exactly(match->scorer.share, job->count, weighted ? 1 : 0), "%u items",
		  job->count);
}

static void
test_definition(void)
{
	const Property *all[] = {&levels,	   &reaches,   &credits,	 &contributions,
							 &readinesses, &uses,	   &use_parts,	 &fits,
							 &needs,	   &qualified, &unqualified, &via_near,
							 &via_ties,	   &sums,	   &ranges,		 &shares};

	for (long n = random_rounds(100000); n > 0; n--)
	{
		Person person;
		Role role;
		Match match;
		Naive naive;

		random_pair(&person, &role);
		match_begin(&match, person.skill, person.count, &role.job);
		compute_naive(&naive, &person, &role.job);
		check_skills(&match, &person, &role.job);
		check_items(&match, &person, &role.job, &naive);
		check_scores(&match, &role.job, &naive);
		check_qualifies(&match, &role.job, &naive);
		match_end(&match);
	}
	for (uint32_t p = 0; p < LENGTH_OF(all); p++)
		report(all[p]);
}

/* Somebody who has every item's own name at its need or above. */
static void
perfect_person(Person *person, const Role *role, bool exact)
{
	person->count = role->job.count;
	for (uint32_t i = 0; i < role->job.count; i++)
	{
		float level = role->item[i].need;

		if (!exact)
			level = random_chance(0.5) ? nextafterf(level, 1e9F) : level * random_amount(true);
		person->skill[i] = (Skill){role->item[i].name, level, 0, SKILL_NO_TIME};
	}
}

static void
test_perfect(void)
{
	Property ready = {.name = "who has everything has readiness exactly 1, and qualifies"};
	Property fit = {.name = "who has exactly what is asked has fit exactly 1"};
	Property gap = {.name = "who has everything has no gap"};
	Property short_of = {.name = "who lacks a last bit of an item has less"};

	for (long n = random_rounds(20000); n > 0; n--)
	{
		Person person;
		Role role;
		Match match;
		bool exact = random_chance(0.5);
		double from;
		double weight;

		random_role(&role, random_chance(0.5), random_chance(0.5));
		role.job.threshold = 1;
		perfect_person(&person, &role, exact);
		match_begin(&match, person.skill, person.count, &role.job);
		check(&ready, match.readiness == 1 && job_qualifies(&match.scorer), "%u items: got %.17g",
			  role.job.count, match.readiness);
		if (exact && person.count > 0)
			check(&fit, match.use == 1 && skill_fit(match.readiness, match.use) == 1,
				  "%u items: use %.17g", role.job.count, match.use);
		for (uint32_t i = 0; i < role.job.count; i++)
			check(&gap, !job_item_gap(&match.scorer, i, &from, &weight), "item %s: left from %.17g",
				  role.item[i].name, from);
		match_end(&match);
		if (role.job.count == 0 || role.item[0].weight == 0)
			continue;
		role.item[0].alternatives = 0;
		person.skill[0].level = nextafterf(role.item[0].need, 0);
		check(&short_of, readiness_of(person.skill, person.count, &role.job) < 1, "item %s of %u",
			  role.item[0].name, role.job.count);
	}
	report(&ready);
	report(&fit);
	report(&gap);
	report(&short_of);
}

/* One level higher, by however little, or one skill more. */
static void
improve(Person *person)
{
	uint32_t one = random_below(person->count + 1);
	Skill *skill = &person->skill[one];

	if (one == person->count)
	{
		for (uint32_t n = 0; n < NAMES; n++)
		{
			bool has = false;

			for (uint32_t s = 0; s < person->count; s++)
				has |= person->skill[s].name == name_pool[n];
			if (has)
				continue;
			*skill = (Skill){name_pool[n], random_amount(random_chance(0.5)), 0, SKILL_NO_TIME};
			person->count++;
			return;
		}
		skill--;
	}
	skill->level = random_chance(0.5) ? nextafterf(skill->level, 1e9F)
									  : skill->level * (float) random_between(1, 3);
}

static void
test_monotone(void)
{
	Property more = {.name = "more of a skill, or one more, never lowers readiness"};
	Property reach = {.name = "nor any item's reach or contribution"};
	Property strictly = {.name = "and may raise it"};
	Property later = {.name = "a later clock never raises readiness"};

	for (long n = random_rounds(20000); n > 0; n--)
	{
		Person person;
		Role role;
		Match before;
		Match after;

		random_pair(&person, &role);
		match_begin(&before, person.skill, person.count, &role.job);
		improve(&person);
		match_begin(&after, person.skill, person.count, &role.job);
		check(&more, after.readiness >= before.readiness, "%u items: got %.17g after %.17g",
			  role.job.count, after.readiness, before.readiness);
		for (uint32_t i = 0; i < role.job.count; i++)
			check(&reach,
				  after.scorer.reach[i] >= before.scorer.reach[i] &&
					  after.scorer.contribution[i] >= before.scorer.contribution[i],
				  "item %s: got %.17g after %.17g", role.item[i].name, after.scorer.reach[i],
				  before.scorer.reach[i]);
		strictly.checked += after.readiness > before.readiness;
		match_end(&before);
		match_end(&after);

		if (role.job.as_of != SKILL_NO_TIME)
		{
			double now = after.readiness;

			role.job.as_of +=
				random_chance(0.3) ? 1 : (int64_t) (random_unit() * 1000 * (double) DAY);
			check(&later, readiness_of(person.skill, person.count, &role.job) <= now, "%u items",
				  role.job.count);
		}
	}
	report(&more);
	report(&reach);
	report(&strictly);
	report(&later);
}

/* What one has and what is taught, the higher level of each. */
static void
unite(Person *all, const Person *have, const Person *teaches)
{
	*all = *have;
	for (uint32_t t = 0; t < teaches->count; t++)
	{
		uint32_t s = 0;

		while (s < have->count && have->skill[s].name != teaches->skill[t].name)
			s++;
		if (s == have->count)
			all->skill[all->count++] = teaches->skill[t];
		else
			all->skill[s].level = fmaxf(have->skill[s].level, teaches->skill[t].level);
	}
}

/* The gap in two forms: in float8 as it is computed, and as items of a job. */
typedef struct Gap
{
	long double readiness; /* of what is taught, for the gap in float8 */
	Role role;
} Gap;

static void
check_gap_item(Property *definition, const Item *item, long double reach, double from, double weight)
{
	long double base = (long double) item->from / item->need;
	long double left = (1 - fmaxl(reach, base)) / (1 - base);

	check(definition,
		  fabsl(from - fmaxl(item->from, reach * item->need)) <= 1e-15L * item->need &&
			  fabsl(weight - item->weight * left) <= item->weight * credit_tolerance(item),
		  "item %s, reach %.20Lg: got %.17g and %.17g expected weight %.20Lg", item->name, reach,
		  from, weight, item->weight * left);
}

static void
compute_gap(Gap *gap, Property *definition, const Match *have, const Person *person,
			const Person *teaches, const Role *role)
{
	long double total = 0;
	long double earned = 0;

	gap->role.job = (Job){0, gap->role.item, SKILL_NO_TIME, 0};
	for (uint32_t i = 0; i < role->job.count; i++)
	{
		const Item *item = &role->item[i];
		long double reach = naive_reach(item, person->skill, person->count, SKILL_NO_TIME);
		long double taught = naive_reach(item, teaches->skill, teaches->count, SKILL_NO_TIME);
		double from;
		double weight;
		Item left = *item;

		if (!job_item_gap(&have->scorer, i, &from, &weight))
		{
			check(definition, reach == 1, "item %s, reach %.20Lg: nothing left", item->name, reach);
			continue;
		}
		check_gap_item(definition, item, reach, from, weight);
		total += weight;
		earned += weight * fmaxl(0, taught - (long double) from / item->need) /
			(1 - (long double) from / item->need);
		left.from = (float) from;
		left.weight = (float) weight;
		/* from rounds up to need where next to nothing is left */
		if (left.from < left.need)
			gap->role.item[gap->role.job.count++] = left;
	}
	gap->readiness = total > 0 ? earned / total : 1;
}

static void
test_gap_law(void)
{
	Property definition = {.name = "what is left of an item"};
	Property law = {.name = "the gap law, in float8, to 1e-12"};
	Property stored = {.name = "the gap law, with the gap as a job of float4, to 1e-6"};
	Property closes = {.name = "and something is closed"};

	for (long n = random_rounds(20000); n > 0; n--)
	{
		bool whole = random_chance(0.5);
		Person have;
		Person teaches;
		Person all;
		Role role;
		Gap gap;
		Match match;
		double gained;
		double missing;
		double taught;

		random_person(&have, whole, false);
		random_person(&teaches, whole, false);
		random_role(&role, whole, false);
		unite(&all, &have, &teaches);
		match_begin(&match, have.skill, have.count, &role.job);
		compute_gap(&gap, &definition, &match, &have, &teaches, &role);
		gained = readiness_of(all.skill, all.count, &role.job) - match.readiness;
		missing = 1 - match.readiness;
		taught = readiness_of(teaches.skill, teaches.count, &gap.role.job);
		match_end(&match);
		check(&law, fabsl(gained - gap.readiness * missing) <= 1e-12L,
			  "%u items: gained %.17g, expected %.20Lg of %.17g", role.job.count, gained,
			  gap.readiness, missing);
		check(&stored, fabs(gained - taught * missing) <= 1e-6,
			  "%u items: gained %.17g, expected %.17g of %.17g", role.job.count, gained, taught,
			  missing);
		closes.checked += gained > 0;
	}
	report(&definition);
	report(&law);
	report(&stored);
	report(&closes);
}

/* Thousands of names: many buckets, and most skills not asked for. */
static void
test_large(void)
{
	enum
	{
		ITEMS = 3000,
		SKILLS = 400
	};
	char(*text)[24] = malloc((ITEMS + SKILLS) * sizeof(*text));
	Item *item = calloc(ITEMS, sizeof(Item));
	Skill *skill = calloc(SKILLS, sizeof(Skill));
	Job job = {ITEMS, item, SKILL_NO_TIME, 0};
	Match match;

	for (uint32_t n = 0; n < ITEMS + SKILLS; n++)
		snprintf(text[n], sizeof(text[n]), "%x skill %u", random_below(256), n);
	for (uint32_t i = 0; i < ITEMS; i++)
	{
		item[i] =
			(Item){.name = text[i], .need = random_amount(true), .weight = random_amount(false)};
		item[i].alternatives = 1;
		item[i].alternative[0] = (Alternative){text[(i + 1) % ITEMS], 0.5F};
	}
	/* four out of five are asked for, by two items each */
	for (uint32_t s = 0; s < SKILLS; s++)
		skill[s] = (Skill){text[s % 5 == 0 ? ITEMS + s : s * 7], random_amount(true), 0, 0};

	match_begin(&match, skill, SKILLS, &job);
	is_near(match.readiness, naive_readiness(skill, SKILLS, &job), 1e-12L,
			"readiness for 3000 items");
	is_near(match.use, naive_use(skill, SKILLS, &job), 1e-12L, "use by 3000 items");
	ok(match.readiness > 0.05 && match.use > 0.3, "both are far from nothing");
	ok(adds_up(match.scorer.contribution, ITEMS, match.readiness),
	   "contributions of 3000 items sum");
	ok(sums_exactly(match.scorer.share, ITEMS, 1), "shares of 3000 items sum to exactly 1");
	match_end(&match);
	free(skill);
	free(item);
	free(text);
}

int
main(void)
{
	static Collision collision[2];

	random_init();
	if (!ok(find_collisions(collision), "there are names of equal hash"))
		return tap_done();
	for (int k = 0; k < 4; k++)
		name_pool[NAMES - 4 + k] = collision[k / 2].name[k % 2];
	test_definition();
	test_perfect();
	test_monotone();
	test_gap_law();
	test_large();
	return tap_done();
}
