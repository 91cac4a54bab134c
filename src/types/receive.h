/*
 * receive.h
 *	  Reading binary input, which may hold anything.  Errors: 22P03.
 */
#ifndef SHORTLIST_TYPES_RECEIVE_H
#define SHORTLIST_TYPES_RECEIVE_H

#include "types/skill_name.h"

NO_RETURN extern void receive_error(const InputPlace *place, const char *detail);

/* The version byte that a value begins with. */
extern void receive_version(StringInfo in, int version, const InputPlace *place);

/* A count of parts of at least so many bytes each: no more than the message can still hold. */
extern uint32 receive_count(StringInfo in, int least_bytes, const InputPlace *place);

/* A name: int32 length, then text in the client's encoding. */
extern SkillName receive_name(StringInfo in, const InputPlace *place);

#endif /* SHORTLIST_TYPES_RECEIVE_H */
