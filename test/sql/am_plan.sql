-- Access method shortlist: when the planner takes the index, and that a search reads a part of it only.
CREATE TABLE am_many AS
SELECT g AS id, skillset(ARRAY['all', 'a' || g % 10, 'b' || g % 100, 'c' || g % 1000, 'd' || g], ARRAY[1 + g % 5, 1 + g % 7, 1 + g % 3, 1, 2]) AS skills
FROM generate_series(1, 20000) g;
CREATE INDEX am_many_skills ON am_many USING shortlist (skills);
CREATE TABLE am_few AS SELECT * FROM am_many WHERE id <= 50;
CREATE INDEX am_few_skills ON am_few USING shortlist (skills);
VACUUM ANALYZE am_many, am_few;

CREATE FUNCTION am_plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json, COSTS off) ' || query INTO plan;
    RETURN substring(plan::text FROM '"Node Type": "((?:Index|Seq|Bitmap Heap) Scan)"');
END $$;
SET max_parallel_workers_per_gather = 0;
-- With few rows asked for the index wins; for all of them a sort does; in a small table a scan does.
SELECT size, rows, am_plan(format('SELECT id FROM am_%s ORDER BY skills <=> %L LIMIT %s', size, 'a3:4, b33:2', rows)) FROM
    (VALUES ('many', '1'), ('many', '10'), ('many', '100'), ('many', 'ALL'), ('few', '1'), ('few', 'ALL')) v (size, rows);
SELECT am_plan('SELECT id FROM am_many WHERE skills @@ ''d77!'' ORDER BY skills <=> ''a3'' LIMIT 10') AS filtered,
       am_plan('SELECT id FROM am_many WHERE id % 2 = 0 ORDER BY skills <-> ''a3'' LIMIT 10') AS half,
       am_plan('SELECT id FROM am_many WHERE skills ? ''d77''') AS has;

-- 'd77' is one row's: of the 1250 windows few can be as good.
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77' LIMIT 1;
SELECT segments, windows, opened < 10 AS few_opened, rows < 160 AS few_scored, tail_rows FROM shortlist_last_scan();
INSERT INTO am_many VALUES (0, 'd77:2, c77:5');
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77:2' LIMIT 1;
SELECT tail_rows FROM shortlist_last_scan();
VACUUM am_many;
SELECT id FROM am_many ORDER BY skills <=> 'd77:2, c77:2' LIMIT 1;
SELECT segments, tail_rows FROM shortlist_last_scan();
DROP TABLE am_many, am_few;
DROP FUNCTION am_plan;
