-- Four tables of random rows, and random questions to them: asked.people, asked.jobs, asked.events and asked.meetups, which are
-- events too, for the other kind of index; each is (id, k, value).
-- k counts the rows of one call of add_rows(), so that a filter on it keeps one row in ten thousand of as many.
-- Needs random_skills.sql, random_events.sql and same_answer.sql.

CREATE SCHEMA IF NOT EXISTS asked;
CREATE SEQUENCE asked.ids;
CREATE TABLE asked.people (id bigint NOT NULL DEFAULT nextval('asked.ids'), k int, value skillset);
CREATE TABLE asked.jobs (id bigint NOT NULL DEFAULT nextval('asked.ids'), k int, value jobspec);
CREATE TABLE asked.events (id bigint NOT NULL DEFAULT nextval('asked.ids'), k int, value eventfacts);
CREATE TABLE asked.meetups (id bigint NOT NULL DEFAULT nextval('asked.ids'), k int, value eventfacts);

-- Skills --------------------------------------------------------------------------------------------------------------

-- Some names are everywhere, most are rare.
CREATE FUNCTION asked.some_name() RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN oracle.chance(0.03) THEN oracle.pick(oracle.skill_names())
                WHEN oracle.chance(0.1) THEN 'rare' || floor(random() * 2000)::int
                ELSE 's' || floor(random() ^ 2 * 40)::int END
$$;

CREATE FUNCTION asked.some_level() RETURNS float8
LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN oracle.chance(0.6) THEN 1 + floor(random() * 5)
                WHEN oracle.chance(0.5) THEN 0.5 + floor(random() * 10) / 2
                WHEN oracle.chance(0.9) THEN 0.01 + random() * 7
                ELSE oracle.pick('{1e-30,1e30,16777217,0.000001}'::float8[]) END
$$;

-- Empty at times, at times longer than a page; half of the skills of some fade.
CREATE FUNCTION asked.some_person() RETURNS skillset
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    n     int := CASE WHEN oracle.chance(0.02) THEN 0 WHEN oracle.chance(0.01) THEN 60 ELSE 1 + floor(random() * 9)::int END;
    fades float8 := CASE WHEN oracle.chance(0.3) THEN 0.5 ELSE 0 END;
    names text[] := ARRAY(SELECT DISTINCT asked.some_name() FROM generate_series(1, n));
BEGIN
    IF oracle.chance(0.002) THEN
        names := ARRAY(SELECT 'many' || i FROM generate_series(1, 1500) i);
    END IF;
    RETURN (SELECT coalesce(skillset_agg(name, asked.some_level(), CASE WHEN dated THEN '2026-01-01 00:00+00'::timestamptz - random() * interval '900 days' END,
                                         CASE WHEN dated THEN 1 + random() * 300 END), '')
            FROM (SELECT name, oracle.chance(fades) AS dated FROM unnest(names) name) x);
END $$;

-- With alternatives, froms, musts, weights of 0, a clock and a threshold, each at times.
CREATE FUNCTION asked.some_job() RETURNS jobspec
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    item  text;
    other text;
    need  float8;
    text  text;
    texts text[] := '{}';
BEGIN
    FOR item IN SELECT DISTINCT asked.some_name() FROM generate_series(1, CASE WHEN oracle.chance(0.03) THEN 0 ELSE 1 + floor(random() * 7)::int END) LOOP
        need := asked.some_level();
        text := '"' || replace(item, '"', '""') || '"';
        other := asked.some_name();
        IF other <> item AND oracle.chance(0.4) THEN
            text := text || '|"' || replace(other, '"', '""') || '"' || CASE WHEN oracle.chance(0.7) THEN '~' || (1 + floor(random() * 10)) / 10 ELSE '' END;
        END IF;
        texts := texts || (text || ':' || CASE WHEN oracle.chance(0.2) THEN (need / 2)::real || '..' ELSE '' END || need::real
                           || '*' || CASE WHEN oracle.chance(0.05) THEN 0 ELSE 1 + floor(random() * 4) END
                           || CASE WHEN oracle.chance(0.15) THEN '!' ELSE '' END);
    END LOOP;
    IF oracle.chance(0.3) THEN
        texts := texts || '@as_of 2026-01-01'::text;
    END IF;
    IF oracle.chance(0.2) THEN
        texts := texts || ('@at_least ' || (floor(random() * 10) / 10)::text);
    END IF;
    RETURN array_to_string(texts, ', ')::jobspec;
END $$;

-- Events --------------------------------------------------------------------------------------------------------------

