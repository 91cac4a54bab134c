-- O*NET: every occupation's profile ranks every occupation's role, against a calculation of its own from the published numbers.
--
--     psql -X -q -v data=/absolute/path/of/the/data -f test/pgtap/onet.sql
--
-- A profile holds each skill and knowledge area at its level; a role needs it at that level, weighing its importance.
-- Level 0 cannot be held. What O*NET marks as not relevant to an occupation its role does not ask, though the profile,
-- where the level is above 0, still holds it.

\ir ../oracle/tap.sql
\set present `test -r :'data'/onet/skills_im_lv.tsv -a -r :'data'/onet/knowledge_im_lv.tsv -a -r :'data'/onet/content_model.tsv && echo yes || echo no`
\if :present
\else
    \echo '1..0 # SKIP the O*NET data is not there (-v data=DIRECTORY names its directory)'
    \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
\ir ../oracle/check.sql

SELECT plan(23);

-- The files are tab-separated, in which a quote is a quote: \b stands in for the quote that CSV must have.
CREATE TEMP TABLE published (occupation text, element text, importance float8, level float8, not_relevant bool);
CREATE TEMP TABLE model (element text, name text, description text);
\set format ' WITH (FORMAT csv, DELIMITER E''\\t'', QUOTE E''\\b'', HEADER)'
\set file :data /onet/skills_im_lv.tsv
\set load '\\copy published FROM ' :'file' :format
:load
\set file :data /onet/knowledge_im_lv.tsv
\set load '\\copy published FROM ' :'file' :format
:load
\set file :data /onet/content_model.tsv
\set load '\\copy model FROM ' :'file' :format
:load

-- Mathematics is a skill (2.A, 2.B) and a knowledge area (2.C); the names say which.
CREATE TEMP TABLE rated AS
SELECT p.*, m.name || CASE WHEN p.element LIKE '2.C.%' THEN ' (knowledge)' ELSE ' (skill)' END AS skill
FROM published p JOIN model m USING (element);

CREATE TEMP TABLE occupations AS
SELECT occupation, row_number() OVER (ORDER BY occupation)::int AS id FROM (SELECT DISTINCT occupation FROM published) s;

CREATE TEMP TABLE people AS
SELECT o.id, skillset_agg(r.skill, r.level) FILTER (WHERE r.level > 0) AS skills
FROM rated r JOIN occupations o USING (occupation) GROUP BY o.id;

CREATE TEMP TABLE roles AS
SELECT o.id, jobspec(array_agg(r.skill), array_agg(r.level), array_agg(r.importance)) AS spec
FROM rated r JOIN occupations o USING (occupation) WHERE NOT r.not_relevant AND r.level > 0 GROUP BY o.id;

-- Nothing is dropped silently -----------------------------------------------------------------------------------------

SELECT is((SELECT count(*) FROM published), 59772::bigint, 'rows published: 879 occupations x (35 skills + 33 knowledge areas)');
SELECT is((SELECT count(*) FROM rated), 59772::bigint, 'each has a name');
SELECT is((SELECT count(DISTINCT skill) FROM rated), 68::bigint, 'and the names are 68');
SELECT is((SELECT count(*) FROM published WHERE level = 0), 2749::bigint, 'rows set aside from profiles: level 0');
SELECT is((SELECT count(*) FROM published WHERE not_relevant), 9241::bigint, 'rows set aside from roles: not relevant');
SELECT is((SELECT count(*) FROM published WHERE not_relevant AND level > 0), 6492::bigint, 'of those, held by the profile all the same');
SELECT is((SELECT count(*) FROM published WHERE level = 0 AND NOT not_relevant), 0::bigint, 'no role asks for level 0');
SELECT is((SELECT count(*) FROM people), 879::bigint, 'every occupation has a profile');
SELECT is((SELECT count(*) FROM roles), 879::bigint, 'every occupation has a role');
SELECT is((SELECT sum(skill_count(skills)) FROM people), 57023::bigint, 'skills held by all profiles: 59772 - 2749');
SELECT is((SELECT count(*) FROM roles, jobspec_each(spec)), 50531::bigint, 'items asked by all roles: 59772 - 9241');

-- What the extension says: each person's list of roles in the order that the operator delivers ------------------------

CREATE TEMP TABLE ranked AS
SELECT p.id AS person, u.role, u.cost, u.place
FROM people p,
     LATERAL (SELECT array_agg(id) AS ids, array_agg(cost) AS costs
              FROM (SELECT id, spec <=> p.skills AS cost FROM roles ORDER BY spec <=> p.skills) s) l,
     LATERAL unnest(ids, costs) WITH ORDINALITY u (role, cost, place);

