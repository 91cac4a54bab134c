-- learning_plan(): random instances against plain greedy in SQL and against the best of all plans; rights, errors and edges.
--
--     psql -X -q -f test/pgtap/learning_plan.sql [-v seed=0.17] [-v amount=400] [-v stress=1]
--
-- `amount` random instances are drawn of up to 25 courses, half as many of up to 8 for which all plans are tried.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.17 \endif
\if :{?amount}
\elif :stress
    \set amount 20000
\else
    \set amount 400
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_generic_plan;
\ir ../oracle/check.sql
\ir ../oracle/skills.sql
\ir ../oracle/random_skills.sql
\ir ../oracle/plans.sql

SELECT plan(59);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- Goals with alternatives and starting levels, without a clock; what is held, and courses made for the goal or not.
CREATE TEMP TABLE instance AS
SELECT id, (goal).doc, (goal).txt::jobspec AS goal, (oracle.skillset_for((goal).doc, 0.4, false)).txt::skillset AS have,
       CASE WHEN random() < 0.1 THEN 'Infinity' ELSE floor(random() * 60) END AS budget, id % 3 = 0 AS small
FROM (SELECT id, oracle.some_jobspec(oracle.pick('{0.05,0.1,0.3,0.8}'::float8[]), false) AS goal FROM generate_series(1, :amount * 3 / 2) id) s;
INSERT INTO oracle.course
SELECT i.id, c, CASE WHEN random() < 0.8 THEN (oracle.skillset_for(doc, 0.25, false)).txt ELSE (oracle.some_skillset(0.1, false)).txt END::skillset,
       CASE WHEN random() < 0.1 THEN 0 WHEN random() < 0.5 THEN 1 + floor(random() * 20) ELSE random() * 40 END
FROM instance i, LATERAL generate_series(1, floor(random() * CASE WHEN small THEN 8 ELSE 25 END + i.id * 0)::int) c;
ANALYZE oracle.course;

CREATE TEMP TABLE step AS
SELECT i.id AS instance, i.goal, i.have, i.budget, p.*,
       (SELECT have || skillset_agg(e.skill, e.level) FROM learning_plan(goal, have, budget, format('SELECT id, teaches, cost FROM oracle.course WHERE instance = %s ORDER BY id', i.id)) s
           JOIN oracle.course c ON c.instance = i.id AND c.id = s.id, skills_each(c.teaches) e WHERE s.step <= p.step) AS known
FROM instance i, learning_plan(goal, have, budget, format('SELECT id, teaches, cost FROM oracle.course WHERE instance = %s ORDER BY id', i.id)) p;
CREATE TEMP TABLE outcome AS
SELECT i.*, o.tied, o.ids AS expected, o.ready AS expected_ready, skill_readiness(have, goal) AS before,
       coalesce(s.ids, '{}') AS ids, coalesce(s.ready, skill_readiness(have, goal)) AS ready
FROM instance i, oracle.plan(goal, have, budget, i.id) o,
     LATERAL (SELECT array_agg(p.id ORDER BY step) AS ids, max(readiness) AS ready FROM step p WHERE p.instance = i.id) s;

SELECT oracle.holds('the plan is that of plain greedy in SQL, unless rounding decided',
    'SELECT ids = expected, format(''instance %s, budget %s: %s not %s'', id, budget, ids, expected) FROM outcome WHERE NOT tied');
SELECT cmp_ok((SELECT count(*) FROM outcome WHERE tied), '<', :amount / 20::bigint, format('rounding decided %s times', (SELECT count(*) FROM outcome WHERE tied)));
SELECT oracle.holds('readiness after a step is that of all that is known by then, bit for bit',
    'SELECT readiness = skill_readiness(known, goal), format(''instance %s step %s: %s not %s'', instance, step, readiness, skill_readiness(known, goal)) FROM step');
SELECT oracle.holds('the gain is what readiness grows by, to 1e-12',
    'SELECT gain > 1e-12 AND abs(gain - (readiness - lag(readiness, 1, skill_readiness(have, goal)) OVER (PARTITION BY instance ORDER BY step))) <= 1e-12, format(''instance %s step %s: %s'', instance, step, gain) FROM step');
