-- One story about four small tables, and how they are filled. Run it from this directory, which holds the CSV files it loads:
--     psql -X -q -v ON_ERROR_STOP=1 -f demo.sql
-- The clock is always a constant in the query, so that the answers are the same on every day.

\encoding UTF8
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS shortlist;
DROP SCHEMA IF EXISTS shortlist_demo CASCADE;
CREATE SCHEMA shortlist_demo;
SELECT set_config('search_path', 'shortlist_demo, ' || quote_ident(nspname), false) AS path
FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'shortlist' \gset demo_
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

\pset pager off
\pset footer off
\pset format aligned
\pset linestyle ascii
\pset border 1
\pset null '?'

\echo '== Four tables, as one would have them anyway =='
\echo 'London, early December 2026: 60 people, 40 roles, 50 side projects, 300 events; invented, but for the venues.'
\echo
\set ECHO queries
CREATE TABLE people   (id int PRIMARY KEY, name text, district text, skills skillset);
CREATE TABLE roles    (id int PRIMARY KEY, title text, company text, job jobspec);
CREATE TABLE projects (id int PRIMARY KEY, title text, hours int, teaches skillset);
CREATE TABLE events   (id int PRIMARY KEY, title text, category text, venue text, latitude float8,
                       longitude float8, price float8, attendees int, starts_at timestamptz);
\set ECHO none
\copy people FROM people.csv WITH (FORMAT csv, HEADER)
\copy roles FROM roles.csv WITH (FORMAT csv, HEADER)
\copy projects FROM projects.csv WITH (FORMAT csv, HEADER)
\copy events FROM events.csv WITH (FORMAT csv, HEADER)
ANALYZE people, roles, projects, events;

