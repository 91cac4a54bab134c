/*
 * learning_plan.c
 *	  Which courses to take for a job within a budget.
 */
#include "core/learning_plan.h"

#include <string.h>

#include "core/share.h"

/* What a sum of costs may exceed the budget by: its rounding.  Three times 0.1 fit in 0.3. */
#define BUDGET_TOLERANCE 1e-12

/* A course, and what it added when it was last looked at. */
typedef struct Candidate
{
	uint32_t course;
	uint32_t looked_at; /* how many courses had been taken then */
	double gain;
	double rate; /* gain per cost; infinite where it costs nothing */
} Candidate;

typedef struct Planner
{
	JobScorer *scorer; /* its reach grows with every course */
	const Course *course;
	double budget;
	double spent;
	PlanStep *step;
	uint32_t step_count;
	Candidate *heap;
	uint32_t heap_count;
} Planner;

/* What is lost in the rounding of readiness is worth no course. */
static bool
is_worth_it(double gain)
{
	return gain > SCORE_TOLERANCE;
}

static bool
fits(const Planner *planner, const Course *course)
{
	return planner->spent + course->cost <= planner->budget * (1 + BUDGET_TOLERANCE);
}

/*
 * Differences of credits, not of readiness: exact for the least gain, and
 * never more after another course was taken than before, even as rounded,
 * because every term only falls and rounding is monotone.
 */
double
course_gain(const JobScorer *scorer, const Course *course)
{
	double gain = 0;

	for (uint32_t i = 0; i < course->reach_count; i++)
	{
		uint32_t item = course->reach[i].item;

		if (course->reach[i].reach > scorer->reach[item])
			gain += scorer->share[item] *
				(job_credit_of_reach(&scorer->job.item[item], course->reach[i].reach) -
				 job_item_credit(scorer, item));
	}
	return gain;
}

static bool
is_before(const Candidate *a, const Candidate *b)
{
	if (a->rate != b->rate)
		return a->rate > b->rate;
	if (a->gain != b->gain)
		return a->gain > b->gain;
	return a->course < b->course;
}

