-- The skill scores once more, in plain SQL over jsonb, written from the formulas alone.
-- Nothing here uses a type, function or operator of the extension: tests include this file and compare.
--
-- A skillset is {"python": 4, "sql": {"level": 3, "last": "...", "stability": 30}},
-- a jobspec is {"items": [{"skill", "alternatives", "from", "need", "weight", "must"}], "at_least", "as_of"}.
-- The types store levels, needs, weights and credits as float4, so every such number passes through float4 here.

CREATE SCHEMA IF NOT EXISTS oracle;

-- A number as the types store it, ready for arithmetic in float8.
CREATE FUNCTION oracle.stored(number text) RETURNS float8
LANGUAGE sql IMMUTABLE AS $$ SELECT number::float4::float8 $$;

-- FSRS-6: 0.9 of a skill is left after `stability` days without practice. Practice to come fades nothing.
CREATE FUNCTION oracle.retention(days float8, stability float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN power(1 + (power(0.9::float8, -1 / 0.1542::float8) - 1) * greatest(days, 0) / stability, -0.1542::float8);
END $$;

-- What is held at time `clock`; without a clock, or without both dates, nothing fades.
CREATE FUNCTION oracle.held(skills jsonb, clock timestamptz) RETURNS TABLE (skill text, level float8)
LANGUAGE sql STABLE AS $$
    SELECT key,
           CASE WHEN jsonb_typeof(value) = 'number' THEN oracle.stored(value #>> '{}')
                ELSE oracle.stored(value ->> 'level')
                     * coalesce(oracle.retention(extract(epoch FROM clock - (value ->> 'last')::timestamptz)::float8 / 86400,
                                                 oracle.stored(value ->> 'stability')), 1)
           END
    FROM jsonb_each(skills)
$$;

CREATE FUNCTION oracle.items(job jsonb)
RETURNS TABLE (item bigint, skill text, start float8, need float8, weight float8, must bool, others jsonb)
LANGUAGE sql STABLE AS $$
    SELECT ordinality, value ->> 'skill',
           coalesce(oracle.stored(value ->> 'from'), 0),
           coalesce(oracle.stored(value ->> 'need'), 1),
           coalesce(oracle.stored(value ->> 'weight'), 1),
           coalesce((value ->> 'must')::bool, false),
           coalesce(value -> 'alternatives', '{}')
    FROM jsonb_array_elements(coalesce(job -> 'items', '[]')) WITH ORDINALITY
$$;

-- Every way to satisfy an item: its own name counts in full, an alternative in part.
CREATE FUNCTION oracle.ways(job jsonb) RETURNS TABLE (item bigint, via text, need float8, credit float8)
LANGUAGE sql STABLE AS $$
    SELECT item, skill, need, 1.0::float8 FROM oracle.items(job)
    UNION ALL
    SELECT item, a.key, need, oracle.stored(a.value) FROM oracle.items(job), jsonb_each_text(others) a
$$;

-- How far each item is reached by its best way, and what of it is credited: the part beyond where the item starts.
CREATE FUNCTION oracle.credits(skills jsonb, job jsonb)
RETURNS TABLE (item bigint, skill text, start float8, need float8, weight float8, must bool, reach float8, credit float8)
LANGUAGE sql STABLE AS $$
    SELECT i.item, i.skill, i.start, i.need, i.weight, i.must, coalesce(r.reach, 0),
           greatest(0, coalesce(r.reach, 0) - i.start / i.need) / (1 - i.start / i.need)
    FROM oracle.items(job) i
    LEFT JOIN (
        SELECT w.item, max(w.credit * least(1, h.level / w.need)) AS reach
        FROM oracle.ways(job) w JOIN oracle.held(skills, (job ->> 'as_of')::timestamptz) h ON h.skill = w.via
        GROUP BY w.item) r ON r.item = i.item
$$;

-- A job that asks for nothing, or whose weights are all 0, is done.
CREATE FUNCTION oracle.readiness(skills jsonb, job jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(sum(weight * credit) / nullif(sum(weight), 0), 1) FROM oracle.credits(skills, job));
END $$;

CREATE FUNCTION oracle.use(skills jsonb, job jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(sum(h.level * least(h.level, coalesce(n.need, 0))) / sum(h.level * h.level), 0)
        FROM oracle.held(skills, (job ->> 'as_of')::timestamptz) h
        LEFT JOIN (SELECT via, max(need) AS need FROM oracle.ways(job) GROUP BY via) n ON n.via = h.skill);
END $$;

CREATE FUNCTION oracle.fit(skills jsonb, job jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (oracle.readiness(skills, job) + oracle.use(skills, job)) / 2;
END $$;

CREATE FUNCTION oracle.qualifies(skills jsonb, job jsonb) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM oracle.credits(skills, job) WHERE must AND reach < 1)
       AND oracle.readiness(skills, job) >= coalesce((job ->> 'at_least')::float8, 0);
END $$;

-- What is left to learn. A person starts each item where they stand, and the item weighs what of it is still open.
CREATE FUNCTION oracle.gap(skills jsonb, job jsonb) RETURNS TABLE (skill text, start float8, need float8, weight float8)
LANGUAGE sql STABLE AS $$
    SELECT skill, greatest(reach * need, start), need, weight * (1 - credit)
    FROM oracle.credits(skills, job) WHERE credit < 1
$$;

-- The share of that gap which `teaches` closes, from two readinesses; nothing left is all closed.
CREATE FUNCTION oracle.closes(skills jsonb, merged jsonb, job jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
DECLARE
    before float8 := oracle.readiness(skills, job);
BEGIN
    RETURN CASE WHEN before >= 1 THEN 1 ELSE (oracle.readiness(merged, job) - before) / (1 - before) END;
END $$;
