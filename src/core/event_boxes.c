/*
 * event_boxes.c
 *	  Upper bounds of many boxes, or of many events, computed side by side.
 *
 * Every step below either keeps an upper bound, or errs by a few roundings of
 * float4 (6e-8, relative) or by the error of a polynomial (at most 3e-7).
 * SAFETY, relative, covers these where a distance from the origin is taken,
 * since a curve may magnify them; EVENT_BATCH_SLACK covers what follows.
 *
 * Loops run over all lanes, used or not, so that their length is a constant.
 * A comparison is written so that NaN, which comes of 0 * infinity and of
 * damaged data, takes the side that keeps an upper bound.
 */
#include "core/event_boxes.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "core/geo.h"
#include "core/share.h"

#define SAFETY (1 - 4e-6)
#define RADIANS_PER_DEGREE 0.017453292519943295769

/* More than the unit vectors of two places, which are rounded, change their chord. */
#define CHORD_ERROR 2e-15

enum
{
	ABOVE,
	BELOW
};

/* --- functions without libm -------------------------------------------- */

static inline float
float_of_bits(int32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline int32_t
bits_of_float(float value)
{
	int32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/*
 * 2^-y for y >= 0, but never less than 2^-100: products with subnormal numbers
 * take a hundred times as long.  The polynomial interpolates 2^-f in [0,1].
 */
static inline float
power_of_half(float y)
{
	float clamped = y < 100 ? y : 100;
	int32_t whole = (int32_t) clamped;
	float f = clamped - (float) whole;
	float p = 0.99999994388674f +
		f *
			(-0.69314313464111f +
			 f *
				 (0.24017895627763f +
				  f * (-0.055298119676336f + f * (0.0092091803571994f - f * 0.00094687702910993f))));

	return p * float_of_bits((127 - whole) << 23);
}

/* -log2(u) for u in [0,1]; of less than 2^-126, about 127.  The polynomial interpolates log2(1 + f) / f in [0,1]. */
static inline float
minus_log2(float u)
{
	int32_t bits = bits_of_float(u);
	float whole = (float) (127 - (bits >> 23));
	float f = float_of_bits((bits & 0x007fffff) | 0x3f800000) - 1;
	float p = f *
		(1.44269472459035f +
		 f *
			 (-0.72130675742803f +
			  f *
				  (0.48001246079552f +
				   f *
					   (-0.35309635334218f +
						f *
							(0.2551763492155f +
							 f *
								 (-0.15415200643295f +
								  f * (0.062748433570889f - f * 0.012077020268992f)))))));

	return whole - p;
}

/* sin(x) for x in [0, pi / 2].  The polynomial interpolates sin(x) / x in x^2. */
static inline float
sine(float x)
{
	float z = x * x;

	return x *
		(0.999999995698809f +
		 z *
			 (-0.16666657947846f +
			  z * (0.0083330501706717f + z * (-0.00019809017408673f + z * 2.6051076353148e-06f))));
}

/* --- preparing --------------------------------------------------------- */

/* Not above the rate, and in the range of float4. */
static float
finite_rate(double rate)
{
	return rate > FLT_MAX ? FLT_MAX : rate < FLT_MIN ? 0 : (float) rate;
}

/*
 * How fast a side of a curve falls, for falling_utility(); its square root
 * for gauss, which squares it.
 */
static double
rate_of(const EventWish *wish, double scale, double log_decay)
{
	switch ((EventCurve) wish->curve)
	{
		case EVENT_CURVE_EXP:
			return -log_decay * M_LOG2E / scale;
		case EVENT_CURVE_GAUSS:
			return sqrt(-log_decay * M_LOG2E) / scale;
		case EVENT_CURVE_LINEAR:
			return (1 - wish->decay) / scale;
		default:
			return 1;
	}
}

static void
prepare_wish(EventBatchWish *ready, const EventScorer *scorer, EventCriterion criterion)
{
	const EventWish *wish = &scorer->pref.wish[criterion];
	double below = wish->scale_below > 0 ? wish->scale_below : wish->scale;
	/* more than origin and offset are rounded by, here and in the score */
	double error = (fabs(wish->origin) + wish->offset) * 1e-15;

	if (criterion == EVENT_LOCATION)
		error += CHORD_ERROR * EARTH_RADIUS_KM;
	ready->curve = wish->curve;
	ready->missing = float_not_below(wish->missing_utility);
	ready->share = float_not_below(scorer->share[scorer->counts][criterion]);
	ready->pivot = wish->pivot < FLT_MAX ? float_not_above(wish->pivot) : FLT_MAX;

	/* The side that is not penalised begins infinitely far away. */
	ready->edge[ABOVE] =
		wish->side == EVENT_SIDE_BELOW ? INFINITY : wish->origin + wish->offset + error;
	ready->edge[BELOW] =
		wish->side == EVENT_SIDE_ABOVE ? -INFINITY : wish->origin - wish->offset - error;
	ready->limit[ABOVE] = float_not_below(ready->edge[ABOVE]);
	ready->limit[BELOW] = float_not_above(ready->edge[BELOW]);
	ready->rate[ABOVE] =
		finite_rate(rate_of(wish, wish->scale, scorer->log_decay[criterion]) * SAFETY);
	ready->rate[BELOW] = finite_rate(rate_of(wish, below, scorer->log_decay[criterion]) * SAFETY);
}

void
event_batch_init(EventBatch *batch, const EventScorer *scorer)
{
	memset(batch, 0, sizeof(*batch));
	batch->scorer = scorer;
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		const EventWish *wish = &scorer->pref.wish[c];

		if (!(scorer->counts & EVENT_BIT(c)))
			continue;
		prepare_wish(&batch->wish[c], scorer, c);
		if (wish->missing == EVENT_MISSING_SKIP)
			batch->skippable |= EVENT_BIT(c);
		else if (wish->missing == EVENT_MISSING_EXCLUDE)
			batch->required |= EVENT_BIT(c);
		/* Rare, and not worth a second formula: powers, who wants to go far, and 0 / 0. */
		if (wish->curve == EVENT_CURVE_SIGMOID ||
			(wish->curve == EVENT_CURVE_SATURATION &&
			 (c == EVENT_LOCATION || wish->pivot < FLT_MIN)))
			batch->one_by_one = true;
	}
	for (int d = 0; d < 3; d++)
	{
		batch->place[ABOVE][d] = float_not_below(scorer->xyz[d]);
		batch->place[BELOW][d] = float_not_above(scorer->xyz[d]);
	}
	batch->latitude = scorer->pref.latitude * RADIANS_PER_DEGREE;
	batch->longitude = scorer->pref.longitude * RADIANS_PER_DEGREE;
	batch->cos_latitude = (float) cos(batch->latitude);
}

/* --- utilities --------------------------------------------------------- */

/*
 * The utility of what is `loss` beyond the edge, in units of the rate: exp
 * and gauss as powers of 2, linear and step as they are.
 */
static inline void
falling_utility(EventCurve curve, const float *loss, float *utility)
{
	switch (curve)
	{
		case EVENT_CURVE_EXP:
			for (int i = 0; i < EVENT_LANES; i++)
				utility[i] = power_of_half(loss[i]);
			break;
		case EVENT_CURVE_GAUSS:
			for (int i = 0; i < EVENT_LANES; i++)
				utility[i] = power_of_half(loss[i] * loss[i]);
			break;
		case EVENT_CURVE_LINEAR:
			for (int i = 0; i < EVENT_LANES; i++)
				utility[i] = loss[i] < 1 ? 1 - loss[i] : 0;
			break;
		default:
			for (int i = 0; i < EVENT_LANES; i++)
				utility[i] = loss[i] > 0 ? 0 : 1;
	}
}

/* How far each interval is beyond the edges, in units of the rates. */
static inline void
loss_of_intervals(const EventBatchWish *wish, const float *low, const float *high, float *loss)
{
	float edge_above = wish->limit[ABOVE];
	float edge_below = wish->limit[BELOW];
	float rate_above = wish->rate[ABOVE];
	float rate_below = wish->rate[BELOW];

	for (int i = 0; i < EVENT_LANES; i++)
	{
		float above = (low[i] - edge_above) * rate_above;
		float below = (edge_below - high[i]) * rate_below;
		float most = above > below ? above : below;

		loss[i] = most > 0 ? most : 0;
	}
}

static inline void
loss_of_values(const EventBatchWish *wish, const double *value, float *loss)
{
	double edge_above = wish->edge[ABOVE];
	double edge_below = wish->edge[BELOW];
	double rate_above = wish->rate[ABOVE];
	double rate_below = wish->rate[BELOW];

	for (int i = 0; i < EVENT_LANES; i++)
	{
		double above = (value[i] - edge_above) * rate_above;
		double below = (edge_below - value[i]) * rate_below;
		double most = above > below ? above : below;

		loss[i] = (float) (most > 0 ? most : 0);
	}
}

/*
 * At least nearly the arc over a chord, of the sphere's radius: 2 asin(chord / 2)
 * by the first terms of its series, which are all positive.  It is 3 % short
 * at 15000 km, where the chord itself is 22 % short.
 */
static inline float
arc_of_chord(float chord)
{
	float square = chord * chord;

	return chord *
		(1 +
		 square *
			 (1.0f / 24 +
			  square * (3.0f / 640 + square * (5.0f / 7168 + square * (35.0f / 294912)))));
}

/* Distances are never below their origin, 0. */
static inline void
loss_of_chords(const EventBatchWish *wish, const float *chord, float *loss)
{
	float edge = wish->limit[ABOVE];
	float rate = wish->rate[ABOVE];

	for (int i = 0; i < EVENT_LANES; i++)
	{
		float arc = arc_of_chord(chord[i]) * (float) (EARTH_RADIUS_KM * SAFETY);
		float above = (arc - edge) * rate;

		loss[i] = above > 0 ? above : 0;
	}
}

/* From the preference's place to the nearest point of each box, of the sphere's radius. */
static inline void
nearest_chords(const EventBatch *batch, const EventBoxes *boxes, float *chord)
{
	float sum[EVENT_LANES] = {0};

	for (int d = 0; d < 3; d++)
	{
		float up = batch->place[ABOVE][d];
		float down = batch->place[BELOW][d];
		const float *low = boxes->low[d];
		const float *high = boxes->high[d];

		for (int i = 0; i < EVENT_LANES; i++)
		{
			float below = low[i] - up;
			float above = down - high[i];
			float gap = below > above ? below : above;

			gap = gap > 0 ? gap : 0;
			sum[i] += gap * gap;
		}
	}
	for (int i = 0; i < EVENT_LANES; i++)
		chord[i] = sqrtf(sum[i]);
}

/* From the preference's place to each event, by the haversine formula, of the sphere's radius. */
static inline void
chords_of_rows(const EventBatch *batch, const EventRows *rows, float *chord)
{
	double latitude = batch->latitude;
	double longitude = batch->longitude;
	float cos_latitude = batch->cos_latitude;

	for (int i = 0; i < EVENT_LANES; i++)
	{
		double phi = rows->latitude[i] * RADIANS_PER_DEGREE;
		double lambda = rows->longitude[i] * RADIANS_PER_DEGREE;
		double east = fabs(lambda - longitude);
		double other_way = 2 * M_PI - east;
		float half_north = sine((float) fabs(phi - latitude) / 2);
		float half_east = sine((float) (other_way < east ? other_way : east) / 2);
		float parallel = sine((float) (M_PI / 2 - fabs(phi))) * cos_latitude;

		chord[i] = 2 * sqrtf(half_north * half_north + parallel * (half_east * half_east));
	}
}

static inline void
rising_utility(float pivot, const float *value, float *utility)
{
	for (int i = 0; i < EVENT_LANES; i++)
		utility[i] = 1 / (1 + pivot / value[i]);
}

static inline void
utility_of_boxes(const EventBatch *batch, const EventBoxes *boxes, EventCriterion c, float *utility)
{
	const EventBatchWish *wish = &batch->wish[c];
	float loss[EVENT_LANES];

	if (c == EVENT_LOCATION)
	{
		float chord[EVENT_LANES];

		nearest_chords(batch, boxes, chord);
		loss_of_chords(wish, chord, loss);
	}
	else if (wish->curve == EVENT_CURVE_SATURATION)
	{
		rising_utility(wish->pivot, boxes->high[EVENT_DIM_Z + c], utility);
		return;
	}
	else
		loss_of_intervals(wish, boxes->low[EVENT_DIM_Z + c], boxes->high[EVENT_DIM_Z + c], loss);
	falling_utility(wish->curve, loss, utility);
}

static inline void
utility_of_rows(const EventBatch *batch, const EventRows *rows, EventCriterion c, float *utility)
{
	const EventBatchWish *wish = &batch->wish[c];
	double seconds[EVENT_LANES];
	const double *value = c == EVENT_PRICE ? rows->price : rows->attendees;
	float loss[EVENT_LANES];

	if (c == EVENT_LOCATION)
	{
		float chord[EVENT_LANES];

		chords_of_rows(batch, rows, chord);
		loss_of_chords(wish, chord, loss);
		falling_utility(wish->curve, loss, utility);
		return;
	}
	if (c == EVENT_START)
	{
		for (int i = 0; i < EVENT_LANES; i++)
			seconds[i] = event_seconds(rows->starts_at[i]);
		value = seconds;
	}
	if (wish->curve == EVENT_CURVE_SATURATION)
	{
		float rounded[EVENT_LANES];

		for (int i = 0; i < EVENT_LANES; i++)
			rounded[i] = (float) value[i];
		rising_utility(wish->pivot, rounded, utility);
		return;
	}
	loss_of_values(wish, value, loss);
	falling_utility(wish->curve, loss, utility);
}

/* --- combining --------------------------------------------------------- */

/* Where something is unknown: what the policy says, if it is better or nothing is known. */
static void
apply_policies(const EventBatch *batch, const uint8_t *known, const uint8_t *unknown,
			   float utility[EVENT_CRITERIA][EVENT_LANES])
{
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		float missing = batch->wish[c].missing;

		if (!(batch->scorer->counts & EVENT_BIT(c)))
			continue;
		for (int i = 0; i < EVENT_LANES; i++)
		{
			bool knows = known[i] & EVENT_BIT(c);
			bool lacks = unknown[i] & EVENT_BIT(c);
			float of_known = knows ? utility[c][i] : 0;
			float of_unknown = lacks ? missing : 0;

			utility[c][i] = of_known > of_unknown ? of_known : of_unknown;
		}
	}
}

