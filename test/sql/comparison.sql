-- The four types compared with themselves: equality, order and hashes, and what PostgreSQL does with them.

-- Values as text, many of them one value written in several ways.
CREATE TABLE compared (type text, value text);
INSERT INTO compared
SELECT 'skillset', concat_ws(', ', a || b, c)
FROM (VALUES ('python'), ('PYTHON'), ('sql')) a(a), (VALUES (''), (':1'), (':1.0'), (':2'), (':2@2026-05-01'), (':2@2026-05-01T00:00Z/30'), (':2@2026-05-01/31'), (':2@2026-05-02/30')) b(b),
     (VALUES (NULL), ('"a b"'), ('A   B:1'), ('c++')) c(c)
UNION ALL
SELECT 'jobspec', concat_ws(', ', a || b || c, d, e)
FROM (VALUES ('a'), ('A|b|c'), ('a|C|b'), ('a|b~0.5'), ('a|b~0.25'), ('b|a')) a(a), (VALUES (''), (':1'), (':2'), (':1..2'), (':0..2')) b(b), (VALUES (''), ('*0'), ('*1'), ('*0.5!'), ('!')) c(c),
     (VALUES (NULL), ('d:3')) d(d), (VALUES (NULL), ('@at_least 0'), ('@at_least 0.5'), ('@as_of 2026-05-01'), ('@as_of 2026-05-01T02:00+02')) e(e)
UNION ALL
SELECT 'eventfacts', json_strip_nulls(json_build_object('latitude', a, 'longitude', a, 'price', b, 'attendees', c, 'starts_at', d))::text
FROM (VALUES (NULL), (0), (-51.5)) a(a), (VALUES (NULL), (0), (12.5)) b(b), (VALUES (NULL), (0), (7)) c(c), (VALUES (NULL), ('2000-01-01'), ('2000-01-01T01:00+01'), ('2026-12-04T19:00Z')) d(d)
UNION ALL
SELECT 'eventpref', format('{"price": {"scale": 20%s%s}%s%s}', a, b, c, d)
FROM (VALUES (''), (', "weight": 1'), (', "weight": 0.5'), (', "origin": -0.0'), (', "decay": 0.25'), (', "curve": "exp"'), (', "side": "both"')) a(a),
     (VALUES (''), (', "missing": "worst"'), (', "missing": 0'), (', "missing": "skip"'), (', "missing": 0.5')) b(b),
     (VALUES (''), (', "combine": "sum"'), (', "combine": "min"'), (', "start": {"origin": "2026-12-04", "scale": 60}'), (', "start": {"origin": "2026-12-04T00:00Z", "scale": "61 seconds"}')) c(c),
     (VALUES (''), (', "limits": {}'), (', "limits": {"max_price": 60.0}'), (', "limits": {"max_price": 60, "before": "2027-01-01"}'), (', "limits": {"before": "2027-01-01T00:00Z", "max_price": 6e1}')) d(d);

-- Equal are those of equal text, whose hashes are equal too; the others come before or after, all in one order.  As PostgreSQL asks of it,
-- the extended hash with seed 0 has the hash as its lower half, and depends on the seed.
CREATE FUNCTION compare(type text, OUT pairs bigint, OUT equal bigint, OUT wrong_equal bigint, OUT wrong_unequal bigint, OUT wrong_less bigint, OUT wrong_at_most bigint,
                        OUT wrong_more bigint, OUT wrong_at_least bigint, OUT wrong_cmp bigint, OUT wrong_hash bigint, OUT wrong_half bigint, OUT seedless bigint) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE compared_%1$s AS SELECT row_number() OVER () AS id, value::%1$I AS v FROM compared WHERE type = %1$L', type);
    EXECUTE format($query$
        WITH ranked AS MATERIALIZED (SELECT v, v::text AS t, dense_rank() OVER (ORDER BY v) AS rank, %1$s_hash(v) AS hash, %1$s_hash_extended(v, 7) AS extended FROM compared_%1$s)
        SELECT count(*), count(*) FILTER (WHERE a.t = b.t), count(*) FILTER (WHERE (a.v = b.v) <> (a.t = b.t)), count(*) FILTER (WHERE (a.v <> b.v) <> (a.t <> b.t)),
               count(*) FILTER (WHERE (a.v < b.v) <> (a.rank < b.rank)), count(*) FILTER (WHERE (a.v <= b.v) <> (a.rank <= b.rank)),
               count(*) FILTER (WHERE (a.v > b.v) <> (a.rank > b.rank)), count(*) FILTER (WHERE (a.v >= b.v) <> (a.rank >= b.rank)),
               count(*) FILTER (WHERE sign(%1$s_cmp(a.v, b.v)) <> sign(a.rank - b.rank)),
               count(*) FILTER (WHERE a.t = b.t AND (a.hash <> b.hash OR a.extended <> b.extended)),
               (SELECT count(*) FROM ranked WHERE (%1$s_hash_extended(v, 0) & 4294967295) <> (hash::bigint & 4294967295)),
               (SELECT count(*) FROM ranked WHERE %1$s_hash_extended(v, 0) = extended)
        FROM ranked a, ranked b$query$, type)
    INTO pairs, equal, wrong_equal, wrong_unequal, wrong_less, wrong_at_most, wrong_more, wrong_at_least, wrong_cmp, wrong_hash, wrong_half, seedless;
