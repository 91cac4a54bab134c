/*
 * skill_cases.h
 *	  Skillsets and jobs by plain names, the views that the core sees of them,
 *	  and the scores computed naively: in long double, straight from their
 *	  definition, comparing strings.
 */
#ifndef SHORTLIST_TEST_SKILL_CASES_H
#define SHORTLIST_TEST_SKILL_CASES_H

#include "core/skill_hash.h"
#include "core/skill_score.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ALTERNATIVES 4
#define DAY INT64_C(86400000000)
#define LENGTH_OF(array) ((uint32_t) (sizeof(array) / sizeof((array)[0])))

typedef struct Skill
{
	const char *name;
	float level;
	float stability; /* days, or 0: it does not fade */
	int64_t last;
} Skill;

typedef struct Alternative
{
	const char *name;
	float credit;
} Alternative;

typedef struct Item
{
	const char *name;
	float need;
	float from;
	float weight;
	bool must;
	uint32_t alternatives;
	Alternative alternative[MOST_ALTERNATIVES];
} Item;

typedef struct Job
{
	uint32_t count;
	const Item *item;
	int64_t as_of;
	double threshold;
} Job;

/* A name on its way into a view. */
typedef struct SortedName
{
	uint32_t hash;
	uint32_t source; /* the skill, or the item */
	const char *name;
	float credit;
	bool own;
} SortedName;

/*
 * A skillset matched to a job.  Every array has a block of its own, of its
 * exact size, so that the address sanitizer sees a step beside it.
 */
typedef struct Match
{
	SkillView skills;
	JobView job;
	JobScorer scorer;
	uint32_t *skill_of; /* the skill, as it was given, at each position of the view */
	double readiness;
	double use;
	void *block[24];
	unsigned blocks;
} Match;

static inline void *
match_block(Match *match, size_t size)
{
	void *block = size > 0 ? malloc(size) : NULL;

	/* What is not written must not pass for a zero. */
	if (size > 0)
		memset(block, 0xfb, size);
	match->block[match->blocks++] = block;
	return block;
}

static inline int
compare_names(const void *a, const void *b)
{
	const SortedName *left = a;
	const SortedName *right = b;
	int order;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	order = strcmp(left->name, right->name);
	if (order != 0)
		return order;
	return left->source < right->source ? -1 : left->source > right->source;
}

static inline SortedName
sorted_name(const char *name, uint32_t source, float credit, bool own)
{
	SortedName sorted = {skill_hash(name, strlen(name)), source, name, credit, own};

	return sorted;
}

/* Fills the hashes, the ends and the bytes of sorted names. */
static inline void
lay_out_names(Match *match, const SortedName *sorted, uint32_t count, const uint32_t **hash,
			  const uint32_t **name_end, const char **names)
{
	uint32_t *hashes = match_block(match, count * sizeof(uint32_t));
	uint32_t *ends = match_block(match, count * sizeof(uint32_t));
	uint32_t size = 0;
	char *bytes;

	for (uint32_t i = 0; i < count; i++)
	{
		hashes[i] = sorted[i].hash;
		size += (uint32_t) strlen(sorted[i].name);
		ends[i] = size;
	}
	bytes = match_block(match, size);
	for (uint32_t i = 0; i < count; i++)
		memcpy(bytes + name_start(ends, i), sorted[i].name, strlen(sorted[i].name));
	*hash = hashes;
	*name_end = ends;
	*names = bytes;
}

static inline void
view_skills(Match *match, const Skill *skill, uint32_t count)
{
	SkillView *view = &match->skills;
	SortedName *sorted = match_block(match, count * sizeof(SortedName));
	float *level = match_block(match, count * sizeof(float));
	float *stability = match_block(match, count * sizeof(float));
	int64_t *last = match_block(match, count * sizeof(int64_t));
	bool dated = false;

	match->skill_of = match_block(match, count * sizeof(uint32_t));
	for (uint32_t i = 0; i < count; i++)
		sorted[i] = sorted_name(skill[i].name, i, 1, true);
	if (count > 1)
		qsort(sorted, count, sizeof(SortedName), compare_names);
	for (uint32_t i = 0; i < count; i++)
	{
		const Skill *source = &skill[sorted[i].source];

		match->skill_of[i] = sorted[i].source;
		level[i] = source->level;
		stability[i] = source->stability;
		last[i] = source->last;
		dated |= source->stability > 0;
	}
	view->count = count;
	lay_out_names(match, sorted, count, &view->hash, &view->name_end, &view->names);
	view->name_bytes = count > 0 ? view->name_end[count - 1] : 0;
	view->level = level;
	view->last = dated ? last : NULL;
	view->stability = dated ? stability : NULL;
}

