/*
 * learning_plan.c
 *	  learning_plan: which courses to take for a job within a budget.
 *
 * The courses come from a query of the caller's, run with the caller's rights
 * and snapshot, read-only, through a cursor; of each only what it reaches of
 * the job's items is kept, and nothing of one that adds nothing or costs more
 * than the budget.  How they are chosen is in core/learning_plan.h.
 *
 * Readiness after a step is that of the highest levels that count, of what is
 * held and of the courses so far: skill_readiness(have || teaches ..., goal).
 * Under a clock each level is faded first, while || would keep the higher one
 * as it was written.
 */
#include "types/pg.h"

#include "catalog/pg_type.h"
#include "core/learning_plan.h"
#include "executor/spi.h"
#include "ops/rows.h"
#include "ops/scorer_cache.h"
#include "types/skillset.h"
#include "utils/float.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define ROWS_PER_FETCH 1000

enum
{
	COLUMN_STEP,
	COLUMN_ID,
	COLUMN_GAIN,
	COLUMN_COST,
	COLUMN_GAIN_PER_COST,
	COLUMN_READINESS,
	COLUMN_TOTAL_COST,
	COLUMNS
};

/* A column of the courses query. */
typedef struct InputColumn
{
	const char *name;
	int number; /* from 1 */
	Oid type;	/* without domains */
} InputColumn;

typedef struct CourseColumns
{
	InputColumn id;
	InputColumn teaches;
	InputColumn cost;
} CourseColumns;

/* Courses as they are read: those that add something alone, and are within the budget. */
typedef struct CourseList
{
	JobScorer *held;	  /* matched with what is held */
	JobScorer *taught;	  /* of the same job, matched with one course after the other */
	MemoryContext memory; /* of what is kept */
	double budget;
	uint64 rows; /* read so far */
	uint32 count;
	uint32 capacity;
	int64 *id;
	Course *course;
} CourseList;

static const InputPlace plan_place = {"learning_plan()", NULL, NULL, NULL};

#define COLUMNS_HINT \
	"The query returns id (bigint), teaches (skillset) and cost (double precision)."

static InputColumn
find_column(TupleDesc columns, const char *name)
{
	InputColumn found = {name, 0, InvalidOid};

	for (int i = 0; i < columns->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(columns, i);

		if (strcmp(NameStr(column->attname), name) != 0)
			continue;
		if (found.number > 0)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("courses query of learning_plan() returns \"%s\" twice", name),
					 errhint(COLUMNS_HINT)));
		found.number = i + 1;
		found.type = getBaseType(column->atttypid);
	}
	if (found.number == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("courses query of learning_plan() returns no column \"%s\"", name),
				 errhint(COLUMNS_HINT)));
	return found;
}

static void
wrong_type(const InputColumn *column, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("column \"%s\" of the courses query of learning_plan() is of type %s",
					column->name, format_type_be(column->type)),
			 errhint("%s", hint)));
}

static InputColumn
id_column(TupleDesc columns)
{
	InputColumn column = find_column(columns, "id");

	if (column.type != INT8OID && column.type != INT4OID && column.type != INT2OID)
		wrong_type(&column,
				   "It is bigint, integer or smallint; number rows that have no such key by row_number().");
	return column;
}

static InputColumn
teaches_column(TupleDesc columns, Oid skillset)
{
	InputColumn column = find_column(columns, "teaches");

	if (column.type != skillset)
		wrong_type(&column, "It is skillset; cast it, as in teaches::skillset.");
	return column;
}

static InputColumn
cost_column(TupleDesc columns)
{
	InputColumn column = find_column(columns, "cost");

	switch (column.type)
	{
		case FLOAT8OID:
		case FLOAT4OID:
		case NUMERICOID:
		case INT8OID:
		case INT4OID:
		case INT2OID:
			break;
		default:
			wrong_type(&column, "It is a number, such as hours or a price.");
	}
	return column;
}