static void
combine(const EventBatch *batch, float utility[EVENT_CRITERIA][EVENT_LANES], float *bound)
{
	bool product = batch->scorer->pref.combine == EVENT_COMBINE_PRODUCT;
	bool least = batch->scorer->pref.combine == EVENT_COMBINE_MIN;

	for (int i = 0; i < EVENT_LANES; i++)
		bound[i] = least ? 1 : 0;
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		float share = batch->wish[c].share;

		if (!(batch->scorer->counts & EVENT_BIT(c)))
			continue;
		if (least)
		{
			for (int i = 0; i < EVENT_LANES; i++)
				bound[i] = utility[c][i] < bound[i] ? utility[c][i] : bound[i];
		}
		else if (product)
		{
			for (int i = 0; i < EVENT_LANES; i++)
				bound[i] += share * minus_log2(utility[c][i]);
		}
		else
		{
			for (int i = 0; i < EVENT_LANES; i++)
				bound[i] += share * utility[c][i];
		}
	}
	if (product)
	{
		for (int i = 0; i < EVENT_LANES; i++)
			bound[i] = power_of_half(bound[i] > 0 ? bound[i] : 0);
	}
	for (int i = 0; i < EVENT_LANES; i++)
		bound[i] = bound[i] + EVENT_BATCH_SLACK < 1 ? bound[i] + EVENT_BATCH_SLACK : 1;
}

