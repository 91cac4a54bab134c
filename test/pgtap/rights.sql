-- Rights: what a user may not see does not come out by our operators, functions and indexes, neither in answers nor in errors, plans or
-- statistics; and nobody makes the extension into something else by what was in the database before it.
--
--     psql -X -q -f test/pgtap/rights.sql
--
-- Half of the rows belong to the reader.  The others have skills and prices that the reader does not, so that any trace of them is found by
-- its text or by a different number.

\ir ../oracle/tap.sql

BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL jit = off;
SELECT * FROM no_plan();

-- --- a table that the reader sees in part -----------------------------------------

CREATE ROLE rights_reader;
CREATE SCHEMA rights;
GRANT USAGE, CREATE ON SCHEMA rights TO rights_reader;
CREATE TABLE rights.row (id int PRIMARY KEY, owner text, skills skillset, job jobspec, facts eventfacts, meeting eventfacts);
INSERT INTO rights.row
SELECT g, CASE WHEN g % 2 = 0 THEN 'rights_reader' ELSE 'somebody' END,
       CASE WHEN g % 2 = 0 THEN format('sql:%s, go:%s', g % 5 + 1, g % 3 + 1) ELSE format('sql:5, go:3, hidden%s:7', g % 7) END::skillset,
       CASE WHEN g % 2 = 0 THEN format('sql:%s', g % 5 + 1) ELSE format('sql:1, hidden%s:7', g % 7) END::jobspec,
       event_facts(50 + g % 100 / 100.0, 0, CASE WHEN g % 2 = 0 THEN 10 + g % 50 ELSE 7777 END)
FROM generate_series(1, 4000) g;
-- The same events, for the other kind of index.
UPDATE rights.row SET meeting = facts;
CREATE INDEX row_skills ON rights.row USING shortlist (skills);
CREATE INDEX row_job ON rights.row USING shortlist (job);
CREATE INDEX row_facts ON rights.row USING gist (facts);
CREATE INDEX row_meeting ON rights.row USING shortlist (meeting);
ANALYZE rights.row;
CREATE TABLE rights.closed AS TABLE rights.row;
CREATE INDEX closed_skills ON rights.closed USING shortlist (skills);
CREATE INDEX closed_facts ON rights.closed USING gist (facts);
CREATE INDEX closed_meeting ON rights.closed USING shortlist (meeting);
ANALYZE rights.closed;
GRANT SELECT (id, owner) ON rights.closed TO rights_reader;
GRANT SELECT ON rights.row TO rights_reader;
CREATE POLICY own ON rights.row USING (owner = current_user);
ALTER TABLE rights.row ENABLE ROW LEVEL SECURITY;
CREATE VIEW rights.own WITH (security_barrier) AS SELECT id, skills, job, facts, meeting FROM rights.row WHERE owner = 'rights_reader';

