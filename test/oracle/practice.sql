-- FSRS-6 once more, in plain SQL, from the published formulas; and what practice_agg() makes of a log.

CREATE SCHEMA IF NOT EXISTS oracle;

CREATE TYPE oracle.memory AS (stability float8, difficulty float8);

-- After a session of rating g, `days` after the one before; before is NULL for the first.
CREATE FUNCTION oracle.practised(before oracle.memory, days float8, g int) RETURNS oracle.memory
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    w     float8[] := '[0:20]={0.212,1.2931,2.3065,8.2956,6.4133,0.8334,3.0194,0.001,1.8722,0.1666,0.796,1.4835,0.0614,0.2629,1.6483,0.6014,1.8729,0.5425,0.0912,0.0658,0.1542}';
    s     float8 := before.stability;
    d     float8 := before.difficulty;
    r     float8;
    after oracle.memory;
BEGIN
    IF s IS NULL THEN
        after.stability := w[g - 1];
        after.difficulty := w[4] - exp(w[5] * (g - 1)) + 1;
    ELSE
        r := power(1 + (power(0.9::float8, -1 / w[20]) - 1) * days / s, -w[20]);
        after.stability := CASE
            WHEN days < 1 AND g >= 3 THEN greatest(s, s * exp(w[17] * (g - 3 + w[18])) * power(s, -w[19]))
            WHEN days < 1 THEN s * exp(w[17] * (g - 3 + w[18])) * power(s, -w[19])
            WHEN g = 1 THEN least(w[11] * power(d, -w[12]) * (power(s + 1, w[13]) - 1) * exp(w[14] * (1 - r)), s / exp(w[17] * w[18]))
            ELSE s * (1 + exp(w[8]) * (11 - d) * power(s, -w[9]) * (exp(w[10] * (1 - r)) - 1)
                          * CASE g WHEN 2 THEN w[15] WHEN 4 THEN w[16] ELSE 1 END)
        END;
        after.difficulty := w[7] * (w[4] - exp(w[5] * 3) + 1) + (1 - w[7]) * (d - w[6] * (g - 3) * (10 - d) / 9);
    END IF;
    after.stability := least(greatest(after.stability, 0.001), 36500);
    after.difficulty := least(greatest(after.difficulty, 1), 10);
    RETURN after;
END $$;

-- The stability that a history leaves; sessions of one moment in the order of their ratings.
CREATE FUNCTION oracle.stability(times timestamptz[], ratings int[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    memory oracle.memory;
    before timestamptz;
    one    record;
BEGIN
    FOR one IN SELECT t, coalesce(r, 3) AS r FROM unnest(times, ratings) u (t, r) ORDER BY 1, 2 LOOP
        memory := oracle.practised(memory, extract(epoch FROM one.t - before)::float8 / 86400, one.r);
        before := one.t;
    END LOOP;
    RETURN memory.stability;
END $$;
