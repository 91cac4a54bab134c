-- skillset: text, JSON, and what is folded.

-- Output is canonical: sorted by name, the level always there, numbers shortest.
SELECT 'python:4, machine learning:2.5, "odd, name":1'::skillset;
SELECT 'sql, c++:3.10, .net:2, ci/cd:1e1, c#:0.5'::skillset;
SELECT ''::skillset AS empty, '  '::skillset AS blank, skill_count('') AS skills;

-- Case and white space are folded, also within quotes; a quoted name keeps its outer spaces.
SELECT E'  Machine \t\n LEARNING : 2 , "Node.JS":3'::skillset;
SELECT '" a ":1, a:2, "say ""hi""":3, "a..b":4'::skillset;
SELECT 'écrire:1, straße:2, 日本語:3'::skillset::text = 'straße:2, écrire:1, 日本語:3' AS kept;

-- When last practised, and the stability in days. Without a zone it is UTC, whatever the session says.
SET timezone = 'America/Los_Angeles';
SET datestyle = 'SQL, DMY';
SELECT 'python:4@2026-05-01/30, go@2026-05-01T10:30:00.250+02:00, sql:2@0099-12-31 23:59:59Z/0.5'::skillset;
SELECT * FROM skills_each('python:4@2026-05-01/30, go@2026-05-01, sql:2');
RESET timezone;
RESET datestyle;

-- JSON, both ways; to_jsonb() and row_to_json() nest it.
SELECT 'python:4, sql:3'::skillset::jsonb AS plain, 'python:4@2026-05-01/30, sql:3@2026-05-01'::skillset::jsonb AS practised;
SELECT '{"Python": 4, "sql": {"level": 3, "last": "2026-05-01T12:00:00+02:00", "stability": 30}, "go": {"level": 1}}'::jsonb::skillset;
SELECT row_to_json(r) FROM (SELECT 1 AS id, 'python:4'::skillset AS skills) r;
SELECT '{}'::jsonb::skillset AS empty;

-- From arrays.
SELECT skillset(ARRAY['sql', 'Python']) AS names, skillset(ARRAY['sql', 'python'], ARRAY[2, 4.5]) AS levels;
SELECT skillset(ARRAY['sql', 'go'], ARRAY[2, 3], ARRAY['2026-05-01 00:00+00', NULL]::timestamptz[], ARRAY[30, NULL]) AS practised;
SELECT skillset('{}'::text[]) AS empty, skillset(NULL::text[]) IS NULL AS null_in;
SELECT skillset('python:4') AS as_a_cast;

-- Levels are float4 and come back as they were.
SELECT 'a:0.1, b:16777216, c:3.4028235e38, d:1e-45, e:0.333333333333'::skillset;

-- Round trips of text, JSON and binary over 2,000 random values.
CREATE TABLE skillset_random AS
SELECT
  skillset_agg(name, level, last, CASE WHEN last IS NOT NULL THEN stability END) AS s
FROM (SELECT g, (ARRAY['c++', 'a, b', ' x', '"', 'ü', 'machine learning', 'a..b', '!', '~*|'])[1 + i % 9] || (random() * 20)::int AS name,
             (random() * 9 + 0.001)::float4::float8 AS level,
             CASE WHEN random() < 0.4 THEN timestamptz '2020-01-01' + random() * interval '2000 days' END AS last,
             CASE WHEN random() < 0.5 THEN (random() * 300 + 0.01) END AS stability
      FROM generate_series(1, 2000) g, generate_series(1, 12) i WHERE random() < 0.7) x
GROUP BY g;
SELECT count(*) > 1900 AS enough,
       count(*) FILTER (WHERE s::text::skillset IS DISTINCT FROM s) AS text_differs,
       count(*) FILTER (WHERE s::text::skillset::text <> s::text) AS text_unstable,
       count(*) FILTER (WHERE s::jsonb::skillset <> s) AS json_differs,
       count(*) FILTER (WHERE skill_count(s) <> (SELECT count(*) FROM skills_each(s))) AS count_differs
FROM skillset_random;
DROP TABLE skillset_random;

-- Sizes around the boundaries of varlena headers, TOAST, and names.
CREATE TABLE skillset_sizes (n int, s skillset);
INSERT INTO skillset_sizes
SELECT n, skillset(array_agg('skill ' || i), array_agg(i::float8))
FROM unnest(ARRAY[1, 2, 3, 4, 5, 6, 60, 80, 100, 1000, 40000]) n, generate_series(1, n) i GROUP BY n;
SELECT n, skill_count(s), s -> ('skill ' || n) AS last_level, s <=> ('skill ' || n || ':' || n)::jobspec AS cost,
       s = s::text::skillset AS same
FROM skillset_sizes ORDER BY n;
SELECT pg_relation_size(reltoastrelid) > 0 AS toasted
FROM skillset_sizes, pg_class WHERE n = 40000 AND oid = 'skillset_sizes'::regclass;
DROP TABLE skillset_sizes;
SELECT length((repeat('x', 255) || ':1')::skillset::text) AS longest_name;
