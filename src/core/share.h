/*
 * share.h
 *	  Shares of one whole that sum to exactly 1.
 *
 * A score is a sum of contributions, share * merit with merit in [0,1], added
 * in a fixed order.  The shares are multiples of 2^-53.  A float8 holds every
 * k * 2^-53 with k <= 2^53, so that the shares and all their partial sums are
 * exact, and since rounding is monotone:
 *
 *	- whoever meets everything scores exactly 1, and nobody scores more;
 *	- a score never falls when a merit rises.
 *
 * This holds for plain IEEE double arithmetic: no fast-math, no contraction,
 * no excess precision.
 */
#ifndef SHORTLIST_CORE_SHARE_H
#define SHORTLIST_CORE_SHARE_H

#include <float.h>

#if FLT_EVAL_METHOD != 0
#error "shortlist needs float8 arithmetic without excess precision (on i386: -msse2 -mfpmath=sse)"
#endif

/* Nearest multiple of 2^-53.  x is in [0,1]; from 0.5 up, every double is one already. */
static inline double
share_round(double x)
{
	return x >= 0.5 ? x : (x + 0.5) - 0.5;
}

/* Where 1 is cut when `amount` of `total` has been passed out: the shares up to there sum to this. */
static inline double
share_cut(double amount, double total)
{
	return share_round(amount / total);
}

/*
 * Cuts 1 in proportion to a series of amounts: share_next() is called with
 * each amount in the order in which `total` was summed.  The shares are
 * multiples of 2^-53 and sum to exactly 1, since the cuts, not the shares,
 * are rounded.
 */
typedef struct ShareCutter
{
	double total;  /* sum of all amounts, > 0 */
	double amount; /* sum of the amounts so far */
	double cut;	   /* sum of the shares so far */
} ShareCutter;

static inline double
share_next(ShareCutter *cutter, double amount)
{
	double before = cutter->cut;

	cutter->amount += amount;
	cutter->cut = share_cut(cutter->amount, cutter->total);
	return cutter->cut - before;
}

/*
 * What a score may lack to the least one that is asked for: the rounding of
 * its shares and of their sum.  One of ten items of equal weight is 0.1 of
 * the job, although its share, a multiple of 2^-53, is not.
 */
#define SCORE_TOLERANCE 1e-12

#endif /* SHORTLIST_CORE_SHARE_H */
