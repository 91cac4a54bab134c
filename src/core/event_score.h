/*
 * event_score.h
 *	  How well an event suits a preference.
 *
 * Each criterion has a utility in [0,1], a curve over one number: the
 * distance in km, the price, the attendees, the start in seconds.  With
 * x = max(0, |v - origin| - offset):
 *
 *		gauss		exp(x^2 ln(decay) / scale^2)
 *		exp			exp(x ln(decay) / scale)
 *		linear		max(0, 1 - x (1 - decay) / scale)
 *		saturation	v / (v + pivot)
 *		sigmoid		v^exponent / (v^exponent + pivot^exponent)
 *		step		1 if x = 0, else 0
 *
 * The first three are Elasticsearch's decay functions: the utility is `decay`
 * at `scale` beyond the offset.  `side` says which side of the origin is
 * penalised.  Utilities of weight > 0 are combined by their weighted mean
 * (sum), weighted geometric mean (product) or least (min).
 *
 * Every curve is unimodal in v and every combination monotone in the
 * utilities: the score at the best values of a region bounds the region.
 */
#ifndef SHORTLIST_CORE_EVENT_SCORE_H
#define SHORTLIST_CORE_EVENT_SCORE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum EventCriterion
{
	EVENT_LOCATION,
	EVENT_PRICE,
	EVENT_ATTENDEES,
	EVENT_START
} EventCriterion;

#define EVENT_CRITERIA 4
#define EVENT_BIT(criterion) (1u << (criterion))

typedef enum EventCurve
{
	EVENT_CURVE_GAUSS,
	EVENT_CURVE_EXP,
	EVENT_CURVE_LINEAR,
	EVENT_CURVE_SATURATION,
	EVENT_CURVE_SIGMOID,
	EVENT_CURVE_STEP
} EventCurve;

typedef enum EventSide
{
	EVENT_SIDE_BOTH,
	EVENT_SIDE_ABOVE,
	EVENT_SIDE_BELOW
} EventSide;

typedef enum EventMissing
{
	EVENT_MISSING_UTILITY, /* counts as missing_utility; "worst" is 0 */
	EVENT_MISSING_SKIP,	   /* leave the criterion out of this row's score */
	EVENT_MISSING_EXCLUDE  /* the row scores 0 and is not acceptable */
} EventMissing;

typedef enum EventCombine
{
	EVENT_COMBINE_SUM,
	EVENT_COMBINE_PRODUCT,
	EVENT_COMBINE_MIN
} EventCombine;

/* What ranking knows of an event.  Stored as it is: 72 bytes, no padding. */
typedef struct EventFacts
{
	uint8_t version;	 /* EVENT_FACTS_VERSION */
	uint8_t known;		 /* EVENT_BIT of every criterion that is known */
	uint8_t reserved[6]; /* 0 */
	double latitude;	 /* degrees; what is not known is 0 */
	double longitude;
	double price;	   /* >= 0 */
	double attendees;  /* >= 0 */
	int64_t starts_at; /* microseconds since 2000-01-01 UTC */
	double xyz[3];	   /* geo_unit_vector() of the place */
} EventFacts;

#define EVENT_FACTS_VERSION 1

/* What one person wants of one criterion.  Stored as it is: 80 bytes, no padding. */
typedef struct EventWish
{
	double weight;			/* >= 0; 0: does not count */
	double origin;			/* 0 for location; seconds since 2000-01-01 UTC for start */
	double offset;			/* >= 0 */
	double scale;			/* > 0, or 0 where the curve needs none */
	double scale_below;		/* the scale below the origin, or 0: the same */
	double decay;			/* in (0,1) */
	double pivot;			/* > 0, or 0 where the curve needs none */
	double exponent;		/* > 0, or 0 where the curve needs none */
	double missing_utility; /* in [0,1] */
	uint8_t present;		/* 1 if the preference names the criterion */
	uint8_t curve;			/* EventCurve */
	uint8_t side;			/* EventSide */
	uint8_t missing;		/* EventMissing */
	uint8_t reserved[4];	/* 0 */
} EventWish;

