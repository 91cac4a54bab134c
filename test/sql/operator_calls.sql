-- Calls of the functions that operators have are planned as the operators: indexes serve them, and the answers are the same.
CREATE TABLE call_people AS
SELECT g AS id, CASE WHEN g % 97 > 0 THEN skillset(ARRAY['s' || g % 7, 't' || g % 50, 'u' || g % 400], ARRAY[1 + g % 5, 1 + g % 3, 1 + g % 2]) END AS skills,
       CASE WHEN g % 89 > 0 THEN jobspec(ARRAY['s' || g % 7, 't' || g % 50], ARRAY[1 + g % 5, 1 + g % 3], NULL, ARRAY[g % 3 = 0, g % 2 = 0]) END AS job,
       CASE WHEN g % 83 > 0 THEN event_facts(50 + g % 101 / 50.0, g % 103 / 50.0, g % 61, g % 53) END AS facts
FROM generate_series(1, 3000) g;
CREATE INDEX call_skills ON call_people USING shortlist (skills);
CREATE INDEX call_job ON call_people USING shortlist (job);
CREATE INDEX call_facts ON call_people USING shortlist (facts);
CREATE TABLE call_events AS SELECT id, facts FROM call_people;
CREATE INDEX call_events_facts ON call_events USING gist (facts);
VACUUM ANALYZE call_people, call_events;
SET enable_bitmapscan = off;
SET max_parallel_workers_per_gather = 0;
SET enable_seqscan = off;

-- What they look like.
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE has_skill(skills, 's3');
EXPLAIN (COSTS OFF) SELECT id FROM call_people ORDER BY skill_cost(skills, 's3:4, t7') LIMIT 3;
EXPLAIN (COSTS OFF) SELECT id FROM call_events WHERE event_acceptable(facts, event_pref(budget => 10, max_price => 5)) ORDER BY event_cost(facts, event_pref(budget => 10)) LIMIT 3;

-- Every condition and every order, each with its index and without one.  What is expected is found by functions that no operator has, or
-- by the call with a test around it, which no index serves.
CREATE FUNCTION call_by(settings text, query text, OUT used boolean, OUT answer text) LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE settings;
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    used := plan::text ~ '"(Index Cond|Order By)"';
    EXECUTE format('SELECT array_agg(x) FROM (%s) x(x)', query) INTO answer;
END $$;
CREATE TABLE call_conditions (source text, call text);
INSERT INTO call_conditions VALUES
    ('call_people', $$has_skill(skills, 's3')$$), ('call_people', $$has_skill(skills, 'S3')$$),
    ('call_people', $$has_any_skill(skills, '{t3, t4, nobody}')$$), ('call_people', $$has_any_skill(skills, '{}')$$), ('call_people', $$has_any_skill(skills, '{NULL, u33}')$$),
    ('call_people', $$has_all_skills(skills, '{t3, s3}')$$), ('call_people', $$has_all_skills(skills, '{}')$$),
    ('call_people', $$skillset_contains(skills, 's3:4, t3')$$), ('call_people', $$skillset_contained('s3:4, t3', skills)$$), ('call_people', $$skillset_contained('', skills)$$),
    ('call_people', $$skill_qualifies(skills, 's3:2!, t3*0, @at_least 0.5')$$), ('call_people', $$job_qualifies('s3:2!, t3*0, @at_least 0.5', skills)$$),
    ('call_people', $$job_qualifies(job, 's3:2, t3:3')$$), ('call_people', $$skill_qualifies('s3:2, t3:3', job)$$),
    ('call_people', $$event_acceptable(facts, event_pref(budget => 10, max_price => 5))$$), ('call_people', $$pref_accepts(event_pref(budget => 10, max_price => 5), facts)$$),
    ('call_events', $$event_acceptable(facts, event_pref(budget => 10, max_price => 5))$$), ('call_events', $$pref_accepts(event_pref(budget => 10, max_price => 5), facts)$$);
SELECT c.call, i.used AS by_index, NOT s.used AS by_scan, i.answer IS NOT DISTINCT FROM s.answer AS same, cardinality(i.answer::int[]) AS rows
FROM call_conditions c,
     call_by('SET enable_seqscan = off; SET enable_indexscan = on', format('SELECT id FROM (SELECT id FROM %s WHERE %s) s ORDER BY id', source, call)) i,
     call_by('SET enable_seqscan = on; SET enable_indexscan = off', format('SELECT id FROM (SELECT id FROM %s WHERE (%s) IS TRUE) s ORDER BY id', source, call)) s;
CREATE TABLE call_orders (source text, call text, score text);
INSERT INTO call_orders VALUES
    ('call_people', $$skill_cost(skills, 's3:4, t7')$$, $$skill_readiness(skills, 's3:4, t7')$$), ('call_people', $$job_cost('s3:4, t7', skills)$$, $$skill_readiness(skills, 's3:4, t7')$$),
    ('call_people', $$skill_fit_cost(skills, 's3:4, t7')$$, $$skill_fit(skills, 's3:4, t7')$$), ('call_people', $$job_fit_cost('s3:4, t7', skills)$$, $$skill_fit(skills, 's3:4, t7')$$),
    ('call_people', $$job_cost(job, 's3:2, t3:3')$$, $$skill_readiness('s3:2, t3:3', job)$$), ('call_people', $$skill_cost('s3:2, t3:3', job)$$, $$skill_readiness('s3:2, t3:3', job)$$),
    ('call_people', $$job_fit_cost(job, 's3:2, t3:3')$$, $$skill_fit('s3:2, t3:3', job)$$), ('call_people', $$skill_fit_cost('s3:2, t3:3', job)$$, $$skill_fit('s3:2, t3:3', job)$$),
    ('call_people', $$event_cost(facts, event_pref(budget => 7, crowd => 20))$$, $$event_score(facts, event_pref(budget => 7, crowd => 20))$$),
    ('call_people', $$pref_cost(event_pref(budget => 7, crowd => 20), facts)$$, $$event_score(facts, event_pref(budget => 7, crowd => 20))$$),
    ('call_events', $$event_cost(facts, event_pref(budget => 7, crowd => 20))$$, $$event_score(facts, event_pref(budget => 7, crowd => 20))$$),
    ('call_events', $$pref_cost(event_pref(budget => 7, crowd => 20), facts)$$, $$event_score(facts, event_pref(budget => 7, crowd => 20))$$);
