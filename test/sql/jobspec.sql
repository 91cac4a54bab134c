-- jobspec: text, JSON, settings.

-- Defaults: need 1, weight 1, credit 1, no from. Output is sorted by name.
SELECT 'python:4*3!, tensorflow|pytorch~0.7:3*2, sql:2'::jobspec;
SELECT 'python, go!, sql*2, rust*0.5!, c|c++|zig~0.25:2..4*3!'::jobspec;
SELECT ''::jobspec AS empty, 'sql:2..4, r:.5..1.5'::jobspec AS from_to, ' A  b | "C, d" ~ 0.5 : 1 .. 2 * 3 ! , x '::jobspec AS spaced;
SELECT 'a:1*0!, b'::jobspec AS must_without_weight;

-- Settings: a threshold and a clock.
SELECT at_least('sql:2', 0.5) AS threshold, as_of('sql:2', '2026-05-01 12:00+02') AS clock,
       as_of(at_least('sql:2', 0.5), '2026-05-01 00:00+00') AS both_settings, at_least(at_least('sql:2', 0.5), 0) AS removed;
SELECT '@as_of 2026-05-01, sql:2, @at_least 0.25'::jobspec, '@at_least 1'::jobspec AS alone;
SELECT 'a, @at_least 0.3'::jobspec::text::jobspec::text AS round_trip;

-- JSON.
SELECT 'python:4*3!, tensorflow|pytorch~0.7:1..3*2, @at_least 0.5, @as_of 2026-05-01'::jobspec::jsonb;
SELECT '{"items": [{"skill": "Python", "need": 4, "weight": 3, "must": true},
                   {"skill": "tensorflow", "alternatives": {"pytorch": 0.7, "jax": 1}, "from": 1, "need": 3}],
         "as_of": "2026-05-01T00:00:00Z"}'::jsonb::jobspec;
SELECT '{}'::jsonb::jobspec AS empty, to_jsonb(jobspec 'a') AS nested;

-- From arrays, and back to rows.
SELECT jobspec(ARRAY['sql', 'Go'], ARRAY[2, 3]) AS needs, jobspec(ARRAY['sql', 'go'], ARRAY[2, 3], ARRAY[1, 0.5], ARRAY[true, false]) AS all_given,
       jobspec(ARRAY['sql', 'go'], NULL, musts => ARRAY[true, true]) AS defaults, jobspec(NULL, ARRAY[1]) IS NULL AS null_in;
SELECT * FROM jobspec_each('python:4*3!, tensorflow|pytorch~0.7|jax:1..3*2');

-- Round trips over 2,000 random values with every feature.
CREATE TABLE jobspec_random AS
SELECT g, ('{"items": ' || json_agg(json_build_object(
             'skill', name, 'need', need, 'from', CASE WHEN random() < 0.3 THEN need / 2 ELSE 0 END,
             'weight', (random() * 5)::float4, 'must', random() < 0.2,
             'alternatives', CASE WHEN random() < 0.4 THEN json_build_object('alt, ' || i, random() * 0.9 + 0.05, 'Ä' || i, 1) ELSE '{}' END))
        || CASE WHEN random() < 0.3 THEN ', "at_least": ' || round(random()::numeric, 3) ELSE '' END
        || CASE WHEN random() < 0.3 THEN ', "as_of": "2026-05-01T10:00:00.5Z"' ELSE '' END || '}')::jsonb::jobspec AS j
FROM (SELECT g, i, 'skill ' || i || (ARRAY['', '!', '..', '"'])[1 + (random() * 3)::int] AS name, (random() * 7 + 0.01)::float4 AS need
      FROM generate_series(1, 2000) g, generate_series(1, 10) i WHERE random() < 0.6) x
GROUP BY g;
SELECT count(*) > 1900 AS enough,
       count(*) FILTER (WHERE j::text::jobspec::text <> j::text) AS text_differs,
       count(*) FILTER (WHERE jobspec_send(j::text::jobspec) <> jobspec_send(j)) AS binary_differs,
       count(*) FILTER (WHERE j::jsonb::jobspec::text <> j::text) AS json_differs
FROM jobspec_random;
DROP TABLE jobspec_random;

-- Sizes around the boundaries of varlena headers (of a byte, for up to 126 bytes of content) and of TOAST (a row of more than 2032 bytes, 32 of
-- which are not the value's), in columns of every kind of storage: what is read is what was made, and its text makes it again.
CREATE FUNCTION jobspec_of(bytes int) RETURNS jobspec LANGUAGE sql IMMUTABLE AS $$
    SELECT jobspec(names, ARRAY(SELECT 1 + i % 5 FROM generate_series(1, cardinality(names)) i))
    FROM (SELECT ARRAY(SELECT rpad(i::text, (bytes - 32) / greatest(n, 1) - 32 + (i <= (bytes - 32) % greatest(n, 1))::int, 'x') FROM generate_series(1, n) i) AS names
          FROM (SELECT (bytes - 32 + 231) / 232 AS n) c) s
$$;
CREATE TABLE jobspec_extended (bytes int, s jobspec);
CREATE TABLE jobspec_external (LIKE jobspec_extended);
CREATE TABLE jobspec_main (LIKE jobspec_extended);
CREATE TABLE jobspec_plain (LIKE jobspec_extended);
ALTER TABLE jobspec_external ALTER s SET STORAGE external;
ALTER TABLE jobspec_main ALTER s SET STORAGE main;
ALTER TABLE jobspec_plain ALTER s SET STORAGE plain;
SELECT format('INSERT INTO jobspec_%s SELECT bytes, jobspec_of(bytes) FROM unnest(ARRAY[32, 65, 128, 129, 130, 131, 132, 1999, 2000, 2001, 2002, 8000, 40000, 1000000]) bytes WHERE bytes <= %s', storage, largest)
FROM (VALUES ('extended', 1000000), ('external', 1000000), ('main', 1000000), ('plain', 8000)) v (storage, largest) \gexec
-- How a value is stored is told by what it takes there: its header can be 3 bytes shorter, and is not counted of what is elsewhere.
SELECT bytes, string_agg(storage || ': ' || CASE WHEN pg_column_compression(s) IS NULL THEN CASE bytes - pg_column_size(s) WHEN 0 THEN 'as it is' WHEN 3 THEN 'short' WHEN 4 THEN 'elsewhere' ELSE 'in another size' END
                                                 WHEN pg_column_size(s) > 2000 THEN 'compressed elsewhere' ELSE 'compressed' END, ', ' ORDER BY storage) AS stored,
       bool_and(jobspec_send(s) = jobspec_send(jobspec_of(bytes)) AND jobspec_send(s::text::jobspec) = jobspec_send(s)) AS same,
       min((SELECT count(*) FROM jobspec_each(s))) AS items, count(DISTINCT s <=> '1:5, 1xx:2, none'::skillset) AS costs
FROM (SELECT 'extended' AS storage, * FROM jobspec_extended UNION ALL SELECT 'external', * FROM jobspec_external
      UNION ALL SELECT 'main', * FROM jobspec_main UNION ALL SELECT 'plain', * FROM jobspec_plain) sizes GROUP BY bytes ORDER BY bytes;
DROP TABLE jobspec_extended, jobspec_external, jobspec_main, jobspec_plain;
DROP FUNCTION jobspec_of;
