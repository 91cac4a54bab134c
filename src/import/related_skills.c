/*
 * related_skills.c
 *	  jobspec_expand: skills that a table relates to those a job asks become alternatives.
 *
 * The table is read by SPI, as any query of the user.  Names are folded on both
 * sides, in the table by skill_name(), on which it may have an index.
 */
#include "types/pg.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "import/vocabulary_version.h"
#include "types/jobspec.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

static const InputPlace Place = {"jobspec_expand()", NULL, NULL, NULL};

/* A skill that serves an item. */
typedef struct RelatedSkill
{
	SkillName skill; /* the item */
	SkillName related;
	float credit;
} RelatedSkill;

typedef struct RelatedSkills
{
	RelatedSkill *row;
	uint64 count;
	uint64 capacity;
} RelatedSkills;

static void
check_columns(Oid table)
{
	static const char *const needed[] = {"skill", "related"};

	if (get_rel_relkind(table) == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE), errmsg("table with OID %u does not exist", table),
				 errhint("Name a table, for example 'related_skills'::regclass.")));
	for (size_t i = 0; i < lengthof(needed); i++)
	{
		if (get_attnum(table, needed[i]) == InvalidAttrNumber)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("\"%s\" has no column \"%s\"", get_rel_name(table), needed[i]),
					 errhint("Relations have the columns skill and related, and perhaps credit.")));
	}
}

static const char *
relations_query(Oid table, Oid schema)
{
	const char *skill_name = quote_qualified_identifier(get_namespace_name(schema), "skill_name");

	return psprintf("SELECT %s(CAST(skill AS pg_catalog.text)), %s(CAST(related AS pg_catalog.text)),"
					" CAST(%s AS pg_catalog.float8) FROM %s"
					" WHERE %s(CAST(skill AS pg_catalog.text)) OPERATOR(pg_catalog.=) ANY ($1)",
					skill_name, skill_name,
					get_attnum(table, "credit") == InvalidAttrNumber ? "NULL" : "credit",
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(table)),
											   get_rel_name(table)),
					skill_name);
}

static Datum
item_names(const JobView *view)
{
	Datum *names = palloc_extended(Max(1, view->item_count) * sizeof(Datum), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < view->item_count; i++)
	{
		SkillName name = jobspec_name(view, job_item_own(&view->item[i]));

		names[i] = PointerGetDatum(cstring_to_text_with_len(name.bytes, name.length));
	}
	return PointerGetDatum(construct_array(names, view->item_count, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

/* A folded name, copied into the current memory. */
static SkillName
name_of_column(HeapTuple row, TupleDesc columns, int column, Oid table)
{
	bool null;
	Datum value = SPI_getbinval(row, columns, column, &null);

	if (null)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("a related skill is null in \"%s\"", get_rel_name(table)),
				 errhint("Every row relates two skills.")));
	return skill_name_from_text(DatumGetTextPP(value), Place.type);
}

static void
add_relation(RelatedSkills *relations, SkillName skill, SkillName related, float credit)
{
	if (relations->count == relations->capacity)
	{
		relations->capacity = Max(16, 2 * relations->capacity);
		if (relations->row == NULL)
			relations->row = palloc(relations->capacity * sizeof(RelatedSkill));
		else
			relations->row =
				repalloc_huge(relations->row, relations->capacity * sizeof(RelatedSkill));
	}
	relations->row[relations->count++] = (RelatedSkill){skill, related, credit};
}

/* The rows of the table about the job's items. */
static void
read_relations(RelatedSkills *relations, Oid table, Oid schema, const JobView *view,
			   float default_credit)
{
	Oid types[1] = {TEXTARRAYOID};
	Datum values[1] = {item_names(view)};
	MemoryContext memory = CurrentMemoryContext;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_execute_with_args(relations_query(table, schema), 1, types, values, NULL, true, 0) !=
		SPI_OK_SELECT)
		elog(ERROR, "could not read \"%s\"", get_rel_name(table));
	MemoryContextSwitchTo(memory);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple row = SPI_tuptable->vals[i];
		TupleDesc columns = SPI_tuptable->tupdesc;
		SkillName skill = name_of_column(row, columns, 1, table);
		SkillName related = name_of_column(row, columns, 2, table);
		InputPlace place = Place;
		bool null;
		Datum credit = SPI_getbinval(row, columns, 3, &null);

		CHECK_FOR_INTERRUPTS();
		place.key = related.bytes;
		add_relation(relations, skill, related,
					 null ? default_credit
						  : rule_float4(&CreditRule, DatumGetFloat8(credit), &place));
	}
	SPI_finish();
}

/* By item, then by related skill, the best credit of each first. */
static int
compare_relations(const void *left, const void *right)
{
	const RelatedSkill *a = left;
	const RelatedSkill *b = right;
	int order = skill_name_stored_order(&a->skill, &b->skill);

	CHECK_FOR_INTERRUPTS();
	if (order == 0)
		order = skill_name_stored_order(&a->related, &b->related);
	return order != 0 ? order : (a->credit < b->credit) - (a->credit > b->credit);
}

/* Gives an entry the alternatives among the sorted relations; of one skill the best credit. */
static void
add_alternatives(JobEntry *entry, const RelatedSkills *relations)
{
	RelatedSkill wanted = {entry->name, {"", 0, 0}, FLT_MAX};
	uint64 low = 0;
	uint64 high = relations->count;

	/* the first that is about this item */
	while (low < high)
	{
		uint64 middle = low + (high - low) / 2;

		if (compare_relations(&relations->row[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (uint64 i = low; i < relations->count; i++)
	{
		const RelatedSkill *row = &relations->row[i];

		if (skill_name_stored_order(&row->skill, &entry->name) != 0)
			break;
		if (skill_name_stored_order(&row->related, &entry->name) != 0 &&
			(i == low || skill_name_stored_order(&row->related, &row[-1].related) != 0))
			jobspec_entry_add_alternative(entry, row->related, row->credit);
	}
}

/* jobspec_expand(job, relations, credit) */
PG_FUNCTION_INFO_V1(jobspec_expand);
Datum
jobspec_expand(PG_FUNCTION_ARGS)
{
	Oid table = PG_GETARG_OID(1);
	float credit = rule_float4(&CreditRule, PG_GETARG_FLOAT8(2), &Place);
	RelatedSkills relations = {NULL, 0, 0};
	JobView view;
	JobAlternatives *alternatives;
	JobspecBuilder builder;

	check_columns(table);
	jobspec_view(PG_GETARG_JOBSPEC(0), &view);
	alternatives = jobspec_alternatives(&view);
	read_relations(&relations, table, schema_of_function(fcinfo), &view, credit);

	/* those that the job has already compete with the new ones */
	for (uint32 i = 0; i < view.item_count; i++)
	{
		for (uint32 a = 0; a < alternatives[i].count; a++)
		{
			uint32 position = alternatives[i].position[a];

			add_relation(&relations, jobspec_name(&view, job_item_own(&view.item[i])),
						 jobspec_name(&view, position), view.credit[position]);
		}
		alternatives[i].count = 0;
	}
	if (relations.count > 0)
		qsort(relations.row, relations.count, sizeof(RelatedSkill), compare_relations);
	jobspec_builder_init(&builder, &Place);
	builder.as_of = view.as_of;
	builder.threshold = view.threshold;
	for (uint32 i = 0; i < view.item_count; i++)
		add_alternatives(jobspec_builder_add_stored(&builder, &view, i, alternatives), &relations);
	PG_RETURN_POINTER(jobspec_builder_finish(&builder));
}
