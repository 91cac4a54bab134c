/*
 * learning_plan.h
 *	  Which courses to take for a job within a budget.
 *
 * A course that is taken raises the reach of an item to what the course
 * reaches of it, if that is more.  Readiness is therefore the weight of the
 * union of intervals (0, credit_i] over the courses taken, a weighted coverage
 * function.  It is monotone and submodular: what a course adds never grows by
 * taking others first.  Finding the best plan is the budgeted maximum coverage
 * problem, which is NP-hard (Khuller, Moss, Naor 1999).
 *
 * The planner is greedy: of the courses that still fit it takes the one that
 * adds most per cost, again and again.  It is lazy (Minoux 1978; CELF in
 * Leskovec et al. 2007): what a course added the last time that it was looked
 * at bounds what it adds now, so that most are never looked at again.
 *
 * The better of this plan and of one that begins with the best single course
 * gains at least 0.405 of what the best plan gains (Tang, Tang, Lim, Han, Li,
 * Yuan, "Revisiting Modified Greedy Algorithm for Monotone Submodular
 * Maximization with a Knapsack Constraint", 2021, arXiv:2008.05391); if all
 * courses cost the same, at least 1 - 1/e (Nemhauser, Wolsey, Fisher 1978).
 */
#ifndef SHORTLIST_CORE_LEARNING_PLAN_H
#define SHORTLIST_CORE_LEARNING_PLAN_H

#include "core/skill_score.h"

/* What a course reaches of an item. */
typedef struct CourseReach
{
	uint32_t item;
	double reach;
} CourseReach;

typedef struct Course
{
	double cost; /* >= 0, finite */
	uint32_t reach_count;
	const CourseReach *reach; /* of each item once */
} Course;

/* A course of the plan. */
typedef struct PlanStep
{
	uint32_t course;
	double gain;	  /* of readiness, by this course */
	double readiness; /* after it */
	double spent;	  /* so far, with it */
} PlanStep;

/* What the course would add to readiness. */
extern double course_gain(const JobScorer *scorer, const Course *course);

/*
 * Makes a plan for what the scorer was matched with, whose reach is changed.
 * budget is >= 0, perhaps infinite.  steps is room for course_count steps,
 * workspace is of learning_plan_size() bytes, aligned for double; pause() is
 * called often, and may leave by a long jump.  Returns the number of steps.
 *
 * A course that adds no more than SCORE_TOLERANCE adds nothing.  Of courses of
 * equal rates the one that adds more comes first, then the one that comes
 * first among the courses.  The plan that begins with the best
 * single course (of several the cheapest, then the first) is taken only if it
 * gains more, or as much for less; its courses are then put in the order in
 * which greedy takes them.
 */
extern uint32_t learning_plan(JobScorer *scorer, const Course *course, uint32_t course_count,
							  double budget, PlanStep *steps, void *workspace, void (*pause)(void));
extern size_t learning_plan_size(uint32_t item_count, uint32_t course_count);

#endif /* SHORTLIST_CORE_LEARNING_PLAN_H */
