-- The one program that compares an index with the sequential scan.  Tests of every kind include it: pgTAP, crashes, standbys, sessions
-- side by side.  It writes nothing, so that it runs on a standby too.
--
--     SELECT oracle.difference(question)      what is wrong with the index's answer to one question; NULL if nothing is
--     SELECT oracle.holds(...)                is in check.sql; random questions are in random_tables.sql
--
-- What is compared: all costs in order, bit for bit; that no row comes twice, by id and by ctid; that each row that comes is one that the
-- sequential scan has, at the same cost.  Together these mean that the ids above the k-th cost are the same, and that ties are true ties.
-- While others write, ask in a transaction that is REPEATABLE READ: both answers must be of one snapshot.

CREATE SCHEMA IF NOT EXISTS oracle;

-- SELECT ... FROM relation WHERE filter ORDER BY value operator argument [, value second_operator second_argument]
-- The relation has the columns id, value and k; an argument is an SQL expression with its type.
CREATE TYPE oracle.question AS (relation regclass, operator text, argument text, filter text, second_operator text, second_argument text);

CREATE TYPE oracle.answer AS (ids bigint[], places tid[], costs float8[], seconds float8[]);

-- By 'index', by 'bitmap' or by 'rows'; 'any' as the planner likes.  Until the end of the transaction.
CREATE FUNCTION oracle.plan_by(way text) RETURNS void
LANGUAGE sql VOLATILE AS $$
    SELECT set_config('enable_seqscan', (way IN ('rows', 'any'))::text, true), set_config('enable_sort', (way <> 'index')::text, true),
           set_config('enable_indexscan', (way IN ('index', 'any'))::text, true), set_config('enable_indexonlyscan', (way IN ('index', 'any'))::text, true),
           set_config('enable_bitmapscan', (way IN ('bitmap', 'any'))::text, true)
$$;

