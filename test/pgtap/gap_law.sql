-- What the gap means: readiness(have || teaches, job) - readiness(have, job)
--                     = readiness(teaches, job - have) * (1 - readiness(have, job)).
--
--     psql -X -q -f test/pgtap/gap_law.sql [-v seed=0.17] [-v amount=1500] [-v stress=1]
--
-- `amount` random jobs are made, each with six pairs of what is held and what is taught.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.17 \endif
\if :{?amount}
\elif :stress
    \set amount 10000
\else
    \set amount 1500
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_generic_plan;
SET LOCAL max_parallel_workers_per_gather = 0;
\ir ../oracle/check.sql
\ir ../oracle/skills.sql
\ir ../oracle/random_skills.sql

SELECT plan(30);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- Half of the skills dated, each the same wherever it occurs: `||` keeps the higher level as it was written,
-- and that is the higher one at every later time only if both fade alike.
CREATE FUNCTION pg_temp.dated(skills jsonb, id bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN h % 2 = 0 THEN value
               ELSE jsonb_build_object('level', value, 'stability', 1 + h % 97,
                                       'last', oracle.json_time('2026-01-01 00:00+00'::timestamptz + h % 365 * interval '1 day')) END), '{}')
    FROM jsonb_each(skills), LATERAL (SELECT abs(hashtext(key || id))::bigint) x (h)
$$;