typedef enum EventLimit
{
	EVENT_MAX_KM,
	EVENT_MAX_PRICE,
	EVENT_MIN_ATTENDEES,
	EVENT_MAX_ATTENDEES,
	EVENT_AFTER,  /* seconds since 2000-01-01 UTC, inclusive */
	EVENT_BEFORE, /* the same, exclusive */
	EVENT_MIN_SCORE
} EventLimit;

#define EVENT_LIMITS 7
#define EVENT_LIMIT_BIT(limit) (1u << (limit))

/* What one person wants.  Stored as it is: 400 bytes, no padding. */
typedef struct EventPref
{
	uint8_t version;	 /* EVENT_PREF_VERSION */
	uint8_t combine;	 /* EventCombine */
	uint8_t limited;	 /* EVENT_LIMIT_BIT of every limit that is set */
	uint8_t reserved[5]; /* 0 */
	double latitude;	 /* where location is measured from; 0 if it is not wished */
	double longitude;
	double limit[EVENT_LIMITS]; /* 0 where not set */
	EventWish wish[EVENT_CRITERIA];
} EventPref;

#define EVENT_PREF_VERSION 1

/* The numbers that the curves see. */
typedef struct EventValues
{
	unsigned known;				  /* EVENT_BIT of every value that is known */
	double value[EVENT_CRITERIA]; /* km, price, heads, seconds since 2000-01-01 UTC */
} EventValues;

/* A preference made ready to score many events: constants of the curves, shares of the weights. */
typedef struct EventScorer
{
	EventPref pref;
	unsigned counts;	 /* EVENT_BIT of the criteria of positive weight */
	bool needs_distance; /* location counts, or max_km is set */
	double xyz[3];
	double far; /* squared chord from which the location's utility is 0, or infinity */
	double log_decay[EVENT_CRITERIA];
	double share[1 << EVENT_CRITERIA][EVENT_CRITERIA]; /* of the weights, by the set that counts */
} EventScorer;

/* How a score came about, a criterion each. */
typedef struct EventParts
{
	unsigned used; /* criteria that entered the score */
	bool excluded; /* a criterion that must be known is not */
	double utility[EVENT_CRITERIA];
	double contribution[EVENT_CRITERIA]; /* sum: parts of the score; product: its factors;
												 * min: the score where it is reached, else 0 */
} EventParts;

extern void event_scorer_init(EventScorer *scorer, const EventPref *pref);

/*
 * Lets event_values() call what is so far that its location is worth exactly
 * 0 infinitely far, which saves most rows of a large area an arcsine.  For
 * scores, not for explanations.
 */
extern void event_scorer_skip_far(EventScorer *scorer);
extern void event_values(const EventScorer *scorer, const EventFacts *facts, EventValues *values);
extern double event_utility(const EventScorer *scorer, EventCriterion criterion, double value);

/* The score of utilities and the set that counts, of which it is monotone; sets the contributions. */
extern double event_combine(const EventScorer *scorer, EventParts *parts);

/* The score in [0,1]; if parts is not NULL it gets the explanation. */
extern double event_score(const EventScorer *scorer, const EventValues *values, EventParts *parts);

/* Every limit but min_score holds; a limit on an unknown value does not. */
extern bool event_within_limits(const EventScorer *scorer, const EventValues *values);

/*
 * The same of many events, of which each criterion's least and greatest value
 * is given, and which criteria some of them know: false only if none is within the limits.
 */
extern bool event_limits_may_hold(const EventScorer *scorer, unsigned known,
								  const double low[EVENT_CRITERIA],
								  const double high[EVENT_CRITERIA]);

/* The score is at least min_score, where that is set. */
extern bool event_score_suffices(const EventScorer *scorer, double score);

/* What @@ asks: limits hold, nothing that must be known is unknown, and the score suffices. */
extern bool event_acceptable(const EventScorer *scorer, const EventValues *values);

/* Microseconds of a timestamp as the seconds that curves and limits see. */
static inline double
event_seconds(int64_t microseconds)
{
	return (double) microseconds / 1e6;
}

#endif /* SHORTLIST_CORE_EVENT_SCORE_H */
