-- Every function of the extension with values that are odd: NULL, empty, the largest and the smallest, infinities, stored out of line,
-- compressed, with a short header.  Whatever it is, a function answers or raises an error that tells the user what is wrong with a value,
-- never one of the classes that mean a fault of the program, and the session goes on.
--
--     psql -X -q -f test/pgtap/odd_values.sql [-v seed=0.5] [-v calls=150]
--
-- Functions are those that pg_proc has: a new one is tested without being named here, and fails if there is no odd value of a type that
-- it takes.  Each is called with every value of every argument beside ordinary ones and beside NULLs, and with `calls` random choices.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.5 \endif
\if :{?calls}
\elif :stress
    \set calls 5000
\else
    \set calls 60
\endif

SET client_min_messages = warning;
SET timezone = 'UTC';
SET jit = off;
CREATE SCHEMA odd;
SELECT setseed(:seed) AS ignored \gset

-- --- values --------------------------------------------------------------------

-- Expressions, so that what is stored is passed as it is stored.  The first one of a type is ordinary, the second one is NULL.
CREATE TABLE odd.value (type regtype, n int, expression text, PRIMARY KEY (type, n));

CREATE PROCEDURE odd.add(type regtype, VARIADIC expressions text[])
LANGUAGE sql AS $$
    INSERT INTO odd.value SELECT type, (SELECT count(*) FROM odd.value v WHERE v.type = add.type) + o - 1, e FROM unnest(expressions) WITH ORDINALITY u (e, o);
$$;

-- Stored in every way that a value can be stored: in line with a short header, compressed, out of line, both.
CREATE PROCEDURE odd.add_stored(type regtype, expression text)
LANGUAGE plpgsql AS $$
DECLARE
    storage text;
    name    text;
BEGIN
    FOREACH storage IN ARRAY '{main,external,extended}'::text[] LOOP
        name := format('odd.stored_%s', (SELECT count(*) FROM odd.value));
        EXECUTE format('CREATE TABLE %s (v %s)', name, type);
        BEGIN
            EXECUTE format('ALTER TABLE %s ALTER v SET STORAGE %s', name, storage);
        EXCEPTION WHEN feature_not_supported THEN       -- of fixed length: stored as it is
            NULL;
        END;
        EXECUTE format('INSERT INTO %s SELECT %s', name, expression);
        CALL odd.add(type, format('(SELECT v FROM %s)', name));
    END LOOP;
END $$;

CALL odd.add('skillset', $$'python:4, sql:3@2026-01-01/30, go:1'::skillset$$, 'NULL::skillset', $$''::skillset$$, $$'a:1.4e-45'::skillset$$, $$'a:3.4028235e38, b:1.4e-45'::skillset$$,
    $$'python:4@294276-12-31/3.4e38, sql:1@-4713-11-24/1.4e-45'::skillset$$, $$('"' || repeat('x', 255) || '":1')::skillset$$, $$('"' || repeat('é', 127) || '":1')::skillset$$,
    $$(SELECT skillset(array_agg('s' || g), array_agg(g)) FROM generate_series(1, 3000) g)$$);
CALL odd.add_stored('skillset', $$'python:4, sql:3'::skillset$$);
CALL odd.add_stored('skillset', $$(SELECT skillset(array_agg(left(md5(g::text) || repeat('z', 223), 255)), array_agg(g % 9 + 1)) FROM generate_series(1, 200) g)$$);
CALL odd.add('jobspec', $$'python:4*3!, tensorflow|pytorch~0.7:3*2, sql:1..2, @at_least 0.3, @as_of 2026-05-01'::jobspec$$, 'NULL::jobspec', $$''::jobspec$$, $$'a:1.4e-45*1.4e-45'::jobspec$$,
    $$'a:3.4028235e38*3.4028235e38, b:1*3.4028235e38!, c:1.4e-45..3.4e38'::jobspec$$, $$'a*0, b*0!'::jobspec$$, $$'a|b~0, c|d~1, @at_least 1'::jobspec$$, $$'@as_of 294276-12-31'::jobspec$$,
    $$'python, @as_of -4713-11-24, @at_least 0'::jobspec$$, $$(SELECT jobspec(array_agg('s' || g), array_agg(g)) FROM generate_series(1, 3000) g)$$);
