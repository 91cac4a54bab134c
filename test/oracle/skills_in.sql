-- skills_in() by regular expressions: every label at every character, the longest first.  Slow, and nothing of the extension is used.

CREATE SCHEMA IF NOT EXISTS oracle;

-- A label as a regular expression: each character by itself, white space as any white space, apostrophes and hyphens of all forms alike.
CREATE FUNCTION oracle.label_pattern(label text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(replace(regexp_replace(regexp_replace(btrim(label, E' \n\t\r\u00a0'), '([^[:alnum:][:space:]\u00a0_])', '\\\1', 'g'),
                                          E'[[:space:]\u00a0]+', E'[[:space:]\\u00a0]+', 'g'),
                           '\’', E'[''\u2019]'), '\''', E'[''\u2019]')
$$;

-- The labels that stand in `body` at character p, with the length of each.
CREATE FUNCTION oracle.labels_at(body text, p int, vocabulary regclass) RETURNS TABLE (skill text, length int)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    before text := left(body, p - 1);
    rest   text := substr(body, p);
    v      record;
    hit    text;
    after  text;
    short  boolean;
BEGIN
    FOR v IN EXECUTE format($q$
        SELECT skill, label, match_case, label ~ E'^[[:space:]\u00a0]*[[:alpha:]]{1,2}[[:space:]\u00a0]*$' AS short, oracle.label_pattern(label) AS pattern,
               label ~ E'^[[:space:]\u00a0]*[[:alnum:]_]' AS word_first, label ~ E'[[:alnum:]_][[:space:]\u00a0]*$' AS word_last FROM %s $q$, vocabulary)
    LOOP
        hit := substring(rest FROM CASE WHEN coalesce(v.match_case, v.short AND v.label <> lower(v.label)) THEN '^(' ELSE '(?i)^(' END || v.pattern || ')');
        CONTINUE WHEN hit IS NULL;
        after := substr(rest, length(hit) + 1);
        CONTINUE WHEN before ~ '[[:alnum:]_]$' OR (v.word_first AND before ~ '[.@]$') OR (v.short AND before ~ '[[:alnum:]_][-&''’]$')
                   OR (v.word_last AND after ~ '^[[:alnum:]_]') OR after ~ '^#' OR (after ~ '^\+' AND after !~ '^\+[[:alnum:]_]')
                   OR (v.word_last AND after ~ '^[.@][[:alnum:]_]') OR (v.short AND after ~ '^[-&''’][[:alnum:]_]');
        skill := v.skill;
        length := length(hit);
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION oracle.skills_in(body text, vocabulary regclass) RETURNS TABLE (skill text, matched text, start int)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    longest int;
BEGIN
    start := 1;
    WHILE start <= length(body) LOOP
        SELECT max(l.length) INTO longest FROM oracle.labels_at(body, start, vocabulary) l;
        IF longest IS NULL THEN
            start := start + 1;
            CONTINUE;
        END IF;
        matched := substr(body, start, longest);
        RETURN QUERY SELECT DISTINCT l.skill, skills_in.matched, skills_in.start FROM oracle.labels_at(body, skills_in.start, vocabulary) l WHERE l.length = longest;
        start := start + longest;
    END LOOP;
END $$;
