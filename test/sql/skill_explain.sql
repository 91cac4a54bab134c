-- skill_explain: a row for each item, then one for each skill that is not asked for.
SELECT skill, have, need, via, round(credit::numeric, 6) AS credit, weight, round(contribution::numeric, 6) AS contribution, must, met, round(use::numeric, 6) AS use
FROM skill_explain('python:3, pytorch:4, jax:1, cobol:2, excel:1', 'python:4*3!, tensorflow|pytorch~0.5|jax:2*2, sql:2..4');

-- Equal reach: the item's own name, else the smaller one. A skill that two items name is used once, with the first.
SELECT skill, via, round(use::numeric, 6) AS use FROM skill_explain('zz:2, mm:2, a:1', 'a|mm~0.5:1, x|zz|mm:2, q|mm:9');

-- What fades is shown as it counts at the job's clock.
SELECT skill, have, via FROM skill_explain('python:4@2026-01-01/30, go:2@2026-01-01/30', as_of('python:4', '2026-01-31 00:00+00'));

-- Nothing on either side.
SELECT count(*) AS rows_of_nothing FROM skill_explain('', '');
SELECT skill, have, via, credit, contribution, met FROM skill_explain('', 'a!');

-- Contributions sum to readiness bit for bit in row order, and use likewise.
SELECT setseed(0.42);
CREATE TABLE explain_random AS
SELECT g, (SELECT skillset_agg('s' || i, random() * 5 + 0.01) FROM generate_series(1, 40) i WHERE random() < 0.4 AND g > 0) AS s,
          (SELECT string_agg(format('s%s|s%s~%s:%s*%s', i, 1 + (i + 7 * r)::int % 50 + 41, round((0.1 + r * 0.9)::numeric, 3), 0.01 + 5 * r, 3 * r), ', ')::jobspec
           FROM generate_series(1, 40) i, LATERAL (SELECT random() AS r WHERE i > 0) x WHERE r < 0.3 AND g > 0) AS j
FROM generate_series(1, 3000) g;
SELECT count(*) AS n, count(*) FILTER (WHERE contributions <> skill_readiness(s, j)) AS readiness_differs, count(*) FILTER (WHERE uses <> skill_use(s, j)) AS use_differs,
       count(*) FILTER (WHERE uses > 0 AND contributions > 0) > 2500 AS mostly_positive,
       count(*) FILTER (WHERE n_rows <> items + unasked) AS rows_differ
FROM explain_random,
     LATERAL (SELECT sum(contribution ORDER BY o) AS contributions, sum(use ORDER BY o) AS uses, count(*) AS n_rows
              FROM skill_explain(s, j) WITH ORDINALITY AS e(skill, have, need, via, credit, weight, contribution, must, met, use, o)) e,
     LATERAL (SELECT count(*) AS items FROM jobspec_each(j)) i,
     LATERAL (SELECT count(*) AS unasked FROM skills_each(s) k WHERE NOT EXISTS (SELECT FROM jobspec_each(j) a WHERE a.skill = k.skill OR k.skill = ANY (a.alternatives))) u;
DROP TABLE explain_random;
