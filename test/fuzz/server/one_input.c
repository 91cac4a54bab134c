/*
 * one_input.c
 *	  Runs the statements of a reader on one input, and makes values of bytes:
 *	  what make test and fuzzing have in common.
 */
#include "one_input.h"

#include "access/xact.h"
#include "catalog/pg_type_d.h"
#include "executor/spi.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* With libFuzzer it is a part of the extension, which has that. */
#ifndef WITH_LIBFUZZER
PG_MODULE_MAGIC;
#endif

#define MOST_STATEMENTS 200

typedef struct Statement
{
	char *text;
	char *may_raise; /* classes and states of errors, with blanks between them */
	SPIPlanPtr plan;
} Statement;

static struct
{
	char *name;
	int count;
	Statement statement[MOST_STATEMENTS];
	MemoryContext memory; /* of one input */
} reader;

static void
forget_reader(void)
{
	for (int i = 0; i < reader.count; i++)
	{
		SPI_freeplan(reader.statement[i].plan);
		pfree(reader.statement[i].text);
		pfree(reader.statement[i].may_raise);
	}
	reader.count = 0;
	if (reader.name != NULL)
		pfree(reader.name);
	reader.name = NULL;
}

static void
keep_statement(const char *text, const char *may_raise)
{
	Statement *statement = &reader.statement[reader.count];

	if (reader.count == MOST_STATEMENTS)
		elog(ERROR, "a reader has more than %d statements", MOST_STATEMENTS);
	statement->plan = SPI_prepare(text, 1, (Oid[]){BYTEAOID});
	if (statement->plan == NULL || SPI_keepplan(statement->plan) != 0)
		elog(ERROR, "cannot prepare: %s", text);
	statement->text = MemoryContextStrdup(TopMemoryContext, text);
	statement->may_raise = MemoryContextStrdup(TopMemoryContext, may_raise);
	reader.count++;
}

void
reader_prepare(const char *name)
{
	char *query;
	SPITupleTable *rows;

	if (reader.name != NULL && strcmp(reader.name, name) == 0)
		return;
	forget_reader();
	if (reader.memory == NULL)
		reader.memory =
			AllocSetContextCreate(TopMemoryContext, "one input", ALLOCSET_DEFAULT_SIZES);
	SPI_connect();
	query = psprintf("SELECT statement, may_raise FROM fuzz.reader WHERE name = %s ORDER BY n",
					 quote_literal_cstr(name));
	if (SPI_execute(query, true, 0) != SPI_OK_SELECT || SPI_processed == 0)
		elog(ERROR, "there is no reader \"%s\"", name);
	rows = SPI_tuptable;
	for (uint64 i = 0; i < rows->numvals; i++)
		keep_statement(SPI_getvalue(rows->vals[i], rows->tupdesc, 1),
					   SPI_getvalue(rows->vals[i], rows->tupdesc, 2));
	SPI_finish();
	reader.name = MemoryContextStrdup(TopMemoryContext, name);
}

/* True if one of the words is what the state begins with. */
static bool
may_be_raised(const char *may_raise, const char *state)
{
	const char *word = may_raise;

	/* How the server tells of SIGFPE. */
	if (strcmp(state, "22P01") == 0)
		return false;
	while (*word != '\0')
	{
		size_t length = strcspn(word, " ");

		if (length > 0 && strncmp(word, state, length) == 0)
			return true;
		word += length + strspn(word + length, " ");
	}
	return false;
}

static char *
answer_problem(const Statement *statement)
{
	bool is_null;
	Datum answer;

	if (SPI_processed != 1)
		return psprintf("%lu rows: %s", (unsigned long) SPI_processed, statement->text);
	if (SPI_gettypeid(SPI_tuptable->tupdesc, 1) != BOOLOID)
		return NULL;
	answer = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null);
	if (is_null || DatumGetBool(answer))
		return NULL;
	return psprintf("false: %s", statement->text);
}

/* In a transaction of its own within the caller's, which is undone: errors leave nothing behind. */
static char *
statement_problem(const Statement *statement, Datum input)
{
	MemoryContext caller = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char *volatile problem = NULL;

	BeginInternalSubTransaction(NULL);
	PG_TRY();
	{
		SPI_connect();
		SPI_execute_plan(statement->plan, &input, " ", true, 0);
		problem = answer_problem(statement);
		if (problem != NULL)
			problem = MemoryContextStrdup(caller, problem);
		SPI_finish();
	}
	PG_CATCH();
	{
		ErrorData *error;
		char *state;

		MemoryContextSwitchTo(caller);
		error = CopyErrorData();
		FlushErrorState();
		state = unpack_sql_state(error->sqlerrcode);
		if (!may_be_raised(statement->may_raise, state))
			problem = psprintf("%s %s (%s, %s:%d): %s", state, error->message, error->funcname,
							   error->filename, error->lineno, statement->text);
	}
	PG_END_TRY();
	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(caller);
	CurrentResourceOwner = owner;
	return problem;
}

