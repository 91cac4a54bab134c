/*
 * skill_bound_test.c
 *	  No row may score higher than the bound of its window, whatever its skills
 *	  or jobs are.
 */
#include "skill_cases.h"

#include "core/skill_bound.h"
#include "random.h"
#include "tap.h"

#define NAMES 10
#define MOST_ITEMS 6
#define MOST_ROWS 8
#define NOW (20000 * DAY)

static const char *name_pool[NAMES] = {"python", "sql", "c",  "c+", "c++",
									   "java",	 "r",	"go", "ml", "ada"};

static Property narrowing = {.name = "narrowed numbers are never less"};
static Property tightness = {.name = "narrowed numbers are the least ones"};
static Property readiness_of_people = {.name = "readiness of many people for one job"};
static Property fit_of_people = {.name = "fit of many people for one job"};
static Property readiness_of_jobs = {.name = "readiness of one person for many jobs"};
static Property fit_of_jobs = {.name = "fit of one person for many jobs"};
static Property single_rows = {.name = "the bound of one person is her readiness"};

typedef struct Person
{
	uint32_t count;
	Skill skill[NAMES];
} Person;

typedef struct Role
{
	Item item[MOST_ITEMS];
	Job job;
} Role;

/* Small numbers that meet needs exactly, any, or extreme ones. */
static float
random_amount(int kind)
{
	static const float extreme[] = {1e-38F, 3e38F, 1.4e-45F, 16777217, 0.3F, 1};

	if (kind == 0)
		return 1 + random_below(5);
	if (kind == 1)
		return (float) random_magnitude(0.01, 100);
	return extreme[random_below(LENGTH_OF(extreme))];
}

static void
random_person(Person *person, int kind, bool dated)
{
	uint32_t order[NAMES];

	random_order(order, NAMES);
	person->count = random_below(NAMES + 1);
	for (uint32_t s = 0; s < person->count; s++)
	{
		person->skill[s] = (Skill){name_pool[order[s]], random_amount(kind), 0, SKILL_NO_TIME};
		if (!dated || random_chance(0.3))
			continue;
		person->skill[s].last = NOW + (int64_t) (random_between(-3000, 100) * (double) DAY);
		if (random_chance(0.8))
			person->skill[s].stability = (float) random_magnitude(0.1, 10000);
	}
}

static void
random_role(Role *role, int kind, bool clocked, bool alternatives)
{
	uint32_t order[NAMES];
	uint32_t others[NAMES];
	bool weightless = random_chance(0.03);

	random_order(order, NAMES);
	role->job = (Job){random_below(MOST_ITEMS + 1), role->item, clocked ? NOW : SKILL_NO_TIME, 0};
	for (uint32_t i = 0; i < role->job.count; i++)
	{
		Item *item = &role->item[i];

		*item = (Item){.name = name_pool[order[i]], .need = random_amount(kind)};
		if (random_chance(0.3))
			item->from = item->need * (float) random_between(0, 0.99);
		if (item->from >= item->need)
			item->from = 0;
		if (!weightless && random_chance(0.9))
			item->weight = 1 + random_below(4);
		random_order(others, NAMES);
		for (uint32_t n = 0; alternatives && n < MOST_ALTERNATIVES && random_chance(0.5); n++)
		{
			if (others[n] == order[i])
				continue;
			item->alternative[item->alternatives].name = name_pool[others[n]];
			item->alternative[item->alternatives++].credit = (float) random_between(0.01, 1);
		}
	}
}

static uint32_t
pool_position(const char *names, const uint32_t *name_end, uint32_t position)
{
	uint32_t start = name_start(name_end, position);

	for (uint32_t n = 0; n < NAMES; n++)
	{
		if (strlen(name_pool[n]) == name_end[position] - start &&
			memcmp(name_pool[n], names + start, name_end[position] - start) == 0)
			return n;
	}
	abort();
}