static bool
any(const uint8_t *flags, unsigned bits)
{
	uint8_t found = 0;

	for (int i = 0; i < EVENT_LANES; i++)
		found |= flags[i];
	return (found & bits) != 0;
}

void
event_bound_boxes(const EventBatch *batch, const EventBoxes *boxes, float *bound)
{
	float utility[EVENT_CRITERIA][EVENT_LANES];
	bool lacking = any(boxes->unknown, batch->scorer->counts);

	if (!batch->one_by_one)
	{
		for (int c = 0; c < EVENT_CRITERIA; c++)
		{
			if (batch->scorer->counts & EVENT_BIT(c))
				utility_of_boxes(batch, boxes, c, utility[c]);
		}
		if (lacking)
			apply_policies(batch, boxes->known, boxes->unknown, utility);
		combine(batch, utility, bound);
	}
	for (int i = 0; i < EVENT_LANES; i++)
	{
		EventBox box;

		if (!batch->one_by_one && !(lacking && (boxes->unknown[i] & batch->skippable)))
			continue;
		event_boxes_get(boxes, i, &box);
		bound[i] = float_not_below(event_bound(batch->scorer, &box));
	}
	for (int i = 0; lacking && i < EVENT_LANES; i++)
	{
		if (batch->required & boxes->unknown[i] & ~boxes->known[i])
			bound[i] = 0;
	}
}

