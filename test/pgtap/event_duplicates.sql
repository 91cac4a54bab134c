-- event_duplicates() against every pair, compared in SQL; and many events in a short time.
--
--     psql -X -q -f test/pgtap/event_duplicates.sql [-v seed=0.3] [-v amount=1200] [-v many=100000] [-v stress=1]

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.3 \endif
\if :{?amount}
\elif :stress
    \set amount 6000
\else
    \set amount 1200
\endif
\if :{?many} \else \set many 100000 \endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
SET LOCAL TimeZone = 'UTC';
SET LOCAL jit = off;
\ir ../oracle/check.sql

SELECT plan(12);
SELECT diag(format('seed %s, amount %s, many %s', :seed, :amount, :many));
SELECT setseed(:seed) AS ignored \gset

-- Titles of a few words, so that many are alike; hours and places close together, some of them not known; edges of the map.
CREATE TEMP TABLE words AS SELECT * FROM unnest('{jazz,night,open,data,meetup,fest,live,at,the,blue,note,dança,夜}'::text[]) WITH ORDINALITY w (word, n);
CREATE FUNCTION pg_temp.title() RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT string_agg(word, ' ') FROM (SELECT word FROM words ORDER BY random() LIMIT 2 + floor(random() * 3)) s $$;
CREATE TEMP TABLE events AS
SELECT id, CASE WHEN random() < 0.05 THEN NULL ELSE 'site ' || floor(random() * 4) END AS source,
       CASE WHEN random() < 0.03 THEN NULL ELSE pg_temp.title() END AS title,
       CASE WHEN random() < 0.03 THEN NULL WHEN random() < 0.01 THEN 'infinity' ELSE timestamptz '2026-05-01 00:00+00' + floor(random() * 150) * interval '10 minutes' END AS starts_at,
       random() < 0.15 AS date_only, p.latitude, CASE WHEN p.latitude IS NOT NULL THEN p.longitude END AS longitude
FROM generate_series(1, :amount) id,
     LATERAL (SELECT id AS i, floor(random() * 5) AS zone) z,
     LATERAL (SELECT id AS j, CASE zone WHEN 0 THEN NULL WHEN 1 THEN 89.99 + random() * 0.01 WHEN 2 THEN random() * 0.02 - 0.01 ELSE 40 + random() * 0.05 END AS latitude,
                     CASE zone WHEN 1 THEN random() * 360 - 180 WHEN 2 THEN CASE WHEN random() < 0.5 THEN 180 - random() * 0.01 ELSE random() * 0.01 - 180 END ELSE -3.7 + random() * 0.05 END AS longitude) p;
UPDATE events SET starts_at = date_trunc('day', starts_at) WHERE date_only;

-- By the haversine formula; unknown if anything is.
CREATE FUNCTION pg_temp.distance(float8, float8, float8, float8) RETURNS float8 LANGUAGE sql STRICT AS
$$ SELECT 2 * 6371.0088 * asin(sqrt(least(1, sind(($3 - $1) / 2) ^ 2 + cosd($1) * cosd($3) * sind(($4 - $2) / 2) ^ 2))) $$;

-- Every pair, by the definition.
CREATE FUNCTION pg_temp.every_pair(within interval, within_km float8, likeness real, likeness_alone real) RETURNS TABLE (a int, b int, km float8, alike real) LANGUAGE sql AS $$
    SELECT * FROM (
        SELECT x.id, y.id,
               pg_temp.distance(x.latitude, x.longitude, y.latitude, y.longitude),
               public.similarity(x.title, y.title)
        FROM events x JOIN events y ON x.id < y.id
        WHERE x.source = y.source IS NOT TRUE AND isfinite(x.starts_at) AND isfinite(y.starts_at)
          AND y.starts_at >= x.starts_at - within - CASE WHEN y.date_only AND NOT x.date_only THEN interval '24 hours' ELSE '0' END
          AND y.starts_at <= x.starts_at + within + CASE WHEN x.date_only AND NOT y.date_only THEN interval '24 hours' ELSE '0' END) p (a, b, km, alike)
    WHERE CASE WHEN km IS NULL THEN alike >= likeness_alone ELSE km <= within_km AND alike >= likeness END $$;