static inline uint32_t
sort_job_names(const Job *job, SortedName *sorted)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < job->count; i++)
	{
		const Item *item = &job->item[i];

		sorted[count++] = sorted_name(item->name, i, 1, true);
		for (uint32_t a = 0; a < item->alternatives; a++)
			sorted[count++] =
				sorted_name(item->alternative[a].name, i, item->alternative[a].credit, false);
	}
	if (count > 1)
		qsort(sorted, count, sizeof(SortedName), compare_names);
	return count;
}

static inline void
view_job(Match *match, const Job *job)
{
	JobView *view = &match->job;
	SortedName *sorted =
		match_block(match, job->count * (MOST_ALTERNATIVES + 1) * sizeof(SortedName));
	uint32_t count = sort_job_names(job, sorted);
	JobItem *item = match_block(match, job->count * sizeof(JobItem));
	uint32_t *name_item = match_block(match, count * sizeof(uint32_t));
	float *credit = match_block(match, count * sizeof(float));

	for (uint32_t n = 0; n < count; n++)
	{
		const Item *source = &job->item[sorted[n].source];

		name_item[n] = sorted[n].source;
		credit[n] = sorted[n].credit;
		if (sorted[n].own)
			item[sorted[n].source] = (JobItem){.need = source->need,
											   .from = source->from,
											   .weight = source->weight,
											   .own = n | (source->must ? JOB_ITEM_MUST : 0)};
	}
	view->item_count = job->count;
	view->name_count = count;
	view->item = item;
	view->name_item = name_item;
	view->credit = credit;
	lay_out_names(match, sorted, count, &view->hash, &view->name_end, &view->names);
	view->as_of = job->as_of;
	view->threshold = job->threshold;
}

static inline void
match_begin(Match *match, const Skill *skill, uint32_t count, const Job *job)
{
	match->blocks = 0;
	view_skills(match, skill, count);
	view_job(match, job);
	job_scorer_init(&match->scorer, &match->job, match_block(match, job_scorer_size(&match->job)));
	job_match(&match->scorer, &match->skills);
	match->readiness = job_readiness(&match->scorer);
	match->use = job_use(&match->scorer, &match->skills);
}

static inline void
match_end(Match *match)
{
	while (match->blocks > 0)
		free(match->block[--match->blocks]);
}

/* readiness alone, where nothing else is asked */
static inline double
readiness_of(const Skill *skill, uint32_t count, const Job *job)
{
	Match match;

	match_begin(&match, skill, count, job);
	match_end(&match);
	return match.readiness;
}

/* The skill, as it was given, by which an item was reached; -1: none. */
static inline int
match_via(const Match *match, uint32_t item)
{
	uint32_t via = match->scorer.via[item];

	return via == JOB_NOBODY ? -1 : (int) match->skill_of[via];
}

/* The definitions, computed naively. */

/* 0.9^(-1/0.1542) - 1, computed with 50 digits */
#define FORGETTING 0.98034649441348004522333446170L

static inline bool
same_name(const char *a, const char *b)
{
	/* most differ at once, and under the sanitizers strcmp() is slow */
	return a[0] == b[0] && strcmp(a, b) == 0;
}

static inline bool
naive_fades(const Skill *skill, int64_t as_of)
{
	return as_of != SKILL_NO_TIME && skill->last != SKILL_NO_TIME && skill->stability > 0 &&
		as_of > skill->last;
}

static inline long double
naive_level(const Skill *skill, int64_t as_of)
{
	if (!naive_fades(skill, as_of))
		return skill->level;
	return skill->level *
		powl(1 + FORGETTING * ((long double) as_of - skill->last) / DAY / skill->stability,
			 -0.1542L);
}

/* The credit that an item gives the name, or 0 if it does not name it. */
static inline long double
naive_credit_of(const Item *item, const char *name)
{
	if (same_name(item->name, name))
		return 1;
	for (uint32_t a = 0; a < item->alternatives; a++)
	{
		if (same_name(item->alternative[a].name, name))
			return item->alternative[a].credit;
	}
	return 0;
}

static inline long double
naive_reach_by(const Item *item, const Skill *skill, int64_t as_of)
{
	long double credit = naive_credit_of(item, skill->name);

	return credit == 0 ? 0 : credit * fminl(1, naive_level(skill, as_of) / item->need);
}

static inline long double
naive_reach(const Item *item, const Skill *skill, uint32_t count, int64_t as_of)
{
	long double reach = 0;

	for (uint32_t s = 0; s < count; s++)
		reach = fmaxl(reach, naive_reach_by(item, &skill[s], as_of));
	return reach;
}

static inline long double
naive_credit(const Item *item, long double reach)
{
	long double base = (long double) item->from / item->need;

	return fmaxl(0, reach - base) / (1 - base);
}

