-- From adverts to this week's review: what a role asks, what practice has left, what to learn next.
-- A part of demo.sql, which loads the projects and sets the clock of the story, 1 December 2026.

\echo '== 5. What do they all ask? =='
\echo '-- Noor has collected adverts for machine learning engineers: eight pages of job sites, as the JSON-LD (schema.org) in them,'
\echo '-- and four mails. A vocabulary says how skills are written, relations say what would do instead.'
\set ECHO queries
CREATE TABLE pages      (page jsonb);
CREATE TABLE mails      (advert text);
CREATE TABLE vocabulary (skill text, label text);
CREATE TABLE relations  (skill text, related text, credit real);
\set ECHO none
\copy pages FROM adverts.jsonl WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy mails FROM adverts.txt WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
\copy vocabulary FROM vocabulary.csv WITH (FORMAT csv, HEADER)
\copy relations FROM relations.csv WITH (FORMAT csv, HEADER)

\echo
\echo '-- What does a mail ask? "go" is no language here, "R&D" no R, and ML goes by another name.'
\set ECHO queries
SELECT left(advert, 52) || '...' AS mail, string_agg(skill, ', ' ORDER BY start) AS asks
FROM mails, skills_in(advert, 'vocabulary') WHERE advert LIKE 'Copper%' GROUP BY advert;

\echo '-- And the pages? Whatever holds a JobPosting becomes a job, or a reason.'
CREATE TABLE jobs AS
SELECT title, organization, job, reason FROM pages, job_postings_from_jsonld(page, 'vocabulary')
UNION ALL
SELECT left(advert, 20), NULL, jobspec(array_agg(DISTINCT skill), NULL), NULL
FROM mails, skills_in(advert, 'vocabulary') GROUP BY advert;
SELECT organization, title, job, reason FROM jobs WHERE organization IN ('Tidewise', 'Greenhithe Foods') ORDER BY title DESC;

\echo '-- All of them as one role: a skill weighs what share of the adverts ask it, and what less than a quarter asks is left out.'
\echo '-- Adverts say no levels: Noor wants 3 of each. What is related enters as an alternative, for part of the credit.'
CREATE TABLE target AS
SELECT jobspec_expand(jobspec(array_agg(skill), array_agg(3), array_agg(weight)), 'relations') AS job
FROM (SELECT jobspec_agg(job) AS role FROM jobs) a, jobspec_each(role) WHERE weight >= 0.25;
SELECT skill, need, round((100 * weight)::numeric) AS percent_ask, alternatives, credits
FROM target, jobspec_each(job) ORDER BY weight DESC, skill;

\echo '== 6. What has practice left? =='
\echo '-- Her log, in any order and spelled as it comes. Twenty hours count as a level here. How long a skill stays is'
\echo '-- worked out from when she practised, and how it went: 1 forgotten, 2 hard, 3 good, 4 easy.'
\set ECHO none
CREATE TABLE practice (skill text, hours float8, practised_at timestamptz, rating int, what text);
\copy practice FROM practice.csv WITH (FORMAT csv, HEADER)
\set ECHO queries
CREATE TABLE me AS SELECT practice_agg(skill, hours / 20, practised_at, rating) AS skills FROM practice;
SELECT skill, round((20 * level)::numeric) AS hours, level, last::date AS last_practised, round(stability::numeric, 1) AS stable_days
FROM me, skills_each(skills) ORDER BY level DESC, skill;

\echo '-- How ready is she for the role, on paper and on 1 December?'
SELECT round(skill_readiness(skills, job)::numeric, 3) AS on_paper,
       round(skill_readiness(skills, as_of(job, '2026-12-01'))::numeric, 3) AS today
FROM me, target;

\echo '== 7. Which projects, in which order, in a hundred hours? =='
\echo '-- What is it that she lacks by now?'
SELECT skill, round(from_level::numeric, 2) AS has, need AS needs, round(weight::numeric, 2) AS weight
FROM me, target, jobspec_each(as_of(job, '2026-12-01') - skills) ORDER BY weight DESC, skill;

\echo '-- Of the fifty projects those that close most of it in a hundred hours: gain of readiness, and gain per hour.'
SELECT step, title, cost AS hours, round(gain::numeric, 3) AS gain, round(gain_per_cost::numeric, 4) AS per_hour,
       round(readiness::numeric, 3) AS readiness, total_cost AS total
FROM me, target, learning_plan(as_of(job, '2026-12-01'), skills, 100,
                               'SELECT id, teaches, hours AS cost FROM projects ORDER BY id')
     JOIN projects USING (id) ORDER BY step;

\echo '== 8. And this week? =='
\echo '-- What should she practise before it is gone? What the role loses most by comes first.'
SELECT skill, last::date AS last_practised, round(retention::numeric, 3) AS retention, due::date AS due,
       round(loss::numeric, 3) AS loss
FROM me, target, skill_review(skills, job, '2026-12-01') WHERE due < '2026-12-08' LIMIT 4;

\set ECHO none
