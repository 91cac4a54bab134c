/*
 * learning_plan_test.c
 *	  Plans against plain greedy, against the best of all plans, and by hand.
 */
#include "core/learning_plan.h"

#include "skill_cases.h"

#include "random.h"
#include "tap.h"

#define MOST_COURSES 40
#define MOST_ITEMS 8
#define GUARANTEE 0.405L

typedef struct Instance
{
	Item item[MOST_ITEMS];
	Job job;
	double held[MOST_ITEMS]; /* what is reached before */
	uint32_t count;
	Course course[MOST_COURSES];
	CourseReach reach[MOST_COURSES][MOST_ITEMS];
	double budget;
} Instance;

typedef struct Plan
{
	uint32_t count;
	PlanStep *step;
} Plan;

static unsigned long pauses;

static void
count_pauses(void)
{
	pauses++;
}

static void
unlearn(Match *match, const Instance *instance)
{
	for (uint32_t i = 0; i < instance->job.count; i++)
		match->scorer.reach[i] = instance->held[i];
}

static void
begin(Match *match, const Instance *instance)
{
	match_begin(match, NULL, 0, &instance->job);
	unlearn(match, instance);
}

/* Blocks of their exact size, so that the address sanitizer sees a step beside them. */
static Plan
make_plan(Match *match, const Instance *instance)
{
	Plan plan = {0, match_block(match, instance->count * sizeof(PlanStep))};

	plan.count =
		learning_plan(&match->scorer, instance->course, instance->count, instance->budget,
					  plan.step,
					  match_block(match, learning_plan_size(instance->job.count, instance->count)),
					  count_pauses);
	return plan;
}