END $$;
SELECT * FROM (VALUES ('skillset'), ('jobspec'), ('eventfacts'), ('eventpref')) v(type), compare(type);

-- Groups, sets, joins, indexes: each as many as there are texts.
CREATE FUNCTION count_by(query text, VARIADIC switched_off text[] DEFAULT '{}') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    counted bigint;
BEGIN
    PERFORM set_config('enable_' || s, CASE WHEN s = ANY (switched_off) THEN 'off' ELSE 'on' END, true)
    FROM unnest('{hashagg, sort, nestloop, mergejoin, hashjoin, seqscan, bitmapscan}'::text[]) s;
    EXECUTE query INTO counted;
    RETURN counted;
END $$;
CREATE FUNCTION group_all(type text, OUT texts bigint, OUT distinct_values bigint, OUT sorted_groups bigint, OUT hashed_groups bigint, OUT united bigint, OUT common bigint, OUT partitions bigint) LANGUAGE plpgsql AS $$
BEGIN
    texts := count_by(format('SELECT count(DISTINCT v::text) FROM compared_%s', type));
    distinct_values := count_by(format('SELECT count(DISTINCT v) FROM compared_%s', type));
    sorted_groups := count_by(format('SELECT count(*) FROM (SELECT FROM compared_%s GROUP BY v) g', type), 'hashagg');
    hashed_groups := count_by(format('SELECT count(*) FROM (SELECT FROM compared_%s GROUP BY v) g', type), 'sort');
    united := count_by(format('SELECT count(*) FROM (SELECT v FROM compared_%1$s WHERE id %% 2 = 0 UNION SELECT v FROM compared_%1$s WHERE id %% 2 = 1) u', type));
    common := count_by(format('SELECT count(*) FROM (SELECT v FROM compared_%1$s INTERSECT SELECT v FROM compared_%1$s) u', type));
    EXECUTE format('CREATE TABLE parted_%1$s (v %1$I) PARTITION BY HASH (v)', type);
    FOR i IN 0 .. 2 LOOP
        EXECUTE format('CREATE TABLE parted_%1$s_%2$s PARTITION OF parted_%1$s FOR VALUES WITH (MODULUS 3, REMAINDER %2$s)', type, i);
    END LOOP;
    EXECUTE format('INSERT INTO parted_%1$s SELECT v FROM compared_%1$s', type);
    partitions := count_by(format('SELECT count(*) FROM (SELECT DISTINCT tableoid, v FROM parted_%s) p', type));
    EXECUTE format('DROP TABLE parted_%s', type);
END $$;
SELECT * FROM (VALUES ('skillset'), ('jobspec'), ('eventfacts'), ('eventpref')) v(type), group_all(type);

