-- Operators and functions of skillset. Every operator has a named function.
\set mine '''python:4, sql:2, machine learning:3.5'''

SELECT :mine::skillset -> 'python' AS level, :mine::skillset -> 'PYTHON' AS folded, :mine::skillset -> 'go' AS absent,
       skill_level(:mine, 'machine   learning') AS named;
SELECT :mine::skillset ? 'sql' AS has, :mine::skillset ? 'go' AS has_not, has_skill(:mine, 'Sql') AS named;
SELECT :mine::skillset ?| ARRAY['go', 'sql'] AS any_yes, :mine::skillset ?| ARRAY['go', 'rust'] AS any_no,
       has_any_skill(:mine, '{}') AS any_of_none, has_any_skill(:mine, ARRAY[NULL, 'sql']) AS null_is_ignored;
SELECT :mine::skillset ?& ARRAY['python', 'sql'] AS all_yes, :mine::skillset ?& ARRAY['python', 'go'] AS all_no,
       has_all_skills(:mine, '{}') AS all_of_none;

-- @>: every skill, at least at that level.
SELECT :mine::skillset @> 'python:4, sql:1' AS yes, :mine::skillset @> 'python:4.1' AS too_low,
       :mine::skillset @> 'go:1' AS missing, :mine::skillset @> '' AS nothing,
       skillset 'python:1' <@ :mine AS contained, skillset_contains(:mine, 'sql'), skillset_contained('sql:9', :mine);

-- ||: the higher level wins, with the practice that belongs to it; of equal levels what fades least.
SELECT skillset 'a:1, b:2' || 'b:3, c:1' AS higher;
SELECT skillset 'a:3@2026-01-01/10, b:1@2026-01-01/10' || 'a:2, b:1@2026-02-01/10' AS practice,
       skillset 'a:1@2026-01-01/10' || 'a:1' AS not_fading, skillset 'a:1@2026-01-01/10' || 'a:1@2026-01-01/20' AS steadier;
SELECT skillset 'a:1@2026-01-01/10' || 'a:1' = skillset 'a:1' || 'a:1@2026-01-01/10' AS commutes;
SELECT skillset_merge('a', '') AS named, skillset '' || '' AS empty;

SELECT :mine::skillset - 'SQL' AS without, :mine::skillset - 'go' AS absent, skillset_without('a', 'a') AS empty;
SELECT skill_count(:mine), * FROM skills_each(:mine);

-- Equality, sorting, grouping, hashing.
SELECT skillset 'a:1, b:2' = 'B:2.0, A' AS equal, skillset 'a:1' = 'a:2' AS level, skillset 'a' = 'a@2026-01-01' AS practice,
       skillset 'a:1' <> 'b:1' AS name;
CREATE TABLE skillset_rows AS
SELECT skillset(ARRAY['s' || g % 7, 't' || g % 3], ARRAY[1 + g % 2, 1]) AS s FROM generate_series(1, 1000) g;
SELECT count(DISTINCT s) AS distinct_values, count(DISTINCT s::text) AS distinct_texts FROM skillset_rows;
SET enable_hashagg = off;
SELECT count(*) AS sorted_groups FROM (SELECT s FROM skillset_rows GROUP BY s) g;
RESET enable_hashagg;
SET enable_sort = off;
SELECT count(*) AS hashed_groups FROM (SELECT s FROM skillset_rows GROUP BY s) g;
RESET enable_sort;
SELECT count(*) AS unequal_hashes FROM skillset_rows a, skillset_rows b
WHERE a.s = b.s AND (skillset_hash(a.s) <> skillset_hash(b.s) OR skillset_hash_extended(a.s, 7) <> skillset_hash_extended(b.s, 7));
SELECT count(*) AS trichotomy_broken FROM (SELECT DISTINCT s FROM skillset_rows) a, (SELECT DISTINCT s FROM skillset_rows) b
WHERE (a.s < b.s)::int + (a.s = b.s)::int + (a.s > b.s)::int <> 1
   OR (a.s <= b.s) <> (a.s < b.s OR a.s = b.s) OR (a.s >= b.s) <> (NOT a.s < b.s)
   OR sign(skillset_cmp(a.s, b.s)) <> -sign(skillset_cmp(b.s, a.s));
CREATE INDEX skillset_btree ON skillset_rows (s);
CREATE INDEX skillset_hashed ON skillset_rows USING hash (s);
SET enable_seqscan = off;
SELECT count(*) FROM skillset_rows WHERE s = 's1:2, t1:1';
EXPLAIN (COSTS OFF) SELECT s FROM skillset_rows ORDER BY s LIMIT 1;
RESET enable_seqscan;
DROP TABLE skillset_rows;

-- NULL in, NULL out.
SELECT NULL::skillset -> 'a' IS NULL AS a, skillset 'a' ? NULL IS NULL AS b, (skillset 'a' || NULL) IS NULL AS c;