CALL odd.add_stored('jobspec', $$'python:4!, sql|mysql~0.5:3'::jobspec$$);
CALL odd.add_stored('jobspec', $$(SELECT jobspec(array_agg(left(md5(g::text) || repeat('z', 223), 255)), array_agg(g % 9 + 1)) FROM generate_series(1, 200) g)$$);
CALL odd.add('eventfacts', $$event_facts(51.5, -0.1, 20, 100, '2026-12-04 19:00+00')$$, 'NULL::eventfacts', 'event_facts(NULL, NULL)', 'event_facts(90, 180, 0, 0)', 'event_facts(-90, -180, -0.0, 0)',
    $$event_facts(NULL, NULL, 1.7976931348623157e308, 9e15)$$, $$event_facts(0, 0, 4.9e-324, NULL, '294276-12-31')$$, $$event_facts(NULL, NULL, NULL, NULL, '4714-11-24 BC')$$);
CALL odd.add_stored('eventfacts', $$event_facts(51.5, -0.1, 20, 100, '2026-12-04 19:00+00')$$);
CALL odd.add('eventpref', $$event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20, crowd => 100, starts => '2026-12-04 19:00+00')$$, 'NULL::eventpref', 'event_pref(budget => 0)',
    'event_pref(latitude => 90, longitude => -180, within_km => 4.9e-300, combine => ''product'')', 'event_pref(crowd => 1e300, crowd_weight => 1e-300, missing => ''exclude'')',
    $$event_pref(starts => '294276-12-31', around => '1 microsecond', combine => 'min', missing => '0.5')$$, $$event_pref(starts => '4714-11-24 BC', min_score => 1)$$,
    $$event_pref(budget => 1.7e308, max_price => 0, max_km => 0, latitude => 0, longitude => 0)$$);
CALL odd.add_stored('eventpref', $$event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20)$$);
CALL odd.add('text', $$'python'$$, 'NULL::text', $$''::text$$, $$' '::text$$, $$repeat('x', 255)$$, $$repeat('x', 256)$$, $$repeat('é', 128)$$, $$repeat('ab ', 400000)$$, $$'" ,:|~@!*'$$, $$E'\x01\t\n'$$,
    $$'SELECT 1::bigint AS id, ''go:4''::skillset AS teaches, 1.0::float8 AS cost'$$, $$'SELECT g AS id, (''s'' || g)::skillset AS teaches, g::float8 AS cost FROM generate_series(1, 300) g'$$,
    $$'SELECT 1'$$, $$'SELECT NULL::bigint AS id, NULL::skillset AS teaches, NULL::float8 AS cost'$$, $$'SELECT 1::bigint AS id, ''go''::skillset AS teaches, ''NaN''::float8 AS cost'$$,
    $$'DROP TABLE odd.value'$$, $$'product'$$, $$'require'$$);
CALL odd.add_stored('text', $$repeat('some skill', 30)$$);
CALL odd.add_stored('text', $$repeat('0123456789', 3000)$$);
CALL odd.add('text[]', $$'{python,sql}'::text[]$$, 'NULL::text[]', $$'{}'::text[]$$, $$'{NULL}'::text[]$$, $$'{a,a}'::text[]$$, $$'{{a,b},{c,d}}'::text[]$$, $$'[5:6]={a,b}'::text[]$$, $$'{""}'::text[]$$,
    $$(SELECT array_agg('s' || g) FROM generate_series(1, 3000) g)$$);
CALL odd.add_stored('text[]', $$(SELECT array_agg('some skill ' || g) FROM generate_series(1, 1000) g)$$);
CALL odd.add('float8', '2', 'NULL::float8', '0', $$'-0'::float8$$, '-1', '1', '4.9e-324', '1.7976931348623157e308', '-1.7976931348623157e308', $$'Infinity'::float8$$, $$'-Infinity'::float8$$, $$'NaN'::float8$$,
    '1.4e-45', '3.4028235e38', '3.5e38', '90', '180', '1e-46');
