/*
 * event_rank.c
 *	  The operators <=> and @@ of eventfacts and eventpref, the score and its explanation.
 */
#include "types/pg.h"

#include "datatype/timestamp.h"
#include "ops/rows.h"
#include "ops/scorer_cache.h"
#include "types/eventfacts.h"
#include "types/eventpref.h"

static double
score(FunctionCallInfo fcinfo, int facts_argument)
{
	const EventScorer *scorer = cached_event_scorer(fcinfo, 1 - facts_argument);
	EventValues values;

	event_values(scorer, PG_GETARG_EVENTFACTS(facts_argument), &values);
	return event_score(scorer, &values, NULL);
}

/* event_score() and event_acceptable() are taken by core */
PG_FUNCTION_INFO_V1(sql_event_score);
Datum
sql_event_score(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(score(fcinfo, 0));
}

PG_FUNCTION_INFO_V1(event_cost);
Datum
event_cost(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(1 - score(fcinfo, 0));
}

PG_FUNCTION_INFO_V1(pref_cost);
Datum
pref_cost(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(1 - score(fcinfo, 1));
}

static Datum
acceptable(FunctionCallInfo fcinfo, int facts_argument)
{
	const EventScorer *scorer = cached_event_scorer(fcinfo, 1 - facts_argument);
	EventValues values;

	event_values(scorer, PG_GETARG_EVENTFACTS(facts_argument), &values);
	PG_RETURN_BOOL(event_acceptable(scorer, &values));
}

PG_FUNCTION_INFO_V1(sql_event_acceptable);
Datum
sql_event_acceptable(PG_FUNCTION_ARGS)
{
	return acceptable(fcinfo, 0);
}

PG_FUNCTION_INFO_V1(pref_accepts);
Datum
pref_accepts(PG_FUNCTION_ARGS)
{
	return acceptable(fcinfo, 1);
}

/* Seconds from the Unix epoch to PostgreSQL's. */
#define UNIX_EPOCH_SECONDS ((double) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static void
explain(FunctionCallInfo fcinfo, RowSet *rows)
{
	EventScorer scorer;
	EventValues values;
	EventParts parts;

	event_scorer_init(&scorer, PG_GETARG_EVENTPREF(1));
	event_values(&scorer, PG_GETARG_EVENTFACTS(0), &values);
	(void) event_score(&scorer, &values, &parts);
	for (int c = 0; c < EVENT_CRITERIA; c++)
	{
		bool known = (values.known & EVENT_BIT(c)) != 0;
		bool used = (parts.used & EVENT_BIT(c)) != 0;
		Datum row[6];
		bool nulls[6] = {false, !known, !used, false, false, false};

		if (!(scorer.counts & EVENT_BIT(c)))
			continue;
		row[0] = PointerGetDatum(cstring_to_text(EventCriterionNames[c]));
		row[1] = Float8GetDatum(values.value[c] + (c == EVENT_START ? UNIX_EPOCH_SECONDS : 0));
		row[2] = Float8GetDatum(parts.utility[c]);
		row[3] = Float8GetDatum(scorer.pref.wish[c].weight);
		row[4] = Float8GetDatum(parts.contribution[c]);
		row[5] = BoolGetDatum(!known);
		add_row(rows, row, nulls);
	}
}

PG_FUNCTION_INFO_V1(event_explain);
Datum
event_explain(PG_FUNCTION_ARGS)
{
	return return_rows(fcinfo, explain);
}
