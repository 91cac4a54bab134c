/*
 * skill_hash.h
 *	  The hash by which skill names are sorted and compared.
 *
 * It is part of the format of stored skillsets and jobspecs: it never changes.
 */
#ifndef SHORTLIST_CORE_SKILL_HASH_H
#define SHORTLIST_CORE_SKILL_HASH_H

#include <stddef.h>
#include <stdint.h>

/* 32-bit FNV-1a (Fowler, Noll, Vo), then the finaliser of MurmurHash3 so that the high bits mix. */
static inline uint32_t
skill_hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char) name[i]) * 16777619u;
	hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
	hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
	return hash ^ (hash >> 16);
}

#endif /* SHORTLIST_CORE_SKILL_HASH_H */