CREATE FUNCTION oracle.plan_of(query text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    line   text;
    result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        result := result || line || E'\n';
    END LOOP;
    RETURN result;
END $$;

CREATE FUNCTION oracle.filter_of(q oracle.question) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN q.filter IS NULL THEN '' ELSE ' WHERE ' || q.filter END $$;

-- The question as a query of (id, place, cost, second), all rows of it.
CREATE FUNCTION oracle.query_of(q oracle.question) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT format('SELECT id::bigint, ctid AS place, value %1$s %2$s AS cost, %3$s AS second FROM %4$s%5$s ORDER BY value %1$s %2$s%6$s', q.operator, q.argument,
                  coalesce(second, 'NULL::float8'), q.relation, oracle.filter_of(q), ', ' || second)
    FROM (SELECT format('value %s %s', q.second_operator, q.second_argument) WHERE q.second_operator IS NOT NULL
          UNION ALL SELECT NULL WHERE q.second_operator IS NULL) s (second)
$$;

CREATE FUNCTION oracle.answer_of(query text) RETURNS oracle.answer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result oracle.answer;
BEGIN
    EXECUTE format('SELECT coalesce(array_agg(id), ''{}''), array_agg(place), coalesce(array_agg(cost), ''{}''), coalesce(array_agg(second), ''{}'') FROM (%s) q', query)
        INTO result;
    RETURN result;
END $$;

-- The same, one row after another, through a cursor.  What is to happen meanwhile is executed after row 1, 10 and 200.
CREATE FUNCTION oracle.answer_of_cursor(query text, meanwhile text) RETURNS oracle.answer
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    opened  refcursor;
    row     record;
    ids     bigint[] := '{}';
    places  tid[] := '{}';
    costs   float8[] := '{}';
    seconds float8[] := '{}';
BEGIN
    OPEN opened NO SCROLL FOR EXECUTE query;
    LOOP
        FETCH opened INTO row;
        EXIT WHEN NOT FOUND;
        ids := ids || row.id;
        places := places || row.place;
        costs := costs || row.cost;
        seconds := seconds || row.second;
        IF meanwhile IS NOT NULL AND cardinality(ids) IN (1, 10, 200) THEN
            EXECUTE meanwhile;
        END IF;
    END LOOP;
    CLOSE opened;
    RETURN (ids, places, costs, seconds);
END $$;

-- What is wrong with an answer.  `wanted` has the costs that it should have, in order; `possible` all rows that it may be made of.
CREATE FUNCTION oracle.problem_of(found oracle.answer, wanted oracle.answer, possible oracle.answer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET enable_nestloop = off SET enable_sort = on AS $$      -- the planner takes arrays for short ones
DECLARE
    example text;
BEGIN
    IF cardinality(found.ids) <> cardinality(wanted.ids) THEN
        RETURN format('%s rows, not %s', cardinality(found.ids), cardinality(wanted.ids));
    ELSIF found.costs::text <> wanted.costs::text OR found.seconds::text <> wanted.seconds::text THEN   -- as text, so that -0 is not 0
        SELECT format('cost %s, not %s, at place %s', f, w, n) INTO example
        FROM unnest(found.costs, wanted.costs) WITH ORDINALITY u (f, w, n) WHERE f::text IS DISTINCT FROM w::text LIMIT 1;
        RETURN coalesce(example, 'other costs by the second operator');
    -- PostgreSQL 18 forgets the place of a row that it put in order itself, which it does where there is a second operator.
    ELSIF (SELECT count(DISTINCT id) < count(*) OR count(DISTINCT place) < count(place)
           FROM (SELECT id, nullif(place, '(4294967295,0)') FROM unnest(found.ids, found.places) u (id, place)) r (id, place)) THEN
        RETURN 'a row came twice';
    END IF;
    SELECT format('row %s at cost %s, which it should not have', id, f.cost) INTO example
    FROM unnest(found.ids, found.costs) WITH ORDINALITY f (id, cost, n) LEFT JOIN unnest(possible.ids, possible.costs) p (id, cost) USING (id)
    WHERE p.id IS NULL OR f.cost IS DISTINCT FROM p.cost ORDER BY n LIMIT 1;
    RETURN example;
END $$;

CREATE FUNCTION oracle.first_of(a oracle.answer, k int) RETURNS oracle.answer
LANGUAGE sql IMMUTABLE AS $$ SELECT (a.ids[:k], a.places[:k], a.costs[:k], a.seconds[:k])::oracle.answer $$;

-- What is wrong with the index's answers when the best k are asked for, for each k; NULL is all of them.
CREATE FUNCTION oracle.difference(q oracle.question, limits int[] DEFAULT '{1,10,100,NULL}') RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    query   text := oracle.query_of(q);
    limited text;
    truth   oracle.answer;
    k       int;
    problem text;
BEGIN
    PERFORM oracle.plan_by('rows');
    IF oracle.plan_of(query) ~ 'Index' THEN
        RETURN 'nothing to compare with, it is always the index: ' || query;
    END IF;
    truth := oracle.answer_of(query);
    PERFORM oracle.plan_by('index');
    FOREACH k IN ARRAY limits LOOP
        limited := query || coalesce(' LIMIT ' || k, '');
        IF oracle.plan_of(limited) !~ 'Index Scan using .*\n(.*\n)* *Order By: ' THEN
            RETURN 'the index is not used: ' || limited;
        END IF;
        BEGIN
            problem := oracle.problem_of(oracle.answer_of(limited), oracle.first_of(truth, k), truth);
        EXCEPTION WHEN OTHERS THEN
            problem := format('error %s, %s', SQLSTATE, SQLERRM);
        END;
        EXIT WHEN problem IS NOT NULL;
    END LOOP;
    PERFORM oracle.plan_by('any');
    RETURN problem || ': ' || limited;
END $$;

CREATE FUNCTION oracle.cursor_difference(q oracle.question, meanwhile text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    query   text := oracle.query_of(q);
    truth   oracle.answer;
    problem text;
BEGIN
    PERFORM oracle.plan_by('rows');
    truth := oracle.answer_of(query);
    PERFORM oracle.plan_by('index');
    problem := oracle.problem_of(oracle.answer_of_cursor(query, meanwhile), truth, truth);
    PERFORM oracle.plan_by('any');
    RETURN problem || ', by cursor: ' || query;
END $$;

-- The filter alone, by a bitmap of the index.
CREATE FUNCTION oracle.bitmap_difference(q oracle.question) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    query   text := format('SELECT coalesce(array_agg(id::bigint ORDER BY id), ''{}'') FROM %s%s', q.relation, oracle.filter_of(q));
    truth   bigint[];
    found   bigint[];
    problem text;
BEGIN
    PERFORM oracle.plan_by('rows');
    EXECUTE query INTO truth;
    PERFORM oracle.plan_by('bitmap');
    IF oracle.plan_of(query) !~ 'Bitmap Index Scan' THEN
        problem := 'no bitmap scan';
    ELSE
        EXECUTE query INTO found;
        IF found <> truth THEN
            problem := format('%s rows, not %s, or others', cardinality(found), cardinality(truth));
        END IF;
    END IF;
    PERFORM oracle.plan_by('any');
    RETURN problem || ', by bitmap: ' || query;
END $$;

-- The questions' arguments one after another, as the inner side of a join; each question must be of one relation, operator and filter.
CREATE FUNCTION oracle.lateral_difference(relation regclass, operator text, arguments text[], filter text, k int) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    query    text := format('SELECT a.no * 1000000000000 + id AS id, NULL::tid AS place, cost, NULL::float8 AS second
                             FROM (VALUES %1$s) a (no, argument),
                                  LATERAL (SELECT id::bigint, value %2$s a.argument AS cost FROM %3$s%4$s ORDER BY value %2$s a.argument LIMIT :k) s',
                            (SELECT string_agg(format('(%s, %s)', o, argument), ', ' ORDER BY o) FROM unnest(arguments) WITH ORDINALITY u (argument, o)),
                            operator, relation, coalesce(' WHERE ' || filter, ''));
    wanted   oracle.answer;
    possible oracle.answer;
    problem  text;
BEGIN
    PERFORM oracle.plan_by('rows');
    possible := oracle.answer_of(replace(query, ':k', 'ALL'));
    wanted := oracle.answer_of(replace(query, ':k', k::text));
    PERFORM oracle.plan_by('index');
    IF oracle.plan_of(replace(query, ':k', k::text)) !~ 'Nested Loop(.*\n)*.*Index Scan using' THEN
        problem := 'the index is not rescanned';
    ELSE
        problem := oracle.problem_of(oracle.answer_of(replace(query, ':k', k::text)), wanted, possible);
    END IF;
    PERFORM oracle.plan_by('any');
    RETURN problem || ', by rescans: ' || replace(query, ':k', k::text);
END $$;
