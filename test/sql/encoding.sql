-- Names in databases of other encodings: bytes come back as they were, and case is folded as lower() folds it there.

\set home :DBNAME
\encoding UTF8
-- How wide a character is, and so a table, differs from version to version of psql.
\pset format unaligned
SET client_min_messages = warning;
DROP DATABASE IF EXISTS shortlist_utf8;
DROP DATABASE IF EXISTS shortlist_utf8_c;
DROP DATABASE IF EXISTS shortlist_latin1;
DROP DATABASE IF EXISTS shortlist_ascii;
DROP DATABASE IF EXISTS shortlist_euc_jp;


-- UTF-8, where case is that of all alphabets.
CREATE DATABASE shortlist_utf8 ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
\connect shortlist_utf8
\encoding UTF8
SET lc_messages = 'C';
CREATE EXTENSION shortlist;
SELECT 'ÉCRIRE:1, Διοίκηση:2, ПИТОН:3, Straße:4, 日本語:5, 🐍 SNAKE:6, ÅNGSTRÖM:7'::skillset;
SELECT 'PROGRAMMIERUNG FÜR ANFÄNGER|Éducation~0.5:2..4*3!'::jobspec;
SELECT '{"ÜBUNG": 1, "日本": {"level": 2, "last": "2026-05-01"}}'::jsonb::skillset::jsonb;
SELECT 'ÜBUNG:2'::skillset -> 'übung' AS level, 'übung:2'::skillset ? 'ÜBUNG' AS held, 'übung:2'::skillset <=> 'Übung:4'::jobspec AS cost;
-- One name twice.
SELECT 'é, É'::skillset;
-- Names are in byte order; text is not normalised, and white space is what ASCII calls so.
SELECT 'z, é, a, Ω, 日'::skillset;
SELECT skill_count(skillset(ARRAY[U&'\00E9', U&'e\0301'])) AS composed_and_not, skill_count(skillset(ARRAY['a b', U&'a\00A0b', U&'a\3000b'])) AS spaces;

-- Every character beyond ASCII (but for surrogates, which are none), folded as lower() does it, and through text and JSON as it was.
SELECT count(*) AS characters,
       count(*) FILTER (WHERE s::text <> 'x' || lower(c) || 'y:1') AS not_as_lower,
       count(*) FILTER (WHERE s::text::skillset <> s OR s::jsonb::skillset <> s) AS changed,
       count(*) FILTER (WHERE NOT s ? ('X' || c || 'Y') OR skill_level(s, 'x' || lower(c) || 'y') <> 1) AS not_found
FROM generate_series(128, 195101) i, chr(CASE WHEN i BETWEEN 55296 AND 57343 THEN 224 ELSE i END) c, skillset(ARRAY['x' || c || 'y']) s;

-- 255 bytes are counted after folding, which can make a name longer or shorter: Ⱥ takes 2 bytes and ⱥ 3; K (kelvin) takes 3 and k 1.
SELECT length(skillset(ARRAY[repeat('É', 127) || 'x'])::text) AS bytes_255, length(skillset(ARRAY[repeat('Ⱥ', 85)])::text) AS longer,
       length(skillset(ARRAY[repeat(U&'\212A', 255)])::text) AS shorter, length(skillset(ARRAY[repeat('🐍', 63) || 'abc'])::text) AS four_bytes;
SELECT skillset(ARRAY[repeat('É', 128)]);
SELECT skillset(ARRAY[repeat('Ⱥ', 86)]);
SELECT skillset(ARRAY[repeat('🐍', 64)]);

-- Places are counted in characters, and what is shown of the input ends with a whole one.
SELECT 'é:1, 日本語:-1'::skillset;
SELECT ('é:1, 日本語:' || repeat('ö', 100))::skillset;
SELECT ('日本語:1@' || repeat('年', 100))::skillset;
SELECT '{"price": 1, "prïce": 2}'::eventfacts;
SELECT ('{"price": {"curve": "' || repeat('ü', 100) || '"}}')::eventpref;

-- Text that is not UTF-8 does not get in, also not as binary.
CREATE AGGREGATE pg_temp.receive(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = skillset_recv);
SELECT pg_temp.receive('\x010000000001' || int4send(3) || '\x61c361'::bytea || float4send(1), NULL);
SELECT pg_temp.receive('\x010000000001' || int4send(2) || convert_to('É', 'UTF8') || float4send(1), NULL);
-- Text is cut into words: letters of all alphabets are letters, and white space is any.
CREATE TABLE vocabulary AS SELECT unnest(ARRAY['C', 'é', 'a b']) AS skill;
SELECT string_agg(skill || '@' || start, ' ' ORDER BY start) AS found FROM skills_in('É, éC C é a' || chr(160) || 'b 日C—C', 'vocabulary');


