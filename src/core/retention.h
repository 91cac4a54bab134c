/*
 * retention.h
 *	  How stable practice makes a skill: FSRS-6.
 *
 * The model and its 21 default weights are those that open-spaced-repetition
 * publishes as FSRS-6 (the wiki page "The Algorithm", and the defaults of its
 * implementations py-fsrs 6 and ts-fsrs 5).  A skill has a stability S, the
 * days after which 0.9 of it is left, and a difficulty D from 1 to 10; every
 * session moves both by its rating G.  With R the retrievability at the
 * session (forget.h) and D0(G) = w4 - e^(w5 (G - 1)) + 1:
 *
 *	first session			S = w[G - 1]
 *							D = D0(G)
 *	later: D				D' = w7 D0(4) + (1 - w7) (D - w6 (G - 3) (10 - D) / 9)
 *	less than a day later	S' = S * e^(w17 (G - 3 + w18)) S^(-w19), and S' >= S if G >= 3
 *	forgotten (G = 1)		S' = min(w11 D^(-w12) ((S + 1)^w13 - 1) e^(w14 (1 - R)),
 *									 S / e^(w17 w18))
 *	else					S' = S * (1 + e^w8 (11 - D) S^(-w9) (e^(w10 (1 - R)) - 1) h)
 *							h = w15 if G = 2, w16 if G = 4, else 1
 *
 * D is kept in [1,10], S in [0.001,36500].  Nothing is rounded in between, and
 * days are not whole days.
 */
#ifndef SHORTLIST_CORE_RETENTION_H
#define SHORTLIST_CORE_RETENTION_H

/* How well a session went. */
typedef enum PracticeRating
{
	RATING_AGAIN = 1, /* forgotten, had to be learned again */
	RATING_HARD,
	RATING_GOOD,
	RATING_EASY
} PracticeRating;

/* What is known of a skill after a session. */
typedef struct Retention
{
	double stability;  /* days */
	double difficulty; /* 1 to 10 */
} Retention;

/* After the first session. */
extern Retention retention_first(PracticeRating rating);

/* After one more, `days` >= 0 after the last. */
extern Retention retention_next(Retention before, double days, PracticeRating rating);

#endif /* SHORTLIST_CORE_RETENTION_H */
