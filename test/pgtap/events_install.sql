-- The tables of the extension: what users add is dumped and restored, and what came with it is not dumped twice;
-- a plain user who creates the extension owns them; and nobody else's functions get in.
--
--     psql -X -q -f test/pgtap/events_install.sql       in a database of its own: it makes and drops two others

\ir ../oracle/tap.sql

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;

-- Committed, for pg_dump to see it.
INSERT INTO event_sources (source, events, title, starts_at) VALUES ('village', '$.fiestas[*]', '$.nombre', '$.cuando'), ('luma', '$[*]', '$.t', '$.s');
INSERT INTO event_exchange_rates VALUES ('EUR', 1), ('USD', 1.25);
SELECT count(*) AS builtin FROM event_sources WHERE builtin \gset
SELECT current_database() AS here, current_database() || '_other' AS there \gset
\setenv here :here
\setenv there :there

\set restored `createdb "$there" && pg_dump -d "$here" | psql -X -q -v ON_ERROR_STOP=1 -d "$there" >/dev/null 2>&1 && echo yes || echo no`
\set sources `psql -X -q -A -t -d "$there" -c "SELECT string_agg(source, ',' ORDER BY source) FROM event_sources WHERE NOT builtin" 2>&1`
\set builtin_there `psql -X -q -A -t -d "$there" -c "SELECT count(*) FROM event_sources WHERE builtin" 2>&1`
\set price `psql -X -q -A -t -d "$there" -c "SELECT event_convert_price(10, 'EUR', 'USD')" 2>&1`
\set dropped `dropdb --if-exists "$there" && echo yes`

-- A user who is not a superuser, in a database where somebody has prepared functions that fit as well, or nearly.
CREATE ROLE shortlist_test_owner;
\set prepared `createdb -O shortlist_test_owner "$there" && psql -X -q -v ON_ERROR_STOP=1 -d "$there" -c "CREATE SCHEMA hostile; GRANT USAGE ON SCHEMA hostile TO PUBLIC; CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.left(text, bigint) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.round(numeric, bigint) RETURNS numeric LANGUAGE sql AS 'SELECT 0.0'; CREATE FUNCTION public.btrim(varchar) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.format(varchar, text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.concat(text, varchar) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = varchar, FUNCTION = public.concat); CREATE FUNCTION public.cardinality(text[]) RETURNS int LANGUAGE sql AS 'SELECT 0'; CREATE FUNCTION public.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.array_to_string(text[], text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text'; CREATE FUNCTION public.array_position(text[], text) RETURNS int LANGUAGE sql AS 'SELECT 0'; CREATE AGGREGATE public.array_agg(text) (SFUNC = array_append, STYPE = text[]); CREATE FUNCTION public.jsonb_path_query(jsonb, jsonpath, text, boolean) RETURNS SETOF jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'; CREATE FUNCTION public.make_interval(secs float8) RETURNS interval LANGUAGE sql AS 'SELECT NULL::interval'; CREATE FUNCTION public.cat(text[], text[]) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]'; CREATE OPERATOR public.|| (LEFTARG = text[], RIGHTARG = text[], FUNCTION = public.cat); CREATE FUNCTION public.eq(numeric, int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR public.= (LEFTARG = numeric, RIGHTARG = int, FUNCTION = public.eq); CREATE OPERATOR public.> (LEFTARG = numeric, RIGHTARG = int, FUNCTION = public.eq); CREATE FUNCTION public.ne(float8, int) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR public.<> (LEFTARG = float8, RIGHTARG = int, FUNCTION = public.ne); CREATE OPERATOR public.<= (LEFTARG = float8, RIGHTARG = int, FUNCTION = public.ne); CREATE FUNCTION public.json_values(json, text) RETURNS text[] LANGUAGE sql AS 'SELECT NULL::text[]'" 2>&1 | grep -v 'integer out of range'; echo done`
\set created `psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$there" -c "GRANT CREATE ON SCHEMA public TO shortlist_test_owner" -c "SET ROLE shortlist_test_owner" -c "CREATE EXTENSION shortlist" -c "INSERT INTO event_exchange_rates VALUES ('EUR', 1), ('USD', 2)" -c "INSERT INTO event_sources (source, events, title, starts_at) VALUES ('x', '$', '$', '$')" -c "SELECT price FROM events_from_jsonld('{\"@type\": \"Event\", \"name\": \"A\", \"startDate\": \"2026-05-01\", \"offers\": {\"price\": 3, \"priceCurrency\": \"EUR\"}}', currency => 'USD')" 2>&1`
\set foreign `psql -X -q -A -t -d "$there" -c "SELECT count(*) FROM pg_depend d JOIN pg_depend e ON e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e' WHERE d.deptype = 'n' AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_class'::regclass) AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = d.refobjid AND c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_depend m WHERE m.classid = d.refclassid AND m.objid = d.refobjid AND m.deptype = 'e')" 2>&1`
\set own `psql -X -q -A -t -d "$there" -c "SELECT count(*) > 20 FROM pg_depend d JOIN pg_depend e ON e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e' WHERE d.deptype = 'n' AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_class'::regclass)" 2>&1`
\set dropped `dropdb --if-exists "$there" && echo yes`
DROP ROLE shortlist_test_owner;

SELECT plan(9);
SELECT is(:'restored'::text, 'yes', 'a dump restores without an error');
SELECT is(:'sources'::text, 'luma,village', 'sources that a user added are there');
SELECT is(:'builtin_there'::text, :'builtin', 'builtin ones are there once');
SELECT is(:'price'::text, '12.5', 'exchange rates are there');
SELECT cmp_ok(:'builtin'::int, '>=', 5, 'there are builtin ones');
SELECT is(:'prepared'::text, 'done', 'functions were prepared');
SELECT is(:'created'::text, '6', 'a plain user creates the extension, fills its tables, and gets answers');
SELECT is(:'foreign'::text, '0', 'no function of the extension uses one that is not its own or PostgreSQL''s');
SELECT is(:'own'::text, 't', 'which was looked for among what they use');
SELECT * FROM finish();