-- All that somebody gets to see of a query: its rows, or every part of its error.
CREATE FUNCTION rights.seen(somebody text, query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    line    text;
    result  text := '';
    message text;
    detail  text;
    hint    text;
BEGIN
    PERFORM set_config('role', somebody, true);
    BEGIN
        FOR line IN EXECUTE query LOOP
            result := result || line || E'\n';
        END LOOP;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        result := concat_ws(' ', SQLSTATE, message, nullif(detail, ''), nullif(hint, ''));
    END;
    PERFORM set_config('role', 'none', true);
    RETURN result;
END $$;

-- Questions whose best answers are hidden rows, by every operator that an index serves.
CREATE TABLE rights.question (no int GENERATED ALWAYS AS IDENTITY, expression text, condition text);
INSERT INTO rights.question (expression, condition) VALUES
    ($$skills <=> 'hidden1:7, sql:5'$$, NULL), ($$skills <-> 'hidden1:7, sql:5'$$, NULL), ($$job <=> 'hidden2:7, sql:3'$$, NULL), ($$job <-> 'hidden2:7, sql:3'$$, NULL),
    ($$facts <=> event_pref(budget => 7777)$$, NULL), ($$facts <=> event_pref(latitude => 50, longitude => 0, within_km => 1)$$, NULL),
    ($$skills <=> 'sql:5'$$, $$skills @@ 'hidden1:7!'$$), ($$skills <=> 'sql:5'$$, $$skills @> 'hidden1:1'$$), ($$skills <=> 'sql:5'$$, $$skills ? 'hidden1'$$), ($$skills <=> 'sql:5'$$, $$skills ?| '{hidden1,hidden2}'$$),
    ($$skills <=> 'sql:5'$$, $$skills ?& '{hidden1,sql}'$$), ($$job <=> 'sql:5'$$, $$job @@ 'hidden1:7, sql:3'$$), ($$facts <=> event_pref(budget => 5)$$, $$facts @@ event_pref(budget => 5, max_price => 9000)$$);
INSERT INTO rights.question (expression, condition) SELECT replace(expression, 'facts', 'meeting'), replace(condition, 'facts', 'meeting') FROM rights.question WHERE expression LIKE 'facts%' ORDER BY no;

CREATE FUNCTION rights.query(q rights.question, relation text) RETURNS text
LANGUAGE sql AS $$ SELECT format('SELECT (id, %1$s) FROM %2$s%3$s ORDER BY %1$s LIMIT 20', q.expression, relation, ' WHERE ' || q.condition) $$;

-- The costs alone: of rows that tie, any may come.
CREATE FUNCTION rights.costs(somebody text, q rights.question, relation text) RETURNS text
LANGUAGE sql AS $$ SELECT rights.seen(somebody, format('SELECT %1$s FROM %2$s%3$s ORDER BY %1$s LIMIT 20', q.expression, relation, ' WHERE ' || q.condition)) $$;

-- --- row-level security, and views that are barriers ----------------------------------

CREATE TEMP TABLE truth AS
SELECT no, (SELECT rights.costs('none', q, '(SELECT * FROM rights.row WHERE id % 2 = 0 OFFSET 0) r')) AS costs FROM rights.question q;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_sort = off;
SET LOCAL enable_bitmapscan = off;

SELECT unnest(ARRAY[
       is(rights.costs('rights_reader', q, 'rights.row'), t.costs, format('row security, %s%s', expression, ' where ' || condition)),
       doesnt_match(rights.seen('rights_reader', rights.query(q, 'rights.row')), '[(][0-9]*[13579],', 'only rows of its own'),
       is(rights.costs('rights_reader', q, 'rights.own'), '42501 permission denied for view own', 'a view needs a grant')])
FROM rights.question q JOIN truth t USING (no) ORDER BY no;
GRANT SELECT ON rights.own TO rights_reader;
SELECT is(rights.costs('rights_reader', q, 'rights.own'), t.costs, format('barrier, %s%s', expression, ' where ' || condition)) FROM rights.question q JOIN truth t USING (no) ORDER BY no;

-- The index gives the order, but hidden rows are not asked a condition that is not leakproof: it is checked after the policy.
SELECT alike(rights.seen('rights_reader', 'EXPLAIN (COSTS OFF) ' || rights.query(q, 'rights.row')), '%Index Scan using row_%Order By:%', 'by the index: ' || expression) FROM rights.question q ORDER BY no;
SELECT unnest(ARRAY[
       unalike(rights.seen('rights_reader', 'EXPLAIN (COSTS OFF) ' || rights.query(q, relation)), '%Index Cond:%', format('not by the condition in %s: %s', relation, condition)),
       alike(rights.seen('none', 'EXPLAIN (COSTS OFF) ' || rights.query(q, 'rights.row')), '%Index Cond:%', 'the owner is served by it')])
FROM rights.question q, unnest('{rights.row,rights.own}'::text[]) relation WHERE condition IS NOT NULL ORDER BY no;

-- A function of the reader's that tells of all that it is given never gets a hidden row.
CREATE FUNCTION rights.tell(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN IF value ~ 'hidden|7777' THEN RAISE 'seen: %', value; END IF; RETURN true; END $$;
ALTER FUNCTION rights.tell(text) OWNER TO rights_reader;
SELECT unalike(rights.seen('rights_reader', format('SELECT id FROM %s WHERE rights.tell(%s::text) ORDER BY %s LIMIT 500', relation, split_part(expression, ' ', 1), expression)), '%seen:%',
       format('nothing is told of %s: %s', relation, expression))
FROM rights.question q, unnest('{rights.row,rights.own}'::text[]) relation WHERE condition IS NULL ORDER BY no;
SELECT alike(rights.seen('none', 'SELECT id FROM rights.row WHERE rights.tell(skills::text)'), '%seen:%hidden%', 'but of what is not hidden it is');

-- Plans, measured: no value of a hidden row, in no form.
SELECT unalike(regexp_replace(rights.seen('rights_reader', 'EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || rights.query(q, 'rights.row')), '(Order By|Sort Key|Output|Filter):[^\n]*', '', 'g'),
               '%hidden%', 'EXPLAIN ANALYZE says nothing of values') FROM rights.question q ORDER BY no;

-- --- privileges on columns ------------------------------------------------------------

SELECT is(rights.seen('rights_reader', format(query, expression)), '42501 permission denied for table closed', format(query, expression))
FROM unnest('{skills <=> ''sql'',skills @@ ''sql'',skills ? ''sql'',facts <=> event_pref(budget => 1),meeting <=> event_pref(budget => 1),skill_readiness(skills\, ''sql''),''sql''::skillset <=> job}'::text[]) expression,
     unnest('{SELECT %s FROM rights.closed,SELECT id FROM rights.closed ORDER BY %s LIMIT 1,SELECT id FROM rights.closed WHERE (%s) IS NOT NULL,EXPLAIN SELECT id FROM rights.closed ORDER BY %s}'::text[]) query;
SELECT is(rights.seen('rights_reader', 'SELECT count(*) FROM rights.closed'), E'4000\n', 'what was granted is granted, counted by an index or not');

-- --- statistics -----------------------------------------------------------------------

SELECT is(rights.seen('rights_reader', $$SELECT (tablename, attname) FROM pg_stats WHERE schemaname = 'rights' AND (tablename = 'row' OR attname NOT IN ('id', 'owner')) ORDER BY 1$$), '', 'pg_stats shows no statistics of hidden rows or columns');
SELECT ok(count(*) >= 5, 'though there are some') FROM pg_stats WHERE schemaname = 'rights' AND tablename = 'row';

CREATE FUNCTION rights.planned(somebody text, condition text) RETURNS float8
LANGUAGE sql AS $$ SELECT substring(rights.seen(somebody, 'EXPLAIN SELECT id FROM rights.row WHERE ' || condition) FROM 'rows=(\d+)')::float8 $$;
CREATE FUNCTION rights.explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN ' || query; END $$;
-- What half of the rows have, and none; the owner's estimates differ.
SELECT unnest(ARRAY[
       is(rights.planned('rights_reader', often), rights.planned('rights_reader', never), 'estimates tell the reader nothing: ' || often),
       isnt(rights.planned('none', often), rights.planned('none', never), 'and tell the owner')])
FROM (VALUES ($$skills @@ 'go:3!'$$, $$skills @@ 'cobol:3!'$$), ($$skills ? 'go'$$, $$skills ? 'cobol'$$), ($$skillset_contains(skills, 'go:3')$$, $$skillset_contains(skills, 'cobol:3')$$),
      ($$job = 'sql:2'$$, $$job = 'cobol'$$), ($$facts @@ event_pref(budget => 1, max_price => 7000)$$, $$facts @@ event_pref(budget => 1, max_price => 1)$$),
      ($$meeting @@ event_pref(budget => 1, max_price => 7000)$$, $$meeting @@ event_pref(budget => 1, max_price => 1)$$)) v (often, never);

-- An index knows in how many places it has a skill; what a search would cost says so to its owner alone.
SELECT unnest(ARRAY[
       is(rights.seen('rights_reader', format(query, 'hidden3')), rights.seen('rights_reader', format(query, 'nobody3')), 'costs tell the reader nothing: ' || query),
       isnt(rights.seen('none', format(query, 'hidden3')), rights.seen('none', format(query, 'nobody3')), 'and tell the owner')])
FROM (SELECT format('SELECT substring(p FROM ''cost=[^ ]*'') FROM rights.explained(%L) p WHERE p ~ ''cost=''', q) AS query
      FROM unnest('{SELECT id FROM rights.row ORDER BY skills <=> ''%1$s'' LIMIT 1,SELECT id FROM rights.row ORDER BY job <-> ''%1$s'' LIMIT 1,SELECT id FROM rights.row WHERE skills ? ''%1$s''}'::text[]) q) q;

-- --- functions that take a table, an index or a query -------------------------------------

-- Whatever takes an index or a table by its name: taken from the catalog, so that a new one is tested too.
-- (Before that, it may say that it takes another kind.)
SELECT matches(rights.seen('rights_reader', format('SELECT %s(%L::regclass)', p.oid::regproc, relation)), '^(42501|42809)', format('%s(%s) is the owner''s to call', p.proname, relation))
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist'),
     unnest('{rights.row_skills,rights.row_job,rights.row_meeting,rights.closed_skills,rights.closed}'::text[]) relation
WHERE p.proargtypes[0] = 'regclass'::regtype ORDER BY 1;
SELECT alike(rights.seen('rights_reader', $$SELECT shortlist_merge('rights.closed_skills')$$), '42501%', 'shortlist_merge() too');

SELECT is(rights.seen('rights_reader', $$SELECT id FROM learning_plan('sql:5', '', 'Infinity', 'SELECT id, skills AS teaches, 1.0::float8 AS cost FROM rights.closed')$$),
          '42501 permission denied for table closed', 'learning_plan() reads what its caller may read');
SELECT is(rights.seen('rights_reader', $$SELECT count(*) FROM learning_plan('hidden1:7', '', 'Infinity', 'SELECT id, skills AS teaches, 1.0::float8 AS cost FROM rights.row')$$), E'0\n', 'and the rows that its caller may see');
SELECT is(rights.seen('none', $$SELECT count(*) > 0 FROM learning_plan('hidden1:7', '', 'Infinity', 'SELECT id, skills AS teaches, 1.0::float8 AS cost FROM rights.row')$$), E'true\n', 'which for the owner are all');

-- --- what was in the database before -------------------------------------------------------

\ir ../oracle/extension_members.sql
DROP TABLE rights.row, rights.closed, rights.question CASCADE;
DROP TABLE truth;
DROP EXTENSION shortlist CASCADE;
CREATE SCHEMA target;
CREATE EXTENSION shortlist SCHEMA target;
CREATE TEMP TABLE untouched AS SELECT m FROM installed.members() m;
DROP EXTENSION shortlist;

-- Names that the script uses, with meanings of somebody else's, where the script is looking and where the user does.
CREATE PROCEDURE rights.poison(schema text)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    name text;
BEGIN
    EXECUTE format('CREATE FUNCTION %I.mine(anyelement, anyelement) RETURNS boolean LANGUAGE plpgsql AS ''BEGIN RAISE $q$hostile$q$; END''', schema);
    EXECUTE format('CREATE FUNCTION %I.mine(float8, float8) RETURNS boolean LANGUAGE plpgsql AS ''BEGIN RAISE $q$hostile$q$; END''', schema);
    FOREACH name IN ARRAY '{=,<>,<,<=,>,>=,<=>,<->,@@,@>,<@,?,?|,?&,||,-,->}'::text[] LOOP
        EXECUTE format('CREATE OPERATOR %I.%s (LEFTARG = anyelement, RIGHTARG = anyelement, FUNCTION = %1$I.mine)', schema, name);
        EXECUTE format('CREATE OPERATOR %I.%s (LEFTARG = float8, RIGHTARG = float8, FUNCTION = %1$I.mine)', schema, name);
    END LOOP;
    FOREACH name IN ARRAY '{matchingsel,eqsel,neqsel,scalarltsel,scalarlesel,scalargtsel,scalargesel,contsel}'::text[] LOOP
        EXECUTE format('CREATE FUNCTION %I.%I(internal, oid, internal, integer) RETURNS float8 LANGUAGE internal AS ''areasel''', schema, name);
    END LOOP;
    FOREACH name IN ARRAY '{matchingjoinsel,eqjoinsel,neqjoinsel,scalarltjoinsel,scalarlejoinsel,scalargtjoinsel,scalargejoinsel,contjoinsel}'::text[] LOOP
        EXECUTE format('CREATE FUNCTION %I.%I(internal, oid, internal, smallint, internal) RETURNS float8 LANGUAGE internal AS ''areajoinsel''', schema, name);
    END LOOP;
    -- Types of the names that arguments have; casts and aggregates; an operator family of the name that orders costs.
    FOREACH name IN ARRAY '{text,float8,float4,"double precision",int4,integer,int8,bigint,bool,boolean,jsonb,timestamptz,interval,point,oid,regclass,cstring,internal,smallint,bytea}'::text[] LOOP
        EXECUTE format('CREATE TYPE %I.%I AS (hostile int)', schema, trim('"' FROM name));
    END LOOP;
    EXECUTE format('CREATE OPERATOR FAMILY %I.float_ops USING btree', schema);
    EXECUTE format('CREATE FUNCTION %I.skillset(integer) RETURNS integer LANGUAGE sql AS ''SELECT 1''', schema);
    EXECUTE format('CREATE FUNCTION %I.event_pref(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS ''SELECT $q$hostile$q$''', schema);
    EXECUTE format('CREATE FUNCTION %I.skill_readiness(pg_catalog.text, pg_catalog.text) RETURNS pg_catalog.float8 LANGUAGE sql AS ''SELECT 0.0::pg_catalog.float8''', schema);
END $$;
SAVEPOINT clean;
CALL rights.poison('target');
CALL rights.poison('public');
SET LOCAL search_path = target, public, pg_catalog;
CREATE EXTENSION shortlist SCHEMA target;
-- pgTAP would trip over what lies in its own schema: results are kept until that is gone.
SET LOCAL search_path = pg_catalog;
SELECT count(*) AS members FROM installed.members() \gset
SELECT count(*) AS differing, coalesce(string_agg(m, E'\n'), '') AS difference
FROM ((SELECT m FROM installed.members() m EXCEPT TABLE pg_temp.untouched) UNION ALL (TABLE pg_temp.untouched EXCEPT SELECT m FROM installed.members() m)) d (m) \gset
SELECT 'sql:4'::target.skillset OPERATOR(target.<=>) 'sql:4, go'::target.jobspec AS answer \gset
ROLLBACK TO clean;
SELECT is(:differing, 0, 'hostile objects made before change nothing of the extension');
SELECT diag(:'difference') WHERE :differing > 0;
SELECT ok(:members > 200, format('which has %s members and needs of theirs', :members));
SELECT is(:answer, 0.5, 'nor of what it answers');

-- What has the name and the arguments of an object of the extension's is not taken over: there is an error.
CREATE FUNCTION rights.taken(statement text) RETURNS text
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    CREATE EXTENSION shortlist SCHEMA target;
    RETURN 'created';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END $$;
SELECT is(rights.taken(statement), state, 'not taken over: ' || statement)
FROM (VALUES ('CREATE FUNCTION target.event_last_scan() RETURNS int4 LANGUAGE sql AS ''SELECT 1''', '42723'),
             ('CREATE FUNCTION target.shortlist_last_scan() RETURNS int4 LANGUAGE sql AS ''SELECT 1''', '42723'),
             ('CREATE TYPE target.skillset AS (a int4)', '42710'), ('CREATE TABLE target.jobspec (a int4)', '42710'),
             ('CREATE DOMAIN target.eventpref AS int4', '42710'),
             ('CREATE ACCESS METHOD shortlist TYPE INDEX HANDLER bthandler', '42710')) v (statement, state);

SELECT * FROM finish();
ROLLBACK;
