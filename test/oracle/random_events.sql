-- Random facts and preferences of events, as jsonb. Their text is the types' own text form.

CREATE SCHEMA IF NOT EXISTS oracle;

CREATE FUNCTION oracle.some_place(OUT latitude float8, OUT longitude float8)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    CASE
    WHEN oracle.chance(0.6) THEN    -- around the globe, evenly
        latitude := round(degrees(asin(2 * random() - 1))::numeric, 5);
        longitude := round((360 * random() - 180)::numeric, 5);
    WHEN oracle.chance(0.5) THEN    -- at the antimeridian
        latitude := round((180 * random() - 90)::numeric, 5);
        longitude := oracle.pick('{180,-180,179.99,-179.99,179.5,-179.5}'::float8[]);
    WHEN oracle.chance(0.5) THEN    -- at the poles
        latitude := oracle.pick('{90,-90,89.999,-89.999}'::float8[]);
        longitude := round((360 * random() - 180)::numeric, 5);
    ELSE
        latitude := oracle.pick('{51.5072,0,-0.0}'::float8[]);
        longitude := oracle.pick('{-0.1276,0,-0.0}'::float8[]);
    END CASE;
END $$;

-- The same place, one some steps away, or the one right across the globe.
CREATE FUNCTION oracle.place_near(lat float8, lon float8, OUT latitude float8, OUT longitude float8)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    step float8 := oracle.pick('{0,0.001,0.01,0.1,1,10,100}'::float8[]);
BEGIN
    IF oracle.chance(0.05) THEN
        latitude := -lat;
        longitude := CASE WHEN lon > 0 THEN lon - 180 ELSE lon + 180 END;
        RETURN;
    END IF;
    latitude := greatest(-90, least(90, lat + step * (2 * random() - 1)));
    longitude := lon + step * (2 * random() - 1);
    longitude := CASE WHEN longitude > 180 THEN longitude - 360 WHEN longitude < -180 THEN longitude + 360 ELSE longitude END;
END $$;

