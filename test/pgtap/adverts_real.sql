-- Real vocabularies, adverts and resumes: ESCO's skills and their relations, O*NET's technologies, skill2vec's adverts,
-- schema.org's and JSON Resume's samples.
--
--     psql -X -q -v data=/absolute/path/of/the/data -f test/pgtap/adverts_real.sql

\ir ../oracle/tap.sql
\set present `cd :'data' 2>/dev/null && test -r esco/esco_v1.1.1_classification_en_csv.zip -a -r esco/esco_v1.1.1_relations_csv.zip -a -r onet/technology_skills.tsv -a -r adverts/skill2vec_1K.csv -a -d events/jsonld -a -d resumes && command -v unzip >/dev/null && echo yes || echo no`
\if :present
\else
    \echo '1..0 # SKIP ESCO, O*NET, adverts, samples or unzip are not there (-v data=DIRECTORY names their directory)'
    \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL jit = off;
SET LOCAL work_mem = '256MB';
\ir ../oracle/check.sql
\ir ../oracle/skills_in.sql

SELECT plan(31);

-- ESCO: 13,896 skills by all their labels --------------------------------------------------------------------------------------

CREATE TABLE esco (concept_type text, uri text, skill_type text, reuse text, label text, alternatives text, hidden text, status text, modified text,
                   scope text, definition text, scheme text, description text);
CREATE TABLE esco_relation (uri text, skill_type text, kind text, related_type text, related_uri text);
\set load '\\copy esco FROM PROGRAM ''unzip -p "' :data '/esco/esco_v1.1.1_classification_en_csv.zip" skills_en.csv'' WITH (FORMAT csv, HEADER)'
:load
\set load '\\copy esco_relation FROM PROGRAM ''unzip -p "' :data '/esco/esco_v1.1.1_relations_csv.zip" skillSkillRelations.csv'' WITH (FORMAT csv, HEADER)'
:load
CREATE TABLE esco_vocabulary AS
SELECT label AS skill, label FROM esco
UNION SELECT label, btrim(alternative) FROM esco, regexp_split_to_table(alternatives, E'\n') alternative WHERE btrim(alternative) <> '';
SELECT skill_vocabulary('esco_vocabulary') IS NOT NULL AS registered \gset
SELECT is((SELECT count(*) FROM esco), 13896::bigint, 'ESCO: skills');
SELECT cmp_ok((SELECT count(*) FROM esco_vocabulary), '>', 99000::bigint, 'ESCO: labels');