CALL odd.add('float8[]', $$'{4,3}'::float8[]$$, 'NULL::float8[]', $$'{}'::float8[]$$, $$'{NULL,1}'::float8[]$$, $$'{NaN,Infinity}'::float8[]$$, $$'{0,-1}'::float8[]$$, $$'{{1,2},{3,4}}'::float8[]$$, $$'{1e300,1e-300}'::float8[]$$,
    $$(SELECT array_agg(g::float8) FROM generate_series(1, 3000) g)$$);
CALL odd.add_stored('float8[]', $$(SELECT array_agg(g % 9 + 1.0) FROM generate_series(1, 1000) g)$$);
CALL odd.add('boolean[]', $$'{t,f}'::boolean[]$$, 'NULL::boolean[]', $$'{}'::boolean[]$$, $$'{NULL,t}'::boolean[]$$, $$'{{t},{f}}'::boolean[]$$);
CALL odd.add('timestamptz', $$'2026-05-01'::timestamptz$$, 'NULL::timestamptz', $$'infinity'::timestamptz$$, $$'-infinity'::timestamptz$$, $$'294276-12-31 23:59:59.999999+00'::timestamptz$$, $$'4714-11-24 BC'::timestamptz$$, $$'epoch'::timestamptz$$);
CALL odd.add('timestamptz[]', $$'{2026-05-01,NULL}'::timestamptz[]$$, 'NULL::timestamptz[]', $$'{}'::timestamptz[]$$, $$'{infinity,-infinity}'::timestamptz[]$$, $$'{{2026-05-01,2026-05-02}}'::timestamptz[]$$);
CALL odd.add('interval', $$'2 hours'::interval$$, 'NULL::interval', $$'0'::interval$$, $$'-1 day'::interval$$, $$'178000000 years'::interval$$, $$'-178000000 years'::interval$$, $$'1 microsecond'::interval$$, $$'1 month -30 days'::interval$$);
CALL odd.add('point', $$'(-0.1,51.5)'::point$$, 'NULL::point', $$'(0,0)'::point$$, $$'(180,90)'::point$$, $$'(NaN,0)'::point$$, $$'(Infinity,-Infinity)'::point$$, $$'(1e308,1e308)'::point$$);
CALL odd.add('smallint', '1::smallint', 'NULL::smallint', '0::smallint', '32767::smallint', '(-32768)::smallint');
CALL odd.add('integer', '3', 'NULL::int', '0', '-1', '1', '4', '5', '2147483647', '-2147483648');
CALL odd.add('bigint', '1::bigint', 'NULL::bigint', '0::bigint', '9223372036854775807', '(-9223372036854775808)::bigint');
CALL odd.add('boolean', 'true', 'NULL::boolean', 'false');
CALL odd.add('oid', '1::oid', 'NULL::oid', '0::oid', '4294967295::oid');
CALL odd.add('jsonb', $$'{"python": 4, "sql": {"level": 3, "last": "2026-01-01", "stability": 30}}'::jsonb$$, 'NULL::jsonb', $$'{}'::jsonb$$, $$'[]'::jsonb$$, $$'null'::jsonb$$, $$'1e400'::jsonb$$, $$'""'::jsonb$$,
    $$'{"python": null}'::jsonb$$, $$'{"python": 1e-400}'::jsonb$$, $$'{"items": [{"skill": "python", "need": 4, "must": true}]}'::jsonb$$, $$'{"items": []}'::jsonb$$, $$'{"items": {}}'::jsonb$$,
    $$(repeat('[', 1000) || repeat(']', 1000))::jsonb$$, $$(SELECT jsonb_object_agg('s' || g, g) FROM generate_series(1, 3000) g)$$,
    $$event_pref(budget => 20)::jsonb$$, $$event_facts(51.5, -0.1, 20)::jsonb$$, $$'{"location": {"latitude": 1e999}}'::jsonb$$, $$'{"price": {"curve": "nothing"}}'::jsonb$$);
CALL odd.add_stored('jsonb', $$(SELECT jsonb_object_agg('some skill ' || g, g) FROM generate_series(1, 1000) g)$$);
CALL odd.add('cstring', $$'python:4'::cstring$$, 'NULL::cstring', $$''::cstring$$, $$'{"price": {"curve": "at_most", "limit": 20, "scale": 5, "weight": 1}}'::cstring$$, $$'(,,,,)'::cstring$$, $$repeat('(', 100000)::cstring$$,
    $$event_facts(51.5, -0.1, 20)::text::cstring$$, $$event_pref(budget => 20)::text::cstring$$);

