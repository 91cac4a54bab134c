-- skills_in(): which labels stand in a text, held against hand-made cases and against regular expressions on random
-- texts; who may read a vocabulary; and that what is kept compiled is what the table holds.
--
-- usage: psql -f skills_in.sql [-v seed=NUMBER] [-v stress=1]

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 1 \endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
\ir ../oracle/check.sql
\ir ../oracle/skills_in.sql

SELECT plan(98);

-- Labels by hand ------------------------------------------------------------------------------------------------------

CREATE TABLE languages (skill text, label text, match_case boolean);
CREATE FUNCTION pg_temp.found(body text, vocabulary regclass DEFAULT 'languages') RETURNS text LANGUAGE sql AS
$$ SELECT coalesce(string_agg(format('%s@%s', skill, start), ' ' ORDER BY start, skill COLLATE "C"), '') FROM skills_in(body, vocabulary) $$;
INSERT INTO languages (skill, label, match_case) VALUES
    ('C', NULL, NULL), ('C++', NULL, NULL), ('C#', NULL, NULL), ('.NET', NULL, NULL), ('ASP.NET', NULL, NULL), ('Node.js', NULL, NULL),
    ('node', 'Node', NULL), ('R', NULL, NULL), ('Go', NULL, NULL), ('Go', 'golang', NULL), ('R&D', NULL, NULL), ('Java', NULL, NULL),
    ('Objective-C', NULL, NULL), ('learning', NULL, NULL), ('ML', 'machine learning', NULL), ('ML', 'machine learning engineering', NULL),
    ('engineering ethics', NULL, NULL), ('Rust', NULL, true), ('rust removal', 'rust', true), ('CI/CD', NULL, NULL), ('customer''s needs', NULL, NULL),
    ('résumé', NULL, NULL), ('two meanings a', 'ambiguous', NULL), ('two meanings b', 'ambiguous', false), ('3D', NULL, NULL), ('ux', 'ux', NULL);

SELECT is(pg_temp.found(body), wanted, format('%s: %s', format('%L', body), wanted)) FROM (VALUES
    ('C, C++, C#, .NET, Node.js, R and Go', 'C@1 C++@4 C#@9 .NET@13 Node.js@19 R@28 Go@34'),
    ('C.', 'C@1'), ('(C)', 'C@2'), ('C/C++/C#', 'C@1 C++@3 C#@7'), ('C+Java', 'C@1 Java@3'), ('C+', ''), ('C+++', ''), ('C++Builder', 'C++@1'),
    ('C++11', 'C++@1'), ('c++ c#', 'C++@1 C#@5'), ('Vitamin c', ''), ('r go', ''), ('go to R', 'R@7'), ('GO', ''), ('GoLang GOLANG', 'Go@1 Go@8'),
    ('Objective-C', 'Objective-C@1'), ('objective - C', 'C@13'), ('C-level', ''), ('pre-C', ''), ('- C', 'C@3'), ('-C', 'C@2'), ('C-', 'C@1'),
    ('R&D', 'R&D@1'), ('R&Q', ''), ('Q&R', ''), ('R''s', ''), ('R’s', ''), ('Java''s Java-based J-Java', 'Java@1 Java@8 Java@21'),
    ('Node', 'node@1'), ('Node.', 'node@1'), ('node.js', 'Node.js@1'), ('Node.jsx', ''), ('Node js', 'node@1'), ('Node. js', 'node@1'),
    ('ASP.NET', 'ASP.NET@1'), ('example.net', ''), ('C#.NET', 'C#@1 .NET@3'), ('me@Java.org', ''), ('JavaScript', ''), ('Java2', ''), ('my_Java', ''),
    (E'machine\n\t learning', 'ML@1'), (E'machine\u00a0learning', 'ML@1'), ('machine-learning', 'learning@9'), ('machine  learning  engineering ethics', 'ML@1'),
    ('machine learning engineer', 'ML@1'), ('deep learning', 'learning@6'), ('Rust rust RUST', 'Rust@1 rust removal@6'),
    ('ci/cd CI / CD', 'CI/CD@1'), ('customer’s needs', 'customer''s needs@1'), ('RÉSUMÉ, éC', 'résumé@1'), ('naïve Ünï C', 'C@11'),
    ('ambiguous', 'two meanings a@1 two meanings b@1'), ('3d UX Ux', '3D@1 ux@4 ux@7'), ('', ''), (E' \n ', '')) v (body, wanted);

