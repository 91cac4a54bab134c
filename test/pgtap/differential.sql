-- Random skillsets, jobspecs, facts and preferences: what the extension computes against the oracles in test/oracle.
--
--     psql -X -q -f test/pgtap/differential.sql [-v seed=0.42] [-v amount=3000] [-v stress=1]
--
-- `seed` is what setseed() takes, -1 to 1; `amount` jobspecs and preferences are made, each met by several counterparts.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.42 \endif
\if :{?amount}
\elif :stress
    \set amount 20000
\else
    \set amount 3000
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL plan_cache_mode = force_generic_plan;     -- planning an oracle anew for each pair costs more than running it
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL extra_float_digits = 1;
SET LOCAL TimeZone = 'Asia/Kolkata';                -- no answer may depend on it
\ir ../oracle/check.sql
\ir ../oracle/skills.sql
\ir ../oracle/events.sql
\ir ../oracle/random_skills.sql
\ir ../oracle/random_events.sql

SELECT plan(163);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- The oracles themselves, against numbers that others published or that were worked out by hand -----------------------

SELECT is(round(oracle.retention(days, 30)::numeric, 6), wanted, format('oracle: FSRS-6 with stability 30 after %s days', days))
FROM (VALUES (0::float8, 1.000000), (15, 0.940344), (30, 0.900000), (90, 0.809388), (365, 0.673914)) v (days, wanted);

SELECT is(round(oracle.event_score(jsonb_build_object('attendees', 100 + d),
                                   jsonb_build_object('attendees', jsonb_build_object('curve', curve, 'origin', 100,
                                                                                      'scale', 10, 'decay', 0.5, 'offset', 5)))::numeric, 6),
          wanted, format('oracle: Elasticsearch %s at distance %s', curve, d))
FROM (VALUES ('gauss', 10, 0.840896), ('exp', 10, 0.707107), ('linear', -10, 0.750000), ('gauss', -25, 0.062500),
             ('exp', 25, 0.250000), ('linear', 25, 0.000000), ('gauss', 5, 1.000000)) v (curve, d, wanted);

-- A degree of a great circle is pi R / 180; the way to the antipode is pi R.
SELECT ok(abs(oracle.distance_km(lat1, lon1, lat2, lon2) - degrees * pi() * 6371.0088 / 180) < 1e-9,
          format('oracle: %s degrees from %s %s to %s %s', degrees, lat1, lon1, lat2, lon2))
FROM (VALUES (0::float8, 179.5::float8, 0::float8, -179.5::float8, 1), (89, 10, 89, -170, 2), (90, 33, 90, -120, 0),
             (10, 20, -10, -160, 180), (-30, 5, 60, 5, 90), (0, -45, 0, 45, 90)) v (lat1, lon1, lat2, lon2, degrees);

-- python 0.5 of weight 3, pytorch 0.7 of weight 2, sql (0.75 - 0.5) / 0.5 of weight 1: 3.4 of 6.
-- What is there: 2 of 2, 3 of 3, 3 of 3, 0 of 1, by its own size: 22 of 23.
CREATE TEMP TABLE sample AS SELECT
    '{"python": 2, "pytorch": 3, "sql": 3, "cooking": 1}'::jsonb AS skills,
    '{"items": [{"skill": "python", "need": 4, "weight": 3, "must": true},
                {"skill": "tensorflow", "alternatives": {"pytorch": 0.7}, "need": 3, "weight": 2},
                {"skill": "sql", "from": 2, "need": 4}]}'::jsonb AS job;
SELECT is(round(oracle.readiness(skills, job)::numeric, 7), 0.5666667, 'oracle: readiness by hand') FROM sample;
SELECT is(oracle.use(skills, job), 22 / 23::float8, 'oracle: use by hand') FROM sample;
SELECT ok(NOT oracle.qualifies(skills, job) AND oracle.qualifies(skills || '{"python": 4}', job), 'oracle: a must by hand') FROM sample;
SELECT is(round(oracle.event_score('{"price": 30, "attendees": 100}',
              '{"price": {"offset": 20, "scale": 20, "weight": 3}, "attendees": {"pivot": 300}, "start": {"origin": "2026-12-04", "scale": 1}}')::numeric, 6),
          0.500000, 'oracle: 3 * 0.75 + 1 * 0.25 + 1 * 0 of 5 by hand');