CREATE TABLE odd.people (id int, skills skillset, facts eventfacts, job jobspec);
INSERT INTO odd.people SELECT g, ('s' || g % 30 || ':3')::skillset, event_facts(g % 90, g % 180, g), ('s' || g % 30)::jobspec FROM generate_series(1, 500) g;
CREATE INDEX people_skills ON odd.people USING shortlist (skills);
CREATE INDEX people_jobs ON odd.people USING shortlist (job);
CREATE INDEX people_facts ON odd.people USING gist (facts);
CREATE INDEX people_id ON odd.people (id);
CREATE VIEW odd.view AS TABLE odd.people;
CREATE TABLE odd.partitioned (id int, skills skillset) PARTITION BY HASH (id);
CREATE INDEX partitioned_skills ON odd.partitioned USING shortlist (skills);
CALL odd.add('regclass', $$'odd.people_skills'::regclass$$, 'NULL::regclass', '0::regclass', '4294967295::regclass', $$'odd.people_jobs'::regclass$$, $$'odd.people_facts'::regclass$$, $$'odd.people_id'::regclass$$,
    $$'odd.people'::regclass$$, $$'odd.view'::regclass$$, $$'odd.partitioned_skills'::regclass$$, $$'pg_class'::regclass$$, $$'pg_class_oid_index'::regclass$$);
CALL odd.add('real', '0.5::real', 'NULL::real', '0::real', '-1::real', $$'NaN'::real$$, $$'Infinity'::real$$, '3.4028235e38::real');
CALL odd.add('numeric', '20::numeric', 'NULL::numeric', '0::numeric', '-1::numeric', $$'NaN'::numeric$$, $$'Infinity'::numeric$$, '1e400::numeric', '1e-400::numeric');
CALL odd.add('jsonpath', $$'$.a'::jsonpath$$, 'NULL::jsonpath', $$'$'::jsonpath$$, $$'strict $.a[*]'::jsonpath$$);
CALL odd.add('jsonb[]', $$ARRAY['{"name": "Meetup", "startDate": "2026-12-04"}'::jsonb]$$, 'NULL::jsonb[]', $$'{}'::jsonb[]$$, $$'{NULL}'::jsonb[]$$, $$ARRAY['[]'::jsonb, 'null', '1e400']$$);
CALL odd.add('event_sources', $$jsonb_populate_record(NULL::event_sources, '{}')$$, 'NULL::event_sources');
CALL odd.add('event_listing', $$jsonb_populate_record(NULL::event_listing, '{}')$$, 'NULL::event_listing');
CALL odd.add('event_listing[]', $$ARRAY[jsonb_populate_record(NULL::event_listing, '{}')]$$, 'NULL::event_listing[]', $$'{}'::event_listing[]$$, $$'{NULL}'::event_listing[]$$);
-- What SQL cannot make: no other value can be passed.
CALL odd.add('internal', 'NULL', 'NULL');
CALL odd.add('bytea', $$'\x00'::bytea$$, 'NULL::bytea', $$''::bytea$$);

-- What an index stores has no text.
CALL odd.add('eventbox', 'NULL::eventbox', 'NULL::eventbox');

-- --- calls ---------------------------------------------------------------------

CREATE TABLE odd.function AS
SELECT p.oid::regprocedure AS function, p.oid::regprocedure::text AS name, p.prokind, p.prorettype, p.proargtypes::oid[]::regtype[] AS types,
       format('%I.%I', (SELECT nspname FROM pg_namespace WHERE oid = pronamespace), proname) AS called, false AS answered
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist');

-- Which value each argument gets, call by call.
CREATE FUNCTION odd.choices(types regtype[], random_calls int) RETURNS SETOF int[]
LANGUAGE plpgsql AS $$
DECLARE
    counts int[];
