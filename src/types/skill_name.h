/*
 * skill_name.h
 *	  Names of skills: any text of 1 to 255 bytes, folded so that equal skills are equal bytes.
 */
#ifndef SHORTLIST_TYPES_SKILL_NAME_H
#define SHORTLIST_TYPES_SKILL_NAME_H

#include "types/input_rule.h"

#define SKILL_NAME_MAX 255

typedef struct SkillName
{
	const char *bytes;
	uint32 length;
	uint32 hash;
} SkillName;

/*
 * Folds case by the database's collation, as citext does, and every run of
 * ASCII white space to one space.  Errors: 22023 if nothing is left (22P02 in
 * text), 54000 if it is longer than 255 bytes.
 */
extern SkillName skill_name_fold(const char *raw, int length, const InputPlace *place);

/* Folds case alone.  Returns what it was given where that is lower case already, else new memory. */
extern const char *skill_name_fold_case(const char *raw, int *length);

/* The name of an SQL argument. */
extern SkillName skill_name_from_text(const text *raw, const char *function);

/* Byte order of names. */
extern int skill_name_compare(const char *a, uint32 a_length, const char *b, uint32 b_length);

/* The order in which names are stored: by hash, then bytes. */
extern int skill_name_stored_order(const SkillName *a, const SkillName *b);

/* The name as skillset and jobspec write it, quoted where that is needed. */
extern void skill_name_append(StringInfo out, const char *name, uint32 length);

/* Characters that end a bare name. */
extern bool skill_name_is_special(char c);
extern bool skill_name_is_space(char c);

#endif /* SHORTLIST_TYPES_SKILL_NAME_H */