/* The value of a row, which must not be NULL. */
static Datum
column_value(HeapTuple row, TupleDesc columns, const InputColumn *column, uint64 number)
{
	bool null;
	Datum value = SPI_getbinval(row, columns, column->number, &null);

	if (null)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s is null in the courses query of learning_plan()", column->name),
				 errdetail("At row %llu.", (unsigned long long) number),
				 errhint("Leave such rows out with WHERE %s IS NOT NULL.", column->name)));
	return value;
}

static int64
integer_value(Datum value, Oid type)
{
	return type == INT8OID ? DatumGetInt64(value)
		: type == INT4OID  ? DatumGetInt32(value)
						   : DatumGetInt16(value);
}

static double
number_value(Datum value, Oid type)
{
	switch (type)
	{
		case FLOAT8OID:
			return DatumGetFloat8(value);
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case NUMERICOID:
			return DatumGetFloat8(DirectFunctionCall1(numeric_float8, value));
		default:
			return (double) integer_value(value, type);
	}
}

static void
make_room(CourseList *list)
{
	if (list->count < list->capacity)
		return;
	if (list->capacity > PG_UINT32_MAX / 4)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("courses query of learning_plan() returns too many courses"),
				 errhint("Leave out those that teach nothing of the goal.")));
	list->capacity *= 2;
	list->id = repalloc_huge(list->id, list->capacity * sizeof(int64));
	list->course = repalloc_huge(list->course, list->capacity * sizeof(Course));
}

/* Keeps the course, with what it reaches beyond what is held, if that is anything. */
static void
add_course(CourseList *list, int64 id, const SkillView *teaches, double cost)
{
	const JobScorer *taught = list->taught;
	uint32 beyond = 0;
	CourseReach *reach;
	Course *course;

	if (cost > list->budget)
		return;
	job_match(list->taught, teaches);
	for (uint32 i = 0; i < taught->job.item_count; i++)
		beyond += taught->reach[i] > list->held->reach[i];
	if (beyond == 0)
		return;
	make_room(list);
	reach = MemoryContextAllocHuge(list->memory, beyond * sizeof(CourseReach));
	course = &list->course[list->count];
	*course = (Course){cost, 0, reach};
	for (uint32 i = 0; i < taught->job.item_count; i++)
	{
		if (taught->reach[i] > list->held->reach[i])
			reach[course->reach_count++] = (CourseReach){i, taught->reach[i]};
	}
	list->id[list->count++] = id;
}

/* Memory is the row's. */
static void
read_course(CourseList *list, const CourseColumns *columns, HeapTuple row, TupleDesc types)
{
	uint64 number = ++list->rows;
	InputPlace place = plan_place;
	int64 id = integer_value(column_value(row, types, &columns->id, number), columns->id.type);
	Datum teaches = column_value(row, types, &columns->teaches, number);
	double cost =
		number_value(column_value(row, types, &columns->cost, number), columns->cost.type);
	SkillView view;

	place.key = psprintf("course %lld", (long long) id);
	cost = rule_float8(&CostRule, cost, &place);
	skillset_view(DatumGetSkillset(teaches), &view);
	add_course(list, id, &view, cost);
}

static void
read_rows(CourseList *list, const CourseColumns *columns, Portal portal)
{
	MemoryContext row_memory =
		AllocSetContextCreate(CurrentMemoryContext, "learning plan row", ALLOCSET_DEFAULT_SIZES);

	for (;;)
	{
		MemoryContext before;

		SPI_cursor_fetch(portal, true, ROWS_PER_FETCH);
		if (SPI_processed == 0)
			break;
		before = MemoryContextSwitchTo(row_memory);
		for (uint64 i = 0; i < SPI_processed; i++)
		{
			CHECK_FOR_INTERRUPTS();
			read_course(list, columns, SPI_tuptable->vals[i], SPI_tuptable->tupdesc);
			MemoryContextReset(row_memory);
		}
		MemoryContextSwitchTo(before);
		SPI_freetuptable(SPI_tuptable);
	}
}

