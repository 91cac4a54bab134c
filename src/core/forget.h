/*
 * forget.h
 *	  How much of a skill is left when it is not practised.
 */
#ifndef SHORTLIST_CORE_FORGET_H
#define SHORTLIST_CORE_FORGET_H

/*
 * Retrievability R in (0,1] after `days` without practice, by the power
 * forgetting curve of FSRS-6 (open-spaced-repetition, default decay
 * w20 = 0.1542):
 *
 *		R = (1 + F * days / stability) ^ -0.1542,	F = 0.9^(-1/0.1542) - 1
 *
 * so that R = 0.9 when days = stability.  stability is in days and > 0; at or
 * before the last practice (days <= 0) nothing is forgotten yet.
 */
extern double skill_retrievability(double days, double stability);

#endif /* SHORTLIST_CORE_FORGET_H */
