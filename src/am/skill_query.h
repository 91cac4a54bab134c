/*
 * skill_query.h
 *	  A search for skillsets: what is asked, and where a segment has it.
 */
#ifndef SHORTLIST_AM_SKILL_QUERY_H
#define SHORTLIST_AM_SKILL_QUERY_H

#include "am/posting.h"
#include "core/skill_bound.h"
#include "types/jobspec.h"

/* A job, to order by or to filter by. */
typedef struct AskedJob
{
	JobScorer scorer;
	bool fit;			/* <-> */
	uint32 *asked;		/* of each name of the job, its position in SkillQuery */
	uint32 *item_names; /* positions of names, item by item */
	uint32 *item_end;	/* where the names of each item end in item_names */
} AskedJob;

/*
 * A filter: groups of skills, of which a row must have, of every group, some
 * skill at least at a level; and if it is @@, a job to qualify for, for which
 * that is only necessary.
 */
typedef struct Wanted
{
	SkillName name;
	uint32 asked;
	uint32 group;
	double level; /* 0: any */
} Wanted;

typedef struct SkillFilter
{
	uint32 group_count;
	uint32 wanted_count;
	Wanted *wanted; /* group by group */
	AskedJob *job;	/* or NULL */
} SkillFilter;

/* What a skill that is asked for means to one who asks. */
typedef struct AskedUse
{
	uint32 asked;
	AskedJob *job; /* whose names from first to before end it is, or NULL */
	uint32 first;
	uint32 end;
	SkillFilter *filter; /* if there is no job */
	const Wanted *wanted;
} AskedUse;

typedef struct SkillQuery
{
	AskedJob *order; /* NULL if all rows cost the same */
	uint32 filter_count;
	SkillFilter *filter;
	uint32 name_count; /* all names that are asked for, each once, in stored order */
	SkillName *name;
	uint32 use_count;
	AskedUse *use; /* by asked */
} SkillQuery;

extern void *skill_query_prepare(ScanKey order, ScanKey filters, int filter_count);

/* Where a segment has what is asked. */
typedef struct FoundTerm
{
	bool found;
	uint32 number;
	TermRecord record;
} FoundTerm;

extern FoundTerm *skill_query_find(const SkillQuery *query, const SegmentReader *segment);
extern void skill_query_estimate(void *query, const SegmentReader *segment,
								 SearchEstimate *estimate);

typedef struct SkillSearch
{
	const SkillQuery *query;
	const SegmentReader *segment;
	FoundTerm *term; /* of each name of the query */
	TermList **list; /* of each name, while windows are bounded; NULL if it was not read yet */
	struct SkillRows *rows;
} SkillSearch;

/* Bounding windows: skill_windows.c */
extern void skill_windows_bound(void *search, double *bound);

/* Rows of windows: skill_rows.c */
extern char *skill_rows_pack(const PostingRow *row, uint32 rows, Size *size);
extern bool skill_rows_unpack(const char *bytes, Size size, PostingRow *row, uint32 rows);
extern struct SkillRows *skill_rows_begin(const SkillSearch *search);
extern void skill_rows_visit(void *search, const char *bytes, Size size, uint32 first, uint32 rows,
							 const RowSink *sink);

/* The payload of a skillset's row: arrays, one value for each term. */
typedef struct SkillPayload
{
	bool practice;
	const int64 *last; /* NULL without practice */
	const float *level;
	const float *stability; /* NULL without practice */
} SkillPayload;

extern char *skill_payload_make(uint32 count, const int64 *last, const float *level,
								const float *stability, uint32 *bytes);
extern void skill_payload_read(const PostingRow *row, SkillPayload *payload);

#endif /* SHORTLIST_AM_SKILL_QUERY_H */
