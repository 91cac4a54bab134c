-- The access method shortlist against the sequential scan: random queries, after every kind of write.
--
--     psql -X -q -f test/pgtap/am_differential.sql [-v seed=0.42] [-v amount=150]
--
-- `seed` is what setseed() takes; `amount` queries of each kind are asked in each phase, in both directions.

\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset pager off
\if :{?seed} \else \set seed 0.42 \endif
\if :{?amount} \else \set amount 150 \endif
\if :{?stress} \else \set stress 0 \endif
SELECT :amount * CASE WHEN :stress = 1 THEN 20 ELSE 1 END AS amount \gset

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET statement_timeout = '20min';

SELECT plan(37);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- Random values ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION chance(p float8) RETURNS bool LANGUAGE sql VOLATILE AS $$ SELECT random() < p $$;

CREATE FUNCTION some_name() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN chance(0.03) THEN (ARRAY['c++', '.net', 'machine learning', 'odd, name', '数据库'])[1 + floor(random() * 5)::int]
                WHEN chance(0.1) THEN 'rare' || floor(random() * 2000)::int
                ELSE 's' || floor(random() ^ 2 * 40)::int END
$$;

CREATE FUNCTION some_level() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN chance(0.6) THEN 1 + floor(random() * 5) WHEN chance(0.5) THEN 0.5 + floor(random() * 10) / 2
                WHEN chance(0.9) THEN 0.01 + random() * 7 ELSE (ARRAY[1e-30, 1e30, 16777217, 0.000001])[1 + floor(random() * 4)::int] END
$$;

CREATE FUNCTION some_skillset(fading bool) RETURNS skillset LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    n int := CASE WHEN chance(0.02) THEN 0 WHEN chance(0.01) THEN 60 ELSE 1 + floor(random() * 9)::int END;
    names text[];
BEGIN
    names := ARRAY(SELECT DISTINCT some_name() FROM generate_series(1, n));
    IF chance(0.003) THEN   -- longer than a page
        names := ARRAY(SELECT 'many' || i FROM generate_series(1, 1500) i);
    END IF;
    RETURN (SELECT coalesce(skillset_agg(name, some_level(), CASE WHEN dated THEN '2026-01-01 00:00+00'::timestamptz - random() * interval '900 days' END,
                                         CASE WHEN dated THEN 1 + random() * 300 END), '')
            FROM (SELECT name, fading AND chance(0.5) AS dated FROM unnest(names) name) x);
END $$;

