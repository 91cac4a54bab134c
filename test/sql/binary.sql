-- Binary input and output: what is sent comes back as the same value in the same bytes, and whatever else
-- arrives is refused with an error of its class or is a valid value.

-- In SQL nobody can call a receive function, which takes a buffer, but for an aggregate whose state is one.
CREATE AGGREGATE pg_temp.receive_skillset(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = skillset_recv);
CREATE AGGREGATE pg_temp.receive_jobspec(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = jobspec_recv);
CREATE AGGREGATE pg_temp.receive_eventfacts(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = eventfacts_recv);
CREATE AGGREGATE pg_temp.receive_eventpref(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = eventpref_recv);

-- What the bytes say, or the error; and whether the value survives another trip through its bytes and its text.
CREATE FUNCTION pg_temp.receive(type text, bytes bytea, OUT value text, OUT sent bytea, OUT same boolean, OUT state text, OUT message text)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT v::text, %1$s_send(v), v::text = v::text::%1$I::text AND v = v::text::%1$I AND %1$s_send(v) = %1$s_send(v::text::%1$I)
                    FROM (SELECT pg_temp.receive_%1$s($1, NULL)) x (v)', type) INTO value, sent, same USING bytes;
    EXECUTE format('SELECT $3 AND v::text = $1 AND %1$s_send(v) = $2 FROM (SELECT pg_temp.receive_%1$s($2, NULL)) x (v)', type)
        INTO same USING value, sent, same;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT;
END $$;


-- 1,000 values of each type, rich in what they hold. They depend on nothing but their number.

CREATE FUNCTION pg_temp.dice(seed text, sides int) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || left(md5(seed), 7))::bit(28)::int % sides $$;

CREATE FUNCTION pg_temp.name(seed text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['c++', 'a, b', ' x', '"', 'machine learning', 'a..b', '!', '~*|', '@at_least', repeat('long', 60)])[1 + pg_temp.dice('a' || seed, 10)]
           || pg_temp.dice('b' || seed, 1000)
$$;

CREATE FUNCTION pg_temp.number(seed text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY['1', '4', '0.1', '16777217', '3.4028235e38', '1.4e-45', (1 + pg_temp.dice('c' || seed, 100000)) / 1000.0 || ''])[1 + pg_temp.dice('d' || seed, 7)]
$$;