CREATE TABLE asked.cities AS
SELECT city, place.* FROM generate_series(0, 29) city, LATERAL (SELECT * FROM oracle.some_place() WHERE city >= 0) place;

-- A price or attendees: mostly small whole numbers, so that ties are common; at times what floats can just hold, or cannot.
CREATE FUNCTION asked.some_amount(typical float8) RETURNS float8
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    r float8 := random();
BEGIN
    RETURN CASE WHEN r < 0.35 THEN 0
                WHEN r < 0.65 THEN floor(random() * typical)
                WHEN r < 0.96 THEN round((typical * exp(4 * (random() - 0.5)))::numeric, 2)::float8
                ELSE oracle.pick('{5e-324,1e-45,1e-30,0.1,16777217,3.4028234663852886e38,3.5e38,1e300,1.7976931348623157e308}'::float8[]) END;
END $$;

CREATE FUNCTION asked.some_start() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    r float8 := random();
BEGIN
    RETURN CASE WHEN r < 0.01 THEN '4714-11-24 00:00:00+00 BC'::timestamptz
                WHEN r < 0.02 THEN '294276-12-31 23:59:59.999999+00'
                WHEN r < 0.60 THEN '2026-12-01 00:00+00'::timestamptz + floor(random() * 360) * interval '12 hours'
                ELSE '2026-12-01 00:00+00'::timestamptz + random() * interval '180 days' END;
END $$;

-- Each thing is unknown to one in ten; some know nothing at all.
CREATE FUNCTION asked.some_event() RETURNS eventfacts
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    latitude  float8;
    longitude float8;
BEGIN
    IF random() < 0.02 THEN
        RETURN event_facts();
    ELSIF random() < 0.8 THEN   -- in a city
        SELECT greatest(-90, least(90, c.latitude + (random() + random() - 1) * 0.2)),
               greatest(-180, least(180, c.longitude + (random() + random() - 1) * 0.2))
        INTO latitude, longitude FROM asked.cities c WHERE city = floor(30 * random() ^ 2);
    ELSIF random() < 0.5 THEN   -- anywhere, edges too
        SELECT p.latitude, p.longitude INTO latitude, longitude FROM oracle.some_place() p;
    END IF;
    RETURN event_facts(latitude, longitude, CASE WHEN random() < 0.9 THEN asked.some_amount(30) END,
                       CASE WHEN random() < 0.9 THEN asked.some_amount(100) END, CASE WHEN random() < 0.9 THEN asked.some_start() END);
END $$;

-- One criterion with any curve, and numbers from the sensible to the absurd; `unit` is what it is counted in.
CREATE FUNCTION asked.some_criterion(unit float8, growing bool) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    curves text[] := '{gauss,exp,linear,step}';
    result jsonb;
BEGIN
    IF growing THEN
        curves := curves || '{saturation,sigmoid}'::text[];
    END IF;
    result := jsonb_build_object(
        'weight', oracle.pick('{0,1,1,1,2,0.5,3,0.001,1e-12,1e12}'::float8[]),
        'curve', oracle.pick(curves),
        'scale', unit * oracle.pick('{1e-9,0.001,0.1,1,1,3,10,10,100,1e4,1e9}'::float8[]),
        'offset', unit * oracle.pick('{0,0,0,0.001,1,5,50,1e6}'::float8[]),
        'decay', oracle.pick('{0.5,0.5,0.1,0.9,0.001,0.999999}'::float8[]),
        'side', oracle.pick('{both,both,above,below}'::text[]),
        'missing', oracle.pick('{"\"worst\"","\"worst\"","\"skip\"","\"skip\"","\"exclude\"",0.3,0.9,1}'::jsonb[]));
    IF growing THEN
        result := result || jsonb_build_object('pivot', unit * oracle.pick('{0.001,1,10,100,1000,1e9}'::float8[]),
                                               'exponent', oracle.pick('{0.01,0.5,1,2,8,1000}'::float8[]));
    END IF;
    IF random() < 0.3 THEN
        result := result || jsonb_build_object('scale_below', unit * oracle.pick('{1e-6,0.1,1,10,1000}'::float8[]));
    END IF;
    RETURN result;
END $$;

-- Its start, unless that is in a year that timestamptz reads otherwise.
CREATE FUNCTION asked.start_of(event jsonb) RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT CASE WHEN event ->> 'starts_at' ~ '^20' THEN (event ->> 'starts_at')::timestamptz END $$;

