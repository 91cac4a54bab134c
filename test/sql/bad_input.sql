-- Bad input: every malformed value gets an error of its class, and the error names the place.
-- Odd but legal input: it is accepted, printed in canonical form, and comes back as it was.

SET client_min_messages = warning;

-- One row for each malformed value. `place` is what the error has to point at: `character N`, the key of
-- the JSON value, or `line 1` where the text is not JSON at all and PostgreSQL's own parser says so.
-- Empty: the value as a whole is wrong.
CREATE TEMP TABLE bad (
    id int GENERATED ALWAYS AS IDENTITY,
    type text, form text, state text, place text, input text);

-- In texts of skillset and jobspec a ^ marks the place and is no part of the input.
CREATE PROCEDURE pg_temp.bad_texts(type text, state text, inputs text[])
LANGUAGE sql AS $$
    INSERT INTO bad (type, form, state, place, input)
    SELECT type, 'text', state,
           CASE WHEN i LIKE '%^%' THEN 'character ' || position('^' IN i) ELSE '' END, replace(i, '^', '')
    FROM unnest(inputs) i
$$;

-- The place that an error names: a position, a key, an argument, or the skill it is about.
CREATE FUNCTION pg_temp.place(message text, detail text, context text) RETURNS text
LANGUAGE sql AS $$
    SELECT coalesce(substring(detail FROM '\m[Aa]t (character \d+)'),
                    substring(detail FROM '^At "(.*?)"(?:\.|: )'),
                    substring(context FROM '^JSON data, (line \d+)'),
                    substring(message FROM '^(?:skill|item|key|element \d+ of|arrays|array|unknown key) "([^"]*)"'),
                    substring(message FROM '^(\w+) (?:(?:\S+ )?is out of range|is null|differs)'),
                    '')
$$;

CREATE TEMP TABLE attempt (
    id int, accepted text, state text, message text, detail text, hint text, context text);

CREATE PROCEDURE pg_temp.attempt_all()
LANGUAGE plpgsql AS $$
DECLARE
    b bad;
    a attempt;
BEGIN
    FOR b IN SELECT * FROM bad ORDER BY id LOOP
        a := NULL;
        a.id := b.id;
        BEGIN
            CASE b.form
            WHEN 'text' THEN EXECUTE format('SELECT $1::%I::text', b.type) INTO a.accepted USING b.input;
            WHEN 'jsonb' THEN EXECUTE format('SELECT $1::jsonb::%I::text', b.type) INTO a.accepted USING b.input;
            ELSE EXECUTE 'SELECT (' || b.input || ')::text' INTO a.accepted;
            END CASE;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS a.state = RETURNED_SQLSTATE, a.message = MESSAGE_TEXT,
                a.detail = PG_EXCEPTION_DETAIL, a.hint = PG_EXCEPTION_HINT, a.context = PG_EXCEPTION_CONTEXT;
        END;
        INSERT INTO attempt SELECT a.*;
    END LOOP;
END $$;


-- skillset, text

CALL pg_temp.bad_texts('skillset', '22P02', ARRAY[
    -- names
    '^:4', '^,', '^,python', 'python,^', 'python, ^', 'python,^,sql', 'python, ^, sql', '^!', '^*', '^|', '^~', '^@2026-05-01', '^""', '^"":4',
    'sql, ^""', '"python^', '"^', '"python:4^', '"python""^', '"a"^b:1', 'a^"b"', 'py^"', '{^"python": 4}', 'a^..b', 'a^..b:1', '^..',
    '^..:1', 'a^...', 'sql, 1^..2:3', '.net^..:1',
    
    'python:4^*2', 'python:4^!', 'python^|java:4', 'python^~0.5', 'python:4^..5', 'python:^..5', '^@at_least 0.5', '^@as_of 2026-05-01',
    
    'python:^', 'python: ^, sql', 'python:^,sql', 'python:^x', 'python:4^x', 'python:4 ^5', 'python:4^:5', 'python:4 ^sql:2', 'python:^.',
    'python:^+', 'python:^-', 'python:^e5', 'python:^1e', 'python:^1e+', 'python:^-1e-', 'python:1^x10', 'python:1^_000', 'python:1 ^000',
    'python:^--1', 'python:^+-1', 'python:^- 1', 'python:^$5', 'python:1^%', 'python:^''4''', 'python:^"4"', 'python:1.2^.3', 'python:^null',
    'python:^true', 'python:^four',
    
    'python:^nano', 'python:^infinite', 'python:^information', 'python:^-infra',
    
    'python:4@^', 'python:4@^,sql', 'python:4@^now', 'python:4@^today', 'python:4@^yesterday', 'python:4@^tomorrow', 'python:4@^epoch',
    'python:4@^infinity', 'python:4@^-infinity', 'python:4@^05-01-2026', 'python:4@^01/05/2026', 'python:4@^1 May 2026', 'python:4@^May 1 2026',
    'python:4@^2026-5-1', 'python:4@^20260501', 'python:4@^2026-05', 'python:4@^2026', 'python:4@^26-05-01', 'python:4@^2026-W18-5',
    'python:4@^2026-121', 'python:4@^2026-05-01 BC', 'python:4@^2026-05-01T', 'python:4@^2026-05-01T10', 'python:4@^2026-05-01Z',
    'python:4@^2026-05-01 10:00 PM', 'python:4@^2026-05-01 10:00 Europe/London', 'python:4@^2026-05-01 10:00 UTC', 'python:4@^2026-05-01T10:00:00.',
    'python:4@^2026-05-01T10:00:00.1234567', 'python:4@^2026-05-01T10:00+2', 'python:4@^2026-05-01T10:00+02:', 'python:4@^2026-05-01T1:00',
    'python:4@^2026-05-01  10:00', 'python@^2026-05-01:4', 'python:4@^"2026-05-01"', 'python:4@^2026-05-01!',
    
    'python:4^/30', 'python:4@2026-05-01/^', 'python:4@2026-05-01/^x', 'python:4@2026-05-01/30^/40', 'python:4@2026-05-01/30^d',
    'python:4@2026-05-01/30 ^days', 'python:4@2026-05-01/^nano',
    
    'python, ^python', 'python:1, sql, ^PYTHON:2', 'python:2, ^Python:1', 'machine learning, ^machine   learning', 'a b:1, ^"a  b":2', E'a\tb, ^a b',
    '"A":1,^a', 'c++, ^"c++"', '" a", ^"  a"']);

CALL pg_temp.bad_texts('skillset', '22003', ARRAY[
    'python:^0', 'python:^-0', 'python:^0.000', 'python:^0e5', 'python:^-1', 'python:^-1e-400', 'sql:2, python: ^-4', 'python:^nan', 'python:^NaN',
    'python:^-nan', 'python:^+NAN', 'python:^inf', 'python:^Infinity', 'python:^-Infinity', 'python:^+infinity', 'python:^1e39',
    'python:^3.4028236e38', 'python:^1e400', 'python:^-1e400', 'python:^1e-46', 'python:^7e-46', 'python:^1e-400', 'python:^1e99999999999999999999',
    'python:^1e-99999999999999999999', 'python:4@^2026-02-30', 'python:4@^2026-02-29', 'python:4@^1900-02-29', 'python:4@^2026-04-31',
    'python:4@^2026-13-01', 'python:4@^2026-00-10', 'python:4@^2026-05-00', 'python:4@^2026-05-01T24:00', 'python:4@^2026-05-01T10:60',
    'python:4@^2026-05-01T10:00:60', 'python:4@^2026-05-01T10:00+16:00', 'python:4@^2026-05-01T10:00+02:60', 'python:4@^294277-01-01',
    'python:4@^999999-12-31', 'python:4@^-4714-01-01', 'python:4@^-4713-11-23', 'python:4@^294276-12-31T23:59:59-01:00', 'python:4@2026-05-01/^0',
    'python:4@2026-05-01/^-1', 'python:4@2026-05-01/^nan', 'python:4@2026-05-01/^inf', 'python:4@2026-05-01/^1e39', 'python:4@2026-05-01/^1e-46']);

