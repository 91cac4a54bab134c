-- Access method shortlist: creating indexes, options, what is refused, and small answers worked out by hand.
CREATE TABLE am_people (name text, skills skillset);
INSERT INTO am_people VALUES ('ann', 'python:4, sql:2, tensorflow:3'), ('bob', 'python:5, pytorch:4'), ('cid', 'sql:5, excel:5'),
    ('dee', 'java:5'), ('eve', NULL), ('fay', ''), ('gus', 'python:2'), ('hal', NULL);
CREATE TABLE am_roles (title text, job jobspec);
INSERT INTO am_roles VALUES ('data scientist', 'python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2'), ('analyst', 'sql:4*2, excel:3'), ('intern', 'sql:1'),
    ('java developer', 'java:4!, sql:2'), ('anybody', ''), ('unclear', NULL);
CREATE INDEX am_people_skills ON am_people USING shortlist (skills);
CREATE INDEX am_roles_job ON am_roles USING shortlist (job);
SET enable_seqscan = off;
SET enable_bitmapscan = off;

-- Of weight 6: ann has all; bob python and half of tensorflow, 4/6; gus half of python, 1.5/6; cid sql, 1/6; dee and fay nothing; then the NULLs.
EXPLAIN (COSTS OFF) SELECT name FROM am_people ORDER BY skills <=> 'python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2';
SELECT name, round((skills <=> 'python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2')::numeric, 4) AS cost
FROM am_people ORDER BY skills <=> 'python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2';
-- Who has sql at 2 and excel: ann is ready for 0.5, cid for all. By fit, cid: use is (5*2 + 5*1) / 50 = 0.3; ann: 2*2 / 29; so (0.5 + 4/29) / 2.
SELECT name, round((1 - (skills <-> 'sql:2, excel'))::numeric, 4) AS fit, round((0.5 + 4 / 29.0) / 2, 4) AS ann_by_hand
FROM am_people ORDER BY skills <-> 'sql:2, excel' LIMIT 2;
-- Roles for ann: anybody and intern are met altogether, data scientist too; analyst sql 2/4 * 2/3; java developer sql 1/2.
SELECT title, round((job <=> 'python:4, sql:2, tensorflow:3')::numeric, 4) AS cost FROM am_roles ORDER BY job <=> 'python:4, sql:2, tensorflow:3';
SELECT title, round((job <-> 'python:4, sql:2, tensorflow:3')::numeric, 4) AS cost FROM am_roles ORDER BY job <-> 'python:4, sql:2, tensorflow:3' LIMIT 1;

-- Filters, with and without an order.
SELECT name FROM am_people WHERE skills @@ 'python:4!' ORDER BY skills <=> 'sql';
SELECT name FROM am_people WHERE skills ? 'Python' ORDER BY skills <=> 'python:4, sql' LIMIT 2;
SELECT count(*) FROM am_people WHERE skills ?| '{java,sql,NULL}';
SELECT count(*) FROM am_people WHERE skills ?& '{python,sql}';
SELECT count(*) FROM am_people WHERE skills ?& '{}';
SELECT count(*) FROM am_people WHERE skills ?| '{}';
SELECT count(*) FROM am_people WHERE skills @> 'python:4';
SELECT count(*) FROM am_people WHERE skills @@ at_least('python:4, sql:2', 0.75);
SELECT title FROM am_roles WHERE job @@ 'java:9'::skillset ORDER BY job <=> 'java:9'::skillset;
SET enable_indexscan = off;
SET enable_bitmapscan = on;
EXPLAIN (COSTS OFF) SELECT name FROM am_people WHERE skills ? 'sql';
SELECT name FROM am_people WHERE skills ? 'sql' ORDER BY name;
-- A bitmap without a condition, which the partial index makes true, holds the NULLs too; one whose condition is NULL is empty.
CREATE INDEX am_late ON am_people USING shortlist (skills) WHERE name > 'd';
SET enable_indexonlyscan = off;
EXPLAIN (COSTS OFF) SELECT name FROM am_people WHERE name > 'd';
SELECT name, skills FROM am_people WHERE name > 'd' ORDER BY name;
SELECT count(*) FROM am_people WHERE name > 'd' AND skills ? (SELECT NULL::text);
DROP INDEX am_late;
RESET enable_indexonlyscan;
RESET enable_indexscan;
RESET enable_bitmapscan;