SELECT is(round(oracle.event_score('{"price": 30, "attendees": 100}',
              '{"price": {"offset": 20, "scale": 10, "weight": 3, "decay": 0.125}, "attendees": {"pivot": 1, "missing": "skip", "weight": 0},
                "start": {"origin": "2026-12-04", "scale": 1, "missing": 1}, "combine": "product"}')::numeric, 6),
          round(power(0.125, 0.75), 6), 'oracle: a geometric mean by hand');

-- Skills: the data ----------------------------------------------------------------------------------------------------

CREATE TEMP TABLE jobs AS
SELECT id, (j).doc, (j).txt, (j).txt::jobspec AS spec
FROM (SELECT id, oracle.some_jobspec(oracle.pick('{0,0.03,0.1,0.1,0.3,0.8}'::float8[]), true) AS j
      FROM generate_series(1, :amount) id) s;

CREATE TEMP TABLE pairs AS
SELECT row_number() OVER (ORDER BY job, kind) AS id, job, kind, (s).doc, (s).txt, (s).txt::skillset AS skills, spec, jobdoc
FROM (SELECT j.id AS job, j.spec, j.doc AS jobdoc, k.kind,
             CASE k.kind WHEN 1 THEN oracle.some_skillset(oracle.pick('{0,0.03,0.1,0.3,0.8}'::float8[]), true)
                         WHEN 2 THEN oracle.some_skillset(0.3, false)
                         WHEN 3 THEN oracle.skillset_for(j.doc, 0.7, true)
                         ELSE oracle.skillset_for(j.doc, 1, false) END AS s
      FROM jobs j, generate_series(1, 4) k (kind)) p;

CREATE TEMP TABLE scored AS
SELECT id, doc, jobdoc, skills, spec,
       skill_readiness(skills, spec) AS readiness, skill_use(skills, spec) AS use,
       skill_fit(skills, spec) AS fit, skill_qualifies(skills, spec) AS qualifies,
       oracle.readiness(doc, jobdoc) AS o_readiness, oracle.use(doc, jobdoc) AS o_use,
       oracle.qualifies(doc, jobdoc) AS o_qualifies,
       (jobdoc ->> 'at_least')::float8 AS at_least
FROM pairs;

CREATE TEMP TABLE credited AS SELECT p.id, c.* FROM pairs p, oracle.credits(p.doc, p.jobdoc) c;

CREATE TEMP TABLE reached AS
SELECT p.id, w.item, w.via, w.credit AS share, h.level, w.credit * least(1, h.level / w.need) AS reach
FROM pairs p, oracle.ways(p.jobdoc) w, oracle.held(p.doc, (p.jobdoc ->> 'as_of')::timestamptz) h
WHERE h.skill = w.via;

CREATE TEMP TABLE explained AS
SELECT p.id, e.* FROM pairs p,
       skill_explain(p.skills, p.spec) WITH ORDINALITY e (skill, have, need, via, credit, weight, contribution, must, met, use, place);

CREATE INDEX ON credited (id);
CREATE INDEX ON reached (id);
CREATE INDEX ON explained (id);
ANALYZE jobs;
ANALYZE pairs;
ANALYZE scored;
ANALYZE credited;
ANALYZE reached;
ANALYZE explained;

-- Skills: the properties ----------------------------------------------------------------------------------------------

SELECT oracle.holds('a skillset is the same from text and from jsonb',
    'SELECT skills = skillset(doc), format(''%s <> %s'', txt, doc) FROM pairs');
SELECT oracle.holds('a skillset survives its own text',
    'SELECT skills::text::skillset = skills AND skills::text::skillset::text = skills::text, txt FROM pairs');
SELECT oracle.holds('a jobspec is the same from text and from jsonb',
    'SELECT spec::text = jobspec(doc)::text, format(''%s <> %s'', txt, doc) FROM jobs');
SELECT oracle.holds('a jobspec survives its own text',
    'SELECT spec::text::jobspec::text = spec::text, txt FROM jobs');
SELECT oracle.holds('readiness is the oracle''s',
    'SELECT abs(readiness - o_readiness) < 1e-9, format(''%s, not %s: %s for %s'', readiness, o_readiness, skills, spec) FROM scored');
SELECT oracle.holds('use is the oracle''s',
    'SELECT abs(use - o_use) < 1e-9, format(''%s, not %s: %s for %s'', use, o_use, skills, spec) FROM scored');
SELECT oracle.holds('fit is the oracle''s',
    'SELECT abs(fit - (o_readiness + o_use) / 2) < 1e-9, format(''%s: %s for %s'', fit, skills, spec) FROM scored');
SELECT oracle.holds('qualifies is the oracle''s where readiness is not within 1e-9 of the threshold',
    'SELECT qualifies = o_qualifies, format(''%s: %s for %s'', qualifies, skills, spec) FROM scored
     WHERE at_least IS NULL OR abs(o_readiness - at_least) > 1e-9');
SELECT oracle.holds('readiness, use and fit are between 0 and 1',
    'SELECT readiness BETWEEN 0 AND 1 AND use BETWEEN 0 AND 1 AND fit BETWEEN 0 AND 1,
            format(''%s %s %s: %s for %s'', readiness, use, fit, skills, spec) FROM scored');
SELECT oracle.holds('<=> is 1 - readiness and <-> is 1 - fit, exactly, both ways round',
    'SELECT (skills <=> spec) = 1 - readiness AND (spec <=> skills) = 1 - readiness
            AND (skills <-> spec) = 1 - fit AND (spec <-> skills) = 1 - fit,
            format(''%s for %s'', skills, spec) FROM scored');
SELECT oracle.holds('@@ is skill_qualifies, both ways round',
    'SELECT (skills @@ spec) = qualifies AND (spec @@ skills) = qualifies AND job_qualifies(spec, skills) = qualifies,
            format(''%s for %s'', skills, spec) FROM scored');
SELECT oracle.holds('the named functions agree, both ways round',
    'SELECT skill_cost(skills, spec) = 1 - readiness AND job_cost(spec, skills) = 1 - readiness
            AND skill_fit_cost(skills, spec) = 1 - fit AND job_fit_cost(spec, skills) = 1 - fit,
            format(''%s for %s'', skills, spec) FROM scored');

SELECT oracle.holds('contributions sum to readiness, bit for bit, in row order',
    'SELECT total = readiness, format(''%s, not %s: %s for %s'', total, readiness, skills, spec)
     FROM scored JOIN (SELECT id, sum(contribution ORDER BY place) AS total FROM explained GROUP BY id) e USING (id)
     WHERE EXISTS (SELECT FROM credited c WHERE c.id = scored.id AND c.weight > 0)');
SELECT oracle.holds('the use column sums to use, bit for bit, in row order',
    'SELECT coalesce(total, 0) = scored.use, format(''%s, not %s: %s for %s'', total, scored.use, skills, spec)
     FROM scored LEFT JOIN (SELECT id, sum(use ORDER BY place) AS total FROM explained GROUP BY id) e USING (id)');
SELECT oracle.holds('explain has a row per item, then a row per skill not asked for',
    'SELECT (SELECT count(*) FROM explained e WHERE e.id = p.id AND need IS NOT NULL) = jsonb_array_length(jobdoc -> ''items'')
        AND (SELECT array_agg(skill ORDER BY skill) FROM explained e WHERE e.id = p.id AND need IS NULL) IS NOT DISTINCT FROM
            (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(doc) key
             WHERE NOT EXISTS (SELECT FROM oracle.ways(jobdoc) w WHERE w.via = key))
        AND coalesce((SELECT max(place) FROM explained e WHERE e.id = p.id AND need IS NOT NULL)
                   < (SELECT min(place) FROM explained e WHERE e.id = p.id AND need IS NULL), true),
        format(''%s for %s'', skills, spec) FROM pairs p');
SELECT oracle.holds('each item''s need, credit, weight, must and met are the oracle''s',
    'SELECT abs(e.credit - c.credit) < 1e-9 AND e.weight = c.weight AND e.need = c.need AND e.must = c.must
            AND e.met = (c.reach = 1), format(''%s, not %s'', e, c)
     FROM credited c LEFT JOIN explained e ON e.id = c.id AND e.skill = c.skill AND e.need IS NOT NULL');
SELECT oracle.holds('each item''s contribution is its share of the weights times its credit',
    'SELECT abs(e.contribution - c.weight * c.credit / total) < 1e-9, format(''%s, not %s of %s'', e, c, total)
     FROM credited c JOIN explained e ON e.id = c.id AND e.skill = c.skill AND e.need IS NOT NULL
     JOIN (SELECT id, sum(weight) AS total FROM credited GROUP BY id) t ON t.id = c.id WHERE total > 0');
SELECT oracle.holds('via is a way that reaches as far as any, and have is what is held of it',
    'SELECT EXISTS (SELECT FROM reached r WHERE r.id = c.id AND r.item = c.item AND r.via = e.via
                    AND abs(r.reach - c.reach) < 1e-9 AND r.level::float4 = e.have), format(''%s, not %s'', e, c)
     FROM credited c JOIN explained e ON e.id = c.id AND e.skill = c.skill AND e.need IS NOT NULL WHERE c.reach > 0');
SELECT oracle.holds('where no way is held, have and via are NULL',
    'SELECT e.via IS NULL AND e.have IS NULL AND e.credit = 0 AND e.contribution = 0, format(''%s, not %s'', e, c)
     FROM credited c JOIN explained e ON e.id = c.id AND e.skill = c.skill AND e.need IS NOT NULL WHERE c.reach = 0');
SELECT oracle.holds('a skill not asked for contributes nothing',
    'SELECT contribution = 0 AND e.use = 0 AND NOT must AND via IS NULL AND credit IS NULL AND weight IS NULL AND met IS NULL
            AND have = h.level::float4, e::text
     FROM explained e JOIN pairs p USING (id), oracle.held(p.doc, (p.jobdoc ->> ''as_of'')::timestamptz) h
     WHERE e.need IS NULL AND h.skill = e.skill');

-- More of a skill, or one skill more. What is raised has no date: a later `last` of a lower level may lower it.
CREATE TEMP TABLE raised AS
SELECT s.id, s.doc, s.skills, s.spec, s.readiness, s.qualifies, n.name,
       skillset(s.doc || jsonb_build_object(n.name, oracle.pick('{1.0000002,1.1,2,1000}'::float8[])
                * coalesce((SELECT max(level) FROM oracle.held(s.doc, NULL) h WHERE h.skill = n.name), 1)))  AS more
FROM scored s, LATERAL (SELECT oracle.pick(oracle.skill_names()) AS name WHERE s.id > 0) n;
SELECT oracle.holds('raising a level, or learning a skill, never lowers readiness',
    'SELECT skill_readiness(more, spec) >= readiness, format(''%s: %s for %s'', name, skills, spec) FROM raised');
SELECT oracle.holds('raising a level, or learning a skill, disqualifies nobody',
    'SELECT skill_qualifies(more, spec) >= qualifies, format(''%s: %s for %s'', name, skills, spec) FROM raised');

SELECT oracle.holds('who holds all that is needed has readiness 1, exactly, and qualifies even for 1',
    'SELECT readiness = 1 AND qualifies AND skills @@ at_least(spec, 1), format(''%s: %s for %s'', readiness, skills, spec)
     FROM scored WHERE NOT EXISTS (SELECT FROM credited c WHERE c.id = scored.id AND c.reach < 1)');
SELECT oracle.holds('n items of equal weight, all held: exactly 1',
    'SELECT skill_readiness(skillset(names), jobspec(names, array_fill(1::float8, ARRAY[n]))) = 1, n::text
     FROM (SELECT n, ARRAY(SELECT ''s'' || i FROM generate_series(1, n) i) AS names FROM generate_series(1, 200) n) s');
SELECT oracle.holds('n items of equal weight, k held: k/n of them is enough',
    'SELECT skillset(names[:k]) @@ at_least(jobspec(names, array_fill(1::float8, ARRAY[n])), k / n::float8), format(''%s of %s'', k, n)
     FROM (SELECT n, ARRAY(SELECT ''s'' || i FROM generate_series(1, n) i) AS names FROM generate_series(1, 40) n) s, generate_series(1, n) k');
SELECT is(skill_readiness(a, ''), 1::float8, 'an empty jobspec has readiness 1') FROM (SELECT 'python:4'::skillset) s (a);
SELECT is(skill_use('', b), 0::float8, 'an empty skillset has use 0') FROM (SELECT 'python:4'::jobspec) s (b);

-- Skills: that the data had it all ------------------------------------------------------------------------------------

SELECT oracle.exercised('skills: ' || feature, happened, 20 * :amount / 3000) FROM (VALUES
    (1, 'an empty skillset', (SELECT count(*) FROM pairs WHERE doc = '{}')),
    (2, 'an empty jobspec', (SELECT count(*) FROM jobs WHERE doc -> 'items' = '[]')),
    (3, 'more than 15 items', (SELECT count(*) FROM jobs WHERE jsonb_array_length(doc -> 'items') > 15)),
    (4, 'an alternative goes further than the name', (SELECT count(*) FROM credited c WHERE reach > 0 AND NOT EXISTS
        (SELECT FROM reached r WHERE r.id = c.id AND r.item = c.item AND r.via = c.skill AND r.reach = c.reach))),
    (5, 'a partial credit beats a lower level of the name', (SELECT count(*) FROM credited c JOIN reached a USING (id, item) JOIN reached o USING (id, item)
        WHERE a.via <> c.skill AND o.via = c.skill AND a.share < 1 AND a.reach > o.reach AND o.reach > 0)),
    (6, 'two ways reach equally far', (SELECT count(*) FROM credited c JOIN reached a USING (id, item) JOIN reached b USING (id, item)
        WHERE a.via < b.via AND a.reach = c.reach AND b.reach = c.reach)),
    (7, 'a skill named by several items', (SELECT count(DISTINCT id) FROM (SELECT id FROM reached GROUP BY id, via HAVING count(*) > 1) s)),
    (8, 'held, but not beyond where the item starts', (SELECT count(*) FROM credited WHERE start > 0 AND reach > 0 AND credit = 0)),
    (9, 'part of the way from start to need', (SELECT count(*) FROM credited WHERE start > 0 AND credit > 0 AND credit < 1)),
    (10, 'a must met', (SELECT count(*) FROM credited WHERE must AND reach = 1)),
    (11, 'a must not met but partly reached', (SELECT count(*) FROM credited WHERE must AND reach > 0 AND reach < 1)),
    (12, 'all musts met, threshold missed', (SELECT count(*) FROM scored s WHERE o_readiness < at_least - 1e-9
        AND NOT EXISTS (SELECT FROM credited c WHERE c.id = s.id AND must AND reach < 1))),
    (13, 'threshold reached and qualified', (SELECT count(*) FROM scored WHERE o_readiness > at_least + 1e-9 AND o_qualifies)),
    (14, 'a held skill has faded', (SELECT count(DISTINCT p.id) FROM pairs p, jsonb_each(p.doc) s
        WHERE s.value ->> 'last' < p.jobdoc ->> 'as_of')),
    (15, 'practised after the clock', (SELECT count(DISTINCT p.id) FROM pairs p, jsonb_each(p.doc) s
        WHERE s.value ->> 'last' > p.jobdoc ->> 'as_of')),
    (16, 'dated but no clock', (SELECT count(DISTINCT p.id) FROM pairs p, jsonb_each(p.doc) s
        WHERE s.value ? 'last' AND NOT p.jobdoc ? 'as_of')),
    (17, 'an item of weight 0 among others', (SELECT count(DISTINCT id) FROM credited a WHERE weight = 0
        AND EXISTS (SELECT FROM credited b WHERE b.id = a.id AND b.weight > 0))),
    (18, 'items, but every weight 0', (SELECT count(*) FROM (SELECT id FROM credited GROUP BY id HAVING max(weight) = 0) s)),
    (19, 'levels a float4 cannot hold', (SELECT count(*) FROM pairs, jsonb_each(doc) s
        WHERE jsonb_typeof(value) = 'number' AND (value #>> '{}')::float8 <> oracle.stored(value #>> '{}'))),
    (20, 'names written otherwise than stored', (SELECT count(*) FROM pairs WHERE txt ~ '[A-Z]{3}|   ')),
    (21, 'readiness strictly between 0 and 1', (SELECT count(*) FROM scored WHERE o_readiness > 0.01 AND o_readiness < 0.99)),
    (22, 'use strictly between 0 and 1', (SELECT count(*) FROM scored WHERE o_use > 0.01 AND o_use < 0.99)),
    (23, 'raising changed readiness', (SELECT count(*) FROM raised WHERE skill_readiness(more, spec) > readiness))
) f (n, feature, happened) ORDER BY n;

-- Events: the data ----------------------------------------------------------------------------------------------------

CREATE TEMP TABLE prefs AS
SELECT id, doc, doc::text::eventpref AS pref FROM (SELECT id, oracle.some_pref() AS doc FROM generate_series(1, :amount) id) s;

CREATE TEMP TABLE meetings AS
SELECT row_number() OVER (ORDER BY id, n) AS id, doc, pref, facts AS factdoc, facts::text::eventfacts AS facts
FROM (SELECT p.id, n, p.doc, p.pref, oracle.some_facts(p.doc, oracle.pick('{0,0,0.2,0.7}'::float8[])) AS facts
      FROM prefs p, generate_series(1, 4) n) s;

CREATE TEMP TABLE judged AS
SELECT m.*, event_score(facts, pref) AS score, event_acceptable(facts, pref) AS acceptable,
       oracle.event_score(factdoc, doc) AS o_score, oracle.acceptable(factdoc, doc) AS o_acceptable,
       oracle.distance_km((factdoc ->> 'latitude')::float8, (factdoc ->> 'longitude')::float8,
                          (doc #>> '{location,latitude}')::float8, (doc #>> '{location,longitude}')::float8) AS km
FROM meetings m;

CREATE TEMP TABLE weighed AS SELECT m.id, c.*, m.doc -> c.criterion AS spec FROM meetings m, oracle.criteria(m.factdoc, m.doc) c;

CREATE TEMP TABLE reasons AS
SELECT m.id, e.* FROM meetings m,
       event_explain(m.facts, m.pref) WITH ORDINALITY e (criterion, value, utility, weight, contribution, missing, place);

CREATE TEMP TABLE limited AS SELECT m.id, l.* FROM meetings m, oracle.limits(m.factdoc, m.doc) l;

CREATE TEMP TABLE settled AS SELECT m.id, s.* FROM meetings m, oracle.settled(m.factdoc, m.doc) s;

CREATE INDEX ON weighed (id);
CREATE INDEX ON settled (id);
CREATE INDEX ON reasons (id);
ANALYZE prefs;
ANALYZE meetings;
ANALYZE judged;
ANALYZE weighed;
ANALYZE reasons;

-- Events: the properties ----------------------------------------------------------------------------------------------

SELECT oracle.holds('the event score is the oracle''s',
    'SELECT abs(score - o_score) < 1e-9, format(''%s, not %s: %s for %s'', score, o_score, facts, pref) FROM judged');
SELECT oracle.holds('@@ is the oracle''s where neither distance nor score is at its limit to the last digits',
    'SELECT acceptable = o_acceptable, format(''%s: %s for %s'', acceptable, facts, pref) FROM judged
     WHERE coalesce(abs(km - (doc #>> ''{limits,max_km}'')::float8) > 1e-6, true)
       AND coalesce(abs(o_score - (doc #>> ''{limits,min_score}'')::float8) > 1e-9, true)');
SELECT oracle.holds('the event score is between 0 and 1',
    'SELECT score BETWEEN 0 AND 1, format(''%s: %s for %s'', score, facts, pref) FROM judged');
SELECT oracle.holds('cost is 1 - score, exactly, both ways round and by name',
    'SELECT (facts <=> pref) = 1 - score AND (pref <=> facts) = 1 - score AND event_cost(facts, pref) = 1 - score
            AND pref_cost(pref, facts) = 1 - score,
            format(''%s for %s'', facts, pref) FROM judged');
SELECT oracle.holds('@@ is event_acceptable, both ways round',
    'SELECT (facts @@ pref) = acceptable AND (pref @@ facts) = acceptable AND pref_accepts(pref, facts) = acceptable, format(''%s for %s'', facts, pref) FROM judged');
SELECT oracle.holds('facts from arguments are those from text',
    'SELECT event_facts((factdoc ->> ''latitude'')::float8, (factdoc ->> ''longitude'')::float8, (factdoc ->> ''price'')::float8,
                        (factdoc ->> ''attendees'')::float8, (factdoc ->> ''starts_at'')::timestamptz)::text = facts::text, factdoc::text
     FROM judged');
SELECT oracle.holds('facts and preferences survive their own text',
    'SELECT facts::text::eventfacts::text = facts::text AND pref::text::eventpref::text = pref::text
            AND event_score(facts::text::eventfacts, pref::text::eventpref) = score
            AND event_acceptable(facts::text::eventfacts, pref::text::eventpref) = acceptable, format(''%s for %s'', facts, pref)
     FROM judged');
SELECT oracle.holds('contributions sum to the score of a sum, bit for bit, in row order',
    'SELECT total = score, format(''%s, not %s: %s for %s'', total, score, facts, pref)
     FROM judged JOIN (SELECT id, sum(contribution ORDER BY place) AS total FROM reasons GROUP BY id) e USING (id)
     WHERE coalesce(doc ->> ''combine'', ''sum'') = ''sum''
       AND NOT EXISTS (SELECT FROM settled s WHERE s.id = judged.id AND excluded)');
SELECT oracle.holds('explain has a row per criterion that counts',
    'SELECT (SELECT array_agg(criterion ORDER BY criterion) FROM reasons r WHERE r.id = m.id)
          = (SELECT array_agg(criterion ORDER BY criterion) FROM weighed w WHERE w.id = m.id), format(''%s for %s'', facts, pref)
     FROM meetings m');
SELECT oracle.holds('each criterion''s utility and weight are the oracle''s',
    'SELECT abs(r.utility - w.utility) < 1e-9 AND r.weight = w.weight AND NOT r.missing, format(''%s, not %s'', r, w)
     FROM reasons r JOIN weighed w USING (id, criterion) WHERE w.v IS NOT NULL');
SELECT oracle.holds('each criterion''s value is the fact, distance in km, start in seconds',
    'SELECT abs(r.value - w.v) <= 1e-6, format(''%s, not %s'', r, w)
     FROM reasons r JOIN weighed w USING (id, criterion) WHERE w.v IS NOT NULL');
SELECT oracle.holds('a missing value is said to be missing',
    'SELECT r.missing AND r.value IS NULL, format(''%s, not %s'', r, w)
     FROM reasons r JOIN weighed w USING (id, criterion) WHERE w.v IS NULL');
SELECT oracle.holds('a missing value counts as its policy says',
    'SELECT r.utility = CASE WHEN w.missing ~ ''^[0-9]'' THEN w.missing::float8 ELSE 0 END, format(''%s, not %s'', r, w)
     FROM reasons r JOIN weighed w USING (id, criterion) WHERE w.v IS NULL AND w.missing NOT IN (''skip'', ''exclude'')');

SELECT oracle.holds('a perfect price of weight k among n: a score of k/n is enough',
    'SELECT event_facts(price => 0, attendees => 0) @@ format(''{"price": {"weight": %s, "scale": 1}, "attendees": {"weight": %s, "pivot": 1},
                                                               "limits": {"min_score": %s}}'', k, n - k, k / n::float8)::eventpref,
            format(''%s of %s'', k, n)
     FROM generate_series(1, 40) n, generate_series(1, n) k');

-- A value farther from the origin, on the same side, is never better; with a growing curve, more is never worse.
CREATE TEMP TABLE moved AS
SELECT j.id, j.facts, j.pref, j.score, w.criterion, growing,
       (j.factdoc || jsonb_build_object(w.criterion, CASE WHEN growing OR w.v >= origin THEN w.v + step ELSE w.v / (1 + step) END))::text::eventfacts AS farther
FROM judged j JOIN weighed w USING (id), LATERAL (SELECT coalesce((w.spec ->> 'origin')::float8, 0)) o (origin),
     LATERAL (SELECT w.spec ? 'pivot', oracle.pick('{1,1.5,2,20,500}'::float8[]) WHERE j.id > 0) s (growing, step)
WHERE w.v IS NOT NULL AND w.criterion IN ('price', 'attendees')
UNION ALL
SELECT j.id, j.facts, j.pref, j.score, w.criterion, false,
       (j.factdoc || jsonb_build_object('starts_at', oracle.json_time(to_timestamp(ceil(w.v) + CASE WHEN w.v < origin THEN -1 - step ELSE step END))))::text::eventfacts
FROM judged j JOIN weighed w USING (id), LATERAL (SELECT oracle.seconds(w.spec ->> 'origin')) o (origin),
     LATERAL (SELECT oracle.pick('{1,60,3600,86400,1000000}'::float8[]) WHERE j.id > 0) s (step)
WHERE w.v IS NOT NULL AND w.criterion = 'start';
SELECT oracle.holds('farther from the origin is never better, more of what grows is never worse',
    'SELECT CASE WHEN growing THEN event_score(farther, pref) >= score ELSE event_score(farther, pref) <= score END,
            format(''%s: %s, then %s for %s'', criterion, facts, farther, pref) FROM moved');

CREATE TEMP TABLE elsewhere AS
SELECT id, facts, pref, score, km, oracle.distance_km(lat, lon, (doc #>> '{location,latitude}')::float8, (doc #>> '{location,longitude}')::float8) AS km2,
       (factdoc || jsonb_build_object('latitude', lat, 'longitude', lon))::text::eventfacts AS facts2
FROM judged, LATERAL oracle.place_near((doc #>> '{location,latitude}')::float8, (doc #>> '{location,longitude}')::float8) p (lat, lon)
WHERE km IS NOT NULL AND NOT doc -> 'location' ? 'pivot';
SELECT oracle.holds('the farther of two places is never better',
    'SELECT CASE WHEN km2 > km THEN event_score(facts2, pref) <= score ELSE event_score(facts2, pref) >= score END,
            format(''%s, then %s for %s'', facts, facts2, pref) FROM elsewhere WHERE abs(km - km2) > 1e-6');

-- Events: that the data had it all ------------------------------------------------------------------------------------

SELECT oracle.exercised('events: ' || feature, happened, 20 * :amount / 3000) FROM (
    SELECT 1, format('%s by %s, strictly between 0 and 1', criterion, curve),
           (SELECT count(*) FROM weighed w WHERE w.criterion = c.criterion AND coalesce(spec ->> 'curve', fallback) = curve
                                             AND utility > 0 AND utility < 1)
    FROM (VALUES ('location', 'exp'), ('price', 'linear'), ('attendees', 'saturation'), ('start', 'gauss')) c (criterion, fallback),
         unnest('{gauss,exp,linear}'::text[]) curve
    UNION ALL
    SELECT 2, format('%s by %s, strictly between 0 and 1', criterion, curve),
           (SELECT count(*) FROM weighed w WHERE w.criterion = c.criterion AND coalesce(spec ->> 'curve', fallback) = curve
                                             AND utility > 0 AND utility < 1)
    FROM (VALUES ('price', 'linear'), ('attendees', 'saturation')) c (criterion, fallback), unnest('{saturation,sigmoid}'::text[]) curve
    UNION ALL
    SELECT 3, format('%s by step, utility %s', criterion, u),
           (SELECT count(*) FROM weighed w WHERE w.criterion = c.criterion AND spec ->> 'curve' = 'step' AND utility = u)
    FROM unnest('{location,price,attendees,start}'::text[]) c (criterion), generate_series(0, 1) u
    UNION ALL
    SELECT 4, format('%s unknown, policy %s', criterion, policy),
           (SELECT count(*) FROM weighed w WHERE w.criterion = c.criterion AND v IS NULL
                                             AND CASE WHEN missing ~ '^[0-9]' THEN 'a number' ELSE missing END = policy)
    FROM unnest('{location,price,attendees,start}'::text[]) c (criterion), unnest('{worst,skip,exclude,"a number"}'::text[]) policy
    UNION ALL
    SELECT 5, format('combine %s of several, strictly between 0 and 1', combine),
           (SELECT count(*) FROM judged j WHERE coalesce(doc ->> 'combine', 'sum') = combine AND o_score > 0 AND o_score < 1
                                            AND (SELECT count(*) FROM settled s WHERE s.id = j.id) > 1)
    FROM unnest('{sum,product,min}'::text[]) combine
    UNION ALL
    SELECT 6, format('limit %s %s', name, CASE WHEN kept THEN 'kept' ELSE 'broken' END),
           (SELECT count(*) FROM limited l WHERE l.name = n.name AND l.kept = k.kept)
    FROM unnest('{max_km,max_price,min_attendees,max_attendees,after,before,min_score}'::text[]) n (name),
         unnest('{t,f}'::bool[]) k (kept)
    UNION ALL
    SELECT 7, feature, happened FROM (VALUES
        ('a side that is not penalised', (SELECT count(*) FROM weighed WHERE spec ->> 'side' IN ('above', 'below') AND utility = 1
            AND criterion <> 'start' AND v <> coalesce((spec ->> 'origin')::float8, 0))),
        ('a scale of its own for the lower side', (SELECT count(*) FROM weighed WHERE spec ? 'scale_below' AND utility > 0 AND utility < 1
            AND criterion <> 'start' AND v < coalesce((spec ->> 'origin')::float8, 0))),
        ('a value exactly at origin + offset', (SELECT count(*) FROM weighed WHERE spec ? 'offset' AND criterion IN ('price', 'attendees')
            AND v - coalesce((spec ->> 'origin')::float8, 0) = (spec ->> 'offset')::float8 AND v > 0)),
        ('a free event', (SELECT count(*) FROM weighed WHERE criterion = 'price' AND v = 0)),
        ('a criterion of weight 0', (SELECT count(*) FROM prefs, jsonb_each(doc) c WHERE c.value @> '{"weight": 0}')),
        ('nothing left after skips', (SELECT count(*) FROM judged j WHERE NOT EXISTS (SELECT FROM settled s WHERE s.id = j.id))),
        ('excluded, and nothing else stands against it', (SELECT count(*) FROM judged j WHERE NOT doc ? 'limits'
            AND EXISTS (SELECT FROM settled s WHERE s.id = j.id AND excluded))),
        ('a limit on an unknown value', (SELECT count(*) FROM judged WHERE doc #> '{limits,max_price}' IS NOT NULL AND NOT factdoc ? 'price')),
        ('a price exactly at its limit', (SELECT count(*) FROM judged WHERE (doc #>> '{limits,max_price}')::float8 = (factdoc ->> 'price')::float8)),
        ('a start exactly at after or before', (SELECT count(*) FROM judged
            WHERE oracle.seconds(factdoc ->> 'starts_at') IN (oracle.seconds(doc #>> '{limits,after}'), oracle.seconds(doc #>> '{limits,before}')))),
        ('across the antimeridian, within 200 km', (SELECT count(*) FROM judged WHERE km < 200
            AND abs((doc #>> '{location,longitude}')::float8 - (factdoc ->> 'longitude')::float8) > 300)),
        ('at or by a pole', (SELECT count(*) FROM judged WHERE km IS NOT NULL AND abs((doc #>> '{location,latitude}')::float8) > 89.9)),
        ('the very same place', (SELECT count(*) FROM judged WHERE km < 1e-9)),
        ('opposite ends of the globe', (SELECT count(*) FROM judged WHERE km > 20000)),
        ('farther and worse', (SELECT count(*) FROM moved WHERE event_score(farther, pref) < score)),
        ('more and better', (SELECT count(*) FROM moved WHERE event_score(farther, pref) > score)),
        ('accepted with limits', (SELECT count(*) FROM judged WHERE o_acceptable AND doc -> 'limits' <> '{}'))
    ) v (feature, happened)
) f (n, feature, happened) ORDER BY n, feature;

SELECT * FROM finish();
ROLLBACK;
