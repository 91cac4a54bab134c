-- practice_agg() and skill_review(): the reference implementation's sequences, random logs against FSRS-6 in SQL,
-- random reviews against their definition, and the edges.
--
--     psql -X -q -f test/pgtap/practice.sql [-v data=/absolute/path] [-v seed=0.17] [-v amount=2000] [-v stress=1]
--
-- `amount` random histories of a skill are drawn, and a tenth as many people.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.17 \endif
\if :{?amount}
\elif :stress
    \set amount 50000
\else
    \set amount 2000
\endif
\set vectors `cat :'data'/retention/fsrs6_vectors.json 2>/dev/null || echo '{"cases": []}'`

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
\ir ../oracle/check.sql
\ir ../oracle/skills.sql
\ir ../oracle/random_skills.sql
\ir ../oracle/practice.sql

SELECT plan(39);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- The reference implementation: after every session of every sequence. It rounds to eight decimals as it goes, and a
-- skillset stores float4, so the comparison is relative.
CREATE TEMP TABLE reference AS
SELECT c.n AS sequence, s.n AS step, (s.value ->> 'S')::float8 AS stability, (s.value ->> 'review')::timestamptz AS at, (s.value ->> 'rating')::int AS rating
FROM jsonb_array_elements(jsonb :'vectors' -> 'cases') WITH ORDINALITY c (value, n), jsonb_array_elements(c.value -> 'steps') WITH ORDINALITY s (value, n);
CREATE TEMP TABLE followed AS
SELECT r.*, (SELECT practice_agg('skill', 1, p.at, p.rating ORDER BY random()) FROM reference p WHERE p.sequence = r.sequence AND p.step <= r.step) AS skills
FROM reference r;
\if `test -r :'data'/retention/fsrs6_vectors.json && echo yes || echo no`
    SELECT oracle.holds('stability of the reference sequences, to 1e-6 of it',
        'SELECT abs(e.stability - f.stability) <= 1e-6 * f.stability AND e.level = f.step AND e.last = f.at, format(''%s.%s: %s not %s'', sequence, step, e.stability, f.stability)
         FROM followed f, skills_each(skills) e');
\else
    SELECT skip('the reference sequences are not there (-v data=DIRECTORY names their directory)');
\endif

-- Random histories: sessions seconds, hours, days or years apart, a few at one moment.
CREATE TEMP TABLE log AS
SELECT h AS history, h % (:amount / 10) AS person, 'Skill ' || h / (:amount / 10) AS skill, n,
       timestamptz '2020-01-01' + sum(CASE n WHEN 1 THEN random() * interval '3000 days'
           ELSE oracle.pick('{0,0.0001,0.3,0.999999,1,1,2,7,30.25,400}'::float8[]) * (CASE WHEN random() < 0.5 THEN 1 ELSE random() END) * interval '1 day' END)
           OVER (PARTITION BY h ORDER BY n) AS at,
       oracle.pick('{0.25,0.5,1,1,2,3.3}'::float8[]) AS hours, oracle.pick('{1,2,3,3,3,4,NULL}'::int[]) AS rating
FROM generate_series(0, :amount - 1) h, LATERAL generate_series(1, 1 + floor(random() * 12 + h * 0)::int) n;
ANALYZE log;
CREATE TEMP TABLE practised AS SELECT person, practice_agg(skill, hours, at, rating ORDER BY random()) AS skills FROM log GROUP BY person;
CREATE TEMP TABLE expected AS
SELECT person, lower(skill) AS skill, sum(hours) AS hours, max(at) AS last, count(*) AS sessions,
       oracle.stability(array_agg(at), array_agg(rating)) AS stability FROM log GROUP BY person, history, skill;
CREATE TEMP TABLE compared AS
SELECT e.*, s.level AS got_level, s.last AS got_last, s.stability AS got_stability
FROM expected e LEFT JOIN (SELECT person, x.* FROM practised, skills_each(skills) x) s USING (person, skill);

SELECT oracle.holds('the level is the hours', 'SELECT abs(got_level - hours) <= 1e-6 * hours, format(''%s: %s not %s'', skill, got_level, hours) FROM compared');
SELECT oracle.holds('the last session is the last', 'SELECT got_last = last, format(''%s not %s'', got_last, last) FROM compared');
SELECT oracle.holds('the stability is that of FSRS-6, to 1e-6 of it',
    'SELECT abs(got_stability - stability) <= 1e-6 * stability, format(''%s of %s: %s not %s'', skill, person, got_stability, stability) FROM compared');
SELECT oracle.holds('no skill is there that was not practised',
    'SELECT skill_count(p.skills) = (SELECT count(*) FROM expected e WHERE e.person = p.person), p.skills::text FROM practised p');
SELECT oracle.holds('the order of rows does not matter',
    'SELECT p.skills = a.skills AND p.skills = d.skills, p.person::text FROM practised p
     JOIN (SELECT person, practice_agg(skill, hours, at, rating ORDER BY at, n) AS skills FROM log GROUP BY person) a USING (person)
     JOIN (SELECT person, practice_agg(skill, hours, at, rating ORDER BY at DESC, n DESC) AS skills FROM log GROUP BY person) d USING (person)');
SELECT oracle.holds('three arguments are four with a good rating',
    'SELECT practice_agg(skill, hours, at)::text = practice_agg(skill, hours, at, 3)::text AND practice_agg(skill, hours, at)::text = practice_agg(skill, hours, at, NULL::int)::text,
            person::text FROM log GROUP BY person');
SELECT oracle.exercised(feature, happened, :amount / 100) FROM (VALUES
    ('sessions less than a day apart', (SELECT count(*) FROM (SELECT at - lag(at) OVER (PARTITION BY history ORDER BY at) AS gap FROM log) s WHERE gap > interval '0' AND gap < interval '1 day')),
    ('sessions at one moment', (SELECT count(*) FROM (SELECT at - lag(at) OVER (PARTITION BY history ORDER BY at) AS gap FROM log) s WHERE gap = interval '0')),
    ('skills that are forgotten within a week', (SELECT count(*) FROM expected WHERE stability < 7))) f (feature, happened);

-- Workers share the rows, and hand over what they have.
CREATE TABLE shared_log AS SELECT * FROM log ORDER BY random();
ANALYZE shared_log;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
SET LOCAL enable_sort = off;
PREPARE in_parallel AS SELECT person, practice_agg(skill, hours, at, rating) AS skills FROM shared_log GROUP BY person;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT ok(EXISTS (SELECT FROM pg_temp.plan_of('EXECUTE in_parallel') p WHERE p ~ 'Partial')
          AND EXISTS (SELECT FROM pg_temp.plan_of('EXECUTE in_parallel') p WHERE p ~ 'Gather'), 'it runs in parallel');
CREATE TEMP TABLE parallel AS EXECUTE in_parallel;
SELECT oracle.holds('in parallel the answer is the same', 'SELECT p.skills = s.skills, p.person::text FROM practised s LEFT JOIN parallel p USING (person)');
SET LOCAL max_parallel_workers_per_gather = 0;

-- What a log may be.
SELECT is(practice_agg(s, h, t)::text, '"c++, again":1.5@2026-01-01/2.3065, python:3@2026-01-08/21.411392', 'names are folded, levels are hours')
FROM (VALUES ('Python', 1.0, timestamptz '2026-01-01'), (E'C++,  \n again', 1.5, '2026-01-01'), ('PYTHON', 2, '2026-01-08')) v (s, h, t);
SELECT is(practice_agg(s, h, t)::text, 'a:1@2026-01-01/2.3065', 'a row of an outer join that found nothing is passed over')
FROM (VALUES (NULL::text, NULL::float8, NULL::timestamptz), ('a', 1, '2026-01-01')) v (s, h, t);
SELECT is(practice_agg(NULL, NULL, NULL)::text, '', 'such rows alone make an empty skillset');
SELECT is(practice_agg('a', 1, now())::text, NULL, 'no rows make NULL') FROM generate_series(1, 0);
SELECT is((SELECT string_agg(skills::text, '; ' ORDER BY d) FROM (SELECT d, practice_agg('a', 1, timestamptz '2026-01-01' + d * interval '7 days') OVER (ORDER BY d) AS skills FROM generate_series(0, 2) d) w),
          'a:1@2026-01-01/2.3065; a:2@2026-01-08/21.411392; a:3@2026-01-15/46.643208', 'over a growing window');
SELECT throws_ok(format('SELECT practice_agg(%s)', arguments), code, message, arguments) FROM (VALUES
    ('NULL, 1, now()', '22004', 'skill is null in practice_agg()'),
    ('''a'', NULL, now()', '22004', 'hours is null in practice_agg()'),
    ('''a'', 1, NULL', '22004', 'practised_at is null in practice_agg()'),
    ('''a'', 0, now()', '22003', 'hours 0 is out of range for practice_agg()'),
    ('''a'', -1, now()', '22003', 'hours -1 is out of range for practice_agg()'),
    ('''a'', ''NaN'', now()', '22003', 'hours NaN is out of range for practice_agg()'),
    ('''a'', 1, ''infinity''', '22003', 'timestamp is out of range for practice_agg()'),
    ('''a'', 1, now(), 0', '22003', 'rating 0 is out of range for practice_agg()'),
    ('''a'', 1, now(), 5', '22003', 'rating 5 is out of range for practice_agg()'),
    (''''', 1, now()', '22023', 'skill name is empty in practice_agg()')) v (arguments, code, message);
SELECT throws_ok('SELECT practice_agg(''a'', 3e38, now()) FROM generate_series(1, 2)', '22003', NULL, 'hours whose sum is too large');

-- Many skills of one person: each has what it would have alone.
CREATE TEMP TABLE diligent AS SELECT 's' || g % 3000 AS skill, timestamptz '2026-01-01' + g * interval '1 hour' AS at, 1 + g % 4 AS rating FROM generate_series(1, 7000) g;
SELECT set_eq('SELECT e.* FROM (SELECT practice_agg(skill, 1, at, rating) AS s FROM diligent) x, skills_each(s) e',
              'SELECT e.* FROM (SELECT practice_agg(skill, 1, at, rating) AS s FROM diligent GROUP BY skill) x, skills_each(s) e', '3000 skills of one person');

-- Reviews: random people, some of whose skills fade, at random times, for random jobs.
CREATE TEMP TABLE reviewed AS
SELECT id, s.txt::skillset AS skills, j.txt::jobspec AS job, at
FROM (SELECT id, oracle.some_jobspec(0.3, true) AS j, oracle.some_time() + interval '100 days' AS at FROM generate_series(1, :amount / 10) id) d,
     LATERAL (SELECT (oracle.skillset_for((d.j).doc, 0.8, true)).* UNION ALL SELECT (oracle.some_skillset(0.3, true)).*) s (doc, txt),
     LATERAL (SELECT (d.j).*) j;
CREATE TEMP TABLE reviews AS SELECT row_number() OVER () AS case_id, r.* FROM reviewed r;
CREATE TEMP TABLE advice AS SELECT case_id, skills, job, r.at, v.* FROM reviews r, skill_review(skills, job, r.at) WITH ORDINALITY v (skill, level, last, stability, retention, due, loss, n);
CREATE TEMP TABLE fading AS
SELECT r.*, e.skill, e.level, e.last, e.stability FROM reviews r, skills_each(skills) e
WHERE e.stability IS NOT NULL AND (EXISTS (SELECT FROM jobspec_each(job) i WHERE i.skill = e.skill OR e.skill = ANY (i.alternatives)));
SELECT set_eq('SELECT case_id, skill, level, last, stability FROM advice', 'SELECT case_id, skill, level, last, stability FROM fading', 'a row for each skill that fades and is asked for');
SELECT oracle.holds('retention is the forgetting curve', 'SELECT abs(retention - oracle.retention(extract(epoch FROM at - last)::float8 / 86400, stability)) <= 1e-12, format(''%s: %s'', skill, retention) FROM advice');
SELECT oracle.holds('due is when 0.9 is left', 'SELECT abs(extract(epoch FROM due - last) - stability::float8 * 86400) <= 1e-6, format(''%s: %s'', last, due) FROM advice');
SELECT oracle.holds('the loss is what readiness would be more by, were the skill just practised',
    'SELECT abs(loss - (skill_readiness((skills - skill) || skillset(ARRAY[skill], ARRAY[level]::float8[], ARRAY[at], ARRAY[stability]::float8[]), as_of(job, at)) - skill_readiness(skills, as_of(job, at)))) <= 1e-15,
            format(''%s of %s for %s at %s: %s'', skill, skills, job, at, loss) FROM advice');
SELECT oracle.holds('the most valuable first, then what has faded most, then by name',
    'SELECT coalesce(lag(loss) OVER w > loss OR lag(retention) OVER w < retention OR (lag(retention) OVER w = retention AND lag(skill) OVER w COLLATE "C" < skill COLLATE "C"), n = 1), case_id || ''.'' || n
     FROM advice WINDOW w AS (PARTITION BY case_id ORDER BY n)');
SELECT oracle.exercised('a loss', (SELECT count(*) FROM advice WHERE loss > 0), :amount / 10);
SELECT oracle.exercised('a skill that fades without a loss', (SELECT count(*) FROM advice WHERE loss = 0 AND retention < 1), :amount / 20);

SELECT is((SELECT string_agg(format('%s %s %s', skill, round(retention::numeric, 3), coalesce(due::text, 'never')), '; ') FROM skill_review('a:1@2026-01-01/1e30, b:1@2026-02-01/5', 'a, b', '2026-01-15')),
          'a 1.000 never; b 1.000 2026-02-06 00:00:00+00', 'a stability beyond all timestamps; a practice to come');
SELECT is_empty('SELECT * FROM skill_review(''a:1, b:2@2026-01-01, c:1@2026-01-01/3'', ''a, b'', ''2026-01-15'')', 'what does not fade, or is not asked for, is not reviewed');
SELECT throws_ok('SELECT skill_review(''a'', ''a'', ''infinity'')', '22003', 'timestamp is out of range for skill_review()', 'a time that is none');

SELECT * FROM finish();
ROLLBACK;