BEGIN
    SELECT array_agg((SELECT count(*)::int FROM odd.value v WHERE v.type = t) ORDER BY o) INTO counts FROM unnest(types) WITH ORDINALITY u (t, o);
    -- With no argument there is one way to call it.
    IF counts IS NULL THEN
        RETURN NEXT '{}'::int[];
        RETURN;
    END IF;
    FOR others IN 0 .. 1 LOOP
        FOR argument IN 1 .. cardinality(counts) LOOP
            FOR chosen IN 0 .. counts[argument] - 1 LOOP
                RETURN NEXT array_fill(others, ARRAY[argument - 1]) || chosen || array_fill(others, ARRAY[cardinality(counts) - argument]);
            END LOOP;
        END LOOP;
    END LOOP;
    IF cardinality(counts) > 1 THEN
        FOR i IN 1 .. random_calls LOOP
            RETURN QUERY SELECT array_agg(floor(random() * c)::int ORDER BY o) FROM unnest(counts) WITH ORDINALITY u (c, o);
        END LOOP;
    END IF;
END $$;

CREATE FUNCTION odd.query(f odd.function, choice int[]) RETURNS text
LANGUAGE sql AS $$
    SELECT format(CASE WHEN f.prokind = 'a' THEN 'SELECT count(r::text) FROM (SELECT %1$s(%3$s) r FROM (SELECT %2$s) s (%3$s)) q'
                       WHEN 'internal'::regtype = ANY (f.types) OR f.prorettype = ANY ('{internal,index_am_handler,void}'::regtype[]) THEN 'SELECT %1$s(%2$s) IS NULL'
                       WHEN f.prorettype = 'cstring'::regtype THEN 'SELECT length(%1$s(%2$s)::text)'
                       ELSE 'SELECT count(r::text) FROM %1$s(%2$s) r' END,
                  f.called, string_agg(v.expression, ', ' ORDER BY o), string_agg('a' || o, ', ' ORDER BY o))
    FROM unnest(f.types, choice) WITH ORDINALITY u (t, n, o) JOIN odd.value v ON v.type = u.t AND v.n = u.n
$$;

-- Errors that tell of a value or an object: data exceptions, what a query of the caller's says, limits, what is not supported.  Parts of
-- an aggregate say what PostgreSQL's own say, if they are called alone.
CREATE FUNCTION odd.tells(state text, message text) RETURNS boolean
LANGUAGE sql AS $$ SELECT left(state, 2) IN ('22', '42', '54', '0A') OR state IN ('55000', '25006') OR message LIKE '%called in non-aggregate context' $$;

CREATE FUNCTION odd.test(f odd.function, random_calls int) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    choice  int[];
    query   text;
    problem text;
    calls   int := 0;
    answers int := 0;
BEGIN
    IF EXISTS (SELECT FROM unnest(f.types) t WHERE t NOT IN (SELECT type FROM odd.value)) THEN
        RETURN NEXT fail(f.name || ': there is no odd value for one of its arguments; add some to this file');
        RETURN;
    END IF;
    FOR choice IN SELECT odd.choices(f.types, random_calls) LOOP
        query := odd.query(f, choice);
        calls := calls + 1;
        BEGIN
            EXECUTE query;
            answers := answers + 1;
        EXCEPTION WHEN OTHERS THEN
            IF problem IS NULL AND NOT odd.tells(SQLSTATE, SQLERRM) THEN
                problem := format('%s %s: %s', SQLSTATE, SQLERRM, query);
            END IF;
        END;
    END LOOP;
    RETURN NEXT is(problem, NULL, format('%s: %s calls, %s answers', f.name, calls, answers));
    UPDATE odd.function SET answered = answers > 0 WHERE function = f.function;
END $$;

SELECT * FROM no_plan();
SELECT diag(format('seed %s, calls %s', :seed, :calls));
SELECT odd.test(f, :calls) FROM odd.function f ORDER BY f.name;
SELECT ok(count(*) > 100, count(*) || ' functions') FROM odd.function;
SELECT ok(count(*) FILTER (WHERE answered) > 0.9 * count(*), 'of which nearly all have answers, ' || count(*) FILTER (WHERE answered)) FROM odd.function WHERE NOT 'internal'::regtype = ANY (types);
SELECT is((SELECT count(*) FROM odd.value WHERE expression ~ 'stored_'), 33::bigint, 'values that are stored in other ways');
SELECT * FROM finish();