-- Every label, as a text, is found whole, and names just the skills that have it: labels of one or two letters as they
-- are written, unless that is in lower case, all others in any case.
CREATE FUNCTION pg_temp.folded(label text) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT lower(regexp_replace(translate(btrim(label, E' \u00a0'), '’‐‑', '''--'), E'[[:space:]\u00a0]+', ' ', 'g')) $$;
CREATE TABLE folded AS
SELECT pg_temp.folded(label) AS folded, skill, CASE WHEN btrim(label) ~ '^[[:alpha:]]{1,2}$' AND btrim(label) <> lower(btrim(label)) THEN btrim(label) END AS exact FROM esco_vocabulary;
CREATE INDEX ON folded (folded);
ANALYZE folded;
CREATE TABLE named AS
SELECT label, (SELECT array_agg(skill ORDER BY skill) FROM skills_in(label, 'esco_vocabulary') WHERE matched = btrim(label, E' \u00a0')) AS got,
       (SELECT array_agg(DISTINCT skill ORDER BY skill) FROM folded f WHERE f.folded = pg_temp.folded(label) AND coalesce(exact = btrim(label), true)) AS wanted
FROM (SELECT DISTINCT label FROM esco_vocabulary) l;
SELECT oracle.holds('ESCO: a label as text names the skills that have it', 'SELECT got = wanted, format(''%L: %s, not %s'', label, got, wanted) FROM named');
SELECT oracle.exercised('ESCO: labels of several skills', (SELECT count(*) FROM named WHERE cardinality(wanted) > 1), 100);

-- Prose, by regular expressions.  Labels that are no part of the text cannot stand in it, so the oracle need not try them.
CREATE TABLE near (skill text, label text, match_case boolean);
CREATE TABLE compared (body text, got text, wanted text);
CREATE PROCEDURE pg_temp.compare(body text, vocabulary regclass) LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM near;
    EXECUTE format('INSERT INTO near SELECT skill, label FROM %s WHERE strpos(lower($1), lower(split_part(btrim(label), '' '', 1))) > 0
                    AND strpos(lower($1), lower(reverse(split_part(reverse(btrim(label)), '' '', 1)))) > 0', vocabulary) USING body;
    INSERT INTO compared SELECT compare.body,
        (SELECT array_agg((skill, matched, start) ORDER BY start, skill COLLATE "C")::text FROM skills_in(compare.body, compare.vocabulary)),
        (SELECT array_agg((skill, matched, start) ORDER BY start, skill COLLATE "C")::text FROM oracle.skills_in(compare.body, 'near'));
END $$;
DO $$
DECLARE d text;
BEGIN
    FOR d IN SELECT left(description, 300) FROM esco WHERE description <> '' ORDER BY md5(uri) LIMIT 20 LOOP
        CALL pg_temp.compare(d, 'esco_vocabulary');
    END LOOP;
END $$;
SELECT oracle.holds('ESCO: descriptions, by regular expressions', 'SELECT got IS NOT DISTINCT FROM wanted, format(''%L: %s, not %s'', body, got, wanted) FROM compared');
SELECT oracle.exercised('ESCO: descriptions that name a skill', (SELECT count(*) FROM compared WHERE got IS NOT NULL), 10);
SELECT is((SELECT string_agg(skill, ', ' ORDER BY start, skill) FROM skills_in('We use Python (computer programming), C++, C# and machine learning; Java helps.', 'esco_vocabulary')),
          'Python (computer programming), C++, C#, machine learning, Java (computer programming)', 'ESCO: an advert''s sentence, read by hand');

-- ESCO's relations between skills as alternatives: essential ones earn 0.6, optional ones 0.3.
CREATE TABLE related AS
SELECT DISTINCT s.label AS skill, r.label AS related, CASE kind WHEN 'essential' THEN 0.6 ELSE 0.3 END AS credit
FROM esco_relation JOIN esco s USING (uri) JOIN esco r ON r.uri = related_uri;
CREATE INDEX ON related (skill_name(skill));
ANALYZE related;
CREATE TABLE expanded AS
SELECT g AS id, job, jobspec_expand(job, 'related') AS wide
FROM (SELECT n % 60 AS g, jobspec(array_agg(DISTINCT skill), array_fill(1.0::float8, ARRAY[count(DISTINCT skill)::int])) AS job
      FROM (SELECT skill, row_number() OVER (ORDER BY skill) AS n FROM related) r GROUP BY 1) j;
CREATE TABLE alternatives AS
SELECT id, e.skill, a.name, a.credit FROM expanded, jobspec_each(wide) e, LATERAL unnest(e.alternatives, e.credits) a (name, credit);
-- Some of ESCO's labels have a line end or two spaces in them.
CREATE TABLE by_counting AS
SELECT id, e.skill, r.related AS name, max(r.credit) AS credit
FROM expanded, jobspec_each(job) e
JOIN (SELECT lower(regexp_replace(skill, '[ \n]+', ' ', 'g')) AS skill, lower(regexp_replace(related, '[ \n]+', ' ', 'g')) AS related, credit FROM related) r USING (skill)
WHERE r.related <> e.skill GROUP BY 1, 2, 3;
SELECT is((SELECT count(*) FROM esco_relation), 5899::bigint, 'ESCO: relations');
SELECT is((SELECT count(*) FROM
    ((SELECT id, skill, name, credit::numeric(3, 1) FROM alternatives)
     EXCEPT (TABLE by_counting)) d),
    0::bigint, 'ESCO: every alternative is a relation, at its best credit');
SELECT is((SELECT count(*) FROM
    ((TABLE by_counting)
     EXCEPT (SELECT id, skill, name, credit::numeric(3, 1) FROM alternatives)) d),
    0::bigint, 'ESCO: every relation is an alternative');
SELECT oracle.exercised('ESCO: alternatives', (SELECT count(*) FROM alternatives), 3000);

-- O*NET: technologies as published, in adverts of skill2vec -------------------------------------------------------------------------

CREATE TABLE technology (occupation text, skill text, commodity text, title text, hot text, in_demand text);
\set file :data /onet/technology_skills.tsv
\set load '\\copy technology FROM ' :'file' ' WITH (FORMAT csv, DELIMITER E''\\t'', QUOTE E''\\b'', HEADER)'
:load
CREATE TABLE technologies AS SELECT DISTINCT skill, skill AS label FROM technology;
INSERT INTO technologies VALUES ('Microsoft .NET Framework', '.NET'), ('JavaScript', 'JS');
SELECT skill_vocabulary('technologies') IS NOT NULL AS registered \gset
SELECT is((SELECT count(*) FROM technology), 32627::bigint, 'O*NET: rows');
SELECT is((SELECT string_agg(skill, ', ' ORDER BY start, skill) FROM skills_in('R&D in C, C++, C# and R on .NET; Node.js, Go, objective C, example.net, Oracle Java EE.', 'technologies')),
          'C, C++, C#, R, Microsoft .NET Framework, Node.js, Go, Objective C, Oracle Java', 'O*NET: names that look like other things, read by hand');

CREATE TABLE lines (n int GENERATED ALWAYS AS IDENTITY, line text);
\set file :data /adverts/skill2vec_1K.csv
\set load '\\copy lines (line) FROM ' :'file' ' WITH (FORMAT csv, DELIMITER E''\\x01'', QUOTE E''\\x02'')'
:load
SELECT is((SELECT count(*) FROM lines), 1000::bigint, 'skill2vec: adverts');
DELETE FROM compared;
DO $$
DECLARE d text;
BEGIN
    FOR d IN SELECT rtrim(replace(line, ',', ', '), ', ') FROM lines ORDER BY md5(line) LIMIT 50 LOOP
        CALL pg_temp.compare(left(d, 400), 'technologies');
    END LOOP;
END $$;
SELECT oracle.holds('O*NET in skill2vec: by regular expressions', 'SELECT got IS NOT DISTINCT FROM wanted, format(''%L: %s, not %s'', body, got, wanted) FROM compared');
SELECT oracle.exercised('O*NET in skill2vec: adverts that name a technology', (SELECT count(*) FROM compared WHERE got IS NOT NULL), 10);

-- Hundreds of adverts to a role: weights are shares, worked out by counting.
CREATE TABLE advert_skill AS
SELECT DISTINCT n, skill_name(btrim(replace(replace(replace(part, '&nbsp;', ' '), '&quot;', '"'), '&amp;', '&'))) AS skill
FROM lines, unnest((string_to_array(line, ','))[2:]) part WHERE btrim(part) <> '' AND octet_length(btrim(part)) <= 255;
CREATE TABLE adverts AS
SELECT n, jobspec_from_jsonld(jsonb_build_object('@type', 'JobPosting', 'skills', jsonb_agg(jsonb_build_object('@type', 'DefinedTerm', 'name', part)))) AS job
FROM lines, unnest((string_to_array(line, ','))[2:]) part WHERE btrim(part) <> '' AND octet_length(btrim(part)) <= 255 GROUP BY n;
SELECT is((SELECT count(*) FROM adverts, jobspec_each(job)), (SELECT count(*) FROM advert_skill), 'skill2vec: every skill of every advert');
CREATE TABLE role AS SELECT jobspec_agg(job) AS job, count(*) AS adverts FROM adverts;
SELECT cmp_ok((SELECT adverts FROM role), '>', 900::bigint, 'skill2vec: adverts with skills');
SELECT is((SELECT count(*) FROM role, jobspec_each(job) e FULL JOIN (SELECT skill, count(*)::numeric / (SELECT adverts FROM role) AS share FROM advert_skill GROUP BY 1) s USING (skill)
           WHERE e.weight IS NULL OR s.share IS NULL OR abs(e.weight - s.share) > 1e-7 OR e.need <> 1 OR e.must <> (s.share > 0.5)), 0::bigint, 'jobspec_agg: each weight is the share of adverts');
SELECT is((SELECT array_agg(skill) FROM (SELECT skill FROM role, jobspec_each(job) ORDER BY weight DESC, skill LIMIT 4) t), ARRAY['java', 'javascript', 'sales', 'html'],
          'jobspec_agg: what is asked most, as counted by other means');

-- JSON-LD samples: each holds a JobPosting or does not ---------------------------------------------------------------------------------

CREATE TABLE files (name text, content text);
\set load '\\copy files FROM PROGRAM ''cd "' :data '" && for f in events/jsonld/*.json resumes/*.json; do printf "%s\\t%s\\n" "$f" "$(base64 -w 0 "$f")"; done'''
:load
CREATE FUNCTION pg_temp.parsed(content text) RETURNS jsonb LANGUAGE plpgsql AS
$$ BEGIN RETURN convert_from(decode(content, 'base64'), 'UTF8')::jsonb; EXCEPTION WHEN invalid_text_representation THEN RETURN NULL; END $$;
CREATE TABLE documents AS SELECT name, pg_temp.parsed(content) AS document FROM files;
SELECT is((SELECT count(*) FROM documents WHERE document IS NULL), 4::bigint, 'four samples are no JSON');
SELECT results_eq($$SELECT DISTINCT name ~ 'JobPosting', reason FROM documents, job_postings_from_jsonld(document) WHERE document IS NOT NULL ORDER BY 1$$,
    $$VALUES (false, 'the document holds no JobPosting'), (true, 'the JobPosting names skills in sentences only, if at all: pass a vocabulary')$$, 'each sample has its reason');
CREATE TABLE computing (skill text, label text);
INSERT INTO computing VALUES ('java', NULL), ('j2ee', NULL), ('python', NULL), ('web development', 'web application development'), ('computer science', NULL), ('ruby', NULL);
SELECT is((SELECT (title, job::text, unread)::text FROM documents, job_postings_from_jsonld(document, 'computing') WHERE name LIKE '%_26_JobPosting.json'),
          ROW('Software Engineer', 'computer science:1, j2ee:1, java:1, python:1, web development:1',
              ARRAY['Ability to work in a team environment with members of varying skill levels. Highly motivated. Learns quickly.', 'Minumum 3 years experience as a software engineer'])::text,
          'schema.org''s JobPosting, with a vocabulary');

-- JSON Resume samples, each by hand ------------------------------------------------------------------------------------------------------

SELECT is((SELECT CASE WHEN name LIKE '%.job.json' THEN jobspec_from_json_resume(document)::text ELSE skillset_from_json_resume(document)::text END FROM documents WHERE name = 'resumes/' || sample), wanted, sample)
FROM (VALUES
    ('jsonresume-schema-1.3.1-career-changer.resume.json', 'data analysis:3, data visualization:3, dbt:3, excel:3, looker studio:3, matplotlib:3, operations & leadership:4, p&l management:4, pandas:3, python:3, scheduling:4, sql:3, tableau:3, team training:4, vendor negotiation:4'),
    ('jsonresume-schema-1.3.1-new-grad.resume.json', 'aws:1, data & infrastructure:1, docker:1, git:1, go:3, java:3, next.js:3, node.js:3, postgresql:1, programming languages:3, python:3, react:3, rest apis:3, sql:3, typescript:3, web development:3'),
    ('jsonresume-schema-1.3.1-sample.resume.json', 'compression:5, css:5, gif:5, html:5, javascript:5, mp4:5, mpeg:5, web development:5'),
    ('resume-schema-1.0.1-sample.resume.json', 'compression:5, css:5, gif:5, html:5, javascript:5, mp4:5, mpeg:5, web development:5'),
    ('jsonresume-schema-1.3.1-senior-engineer.resume.json', 'c++:5, consensus:5, consistency models:5, distributed systems:5, erasure coding:5, go:5, infrastructure:4, java:5, kafka:4, kubernetes:4, programming languages:5, prometheus:4, python:5, replication:5, rust:5, s3:4, terraform:4'),
    ('jsonresume-schema-1.3.1-sample.job.json', 'css:5, database management:3, html:5, javascript:5, mongodb:3, node.js:5, nosql:3, react:5, sql:3, web development:5'),
    ('resume-schema-1.0.1-sample.job.json', 'css:5, database management:3, html:5, javascript:5, mongodb:3, node.js:5, nosql:3, react:5, sql:3, web development:5')) v (sample, wanted);
SELECT is((SELECT count(*) FROM documents WHERE name LIKE 'resumes/%'), 7::bigint, 'those are all');

SELECT * FROM finish();
ROLLBACK;
