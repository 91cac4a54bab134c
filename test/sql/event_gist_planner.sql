-- When the planner takes the GiST index on events, and what it expects of @@.

CREATE TABLE plan_events AS
SELECT id, CASE WHEN id % 50 > 0 THEN event_facts(CASE WHEN id % 7 > 0 THEN 40 + id * 37 % 1009 / 80.0 END, CASE WHEN id % 7 > 0 THEN 5 + id * 53 % 997 / 80.0 END,
       id * 71 % 991 / 10.0, CASE WHEN id % 11 > 0 THEN id * 29 % 311 END, '2026-12-01 00:00+00'::timestamptz + id * 97 % 1013 * interval '1 hour') END AS facts
FROM generate_series(1, 10000) id;
CREATE INDEX plan_events_facts ON plan_events USING gist (facts);
VACUUM ANALYZE plan_events;

-- How a query is begun: the topmost scan, and whether it brings the order.  What versions do otherwise is left out: since 17 the planner
-- knows the order of a subquery and sorts incrementally, and since 18 it keeps a node of its own for it.
CREATE FUNCTION scan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    node jsonb;
    sort text := '';
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO node;
    node := node #> '{0,Plan}';
    WHILE node ? 'Plans' AND (node ->> 'Node Type' !~ 'Scan' OR node ->> 'Node Type' = 'Subquery Scan') LOOP
        sort := sort || CASE WHEN node ->> 'Node Type' ~ 'Sort' THEN 'sort of ' ELSE '' END;
        node := node #> '{Plans,0}';
    END LOOP;
    RETURN sort || lower(node ->> 'Node Type') || CASE WHEN node ? 'Order By' THEN ' in order' ELSE '' END || CASE WHEN node ? 'Index Cond' THEN ' with condition' ELSE '' END;
END $$;

-- The best ones: the index, in order.
SELECT scan_of('SELECT id FROM plan_events ORDER BY facts <=> event_pref(budget => 10) LIMIT 1');
SELECT scan_of('SELECT id FROM plan_events ORDER BY facts <=> event_pref(budget => 10) LIMIT 100');
SELECT scan_of('SELECT id FROM plan_events ORDER BY event_pref(budget => 10) <=> facts LIMIT 100');
SELECT scan_of('SELECT min(facts <=> event_pref(budget => 10)) FROM plan_events');
SELECT scan_of('SELECT id FROM plan_events WHERE facts @@ event_pref(budget => 10, max_price => 20) ORDER BY facts <=> event_pref(budget => 10) LIMIT 1');
-- What few rows pass: the index, by the condition.  What most pass: all rows.
SELECT scan_of('SELECT id FROM plan_events WHERE facts @@ event_pref(latitude => 45, longitude => 10, within_km => 5, max_km => 10)');
SELECT scan_of('SELECT id FROM plan_events WHERE facts @@ event_pref(budget => 10, max_price => 1)');
SELECT scan_of('SELECT id FROM plan_events WHERE facts @@ event_pref(budget => 10, max_price => 90)');
SELECT scan_of('SELECT id FROM plan_events WHERE facts @@ event_pref(budget => 10)');
-- Small tables, all of which is wanted in order: sorted.
CREATE TABLE plan_few AS SELECT * FROM plan_events LIMIT 500;
CREATE INDEX plan_few_facts ON plan_few USING gist (facts);
VACUUM ANALYZE plan_few;
SELECT scan_of('SELECT id FROM plan_few ORDER BY facts <=> event_pref(budget => 10)');
SELECT scan_of('SELECT id FROM plan_few ORDER BY facts <=> event_pref(budget => 10) LIMIT 1');
SELECT scan_of('SELECT id FROM plan_few WHERE facts @@ event_pref(budget => 10)');
-- The same order by the operator's function.
SELECT scan_of('SELECT id FROM plan_events ORDER BY event_cost(facts, event_pref(budget => 10)) LIMIT 1');
-- What is not that order.
SELECT scan_of('SELECT id FROM plan_events ORDER BY facts <=> event_pref(budget => 10) DESC LIMIT 1');
SELECT scan_of('SELECT id FROM plan_events ORDER BY facts <=> event_pref(budget => 10) NULLS FIRST LIMIT 1');
SELECT scan_of('SELECT id FROM plan_events ORDER BY 1 - (facts <=> event_pref(budget => 10)) LIMIT 1');
SELECT scan_of('SELECT id FROM plan_events ORDER BY event_score(facts, event_pref(budget => 10)) DESC LIMIT 1');

-- With a second key: up to version 16 the planner takes an index for an order only if it brings all of it.  A subquery fetches
-- the best ones with all that tie with the last of them; these are sorted.
SELECT scan_of('SELECT id FROM (SELECT id, facts <=> event_pref(budget => 10) AS cost FROM plan_events ORDER BY facts <=> event_pref(budget => 10) FETCH FIRST 20 ROWS WITH TIES) s ORDER BY cost, id LIMIT 20');
SELECT (SELECT array_agg(id) FROM (SELECT id FROM (SELECT id, facts <=> event_pref(budget => 10) AS cost FROM plan_events ORDER BY facts <=> event_pref(budget => 10) FETCH FIRST 20 ROWS WITH TIES) s ORDER BY cost, id LIMIT 20) t)
     = (SELECT array_agg(id) FROM (SELECT id FROM plan_events ORDER BY 1 - event_score(facts, event_pref(budget => 10)), id LIMIT 20) t) AS same;