SELECT results_eq($$ SELECT * FROM skills_in(E'été: machine\n learning', 'languages') $$,
                  $$ VALUES ('ML', E'machine\n learning', 6) $$, 'matched is the text as it stands, start counts characters');
SELECT is((SELECT count(*) FROM skills_in(repeat('x', 2000000), 'languages')), 0::bigint, 'a word longer than any label');
SELECT is((SELECT count(*) FROM skills_in(repeat('machine ', 100000) || 'learning', 'languages')), 1::bigint, 'beginnings of labels, again and again');
SELECT is((SELECT count(*) FROM skills_in(NULL, 'languages')), 0::bigint, 'no text, no skills');

-- Random labels in random texts, by regular expressions ----------------------------------------------------------------

SELECT diag('seed ' || :seed);
SELECT set_config('shortlist_test.stress', :'stress', true) AS stress \gset
SELECT setseed(1.0 / (1 + :seed));
CREATE TABLE pieces AS SELECT * FROM unnest(ARRAY['C', 'c', 'R', 'r', 'Go', 'GO', 'go', 'Node', 'node', 'js', 'NET', 'net', 'é', 'É', 'ux', '3', 'D', 'd', '_', 'learn',
    '+', '+', '#', '.', '.', '-', '&', '''', '’', '@', '/', ',', '(', ' ', ' ', ' ', ' ', E'\n', E'\u00a0', '–', 'machine', 'learning', 'C++', 'C#', '.NET', 'Node.js',
    'machine learning', 'R&D', ' and ']) WITH ORDINALITY p (piece, n);
CREATE FUNCTION pg_temp.random_text(pieces int) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT string_agg(piece, '' ORDER BY g) FROM (SELECT g, 1 + floor(random() * (SELECT count(*) FROM pieces))::int AS n FROM generate_series(1, pieces) g OFFSET 0) r JOIN pieces USING (n) $$;

CREATE TABLE random_vocabulary (skill text, label text, match_case boolean);
CREATE TABLE cases (id int, body text, got text, wanted text);
DO $$
DECLARE
    rounds int := CASE WHEN current_setting('shortlist_test.stress') = '1' THEN 400 ELSE 30 END;
BEGIN
    FOR round IN 1 .. rounds LOOP
        TRUNCATE random_vocabulary;
        INSERT INTO random_vocabulary
        SELECT 's' || floor(random() * 8)::int, label, (ARRAY[true, false, NULL])[1 + floor(random() * 3)::int]
        FROM (SELECT pg_temp.random_text(1 + floor(random() * 3)::int) AS label FROM generate_series(1, 20)) l WHERE label ~ E'[^[:space:]\u00a0]';
        INSERT INTO cases
        SELECT round, body, (SELECT array_agg((skill, matched, start) ORDER BY start, skill COLLATE "C")::text FROM skills_in(body, 'random_vocabulary')),
               (SELECT array_agg((skill, matched, start) ORDER BY start, skill COLLATE "C")::text FROM oracle.skills_in(body, 'random_vocabulary'))
        FROM (SELECT pg_temp.random_text(3 + floor(random() * 20)::int) AS body FROM generate_series(1, 100) OFFSET 0) b;
    END LOOP;
END $$;
SELECT oracle.holds('skills_in() finds what regular expressions find',
    'SELECT got IS NOT DISTINCT FROM wanted, format(''vocabulary %s, %L: %s, not %s'', id, body, got, wanted) FROM cases');
SELECT oracle.exercised('texts in which something is found', (SELECT count(*) FROM cases WHERE got IS NOT NULL), 1000);
SELECT oracle.exercised('texts in which nothing is found', (SELECT count(*) FROM cases WHERE got IS NULL), 100);

-- Columns and errors ----------------------------------------------------------------------------------------------------

CREATE TABLE names_only (skill varchar(20));
INSERT INTO names_only VALUES ('sql'), ('Go');
SELECT is(pg_temp.found('Go go SQL', 'names_only'), 'Go@1 sql@7', 'a table with the column skill alone');
CREATE VIEW seen AS SELECT skill::name AS skill, 1 AS irrelevant FROM names_only WHERE skill = 'sql';
SELECT is(pg_temp.found('Go go SQL', 'seen'), 'sql@7', 'a view, and a type other than text');
CREATE TABLE "Odd "" name" (match_case boolean, label text, "skill" text);
INSERT INTO "Odd "" name" VALUES (true, 'Sql', 'sql');
SELECT is(pg_temp.found('SQL Sql', '"Odd "" name"'), 'sql@5', 'columns in any order, of a table whose name needs quotes');

CREATE FUNCTION pg_temp.fails(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; hint text;
BEGIN
    EXECUTE command;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN SQLSTATE || ' ' || message || CASE WHEN hint <> '' THEN ' (hint)' ELSE '' END;
END $$;
CREATE TABLE wrong (label text);
SELECT is(pg_temp.fails($$SELECT skills_in('x', 'wrong')$$), '42703 vocabulary "wrong" has no column "skill" (hint)', 'no column skill');
SELECT is(pg_temp.fails($$SELECT skills_in('x', 999999999)$$), '42P01 vocabulary with OID 999999999 does not exist (hint)', 'no such table');
CREATE TABLE nameless (skill text, label text);
INSERT INTO nameless VALUES (NULL, 'x');
SELECT is(pg_temp.fails($$SELECT skills_in('x', 'nameless')$$), '22004 a skill is null in vocabulary "nameless" (hint)', 'a NULL skill');
UPDATE nameless SET skill = 'y', label = E' \n';
SELECT is(pg_temp.fails($$SELECT skills_in('x', 'nameless')$$), '22023 a label is empty in vocabulary "nameless" (hint)', 'an empty label');
SELECT is(pg_temp.fails($$SELECT skill_vocabulary('wrong')$$), '42703 vocabulary "wrong" has no column "skill" (hint)', 'registering: no column skill');
SELECT is(pg_temp.fails($$SELECT skill_vocabulary('seen')$$), '42809 "seen" cannot be registered, since it is no ordinary table (hint)', 'registering a view');
SELECT is(pg_temp.fails($$CREATE TRIGGER t AFTER INSERT ON names_only FOR EACH ROW EXECUTE FUNCTION skill_vocabulary_changed(); INSERT INTO names_only VALUES ('x')$$),
          '39P01 skill_vocabulary_changed() is for triggers BEFORE each STATEMENT (hint)', 'the trigger function in another trigger');

-- Rights ------------------------------------------------------------------------------------------------------------------

SELECT is(skill_vocabulary('languages'), 'languages'::regclass, 'registering');
SELECT is(skill_vocabulary('languages'), 'languages'::regclass, 'registering once more');
CREATE ROLE shortlist_reader;
CREATE ROLE shortlist_writer;
GRANT INSERT ON languages TO shortlist_writer;
GRANT USAGE ON SCHEMA public TO shortlist_reader, shortlist_writer;
SELECT is(pg_temp.found('sql c++'), 'C++@5', 'kept by its owner');
SET LOCAL ROLE shortlist_reader;
SELECT is(pg_temp.fails($$SELECT skills_in('x', 'languages')$$), '42501 permission denied for table languages', 'who may not select gets nothing that is kept');
SELECT is(pg_temp.fails($$SELECT skill_vocabulary('languages')$$), '42501 must be owner of table languages', 'who does not own it cannot register it');
RESET ROLE;
GRANT SELECT (skill, label, match_case) ON languages TO shortlist_reader;
SET LOCAL ROLE shortlist_reader;
SELECT is((SELECT count(*) FROM skills_in('c++', 'languages')), 1::bigint, 'the right to its columns is enough');
RESET ROLE;
REVOKE SELECT (label) ON languages FROM shortlist_reader;
SET LOCAL ROLE shortlist_reader;
SELECT is(pg_temp.fails($$SELECT skills_in('x', 'languages')$$), '42501 permission denied for table languages', 'a right to one of them is taken away');
SET LOCAL ROLE shortlist_writer;
INSERT INTO languages VALUES ('Haskell');
RESET ROLE;
SELECT is(pg_temp.found('Haskell'), 'Haskell@1', 'a user who may only insert changes it');

CREATE TABLE tenants (skill text, tenant text);
INSERT INTO tenants VALUES ('sql', 'a'), ('go', 'b');
SELECT skill_vocabulary('tenants') IS NOT NULL AS registered \gset
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (tenant = current_setting('shortlist_test.tenant'));
GRANT SELECT ON tenants TO shortlist_reader;
SELECT is((SELECT count(*) FROM skills_in('sql go', 'tenants')), 2::bigint, 'row-level security does not apply to the owner');
SET LOCAL ROLE shortlist_reader;
SET LOCAL shortlist_test.tenant = 'a';
SELECT is((SELECT string_agg(skill, ' ') FROM skills_in('sql go', 'tenants')), 'sql', 'it does to others');
SET LOCAL shortlist_test.tenant = 'b';
SELECT is((SELECT string_agg(skill, ' ') FROM skills_in('sql go', 'tenants')), 'go', 'and what it depends on may change');
RESET ROLE;

-- What is kept is what the table holds: random changes, some of them rolled back ----------------------------------------------

CREATE TABLE changing (skill text);
CREATE TABLE unregistered (skill text);
CREATE TABLE states (step int, operation text, got text, wanted text, got_unregistered text);
SELECT skill_vocabulary('changing') IS NOT NULL AS registered \gset
CREATE FUNCTION pg_temp.skills_found(vocabulary regclass) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT string_agg(DISTINCT skill, ' ' ORDER BY skill) FROM skills_in((SELECT string_agg('w' || g, ' ') FROM generate_series(0, 30) g), vocabulary) $$;
CREATE PROCEDURE pg_temp.note(step int, operation text) LANGUAGE sql AS $$
    INSERT INTO states VALUES (step, operation, pg_temp.skills_found('changing'), (SELECT string_agg(DISTINCT skill, ' ' ORDER BY skill) FROM changing),
                               pg_temp.skills_found('unregistered')) $$;
CREATE FUNCTION pg_temp.note_row() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN CALL pg_temp.note(0, TG_OP || ' ' || TG_WHEN || ' ' || TG_LEVEL); RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END $$;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OR DELETE ON changing FOR EACH ROW EXECUTE FUNCTION pg_temp.note_row();
CREATE TRIGGER after_row AFTER INSERT OR UPDATE OR DELETE ON changing FOR EACH ROW EXECUTE FUNCTION pg_temp.note_row();

CREATE PROCEDURE pg_temp.change(step int) LANGUAGE plpgsql AS $$
DECLARE word text := 'w' || floor(random() * 30)::int; operation text := (ARRAY['insert', 'insert', 'several', 'delete', 'update', 'truncate'])[1 + floor(random() * 6)::int];
BEGIN
    CASE operation
    WHEN 'insert' THEN INSERT INTO changing VALUES (word); INSERT INTO unregistered VALUES (word);
    WHEN 'several' THEN INSERT INTO changing SELECT 'w' || g FROM generate_series(1, 3) g; INSERT INTO unregistered SELECT 'w' || g FROM generate_series(1, 3) g;
    WHEN 'delete' THEN DELETE FROM changing WHERE skill = word; DELETE FROM unregistered WHERE skill = word;
    WHEN 'update' THEN UPDATE changing SET skill = word WHERE skill LIKE 'w1%'; UPDATE unregistered SET skill = word WHERE skill LIKE 'w1%';
    ELSE IF random() < 0.3 THEN TRUNCATE changing, unregistered; END IF;
    END CASE;
    CALL pg_temp.note(step, operation);
END $$;
DO $$
BEGIN
    FOR step IN 1 .. 400 LOOP
        -- notes of what is rolled back go with it, so that only an error tells of a difference there
        BEGIN
            CALL pg_temp.change(step);
            CALL pg_temp.change(step);
            ASSERT NOT EXISTS (SELECT FROM states WHERE got IS DISTINCT FROM wanted), 'differs before it is rolled back';
            IF random() < 0.4 THEN
                RAISE EXCEPTION USING ERRCODE = 'ZZ001';
            END IF;
        EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
            CALL pg_temp.note(step, 'rolled back');
        END;
        CALL pg_temp.note(step, 'between');
    END LOOP;
END $$;
SELECT oracle.holds('what is found follows the table at every step, within statements too',
    'SELECT got IS NOT DISTINCT FROM wanted, format(''step %s, %s: %s, not %s'', step, operation, got, wanted) FROM states');
SELECT oracle.holds('so it does where the table is not registered',
    'SELECT got_unregistered IS NOT DISTINCT FROM wanted, format(''step %s, %s: %s, not %s'', step, operation, got_unregistered, wanted) FROM states WHERE step > 0');
SELECT oracle.exercised('steps that were rolled back', (SELECT count(*) FROM states WHERE operation = 'rolled back'), 100);

-- More vocabularies than are kept, and parallel workers ------------------------------------------------------------------------

DO $$
BEGIN
    FOR g IN 1 .. 12 LOOP
        EXECUTE format('CREATE TABLE many_%1$s AS SELECT ''w%1$s'' AS skill', g);
        PERFORM skill_vocabulary(('many_' || g)::regclass);
    END LOOP;
END $$;
CREATE FUNCTION pg_temp.found_in_many() RETURNS text LANGUAGE sql AS
$$ SELECT string_agg(f.skill, ' ' ORDER BY g) FROM generate_series(1, 12) g, LATERAL skills_in((SELECT string_agg('w' || i, ' ') FROM generate_series(1, 12) i), ('many_' || g)::regclass) f $$;
SELECT is(pg_temp.found_in_many(), 'w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12', 'twelve vocabularies, more than are kept');
SELECT is(pg_temp.found_in_many(), 'w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12', 'and again');
SELECT is((SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'skill vocabulary'), 8::bigint, 'eight are kept');

CREATE TABLE adverts AS SELECT g AS id, 'C++ and Go, number ' || g AS body FROM generate_series(1, 2000) g;
ANALYZE adverts;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
CREATE FUNCTION pg_temp.plan(query text) RETURNS text LANGUAGE plpgsql AS
$$ DECLARE plan json; BEGIN EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan; RETURN plan::text; END $$;
SELECT matches(pg_temp.plan('SELECT count(*), min(skill), max(skill) FROM adverts, skills_in(body, ''languages'')'), 'Gather', 'workers read texts, which the leader searches');
SELECT results_eq('SELECT count(*), min(skill), max(skill) FROM adverts, skills_in(body, ''languages'')', $$VALUES (4000::bigint, 'C++', 'Go')$$, 'and find what one process finds');
INSERT INTO languages VALUES ('number');
SELECT results_eq('SELECT count(*), min(skill), max(skill) FROM adverts, skills_in(body, ''languages'')', $$VALUES (6000::bigint, 'C++', 'number')$$, 'after a change of this transaction too');

-- Temporary tables, which workers cannot read: the leader does it, and they read the rest.
SET LOCAL parallel_leader_participation = off;
CREATE TEMP TABLE private_languages (skill text);
INSERT INTO private_languages VALUES ('Go');
CREATE TEMP TABLE private_relations (skill text, related text);
INSERT INTO private_relations VALUES ('go', 'rust');
CREATE TEMP TABLE private_plans AS
SELECT query, pg_temp.plan(query) AS plan FROM (VALUES
    ('SELECT count(*) FROM adverts, skills_in(body, ''private_languages'')'),
    ('SELECT count(*) FILTER (WHERE jobspec_from_jsonld(jsonb_build_object(''@type'', ''JobPosting'', ''description'', body), ''private_languages'') = ''go'') FROM adverts'),
    ('SELECT count(*) FROM adverts, job_postings_from_jsonld(jsonb_build_object(''@type'', ''JobPosting'', ''description'', body), ''private_languages'') WHERE job = ''go'''),
    ('SELECT count(*) FILTER (WHERE jobspec_expand(jobspec(ARRAY[substring(lower(body) FROM ''go'')], ARRAY[1]), ''private_relations'') = ''go|rust~0.5'') FROM adverts')) v (query);
SELECT is((SELECT count(*) FROM private_plans WHERE plan ~ 'Gather'), 4::bigint, 'workers take part where temporary tables are read');
CREATE FUNCTION pg_temp.count_of(query text) RETURNS bigint LANGUAGE plpgsql AS $$ DECLARE counted bigint; BEGIN EXECUTE query INTO counted; RETURN counted; END $$;
SELECT is(pg_temp.count_of(query), 2000::bigint, 'and the answer is right: ' || query) FROM private_plans;

SELECT * FROM finish();
ROLLBACK;

