/*
 * damage.c
 *	  Errors for what is stored and cannot be right.
 */
#include "types/damage.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"

void
stored_value_damaged(const char *type, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored %s is damaged or of an unknown version", type),
			 detail == NULL ? 0 : errdetail("%s", detail),
			 errhint("Write the value again, or restore the row from a backup.")));
}

int
errhint_reindex(Relation index)
{
	return errhint("REINDEX INDEX %s;",
				   quote_qualified_identifier(get_namespace_name(RelationGetNamespace(index)),
											  RelationGetRelationName(index)));
}