-- Limits that the event meets exactly, or just misses.
CREATE FUNCTION asked.some_limits(event jsonb, pref jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    often  float8 := oracle.pick('{0.1,0.1,0.4}'::float8[]);
    start  timestamptz := asked.start_of(event);
    km     float8;
    result jsonb := '{}';
BEGIN
    SELECT value INTO km FROM event_explain(eventfacts(event), eventpref(pref)) WHERE criterion = 'location';
    IF random() < often AND km IS NOT NULL THEN
        result := result || jsonb_build_object('max_km', km * oracle.pick('{1,1,0.999,1.1,10}'::float8[]));
    END IF;
    IF random() < often AND event ? 'price' THEN
        result := result || jsonb_build_object('max_price', (event -> 'price'));
    END IF;
    IF random() < often AND event ? 'attendees' THEN
        result := result || jsonb_build_object(oracle.pick('{min_attendees,max_attendees}'::text[]), (event -> 'attendees'));
    END IF;
    IF random() < often AND start IS NOT NULL THEN
        result := result || jsonb_build_object('after', event -> 'starts_at');
        IF random() < 0.5 THEN
            result := result || jsonb_build_object('before', to_char(start + oracle.pick('{1 microsecond,1 hour,30 days}'::interval[]),
                                                                     'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'));
        END IF;
    ELSIF random() < often AND start IS NOT NULL THEN
        result := result || jsonb_build_object('before', event -> 'starts_at');
    END IF;
    IF random() < often THEN
        result := result || jsonb_build_object('min_score', event_score(eventfacts(event), eventpref(pref)));
    END IF;
    RETURN result;
END $$;

-- A preference that looks to where an event is. Half are as people might have them.
CREATE FUNCTION asked.some_wish() RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    event  jsonb := '{}';
    result jsonb := '{}';
BEGIN
    SELECT value::jsonb INTO event FROM asked.events WHERE value IS NOT NULL OFFSET floor(random() * 300) LIMIT 1;
    event := coalesce(event, '{}');
    IF random() < 0.5 THEN
        result := oracle.some_pref();
        IF result ? 'location' AND event ? 'latitude' AND random() < 0.8 THEN
            result := jsonb_set(result, '{location}', result -> 'location'
                || jsonb_build_object('latitude', event -> 'latitude', 'longitude', event -> 'longitude'));
        END IF;
        RETURN result;
    END IF;
    IF random() < 0.7 AND event ? 'latitude' THEN
        result := result || jsonb_build_object('location', asked.some_criterion(1, true)
            || jsonb_build_object('latitude', event -> 'latitude', 'longitude', event -> 'longitude'));
    END IF;
    IF random() < 0.7 THEN
        result := result || jsonb_build_object('price', asked.some_criterion(1, true)
            || jsonb_build_object('origin', coalesce(event -> 'price', '17')));
    END IF;
    IF random() < 0.7 THEN
        result := result || jsonb_build_object('attendees', asked.some_criterion(1, true)
            || jsonb_build_object('origin', oracle.pick(ARRAY[coalesce(event -> 'attendees', '100'), '-5', '0']::jsonb[])));
    END IF;
    IF random() < 0.7 AND asked.start_of(event) IS NOT NULL THEN
        result := result || jsonb_build_object('start', asked.some_criterion(86400, false)
            || jsonb_build_object('origin', event -> 'starts_at'));
    END IF;
    result := result || jsonb_build_object('combine', oracle.pick('{sum,product,min}'::text[]));
    IF NOT EXISTS (SELECT FROM jsonb_each(result) WHERE key <> 'combine' AND (value ->> 'weight')::float8 > 0) THEN
        RETURN asked.some_wish();
    END IF;
    IF random() < 0.6 THEN
        result := result || jsonb_build_object('limits', asked.some_limits(event, result));
    END IF;
    RETURN result;
END $$;

-- Rows ----------------------------------------------------------------------------------------------------------------

-- Of which of the three a table is, by its type: other tables of the schema can be asked too.
CREATE FUNCTION asked.kind_of(relation text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE format_type(atttypid, NULL) WHEN 'skillset' THEN 'people' WHEN 'jobspec' THEN 'jobs' ELSE 'events' END
    FROM pg_attribute WHERE attrelid = ('asked.' || relation)::regclass AND attname = 'value'
$$;

CREATE FUNCTION asked.some_value(relation text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN CASE relation WHEN 'people' THEN asked.some_person()::text WHEN 'jobs' THEN asked.some_job()::text ELSE asked.some_event()::text END;
END $$;

-- One row in a hundred is NULL; one in ten is the twin of another.
CREATE FUNCTION asked.add_rows(relation text, amount int) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    type text := (SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = ('asked.' || relation)::regclass AND attname = 'value');
BEGIN
    EXECUTE format('INSERT INTO asked.%I (k, value) SELECT i, CASE WHEN i %% 97 > 0 THEN asked.some_value(%1$L)::%s END FROM generate_series(1, $1 * 9 / 10) i',
                   relation, type) USING amount;
    EXECUTE format('INSERT INTO asked.%I (k, value) SELECT $1 * 9 / 10 + row_number() OVER (), value FROM (SELECT value FROM asked.%1$I LIMIT $1 / 10) s', relation)
        USING amount;
END $$;

CREATE FUNCTION asked.add_rows(amount int) RETURNS void
LANGUAGE sql VOLATILE AS $$
    SELECT asked.add_rows(relation, amount) FROM unnest('{people,jobs,events,meetups}'::text[]) relation
$$;

-- Questions -----------------------------------------------------------------------------------------------------------

CREATE FUNCTION asked.some_argument(relation text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN CASE relation WHEN 'people' THEN format('%L::jobspec', asked.some_job())
                         WHEN 'jobs' THEN format('%L::skillset', asked.some_person())
                         ELSE format('%L::eventpref', asked.some_wish()) END;
END $$;

CREATE FUNCTION asked.some_names(most int) RETURNS text[]
LANGUAGE sql VOLATILE AS $$ SELECT ARRAY(SELECT asked.some_name() FROM generate_series(1, floor(random() * (most + 1))::int)) $$;

-- NULL where there is none.
CREATE FUNCTION asked.some_filter(relation text, argument text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    own text;
BEGIN
    IF oracle.chance(0.3) THEN
        RETURN NULL;
    ELSIF oracle.chance(0.15) THEN
        RETURN 'k = 7';     -- of ten thousand rows, one
    ELSIF oracle.chance(0.1) THEN
        RETURN 'k % 10 = 3';
    END IF;
    own := format('value @@ %s', CASE WHEN oracle.chance(0.5) THEN argument ELSE asked.some_argument(relation) END);
    IF relation = 'people' AND oracle.chance(0.75) THEN
        own := CASE floor(random() * 4)::int
               WHEN 0 THEN format('value ? %L', asked.some_name())
               WHEN 1 THEN format('value ?| %L', asked.some_names(3))
               WHEN 2 THEN format('value ?& %L', asked.some_names(2))
               ELSE format('value @> %L::skillset', skillset(ARRAY[asked.some_name()], ARRAY[asked.some_level()])) END;
    END IF;
    RETURN own || CASE WHEN oracle.chance(0.2) THEN ' AND k % 3 = 1' ELSE '' END;
END $$;

CREATE FUNCTION asked.some_operator(relation text) RETURNS text
LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN relation = 'events' OR oracle.chance(0.5) THEN '<=>' ELSE '<->' END $$;

CREATE FUNCTION asked.some_question(relation text) RETURNS oracle.question
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    kind text := asked.kind_of(relation);
    q    oracle.question;
BEGIN
    q.relation := 'asked.' || relation;
    q.operator := asked.some_operator(kind);
    q.argument := asked.some_argument(kind);
    q.filter := asked.some_filter(kind, q.argument);
    IF oracle.chance(0.05) THEN
        q.second_operator := asked.some_operator(kind);
        q.second_argument := asked.some_argument(kind);
    END IF;
    RETURN q;
END $$;

-- What is wrong with the index's answers to many random questions, one a line; '' if nothing is.  Of every ten one is asked by a
-- cursor too, and one by rescans; those that filter by the index also by bitmap.
CREATE FUNCTION asked.differences(relation text, amount int) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    kind   text := asked.kind_of(relation);
    q      oracle.question;
    result text := '';
BEGIN
    FOR i IN 1 .. amount LOOP
        q := asked.some_question(relation);
        IF i = 1 THEN       -- for all rows, so that none can be missing unseen
            q.filter := NULL;
        END IF;
        result := result || concat_ws(E'\n',
            oracle.difference(q),
            CASE WHEN oracle.chance(0.1) THEN oracle.cursor_difference(q) END,
            CASE WHEN oracle.chance(0.1) THEN oracle.lateral_difference(q.relation, q.operator,
                ARRAY[q.argument, asked.some_argument(kind), 'NULL', asked.some_argument(kind), q.argument], q.filter, 1 + floor(random() * 20)::int) END,
            CASE WHEN q.filter ~ 'value' THEN oracle.bitmap_difference(q) END);
        EXIT WHEN length(result) > 3000;
    END LOOP;
    RETURN result;
END $$;
