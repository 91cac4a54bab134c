-- The GiST index on events against the sequential scan.
--
--     psql -X -q -f test/pgtap/event_gist_differential.sql [-v seed=0.42] [-v amount=200] [-v stress=1]

\ir ../oracle/tap.sql
\set method gist
\set tests 62
\set last_scan event_last_scan
\set sparse 'WITH (fillfactor = 10)'
\ir shared/event_differential.sql
