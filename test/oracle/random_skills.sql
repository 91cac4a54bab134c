-- Random skillsets and jobspecs, each as the jsonb that the oracle reads and as a text that means the same.
-- The texts are deliberately untidy: capitals, extra spaces, needless quotes, defaults left out or written.

CREATE SCHEMA IF NOT EXISTS oracle;

CREATE FUNCTION oracle.chance(probability float8) RETURNS bool
LANGUAGE sql VOLATILE AS $$ SELECT random() < probability $$;

CREATE FUNCTION oracle.pick(choices anyarray) RETURNS anyelement
LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::int] $$;

CREATE FUNCTION oracle.skill_names() RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['python', 'c', 'c#', 'c++', '.net', 'ci/cd', 'machine learning', 'sql', 'r', 'go', 'odd, name', 'say "hi"',
                 'a|b', 'a:b', '50% off!', '@home', 'v1..v2', 'x*y', '~fuzzy', 'diseño gráfico', '数据库', 'tcp/ip', '2.5',
                 'project management in large organisations', 'perl', 'ada', 'lisp', 'ml', 'tensorflow', 'pytorch']
$$;

-- Mostly the small round numbers that people write, so that ties are common; some that float4 must round; some far out.
CREATE FUNCTION oracle.some_amount() RETURNS numeric
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    CASE
    WHEN oracle.chance(0.50) THEN RETURN 1 + floor(random() * 5)::numeric;
    WHEN oracle.chance(0.40) THEN RETURN oracle.pick('{0.5,0.25,2.5,1.5,0.125,8}'::numeric[]);
    WHEN oracle.chance(0.90) THEN RETURN 0.01 + round((random() * 7)::numeric, 2);
    ELSE RETURN oracle.pick('{0.000001,16777217,12345.678,1e30,1e-30,3.9999998}'::numeric[]);
    END CASE;
END $$;

