-- Learning plans by plain greedy in SQL, and the best of all plans by trying them, over a table
-- oracle.course (instance, id, teaches, cost), where courses come in the order of id.

CREATE SCHEMA IF NOT EXISTS oracle;

CREATE TABLE oracle.course (instance int, id bigint, teaches skillset, cost float8, PRIMARY KEY (instance, id));

CREATE TYPE oracle.plan AS (ids bigint[], gains float8[], ready float8, spent float8, tied bool);

-- Takes again and again, from the courses of these ids, the one of the highest gain per cost that still fits; of equal
-- ones that of the higher gain, then the first. `first` is taken before that. tied tells that the choice was so close
-- that rounding may have made it.
CREATE FUNCTION oracle.greedy(goal jobspec, have skillset, budget float8, of_instance int, among bigint[], first bigint) RETURNS oracle.plan
LANGUAGE plpgsql AS $$
DECLARE
    known  skillset := have;
    result oracle.plan := ('{}', '{}', skill_readiness(have, goal), 0, false);
    best   record;
    rival  record;
BEGIN
    LOOP
        best := NULL;
        FOR rival IN
            SELECT *, CASE WHEN cost = 0 THEN 'Infinity' ELSE gain / cost END AS rate
            FROM (SELECT c.*, skill_readiness(known || c.teaches, goal) - result.ready AS gain FROM oracle.course c
                  WHERE c.instance = of_instance AND c.id = ANY (among) AND c.id <> ALL (result.ids)
                    AND result.spent + c.cost <= budget * (1 + 1e-12)
                    AND (first IS NULL OR result.ids <> '{}' OR c.id = first)) s
            WHERE gain > 1e-12 ORDER BY rate DESC, gain DESC, id LIMIT 2
        LOOP
            IF best IS NULL THEN
                best := rival;
            ELSE
                result.tied := result.tied OR (rival.teaches <> best.teaches AND best.cost > 0 AND rival.rate > best.rate * (1 - 1e-9));
            END IF;
        END LOOP;
        EXIT WHEN best IS NULL;
        known := known || best.teaches;
        result.ids := result.ids || best.id;
        result.gains := result.gains || best.gain;
        result.ready := skill_readiness(known, goal);
        result.spent := result.spent + best.cost;
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION oracle.plan(goal jobspec, have skillset, budget float8, of_instance int) RETURNS oracle.plan
LANGUAGE plpgsql AS $$
DECLARE
    everything bigint[] := ARRAY(SELECT id FROM oracle.course WHERE instance = of_instance);
    greedy     oracle.plan := oracle.greedy(goal, have, budget, of_instance, everything, NULL);
    single     bigint;
    other      oracle.plan;
    tied       bool;
BEGIN
    SELECT id INTO single
    FROM (SELECT c.*, ready, max(ready) OVER () AS most FROM oracle.course c, skill_readiness(have || c.teaches, goal) ready
          WHERE instance = of_instance AND cost <= budget) s
    WHERE ready >= most - 1e-12 ORDER BY cost, id LIMIT 1;
    IF single IS NULL THEN
        RETURN greedy;
    END IF;
    other := oracle.greedy(goal, have, budget, of_instance, everything, single);
    tied := greedy.tied OR other.tied OR (abs(other.ready - greedy.ready) < 1e-12 AND other.ready <> greedy.ready);
    IF other.ready > greedy.ready OR (other.ready = greedy.ready AND other.spent < greedy.spent) THEN
        greedy := oracle.greedy(goal, have, 'Infinity', of_instance, other.ids, NULL);
    END IF;
    greedy.tied := tied OR greedy.tied;
    RETURN greedy;
END $$;

-- The highest readiness of any choice of courses within the budget.
CREATE FUNCTION oracle.best_readiness(goal jobspec, have skillset, budget float8, of_instance int) RETURNS float8
LANGUAGE sql AS $$
    WITH RECURSIVE choice AS (
        SELECT 0::bigint AS latest, have AS known, 0::float8 AS spent
        UNION ALL
        SELECT c.id, known || c.teaches, spent + c.cost FROM choice JOIN oracle.course c ON instance = of_instance AND c.id > latest
        WHERE spent + c.cost <= budget)
    SELECT max(skill_readiness(known, goal)) FROM choice
$$;