SELECT oracle.holds('cost, gain per cost and total cost',
    'SELECT s.cost = c.cost AND gain_per_cost = CASE WHEN c.cost = 0 THEN ''Infinity'' ELSE gain / c.cost END
            AND abs(total_cost - sum(c.cost) OVER (PARTITION BY s.instance ORDER BY step)) <= 1e-9, format(''instance %s step %s'', s.instance, step)
     FROM step s JOIN oracle.course c ON c.instance = s.instance AND c.id = s.id');
SELECT oracle.holds('steps count from 1, gains per cost fall, and the budget holds',
    'SELECT step = row_number() OVER w AND gain_per_cost <= lag(gain_per_cost, 1, ''Infinity'') OVER w AND total_cost <= budget * (1 + 1e-12), format(''instance %s step %s'', instance, step)
     FROM step WINDOW w AS (PARTITION BY instance ORDER BY step)');
SELECT oracle.holds('at least 0.405 of the best gain of all plans',
    'SELECT ready - before >= 0.405 * (best - before) - 1e-12 AND ready <= best + 1e-12, format(''instance %s: %s of %s'', id, ready - before, best - before)
     FROM outcome, oracle.best_readiness(goal, have, budget, id) best WHERE small');
SELECT oracle.exercised(feature, happened, :amount / 40) FROM (VALUES
    ('plans of several steps', (SELECT count(*) FROM outcome WHERE cardinality(ids) > 2)),
    ('plans that greedy alone does not make', (SELECT count(*) FROM outcome o, oracle.greedy(goal, have, budget, id, ARRAY(SELECT c.id FROM oracle.course c WHERE instance = o.id), NULL) g WHERE g.ids <> o.ids AND NOT o.tied)),
    ('courses for nothing', (SELECT count(*) FROM step WHERE cost = 0)),
    ('budgets that leave something out', (SELECT count(*) FROM outcome WHERE ready < (SELECT skill_readiness(have || skillset_agg(skill, level), goal) FROM oracle.course c, skills_each(teaches) WHERE c.instance = outcome.id) - 1e-9))) f (feature, happened);

-- By hand: worth 1/2, 1/4 and 1/4.
CREATE TABLE courses (id int PRIMARY KEY, teaches skillset, cost numeric, hours smallint);
INSERT INTO courses VALUES (7, 'python:4', 10, 10), (3, 'sql:2', 1, 1), (5, 'python:2, sql:3', 5, 5), (9, 'java', 0, 0), (4, 'sql:2', 1, 1), (8, 'c:9', 0, 0);
CREATE FUNCTION pg_temp.planned(goal jobspec, have skillset, budget float8, courses text) RETURNS text
LANGUAGE sql AS $$ SELECT string_agg(format('%s: %s for %s = %s', id, gain, cost, readiness), '; ' ORDER BY step) FROM learning_plan(goal, have, budget, courses) $$;
SELECT is(pg_temp.planned(goal, have, budget, query), expected, what) FROM (VALUES
    (1, 'by hand', jobspec 'python:4*2, sql:2, java', skillset '', float8 '11', 'SELECT * FROM courses ORDER BY id', '9: 0.25 for 0 = 0.25; 3: 0.25 for 1 = 0.5; 7: 0.5 for 10 = 1'),
    (2, 'ties go by the order of rows', 'python:4*2, sql:2, java', '', 11, 'SELECT * FROM courses ORDER BY id DESC', '9: 0.25 for 0 = 0.25; 4: 0.25 for 1 = 0.5; 7: 0.5 for 10 = 1'),
    (3, 'what is held already', 'python:4*2, sql:2, java', 'python:3, java', 'Infinity', 'SELECT * FROM courses ORDER BY id', '3: 0.25 for 1 = 0.875; 7: 0.125 for 10 = 1'),
    (4, 'a budget of nothing', 'python:4*2, sql:2, java', '', 0, 'SELECT * FROM courses', '9: 0.25 for 0 = 0.25'),
    (5, 'nothing left to learn', 'python:4*2, sql:2, java', 'python:4, sql:2, java', 11, 'SELECT * FROM courses', NULL),
    (6, 'a goal that asks nothing', '', '', 11, 'SELECT * FROM courses', NULL),
    (7, 'a goal without weights', 'python:4*0!', '', 11, 'SELECT * FROM courses', NULL),
    (8, 'no courses', 'python', '', 11, 'SELECT * FROM courses WHERE false', NULL),
    (9, 'alternatives and a starting level', 'pascal|python~0.5:2..4', 'python', 'Infinity', 'SELECT * FROM courses', NULL),
    (10, 'an alternative', 'pascal|python~0.5:4', 'python', 'Infinity', 'SELECT * FROM courses ORDER BY id', '7: 0.375 for 10 = 0.5'),
    (11, 'faded levels are learned again', 'python:4, @as_of 2026-01-31', 'python:4@2026-01-01/30', 'Infinity', 'SELECT * FROM courses ORDER BY id', '7: 0.09999999999999998 for 10 = 1'),
    (12, 'without a clock nothing has faded', 'python:4', 'python:4@2026-01-01/30', 'Infinity', 'SELECT * FROM courses ORDER BY id', NULL),
    (13, 'other types of id and cost', 'sql:2', '', 2, 'SELECT 1 AS more, hours AS cost, teaches, id::smallint FROM courses ORDER BY courses.id', '3: 1 for 1 = 1'),
    (14, 'and others', 'sql:2', '', 2, 'SELECT id::bigint, teaches, hours::float4 AS cost FROM courses ORDER BY courses.id', '3: 1 for 1 = 1'),
    (15, 'a course that occurs twice', 'sql:2', '', 2, 'SELECT 3 AS id, skillset ''sql:1'' AS teaches, 1 AS cost UNION ALL SELECT 3, ''sql:2'', 1', '3: 1 for 1 = 1'),
    (16, 'a query that ends in a semicolon', 'sql:2', '', 2, 'TABLE courses ORDER BY id;', '3: 1 for 1 = 1')) v (n, what, goal, have, budget, query, expected) ORDER BY n;
-- Held at 4, of which 1.22 are left after 2,222 days at a stability of one: the course that teaches 2 counts, though || would keep the 4.
SELECT is((SELECT string_agg(format('%s: %s = %s', id, round(gain::numeric, 4), readiness), '; ') FROM learning_plan('python:4, @as_of 2026-01-31', 'python:4@2020-01-01/1', 5, 'TABLE courses')),
          '5: 0.1943 = 0.5', 'under a clock the highest level that counts');
CREATE DOMAIN key AS int;
CREATE DOMAIN lesson AS skillset;
SELECT is(pg_temp.planned('sql:2', '', 2, 'SELECT id::key, teaches::lesson, cost FROM courses ORDER BY 1'), '3: 1 for 1 = 1', 'domains');
SELECT is(pg_temp.planned('sql:2', '', 2, 'SELECT step AS id, teaches, p.cost FROM learning_plan(''sql:2'', '''', 2, ''TABLE courses ORDER BY id'') p JOIN courses USING (id)'), '1: 1 for 1 = 1', 'a plan within a plan');
SELECT is((SELECT count(*) FROM learning_plan('sql:2', '', 2, NULL)), 0::bigint, 'NULL gives no rows');
-- A value that is stored out of line, compressed.
INSERT INTO courses SELECT 100, skillset(array_agg('topic ' || g)) || 'cobol:3', 2.5, 1 FROM generate_series(1, 20000) g;
SELECT is(pg_temp.planned('cobol:3', '', 3, 'TABLE courses'), '100: 1 for 2.5 = 1', 'a course that teaches 20,001 skills');
DELETE FROM courses WHERE id = 100;

-- Errors.
SELECT throws_ok(format('SELECT * FROM learning_plan(''sql:2'', '''', %s, %L)', budget, query), code, message, what) FROM (VALUES
    (1, 'no id', '2', 'SELECT teaches, cost FROM courses', '42703', 'courses query of learning_plan() returns no column "id"'),
    (2, 'no teaches, though there is no row', '2', 'SELECT id, cost FROM courses WHERE false', '42703', 'courses query of learning_plan() returns no column "teaches"'),
    (3, 'cost twice', '2', 'SELECT *, 1 AS cost FROM courses', '42702', 'courses query of learning_plan() returns "cost" twice'),
    (4, 'id as text', '2', 'SELECT id::text, teaches, cost FROM courses', '42804', 'column "id" of the courses query of learning_plan() is of type text'),
    (5, 'teaches as text', '2', 'SELECT id, ''sql'' AS teaches, cost FROM courses', '42804', 'column "teaches" of the courses query of learning_plan() is of type text'),
    (6, 'cost as an interval', '2', 'SELECT id, teaches, interval ''1 h'' AS cost FROM courses', '42804', 'column "cost" of the courses query of learning_plan() is of type interval'),
    (7, 'id NULL', '2', 'SELECT NULL::int AS id, teaches, cost FROM courses', '22004', 'id is null in the courses query of learning_plan()'),
    (8, 'teaches NULL', '2', 'SELECT id, NULL::skillset AS teaches, cost FROM courses', '22004', 'teaches is null in the courses query of learning_plan()'),
    (9, 'cost NULL', '2', 'SELECT id, teaches, nullif(cost, 10) AS cost FROM courses', '22004', 'cost is null in the courses query of learning_plan()'),
    (10, 'a cost below 0', '2', 'SELECT id, teaches, cost - 1 AS cost FROM courses ORDER BY cost', '22003', 'cost -1 is out of range for learning_plan()'),
    (11, 'a cost that is no number', '2', 'SELECT id, teaches, ''NaN''::numeric AS cost FROM courses', '22003', 'cost NaN is out of range for learning_plan()'),
    (12, 'an infinite cost', '2', 'SELECT id, teaches, ''Infinity''::float8 AS cost FROM courses', '22003', 'cost Infinity is out of range for learning_plan()'),
    (13, 'a budget below 0', '-0.5', 'TABLE courses', '22003', 'budget -0.5 is out of range for learning_plan()'),
    (14, 'a budget that is no number', '''NaN''', 'TABLE courses', '22003', 'budget NaN is out of range for learning_plan()'),
    (15, 'nothing to run', '2', '', '22023', 'courses of learning_plan() is not one query that returns rows'),
    (16, 'two queries', '2', 'TABLE courses; TABLE courses', '22023', 'courses of learning_plan() is not one query that returns rows'),
    (17, 'a command', '2', 'DELETE FROM courses', '22023', 'courses of learning_plan() is not one query that returns rows'),
    (18, 'a command that returns rows', '2', 'DELETE FROM courses RETURNING *', '0A000', 'DELETE is not allowed in a non-volatile function'),
    (19, 'a command within a query', '2', 'WITH d AS (DELETE FROM courses RETURNING *) TABLE d', '0A000', 'SELECT is not allowed in a non-volatile function'),
    (20, 'what is no SQL', '2', 'the courses', '42601', 'syntax error at or near "the"'),
    (21, 'a table that is not there', '2', 'SELECT * FROM lessons', '42P01', 'relation "lessons" does not exist'),
    (22, 'a parameter', '2', 'SELECT id, teaches, $1 AS cost FROM courses', '42P02', 'there is no parameter $1')) v (n, what, budget, query, code, message) ORDER BY n;
SELECT is((SELECT count(*) FROM courses), 6::bigint, 'and nothing was deleted');

-- The query runs with the rights of the caller, and under row security.
CREATE ROLE shortlist_learner;
GRANT SELECT ON courses TO shortlist_learner;
CREATE TABLE secrets AS SELECT * FROM courses;
ALTER TABLE courses ENABLE ROW LEVEL SECURITY;
CREATE POLICY short ON courses TO shortlist_learner USING (cost < 5);
SET LOCAL ROLE shortlist_learner;
CREATE TEMP TABLE seen AS SELECT (SELECT string_agg(id::text, ' ') FROM learning_plan('python:4*2, sql:2, java', '', 11, 'TABLE courses ORDER BY id')) AS ids;
CREATE TEMP TABLE refused (message text);
DO $$ BEGIN PERFORM learning_plan('sql:2', '', 2, 'TABLE secrets'); EXCEPTION WHEN insufficient_privilege THEN INSERT INTO refused VALUES (SQLERRM); END $$;
RESET ROLE;
SELECT is((SELECT ids FROM seen), '9 3', 'rows that the caller may not see are not planned');
SELECT is((SELECT message FROM refused), 'permission denied for table secrets', 'a table that the caller may not read');

-- It ends when it is told to, while the query runs and while it plans.
CREATE TEMP TABLE cancelled (what text, ms float8);
CREATE FUNCTION pg_temp.cancelled(what text, goal jobspec, courses text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM learning_plan(goal, '', 'Infinity', courses);
EXCEPTION WHEN query_canceled THEN
    INSERT INTO cancelled VALUES (what, 1000 * extract(epoch FROM clock_timestamp() - statement_timestamp()));
END $$;
CREATE TABLE many AS
SELECT g AS id, skillset(ARRAY(SELECT 's' || (g * 7 + n) % 4000 FROM generate_series(1, 20) n), ARRAY(SELECT 1 + (g * n) % 97 / 10.0 FROM generate_series(1, 20) n)) AS teaches, 1 + g % 1013 / 10.0 AS cost
FROM generate_series(1, 30000) g;
SELECT jobspec(array_agg('s' || g), array_agg(12.5)) AS goal FROM generate_series(0, 3999) g \gset
SET LOCAL statement_timeout = 100;
SELECT pg_temp.cancelled('the query', 'sql:2', 'SELECT 1 AS id, skillset ''sql'' AS teaches, 1 AS cost FROM pg_sleep(10)');
SELECT pg_temp.cancelled('reading and planning', :'goal', 'TABLE many');
SET LOCAL statement_timeout = 0;
SELECT is((SELECT count(*) FROM cancelled c WHERE c.what = w AND ms < 1100), 1::bigint, 'cancelled within a second: ' || w) FROM unnest(ARRAY['the query', 'reading and planning']) w;
SELECT * FROM finish();
ROLLBACK;
