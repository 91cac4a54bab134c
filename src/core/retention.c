/*
 * retention.c
 *	  How stable practice makes a skill.
 */
#include "core/retention.h"

#include <math.h>

#include "core/forget.h"

#define LEAST_STABILITY 0.001
#define MOST_STABILITY 36500

/* The published defaults w0 to w19; w20, the decay of the forgetting curve, is in forget.c. */
static const double w[] = {0.212,  1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194,
						   0.001,  1.8722, 0.1666, 0.796,  1.4835, 0.0614, 0.2629,
						   1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658};

static double
clamp(double value, double least, double most)
{
	return value < least ? least : value > most ? most : value;
}

static double
clamp_stability(double days)
{
	return clamp(days, LEAST_STABILITY, MOST_STABILITY);
}

static double
clamp_difficulty(double difficulty)
{
	return clamp(difficulty, 1, 10);
}

static double
first_difficulty(PracticeRating rating)
{
	return w[4] - exp(w[5] * (rating - 1.0)) + 1;
}

/* Towards what the rating says, ever less as it nears 10, and a little towards an easy skill. */
static double
next_difficulty(double difficulty, PracticeRating rating)
{
	double moved = difficulty - w[6] * (rating - 3.0) * (10 - difficulty) / 9;

	return clamp_difficulty(w[7] * first_difficulty(RATING_EASY) + (1 - w[7]) * moved);
}

static double
stability_same_day(double stability, PracticeRating rating)
{
	double gain = exp(w[17] * (rating - 3.0 + w[18])) * pow(stability, -w[19]);

	if (rating >= RATING_GOOD && gain < 1)
		gain = 1;
	return stability * gain;
}

static double
stability_forgotten(Retention before, double retrievability)
{
	double relearned = w[11] * pow(before.difficulty, -w[12]) *
		(pow(before.stability + 1, w[13]) - 1) * exp(w[14] * (1 - retrievability));
	double most = before.stability / exp(w[17] * w[18]);

	return relearned < most ? relearned : most;
}

static double
stability_recalled(Retention before, double retrievability, PracticeRating rating)
{
	double by_rating = rating == RATING_HARD ? w[15] : rating == RATING_EASY ? w[16] : 1;

	return before.stability *
		(1 +
		 exp(w[8]) * (11 - before.difficulty) * pow(before.stability, -w[9]) *
			 (exp(w[10] * (1 - retrievability)) - 1) * by_rating);
}

Retention
retention_first(PracticeRating rating)
{
	Retention retention = {clamp_stability(w[rating - 1]),
						   clamp_difficulty(first_difficulty(rating))};

	return retention;
}

Retention
retention_next(Retention before, double days, PracticeRating rating)
{
	double retrievability = skill_retrievability(days, before.stability);
	Retention after;

	if (days < 1)
		after.stability = stability_same_day(before.stability, rating);
	else if (rating == RATING_AGAIN)
		after.stability = stability_forgotten(before, retrievability);
	else
		after.stability = stability_recalled(before, retrievability, rating);
	after.stability = clamp_stability(after.stability);
	after.difficulty = next_difficulty(before.difficulty, rating);
	return after;
}
