-- Adverts and resumes: jobspec_from_jsonld(), job_postings_from_jsonld(), skillset_from_json_resume(),
-- jobspec_from_json_resume(), jobspec_expand() and jobspec_agg(), on documents made here, with values worked out by hand.

\ir ../oracle/tap.sql

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
\ir ../oracle/check.sql

SELECT plan(83);

CREATE TABLE vocabulary (skill text, label text);
INSERT INTO vocabulary VALUES ('python', NULL), ('java', NULL), ('sql', NULL), ('sql', 'structured query language'), ('machine learning', 'ML'),
    ('machine learning', NULL), ('R&D', NULL), ('plan, organise', NULL), ('C++', NULL);

-- JobPosting: the forms in which skills are written -------------------------------------------------------------------------

SELECT is((jobspec_from_jsonld(jsonb_build_object('@type', 'JobPosting', 'skills', skills::jsonb)))::text, wanted, 'skills ' || skills) FROM (VALUES
    ('"Python, SQL"', 'python:1, sql:1'),
    ('"Python; SQL | Go\nRust\tC"', 'c:1, go:1, python:1, rust:1, sql:1'),
    ('"• Python • SQL · Go"', 'go:1, python:1, sql:1'),
    ('"- Python\n* SQL.\n"', 'python:1, sql:1'),
    ('".NET, C++, C#, Node.js."', '.net:1, c#:1, c++:1, node.js:1'),
    ('"Cloud (AWS, Azure), SQL"', '"cloud (aws, azure)":1, sql:1'),
    ('"<ul><li>Python</li><li>R&amp;D</li></ul>SQL&nbsp;"', 'python:1, r&d:1, sql:1'),
    ('"fran&ccedil;ais&bull;&Uuml;bersetzen&#8226;&#x1F40D;&#X43;++ &yuml;"', 'français:1, übersetzen:1, 🐍c++ ÿ:1'),
    ('"&#0;&#xD800;&#x110000;&#99999999999999999999;&#-5;&#x;&nosuchname;&verylongnamethatisnone;&eacute"',
     '&#-5:1, &#0:1, &#99999999999999999999:1, &#x:1, &#x110000:1, &#xd800:1, &eacute:1, &nosuchname:1, &verylongnamethatisnone:1'), -- stay, and are cut at ;
    ('"Python, python , PYTHON"', 'python:1'),
    ('["Python", "SQL, Go"]', 'go:1, python:1, sql:1'),
    ('["Python", ["SQL", ["Go"]], null]', 'go:1, python:1, sql:1'),
    ('{"@type": "DefinedTerm", "name": "Python, of course"}', '"python, of course":1'),
    ('[{"@type": "DefinedTerm", "name": "a b c d e f g h"}, {"name": {"@value": "SQL", "@language": "en"}}]', 'a b c d e f g h:1, sql:1'),
    ('{"@type": "DefinedTermSet", "hasDefinedTerm": [{"name": "Python"}, {"name": "SQL"}]}', 'python:1, sql:1'),
    ('[{"@type": "DefinedTerm", "name": " -B.Sc. "}]', '-b.sc.:1'),
    ('{"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "position": 1, "item": {"name": "Python"}}, "SQL"]}', 'python:1, sql:1'),
    ('{"@value": "Python, SQL"}', 'python:1, sql:1')) v (skills, wanted);

-- JobPosting: where it stands, and what it is called ------------------------------------------------------------------------

SELECT is((jobspec_from_jsonld(document::jsonb))::text, 'python:1', document) FROM (VALUES
    ('[{"@type": "JobPosting", "skills": "Python"}]'),
    ('{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, {"@type": "JobPosting", "skills": "Python"}]}'),
    ('{"@type": "WebPage", "mainEntity": {"@type": "JobPosting", "skills": "Python"}}'),
    ('{"@type": ["Thing", "JobPosting"], "skills": "Python"}'),
    ('{"@type": "schema:JobPosting", "schema:skills": "Python"}'),
    ('{"@type": "http://schema.org/JobPosting", "http://schema.org/skills": "Python"}'),
    ('{"type": "JobPosting", "skills": "Python"}')) v (document);

