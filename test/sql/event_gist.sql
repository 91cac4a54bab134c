-- The GiST index on events.  What is asked of any index on events is in shared/event_index.sql; here is what GiST alone tells and can do.
\set method gist
\set sparse 'WITH (fillfactor = 30)'
\set shared `echo "${PG_ABS_SRCDIR:-test}/sql/shared/event_index.sql"`
\ir :shared

-- The scan tells what it did: of 3000 rows it looked at some; without a limit at all that are not NULL; and where nothing
-- can be acceptable, none is returned.
SELECT * FROM agree('SELECT id, facts <=> event_pref(crowd => 100, starts => ''2026-12-24 12:00+00'') FROM happenings ORDER BY facts <=> event_pref(crowd => 100, starts => ''2026-12-24 12:00+00'') LIMIT 1');
SET enable_seqscan = off;
SET enable_sort = off;
SELECT pages BETWEEN 2 AND 20 AS pages, inner_entries BETWEEN 2 AND 500 AS inner_entries, rows BETWEEN 1 AND 1500 AS rows FROM event_last_scan();
SELECT count(*) FROM (SELECT id FROM happenings ORDER BY facts <=> event_pref(crowd => 100)) s;
SELECT rows FROM event_last_scan();
-- Whoever lives on the other side of the Earth does not read it all either.
SELECT count(*) FROM (SELECT id FROM happenings ORDER BY facts <=> '{"location": {"latitude": -25, "longitude": 140, "curve": "linear", "offset": 12000, "scale": 2000}, "start": {"origin": "2026-12-20", "scale": "3 days", "weight": 0.5}}' LIMIT 10) s;
SELECT rows BETWEEN 10 AND 2000 AS rows FROM event_last_scan();
SELECT id FROM happenings WHERE facts @@ event_pref(crowd => 100, min_attendees => 400) ORDER BY facts <=> event_pref(crowd => 100);
SELECT * FROM event_last_scan();
RESET enable_seqscan;
RESET enable_sort;

-- An index that came about by single inserts is about as good as one that was built: it looks at no more than twice as much.
CREATE TEMP TABLE looked_at (phase text, entries bigint);
SELECT count(*) FROM happy_users u, LATERAL (SELECT FROM grown ORDER BY facts <=> u.likes LIMIT 1) e WHERE u.id <> 13;
INSERT INTO looked_at SELECT 'grown', rows + inner_entries FROM event_last_scan();
REINDEX INDEX grown_facts;
SELECT count(*) FROM happy_users u, LATERAL (SELECT FROM grown ORDER BY facts <=> u.likes LIMIT 1) e WHERE u.id <> 13;
INSERT INTO looked_at SELECT 'built', rows + inner_entries FROM event_last_scan();
SELECT g.entries BETWEEN 299 AND 2 * b.entries AS good FROM looked_at g, looked_at b WHERE g.phase = 'grown' AND b.phase = 'built';

-- By inserts into an index that buffers.
DROP INDEX happenings_facts;
CREATE INDEX happenings_facts ON happenings USING gist (facts) WITH (buffering = on);
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');

-- With other columns, by btree_gist, before and behind.
SET client_min_messages = warning;
CREATE EXTENSION btree_gist;
RESET client_min_messages;
DROP INDEX happenings_facts;
CREATE INDEX happenings_many ON happenings USING gist (category, facts, city);
SET enable_seqscan = off;
SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT id FROM happenings WHERE category = 'talk' AND city = 'city 3' ORDER BY facts <=> event_pref(budget => 5) LIMIT 5;
RESET enable_seqscan;
RESET enable_sort;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE category = ''talk'' AND city = ''city 3'' ORDER BY facts <=> plain() LIMIT 20');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE category = ''music'' AND facts @@ picky() ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE category IS NULL ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings ORDER BY facts <=> picky()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE category BETWEEN ''n'' AND ''t'' ORDER BY facts <=> plain()');
-- Split by inserts, where facts may be the second choice.
CREATE TABLE more AS TABLE happenings WITH NO DATA;
CREATE INDEX ON more USING gist (category, facts);
CREATE INDEX ON more USING gist (facts, city, price);
INSERT INTO more SELECT * FROM happenings ORDER BY id % 17;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM more WHERE category = ''talk'' ORDER BY facts <=> plain() LIMIT 200');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM more WHERE city = ''city 2'' AND facts @@ picky() ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, price <-> 30 FROM more ORDER BY price <-> 30, facts <=> plain()');
DROP TABLE more;
DROP INDEX happenings_many;