CREATE FUNCTION pg_temp.moment(seed text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(timestamp '1996-01-01' + pg_temp.dice('e' || seed, 20000) * interval '1 day'
                   + (ARRAY[0, pg_temp.dice('f' || seed, 86400) * 1000003.0 / 1000000])[1 + pg_temp.dice('g' || seed, 2)] * interval '1 second',
                   'YYYY-MM-DD"T"HH24:MI:SS.US') || 'Z'
$$;

CREATE FUNCTION pg_temp.quoted(name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT '"' || replace(name, '"', '""') || '"' $$;

CREATE TEMP TABLE skillset_values AS
SELECT n, coalesce(string_agg(DISTINCT entry, ','), '')::skillset AS v
FROM generate_series(1, 1000) n
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (name) pg_temp.quoted(name) || ':' || pg_temp.number(seed)
           || CASE WHEN n % 3 = 0 AND pg_temp.dice('h' || seed, 2) = 0 THEN '@' || pg_temp.moment(seed)
                   || CASE WHEN pg_temp.dice('i' || seed, 2) = 0 THEN '/' || pg_temp.number('j' || seed) ELSE '' END
              ELSE '' END AS entry
    FROM (SELECT n || ' ' || i AS seed, pg_temp.name(n || ' ' || i) AS name FROM generate_series(1, n % 20) i) x) e ON true
GROUP BY n;

CREATE TEMP TABLE jobspec_values AS
SELECT n, (coalesce(string_agg(DISTINCT entry, ','), '')
           || CASE WHEN n % 5 = 1 THEN CASE WHEN n % 20 > 0 THEN ',' ELSE '' END || '@at_least 0.' || n ELSE '' END
           || CASE WHEN n % 7 = 1 THEN CASE WHEN n % 20 > 0 OR n % 5 = 1 THEN ',' ELSE '' END || '@as_of ' || pg_temp.moment(n::text) ELSE '' END)::jobspec AS v
FROM generate_series(1, 1000) n
LEFT JOIN LATERAL (
    SELECT DISTINCT ON (name) pg_temp.quoted(name)
           || coalesce((SELECT string_agg(DISTINCT '|' || pg_temp.quoted('alt ' || a) || CASE WHEN a % 2 = 0 THEN '~0.' || a ELSE '' END, '')
                        FROM generate_series(1, pg_temp.dice('k' || seed, 4)) a), '')
           || ':' || CASE WHEN pg_temp.dice('l' || seed, 3) = 0 THEN '1e-45..' || '0.5' ELSE pg_temp.number(seed) END
           || CASE WHEN pg_temp.dice('m' || seed, 2) = 0 THEN '*' || (ARRAY['0', pg_temp.number('n' || seed)])[1 + pg_temp.dice('o' || seed, 2)] ELSE '' END
           || CASE WHEN pg_temp.dice('p' || seed, 2) = 0 THEN '!' ELSE '' END AS entry
    FROM (SELECT n || ' ' || i AS seed, pg_temp.name(n || ' ' || i) AS name FROM generate_series(1, n % 20) i) x) e ON true
GROUP BY n;

-- json_strip_nulls() leaves unknown what the dice made NULL.
CREATE TEMP TABLE eventfacts_values AS
SELECT n, json_strip_nulls(json_build_object(
    'latitude', CASE WHEN known & 1 > 0 THEN pg_temp.dice('q' || n, 180001) / 1000.0 - 90 END,
    'longitude', CASE WHEN known & 1 > 0 THEN pg_temp.dice('r' || n, 360001) / 1000.0 - 180 END,
    'price', CASE WHEN known & 2 > 0 THEN (ARRAY[0, 0.1, 1e308, 5e-324, pg_temp.dice('s' || n, 100000) / 100.0])[1 + pg_temp.dice('t' || n, 5)] END,
    'attendees', CASE WHEN known & 4 > 0 THEN pg_temp.dice('u' || n, 10000) END,
    'starts_at', CASE WHEN known & 8 > 0 THEN pg_temp.moment('v' || n) END))::text::eventfacts AS v
FROM (SELECT n, n % 16 AS known FROM generate_series(1, 1000) n) x;

CREATE TEMP TABLE eventpref_values AS
SELECT n, json_strip_nulls(json_build_object(
    'location', CASE WHEN counts & 1 > 0 THEN json_build_object('latitude', pg_temp.dice('w' || n, 1801) / 10.0 - 90, 'longitude', pg_temp.dice('x' || n, 3601) / 10.0 - 180, 'scale', 0.1 + n,
                     'curve', (ARRAY['gauss', 'exp', 'linear', 'step'])[1 + n % 4], 'missing', (ARRAY['worst', 'skip', 'exclude'])[1 + n % 3]) END,
    'price', CASE WHEN counts & 2 > 0 THEN json_build_object('weight', n / 7.0, 'offset', n % 5, 'scale', (ARRAY[5e-324, 1e308, n / 3.0])[1 + n % 3], 'decay', (ARRAY[0.5, 1e-9, 0.999])[1 + n % 3],
                     'side', (ARRAY['both', 'above', 'below'])[1 + n % 3], 'missing', 1.0 / n) END,
    'attendees', CASE WHEN counts & 4 > 0 THEN json_build_object('curve', (ARRAY['saturation', 'sigmoid'])[1 + n % 2], 'pivot', n, 'exponent', n / 11.0) END,
    'start', CASE WHEN counts & 8 > 0 THEN json_build_object('origin', pg_temp.moment('y' || n), 'scale', n || ' minutes', 'scale_below', n + 0.5) END,
    'combine', (ARRAY['sum', 'product', 'min'])[1 + n % 3],
    'limits', CASE WHEN n % 4 = 0 THEN json_build_object('max_price', n, 'min_attendees', n % 9, 'max_attendees', n % 9 + n, 'after', pg_temp.moment('z' || n), 'before', '2099-01-01', 'min_score', 1.0 / n) END
    ))::text::eventpref AS v
FROM (SELECT n, 1 + n % 15 AS counts FROM generate_series(1, 1000) n) x;

CREATE TEMP TABLE sent AS
SELECT 'skillset' AS type, n, v::text AS value, skillset_send(v) AS bytes FROM skillset_values
UNION ALL SELECT 'jobspec', n, v::text, jobspec_send(v) FROM jobspec_values
UNION ALL SELECT 'eventfacts', n, v::text, eventfacts_send(v) FROM eventfacts_values
UNION ALL SELECT 'eventpref', n, v::text, eventpref_send(v) FROM eventpref_values;

SELECT s.type, count(*), count(DISTINCT s.bytes) > 850 AS various,
       count(*) FILTER (WHERE r.value IS DISTINCT FROM s.value) AS other_text,
       count(*) FILTER (WHERE r.sent IS DISTINCT FROM s.bytes) AS other_bytes,
       count(*) FILTER (WHERE r.same IS NOT TRUE) AS unstable
FROM sent s, pg_temp.receive(s.type, s.bytes) r GROUP BY s.type ORDER BY s.type;

SELECT count(*) FILTER (WHERE received <> v) AS unequal
FROM (SELECT v, pg_temp.receive_skillset(skillset_send(v), NULL) AS received FROM skillset_values GROUP BY n, v) x;


-- The same by COPY, as clients and pg_dump do it, of a table of all four.

CREATE TEMP TABLE whole AS
SELECT n, s.v AS s, j.v AS j, f.v AS f, p.v AS p
FROM skillset_values s JOIN jobspec_values j USING (n) JOIN eventfacts_values f USING (n) JOIN eventpref_values p USING (n);
CREATE TEMP TABLE copied (LIKE whole);

-- \copy knows no variables, so its command is written to a file too. Names of files must not be in the answer.
\set data `mktemp`
\set script `mktemp`
COPY whole TO STDOUT (FORMAT binary) \g :data
\set ECHO none
\o :script
\qecho '\\copy copied from' :'data' '(format binary)'
\o
\i :script
\setenv data :data
\setenv script :script
\! rm -f "$data" "$script"
\set ECHO all
SELECT count(*) AS copied, count(*) FILTER (WHERE (w.s, w.j, w.f, w.p) IS DISTINCT FROM (c.s, c.j, c.f, c.p)) AS differ
FROM whole w FULL JOIN copied c USING (n);


-- Malformed bytes, one fault each, with the error that is due.

CREATE FUNCTION pg_temp.counted(name text) RETURNS bytea
LANGUAGE sql AS $$ SELECT int4send(octet_length(name)) || convert_to(name, 'SQL_ASCII') $$;

CREATE TEMP TABLE bad (id int GENERATED ALWAYS AS IDENTITY, type text, fault text, state text, bytes bytea);

-- A skill is name, level and, with the flag, last and stability.
INSERT INTO bad (type, fault, state, bytes) SELECT 'skillset', * FROM (VALUES
    ('nothing', '08P01', ''::bytea),
    ('version 0', '22P03', '\x000000000000'),
    ('version 2', '22P03', '\x020000000000'),
    ('unknown flag', '22P03', '\x010200000000'),
    ('all flags', '22P03', '\x01ff00000000'),
    ('no count', '08P01', '\x0100'),
    ('half a count', '08P01', '\x01000000'),
    ('count 1 and no skill', '22P03', '\x010000000001'),
    ('count 0x7fffffff', '22P03', '\x01007fffffff' || pg_temp.counted('a') || float4send(1)),
    ('count 0x80000000', '22P03', '\x010080000000' || pg_temp.counted('a') || float4send(1)),
    ('count 0xffffffff', '22P03', '\x0100ffffffff' || pg_temp.counted('a') || float4send(1)),
    ('count 2 for 1', '08P01', '\x010000000002' || pg_temp.counted('abcdefgh') || float4send(1)),
    ('name of length -1', '22P03', '\x010000000001' || int4send(-1) || float4send(1) || float4send(1)),
    ('name of length 0x7fffffff', '22P03', '\x010000000001' || int4send(2147483647) || float4send(1)),
    ('name of length -0x80000000', '22P03', '\x010000000001' || int4send(-2147483648) || float4send(1)),
    ('name longer than the rest', '22P03', '\x010000000001' || int4send(9) || 'abcd'::bytea || float4send(1)),
    ('empty name', '22023', '\x010000000001' || pg_temp.counted('') || float4send(1)),
    ('name of 256 bytes', '54000', '\x010000000001' || pg_temp.counted(repeat('x', 256)) || float4send(1)),
    ('NUL in a name', '22021', '\x010000000001' || int4send(3) || '\x610062'::bytea || float4send(1)),
    ('no level', '08P01', '\x010000000001' || pg_temp.counted('abcdefgh')),
    ('level 0', '22003', '\x010000000001' || pg_temp.counted('a') || float4send(0)),
    ('level -0', '22003', '\x010000000001' || pg_temp.counted('a') || '\x80000000'::bytea),
    ('level -1', '22003', '\x010000000001' || pg_temp.counted('a') || float4send(-1)),
    ('level NaN', '22003', '\x010000000001' || pg_temp.counted('a') || float4send('NaN')),
    ('level infinity', '22003', '\x010000000001' || pg_temp.counted('a') || float4send('Infinity')),
    ('one skill twice', '22023', '\x010000000002' || pg_temp.counted('a') || float4send(1) || pg_temp.counted('a') || float4send(2)),
    ('one skill twice, folded', '22023', '\x010000000002' || pg_temp.counted('a b') || float4send(1) || pg_temp.counted('A  B') || float4send(2)),
    ('no practice', '08P01', '\x010100000001' || pg_temp.counted('abcdefgh') || float4send(1)),
    ('last infinity', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(9223372036854775807) || float4send(30)),
    ('last out of range', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(9223371331200000000) || float4send(30)),
    ('last too early', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(-9223372036854775807) || float4send(30)),
    ('stability -1', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || float4send(-1)),
    ('stability NaN', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || float4send('NaN')),
    ('stability infinity', '22003', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || float4send('Infinity')),
    ('stability without last', '22023', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send((-9223372036854775808)::bigint) || float4send(30))) v;

-- An item is name, need, from, weight, must, and alternatives with credits.
CREATE FUNCTION pg_temp.item(name text, need float4, "from" float4, weight float4, must bytea, alternatives bytea) RETURNS bytea
LANGUAGE sql AS $$ SELECT pg_temp.counted(name) || float4send(need) || float4send("from") || float4send(weight) || must || alternatives $$;

INSERT INTO bad (type, fault, state, bytes) SELECT 'jobspec', * FROM (VALUES
    ('nothing', '08P01', ''::bytea),
    ('version 0', '22P03', '\x000000000000'),
    ('version 2', '22P03', '\x020000000000'),
    ('unknown flag', '22P03', '\x010400000000'),
    ('clock cut off', '08P01', '\x010100000000'),
    ('threshold cut off', '08P01', '\x010200000000'),
    ('clock infinity', '22003', '\x0101' || int8send(9223372036854775807) || int4send(0)),
    ('clock out of range', '22003', '\x0101' || int8send(9223371331200000000) || int4send(0)),
    ('clock -infinity', '22003', '\x0101' || int8send((-9223372036854775808)::bigint) || int4send(0)),
    ('threshold -0.5', '22003', '\x0102' || float8send(-0.5) || int4send(0)),
    ('threshold 1.5', '22003', '\x0102' || float8send(1.5) || int4send(0)),
    ('threshold NaN', '22003', '\x0102' || float8send('NaN') || int4send(0)),
    ('no count', '08P01', '\x0100'),
    ('count 0x7fffffff', '22P03', '\x01007fffffff' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(0))),
    ('count 0xffffffff', '22P03', '\x0100ffffffff' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(0))),
    ('count 2 for 1', '22P03', '\x010000000002' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(0))),
    ('empty name', '22023', '\x010000000001' || pg_temp.item('', 1, 0, 1, '\x00', int4send(0))),
    ('name of 256 bytes', '54000', '\x010000000001' || pg_temp.item(repeat('x', 256), 1, 0, 1, '\x00', int4send(0))),
    ('name of length -1', '22P03', '\x010000000001' || int4send(-1) || repeat('x', 30)::bytea),
    ('need 0', '22003', '\x010000000001' || pg_temp.item('a', 0, 0, 1, '\x00', int4send(0))),
    ('need NaN', '22003', '\x010000000001' || pg_temp.item('a', 'NaN', 0, 1, '\x00', int4send(0))),
    ('need infinity', '22003', '\x010000000001' || pg_temp.item('a', 'Infinity', 0, 1, '\x00', int4send(0))),
    ('from -1', '22003', '\x010000000001' || pg_temp.item('a', 1, -1, 1, '\x00', int4send(0))),
    ('from NaN', '22003', '\x010000000001' || pg_temp.item('a', 1, 'NaN', 1, '\x00', int4send(0))),
    ('from as high as need', '22003', '\x010000000001' || pg_temp.item('a', 1, 1, 1, '\x00', int4send(0))),
    ('weight -1', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, -1, '\x00', int4send(0))),
    ('weight NaN', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, 'NaN', '\x00', int4send(0))),
    ('weight infinity', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, 'Infinity', '\x00', int4send(0))),
    ('must 2', '22P03', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x02', int4send(0))),
    ('must 255', '22P03', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\xff', int4send(0))),
    ('alternatives 0x7fffffff', '22P03', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(2147483647))),
    ('alternatives 0xffffffff', '22P03', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(-1))),
    ('alternatives cut off', '08P01', '\x010000000001' || pg_temp.item('abcd', 1, 0, 1, '\x00', '\x00')),
    ('credit 0', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(1) || pg_temp.counted('b') || float4send(0))),
    ('credit 1.5', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(1) || pg_temp.counted('b') || float4send(1.5))),
    ('credit NaN', '22003', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(1) || pg_temp.counted('b') || float4send('NaN'))),
    ('alternative to itself', '22023', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(1) || pg_temp.counted('A') || float4send(1))),
    ('alternative twice', '22023', '\x010000000001' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(2) || pg_temp.counted('b') || float4send(1) || pg_temp.counted('b') || float4send(0.5))),
    ('two items for a skill', '22023', '\x010000000002' || pg_temp.item('a', 1, 0, 1, '\x00', int4send(0)) || pg_temp.item('a', 2, 0, 1, '\x00', int4send(0)))) v;

