-- skillset_agg and jobspec_agg, also in parallel.
SELECT skillset_agg(skill, level) FROM (VALUES ('python', 4.0), ('SQL', 2), ('sql', 3.5)) v(skill, level);
SELECT skillset_agg(skill, level) AS outer_join FROM (VALUES (NULL::text, NULL::float8)) v(skill, level);
SELECT skillset_agg(skill, level) IS NULL AS no_rows FROM (VALUES ('a', 1.0)) v(skill, level) WHERE false;
SELECT skillset_agg(skill, 3, last, stability) FROM (VALUES ('a', '2026-01-01 00:00+00'::timestamptz, 10.0), ('b', NULL, NULL), ('c', '2026-01-01 00:00+00', NULL)) v(skill, last, stability);
SELECT skillset_agg(skill, level) OVER (ORDER BY skill) FROM (VALUES ('b', 1.0), ('a', 2), ('c', 3)) v(skill, level);

-- Many rows of few skills take no more room than the skills.
SELECT skillset_agg('s' || g % 3, g) FROM generate_series(1, 100000) g;

-- Ten adverts: python in all (must in six), sql in five, spark in two, once accepting flink.
CREATE TABLE adverts AS
SELECT g, ('python:' || g % 5 + 1 || CASE WHEN g <= 6 THEN '!' ELSE '' END
           || CASE WHEN g % 2 = 0 THEN ', sql:' || g || '!' ELSE '' END
           || CASE WHEN g = 3 THEN ', spark|flink~0.5:2' WHEN g = 4 THEN ', spark|flink~0.75|storm~0.1:1..3' ELSE '' END)::jobspec AS job
FROM generate_series(1, 10) g;
-- By hand: python 1,1,2,2,3,3,4,4,5,5 -> median 3; sql 2,4,6,8,10 -> 6, must in 5 of 10 is not most; spark 2,3 -> 2, from 0,1 -> 0, weight 0.2.
SELECT jobspec_agg(job) FROM adverts;
SELECT q, jobspec_agg(job, q), percentile_disc(q) WITHIN GROUP (ORDER BY g % 5 + 1) AS python FROM adverts, unnest(ARRAY[0, 0.25, 0.9, 1]) q GROUP BY q ORDER BY q;
SELECT jobspec_agg(NULL::jobspec) IS NULL AS nothing, jobspec_agg(job) AS empty_adverts_count FROM (VALUES (jobspec 'a'), (''), (NULL)) v(job);
SELECT jobspec_agg(job, g::float8 / 10) FROM adverts;
SELECT skillset_agg('a', NULL);
SELECT skillset_agg(NULL, 1);
SELECT jobspec_agg('a', NULL);

-- In parallel the answer is the same.
CREATE TABLE agg_rows AS SELECT g % 50 AS person, 'skill ' || g * 7 % 90 AS skill, (g % 11 + 1)::float8 AS level,
    timestamptz '2026-01-01' + g % 5 * interval '1 day' AS last, (g % 7 + 1)::float8 AS stability,
    jobspec(ARRAY['skill ' || g % 9, 'x' || g % 4], ARRAY[g % 5 + 1, 2], musts => ARRAY[g % 3 > 0, true]) AS job FROM generate_series(1, 20000) g;
CREATE TABLE agg_serial AS SELECT person, skillset_agg(skill, level) AS s, skillset_agg(skill, level, last, stability) AS p, jobspec_agg(job, 0.8)::text AS j FROM agg_rows GROUP BY person;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT person, skillset_agg(skill, level), skillset_agg(skill, level, last, stability), jobspec_agg(job, 0.8) FROM agg_rows GROUP BY person;
SELECT count(*) AS groups, count(*) FILTER (WHERE a.s <> b.s OR a.p <> b.p OR a.j <> b.j) AS differ
FROM agg_serial a JOIN (SELECT person, skillset_agg(skill, level) AS s, skillset_agg(skill, level, last, stability) AS p, jobspec_agg(job, 0.8)::text AS j FROM agg_rows GROUP BY person) b USING (person);
RESET ALL;
-- Another way to the same numbers: plain SQL over the rows.
SELECT count(*) AS groups, count(*) FILTER (WHERE s <> (SELECT skillset(array_agg(skill), array_agg(level)) FROM (SELECT skill, max(level) AS level FROM agg_rows r WHERE r.person = a.person GROUP BY skill) x)) AS differ
FROM agg_serial a;
DROP TABLE adverts, agg_rows, agg_serial;
