/*
 * event_gist.c
 *	  The GiST operator class of eventfacts: ordered by <=>, searched by @@.
 *
 * Keys are boxes (event_key.h), bounds are core/event_bound.h.  README has
 * the proof that the order is right.
 */
#include "types/pg.h"

#include <math.h>

#include "access/gist.h"
#include "access/stratnum.h"
#include "gist/event_key.h"
#include "gist/event_scan.h"
#include "types/eventfacts.h"
#include "types/eventpref.h"
#include "utils/sortsupport.h"

/* The type eventbox is for the index alone. */

PG_FUNCTION_INFO_V1(eventbox_in);
Datum
eventbox_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot accept a value of type %s", "eventbox"),
			 errdetail("It is what an index on eventfacts stores."),
			 errhint("A column of events has the type eventfacts.")));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(eventbox_out);
Datum
eventbox_out(PG_FUNCTION_ARGS)
{
	static const char *const names[EVENT_DIMENSIONS] = {"x",	 "y",		  "z",
														"price", "attendees", "start"};
	EventBox box;
	StringInfoData out;

	event_key_read_box(PG_GETARG_DATUM(0), &box);
	initStringInfo(&out);
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		unsigned bit = EVENT_BIT(event_dimension_criterion(d));

		appendStringInfo(&out, "%s%s ", d == 0 ? "" : ", ", names[d]);
		if (box.known & bit)
			appendStringInfo(&out, "%.9g..%.9g", box.low[d], box.high[d]);
		if (box.unknown & bit)
			appendStringInfoString(&out, box.known & bit ? " or unknown" : "unknown");
	}
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(event_gist_compress);
Datum
event_gist_compress(PG_FUNCTION_ARGS)
{
	GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY *compressed;

	if (!entry->leafkey)
		PG_RETURN_POINTER(entry);
	compressed = palloc(sizeof(GISTENTRY));
	gistentryinit(*compressed, event_key_of_facts(DatumGetEventFacts(entry->key)), entry->rel,
				  entry->page, entry->offset, false);
	PG_RETURN_POINTER(compressed);
}

/*
 * A leaf's key holds all that the operators see, so that their own function
 * answers for it and nothing is left to check on the row.
 */

/* facts @@ pref: is it acceptable, or can anything below be? */
PG_FUNCTION_INFO_V1(event_gist_consistent);
Datum
event_gist_consistent(PG_FUNCTION_ARGS)
{
	GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	bool *recheck = (bool *) PG_GETARG_POINTER(4);
	const EventScorer *scorer = event_scan_scorer(fcinfo, entry, false);
	EventFacts facts;
	EventValues values;
	EventBox box;

	*recheck = false;
	if (event_key_read_facts(entry->key, &facts))
	{
		event_values(scorer, &facts, &values);
		PG_RETURN_BOOL(event_acceptable(scorer, &values));
	}
	event_key_read_box(entry->key, &box);
	PG_RETURN_BOOL(event_box_acceptable(scorer, &box));
}

/* facts <=> pref: the cost, or at most that of anything below. */
PG_FUNCTION_INFO_V1(event_gist_distance);
Datum
event_gist_distance(PG_FUNCTION_ARGS)
{
	GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	bool *recheck = (bool *) PG_GETARG_POINTER(4);
	const EventScorer *scorer = event_scan_scorer(fcinfo, entry, true);
	EventFacts facts;
	EventValues values;
	EventBox box;

	*recheck = false;
	if (event_key_read_facts(entry->key, &facts))
	{
		event_values(scorer, &facts, &values);
		PG_RETURN_FLOAT8(1 - event_score(scorer, &values, NULL));
	}
	event_key_read_box(entry->key, &box);
	PG_RETURN_FLOAT8(1 - event_bound(scorer, &box));
}

PG_FUNCTION_INFO_V1(event_gist_union);
Datum
event_gist_union(PG_FUNCTION_ARGS)
{
	GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	int *size = (int *) PG_GETARG_POINTER(1);
	EventBox box;
	Datum key;

	event_key_read_box(entries->vector[0].key, &box);
	for (int i = 1; i < entries->n; i++)
	{
		EventBox other;

		event_key_read_box(entries->vector[i].key, &other);
		event_box_extend(&box, &other);
	}
	key = event_key_of_box(&box);
	*size = VARSIZE(DatumGetPointer(key));
	PG_RETURN_DATUM(key);
}

PG_FUNCTION_INFO_V1(event_gist_same);
Datum
event_gist_same(PG_FUNCTION_ARGS)
{
	const struct varlena *a = (const struct varlena *) PG_GETARG_POINTER(0);
	const struct varlena *b = (const struct varlena *) PG_GETARG_POINTER(1);
	bool *same = (bool *) PG_GETARG_POINTER(2);

	*same = VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
	PG_RETURN_POINTER(same);
}

/* What it costs a page to hold both events that know a criterion and events that do not. */
#define MIXED_COST 0.5

/* Length of a box in one dimension, in units of event_coordinate(). */
static double
extent(const EventBox *box, EventDimension dimension)
{
	unsigned bit = EVENT_BIT(event_dimension_criterion(dimension));
	double mixed = box->unknown & bit ? MIXED_COST : 0;

	if (!(box->known & bit))
		return 0;
	return mixed + event_coordinate(dimension, box->high[dimension]) -
		event_coordinate(dimension, box->low[dimension]);
}

/* Weighs the lengths of a box that need not grow: less than any growth that matters. */
#define TIE_COST 1e-6

