-- eventfacts: what is known of an event; what is left out is unknown.
SELECT event_facts(51.5072, -0.1276, 12.5, 80, '2026-12-04 19:00+00');
SELECT event_facts() AS nothing, event_facts(price => 0) AS free, event_facts(latitude => 1, longitude => 2, attendees => 3) AS some;
SELECT event_facts(point(-0.1276, 51.5072), 12.5, 80, '2026-12-04 19:00+00')::text =
       event_facts(51.5072, -0.1276, 12.5, 80, '2026-12-04 19:00+00')::text AS point_is_longitude_latitude;
SELECT event_facts(location => NULL::point, price => 3) AS no_place;
SELECT event_facts(51, 0, 12.50::numeric, 80::bigint, '2026-12-04 20:00+01') AS from_other_numbers;

-- Text is JSON; times are UTC; null is unknown too.
SELECT '{"starts_at": "2026-12-04 19:00", "price": 1.50, "longitude": 180, "latitude": -90, "attendees": null}'::eventfacts;
SELECT '{}'::eventfacts AS unknown, '{"price": 0}'::eventfacts AS free;
SELECT '{"price": 3}'::jsonb::eventfacts, event_facts(price => 3)::jsonb, to_jsonb(event_facts(price => 3)) AS nested;
SELECT '{"price": -0.0, "latitude": -0.0, "longitude": -0.0}'::eventfacts AS no_negative_zero;

-- It keeps what it was given, to the bit and the microsecond.
CREATE TABLE eventfacts_random AS
SELECT event_facts(random() * 180 - 90, lon - 180, CASE WHEN random() < 0.7 THEN exp(random() * 20 - 10) END,
                   CASE WHEN random() < 0.7 THEN (random() * 1000)::int END,
                   CASE WHEN random() < 0.7 THEN timestamptz '1970-01-01 00:00+00' + random() * interval '100 years' END) AS f
FROM (SELECT random() * 360 AS lon FROM generate_series(1, 3000)) x;
SELECT count(*) AS n,
       count(*) FILTER (WHERE f::text::eventfacts::text <> f::text) AS text_differs,
       count(*) FILTER (WHERE eventfacts_send(f::text::eventfacts) <> eventfacts_send(f)) AS binary_differs,
       count(*) FILTER (WHERE f::jsonb::eventfacts::text <> f::text) AS json_differs
FROM eventfacts_random;
DROP TABLE eventfacts_random;

-- Compared are the facts as given: equal where their texts are; in one order, whatever it is; and then their hashes are equal too.
CREATE TABLE eventfacts_compared AS
SELECT f.f, row_number() OVER (ORDER BY f) AS place, dense_rank() OVER (ORDER BY f) AS rank
FROM (SELECT event_facts(latitude, longitude => latitude + 1, price => price, attendees => attendees, starts_at => starts_at) AS f
      FROM (VALUES (NULL), (0), (-51.5)) a(latitude), (VALUES (NULL), (0), (-0.0), (12.5)) b(price), (VALUES (NULL), (0), (7)) c(attendees),
           (VALUES (NULL), (timestamptz '2000-01-01 00:00+00'), ('2026-12-04 19:00+00')) d(starts_at)) f;
SELECT count(*) AS pairs, count(*) FILTER (WHERE a.f::text = b.f::text) AS equal,
       count(*) FILTER (WHERE (a.f = b.f) <> (a.f::text = b.f::text)) AS wrong_equal,
       count(*) FILTER (WHERE (a.f <> b.f) <> (a.f::text <> b.f::text)) AS wrong_unequal,
       count(*) FILTER (WHERE (a.f < b.f) <> (a.rank < b.rank)) AS wrong_less,
       count(*) FILTER (WHERE (a.f <= b.f) <> (a.rank <= b.rank)) AS wrong_at_most,
       count(*) FILTER (WHERE (a.f > b.f) <> (a.rank > b.rank)) AS wrong_more,
       count(*) FILTER (WHERE (a.f >= b.f) <> (a.rank >= b.rank)) AS wrong_at_least,
       count(*) FILTER (WHERE a.f = b.f AND (eventfacts_hash(a.f) <> eventfacts_hash(b.f) OR eventfacts_hash_extended(a.f, 7) <> eventfacts_hash_extended(b.f, 7))) AS wrong_hash,
       count(*) FILTER (WHERE a.f <> b.f AND eventfacts_hash(a.f) = eventfacts_hash(b.f)) AS collisions
FROM eventfacts_compared a, eventfacts_compared b;
-- The extended hash with seed 0 has the hash as its lower half, as PostgreSQL asks of it, and depends on the seed.
SELECT count(*) FILTER (WHERE (eventfacts_hash_extended(f, 0) & 4294967295) <> (eventfacts_hash(f)::bigint & 4294967295)) AS wrong_half,
       count(*) FILTER (WHERE eventfacts_hash_extended(f, 1) = eventfacts_hash_extended(f, 0)) AS seedless
FROM eventfacts_compared;
SET enable_sort = off;
SELECT count(*) AS groups, sum(n) AS of FROM (SELECT count(*) AS n FROM eventfacts_compared GROUP BY f) x;
RESET enable_sort;
DROP TABLE eventfacts_compared;

-- Fixed size; as a generated column and as an index expression it is immutable.
SELECT pg_column_size(event_facts()) AS bytes;
CREATE TABLE eventfacts_generated (lat float8, lon float8, price numeric, starts timestamptz,
    facts eventfacts GENERATED ALWAYS AS (event_facts(lat, lon, price, NULL, starts)) STORED);
INSERT INTO eventfacts_generated VALUES (1, 2, 3.5, '2026-12-04 19:00+00'), (NULL, NULL, NULL, NULL);
SELECT facts FROM eventfacts_generated;
DROP TABLE eventfacts_generated;
