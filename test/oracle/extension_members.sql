-- What makes the extension what it is, one line for each part: its members with all that defines them, what they need, what needs them, and
-- the rows that it brings.  Two ways to install one version give the same lines.
CREATE SCHEMA installed;

CREATE FUNCTION installed.members() RETURNS SETOF text
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    member_table regclass;
BEGIN
    RETURN QUERY
    WITH member AS (SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
                       AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist'))
    SELECT concat_ws(' ', i.type, i.identity, obj_description(m.objid, (SELECT relname FROM pg_class WHERE oid = m.classid)),
                     CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, p.proacl, p.probin,
                     o.oprcode::regprocedure, o.oprrest::regproc, o.oprjoin::regproc, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcanhash, o.oprcanmerge,
                     c.castfunc::regprocedure, c.castcontext, c.castmethod, t.typlen, t.typalign, t.typstorage, t.typinput, t.typoutput, t.typreceive, t.typsend, t.typcategory,
                     a.amhandler, a.amtype, k.opcdefault, k.opckeytype::regtype,
                     g.aggtransfn, g.aggfinalfn, g.aggcombinefn, g.aggserialfn, g.aggdeserialfn, g.aggtranstype::regtype, p.proparallel, p.provolatile)
    FROM member m CROSS JOIN LATERAL pg_identify_object(m.classid, m.objid, 0) i
    LEFT JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
    LEFT JOIN pg_operator o ON m.classid = 'pg_operator'::regclass AND o.oid = m.objid
    LEFT JOIN pg_cast c ON m.classid = 'pg_cast'::regclass AND c.oid = m.objid
    LEFT JOIN pg_type t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
    LEFT JOIN pg_am a ON m.classid = 'pg_am'::regclass AND a.oid = m.objid
    LEFT JOIN pg_opclass k ON m.classid = 'pg_opclass'::regclass AND k.oid = m.objid
    LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
    UNION ALL
    SELECT 'member of class: ' || pg_describe_object(d.classid, d.objid, 0) || ' needs ' || pg_describe_object(d.refclassid, d.refobjid, 0)
    FROM member m JOIN pg_depend d ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
    UNION ALL
    SELECT pg_describe_object(d.classid, d.objid, 0) || ' needs ' || pg_describe_object(d.refclassid, d.refobjid, 0)
    FROM member m JOIN pg_depend d ON d.classid = m.classid AND d.objid = m.objid AND d.deptype <> 'e'
    UNION ALL
    SELECT concat_ws(' ', 'column', m.objid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid), attacl, col_description(attrelid, attnum))
    FROM member m JOIN pg_attribute ON m.classid = 'pg_class'::regclass AND attrelid = m.objid AND attnum > 0 AND NOT attisdropped LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL
    SELECT concat_ws(' ', 'constraint of', conrelid::regclass, conname, pg_get_constraintdef(n.oid)) FROM member m JOIN pg_constraint n ON m.classid = 'pg_class'::regclass AND conrelid = m.objid
    UNION ALL
    SELECT concat_ws(' ', 'relation', c.oid::regclass, relkind, relacl) FROM member m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
    UNION ALL
    SELECT concat_ws(' ', 'dumped', u.relation::regclass, u.condition) FROM pg_extension, unnest(extconfig, extcondition) u (relation, condition) WHERE extname = 'shortlist';

    FOR member_table IN SELECT c.oid FROM pg_depend JOIN pg_class c ON classid = 'pg_class'::regclass AND c.oid = objid AND relkind = 'r'
        WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist') ORDER BY 1
    LOOP
        RETURN QUERY EXECUTE format('SELECT concat_ws('' '', ''row of'', %L, r) FROM %s r', member_table, member_table);
    END LOOP;
END $$;
