/*
 * skill_score.h
 *	  How well a set of skills serves a job: readiness, use, fit.
 *
 * For a skillset with levels h(a) and a job's item i with need r, from f,
 * weight w, and names a with credit c (the item's own name has credit 1):
 *
 *		reach_i   = max over a of  c_a * min(1, h(a) / r_i)
 *		base_i    = f_i / r_i
 *		credit_i  = max(0, reach_i - base_i) / (1 - base_i)
 *		readiness = sum_i w_i credit_i / sum_i w_i
 *		use       = sum_a h(a) min(h(a), n(a)) / sum_a h(a)^2
 *		            n(a) = the largest need of an item that names a, else 0
 *		fit       = (readiness + use) / 2
 *
 * A job without items, or whose weights are all 0, has readiness 1; a
 * skillset without skills has use 0.  Both are sums over the items, in their
 * order, of contributions made of shares (see share.h): the whole of them is
 * exactly 1.  A skill that several items name contributes to use with the first.
 *
 * Everything here is monotone: a higher level never lowers readiness.
 */
#ifndef SHORTLIST_CORE_SKILL_SCORE_H
#define SHORTLIST_CORE_SKILL_SCORE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No time: a skill that was never dated, or a job without a clock. */
#define SKILL_NO_TIME INT64_MIN

/* Skills that somebody has, or that something teaches: arrays of `count`, sorted by hash. */
typedef struct SkillView
{
	uint32_t count;
	const uint32_t *hash;	/* skill_hash() of the name, ascending; ties in byte order of names */
	const float *level;		/* > 0 */
	const int64_t *last;	/* last practice, microseconds, or SKILL_NO_TIME; NULL: none is dated */
	const float *stability; /* days, or 0 if unknown; NULL like last */
	const uint32_t *name_end; /* where each name ends in names; it begins where the one before ends */
	const char *names;
	uint32_t name_bytes; /* of names; stored values are not trusted to stay within */
} SkillView;

/* What a job asks.  Stored as it is: 16 bytes without padding. */
typedef struct JobItem
{
	float need;	  /* r > 0 */
	float from;	  /* f, 0 <= f < r */
	float weight; /* w >= 0 */
	uint32_t own; /* bit 31: must; bits 0 to 30: position of the item's own name */
} JobItem;

#define JOB_ITEM_MUST ((uint32_t) 1 << 31)

static inline bool
job_item_must(const JobItem *item)
{
	return (item->own & JOB_ITEM_MUST) != 0;
}

static inline uint32_t
job_item_own(const JobItem *item)
{
	return item->own & ~JOB_ITEM_MUST;
}

/* A job: its items, and the names by which they can be served, sorted by hash. */
typedef struct JobView
{
	uint32_t item_count;
	uint32_t name_count;
	const JobItem *item;
	const uint32_t *hash;	   /* of each name, ascending; ties in byte order, then by item */
	const uint32_t *name_item; /* the item that each name serves */
	const float *credit;	   /* c of each name, in (0,1] */
	const uint32_t *name_end;
	const char *names;
	int64_t as_of;	  /* when levels are asked for, microseconds, or SKILL_NO_TIME: no fading */
	double threshold; /* least readiness to qualify, or 0 */
} JobView;

#define JOB_NOBODY UINT32_MAX /* no skill reaches the item; the skill is not asked for */

/*
 * A job made ready to score many skillsets.  job_scorer_init() lays it out in
 * a workspace of job_scorer_size() bytes, aligned for double.
 */
typedef struct JobScorer
{
	JobView job;
	double *share;		  /* of each item, summing to 1; all 0 if no weight is positive */
	double *reach;		  /* of each item, by the last job_match() */
	double *contribution; /* of each item to readiness, by the last job_readiness() */
	double *use;		  /* of each item to use, by the last job_use() */
	uint32_t *via;		  /* the skill that gave the reach, or JOB_NOBODY */
	uint32_t *bucket;	  /* first name whose hash has these high bits, and one more for the end */
	int bucket_shift;
	bool weighted; /* some weight is positive */
} JobScorer;

extern size_t job_scorer_size(const JobView *job);
extern void job_scorer_init(JobScorer *scorer, const JobView *job, void *workspace);

/* A level, faded to as_of if both times and the stability are known. */
extern double skill_level_at(float level, int64_t last, float stability, int64_t as_of);

/* The level that counts: the stored one, faded to the job's clock if both know a time. */
extern double job_level(const JobScorer *scorer, const SkillView *skills, uint32_t skill);

/*
 * The largest need n(a) of an item that names the skill, else 0; first_item
 * gets the first such item, or JOB_NOBODY.
 */
extern double job_asks(const JobScorer *scorer, const SkillView *skills, uint32_t skill,
					   uint32_t *first_item);

/* Sets reach and via of every item.  The functions below speak of the skillset matched last. */
extern void job_match(JobScorer *scorer, const SkillView *skills);

extern double job_item_base(const JobItem *item);
extern double job_credit_of_reach(const JobItem *item, double reach);
extern double job_item_credit(const JobScorer *scorer, uint32_t item);

/* Sums of contribution and of use over the items, in order.  job_use() needs no job_match(). */
extern double job_readiness(JobScorer *scorer);
extern double job_use(JobScorer *scorer, const SkillView *skills);

/*
 * The same skill by skill, for who knows already where a skill's name stands
 * in the job: at the positions from first to before end.  job_begin(), then
 * job_meet() for each skill with the level that counts is job_match() without
 * via.  job_begin(), then job_spend() for each skill in stored order with its
 * share of the sum of squared levels, then job_use_sum(), is job_use().
 */
extern void job_begin(JobScorer *scorer);
extern void job_meet(JobScorer *scorer, uint32_t first, uint32_t end, double level);
extern void job_spend(JobScorer *scorer, uint32_t first, uint32_t end, double level, double share);
extern double job_use_sum(const JobScorer *scorer);

/* Every must is reached entirely, and readiness is at least the threshold. */
extern bool job_qualifies(JobScorer *scorer);

/*
 * What is left of an item: the same need, from what is reached already, at
 * the weight of the part that is missing.  With these, and only these, items
 *
 *		readiness(have || teaches, job) - readiness(have, job)
 *			= readiness(teaches, gap) * (1 - readiness(have, job))
 *
 * False if nothing is left of it.
 */
extern bool job_item_gap(const JobScorer *scorer, uint32_t item, double *from, double *weight);

static inline double
skill_fit(double readiness, double use)
{
	return (readiness + use) / 2;
}

static inline uint32_t
name_start(const uint32_t *name_end, uint32_t position)
{
	return position == 0 ? 0 : name_end[position - 1];
}

#endif /* SHORTLIST_CORE_SKILL_SCORE_H */