CREATE FUNCTION quoted(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '"' || name || '"' $$;

CREATE FUNCTION some_jobspec(fading bool) RETURNS jobspec LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    item text;
    spec text := '';
    need float8;
BEGIN
    FOR item IN SELECT DISTINCT some_name() FROM generate_series(1, CASE WHEN chance(0.03) THEN 0 ELSE 1 + floor(random() * 7)::int END) LOOP
        need := some_level();
        spec := spec || CASE spec WHEN '' THEN '' ELSE ', ' END || quoted(item)
            || coalesce((SELECT string_agg('|' || quoted(a) || CASE WHEN chance(0.7) THEN '~' || (1 + floor(random() * 10)) / 10 ELSE '' END, '')
                         FROM (SELECT DISTINCT some_name() AS a FROM generate_series(1, 3)) x WHERE a <> item AND chance(0.2)), '')
            || ':' || CASE WHEN chance(0.2) THEN (need / 2)::real || '..' ELSE '' END || need::real
            || '*' || CASE WHEN chance(0.05) THEN 0 ELSE 1 + floor(random() * 4) END
            || CASE WHEN chance(0.15) THEN '!' ELSE '' END;
    END LOOP;
    IF fading AND chance(0.3) THEN
        spec := spec || CASE spec WHEN '' THEN '' ELSE ', ' END || '@as_of 2026-01-01';
    END IF;
    IF chance(0.2) THEN
        spec := spec || CASE spec WHEN '' THEN '' ELSE ', ' END || '@at_least ' || (floor(random() * 10) / 10)::text;
    END IF;
    RETURN spec::jobspec;
END $$;

-- Comparing -------------------------------------------------------------------------------------------------------------

CREATE TABLE people (id int GENERATED ALWAYS AS IDENTITY, k int NOT NULL, value skillset);
CREATE TABLE jobs (id int GENERATED ALWAYS AS IDENTITY, k int NOT NULL, value jobspec);

CREATE FUNCTION use_index(yes bool) RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT set_config('enable_seqscan', (NOT yes)::text, true), set_config('enable_sort', (NOT yes)::text, true),
           set_config('enable_indexscan', yes::text, true), set_config('enable_bitmapscan', 'off', true);
$$;

CREATE TYPE ranked AS (id int, cost float8, place tid);

-- What is wrong with the index's answer; NULL if nothing is.
CREATE FUNCTION difference(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    by_index ranked[];
    by_scan ranked[];
    plan json;
    last float8;
    n int;
BEGIN
    PERFORM use_index(true);
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    IF plan::text NOT LIKE '%"Index Scan"%' THEN
        RETURN 'the index is not used: ' || query;
    END IF;
    EXECUTE format('SELECT ARRAY(SELECT (id, cost, place)::ranked FROM (%s) q)', query) INTO by_index;
    PERFORM use_index(false);
    EXECUTE format('SELECT ARRAY(SELECT (id, cost, place)::ranked FROM (%s) q)', query) INTO by_scan;
    n := cardinality(by_scan);
    IF cardinality(by_index) <> n THEN
        RETURN format('%s rows instead of %s: %s', cardinality(by_index), n, query);
    END IF;
    IF (SELECT array_agg(r.cost ORDER BY o) FROM unnest(by_index) WITH ORDINALITY r (id, cost, place, o))
       IS DISTINCT FROM (SELECT array_agg(r.cost ORDER BY o) FROM unnest(by_scan) WITH ORDINALITY r (id, cost, place, o)) THEN
        RETURN 'other costs: ' || query;
    END IF;
    IF (SELECT count(DISTINCT place) FROM unnest(by_index)) <> n THEN
        RETURN 'a row came twice: ' || query;
    END IF;
    last := (by_scan[n]).cost;
    IF (SELECT array_agg(id ORDER BY id) FROM unnest(by_index) WHERE cost < last)
       IS DISTINCT FROM (SELECT array_agg(id ORDER BY id) FROM unnest(by_scan) WHERE cost < last) THEN
        RETURN 'other rows: ' || query;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION some_filter(direction text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    CASE floor(random() * CASE direction WHEN 'people' THEN 9 ELSE 4 END)::int
    WHEN 0 THEN RETURN '';
    WHEN 1 THEN RETURN '';
    WHEN 2 THEN RETURN 'WHERE k % 1000 = 7';
    WHEN 3 THEN
        RETURN CASE direction WHEN 'people' THEN format('WHERE value @@ %L::jobspec', some_jobspec(true))
                    ELSE format('WHERE value @@ %L::skillset', some_skillset(true)) END;
    WHEN 4 THEN RETURN format('WHERE value ? %L', some_name());
    WHEN 5 THEN RETURN format('WHERE value ?| %L', ARRAY(SELECT some_name() FROM generate_series(1, floor(random() * 4)::int)));
    WHEN 6 THEN RETURN format('WHERE value ?& %L', ARRAY(SELECT some_name() FROM generate_series(1, floor(random() * 3)::int)));
    WHEN 7 THEN RETURN format('WHERE value @> %L::skillset', skillset(ARRAY[some_name()], ARRAY[some_level()]));
    ELSE RETURN format('WHERE value ? %L AND k %% 3 = 1', some_name());
    END CASE;
END $$;

CREATE FUNCTION some_query(direction text) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT format('SELECT id, value %s %L::%s AS cost, ctid AS place FROM %I %s ORDER BY value %s %L::%s %s', operator, argument, type,
                  direction, some_filter(direction), operator, argument, type,
                  (ARRAY['LIMIT 1', 'LIMIT 10', 'LIMIT 10', 'LIMIT 100', ''])[1 + floor(random() * 5)::int])
    FROM (SELECT CASE WHEN chance(0.5) THEN '<=>' ELSE '<->' END AS operator,
                 CASE direction WHEN 'people' THEN some_jobspec(true)::text ELSE some_skillset(true)::text END AS argument,
                 CASE direction WHEN 'people' THEN 'jobspec' ELSE 'skillset' END AS type) x
$$;

-- The first differences of many random queries; none is ''.
CREATE FUNCTION differences(direction text, amount int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
    result text := '';
BEGIN
    FOR i IN 1 .. amount LOOP
        found := difference(some_query(direction));
        IF found IS NOT NULL THEN
            result := result || found || E'\n';
            EXIT WHEN length(result) > 3000;
        END IF;
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION add_rows(amount int) RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO people (k, value) SELECT i, CASE WHEN NOT chance(0.01) THEN some_skillset(chance(0.2)) END FROM generate_series(1, amount) i;
    INSERT INTO jobs (k, value) SELECT i, CASE WHEN NOT chance(0.01) THEN some_jobspec(chance(0.2)) END FROM generate_series(1, amount) i;
$$;

-- Counts by bitmap scan and by sequential scan agree.
CREATE FUNCTION bitmap_differences(amount int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    filter text;
    by_index bigint[];
    by_scan bigint[];
    plan json;
    result text := '';
BEGIN
    FOR i IN 1 .. amount LOOP
        filter := some_filter('people');
        CONTINUE WHEN filter !~ 'value';
        PERFORM set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true), set_config('enable_bitmapscan', 'on', true);
        EXECUTE 'EXPLAIN (FORMAT json) SELECT id FROM people ' || filter INTO plan;
        IF plan::text NOT LIKE '%Bitmap Index Scan%' THEN
            result := result || 'no bitmap scan: ' || filter;
        END IF;
        EXECUTE 'SELECT ARRAY(SELECT id::bigint FROM people ' || filter || ' ORDER BY id)' INTO by_index;
        PERFORM set_config('enable_seqscan', 'on', true), set_config('enable_bitmapscan', 'off', true);
        EXECUTE 'SELECT ARRAY(SELECT id::bigint FROM people ' || filter || ' ORDER BY id)' INTO by_scan;
        IF by_index <> by_scan THEN
            result := result || format('%s rows instead of %s: %s', cardinality(by_index), cardinality(by_scan), filter);
        END IF;
        EXIT WHEN length(result) > 3000;
    END LOOP;
    RETURN result;
END $$;

-- An empty index, and one that is built on what is there -------------------------------------------------------------------

CREATE INDEX people_value ON people USING shortlist (value) WITH (tail_size = 64, window_rows = 16);
CREATE INDEX jobs_value ON jobs USING shortlist (value) WITH (tail_size = 64, window_rows = 16);
SELECT is(differences('people', 3), '', 'people: an empty index');
SELECT is(differences('jobs', 3), '', 'jobs: an empty index');
SELECT add_rows(30);
SELECT is(differences('people', :amount), '', 'people: the tail alone');
SELECT is(differences('jobs', :amount), '', 'jobs: the tail alone');
DROP INDEX people_value, jobs_value;
SELECT add_rows(3000);
CREATE INDEX people_value ON people USING shortlist (value) WITH (tail_size = 64, window_rows = 16);
CREATE INDEX jobs_value ON jobs USING shortlist (value) WITH (tail_size = 64, window_rows = 16);
SELECT is(differences('people', :amount), '', 'people: after the build');
SELECT is(differences('jobs', :amount), '', 'jobs: after the build');
SELECT is(bitmap_differences(:amount), '', 'people: bitmap scans after the build');

-- Pruning is real: not every window is opened for the best row.
BEGIN;
SELECT use_index(true);
SELECT count(*) FROM (SELECT id FROM people ORDER BY value <=> 's1:3, s2:3, s3:3, s4:3' LIMIT 1) x;
SELECT ok(opened > 0 AND opened < windows / 2, format('%s of %s windows were opened', opened, windows)) FROM shortlist_last_scan();
COMMIT;

-- Inserts: tail, small segments, merges ------------------------------------------------------------------------------------

SELECT add_rows(100);
SELECT is(differences('people', :amount), '', 'people: after some inserts');
SELECT is(differences('jobs', :amount), '', 'jobs: after some inserts');
SELECT add_rows(2500);
SELECT is(differences('people', :amount), '', 'people: after many inserts');
SELECT is(differences('jobs', :amount), '', 'jobs: after many inserts');
BEGIN;
SELECT use_index(true);
SELECT count(*) FROM (SELECT id FROM people ORDER BY value <=> 's1' LIMIT 1) x;
SELECT ok(segments > 1, format('inserts became segments, %s with that of the build', segments)) FROM shortlist_last_scan();
COMMIT;

-- Updates and deletes, with and without vacuum -----------------------------------------------------------------------------

UPDATE people SET value = some_skillset(false) WHERE id % 5 = 0;
UPDATE jobs SET value = some_jobspec(false) WHERE id % 5 = 0;
SELECT is(differences('people', :amount), '', 'people: after updates');
SELECT is(differences('jobs', :amount), '', 'jobs: after updates');
DELETE FROM people WHERE id % 3 = 0;
DELETE FROM jobs WHERE id % 3 = 0;
SELECT is(differences('people', :amount), '', 'people: after deletes');
SELECT is(differences('jobs', :amount), '', 'jobs: after deletes');
VACUUM people, jobs;
SELECT is(differences('people', :amount), '', 'people: after vacuum');
SELECT is(differences('jobs', :amount), '', 'jobs: after vacuum');
-- new rows take the places of the deleted ones
SELECT add_rows(1500);
SELECT is(differences('people', :amount), '', 'people: after places were reused');
SELECT is(differences('jobs', :amount), '', 'jobs: after places were reused');
SELECT is(bitmap_differences(:amount), '', 'people: bitmap scans after places were reused');

-- One skill goes altogether, then nearly everything.
DELETE FROM people WHERE value ? 's1';
VACUUM people;
SELECT is(differences('people', :amount), '', 'people: after a skill has gone');
DELETE FROM people WHERE id % 20 <> 0;
DELETE FROM jobs WHERE id % 20 <> 0;
VACUUM people, jobs;
SELECT is(differences('people', :amount), '', 'people: after most has gone');
SELECT is(differences('jobs', :amount), '', 'jobs: after most has gone');
SELECT add_rows(2000);
VACUUM people, jobs;
SELECT is(differences('people', :amount), '', 'people: after merges');
SELECT is(differences('jobs', :amount), '', 'jobs: after merges');

REINDEX TABLE people;
REINDEX INDEX CONCURRENTLY jobs_value;
SELECT is(differences('people', :amount), '', 'people: after REINDEX');
SELECT is(differences('jobs', :amount), '', 'jobs: after REINDEX CONCURRENTLY');

-- Several segments of a build, since memory is short.
SET maintenance_work_mem = '1MB';
REINDEX TABLE people;
RESET maintenance_work_mem;
SELECT is(differences('people', :amount), '', 'people: after a REINDEX with little memory');

-- Space is used again: after a while the index does not grow any more.
SELECT statement FROM generate_series(1, 20), unnest(ARRAY['UPDATE people SET value = value', 'VACUUM people']) statement \gexec
SELECT pg_relation_size('people_value') AS size \gset before_
SELECT statement FROM generate_series(1, 20), unnest(ARRAY['UPDATE people SET value = value', 'VACUUM people']) statement \gexec
SELECT ok(pg_relation_size('people_value') < 1.3 * :before_size,
          format('the index has %s bytes after forty updates of all rows, %s after twenty', pg_relation_size('people_value'), :before_size));
SELECT is(differences('people', :amount), '', 'people: after forty updates of all rows');

-- Cursors: rows that come and go while they are open -----------------------------------------------------------------------

CREATE FUNCTION cursor_differences(rounds int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    c refcursor;
    query text;
    expected float8[];
    costs float8[];
    places tid[];
    r ranked;
    result text := '';
BEGIN
    FOR i IN 1 .. rounds LOOP
        query := format('SELECT id, value <=> %1$L::jobspec AS cost, ctid AS place FROM people ORDER BY value <=> %1$L::jobspec', some_jobspec(true));
        PERFORM use_index(false);
        EXECUTE format('SELECT ARRAY(SELECT cost FROM (%s) q)', query) INTO expected;
        PERFORM use_index(true);
        costs := '{}'; places := '{}';
        OPEN c FOR EXECUTE query;
        LOOP
            FETCH c INTO r;
            EXIT WHEN NOT FOUND;
            costs := costs || r.cost;
            places := places || r.place;
            -- enough to move the tail into segments, and to merge these
            IF cardinality(costs) IN (1, 10, 200) THEN
                PERFORM add_rows(400);
                DELETE FROM people WHERE id % 7 = i;
            END IF;
        END LOOP;
        CLOSE c;
        IF costs IS DISTINCT FROM expected THEN
            result := result || format('%s rows instead of %s, or other costs: %s', cardinality(costs), cardinality(expected), query);
        END IF;
        IF (SELECT count(DISTINCT p) FROM unnest(places) p) <> cardinality(places) THEN
            result := result || 'a row came twice: ' || query;
        END IF;
        EXIT WHEN length(result) > 3000;
    END LOOP;
    RETURN result;
END $$;
SELECT is(cursor_differences(3), '', 'people: cursors while rows are written');
VACUUM people, jobs;

-- Rescans with changing parameters, NULL among them -------------------------------------------------------------------------

CREATE FUNCTION lateral_answer(by_index bool, operator text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    result jsonb;
BEGIN
    PERFORM use_index(by_index), set_config('enable_sort', 'on', true);
    EXECUTE format('SELECT jsonb_agg(jsonb_build_array(j.id, p.cost) ORDER BY j.id, p.cost)
                    FROM (SELECT * FROM jobs ORDER BY id LIMIT 200) j,
                    LATERAL (SELECT value %1$s j.value AS cost FROM people ORDER BY value %1$s j.value LIMIT 7) p', operator) INTO result;
    RETURN result;
END $$;
SELECT is(lateral_answer(true, '<=>'), lateral_answer(false, '<=>'), 'people for each job by <=>');
SELECT is(lateral_answer(true, '<->'), lateral_answer(false, '<->'), 'people for each job by <->');

-- Two ORDER BY operators, and rows where all costs are NULL -------------------------------------------------------------------

CREATE FUNCTION two_orders(by_index bool) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := '';
    found text;
    first text;
BEGIN
    PERFORM setseed(0.7), use_index(by_index);
    FOR i IN 1 .. 20 LOOP
        first := CASE WHEN i % 7 = 0 THEN 'NULL' ELSE quote_literal(some_jobspec(true)) END;
        EXECUTE format('SELECT string_agg(format(''%%s/%%s'', a, b), '' '') FROM (SELECT value <=> %1$s::jobspec AS a, value <-> %2$L::jobspec AS b FROM people
                        ORDER BY value <=> %1$s::jobspec, value <-> %2$L::jobspec LIMIT 60) q', first, some_jobspec(true)) INTO found;
        result := result || coalesce(found, 'none') || E'\n';
    END LOOP;
    RETURN result;
END $$;
SELECT is(md5(two_orders(true)), md5(two_orders(false)), 'two ORDER BY operators, the first sometimes NULL');

-- Nothing passes a filter that is NULL.
BEGIN;
SELECT use_index(true);
PREPARE filtered(text) AS SELECT count(*) FROM (SELECT id FROM people WHERE value ? $1 ORDER BY value <=> 's2' OFFSET 0) x;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT set_config('t.plan', '', true);
EXECUTE filtered(NULL) \gset nothing_
SELECT is(:nothing_count, 0, 'a filter that is NULL');
COMMIT;

SELECT * FROM finish();