-- UTF-8 in the C locale, where lower() knows only ASCII.
CREATE DATABASE shortlist_utf8_c ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
\connect shortlist_utf8_c
\encoding UTF8
CREATE EXTENSION shortlist;
SELECT 'ÉCRIRE:1, é:2, É:3, 日本語:5'::skillset, lower('ÉCRIRE');
SELECT count(*) FILTER (WHERE s::text <> 'x' || lower(c) || 'y:1') AS not_as_lower, count(*) FILTER (WHERE s::text::skillset <> s OR s::jsonb::skillset <> s) AS changed
FROM generate_series(128, 20000) i, chr(i) c, skillset(ARRAY['x' || c || 'y']) s;
-- Text is cut into words: case is only that of ASCII.
CREATE TABLE vocabulary AS SELECT unnest(ARRAY['C', 'é', 'a b']) AS skill;
SELECT string_agg(skill || '@' || start, ' ' ORDER BY start) AS found FROM skills_in('É, éC C é a' || chr(160) || 'b 日C—C', 'vocabulary');


-- LATIN1: a byte for a character.
CREATE DATABASE shortlist_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0;
\connect shortlist_latin1
\encoding UTF8
SET lc_messages = 'C';
CREATE EXTENSION shortlist;
SELECT 'ÉCRIRE:1, é:2, "naïve, çá":3'::skillset, lower('ÉCRIRE');
SELECT count(*) AS characters, count(*) FILTER (WHERE s::text <> 'x' || lower(c) || 'y:1') AS not_as_lower,
       count(*) FILTER (WHERE s::text::skillset <> s OR s::jsonb::skillset <> s) AS changed
FROM generate_series(128, 255) i, chr(i) c, skillset(ARRAY['x' || c || 'y']) s;
SELECT length(skillset(ARRAY[repeat('é', 255)])::text) AS bytes_255;
SELECT skillset(ARRAY[repeat('é', 256)]);
-- Binary speaks the client's encoding, both ways.
CREATE AGGREGATE pg_temp.receive(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = skillset_recv);
SELECT skillset_send('é:1') AS to_utf8, pg_temp.receive(skillset_send('é:1'), NULL), pg_temp.receive(skillset_send(skillset(ARRAY[repeat('é', 255)])), NULL) = skillset(ARRAY[repeat('é', 255)]) AS long;
SET client_encoding = 'LATIN1';
SELECT skillset_send(skillset(ARRAY[chr(233)])) AS to_latin1, pg_temp.receive(skillset_send(skillset(ARRAY[chr(233)])), NULL) = skillset(ARRAY[chr(233)]) AS same;
SET client_encoding = 'UTF8';
SELECT pg_temp.receive('\x010000000001' || int4send(3) || '\xe697a5'::bytea || float4send(1), NULL);
-- Text is cut into words: Latin-1's no-break space is one, and its signs are none of letters.
CREATE TABLE vocabulary AS SELECT unnest(ARRAY['C', 'é', 'a b']) AS skill;
SELECT string_agg(skill || '@' || start, ' ' ORDER BY start) AS found FROM skills_in('É, éC C é a' || chr(160) || 'b ×C»C', 'vocabulary');


-- SQL_ASCII: bytes of which nothing is known.
CREATE DATABASE shortlist_ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0;
\connect shortlist_ascii
SET lc_messages = 'C';
CREATE EXTENSION shortlist;
SELECT 'ÉCRIRE:1, é:2, 日本語:3'::skillset;
SELECT count(*) AS bytes, count(*) FILTER (WHERE s::text <> 'x' || lower(c) || 'y:1') AS not_as_lower,
       count(*) FILTER (WHERE s::text::skillset <> s) AS changed
FROM generate_series(128, 255) i, chr(i) c, skillset(ARRAY['x' || c || 'y']) s;
SELECT 'é:1, b:-1'::skillset;
-- Text is cut into words: all that is not ASCII is letters, and places are bytes.
CREATE TABLE vocabulary AS SELECT unnest(ARRAY['C', 'é', 'a b']) AS skill;
SELECT string_agg(skill || '@' || start, ' ' ORDER BY start) AS found FROM skills_in('É, éC C é', 'vocabulary');


-- EUC_JP: two and three bytes for a character.
CREATE DATABASE shortlist_euc_jp ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0;
\connect shortlist_euc_jp
\encoding UTF8
SET lc_messages = 'C';
CREATE EXTENSION shortlist;
SELECT '日本語 EIGO:1, ﾃｽﾄ:2, "表, 能":3, Ａ:4'::skillset, '表示|十分~0.5:2'::jobspec, '{"漢字": 1}'::jsonb::skillset::jsonb;
SELECT length(skillset(ARRAY[repeat('語', 127)])::text) AS bytes_254;
SELECT skillset(ARRAY[repeat('語', 128)]);
SELECT '日本語:1, 表:-1'::skillset;
CREATE AGGREGATE pg_temp.receive(bytea, bytea) (SFUNC = bytea_string_agg_transfn, STYPE = internal, FINALFUNC = skillset_recv);
SELECT skillset_send('表:1') AS to_utf8, pg_temp.receive(skillset_send('表:1'), NULL);
-- Text is cut into words: all that is not ASCII is letters.
CREATE TABLE vocabulary AS SELECT unnest(ARRAY['C', '日本', 'a b']) AS skill;
SELECT string_agg(skill || '@' || start, ' ' ORDER BY start) AS found FROM skills_in('日本, 日本C C', 'vocabulary');


\connect :home
DROP DATABASE shortlist_utf8;
DROP DATABASE shortlist_utf8_c;
DROP DATABASE shortlist_latin1;
DROP DATABASE shortlist_ascii;
DROP DATABASE shortlist_euc_jp;
