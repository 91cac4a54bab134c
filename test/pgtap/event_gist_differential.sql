-- The GiST index on events against the sequential scan: random events, random preferences, every way an index comes about.
--
--     psql -X -q -f test/pgtap/event_gist_differential.sql [-v seed=0.42] [-v amount=190] [-v stress=1]
--
-- `seed` is what setseed() takes, -1 to 1; `amount` preferences are asked in each phase, ten times as many under stress.
-- VACUUM and CREATE INDEX CONCURRENTLY run in no transaction, so this leaves the schemas `differ` and `asked` behind.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.42 \endif
\if :{?amount} \else \set amount 190 \endif
\if :stress
SELECT 10 * :amount AS amount \gset
\endif

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET extra_float_digits = 1;
SET TimeZone = 'UTC';
\ir ../oracle/check.sql
\ir ../oracle/random_skills.sql
\ir ../oracle/random_events.sql
\ir ../oracle/same_answer.sql
\ir ../oracle/random_tables.sql

SELECT plan(54);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

CREATE SCHEMA differ;

-- Events --------------------------------------------------------------------------------------------------------------

-- One in a hundred is NULL.
CREATE FUNCTION differ.some_event() RETURNS eventfacts
LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN random() < 0.01 THEN NULL ELSE asked.some_event() END $$;

CREATE TABLE differ.events (id int, facts eventfacts, note text);
CREATE SEQUENCE differ.ids;

-- One in ten is the twin of another.
CREATE FUNCTION differ.add_events(amount int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO differ.events SELECT nextval('differ.ids'), differ.some_event() FROM generate_series(1, amount * 9 / 10);
    INSERT INTO differ.events
    SELECT nextval('differ.ids'), facts FROM (SELECT facts FROM differ.events ORDER BY random() LIMIT amount / 10) s;
END $$;

-- Comparing -----------------------------------------------------------------------------------------------------------

CREATE TABLE differ.found (phase text, doc jsonb, filtered bool, k int, answered int, used_index bool, read bigint, problem text);

CREATE FUNCTION differ.plan_with(index bool) RETURNS void
LANGUAGE sql AS $$
    SELECT set_config('enable_seqscan', (NOT index)::text, false), set_config('enable_sort', (NOT index)::text, false),
           set_config('enable_indexscan', index::text, false), set_config('enable_indexonlyscan', index::text, false),
           set_config('enable_bitmapscan', 'off', false)
$$;

CREATE FUNCTION differ.index_scans() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT sum(pg_stat_get_xact_numscans(indexrelid)) FROM pg_index WHERE indrelid = 'differ.events'::regclass
$$;

-- What is wrong with an answer: NULL, or how it differs from what a sequential scan found.  The true costs are in order,
-- and also by id; if the answer's costs are the same and each row has its own, then the rows are right but for ties.
CREATE FUNCTION differ.problem_of(ids int[], costs float8[], k int, true_costs float8[], cost_of float8[]) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) <> least(k, coalesce(cardinality(true_costs), 0)) THEN
        RETURN format('%s rows, not %s', cardinality(ids), least(k, cardinality(true_costs)));
    ELSIF costs IS DISTINCT FROM true_costs[:k] THEN    -- no tolerance: a cost is never -0, so equal numbers are equal bits
        RETURN format('other costs, such as %s, not %s', costs[:3], true_costs[:3]);
    ELSIF (SELECT count(DISTINCT id) FROM unnest(ids) id) <> cardinality(ids) THEN
        RETURN 'a row came twice';
    ELSIF EXISTS (SELECT FROM unnest(ids, costs) a (id, cost) WHERE cost IS DISTINCT FROM cost_of[id]) THEN
        RETURN 'a row with the cost of another';
    END IF;
    RETURN NULL;
END $$;

