-- The extension installs into any schema, moves, and goes without a trace.
CREATE SCHEMA tools;
CREATE EXTENSION shortlist SCHEMA tools;
SELECT 'python:4'::tools.skillset OPERATOR(tools.<=>) 'python:4'::tools.jobspec AS cost;
SELECT title, price FROM tools.events_from('meetup', '{"title": "talks", "eventUrl": "u", "dateTime": "2026-05-01T19:00Z", "feeSettings": null}');
CREATE TABLE tools.people (skills tools.skillset);
EXPLAIN (COSTS OFF) SELECT FROM tools.people WHERE tools.has_skill(skills, 'a');
ALTER EXTENSION shortlist SET SCHEMA public;
EXPLAIN (COSTS OFF) SELECT FROM tools.people WHERE has_skill(skills, 'a');
DROP TABLE tools.people;
SELECT 'python:4'::skillset <=> 'python:4' AS cost;
SELECT title, price FROM events_from('meetup', '{"title": "talks", "eventUrl": "u", "dateTime": "2026-05-01T19:00Z", "feeSettings": null}');
DROP EXTENSION shortlist;
SELECT count(*) AS left_behind FROM pg_type WHERE typname IN ('skillset', 'jobspec', 'eventfacts', 'eventpref');
DROP SCHEMA tools;

-- Any user who may create in a database may install it, and it belongs to the superuser.
CREATE EXTENSION shortlist;
SELECT extname, extversion, extrelocatable FROM pg_extension WHERE extname = 'shortlist';
