/*
 * event_pairs.c
 *	  Which of many listings may be of the same event.
 *
 * Listings of which hour and place are known are sorted by bands of latitude
 * as wide as the distance that is allowed, and by start within a band.  So
 * what may pair with one of them stands in its own band or the next, within a
 * window of time that is found by bisection.  The others are few, and are
 * compared with all listings of their window, sorted by start alone.
 */
#include "import/event_pairs.h"

#include <math.h>

#include "core/geo.h"

typedef struct PairSearch
{
	int64 within;
	double within_km;
	double within_chord; /* the same, and a little more, as the square of a chord */
	PairVisitor visit;
	void *context;
} PairSearch;

/* A listing and the number of its band. */
typedef struct Banded
{
	Listing *listing;
	int32 band;
} Banded;

/* Could they be one event?  Where an hour is not known, any hour of the day is near. */
static bool
near_in_time(const Listing *a, const Listing *b, int64 within)
{
	int64 apart = b->starts_at - a->starts_at;
	int64 least = -within - (b->date_only && !a->date_only ? USECS_PER_DAY : 0);
	int64 most = within + (a->date_only && !b->date_only ? USECS_PER_DAY : 0);

	return apart >= least && apart <= most;
}

bool
may_be_one_event(const Listing *a, const Listing *b, int64 within, double within_km, double *km)
{
	*km = -1;
	if ((a->source == b->source && a->source >= 0) || !near_in_time(a, b, within))
		return false;
	if (!a->has_place || !b->has_place)
		return true;
	*km = geo_km(a->place, b->place);
	return *km <= within_km;
}

static void
consider(const PairSearch *search, Listing *a, Listing *b)
{
	double km;

	/* Most are far apart: the chord tells so at little cost. */
	if (a->has_place && b->has_place && geo_chord_squared(a->place, b->place) > search->within_chord)
		return;
	if (may_be_one_event(a, b, search->within, search->within_km, &km))
		search->visit(a, b, km, search->context);
}

static int
compare_start(const void *a, const void *b)
{
	const Listing *x = a;
	const Listing *y = b;

	CHECK_FOR_INTERRUPTS();
	if (x->starts_at != y->starts_at)
		return x->starts_at < y->starts_at ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int
compare_band(const void *a, const void *b)
{
	const Banded *x = a;
	const Banded *y = b;

	if (x->band != y->band)
		return x->band < y->band ? -1 : 1;
	return compare_start(x->listing, y->listing);
}

/* The first of a sorted array that is at or after this band and start. */
static int
first_banded(const Banded *banded, int count, int32 band, TimestampTz start)
{
	int low = 0;

	while (low < count)
	{
		int middle = low + (count - low) / 2;

		if (banded[middle].band < band ||
			(banded[middle].band == band && banded[middle].listing->starts_at < start))
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

static int
first_start(const Listing *listings, int count, TimestampTz start)
{
	int low = 0;

	while (low < count)
	{
		int middle = low + (count - low) / 2;

		if (listings[middle].starts_at < start)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

static void
pair_banded(const PairSearch *search, const Banded *banded, int count)
{
	for (int i = 0; i < count; i++)
	{
		Listing *a = banded[i].listing;
		TimestampTz last = a->starts_at + search->within;

		CHECK_FOR_INTERRUPTS();
		for (int j = i + 1;
			 j < count && banded[j].band == banded[i].band && banded[j].listing->starts_at <= last;
			 j++)
			consider(search, a, banded[j].listing);
		for (int j = first_banded(banded, count, banded[i].band + 1, a->starts_at - search->within);
			 j < count && banded[j].band == banded[i].band + 1 &&
			 banded[j].listing->starts_at <= last;
			 j++)
			consider(search, a, banded[j].listing);
	}
}

static bool
is_banded(const Listing *listing)
{
	return listing->has_place && !listing->date_only;
}

/* Pairs of which at least one is not in a band; listings are sorted by start. */
static void
pair_others(const PairSearch *search, Listing *listings, int count)
{
	int64 reach = search->within + USECS_PER_DAY;

	for (int i = 0; i < count; i++)
	{
		if (is_banded(&listings[i]))
			continue;
		CHECK_FOR_INTERRUPTS();
		for (int j = first_start(listings, count, listings[i].starts_at - reach);
			 j < count && listings[j].starts_at <= listings[i].starts_at + reach; j++)
			if (j != i && (is_banded(&listings[j]) || i < j))
				consider(search, &listings[i], &listings[j]);
	}
}

void
each_near_pair(Listing *listings, int count, int64 within, double within_km, PairVisitor visit,
			   void *context)
{
	PairSearch search = {within, within_km, 0, visit, context};
	Banded *banded;
	double band_degrees = Max(within_km, 0.001) / EARTH_RADIUS_KM * (180 / M_PI) * 1.000001;
	int bands = 0;

	/* Chords are rounded; the distance itself decides. */
	search.within_chord = geo_km_chord_squared(within_km) * 1.000001 + 1e-15;
	qsort(listings, count, sizeof(Listing), compare_start);
	banded = palloc_extended(Max(count, 1) * sizeof(Banded), MCXT_ALLOC_HUGE);
	for (int i = 0; i < count; i++)
		if (is_banded(&listings[i]))
		{
			banded[bands].listing = &listings[i];
			banded[bands++].band = (int32) floor((listings[i].latitude + 90) / band_degrees);
		}
	qsort(banded, bands, sizeof(Banded), compare_band);
	pair_banded(&search, banded, bands);
	pair_others(&search, listings, count);
	pfree(banded);
}