-- Facts are latitude and longitude, price, attendees and start, as far as a bit says that they are known.
INSERT INTO bad (type, fault, state, bytes) SELECT 'eventfacts', * FROM (VALUES
    ('nothing', '08P01', ''::bytea),
    ('version 0', '22P03', '\x0000'),
    ('version 2', '22P03', '\x0200'),
    ('no flags', '08P01', '\x01'),
    ('unknown flag', '22P03', '\x0110'),
    ('all flags', '22P03', '\x01ff'),
    ('no latitude', '08P01', '\x0101'),
    ('no longitude', '08P01', '\x0101' || float8send(0)),
    ('latitude 91', '22003', '\x0101' || float8send(91) || float8send(0)),
    ('latitude NaN', '22003', '\x0101' || float8send('NaN') || float8send(0)),
    ('longitude -181', '22003', '\x0101' || float8send(0) || float8send(-181)),
    ('price -1', '22003', '\x0102' || float8send(-1)),
    ('price NaN', '22003', '\x0102' || float8send('NaN')),
    ('price infinity', '22003', '\x0102' || float8send('Infinity')),
    ('price cut off', '08P01', '\x010200000000000000'),
    ('attendees -1', '22003', '\x0104' || float8send(-1)),
    ('attendees NaN', '22003', '\x0104' || float8send('NaN')),
    ('start infinity', '22003', '\x0108' || int8send(9223372036854775807)),
    ('start -infinity', '22003', '\x0108' || int8send((-9223372036854775808)::bigint)),
    ('start out of range', '22003', '\x0108' || int8send(9223371331200000000))) v;

