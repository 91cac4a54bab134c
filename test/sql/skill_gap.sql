-- job - skills: what is left to learn.

-- python is half there: from 2, and half of the weight; tensorflow through pytorch counts 0.5: from 1.5, weight 1; sql is met and gone.
SELECT jobspec 'python:4*3!, tensorflow|pytorch~0.5:3*2, sql:2' - skillset 'python:2, pytorch:3, sql:5' AS gap;
-- Below `from` nothing is there yet; beyond it the rest is left.
SELECT jobspec 'sql:2..4' - skillset 'sql:1' AS untouched, jobspec 'sql:2..4*2' - skillset 'sql:3' AS half, jobspec 'sql:2..4' - skillset 'sql:4' AS met;
SELECT skill_gap('a:2, b', 'a:1') AS named, jobspec 'a' - skillset '' AS all_of_it, jobspec '' - skillset 'a' AS nothing;
-- The clock stays. The threshold becomes the part of the gap that reaches it: readiness 0.5 of 0.75 leaves 0.25 of 0.5.
SELECT as_of('a:2', '2026-01-01 00:00+00') - skillset 'a:1' AS clock, at_least('a, b', 0.75) - skillset 'a' AS threshold, at_least('a, b', 0.5) - skillset 'a' AS reached;
SELECT (skillset 'a' || 'b:0.5') @@ at_least('a, b', 0.75) AS with_both, skillset 'b:0.5' @@ (at_least('a, b', 0.75) - skillset 'a') AS by_the_gap,
       skillset 'b:0.4' @@ (at_least('a, b', 0.75) - skillset 'a') AS not_yet;
-- A must that is all but met is not met, and stays.
SELECT skillset 'a:4@2026-01-01/3650' @@ as_of('a:4!', '2026-01-01 00:01+00') AS met, skillset '' @@ (as_of('a:4!', '2026-01-01 00:01+00') - skillset 'a:4@2026-01-01/3650') AS gap_is_empty;
-- A fading skill leaves a gap at the clock.
SELECT as_of('a:1', '2026-01-31 00:00+00') - skillset 'a:1@2026-01-01/30' AS forgotten;

-- Which project next: the share of what is left that each one teaches.
SELECT project, round(skill_readiness(teaches, jobspec 'python:4*3, sql:2, go:3*2' - skillset 'python:2, sql:2')::numeric, 4) AS closes
FROM (VALUES ('scraper', skillset 'python:3, html:1'), ('service', 'go:3'), ('report', 'sql:5'), ('platform', 'go:3, python:4')) v(project, teaches)
ORDER BY teaches <=> (jobspec 'python:4*3, sql:2, go:3*2' - skillset 'python:2, sql:2');
