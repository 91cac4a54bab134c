/*
 * posting_search.c
 *	  Searching a segment of postings: windows in the order of their bounds.
 */
#include "am/posting.h"

#include <math.h>

#include "utils/float.h"

/*
 * Windows are taken in stages: those above a threshold are gathered and sorted,
 * and when they are used up, those above the next one.  Most are never sorted.
 * Thresholds come from a histogram of every so many-th window.
 */
#define FIRST_STAGE 256 /* windows that the first stage should have, about */
#define STAGE_GROWTH 8
#define BINS 1024
#define SAMPLE_STEP 8
#define SAMPLE_ALL 4096 /* fewer windows than this are all looked at */

/* The share of windows that are opened before the first row is known to be the best. */
#define FIRST_SHARE 0.003

typedef struct PostingSearch
{
	const PostingKind *kind;
	const SegmentReader *segment;
	void *search; /* the kind's */
	uint32 windows;
	double *bound;	/* of every window */
	uint32 *window; /* those of this stage, the best first */
	uint32 count;
	uint32 next;
	double threshold; /* all windows from here up were gathered */
	uint32 stage_size;
} PostingSearch;

void *
posting_begin_search(const SegmentContent *content, void *prepared, const SegmentReader *segment)
{
	PostingSearch *search = palloc0(sizeof(PostingSearch));
	const char *flaw = posting_flaw(segment->segment);

	if (flaw != NULL)
		segment_damaged(segment, flaw);
	search->kind = (const PostingKind *) content;
	search->segment = segment;
	search->windows = posting_windows(segment->segment);
	search->bound = palloc_extended(((Size) search->windows + 1) * sizeof(double),
									MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	search->window =
		palloc_extended(((Size) search->windows + 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	search->threshold = get_float8_infinity();
	search->stage_size = FIRST_STAGE;
	search->search = search->kind->begin(prepared, segment);
	search->kind->bound(search->search, search->bound);
	return search;
}

static int
compare_bounds(const void *left, const void *right, void *arg)
{
	const double *bound = arg;
	uint32 a = *(const uint32 *) left;
	uint32 b = *(const uint32 *) right;

	CHECK_FOR_INTERRUPTS();
	if (bound[a] != bound[b])
		return bound[a] > bound[b] ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* Above which about as many windows are left as the stage should have. */
static double
next_threshold(const PostingSearch *search)
{
	uint32 step = search->windows < SAMPLE_ALL ? 1 : SAMPLE_STEP;
	uint32 wanted = search->stage_size / step;
	uint32 bin[BINS];
	uint32 found = 0;

	memset(bin, 0, sizeof(bin));
	for (uint32 w = 0; w < search->windows; w += step)
	{
		double bound = search->bound[w];

		if (bound >= 0 && bound < search->threshold)
			bin[(uint32) ((1 - bound) * (BINS - 1))]++;
	}
	for (uint32 b = 0; b < BINS - 1; b++)
	{
		double edge = 1 - (b + 1) / (double) (BINS - 1);

		found += bin[b];
		if (found >= wanted && edge < search->threshold)
			return Max(edge, 0);
	}
	return 0;
}

/* Gathers and sorts the windows of the next stage; false if there is none. */
static bool
next_stage(PostingSearch *search)
{
	double upper = search->threshold;
	double lower;

	if (upper <= 0)
		return false;
	lower = next_threshold(search);
	search->threshold = lower;
	search->stage_size *= STAGE_GROWTH;
	search->count = search->next = 0;
	for (uint32 w = 0; w < search->windows; w++)
	{
		if (search->bound[w] >= lower && search->bound[w] < upper)
			search->window[search->count++] = w;
	}
	qsort_arg(search->window, search->count, sizeof(uint32), compare_bounds, search->bound);
	return true;
}

double
posting_best_cost(void *state)
{
	PostingSearch *search = state;

	while (search->next == search->count)
	{
		if (!next_stage(search))
			return get_float8_infinity();
	}
	return 1 - search->bound[search->window[search->next]];
}

void
posting_open_next(void *state, const RowSink *sink)
{
	PostingSearch *search = state;
	uint32 window = search->window[search->next++];
	Size size;
	char *bytes = posting_window(search->segment, window, &size);

	search->kind->visit_window(search->search, bytes, size,
							   window * posting_window_rows(search->segment->segment),
							   posting_row_count(search->segment->segment, window), sink);
	pfree(bytes);
}

uint32
posting_pieces(const SegmentRecord *segment)
{
	return posting_windows(segment);
}

void
posting_estimate_windows(const SegmentRecord *segment, SearchEstimate *estimate)
{
	estimate->bounds += posting_windows(segment);
	estimate->opened += FIRST_SHARE * posting_windows(segment);
}

void
posting_estimate_list(const TermRecord *term, SearchEstimate *estimate)
{
	estimate->pages += ceil((double) term->list_bytes / PAGE_ROOM);
	estimate->entries += term->windows;
}
