/*
 * skill_bound.c
 *	  The best score that any of many rows can have.
 */
#include "core/skill_bound.h"

#include <string.h>

uint16_t
bound_narrow(double x)
{
	float single = (float) x;
	uint32_t bits;

	if ((double) single < x)
		single = nextafterf(single, HUGE_VALF);
	memcpy(&bits, &single, sizeof(bits));
	if ((bits & 0xffff) != 0)
		bits += 0x10000;
	return (uint16_t) (bits >> 16);
}

double
bound_widen(uint16_t narrow)
{
	uint32_t bits = (uint32_t) narrow << 16;
	float single;

	memcpy(&single, &bits, sizeof(single));
	return single;
}

double
skills_square_sum(const SkillView *skills)
{
	double sum = 0;

	for (uint32_t i = 0; i < skills->count; i++)
		sum += (double) skills->level[i] * skills->level[i];
	return sum;
}

void
skill_fields(const SkillView *skills, uint32_t skill, double square_sum, uint16_t *field)
{
	double level = skills->level[skill];

	field[SKILL_FIELD_LEVEL] = bound_narrow(level);
	field[SKILL_FIELD_STRENGTH] = bound_narrow(level * level / square_sum);
}

bool
skills_can_fade(const SkillView *skills)
{
	if (skills->last == NULL)
		return false;
	for (uint32_t i = 0; i < skills->count; i++)
	{
		if (skills->last[i] != SKILL_NO_TIME && skills->stability[i] > 0)
			return true;
	}
	return false;
}

double
job_name_bound(const JobScorer *scorer, uint32_t position, uint16_t level)
{
	uint32_t item = scorer->job.name_item[position];
	const JobItem *asked = &scorer->job.item[item];
	double base = job_item_base(asked);
	double share = bound_widen(level) / asked->need;
	double reach = scorer->job.credit[position] * (share < 1 ? share : 1);

	if (reach <= base)
		return 0;
	return scorer->share[item] * ((reach - base) / (1 - base));
}

void
job_fields(const JobScorer *scorer, uint32_t first, uint32_t end, uint16_t *field)
{
	double cap = 0;
	double slope = 0;
	double need = 0;

	for (uint32_t position = first; position < end; position++)
	{
		uint32_t item = scorer->job.name_item[position];
		double asked = scorer->job.item[item].need;
		double worth = scorer->share[item] * scorer->job.credit[position];

		cap += worth;
		slope += worth / asked;
		need = asked > need ? asked : need;
	}
	field[JOB_FIELD_CAP] = bound_narrow(cap);
	field[JOB_FIELD_SLOPE] = bound_narrow(slope);
	field[JOB_FIELD_NEED] = bound_narrow(need);
}

double
skill_readiness_bound(double level, const uint16_t *field)
{
	double cap = bound_widen(field[JOB_FIELD_CAP]);
	double sloped = bound_widen(field[JOB_FIELD_SLOPE]) * level;

	return sloped < cap ? sloped : cap;
}

double
skill_use_bound(double level, double square_sum, const uint16_t *field)
{
	double need = bound_widen(field[JOB_FIELD_NEED]);

	return level * (need < level ? need : level) / square_sum;
}
