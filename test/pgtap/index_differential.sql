-- Both kinds of index against the sequential scan: random rows, random questions, every way an index comes about.
--
--     psql -X -q -f test/pgtap/index_differential.sql [-v seed=0.42] [-v queries=900] [-v stress=1]
--
-- `seed` is what setseed() takes, -1 to 1; about `queries` questions are asked in all, each for the best 1, 10, 100 and all.
-- People and jobs have the access method shortlist, events have GiST, meetups are events with the access method shortlist.  VACUUM and CREATE INDEX CONCURRENTLY run in no transaction,
-- so this leaves the schemas `oracle` and `asked` behind.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.42 \endif
\if :{?queries}
\elif :stress
    \set queries 10000
\else
    \set queries 900
\endif
-- There are some twenty phases, which ask of up to four tables.
SELECT ceil(:queries / 60.0)::int AS amount \gset

\ir ../oracle/session.sql
-- An endless loop is cancelled, and the error names the question.  A phase asks them one after another, each of which takes a second at most.
SELECT set_config('statement_timeout', format('%ss', greatest(120, 4 * :amount)), false) AS ignored \gset
\ir ../oracle/check.sql
\ir ../oracle/random_skills.sql
\ir ../oracle/random_events.sql
\ir ../oracle/same_answer.sql
SELECT setseed(:seed) AS ignored \gset
\ir ../oracle/random_tables.sql

SELECT * FROM no_plan();
SELECT diag(format('seed %s, queries %s', :seed, :queries));

CREATE FUNCTION asked.compare(phase text, amount int, relations text[] DEFAULT '{people,jobs,events,meetups}') RETURNS SETOF text
LANGUAGE sql VOLATILE AS $$
    SELECT is(asked.differences(relation, amount), '', format('%s, %s: the index answers as the sequential scan does', relation, phase)) FROM unnest(relations) relation
$$;

-- The program itself ----------------------------------------------------------------------------------------------------

-- Each thing that it looks for, it finds.
SELECT is(oracle.problem_of((ids, places, costs, seconds), ('{1,2,3}', '{"(0,1)","(0,2)","(0,3)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}'),
                            ('{1,2,3,4}', '{"(0,1)","(0,2)","(0,3)","(0,4)"}', '{0,0.5,0.5,0.5}', '{NULL,NULL,NULL,NULL}')),
          problem, 'the program: ' || coalesce(problem, 'nothing'))
FROM (VALUES ('{1,2,3}'::bigint[], '{"(0,1)","(0,2)","(0,3)"}'::tid[], '{0,0.5,0.5}'::float8[], '{NULL,NULL,NULL}'::float8[], NULL),
             ('{1,4,2}', '{"(0,1)","(0,4)","(0,2)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}', NULL),
             ('{1,2}', '{"(0,1)","(0,2)"}', '{0,0.5}', '{NULL,NULL}', '2 rows, not 3'),
             ('{1,2,3}', '{"(0,1)","(0,2)","(0,3)"}', '{-0,0.5,0.5}', '{NULL,NULL,NULL}', 'cost -0, not 0, at place 1'),
             ('{1,2,3}', '{"(0,1)","(0,2)","(0,3)"}', '{0,0.5,0.5000000000000001}', '{NULL,NULL,NULL}', 'cost 0.5000000000000001, not 0.5, at place 3'),
             ('{1,2,3}', '{"(0,1)","(0,2)","(0,3)"}', '{0,0.5,0.5}', '{NULL,NULL,1}', 'other costs by the second operator'),
             ('{1,2,2}', '{"(0,1)","(0,2)","(0,3)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}', 'a row came twice'),
             ('{1,2,3}', '{"(0,1)","(0,2)","(0,2)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}', 'a row came twice'),
             ('{2,1,3}', '{"(0,2)","(0,1)","(0,3)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}', 'row 2 at cost 0, which it should not have'),
             ('{1,2,9}', '{"(0,1)","(0,2)","(0,9)"}', '{0,0.5,0.5}', '{NULL,NULL,NULL}', 'row 9 at cost 0.5, which it should not have'))
     v (ids, places, costs, seconds, problem);