CREATE FUNCTION oracle.written_name(name text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result text := name;
BEGIN
    IF oracle.chance(0.2) AND name ~ '^[ -~]*$' THEN
        result := upper(result);
    END IF;
    IF oracle.chance(0.2) THEN
        result := replace(result, ' ', '   ');
    END IF;
    IF result ~ '[,:*!|~@"]' OR result LIKE '%..%' OR oracle.chance(0.2) THEN
        result := '"' || replace(result, '"', '""') || '"';
    END IF;
    RETURN result;
END $$;

-- UTC, as a day where it is midnight and chance says so.
CREATE FUNCTION oracle.written_time(t timestamptz) RETURNS text
LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN date_trunc('day', u) = u AND oracle.chance(0.5) THEN to_char(u, 'YYYY-MM-DD')
                ELSE to_char(u, 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"') END
    FROM (SELECT t AT TIME ZONE 'UTC') x (u)
$$;

-- Same in every time zone that the session may have.
CREATE FUNCTION oracle.json_time(t timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"') $$;

CREATE FUNCTION oracle.some_time() RETURNS timestamptz
LANGUAGE sql VOLATILE AS $$
    SELECT '2026-01-01 00:00+00'::timestamptz
           + CASE WHEN oracle.chance(0.5) THEN floor(random() * 365) * interval '1 day'
                  ELSE floor(random() * 365 * 86400) * interval '1 second' END
$$;

CREATE TYPE oracle.written AS (doc jsonb, txt text);

-- One entry of a skillset. A quarter of the entries of a fading set say when the skill was last practised,
-- and most of those how stable it is.
CREATE FUNCTION oracle.some_entry(name text, level numeric, fading bool) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last      timestamptz;
    stability numeric;
    result    oracle.written;
BEGIN
    result.doc := to_jsonb(level);
    result.txt := oracle.written_name(name);
    IF level <> 1 OR oracle.chance(0.5) THEN
        result.txt := result.txt || ':' || level;
    END IF;
    IF fading AND oracle.chance(0.25) THEN
        last := oracle.some_time();
        result.doc := jsonb_build_object('level', level, 'last', oracle.json_time(last));
        result.txt := result.txt || '@' || oracle.written_time(last);
        IF oracle.chance(0.9) THEN
            stability := oracle.pick('{0.5,1,7,30,90.5,365,5000}'::numeric[]);
            result.doc := jsonb_set(result.doc, '{stability}', to_jsonb(stability));
            result.txt := result.txt || '/' || stability;
        END IF;
    END IF;
    result.doc := jsonb_build_object(name, result.doc);
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_skillset(share float8, fading bool) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    name   text;
    entry  oracle.written;
    result oracle.written := ('{}', '');
BEGIN
    FOREACH name IN ARRAY oracle.skill_names() LOOP
        CONTINUE WHEN NOT oracle.chance(share);
        entry := oracle.some_entry(name, oracle.some_amount(), fading);
        result.doc := result.doc || entry.doc;
        result.txt := CASE WHEN result.txt = '' THEN entry.txt
                           WHEN oracle.chance(0.5) THEN entry.txt || ',' || result.txt
                           ELSE result.txt || ', ' || entry.txt END;
    END LOOP;
    RETURN result;
END $$;

-- A skillset made to measure: for each item one of its ways, at, above or below what is needed, or just short of it.
CREATE FUNCTION oracle.skillset_for(job jsonb, share float8, fading bool) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    item   jsonb;
    name   text;
    level  numeric;
    entry  oracle.written;
    result oracle.written := ('{}', '');
BEGIN
    FOR item IN SELECT jsonb_array_elements(coalesce(job -> 'items', '[]')) LOOP
        CONTINUE WHEN NOT oracle.chance(share);
        name := item ->> 'skill';
        IF oracle.chance(0.4) AND item ? 'alternatives' THEN
            SELECT oracle.pick(array_agg(a ORDER BY a)) INTO name FROM jsonb_object_keys(item -> 'alternatives') a;
        END IF;
        CONTINUE WHEN result.doc ? name;
        level := (item ->> 'need')::numeric;
        IF share < 1 THEN
            level := level * oracle.pick('{0.25,0.5,0.75,0.9,0.9999999,1,1,1,1.5,3}'::numeric[]);
        END IF;
        entry := oracle.some_entry(name, level, fading);
        result.doc := result.doc || entry.doc;
        result.txt := concat_ws(', ', nullif(result.txt, ''), entry.txt);
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_alternatives(own text) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    name   text;
    credit numeric;
    result oracle.written := ('{}', '');
BEGIN
    WHILE oracle.chance(0.4) LOOP
        name := oracle.pick(oracle.skill_names());
        CONTINUE WHEN name = own OR result.doc ? name;
        credit := oracle.pick('{1,0.5,0.7,0.9,0.3333,0.01}'::numeric[]);
        result.doc := result.doc || jsonb_build_object(name, credit);
        result.txt := result.txt || '|' || oracle.written_name(name)
                      || CASE WHEN credit = 1 AND oracle.chance(0.5) THEN '' ELSE '~' || credit END;
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_item(name text, weightless bool) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    need   numeric := oracle.some_amount();
    start  numeric := CASE WHEN oracle.chance(0.25) THEN need * oracle.pick('{0.125,0.5,0.75,0.9}'::numeric[]) END;
    weight numeric := CASE WHEN weightless OR oracle.chance(0.05) THEN 0
                           WHEN oracle.chance(0.1) THEN oracle.pick('{0.001,1000,0.3333333}'::numeric[])
                           ELSE 1 + floor(random() * 5) END;
    must   bool := oracle.chance(0.15);
    ways   oracle.written := oracle.some_alternatives(name);
    result oracle.written;
BEGIN
    result.doc := jsonb_build_object('skill', name, 'need', need, 'weight', weight);
    IF ways.doc <> '{}' THEN
        result.doc := result.doc || jsonb_build_object('alternatives', ways.doc);
    END IF;
    IF must OR oracle.chance(0.1) THEN
        result.doc := result.doc || jsonb_build_object('must', must);
    END IF;
    result.txt := oracle.written_name(name) || ways.txt;
    IF start IS NOT NULL THEN
        result.doc := result.doc || jsonb_build_object('from', start);
        result.txt := result.txt || ':' || start || '..' || need;
    ELSIF need <> 1 OR oracle.chance(0.5) THEN
        result.txt := result.txt || ':' || need;
    END IF;
    IF weight <> 1 OR oracle.chance(0.3) THEN
        result.txt := result.txt || '*' || weight;
    END IF;
    IF must THEN
        result.txt := result.txt || '!';
    END IF;
    RETURN result;
END $$;

CREATE FUNCTION oracle.some_jobspec(share float8, settings bool) RETURNS oracle.written
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    name       text;
    item       oracle.written;
    at_least   numeric := oracle.pick('{0.1,0.25,0.3,0.5,0.75,0.9,1}'::numeric[]);
    clock      timestamptz := oracle.some_time();
    weightless bool := oracle.chance(0.02);
    items      jsonb := '[]';
    texts      text[] := '{}';
    result     oracle.written;
BEGIN
    FOREACH name IN ARRAY oracle.skill_names() LOOP
        CONTINUE WHEN NOT oracle.chance(share);
        item := oracle.some_item(name, weightless);
        items := items || item.doc;
        texts := CASE WHEN oracle.chance(0.5) THEN item.txt || texts ELSE texts || item.txt END;
    END LOOP;
    result.doc := jsonb_build_object('items', items);
    IF settings AND oracle.chance(0.3) THEN
        result.doc := result.doc || jsonb_build_object('at_least', at_least);
        texts := texts || ('@at_least ' || at_least);
    END IF;
    IF settings AND oracle.chance(0.4) THEN
        result.doc := result.doc || jsonb_build_object('as_of', oracle.json_time(clock));
        texts := texts || ('@as_of ' || oracle.written_time(clock));
    END IF;
    result.txt := array_to_string(texts, ', ');
    RETURN result;
END $$;
