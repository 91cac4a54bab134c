/*
 * skillset.h
 *	  The type skillset: skills with their levels.
 *
 * Layout, in order (native byte order; aligned for double):
 *
 *	byte 0	varlena header
 *	byte 4	version, 1
 *	byte 5	flags: bit 0: the skills carry when they were last practised; else 0
 *	byte 6	reserved, 0
 *	byte 8	number of skills, n
 *	byte 12	bytes of the names
 *	byte 16	if bit 0: int64[n]	last practice, microseconds since 2000-01-01 UTC,
 *							or SKILL_NO_TIME
 *			uint32[n]	hash of the name, ascending; ties by the name's bytes
 *			float4[n]	level, > 0
 *			if bit 0: float4[n]	stability in days, > 0, or 0 if not known
 *			uint32[n]	where the name ends in the names
 *			the names, one after another, folded
 *
 * Equal skillsets are equal bytes.  The arrays are what core/skill_score.h
 * reads, so scoring copies nothing: it compares integers and looks at names
 * only where hashes are equal.
 */
#ifndef SHORTLIST_TYPES_SKILLSET_H
#define SHORTLIST_TYPES_SKILLSET_H

#include "core/skill_score.h"
#include "types/skill_name.h"

typedef struct Skillset
{
	int32 vl_len_;
	uint8 version;
	uint8 flags;
	uint16 reserved;
	uint32 count;
	uint32 name_bytes;
} Skillset;

StaticAssertDecl(sizeof(Skillset) == 16, "skillset header is stored");
StaticAssertDecl(offsetof(Skillset, version) == 4, "skillset header is stored");
StaticAssertDecl(offsetof(Skillset, count) == 8, "skillset header is stored");
StaticAssertDecl(offsetof(Skillset, name_bytes) == 12, "skillset header is stored");
StaticAssertDecl(sizeof(float) == 4 && sizeof(double) == 8, "floats are stored");

#define SKILLSET_VERSION 1
#define SKILLSET_PRACTICE 0x01

#define DatumGetSkillset(datum) ((Skillset *) PG_DETOAST_DATUM(datum))
#define PG_GETARG_SKILLSET(n) DatumGetSkillset(PG_GETARG_DATUM(n))

/* The arrays of a stored skillset; error XX001 if they do not fit in it. */
extern void skillset_view(const Skillset *skillset, SkillView *view);

/*
 * What no skillset that this release makes would have, or NULL: the whole
 * value is looked at, where skillset_view() looks at its sizes.
 */
extern const char *skillset_flaw(const Skillset *skillset);

/* One skill on its way into a skillset. */
typedef struct SkillEntry
{
	SkillName name;
	float level;
	float stability; /* 0: not known */
	int64 last;		 /* SKILL_NO_TIME: not known */
	const char *at;	 /* place in the text, for errors */
} SkillEntry;

typedef struct SkillsetBuilder
{
	InputPlace place; /* of the whole input */
	bool keep_higher; /* of two entries of one skill keep the higher level; else an error */
	bool owns_names;  /* names were allocated one by one, for this builder */
	SkillEntry *entry;
	uint32 count;
	uint32 capacity;
} SkillsetBuilder;

extern void skillset_builder_init(SkillsetBuilder *builder, const InputPlace *place);

/* Adds a blank entry (level 1, no practice) for the caller to fill. */
extern SkillEntry *skillset_builder_add(SkillsetBuilder *builder, SkillName name);

/* Adds one that is stored already; its name stays where it is. */
extern void skillset_builder_add_stored(SkillsetBuilder *builder, const SkillView *view,
										uint32 skill);

/* A stability without a time of practice would mean nothing: error 22023. */
extern void skill_entry_check(const SkillEntry *entry, const InputPlace *place);

/* Sorts, finds duplicates and lays out. */
extern Skillset *skillset_builder_finish(SkillsetBuilder *builder);

/* The type's input function. */
extern Datum skillset_in(PG_FUNCTION_ARGS);

/* Position of a skill by name, or -1. */
extern int64 skillset_find(const SkillView *view, const SkillName *name);

extern SkillName skillset_name(const SkillView *view, uint32 skill);

/* Positions of all names in byte order, as text and lists show them; error XX001 if one is out of place. */
extern uint32 *skillset_names_in_order(const SkillView *view);

/* The same of names that are known to be in place. */
extern uint32 *names_in_order(const uint32 *name_end, const char *names, uint32 count);

#endif /* SHORTLIST_TYPES_SKILLSET_H */
