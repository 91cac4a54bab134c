/*
 * content.h
 *	  What a segment holds, as the machinery of segments sees it: values that
 *	  have terms, and queries that bound windows by the terms' lists.
 */
#ifndef SHORTLIST_AM_CONTENT_H
#define SHORTLIST_AM_CONTENT_H

#include "types/pg.h"

#include "access/skey.h"
#include "am/segment.h"

/* Called for every term of a value. */
typedef void (*TermVisitor)(void *state, uint32 hash, const char *name, uint32 length,
							const uint16 *fields);

typedef struct SegmentContent
{
	int fields; /* for each term, at most TERM_FIELDS_MAX; the greater, the better */

	/* Visits the terms of a value, each once; returns flags for its window. */
	uint32 (*visit_terms)(const struct varlena *value, TermVisitor visit, void *state);

	/* What ORDER BY column <operator> argument needs to bound windows. */
	void *(*prepare_order)(StrategyNumber strategy, Datum argument);

	/*
	 * Raises bound[], which is 0 for each window, to at least the best score
	 * (1 - cost) that any of its rows can have.
	 */
	void (*bound)(void *order, const SegmentReader *segment, double *bound);

	/* What WHERE column <operator> argument needs to rule windows out. */
	void *(*prepare_filter)(StrategyNumber strategy, Datum argument);

	/* Sets possible[] to false for windows where no row can pass. */
	void (*rule_out)(void *filter, const SegmentReader *segment, bool *possible);
} SegmentContent;

/* The content of an index, by support function 1 of its operator class. */
extern const SegmentContent *segment_content(Relation index);

#endif /* SHORTLIST_AM_CONTENT_H */
