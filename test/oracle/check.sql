-- How the random and real-data tests report: one TAP line per property, with the number of cases it was checked on.

CREATE SCHEMA IF NOT EXISTS oracle;

-- `cases` is a query of (ok bool, example text). Fails if a case is not true, NULL included, and if there is no case at all.
CREATE FUNCTION oracle.holds(property text, cases text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    wrong   bigint;
    example text;
BEGIN
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE ok IS NOT TRUE), min(example) FILTER (WHERE ok IS NOT TRUE)
                    FROM (%s) c (ok, example)', cases) INTO checked, wrong, example;
    IF checked = 0 THEN
        RETURN NEXT fail(property || ': nothing was checked');
        RETURN;
    END IF;
    RETURN NEXT is(wrong, 0::bigint, format('%s: none of %s is wrong', property, checked));
    IF wrong > 0 THEN
        RETURN NEXT diag('for example: ' || example);
    END IF;
END $$;

-- That the data held a feature often enough for the properties to mean something.
CREATE FUNCTION oracle.exercised(feature text, happened bigint, more_than bigint) RETURNS text
LANGUAGE sql AS $$ SELECT cmp_ok(happened, '>', more_than, format('%s: seen %s times', feature, happened)) $$;