-- A preference is its version and its JSON.
INSERT INTO bad (type, fault, state, bytes) SELECT 'eventpref', * FROM (VALUES
    ('nothing', '08P01', ''::bytea),
    ('version 0', '22P03', '\x00' || '{"price": {"scale": 1}}'::bytea),
    ('version 2', '22P03', '\x02' || '{"price": {"scale": 1}}'::bytea),
    ('no JSON', '22P02', '\x01'),
    ('JSON cut off', '22P02', '\x01' || '{"price": {"scale": 1}'::bytea),
    ('NUL at the end', '22021', '\x01' || '{"price": {"scale": 1}}'::bytea || '\x00'),
    ('more than JSON', '22P02', '\x01' || '{"price": {"scale": 1}} 1'::bytea),
    ('key twice', '22P02', '\x01' || '{"price": {"scale": 1, "scale": 1}}'::bytea),
    ('no criterion', '22023', '\x01' || '{}'::bytea),
    ('scale -1', '22003', '\x01' || '{"price": {"scale": -1}}'::bytea),
    ('no scale', '22023', '\x01' || '{"price": {}}'::bytea)) v;

SELECT type, count(*) FROM bad GROUP BY type ORDER BY type;
SELECT b.type, b.fault, b.state AS expected, coalesce(r.state, 'accepted') AS actual, coalesce(r.message, r.value) AS said
FROM bad b, pg_temp.receive(b.type, b.bytes) r WHERE r.state IS DISTINCT FROM b.state ORDER BY b.id;

