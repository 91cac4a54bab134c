-- An index on events against the sequential scan: random events, random preferences, every way an index comes about.
-- event_gist_differential and event_shortlist_differential say which kind, by these variables:
--
--     method       of the index: gist or shortlist
--     tests        how many there are
--     last_scan    the function that tells how many rows the last scan looked at
--     sparse       parameters of an index by which there is more to open: little on each page, or many segments
--
-- `seed` is what setseed() takes, -1 to 1; `amount` preferences are asked in each phase, ten times as many under stress.
-- VACUUM and CREATE INDEX CONCURRENTLY run in no transaction, so this leaves the schemas `differ` and `asked` behind.

\if :{?seed} \else \set seed 0.42 \endif
\if :{?amount} \else \set amount 200 \endif
\if :stress
SELECT 10 * :amount AS amount \gset
\endif

\ir ../../oracle/session.sql
\ir ../../oracle/check.sql
\ir ../../oracle/random_skills.sql
\ir ../../oracle/random_events.sql
\ir ../../oracle/same_answer.sql
\ir ../../oracle/random_tables.sql

SELECT plan(:tests);
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

-- How many rows the last scan looked at.
CREATE FUNCTION differ.rows_read() RETURNS bigint
LANGUAGE sql RETURN (SELECT rows FROM :last_scan());

CREATE FUNCTION differ.index_scans() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
    SELECT sum(pg_stat_get_xact_numscans(indexrelid)) FROM pg_index WHERE indrelid = 'differ.events'::regclass
$$;

-- What is wrong with the costs of an answer: NULL, or how they differ from the least ones, which a sequential scan found.
CREATE FUNCTION differ.problem_of(ids int[], costs float8[], k int, true_costs float8[]) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(ids), 0) <> least(k, cardinality(true_costs)) THEN
        RETURN format('%s rows, not %s', cardinality(ids), least(k, cardinality(true_costs)));
    ELSIF coalesce(costs, '{}') <> true_costs[:k] THEN     -- no tolerance: a cost is never -0, so equal numbers are equal bits
        RETURN format('other costs, such as %s, not %s', costs[:3], true_costs[:3]);
    ELSIF (SELECT count(DISTINCT id) FROM unnest(ids) id) <> cardinality(ids) THEN
        RETURN 'a row came twice';
    END IF;
    RETURN NULL;
END $$;

-- Of rows that came, one that has the cost of another or does not pass the filter that was asked.  Where there is none and the costs
-- are the least ones, the rows are right but for ties.
CREATE FUNCTION differ.stray(pref eventpref, ids int[], costs float8[], filtered bool[]) RETURNS text
LANGUAGE sql AS $$
    SELECT format('row %s came at the cost of %s, which costs %s%s', a.id, cost, event_cost(facts, pref),
                  CASE WHEN must AND event_acceptable(facts, pref) IS NOT TRUE THEN ' and is not acceptable' END)
    FROM unnest(ids, costs, filtered) a (id, cost, must) LEFT JOIN differ.events e ON e.id = a.id
    WHERE e.id IS NULL OR cost IS DISTINCT FROM event_cost(facts, pref) OR (must AND event_acceptable(facts, pref) IS NOT TRUE) LIMIT 1
$$;

