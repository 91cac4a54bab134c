-- Sizes around what a page of the access method holds: values that fill one page or several to the last byte, tails, and segments whose row
-- pointers, windows, terms, names, blocks and nodes do; each size, one less and one more, built and inserted and merged, against the
-- sequential scan and by shortlist_check().
--
--     psql -X -q -f test/pgtap/page_capacity.sql
--
-- How many pages an index has tells that a size is the one that is meant: the numbers come from src/am/page.h, posting.h and core/event_tree.h.

\ir ../oracle/tap.sql
\ir ../oracle/session.sql
SET statement_timeout = '120s';
\ir ../oracle/check.sql
\ir ../oracle/same_answer.sql

SELECT * FROM no_plan();
CREATE SCHEMA filled;

-- A page less its header and the tag at its end, in multiples of 24 bytes; of the tail, less where the next page is.
SELECT (current_setting('block_size')::int - 24 - 8) / 24 * 24 AS room \gset
SELECT :room - 8 AS tail_room, 16 AS entry, :room / 6 AS pointers, :room / 16 AS windows, :room / 40 AS terms, :room / 1808 AS nodes \gset
SELECT :tail_room - :entry AS longest \gset

-- Values of so many bytes ----------------------------------------------------------------------------------------------

-- Names that take so many bytes together, all different; the first is sql.
CREATE FUNCTION filled.names(count int, bytes int) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['sql'] || ARRAY(SELECT rpad(format('%s of ', i), (bytes - 3) / (count - 1) + (i <= (bytes - 3) % (count - 1))::int, 'x') FROM generate_series(1, count - 1) i)
$$;

-- src/types/skillset.h: 16 bytes, and 12 of each skill.
CREATE FUNCTION filled.person(bytes int, level float8) RETURNS skillset
LANGUAGE sql IMMUTABLE AS $$
    SELECT skillset(names, ARRAY(SELECT level + n % 3 FROM generate_series(1, cardinality(names)) n))
    FROM (SELECT 1 + bytes / 100 AS n) c, LATERAL (SELECT filled.names(n, bytes - 16 - 12 * n) AS names) s
$$;

-- src/types/jobspec.h: 32 bytes, and 32 of each item.
CREATE FUNCTION filled.job(bytes int, need float8) RETURNS jobspec
LANGUAGE sql IMMUTABLE AS $$
    SELECT (SELECT string_agg(format('"%s":%s', name, need + n % 3), ', ') FROM unnest(names) WITH ORDINALITY u (name, n))::jobspec
    FROM (SELECT 1 + bytes / 120 AS n) c, LATERAL (SELECT filled.names(n, bytes - 32 - 32 * n) AS names) s
$$;

SELECT is(pg_column_size(filled.person(bytes, 2)), bytes, format('a person of %s bytes', bytes)) FROM (VALUES (:longest), (:room), (2 * :room + 1)) v (bytes);
SELECT is(pg_column_size(filled.job(bytes, 2)), bytes, format('a job of %s bytes', bytes)) FROM (VALUES (:longest), (:room), (2 * :room + 1)) v (bytes);

-- Small ones, some alike.
CREATE FUNCTION filled.some_person(i int) RETURNS skillset
LANGUAGE sql IMMUTABLE AS $$ SELECT skillset(ARRAY['sql', 's' || i % 7], ARRAY[1 + i % 5, 0.5 + i % 3]) $$;
CREATE FUNCTION filled.some_job(i int) RETURNS jobspec
LANGUAGE sql IMMUTABLE AS $$ SELECT format('sql:%s, s%s*2', 1 + i % 5, i % 7)::jobspec $$;
CREATE FUNCTION filled.some_event(i int) RETURNS eventfacts
LANGUAGE sql IMMUTABLE AS $$
    SELECT event_facts(latitude => 51 + hashint4(i) % 1000 * 0.001, longitude => hashint4(-i) % 1000 * 0.001, price => i % 30, attendees => i % 211,
                       starts_at => timestamptz '2026-12-01 00:00+00' + i % 997 * interval '1 hour')
$$;

-- The comparison -------------------------------------------------------------------------------------------------------