static void
random_instance(Instance *instance, uint32_t most_courses, bool whole)
{
	static const char *const names[MOST_ITEMS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

	instance->job = (Job){random_below(MOST_ITEMS + 1), instance->item, SKILL_NO_TIME, 0};
	for (uint32_t i = 0; i < instance->job.count; i++)
	{
		Item *item = &instance->item[i];

		*item =
			(Item){.name = names[i],
				   .need = 4,
				   .from = random_chance(0.3) ? 1 + (float) random_below(3) : 0,
				   .weight = whole ? (float) random_below(4) : (float) random_magnitude(0.1, 10)};
		instance->held[i] = random_chance(0.5) ? 0 : random_below(5) / 4.0;
	}
	instance->count = random_below(most_courses + 1);
	for (uint32_t c = 0; c < instance->count; c++)
	{
		Course *course = &instance->course[c];
		uint32_t teaches = 0;

		for (uint32_t i = 0; i < instance->job.count; i++)
		{
			if (random_chance(0.6))
				continue;
			instance->reach[c][teaches].item = i;
			instance->reach[c][teaches++].reach =
				whole ? (1 + random_below(4)) / 4.0 : random_between(0.01, 1);
		}
		course->reach = instance->reach[c];
		course->reach_count = teaches;
		course->cost = random_chance(0.1) ? 0
			: whole						  ? 1 + random_below(10)
										  : random_magnitude(0.5, 50);
	}
	instance->budget = random_chance(0.1) ? INFINITY
		: whole							  ? (double) random_below(30)
										  : random_between(0, 60);
}

/* Readiness once everything in the set is taken, from its definition. */
static long double
naive_value(const Instance *instance, const bool *taken)
{
	long double total = naive_total_weight(&instance->job);
	long double sum = 0;

	if (total == 0)
		return 1;
	for (uint32_t i = 0; i < instance->job.count; i++)
	{
		long double reach = instance->held[i];

		for (uint32_t c = 0; c < instance->count; c++)
		{
			for (uint32_t r = 0; taken[c] && r < instance->course[c].reach_count; r++)
			{
				if (instance->reach[c][r].item == i)
					reach = fmaxl(reach, instance->reach[c][r].reach);
			}
		}
		sum += instance->item[i].weight * naive_credit(&instance->item[i], reach);
	}
	return sum / total;
}

/* The most that any set of courses within the budget reaches, by trying all of them. */
static long double
best_value(const Instance *instance)
{
	long double best = 0;

	for (uint32_t set = 0; set < (uint32_t) 1 << instance->count; set++)
	{
		bool taken[MOST_COURSES];
		double cost = 0;

		for (uint32_t c = 0; c < instance->count; c++)
		{
			taken[c] = (set >> c & 1) != 0;
			cost += taken[c] ? instance->course[c].cost : 0;
		}
		if (cost <= instance->budget)
			best = fmaxl(best, naive_value(instance, taken));
	}
	return best;
}

static void
learn(Match *match, const Course *course)
{
	for (uint32_t r = 0; r < course->reach_count; r++)
	{
		double *reach = &match->scorer.reach[course->reach[r].item];

		*reach = fmax(*reach, course->reach[r].reach);
	}
}

/*
 * Greedy without laziness: every course is looked at for every step.  Begins
 * with the course `first` unless that is instance->count.
 */
static Plan
plain_greedy(Match *match, const Instance *instance, uint32_t first)
{
	Plan plan = {0, match_block(match, instance->count * sizeof(PlanStep))};
	bool taken[MOST_COURSES] = {false};
	double spent = 0;

	unlearn(match, instance);

	for (;;)
	{
		uint32_t best = instance->count;
		double best_gain = 0;
		double best_rate = 0;

		for (uint32_t c = 0; c < instance->count; c++)
		{
			double cost = instance->course[c].cost;
			double gain = course_gain(&match->scorer, &instance->course[c]);
			double rate = cost > 0 ? gain / cost : INFINITY;

			if (taken[c] || gain <= 1e-12 || spent + cost > instance->budget * (1 + 1e-12))
				continue;
			if (best == instance->count || rate > best_rate ||
				(rate == best_rate && gain > best_gain))
			{
				best = c;
				best_gain = gain;
				best_rate = rate;
			}
		}
		if (plan.count == 0 && first < instance->count)
		{
			best = first;
			best_gain = course_gain(&match->scorer, &instance->course[first]);
		}
		if (best == instance->count)
			return plan;
		taken[best] = true;
		spent += instance->course[best].cost;
		learn(match, &instance->course[best]);
		plan.step[plan.count++] = (PlanStep){best, best_gain, job_readiness(&match->scorer), spent};
	}
}

/* Plain greedy among the courses of a plan alone. */
static Plan
in_order(Match *match, const Instance *instance, const Plan *plan)
{
	Instance chosen = *instance;

	for (uint32_t c = 0; c < instance->count; c++)
		chosen.course[c].reach_count = 0;
	for (uint32_t i = 0; i < plan->count; i++)
		chosen.course[plan->step[i].course] = instance->course[plan->step[i].course];
	chosen.budget = INFINITY;
	return plain_greedy(match, &chosen, chosen.count);
}

/* The cheapest course that gains most alone, to 1e-12; instance->count: none gains. */
static uint32_t
best_alone(Match *match, const Instance *instance)
{
	uint32_t best = instance->count;
	double gain[MOST_COURSES];
	double most = 1e-12;

	for (uint32_t c = 0; c < instance->count; c++)
	{
		gain[c] = instance->course[c].cost > instance->budget * (1 + 1e-12)
			? 0
			: course_gain(&match->scorer, &instance->course[c]);
		most = fmax(most, gain[c]);
	}
	for (uint32_t c = 0; c < instance->count; c++)
	{
		if (gain[c] > 1e-12 && gain[c] >= most - 1e-12 &&
			(best == instance->count || instance->course[c].cost < instance->course[best].cost))
			best = c;
	}
	return best;
}

static bool
same_plan(const Plan *a, const Plan *b)
{
	for (uint32_t i = 0; i < a->count && i < b->count; i++)
	{
		if (a->step[i].course != b->step[i].course || a->step[i].gain != b->step[i].gain ||
			a->step[i].readiness != b->step[i].readiness || a->step[i].spent != b->step[i].spent)
			return false;
	}
	return a->count == b->count;
}

static double
reached(const Plan *plan, double before)
{
	return plan->count == 0 ? before : plan->step[plan->count - 1].readiness;
}

static Property lazy = {
	.name = "the plan of plain greedy, or that of the best single course, bit for bit"};
static Property fallbacks = {.name = "the best single course first, where that is better"};
static Property gains = {.name = "a gain is what readiness grows by, to 1e-12"};
static Property values = {.name = "readiness is what the courses so far reach, by definition"};
static Property budgets = {.name = "no plan costs more than the budget"};
static Property shrinking = {
	.name = "a course never adds more after another was taken, even as rounded"};
static Property complete = {.name = "no course is left that fits and adds anything"};
static Property guaranteed = {.name = "at least 0.405 of the best gain of all sets"};
static Property optimal = {.name = "most plans of few courses are the best there is"};

static void
check_steps(const Instance *instance, const Plan *plan, double before)
{
	bool taken[MOST_COURSES] = {false};

	for (uint32_t i = 0; i < plan->count; i++)
	{
		const PlanStep *step = &plan->step[i];

		taken[step->course] = true;
		check(&gains, step->gain > 1e-12 && fabs(step->readiness - before - step->gain) <= 1e-12,
			  "step %u: %.17g after %.17g, gain %.17g", i, step->readiness, before, step->gain);
		check(&values, fabsl(step->readiness - naive_value(instance, taken)) <= 1e-12L,
			  "step %u: %.17g expected %.20Lg", i, step->readiness, naive_value(instance, taken));
		check(&budgets, step->spent <= instance->budget * (1 + 1e-12), "%.17g of %.17g",
			  step->spent, instance->budget);
		before = step->readiness;
	}
}

static void
check_lazy(const Instance *instance)
{
	Match match;
	Plan plan, greedy, fallback;
	double before;
	double after[MOST_COURSES] = {0};
	uint32_t best;

	begin(&match, instance);
	before = job_readiness(&match.scorer);
	best = best_alone(&match, instance);
	plan = make_plan(&match, instance);
	check_steps(instance, &plan, before);

	unlearn(&match, instance);
	for (uint32_t c = 0; c < instance->count; c++)
		after[c] = course_gain(&match.scorer, &instance->course[c]);
	greedy = plain_greedy(&match, instance, instance->count);
	for (uint32_t c = 0; c < instance->count; c++)
		check(&shrinking, course_gain(&match.scorer, &instance->course[c]) <= after[c], "course %u",
			  c);
	fallback = plain_greedy(&match, instance, best);

	if (reached(&fallback, before) > reached(&greedy, before) ||
		(reached(&fallback, before) == reached(&greedy, before) && fallback.count > 0 &&
		 fallback.step[fallback.count - 1].spent < greedy.step[greedy.count - 1].spent))
	{
		greedy = in_order(&match, instance, &fallback);
		check(&fallbacks, same_plan(&plan, &greedy), "%u courses, budget %g", instance->count,
			  instance->budget);
	}
	check(&lazy, same_plan(&plan, &greedy), "%u courses, budget %g: %u steps, not %u",
		  instance->count, instance->budget, plan.count, greedy.count);
	match_end(&match);
}

static void
check_best(const Instance *instance, unsigned long *best_found)
{
	Match match;
	Plan plan;
	bool none[MOST_COURSES] = {false};
	long double before = naive_value(instance, none);
	long double best = best_value(instance);
	long double after;
	double spent = 0;

	begin(&match, instance);
	plan = make_plan(&match, instance);
	after = reached(&plan, (double) before);
	check(&guaranteed, after - before >= GUARANTEE * (best - before) - 1e-12L,
		  "%u courses, budget %g: gain %.17Lg of %.17Lg", instance->count, instance->budget,
		  after - before, best - before);
	if (after >= best - 1e-12L)
		(*best_found)++;
	unlearn(&match, instance);
	for (uint32_t i = 0; i < plan.count; i++)
	{
		learn(&match, &instance->course[plan.step[i].course]);
		spent = plan.step[i].spent;
	}
	for (uint32_t c = 0; c < instance->count; c++)
		check(&complete,
			  spent + instance->course[c].cost > instance->budget ||
				  course_gain(&match.scorer, &instance->course[c]) <= 1e-12,
			  "course %u still fits", c);
	match_end(&match);
}

static void
test_random(void)
{
	static Instance instance;
	unsigned long best_found = 0;
	long few = random_rounds(4000);

	for (long i = random_rounds(20000); i > 0; i--)
	{
		random_instance(&instance, MOST_COURSES, random_chance(0.5));
		check_lazy(&instance);
	}
	for (long i = few; i > 0; i--)
	{
		random_instance(&instance, 9, random_chance(0.5));
		check_best(&instance, &best_found);
	}
	check(&optimal, best_found > (unsigned long) few * 8 / 10, "%lu of %ld", best_found, few);
	report(&lazy);
	report(&fallbacks);
	report(&gains);
	report(&values);
	report(&budgets);
	report(&shrinking);
	report(&complete);
	report(&guaranteed);
	report(&optimal);
	diagnose("%lu of %ld plans of up to nine courses are the best there is", best_found, few);
}

/* Items of equal weight, of which each course reaches some entirely. */
static void
by_hand(Instance *instance, uint32_t items, double budget)
{
	static const char *const names[MOST_ITEMS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

	memset(instance, 0, sizeof(*instance));
	instance->job = (Job){items, instance->item, SKILL_NO_TIME, 0};
	for (uint32_t i = 0; i < items; i++)
		instance->item[i] = (Item){.name = names[i], .need = 1, .weight = 1};
	instance->budget = budget;
}

static void
add_course(Instance *instance, double cost, uint32_t first, uint32_t count, double reach)
{
	uint32_t c = instance->count++;

	for (uint32_t i = 0; i < count; i++)
		instance->reach[c][i] = (CourseReach){first + i, reach};
	instance->course[c] = (Course){cost, count, instance->reach[c]};
}

static void
is_plan(const Instance *instance, const char *expected, const char *name)
{
	Match match;
	Plan plan;
	char got[200] = "";

	begin(&match, instance);
	plan = make_plan(&match, instance);
	for (uint32_t i = 0; i < plan.count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%u", i == 0 ? "" : " ",
				 plan.step[i].course);
	if (!ok(strcmp(got, expected) == 0, "%s", name))
		diagnose("got %s expected %s", got, expected);
	match_end(&match);
}

static void
test_by_hand(void)
{
	Instance instance;

	by_hand(&instance, 4, 10);
	is_plan(&instance, "", "no courses, no plan");
	add_course(&instance, 11, 0, 4, 1);
	is_plan(&instance, "", "a course above the budget");
	add_course(&instance, 10, 0, 4, 0.125);
	add_course(&instance, 5, 1, 1, 1);
	add_course(&instance, 5, 2, 1, 1);
	add_course(&instance, 5, 3, 1, 1);
	is_plan(&instance, "2 3", "of equal courses the first ones");
	add_course(&instance, 0, 0, 1, 0.25);
	add_course(&instance, 0, 0, 1, 0.5);
	is_plan(&instance, "6 2 3", "what costs nothing comes first, and the best of it");
	instance.budget = 0;
	is_plan(&instance, "6", "a budget of nothing takes what costs nothing");
	instance.budget = INFINITY;
	is_plan(&instance, "6 0",
			"without a limit the course for everything, whose rate is the best by then");

	by_hand(&instance, 4, 2);
	add_course(&instance, 1, 0, 1, 1);
	add_course(&instance, 2, 1, 2, 1);
	is_plan(&instance, "1", "of equal rates the one that adds more");

	by_hand(&instance, 8, 100);
	add_course(&instance, 1, 0, 1, 0.25);
	add_course(&instance, 100, 0, 8, 1);
	is_plan(&instance, "1", "the best single course, where a cheap one is in its way");
	instance.budget = 101;
	is_plan(&instance, "1", "also where both fit, since the cheap one adds nothing to it");
	instance.budget = 100;
	add_course(&instance, 99, 0, 8, 1);
	is_plan(&instance, "2", "of two best single courses the cheaper");

	/* 0 at 0.25 a unit; then 2 at 0.15, since 1 has fallen from 0.17 to 0.13 */
	by_hand(&instance, 8, 6);
	add_course(&instance, 1, 0, 2, 1);
	add_course(&instance, 4, 0, 8, 0.6875);
	add_course(&instance, 5, 2, 6, 1);
	is_plan(&instance, "0 2", "what a course adds falls when another was taken");

	by_hand(&instance, 2, 9);
	instance.item[1].weight = 2e-12F;
	add_course(&instance, 1, 1, 1, 1);
	is_plan(&instance, "0", "a course for two parts in a million million");
	add_course(&instance, 1, 1, 1, 0.25);
	instance.course[0].cost = 10;
	is_plan(&instance, "", "a course for half a part, which rounding may make, adds nothing");

	by_hand(&instance, 4, 0.3);
	for (uint32_t c = 0; c < 4; c++)
		add_course(&instance, 0.1, c, 1, 1);
	is_plan(&instance, "0 1 2", "three times 0.1 fit in 0.3, although they add up to more");
	instance.budget = 0.29;
	is_plan(&instance, "0 1", "but not in less");
	instance.held[1] = 1;
	is_plan(&instance, "0 2", "what is held already is not learned again");
	ok(pauses > 100000, "the caller is heard often, %lu times", pauses);
}

int
main(void)
{
	random_init();
	test_random();
	test_by_hand();
	return tap_done();
}