CREATE TEMP TABLE suited AS
SELECT p.id AS person, u.role, u.cost, u.place
FROM people p,
     LATERAL (SELECT array_agg(id) AS ids, array_agg(cost) AS costs
              FROM (SELECT id, spec <-> p.skills AS cost FROM roles ORDER BY spec <-> p.skills) s) l,
     LATERAL unnest(ids, costs) WITH ORDINALITY u (role, cost, place);

-- The independent calculation, from the numbers as published, all pairs at once ---------------------------------------

CREATE TEMP TABLE held AS SELECT o.id, element, level AS h FROM published JOIN occupations o USING (occupation) WHERE level > 0;
CREATE TEMP TABLE asked AS SELECT o.id, element, level AS r, importance AS w FROM published JOIN occupations o USING (occupation) WHERE NOT not_relevant;
CREATE TEMP TABLE strength AS SELECT id, sum(h * h) AS total FROM held GROUP BY id;
CREATE TEMP TABLE importance AS SELECT id, sum(w) AS total, count(*) AS items FROM asked GROUP BY id;
ANALYZE held;
ANALYZE asked;

CREATE TEMP TABLE wanted AS
SELECT s.id AS person, i.id AS role, coalesce(covered, 0) / i.total AS readiness, coalesce(used, 0) / s.total AS use,
       coalesce(reached, 0) = i.items AS complete
FROM strength s CROSS JOIN importance i
LEFT JOIN (SELECT held.id AS person, asked.id AS role, sum(w * least(1, h / r)) AS covered, sum(h * least(h, r)) AS used,
                  count(*) FILTER (WHERE h >= r) AS reached
           FROM held JOIN asked USING (element) GROUP BY held.id, asked.id) c ON c.person = s.id AND c.role = i.id;
ANALYZE wanted;
ANALYZE ranked;
ANALYZE suited;

SELECT is((SELECT count(*) FROM ranked JOIN wanted USING (person, role)), 879 * 879::bigint, 'all pairs ranked by <=>');
SELECT is((SELECT count(*) FROM suited JOIN wanted USING (person, role)), 879 * 879::bigint, 'all pairs ranked by <->');
SELECT oracle.holds('<=> is 1 - readiness to 1e-6',
    'SELECT abs(cost - (1 - readiness)) < 1e-6, format(''person %s, role %s: %s, not %s'', person, role, cost, 1 - readiness)
     FROM ranked JOIN wanted USING (person, role)');
SELECT oracle.holds('<-> is 1 - fit to 1e-6',
    'SELECT abs(cost - (1 - (readiness + use) / 2)) < 1e-6, format(''person %s, role %s: %s, not %s'', person, role, cost, 1 - (readiness + use) / 2)
     FROM suited JOIN wanted USING (person, role)');

-- No role comes after one that is worse by more than 1e-6.
SELECT oracle.holds('ORDER BY <=> is the order of readiness',
    'SELECT readiness <= best + 1e-6, format(''person %s, place %s'', person, place)
     FROM (SELECT person, place, readiness, min(readiness) OVER (PARTITION BY person ORDER BY place) AS best
           FROM ranked JOIN wanted USING (person, role)) s');
SELECT oracle.holds('ORDER BY <-> is the order of fit',
    'SELECT fit <= best + 1e-6, format(''person %s, place %s'', person, place)
     FROM (SELECT person, place, (readiness + use) / 2 AS fit, min((readiness + use) / 2) OVER (PARTITION BY person ORDER BY place) AS best
           FROM suited JOIN wanted USING (person, role)) s');

-- That the comparison means something: scores spread, and the two orders are not the same.
SELECT oracle.holds('everybody is ready for their own role, exactly', 'SELECT cost = 0, person::text FROM ranked WHERE person = role');
SELECT cmp_ok((SELECT count(*) FROM wanted WHERE readiness < 0.99), '>', 600000::bigint, 'most pairs are not all or nothing: readiness');
SELECT cmp_ok((SELECT count(DISTINCT round(use::numeric, 6)) FROM wanted), '>', 100000::bigint, 'nor is use: it takes many values');
SELECT cmp_ok((SELECT count(*) FROM ranked r JOIN suited s USING (person, place) WHERE r.role <> s.role), '>', 700000::bigint,
              '<=> and <-> order differently');
SELECT cmp_ok((SELECT count(*) FROM wanted WHERE complete AND person <> role), '>', 500::bigint, 'some reach all that another role asks');
SELECT oracle.holds('cost is 0, exactly, for those who reach every item, and for nobody else',
    'SELECT (cost = 0) = complete, format(''person %s, role %s: %s'', person, role, cost) FROM ranked JOIN wanted USING (person, role)');

SELECT * FROM finish();
ROLLBACK;