-- Through a partial index, an expression, and a prepared statement.
CREATE INDEX am_partial ON am_people USING shortlist ((skills - 'sql')) WHERE name < 'd';
SELECT name FROM am_people WHERE name < 'd' ORDER BY (skills - 'sql') <=> 'python:5, sql:9' LIMIT 1;
PREPARE am_match(jobspec) AS SELECT name FROM am_people ORDER BY skills <=> $1 LIMIT 1;
EXECUTE am_match('java');
EXECUTE am_match('excel');
RESET enable_seqscan;

-- What is refused.
CREATE INDEX ON am_people USING shortlist (name);
CREATE INDEX ON am_people USING shortlist (skills, skills);
CREATE UNIQUE INDEX ON am_people USING shortlist (skills);
CREATE INDEX ON am_people USING shortlist (skills) WITH (window_rows = 1025);
CREATE INDEX ON am_people USING shortlist (skills) WITH (tail_size = 65537);
CREATE INDEX ON am_people USING shortlist (skills) WITH (fillfactor = 50);
CREATE INDEX am_options ON am_people USING shortlist (skills) WITH (window_rows = 8, tail_size = 64);
SELECT reloptions FROM pg_class WHERE relname = 'am_options';

-- shortlist_merge() makes one segment of all; of indexes that are one's own.
CREATE TABLE am_merge AS SELECT g AS id, skillset(ARRAY['a' || g % 10, 'b']) AS skills FROM generate_series(1, 300) g;
CREATE INDEX am_merge_skills ON am_merge USING shortlist (skills);
INSERT INTO am_merge SELECT g, skillset(ARRAY['a' || g % 10, 'c']) FROM generate_series(301, 400) g;
INSERT INTO am_merge VALUES (401, NULL);
SET enable_seqscan = off;
SELECT count(*) FROM (SELECT FROM am_merge ORDER BY skills <=> 'a3:1') x;
SELECT segments, tail_rows FROM shortlist_last_scan();
SELECT shortlist_merge('am_merge_skills');
SELECT id FROM am_merge ORDER BY skills <=> 'a3, c' LIMIT 10;
SELECT segments, tail_rows FROM shortlist_last_scan();
RESET enable_seqscan;
SELECT shortlist_merge('am_merge');
CREATE INDEX am_merge_id ON am_merge (id);
SELECT shortlist_merge('am_merge_id');
CREATE ROLE am_stranger;
SET ROLE am_stranger;
SELECT shortlist_merge('am_merge_skills');
RESET ROLE;
DROP ROLE am_stranger;
DROP TABLE am_merge;

-- amvalidate finds what is missing or of another kind.
CREATE OPERATOR CLASS am_bare FOR TYPE skillset USING shortlist AS OPERATOR 5 ? (skillset, text);
SELECT amvalidate(oid) FROM pg_opclass WHERE opcname = 'am_bare';
CREATE OPERATOR CLASS am_wrong FOR TYPE skillset USING shortlist AS OPERATOR 1 ? (skillset, text),
    FUNCTION 1 (skillset, skillset) shortlist_skillset_content(internal);
SELECT amvalidate(oid) FROM pg_opclass WHERE opcname = 'am_wrong';
CREATE OPERATOR CLASS am_sorted FOR TYPE skillset USING shortlist AS OPERATOR 1 <=> (skillset, jobspec) FOR ORDER BY integer_ops,
    FUNCTION 1 length(text);
SELECT amvalidate(oid) FROM pg_opclass WHERE opcname = 'am_sorted';
DROP OPERATOR FAMILY am_sorted USING shortlist;
DROP OPERATOR FAMILY am_bare USING shortlist;
DROP OPERATOR FAMILY am_wrong USING shortlist;

-- Unlogged and temporary tables; an index on nothing.
CREATE UNLOGGED TABLE am_unlogged (skills skillset);
CREATE INDEX ON am_unlogged USING shortlist (skills);
INSERT INTO am_unlogged VALUES ('a'), ('b'), (NULL);
CREATE TEMP TABLE am_temporary (skills skillset);
CREATE INDEX ON am_temporary USING shortlist (skills);
INSERT INTO am_temporary SELECT skillset(ARRAY['a', 'b' || g]) FROM generate_series(1, 3000) g;
SET enable_seqscan = off;
SELECT skills FROM am_unlogged ORDER BY skills <=> 'b';
SELECT skills FROM am_temporary ORDER BY skills <=> 'b2718' LIMIT 1;
TRUNCATE am_temporary;
SELECT count(*) FROM (SELECT skills FROM am_temporary ORDER BY skills <=> 'b2718') x;
RESET enable_seqscan;
DROP TABLE am_people, am_roles, am_unlogged, am_temporary;
