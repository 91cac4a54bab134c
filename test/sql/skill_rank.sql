-- <=>, <-> and @@ between skillset and jobspec, in both orders.
\set job '''python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2'''

-- By hand: python 4/4 -> 1 * 3/6; pytorch min(1, 6/3) * 0.5 -> 0.5 * 2/6; sql 1/2 * 1/6: 0.5 + 1/6 + 1/12 = 0.75.
SELECT round(skill_readiness('python:4, pytorch:6, sql:1', :job)::numeric, 12) AS readiness,
       round(('python:4, pytorch:6, sql:1'::skillset <=> :job)::numeric, 12) AS cost;

-- From 2 to 4: level 3 is half of the way, 2 and less is none of it, 5 is all.
SELECT level, skill_readiness(skillset(ARRAY['sql'], ARRAY[level]), 'sql:2..4') FROM unnest(ARRAY[1, 2, 3, 4, 5]) level;

-- Use: python 3 of 4 asked, so all of it; sql 4 of which 2 are asked: 4*2; cobol 5 for nothing. (9 + 8) / (9 + 16 + 25) = 0.34.
SELECT round(skill_use('python:3, sql:4, cobol:5', 'python:4, sql:2')::numeric, 12) AS use;
-- The largest need of an item that names it counts, also as an alternative: sql is named at 2 and at 5.
SELECT skill_use('sql:4', 'sql:2, postgres|sql~0.1:5') AS use;
SELECT round(skill_fit('python:3, sql:4, cobol:5', 'python:4, sql:2')::numeric, 12) AS fit, (0.875 + 0.34) / 2 AS by_hand,
       round(('python:3, sql:4, cobol:5'::skillset <-> 'python:4, sql:2')::numeric, 12) AS cost;

-- A perfect match costs exactly 0, nothing in common exactly 1, and no rounding comes between.
SELECT 'a:1, b:2, c:3, d:4, e:5, f:6, g:7'::skillset <=> 'a:1*0.1, b:2*0.2, c:3*0.3, d:4*0.7, e:5*1.1, f:6*1.3, g:7*1.7' AS perfect,
       'a:1, b:2, c:3, d:4, e:5, f:6, g:7'::skillset <-> 'a:1*0.1, b:2*0.2, c:3*0.3, d:4*0.7, e:5*1.1, f:6*1.3, g:7*1.7' AS fits,
       'x:1'::skillset <=> 'a:1' AS nothing, 'x:1'::skillset <-> 'a:1' AS fits_nothing;

-- Empty and weightless.
SELECT skill_readiness('a', '') AS empty_job, skill_use('', 'a') AS empty_skills, skill_use('', '') AS both, skill_fit('a', '') AS fit,
       skill_readiness('', 'a*0, b*0') AS weightless, skill_readiness('a', 'a*0, b') AS weight_zero;

-- Levels have no unit: hours, or one to five, only ratios matter.
SELECT skill_readiness('a:100, b:50', 'a:200, b:200') = skill_readiness('a:1, b:0.5', 'a:2, b:2') AS same;

-- Fading by FSRS-6: with stability 30, 0.940344 is left after 15 days, 0.9 after 30, 0.673914 after 365.
SELECT days, round(skill_readiness(skillset 'a:1@2026-01-01/30', as_of('a', timestamptz '2026-01-01 00:00+00' + days * interval '24 hours'))::numeric, 6)
FROM unnest(ARRAY[0, 15, 30, 90, 365]) days;
-- Practised later than the clock: nothing is forgotten. Without stability, time or clock nothing fades.
SELECT skill_readiness('a:1@2026-06-01/30', as_of('a', '2026-01-01')) AS future, skill_readiness('a:1@2020-01-01', as_of('a', '2026-01-01')) AS no_stability,
       skill_readiness('a:1', as_of('a', '2026-01-01')) AS no_time, skill_readiness('a:1@2020-01-01/1', 'a') AS no_clock;
SELECT round(skill_use('a:2@2026-01-01/30, b:1.8', as_of('b:9', '2026-01-31 00:00+00'))::numeric, 6) AS faded_use;

-- @@: every must reached entirely; an alternative with credit 1 reaches it, one with less does not.
SELECT skillset 'python:4' @@ :job AS must_only, skillset 'python:3.9, sql:2, tensorflow:3' @@ :job AS almost,
       skillset 'jax:3' @@ 'tf|jax~1:3!' AS alternative, skillset 'jax:9' @@ 'tf|jax~0.9:3!' AS partial_credit, skillset '' @@ '' AS nothing_asked;
SELECT skillset 'a:1' @@ at_least('a, b', 0.5) AS half, skillset 'a:1' @@ at_least('a, b', 0.51) AS more_than_half,
       skillset 'a:0.3' @@ at_least('a', 0.3) AS float4_is_not_rounded_up, skillset 'a:5@2026-01-01/1' @@ as_of('a:5!', '2026-02-01') AS faded_must;

-- Ranking a table: people for a role, a role for each person.
CREATE TABLE rank_people (name text, skills skillset);
INSERT INTO rank_people VALUES ('ann', 'python:4, sql:2, tensorflow:3'), ('bob', 'python:5, pytorch:4'), ('cid', 'sql:5, excel:5'),
    ('dee', 'java:5'), ('eve', NULL), ('fay', '');
SELECT name, round((skills <=> :job)::numeric, 4) AS cost, skills @@ :job AS qualifies FROM rank_people ORDER BY skills <=> :job, name;
SELECT name, round((:job::jobspec <-> skills)::numeric, 4) AS cost FROM rank_people ORDER BY :job::jobspec <-> skills, name;
CREATE TABLE rank_roles (title text, job jobspec);
INSERT INTO rank_roles VALUES ('data scientist', :job), ('analyst', 'sql:4*2, excel:3'), ('intern', 'sql:1'), ('java developer', 'java:4!, sql:2'), ('unclear', NULL);
SELECT name, (SELECT title FROM rank_roles ORDER BY job <-> skills LIMIT 1) AS suits, (SELECT title FROM rank_roles ORDER BY job <=> skills, title LIMIT 1) AS ready_for
FROM rank_people WHERE skills IS NOT NULL ORDER BY name;

-- The prepared job follows the rows of a join in whatever order, and both orders of arguments agree bit for bit.
SELECT count(*) AS pairs, count(*) FILTER (WHERE (skills <=> job) IS DISTINCT FROM (job <=> skills) OR (skills <-> job) IS DISTINCT FROM (job <-> skills)
         OR (skills @@ job) IS DISTINCT FROM (job @@ skills) OR skill_cost(skills, job) IS DISTINCT FROM job_cost(job, skills)
         OR skill_fit(skills, job) <> (skill_readiness(skills, job) + skill_use(skills, job)) / 2
         OR (skills <=> job) <> 1 - skill_readiness(skills, job) OR (skills <-> job) <> 1 - skill_fit(skills, job)) AS disagreements
FROM (SELECT skills, job FROM rank_people, rank_roles ORDER BY name, title) a;
PREPARE match(jobspec) AS SELECT name FROM rank_people ORDER BY skills <=> $1, name LIMIT 2;
EXECUTE match(:job);
EXECUTE match('java');
SET plan_cache_mode = force_generic_plan;
EXECUTE match('excel');
RESET plan_cache_mode;
DROP TABLE rank_people, rank_roles;
