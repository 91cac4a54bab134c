/*
 * arrays.h
 *	  Parallel arrays as arguments: names beside their levels.
 */
#ifndef SHORTLIST_OPS_ARRAYS_H
#define SHORTLIST_OPS_ARRAYS_H

#include "types/skill_name.h"

typedef struct ArrayArgument
{
	bool given; /* not NULL */
	const char *name;
	int count;
	Datum *value;
	bool *null;
} ArrayArgument;

/*
 * Reads an argument that is an array of a built-in type.  Errors: 2202E where
 * it has more than one dimension, or not as many elements as `beside`.
 */
extern void array_argument(FunctionCallInfo fcinfo, int argument, Oid type, const char *name,
						   ArrayArgument *array, const ArrayArgument *beside);

/* An element; error 22004 if it is NULL. */
extern Datum array_element_not_null(const ArrayArgument *array, int i, const InputPlace *place);
extern double array_float8(const ArrayArgument *array, int i, const InputPlace *place);
extern SkillName array_skill_name(const ArrayArgument *array, int i, const InputPlace *place);

#endif /* SHORTLIST_OPS_ARRAYS_H */