CREATE FUNCTION pg_temp.postings(document text, vocabulary regclass DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS
$$ SELECT concat_ws(' / ', coalesce(title, '-'), coalesce(organization, '-'), coalesce(url, '-'), coalesce(job::text, '-'), coalesce(months_of_experience::text, '-'), unread, coalesce(reason, '-'))
   FROM job_postings_from_jsonld(document::jsonb, vocabulary) $$;

SELECT results_eq(format('SELECT pg_temp.postings(%L)', document), wanted, document) FROM (VALUES
    ('{"@type": "JobPosting", "title": "Dev", "hiringOrganization": {"@type": "Organization", "name": "Org"}, "url": "http://a", "skills": "SQL"}',
     ARRAY['Dev / Org / http://a / sql:1 / - / {} / -']),
    ('{"@type": "JobPosting", "name": ["Dev &amp; Ops", "x"], "hiringOrganization": "Org", "@id": "#1", "skills": "SQL, Python"}',
     ARRAY['Dev & Ops / Org / #1 / python:1, sql:1 / - / {} / -']),
    ('[{"@type": "JobPosting", "skills": "SQL"}, {"@type": "JobPosting"}]', ARRAY['- / - / - / sql:1 / - / {} / -', '- / - / - / - / - / {} / the JobPosting names no skills']),
    ('{"@type": "JobPosting", "skills": ["SQL", 5, true, {"@id": "x"}, {}, "We want somebody who can do it all."]}',
     ARRAY['- / - / - / sql:1 / - / {5,true,"{\"@id\": \"x\"}","{}","We want somebody who can do it all"} / -']),
    ('{"@type": "JobPosting", "skills": "You know Python very well indeed by now", "qualifications": ["Degree"], "educationRequirements": {"credentialCategory": "degree"}}',
     ARRAY['- / - / - / - / - / {"You know Python very well indeed by now",Degree,degree} / the JobPosting names skills in sentences only, if at all: pass a vocabulary']),
    ('{"@type": "JobPosting", "skills": "SQL", "experienceRequirements": {"@type": "OccupationalExperienceRequirements", "monthsOfExperience": 36}}',
     ARRAY['- / - / - / sql:1 / 36 / {} / -']),
    ('{"@type": "JobPosting", "skills": "SQL", "experienceRequirements": {"monthsOfExperience": "24", "description": "in a team"}}',
     ARRAY['- / - / - / sql:1 / 24 / {"in a team"} / -']),
    ('{"@type": "JobPosting", "skills": "SQL", "experienceRequirements": {"monthsOfExperience": "many"}}',
     ARRAY['- / - / - / sql:1 / - / {"{\"monthsOfExperience\": \"many\"}"} / -']),
    ('{"@type": "Event"}', ARRAY['- / - / - / - / - / {} / the document holds no JobPosting']),
    ('[]', ARRAY['- / - / - / - / - / {} / the document holds no JobPosting']),
    ('"JobPosting"', ARRAY['- / - / - / - / - / {} / the document holds no JobPosting'])) v (document, wanted);

SELECT results_eq(format('SELECT pg_temp.postings(%L, ''vocabulary'')', document), ARRAY[wanted], 'with a vocabulary: ' || document) FROM (VALUES
    ('{"@type": "JobPosting", "skills": "Python, Cobol, structured query language", "qualifications": "<p>You know ML.</p>", "experienceRequirements": "3 years"}',
     '- / - / - / machine learning:1, python:1, sql:1 / - / {Cobol,"3 years"} / -'),
    ('{"@type": "JobPosting", "description": "We do R&amp;D in <b>C++</b>", "responsibilities": ["Write Java", "Talk"]}', '- / - / - / c++:1, java:1, r&d:1 / - / {} / -'),
    ('{"@type": "JobPosting", "skills": "plan, organise, dance"}', '- / - / - / "plan, organise":1 / - / {dance} / -'),
    ('{"@type": "JobPosting", "skills": ["Cobol"]}', '- / - / - / - / - / {Cobol} / the JobPosting names no skill of the vocabulary')) v (document, wanted);

SELECT throws_ok(format('SELECT jobspec_from_jsonld(%L)', document), '22023', message, message) FROM (VALUES
    ('{}', 'the document holds no JobPosting'),
    ('[{"@type": "JobPosting", "skills": "SQL"}, {"@type": "JobPosting", "skills": "SQL"}]', 'the document holds 2 JobPostings'),
    ('{"@type": "JobPosting", "skills": ""}', 'the JobPosting names no skills')) v (document, message);
SELECT ok(jobspec_from_jsonld(NULL) IS NULL, 'no document');
SELECT throws_ok($$SELECT jobspec_from_jsonld('{"@type": "JobPosting"}', 999999999)$$, '42P01', NULL, 'no such vocabulary');
SELECT throws_ok($$SELECT jobspec_from_jsonld('{"@type": "JobPosting"}', 'pg_class')$$, '42703', NULL, 'not a vocabulary');

-- Documents of any form: a row with a job, or a reason ------------------------------------------------------------------------

CREATE TABLE anything AS SELECT * FROM (VALUES
    ('null'), ('5'), ('-1e400'), ('true'), ('""'), ('" , ; "'), ('"<"'), ('"<b"'), ('"&#"'), ('"&#9999;"'), ('[]'), ('[[[]]]'), ('{}'), ('{"name": {}}'),
    ('{"name": {"name": {"name": 1}}}'), ('{"@value": null}'), ('[null, {"item": []}]'), ('"' || repeat('x', 300) || '"'), ('"' || repeat('(', 300) || '"'),
    ('"' || repeat('<a ', 300) || '"'), ('{"monthsOfExperience": "NaN"}'), ('{"monthsOfExperience": -3}'), ('{"hasDefinedTerm": {"hasDefinedTerm": 3}}')) v (piece);
CREATE TABLE malformed AS SELECT replace(frame, '%', piece) AS document FROM anything, (VALUES
    ('{"@type": "JobPosting", "skills": %}'), ('{"@type": "JobPosting", "qualifications": %, "description": %, "title": %}'), ('{"@type": %}'),
    ('{"@type": ["JobPosting", %], "experienceRequirements": %, "hiringOrganization": %, "url": %}'), ('%'), ('{"@graph": %, "skills": %}')) f (frame);
SELECT oracle.holds('malformed documents: a job or a reason, never both',
    'SELECT (SELECT bool_and((job IS NULL) = (reason IS NOT NULL)) FROM job_postings_from_jsonld(document::jsonb)), document FROM malformed');
SELECT oracle.holds('the same with a vocabulary',
    'SELECT (SELECT bool_and((job IS NULL) = (reason IS NOT NULL)) FROM job_postings_from_jsonld(document::jsonb, ''vocabulary'')), document FROM malformed');
SELECT is((SELECT reason FROM job_postings_from_jsonld((repeat('[', 5000) || repeat(']', 5000))::jsonb)), 'the document holds no JobPosting', 'a deep document');
SELECT is((SELECT array_length(unread, 1) FROM job_postings_from_jsonld(jsonb_build_object('@type', 'JobPosting', 'skills', repeat('<a<', 300000)))), 1, 'a megabyte of unfinished tags');
SELECT is((SELECT count(*) FROM job_postings_from_jsonld(jsonb_build_object('@type', 'JobPosting', 'skills', (SELECT string_agg('s' || g, ',') FROM generate_series(1, 100000) g))), jobspec_each(job)),
          100000::bigint, 'a hundred thousand skills');

-- JSON Resume -----------------------------------------------------------------------------------------------------------------

SELECT is(skillset_from_json_resume(resume::jsonb)::text, wanted, resume) FROM (VALUES
    ('{"skills": [{"name": "Web", "level": "Master", "keywords": ["HTML", "CSS"]}, {"name": "SQL", "level": "beginner"}]}', 'css:5, html:5, sql:1, web:5'),
    ('{"skills": [{"name": "Web", "level": "  ENTRY  level "}, {"name": "b", "level": "Mid-Level"}]}', 'b:3, web:1'),
    ('{"skills": ["Python", {"name": "sql"}, {"keywords": ["a", "b"]}, {"name": "", "keywords": []}, {"name": null, "level": null, "keywords": null}, {}]}', 'a:1, b:1, python:1, sql:1'),
    ('{"skills": [{"name": "x", "level": 2.5, "keywords": "a, b ,,C"}, {"name": "y", "level": "70"}]}', 'a:2.5, b:2.5, c:2.5, x:2.5, y:70'),
    ('{"skills": [{"name": "SQL", "level": "novice"}, {"name": "db", "level": "expert", "keywords": ["sql"]}]}', 'db:5, sql:5'),
    ('{"skills": []}', ''), ('{"skills": null}', ''), ('{"basics": {"name": "Ana"}}', '')) v (resume, wanted);
SELECT is((SELECT skillset_from_json_resume(jsonb_build_object('skills', jsonb_agg(jsonb_build_object('name', 'Skill ' || g, 'level', 1 + g % 5)))) FROM generate_series(1, 500) g),
          (SELECT skillset(array_agg('skill ' || g), array_agg(1 + g % 5)) FROM generate_series(1, 500) g), 'many skills');
SELECT is(skillset_from_json_resume('{"skills": [{"name": "Web", "level": "Ninja"}]}', skill_level_words() || 'ninja:6')::text, 'web:6', 'a word of one''s own');
SELECT is(skillset_from_json_resume('{"skills": [{"name": "Web", "level": "Ninja"}, "SQL"]}', default_level => 2)::text, 'sql:2, web:2', 'a default level');
SELECT throws_ok(format('SELECT skillset_from_json_resume(%L)', resume), state, message, resume) FROM (VALUES
    ('{"skills": [{"name": "Web", "level": "Ninja"}]}', '22023', 'unknown level "Ninja" for skillset_from_json_resume()'),
    ('{"skills": [{"name": "Web", "level": "4/5"}]}', '22023', 'unknown level "4/5" for skillset_from_json_resume()'),
    ('{"skills": [{"name": "Web", "level": "-1"}]}', '22003', 'level -1 is out of range for skillset_from_json_resume()'),
    ('{"skills": [{"name": "Web", "level": 0}]}', '22003', 'level 0 is out of range for skillset_from_json_resume()'),
    ('{"skills": [{"name": "Web", "level": []}]}', '22023', 'wrong JSON value for skillset_from_json_resume()'),
    ('{"skills": [{"name": 5}]}', '22023', 'wrong JSON value for skillset_from_json_resume()'),
    ('{"skills": [{"name": "a", "keywords": [5]}]}', '22023', 'wrong JSON value for skillset_from_json_resume()'),
    ('{"skills": {"name": "a"}}', '22023', 'wrong JSON value for skillset_from_json_resume()'),
    ('[]', '22023', 'wrong JSON value for skillset_from_json_resume()'),
    ('5', '22023', 'wrong JSON value for skillset_from_json_resume()')) v (resume, state, message);
CREATE FUNCTION pg_temp.outcome(resume text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
    RETURN 'read: ' || skillset_from_json_resume(resume::jsonb)::text;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN CASE WHEN hint <> '' THEN SQLSTATE ELSE SQLSTATE || ' without a hint' END;
END $$;
SELECT oracle.holds('malformed resumes: read, or an error of its class with a hint',
    $$ SELECT outcome ~ '^(read: .*|22023|22003|54000)$', format('%s: %s', document, outcome)
       FROM (SELECT replace(frame, '%', piece) AS document FROM anything, (VALUES ('{"skills": %}'), ('{"skills": [%]}'), ('{"skills": [{"name": %}]}'),
                 ('{"skills": [{"name": "a", "level": %}]}'), ('{"skills": [{"name": "a", "keywords": %}]}'), ('%')) f (frame)) d, LATERAL pg_temp.outcome(document) outcome $$);
SELECT is(jobspec_from_json_resume('{"title": "Dev", "skills": [{"name": "Web", "level": "Master", "keywords": ["SQL", "Go"]}, {"name": "sql", "level": "Novice"}]}')::text,
          'go:5, sql:5, web:5', 'a job description: levels are needs, the highest counts');

-- jobspec_expand() ------------------------------------------------------------------------------------------------------------

CREATE TABLE relations (skill text, related text, credit float8);
INSERT INTO relations VALUES ('Python', 'Ruby', 0.4), ('python', 'ruby', 0.3), ('python', 'PYTHON', 1), ('SQL', 'PL/SQL', NULL), ('tensorflow', 'pytorch', 0.9),
    ('tensorflow', 'jax', 0.1), ('pytorch', 'keras', 0.8), ('cobol', 'fortran', 0.5);
SELECT is(jobspec_expand('python:4*3!, sql, tensorflow|pytorch~0.7|jax~0.2:1..3*2, rust, @at_least 0.5, @as_of 2026-01-01', 'relations')::text,
          'python|ruby~0.4:4*3!, rust:1, sql|pl/sql~0.5:1, tensorflow|jax~0.2|pytorch~0.9:1..3*2, @at_least 0.5, @as_of 2026-01-01', 'jobspec_expand: the best credit counts, all else stays');
SELECT is(jobspec_expand('sql', 'relations', 0.25)::text, 'sql|pl/sql~0.25:1', 'the credit of rows that state none');
SELECT is(jobspec_expand('', 'relations')::text, '', 'nothing asked, nothing related');
CREATE INDEX ON relations (skill_name(skill));
SET LOCAL enable_seqscan = off;
SELECT is(jobspec_expand('sql, python', 'relations')::text, 'python|ruby~0.4:1, sql|pl/sql~0.5:1', 'by an index on skill_name()');
RESET enable_seqscan;
SELECT throws_ok($$SELECT jobspec_expand('sql', 'vocabulary')$$, '42703', '"vocabulary" has no column "related"', 'no relations');
UPDATE relations SET credit = 1.5 WHERE skill = 'SQL';
SELECT throws_ok($$SELECT jobspec_expand('sql', 'relations')$$, '22003', 'credit 1.5 is out of range for jobspec_expand()', 'a credit above 1');
UPDATE relations SET credit = 1, related = NULL WHERE skill = 'SQL';
SELECT throws_ok($$SELECT jobspec_expand('sql', 'relations')$$, '22004', 'a related skill is null in "relations"', 'related to nothing');
SELECT is(skill_name(E'  Machine \n Learning'), ' machine learning', 'skill_name: as types store it');

-- From adverts to a role ---------------------------------------------------------------------------------------------------------

SELECT is((SELECT jobspec_agg(job) FROM unnest(ARRAY['{"@type": "JobPosting", "skills": "SQL, Python"}', '{"@type": "JobPosting", "skills": "sql"}', '{"@type": "Event"}',
                                              '{"@type": "JobPosting", "skills": "Go; SQL; Python"}', '{"@type": "JobPosting", "skills": ["SQL"]}']::jsonb[]) d, job_postings_from_jsonld(d))::text,
          'go:1*0.25, python:1*0.5, sql:1', 'weights are shares of the adverts that can be used');

SELECT * FROM finish();
ROLLBACK;
