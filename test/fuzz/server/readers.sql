-- The readers that need the server around them, each as statements whose parameter $1 is any bytes (one_input.h says what is well).
-- psql variables: library, where the functions of one_input.c are.

CREATE SCHEMA fuzz;
SET search_path = fuzz, public;

CREATE FUNCTION input_problem(reader text, input bytea) RETURNS text AS :'library' LANGUAGE C;
CREATE FUNCTION read_text(input bytea, type anyelement) RETURNS anyelement AS :'library' LANGUAGE C;
CREATE FUNCTION read_binary(input bytea, type anyelement) RETURNS anyelement AS :'library' LANGUAGE C;
CREATE FUNCTION read_stored(input bytea, type anyelement) RETURNS anyelement AS :'library' LANGUAGE C;

CREATE TABLE reader (name text, n serial, statement text, may_raise text, PRIMARY KEY (name, n));

-- --- the types -------------------------------------------------------------------

-- What was read is a value like any other: its text, its JSON and its binary form give it back.
CREATE FUNCTION same_again(type text, value text) RETURNS text LANGUAGE sql AS $$
    SELECT replace(format('SELECT <type>_send(v::text::<type>) = b AND <type>_send(v::jsonb::<type>) = b AND <type>_send(fuzz.read_binary(b, NULL::<type>)) = b FROM (SELECT v, <type>_send(v) AS b FROM (SELECT %s AS v OFFSET 0) x OFFSET 0) y', value), '<type>', type)
$$;

INSERT INTO reader (name, statement, may_raise)
SELECT type || form, same_again(type, value), '22 54' || CASE form WHEN '_binary' THEN ' 08P01' ELSE '' END
FROM (VALUES ('skillset'), ('jobspec'), ('eventfacts'), ('eventpref')) t (type),
     (VALUES ('_text', 'fuzz.read_text($1, NULL::<type>)'), ('_text', 'fuzz.read_text($1, NULL::jsonb)::<type>'), ('_binary', 'fuzz.read_binary($1, NULL::<type>)')) f (form, value);

-- --- stored values ---------------------------------------------------------------

-- Every function of the extension that takes one, beside ordinary values; a new one comes by itself, if its other types are here.
CREATE TABLE ordinary (type regtype PRIMARY KEY, expression text);
INSERT INTO ordinary VALUES
    ('skillset', $$'python:4@2026-01-01/30, sql:3, go:1'::skillset$$), ('jobspec', $$'python:4*3!, go|rust~0.7:3*2, sql:1..2, @at_least 0.3, @as_of 2026-05-01'::jobspec$$),
    ('eventfacts', $$event_facts(51.5, -0.1, 20, 100, '2026-12-04 19:00+00')$$), ('eventpref', $$event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20, crowd => 100, starts => '2026-12-04 19:00+00')$$),
    ('text', $$'python'$$), ('text[]', $$'{python,rust}'::text[]$$), ('float8', '0.5'), ('bigint', '7::bigint'), ('timestamptz', $$'2026-06-01'::timestamptz$$), ('jsonb', $$'"expert"'::jsonb$$), ('regclass', $$'fuzz.relations'::regclass$$);
CREATE TABLE relations (skill text, related text, credit float8);
INSERT INTO relations VALUES ('python', 'pypy', 0.5), ('go', 'rust', 0.4);

CREATE VIEW taking AS
SELECT t.type, p.oid::regprocedure AS function, p.proretset,
       format('%I(%s)', p.proname, (SELECT string_agg(CASE WHEN n = t.place THEN 'v' ELSE coalesce(o.expression, 'NULL::' || a) END, ', ' ORDER BY n)
                                    FROM unnest(p.proargtypes::regtype[]) WITH ORDINALITY u (a, n) LEFT JOIN ordinary o ON o.type = a)) AS call
FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid,
     LATERAL unnest(p.proargtypes::regtype[]) WITH ORDINALITY t (type, place)
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist')
  AND t.type IN ('skillset'::regtype, 'jobspec', 'eventfacts', 'eventpref')
  AND 'internal'::regtype <> ALL (p.proargtypes::regtype[])
  AND p.proname <> 'learning_plan'; -- which takes a query

-- All of their answers are looked at, as their texts.
INSERT INTO reader (name, statement, may_raise)
SELECT type || '_stored',
       format(CASE WHEN proretset THEN 'SELECT count(f::text) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::%s) AS v OFFSET 0) x, LATERAL %s f'
                   ELSE 'SELECT octet_length((%2$s)::text) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::%1$s) AS v OFFSET 0) x' END, type, call),
       '22 54 XX001'
FROM taking ORDER BY function::text, call;

-- As a question to an index.
CREATE TABLE held AS SELECT g AS id, ('s' || g % 7 || ':' || g % 5 + 1 || ', t' || g % 11 || ', python:' || g % 4 + 1)::skillset AS skills, ('s' || g % 7 || ':' || g % 5 + 1 || ', t' || g % 13 || '!, python')::jobspec AS job,
    event_facts(g % 90, g % 180, g % 50, g, '2026-12-01'::timestamptz + g * interval '1 hour') AS facts FROM generate_series(1, 400) g;
