/*
 * validate.c
 *	  amvalidate: what an operator class of this access method must have.
 */
#include "am/am.h"

#include "access/amvalidate.h"
#include "access/htup_details.h"
#include "am/skill_content.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_type.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

static bool
complain(const char *opclass, const char *what, const char *name)
{
	ereport(INFO,
			(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
			 errmsg("operator class \"%s\" of access method %s is not valid: %s", opclass,
					"shortlist", name),
			 errdetail("%s", what)));
	return false;
}

/* One support function, number 1, from internal to internal. */
static bool
validate_functions(const char *opclass, Oid family, Oid type)
{
	CatCList *list = SearchSysCacheList1(AMPROCNUM, ObjectIdGetDatum(family));
	bool valid = true;
	bool found = false;

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_amproc function = (Form_pg_amproc) GETSTRUCT(&list->members[i]->tuple);
		const char *name = format_procedure(function->amproc);

		if (function->amproclefttype != function->amprocrighttype)
			valid = complain(opclass, "It is for two different types.", name);
		if (function->amprocnum != 1)
			valid = complain(opclass, "There is no support function of that number.", name);
		else if (!check_amproc_signature(function->amproc, INTERNALOID, true, 1, 1, INTERNALOID))
			valid = complain(opclass, "It must take internal and return internal.", name);
		else if (function->amproclefttype == type)
			found = true;
	}
	ReleaseCatCacheList(list);
	if (!found)
		valid = complain(opclass, "It says what segments hold.", "support function 1 is missing");
	return valid;
}

static bool
validate_operators(const char *opclass, Oid family)
{
	CatCList *list = SearchSysCacheList1(AMOPSTRATEGY, ObjectIdGetDatum(family));
	bool valid = true;

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_amop op = (Form_pg_amop) GETSTRUCT(&list->members[i]->tuple);
		const char *name = format_operator(op->amopopr);
		bool ordering = op->amopstrategy == SHORTLIST_STRATEGY_READINESS ||
			op->amopstrategy == SHORTLIST_STRATEGY_FIT;
		Oid result = ordering ? FLOAT8OID : BOOLOID;

		if (op->amopstrategy < 1 || op->amopstrategy > SHORTLIST_STRATEGIES)
			valid = complain(opclass, "There is no such strategy.", name);
		else if (ordering != (op->amoppurpose == AMOP_ORDER))
			valid = complain(opclass, "Its strategy is not for that purpose.", name);
		if (op->amoppurpose == AMOP_ORDER && !opfamily_can_sort_type(op->amopsortfamily, FLOAT8OID))
			valid = complain(opclass, "It must be sorted as float8.", name);
		if (!check_amop_signature(op->amopopr, result, op->amoplefttype, op->amoprighttype))
			valid = complain(opclass, "Its types are not those of the strategy.", name);
	}
	ReleaseCatCacheList(list);
	return valid;
}

bool
shortlist_validate(Oid opclass)
{
	HeapTuple tuple = SearchSysCache1(CLAOID, ObjectIdGetDatum(opclass));
	Form_pg_opclass form;
	char *name;
	Oid family;
	Oid type;
	bool valid;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for operator class %u", opclass);
	form = (Form_pg_opclass) GETSTRUCT(tuple);
	name = pstrdup(NameStr(form->opcname));
	family = form->opcfamily;
	type = form->opcintype;
	ReleaseSysCache(tuple);

	valid = validate_functions(name, family, type);
	return validate_operators(name, family) && valid;
}