static void
raise(uint16_t *best, const uint16_t *field, int fields)
{
	for (int f = 0; f < fields; f++)
		best[f] = field[f] > best[f] ? field[f] : best[f];
}

/* Many people, one job */

typedef struct People
{
	uint16_t best[NAMES][SKILL_FIELDS];
	bool can_fade;
} People;

static void
add_person(People *people, const SkillView *skills)
{
	double square_sum = skills_square_sum(skills);

	for (uint32_t s = 0; s < skills->count; s++)
	{
		uint16_t field[SKILL_FIELDS];

		skill_fields(skills, s, square_sum, field);
		raise(people->best[pool_position(skills->names, skills->name_end, s)], field, SKILL_FIELDS);
	}
	people->can_fade |= skills_can_fade(skills);
}

static double
people_readiness(const People *people, const JobScorer *scorer)
{
	double best[MOST_ITEMS] = {0};
	double sum = 0;

	for (uint32_t n = 0; n < scorer->job.name_count; n++)
	{
		uint32_t name = pool_position(scorer->job.names, scorer->job.name_end, n);
		uint16_t level = people->best[name][SKILL_FIELD_LEVEL];
		double bound = level == 0 ? 0 : job_name_bound(scorer, n, level);
		uint32_t item = scorer->job.name_item[n];

		best[item] = bound > best[item] ? bound : best[item];
	}
	for (uint32_t i = 0; i < scorer->job.item_count; i++)
		sum += best[i];
	return scorer->weighted ? readiness_bound(sum) : 1;
}

static double
people_use(const People *people, const JobScorer *scorer)
{
	bool named[NAMES] = {false};
	double sum = 0;

	if (people->can_fade && scorer->job.as_of != SKILL_NO_TIME)
		return 1;
	for (uint32_t n = 0; n < scorer->job.name_count; n++)
		named[pool_position(scorer->job.names, scorer->job.name_end, n)] = true;
	for (uint32_t name = 0; name < NAMES; name++)
		sum += named[name] ? bound_widen(people->best[name][SKILL_FIELD_STRENGTH]) : 0;
	return use_bound(sum);
}

static void
try_people(void)
{
	Person person[MOST_ROWS];
	Match match[MOST_ROWS];
	Role role;
	People people = {{{0}}, false};
	int kind = (int) random_below(3);
	uint32_t rows = 1 + random_below(MOST_ROWS);
	double readiness, fit;

	random_role(&role, random_chance(0.8) ? kind : 2, random_chance(0.3), random_chance(0.5));
	for (uint32_t r = 0; r < rows; r++)
	{
		random_person(&person[r], kind, random_chance(0.3));
		match_begin(&match[r], person[r].skill, person[r].count, &role.job);
		add_person(&people, &match[r].skills);
	}
	readiness = people_readiness(&people, &match[0].scorer);
	fit = skill_fit(readiness, people_use(&people, &match[0].scorer));
	for (uint32_t r = 0; r < rows; r++)
	{
		check(&readiness_of_people, match[r].readiness <= readiness, "row %u: %.17g above %.17g", r,
			  match[r].readiness, readiness);
		check(&fit_of_people, skill_fit(match[r].readiness, match[r].use) <= fit,
			  "row %u: %.17g above %.17g", r, skill_fit(match[r].readiness, match[r].use), fit);
		/* not a bound that is safe because it is 1 */
		if (rows == 1 && kind == 0 && role.job.as_of == SKILL_NO_TIME)
			check(&single_rows, readiness - match[r].readiness < 1e-7, "%.17g instead of %.17g",
				  readiness, match[r].readiness);
		match_end(&match[r]);
	}
}

/* Many jobs, one person */

typedef struct Jobs
{
	uint16_t best[NAMES][JOB_FIELDS];
	bool weightless;
	bool clock;
} Jobs;

