/*
 * posting.h
 *	  A content of segments: rows that have terms.
 *
 * Rows are sorted so that those alike are together, and cut into windows.  For
 * each term there is a list of the windows that have it, with the best values
 * there; so a search bounds all windows by adding up a few lists.  Two kinds
 * of values are stored this way, skillsets and jobs.
 */
#ifndef SHORTLIST_AM_POSTING_H
#define SHORTLIST_AM_POSTING_H

#include "am/content.h"
#include "am/list.h"
#include "types/skill_name.h"

/* Areas */
#define AREA_WINDOWS AREA_1 /* WindowRecord of each */
#define AREA_VALUES AREA_2	/* what the rows of each window hold */
#define AREA_TERMS AREA_3	/* TermRecord of each, by hash, then bytes of the name */
#define AREA_NAMES AREA_4	/* their bytes */
#define AREA_LISTS AREA_5

/* Counts */
#define posting_windows(segment) ((segment)->count[0])
#define posting_window_rows(segment) ((segment)->count[1]) /* the last window can have fewer */
#define posting_terms(segment) ((segment)->count[2])

typedef struct WindowRecord
{
	uint64 offset; /* in AREA_VALUES */
	uint32 bytes;
	uint32 flags; /* of the kind, of any row */
} WindowRecord;

typedef struct TermRecord
{
	uint32 hash;
	uint32 rows;	/* that have it */
	uint32 windows; /* entries of its list */
	uint32 name_length;
	uint64 name_offset;
	uint64 list_offset;
	uint64 list_bytes;
} TermRecord;

StaticAssertDecl(sizeof(WindowRecord) == 16, "window record is stored");
StaticAssertDecl(sizeof(TermRecord) == 40, "term record is stored");

/*
 * A row taken apart: the numbers of its terms, ascending in the order of
 * AREA_TERMS, and what else there is to know of it.
 */
typedef struct PostingRow
{
	uint32 count;
	uint32 bytes;
	uint32 *term;
	char *payload; /* aligned for int64 */
} PostingRow;

/* Called for every term of a value, in that order. */
typedef void (*TermVisitor)(void *state, uint32 hash, const char *name, uint32 length);

typedef struct PostingKind
{
	SegmentContent content; /* POSTING_CONTENT */

	int window_rows; /* unless an option says otherwise */
	int fields; /* values of a term in a list, at most TERM_FIELDS_MAX; the greater, the better */
	uint16 table_max[TERM_FIELDS_MAX]; /* different values of a field in a list, at most 256 */

	/* Taking a value apart: its terms, and then its payload, which is allocated. */
	void (*visit_terms)(const void *value, TermVisitor visit, void *state);
	char *(*payload)(const void *value, uint32 *bytes);

	/* The best values of each term of a row; returns flags for its window. */
	uint32 (*fields_of)(const PostingRow *row, ListEntry *entry);

	/*
	 * Packing rows into a window, and back, in the current memory context.  If
	 * payloads are whole values, unpacked rows need no terms: NULL.  False if the
	 * bytes make no sense.
	 */
	char *(*pack)(const PostingRow *row, uint32 rows, Size *size);
	bool (*unpack)(const char *bytes, Size size, PostingRow *row, uint32 rows);

	/*
	 * Checking: a value again, of a row and the names of its terms; something to
	 * ask, made of names and as many levels, for the operators that order.
	 */
	struct varlena *(*restore)(const PostingRow *row, const SkillName *name);
	struct varlena *(*question)(const SkillName *name, const float *level, uint32 count);

	/* Searching: see SegmentContent, which has prepare() and estimate(); then for one segment. */
	void *(*begin)(void *prepared, const SegmentReader *segment);

	/*
	 * Raises bound[], which is 0 for each window, to at least the best score
	 * (1 - cost) that any of its rows can have; below 0 where none can pass.
	 */
	void (*bound)(void *search, double *bound);

	/* Passes the rows of a window on; PACKING_SLACK bytes more than its size can be read. */
	void (*visit_window)(void *search, const char *bytes, Size size, uint32 first, uint32 rows,
						 const RowSink *sink);
} PostingKind;

#define WINDOW_RULED_OUT (-1.0)

/* Building: posting_build.c */
extern void *posting_begin_build(const SegmentContent *content, Relation index, Size memory);
extern void posting_add_row(void *build, const ItemPointerData *tid, const void *value);
extern uint64 posting_add_segment(void *build, const SegmentReader *segment);
extern void posting_finish_build(void *build, SegmentWriter *writer, SegmentRecord *segment);

/* Searching: posting_search.c */
extern void *posting_begin_search(const SegmentContent *content, void *prepared,
								  const SegmentReader *segment);
extern double posting_best_cost(void *search);
extern void posting_open_next(void *search, const RowSink *sink);
extern uint32 posting_pieces(const SegmentRecord *segment);

/* What bounding the windows takes, and what reading the list of a term does. */
extern void posting_estimate_windows(const SegmentRecord *segment, SearchEstimate *estimate);
extern void posting_estimate_list(const TermRecord *term, SearchEstimate *estimate);

/* What all kinds have in common. */
#define POSTING_CONTENT(prepare_, estimate_, flaw_)                                               \
	{                                                                                             \
		.tail_size = 1024, .begin_build = posting_begin_build, .add_row = posting_add_row,        \
		.add_segment = posting_add_segment, .finish_build = posting_finish_build,                 \
		.prepare = (prepare_), .begin_search = posting_begin_search,                              \
		.best_cost = posting_best_cost, .open_next = posting_open_next, .pieces = posting_pieces, \
		.check = posting_check, .flaw = (flaw_), .estimate = (estimate_),                         \
	}

/* Checking: posting_check.c */
extern void posting_check(const SegmentContent *content, IndexCheck *check,
						  const SegmentReader *segment);

/* Reading: posting_read.c */

/* What cannot be in the record of a segment of postings, or NULL. */
extern const char *posting_flaw(const SegmentRecord *segment);

/* The number of a term and its record, or false. */
extern bool posting_find_term(const SegmentReader *segment, uint32 hash, const char *name,
							  uint32 length, uint32 *number, TermRecord *term);

extern void posting_list(const SegmentReader *segment, int fields, const TermRecord *term,
						 TermList *list);

extern WindowRecord *posting_window_records(const SegmentReader *segment);
extern uint32 posting_row_count(const SegmentRecord *segment, uint32 window);

/* The bytes of a window, and PACKING_SLACK more, allocated. */
extern char *posting_window(const SegmentReader *segment, uint32 window, Size *size);

#endif /* SHORTLIST_AM_POSTING_H */
