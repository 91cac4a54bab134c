-- shortlist_check(): what it returns, of which indexes, for whom, and what runs meanwhile.  test/t/index_corruption.pl has what it finds.
SET client_min_messages = warning;
CREATE SCHEMA checked;
SET search_path = checked, public;
CREATE TABLE people (id int, skills skillset, about text);
INSERT INTO people
SELECT g, CASE WHEN g % 40 = 0 THEN NULL WHEN g % 41 = 0 THEN '' ELSE skillset(ARRAY['s' || g % 100, 't' || g % 7], ARRAY[g % 5 + 1, 2]) END, 'a' FROM generate_series(1, 3000) g;
CREATE INDEX people_skills ON people USING shortlist (skills) WITH (tail_size = 64);
SELECT lost_pages, entries, bounds > 0 AS bounds, heap_rows FROM shortlist_check('people_skills');
SELECT entries, heap_rows FROM shortlist_check('people_skills', heapallindexed => false);
-- Rows in the tail, a value longer than a page, rows that are deleted, rows that are vacuumed, rows that were updated on their page.
INSERT INTO people SELECT g, ('u' || g)::skillset, 'b' FROM generate_series(3001, 3200) g;
INSERT INTO people SELECT 4000, skillset_agg('long' || g, 1 + g % 5), 'c' FROM generate_series(1, 2000) g;
DELETE FROM people WHERE id % 3 = 0;
SELECT lost_pages, entries, heap_rows FROM shortlist_check('people_skills');
VACUUM people;
SELECT lost_pages, entries, heap_rows FROM shortlist_check('people_skills');
UPDATE people SET about = 'd' WHERE id % 10 = 1;
SELECT lost_pages, entries >= heap_rows AS all, heap_rows FROM shortlist_check('people_skills');
SELECT shortlist_merge('people_skills');
SELECT lost_pages, entries >= heap_rows AS all, heap_rows FROM shortlist_check('people_skills');

-- In little memory lists are checked in parts, with the same result.
CREATE TABLE crowd AS SELECT g AS id, (SELECT skillset_agg('n' || (g * 7 + i * i * 13) % 4001, 1 + i % 5) FROM generate_series(1, 12) i) AS skills FROM generate_series(1, 9000) g;
CREATE INDEX crowd_skills ON crowd USING shortlist (skills);
CREATE TEMP TABLE in_much_memory AS SELECT * FROM shortlist_check('crowd_skills');
SET maintenance_work_mem = '1MB';
SELECT shortlist_check('crowd_skills') = m AS same FROM in_much_memory m;
-- An index that is built in little memory, of lists in several files, is the same, and answers as the sequential scan does.
REINDEX INDEX crowd_skills;
SELECT shortlist_check('crowd_skills') = m AS same FROM in_much_memory m;
RESET maintenance_work_mem;
CREATE TEMP TABLE asked AS SELECT g AS question, ('n' || g * 37 || ':5*2!, n' || g * 61 || ':3, n' || g * 101 || '|n' || g * 103 || '~0.5:4')::jobspec AS job FROM generate_series(1, 30) g;
SET enable_indexscan = off;
CREATE TEMP TABLE by_table AS SELECT question, a.* FROM asked, LATERAL (SELECT round((skills <=> job)::numeric, 12) AS cost FROM crowd ORDER BY skills <=> job LIMIT 20) a;
SET enable_indexscan = on;
SET enable_seqscan = off;
CREATE TEMP TABLE by_index AS SELECT question, a.* FROM asked, LATERAL (SELECT round((skills <=> job)::numeric, 12) AS cost FROM crowd ORDER BY skills <=> job LIMIT 20) a;
RESET enable_seqscan;
SELECT count(*) AS answers, count(DISTINCT cost) > 3 AS of_several_costs FROM by_index;
(TABLE by_table EXCEPT ALL TABLE by_index) UNION ALL (TABLE by_index EXCEPT ALL TABLE by_table);

