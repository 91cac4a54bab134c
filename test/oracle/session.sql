-- How a session compares an index with the sequential scan: nothing compiled, nothing parallel, numbers and times printed in one way.

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET extra_float_digits = 1;
SET TimeZone = 'UTC';
