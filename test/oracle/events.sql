-- The event score once more, in plain SQL over jsonb, written from the formulas alone.
-- Nothing here uses a type, function or operator of the extension: tests include this file and compare.
--
-- Facts are {"latitude", "longitude", "price", "attendees", "starts_at"}, each may be absent;
-- a preference is {"location", "price", "attendees", "start", "combine", "limits"}.
-- A date without a zone means UTC.

CREATE SCHEMA IF NOT EXISTS oracle;

-- Great-circle distance in km. The haversine of the way to the antipode stands in for 1 - haversine,
-- which would lose half its digits between places nearly opposite each other. In degrees, so that
-- a pole is one place and 180 west is 180 east to the last bit.
CREATE FUNCTION oracle.distance_km(lat1 float8, lon1 float8, lat2 float8, lon2 float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN 2 * 6371.0088::float8 * atan2(
        sqrt(sind((lat2 - lat1) / 2) ^ 2 + cosd(lat1) * cosd(lat2) * sind((lon2 - lon1) / 2) ^ 2),
        sqrt(sind((lat2 + lat1) / 2) ^ 2 + cosd(lat1) * cosd(lat2) * cosd((lon2 - lon1) / 2) ^ 2));
END $$;

-- exp() of PostgreSQL reports an underflow where 0 is the answer.
CREATE FUNCTION oracle.exp0(power float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN CASE WHEN power < -745 THEN 0 ELSE exp(power) END;
END $$;

-- An instant in seconds.
CREATE FUNCTION oracle.seconds(instant text) RETURNS float8
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN extract(epoch FROM CASE WHEN instant ~ ':.*([zZ]|[+-]\d\d(:?\d\d)?)$' THEN instant::timestamptz
                                   ELSE instant::timestamp AT TIME ZONE 'UTC' END)::float8;
END $$;

-- A length: a JSON number in the criterion's unit, or an interval as text.
CREATE FUNCTION oracle.length(value jsonb) RETURNS float8
LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN CASE jsonb_typeof(value) WHEN 'number' THEN (value #>> '{}')::float8
                                    WHEN 'string' THEN extract(epoch FROM (value #>> '{}')::interval)::float8 END;
END $$;

-- How far beyond the offset a value lies on a side that is penalised, 0 elsewhere.
CREATE FUNCTION oracle.excess(v float8, origin float8, "offset" float8, side text) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN CASE WHEN side = 'above' AND v < origin OR side = 'below' AND v > origin THEN 0
                ELSE greatest(0, abs(v - origin) - "offset") END;
END $$;

CREATE FUNCTION oracle.decays(curve text, x float8, scale float8, decay float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN CASE curve
           WHEN 'gauss' THEN oracle.exp0((x / scale) * (x / scale) * ln(decay))
           WHEN 'exp' THEN oracle.exp0(x / scale * ln(decay))
           WHEN 'linear' THEN greatest(0, 1 - x * (1 - decay) / scale) END;
END $$;

-- v^e / (v^e + pivot^e) as 1 / (1 + (pivot/v)^e), which neither overflows nor divides by 0.
CREATE FUNCTION oracle.grows(v float8, pivot float8, exponent float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN CASE WHEN v = 0 THEN 0
                WHEN exponent * ln(pivot / v) > 700 THEN 0
                ELSE 1 / (1 + oracle.exp0(exponent * ln(pivot / v))) END;
END $$;

-- The utility of a known value under one criterion.
CREATE FUNCTION oracle.utility(v float8, origin float8, curve text, side text, criterion jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE
               WHEN v IS NULL THEN NULL
               WHEN curve = 'saturation' THEN oracle.grows(v, (criterion ->> 'pivot')::float8, 1)
               WHEN curve = 'sigmoid' THEN oracle.grows(v, (criterion ->> 'pivot')::float8, (criterion ->> 'exponent')::float8)
               WHEN curve = 'step' THEN CASE WHEN x = 0 THEN 1 ELSE 0 END
               ELSE oracle.decays(curve, x,
                                  oracle.length(CASE WHEN v < origin THEN coalesce(criterion -> 'scale_below', criterion -> 'scale')
                                                     ELSE criterion -> 'scale' END),
                                  coalesce((criterion ->> 'decay')::float8, 0.5))
               END
        FROM oracle.excess(v, origin, coalesce(oracle.length(criterion -> 'offset'), 0), side) x);
END $$;

-- A row per criterion that counts: its weight, the utility of the row's value, and what unknown means.
CREATE FUNCTION oracle.criteria(facts jsonb, pref jsonb)
RETURNS TABLE (criterion text, v float8, weight float8, utility float8, missing text)
LANGUAGE sql STABLE AS $$
    SELECT c.criterion, c.v, coalesce((c.spec ->> 'weight')::float8, 1),
           oracle.utility(c.v, c.origin, coalesce(c.spec ->> 'curve', c.curve), coalesce(c.spec ->> 'side', c.side), c.spec),
           coalesce(c.spec ->> 'missing', 'worst')
    FROM (VALUES
        ('location', pref -> 'location', 'exp', 'both', 0::float8,
         oracle.distance_km((facts ->> 'latitude')::float8, (facts ->> 'longitude')::float8,
                            (pref #>> '{location,latitude}')::float8, (pref #>> '{location,longitude}')::float8)),
        ('price', pref -> 'price', 'linear', 'above',
         coalesce((pref #>> '{price,origin}')::float8, 0), (facts ->> 'price')::float8),
        ('attendees', pref -> 'attendees', 'saturation', 'both',
         coalesce((pref #>> '{attendees,origin}')::float8, 0), (facts ->> 'attendees')::float8),
        ('start', pref -> 'start', 'gauss', 'both',
         oracle.seconds(pref #>> '{start,origin}'), oracle.seconds(facts ->> 'starts_at'))
    ) c (criterion, spec, curve, side, origin, v)
    WHERE c.spec IS NOT NULL AND coalesce((c.spec ->> 'weight')::float8, 1) > 0
$$;

-- The criteria with unknown values settled. `skip` leaves a criterion out, so it has no row here.
CREATE FUNCTION oracle.settled(facts jsonb, pref jsonb)
RETURNS TABLE (criterion text, weight float8, utility float8, excluded bool)
LANGUAGE sql STABLE AS $$
    SELECT criterion, weight,
           CASE WHEN v IS NOT NULL THEN utility
                WHEN missing IN ('worst', 'exclude') THEN 0
                ELSE missing::float8 END,
           v IS NULL AND missing = 'exclude'
    FROM oracle.criteria(facts, pref)
    WHERE v IS NOT NULL OR missing <> 'skip'
$$;

-- Utilities too small to be multiplied, which PostgreSQL would report as an underflow, are nothing to a sum.
CREATE FUNCTION oracle.event_score(facts jsonb, pref jsonb) RETURNS float8
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE
               WHEN count(*) = 0 OR bool_or(excluded) THEN 0
               WHEN coalesce(pref ->> 'combine', 'sum') = 'sum'
               THEN sum(weight * CASE WHEN utility < 1e-290 THEN 0 ELSE utility END) / sum(weight)
               WHEN pref ->> 'combine' = 'min' OR min(utility) = 0 THEN min(utility)
               ELSE oracle.exp0(sum(weight * ln(nullif(utility, 0))) / sum(weight))
               END
        FROM oracle.settled(facts, pref));
END $$;

-- Each limit that the preference sets, and whether the facts keep it. A limit on an unknown value fails.
CREATE FUNCTION oracle.limits(facts jsonb, pref jsonb) RETURNS TABLE (name text, kept bool)
LANGUAGE sql STABLE AS $$
    SELECT k.name, coalesce(k.kept, false)
    FROM (SELECT pref -> 'limits' AS l,
                 oracle.distance_km((facts ->> 'latitude')::float8, (facts ->> 'longitude')::float8,
                                    (pref #>> '{location,latitude}')::float8, (pref #>> '{location,longitude}')::float8) AS km,
                 oracle.seconds(facts ->> 'starts_at') AS start) f,
    LATERAL (VALUES
        ('max_km', km <= (l ->> 'max_km')::float8),
        ('max_price', (facts ->> 'price')::float8 <= (l ->> 'max_price')::float8),
        ('min_attendees', (facts ->> 'attendees')::float8 >= (l ->> 'min_attendees')::float8),
        ('max_attendees', (facts ->> 'attendees')::float8 <= (l ->> 'max_attendees')::float8),
        ('after', start >= oracle.seconds(l ->> 'after')),
        ('before', start < oracle.seconds(l ->> 'before')),
        ('min_score', oracle.event_score(facts, pref) >= (l ->> 'min_score')::float8)
    ) k (name, kept)
    WHERE l ? k.name
$$;

CREATE FUNCTION oracle.acceptable(facts jsonb, pref jsonb) RETURNS bool
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (SELECT FROM oracle.settled(facts, pref) WHERE excluded)
       AND NOT EXISTS (SELECT FROM oracle.limits(facts, pref) WHERE NOT kept);
END $$;