-- Asks for the best one, ten, hundred and at times all, with and without the filter.
CREATE FUNCTION differ.ask(phase text, doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    pref     eventpref := doc;
    highest  int := (SELECT last_value FROM differ.ids);
    filter   text;
    everyone int := CASE WHEN random() < 0.2 THEN highest ELSE 100 END;
    costs    float8[];
    cost_of  float8[];
    accepted int[];
    a_ids    int[];
    a_costs  float8[];
    scans    bigint;
    limited  int;
    problem  text;
BEGIN
    FOREACH filter IN ARRAY '{"","WHERE facts @@ $1"}'::text[] LOOP
        PERFORM differ.plan_with(index => false);
        EXECUTE format('SELECT array_agg(cost ORDER BY cost), array_agg(id ORDER BY id) FILTER (WHERE cost IS NOT NULL)
                        FROM (SELECT id, facts <=> $1 AS cost FROM differ.events %s OFFSET 0) s', filter) USING pref INTO costs, accepted;
        EXECUTE format('SELECT array_agg(cost ORDER BY id) FROM generate_series(1, $2) id
                        LEFT JOIN (SELECT id, facts <=> $1 AS cost FROM differ.events %s OFFSET 0) s USING (id)', filter) USING pref, highest INTO cost_of;
        PERFORM differ.plan_with(index => true);
        FOREACH limited IN ARRAY ARRAY[1, 10, everyone] LOOP
            scans := differ.index_scans();
            problem := NULL;
            BEGIN
                EXECUTE format('SELECT array_agg(id), array_agg(cost)
                                FROM (SELECT id, facts <=> $1 AS cost FROM differ.events %s ORDER BY facts <=> $1 LIMIT $2) s', filter)
                    USING pref, limited INTO a_ids, a_costs;
            EXCEPTION WHEN OTHERS THEN
                problem := SQLERRM;
            END;
            INSERT INTO differ.found
            SELECT phase, doc, filter <> '', limited, cardinality(a_ids), differ.index_scans() = scans + 1, rows,
                   coalesce(problem, differ.problem_of(a_ids, a_costs, limited, costs, cost_of)) FROM event_last_scan();
        END LOOP;
    END LOOP;

    -- The filter alone, unordered, by a bitmap scan.
    scans := differ.index_scans();
    PERFORM set_config(name, 'off', false) FROM unnest('{enable_indexscan,enable_indexonlyscan}'::text[]) name;
    PERFORM set_config('enable_bitmapscan', 'on', false), set_config('enable_sort', 'on', false);
    SELECT array_agg(id ORDER BY id) INTO a_ids FROM differ.events WHERE facts @@ pref;
    INSERT INTO differ.found
    SELECT phase, doc, true, NULL, cardinality(a_ids), differ.index_scans() = scans + 1, NULL,
           CASE WHEN a_ids IS DISTINCT FROM accepted THEN format('%s rows acceptable, not %s', cardinality(a_ids), cardinality(accepted)) END;
END $$;

CREATE FUNCTION differ.compare(phase text, amount int) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    settings text[] := ARRAY(SELECT name || '=' || setting FROM pg_settings WHERE name ~ '^enable_(seqscan|sort|indexscan|indexonlyscan|bitmapscan)$');
BEGIN
    PERFORM differ.ask(phase, asked.some_wish()) FROM generate_series(1, amount);
    PERFORM set_config(split_part(s, '=', 1), split_part(s, '=', 2), false) FROM unnest(settings) s;
    RETURN QUERY SELECT oracle.holds('the index answers as the sequential scan does, ' || phase, format(
        'SELECT problem IS NULL, format(''%%s: %%s best%%s for %%s'', problem, k, CASE WHEN filtered THEN '' acceptable'' ELSE '''' END, doc)
         FROM differ.found WHERE phase = %L', phase));
    RETURN QUERY SELECT oracle.holds('and it is the index that was asked, ' || phase, format(
        'SELECT used_index, doc::text FROM differ.found WHERE phase = %L', phase));
    RETURN NEXT cmp_ok((SELECT count(*) FROM differ.found f WHERE f.phase = compare.phase AND k = 1 AND read < 800), '>=',
                       (SELECT count(*) / 4 FROM differ.found f WHERE f.phase = compare.phase AND k = 1),
                       'at least a quarter of the best ones were found by looking at less than a tenth of the rows, ' || phase);
    RETURN NEXT diag(format('%s: median rows looked at for the best one %s', phase,
        (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY read) FROM differ.found f WHERE f.phase = compare.phase AND k = 1)));
END $$;

-- Every way an index comes about --------------------------------------------------------------------------------------

SELECT differ.add_events(8000) AS ignored \gset
SELECT is((SELECT count(*) FROM differ.events), 8000::bigint, 'events');
SELECT cmp_ok((SELECT count(*) FROM differ.events WHERE facts IS NULL), '>', 20::bigint, 'some of them NULL');
SELECT cmp_ok((SELECT count(*) FROM differ.events WHERE facts::text = '{}'), '>', 40::bigint, 'some of which nothing is known');
SELECT cmp_ok((SELECT count(*) - count(DISTINCT facts::text) FROM differ.events), '>', 600::bigint, 'some alike');
-- Preferences look to where these are.
INSERT INTO asked.events (value) SELECT facts FROM differ.events LIMIT 300;
ANALYZE differ.events;

CREATE INDEX events_facts ON differ.events USING gist (facts);
SELECT differ.compare('after a sorted build', :amount);

DROP INDEX differ.events_facts;
CREATE INDEX events_facts ON differ.events USING gist (facts) WITH (buffering = on, fillfactor = 20);
SELECT differ.compare('after a buffering build with low pages', :amount);

CREATE TABLE differ.loaded AS SELECT * FROM differ.events;
TRUNCATE differ.events;
DROP INDEX differ.events_facts;
CREATE INDEX events_facts ON differ.events USING gist (facts);
SELECT is((SELECT array_agg(id) FROM (SELECT id FROM differ.events ORDER BY facts <=> event_pref(budget => 1)) s), NULL, 'an empty index');
INSERT INTO differ.events SELECT * FROM differ.loaded ORDER BY random();
SELECT differ.compare('after single inserts', :amount);

UPDATE differ.events SET note = 'moved', facts = differ.some_event() WHERE id % 7 = 0;
UPDATE differ.events SET note = 'stays' WHERE id % 7 = 1;
DELETE FROM differ.events WHERE id % 5 = 0;
SELECT differ.compare('after updates and deletes', :amount);
VACUUM differ.events;
SELECT differ.compare('after vacuum', :amount);
-- What was freed is filled again: rows take the places of rows that are gone.
SELECT differ.add_events(1600) AS ignored \gset
SELECT differ.compare('after inserts into freed places', :amount);
DELETE FROM differ.events WHERE id BETWEEN 800 AND 4800;
VACUUM differ.events;
VACUUM differ.events;
SELECT differ.add_events(3600) AS ignored \gset
SELECT differ.compare('after half was deleted, pages were freed and filled', :amount);
BEGIN;
SELECT differ.add_events(400) AS ignored \gset
UPDATE differ.events SET facts = differ.some_event() WHERE id % 11 = 0;
SELECT differ.compare('before commit', (:amount + 3) / 4);
ROLLBACK;
SELECT differ.compare('after rollback', (:amount + 3) / 4);

REINDEX INDEX differ.events_facts;
SELECT differ.compare('after reindex', :amount);
DROP INDEX differ.events_facts;
CREATE INDEX CONCURRENTLY events_facts ON differ.events USING gist (facts) WITH (fillfactor = 10);
SELECT differ.compare('after create index concurrently with very low pages', :amount);
REINDEX INDEX CONCURRENTLY differ.events_facts;
CLUSTER differ.events USING events_facts;
SELECT differ.compare('after reindex concurrently and cluster', (:amount + 3) / 4);

-- An index that carries all that a query reads: no row is fetched that vacuum has seen.
DROP INDEX differ.events_facts;
CREATE INDEX events_facts ON differ.events USING gist (facts) INCLUDE (facts, id);
VACUUM differ.events;
CREATE FUNCTION differ.plan_node() RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT id FROM differ.events ORDER BY facts <=> event_pref(budget => 1) LIMIT 1' INTO plan;
    RETURN plan #>> '{0,Plan,Plans,0,Node Type}';
END $$;
SELECT is(differ.plan_node(), 'Index Only Scan', 'the index that carries all is scanned alone');
SELECT differ.compare('by an index that carries all', :amount);
UPDATE differ.events SET facts = differ.some_event() WHERE id % 6 = 0;
DELETE FROM differ.events WHERE id % 13 = 0;
SELECT differ.compare('by an index that carries all, after updates and deletes', (:amount + 3) / 4);

-- That it was worth it ------------------------------------------------------------------------------------------------

SELECT cmp_ok((SELECT count(DISTINCT doc) FROM differ.found), '>=', 2000::bigint, 'by at least 2000 preferences');
SELECT cmp_ok((SELECT count(*) FROM differ.found), '>=', 10000::bigint, 'at least 10,000 queries');
SELECT oracle.exercised('answers that were all there was', count(*), 100) FROM differ.found WHERE filtered AND k > 1 AND answered BETWEEN 1 AND k - 1;
SELECT oracle.exercised('filters that nothing passes', count(*), 3) FROM differ.found WHERE filtered AND k = 1 AND answered IS NULL;
SELECT oracle.exercised('filters that some pass', count(*), 100) FROM differ.found WHERE filtered AND k IS NULL AND answered > 0;
SELECT oracle.exercised('all rows asked for', count(*), 50) FROM differ.found WHERE NOT filtered AND answered > 2000;
SELECT * FROM finish();