-- Statements prepared once, for any preference; and per row of another table.
PREPARE best (eventpref, int) AS SELECT id FROM plan_events ORDER BY facts <=> $1 LIMIT $2;
PREPARE best_one (eventpref) AS SELECT id FROM plan_events ORDER BY facts <=> $1 LIMIT 1;
PREPARE best_acceptable (eventpref) AS SELECT id FROM plan_events WHERE facts @@ $1 ORDER BY facts <=> $1 LIMIT 1;
PREPARE acceptable (eventpref) AS SELECT id FROM plan_events WHERE facts @@ $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE best(event_pref(budget => 10), 10);
EXPLAIN (COSTS OFF) EXECUTE best_one(event_pref(budget => 10));
EXPLAIN (COSTS OFF) EXECUTE best_acceptable(event_pref(budget => 10));
EXPLAIN (COSTS OFF) EXECUTE acceptable(event_pref(budget => 10));
-- Left to itself, the server goes over to the generic plan, and that keeps the index.
RESET plan_cache_mode;
SELECT id FROM plan_events ORDER BY 1 - event_score(facts, event_pref(latitude => 45, longitude => 10, within_km => 5)) LIMIT 1;
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
SELECT generic_plans > 0 AS generic FROM pg_prepared_statements WHERE name = 'best_one';
EXPLAIN (COSTS OFF) EXECUTE best_one(event_pref(latitude => 45, longitude => 10, within_km => 5));
CREATE TABLE plan_users AS SELECT u AS id, event_pref(latitude => 40 + u % 10, longitude => 10, within_km => 10, budget => u) AS likes FROM generate_series(1, 100) u;
ANALYZE plan_users;
EXPLAIN (COSTS OFF) SELECT u.id, e.id FROM plan_users u, LATERAL (SELECT id FROM plan_events ORDER BY facts <=> u.likes LIMIT 1) e;
EXPLAIN (COSTS OFF) SELECT u.id, e.id FROM plan_users u, LATERAL (SELECT id FROM plan_events WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 1) e;
EXPLAIN (COSTS OFF) SELECT u.id, e.id FROM plan_users u JOIN plan_events e ON e.facts @@ u.likes;

-- How many rows the planner expects of @@, against how many there are: it asks the operator about a sample of the rows.
CREATE FUNCTION expected(preference text, OUT planned bigint, OUT actual bigint) LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM plan_events WHERE facts @@ %s', preference) INTO plan;
    EXECUTE format('SELECT count(*) FROM plan_events WHERE event_acceptable(facts, %s) IS TRUE', preference) INTO actual;
    planned := (plan #>> '{0,Plan,Plan Rows}')::float8;
END $$;
SELECT preference, planned BETWEEN actual / 2 - 100 AND actual * 2 + 100 AS sane
FROM unnest('{"event_pref(budget => 10)", "event_pref(budget => 10, max_price => 90)", "event_pref(budget => 10, max_price => 20)", "event_pref(budget => 10, max_price => 1)",
              "event_pref(crowd => 10, min_attendees => 100, after => \"2026-12-20\")", "event_pref(crowd => 10, min_score => 0.9)",
              "event_pref(latitude => 45, longitude => 10, within_km => 5, max_km => 200)", "event_pref(latitude => 45, longitude => 10, within_km => 5, max_km => 2)"}'::text[]) quoted,
     replace(quoted, '"', '''') preference, LATERAL expected(preference);

-- Likewise where there is no such column: by what ANALYZE kept of the indexed expression, which is all the planner can try.
CREATE TABLE plan_columns AS SELECT id, id * 71 % 991 / 10.0 AS price, id * 29 % 311 AS attendees FROM generate_series(1, 10000) id;
CREATE INDEX ON plan_columns USING gist (event_facts(NULL, NULL, price, attendees));
VACUUM ANALYZE plan_columns;
CREATE FUNCTION expected_of_columns(preference text, OUT planned bigint, OUT actual bigint) LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM plan_columns WHERE event_facts(NULL, NULL, price, attendees) @@ %s', preference) INTO plan;
    EXECUTE format('SELECT count(*) FROM plan_columns WHERE event_acceptable(event_facts(NULL, NULL, price, attendees), %s) IS TRUE', preference) INTO actual;
    planned := (plan #>> '{0,Plan,Plan Rows}')::float8;
END $$;
SELECT preference, planned BETWEEN actual / 2 - 100 AND actual * 2 + 100 AS sane
FROM unnest('{"event_pref(budget => 10)", "event_pref(budget => 10, max_price => 20)", "event_pref(budget => 10, max_price => 20, min_attendees => 300)"}'::text[]) preference,
     LATERAL expected_of_columns(preference);
SELECT scan_of('SELECT id FROM plan_columns WHERE event_facts(NULL, NULL, price, attendees) @@ event_pref(budget => 10, max_price => 1)');
SELECT scan_of('SELECT id FROM plan_columns WHERE event_facts(NULL, NULL, price, attendees) @@ event_pref(budget => 10, max_price => 90)');

DROP TABLE plan_events, plan_few, plan_users, plan_columns;
DROP FUNCTION scan_of(text), expected(text), expected_of_columns(text);
DEALLOCATE ALL;
