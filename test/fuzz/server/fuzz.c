/*
 * fuzz.c
 *	  libFuzzer within a session of the server, which is what the readers need
 *	  around them.  Linked into the extension, whose code it counts.
 */
#include "one_input.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "catalog/pg_type_d.h"
#include "utils/array.h"

extern int LLVMFuzzerRunDriver(int *count, char ***argument,
							   int (*run)(const uint8 *bytes, size_t size));

/* How often each edge of the extension was taken: the compiler's own counters. */
extern uint8 __start___sancov_cntrs[] __attribute__((visibility("hidden")));
extern uint8 __stop___sancov_cntrs[] __attribute__((visibility("hidden")));

static int
run_input(const uint8 *bytes, size_t size)
{
	char *problem = reader_problem(bytes, size);

	if (problem != NULL)
	{
		fprintf(stderr, "PROBLEM %s\n", problem);
		abort();
	}
	return 0;
}

PG_FUNCTION_INFO_V1(fuzz_reader);

/*
 * fuzz_reader(name, log, VARIADIC arguments of libFuzzer).  Ends the session, as libFuzzer ends its
 * process: what became of it is in the log.
 */
Datum
fuzz_reader(PG_FUNCTION_ARGS)
{
	int log = open(text_to_cstring(PG_GETARG_TEXT_PP(1)), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	Datum *given;
	int count;
	char **argument;

	reader_prepare(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), TEXTOID, -1, false, TYPALIGN_INT, &given, NULL,
					  &count);
	argument = palloc0((count + 2) * sizeof(char *));
	argument[0] = "fuzz_reader";
	for (int i = 0; i < count; i++)
		argument[i + 1] = TextDatumGetCString(given[i]);
	count++;
	if (log < 0 || dup2(log, STDERR_FILENO) < 0)
		elog(ERROR, "cannot write the log: %m");
	/* It counts the seconds of an input by an alarm, but leaves alone one that is taken. */
	signal(SIGALRM, SIG_DFL);
	LLVMFuzzerRunDriver(&count, &argument, run_input);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(input_is_new);

/* True if the input goes where none of this session went before. */
Datum
input_is_new(PG_FUNCTION_ARGS)
{
	static bool *seen = NULL;
	size_t edges = __stop___sancov_cntrs - __start___sancov_cntrs;
	bytea *input = PG_GETARG_BYTEA_PP(1);
	bool is_new = false;

	if (seen == NULL)
		seen = calloc(edges, sizeof(bool));
	reader_prepare(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	memset(__start___sancov_cntrs, 0, edges);
	reader_problem((uint8 *) VARDATA_ANY(input), VARSIZE_ANY_EXHDR(input));
	for (size_t i = 0; i < edges; i++)
	{
		is_new |= __start___sancov_cntrs[i] != 0 && !seen[i];
		seen[i] |= __start___sancov_cntrs[i] != 0;
	}
	PG_RETURN_BOOL(is_new);
}