CREATE FUNCTION join_all(type text, OUT by_text bigint, OUT hash_join bigint, OUT merge_join bigint, OUT btree bigint, OUT hash bigint, OUT kept bigint, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
DECLARE
    joined text := format('SELECT count(*) FROM compared_%1$s a JOIN compared_%1$s b ON a.v = b.v', type);
BEGIN
    by_text := count_by(format('SELECT count(*) FROM compared_%1$s a JOIN compared_%1$s b ON a.v::text = b.v::text', type));
    hash_join := count_by(joined, 'nestloop', 'mergejoin');
    merge_join := count_by(joined, 'nestloop', 'hashjoin');
    EXECUTE format('CREATE INDEX ON compared_%1$s (v)', type);
    btree := count_by(joined, 'mergejoin', 'hashjoin', 'seqscan', 'bitmapscan');
    EXECUTE format('DROP INDEX compared_%1$s_v_idx; CREATE INDEX ON compared_%1$s USING hash (v)', type);
    hash := count_by(joined, 'mergejoin', 'hashjoin', 'seqscan', 'bitmapscan');
    EXECUTE format('CREATE TABLE unique_%1$s (v %1$I UNIQUE); INSERT INTO unique_%1$s SELECT v FROM compared_%1$s ON CONFLICT (v) DO NOTHING', type);
    kept := count_by(format('SELECT count(*) FROM unique_%s', type));
    BEGIN
        EXECUTE format('INSERT INTO unique_%1$s SELECT v FROM compared_%1$s', type);
    EXCEPTION WHEN unique_violation THEN
        state := SQLSTATE;
        message := SQLERRM;
    END;
END $$;
SELECT * FROM (VALUES ('skillset'), ('jobspec'), ('eventfacts'), ('eventpref')) v(type), join_all(type);
-- The joins are what they were meant to be.
SET enable_nestloop = off;
SET enable_mergejoin = off;
EXPLAIN (COSTS OFF) SELECT FROM compared_jobspec a JOIN compared_jobspec b ON a.v = b.v;
RESET enable_mergejoin;
SET enable_hashjoin = off;
EXPLAIN (COSTS OFF) SELECT FROM compared_eventpref a JOIN compared_eventpref b ON a.v = b.v;
RESET enable_hashjoin;
RESET enable_nestloop;
-- So are the lookups in an index.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT FROM compared_jobspec WHERE v = 'd:3';
EXPLAIN (COSTS OFF) SELECT v FROM unique_eventpref ORDER BY v LIMIT 1;
EXPLAIN (COSTS OFF) SELECT FROM unique_eventpref WHERE v = '{"price": {"scale": 20}}';
RESET ALL;

-- One value has one stored form, whichever way it was made.
SELECT jobspec(ARRAY['A', 'b'], ARRAY[1, 2], ARRAY[float8 '-0', 1]) = 'b:2, a*0' AS array, '{"items": [{"skill": "b", "need": 2, "from": -0.0, "must": false}, {"skill": "a", "weight": -0}]}'::jsonb::jobspec = 'b:2, a*0' AS json,
       at_least('a', '-0') = 'a' AS no_threshold, at_least(at_least('a', 0.5), 0) = 'a' AS taken_back, as_of('a', '2026-05-01 02:00+02') = 'a, @as_of 2026-05-01' AS clock,
       jobspec_agg('a:2!') = 'a:2!' AS aggregate, jobspec 'a:1..4, b' - skillset 'a:1' = 'b, a:1..4' AS gap;
SELECT event_pref(latitude => '-0', longitude => '-0', within_km => 5) = '{"location": {"latitude": 0, "longitude": 0, "scale": 5}}' AS place,
       event_pref(budget => '-0', missing => 'worst') = event_pref(budget => 0) AS price, event_pref(budget => 5, missing => '0', max_price => '-0') = event_pref(budget => 5, max_price => 0) AS price_limit,
       event_pref(starts => '2000-01-01 00:00+00', around => '90 minutes') = '{"start": {"origin": "2000-01-01T01:00+01", "scale": 5400}}' AS start,
       '{"price": {"scale": 20}}'::jsonb::eventpref = '{"price":{"curve":"linear","scale":2e1}}' AS json;
-- Times far from 2000 are those of their text, although a float8 of seconds is then coarser than a microsecond.
SELECT count(*), count(*) FILTER (WHERE p <> p::text::eventpref) AS text_differs, count(*) FILTER (WHERE p <> p::jsonb::eventpref) AS json_differs, count(DISTINCT p) AS distinct_values
FROM (SELECT event_pref(starts => timestamptz '2000-01-01 00:00+00' + make_interval(secs => n * 460000000.1234567), before => timestamptz '2000-01-01 00:00+00' - make_interval(secs => n * 10000000.7654321)) AS p
      FROM generate_series(1, 20000) n) p;
-- Values out of line are compared by what they hold; in a btree there is no room for them.
CREATE TABLE compared_large AS
SELECT g AS id, (SELECT jobspec(array_agg(md5(i::text)), array_agg(1 + i % 5 + g / 3)) FROM generate_series(1, 3000) i) AS job FROM generate_series(1, 3) g;
SELECT a.id, b.id, a.job = b.job AS equal, a.job = b.job::text::jobspec AS equal_to_text, jobspec_hash(a.job) = jobspec_hash(b.job) AS equal_hash FROM compared_large a, compared_large b WHERE a.id <= b.id ORDER BY 1, 2;
SELECT count(DISTINCT job) FROM compared_large;
CREATE INDEX ON compared_large USING hash (job);
\set VERBOSITY sqlstate
CREATE INDEX ON compared_large (job);
\set VERBOSITY default

-- ANALYZE keeps values, by which conditions are estimated.
ANALYZE compared_jobspec, compared_eventpref;
SELECT tablename, n_distinct < 0 AS counted, most_common_vals IS NOT NULL OR histogram_bounds IS NOT NULL AS kept FROM pg_stats WHERE tablename IN ('compared_jobspec', 'compared_eventpref') AND attname = 'v' ORDER BY 1;
SELECT NULL::jobspec = 'a' IS NULL AS null_job, NULL::eventpref <> event_pref(budget => 1) IS NULL AS null_preference;
DROP TABLE compared, compared_skillset, compared_jobspec, compared_eventfacts, compared_eventpref, compared_large, unique_skillset, unique_jobspec, unique_eventfacts, unique_eventpref;
DROP FUNCTION compare(text), count_by(text, text[]), group_all(text), join_all(text);
