-- What users add to the extension's tables is dumped and restored, and what came with it is not dumped twice.
--
--     psql -X -q -f test/pgtap/events_dump.sql       in a database of its own: it makes and drops another one

\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset pager off

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;

-- Committed, for pg_dump to see it.
INSERT INTO event_sources (source, events, title, starts_at) VALUES ('village', '$.fiestas[*]', '$.nombre', '$.cuando'), ('luma', '$[*]', '$.t', '$.s');
INSERT INTO event_exchange_rates VALUES ('EUR', 1), ('USD', 1.25);
SELECT count(*) AS builtin FROM event_sources WHERE builtin \gset
SELECT current_database() AS here, current_database() || '_restored' AS there \gset

\setenv here :here
\setenv there :there
\set restored `createdb "$there" && pg_dump -d "$here" | psql -X -q -v ON_ERROR_STOP=1 -d "$there" >/dev/null 2>&1 && echo yes || echo no`
\set sources `psql -X -q -A -t -d "$there" -c "SELECT string_agg(source, ',' ORDER BY source) FROM event_sources WHERE NOT builtin" 2>&1`
\set builtin_there `psql -X -q -A -t -d "$there" -c "SELECT count(*) FROM event_sources WHERE builtin" 2>&1`
\set price `psql -X -q -A -t -d "$there" -c "SELECT event_convert_price(10, 'EUR', 'USD')" 2>&1`
\set dropped `dropdb --if-exists "$there" && echo yes`

SELECT plan(5);
SELECT is(:'restored'::text, 'yes', 'a dump restores without an error');
SELECT is(:'sources'::text, 'luma,village', 'sources that a user added are there');
SELECT is(:'builtin_there'::text, :'builtin', 'builtin ones are there once');
SELECT is(:'price'::text, '12.5', 'exchange rates are there');
SELECT cmp_ok(:'builtin'::int, '>=', 5, 'there are builtin ones');
SELECT * FROM finish();
