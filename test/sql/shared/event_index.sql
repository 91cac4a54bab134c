-- An index on events: whatever is asked of it, the answer is the sequential scan's.  event_gist and am_events say which kind of index it
-- is, ask what is special to theirs, and drop what this leaves behind:
--
--     method    gist or shortlist
--     sparse    parameters of an index by which there is more to open: little on each page, or many segments

SELECT amname, opcdefault, amvalidate(c.oid) FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod WHERE opcname = 'eventfacts_ops' AND amname = :'method';

\set ECHO none
\ir ../../oracle/same_answer.sql
\set ECHO all

CREATE FUNCTION plan_has(query text, pattern text) RETURNS bool LANGUAGE sql AS $$ SELECT oracle.plan_of(query) ~ pattern $$;

-- Runs a query of (id, cost) with the index and without it.
CREATE FUNCTION agree(query text, OUT ordered_scan bool, OUT answered bigint, OUT same bool) LANGUAGE plpgsql AS $$
DECLARE
    whole text := format('SELECT id::bigint, NULL::tid AS place, cost, NULL::float8 AS second FROM (%s) q (id, cost)', query);
    found oracle.answer;
    truth oracle.answer;
BEGIN
    PERFORM oracle.plan_by('index');
    ordered_scan := plan_has(query, '(^|\n) *Order By: ');
    found := oracle.answer_of(whole);
    PERFORM oracle.plan_by('rows');
    IF plan_has(query, 'Index') THEN
        RAISE EXCEPTION 'nothing to compare with: it is always the index';
    END IF;
    truth := oracle.answer_of(whole);
    PERFORM oracle.plan_by('any');
    answered := cardinality(truth.ids);
    -- Each row's cost is its own; of a LIMIT, equal costs can be other rows.
    same := oracle.problem_of(found, truth, found) IS NULL;
END $$;

-- A preference without unusual things, and one with most of them.
CREATE FUNCTION plain() RETURNS eventpref LANGUAGE sql IMMUTABLE AS $$
    SELECT event_pref(latitude => 48, longitude => 11, within_km => 100, budget => 20, crowd => 100, starts => '2026-12-24 12:00+00')
$$;
CREATE FUNCTION picky() RETURNS eventpref LANGUAGE sql STABLE AS $$
    SELECT '{"location": {"latitude": 45, "longitude": 9, "curve": "gauss", "offset": 20, "scale": 300, "missing": "skip", "weight": 2},
             "price": {"origin": 25, "curve": "linear", "side": "both", "scale": 30, "scale_below": 60, "missing": 0.4},
             "attendees": {"curve": "sigmoid", "pivot": 60, "exponent": 3, "missing": "exclude"},
             "start": {"origin": "2026-12-20T18:00:00Z", "scale": "3 days", "side": "above", "missing": "skip"},
             "combine": "product", "limits": {"max_km": 900, "max_price": 70, "min_attendees": 10, "after": "2026-12-03", "min_score": 0.2}}'::eventpref
$$;

CREATE TABLE happenings AS
SELECT id, (ARRAY['music', 'sport', 'talk', NULL])[1 + id % 4] AS category, 'city ' || id % 5 AS city,
       CASE WHEN id % 7 > 0 THEN 40 + id * 37 % 1009 / 80.0 END::float8 AS lat, CASE WHEN id % 7 > 0 THEN 5 + id * 53 % 997 / 80.0 END::float8 AS lon,
       CASE WHEN id % 9 > 0 THEN id * 71 % 991 / 10.0 END::float8 AS price, CASE WHEN id % 11 > 0 THEN id * 29 % 311 END::float8 AS attendees,
       CASE WHEN id % 13 > 0 THEN '2026-12-01 00:00+00'::timestamptz + id * 97 % 1013 * interval '1 hour' END AS starts_at
FROM generate_series(1, 3000) id;
ALTER TABLE happenings ADD facts eventfacts;
UPDATE happenings SET facts = event_facts(lat, lon, price, attendees, starts_at) WHERE id % 50 > 0;
CREATE INDEX happenings_facts ON happenings USING :method (facts);
VACUUM ANALYZE happenings;