-- Partial, by expression, of jobs, of events; with other columns; empty.
CREATE INDEX people_partial ON people USING shortlist ((skills || 'extra:1'::skillset)) WHERE id % 2 = 0;
SELECT entries, heap_rows FROM shortlist_check('people_partial');
CREATE TABLE jobs AS SELECT g AS id, ('s' || g % 100 || ':' || g % 5 + 1 || '!, t' || g % 7 || '|u' || g % 9 || '~0.5:2')::jobspec AS job FROM generate_series(1, 1000) g;
CREATE INDEX jobs_job ON jobs USING shortlist (job);
SELECT lost_pages, entries, bounds > 0 AS bounds, heap_rows FROM shortlist_check('jobs_job');
CREATE TABLE events AS SELECT g AS id, CASE WHEN g % 5 <> 0 THEN g % 90 END AS lat, CASE WHEN g % 5 <> 0 THEN g % 180 END AS lon, CASE WHEN g % 7 <> 0 THEN g % 50 END AS price, g % 1000 AS attendees FROM generate_series(1, 2000) g;
CREATE INDEX events_facts ON events USING gist (event_facts(lat, lon, price, attendees)) INCLUDE (id);
SELECT entries, bounds > 0 AS bounds, heap_rows FROM shortlist_check('events_facts');
DELETE FROM events WHERE id BETWEEN 100 AND 900;
VACUUM events;
SELECT entries, heap_rows FROM shortlist_check('events_facts');
CREATE INDEX events_points ON events USING shortlist (event_facts(lat, lon, price, attendees));
SELECT entries, bounds, heap_rows FROM shortlist_check('events_points');
INSERT INTO events SELECT g, 1, 2, 3, 4 FROM generate_series(3001, 3100) g;
DELETE FROM events WHERE id < 50;
VACUUM events;
INSERT INTO events VALUES (3101);
SELECT entries, bounds, heap_rows FROM shortlist_check('events_points');
CREATE TABLE nobody (skills skillset, facts eventfacts);
CREATE INDEX nobody_skills ON nobody USING shortlist (skills);
CREATE INDEX nobody_facts ON nobody USING gist (facts);
SELECT * FROM shortlist_check('nobody_skills');
SELECT * FROM shortlist_check('nobody_facts');
INSERT INTO nobody VALUES (NULL, NULL), ('', '{}');
SELECT entries, heap_rows FROM shortlist_check('nobody_skills');
SELECT entries, heap_rows FROM shortlist_check('nobody_facts');

-- What is not an index of ours.
CREATE INDEX people_id ON people (id);
CREATE TABLE areas (area box);
CREATE INDEX areas_area ON areas USING gist (area);
CREATE TABLE parts_of (id int, skills skillset) PARTITION BY RANGE (id);
CREATE INDEX parts_of_skills ON parts_of USING shortlist (skills);
SELECT shortlist_check('people_id');
SELECT shortlist_check('areas_area');
SELECT shortlist_check('people');
SELECT shortlist_check('parts_of_skills');
SELECT shortlist_check(123456789);
SELECT shortlist_check(NULL) IS NULL AS null;

-- Only who was granted it, and owns the index.
CREATE ROLE regress_shortlist_checker;
GRANT USAGE ON SCHEMA checked TO regress_shortlist_checker;
SET ROLE regress_shortlist_checker;
SELECT shortlist_check('people_skills');
RESET ROLE;
GRANT EXECUTE ON FUNCTION shortlist_check TO regress_shortlist_checker;
SET ROLE regress_shortlist_checker;
SELECT shortlist_check('people_skills');
RESET ROLE;
ALTER TABLE people OWNER TO regress_shortlist_checker;
SET ROLE regress_shortlist_checker;
SELECT entries >= heap_rows AS checked FROM shortlist_check('people_skills');
RESET ROLE;

-- What an index on an expression calls runs as the owner of the table, and finds nothing that the caller's search_path has.
CREATE FUNCTION tell(skills skillset) RETURNS skillset IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    RAISE WARNING 'as %, with search_path %', current_user, current_setting('search_path');
    RETURN skills;
END $$;
CREATE TABLE theirs (skills skillset);
INSERT INTO theirs VALUES ('a');
ALTER TABLE theirs OWNER TO regress_shortlist_checker;
GRANT CREATE ON SCHEMA checked TO regress_shortlist_checker;
SET client_min_messages = error;
CREATE INDEX theirs_skills ON theirs USING shortlist (tell(skills));
RESET client_min_messages;
SELECT entries, heap_rows FROM shortlist_check('theirs_skills');
SELECT current_user <> 'regress_shortlist_checker' AS self, current_setting('search_path') AS search_path;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA checked CASCADE;
REVOKE ALL ON FUNCTION shortlist_check FROM regress_shortlist_checker;
DROP ROLE regress_shortlist_checker;
RESET client_min_messages;
