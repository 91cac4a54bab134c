/*
 * content.h
 *	  What a segment holds, as the machinery of segments sees it: something that
 *	  is made of rows, gives them back, and is searched piece by piece.
 */
#ifndef SHORTLIST_AM_CONTENT_H
#define SHORTLIST_AM_CONTENT_H

#include "types/pg.h"

#include "access/genam.h"
#include "access/relscan.h"
#include "am/segment.h"
#include "am/writer.h"
#include "check/index_check.h"

/*
 * Where a search puts the rows that it finds, by their numbers in the segment:
 * whole values, to which the operators are applied, or, from a content that
 * has applied the filters itself, costs, which are the operator's.
 */
typedef struct RowSink
{
	void *state;
	void (*value)(void *state, uint32 row, const void *value);
	void (*scored)(void *state, uint32 row, double cost);
} RowSink;

/* What a search does before it returns a row, and what it finds. */
typedef struct SearchEstimate
{
	double pages;		   /* that it reads, here and there */
	double entries;		   /* of lists, that it looks at */
	double bounds;		   /* of pieces, that it computes */
	double opened;		   /* pieces, before one row is known to be the best; besides a few */
	double passing;		   /* rows that pass the filters, */
	bool is_passing_known; /* if the content can tell */
} SearchEstimate;

typedef struct SegmentContent SegmentContent;

struct SegmentContent
{
	/* kB of inserted rows from which they become a segment, unless an option says otherwise. */
	int tail_size;

	/*
	 * Making a segment.  begin_build() allocates in the current memory context
	 * and is given what it may use; rows come one by one or, alive ones only,
	 * from a segment that is there already; finish_build() writes all areas, the
	 * pointers of rows in the order of rows too, sets what the segment's record
	 * says of the content, and ends the build.
	 */
	void *(*begin_build)(const SegmentContent *content, Relation index, Size memory);
	void (*add_row)(void *build, const ItemPointerData *tid, const void *value);
	uint64 (*add_segment)(void *build, const SegmentReader *segment); /* returns how many */
	void (*finish_build)(void *build, SegmentWriter *writer, SegmentRecord *segment);

	/*
	 * Searching.  prepare() works out once what the operators and arguments are
	 * (without an order, all rows cost the same); begin_search() begins with one
	 * segment; best_cost() is the least that a row in the pieces not opened yet
	 * can cost, infinity if there are none; open_next() opens the piece that has
	 * it.
	 */
	void *(*prepare)(ScanKey order, ScanKey filters, int filter_count);
	void *(*begin_search)(const SegmentContent *content, void *prepared,
						  const SegmentReader *segment);
	double (*best_cost)(void *search);
	void (*open_next)(void *search, const RowSink *sink);

	/* Pieces of a segment. */
	uint32 (*pieces)(const SegmentRecord *segment);

	/*
	 * Checking.  check() holds the areas of a segment against one another, and
	 * every bound against the scores below it, and hands the entry of every row
	 * that has a value and was not deleted to check_entry(); its fingerprint is
	 * that of the value (check_fingerprint() of all its bytes).  flaw() says
	 * what is wrong with a value, or NULL.
	 */
	void (*check)(const SegmentContent *content, IndexCheck *check, const SegmentReader *segment);
	const char *(*flaw)(const void *value);

	/* For the planner: adds what a prepared search would do in a segment. */
	void (*estimate)(void *prepared, const SegmentReader *segment, SearchEstimate *estimate);
};

/* The content of an index, by support function 1 of its operator class. */
extern const SegmentContent *segment_content(Relation index);

#endif /* SHORTLIST_AM_CONTENT_H */