/* Runs the query, with the rights of the caller. */
static void
read_courses(CourseList *list, const char *query, Oid skillset)
{
	CourseColumns columns;
	SPIPlanPtr plan;
	Portal portal;

	SPI_connect();
	plan = SPI_prepare(query, 0, NULL);
	if (plan == NULL || !SPI_is_cursor_plan(plan))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("courses of learning_plan() is not one query that returns rows"),
				 errhint(COLUMNS_HINT)));
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	columns.id = id_column(portal->tupDesc);
	columns.teaches = teaches_column(portal->tupDesc, skillset);
	columns.cost = cost_column(portal->tupDesc);
	read_rows(list, &columns, portal);
	SPI_cursor_close(portal);
	SPI_finish();
}

static void
serve_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

static void
return_steps(RowSet *rows, const CourseList *list, const PlanStep *steps, uint32 count)
{
	for (uint32 i = 0; i < count; i++)
	{
		const PlanStep *step = &steps[i];
		double cost = list->course[step->course].cost;
		Datum values[COLUMNS];
		bool nulls[COLUMNS] = {false};

		values[COLUMN_STEP] = Int32GetDatum((int32) i + 1);
		values[COLUMN_ID] = Int64GetDatum(list->id[step->course]);
		values[COLUMN_GAIN] = Float8GetDatum(step->gain);
		values[COLUMN_COST] = Float8GetDatum(cost);
		values[COLUMN_GAIN_PER_COST] =
			Float8GetDatum(cost > 0 ? step->gain / cost : get_float8_infinity());
		values[COLUMN_READINESS] = Float8GetDatum(step->readiness);
		values[COLUMN_TOTAL_COST] = Float8GetDatum(step->spent);
		add_row(rows, values, nulls);
	}
}

static void
plan_courses(FunctionCallInfo fcinfo, RowSet *rows)
{
	MemoryContext lasting = CurrentMemoryContext;
	MemoryContext memory = AllocSetContextCreate(lasting, "learning plan", ALLOCSET_DEFAULT_SIZES);
	const Jobspec *goal = PG_GETARG_JOBSPEC(0);
	InputPlace place = plan_place;
	CourseList list = {.memory = memory, .capacity = 64};
	SkillView have;
	Oid *arguments;
	int argument_count;
	PlanStep *steps;
	uint32 count;

	list.budget = rule_float8(&BudgetRule, PG_GETARG_FLOAT8(2), &place);
	(void) get_func_signature(fcinfo->flinfo->fn_oid, &arguments, &argument_count);
	MemoryContextSwitchTo(memory);
	list.held = new_job_scorer(goal);
	list.taught = new_job_scorer(goal);
	list.id = palloc(list.capacity * sizeof(int64));
	list.course = palloc(list.capacity * sizeof(Course));
	skillset_view(PG_GETARG_SKILLSET(1), &have);
	job_match(list.held, &have);
	read_courses(&list, text_to_cstring(PG_GETARG_TEXT_PP(3)), arguments[1]);

	MemoryContextSwitchTo(memory);
	steps = palloc_extended(Max(1, list.count) * sizeof(PlanStep), MCXT_ALLOC_HUGE);
	count =
		learning_plan(list.held, list.course, list.count, list.budget, steps,
					  palloc_extended(Max(1,
										  learning_plan_size(list.held->job.item_count, list.count)),
									  MCXT_ALLOC_HUGE),
					  serve_interrupts);
	MemoryContextSwitchTo(lasting);
	return_steps(rows, &list, steps, count);
	MemoryContextDelete(memory);
}

/* learning_plan() is taken by core */
PG_FUNCTION_INFO_V1(sql_learning_plan);
Datum
sql_learning_plan(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, plan_courses);
}