-- What a client may well send: names not folded, skills in any order, negative zero, nothing practised though flagged.
SELECT type, note, r.value, r.same, r.state
FROM (VALUES (1, 'skillset', 'none', '\x010000000000'::bytea),
             (2, 'skillset', 'unfolded, unsorted', '\x010000000002' || pg_temp.counted(E'Machine\t LEARNING') || float4send(2) || pg_temp.counted('C++') || float4send(1)),
             (3, 'skillset', 'flag without practice', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send((-9223372036854775808)::bigint) || float4send(0)),
             (4, 'skillset', 'last without stability', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || float4send(0)),
             (5, 'skillset', 'stability -0', '\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || '\x80000000'::bytea),
             (6, 'jobspec', 'none', '\x010000000000'),
             (7, 'jobspec', 'unsorted', '\x010000000002' || pg_temp.item('B', 2, 1, 0, '\x01', int4send(0)) || pg_temp.item('a', 1, 0, 1, '\x00', int4send(1) || pg_temp.counted('b') || float4send(0.5))),
             (8, 'jobspec', 'from -0, weight -0', '\x010000000001' || pg_temp.counted('a') || float4send(1) || '\x8000000080000000'::bytea || '\x00' || int4send(0)),
             (9, 'jobspec', 'threshold 0', '\x0102' || float8send(0) || int4send(0)),
             (10, 'jobspec', 'threshold -0', '\x0102' || '\x8000000000000000'::bytea || int4send(0)),
             (11, 'eventfacts', 'nothing known', '\x0100'),
             (12, 'eventfacts', 'all -0', '\x0107' || '\x8000000000000000'::bytea || '\x8000000000000000'::bytea || '\x8000000000000000'::bytea || '\x8000000000000000'::bytea),
             (13, 'eventpref', 'blanks', '\x01' || E' {"price":\n{"scale": 1.0}} '::bytea)) v (id, type, note, bytes), pg_temp.receive(type, bytes) r ORDER BY id;

-- Equal values are equal bytes, so that = holds, whatever zero the client sent.
SELECT pg_temp.receive_skillset('\x010100000001' || pg_temp.counted('a') || float4send(1) || int8send(0) || '\x80000000'::bytea, NULL) = 'a:1@2000-01-01' AS equal;


-- Mutations: some values cut at every byte, with every bit flipped, with every byte and every four bytes
-- set to what breaks counts, and with a byte lost or doubled. Some are valid again; none may do harm.
CREATE TEMP TABLE seed (type text, bytes bytea);
INSERT INTO seed VALUES
    ('skillset', skillset_send('')),
    ('skillset', skillset_send('c++:4, "odd, name":2.5, sql:1e-3')),
    ('skillset', skillset_send('python:4@2026-05-01/30, go:2@2026-05-01T10:30:00.25Z, ada')),
    ('jobspec', jobspec_send('')),
    ('jobspec', jobspec_send('python:4*3!, tensorflow|pytorch~0.7|jax:1..3*2, sql:2..4, @at_least 0.5, @as_of 2026-05-01')),
    ('jobspec', jobspec_send('a|b~0.5, b|a')),
    ('eventfacts', eventfacts_send('{}')),
    ('eventfacts', eventfacts_send('{"latitude": 51.5072, "longitude": -0.1276, "price": 12.5, "attendees": 80, "starts_at": "2026-12-04T19:00:00Z"}')),
    ('eventfacts', eventfacts_send('{"price": 0}')),
    ('eventpref', eventpref_send('{"price": {"scale": 20, "side": "both"}}')),
    ('eventpref', eventpref_send('{"location": {"latitude": 51.5, "longitude": -0.1, "scale": 5}, "attendees": {"pivot": 50, "missing": "skip"}, "combine": "min", "limits": {"max_km": 9}}'));

CREATE TEMP TABLE mutant AS
SELECT type, 'cut' AS mutation, substring(bytes FROM 1 FOR i) AS bytes FROM seed, generate_series(0, length(bytes) - 1) i
UNION ALL
SELECT type, 'bit', set_bit(bytes, i, 1 - get_bit(bytes, i)) FROM seed, generate_series(0, 8 * length(bytes) - 1) i
UNION ALL
SELECT type, 'byte', set_byte(bytes, i, b) FROM seed, generate_series(0, length(bytes) - 1) i, unnest(ARRAY[0, 1, 127, 128, 255]) b
UNION ALL
SELECT type, 'word', overlay(bytes PLACING w FROM i + 1 FOR 4)
FROM seed, generate_series(0, length(bytes) - 4) i,
     unnest(ARRAY['\x7fffffff', '\x80000000', '\xffffffff', '\x00000000', '\x7f800000', '\x7fc00000', '\xff800000', '\x00000001', '\x00010000', '\x7f7fffff']::bytea[]) w
UNION ALL
SELECT type, 'lost', overlay(bytes PLACING '' FROM i + 1 FOR 1) FROM seed, generate_series(0, length(bytes) - 1) i
UNION ALL
SELECT type, 'doubled', overlay(bytes PLACING substring(bytes FROM i + 1 FOR 1) FROM i + 1 FOR 0) FROM seed, generate_series(0, length(bytes) - 1) i;

CREATE TEMP TABLE outcome AS SELECT m.*, r.* FROM mutant m, pg_temp.receive(m.type, m.bytes) r;

SELECT type, count(*) > 1000 AS many, count(state) > 300 AS errors, count(value) > 100 AS valid_ones,
       count(*) FILTER (WHERE state NOT IN ('08P01', '22P03', '22P02', '22003', '22023', '22021', '54000')) AS errors_of_other_classes,
       count(*) FILTER (WHERE value IS NOT NULL AND same IS NOT TRUE) AS unstable
FROM outcome GROUP BY type ORDER BY type;
SELECT type, mutation, state, message, min(encode(bytes, 'escape')) AS example
FROM outcome WHERE state NOT IN ('08P01', '22P03', '22P02', '22003', '22023', '22021', '54000') GROUP BY type, mutation, state, message ORDER BY 1, 2, 3, 4;
SELECT type, mutation, value, encode(bytes, 'hex') AS bytes FROM outcome WHERE value IS NOT NULL AND same IS NOT TRUE ORDER BY 1, 2, 3, 4;

-- As a user sees them.
SELECT pg_temp.receive_skillset('\x020000000000', NULL);
SELECT pg_temp.receive_jobspec('\x0100ffffffff', NULL);
SELECT pg_temp.receive_eventfacts('\x0102' || float8send(-1), NULL);
SELECT pg_temp.receive_skillset('\x010000000001' || pg_temp.counted('python') || float4send('NaN'), NULL);