\echo
\echo '== 1. Who fits this role? =='
\echo '-- A start-up is hiring. What the role asks is one line of text: skill:level, *weight, ! for a must,'
\echo '-- | an alternative with ~ its credit, 2..4 where only the way from 2 to 4 counts.'
\set ECHO queries
INSERT INTO roles VALUES (40, 'Machine learning engineer', 'Lantern Grid',
    'python:4*3!, machine learning:3*3!, pytorch|tensorflow~0.8|jax~0.7:3*2, sql:2..4*2,
     docker|podman:2, ci/cd:2, statistics:3, communication:3');
\echo
\echo '-- Who can do it? The best come first; @@ says whether every must is met.'
SELECT name, district, round(skill_readiness(skills, job)::numeric, 3) AS readiness,
       skills @@ job AS qualifies
FROM people, roles WHERE roles.id = 40 ORDER BY skills <=> job LIMIT 5;

\echo '-- Why is Priya first? One row per item; the contributions add up to her readiness.'
SELECT skill, need, have, via, round(credit::numeric, 2) AS credit, weight,
       round(contribution::numeric, 3) AS contribution, must, met
FROM people p, roles r, skill_explain(skills, job)
WHERE p.name = 'Priya Raghunathan' AND r.id = 40 AND need IS NOT NULL;

\echo '-- And Jonas, so close behind her: what is it that he misses?'
SELECT skill, need, have, round(credit::numeric, 2) AS credit, must, met
FROM people p, roles r, skill_explain(skills, job)
WHERE p.name = 'Jonas Lindqvist' AND r.id = 40 AND NOT met;

\echo '== 2. Which role suits this person? =='
\echo '-- Amara analyses data. Which roles is she readiest for? With <=> alone: those that ask next to nothing.'
SELECT title, round(skill_readiness(skills, job)::numeric, 3) AS readiness,
       round(skill_use(skills, job)::numeric, 3) AS use
FROM roles, people WHERE people.name = 'Amara Nwosu' ORDER BY job <=> skills, title LIMIT 6;

\echo '-- Which roles suit her? <-> asks as well how much of what she can do the role has a use for.'
SELECT title, company, round(skill_readiness(skills, job)::numeric, 3) AS readiness,
       round(skill_use(skills, job)::numeric, 3) AS use, round(skill_fit(skills, job)::numeric, 3) AS fit
FROM roles, people WHERE people.name = 'Amara Nwosu' ORDER BY job <-> skills LIMIT 4;

\echo '== 3. What to learn next, and why? =='
\echo '-- Amara would rather have that job one day. What does she lack? job - skills is a jobspec again: the gap.'
SELECT skill, from_level AS has, need AS needs, round(weight::numeric, 2) AS weight, alternatives
FROM people, roles, jobspec_each(job - skills) WHERE people.name = 'Amara Nwosu' AND roles.id = 40;

\echo '-- Which side project closes most of that gap, and how ready is she before and after?'
SELECT projects.title AS project, hours,
       round(skill_readiness(teaches, job - skills)::numeric, 3) AS closes,
       round(skill_readiness(skills, job)::numeric, 3) AS before,
       round(skill_readiness(skills || teaches, job)::numeric, 3) AS after
FROM projects, people, roles WHERE people.name = 'Amara Nwosu' AND roles.id = 40
ORDER BY teaches <=> (job - skills) LIMIT 4;

\echo '-- And after the birds? The same question with what she will know by then: two projects, and she qualifies.'
SELECT b.title AS project, b.hours,
       round(skill_readiness(b.teaches, job - (skills || a.teaches))::numeric, 3) AS closes,
       round(skill_readiness(skills || a.teaches || b.teaches, job)::numeric, 3) AS after,
       (skills || a.teaches || b.teaches) @@ job AS qualifies
FROM projects a, projects b, people, roles
WHERE a.id = 1 AND people.name = 'Amara Nwosu' AND roles.id = 40
ORDER BY b.teaches <=> (job - (skills || a.teaches)) LIMIT 1;

\echo '-- Tomasz came third above, on paper. Skills fade: what is left of his on 1 December 2026?'
SELECT s.skill, s.level AS paper, s.last::date AS last_practised, s.stability AS stable_days,
       round(e.have::numeric, 2) AS today, e.need, e.must, e.met
FROM people p, roles r,
     skill_explain(skills, as_of(job, '2026-12-01')) e JOIN skills_each(skills) s USING (skill)
WHERE p.name = 'Tomasz Zieliński' AND r.id = 40 AND s.last IS NOT NULL ORDER BY skill;

\echo '-- So who can do it today? The clock is a part of the query: it names the day, and nothing is rewritten.'
SELECT name, round(skill_readiness(skills, job)::numeric, 3) AS on_paper,
       round(skill_readiness(skills, as_of(job, '2026-12-01'))::numeric, 3) AS today,
       skills @@ job AS qualified, skills @@ as_of(job, '2026-12-01') AS qualifies_today
FROM people, roles WHERE roles.id = 40 ORDER BY skills <=> as_of(job, '2026-12-01') LIMIT 4;

\echo '== 4. Which one event? =='
\echo '-- Kofi has his Saturday off and likes a crowd: named arguments. Amara wants a quiet Thursday near home: JSON.'
CREATE TABLE tastes (who text PRIMARY KEY, pref eventpref);
INSERT INTO tastes VALUES ('Kofi', event_pref(
    latitude => 51.4613, longitude => -0.1156, within_km => 8, budget => 40, crowd => 1500,
    starts => '2026-12-05 20:00+00', start_weight => 2, max_price => 60));
INSERT INTO tastes VALUES ('Amara', '{
    "location":  {"latitude": 51.5845, "longitude": -0.0210, "weight": 2, "scale": 3},
    "price":     {"offset": 8, "scale": 8},
    "attendees": {"curve": "gauss", "origin": 20, "offset": 10, "scale": 25},
    "start":     {"origin": "2026-12-03T19:00:00+00:00", "offset": "1 hour", "scale": "1 day"},
    "limits":    {"max_km": 6, "max_price": 20, "max_attendees": 80}}');

\echo
\echo '-- Where should each of them go? The single best event within the limits, for both in one query.'
CREATE VIEW best AS SELECT who, pref, e.* FROM tastes, LATERAL (
    SELECT *, event_facts(latitude, longitude, price, attendees, starts_at) AS facts FROM events
    WHERE event_facts(latitude, longitude, price, attendees, starts_at) @@ pref
    ORDER BY event_facts(latitude, longitude, price, attendees, starts_at) <=> pref LIMIT 1) e;
SELECT who, title, venue, price, to_char(starts_at, 'Dy DD Mon HH24:MI') AS starts,
       round(event_score(facts, pref)::numeric, 3) AS score
FROM best ORDER BY who;

\echo '-- Why these? A row per criterion: how good its value is to this person, and what it adds to the score.'
SELECT who, criterion, CASE criterion WHEN 'location' THEN round(value::numeric, 2) || ' km'
                                      WHEN 'start' THEN to_char(to_timestamp(value), 'Dy DD Mon HH24:MI')
                                      ELSE value::text END AS value,
       round(utility::numeric, 3) AS utility, weight, round(contribution::numeric, 3) AS contribution
FROM best, event_explain(facts, pref) ORDER BY who, criterion;

\echo '-- What do the limits keep out? Too many people, and an unknown price: it is not zero, and never wins.'
SELECT title, price, attendees, round(event_score(facts, pref)::numeric, 3) AS score,
       facts @@ pref AS within_limits
FROM tastes, events, event_facts(latitude, longitude, price, attendees, starts_at) AS facts
WHERE who = 'Amara' ORDER BY facts <=> pref LIMIT 6;

\echo '-- Unless Kofi says so: missing => ''skip'' leaves an unknown price out of account, and a street party wins.'
SELECT missing, e.* FROM unnest(ARRAY['worst', 'skip']) AS missing, LATERAL (
    SELECT title, price, round(event_score(facts, pref)::numeric, 3) AS score
    FROM events, event_facts(latitude, longitude, price, attendees, starts_at) AS facts,
         event_pref(latitude => 51.4613, longitude => -0.1156, within_km => 8, budget => 40, crowd => 1500,
                    starts => '2026-12-05 20:00+00', start_weight => 2, missing => missing) AS pref
    ORDER BY facts <=> pref LIMIT 1) e ORDER BY missing DESC;

\set ECHO none
\ir learning.sql
\ir feeds.sql
\echo 'Read on: README.md has the whole of it in a page, src/README what exactly the scores mean.'