void
event_bound_rows(const EventBatch *batch, const EventRows *rows, float *bound)
{
	float utility[EVENT_CRITERIA][EVENT_LANES];
	uint8_t unknown[EVENT_LANES];

	if (batch->one_by_one)
	{
		for (int i = 0; i < EVENT_LANES; i++)
			bound[i] = 1;
		return;
	}
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		if (batch->scorer->counts & EVENT_BIT(c))
			utility_of_rows(batch, rows, c, utility[c]);
	}
	for (int i = 0; i < EVENT_LANES; i++)
		unknown[i] = ~rows->known[i] & batch->scorer->counts;
	if (!any(unknown, batch->scorer->counts))
	{
		combine(batch, utility, bound);
		return;
	}
	apply_policies(batch, rows->known, unknown, utility);
	combine(batch, utility, bound);
	for (int i = 0; i < EVENT_LANES; i++)
	{
		if (unknown[i] & batch->skippable)
			bound[i] = 1; /* its own score will tell */
		if (unknown[i] & batch->required)
			bound[i] = 0;
	}
}

/* --- limits ------------------------------------------------------------ */

static void
reject_unless(const uint8_t *known, EventCriterion criterion, const float *value, bool at_least,
			  float limit, float *bound)
{
	for (int i = 0; i < EVENT_LANES; i++)
	{
		bool holds = at_least ? value[i] >= limit : value[i] <= limit;

		if (!holds || !(known[i] & EVENT_BIT(criterion)))
			bound[i] = -1;
	}
}