static inline long double
naive_total_weight(const Job *job)
{
	long double total = 0;

	for (uint32_t i = 0; i < job->count; i++)
		total += job->item[i].weight;
	return total;
}

static inline long double
naive_readiness(const Skill *skill, uint32_t count, const Job *job)
{
	long double total = naive_total_weight(job);
	long double sum = 0;

	if (total == 0)
		return 1;
	for (uint32_t i = 0; i < job->count; i++)
		sum += job->item[i].weight *
			naive_credit(&job->item[i], naive_reach(&job->item[i], skill, count, job->as_of));
	return sum / total;
}

/*
 * What float8 may add to an item's credit: a reach has a handful of roundings,
 * and the division by 1 - base magnifies them.
 */
static inline long double
credit_tolerance(const Item *item)
{
	return 2e-15L / (1 - (long double) item->from / item->need);
}

/* Shares are cut at sums of that many weights, each with a rounding. */
static inline long double
share_tolerance(uint32_t count)
{
	return (2 * count + 2) * 0x1p-53L;
}

static inline long double
readiness_tolerance(const Job *job)
{
	long double total = naive_total_weight(job);
	long double tolerance = job->count * share_tolerance(job->count);

	for (uint32_t i = 0; i < job->count && total > 0; i++)
		tolerance += job->item[i].weight / total * credit_tolerance(&job->item[i]);
	return tolerance;
}

/* n(a); sets the first item that names the skill, or JOB_NOBODY */
static inline float
naive_need(const Job *job, const char *name, uint32_t *first)
{
	float need = 0;

	*first = JOB_NOBODY;
	for (uint32_t i = 0; i < job->count; i++)
	{
		if (naive_credit_of(&job->item[i], name) == 0)
			continue;
		need = fmaxf(need, job->item[i].need);
		if (*first == JOB_NOBODY)
			*first = i;
	}
	return need;
}

static inline long double
naive_used(const Skill *skill, const Job *job)
{
	uint32_t first;
	long double level = naive_level(skill, job->as_of);

	return level * fminl(level, naive_need(job, skill->name, &first));
}

static inline long double
naive_squares(const Skill *skill, uint32_t count, const Job *job)
{
	long double squares = 0;

	for (uint32_t s = 0; s < count; s++)
		squares += powl(naive_level(&skill[s], job->as_of), 2);
	return squares;
}

static inline long double
naive_use(const Skill *skill, uint32_t count, const Job *job)
{
	long double used = 0;

	for (uint32_t s = 0; s < count; s++)
		used += naive_used(&skill[s], job);
	return count == 0 ? 0 : used / naive_squares(skill, count, job);
}

/* What each item contributes to use: the skills that it names, and no item before it. */
static inline void
naive_use_parts(const Skill *skill, uint32_t count, const Job *job, long double *part)
{
	long double squares = naive_squares(skill, count, job);
	uint32_t first;

	for (uint32_t i = 0; i < job->count; i++)
		part[i] = 0;
	for (uint32_t s = 0; s < count; s++)
	{
		naive_need(job, skill[s].name, &first);
		if (first != JOB_NOBODY)
			part[first] += naive_used(&skill[s], job) / squares;
	}
}

/* Pairs of names that differ but for their hash, found by the birthday paradox. */
typedef struct Collision
{
	char name[2][16];
} Collision;

#define COLLISION_NAMES 300000

/* Two pairs: the first of one length, the second of two.  False if there are none. */
static inline bool
find_collisions(Collision collision[2])
{
	SortedName *sorted = malloc(COLLISION_NAMES * sizeof(SortedName));
	char(*text)[16] = malloc(COLLISION_NAMES * sizeof(*text));
	bool found[2] = {false, false};

	for (uint32_t i = 0; i < COLLISION_NAMES; i++)
	{
		/* odd factors shuffle all numbers of 32 or 28 bits, so names are unique */
		uint32_t number = i * 0x9e3779b1u;

		if (i % 2)
			snprintf(text[i], sizeof(text[i]), "%08x", number);
		else
			snprintf(text[i], sizeof(text[i]), "%07x", number & 0x0fffffffu);
		sorted[i] = sorted_name(text[i], i, 1, true);
	}
	qsort(sorted, COLLISION_NAMES, sizeof(SortedName), compare_names);
	for (uint32_t i = 1; i < COLLISION_NAMES; i++)
	{
		const char *one = sorted[i - 1].name;
		const char *other = sorted[i].name;
		int kind = strlen(one) == strlen(other) ? 0 : 1;

		if (sorted[i - 1].hash != sorted[i].hash || found[kind])
			continue;
		strcpy(collision[kind].name[0], one);
		strcpy(collision[kind].name[1], other);
		found[kind] = true;
	}
	free(text);
	free(sorted);
	return found[0] && found[1];
}

#endif /* SHORTLIST_TEST_SKILL_CASES_H */
