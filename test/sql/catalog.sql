-- What the extension puts into the catalogs, held against the habits of PostgreSQL.
CREATE TEMP VIEW ours AS
SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass
   AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist') AND deptype = 'e';
CREATE TEMP VIEW our_functions AS SELECT p.* FROM pg_proc p JOIN ours ON classid = 'pg_proc'::regclass AND objid = p.oid;

-- Every object has a comment (the types of arrays and of a table's rows, which are members since version 17, have none).
SELECT pg_describe_object(classid, objid, 0) AS without_comment FROM ours
WHERE obj_description(objid, (SELECT relname FROM pg_class WHERE oid = classid)) IS NULL
  AND NOT (classid = 'pg_type'::regclass AND (EXISTS (SELECT FROM pg_type t WHERE t.typarray = objid) OR EXISTS (SELECT FROM pg_class r WHERE r.reltype = objid AND r.relkind = 'r')));
-- So has every column of our tables and composite types.
SELECT attrelid::regclass AS of, attname AS without_comment FROM pg_attribute a
WHERE attnum > 0 AND NOT attisdropped AND col_description(attrelid, attnum) IS NULL
  AND attrelid IN (SELECT objid FROM ours WHERE classid = 'pg_class'::regclass UNION SELECT typrelid FROM pg_type t JOIN ours ON classid = 'pg_type'::regclass AND objid = t.oid WHERE typrelid <> 0)
  AND (SELECT relkind FROM pg_class WHERE oid = attrelid) IN ('r', 'c');
-- Functions: parallel safe, never volatile, no security definer, not leakproof; but those that tell of the session's last scan, that
-- merge or check an index, that read a table of the caller's, which may be a temporary one, or run a query of the caller's, of which
-- nothing is known, or that register a vocabulary.
SELECT oid::regprocedure AS suspicious FROM our_functions
WHERE ((proparallel <> 's' OR provolatile = 'v') AND proname NOT IN (
    'event_duplicates',
    'event_groups',
    'event_last_scan',
    'job_postings_from_jsonld',
    'jobspec_expand',
    'jobspec_from_jsonld',
    'learning_plan',
    'shortlist_check',
    'shortlist_last_scan',
    'shortlist_merge',
    'skill_vocabulary',
    'skill_vocabulary_changed',
    'skills_in'
)) OR prosecdef OR proleakproof OR prolang NOT IN (
    SELECT oid FROM pg_language WHERE lanname = CASE prokind WHEN 'a' THEN 'internal' ELSE 'c' END OR (lanname = 'sql' AND prosqlbody IS NOT NULL));
SELECT oid::regprocedure AS restricted FROM our_functions WHERE proparallel = 'r' ORDER BY oid::regprocedure::text COLLATE "C";
-- What reads all of a table is the administrator's to call.
SELECT oid::regprocedure AS not_for_all FROM our_functions WHERE NOT has_function_privilege('public', oid, 'EXECUTE') ORDER BY 1::text;
SELECT oid::regprocedure AS not_immutable FROM our_functions WHERE provolatile <> 'i' ORDER BY 1::text;
SELECT oid::regprocedure AS not_strict FROM our_functions WHERE NOT proisstrict AND prokind = 'f' AND NOT 'internal'::regtype = ANY (proargtypes) ORDER BY oid::regprocedure::text;
-- Scores cost more than an addition, so that large scans go parallel.
SELECT count(*) AS scores, min(procost), max(procost) FROM our_functions WHERE proname ~ '^((skill|job)_(readiness|use|fit|cost|fit_cost|qualifies)|(event|pref)_(score|cost|acceptable|accepts))$';
-- Commutators and negators point back at each other.
SELECT o.oid::regoperator AS broken FROM pg_operator o JOIN ours ON classid = 'pg_operator'::regclass AND objid = o.oid
LEFT JOIN pg_operator c ON c.oid = o.oprcom LEFT JOIN pg_operator n ON n.oid = o.oprnegate
WHERE (o.oprcom <> 0 AND c.oprcom <> o.oid) OR (o.oprnegate <> 0 AND n.oprnegate <> o.oid)
   OR (o.oprname IN ('<=>', '<->', '@@', '@>', '<@', '=', '<>', '<', '<=', '>', '>=') AND o.oprcom = 0);
-- Every class is valid, whatever its method.
SELECT opcname, amname, amvalidate(c.oid) AS valid FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod JOIN ours ON classid = 'pg_opclass'::regclass AND objid = c.oid ORDER BY 1, 2;
SELECT pg_describe_object(classid, objid, 0) AS invalid FROM pg_opclass c JOIN ours ON classid = 'pg_opclass'::regclass AND objid = c.oid WHERE amvalidate(c.oid) IS NOT TRUE;
SELECT typname, typlen, typalign, typstorage FROM pg_type t JOIN ours ON classid = 'pg_type'::regclass AND objid = t.oid WHERE typcategory <> 'A' AND NOT EXISTS (SELECT FROM pg_class r WHERE r.reltype = t.oid AND r.relkind = 'r') ORDER BY 1;
-- Every operator has a function of its own name to call instead, which is planned as the operator (but for comparisons, which nobody calls
-- by name); and every one that is true or false has estimates.
SELECT o.oid::regoperator AS operator, oprcode AS function, prosupport AS support, oprrest AS restriction, oprjoin AS "join"
FROM pg_operator o JOIN ours ON classid = 'pg_operator'::regclass AND objid = o.oid JOIN pg_proc p ON p.oid = oprcode
ORDER BY oprcode::text COLLATE "C", oprname COLLATE "C", oprleft::regtype::text COLLATE "C";
-- Arguments of aggregates have names.
SELECT oid::regprocedure AS unnamed FROM our_functions WHERE prokind = 'a' AND (proargnames IS NULL OR '' = ANY (proargnames)) ORDER BY oid::regprocedure::text COLLATE "C";

-- A large scan goes parallel by itself.
CREATE TABLE catalog_people AS SELECT g AS id, skillset(ARRAY['s' || g % 100, 't' || g % 7], ARRAY[g % 5 + 1, 2]) AS skills FROM generate_series(1, 200000) g;
ANALYZE catalog_people;
EXPLAIN (COSTS OFF) SELECT id FROM catalog_people ORDER BY skills <=> 's1:3, t2:2*2' LIMIT 10;
DROP TABLE catalog_people;