SELECT matches(oracle.difference(('asked.people', '<=>', '''sql''::jobspec', NULL, NULL, NULL)), '^the index is not used', 'the program: no index');

-- An empty index, inserts into it, and a build ----------------------------------------------------------------------------

-- Little room in the tail, so that it becomes segments often.
\set people_index 'CREATE INDEX people_value ON asked.people USING shortlist (value) WITH (tail_size = 64);'
\set jobs_index 'CREATE INDEX jobs_value ON asked.jobs USING shortlist (value) WITH (tail_size = 64);'
\set events_index 'CREATE INDEX events_value ON asked.events USING gist (value);'
\set meetups_index 'CREATE INDEX meetups_value ON asked.meetups USING shortlist (value) WITH (tail_size = 64);'
:people_index
:jobs_index
:events_index
:meetups_index
SELECT asked.compare('an empty index', 3);
SELECT asked.add_rows(60);
SELECT asked.compare('the first rows', :amount);
SELECT asked.add_rows(3000);
SELECT asked.compare('single inserts', :amount);
DROP INDEX asked.people_value, asked.jobs_value, asked.events_value, asked.meetups_value;
SELECT asked.add_rows(11000);
ANALYZE asked.people, asked.jobs, asked.events, asked.meetups;
:people_index
:jobs_index
:events_index
:meetups_index
SELECT asked.compare('a build', :amount);

-- That the questions are what they are meant to be.
CREATE TEMP TABLE sample AS SELECT (asked.some_question(name)).* FROM unnest('{people,jobs,events,meetups}'::text[]) name, generate_series(1, 200) i;
SELECT oracle.exercised(feature, (SELECT count(*) FROM sample WHERE operator || argument || coalesce(filter, 'NULL') || coalesce(second_operator, '') ~ pattern), 5)
FROM (VALUES ('alternatives', '\|'), ('partial credit', '~'), ('from', '\.\.'), ('must', '!'), ('a clock', 'as_of'), ('fading', '@20'), ('a threshold', 'at_least'),
             ('fit', '^<->'), ('no filter', 'NULL$'), ('one row of ten thousand', 'k = 7'), ('@@', '@@'), ('?', 'value \? '), ('?|', 'value \?\| '), ('?&', 'value \?& '),
             ('@>', 'value @> '), ('limits', 'limits'), ('skip', 'skip'), ('exclude', 'exclude'), ('product', 'product')) v (feature, pattern);
SELECT oracle.exercised('values that are NULL', (SELECT count(*) FROM asked.people WHERE value IS NULL), 50);
SELECT oracle.exercised('empty values', (SELECT count(*) FROM asked.people WHERE value = ''), 50);
SELECT oracle.exercised('values longer than a page', (SELECT count(*) FROM asked.people WHERE pg_column_size(value) > 8192 OR skill_count(value) > 1000), 5);
SELECT oracle.exercised('twins', (SELECT count(*) - count(DISTINCT value::text) FROM asked.events), 500);
SELECT is((SELECT count(*) FROM asked.people WHERE k = 7), 3::bigint, 'k = 7 keeps one row of each load');

-- Pruning is real: a search for the best row looks at a part of the others.
BEGIN;
SELECT oracle.plan_by('index') AS ignored \gset
SELECT count(*) AS ignored FROM (SELECT id FROM asked.people ORDER BY value <=> 's1:3, s2:3, s3:3, s4:3' LIMIT 1) x \gset
SELECT ok(rows BETWEEN 1 AND 7000, format('%s of 14000 people were scored', rows)) FROM shortlist_last_scan();
SELECT count(*) AS ignored FROM (SELECT id FROM asked.events ORDER BY value <=> event_pref(latitude => 10, longitude => 10, within_km => 100, budget => 5, crowd => 30) LIMIT 1) x \gset
SELECT ok(rows BETWEEN 1 AND 7000, format('%s of 14000 events were scored', rows)) FROM event_last_scan();
SELECT count(*) AS ignored FROM (SELECT id FROM asked.meetups ORDER BY value <=> event_pref(latitude => 10, longitude => 10, within_km => 100, budget => 5, crowd => 30) LIMIT 1) x \gset
SELECT ok(rows BETWEEN 1 AND 2000, format('%s of 14000 meetups were scored', rows)) FROM shortlist_last_scan();
COMMIT;

-- Inserts, updates, deletes, vacuum ---------------------------------------------------------------------------------------

SELECT asked.add_rows(100);
SELECT asked.compare('some inserts', :amount);
SELECT asked.add_rows(3000);
SELECT asked.compare('many inserts', :amount);
UPDATE asked.people SET value = asked.some_person() WHERE id % 5 = 0;
UPDATE asked.jobs SET value = asked.some_job() WHERE id % 5 = 0;
UPDATE asked.events SET value = asked.some_event() WHERE id % 5 = 0;
UPDATE asked.meetups SET value = asked.some_event() WHERE id % 5 = 0;
SELECT asked.compare('updates', :amount);
DELETE FROM asked.people WHERE id % 3 = 0;
DELETE FROM asked.jobs WHERE id % 3 = 0;
DELETE FROM asked.events WHERE id % 3 = 0;
DELETE FROM asked.meetups WHERE id % 3 = 0;
SELECT asked.compare('deletes', :amount);
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;
SELECT asked.compare('vacuum', :amount);
SELECT asked.add_rows(2000);
SELECT asked.compare('inserts into places that were freed', :amount);
-- Everything that has one skill; all events that cost nothing.
DELETE FROM asked.people WHERE value ? 's0';
DELETE FROM asked.jobs WHERE value IS NOT NULL AND EXISTS (SELECT FROM jobspec_each(value) j WHERE j.skill = 's0');
DELETE FROM asked.events WHERE (value::jsonb ->> 'price')::float8 = 0;
DELETE FROM asked.meetups WHERE (value::jsonb ->> 'price')::float8 = 0;
SELECT asked.compare('one skill deleted', :amount);
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;
SELECT asked.compare('one skill deleted and vacuumed', :amount);
SELECT is((SELECT count(*) FROM asked.people WHERE value ? 's0'), 0::bigint, 'nobody has that skill');
DELETE FROM asked.people WHERE id % 20 <> 0;
DELETE FROM asked.jobs WHERE id % 20 <> 0;
DELETE FROM asked.events WHERE id % 20 <> 0;
DELETE FROM asked.meetups WHERE id % 20 <> 0;
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;
SELECT asked.compare('nearly all deleted', :amount);
SELECT asked.add_rows(4000);
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;
SELECT asked.compare('merges in vacuum', :amount);
-- Several indexes of a table are vacuumed by several processes.
CREATE INDEX people_again ON asked.people USING shortlist (value);
CREATE INDEX jobs_again ON asked.jobs USING shortlist (value);
DELETE FROM asked.people WHERE id % 4 = 0;
DELETE FROM asked.jobs WHERE id % 4 = 0;
SET min_parallel_index_scan_size = 0;
VACUUM (PARALLEL 2) asked.people, asked.jobs;
RESET min_parallel_index_scan_size;
SELECT asked.compare('parallel vacuum', :amount, '{people,jobs}');
DROP INDEX asked.people_value, asked.jobs_value;
SELECT asked.compare('parallel vacuum of another index', :amount, '{people,jobs}');
:people_index
:jobs_index
DROP INDEX asked.people_again, asked.jobs_again;
BEGIN;
SELECT asked.add_rows(1000);
DELETE FROM asked.people WHERE id % 11 = 0;
DELETE FROM asked.jobs WHERE id % 11 = 0;
DELETE FROM asked.events WHERE id % 11 = 0;
DELETE FROM asked.meetups WHERE id % 11 = 0;
SELECT asked.compare('before commit', :amount / 2);
ROLLBACK;
SELECT asked.compare('after rollback', :amount / 2);

-- Cursors: rows that come and go while they are open, enough to move the tail into segments and to merge these ----------------

SELECT is(oracle.cursor_difference(('asked.' || relation, asked.some_operator(asked.kind_of(relation)), asked.some_argument(relation), NULL, NULL, NULL),
                                   format('SELECT asked.add_rows(%L, 500); DELETE FROM asked.%1$I WHERE id %% 7 = %2$s', relation, round)),
          NULL, format('%s: a cursor while rows are written, %s', relation, round))
FROM unnest('{people,jobs,events,meetups}'::text[]) relation, generate_series(1, 2) round;
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;

-- Backwards through a scrolling cursor: what came, the other way round.
CREATE FUNCTION asked.scrolls(relation text) RETURNS bool
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    c        refcursor;
    r        record;
    forward  bigint[] := '{}';
    backward bigint[] := '{}';
BEGIN
    PERFORM oracle.plan_by('index');
    OPEN c SCROLL FOR EXECUTE oracle.query_of(('asked.' || relation, '<=>', asked.some_argument(relation), NULL, NULL, NULL)::oracle.question);
    FOR i IN 1 .. 300 LOOP
        FETCH c INTO r;
        forward := forward || r.id;
    END LOOP;
    FOR i IN 1 .. 300 LOOP
        backward := r.id || backward;
        FETCH PRIOR FROM c INTO r;
    END LOOP;
    CLOSE c;
    PERFORM oracle.plan_by('any');
    RETURN forward = backward AND r IS NULL;
END $$;
SELECT ok(asked.scrolls(relation), format('%s: backwards', relation)) FROM unnest('{people,jobs,events,meetups}'::text[]) relation;

-- Mark and restore: a merge join goes back to the first of the rows that tie, again and again.
CREATE FUNCTION asked.merge_join(relation text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    query text := format('SELECT a.id AS one, b.id AS other FROM asked.%1$I a JOIN asked.%1$I b ON a.value <=> %2$s = b.value <=> %2$s'
                         ' WHERE a.id %% 20 = 0 AND b.id %% 5 = 0 ORDER BY a.value <=> %2$s', relation, asked.some_argument(relation));
    pairs text := format('SELECT count(*) || '' '' || coalesce(sum(hashint8extended(one, other)), 0) FROM (%s) q', query);
    found text;
    truth text;
BEGIN
    PERFORM oracle.plan_by('rows');
    EXECUTE pairs INTO truth;
    PERFORM oracle.plan_by('index'), set_config('enable_hashjoin', 'off', true), set_config('enable_nestloop', 'off', true);
    EXECUTE pairs INTO found;
    IF oracle.plan_of(query) !~ 'Merge Join.*Index Scan.*Index Scan' THEN
        RETURN 'not by merge join of indexes: ' || oracle.plan_of(query);
    END IF;
    PERFORM oracle.plan_by('any'), set_config('enable_hashjoin', 'on', true), set_config('enable_nestloop', 'on', true);
    RETURN CASE WHEN found <> truth THEN format('%s, not %s: %s', found, truth, query) WHEN truth LIKE '0 %' THEN 'no pairs: ' || query END;
END $$;
SELECT is(asked.merge_join(relation), NULL, format('%s: a merge join', relation)) FROM unnest('{people,jobs,events,meetups}'::text[]) relation;

-- Built again, in every way -----------------------------------------------------------------------------------------------

REINDEX INDEX asked.people_value;
REINDEX TABLE asked.jobs;
REINDEX TABLE asked.events;
REINDEX TABLE asked.meetups;
SELECT asked.compare('REINDEX', :amount);
REINDEX INDEX CONCURRENTLY asked.people_value;
REINDEX TABLE CONCURRENTLY asked.jobs;
REINDEX TABLE CONCURRENTLY asked.events;
REINDEX TABLE CONCURRENTLY asked.meetups;
SELECT asked.compare('REINDEX CONCURRENTLY', :amount);
DROP INDEX asked.people_value, asked.jobs_value, asked.events_value, asked.meetups_value;
CREATE INDEX CONCURRENTLY people_value ON asked.people USING shortlist (value) WITH (tail_size = 64);
CREATE INDEX CONCURRENTLY jobs_value ON asked.jobs USING shortlist (value) WITH (tail_size = 64);
CREATE INDEX CONCURRENTLY events_value ON asked.events USING gist (value) WITH (fillfactor = 10);
CREATE INDEX CONCURRENTLY meetups_value ON asked.meetups USING shortlist (value) WITH (tail_size = 64);
SELECT asked.compare('CREATE INDEX CONCURRENTLY', :amount);
-- With little memory a build makes several segments.
SET maintenance_work_mem = '1MB';
DROP INDEX asked.events_value;
CREATE INDEX events_value ON asked.events USING gist (value) WITH (buffering = on, fillfactor = 20);
REINDEX TABLE asked.people;
REINDEX TABLE asked.jobs;
REINDEX TABLE asked.meetups;
RESET maintenance_work_mem;
SELECT asked.compare('a build with little memory', :amount);

SELECT current_database() AS from \gset
\setenv FROM :from
\! createdb "$FROM"_restored && pg_dump -d "$FROM" 2>&1 | psql -Xq -v ON_ERROR_STOP=1 -d "$FROM"_restored -o /dev/null
SELECT format('SELECT setseed(%s); SELECT string_agg(asked.differences(relation, %s), '''') = '''' FROM unnest(''{people,jobs,events,meetups}''::text[]) relation', :seed, :amount) AS ask \gset
\setenv ASK :ask
\set answer `psql -XqAt -v ON_ERROR_STOP=1 -d "$FROM"_restored -c "$ASK" 2>&1 | tail -n 1`
SELECT is(:'answer'::text, 't', 'dumped and restored: the index answers as the sequential scan does');
\! dropdb "$FROM"_restored

-- Space is used again: after a while the index does not grow any more.
SELECT statement FROM generate_series(1, 20), unnest(ARRAY['UPDATE asked.people SET value = value', 'VACUUM asked.people']) statement \gexec
SELECT pg_relation_size('asked.people_value') AS size \gset before_
SELECT statement FROM generate_series(1, 20), unnest(ARRAY['UPDATE asked.people SET value = value', 'VACUUM asked.people']) statement \gexec
SELECT ok(pg_relation_size('asked.people_value') < 1.3 * :before_size,
          format('the index has %s bytes after forty updates of all rows, %s after twenty', pg_relation_size('asked.people_value'), :before_size));
SELECT asked.compare('forty updates of all rows', :amount, '{people}');

-- Nothing passes a filter that is NULL.
BEGIN;
SELECT oracle.plan_by('index') AS ignored \gset
PREPARE filtered(text) AS SELECT count(*) FROM (SELECT id FROM asked.people WHERE value ? $1 ORDER BY value <=> 's2' OFFSET 0) x;
SET LOCAL plan_cache_mode = force_generic_plan;
EXECUTE filtered(NULL) \gset nothing_
SELECT is(:nothing_count, 0, 'a filter that is NULL');
EXECUTE filtered('s2') \gset something_
SELECT ok(:something_count > 0, 'and one that is not');
COMMIT;

SELECT * FROM finish();
