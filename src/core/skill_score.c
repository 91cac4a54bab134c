/*
 * skill_score.c
 *	  Readiness, use and fit.
 */
#include "core/skill_score.h"

#include <string.h>

#include "core/forget.h"
#include "core/share.h"

#define MICROSECONDS_PER_DAY 86400e6

/* fmin() and fmax() are library calls, since they care for NaN, of which there is none here. */
static inline double
lesser(double a, double b)
{
	return a < b ? a : b;
}

static inline double
greater(double a, double b)
{
	return a > b ? a : b;
}

/* Buckets by the high bits of the hash, about 16 for each name: most skills meet an empty one. */
static int
bucket_bits(uint32_t name_count)
{
	int bits = 4;

	while (bits < 24 && ((uint32_t) 1 << bits) / 16 < name_count)
		bits++;
	return bits;
}

size_t
job_scorer_size(const JobView *job)
{
	size_t buckets = ((size_t) 1 << bucket_bits(job->name_count)) + 1;

	return job->item_count * (4 * sizeof(double) + sizeof(uint32_t)) + buckets * sizeof(uint32_t);
}

static void
fill_buckets(JobScorer *scorer)
{
	int bits = bucket_bits(scorer->job.name_count);
	uint32_t buckets = (uint32_t) 1 << bits;
	uint32_t name = 0;

	scorer->bucket_shift = 32 - bits;
	for (uint32_t b = 0; b < buckets; b++)
	{
		while (name < scorer->job.name_count && scorer->job.hash[name] >> scorer->bucket_shift < b)
			name++;
		scorer->bucket[b] = name;
	}
	scorer->bucket[buckets] = scorer->job.name_count;
}

static void
cut_shares(JobScorer *scorer)
{
	const JobView *job = &scorer->job;
	ShareCutter cutter = {0, 0, 0};

	for (uint32_t i = 0; i < job->item_count; i++)
		cutter.total += job->item[i].weight;
	scorer->weighted = cutter.total > 0;
	for (uint32_t i = 0; i < job->item_count; i++)
		scorer->share[i] = scorer->weighted ? share_next(&cutter, job->item[i].weight) : 0;
}

void
job_scorer_init(JobScorer *scorer, const JobView *job, void *workspace)
{
	scorer->job = *job;
	scorer->share = workspace;
	scorer->reach = scorer->share + job->item_count;
	scorer->contribution = scorer->reach + job->item_count;
	scorer->use = scorer->contribution + job->item_count;
	scorer->via = (uint32_t *) (scorer->use + job->item_count);
	scorer->bucket = scorer->via + job->item_count;
	fill_buckets(scorer);
	cut_shares(scorer);
}

double
skill_level_at(float level, int64_t last, float stability, int64_t as_of)
{
	if (as_of == SKILL_NO_TIME || last == SKILL_NO_TIME || !(stability > 0))
		return level;
	return level *
		skill_retrievability(((double) as_of - (double) last) / MICROSECONDS_PER_DAY, stability);
}

double
job_level(const JobScorer *scorer, const SkillView *skills, uint32_t skill)
{
	if (skills->last == NULL)
		return skills->level[skill];
	return skill_level_at(skills->level[skill], skills->last[skill], skills->stability[skill],
						  scorer->job.as_of);
}

/* The stored order of a job's name and another one: by hash, then bytes. */
static inline int
compare_name(const JobView *job, uint32_t position, uint32_t hash, const char *name, uint32_t length)
{
	uint32_t start = name_start(job->name_end, position);
	uint32_t own_length = job->name_end[position] - start;
	int order;

	if (job->hash[position] != hash)
		return job->hash[position] < hash ? -1 : 1;
	order = memcmp(job->names + start, name, own_length < length ? own_length : length);
	if (order != 0)
		return order;
	return own_length < length ? -1 : own_length > length;
}