static void
add_job(Jobs *jobs, const JobScorer *scorer)
{
	uint32_t end;

	for (uint32_t first = 0; first < scorer->job.name_count; first = end)
	{
		uint32_t name = pool_position(scorer->job.names, scorer->job.name_end, first);
		uint16_t field[JOB_FIELDS];

		for (end = first + 1; end < scorer->job.name_count; end++)
		{
			if (pool_position(scorer->job.names, scorer->job.name_end, end) != name)
				break;
		}
		job_fields(scorer, first, end, field);
		raise(jobs->best[name], field, JOB_FIELDS);
	}
	jobs->weightless |= !scorer->weighted;
	jobs->clock |= scorer->job.as_of != SKILL_NO_TIME;
}

static void
bound_of_jobs(const Jobs *jobs, const SkillView *skills, double *readiness, double *use)
{
	double square_sum = skills_square_sum(skills);
	double readiness_sum = 0;
	double use_sum = 0;

	for (uint32_t s = 0; s < skills->count; s++)
	{
		uint32_t name = pool_position(skills->names, skills->name_end, s);

		readiness_sum += skill_readiness_bound(skills->level[s], jobs->best[name]);
		use_sum += skill_use_bound(skills->level[s], square_sum, jobs->best[name]);
	}
	*readiness = jobs->weightless ? 1 : readiness_bound(readiness_sum);
	*use = jobs->clock && skills_can_fade(skills) ? 1 : use_bound(use_sum);
}

static void
try_jobs(void)
{
	Person person;
	Match match[MOST_ROWS];
	Role role[MOST_ROWS];
	Jobs jobs = {{{0}}, false, false};
	int kind = (int) random_below(3);
	uint32_t rows = 1 + random_below(MOST_ROWS);
	double readiness, use, fit;

	random_person(&person, kind, random_chance(0.3));
	for (uint32_t r = 0; r < rows; r++)
	{
		random_role(&role[r], random_chance(0.8) ? kind : 2, random_chance(0.3), random_chance(0.5));
		match_begin(&match[r], person.skill, person.count, &role[r].job);
		add_job(&jobs, &match[r].scorer);
	}
	bound_of_jobs(&jobs, &match[0].skills, &readiness, &use);
	fit = skill_fit(readiness, use);
	for (uint32_t r = 0; r < rows; r++)
	{
		check(&readiness_of_jobs, match[r].readiness <= readiness, "row %u: %.17g above %.17g", r,
			  match[r].readiness, readiness);
		check(&fit_of_jobs, skill_fit(match[r].readiness, match[r].use) <= fit,
			  "row %u: %.17g above %.17g", r, skill_fit(match[r].readiness, match[r].use), fit);
		match_end(&match[r]);
	}
}

static void
try_narrowing(void)
{
	double x = random_chance(0.5) ? random_magnitude(1e-44, 3e38) : random_below(300);
	uint16_t narrow = bound_narrow(x);

	check(&narrowing, bound_widen(narrow) >= x, "%.17g became %.17g", x, bound_widen(narrow));
	if (narrow > 0)
		check(&tightness, bound_widen((uint16_t) (narrow - 1)) < x, "%.17g became %.17g", x,
			  bound_widen(narrow));
}

int
main(void)
{
	random_init();
	for (long i = random_rounds(30000); i > 0; i--)
	{
		try_narrowing();
		try_people();
		try_jobs();
	}
	is_exactly(bound_widen(bound_narrow(0)), 0, "nothing stays nothing");
	is_exactly(bound_widen(bound_narrow(256)), 256, "whole numbers up to 256 stay what they are");
	ok(isinf(bound_widen(bound_narrow(1e300))), "what no float holds becomes infinite");
	report(&narrowing);
	report(&tightness);
	report(&readiness_of_people);
	report(&fit_of_people);
	report(&single_rows);
	report(&readiness_of_jobs);
	report(&fit_of_jobs);
	return tap_done();
}
