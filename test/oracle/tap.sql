-- What each file of test/pgtap begins with: TAP and nothing else is printed, the first error ends it.  The variables that run-pgtap sets are
-- there without it too: stress, 1 for the long tests, and data, the directory with the real data.

\set QUIET 1
\encoding UTF8
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset pager off
\if :{?stress} \else \set stress 0 \endif
\if :{?data} \else \set data '' \endif
