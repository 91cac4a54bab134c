/*
 * damage.h
 *	  Errors for what is stored and cannot be right.
 */
#ifndef SHORTLIST_TYPES_DAMAGE_H
#define SHORTLIST_TYPES_DAMAGE_H

#include "types/pg.h"

#include "utils/rel.h"

/* XX001: a stored value of this type; the detail may be NULL. */
NO_RETURN extern void stored_value_damaged(const char *type, const char *detail);

/* Part of an ereport(): the command that mends the index. */
extern int errhint_reindex(Relation index);

#endif /* SHORTLIST_TYPES_DAMAGE_H */