-- With and without limit, with and without filter; a filter of its own; two filters; either of two.
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain() LIMIT 1');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings ORDER BY facts <=> picky() LIMIT 100');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings WHERE facts @@ picky() ORDER BY facts <=> picky()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts @@ picky() ORDER BY facts <=> plain() LIMIT 20');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts @@ picky() AND facts @@ event_pref(crowd => 1, max_price => 40) ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts @@ picky() OR facts @@ event_pref(crowd => 1, max_price => 2) ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts <=> plain() > 0.6 AND price < 50 ORDER BY facts <=> plain() LIMIT 7 OFFSET 3');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE facts IS NOT NULL AND NOT facts @@ picky() ORDER BY facts <=> plain()');
-- Ordered by two preferences; by the best of one criterion; the operators the other way round.
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> event_pref(budget => 90), facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> event_pref(budget => 90) FROM happenings ORDER BY facts <=> event_pref(budget => 90)');
SELECT * FROM agree('SELECT id, plain() <=> facts FROM happenings WHERE picky() @@ facts ORDER BY plain() <=> facts');
SELECT * FROM agree('SELECT 1, min(facts <=> plain()) FROM happenings');
-- Descending, or NULL first, is not what the index can do.
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain() DESC LIMIT 100');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain() NULLS FIRST LIMIT 100');
-- The filter alone: an index scan, and a bitmap scan.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM happenings WHERE facts @@ event_pref(crowd => 1, max_price => 5);
SELECT count(*) FROM happenings WHERE facts @@ event_pref(crowd => 1, max_price => 5);
SET enable_bitmapscan = on;
SET enable_indexscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM happenings WHERE facts @@ event_pref(crowd => 1, max_price => 5);
SELECT count(*) FROM happenings WHERE facts @@ event_pref(crowd => 1, max_price => 5);
RESET enable_seqscan;
RESET enable_indexscan;
SELECT count(*) FROM happenings WHERE id % 50 > 0 AND price <= 5;

-- NULL facts come last.
SET enable_seqscan = off;
SET enable_sort = off;
SELECT count(*) FILTER (WHERE facts IS NULL) AS nulls, min(n) FILTER (WHERE facts IS NULL) AS from_place, max(n) FILTER (WHERE facts IS NOT NULL) AS others_to
FROM (SELECT facts, row_number() OVER () AS n FROM (SELECT facts FROM happenings ORDER BY facts <=> plain()) s) t;
-- A NULL preference has no answer: all rows, in any order, with a NULL cost; none acceptable.
PREPARE best (eventpref) AS SELECT id, facts <=> $1 AS cost FROM happenings ORDER BY facts <=> $1;
PREPARE acceptable (eventpref) AS SELECT id FROM happenings WHERE facts @@ $1 ORDER BY facts <=> $1;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE best(NULL);
CREATE TEMP TABLE answer AS EXECUTE best(NULL);
SELECT count(*), count(DISTINCT id), count(cost) FROM answer;
EXPLAIN (COSTS OFF) EXECUTE acceptable(NULL);
EXECUTE acceptable(NULL);
RESET plan_cache_mode;
RESET enable_seqscan;
RESET enable_sort;

-- Rescans -------------------------------------------------------------------------------------------------------------

-- One preference per user: everybody wants something else, user 13 has no wishes.
CREATE TABLE happy_users AS
SELECT u AS id, CASE WHEN u <> 13 THEN
       format('{"location": {"latitude": %s, "longitude": %s, "scale": %s, "missing": "%s"}, "price": {"offset": %s, "scale": 10, "missing": %s}, '
              '"attendees": {"pivot": %s, "missing": "%s", "weight": %s}, "combine": "%s", "limits": {"max_price": %s, "max_km": %s}}',
              40 + u % 13, 5 + u % 11, 10 + u, (ARRAY['worst', 'skip', 'exclude'])[1 + u % 3], u % 50, (ARRAY[0, 0.5, 1])[1 + u % 3], 10 + u,
              (ARRAY['worst', 'skip'])[1 + u % 2], u % 4, (ARRAY['sum', 'product', 'min'])[1 + u % 3], 1 + u % 40, 30 + u % 200)::eventpref END AS likes
FROM generate_series(1, 300) u;

PREPARE one_each AS SELECT u.id, e.id FROM happy_users u, LATERAL (SELECT id FROM happenings WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 1) e;
SET enable_seqscan = off;
SET enable_sort = off;
-- A plan.  Since version 18 it also tells which of its nodes were to be avoided: not here.
CREATE FUNCTION shown_plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line !~ 'Disabled: true' THEN
            RETURN NEXT line;
        END IF;
    END LOOP;
