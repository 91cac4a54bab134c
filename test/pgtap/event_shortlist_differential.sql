-- Events in the access method shortlist against the sequential scan.
--
--     psql -X -q -f test/pgtap/event_shortlist_differential.sql [-v seed=0.42] [-v amount=200] [-v stress=1]

\ir ../oracle/tap.sql
\set method shortlist
\set tests 58
\set last_scan shortlist_last_scan
\set sparse 'WITH (tail_size = 64)'
\ir shared/event_differential.sql
