/*
 * jobspec.h
 *	  The type jobspec: what a role asks.
 *
 * Layout, in order (native byte order; aligned for double):
 *
 *	byte 0	varlena header
 *	byte 4	version, 1
 *	byte 5	flags: bit 0: has a clock; bit 1: has a threshold; else 0
 *	byte 6	reserved, 0
 *	byte 8	number of items, m
 *	byte 12	number of names, n >= m: one for each item and one for each alternative
 *	byte 16	float8	threshold: least readiness to qualify, or 0
 *	byte 24	int64	clock: when levels are asked for, microseconds since
 *					2000-01-01 UTC, or 0
 *	byte 32	JobItem[m]	need, from, weight, must and own name, in byte order of the
 *					items' names (see core/skill_score.h)
 *			uint32[n]	hash of the name, ascending; ties by the name's bytes, then by item
 *			uint32[n]	the item that the name serves
 *			float4[n]	credit; 1 for an item's own name
 *			uint32[n]	where the name ends in the names
 *			the names, one after another, folded
 *
 * Equal jobspecs are equal bytes.
 */
#ifndef SHORTLIST_TYPES_JOBSPEC_H
#define SHORTLIST_TYPES_JOBSPEC_H

#include "core/skill_score.h"
#include "types/skill_name.h"

typedef struct Jobspec
{
	int32 vl_len_;
	uint8 version;
	uint8 flags;
	uint16 reserved;
	uint32 item_count;
	uint32 name_count;
	double threshold;
	int64 as_of;
} Jobspec;

StaticAssertDecl(sizeof(Jobspec) == 32, "jobspec header is stored");
StaticAssertDecl(offsetof(Jobspec, item_count) == 8, "jobspec header is stored");
StaticAssertDecl(offsetof(Jobspec, threshold) == 16, "jobspec header is stored");
StaticAssertDecl(offsetof(Jobspec, as_of) == 24, "jobspec header is stored");
StaticAssertDecl(offsetof(JobItem, from) == 4, "job items are stored");
StaticAssertDecl(offsetof(JobItem, weight) == 8, "job items are stored");
StaticAssertDecl(offsetof(JobItem, own) == 12, "job items are stored");
StaticAssertDecl(sizeof(JobItem) == 16, "job items are stored");

#define JOBSPEC_VERSION 1
#define JOBSPEC_AS_OF 0x01
#define JOBSPEC_THRESHOLD 0x02

#define DatumGetJobspec(datum) ((Jobspec *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_JOBSPEC(n) DatumGetJobspec(PG_GETARG_DATUM(n))

/* The arrays of a stored jobspec; error XX001 if they do not fit in it. */
extern void jobspec_view(const Jobspec *jobspec, JobView *view);

/*
 * Error XX001 if names or numbers are not as a stored jobspec has them: what a
 * search is led by has to be in order, or its bounds mean nothing.
 */
extern void jobspec_check_contents(const JobView *view);

/* As skillset_flaw(). */
extern const char *jobspec_flaw(const Jobspec *jobspec);

/* The names that serve an item besides its own: their positions, in byte order. */
typedef struct JobAlternatives
{
	uint32 *position;
	uint32 count;
} JobAlternatives;

typedef struct JobAlternative
{
	SkillName name;
	float credit;
} JobAlternative;

/* One item on its way into a jobspec. */
typedef struct JobEntry
{
	SkillName name;
	float need;
	float from;
	float weight;
	bool must;
	uint32 alternative_count;
	JobAlternative *alternative;
	const char *at; /* place in the text, for errors */
} JobEntry;

typedef struct JobspecBuilder
{
	InputPlace place;
	JobEntry *entry;
	uint32 count;
	uint32 capacity;
	int64 as_of;		/* or SKILL_NO_TIME */
	double threshold;	/* or 0 */
	bool has_threshold; /* it was given, if only as 0 */
} JobspecBuilder;

extern void jobspec_builder_init(JobspecBuilder *builder, const InputPlace *place);

/* Adds an item (need 1, weight 1, no alternatives) for the caller to fill. */
extern JobEntry *jobspec_builder_add(JobspecBuilder *builder, SkillName name);
extern void jobspec_entry_add_alternative(JobEntry *entry, SkillName name, float credit);

/* Adds a stored item with its alternatives; names stay where they are. */
extern JobEntry *jobspec_builder_add_stored(JobspecBuilder *builder, const JobView *view,
											uint32 item, const JobAlternatives *alternatives);

/* Checks what concerns several parts (from < need, names that stand twice), sorts and lays out. */
extern Jobspec *jobspec_builder_finish(JobspecBuilder *builder);

extern SkillName jobspec_name(const JobView *view, uint32 position);

/* Where the names that are the same skill as the one at `first` end. */
extern uint32 jobspec_names_end(const JobView *job, uint32 first);

/* For every item its alternatives. */
extern JobAlternatives *jobspec_alternatives(const JobView *view);

#endif /* SHORTLIST_TYPES_JOBSPEC_H */
