/*
 * skill_bound.h
 *	  The best score that any of many rows can have, from the best values of
 *	  each skill among them.
 *
 * A bound is a sum over skills of what each can contribute at best.  Best
 * values are kept as the upper half of a float, rounded up (widths of 0.8 %,
 * whole numbers up to 256 exactly), so they are never below the values
 * themselves.
 *
 * Many skillsets, one job.  Values of a skill: its level h, and its strength
 * h^2 / sum h^2.  Readiness is monotone in every level, so an item contributes
 * at most what it would at the best level of one of its names.  A skill
 * contributes to use its strength times min(1, need / level), so at most its
 * strength.  Fading lowers levels, which only lowers readiness; strengths it
 * can raise, so where skills fade, use is bounded by 1.
 *
 * Many jobs, one skillset.  Values of a skill, for the items that name it:
 * cap, the sum of share * credit; slope, the sum of share * credit / need; and
 * the largest need.  Since from only lowers a credit, and an item counts one
 * of its names where the bound counts all,
 *
 *		readiness <= sum_a min(cap_a, slope_a h(a))
 *
 * and use, whose denominator is the skillset's own, is at most what the
 * largest need gives.  A job without weights has readiness 1.
 */
#ifndef SHORTLIST_CORE_SKILL_BOUND_H
#define SHORTLIST_CORE_SKILL_BOUND_H

#include "core/skill_score.h"

/* The least number of 16 bits that stands for at least x >= 0; what it stands for. */
extern uint16_t bound_narrow(double x);
extern double bound_widen(uint16_t narrow);

/* Fields of a skill in a skillset. */
#define SKILL_FIELD_LEVEL 0
#define SKILL_FIELD_STRENGTH 1
#define SKILL_FIELDS 2

/* Sum of the squares of all levels. */
extern double skills_square_sum(const SkillView *skills);
extern void skill_fields(const SkillView *skills, uint32_t skill, double square_sum,
						 uint16_t *field);

/* Some skill can fade. */
extern bool skills_can_fade(const SkillView *skills);

/* What an item contributes to readiness, at most, by one of its names at a level. */
extern double job_name_bound(const JobScorer *scorer, uint32_t position, uint16_t level);

/* Fields of a name in a job. */
#define JOB_FIELD_CAP 0
#define JOB_FIELD_SLOPE 1
#define JOB_FIELD_NEED 2
#define JOB_FIELDS 3

/* Of the names from first to before end, which are the same skill. */
extern void job_fields(const JobScorer *scorer, uint32_t first, uint32_t end, uint16_t *field);

/* What a skill contributes, at most. */
extern double skill_readiness_bound(double level, const uint16_t *field);
extern double skill_use_bound(double level, double square_sum, const uint16_t *field);

/*
 * From sums of the above to a bound of the score: a sum of many roundings may
 * be below the score's own.
 */
#define READINESS_SLACK \
	1e-8 /* a value of 1 GB holds less than 2^27 skills, and a rounding is 2^-53 of the sum */
#define USE_SLACK 1e-7

static inline double
readiness_bound(double sum)
{
	sum += READINESS_SLACK;
	return sum < 1 ? sum : 1;
}

static inline double
use_bound(double sum)
{
	sum += USE_SLACK;
	return sum < 1 ? sum : 1;
}

#endif /* SHORTLIST_CORE_SKILL_BOUND_H */
