/*
 * arrays.c
 *	  Parallel arrays as arguments.
 */
#include "ops/arrays.h"

#include "utils/array.h"
#include "utils/lsyscache.h"

void
array_argument(FunctionCallInfo fcinfo, int argument, Oid type, const char *name,
			   ArrayArgument *array, const ArrayArgument *beside)
{
	ArrayType *datum;
	int16 length;
	bool by_value;
	char align;

	memset(array, 0, sizeof(*array));
	array->name = name;
	if (argument >= PG_NARGS() || PG_ARGISNULL(argument))
		return;
	datum = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(datum) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("array \"%s\" has %d dimensions", name, ARR_NDIM(datum)),
				 errhint("Pass a list, for example ARRAY['python', 'sql'].")));
	get_typlenbyvalalign(type, &length, &by_value, &align);
	deconstruct_array(datum, type, length, by_value, align, &array->value, &array->null,
					  &array->count);
	array->given = true;
	if (beside != NULL && beside->count != array->count)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays \"%s\" and \"%s\" differ in length", beside->name, name),
				 errdetail("They have %d and %d elements.", beside->count, array->count),
				 errhint("Pass one element for each skill.")));
}

Datum
array_element_not_null(const ArrayArgument *array, int i, const InputPlace *place)
{
	if (array->null[i])
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("element %d of \"%s\" is null", i + 1, array->name),
				 errdetail_place(place, NULL),
				 errhint("Leave out a skill of which something is not known.")));
	return array->value[i];
}

double
array_float8(const ArrayArgument *array, int i, const InputPlace *place)
{
	return DatumGetFloat8(array_element_not_null(array, i, place));
}

SkillName
array_skill_name(const ArrayArgument *array, int i, const InputPlace *place)
{
	text *name = DatumGetTextPP(array_element_not_null(array, i, place));

	return skill_name_fold(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), place);
}