/* The first position from `low` on, before `high`, whose name is not before this one. */
static uint32_t
search_name(const JobView *job, uint32_t low, uint32_t high, uint32_t hash, const char *name,
			uint32_t length)
{
	while (low < high)
	{
		uint32_t middle = low + (high - low) / 2;

		if (compare_name(job, middle, hash, name, length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Finds the skill among the job's names: true, and the range of positions
 * that bear its name (several items can name one skill).
 */
static inline bool
find_names(const JobScorer *scorer, const SkillView *skills, uint32_t skill, uint32_t *first,
		   uint32_t *end)
{
	const JobView *job = &scorer->job;
	uint32_t hash = skills->hash[skill];
	uint32_t position = scorer->bucket[hash >> scorer->bucket_shift];
	uint32_t bucket_end = scorer->bucket[(hash >> scorer->bucket_shift) + 1];
	uint32_t start, length;

	while (position < bucket_end && job->hash[position] < hash)
		position++;
	if (position >= bucket_end || job->hash[position] != hash)
		return false;

	/* Equal hashes are nearly always equal names, but only bytes decide. */
	start = name_start(skills->name_end, skill);
	if (start > skills->name_end[skill] || skills->name_end[skill] > skills->name_bytes)
		return false; /* damaged */
	length = skills->name_end[skill] - start;
	if (compare_name(job, position, hash, skills->names + start, length) != 0)
		position = search_name(job, position, bucket_end, hash, skills->names + start, length);
	*first = position;
	while (position < bucket_end &&
		   compare_name(job, position, hash, skills->names + start, length) == 0)
		position++;
	*end = position;
	return *end > *first;
}

/* The largest need of an item that bears one of the names from first to before end. */
static double
greatest_need(const JobView *job, uint32_t first, uint32_t end)
{
	double need = 0;

	for (uint32_t position = first; position < end; position++)
		need = greater(need, job->item[job->name_item[position]].need);
	return need;
}

double
job_asks(const JobScorer *scorer, const SkillView *skills, uint32_t skill, uint32_t *first_item)
{
	uint32_t first, end;

	*first_item = JOB_NOBODY;
	if (!find_names(scorer, skills, skill, &first, &end))
		return 0;
	*first_item = scorer->job.name_item[first];
	return greatest_need(&scorer->job, first, end);
}

/* Equal reaches go to the item's own name, else to the smaller name: the explanation must not depend on hashes. */
static bool
is_better_via(const JobScorer *scorer, const SkillView *skills, uint32_t item, uint32_t skill,
			  uint32_t rival)
{
	uint32_t own = job_item_own(&scorer->job.item[item]);
	uint32_t own_start = name_start(scorer->job.name_end, own);
	uint32_t own_length = scorer->job.name_end[own] - own_start;
	uint32_t start = name_start(skills->name_end, skill);
	uint32_t length = skills->name_end[skill] - start;
	uint32_t rival_start = name_start(skills->name_end, rival);
	uint32_t rival_length = skills->name_end[rival] - rival_start;
	const char *own_name = scorer->job.names + own_start;
	const char *name = skills->names + start;
	const char *rival_name = skills->names + rival_start;
	int order;

	if (rival_length == own_length && memcmp(rival_name, own_name, own_length) == 0)
		return false;
	if (length == own_length && memcmp(name, own_name, own_length) == 0)
		return true;
	order = memcmp(name, rival_name, length < rival_length ? length : rival_length);
	return order < 0 || (order == 0 && length < rival_length);
}

/* What a level reaches of an item by one of its names. */
static inline double
name_reach(const JobView *job, uint32_t position, double level)
{
	return job->credit[position] * lesser(1, level / job->item[job->name_item[position]].need);
}

void
job_begin(JobScorer *scorer)
{
	for (uint32_t i = 0; i < scorer->job.item_count; i++)
	{
		scorer->reach[i] = 0;
		scorer->use[i] = 0;
		scorer->via[i] = JOB_NOBODY;
	}
}

void
job_meet(JobScorer *scorer, uint32_t first, uint32_t end, double level)
{
	for (uint32_t position = first; position < end; position++)
	{
		double *reach = &scorer->reach[scorer->job.name_item[position]];

		*reach = greater(*reach, name_reach(&scorer->job, position, level));
	}
}

void
job_match(JobScorer *scorer, const SkillView *skills)
{
	const JobView *job = &scorer->job;

	job_begin(scorer);
	for (uint32_t skill = 0; skill < skills->count; skill++)
	{
		uint32_t first, end;
		double level;

		if (!find_names(scorer, skills, skill, &first, &end))
			continue;
		level = job_level(scorer, skills, skill);
		for (uint32_t position = first; position < end; position++)
		{
			uint32_t item = job->name_item[position];
			double reach = name_reach(job, position, level);

			if (reach > scorer->reach[item] ||
				(reach == scorer->reach[item] && reach > 0 &&
				 is_better_via(scorer, skills, item, skill, scorer->via[item])))
			{
				scorer->reach[item] = reach;
				scorer->via[item] = skill;
			}
		}
	}
}

double
job_item_base(const JobItem *item)
{
	return (double) item->from / item->need;
}

double
job_credit_of_reach(const JobItem *item, double reach)
{
	double base;

	/* the usual case, without a division */
	if (reach == 0 || item->from == 0)
		return reach;
	base = job_item_base(item);
	if (reach <= base)
		return 0;
	return (reach - base) / (1 - base);
}

double
job_item_credit(const JobScorer *scorer, uint32_t item)
{
	return job_credit_of_reach(&scorer->job.item[item], scorer->reach[item]);
}

double
job_readiness(JobScorer *scorer)
{
	double readiness = scorer->weighted ? 0 : 1;

	for (uint32_t i = 0; i < scorer->job.item_count; i++)
	{
		scorer->contribution[i] = scorer->share[i] * job_item_credit(scorer, i);
		readiness += scorer->contribution[i];
	}
	return readiness;
}

void
job_spend(JobScorer *scorer, uint32_t first, uint32_t end, double level, double share)
{
	double asked = greatest_need(&scorer->job, first, end);

	scorer->use[scorer->job.name_item[first]] += share * lesser(1, asked / level);
}

double
job_use_sum(const JobScorer *scorer)
{
	double use = 0;

	for (uint32_t i = 0; i < scorer->job.item_count; i++)
		use += scorer->use[i];
	return use;
}

double
job_use(JobScorer *scorer, const SkillView *skills)
{
	ShareCutter cutter = {0, 0, 0};

	for (uint32_t i = 0; i < scorer->job.item_count; i++)
		scorer->use[i] = 0;
	for (uint32_t skill = 0; skill < skills->count; skill++)
	{
		double level = job_level(scorer, skills, skill);

		cutter.total += level * level;
	}
	for (uint32_t skill = 0; skill < skills->count; skill++)
	{
		double level = job_level(scorer, skills, skill);
		double share = share_next(&cutter, level * level);
		uint32_t first, end;

		if (find_names(scorer, skills, skill, &first, &end))
			job_spend(scorer, first, end, level, share);
	}
	return job_use_sum(scorer);
}

bool
job_qualifies(JobScorer *scorer)
{
	for (uint32_t i = 0; i < scorer->job.item_count; i++)
	{
		if (job_item_must(&scorer->job.item[i]) && scorer->reach[i] < 1)
			return false;
	}
	return scorer->job.threshold <= 0 ||
		job_readiness(scorer) >= scorer->job.threshold - SCORE_TOLERANCE;
}

bool
job_item_gap(const JobScorer *scorer, uint32_t item, double *from, double *weight)
{
	const JobItem *asked = &scorer->job.item[item];
	double base = job_item_base(asked);
	double reach = greater(scorer->reach[item], base);

	if (reach >= 1)
		return false;
	*from = greater(asked->from, reach * asked->need);
	*weight = asked->weight * (1 - reach) / (1 - base);
	return true;
}