END $$;
SELECT shown_plan('EXECUTE one_each');
RESET enable_seqscan;
RESET enable_sort;
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM happenings ORDER BY facts <=> u.likes LIMIT 3) e');
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM happenings WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 3) e');
SELECT * FROM agree('SELECT id, (SELECT facts <=> likes FROM happenings WHERE facts @@ likes AND category = ''talk'' ORDER BY facts <=> likes LIMIT 1) FROM happy_users');
-- The order is one user's, the filter another's.
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u JOIN happy_users v ON v.id = u.id % 300 + 1,
                            LATERAL (SELECT id, facts <=> u.likes AS cost FROM happenings WHERE facts @@ v.likes ORDER BY facts <=> u.likes LIMIT 3) e');
-- A join by the filter: all acceptable events of all users.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT shown_plan('SELECT u.id, e.id FROM happy_users u JOIN happenings e ON e.facts @@ u.likes');
CREATE TEMP TABLE by_index AS SELECT u.id AS person, e.id FROM happy_users u JOIN happenings e ON e.facts @@ u.likes;
RESET enable_seqscan;
SET enable_indexscan = off;
CREATE TEMP TABLE by_rows AS SELECT u.id AS person, e.id FROM happy_users u JOIN happenings e ON e.facts @@ u.likes;
RESET enable_indexscan;
RESET enable_bitmapscan;
SELECT count(*) > 1000 AS many, (SELECT count(*) FROM by_rows) = count(*) AS as_many, count(DISTINCT (person, id)) = count(*) AS none_twice FROM by_index;
SELECT count(*) FROM (TABLE by_index EXCEPT TABLE by_rows) s;

-- The same statement for one after another, by one generic plan.
CREATE FUNCTION best_acceptable(wanted eventpref) RETURNS float8 LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT facts <=> wanted FROM happenings WHERE facts @@ wanted ORDER BY facts <=> wanted LIMIT 1);
END $$;
SET plan_cache_mode = force_generic_plan;
SET enable_seqscan = off;
SELECT count(cost), count(*) FILTER (WHERE cost IS DISTINCT FROM (SELECT min(1 - event_score(facts, likes)) FROM happenings WHERE event_acceptable(facts, likes) IS TRUE)) AS wrong
FROM (SELECT likes, best_acceptable(likes) AS cost FROM happy_users) u;
RESET plan_cache_mode;
RESET enable_seqscan;

-- An index that came about by single inserts.
CREATE TABLE grown (id int, facts eventfacts);
CREATE INDEX grown_facts ON grown USING :method (facts);
INSERT INTO grown
SELECT id, event_facts(40 + id * 7919 % 10007 / 800.0, 5 + id * 6607 % 10009 / 800.0, id * 4001 % 997 / 10.0, id * 3001 % 499, '2026-12-01 00:00+00'::timestamptz + id * 2003 % 4001 * interval '15 minutes')
FROM generate_series(1, 20000) id;
ANALYZE grown;
SELECT * FROM agree('SELECT u.id * 100000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM grown ORDER BY facts <=> u.likes LIMIT 2) e');

-- Cursors -------------------------------------------------------------------------------------------------------------