CREATE INDEX held_skills ON held USING shortlist (skills);
CREATE INDEX held_job ON held USING shortlist (job);
CREATE INDEX held_facts ON held USING shortlist (facts);
CREATE TABLE held_gist AS TABLE held;
CREATE INDEX held_gist_facts ON held_gist USING gist (facts);
VACUUM ANALYZE held, held_gist;

INSERT INTO reader (name, statement, may_raise)
SELECT type || '_stored', format('SELECT count(id) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::%s) AS v OFFSET 0) x, LATERAL (SELECT id FROM fuzz.%s h %s LIMIT 20) y', type, held, search), '22 54 XX001'
FROM (VALUES ('jobspec', 'held', 'ORDER BY h.skills <=> v'), ('jobspec', 'held', 'ORDER BY h.skills <-> v'), ('jobspec', 'held', 'WHERE h.skills @@ v'),
             ('skillset', 'held', 'ORDER BY h.job <=> v'), ('skillset', 'held', 'ORDER BY h.job <-> v'), ('skillset', 'held', 'WHERE h.job @@ v'), ('skillset', 'held', 'WHERE h.skills @> v'),
             ('eventpref', 'held', 'ORDER BY h.facts <=> v'), ('eventpref', 'held', 'WHERE h.facts @@ v ORDER BY h.facts <=> v'),
             ('eventpref', 'held_gist', 'ORDER BY h.facts <=> v'), ('eventpref', 'held_gist', 'WHERE h.facts @@ v ORDER BY h.facts <=> v')) q (type, held, search);
INSERT INTO reader (name, statement, may_raise)
SELECT type || '_stored', format($q$SELECT count(p::text) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::%s) AS v OFFSET 0) x, LATERAL learning_plan(%s, 10, 'SELECT id, skills AS teaches, 1.5::float8 AS cost FROM fuzz.held WHERE id < 20') p$q$, type, call), '22 54 XX001'
FROM (VALUES ('jobspec', $$v, 'python:1, s2:2'$$), ('skillset', $$'python:4*3, s1:3, t2:2', v$$)) q (type, call);

-- --- what sites publish -----------------------------------------------------------

CREATE TABLE vocabulary (skill text, label text, match_case boolean);
INSERT INTO vocabulary VALUES ('C', NULL, NULL), ('C++', NULL, NULL), ('.NET', NULL, NULL), ('R&D', NULL, NULL), ('Go', 'golang', NULL), ('Go', NULL, NULL), ('ML', 'machine learning', NULL),
    ('ML', 'machine learning engineering', NULL), ('Rust', NULL, true), ('résumé', NULL, NULL), ('CI/CD', NULL, NULL), ('sql', 'SQL', false), ('customer''s needs', NULL, NULL);

INSERT INTO reader (name, statement, may_raise) VALUES
    ('jsonld', 'SELECT count(e::text) >= 0 FROM jsonld_events(fuzz.read_text($1, NULL::jsonb)) e', '22 54'),
    ('jsonld_listing', 'SELECT bool_and(e.reason IS NOT NULL OR (e.title IS NOT NULL AND e.starts_at IS NOT NULL)) FROM events_from_jsonld(fuzz.read_text($1, NULL::jsonb)) e', '22 54'),
    ('icalendar', $$SELECT count(e::text) >= 0 FROM ics_events(fuzz.read_stored($1, NULL::text), '2027-01-01', 'Europe/Madrid') e$$, '22021 54'),
    ('icalendar_listing', $$SELECT bool_and(e.reason IS NOT NULL OR (e.title IS NOT NULL AND e.starts_at IS NOT NULL)) FROM events_from_ics(fuzz.read_stored($1, NULL::text), '2027-01-01') e$$, '22021 54'),
    ('price', 'SELECT event_price(v) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::text) AS v OFFSET 0) x', '22021'),
    ('price', $$SELECT event_price_currency(v) ~ '^[A-Z]{3}$' FROM (SELECT fuzz.read_stored($1, NULL::text) AS v OFFSET 0) x$$, '22021'),
    ('time', $$SELECT octet_length(event_time(v, 'America/New_York', 1)::text) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::text) AS v OFFSET 0) x$$, '22021'),
    ('time', $$SELECT octet_length(event_time('2026-03-29T02:30:00', event_zone(v))::text) >= 0 FROM (SELECT fuzz.read_stored($1, NULL::text) AS v OFFSET 0) x$$, '22021'),
    ('job_posting', $$SELECT octet_length(jobspec_from_jsonld(fuzz.read_text($1, NULL::jsonb))::text) >= 0$$, '22 54'),
    ('job_posting', $$SELECT count(p::text) >= 0 FROM job_postings_from_jsonld(fuzz.read_text($1, NULL::jsonb), 'fuzz.vocabulary') p$$, '22 54'),
    ('resume', 'SELECT octet_length(skillset_from_json_resume(fuzz.read_text($1, NULL::jsonb))::text) >= 0', '22 54'),
    ('resume', $$SELECT octet_length(jobspec_from_json_resume(fuzz.read_text($1, NULL::jsonb), 'a:1, b:2', 2)::text) >= 0$$, '22 54'),
    ('skills_in_text', $$SELECT bool_and(substr(v, s.start, char_length(s.matched)) = s.matched) FROM (SELECT fuzz.read_stored($1, NULL::text) AS v OFFSET 0) x, LATERAL skills_in(v, 'fuzz.vocabulary') s$$, '22021 54');