char *
reader_problem(const uint8 *bytes, size_t size)
{
	MemoryContext caller;
	char *problem = NULL;
	bytea *input;

	MemoryContextReset(reader.memory);
	caller = MemoryContextSwitchTo(reader.memory);
	input = palloc(VARHDRSZ + size);
	SET_VARSIZE(input, VARHDRSZ + size);
	memcpy(VARDATA(input), bytes, size);
	for (int i = 0; i < reader.count && problem == NULL; i++)
		problem = statement_problem(&reader.statement[i], PointerGetDatum(input));
	MemoryContextSwitchTo(caller);
	return problem;
}

PG_FUNCTION_INFO_V1(input_problem);

Datum
input_problem(PG_FUNCTION_ARGS)
{
	bytea *input = PG_GETARG_BYTEA_PP(1);
	char *problem;

	reader_prepare(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	problem = reader_problem((uint8 *) VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input));
	if (problem == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(problem));
}

/* --- values of bytes ---------------------------------------------------------- */

static void
free_copy(void *copy)
{
	free(copy);
}

/*
 * The input after `before` bytes and before `after` zeros, in memory of exactly
 * that size, so that the address sanitizer sees a step beside it.  It lasts as
 * long as what palloc() gives.
 */
static char *
exact_copy(const bytea *input, size_t before, size_t after)
{
	size_t size = VARSIZE_ANY_EXHDR(input);
	char *copy = calloc(1, Max(1, before + size + after));
	MemoryContextCallback *callback = palloc(sizeof(MemoryContextCallback));

	if (copy == NULL)
		elog(ERROR, "no memory for a copy of the input");
	callback->func = free_copy;
	callback->arg = copy;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	memcpy(copy + before, VARDATA_ANY(input), size);
	return copy;
}

/* Text comes to a function only in the database's encoding. */
static void
check_encoding(const bytea *input)
{
	pg_verify_mbstr(GetDatabaseEncoding(), VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input), false);
}

PG_FUNCTION_INFO_V1(read_text);
PG_FUNCTION_INFO_V1(read_binary);
PG_FUNCTION_INFO_V1(read_stored);

/* The value that the type's input function makes of the bytes. */
Datum
read_text(PG_FUNCTION_ARGS)
{
	bytea *input = PG_GETARG_BYTEA_PP(0);
	Oid function, parameter;

	check_encoding(input);
	getTypeInputInfo(get_fn_expr_argtype(fcinfo->flinfo, 1), &function, &parameter);
	return OidInputFunctionCall(function, exact_copy(input, 0, 1), parameter, -1);
}

/* That of its binary input function, which finds a zero after the message. */
Datum
read_binary(PG_FUNCTION_ARGS)
{
	bytea *input = PG_GETARG_BYTEA_PP(0);
	StringInfoData message;
	Oid function, parameter;
	Datum value;

	message.data = exact_copy(input, 0, 1);
	message.len = VARSIZE_ANY_EXHDR(input);
	message.maxlen = message.len + 1;
	message.cursor = 0;
	getTypeBinaryInputInfo(get_fn_expr_argtype(fcinfo->flinfo, 1), &function, &parameter);
	value = OidReceiveFunctionCall(function, &message, parameter, -1);
	if (message.cursor != message.len)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("%d bytes are left", message.len - message.cursor)));
	return value;
}

/* The bytes as they would be stored, behind the header if the type has one. */
Datum
read_stored(PG_FUNCTION_ARGS)
{
	bytea *input = PG_GETARG_BYTEA_PP(0);
	Oid type = get_fn_expr_argtype(fcinfo->flinfo, 1);
	int16 length = get_typlen(type);
	char *value;

	if (type == TEXTOID)
		check_encoding(input);
	if (length > 0)
	{
		if ((int) VARSIZE_ANY_EXHDR(input) != length)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a value of the type has %d bytes", length)));
		return PointerGetDatum(exact_copy(input, 0, 0));
	}
	value = exact_copy(input, VARHDRSZ, 0);
	SET_VARSIZE(value, VARHDRSZ + VARSIZE_ANY_EXHDR(input));
	return PointerGetDatum(value);
}