SELECT o.call, i.used AS by_index, NOT s.used AS by_scan, i.answer IS NOT DISTINCT FROM s.answer AS same, cardinality(i.answer::float8[]) AS rows
FROM call_orders o,
     call_by('SET enable_seqscan = off; SET enable_indexscan = on', format('SELECT %2$s FROM %1$s ORDER BY %2$s', source, call)) i,
     call_by('SET enable_seqscan = on; SET enable_indexscan = off', format('SELECT 1 - %2$s FROM %1$s ORDER BY 1', source, score)) s;
SET enable_seqscan = off;
SET enable_indexscan = on;

-- Parameters, of prepared statements and of joins.
PREPARE call_known (text) AS SELECT count(*) FROM call_people WHERE has_skill(skills, $1);
PREPARE call_best (jobspec, int) AS SELECT id FROM call_people WHERE skill_qualifies(skills, $1) ORDER BY skill_cost(skills, $1) LIMIT $2;
SET plan_cache_mode = force_generic_plan;
EXPLAIN (COSTS OFF) EXECUTE call_known('s3');
EXECUTE call_known('s3');
EXECUTE call_known('nobody');
EXECUTE call_known(NULL);
EXPLAIN (COSTS OFF) EXECUTE call_best('s3:4', 3);
RESET plan_cache_mode;
DEALLOCATE call_known;
DEALLOCATE call_best;
CREATE TABLE call_asked AS SELECT 's3' AS skill, jobspec 's3' AS job UNION ALL SELECT 't9', 't9:2' UNION ALL SELECT NULL, NULL;
ANALYZE call_asked;
SELECT used, answer FROM call_by('SET enable_seqscan = off', 'SELECT count(*) FROM call_asked a JOIN call_people p ON has_skill(p.skills, a.skill)');
SELECT used, answer FROM call_by('SET enable_seqscan = off', 'SELECT cost FROM call_asked a, LATERAL (SELECT job_cost(a.job, skills) AS cost FROM call_people ORDER BY job_cost(a.job, skills) LIMIT 1) p');
RESET enable_seqscan;

-- What is another in every row is a filter; NULL finds nothing.
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE has_skill(skills, CASE WHEN random() < 2 THEN 's3' END);
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE has_skill(skills, 's' || id);
SELECT count(*) FROM call_people WHERE has_skill(skills, NULL);
SELECT count(*) FROM call_people WHERE has_skill(skills, (SELECT NULL::text));
SELECT count(*) FROM call_people WHERE skill_qualifies(skills, (SELECT NULL::jobspec));
SELECT count(*) FROM call_people WHERE NOT has_skill(skills, 's3');

-- Partial indexes, and those of expressions, whether they say it by operator or by call.
SET enable_seqscan = off;
DROP INDEX call_skills;
CREATE INDEX call_part ON call_people USING shortlist (skills) WHERE has_skill(skills, 's3');
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE skills ? 's3' ORDER BY skills <=> 't7' LIMIT 1;
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE has_skill(skills, 's3') ORDER BY skills <=> 't7' LIMIT 1;
DROP INDEX call_part;
CREATE INDEX call_level ON call_people ((skills -> 's3')) WHERE skills ? 's3';
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE has_skill(skills, 's3') AND skill_level(skills, 's3') = 2;
SELECT count(*), (SELECT count(*) FROM call_people WHERE (skill_level(skills, 's3') = 2) IS TRUE) AS expected FROM call_people WHERE has_skill(skills, 's3') AND skill_level(skills, 's3') = 2;
DROP INDEX call_level;

-- The estimate is the operator's.
CREATE FUNCTION call_estimate(condition text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) SELECT FROM call_people WHERE ' || condition INTO plan;
    RETURN (plan #>> '{0,Plan,Plan Rows}')::float8;
END $$;
SELECT call_estimate($$has_skill(skills, 's3')$$) = call_estimate($$skills ? 's3'$$) AS same, call_estimate($$has_skill(skills, 's3')$$) BETWEEN 200 AND 900 AS sane,
       call_estimate($$NOT has_skill(skills, 's3')$$) = call_estimate($$NOT skills ? 's3'$$) AS same_of_not;

RESET enable_seqscan;
-- A function that is no operator's stays a call, even with the same support.
CREATE FUNCTION call_stranger(skillset, text) RETURNS boolean AS '$libdir/shortlist', 'has_skill' LANGUAGE C IMMUTABLE STRICT SUPPORT shortlist_operator_support;
CREATE FUNCTION call_alone(skillset) RETURNS integer AS '$libdir/shortlist', 'skill_count' LANGUAGE C IMMUTABLE STRICT SUPPORT shortlist_operator_support;
EXPLAIN (COSTS OFF) SELECT id FROM call_people WHERE call_stranger(skills, 's3') AND call_alone(skills) = 3;
RESET ALL;
DROP TABLE call_people, call_asked, call_events, call_conditions, call_orders;
DROP FUNCTION call_by(text, text), call_estimate(text), call_stranger(skillset, text), call_alone(skillset);