-- Long ones. The rules look at bytes, so those come after folding.
CALL pg_temp.bad_texts('skillset', '54000', ARRAY[
    '^' || repeat('x', 256), 'sql:1, ^' || repeat('x', 256) || ':4', '^"' || repeat('x', 256) || '"', '^' || repeat('X', 300),
    '^' || repeat('a ', 128) || 'b', '^' || repeat('x', 1048576), '^' || repeat('(', 1048576), '^' || repeat('"', 1048576)]);
CALL pg_temp.bad_texts('skillset', '22P02', ARRAY[
    '^' || repeat(',', 1048576), repeat('a', 200) || ':^' || repeat('a:', 500000), repeat(' ', 1048576) || '^:', '"' || repeat('x', 1048576) || '^']);
CALL pg_temp.bad_texts('skillset', '22003', ARRAY[
    'python:^' || repeat('9', 100000), 'python:^0.' || repeat('0', 100000) || '1']);


-- skillset, jsonb

INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'jsonb', '22023', * FROM (VALUES
    ('', '[]'), ('', '["python"]'), ('', '"python:4"'), ('', '4'), ('', 'null'), ('', 'true'), ('', '[{"python": 4}]'), ('python', '{"python": "4"}'),
    ('python', '{"python": true}'), ('python', '{"python": null}'), ('python', '{"python": []}'), ('python', '{"python": [4]}'),
    ('python', '{"python": {}}'), ('python', '{"sql": 1, "python": {"last": "2026-05-01"}}'), ('python.level', '{"python": {"level": "4"}}'),
    ('python.level', '{"python": {"level": null}}'), ('python.level', '{"python": {"level": {"level": 4}}}'),
    ('python.Level', '{"python": {"Level": 4}}'), ('python.need', '{"python": {"level": 4, "need": 4}}'),
    ('python.last', '{"python": {"level": 4, "last": null}}'), ('python.last', '{"python": {"level": 4, "last": 20260501}}'),
    ('python', '{"python": {"level": 4, "stability": 30}}'), ('python.stability', '{"python": {"level": 4, "last": "2026-05-01", "stability": "30"}}'),
    ('', '{"": 1}'), ('python', '{"python": 1, "Python": 2}'), ('a b', '{"a b": 1, "a  b": 2}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'jsonb', '22003', * FROM (VALUES
    ('python', '{"python": 0}'), ('python', '{"python": -1}'), ('python', '{"python": 1e39}'), ('python', '{"python": 1e400}'),
    ('python', '{"python": 1e-46}'), ('python', '{"python": 1e-400}'), ('python.level', '{"python": {"level": 0}}'),
    ('python.stability', '{"python": {"level": 4, "last": "2026-05-01", "stability": 0}}'),
    ('python.last', '{"python": {"level": 4, "last": "2026-02-30"}}'), ('python', '{"python": ' || repeat('9', 100000) || '}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'jsonb', '22P02', * FROM (VALUES
    ('python.last', '{"python": {"level": 4, "last": "now"}}'), ('python.last', '{"python": {"level": 4, "last": ""}}'),
    ('python.last', '{"python": {"level": 4, "last": "2026-05-01/30"}}'), ('line 1', '{"python": 4,}'), ('line 1', '{python: 4}'),
    ('line 1', '{"python": NaN}'), ('line 1', 'python:4'), ('line 1', '')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'jsonb', '54000', * FROM (VALUES
    (repeat('x', 256), '{"' || repeat('x', 256) || '": 1}')) v;


-- jobspec, text

CALL pg_temp.bad_texts('jobspec', '22P02', ARRAY[
    -- names and the order of parts
    '^:4', '^,', 'python,^', 'python,^,sql', '^!', '^*2', '^~0.5', '^|a', '^""', '"python^', '"a"^b', 'a^"b"', '{^"items": []}', 'python*3^:4',
    'python!^*3', 'python:4!^!', 'python:4!^*3', 'python:4*3^*2', 'python:4 ^5', 'python:4^:5', 'python:4^~0.5', 'python^~0.7:3', 'python:4^|java',
    'python:4^/30', 'python^@2026-05-01', 'python:4^@2026-05-01',
    
    'python:^', 'python:^,sql', 'python:^!', 'python:^*2', 'python:^x', 'python:4^x', 'python:^nano', 'python:^information', 'python:1..^infinite',
    'python:4..^', 'python:^..4', 'python:^..', 'python:1..^x', 'python:1..2^..3', 'python:1..^..2', 'python:1 ^. . 4', 'python^..4',
    'python:4..^, sql', 'a^..b:1..2', 'python:1..^*2',
    
    'python:4*^', 'python:4*^x', 'python:4*^!', 'python*^', 'python*^nano', 'python:4*^,sql',
    
    'python|^', 'python|^|java', 'python|^:4', 'python|^~0.5', 'a|b~^', 'a|b~^x', 'a|b~^:4', 'a|b~0.5^~0.5', 'a|^""', 'a|"^', 'a|b ~ 0.5 ^0.7',
    'a|b~^nano', '^a|a', '^a|b|B', 'x, ^a|b~0.5|"b"', '^machine learning|Machine  Learning',
    
    'a, ^a:2', 'a:1, ^A:2', 'a|b, ^a|c', 'a b, c, ^"a  b"!',
    
    '@^', '@^at_least', '@at_least ^', '@at_least ^x', '@at_least ^half', '@^at_least:0.5', '@^ at_least 0.5', '@^AT_LEAST 0.5', '@^at_most 1',
    '@^0.5', '@at_least 0.5^!', '@at_least 0.5 ^python', 'python:4 ^@at_least 0.5', 'python:4, @^', '@at_least 0.5, @^at_least 0.5',
    '@at_least 0, @^at_least 0.5', 'a, @at_least 0.5, b, @^at_least 0', '@as_of ^', '@as_of ^now', '@as_of ^today', '@as_of ^infinity',
    '@as_of ^2026-05-01/30', '@as_of ^01-05-2026', '@as_of ^2026', '@as_of 2026-05-01, @^as_of 2026-05-01', '@at_least ^nano']);

CALL pg_temp.bad_texts('jobspec', '22003', ARRAY[
    'python:^0', 'python:^-1', 'python:^nan', 'python:^inf', 'python:^1e39', 'python:^1e400', 'python:^1e-46', 'python:^1e-400', 'python:^-1..4',
    'python:^nan..4', 'python:^inf..4', 'python:^1e-46..4', 'python:1..^inf', 'python:1..^-4', 'python:0..^0', 'python:1..^1e39', '^python:4..4',
    '^python:5..4', 'sql, ^python:5..4!', '^a:16777217..16777216', 'python:4*^-1', 'python:4*^nan', 'python:4*^inf', 'python:4*^-inf',
    'python:4*^1e39', 'python:4*^1e400', 'python:4*^1e-46', 'python*^-0.5', 'a|b~^0', 'a|b~^-0.5', 'a|b~^1.5', 'a|b~^1.0000001', 'a|b~^nan',
    'a|b~^inf', 'a|b~^1e-46', 'a|c|b~^2:4', '@at_least ^1.5', '@at_least ^-0.1', '@at_least ^nan', '@at_least ^inf', '@at_least ^1e-400',
    '@as_of ^2026-02-30', '@as_of ^294277-01-01']);

CALL pg_temp.bad_texts('jobspec', '54000', ARRAY[
    '^' || repeat('x', 256), 'a|^' || repeat('x', 256), 'a, b|c|^"' || repeat('x', 256) || '"', '^' || repeat('x', 1048576)]);
CALL pg_temp.bad_texts('jobspec', '22P02', ARRAY[
    '^' || repeat('|', 1048576), 'python:4!^' || repeat('!', 1048576), repeat('a|', 300000) || '^', '@^' || repeat('@', 1048576)]);
CALL pg_temp.bad_texts('jobspec', '22003', ARRAY[
    'python:4*^' || repeat('9', 100000)]);


-- jobspec, jsonb

INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'jsonb', '22023', * FROM (VALUES
    ('', '[]'), ('', 'null'), ('', '"python:4"'), ('', '5'), ('item', '{"item": []}'), ('Items', '{"Items": []}'), ('python', '{"python": 4}'),
    ('items', '{"items": {}}'), ('items', '{"items": null}'), ('items', '{"items": "python"}'), ('items[0]', '{"items": ["python"]}'),
    ('items[0]', '{"items": [null]}'), ('items[0]', '{"items": [{}]}'), ('items[0]', '{"items": [[]]}'), ('items[0]', '{"items": [{"need": 4}]}'),
    ('items[1]', '{"items": [{"skill": "a"}, {"weight": 4}]}'), ('items[0].skill', '{"items": [{"skill": 4}]}'),
    ('items[0].skill', '{"items": [{"skill": null}]}'), ('items[0].skill', '{"items": [{"skill": ""}]}'),
    ('items[0].skill', '{"items": [{"skill": ["a"]}]}'), ('items[0].name', '{"items": [{"skill": "a", "name": "b"}]}'),
    ('items[0].weigth', '{"items": [{"skill": "a", "weigth": 2}]}'), ('items[0].need', '{"items": [{"skill": "a", "need": "4"}]}'),
    ('items[0].need', '{"items": [{"skill": "a", "need": null}]}'), ('items[0].from', '{"items": [{"skill": "a", "from": []}]}'),
    ('items[0].weight', '{"items": [{"skill": "a", "weight": null}]}'), ('items[0].must', '{"items": [{"skill": "a", "must": "yes"}]}'),
    ('items[0].must', '{"items": [{"skill": "a", "must": 1}]}'), ('items[0].must', '{"items": [{"skill": "a", "must": null}]}'),
    ('items[0].alternatives', '{"items": [{"skill": "a", "alternatives": ["b"]}]}'),
    ('items[0].alternatives', '{"items": [{"skill": "a", "alternatives": null}]}'),
    ('items[0].alternatives.b', '{"items": [{"skill": "a", "alternatives": {"b": "1"}}]}'),
    ('items[0].alternatives.b', '{"items": [{"skill": "a", "alternatives": {"b": null}}]}'),
    ('items[0].alternatives.', '{"items": [{"skill": "a", "alternatives": {"": 1}}]}'),
    ('a', '{"items": [{"skill": "a", "alternatives": {"A": 1}}]}'), ('b', '{"items": [{"skill": "a", "alternatives": {"b": 1, "B": 0.5}}]}'),
    ('a', '{"items": [{"skill": "a"}, {"skill": "A"}]}'), ('at_least', '{"at_least": "0.5"}'), ('at_least', '{"at_least": null}'),
    ('as_of', '{"as_of": 5}'), ('as_of', '{"as_of": null}'),
    (repeat('k', 100000), '{"' || repeat('k', 100000) || '": 1}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'jsonb', '22003', * FROM (VALUES
    ('items[0].need', '{"items": [{"skill": "a", "need": 0}]}'), ('items[1].need', '{"items": [{"skill": "a"}, {"skill": "b", "need": 1e39}]}'),
    ('items[0].from', '{"items": [{"skill": "a", "from": -1}]}'), ('a', '{"items": [{"skill": "a", "from": 4, "need": 4}]}'),
    ('a', '{"items": [{"skill": "a", "from": 1}]}'), ('items[0].weight', '{"items": [{"skill": "a", "weight": -1}]}'),
    ('items[0].alternatives.b', '{"items": [{"skill": "a", "alternatives": {"b": 0}}]}'),
    ('items[0].alternatives.b', '{"items": [{"skill": "a", "alternatives": {"b": 1.5}}]}'), ('at_least', '{"at_least": 2}'),
    ('at_least', '{"at_least": -0.1}'), ('as_of', '{"as_of": "2026-02-30"}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'jsonb', '22P02', * FROM (VALUES
    ('as_of', '{"as_of": "now"}'), ('as_of', '{"as_of": ""}'), ('line 1', '{"items": [}'), ('line 1', '{"items": [{"skill": "a",}]}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'jsonb', '54000', * FROM (VALUES
    ('items[0].skill', '{"items": [{"skill": "' || repeat('x', 256) || '"}]}')) v;


-- eventfacts and eventpref: their text is JSON, so that both forms read the same and fail the same way.

INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'text', '22023', * FROM (VALUES
    ('', '[]'), ('', 'null'), ('', '5'), ('', '"x"'), ('', 'true'), ('', '[{"price": 1}]'), ('cost', '{"cost": 1}'), ('Price', '{"Price": 1}'),
    ('lat', '{"lat": 1, "lon": 2}'), ('', '{"": 1}'), ('starts', '{"price": 1, "starts": "2026-12-04"}'), ('price', '{"price": "1"}'),
    ('price', '{"price": true}'), ('price', '{"price": []}'), ('price', '{"price": {}}'), ('price', '{"price": [1]}'),
    ('attendees', '{"attendees": "80"}'), ('starts_at', '{"starts_at": 5}'), ('starts_at', '{"starts_at": ["2026-12-04"]}'),
    ('latitude', '{"latitude": "51", "longitude": 0}'), ('longitude', '{"latitude": 51, "longitude": false}'), ('', '{"latitude": 51}'),
    ('', '{"longitude": 0}'), ('', '{"latitude": null, "longitude": 1}'), ('', '{"latitude": 1, "longitude": null, "price": 5}'),
    ('price', '{"price": ' || repeat('[', 500) || repeat(']', 500) || '}'),
    (repeat('k', 100000), '{"' || repeat('k', 100000) || '": 1}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'text', '22003', * FROM (VALUES
    ('price', '{"price": -1}'), ('price', '{"price": -0.01}'), ('price', '{"price": 1e400}'), ('price', '{"price": -1e400}'),
    ('price', '{"price": 1e-400}'), ('attendees', '{"attendees": -1}'), ('latitude', '{"latitude": 90.0001, "longitude": 0}'),
    ('latitude', '{"latitude": -90.0001, "longitude": 0}'), ('latitude', '{"latitude": 1e400, "longitude": 0}'),
    ('longitude', '{"latitude": 0, "longitude": 180.0001}'), ('longitude', '{"latitude": 0, "longitude": -180.0001}'),
    ('longitude', '{"latitude": 0, "longitude": 360}'), ('starts_at', '{"starts_at": "2026-02-30"}'),
    ('starts_at', '{"starts_at": "2026-12-04T25:00"}'), ('starts_at', '{"starts_at": "294277-01-01"}'), ('starts_at', '{"starts_at": "-4714-01-01"}'),
    ('price', '{"price": ' || repeat('9', 100000) || '}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'text', '22P02', * FROM (VALUES
    ('starts_at', '{"starts_at": ""}'), ('starts_at', '{"starts_at": "now"}'), ('starts_at', '{"starts_at": "infinity"}'),
    ('starts_at', '{"starts_at": "12/04/2026"}'), ('starts_at', '{"starts_at": "2026-12-4"}'),
    ('starts_at', '{"starts_at": "2026-12-04 19:00 Europe/London"}'), ('starts_at', '{"starts_at": "2026-12-04T19:00:00+00:00x"}'),
    ('starts_at', '{"starts_at": " 2026-12-04"}'), ('starts_at', '{"starts_at": "2026-12-04 "}'),
    ('starts_at', '{"starts_at": "' || repeat('2026', 50000) || '"}')) v;

INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'text', '22023', * FROM (VALUES
    ('', '[]'), ('', 'null'), ('', '5'), ('', '"price"'), ('', '{}'), ('', '{"combine": "sum"}'), ('', '{"limits": {"max_price": 5}}'),
    ('', '{"price": {"weight": 0, "scale": 1}}'), ('', '{"price": {"weight": 0, "scale": 1}, "attendees": {"weight": 0, "pivot": 1}}'),
    ('prices', '{"prices": {"scale": 1}}'), ('Price', '{"Price": {"scale": 1}}'), ('weight', '{"weight": 1, "price": {"scale": 1}}'), ('', '{"": {}}'),
    ('price', '{"price": 5}'), ('price', '{"price": null}'), ('price', '{"price": []}'), ('price', '{"price": "linear"}'), ('price', '{"price": {}}'),
    ('price', '{"price": {"curve": "gauss"}}'), ('price', '{"price": {"curve": "exp", "pivot": 5}}'), ('price.scale', '{"price": {"scale": "5"}}'),
    ('price.scale', '{"price": {"scale": null}}'), ('price.offset', '{"price": {"scale": 1, "offset": "5"}}'),
    ('price.origin', '{"price": {"scale": 1, "origin": "5"}}'), ('price.weight', '{"price": {"scale": 1, "weight": "1"}}'),
    ('price.weight', '{"price": {"scale": 1, "weight": null}}'), ('price.decay', '{"price": {"scale": 1, "decay": "0.5"}}'),
    ('price.decay', '{"price": {"scale": 1, "decay": null}}'), ('price.latitude', '{"price": {"latitude": 1, "scale": 1}}'),
    ('price.Scale', '{"price": {"Scale": 1}}'), ('price.curve', '{"price": {"curve": "cubic", "scale": 1}}'),
    ('price.curve', '{"price": {"curve": "Linear", "scale": 1}}'), ('price.curve', '{"price": {"curve": "", "scale": 1}}'),
    ('price.curve', '{"price": {"curve": 5, "scale": 1}}'), ('price.curve', '{"price": {"curve": null, "scale": 1}}'),
    ('price.side', '{"price": {"side": "left", "scale": 1}}'), ('price.side', '{"price": {"side": true, "scale": 1}}'),
    ('price.missing', '{"price": {"missing": "best", "scale": 1}}'), ('price.missing', '{"price": {"missing": "Worst", "scale": 1}}'),
    ('price.missing', '{"price": {"missing": "0.5", "scale": 1}}'), ('price.missing', '{"price": {"missing": null, "scale": 1}}'),
    ('price.missing', '{"price": {"missing": true, "scale": 1}}'), ('location', '{"location": {}}'), ('location', '{"location": {"scale": 5}}'),
    ('location', '{"location": {"latitude": 51.5, "scale": 5}}'), ('location', '{"location": {"longitude": 0, "scale": 5}}'),
    ('location', '{"location": {"latitude": 51.5, "longitude": 0}}'),
    ('location.latitude', '{"location": {"latitude": "51.5", "longitude": 0, "scale": 5}}'),
    ('location.latitude', '{"location": {"latitude": null, "longitude": 0, "scale": 5}}'),
    ('location.origin', '{"location": {"latitude": 51.5, "longitude": 0, "origin": 0, "scale": 5}}'),
    ('location.scale', '{"location": {"latitude": 51.5, "longitude": 0, "scale": "5 km"}}'), ('attendees', '{"attendees": {}}'),
    ('attendees', '{"attendees": {"curve": "sigmoid", "pivot": 50}}'), ('attendees', '{"attendees": {"curve": "sigmoid", "exponent": 2}}'),
    ('attendees', '{"attendees": {"curve": "gauss", "pivot": 5}}'), ('start', '{"start": {}}'), ('start', '{"start": {"scale": "1 day"}}'),
    ('start', '{"start": {"origin": "2026-12-04"}}'), ('start.origin', '{"start": {"origin": 5, "scale": "1 day"}}'),
    ('start.origin', '{"start": {"origin": null, "scale": "1 day"}}'),
    ('start', '{"start": {"origin": "2026-12-04", "curve": "saturation", "pivot": 5}}'),
    ('start', '{"start": {"origin": "2026-12-04", "curve": "sigmoid", "pivot": 5, "exponent": 2}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": true}}'), ('start.scale', '{"start": {"origin": "2026-12-04", "scale": null}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": ["1 day"]}}'),
    ('start.starts_at', '{"start": {"starts_at": "2026-12-04", "scale": "1 day"}}'), ('combine', '{"price": {"scale": 1}, "combine": "avg"}'),
    ('combine', '{"price": {"scale": 1}, "combine": "SUM"}'), ('combine', '{"price": {"scale": 1}, "combine": 1}'),
    ('combine', '{"price": {"scale": 1}, "combine": null}'), ('limits', '{"price": {"scale": 1}, "limits": []}'),
    ('limits', '{"price": {"scale": 1}, "limits": null}'), ('limits', '{"price": {"scale": 1}, "limits": 5}'),
    ('limits.max_kms', '{"price": {"scale": 1}, "limits": {"max_kms": 5}}'), ('limits', '{"price": {"scale": 1}, "limits": {"max_km": 5}}'),
    ('limits.max_price', '{"price": {"scale": 1}, "limits": {"max_price": "5"}}'),
    ('limits.max_price', '{"price": {"scale": 1}, "limits": {"max_price": null}}'),
    ('limits', '{"price": {"scale": 1}, "limits": {"min_attendees": 6, "max_attendees": 5}}'),
    ('limits', '{"price": {"scale": 1}, "limits": {"after": "2026-12-31", "before": "2026-12-01"}}'),
    ('limits', '{"price": {"scale": 1}, "limits": {"after": "2026-12-01", "before": "2026-12-01T00:00Z"}}'),
    ('limits.after', '{"price": {"scale": 1}, "limits": {"after": 5}}'), ('limits.before', '{"price": {"scale": 1}, "limits": {"before": null}}'),
    ('limits.min_score', '{"price": {"scale": 1}, "limits": {"min_score": "0.5"}}'),
    ('price', '{"price": ' || repeat('[', 500) || repeat(']', 500) || '}'),
    (repeat('k', 100000), '{"' || repeat('k', 100000) || '": 1}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'text', '22003', * FROM (VALUES
    ('price.scale', '{"price": {"scale": 0}}'), ('price.scale', '{"price": {"scale": -1}}'), ('price.scale', '{"price": {"scale": 1e400}}'),
    ('price.scale', '{"price": {"scale": 1e-400}}'), ('price.scale_below', '{"price": {"scale": 1, "scale_below": 0}}'),
    ('price.offset', '{"price": {"scale": 1, "offset": -1}}'), ('price.offset', '{"price": {"scale": 1, "offset": 1e400}}'),
    ('price.origin', '{"price": {"scale": 1, "origin": -1e400}}'), ('price.weight', '{"price": {"scale": 1, "weight": -1}}'),
    ('price.weight', '{"price": {"scale": 1, "weight": 1e400}}'),
    ('', '{"price": {"scale": 1, "weight": 1e308}, "attendees": {"pivot": 1, "weight": 1e308}}'),
    ('price.decay', '{"price": {"scale": 1, "decay": 0}}'), ('price.decay', '{"price": {"scale": 1, "decay": 1}}'),
    ('price.decay', '{"price": {"scale": 1, "decay": -0.5}}'), ('price.decay', '{"price": {"scale": 1, "decay": 1.5}}'),
    ('price.missing', '{"price": {"scale": 1, "missing": 1.5}}'), ('price.missing', '{"price": {"scale": 1, "missing": -0.1}}'),
    ('location.latitude', '{"location": {"latitude": 90.0001, "longitude": 0, "scale": 5}}'),
    ('location.longitude', '{"location": {"latitude": 0, "longitude": -180.1, "scale": 5}}'),
    ('location.scale', '{"location": {"latitude": 0, "longitude": 0, "scale": 0}}'), ('attendees.pivot', '{"attendees": {"pivot": 0}}'),
    ('attendees.pivot', '{"attendees": {"pivot": -1}}'), ('attendees.pivot', '{"attendees": {"pivot": 1e400}}'),
    ('attendees.exponent', '{"attendees": {"curve": "sigmoid", "pivot": 1, "exponent": 0}}'),
    ('attendees.exponent', '{"attendees": {"curve": "sigmoid", "pivot": 1, "exponent": -2}}'),
    ('start.origin', '{"start": {"origin": "2026-02-30", "scale": "1 day"}}'), ('start.scale', '{"start": {"origin": "2026-12-04", "scale": 0}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "0 days"}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "-1 day"}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "1 day ago"}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "1 month -30 days"}}'),
    ('start.offset', '{"start": {"origin": "2026-12-04", "offset": "-2 hours", "scale": "1 day"}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "99999999999 years"}}'),
    ('limits.max_km', '{"location": {"latitude": 0, "longitude": 0, "scale": 5}, "limits": {"max_km": -1}}'),
    ('limits.max_price', '{"price": {"scale": 1}, "limits": {"max_price": 1e400}}'),
    ('limits.max_price', '{"price": {"scale": 1}, "limits": {"max_price": -1}}'),
    ('limits.min_attendees', '{"price": {"scale": 1}, "limits": {"min_attendees": -1}}'),
    ('limits.min_score', '{"price": {"scale": 1}, "limits": {"min_score": 1.5}}'),
    ('limits.min_score', '{"price": {"scale": 1}, "limits": {"min_score": -0.1}}'),
    ('limits.after', '{"price": {"scale": 1}, "limits": {"after": "2026-13-01"}}'),
    ('limits.before', '{"price": {"scale": 1}, "limits": {"before": "294277-01-01"}}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'text', '22P02', * FROM (VALUES
    ('start.origin', '{"start": {"origin": "now", "scale": "1 day"}}'), ('start.origin', '{"start": {"origin": "", "scale": "1 day"}}'),
    ('start.origin', '{"start": {"origin": "infinity", "scale": "1 day"}}'), ('start.origin', '{"start": {"origin": "4 Dec 2026", "scale": "1 day"}}'),
    ('start.scale', '{"start": {"origin": "2026-12-04", "scale": "2 bananas"}}'), ('start.scale', '{"start": {"origin": "2026-12-04", "scale": ""}}'),
    ('start.scale_below', '{"start": {"origin": "2026-12-04", "scale": "1 day", "scale_below": "x"}}'),
    ('start.offset', '{"start": {"origin": "2026-12-04", "scale": "1 day", "offset": "2h or so"}}'),
    ('limits.after', '{"price": {"scale": 1}, "limits": {"after": "today"}}'), ('limits.before', '{"price": {"scale": 1}, "limits": {"before": ""}}')) v;

INSERT INTO bad (type, form, state, place, input)
SELECT type, 'jsonb', state, place, input FROM bad WHERE type IN ('eventfacts', 'eventpref') AND form = 'text' ORDER BY id;

-- Only text can be no JSON at all, or hold a key twice, of which jsonb would silently keep the last.
INSERT INTO bad (type, form, state, place, input)
SELECT type, 'text', '22P02', v.* FROM unnest(ARRAY['eventfacts', 'eventpref']) type, (VALUES
    ('line 1', ''), ('line 1', ' '), ('line 1', 'python:4'), ('line 1', '{'), ('line 1', '}'), ('line 1', '{"price": 1,}'),
    ('line 1', '{"price": {"scale": 1}} x'), ('line 1', '{"price": 1}{"price": 1}'), ('line 1', '{''price'': 1}'), ('line 1', '{price: 1}'),
    ('line 1', '{"price": 01}'), ('line 1', '{"price": +1}'), ('line 1', '{"price": .5}'), ('line 1', '{"price": 1.}'), ('line 1', '{"price": NaN}'),
    ('line 1', '{"price": Infinity}'), ('line 1', '{"price": 0x10}'), ('line 1', '{"price" 1}'), ('line 1', '{"price": 1 "attendees": 2}'),
    ('line 1', '{"price": "1}'), ('line 1', '{"price": 1]'), ('line 1', repeat('x', 1048576)), ('line 1', '{"' || repeat('k', 1048576)),
    ('line 2', E'{"price":\n?}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'text', '22P02', * FROM (VALUES
    ('price', '{"price": 1, "price": 2}'), ('price', '{"price": 1, "price": 1}'), ('price', '{"price": 1, "\u0070rice": 2}'),
    ('latitude', '{"latitude": 1, "longitude": 2, "latitude": 1}'), ('price', '{"price": null, "price": 1}')) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'text', '22P02', * FROM (VALUES
    ('price', '{"price": {"scale": 1}, "price": {"scale": 1}}'), ('price.scale', '{"price": {"scale": 1, "scale": 2}}'),
    ('limits.max_price', '{"price": {"scale": 1}, "limits": {"max_price": 1, "max_price": 2}}'),
    ('combine', '{"combine": "min", "price": {"scale": 1}, "combine": "sum"}')) v;

-- The last microsecond of all is beyond what float8 seconds can tell from the next second.
INSERT INTO bad (type, form, state, place, input) VALUES
    ('eventpref', 'text', '22003', 'start.origin', '{"start": {"origin": "294276-12-31T23:59:59.999999Z", "scale": 1}}'),
    ('eventpref', 'text', '22003', 'limits.before', '{"price": {"scale": 1}, "limits": {"before": "294276-12-31T23:59:59.999999Z"}}');

-- Nested deeper than the stack: an error, not a crash. This is PostgreSQL's own.
INSERT INTO bad (type, form, state, place, input)
SELECT type, 'text', '54001', v.* FROM unnest(ARRAY['eventfacts', 'eventpref']) type, (VALUES
    ('', repeat('[', 100000)), ('', repeat('{"a":', 100000)), ('', '{"price": ' || repeat('[', 100000) || repeat(']', 100000) || '}')) v;

-- More keys than any object knows.
INSERT INTO bad (type, form, state, place, input)
SELECT type, 'text', '22023', 'k100', '{' || string_agg(format('"k%s": 1', i), ', ') || '}'
FROM unnest(ARRAY['eventfacts', 'eventpref']) type, generate_series(100, 300) i GROUP BY type;


-- Functions

INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'function', '2202E', * FROM (VALUES
    ('skills', $$skillset(ARRAY['a', 'b'], ARRAY[1])$$), ('skills', $$skillset(ARRAY['a'], ARRAY[1, 2])$$),
    ('skills', $$skillset('{}'::text[], ARRAY[1])$$), ('skills', $$skillset(ARRAY[['a', 'b'], ['c', 'd']])$$),
    ('levels', $$skillset(ARRAY['a', 'b'], ARRAY[[1, 2]])$$), ('skills', $$skillset(ARRAY['a'], ARRAY[1], ARRAY[]::timestamptz[], ARRAY[30])$$),
    ('skills', $$skillset(ARRAY['a'], ARRAY[1], ARRAY[NULL]::timestamptz[], ARRAY[]::float8[])$$), ('skills', $$'a'::skillset ?| ARRAY[['a', 'b']]$$),
    ('skills', $$has_all_skills('a', ARRAY[['a', 'b']])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'function', '22004', * FROM (VALUES
    ('skills', $$skillset(ARRAY['a', NULL])$$), ('a', $$skillset(ARRAY['a'], ARRAY[NULL::float8])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'function', '22023', * FROM (VALUES
    ('', $$skillset(ARRAY['a', ''])$$), ('a', $$skillset(ARRAY['a', 'A'])$$), ('a b', $$skillset(ARRAY['a b', E'a\t B'])$$),
    ('a', $$skillset(ARRAY['a'], ARRAY[1], ARRAY[NULL]::timestamptz[], ARRAY[30])$$), ('', $$'a'::skillset -> ''$$), ('', $$'a'::skillset ? ''$$),
    ('', $$'a'::skillset - ''$$), ('', $$'a'::skillset ?| ARRAY['']$$), ('', $$'a'::skillset ?& ARRAY['a', '']$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'function', '22003', * FROM (VALUES
    ('a', $$skillset(ARRAY['a'], ARRAY[0])$$), ('a', $$skillset(ARRAY['a'], ARRAY[-1])$$), ('b', $$skillset(ARRAY['a', 'b'], ARRAY[1.0, 'NaN'])$$),
    ('a', $$skillset(ARRAY['a'], ARRAY['Infinity'::float8])$$), ('a', $$skillset(ARRAY['a'], ARRAY[1e39])$$),
    ('a', $$skillset(ARRAY['a'], ARRAY[1e-46])$$), ('a', $$skillset(ARRAY['a'], ARRAY[1], ARRAY['infinity']::timestamptz[], ARRAY[30])$$),
    ('a', $$skillset(ARRAY['a'], ARRAY[1], ARRAY['2026-05-01']::timestamptz[], ARRAY[0])$$),
    ('a', $$skillset(ARRAY['a'], ARRAY[1], ARRAY['2026-05-01']::timestamptz[], ARRAY[-30])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'function', '54000', * FROM (VALUES
    ('', $$skillset(ARRAY[repeat('x', 256)])$$), ('', $$'a'::skillset -> repeat('x', 256)$$), ('', $$'a'::skillset ? repeat('x', 256)$$),
    ('', $$'a'::skillset ?& ARRAY[repeat('x', 256)]$$)) v;

INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'function', '2202E', * FROM (VALUES
    ('skills', $$jobspec(ARRAY['a', 'b'], ARRAY[1])$$), ('skills', $$jobspec(ARRAY['a'], ARRAY[1], ARRAY[1, 2])$$),
    ('skills', $$jobspec(ARRAY['a'], ARRAY[1], NULL, ARRAY[true, false])$$), ('skills', $$jobspec(ARRAY[['a']], ARRAY[1])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'function', '22004', * FROM (VALUES
    ('skills', $$jobspec(ARRAY[NULL]::text[], ARRAY[1])$$), ('a', $$jobspec(ARRAY['a'], ARRAY[NULL]::float8[])$$),
    ('a', $$jobspec(ARRAY['a'], ARRAY[1], ARRAY[NULL]::float8[])$$), ('a', $$jobspec(ARRAY['a'], ARRAY[1], NULL, ARRAY[NULL]::boolean[])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'function', '22023', * FROM (VALUES
    ('', $$jobspec(ARRAY[''], ARRAY[1])$$), ('a', $$jobspec(ARRAY['a', 'A'], ARRAY[1, 2])$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'function', '22003', * FROM (VALUES
    ('a', $$jobspec(ARRAY['a'], ARRAY[0])$$), ('a', $$jobspec(ARRAY['a'], ARRAY['NaN'::float8])$$),
    ('a', $$jobspec(ARRAY['a'], ARRAY[1], ARRAY[-1])$$), ('a', $$jobspec(ARRAY['a'], ARRAY[1], ARRAY['Infinity'::float8])$$),
    ('threshold', $$at_least('a'::jobspec, 1.5)$$), ('threshold', $$at_least('a'::jobspec, -0.5)$$), ('threshold', $$at_least('a'::jobspec, 'NaN')$$),
    ('timestamp', $$as_of('a'::jobspec, 'infinity')$$), ('timestamp', $$as_of('a'::jobspec, '-infinity')$$)) v;

INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'function', '22023', * FROM (VALUES
    ('longitude', $$event_facts(51.5)$$), ('latitude', $$event_facts(longitude => 0)$$), ('longitude', $$event_facts(51.5, NULL, 5)$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventfacts', 'function', '22003', * FROM (VALUES
    ('latitude', $$event_facts(90.0001, 0)$$), ('longitude', $$event_facts(0, -180.0001)$$), ('latitude', $$event_facts('NaN', 0)$$),
    ('longitude', $$event_facts(0, 'Infinity')$$), ('price', $$event_facts(price => -1)$$), ('price', $$event_facts(price => 'NaN')$$),
    ('price', $$event_facts(price => 'Infinity')$$), ('attendees', $$event_facts(attendees => -1)$$),
    ('attendees', $$event_facts(attendees => '-Infinity')$$), ('timestamp', $$event_facts(starts_at => 'infinity')$$),
    ('latitude', $$event_facts(point(-0.1276, 90.5))$$), ('longitude', $$event_facts(point(181, 51.5))$$),
    ('latitude', $$event_facts(point(0, 'NaN'))$$), ('price', $$event_facts(point(0, 0), -5)$$)) v;

INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'function', '22023', * FROM (VALUES
    ('', $$event_pref()$$), ('', $$event_pref(latitude => 51.5, within_km => 5)$$), ('', $$event_pref(longitude => 0, within_km => 5)$$),
    ('', $$event_pref(within_km => 5)$$), ('', $$event_pref(latitude => 51.5, longitude => 0)$$), ('', $$event_pref(budget => 5, price_weight => 0)$$),
    ('', $$event_pref(around => '1 day')$$), ('', $$event_pref(max_price => 5)$$), ('', $$event_pref(latitude => 51.5, longitude => 0, max_km => 5)$$),
    ('limits', $$event_pref(budget => 5, max_km => 5)$$), ('combine', $$event_pref(budget => 5, combine => 'avg')$$),
    ('combine', $$event_pref(budget => 5, combine => '')$$), ('missing', $$event_pref(budget => 5, missing => 'best')$$),
    ('limits', $$event_pref(budget => 5, min_attendees => 6, max_attendees => 5)$$),
    ('limits', $$event_pref(budget => 5, after => '2026-12-02', before => '2026-12-01')$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'eventpref', 'function', '22003', * FROM (VALUES
    ('latitude', $$event_pref(latitude => 91, longitude => 0, within_km => 5)$$),
    ('longitude', $$event_pref(latitude => 0, longitude => 'NaN', within_km => 5)$$),
    ('within_km', $$event_pref(latitude => 0, longitude => 0, within_km => 0)$$),
    ('within_km', $$event_pref(latitude => 0, longitude => 0, within_km => 'Infinity')$$), ('budget', $$event_pref(budget => -1)$$),
    ('budget', $$event_pref(budget => 'NaN')$$), ('crowd', $$event_pref(crowd => 0)$$), ('crowd', $$event_pref(crowd => 'Infinity')$$),
    ('starts', $$event_pref(starts => 'infinity')$$), ('around', $$event_pref(starts => '2026-12-04', around => '0')$$),
    ('around', $$event_pref(starts => '2026-12-04', around => '-1 day')$$), ('price_weight', $$event_pref(budget => 5, price_weight => -1)$$),
    ('start_weight', $$event_pref(starts => '2026-12-04', start_weight => 'NaN')$$),
    ('', $$event_pref(budget => 5, crowd => 5, price_weight => 1e308, attendees_weight => 1e308)$$),
    ('max_km', $$event_pref(latitude => 0, longitude => 0, within_km => 5, max_km => -1)$$),
    ('max_price', $$event_pref(budget => 5, max_price => 'NaN')$$), ('min_attendees', $$event_pref(budget => 5, min_attendees => -1)$$),
    ('after', $$event_pref(budget => 5, after => '-infinity')$$), ('min_score', $$event_pref(budget => 5, min_score => 1.5)$$),
    ('min_score', $$event_pref(budget => 5, min_score => 'NaN')$$),
    
    ('location_weight', $$event_pref(budget => 5, location_weight => -1)$$), ('around', $$event_pref(budget => 5, around => '-1 day')$$)) v;

INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'aggregate', '22004', * FROM (VALUES
    ('skill', $$(SELECT skillset_agg(NULL, 1))$$), ('level', $$(SELECT skillset_agg('a', NULL))$$),
    ('skill', $$(SELECT skillset_agg(NULL, 1, '2026-05-01', 30))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'aggregate', '22023', * FROM (VALUES
    ('', $$(SELECT skillset_agg('', 1))$$), ('a', $$(SELECT skillset_agg('a', 1, NULL, 30))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'aggregate', '22003', * FROM (VALUES
    ('a', $$(SELECT skillset_agg('a', 0))$$), ('b', $$(SELECT skillset_agg(x, l) FROM (VALUES ('a', 1::float8), ('B', 'NaN')) v (x, l))$$),
    ('a', $$(SELECT skillset_agg('a', 1, 'infinity', 30))$$), ('a', $$(SELECT skillset_agg('a', 1, '2026-05-01', -30))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'skillset', 'aggregate', '54000', * FROM (VALUES
    ('', $$(SELECT skillset_agg(repeat('x', 256), 1))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'aggregate', '22003', * FROM (VALUES
    ('quantile', $$(SELECT jobspec_agg('a', 2))$$), ('quantile', $$(SELECT jobspec_agg('a', -0.1))$$),
    ('quantile', $$(SELECT jobspec_agg('a', 'NaN'))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'aggregate', '22004', * FROM (VALUES
    ('quantile', $$(SELECT jobspec_agg('a', NULL))$$)) v;
INSERT INTO bad (type, form, state, place, input) SELECT 'jobspec', 'aggregate', '22023', * FROM (VALUES
    ('quantile', $$(SELECT jobspec_agg('a', q) FROM unnest(ARRAY[0.5, 0.6]) q)$$)) v;


-- What came of it

CALL pg_temp.attempt_all();

SELECT type, form, count(*) FROM bad GROUP BY type, form ORDER BY type, form;

-- Not refused, or refused as something else.
SELECT b.type, b.form, left(b.input, 80) AS input, b.state AS expected, coalesce(a.state, 'accepted') AS actual, left(coalesce(a.message, a.accepted), 80) AS said
FROM bad b JOIN attempt a USING (id)
WHERE a.state IS DISTINCT FROM b.state ORDER BY b.id;

-- Errors that point elsewhere, or nowhere.
SELECT b.type, b.form, left(b.input, 80) AS input, left(b.place, 30) AS expected, left(p, 30) AS actual
FROM bad b JOIN attempt a USING (id), pg_temp.place(a.message, a.detail, a.context) p
WHERE a.state IS NOT NULL AND left(p, 30) <> left(b.place, 30) ORDER BY b.id;
SELECT count(*) AS errors, count(*) FILTER (WHERE p = '' AND b.place <> '') AS without_a_place_where_one_is_due
FROM bad b JOIN attempt a USING (id), pg_temp.place(a.message, a.detail, a.context) p WHERE a.state IS NOT NULL;

-- Errors that say neither what is allowed nor what to write instead; but for what PostgreSQL itself says.
SELECT a.state, a.message, min(left(b.input, 60)) AS input
FROM bad b JOIN attempt a USING (id)
WHERE a.detail = '' AND a.hint = '' AND a.state <> '54001' AND a.context !~ '^JSON data' GROUP BY a.state, a.message ORDER BY a.message;

-- Errors that throw the whole input back at the user, and into the log; but for what PostgreSQL itself says.
SELECT b.type, b.form, left(b.input, 40) AS input, length(a.message) > 1000 AS message, length(a.detail) > 1000 AS detail, length(a.hint) > 1000 AS hint
FROM bad b JOIN attempt a USING (id)
WHERE greatest(length(a.message), length(a.detail), length(a.hint)) > 1000 AND a.context !~ '^JSON data' ORDER BY b.id;

-- The style of PostgreSQL's messages.
SELECT count(*) FILTER (WHERE a.message ~ '^(|[A-Z][a-z ].*|.*\.)$') AS messages_that_are_sentences,
       count(*) FILTER (WHERE a.detail !~ '^(|.*\.)$' OR a.hint !~ '^(|.*\.)$') AS details_or_hints_that_are_none
FROM bad b JOIN attempt a USING (id)
WHERE a.context !~ '^JSON data';


-- As a user sees them.

SELECT 'python:4, sql:3,'::skillset;
SELECT 'python:4, sql:-2'::skillset;
SELECT 'python:4, SQL:2, sql:3'::skillset;
SELECT 'python:4@01.05.2026'::skillset;
SELECT '{"python": 4, "sql": "three"}'::jsonb::skillset;
SELECT 'python!:4'::jobspec;
SELECT 'python:4..2'::jobspec;
SELECT 'python:4, @at_lest 0.5'::jobspec;
SELECT jobspec('{"items": [{"skill": "python", "neds": 4}]}'::jsonb);
SELECT '{"latitude": 151.5, "longitude": 0}'::eventfacts;
SELECT '{"latitude": 51.5, "price": 5}'::eventfacts;
SELECT '{"price": {"curve": "cubic", "scale": 5}}'::eventpref;
SELECT '{"price": {"curve": "linear", "offset": 20}}'::eventpref;
SELECT event_pref(latitude => 51.5, longitude => -0.1);
SELECT skillset(ARRAY['python', 'sql'], ARRAY[4]);
SELECT at_least('python:4'::jobspec, 50);


-- Odd but legal, and what is printed for it.
CREATE TEMP TABLE good (id int GENERATED ALWAYS AS IDENTITY, type text, input text, canonical text);

INSERT INTO good (type, input, canonical) SELECT 'skillset', * FROM (VALUES
    ('', ''), (E' \t\n', ''), ('python', 'python:1'), ('Python:04', 'python:4'), ('python:+4', 'python:4'), ('python:.5', 'python:0.5'),
    ('python:5.', 'python:5'), ('python:0.10', 'python:0.1'), ('python:4e0', 'python:4'), ('python:3.4028235e38', 'python:3.4028235e+38'),
    ('python:1.4e-45', 'python:1e-45'), ('python:16777217', 'python:1.6777216e+07'), ('c++', 'c++:1'), ('.net', '.net:1'), ('ci/cd', 'ci/cd:1'),
    ('c#', 'c#:1'), ('a.b', 'a.b:1'), ('a.', 'a.:1'), ('a.b.c', 'a.b.c:1'), ('-', '-:1'), ('2.5', '2.5:1'), ('2.5:2.5', '2.5:2.5'), ('nan', 'nan:1'),
    ('null:2', 'null:2'), ('[1]', '[1]:1'), ('python:4,5', '5:1, python:4'), ('b:1, a:2', 'a:2, b:1'),
    (E'\n python : 4 ,\n\tsql : 2\n', 'python:4, sql:2'), ('machine  LEARNING:2', 'machine learning:2'), (E'a\t\r\n\f\x0bb', 'a b:1'), ('sql;3, go 2', 'go 2:1, sql;3:1'), ('","', '",":1'),
    ('":"', '":":1'), ('"*"', '"*":1'), ('"!"', '"!":1'), ('"|"', '"|":1'), ('"~"', '"~":1'), ('"@"', '"@":1'), ('""""', '"""":1'),
    ('"say ""HI"""', '"say ""hi""":1'), ('"a""b""":2', '"a""b""":2'), ('".."', '"..":1'), ('"..."', '"...":1'), ('"a..b":2', '"a..b":2'),
    ('"a.b"', 'a.b:1'), ('" a"', '" a":1'), ('"a "', '"a ":1'), ('"   "', '" ":1'), (E'"\ta  b\n"', '" a b ":1'), ('"plain":2', 'plain:2'),
    ('"odd, name" : 2', '"odd, name":2'), ('python@2026-05-01', 'python:1@2026-05-01'), ('python:4@2026-05-01/30', 'python:4@2026-05-01/30'),
    (' python : 4 @ 2026-05-01 / 030.0 ', 'python:4@2026-05-01/30'), ('a@2026-05-01T00:00Z', 'a:1@2026-05-01'),
    ('a@2026-05-01 02:00+02:00', 'a:1@2026-05-01'), ('a@2026-05-01t10:00:30.50-0330', 'a:1@2026-05-01T13:30:30.5+00:00'),
    ('a@2026-05-01T10:00:00.000001z', 'a:1@2026-05-01T10:00:00.000001+00:00'), ('a@2026-05-01T00:00+01', 'a:1@2026-04-30T23:00:00+00:00'),
    ('a@1999-12-31T23:59:59', 'a:1@1999-12-31T23:59:59+00:00'), ('a@2024-02-29', 'a:1@2024-02-29'), ('a@0000-02-29', 'a:1@0000-02-29'),
    ('a@-4713-11-24', 'a:1@-4713-11-24'), ('a@294276-12-31T23:59:59.999999Z', 'a:1@294276-12-31T23:59:59.999999+00:00'),
    ('a:1@2026-05-01/1e-45, b:2', 'a:1@2026-05-01/1e-45, b:2'), (repeat('x', 255), repeat('x', 255) || ':1'),
    ('"' || repeat('""', 255) || '"', '"' || repeat('""', 255) || '":1'), ('a' || repeat(' ', 100000) || 'b', 'a b:1'),
    ('python:4.' || repeat('0', 100000), 'python:4')) v;

INSERT INTO good (type, input, canonical) SELECT 'jobspec', * FROM (VALUES
    ('', ''), ('  ', ''), ('python', 'python:1'), ('python!', 'python:1!'), ('python*2', 'python:1*2'), ('python:4 * 3 !', 'python:4*3!'),
    ('python*0', 'python:1*0'), ('python*-0', 'python:1*0'), ('python:0..2', 'python:2'), ('python:-0..2', 'python:2'), ('python:1..2', 'python:1..2'),
    ('python: 1 .. 2 *1', 'python:1..2'), ('python:.5...75', 'python:0.5..0.75'), ('python:1e0..2e1', 'python:1..20'),
    ('python:5...6e1', 'python:5..6'), ('a|b', 'a|b:1'), ('a|c|B~0.5:3', 'a|b~0.5|c:3'), ('a|b~1.0', 'a|b:1'), ('a | b ~ .5 : 2', 'a|b~0.5:2'),
    ('a|b, b|a', 'a|b:1, b|a:1'), ('"a|b"|"c~d"~0.5', '"a|b"|"c~d"~0.5:1'), ('"a..b":1..2', '"a..b":1..2'), ('b, a!', 'a:1!, b:1'),
    ('"@home"', '"@home":1'), ('at_least:2', 'at_least:2'), ('@at_least 0.5', '@at_least 0.5'), ('@at_least 0', ''), ('@at_least -0', ''),
    ('@at_least 1e-300', '@at_least 1e-300'), ('@as_of 2026-05-01T00:00Z , a', 'a:1, @as_of 2026-05-01'),
    (E'@as_of\t2026-05-01T12:00, @at_least\n1,b,a', 'a:1, b:1, @at_least 1, @as_of 2026-05-01T12:00:00+00:00')) v;

INSERT INTO good (type, input, canonical) SELECT 'eventfacts', * FROM (VALUES
    ('{}', '{}'), (E' {\n} ', '{}'), ('{"price": 0}', '{"price": 0}'), ('{"price": -0}', '{"price": 0}'), ('{"price": null}', '{}'),
    ('{"latitude": null, "longitude": null, "price": 12.50}', '{"price": 12.5}'),
    ('{"longitude": 180, "latitude": -90}', '{"latitude": -90, "longitude": 180}'),
    ('{"latitude": -0.0, "longitude": 1e-7}', '{"latitude": 0, "longitude": 1e-07}'), ('{"price": 1e308}', '{"price": 1e+308}'),
    ('{"price": 5e-324}', '{"price": 5e-324}'), ('{"attendees": 7.5}', '{"attendees": 7.5}'), ('{"\u0070rice": 1}', '{"price": 1}'),
    ('{"starts_at": "2026-12-04T20:00+01:00"}', '{"starts_at": "2026-12-04T19:00:00+00:00"}'),
    ('{"starts_at": "2026-12-04"}', '{"starts_at": "2026-12-04T00:00:00+00:00"}'),
    ('{"starts_at": "294276-12-31T23:59:59.999999Z"}', '{"starts_at": "294276-12-31T23:59:59.999999+00:00"}'),
    ('{"starts_at": "-4713-11-24"}', '{"starts_at": "-4713-11-24T00:00:00+00:00"}'), (repeat(' ', 1048576) || '{"price": 1}', '{"price": 1}')) v;

-- NULL: whatever it is, it comes back the same.
INSERT INTO good (type, input, canonical) SELECT 'eventpref', * FROM (VALUES
    ('{"price": {"curve": "step"}}', '{"price": {"weight": 1, "curve": "step"}}'),
    ('{"price": {"scale": 20, "weight": 0.50}}', '{"price": {"weight": 0.5, "curve": "linear", "scale": 20}}'),
    ('{"price": {"scale": 1, "missing": "worst"}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}}'),
    ('{"price": {"scale": 1, "missing": 0}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}}'),
    ('{"price": {"scale": 1, "missing": 1}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1, "missing": 1}}'),
    ('{"price": {"scale": 1, "side": "above"}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}}'),
    ('{"price": {"scale": 1, "origin": -0.0, "offset": -0}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}}'),
    ('{"price": {"scale": 1}, "limits": {}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}}'),
    ('{"combine": "min", "price": {"scale": 1}, "attendees": {"pivot": 5, "weight": 0}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}, "attendees": {"weight": 0, "curve": "saturation", "pivot": 5}, "combine": "min"}'),
    ('{"price": {"scale": 5e-324, "decay": 5e-324}}', '{"price": {"weight": 1, "curve": "linear", "scale": 5e-324, "decay": 5e-324}}'),
    ('{"price": {"scale": 1, "decay": 0.9999999999999999}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1, "decay": 0.9999999999999999}}'),
    ('{"start": {"origin": "2026-12-04", "scale": "1 day"}}', '{"start": {"weight": 1, "curve": "gauss", "origin": "2026-12-04T00:00:00+00:00", "scale": 86400}}'),
    ('{"start": {"origin": "2026-12-04", "scale": "P1D", "offset": "1:30", "scale_below": 0.5}}', '{"start": {"weight": 1, "curve": "gauss", "origin": "2026-12-04T00:00:00+00:00", "offset": 5400, "scale": 86400, "scale_below": 0.5}}'),
    ('{"start": {"origin": "1999-12-31T23:59:59.999999Z", "curve": "step"}}', '{"start": {"weight": 1, "curve": "step", "origin": "1999-12-31T23:59:59.999999+00:00"}}'),
    ('{"start": {"origin": "12026-01-01T00:00:01Z", "scale": 1}}', '{"start": {"weight": 1, "curve": "gauss", "origin": "12026-01-01T00:00:01+00:00", "scale": 1}}'),
    ('{"start": {"origin": "294276-12-31T23:59:59Z", "scale": 1}}', '{"start": {"weight": 1, "curve": "gauss", "origin": "294276-12-31T23:59:59+00:00", "scale": 1}}'),
    ('{"start": {"origin": "294276-12-31T23:59:59Z", "scale": 1}}', NULL), ('{"start": {"origin": "-4713-11-24", "scale": 1}}', NULL),
    ('{"price": {"scale": 1}, "limits": {"before": "294276-12-31T23:59:59Z"}}', NULL),
    ('{"start": {"origin": "9999-12-31T23:59:59.999999Z", "scale": 1}}', NULL),
    ('{"price": {"scale": 1}, "limits": {"min_attendees": 5, "max_attendees": 5, "max_price": 0, "min_score": 1}}', '{"price": {"weight": 1, "curve": "linear", "scale": 1}, "limits": {"max_price": 0, "min_attendees": 5, "max_attendees": 5, "min_score": 1}}')) v;

CREATE FUNCTION pg_temp.printed(type text, input text, OUT printed text, OUT again text, OUT by_json text, OUT same_bytes boolean)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT v::text, v::text::%1$I::text, v::jsonb::%1$I::text,
                           %1$s_send(v) = %1$s_send(v::text::%1$I) AND %1$s_send(v) = %1$s_send(v::jsonb::%1$I) FROM (SELECT $1::%1$I) x (v)', type)
    INTO printed, again, by_json, same_bytes USING input;
EXCEPTION WHEN OTHERS THEN
    printed := 'error: ' || sqlerrm;
END $$;

SELECT type, count(*) FROM good GROUP BY type ORDER BY type;
SELECT type, left(input, 60) AS input, left(canonical, 80) AS expected, left(printed, 80) AS printed, left(again, 80) AS again, left(by_json, 80) AS by_json, same_bytes
FROM good, pg_temp.printed(type, input) p
WHERE NOT coalesce(printed = coalesce(canonical, printed) AND printed = again AND printed = by_json AND same_bytes, false) ORDER BY id;

-- Text means the same whatever the session's settings are.
SET datestyle = 'SQL, DMY';
SET timezone = 'Asia/Kathmandu';
SET intervalstyle = 'sql_standard';
SET extra_float_digits = -10;
SELECT count(*) AS depend_on_settings FROM good, pg_temp.printed(type, input) p WHERE NOT coalesce(printed = coalesce(canonical, printed) AND printed = again AND printed = by_json AND same_bytes, false);
RESET datestyle;
RESET timezone;
RESET intervalstyle;
RESET extra_float_digits;

-- Very long and legal. Comparisons are true where the value survives its text.
WITH long (name, s) AS (
    SELECT '100,000 skills', (SELECT string_agg(format('skill %s:%s', i, i % 7 + 1), ',') FROM generate_series(1, 100000) i)::skillset
    UNION ALL SELECT 'by JSON', skillset((SELECT jsonb_object_agg('skill ' || i, i % 7 + 1) FROM generate_series(1, 100000) i))
    UNION ALL SELECT '4,000 of the longest names', skillset(array_agg(lpad(i::text, 255, 'x'))) FROM generate_series(1, 4000) i)
SELECT name, skill_count(s), length(s::text), s::text::skillset = s AS same FROM long;

WITH long (name, j) AS (
    SELECT '100,000 items', (SELECT string_agg(format('skill %s:%s*%s', i, i % 7 + 1, i % 3), ',') FROM generate_series(1, 100000) i)::jobspec
    UNION ALL SELECT '100,000 alternatives', (SELECT 'a' || string_agg(format('|skill %s~0.5', i), '') FROM generate_series(1, 100000) i)::jobspec
    UNION ALL SELECT 'by JSON', jobspec(jsonb_build_object('items', (SELECT jsonb_agg(jsonb_build_object('skill', 'skill ' || i)) FROM generate_series(1, 100000) i))))
SELECT name, (SELECT count(*) FROM jobspec_each(j)) AS items, length(j::text), j::text::jobspec::text = j::text AS same FROM long;