CREATE TABLE filled.questions AS
SELECT * FROM (VALUES ('skillset', '<=>', '''sql:4''::jobspec', '''sql:3!''::jobspec'), ('skillset', '<->', '''sql:3*2, s3|s4~0.5:1, none''::jobspec', NULL),
                      ('jobspec', '<=>', '''sql:3''::skillset', '''sql:3, s2:9''::skillset'), ('jobspec', '<->', '''sql:2, s3:4, none''::skillset', NULL),
                      ('eventfacts', '<=>', 'event_pref(latitude => 51.5, longitude => -0.1, within_km => 20, budget => 10, crowd => 50)', 'event_pref(crowd => 50, max_price => 10)'),
                      ('eventfacts', '<=>', 'event_pref(starts => ''2026-12-20 12:00+00'', combine => ''product'')', NULL)) v (type, operator, argument, filter);

-- What is wrong with the index on filled.kept, '' if nothing is.
CREATE FUNCTION filled.flaws() RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    value_type text := (SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'filled.kept'::regclass AND attname = 'value');
    all_rows   bigint := (SELECT count(*) FROM filled.kept);
    result     text;
    found      record;
BEGIN
    SELECT string_agg(oracle.difference(('filled.kept', operator, argument, 'value @@ ' || f, NULL, NULL), '{1,NULL}'), E'\n') INTO result
    FROM filled.questions q, LATERAL (SELECT NULL UNION SELECT filter) v (f) WHERE q.type = value_type;
    SELECT * INTO found FROM shortlist_check('filled.kept_value');
    RETURN concat_ws(E'\n', result, CASE WHEN found.entries <> all_rows OR found.heap_rows <> all_rows THEN format('%s entries, %s rows of %s', found.entries, found.heap_rows, all_rows) END);
EXCEPTION WHEN OTHERS THEN
    RETURN format('error %s, %s', SQLSTATE, SQLERRM);
END $$;

CREATE FUNCTION filled.pages() RETURNS bigint
LANGUAGE sql VOLATILE AS $$ SELECT pg_relation_size(to_regclass('filled.kept_value')) / current_setting('block_size')::int $$;

-- The rows of a query, built into an index; then inserted, row by row, while there is one, and merged.  Both ways the index has so many
-- pages, if that is known: of a build, and before the merge.
CREATE FUNCTION filled.checks(name text, type regtype, rows text, built_pages int DEFAULT NULL, tail_pages int DEFAULT NULL, options text DEFAULT 'tail_size = 8192') RETURNS SETOF text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    DROP TABLE IF EXISTS filled.kept;
    EXECUTE format('CREATE TABLE filled.kept AS SELECT row_number() OVER () AS id, 0 AS k, value::%s FROM (%s) s (value)', type, rows);
    EXECUTE format('CREATE INDEX kept_value ON filled.kept USING shortlist (value) WITH (%s)', options);
    RETURN NEXT is(filled.flaws(), '', format('%s %s, built', type, name));
    IF built_pages IS NOT NULL THEN
        RETURN NEXT is(filled.pages(), built_pages::bigint, format('%s %s, built: pages', type, name));
    END IF;
    TRUNCATE filled.kept;
    EXECUTE format('INSERT INTO filled.kept SELECT row_number() OVER () AS id, 0 AS k, value::%s FROM (%s) s (value)', type, rows);
    IF tail_pages IS NOT NULL THEN
        RETURN NEXT is(filled.pages(), tail_pages::bigint, format('%s %s, inserted: pages', type, name));
    END IF;
    RETURN NEXT is(filled.flaws(), '', format('%s %s, inserted', type, name));
    PERFORM shortlist_merge('filled.kept_value');
    RETURN NEXT is(filled.flaws(), '', format('%s %s, merged', type, name));
END $$;

-- Tails ----------------------------------------------------------------------------------------------------------------

-- A value on a page of the tail, or, if it is longer than that holds, on pages of its own.  The metapage and that of the tail are there anyway.
CREATE FUNCTION filled.tail_checks(name text, bytes int, tail_pages int) RETURNS SETOF text
LANGUAGE sql VOLATILE AS $$
    SELECT filled.checks(format('of %s bytes, %s', bytes, name), 'skillset', format('SELECT filled.person(%s, 1)', bytes), NULL, tail_pages)
    UNION ALL
    SELECT filled.checks(format('of %s bytes, %s', bytes, name), 'jobspec', format('SELECT filled.job(%s, 1)', bytes), NULL, tail_pages)
$$;
SELECT filled.tail_checks('which fills a page', :longest + more, CASE WHEN more <= 0 THEN 2 ELSE 3 END) FROM unnest('{-8,-1,0,1,8}'::int[]) more;
SELECT filled.tail_checks(format('which fills %s pages of its own', pages), pages * :room + more, 2 + pages + (more > 0)::int) FROM generate_series(1, 3) pages, unnest('{-1,0,1}'::int[]) more;

-- A second value that fills what the first one has left, or is a byte too long for that.
SELECT filled.checks(format('which leave %s bytes', -more), 'skillset', format('SELECT filled.person(4000, 1) UNION ALL SELECT filled.person(%s, 2)', :longest - 4000 - :entry + more), NULL, 2 + (more > 0)::int)
FROM unnest('{-1,0,1}'::int[]) more;
SELECT filled.checks(format('which leave %s bytes', -more), 'jobspec', format('SELECT filled.job(4000, 1) UNION ALL SELECT filled.job(%s, 2)', :longest - 4000 - :entry + more), NULL, 2 + (more > 0)::int)
FROM unnest('{-1,0,1}'::int[]) more;

-- Events, of 72 bytes, never fill a page, but with NULLs they do.
SELECT filled.checks(format('%s of which fill a page of the tail, and NULLs', events), 'eventfacts', format('SELECT CASE WHEN i <= %s THEN filled.some_event(i) END FROM generate_series(1, %s) i', events, events + nulls + more),
                     NULL, 2 + (more > 0)::int, 'tail_size = 64')
FROM (VALUES (1), (45), (91)) v (events), LATERAL (SELECT (:tail_room - events * (:entry + 72)) / :entry AS nulls) n, unnest('{-1,0,1}'::int[]) more;
SELECT is((:tail_room - (:entry + 72)) % :entry, 0, 'they fill it to the last byte');

-- Segments -------------------------------------------------------------------------------------------------------------

-- Row pointers: of NULLs there is nothing else.
SELECT filled.checks(format('%s NULLs', rows), type, format('SELECT NULL FROM generate_series(1, %s)', rows), 1 + (rows + :pointers - 1) / :pointers)
FROM unnest('{skillset,jobspec,eventfacts}'::regtype[]) type, (VALUES (:pointers - 1), (:pointers), (:pointers + 1), (2 * :pointers), (2 * :pointers + 1)) v (rows);

-- Rows, and as many more that are NULL.
CREATE FUNCTION filled.row_checks(type regtype, rows int, nulls int DEFAULT 0, options text DEFAULT 'tail_size = 8192') RETURNS SETOF text
LANGUAGE sql VOLATILE AS $$
    SELECT filled.checks(format('in %s rows and %s NULLs, %s', rows, nulls, options), type,
                         format('SELECT CASE WHEN i <= %s THEN filled.some_%s(i) END FROM generate_series(1, %s) i', rows,
                                CASE type::text WHEN 'skillset' THEN 'person' WHEN 'jobspec' THEN 'job' ELSE 'event' END, rows + nulls), NULL, NULL, options)
$$;
SELECT filled.row_checks(type, rows, nulls)
FROM unnest('{skillset,jobspec,eventfacts}'::regtype[]) type, (VALUES (:pointers - 1, 0), (:pointers, 0), (:pointers + 1, 0), (:pointers - 1, 1), (:pointers, 1), (1, :pointers)) v (rows, nulls);

-- Windows: full ones, one row less, one more; as many windows as a page has records of; the largest windows.
SELECT filled.row_checks(type, k * size + more)
FROM (VALUES ('skillset'::regtype, 16), ('jobspec', 8)) v (type, size), unnest('{1,2,17}'::int[]) k, unnest('{-1,0,1}'::int[]) more;
SELECT filled.row_checks(type, :windows + more, 0, 'window_rows = 1, tail_size = 8192') FROM unnest('{skillset,jobspec}'::regtype[]) type, unnest('{-1,0,1}'::int[]) more;
SELECT filled.row_checks(type, 1024 + more, 0, 'window_rows = 1024, tail_size = 8192') FROM unnest('{skillset,jobspec}'::regtype[]) type, unnest('{-1,0,1}'::int[]) more;

-- Terms: as many as a page has records of; names that fill pages to the last byte.
SELECT filled.checks(format('of %s skills', terms), 'skillset', format('SELECT skillset(ARRAY[''t'' || i], ARRAY[i]) FROM generate_series(1, %s) i', terms)) FROM (VALUES (:terms - 1), (:terms), (:terms + 1)) v (terms);
SELECT filled.checks(format('of %s skills', terms), 'jobspec', format('SELECT (''t'' || i || '':'' || i)::jobspec FROM generate_series(1, %s) i', terms)) FROM (VALUES (:terms - 1), (:terms), (:terms + 1)) v (terms);
SELECT filled.checks(format('whose names take %s bytes', bytes), 'skillset', format('SELECT skillset(ARRAY[name], ARRAY[n]) FROM unnest(filled.names(120, %s)) WITH ORDINALITY u (name, n)', bytes))
FROM unnest(ARRAY[:room, 2 * :room]) pages, unnest('{-1,0,1}'::int[]) more, LATERAL (SELECT pages + more AS bytes) b;

-- Blocks of 32 events; nodes of 32 blocks, as many as a page has, the root among them; the least segment of three levels.
SELECT filled.row_checks('eventfacts', k * 32 + more) FROM unnest('{1,2,33}'::int[]) k, unnest('{-1,0,1}'::int[]) more;
SELECT filled.row_checks('eventfacts', k * 1024 + more) FROM unnest(ARRAY[1, :nodes - 1, :nodes]) k, unnest('{-1,0,1}'::int[]) more;
SELECT filled.row_checks('eventfacts', 32 * 1024 + more, 0, 'tail_size = 65536') FROM unnest('{0,1}'::int[]) more;

DROP SCHEMA filled CASCADE;
SELECT * FROM finish();
