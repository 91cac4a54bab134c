-- Events in the access method shortlist.  What is asked of any index on events is in shared/event_index.sql; here is what this one alone
-- tells and can do.
\set method shortlist
\set sparse 'WITH (tail_size = 64)'
\set shared `echo "${PG_ABS_SRCDIR:-test}/sql/shared/event_index.sql"`
\ir :shared

-- The scan tells what it did: of 3000 rows it looked at some; without a limit at all that are not NULL; and where nothing
-- can be acceptable, none is returned.
SELECT * FROM agree('SELECT id, facts <=> event_pref(crowd => 100, starts => ''2026-12-24 12:00+00'') FROM happenings ORDER BY facts <=> event_pref(crowd => 100, starts => ''2026-12-24 12:00+00'') LIMIT 1');
SET enable_seqscan = off;
SET enable_sort = off;
SELECT segments, windows, opened BETWEEN 3 AND 40 AS opened, rows BETWEEN 1 AND 100 AS rows, tail_rows FROM shortlist_last_scan();
SELECT count(*) FROM (SELECT id FROM happenings ORDER BY facts <=> event_pref(crowd => 100)) s;
SELECT rows FROM shortlist_last_scan();
SELECT id FROM happenings WHERE facts @@ event_pref(crowd => 100, min_attendees => 400) ORDER BY facts <=> event_pref(crowd => 100);
SELECT * FROM shortlist_last_scan();
RESET enable_seqscan;
RESET enable_sort;

-- An index that came about by single inserts is nearly as good as one that was built: it has a few segments instead of one, and
-- a tail that is short.
CREATE TEMP TABLE looked_at (phase text, entries bigint);
SELECT count(*) FROM happy_users u, LATERAL (SELECT FROM grown ORDER BY facts <=> u.likes LIMIT 1) e WHERE u.id <> 13;
INSERT INTO looked_at SELECT 'grown', opened FROM shortlist_last_scan();
SELECT segments / 299 <= 12 AS few_segments, tail_rows / 299 < 1000 AS short_tail FROM shortlist_last_scan();
REINDEX INDEX grown_facts;
SELECT count(*) FROM happy_users u, LATERAL (SELECT FROM grown ORDER BY facts <=> u.likes LIMIT 1) e WHERE u.id <> 13;
INSERT INTO looked_at SELECT 'built', opened FROM shortlist_last_scan();
SELECT g.entries BETWEEN 299 AND 5 * b.entries AS good FROM looked_at g, looked_at b WHERE g.phase = 'grown' AND b.phase = 'built';
-- One that was built in little memory, and so was halved in files, is as good.
SET maintenance_work_mem = '1MB';
REINDEX INDEX grown_facts;
RESET maintenance_work_mem;
SELECT count(*) FROM happy_users u, LATERAL (SELECT FROM grown ORDER BY facts <=> u.likes LIMIT 1) e WHERE u.id <> 13;
INSERT INTO looked_at SELECT 'halved', opened FROM shortlist_last_scan();
SELECT h.entries BETWEEN 0.98 * b.entries AND 1.02 * b.entries AS as_good FROM looked_at h, looked_at b WHERE h.phase = 'halved' AND b.phase = 'built';

-- In little memory, so that rows are halved in files.
CREATE TEMP TABLE happenings_often AS SELECT id * 10 + i AS id, facts FROM happenings, generate_series(1, 8) i;
SET maintenance_work_mem = '1MB';
CREATE INDEX ON happenings_often USING shortlist (facts);
RESET maintenance_work_mem;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings_often ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings_often WHERE facts @@ picky() ORDER BY facts <=> picky() LIMIT 30');
DROP TABLE happenings_often;

DROP TABLE happenings, happy_users, alike, grown;
DROP FUNCTION plan_has(text, text), agree(text), shown_plan(text), plain(), picky(), best_acceptable(eventpref), fetch_some(refcursor, int);
SET client_min_messages = warning;
DROP SCHEMA oracle CASCADE;
RESET client_min_messages;