-- Columns that are only carried along.  If they are all that a query needs, the index alone answers: ordered, filtered,
-- for one preference after another, with rows that are NULL, that were changed since, or that no vacuum has seen.
CREATE INDEX happenings_carries ON happenings USING gist (facts) INCLUDE (facts, id, category);
VACUUM happenings;
SET enable_seqscan = off;
SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT id FROM happenings WHERE facts @@ event_pref(crowd => 1, max_price => 5) AND category = 'talk' ORDER BY facts <=> event_pref(crowd => 1) LIMIT 1;
SELECT plan_has($$SELECT u.id, e.id FROM happy_users u, LATERAL (SELECT id FROM happenings WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 1) e$$, 'Index Only Scan') AS lateral_too;
SET plan_cache_mode = force_generic_plan;
DEALLOCATE best;
PREPARE best (eventpref) AS SELECT id, facts <=> $1 AS cost FROM happenings ORDER BY facts <=> $1;
EXPLAIN (COSTS OFF) EXECUTE best(NULL);
DROP TABLE answer;
CREATE TEMP TABLE answer AS EXECUTE best(NULL);
SELECT count(*), count(DISTINCT id), count(cost) FROM answer;
RESET plan_cache_mode;
RESET enable_seqscan;
RESET enable_sort;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain() LIMIT 1');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings WHERE category = ''talk'' AND facts @@ picky() ORDER BY facts <=> picky()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts @@ picky() OR category IS NULL ORDER BY facts <=> plain() LIMIT 50');
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM happenings ORDER BY facts <=> u.likes LIMIT 20) e');
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM happenings WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 3) e');
BEGIN;
UPDATE happenings SET facts = event_facts(48.1, 11, 19, 400, '2026-12-24 13:00+00') WHERE id % 10 = 1;
DELETE FROM happenings WHERE id % 10 = 2;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings WHERE facts @@ picky() ORDER BY facts <=> picky()');
ROLLBACK;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
DROP INDEX happenings_carries;
-- Likewise of an expression, with the columns that it is made of.
CREATE INDEX happenings_covers ON happenings USING gist (event_facts(lat, lon, price, attendees, starts_at)) INCLUDE (id, lat, lon, price, attendees, starts_at);
VACUUM happenings;
SET enable_seqscan = off;
SELECT plan_has($$SELECT id FROM happenings WHERE event_facts(lat, lon, price, attendees, starts_at) @@ event_pref(crowd => 1, max_price => 5)$$, 'Index Only Scan');
SELECT count(*) FROM happenings WHERE event_facts(lat, lon, price, attendees, starts_at) @@ event_pref(crowd => 1, max_price => 5);
SELECT count(*) FROM happenings WHERE price <= 5;
SELECT plan_has($$SELECT id FROM happenings ORDER BY event_facts(lat, lon, price, attendees, starts_at) <=> event_pref(crowd => 1) LIMIT 1$$, 'Index Only Scan');
RESET enable_seqscan;
SELECT * FROM agree('SELECT id, event_facts(lat, lon, price, attendees, starts_at) <=> plain() FROM happenings ORDER BY event_facts(lat, lon, price, attendees, starts_at) <=> plain()');
SELECT * FROM agree('SELECT id, event_facts(lat, lon, price, attendees, starts_at) <=> picky() FROM happenings
                     WHERE event_facts(lat, lon, price, attendees, starts_at) @@ picky() ORDER BY event_facts(lat, lon, price, attendees, starts_at) <=> picky() LIMIT 10');
DROP INDEX happenings_covers;
-- What does not carry the facts goes to the rows for them.
CREATE INDEX happenings_carries ON happenings USING gist (facts) INCLUDE (id);
VACUUM happenings;
SET enable_seqscan = off;
SELECT plan_has($$SELECT id FROM happenings ORDER BY facts <=> event_pref(crowd => 1) LIMIT 1$$, 'Index Scan');
RESET enable_seqscan;
DROP INDEX happenings_carries;

-- What the index stores can be looked at, but not written.  Where the equator meets Greenwich is the unit vector (1, 0, 0).
CREATE EXTENSION pageinspect;
CREATE TABLE seen AS SELECT event_facts(0, 0, price, NULL, timestamptz '2000-01-01 00:00+00') AS facts FROM (VALUES (12.5), (NULL)) v(price);
CREATE INDEX seen_facts ON seen USING gist (facts);
SELECT substring(keys FROM 'x .*start [-.0-9]*') AS key FROM gist_page_items(get_raw_page('seen_facts', 0), 'seen_facts') ORDER BY 1;
INSERT INTO seen SELECT event_facts(0, 0, g, 7) FROM generate_series(13, 300) g;
SELECT count(*) > 1 AS several, bool_and(keys LIKE '%x 1..1, y 0..0, z 0..0, price %') AS in_one_place,
       min(substring(keys FROM 'price ([.0-9]+)\.\.')::numeric) AS cheapest, max(substring(keys FROM '\.\.([.0-9]+)( or unknown)?, attendees')::numeric) AS dearest,
       count(*) FILTER (WHERE keys LIKE '%attendees 7..7 or unknown, start 0..0 or unknown%') AS with_unknown
FROM gist_page_items(get_raw_page('seen_facts', 0), 'seen_facts');
SELECT 'x'::eventbox;
DROP TABLE seen;
DROP EXTENSION pageinspect;

DROP TABLE happenings, happy_users, alike, grown;
DROP EXTENSION btree_gist;
DROP FUNCTION plan_has(text, text), agree(text), shown_plan(text), plain(), picky(), best_acceptable(eventpref), fetch_some(refcursor, int);
SET client_min_messages = warning;
DROP SCHEMA oracle CASCADE;
RESET client_min_messages;
