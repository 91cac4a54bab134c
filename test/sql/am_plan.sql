-- Access method shortlist: when the planner takes the index, and that a search reads a part of it only.
CREATE TABLE am_many AS
SELECT g AS id, skillset(ARRAY['all', 'a' || g % 10, 'b' || g % 100, 'c' || g % 1000, 'd' || g], ARRAY[1 + g % 5, 1 + g % 7, 1 + g % 3, 1, 2]) AS skills
FROM generate_series(1, 20000) g;
CREATE INDEX am_many_skills ON am_many USING shortlist (skills);
CREATE TABLE am_few AS SELECT * FROM am_many WHERE id <= 50;
CREATE INDEX am_few_skills ON am_few USING shortlist (skills);
VACUUM ANALYZE am_many, am_few;

CREATE FUNCTION am_plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json, COSTS off) ' || query INTO plan;
    RETURN substring(plan::text FROM '"Node Type": "((?:Index|Seq|Bitmap Heap) Scan)"');
END $$;
SET max_parallel_workers_per_gather = 0;
-- With few rows asked for the index wins; for all of them a sort does; in a small table a scan does.
SELECT size, rows, am_plan(format('SELECT id FROM am_%s ORDER BY skills <=> %L LIMIT %s', size, 'a3:4, b33:2', rows)) FROM
    (VALUES ('many', '1'), ('many', '10'), ('many', '100'), ('many', 'ALL'), ('few', '1'), ('few', 'ALL')) v (size, rows);
SELECT am_plan('SELECT id FROM am_many WHERE skills @@ ''d77!'' ORDER BY skills <=> ''a3'' LIMIT 10') AS filtered,
       am_plan('SELECT id FROM am_many WHERE id % 2 = 0 ORDER BY skills <-> ''a3'' LIMIT 10') AS half,
       am_plan('SELECT id FROM am_many WHERE skills ? ''d77''') AS has;

-- How many rows a condition leaves is known from the column's statistics: it is asked about what ANALYZE kept.
CREATE FUNCTION am_expected(source text, condition text, OUT planned bigint, OUT actual bigint) LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE format('EXPLAIN (FORMAT json) SELECT FROM %s WHERE %s', source, condition) INTO plan;
    EXECUTE format('SELECT count(*) FROM %s WHERE %s', source, condition) INTO actual;
    planned := (plan #>> '{0,Plan,Plan Rows}')::float8;
END $$;
SELECT condition, actual, planned BETWEEN actual / 2 - 100 AND actual * 2 + 100 AS sane, am_plan('SELECT id FROM am_many WHERE ' || condition) AS plan
FROM unnest('{skills ? ''all'', skills ? ''a3'', skills ? ''b33'', skills ? ''d77'', "skills ?| ''{a1,a2,a3}''", "skills ?& ''{all,a1}''", skills @> ''a3'', "skills @> ''all:5, a3''", "''all:5'' <@ skills",
              skills @@ ''all!'', skills @@ ''a3!'', "has_skill(skills, ''all'')", "NOT has_skill(skills, ''all'')"}'::text[]) condition, am_expected('am_many', condition);
-- Of a partial index it is a share of the rows that the index has.
CREATE INDEX am_many_some ON am_many USING shortlist (skills) WHERE id <= 400;
CREATE FUNCTION am_index_rows(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN (jsonb_path_query_first(plan, 'strict $.** ? (@."Node Type" == "Bitmap Index Scan" && @."Index Name" == "am_many_some")') ->> 'Plan Rows')::float8;
END $$;
SELECT am_index_rows('SELECT id FROM am_many WHERE id <= 400 AND skills ? ''a3''') BETWEEN 20 AND 80 AS forty,
       am_index_rows('SELECT id FROM am_many WHERE id <= 400 AND skills ? (SELECT ''a3'')') BETWEEN 1 AND 80 AS some;
DROP INDEX am_many_some;
-- A column of jobs.
CREATE TABLE am_jobs AS SELECT g AS id, jobspec(ARRAY['a' || g % 10, 'b' || g % 100, 'j' || g], ARRAY[1 + g % 5, 1, 1], NULL, ARRAY[true, false, false]) AS job FROM generate_series(1, 10000) g;
CREATE INDEX am_jobs_job ON am_jobs USING shortlist (job);
VACUUM ANALYZE am_jobs;
SELECT condition, actual, planned BETWEEN actual / 2 - 100 AND actual * 2 + 100 AS sane
FROM unnest('{"job @@ ''a3:9, a4:9''", "job @@ ''a0:9, a1:9, a2:9, a3:9, a4:9, a5:9, a6:9, a7:9, a8:9, a9:9''", "job @@ ''nothing''", "skillset ''a3:9, a4:9'' @@ job"}'::text[]) condition, am_expected('am_jobs', condition);

-- 'd77' is one row's: of the 1250 windows few can be as good.
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77' LIMIT 1;
SELECT segments, windows, opened < 10 AS few_opened, rows < 160 AS few_scored, tail_rows FROM shortlist_last_scan();
INSERT INTO am_many VALUES (0, 'd77:2, c77:5');
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77:2' LIMIT 1;
SELECT tail_rows FROM shortlist_last_scan();
VACUUM am_many;
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77:2' LIMIT 1;
SELECT segments, tail_rows FROM shortlist_last_scan();
DROP TABLE am_many, am_few, am_jobs;
DROP FUNCTION am_expected(text, text), am_index_rows(text);

-- Events: the same, and what passes @@ is known from the column's statistics.
CREATE TABLE am_many_events AS
SELECT g AS id, event_facts(51 + g % 1009 * 0.01, -0.5 + g % 997 * 0.01, g % 601 * 0.1, g % 503, timestamptz '2026-12-01 18:00+00' + g % 3001 * interval '1 minute') AS facts
FROM generate_series(1, 20000) g;
CREATE INDEX am_many_events_facts ON am_many_events USING shortlist (facts);
CREATE TABLE am_few_events AS SELECT * FROM am_many_events WHERE id <= 50;
CREATE INDEX am_few_events_facts ON am_few_events USING shortlist (facts);
VACUUM ANALYZE am_many_events, am_few_events;
SELECT size, rows, am_plan(format('SELECT id FROM am_%s_events ORDER BY facts <=> event_pref(latitude => 55, longitude => 2, within_km => 50, budget => 20) LIMIT %s', size, rows)) FROM
    (VALUES ('many', '1'), ('many', '10'), ('many', '1000'), ('many', 'ALL'), ('few', '1'), ('few', 'ALL')) v (size, rows);
SELECT size, price, am_plan(format('SELECT id FROM am_%s_events WHERE facts @@ event_pref(crowd => 1, max_price => %s)', size, price)) FROM
    (VALUES ('many', '0.05'), ('many', '59.9'), ('few', '0.05')) v (size, price);
SELECT price, am_plan(format('SELECT id FROM am_many_events WHERE facts @@ event_pref(crowd => 1, max_price => %s) ORDER BY facts <=> event_pref(crowd => 100) LIMIT %s', price, rows)) FROM
    (VALUES ('0.05', '1'), ('30', '1'), ('30', 'ALL')) v (price, rows);
-- The preference is not known while planning: the same index.
PREPARE am_best (eventpref) AS SELECT id FROM am_many_events ORDER BY facts <=> $1 LIMIT 1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE am_best(NULL);
RESET plan_cache_mode;
DEALLOCATE am_best;
DROP TABLE am_many_events, am_few_events;
DROP FUNCTION am_plan;