-- The higher level of each skill, for sets that fade alike.
CREATE FUNCTION pg_temp.higher(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}')
    FROM (SELECT DISTINCT ON (key) key, value FROM (SELECT * FROM jsonb_each(a) UNION ALL SELECT * FROM jsonb_each(b)) s
          ORDER BY key, coalesce(value ->> 'level', value #>> '{}')::float8 DESC) m
$$;

CREATE TEMP TABLE jobs AS
SELECT id, (j).doc, (j).txt::jobspec AS spec
FROM (SELECT id, oracle.some_jobspec(oracle.pick('{0,0.03,0.1,0.1,0.3,0.8}'::float8[]), true) AS j
      FROM generate_series(1, :amount) id) s;

CREATE TEMP TABLE drawn AS
SELECT row_number() OVER (ORDER BY id, kind) AS id, id AS job, kind, spec, doc,
       CASE WHEN doc ? 'as_of' THEN pg_temp.dated(have, id) ELSE have END AS have,
       CASE WHEN doc ? 'as_of' THEN pg_temp.dated(teaches, id) ELSE teaches END AS teaches
FROM (SELECT j.id, kind, spec, doc,
             (CASE kind WHEN 1 THEN oracle.some_skillset(0.3, false)
                        WHEN 4 THEN oracle.skillset_for(doc, 1, false)
                        WHEN 5 THEN oracle.some_skillset(0, false)
                        ELSE oracle.skillset_for(doc, 0.5, false) END).doc AS have,
             (CASE kind WHEN 1 THEN oracle.some_skillset(0.2, false)
                        WHEN 3 THEN oracle.skillset_for(doc, 1, false)
                        WHEN 6 THEN ('{"knitting": 3}', '')::oracle.written
                        ELSE oracle.skillset_for(doc, 0.6, false) END).doc AS teaches
      FROM jobs j, generate_series(1, 6) kind) s;

CREATE TEMP TABLE triples AS
SELECT d.*, skillset(have) AS has, skillset(teaches) AS learns, skillset(have) || skillset(teaches) AS merged,
       spec - skillset(have) AS gap, pg_temp.higher(have, teaches) AS merged_doc
FROM drawn d;

CREATE TEMP TABLE measured AS
SELECT t.*, skill_readiness(has, spec) AS before, skill_readiness(merged, spec) AS after, skill_readiness(learns, gap) AS closed,
       oracle.readiness(have, doc) AS o_before, oracle.readiness(merged_doc, doc) AS o_after
FROM triples t;

CREATE TEMP TABLE credited AS SELECT t.id, c.* FROM triples t, oracle.credits(t.have, t.doc) c;

CREATE INDEX ON credited (id);
ANALYZE jobs;
ANALYZE triples;
ANALYZE measured;
ANALYZE credited;

SELECT cmp_ok((SELECT count(*) FROM measured), '>=', 6 * :amount::bigint, format('%s triples', (SELECT count(*) FROM measured)));
SELECT oracle.holds('what teaches adds to readiness is its share of the gap, to 1e-6',
    'SELECT abs((after - before) - closed * (1 - before)) < 1e-6,
            format(''%s of %s: %s, and %s, for %s, gap %s'', after - before, closed * (1 - before), has, learns, spec, gap) FROM measured');
SELECT oracle.holds('both readinesses are the oracle''s',
    'SELECT abs(before - o_before) < 1e-9 AND abs(after - o_after) < 1e-9,
            format(''%s, then %s, not %s, then %s: %s, and %s, for %s'', before, after, o_before, o_after, has, learns, spec) FROM measured');
SELECT oracle.holds('the share of the gap is the oracle''s, to 1e-4 where at least a hundredth is open',
    'SELECT abs(closed - oracle.closes(have, merged_doc, doc)) < 1e-4, format(''%s: %s, and %s, for %s, gap %s'', closed, has, learns, spec, gap)
     FROM measured WHERE o_before < 0.99');
SELECT oracle.holds('nothing left to learn is closed by anybody',
    'SELECT closed = 1 AND skill_readiness('''', gap) = 1, format(''%s for %s, gap %s'', has, spec, gap)
     FROM measured m WHERE NOT EXISTS (SELECT FROM credited c WHERE c.id = m.id AND weight > 0 AND reach < 1)');
SELECT oracle.holds('what teaches all that is open closes the whole gap',
    'SELECT closed = 1, format(''%s: %s, and %s, for %s, gap %s'', closed, has, learns, spec, gap)
     FROM measured WHERE kind = 3 AND NOT EXISTS (SELECT FROM oracle.credits(teaches, doc) WHERE reach < 1)');
SELECT oracle.holds('what teaches nothing asked for closes nothing',
    'SELECT closed = 0, format(''%s: %s, and %s, for %s, gap %s'', closed, has, learns, spec, gap)
     FROM measured WHERE kind = 6 AND o_before < 1');
SELECT oracle.holds('who has nothing has the whole job before them',
    'SELECT skill_readiness(learns, gap) = after, format(''%s for %s, gap %s'', learns, spec, gap) FROM measured WHERE kind = 5');
SELECT oracle.holds('skill_gap is the operator',
    'SELECT skill_gap(spec, has)::text = gap::text, gap::text FROM triples');
SELECT oracle.holds('the gap can be written down and read again',
    'SELECT gap::text::jobspec::text = gap::text AND skill_readiness(learns, gap::text::jobspec) = closed, gap::text FROM measured');
SELECT oracle.holds('who qualifies, with what is held and taught, is the oracle''s answer',
    'SELECT (merged @@ spec) = oracle.qualifies(merged_doc, doc), format(''%s, and %s, for %s'', has, learns, spec)
     FROM measured WHERE coalesce(abs(o_after - (doc ->> ''at_least'')::float8) > 1e-9, true)');
SELECT oracle.holds('what meets the gap''s musts and threshold meets, with what is held, the job''s',
    'SELECT (learns @@ gap) = (merged @@ spec), format(''%s: %s, and %s, for %s, gap %s'', learns @@ gap, has, learns, spec, gap)
     FROM measured WHERE coalesce(abs(o_after - (doc ->> ''at_least'')::float8) > 1e-5, true)');

-- The gap's items, where more than a millionth of the item is open: float4 cannot tell less from done.
CREATE TEMP TABLE left_over AS SELECT t.id, g.* FROM triples t, oracle.gap(t.have, t.doc) g WHERE g.weight > 0 AND g.start / g.need < 0.999999;
CREATE TEMP TABLE asked AS SELECT t.id, e.* FROM triples t, jobspec_each(t.gap) e WHERE e.weight > 0;
SELECT oracle.holds('each item still open is in the gap, from where the person stands',
    'SELECT abs(coalesce(a.from_level, 0) - l.start) <= 1e-6 * l.need AND a.need = l.need, format(''%s, not %s'', a, l)
     FROM left_over l LEFT JOIN asked a ON a.id = l.id AND a.skill = l.skill');
SELECT oracle.holds('no item of the gap is done already',
    'SELECT EXISTS (SELECT FROM oracle.gap(t.have, t.doc) g WHERE g.skill = a.skill), format(''%s in the gap of %s for %s'', a.skill, has, spec)
     FROM asked a JOIN triples t USING (id)');
SELECT oracle.holds('an item weighs in the gap what of it is open',
    'SELECT abs(a.weight / sum(a.weight) OVER w - l.weight / sum(l.weight) OVER w) < 1e-5, format(''%s, not %s'', a, l)
     FROM left_over l JOIN asked a ON a.id = l.id AND a.skill = l.skill WINDOW w AS (PARTITION BY l.id)');

-- A hair short: the level is the float4 just below what is needed.
SELECT ok(skill_readiness('python:4', 'python:4'::jobspec - 'python:3.9999998'::skillset) = 1
          AND skill_readiness('', 'python:4, sql:1'::jobspec - 'python:3.9999998'::skillset) = 0, 'a gap of one float4 step');

SELECT oracle.exercised(feature, happened, 20 * :amount / 1500) FROM (VALUES
    (1, 'readiness strictly between 0 and 1 before', (SELECT count(*) FROM measured WHERE o_before > 0.01 AND o_before < 0.99)),
    (2, 'a share of the gap strictly between 0 and 1', (SELECT count(*) FROM measured WHERE closed > 0.01 AND closed < 0.99)),
    (3, 'the rest of an item learned after a part', (SELECT count(*) FROM credited c JOIN triples t USING (id), oracle.credits(t.teaches, t.doc) l
        WHERE l.item = c.item AND c.reach > 0 AND c.reach < l.reach)),
    (4, 'a part taught that is held already', (SELECT count(*) FROM credited c JOIN triples t USING (id), oracle.credits(t.teaches, t.doc) l
        WHERE l.item = c.item AND l.reach > 0 AND c.reach > l.reach AND c.reach < 1)),
    (5, 'an alternative held or taught', (SELECT count(*) FROM measured t, oracle.ways(t.doc) w WHERE w.via IN (SELECT jsonb_object_keys(t.merged_doc))
        AND NOT EXISTS (SELECT FROM oracle.items(t.doc) i WHERE i.item = w.item AND i.skill = w.via))),
    (6, 'from..need, partly done', (SELECT count(*) FROM credited WHERE start > 0 AND credit > 0 AND credit < 1)),
    (7, 'from..need, below the start', (SELECT count(*) FROM credited WHERE start > 0 AND reach > 0 AND credit = 0)),
    (8, 'a must still open', (SELECT count(*) FROM credited WHERE must AND reach < 1)),
    (9, 'a must of weight 0 still open', (SELECT count(*) FROM credited WHERE must AND reach < 1 AND weight = 0)),
    (10, 'weights that differ', (SELECT count(*) FROM (SELECT id FROM credited GROUP BY id HAVING min(weight) < max(weight)) s)),
    (11, 'no overlap', (SELECT count(*) FROM measured WHERE o_after = o_before AND o_before = 0)),
    (12, 'the gap is empty', (SELECT count(*) FROM measured m WHERE have <> '{}' AND doc -> 'items' <> '[]'
        AND NOT EXISTS (SELECT FROM credited c WHERE c.id = m.id AND reach < 1))),
    (13, 'all learned at once', (SELECT count(*) FROM measured WHERE o_before < 0.99 AND o_after = 1)),
    (14, 'a skill that fades and is needed', (SELECT count(DISTINCT t.id) FROM triples t, jsonb_each(t.have) h, oracle.ways(t.doc) w
        WHERE h.key = w.via AND h.value ->> 'last' < t.doc ->> 'as_of'))
) f (n, feature, happened) ORDER BY n;

SELECT * FROM finish();
ROLLBACK;