static void
reject_by_score(const EventBatch *batch, const EventBoxes *boxes, float *bound)
{
	float least = float_not_above(batch->scorer->pref.limit[EVENT_MIN_SCORE] - SCORE_TOLERANCE);
	float score[EVENT_LANES];

	event_bound_boxes(batch, boxes, score);
	for (int i = 0; i < EVENT_LANES; i++)
	{
		if (score[i] < least)
			bound[i] = -1;
	}
}

static void
reject_by_distance(const EventBatch *batch, const EventBoxes *boxes, float *bound)
{
	double km = batch->scorer->pref.limit[EVENT_MAX_KM] / SAFETY + CHORD_ERROR * EARTH_RADIUS_KM;
	float arc[EVENT_LANES];

	nearest_chords(batch, boxes, arc);
	for (int i = 0; i < EVENT_LANES; i++)
		arc[i] = arc_of_chord(arc[i]);
	reject_unless(boxes->known, EVENT_LOCATION, arc, false,
				  float_not_below(km / (EARTH_RADIUS_KM * SAFETY)), bound);
}

void
event_reject_boxes(const EventBatch *batch, const EventBoxes *boxes, float *bound)
{
	static const struct
	{
		EventLimit limit;
		EventDimension dimension;
		bool at_least;
	} asked[] = {
		{EVENT_MAX_PRICE, EVENT_DIM_PRICE, false},
		{EVENT_MIN_ATTENDEES, EVENT_DIM_ATTENDEES, true},
		{EVENT_MAX_ATTENDEES, EVENT_DIM_ATTENDEES, false},
		{EVENT_AFTER, EVENT_DIM_START, true},
		{EVENT_BEFORE, EVENT_DIM_START, false},
	};
	const EventPref *pref = &batch->scorer->pref;

	for (int i = 0; i < EVENT_LANES; i++)
	{
		if (batch->required & ~boxes->known[i])
			bound[i] = -1;
	}
	for (unsigned i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
	{
		EventDimension dimension = asked[i].dimension;
		bool at_least = asked[i].at_least;
		double limit = pref->limit[asked[i].limit];

		if (!(pref->limited & EVENT_LIMIT_BIT(asked[i].limit)))
			continue;
		reject_unless(boxes->known, event_dimension_criterion(dimension),
					  at_least ? boxes->high[dimension] : boxes->low[dimension], at_least,
					  at_least ? float_not_above(limit) : float_not_below(limit), bound);
	}
	if (pref->limited & EVENT_LIMIT_BIT(EVENT_MAX_KM))
		reject_by_distance(batch, boxes, bound);
	if (pref->limited & EVENT_LIMIT_BIT(EVENT_MIN_SCORE))
		reject_by_score(batch, boxes, bound);
}

/* --- one of them ------------------------------------------------------- */

void
event_boxes_get(const EventBoxes *boxes, int lane, EventBox *box)
{
	box->known = boxes->known[lane];
	box->unknown = boxes->unknown[lane];
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		box->low[d] = boxes->low[d][lane];
		box->high[d] = boxes->high[d][lane];
	}
}

void
event_boxes_set(EventBoxes *boxes, int lane, const EventBox *box)
{
	boxes->known[lane] = box->known;
	boxes->unknown[lane] = box->unknown;
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		boxes->low[d][lane] = box->low[d];
		boxes->high[d][lane] = box->high[d];
	}
}

void
event_rows_add(EventRows *rows, const EventFacts *facts)
{
	int lane = rows->count++;

	rows->known[lane] = facts->known;
	rows->latitude[lane] = facts->latitude;
	rows->longitude[lane] = facts->longitude;
	rows->price[lane] = facts->price;
	rows->attendees[lane] = facts->attendees;
	rows->starts_at[lane] = facts->starts_at;
}

void
event_rows_get(const EventRows *rows, int lane, EventFacts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->version = EVENT_FACTS_VERSION;
	facts->known = rows->known[lane];
	facts->latitude = rows->latitude[lane];
	facts->longitude = rows->longitude[lane];
	facts->price = rows->price[lane];
	facts->attendees = rows->attendees[lane];
	facts->starts_at = rows->starts_at[lane];
	if (facts->known & EVENT_BIT(EVENT_LOCATION))
		geo_unit_vector(facts->latitude, facts->longitude, facts->xyz);
}