/* Moves the candidate at this place down to where none below it comes before it. */
static void
sift_down(Planner *planner, uint32_t place)
{
	Candidate *heap = planner->heap;
	Candidate moving = heap[place];

	for (;;)
	{
		uint64_t child = 2 * (uint64_t) place + 1;

		if (child >= planner->heap_count)
			break;
		if (child + 1 < planner->heap_count && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (!is_before(&heap[child], &moving))
			break;
		heap[place] = heap[child];
		place = (uint32_t) child;
	}
	heap[place] = moving;
}

static void
drop_first(Planner *planner)
{
	planner->heap[0] = planner->heap[--planner->heap_count];
	if (planner->heap_count > 0)
		sift_down(planner, 0);
}

static void
look_at(const Planner *planner, Candidate *candidate)
{
	const Course *course = &planner->course[candidate->course];

	candidate->looked_at = planner->step_count;
	candidate->gain = course_gain(planner->scorer, course);
	candidate->rate = course->cost > 0 ? candidate->gain / course->cost : INFINITY;
}

/* Adds what fits and adds anything; the heap is in order only after make_heap(). */
static void
add_candidate(Planner *planner, uint32_t course)
{
	Candidate *candidate = &planner->heap[planner->heap_count];

	candidate->course = course;
	look_at(planner, candidate);
	if (is_worth_it(candidate->gain) && fits(planner, &planner->course[course]))
		planner->heap_count++;
}

static void
make_heap(Planner *planner)
{
	for (uint32_t place = planner->heap_count / 2; place > 0; place--)
		sift_down(planner, place - 1);
}

/*
 * Before the first step: the candidate that adds most by itself.  Of several
 * that add the same, rounding aside, the cheapest, then the first.
 */
static uint32_t
best_single(const Planner *planner)
{
	const Candidate *best = &planner->heap[0];
	double most;

	for (uint32_t i = 1; i < planner->heap_count; i++)
	{
		if (planner->heap[i].gain > best->gain)
			best = &planner->heap[i];
	}
	most = best->gain;
	for (uint32_t i = 0; i < planner->heap_count; i++)
	{
		const Candidate *candidate = &planner->heap[i];
		double cost = planner->course[candidate->course].cost;
		double least = planner->course[best->course].cost;

		if (candidate->gain >= most - SCORE_TOLERANCE &&
			(cost < least || (cost == least && candidate->course < best->course)))
			best = candidate;
	}
	return best->course;
}

static void
take(Planner *planner, uint32_t taken)
{
	const Course *course = &planner->course[taken];
	PlanStep *step = &planner->step[planner->step_count++];

	step->course = taken;
	step->gain = course_gain(planner->scorer, course);
	for (uint32_t i = 0; i < course->reach_count; i++)
	{
		double *reach = &planner->scorer->reach[course->reach[i].item];

		if (course->reach[i].reach > *reach)
			*reach = course->reach[i].reach;
	}
	planner->spent += course->cost;
	step->readiness = job_readiness(planner->scorer);
	step->spent = planner->spent;
}

/* Takes one course after the other, until none fits that adds anything. */
static void
take_all(Planner *planner, void (*pause)(void))
{
	while (planner->heap_count > 0)
	{
		Candidate *first = &planner->heap[0];

		pause();
		if (!fits(planner, &planner->course[first->course]))
			drop_first(planner); /* nor will it ever */
		else if (first->looked_at == planner->step_count)
		{
			take(planner, first->course);
			drop_first(planner);
		}
		else
		{
			look_at(planner, first);
			if (is_worth_it(first->gain))
				sift_down(planner, 0);
			else
				drop_first(planner);
		}
	}
}

static double
planned_readiness(const Planner *planner)
{
	return planner->step[planner->step_count - 1].readiness;
}

static bool
is_better(const Planner *a, const Planner *b)
{
	if (planned_readiness(a) != planned_readiness(b))
		return planned_readiness(a) > planned_readiness(b);
	return a->spent < b->spent;
}

size_t
learning_plan_size(uint32_t item_count, uint32_t course_count)
{
	return item_count * sizeof(double) + course_count * (sizeof(PlanStep) + 2 * sizeof(Candidate));
}

uint32_t
learning_plan(JobScorer *scorer, const Course *course, uint32_t course_count, double budget,
			  PlanStep *steps, void *workspace, void (*pause)(void))
{
	size_t reach_size = scorer->job.item_count * sizeof(double);
	double *held = workspace;
	PlanStep *other_steps = (PlanStep *) (held + scorer->job.item_count);
	Candidate *heap = (Candidate *) (other_steps + course_count);
	Candidate *other_heap = heap + course_count;
	Planner greedy = {scorer, course, budget, 0, steps, 0, heap, 0};
	Planner fallback = {scorer, course, budget, 0, other_steps, 0, other_heap, 0};
	Planner ordered = {scorer, course, INFINITY, 0, steps, 0, heap, 0};
	uint32_t best;

	for (uint32_t i = 0; i < course_count; i++)
	{
		pause();
		add_candidate(&greedy, i);
	}
	if (greedy.heap_count == 0)
		return 0;
	make_heap(&greedy);
	best = best_single(&greedy);
	memcpy(held, scorer->reach, reach_size);
	memcpy(other_heap, heap, greedy.heap_count * sizeof(Candidate));
	fallback.heap_count = greedy.heap_count;
	take_all(&greedy, pause);
	if (steps[0].course == best)
		return greedy.step_count;

	memcpy(scorer->reach, held, reach_size);
	take(&fallback, best);
	take_all(&fallback, pause);
	if (!is_better(&fallback, &greedy))
		return greedy.step_count;

	/* The same courses in the order of greedy; what adds nothing in this order is not needed. */
	memcpy(scorer->reach, held, reach_size);
	for (uint32_t i = 0; i < fallback.step_count; i++)
		add_candidate(&ordered, other_steps[i].course);
	make_heap(&ordered);
	take_all(&ordered, pause);
	return ordered.step_count;
}