-- What a cursor returns next does not change while rows come and go and pages split.
CREATE TEMP TABLE expected AS SELECT row_number() OVER (ORDER BY cost) AS n, cost FROM (SELECT 1 - event_score(facts, plain()) AS cost FROM happenings) s;
CREATE TEMP TABLE fetched (n serial, id int, cost float8);
CREATE FUNCTION fetch_some(c refcursor, wanted int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    id   int;
    cost float8;
BEGIN
    FOR i IN 1 .. wanted LOOP
        FETCH c INTO id, cost;
        IF NOT FOUND THEN
            RETURN i - 1;
        END IF;
        INSERT INTO fetched (id, cost) VALUES (id, cost);
    END LOOP;
    RETURN wanted;
END $$;
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
DECLARE c CURSOR FOR SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain();
SELECT fetch_some('c', 10);
INSERT INTO happenings (id, facts) SELECT 10000 + i, event_facts(48 + i / 1e5, 11 + i / 1e5, 10, 3000, '2026-12-24 12:00+00') FROM generate_series(1, 2000) i;
SELECT fetch_some('c', 10);
DELETE FROM happenings WHERE id <= 3000 AND id % 2 = 0;
UPDATE happenings SET facts = event_facts(48, 11, 0, 1e6, '2026-12-24 12:00+00') WHERE id <= 3000 AND id % 3 = 0;
SELECT fetch_some('c', 100000);
SELECT fetch_some('c', 1);
CLOSE c;
SELECT count(*), count(DISTINCT id), count(*) FILTER (WHERE f.cost IS DISTINCT FROM e.cost) AS wrong FROM fetched f FULL JOIN expected e USING (n);
ROLLBACK;

-- Forward only, unless the cursor is a scrolling one.
CREATE FUNCTION go_back(c refcursor) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    MOVE BACKWARD 1 FROM c;
    RETURN 'it went';
EXCEPTION WHEN object_not_in_prerequisite_state THEN
    RETURN SQLERRM;
END $$;
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
DECLARE c CURSOR FOR SELECT facts <=> plain() = e.cost AS as_expected, e.n FROM happenings, LATERAL (SELECT min(n) AS n, cost FROM expected WHERE cost = facts <=> plain() GROUP BY cost) e ORDER BY facts <=> plain();
FETCH 2 FROM c;
MOVE 10 FROM c;
FETCH 2 FROM c;
SELECT go_back('c');
ROLLBACK;
DROP FUNCTION go_back(refcursor);
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
EXPLAIN (COSTS OFF) DECLARE s SCROLL CURSOR FOR SELECT id FROM happenings WHERE facts @@ '{"price": {"scale": 1}, "limits": {"max_price": 0.3}}' ORDER BY facts <=> '{"price": {"scale": 1}}';
DECLARE s SCROLL CURSOR FOR SELECT price, round((facts <=> '{"price": {"scale": 1}}')::numeric, 3) FROM happenings WHERE facts @@ '{"price": {"scale": 1}, "limits": {"max_price": 0.3}}' ORDER BY facts <=> '{"price": {"scale": 1}}', 1;
FETCH ALL FROM s;
FETCH BACKWARD 2 FROM s;
FETCH ABSOLUTE 1 FROM s;
MOVE LAST FROM s;
FETCH RELATIVE -1 FROM s;
COMMIT;
-- Held over the end of its transaction; and a row is changed where the cursor stands.
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
DECLARE h CURSOR WITH HOLD FOR SELECT price FROM happenings WHERE facts @@ '{"price": {"scale": 1}, "limits": {"max_price": 0.3}}' ORDER BY facts <=> '{"price": {"scale": 1}}';
COMMIT;
FETCH 1 FROM h;
CLOSE h;
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
DECLARE c CURSOR FOR SELECT id, facts <=> plain() AS cost FROM happenings ORDER BY facts <=> plain();
MOVE 3 FROM c;
DELETE FROM happenings WHERE CURRENT OF c RETURNING facts <=> plain() = (SELECT cost FROM expected WHERE n = 3) AS the_third;
MOVE 1 FROM c;
UPDATE happenings SET facts = NULL WHERE CURRENT OF c RETURNING id = (SELECT id FROM happenings ORDER BY facts <=> plain() LIMIT 1 OFFSET 2) AS the_fourth;
ROLLBACK;
BEGIN;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
EXPLAIN (COSTS OFF) SELECT id FROM happenings ORDER BY facts <=> '{"price": {"scale": 1}}' LIMIT 1 FOR UPDATE SKIP LOCKED;
SELECT price FROM happenings ORDER BY facts <=> '{"price": {"scale": 1}}' LIMIT 1 FOR UPDATE SKIP LOCKED;
ROLLBACK;

-- Ways to have the index ----------------------------------------------------------------------------------------------

-- Ties, nothing known, one row, no row.
CREATE TABLE alike (id serial, facts eventfacts);
CREATE INDEX ON alike USING :method (facts);
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');
INSERT INTO alike (facts) VALUES (event_facts(48, 11, 0, 50, '2026-12-24 12:00+00'));
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');
INSERT INTO alike (facts) SELECT event_facts(48, 11, 0, 50, '2026-12-24 12:00+00') FROM generate_series(1, 1000);
INSERT INTO alike (facts) SELECT event_facts() FROM generate_series(1, 1000);
INSERT INTO alike (facts) SELECT NULL FROM generate_series(1, 1000);
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain() LIMIT 500');
SELECT * FROM agree('SELECT id, facts <=> picky() FROM alike ORDER BY facts <=> picky() LIMIT 1500');
REINDEX TABLE alike;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');
DELETE FROM alike;
VACUUM alike;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');
INSERT INTO alike (facts) VALUES (NULL), (event_facts(price => 1)), (event_facts());
SELECT id, facts <=> plain() AS cost FROM alike ORDER BY facts <=> plain();
SELECT * FROM agree('SELECT id, facts <=> plain() FROM alike ORDER BY facts <=> plain()');

-- Partial.
DROP INDEX happenings_facts;
CREATE INDEX happenings_cheap ON happenings USING :method (facts) WHERE price < 10;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE price < 10 ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings WHERE price < 11 ORDER BY facts <=> plain()');
DROP INDEX happenings_cheap;

-- On the columns that the table has anyway; on a generated column.
CREATE INDEX happenings_columns ON happenings USING :method (event_facts(lat, lon, price, attendees, starts_at));
SELECT * FROM agree('SELECT id, event_facts(lat, lon, price, attendees, starts_at) <=> plain() FROM happenings ORDER BY event_facts(lat, lon, price, attendees, starts_at) <=> plain()');
SELECT * FROM agree('SELECT id, event_facts(lat, lon, price, attendees, starts_at) <=> plain() FROM happenings
                     WHERE event_facts(lat, lon, price, attendees, starts_at) @@ picky() ORDER BY event_facts(lat, lon, price, attendees, starts_at) <=> plain() LIMIT 10');
DROP INDEX happenings_columns;
CREATE TABLE generated (id int, place point, price float8, facts eventfacts GENERATED ALWAYS AS (event_facts(place, price)) STORED);
CREATE INDEX ON generated USING :method (facts);
INSERT INTO generated SELECT id, CASE WHEN lat IS NOT NULL THEN point(lon, lat) END, price FROM happenings;
UPDATE generated SET price = 100 - price WHERE id % 4 = 0 AND price <= 100;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM generated ORDER BY facts <=> plain()');
DROP TABLE generated;

-- Concurrently; rebuilt; on tables that are unlogged or temporary.
CREATE INDEX CONCURRENTLY happenings_facts ON happenings USING :method (facts) :sparse;
SELECT * FROM agree('SELECT id, facts <=> picky() FROM happenings ORDER BY facts <=> picky()');
REINDEX INDEX CONCURRENTLY happenings_facts;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
DROP INDEX happenings_facts;
CREATE INDEX happenings_facts ON happenings USING :method (facts);
SELECT * FROM agree('SELECT id, facts <=> plain() FROM happenings ORDER BY facts <=> plain()');
CREATE UNLOGGED TABLE passing AS TABLE happenings;
CREATE INDEX ON passing USING :method (facts);
SELECT * FROM agree('SELECT id, facts <=> plain() FROM passing ORDER BY facts <=> plain()');
DROP TABLE passing;
CREATE TEMP TABLE passing AS TABLE happenings;
CREATE INDEX ON passing USING :method (facts);
DELETE FROM passing WHERE id % 3 = 0;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM passing ORDER BY facts <=> plain()');
DROP TABLE passing;

-- Partitions: each is scanned in order, and the orders are merged.
CREATE TABLE parts (id int, month int, facts eventfacts) PARTITION BY LIST (month);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2);
CREATE TABLE parts_3 PARTITION OF parts FOR VALUES IN (3);
CREATE INDEX ON parts USING :method (facts);
INSERT INTO parts SELECT id, 1 + id % 3, facts FROM happenings;
ANALYZE parts;
EXPLAIN (COSTS OFF) SELECT id FROM parts ORDER BY facts <=> event_pref(budget => 10) LIMIT 3;
SELECT * FROM agree('SELECT id, facts <=> plain() FROM parts ORDER BY facts <=> plain()');
SELECT * FROM agree('SELECT id, facts <=> plain() FROM parts WHERE facts @@ picky() AND month > 1 ORDER BY facts <=> plain() LIMIT 10');
SELECT * FROM agree('SELECT u.id * 10000 + e.id, e.cost FROM happy_users u, LATERAL (SELECT id, facts <=> u.likes AS cost FROM parts WHERE facts @@ u.likes ORDER BY facts <=> u.likes LIMIT 2) e');
DROP TABLE parts;