CREATE TEMP TABLE asked (n int, within interval, within_km float8, likeness real, likeness_alone real);
INSERT INTO asked VALUES (1, '30 minutes', 0.5, 0.5, 0.8), (2, '0', 3, 0.3, 0.3), (3, '2 days', 0.05, 0.7, 1), (4, '3 hours', 20000, 0.9, 0.9), (5, '10 minutes', 0, 0, 0.5);
CREATE TEMP TABLE found AS SELECT n, d.* FROM asked, event_duplicates('TABLE events', within, within_km, likeness, likeness_alone) d;
CREATE TEMP TABLE wanted AS SELECT n, d.* FROM asked, pg_temp.every_pair(within, within_km, likeness, likeness_alone) d;
SELECT is((SELECT count(*) FROM found), (SELECT count(DISTINCT (n, a, b)) FROM found), 'no pair comes twice');
SELECT oracle.holds('the pairs are those of all pairs that are near and alike, and their figures are right',
    $$SELECT f.a IS NOT NULL AND w.a IS NOT NULL AND (f.km IS NULL) = (w.km IS NULL) AND coalesce(abs(f.km - w.km) < 1e-6 * greatest(1, w.km), true)
             AND f.title_similarity = w.alike AND f.apart = (SELECT greatest(x.starts_at - y.starts_at, y.starts_at - x.starts_at) FROM events x, events y WHERE (x.id, y.id) = (a, b)), format('%s: found %s, wanted %s', n, f, w)
      FROM found f FULL JOIN wanted w USING (n, a, b)$$);
SELECT oracle.exercised('question ' || n, (SELECT count(*) FROM wanted w WHERE w.n = asked.n), 0) FROM asked WHERE n <= 4;
SELECT oracle.exercised('pairs across the antimeridian', (SELECT count(*) FROM wanted, events x, events y WHERE (x.id, y.id) = (a, b) AND x.longitude * y.longitude < -30000 AND x.latitude < 1), 3);
SELECT oracle.exercised('pairs of which a place is not known', (SELECT count(*) FROM wanted WHERE km IS NULL), 100);

-- Groups ---------------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE grouped AS SELECT * FROM event_groups('TABLE events');
SELECT oracle.holds('every event is in one group, named by its least id', 'SELECT count(g.id) = 1 AND min(g.group_id) <= e.id, e.id::text FROM events e LEFT JOIN grouped g USING (id) GROUP BY e.id');
SELECT oracle.holds('no group has two events of one source, or two that are too far apart in time or place',
    $$SELECT (x.source = y.source) IS NOT TRUE AND abs(extract(epoch FROM x.starts_at - y.starts_at)) <= 1800 + 86400 * (x.date_only <> y.date_only)::int
             AND coalesce(pg_temp.distance(x.latitude, x.longitude, y.latitude, y.longitude) <= 0.5 + 1e-9, true),
             format('%s and %s', x.id, y.id)
      FROM grouped g JOIN grouped h ON g.group_id = h.group_id AND g.id < h.id JOIN events x ON x.id = g.id JOIN events y ON y.id = h.id$$);

-- Many: 90% in one city over two months, each tenth of them again on another site --------------------------------------

CREATE TEMP TABLE many AS
SELECT g AS id, 'site ' || g % 4 AS source, (SELECT string_agg(substr(md5((g * k)::text), 1, 5), ' ') FROM generate_series(1, 4) k) AS title,
       timestamptz '2026-12-01 10:00+00' + floor(random() * 60) * interval '1 day' + floor(random() * 52) * interval '15 minutes' AS starts_at, false AS date_only,
       40.42 + random() * 0.4 AS latitude, -3.7 + random() * 0.5 AS longitude
FROM generate_series(1, :many * 9 / 10) g;
INSERT INTO many SELECT -id, 'other', title || ' tickets', starts_at + interval '5 minutes', false, latitude + 0.0005, longitude FROM many WHERE id <= :many / 10;
SELECT clock_timestamp() AS began \gset
SELECT count(*) AS pairs FROM event_duplicates('TABLE many') WHERE a = -b \gset
SELECT extract(epoch FROM clock_timestamp() - :'began') AS seconds \gset
SELECT is(:pairs, :many / 10, format('of %s events those that are there twice are found', :many));
SELECT cmp_ok(:seconds::numeric, '<', 20.0, format('in %s s', round(:seconds, 1)));

SELECT * FROM finish();
ROLLBACK;
