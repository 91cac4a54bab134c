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

-- Sizes around the boundaries of varlena headers (of a byte, for up to 126 bytes of content) and of TOAST (a row of more than 2032 bytes, 32 of
-- which are not the value's), in columns of every kind of storage: what is read is what was made, and its text makes it again.
CREATE FUNCTION skillset_of(bytes int) RETURNS skillset LANGUAGE sql IMMUTABLE AS $$
    SELECT skillset(names, ARRAY(SELECT 1 + i % 5 FROM generate_series(1, cardinality(names)) i))
    FROM (SELECT ARRAY(SELECT rpad(i::text, (bytes - 16) / greatest(n, 1) - 12 + (i <= (bytes - 16) % greatest(n, 1))::int, 'x') FROM generate_series(1, n) i) AS names
          FROM (SELECT (bytes - 16 + 211) / 212 AS n) c) s
$$;
CREATE TABLE skillset_extended (bytes int, s skillset);
CREATE TABLE skillset_external (LIKE skillset_extended);
CREATE TABLE skillset_main (LIKE skillset_extended);
CREATE TABLE skillset_plain (LIKE skillset_extended);
ALTER TABLE skillset_external ALTER s SET STORAGE external;
ALTER TABLE skillset_main ALTER s SET STORAGE main;
ALTER TABLE skillset_plain ALTER s SET STORAGE plain;
SELECT format('INSERT INTO skillset_%s SELECT bytes, skillset_of(bytes) FROM unnest(ARRAY[16, 29, 128, 129, 130, 131, 132, 1999, 2000, 2001, 2002, 8000, 40000, 1000000]) bytes WHERE bytes <= %s', storage, largest)
FROM (VALUES ('extended', 1000000), ('external', 1000000), ('main', 1000000), ('plain', 8000)) v (storage, largest) \gexec
-- How a value is stored is told by what it takes there: its header can be 3 bytes shorter, and is not counted of what is elsewhere.
SELECT bytes, string_agg(storage || ': ' || CASE WHEN pg_column_compression(s) IS NULL THEN CASE bytes - pg_column_size(s) WHEN 0 THEN 'as it is' WHEN 3 THEN 'short' WHEN 4 THEN 'elsewhere' ELSE 'in another size' END
                                                 WHEN pg_column_size(s) > 2000 THEN 'compressed elsewhere' ELSE 'compressed' END, ', ' ORDER BY storage) AS stored,
       bool_and(s = skillset_of(bytes) AND skillset_send(s) = skillset_send(skillset_of(bytes)) AND s::text::skillset = s AND s @> skillset_of(bytes)) AS same,
       min(skill_count(s)) AS skills, count(DISTINCT s <=> '1:5, 1xx:2, none'::jobspec) AS costs
FROM (SELECT 'extended' AS storage, * FROM skillset_extended UNION ALL SELECT 'external', * FROM skillset_external
      UNION ALL SELECT 'main', * FROM skillset_main UNION ALL SELECT 'plain', * FROM skillset_plain) sizes GROUP BY bytes ORDER BY bytes;
DROP TABLE skillset_extended, skillset_external, skillset_main, skillset_plain;
DROP FUNCTION skillset_of;
SELECT length((repeat('x', 255) || ':1')::skillset::text) AS longest_name;
