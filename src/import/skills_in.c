/*
 * skills_in.c
 *	  skills_in: the skills that a text names; and registering a vocabulary.
 */
#include "types/pg.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "import/vocabulary_table.h"
#include "import/vocabulary_version.h"
#include "ops/rows.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

static void
add_found_skill(const FoundSkill *found, void *state)
{
	bool nulls[3] = {false};
	Datum values[3];

	values[0] = PointerGetDatum(cstring_to_text_with_len(found->skill, found->skill_length));
	values[1] = PointerGetDatum(cstring_to_text_with_len(found->start, found->end - found->start));
	values[2] = Int32GetDatum((int32) found->character);
	add_row(state, values, nulls);
	pfree(DatumGetPointer(values[0]));
	pfree(DatumGetPointer(values[1]));
}

static void
list_found_skills(FunctionCallInfo fcinfo, RowSet *rows)
{
	text *input = PG_GETARG_TEXT_PP(0);
	const Vocabulary *vocabulary = vocabulary_of_table(fcinfo, PG_GETARG_OID(1));

	vocabulary_search(vocabulary, VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), add_found_skill,
					  rows);
}

/* skills_in(text, vocabulary) */
PG_FUNCTION_INFO_V1(skills_in);
Datum
skills_in(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, list_found_skills);
}

static void
check_can_register(Oid table)
{
	char kind = get_rel_relkind(table);

	if (kind == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table with OID %u does not exist", table),
				 errhint("Name a table, for example 'vocabulary'::regclass.")));
	if (kind != RELKIND_RELATION)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" cannot be registered, since it is no ordinary table",
						get_rel_name(table)),
				 errhint("skills_in() reads it all the same, once in each statement or, views and foreign tables, at each call.")));
	if (!owns_relation(table, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, get_rel_name(table));
	check_vocabulary_columns(table);
}

static void
execute(const char *command)
{
	if (SPI_execute(command, false, 0) != SPI_OK_UTILITY)
		elog(ERROR, "could not execute \"%s\"", command);
}

/* skill_vocabulary(table): lets sessions keep it compiled until it changes */
PG_FUNCTION_INFO_V1(skill_vocabulary);
Datum
skill_vocabulary(PG_FUNCTION_ARGS)
{
	Oid table = PG_GETARG_OID(0);
	const char *name;

	check_can_register(table);
	name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)),
									  get_rel_name(table));
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	execute(psprintf("CREATE OR REPLACE TRIGGER skill_vocabulary_changed"
					 " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s"
					 " FOR EACH STATEMENT EXECUTE FUNCTION %s()",
					 name,
					 quote_qualified_identifier(get_namespace_name(schema_of_function(fcinfo)),
												"skill_vocabulary_changed")));
	/* also where session_replication_role keeps other triggers from firing */
	execute(psprintf("ALTER TABLE %s ENABLE ALWAYS TRIGGER skill_vocabulary_changed", name));
	SPI_finish();
	PG_RETURN_OID(table);
}