-- An instant in December 2026: noon or midnight, at times one that limits name, or any to the microsecond.
CREATE FUNCTION oracle.some_instant() RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT to_char(CASE WHEN oracle.chance(0.1) THEN oracle.pick('{2026-12-10 12:00,2026-12-20,2026-12-21,2026-12-25}'::timestamp[])
                        WHEN oracle.chance(0.5) THEN '2026-12-01'::timestamp + floor(random() * 60) * interval '12 hours'
                        ELSE '2026-12-01'::timestamp + random() * interval '30 days' END,
                   'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

-- Facts that lie about where the preference looks, with `unknown` the chance that a value is not known.
CREATE FUNCTION oracle.some_facts(pref jsonb, unknown float8) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    place  record;
    result jsonb := '{}';
BEGIN
    IF NOT oracle.chance(unknown) THEN
        IF pref ? 'location' AND oracle.chance(0.8) THEN
            place := oracle.place_near((pref #>> '{location,latitude}')::float8, (pref #>> '{location,longitude}')::float8);
        ELSE
            place := oracle.some_place();
        END IF;
        result := result || jsonb_build_object('latitude', place.latitude, 'longitude', place.longitude);
    END IF;
    IF NOT oracle.chance(unknown) THEN
        result := result || jsonb_build_object('price', CASE WHEN oracle.chance(0.8) THEN floor(random() * 20) * 5
                                                             ELSE oracle.pick('{0.01,19.99,1e9,33.333}'::float8[]) END);
    END IF;
    IF NOT oracle.chance(unknown) THEN
        result := result || jsonb_build_object('attendees', CASE WHEN oracle.chance(0.8) THEN floor(random() * 20) * 20
                                                                 ELSE oracle.pick('{1,7.5,1e7,100}'::float8[]) END);
    END IF;
    IF NOT oracle.chance(unknown) THEN
        result := result || jsonb_build_object('starts_at', oracle.some_instant());
    END IF;
    RETURN result;
END $$;

-- What every criterion has: weight, side, and what unknown means; each left out at times.
CREATE FUNCTION oracle.some_policy() RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result jsonb := '{}';
BEGIN
    IF oracle.chance(0.7) THEN
        result := result || jsonb_build_object('weight', oracle.pick('{0,0.5,1,2,3,0.1,100}'::float8[]));
    END IF;
    IF oracle.chance(0.7) THEN
        result := result || jsonb_build_object('missing', oracle.pick('{"\"worst\"","\"skip\"","\"exclude\"",0,0.3,1}'::jsonb[]));
    END IF;
    RETURN result;
END $$;

-- A decay or a step. `lengths` are offsets and scales in the criterion's unit, as JSON; those above 0 come second.
CREATE FUNCTION oracle.some_decay(offsets jsonb[], scales jsonb[], sides bool, fallback text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    curve  text := oracle.pick(ARRAY['gauss', 'exp', 'linear', 'step', fallback]);
    result jsonb := '{}';
BEGIN
    IF curve <> fallback OR oracle.chance(0.5) THEN
        result := jsonb_build_object('curve', curve);
    END IF;
    IF curve = 'step' OR oracle.chance(0.6) THEN
        result := result || jsonb_build_object('offset', oracle.pick(offsets));
    END IF;
    IF sides AND oracle.chance(0.6) THEN
        result := result || jsonb_build_object('side', oracle.pick('{both,above,below}'::text[]));
    END IF;
    IF curve = 'step' THEN
        RETURN result;
    END IF;
    result := result || jsonb_build_object('scale', oracle.pick(scales));
    IF sides AND oracle.chance(0.4) THEN
        result := result || jsonb_build_object('scale_below', oracle.pick(scales));
    END IF;
    IF oracle.chance(0.5) THEN
        result := result || jsonb_build_object('decay', oracle.pick('{0.5,0.1,0.9,0.333,0.001}'::float8[]));
    END IF;
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_growth(fallback text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    curve  text := oracle.pick('{saturation,sigmoid}'::text[]);
    result jsonb := jsonb_build_object('pivot', oracle.pick('{1,20,100,0.5,5000}'::float8[]));
BEGIN
    IF curve <> fallback OR oracle.chance(0.5) THEN
        result := result || jsonb_build_object('curve', curve);
    END IF;
    IF curve = 'sigmoid' THEN
        result := result || jsonb_build_object('exponent', oracle.pick('{0.5,1,2,5.5,40}'::float8[]));
    END IF;
    RETURN result;
END $$;

-- A price or a crowd: either the nearer to the origin or the more the better.
CREATE FUNCTION oracle.some_amount_criterion(growing float8, fallback text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result jsonb := oracle.some_policy();
BEGIN
    IF oracle.chance(growing) THEN
        RETURN result || oracle.some_growth(fallback);
    END IF;
    IF oracle.chance(0.7) THEN
        result := result || jsonb_build_object('origin', oracle.pick('{0,20,35,50,100}'::float8[]));
    END IF;
    result := result || oracle.some_decay('{0,5,10,15,30}'::jsonb[], '{5,10,20,0.5,100}'::jsonb[], true,
                                          CASE fallback WHEN 'saturation' THEN 'gauss' ELSE fallback END);
    IF fallback = 'saturation' AND NOT result ? 'curve' THEN
        result := result || '{"curve": "gauss"}';
    END IF;
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_limits(located bool) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result jsonb := '{}';
BEGIN
    IF located AND oracle.chance(0.3) THEN
        result := result || jsonb_build_object('max_km', oracle.pick('{1,50,1000,20000}'::float8[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('max_price', oracle.pick('{0,20,60,33.333}'::float8[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('min_attendees', oracle.pick('{0,20,100}'::float8[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('max_attendees', oracle.pick('{100,200,380}'::float8[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('after', oracle.pick('{2026-12-01,2026-12-10T12:00:00Z,2026-12-20}'::text[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('before', oracle.pick('{2026-12-21,2026-12-25T00:00:00+00:00,2026-12-31}'::text[]));
    END IF;
    IF oracle.chance(0.3) THEN
        result := result || jsonb_build_object('min_score', oracle.pick('{0,0.25,0.3,0.5,0.9}'::float8[]));
    END IF;
    RETURN result;
END $$;

-- Lengths of time, as seconds or as intervals.
CREATE FUNCTION oracle.some_offsets() RETURNS jsonb[]
LANGUAGE sql IMMUTABLE AS $$ SELECT ARRAY['0', '3600', '"2 hours"', '"1 day"']::jsonb[] $$;

CREATE FUNCTION oracle.some_scales() RETURNS jsonb[]
LANGUAGE sql IMMUTABLE AS $$ SELECT ARRAY['86400', '"1 day"', '"1 week"', '"90 minutes"', '"20 days"']::jsonb[] $$;

-- A preference of random criteria. One of them has positive weight, as the type demands.
CREATE FUNCTION oracle.some_pref() RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    place  record;
    result jsonb := '{}';
BEGIN
    IF oracle.chance(0.6) THEN
        place := oracle.some_place();
        result := result || jsonb_build_object('location',
            oracle.some_policy()
            || CASE WHEN oracle.chance(0.05) THEN oracle.some_growth('exp')
                    ELSE oracle.some_decay('{0,1,5}'::jsonb[], '{1,5,50,2000,20000}'::jsonb[], oracle.chance(0.2), 'exp') END
            || jsonb_build_object('latitude', place.latitude, 'longitude', place.longitude));
    END IF;
    IF oracle.chance(0.6) THEN
        result := result || jsonb_build_object('price', oracle.some_amount_criterion(0.1, 'linear'));
    END IF;
    IF oracle.chance(0.6) THEN
        result := result || jsonb_build_object('attendees', oracle.some_amount_criterion(0.6, 'saturation'));
    END IF;
    IF oracle.chance(0.6) THEN
        result := result || jsonb_build_object('start', oracle.some_policy() || jsonb_build_object('origin', oracle.some_instant())
            || oracle.some_decay(oracle.some_offsets(), oracle.some_scales(), true, 'gauss'));
    END IF;
    IF NOT EXISTS (SELECT FROM jsonb_each(result) WHERE coalesce((value ->> 'weight')::float8, 1) > 0) THEN
        RETURN oracle.some_pref();
    END IF;
    IF oracle.chance(0.7) THEN
        result := result || jsonb_build_object('combine', oracle.pick('{sum,product,min}'::text[]));
    END IF;
    IF oracle.chance(0.5) THEN
        result := result || jsonb_build_object('limits', oracle.some_limits(result ? 'location'));
    END IF;
    RETURN result;
END $$;