-- Asks for the best one, ten, hundred and at times all, with and without the filter, and for all that pass the filter, by a bitmap scan.
CREATE FUNCTION differ.ask(phase text, doc jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    pref     eventpref := doc;
    most     int := CASE WHEN random() < 0.2 THEN (SELECT last_value FROM differ.ids) ELSE 100 END;
    every    float8[];
    passing  float8[];
    accepted int[];
    filtered bool;
    k        int;
    ids      int[];
    costs    float8[];
    scans    bigint;
    problem  text;
    answers  differ.found[];
    all_ids  int[];
    all_costs float8[];
    all_filtered bool[];
BEGIN
    PERFORM differ.plan_with(index => false);
    EXECUTE 'WITH scored AS MATERIALIZED (SELECT id, facts <=> $1 AS cost, facts @@ $1 AS passes FROM differ.events)
             SELECT ARRAY(SELECT cost FROM scored ORDER BY cost LIMIT $2), ARRAY(SELECT cost FROM scored WHERE passes ORDER BY cost LIMIT $2),
                    ARRAY(SELECT id FROM scored WHERE passes ORDER BY id)' USING pref, most INTO every, passing, accepted;
    PERFORM differ.plan_with(index => true);
    FOREACH filtered IN ARRAY ARRAY[false, true] LOOP
        FOREACH k IN ARRAY ARRAY[1, 10, most] LOOP
            scans := differ.index_scans();
            BEGIN
                EXECUTE format('SELECT array_agg(id), array_agg(cost)
                                FROM (SELECT id, facts <=> $1 AS cost FROM differ.events %s ORDER BY facts <=> $1 LIMIT $2) s',
                               CASE WHEN filtered THEN 'WHERE facts @@ $1' END) USING pref, k INTO ids, costs;
                problem := differ.problem_of(ids, costs, k, CASE WHEN filtered THEN passing ELSE every END);
            EXCEPTION WHEN OTHERS THEN
                problem := SQLERRM;
            END;
            answers := answers || (phase, doc, filtered, k, cardinality(ids), differ.index_scans() = scans + 1, differ.rows_read(), problem)::differ.found;
            all_ids := all_ids || ids;
            all_costs := all_costs || costs;
            all_filtered := all_filtered || array_fill(filtered, ARRAY[coalesce(cardinality(ids), 0)]);
        END LOOP;
    END LOOP;

    scans := differ.index_scans();
    PERFORM set_config(name, 'off', false) FROM unnest('{enable_indexscan,enable_indexonlyscan}'::text[]) name;
    PERFORM set_config('enable_bitmapscan', 'on', false), set_config('enable_sort', 'on', false);
    ids := ARRAY(SELECT id FROM differ.events WHERE facts @@ pref ORDER BY id);
    problem := CASE WHEN ids <> accepted THEN format('%s rows acceptable, not %s', cardinality(ids), cardinality(accepted)) END;
    answers := answers || (phase, doc, true, NULL, cardinality(ids), differ.index_scans() = scans + 1, NULL, problem)::differ.found;

    PERFORM differ.plan_with(index => false);
    INSERT INTO differ.found
    SELECT a.phase, a.doc, a.filtered, a.k, a.answered, a.used_index, a.read, coalesce(a.problem, stray)
    FROM differ.stray(pref, all_ids, all_costs, all_filtered) stray, unnest(answers) a;
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

-- The program itself: what it looks for, it finds.
SELECT is(differ.problem_of(ids, costs, 3, '{0,0.5,0.5,0.5}'), problem, 'the program: ' || coalesce(problem, 'nothing'))
FROM (VALUES ('{1,2,3}'::int[], '{0,0.5,0.5}'::float8[], NULL), ('{1,2}', '{0,0.5}', '2 rows, not 3'), ('{1,2,2}', '{0,0.5,0.5}', 'a row came twice'),
             ('{1,2,3}', '{0,0.5,0.5000000000000001}', 'other costs, such as {0,0.5,0.5000000000000001}, not {0,0.5,0.5}')) v (ids, costs, problem);
INSERT INTO differ.events VALUES (1, event_facts(price => 0)), (2, event_facts(price => 40));
SELECT is(differ.stray(event_pref(budget => 20, max_price => 30), ids, '{0,0.5}', ARRAY[false, filtered]), problem, 'the program: ' || coalesce(problem, 'nothing'))
FROM (VALUES ('{1,2}'::int[], false, NULL), ('{1,2}', true, 'row 2 came at the cost of 0.5, which costs 0.5 and is not acceptable'),
             ('{1,1}', false, 'row 1 came at the cost of 0.5, which costs 0'), ('{1,3}', false, 'row 3 came at the cost of 0.5, which costs ')) v (ids, filtered, problem);
DELETE FROM differ.events;

-- Every way an index comes about --------------------------------------------------------------------------------------

SELECT differ.add_events(8000) AS ignored \gset
SELECT is((SELECT count(*) FROM differ.events), 8000::bigint, 'events');
SELECT cmp_ok((SELECT count(*) FROM differ.events WHERE facts IS NULL), '>', 20::bigint, 'some of them NULL');
SELECT cmp_ok((SELECT count(*) FROM differ.events WHERE facts::text = '{}'), '>', 40::bigint, 'some of which nothing is known');
SELECT cmp_ok((SELECT count(*) - count(DISTINCT facts::text) FROM differ.events), '>', 600::bigint, 'some alike');
-- Preferences look to where these are.
INSERT INTO asked.events (value) SELECT facts FROM differ.events LIMIT 300;
ANALYZE differ.events;

CREATE INDEX events_facts ON differ.events USING :method (facts);
SELECT differ.compare('after a build', :amount);

-- What only one of the two can do.
SELECT :'method' = 'gist' AS is_gist, :'method' = 'shortlist' AS is_shortlist \gset
\if :is_gist
DROP INDEX differ.events_facts;
CREATE INDEX events_facts ON differ.events USING gist (facts) WITH (buffering = on, fillfactor = 20);
SELECT differ.compare('after a buffering build with low pages', :amount);
\endif

CREATE TABLE differ.loaded AS SELECT * FROM differ.events;
TRUNCATE differ.events;
DROP INDEX differ.events_facts;
CREATE INDEX events_facts ON differ.events USING :method (facts) :sparse;
SELECT is((SELECT array_agg(id) FROM (SELECT id FROM differ.events ORDER BY facts <=> event_pref(budget => 1)) s), NULL, 'an empty index');
INSERT INTO differ.events SELECT * FROM differ.loaded ORDER BY random();
SELECT differ.compare('after single inserts', :amount);
\if :is_shortlist
SELECT shortlist_merge('differ.events_facts') AS ignored \gset
SELECT differ.compare('after a merge', :amount);
\endif

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
\if :is_shortlist
SELECT shortlist_merge('differ.events_facts') AS ignored \gset
SELECT differ.compare('after a merge that leaves out what was deleted', :amount);
\endif
BEGIN;
SELECT differ.add_events(400) AS ignored \gset
UPDATE differ.events SET facts = differ.some_event() WHERE id % 11 = 0;
SELECT differ.compare('before commit', (:amount + 3) / 4);
ROLLBACK;
SELECT differ.compare('after rollback', (:amount + 3) / 4);

REINDEX INDEX differ.events_facts;
SELECT differ.compare('after reindex', :amount);
DROP INDEX differ.events_facts;
CREATE INDEX CONCURRENTLY events_facts ON differ.events USING :method (facts) :sparse;
SELECT differ.compare('after create index concurrently', :amount);
REINDEX INDEX CONCURRENTLY differ.events_facts;
\if :is_gist
CLUSTER differ.events USING events_facts;
\endif
SELECT differ.compare('after reindex concurrently', (:amount + 3) / 4);

\if :is_gist
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
\endif

-- That it was worth it ------------------------------------------------------------------------------------------------

SELECT cmp_ok((SELECT count(DISTINCT doc) FROM differ.found), '>=', 2000::bigint, 'by at least 2000 preferences');
SELECT cmp_ok((SELECT count(*) FROM differ.found), '>=', 10000::bigint, 'at least 10,000 queries');
SELECT oracle.exercised('answers that were all there was', count(*), 100) FROM differ.found WHERE filtered AND k > 1 AND answered BETWEEN 1 AND k - 1;
SELECT oracle.exercised('filters that nothing passes', count(*), 3) FROM differ.found WHERE filtered AND k = 1 AND answered IS NULL;
SELECT oracle.exercised('filters that some pass', count(*), 100) FROM differ.found WHERE filtered AND k IS NULL AND answered > 0;
SELECT oracle.exercised('all rows asked for', count(*), 50) FROM differ.found WHERE NOT filtered AND answered > 2000;
SELECT * FROM finish();