/* How much the sum of all lengths grows: volumes are mostly 0 in so many dimensions. */
PG_FUNCTION_INFO_V1(event_gist_penalty);
Datum
event_gist_penalty(PG_FUNCTION_ARGS)
{
	GISTENTRY *original = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY *added = (GISTENTRY *) PG_GETARG_POINTER(1);
	float *penalty = (float *) PG_GETARG_POINTER(2);
	EventBox box, joined, other;
	double growth = 0;
	double size = 0;

	event_key_read_box(original->key, &box);
	event_key_read_box(added->key, &other);
	joined = box;
	event_box_extend(&joined, &other);
	for (int d = 0; d < EVENT_DIMENSIONS; d++)
	{
		/* most boxes hold most events already in most dimensions */
		if (joined.low[d] != box.low[d] || joined.high[d] != box.high[d] ||
			joined.known != box.known || joined.unknown != box.unknown)
			growth += extent(&joined, d) - extent(&box, d);
	}
	/* Of the boxes that hold the event already, the smallest; or else GiST would take any of them. */
	for (int d = 0; growth <= 0 && d < EVENT_DIMENSIONS; d++)
		size += extent(&box, d);
	*penalty = (float) (growth > 0 ? growth : TIE_COST * size);
	PG_RETURN_POINTER(penalty);
}

/* Small, since sorting moves them. */
typedef struct SplitItem
{
	double place; /* middle in the dimension that is split */
	OffsetNumber offset;
} SplitItem;

static double
middle(const EventBox *box, EventDimension dimension)
{
	if (!(box->known & EVENT_BIT(event_dimension_criterion(dimension))))
		return -HUGE_VAL;
	return event_coordinate(dimension, box->low[dimension]) +
		event_coordinate(dimension, box->high[dimension]);
}

static int
compare_places(const void *left, const void *right)
{
	const SplitItem *a = left;
	const SplitItem *b = right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return (int) a->offset - (int) b->offset;
}

/* box is by offset */
static Datum
union_of(const EventBox *box, const SplitItem *items, int count, OffsetNumber *offsets)
{
	EventBox all = box[items[0].offset];

	for (int i = 0; i < count; i++)
	{
		offsets[i] = items[i].offset;
		event_box_extend(&all, &box[items[i].offset]);
	}
	return event_key_of_box(&all);
}

/*
 * Halves the page at the median of its longest dimension, as a kd-tree does:
 * halves are of the same size, so that the batches of a sorted build come out
 * as full pages.
 */
PG_FUNCTION_INFO_V1(event_gist_picksplit);
Datum
event_gist_picksplit(PG_FUNCTION_ARGS)
{
	GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	GIST_SPLITVEC *split = (GIST_SPLITVEC *) PG_GETARG_POINTER(1);
	int count = entries->n - 1; /* the first is unused */
	SplitItem *item = palloc(count * sizeof(SplitItem));
	EventBox *box = palloc((count + FirstOffsetNumber) * sizeof(EventBox));
	EventBox all;
	EventDimension longest = EVENT_DIM_X;

	event_key_read_box(entries->vector[FirstOffsetNumber].key, &all);
	for (int i = 0; i < count; i++)
	{
		OffsetNumber offset = FirstOffsetNumber + i;

		item[i].offset = offset;
		event_key_read_box(entries->vector[offset].key, &box[offset]);
		event_box_extend(&all, &box[offset]);
	}
	for (int d = EVENT_DIM_Y; d < EVENT_DIMENSIONS; d++)
	{
		if (extent(&all, d) > extent(&all, longest))
			longest = d;
	}
	for (int i = 0; i < count; i++)
		item[i].place = middle(&box[item[i].offset], longest);
	qsort(item, count, sizeof(SplitItem), compare_places);

	split->spl_nleft = count / 2;
	split->spl_nright = count - split->spl_nleft;
	split->spl_left = palloc(split->spl_nleft * sizeof(OffsetNumber));
	split->spl_right = palloc(split->spl_nright * sizeof(OffsetNumber));
	split->spl_ldatum = union_of(box, item, split->spl_nleft, split->spl_left);
	split->spl_rdatum = union_of(box, item + split->spl_nleft, split->spl_nright, split->spl_right);
	PG_RETURN_POINTER(split);
}

/* Sorted build: along a curve through all dimensions. */

static Datum
curve_abbreviate(Datum original, SortSupport ssup)
{
	EventBox box;

	event_key_read_box(original, &box);
	return UInt64GetDatum(event_curve_position(&box));
}

static bool
curve_keep_abbreviating(int memtupcount, SortSupport ssup)
{
	/* the position is all there is to compare */
	return false;
}

static int
curve_compare_positions(Datum x, Datum y, SortSupport ssup)
{
	uint64 a = DatumGetUInt64(x);
	uint64 b = DatumGetUInt64(y);

	return a < b ? -1 : a > b;
}

static int
curve_compare_keys(Datum x, Datum y, SortSupport ssup)
{
	return curve_compare_positions(curve_abbreviate(x, ssup), curve_abbreviate(y, ssup), ssup);
}

PG_FUNCTION_INFO_V1(event_gist_sortsupport);
Datum
event_gist_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = curve_compare_keys;
#if SIZEOF_DATUM >= 8
	if (ssup->abbreviate)
	{
		ssup->comparator = curve_compare_positions;
		ssup->abbrev_converter = curve_abbreviate;
		ssup->abbrev_abort = curve_keep_abbreviating;
		ssup->abbrev_full_comparator = curve_compare_keys;
	}
#endif
	PG_RETURN_VOID();
}
