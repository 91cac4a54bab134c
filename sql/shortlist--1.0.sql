-- shortlist 1.0: install script.  Types, then functions, operators, classes, casts, aggregates.

\echo Use "CREATE EXTENSION shortlist" to load this file. \quit

CREATE TYPE skillset;

CREATE FUNCTION skillset_in(cstring) RETURNS skillset
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION skillset_out(skillset) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION skillset_recv(internal) RETURNS skillset
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION skillset_send(skillset) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE skillset (
    INPUT = skillset_in,
    OUTPUT = skillset_out,
    RECEIVE = skillset_recv,
    SEND = skillset_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE skillset IS 'what a person has, or what a project or course teaches: skills with levels, optionally when last practised and how stable';
COMMENT ON FUNCTION skillset_in(cstring) IS 'I/O';
COMMENT ON FUNCTION skillset_out(skillset) IS 'I/O';
COMMENT ON FUNCTION skillset_recv(internal) IS 'I/O';
COMMENT ON FUNCTION skillset_send(skillset) IS 'I/O';

CREATE TYPE jobspec;

CREATE FUNCTION jobspec_in(cstring) RETURNS jobspec
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION jobspec_out(jobspec) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION jobspec_recv(internal) RETURNS jobspec
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION jobspec_send(jobspec) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE jobspec (
    INPUT = jobspec_in,
    OUTPUT = jobspec_out,
    RECEIVE = jobspec_recv,
    SEND = jobspec_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE jobspec IS 'what a role asks: skills with a needed level, a weight, alternatives with partial credit, perhaps a must';
COMMENT ON FUNCTION jobspec_in(cstring) IS 'I/O';
COMMENT ON FUNCTION jobspec_out(jobspec) IS 'I/O';
COMMENT ON FUNCTION jobspec_recv(internal) IS 'I/O';
COMMENT ON FUNCTION jobspec_send(jobspec) IS 'I/O';

CREATE TYPE eventfacts;

CREATE FUNCTION eventfacts_in(cstring) RETURNS eventfacts
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventfacts_out(eventfacts) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventfacts_recv(internal) RETURNS eventfacts
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventfacts_send(eventfacts) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE eventfacts (
    INPUT = eventfacts_in,
    OUTPUT = eventfacts_out,
    RECEIVE = eventfacts_recv,
    SEND = eventfacts_send,
    INTERNALLENGTH = 72,
    ALIGNMENT = double,
    STORAGE = plain
);
COMMENT ON TYPE eventfacts IS 'what ranking knows of an event: location, price, attendees, start; each may be unknown';
COMMENT ON FUNCTION eventfacts_in(cstring) IS 'I/O';
COMMENT ON FUNCTION eventfacts_out(eventfacts) IS 'I/O';
COMMENT ON FUNCTION eventfacts_recv(internal) IS 'I/O';
COMMENT ON FUNCTION eventfacts_send(eventfacts) IS 'I/O';

CREATE TYPE eventpref;

CREATE FUNCTION eventpref_in(cstring) RETURNS eventpref
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventpref_out(eventpref) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventpref_recv(internal) RETURNS eventpref
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventpref_send(eventpref) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE TYPE eventpref (
    INPUT = eventpref_in,
    OUTPUT = eventpref_out,
    RECEIVE = eventpref_recv,
    SEND = eventpref_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = plain
);
COMMENT ON TYPE eventpref IS 'what one person wants of an event: per criterion a weight, a curve and what unknown counts; hard limits';
COMMENT ON FUNCTION eventpref_in(cstring) IS 'I/O';
COMMENT ON FUNCTION eventpref_out(eventpref) IS 'I/O';
COMMENT ON FUNCTION eventpref_recv(internal) IS 'I/O';
COMMENT ON FUNCTION eventpref_send(eventpref) IS 'I/O';


-- JSON

CREATE FUNCTION skillset(jsonb) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset(jsonb) IS 'skillset from its JSON form';
CREATE FUNCTION skillset_to_jsonb(skillset) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'skillset_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_to_jsonb(skillset) IS 'JSON form of skillset';
CREATE FUNCTION skillset_to_json(skillset) RETURNS json
    AS 'MODULE_PATHNAME', 'skillset_to_json_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_to_json(skillset) IS 'JSON form of skillset, so that row_to_json() and to_jsonb() nest it';
CREATE CAST (jsonb AS skillset) WITH FUNCTION skillset(jsonb);
CREATE CAST (skillset AS jsonb) WITH FUNCTION skillset_to_jsonb(skillset);
CREATE CAST (skillset AS json) WITH FUNCTION skillset_to_json(skillset);
COMMENT ON CAST (jsonb AS skillset) IS 'from JSON';
COMMENT ON CAST (skillset AS jsonb) IS 'to JSON';
COMMENT ON CAST (skillset AS json) IS 'to JSON';

CREATE FUNCTION jobspec(jsonb) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec(jsonb) IS 'jobspec from its JSON form';
CREATE FUNCTION jobspec_to_jsonb(jobspec) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'jobspec_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_to_jsonb(jobspec) IS 'JSON form of jobspec';
CREATE FUNCTION jobspec_to_json(jobspec) RETURNS json
    AS 'MODULE_PATHNAME', 'jobspec_to_json_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_to_json(jobspec) IS 'JSON form of jobspec, so that row_to_json() and to_jsonb() nest it';
CREATE CAST (jsonb AS jobspec) WITH FUNCTION jobspec(jsonb);
CREATE CAST (jobspec AS jsonb) WITH FUNCTION jobspec_to_jsonb(jobspec);
CREATE CAST (jobspec AS json) WITH FUNCTION jobspec_to_json(jobspec);
COMMENT ON CAST (jsonb AS jobspec) IS 'from JSON';
COMMENT ON CAST (jobspec AS jsonb) IS 'to JSON';
COMMENT ON CAST (jobspec AS json) IS 'to JSON';

CREATE FUNCTION eventfacts(jsonb) RETURNS eventfacts
    AS 'MODULE_PATHNAME', 'eventfacts_from_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts(jsonb) IS 'eventfacts from its JSON form';
CREATE FUNCTION eventfacts_to_jsonb(eventfacts) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'eventfacts_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_to_jsonb(eventfacts) IS 'JSON form of eventfacts';
CREATE FUNCTION eventfacts_to_json(eventfacts) RETURNS json
    AS 'MODULE_PATHNAME', 'eventfacts_to_json_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_to_json(eventfacts) IS 'JSON form of eventfacts, so that row_to_json() and to_jsonb() nest it';
CREATE CAST (jsonb AS eventfacts) WITH FUNCTION eventfacts(jsonb);
CREATE CAST (eventfacts AS jsonb) WITH FUNCTION eventfacts_to_jsonb(eventfacts);
CREATE CAST (eventfacts AS json) WITH FUNCTION eventfacts_to_json(eventfacts);
COMMENT ON CAST (jsonb AS eventfacts) IS 'from JSON';
COMMENT ON CAST (eventfacts AS jsonb) IS 'to JSON';
COMMENT ON CAST (eventfacts AS json) IS 'to JSON';

CREATE FUNCTION eventpref(jsonb) RETURNS eventpref
    AS 'MODULE_PATHNAME', 'eventpref_from_jsonb' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref(jsonb) IS 'eventpref from its JSON form';
CREATE FUNCTION eventpref_to_jsonb(eventpref) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'eventpref_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_to_jsonb(eventpref) IS 'JSON form of eventpref';
CREATE FUNCTION eventpref_to_json(eventpref) RETURNS json
    AS 'MODULE_PATHNAME', 'eventpref_to_json_text' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_to_json(eventpref) IS 'JSON form of eventpref, so that row_to_json() and to_jsonb() nest it';
CREATE CAST (jsonb AS eventpref) WITH FUNCTION eventpref(jsonb);
CREATE CAST (eventpref AS jsonb) WITH FUNCTION eventpref_to_jsonb(eventpref);
CREATE CAST (eventpref AS json) WITH FUNCTION eventpref_to_json(eventpref);
COMMENT ON CAST (jsonb AS eventpref) IS 'from JSON';
COMMENT ON CAST (eventpref AS jsonb) IS 'to JSON';
COMMENT ON CAST (eventpref AS json) IS 'to JSON';


-- What the planner asks of functions that operators have

CREATE FUNCTION shortlist_operator_support(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_operator_support(internal) IS 'planner support: a call of a function that an operator has is the operator, which indexes serve';


-- skillset: making it

CREATE FUNCTION skillset(skills text[]) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_from_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset(skills text[]) IS 'skills at level 1; errors: a name twice (22023), of no or more than 255 bytes (22023, 54000)';
CREATE FUNCTION skillset(skills text[], levels float8[]) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_from_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset(skills text[], levels float8[]) IS 'skills with levels > 0 in any one unit; errors: level out of range (22003), arrays of different length (2202E), NULL element (22004)';
CREATE FUNCTION skillset(skills text[], levels float8[], last timestamptz[], stability float8[]) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_from_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset(skills text[], levels float8[], last timestamptz[], stability float8[]) IS 'skills with levels, when last practised, and stability in days > 0; elements of last and stability may be NULL: not known';

-- skillset: looking into it

CREATE FUNCTION skill_name(text) RETURNS text
    AS 'MODULE_PATHNAME', 'skill_name' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_name(text) IS 'the name as skillset and jobspec store it: case and white space folded; errors: empty (22023), longer than 255 bytes (54000)';
CREATE FUNCTION skill_level(skillset, text) RETURNS real
    AS 'MODULE_PATHNAME', 'skill_level' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skill_level(skillset, text) IS 'level of a skill, NULL if it is not there; as stored, not faded';
CREATE FUNCTION has_skill(skillset, text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_skill' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION has_skill(skillset, text) IS 'is the skill there?';
CREATE FUNCTION has_any_skill(skillset, text[]) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_any_skill' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION has_any_skill(skillset, text[]) IS 'is any of the skills there? NULL elements are ignored';
CREATE FUNCTION has_all_skills(skillset, text[]) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_all_skills' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION has_all_skills(skillset, text[]) IS 'are all of the skills there? NULL elements are ignored';
CREATE FUNCTION skill_count(skillset) RETURNS integer
    AS 'MODULE_PATHNAME', 'skill_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_count(skillset) IS 'number of skills';
CREATE FUNCTION skills_each(skillset, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'skills_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION skills_each(skillset, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real) IS 'a row per skill in byte order of names; last and stability (days) are NULL where not known';
CREATE FUNCTION skillset_contains(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_contains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skillset_contains(skillset, skillset) IS 'is every skill of the second in the first, at least at that level?';
CREATE FUNCTION skillset_contained(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_contained' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skillset_contained(skillset, skillset) IS 'is every skill of the first in the second, at least at that level?';
CREATE FUNCTION skillset_merge(skillset, skillset) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skillset_merge(skillset, skillset) IS 'skills of both; of one that both have, the entry with the higher level';
CREATE FUNCTION skillset_without(skillset, text) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_without' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skillset_without(skillset, text) IS 'the skillset less one skill';
CREATE OPERATOR -> (
    LEFTARG = skillset,
    RIGHTARG = text,
    FUNCTION = skill_level
);
COMMENT ON OPERATOR -> (skillset, text) IS 'level of a skill, or NULL';
CREATE OPERATOR ? (
    LEFTARG = skillset,
    RIGHTARG = text,
    FUNCTION = has_skill,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR ? (skillset, text) IS 'is the skill there?';
CREATE OPERATOR ?| (
    LEFTARG = skillset,
    RIGHTARG = text[],
    FUNCTION = has_any_skill,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR ?| (skillset, text[]) IS 'is any of the skills there?';
CREATE OPERATOR ?& (
    LEFTARG = skillset,
    RIGHTARG = text[],
    FUNCTION = has_all_skills,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR ?& (skillset, text[]) IS 'are all of the skills there?';
CREATE OPERATOR @> (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_contains,
    COMMUTATOR = <@,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @> (skillset, skillset) IS 'has every skill of the right, at least at that level';
CREATE OPERATOR <@ (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_contained,
    COMMUTATOR = @>,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR <@ (skillset, skillset) IS 'is contained in the right';
CREATE OPERATOR || (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_merge
);
COMMENT ON OPERATOR || (skillset, skillset) IS 'merge; the higher level wins';
CREATE OPERATOR - (
    LEFTARG = skillset,
    RIGHTARG = text,
    FUNCTION = skillset_without
);
COMMENT ON OPERATOR - (skillset, text) IS 'without a skill';

-- skillset: comparing, sorting, grouping

CREATE FUNCTION skillset_eq(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_eq(skillset, skillset) IS 'equal';
CREATE FUNCTION skillset_ne(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_ne(skillset, skillset) IS 'not equal';
CREATE FUNCTION skillset_lt(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_lt(skillset, skillset) IS 'before, by number of skills and then by stored bytes';
CREATE FUNCTION skillset_le(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_le(skillset, skillset) IS 'before or equal';
CREATE FUNCTION skillset_gt(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_gt(skillset, skillset) IS 'after';
CREATE FUNCTION skillset_ge(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_ge(skillset, skillset) IS 'after or equal';
CREATE FUNCTION skillset_cmp(skillset, skillset) RETURNS integer
    AS 'MODULE_PATHNAME', 'skillset_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_cmp(skillset, skillset) IS 'btree order: by number of skills and then by stored bytes';
CREATE FUNCTION skillset_hash(skillset) RETURNS integer
    AS 'MODULE_PATHNAME', 'skillset_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_hash(skillset) IS 'hash';
CREATE FUNCTION skillset_hash_extended(skillset, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'skillset_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_hash_extended(skillset, bigint) IS 'hash with a seed';
CREATE OPERATOR = (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_eq,
    COMMUTATOR = =,
    NEGATOR = <>,
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES,
    MERGES
);
COMMENT ON OPERATOR = (skillset, skillset) IS 'equal';
CREATE OPERATOR <> (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_ne,
    COMMUTATOR = <>,
    NEGATOR = =,
    RESTRICT = neqsel,
    JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (skillset, skillset) IS 'not equal';
CREATE OPERATOR < (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_lt,
    COMMUTATOR = >,
    NEGATOR = >=,
    RESTRICT = scalarltsel,
    JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (skillset, skillset) IS 'sorts before';
CREATE OPERATOR <= (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_le,
    COMMUTATOR = >=,
    NEGATOR = >,
    RESTRICT = scalarlesel,
    JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (skillset, skillset) IS 'sorts before or equal';
CREATE OPERATOR > (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_gt,
    COMMUTATOR = <,
    NEGATOR = <=,
    RESTRICT = scalargtsel,
    JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (skillset, skillset) IS 'sorts after';
CREATE OPERATOR >= (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_ge,
    COMMUTATOR = <=,
    NEGATOR = <,
    RESTRICT = scalargesel,
    JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (skillset, skillset) IS 'sorts after or equal';

CREATE OPERATOR CLASS skillset_ops DEFAULT FOR TYPE skillset USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 skillset_cmp(skillset, skillset);
COMMENT ON OPERATOR CLASS skillset_ops USING btree IS 'sorting, grouping and statistics of skillset';
COMMENT ON OPERATOR FAMILY skillset_ops USING btree IS 'sorting, grouping and statistics of skillset';

CREATE OPERATOR CLASS skillset_ops DEFAULT FOR TYPE skillset USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 skillset_hash(skillset),
    FUNCTION 2 skillset_hash_extended(skillset, bigint);
COMMENT ON OPERATOR CLASS skillset_ops USING hash IS 'equality of skillset';
COMMENT ON OPERATOR FAMILY skillset_ops USING hash IS 'equality of skillset';

-- jobspec: making and changing it

CREATE FUNCTION jobspec(skills text[], needs float8[], weights float8[] DEFAULT NULL, musts boolean[] DEFAULT NULL) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_from_arrays' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec(skills text[], needs float8[], weights float8[], musts boolean[]) IS 'an item per skill with its need > 0, weight >= 0 (default 1) and must (default false)';
CREATE FUNCTION jobspec_each(jobspec, OUT skill text, OUT need real, OUT from_level real, OUT weight real, OUT must boolean, OUT alternatives text[], OUT credits real[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'jobspec_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION jobspec_each(jobspec, OUT skill text, OUT need real, OUT from_level real, OUT weight real, OUT must boolean, OUT alternatives text[], OUT credits real[]) IS 'a row per item in byte order of names, with the alternatives to it and their credits';
CREATE FUNCTION at_least(jobspec, float8) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_at_least' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION at_least(jobspec, float8) IS 'the same job, for @@ with a least readiness from 0 (none) to 1; error 22003';
CREATE FUNCTION as_of(jobspec, timestamptz) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_as_of' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION as_of(jobspec, timestamptz) IS 'the same job with a clock: levels that know when they were last practised, and their stability, fade to that time by the FSRS-6 forgetting curve';
CREATE FUNCTION skill_gap(jobspec, skillset) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'skill_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skill_gap(jobspec, skillset) IS 'what is left to learn: readiness(have || teaches) - readiness(have) = readiness(teaches, gap) * (1 - readiness(have))';
CREATE OPERATOR - (
    LEFTARG = jobspec,
    RIGHTARG = skillset,
    FUNCTION = skill_gap
);
COMMENT ON OPERATOR - (jobspec, skillset) IS 'the gap: what is left to learn';

-- jobspec: comparing, sorting, grouping

CREATE FUNCTION jobspec_eq(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_eq(jobspec, jobspec) IS 'equal';
CREATE FUNCTION jobspec_ne(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_ne(jobspec, jobspec) IS 'not equal';
CREATE FUNCTION jobspec_lt(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_lt(jobspec, jobspec) IS 'before, by number of items and then by stored bytes';
CREATE FUNCTION jobspec_le(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_le(jobspec, jobspec) IS 'before or equal';
CREATE FUNCTION jobspec_gt(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_gt(jobspec, jobspec) IS 'after';
CREATE FUNCTION jobspec_ge(jobspec, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'jobspec_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_ge(jobspec, jobspec) IS 'after or equal';
CREATE FUNCTION jobspec_cmp(jobspec, jobspec) RETURNS integer
    AS 'MODULE_PATHNAME', 'jobspec_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_cmp(jobspec, jobspec) IS 'btree order: by number of items and then by stored bytes';
CREATE FUNCTION jobspec_hash(jobspec) RETURNS integer
    AS 'MODULE_PATHNAME', 'jobspec_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_hash(jobspec) IS 'hash';
CREATE FUNCTION jobspec_hash_extended(jobspec, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'jobspec_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_hash_extended(jobspec, bigint) IS 'hash with a seed';
CREATE OPERATOR = (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_eq,
    COMMUTATOR = =,
    NEGATOR = <>,
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES,
    MERGES
);
COMMENT ON OPERATOR = (jobspec, jobspec) IS 'equal';
CREATE OPERATOR <> (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_ne,
    COMMUTATOR = <>,
    NEGATOR = =,
    RESTRICT = neqsel,
    JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (jobspec, jobspec) IS 'not equal';
CREATE OPERATOR < (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_lt,
    COMMUTATOR = >,
    NEGATOR = >=,
    RESTRICT = scalarltsel,
    JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (jobspec, jobspec) IS 'sorts before';
CREATE OPERATOR <= (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_le,
    COMMUTATOR = >=,
    NEGATOR = >,
    RESTRICT = scalarlesel,
    JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (jobspec, jobspec) IS 'sorts before or equal';
CREATE OPERATOR > (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_gt,
    COMMUTATOR = <,
    NEGATOR = <=,
    RESTRICT = scalargtsel,
    JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (jobspec, jobspec) IS 'sorts after';
CREATE OPERATOR >= (
    LEFTARG = jobspec,
    RIGHTARG = jobspec,
    FUNCTION = jobspec_ge,
    COMMUTATOR = <=,
    NEGATOR = <,
    RESTRICT = scalargesel,
    JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (jobspec, jobspec) IS 'sorts after or equal';

CREATE OPERATOR CLASS jobspec_ops DEFAULT FOR TYPE jobspec USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 jobspec_cmp(jobspec, jobspec);
COMMENT ON OPERATOR CLASS jobspec_ops USING btree IS 'sorting, grouping and statistics of jobspec';
COMMENT ON OPERATOR FAMILY jobspec_ops USING btree IS 'sorting, grouping and statistics of jobspec';

CREATE OPERATOR CLASS jobspec_ops DEFAULT FOR TYPE jobspec USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 jobspec_hash(jobspec),
    FUNCTION 2 jobspec_hash_extended(jobspec, bigint);
COMMENT ON OPERATOR CLASS jobspec_ops USING hash IS 'equality of jobspec';
COMMENT ON OPERATOR FAMILY jobspec_ops USING hash IS 'equality of jobspec';

-- skills and jobs: scores

CREATE FUNCTION skill_readiness(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'skill_readiness' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION skill_readiness(skillset, jobspec) IS 'how much of what the job asks is there, in [0,1]';
CREATE FUNCTION skill_use(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'skill_use' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION skill_use(skillset, jobspec) IS 'how much of what is there the job asks, strong skills counting more, in [0,1]';
CREATE FUNCTION skill_fit(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'sql_skill_fit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION skill_fit(skillset, jobspec) IS 'mean of readiness and use, in [0,1]';
CREATE FUNCTION skill_cost(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'skill_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skill_cost(skillset, jobspec) IS '1 - readiness';
CREATE FUNCTION job_cost(jobspec, skillset) RETURNS float8
    AS 'MODULE_PATHNAME', 'job_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION job_cost(jobspec, skillset) IS '1 - readiness';
CREATE FUNCTION skill_fit_cost(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'skill_fit_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skill_fit_cost(skillset, jobspec) IS '1 - fit';
CREATE FUNCTION job_fit_cost(jobspec, skillset) RETURNS float8
    AS 'MODULE_PATHNAME', 'job_fit_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION job_fit_cost(jobspec, skillset) IS '1 - fit';
CREATE FUNCTION skill_qualifies(skillset, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skill_qualifies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION skill_qualifies(skillset, jobspec) IS 'is every must reached entirely, and readiness at least the threshold?';
CREATE FUNCTION job_qualifies(jobspec, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'sql_job_qualifies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION job_qualifies(jobspec, skillset) IS 'is every must reached entirely, and readiness at least the threshold?';
CREATE FUNCTION skill_explain(skillset, jobspec, OUT skill text, OUT have real, OUT need real, OUT via text, OUT credit float8, OUT weight real, OUT contribution float8, OUT must boolean, OUT met boolean, OUT use float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'skill_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION skill_explain(skillset, jobspec, OUT skill text, OUT have real, OUT need real, OUT via text, OUT credit float8, OUT weight real, OUT contribution float8, OUT must boolean, OUT met boolean, OUT use float8) IS 'a row per item, then a row per skill not asked for; contributions sum to skill_readiness() and use to skill_use() bit for bit in row order';
CREATE OPERATOR <=> (
    LEFTARG = skillset,
    RIGHTARG = jobspec,
    FUNCTION = skill_cost,
    COMMUTATOR = <=>
);
COMMENT ON OPERATOR <=> (skillset, jobspec) IS '1 - readiness: who can do this job';
CREATE OPERATOR <=> (
    LEFTARG = jobspec,
    RIGHTARG = skillset,
    FUNCTION = job_cost,
    COMMUTATOR = <=>
);
COMMENT ON OPERATOR <=> (jobspec, skillset) IS '1 - readiness: who can do this job';
CREATE OPERATOR <-> (
    LEFTARG = skillset,
    RIGHTARG = jobspec,
    FUNCTION = skill_fit_cost,
    COMMUTATOR = <->
);
COMMENT ON OPERATOR <-> (skillset, jobspec) IS '1 - fit: which role suits';
CREATE OPERATOR <-> (
    LEFTARG = jobspec,
    RIGHTARG = skillset,
    FUNCTION = job_fit_cost,
    COMMUTATOR = <->
);
COMMENT ON OPERATOR <-> (jobspec, skillset) IS '1 - fit: which role suits';
CREATE OPERATOR @@ (
    LEFTARG = skillset,
    RIGHTARG = jobspec,
    FUNCTION = skill_qualifies,
    COMMUTATOR = @@,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @@ (skillset, jobspec) IS 'qualifies: musts and threshold';
CREATE OPERATOR @@ (
    LEFTARG = jobspec,
    RIGHTARG = skillset,
    FUNCTION = job_qualifies,
    COMMUTATOR = @@,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @@ (jobspec, skillset) IS 'qualifies: musts and threshold';

-- skills and jobs: aggregates

CREATE FUNCTION skillset_agg_transition(internal, text, float8) RETURNS internal
    AS 'MODULE_PATHNAME', 'skillset_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_transition(internal, text, float8) IS 'aggregate support';
CREATE FUNCTION skillset_agg_transition(internal, text, float8, timestamptz, float8) RETURNS internal
    AS 'MODULE_PATHNAME', 'skillset_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_transition(internal, text, float8, timestamptz, float8) IS 'aggregate support';
CREATE FUNCTION skillset_agg_combine(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'skillset_agg_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_combine(internal, internal) IS 'aggregate support';
CREATE FUNCTION skillset_agg_serialize(internal) RETURNS bytea
    AS 'MODULE_PATHNAME', 'skillset_agg_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_serialize(internal) IS 'aggregate support';
CREATE FUNCTION skillset_agg_deserialize(bytea, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'skillset_agg_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_deserialize(bytea, internal) IS 'aggregate support';
CREATE FUNCTION skillset_agg_final(internal) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_agg_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION skillset_agg_final(internal) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_transition(internal, jobspec) RETURNS internal
    AS 'MODULE_PATHNAME', 'jobspec_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_transition(internal, jobspec) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_transition(internal, jobspec, float8) RETURNS internal
    AS 'MODULE_PATHNAME', 'jobspec_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_transition(internal, jobspec, float8) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_combine(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'jobspec_agg_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_combine(internal, internal) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_serialize(internal) RETURNS bytea
    AS 'MODULE_PATHNAME', 'jobspec_agg_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_serialize(internal) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_deserialize(bytea, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'jobspec_agg_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_deserialize(bytea, internal) IS 'aggregate support';
CREATE FUNCTION jobspec_agg_final(internal) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_agg_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_agg_final(internal) IS 'aggregate support';
CREATE AGGREGATE skillset_agg(skill text, level float8) (
    SFUNC = skillset_agg_transition,
    STYPE = internal,
    COMBINEFUNC = skillset_agg_combine,
    SERIALFUNC = skillset_agg_serialize,
    DESERIALFUNC = skillset_agg_deserialize,
    FINALFUNC = skillset_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE skillset_agg(text, float8) IS 'skills and levels > 0 to a skillset; of one skill the higher level; rows where both are NULL are passed over, one alone is an error (22004)';
CREATE AGGREGATE skillset_agg(skill text, level float8, last timestamptz, stability float8) (
    SFUNC = skillset_agg_transition,
    STYPE = internal,
    COMBINEFUNC = skillset_agg_combine,
    SERIALFUNC = skillset_agg_serialize,
    DESERIALFUNC = skillset_agg_deserialize,
    FINALFUNC = skillset_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE skillset_agg(text, float8, timestamptz, float8) IS 'skill, level, last practised and stability in days to a skillset; of one skill the higher level';
CREATE AGGREGATE jobspec_agg(job jobspec) (
    SFUNC = jobspec_agg_transition,
    STYPE = internal,
    COMBINEFUNC = jobspec_agg_combine,
    SERIALFUNC = jobspec_agg_serialize,
    DESERIALFUNC = jobspec_agg_deserialize,
    FINALFUNC = jobspec_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE jobspec_agg(jobspec) IS 'adverts for one role to one jobspec: weight = share of adverts that ask, need = median of the needs, must = must in more than half';
CREATE AGGREGATE jobspec_agg(job jobspec, quantile float8) (
    SFUNC = jobspec_agg_transition,
    STYPE = internal,
    COMBINEFUNC = jobspec_agg_combine,
    SERIALFUNC = jobspec_agg_serialize,
    DESERIALFUNC = jobspec_agg_deserialize,
    FINALFUNC = jobspec_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE jobspec_agg(jobspec, float8) IS 'adverts for one role to one jobspec, with the need as a quantile from 0 to 1 of the needs';

-- skills and jobs: from practice to a plan

CREATE FUNCTION practice_agg_transition(internal, text, float8, timestamptz) RETURNS internal
    AS 'MODULE_PATHNAME', 'practice_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_transition(internal, text, float8, timestamptz) IS 'aggregate support';
CREATE FUNCTION practice_agg_transition(internal, text, float8, timestamptz, integer) RETURNS internal
    AS 'MODULE_PATHNAME', 'practice_agg_transition' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_transition(internal, text, float8, timestamptz, integer) IS 'aggregate support';
CREATE FUNCTION practice_agg_combine(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'practice_agg_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_combine(internal, internal) IS 'aggregate support';
CREATE FUNCTION practice_agg_serialize(internal) RETURNS bytea
    AS 'MODULE_PATHNAME', 'practice_agg_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_serialize(internal) IS 'aggregate support';
CREATE FUNCTION practice_agg_deserialize(bytea, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'practice_agg_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_deserialize(bytea, internal) IS 'aggregate support';
CREATE FUNCTION practice_agg_final(internal) RETURNS skillset
    AS 'MODULE_PATHNAME', 'practice_agg_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION practice_agg_final(internal) IS 'aggregate support';
CREATE AGGREGATE practice_agg(skill text, hours float8, practised_at timestamptz) (
    SFUNC = practice_agg_transition,
    STYPE = internal,
    COMBINEFUNC = practice_agg_combine,
    SERIALFUNC = practice_agg_serialize,
    DESERIALFUNC = practice_agg_deserialize,
    FINALFUNC = practice_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE practice_agg(text, float8, timestamptz) IS 'sessions of practice, in any order, to a skillset: level = hours summed, last = the last session, stability in days by FSRS-6 as if every session went well; rows where all are NULL are passed over, some of them NULL is an error (22004), hours of 0 or less likewise (22003)';
CREATE AGGREGATE practice_agg(skill text, hours float8, practised_at timestamptz, rating integer) (
    SFUNC = practice_agg_transition,
    STYPE = internal,
    COMBINEFUNC = practice_agg_combine,
    SERIALFUNC = practice_agg_serialize,
    DESERIALFUNC = practice_agg_deserialize,
    FINALFUNC = practice_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE practice_agg(text, float8, timestamptz, integer) IS 'sessions of practice to a skillset, with how each went: 1 forgotten, 2 hard, 3 good, 4 easy; NULL is good; anything else is an error (22003)';
CREATE FUNCTION skill_review(skills skillset, job jobspec, at timestamptz, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real, OUT retention float8, OUT due timestamptz, OUT loss float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'skill_review' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION skill_review(skills skillset, job jobspec, at timestamptz, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real, OUT retention float8, OUT due timestamptz, OUT loss float8) IS 'what to practise for the job, most valuable first: a row per skill that fades and that the job names. retention: share of the level that is left at that time; due: when 0.9 is left (NULL: beyond all timestamps); loss: readiness that practising it would bring back. The time takes the place of the clock of the job';
CREATE FUNCTION learning_plan(goal jobspec, have skillset, budget float8, courses text, OUT step integer, OUT id bigint, OUT gain float8, OUT cost float8, OUT gain_per_cost float8, OUT readiness float8, OUT total_cost float8) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'sql_learning_plan' LANGUAGE C STABLE STRICT PARALLEL UNSAFE ROWS 10 COST 10000;
COMMENT ON FUNCTION learning_plan(goal jobspec, have skillset, budget float8, courses text, OUT step integer, OUT id bigint, OUT gain float8, OUT cost float8, OUT gain_per_cost float8, OUT readiness float8, OUT total_cost float8) IS 'which courses to take for the goal, in order, within the budget (''Infinity'': no limit). courses is a query, run read-only with the rights of the caller, that returns id (integer), teaches (skillset) and cost (a number >= 0). Greedy by gain per cost, or beginning with the best single course if that is better: at least 0.405 of the best gain that any choice within the budget has';

-- events: making facts and preferences

CREATE FUNCTION event_facts(latitude float8 DEFAULT NULL, longitude float8 DEFAULT NULL, price float8 DEFAULT NULL, attendees float8 DEFAULT NULL, starts_at timestamptz DEFAULT NULL) RETURNS eventfacts
    AS 'MODULE_PATHNAME', 'event_facts' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION event_facts(latitude float8, longitude float8, price float8, attendees float8, starts_at timestamptz) IS 'what is known of an event; NULL is unknown. Degrees, any one currency, heads. Errors: out of range (22003), latitude without longitude (22023)';
CREATE FUNCTION event_facts(location point, price float8 DEFAULT NULL, attendees float8 DEFAULT NULL, starts_at timestamptz DEFAULT NULL) RETURNS eventfacts
    AS 'MODULE_PATHNAME', 'event_facts_point' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION event_facts(location point, price float8, attendees float8, starts_at timestamptz) IS 'what is known of an event; the point is (longitude, latitude)';
CREATE FUNCTION event_pref(
    latitude float8 DEFAULT NULL, longitude float8 DEFAULT NULL, within_km float8 DEFAULT NULL,
    budget float8 DEFAULT NULL, crowd float8 DEFAULT NULL,
    starts timestamptz DEFAULT NULL, around interval DEFAULT NULL,
    location_weight float8 DEFAULT NULL, price_weight float8 DEFAULT NULL,
    attendees_weight float8 DEFAULT NULL, start_weight float8 DEFAULT NULL,
    combine text DEFAULT NULL, missing text DEFAULT NULL,
    max_km float8 DEFAULT NULL, max_price float8 DEFAULT NULL,
    min_attendees float8 DEFAULT NULL, max_attendees float8 DEFAULT NULL,
    after timestamptz DEFAULT NULL, before timestamptz DEFAULT NULL, min_score float8 DEFAULT NULL) RETURNS eventpref
    AS 'MODULE_PATHNAME', 'event_pref' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION event_pref(latitude float8, longitude float8, within_km float8, budget float8, crowd float8, starts timestamptz, around interval, location_weight float8, price_weight float8, attendees_weight float8, start_weight float8, combine text, missing text, max_km float8, max_price float8, min_attendees float8, max_attendees float8, after timestamptz, before timestamptz, min_score float8) IS 'a preference from named arguments; what is not given does not count. within_km: distance at which location is worth half; budget: price up to which nothing is lost, worth half at twice it; crowd: attendees worth half; starts, around: best start and how far off is worth half (1 day); weights default to 1; combine: sum, product, min; missing: worst, skip, exclude, or a number in [0,1]; the rest are limits of @@';

-- events: scores

CREATE FUNCTION event_score(eventfacts, eventpref) RETURNS float8
    AS 'MODULE_PATHNAME', 'sql_event_score' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION event_score(eventfacts, eventpref) IS 'how well the event suits, in [0,1]';
CREATE FUNCTION event_cost(eventfacts, eventpref) RETURNS float8
    AS 'MODULE_PATHNAME', 'event_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION event_cost(eventfacts, eventpref) IS '1 - event_score()';
CREATE FUNCTION pref_cost(eventpref, eventfacts) RETURNS float8
    AS 'MODULE_PATHNAME', 'pref_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION pref_cost(eventpref, eventfacts) IS '1 - event_score()';
CREATE FUNCTION event_acceptable(eventfacts, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'sql_event_acceptable' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION event_acceptable(eventfacts, eventpref) IS 'do all limits hold, is nothing unknown that must be known, and is the score at least min_score?';
CREATE FUNCTION pref_accepts(eventpref, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'pref_accepts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10
    SUPPORT shortlist_operator_support;
COMMENT ON FUNCTION pref_accepts(eventpref, eventfacts) IS 'do all limits hold, is nothing unknown that must be known, and is the score at least min_score?';
CREATE FUNCTION event_explain(eventfacts, eventpref, OUT criterion text, OUT value float8, OUT utility float8, OUT weight float8, OUT contribution float8, OUT missing boolean) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'event_explain' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 4;
COMMENT ON FUNCTION event_explain(eventfacts, eventpref, OUT criterion text, OUT value float8, OUT utility float8, OUT weight float8, OUT contribution float8, OUT missing boolean) IS 'a row per criterion that counts: value in km, money, heads or seconds of the Unix epoch (NULL if unknown), utility (NULL if left out); contributions sum to the score bit for bit (combine sum), are its factors (product), or show the least (min)';
CREATE OPERATOR <=> (
    LEFTARG = eventfacts,
    RIGHTARG = eventpref,
    FUNCTION = event_cost,
    COMMUTATOR = <=>
);
COMMENT ON OPERATOR <=> (eventfacts, eventpref) IS '1 - score: how badly the event suits';
CREATE OPERATOR <=> (
    LEFTARG = eventpref,
    RIGHTARG = eventfacts,
    FUNCTION = pref_cost,
    COMMUTATOR = <=>
);
COMMENT ON OPERATOR <=> (eventpref, eventfacts) IS '1 - score: how badly the event suits';
CREATE OPERATOR @@ (
    LEFTARG = eventfacts,
    RIGHTARG = eventpref,
    FUNCTION = event_acceptable,
    COMMUTATOR = @@,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @@ (eventfacts, eventpref) IS 'acceptable: the limits hold';
CREATE OPERATOR @@ (
    LEFTARG = eventpref,
    RIGHTARG = eventfacts,
    FUNCTION = pref_accepts,
    COMMUTATOR = @@,
    RESTRICT = matchingsel,
    JOIN = matchingjoinsel
);
COMMENT ON OPERATOR @@ (eventpref, eventfacts) IS 'acceptable: the limits hold';

-- eventfacts: comparing, and statistics for @@

CREATE FUNCTION eventfacts_eq(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_eq(eventfacts, eventfacts) IS 'equal';
CREATE FUNCTION eventfacts_ne(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_ne(eventfacts, eventfacts) IS 'not equal';
CREATE FUNCTION eventfacts_lt(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_lt(eventfacts, eventfacts) IS 'before, by stored bytes';
CREATE FUNCTION eventfacts_le(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_le(eventfacts, eventfacts) IS 'before or equal';
CREATE FUNCTION eventfacts_gt(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_gt(eventfacts, eventfacts) IS 'after';
CREATE FUNCTION eventfacts_ge(eventfacts, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventfacts_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_ge(eventfacts, eventfacts) IS 'after or equal';
CREATE FUNCTION eventfacts_cmp(eventfacts, eventfacts) RETURNS integer
    AS 'MODULE_PATHNAME', 'eventfacts_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_cmp(eventfacts, eventfacts) IS 'btree order: by stored bytes';
CREATE FUNCTION eventfacts_hash(eventfacts) RETURNS integer
    AS 'MODULE_PATHNAME', 'eventfacts_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_hash(eventfacts) IS 'hash';
CREATE FUNCTION eventfacts_hash_extended(eventfacts, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'eventfacts_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventfacts_hash_extended(eventfacts, bigint) IS 'hash with a seed';
CREATE OPERATOR = (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_eq,
    COMMUTATOR = =,
    NEGATOR = <>,
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES,
    MERGES
);
COMMENT ON OPERATOR = (eventfacts, eventfacts) IS 'equal';
CREATE OPERATOR <> (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_ne,
    COMMUTATOR = <>,
    NEGATOR = =,
    RESTRICT = neqsel,
    JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (eventfacts, eventfacts) IS 'not equal';
CREATE OPERATOR < (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_lt,
    COMMUTATOR = >,
    NEGATOR = >=,
    RESTRICT = scalarltsel,
    JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (eventfacts, eventfacts) IS 'sorts before';
CREATE OPERATOR <= (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_le,
    COMMUTATOR = >=,
    NEGATOR = >,
    RESTRICT = scalarlesel,
    JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (eventfacts, eventfacts) IS 'sorts before or equal';
CREATE OPERATOR > (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_gt,
    COMMUTATOR = <,
    NEGATOR = <=,
    RESTRICT = scalargtsel,
    JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (eventfacts, eventfacts) IS 'sorts after';
CREATE OPERATOR >= (
    LEFTARG = eventfacts,
    RIGHTARG = eventfacts,
    FUNCTION = eventfacts_ge,
    COMMUTATOR = <=,
    NEGATOR = <,
    RESTRICT = scalargesel,
    JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (eventfacts, eventfacts) IS 'sorts after or equal';

CREATE OPERATOR CLASS eventfacts_ops DEFAULT FOR TYPE eventfacts USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 eventfacts_cmp(eventfacts, eventfacts);
COMMENT ON OPERATOR CLASS eventfacts_ops USING btree IS 'sorting, grouping and statistics of eventfacts';
COMMENT ON OPERATOR FAMILY eventfacts_ops USING btree IS 'sorting, grouping and statistics of eventfacts';

CREATE OPERATOR CLASS eventfacts_ops DEFAULT FOR TYPE eventfacts USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 eventfacts_hash(eventfacts),
    FUNCTION 2 eventfacts_hash_extended(eventfacts, bigint);
COMMENT ON OPERATOR CLASS eventfacts_ops USING hash IS 'equality of eventfacts';
COMMENT ON OPERATOR FAMILY eventfacts_ops USING hash IS 'equality of eventfacts';

-- eventpref: comparing, sorting, grouping

CREATE FUNCTION eventpref_eq(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_eq(eventpref, eventpref) IS 'equal';
CREATE FUNCTION eventpref_ne(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_ne(eventpref, eventpref) IS 'not equal';
CREATE FUNCTION eventpref_lt(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_lt(eventpref, eventpref) IS 'before, by stored bytes';
CREATE FUNCTION eventpref_le(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_le(eventpref, eventpref) IS 'before or equal';
CREATE FUNCTION eventpref_gt(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_gt(eventpref, eventpref) IS 'after';
CREATE FUNCTION eventpref_ge(eventpref, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'eventpref_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_ge(eventpref, eventpref) IS 'after or equal';
CREATE FUNCTION eventpref_cmp(eventpref, eventpref) RETURNS integer
    AS 'MODULE_PATHNAME', 'eventpref_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_cmp(eventpref, eventpref) IS 'btree order: by stored bytes';
CREATE FUNCTION eventpref_hash(eventpref) RETURNS integer
    AS 'MODULE_PATHNAME', 'eventpref_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_hash(eventpref) IS 'hash';
CREATE FUNCTION eventpref_hash_extended(eventpref, bigint) RETURNS bigint
    AS 'MODULE_PATHNAME', 'eventpref_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION eventpref_hash_extended(eventpref, bigint) IS 'hash with a seed';
CREATE OPERATOR = (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_eq,
    COMMUTATOR = =,
    NEGATOR = <>,
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES,
    MERGES
);
COMMENT ON OPERATOR = (eventpref, eventpref) IS 'equal';
CREATE OPERATOR <> (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_ne,
    COMMUTATOR = <>,
    NEGATOR = =,
    RESTRICT = neqsel,
    JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (eventpref, eventpref) IS 'not equal';
CREATE OPERATOR < (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_lt,
    COMMUTATOR = >,
    NEGATOR = >=,
    RESTRICT = scalarltsel,
    JOIN = scalarltjoinsel
);
COMMENT ON OPERATOR < (eventpref, eventpref) IS 'sorts before';
CREATE OPERATOR <= (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_le,
    COMMUTATOR = >=,
    NEGATOR = >,
    RESTRICT = scalarlesel,
    JOIN = scalarlejoinsel
);
COMMENT ON OPERATOR <= (eventpref, eventpref) IS 'sorts before or equal';
CREATE OPERATOR > (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_gt,
    COMMUTATOR = <,
    NEGATOR = <=,
    RESTRICT = scalargtsel,
    JOIN = scalargtjoinsel
);
COMMENT ON OPERATOR > (eventpref, eventpref) IS 'sorts after';
CREATE OPERATOR >= (
    LEFTARG = eventpref,
    RIGHTARG = eventpref,
    FUNCTION = eventpref_ge,
    COMMUTATOR = <=,
    NEGATOR = <,
    RESTRICT = scalargesel,
    JOIN = scalargejoinsel
);
COMMENT ON OPERATOR >= (eventpref, eventpref) IS 'sorts after or equal';

CREATE OPERATOR CLASS eventpref_ops DEFAULT FOR TYPE eventpref USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
    FUNCTION 1 eventpref_cmp(eventpref, eventpref);
COMMENT ON OPERATOR CLASS eventpref_ops USING btree IS 'sorting, grouping and statistics of eventpref';
COMMENT ON OPERATOR FAMILY eventpref_ops USING btree IS 'sorting, grouping and statistics of eventpref';

CREATE OPERATOR CLASS eventpref_ops DEFAULT FOR TYPE eventpref USING hash AS
    OPERATOR 1 =,
    FUNCTION 1 eventpref_hash(eventpref),
    FUNCTION 2 eventpref_hash_extended(eventpref, bigint);
COMMENT ON OPERATOR CLASS eventpref_ops USING hash IS 'equality of eventpref';
COMMENT ON OPERATOR FAMILY eventpref_ops USING hash IS 'equality of eventpref';

-- events: GiST index

CREATE TYPE eventbox;

CREATE FUNCTION eventbox_in(cstring) RETURNS eventbox
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION eventbox_out(eventbox) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE eventbox (
    INPUT = eventbox_in,
    OUTPUT = eventbox_out,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = extended
);
COMMENT ON TYPE eventbox IS 'what a GiST index on eventfacts stores; not for columns';
COMMENT ON FUNCTION eventbox_in(cstring) IS 'I/O';
COMMENT ON FUNCTION eventbox_out(eventbox) IS 'I/O';

CREATE FUNCTION event_gist_compress(internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'event_gist_compress' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_compress(internal) IS 'GiST support';
CREATE FUNCTION event_gist_consistent(internal, eventfacts, smallint, oid, internal) RETURNS boolean
    AS 'MODULE_PATHNAME', 'event_gist_consistent' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_consistent(internal, eventfacts, smallint, oid, internal) IS 'GiST support';
CREATE FUNCTION event_gist_distance(internal, eventfacts, smallint, oid, internal) RETURNS float8
    AS 'MODULE_PATHNAME', 'event_gist_distance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_distance(internal, eventfacts, smallint, oid, internal) IS 'GiST support';
CREATE FUNCTION event_gist_union(internal, internal) RETURNS eventbox
    AS 'MODULE_PATHNAME', 'event_gist_union' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_union(internal, internal) IS 'GiST support';
CREATE FUNCTION event_gist_same(eventbox, eventbox, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'event_gist_same' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_same(eventbox, eventbox, internal) IS 'GiST support';
CREATE FUNCTION event_gist_penalty(internal, internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'event_gist_penalty' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_penalty(internal, internal, internal) IS 'GiST support';
CREATE FUNCTION event_gist_picksplit(internal, internal) RETURNS internal
    AS 'MODULE_PATHNAME', 'event_gist_picksplit' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_picksplit(internal, internal) IS 'GiST support';
CREATE FUNCTION event_gist_sortsupport(internal) RETURNS void
    AS 'MODULE_PATHNAME', 'event_gist_sortsupport' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_gist_sortsupport(internal) IS 'GiST support';

CREATE OPERATOR CLASS eventfacts_ops DEFAULT FOR TYPE eventfacts USING gist AS
    OPERATOR 1 @@ (eventfacts, eventpref),
    OPERATOR 15 <=> (eventfacts, eventpref) FOR ORDER BY pg_catalog.float_ops,
    FUNCTION 1 event_gist_consistent(internal, eventfacts, smallint, oid, internal),
    FUNCTION 2 event_gist_union(internal, internal),
    FUNCTION 3 event_gist_compress(internal),
    FUNCTION 5 event_gist_penalty(internal, internal, internal),
    FUNCTION 6 event_gist_picksplit(internal, internal),
    FUNCTION 7 event_gist_same(eventbox, eventbox, internal),
    FUNCTION 8 event_gist_distance(internal, eventfacts, smallint, oid, internal),
    FUNCTION 11 event_gist_sortsupport(internal),
    STORAGE eventbox;
COMMENT ON OPERATOR CLASS eventfacts_ops USING gist IS 'events ordered by <=> and searched by @@';
COMMENT ON OPERATOR FAMILY eventfacts_ops USING gist IS 'events ordered by <=> and searched by @@';

CREATE FUNCTION event_last_scan(OUT pages bigint, OUT inner_entries bigint, OUT rows bigint) RETURNS record
    AS 'MODULE_PATHNAME', 'event_last_scan' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION event_last_scan(OUT pages bigint, OUT inner_entries bigint, OUT rows bigint) IS 'what the last ordered scan of a GiST index on eventfacts did in this session: pages read, bounds computed for inner entries and for rows';

-- skills, jobs and events: access method shortlist

CREATE FUNCTION shortlist_handler(internal) RETURNS index_am_handler
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_handler(internal) IS 'access method shortlist';
CREATE ACCESS METHOD shortlist TYPE INDEX HANDLER shortlist_handler;
COMMENT ON ACCESS METHOD shortlist IS 'best matches of skillsets, jobspecs and eventfacts, exact and as many as are asked for';

CREATE FUNCTION shortlist_skillset_content(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_skillset_content(internal) IS 'access method support';
CREATE FUNCTION shortlist_jobspec_content(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_jobspec_content(internal) IS 'access method support';
CREATE FUNCTION shortlist_eventfacts_content(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_eventfacts_content(internal) IS 'access method support';

CREATE OPERATOR CLASS skillset_ops DEFAULT FOR TYPE skillset USING shortlist AS
    OPERATOR 1 <=> (skillset, jobspec) FOR ORDER BY pg_catalog.float_ops,
    OPERATOR 2 <-> (skillset, jobspec) FOR ORDER BY pg_catalog.float_ops,
    OPERATOR 3 @@ (skillset, jobspec),
    OPERATOR 4 @> (skillset, skillset),
    OPERATOR 5 ? (skillset, text),
    OPERATOR 6 ?| (skillset, text[]),
    OPERATOR 7 ?& (skillset, text[]),
    FUNCTION 1 (skillset, skillset) shortlist_skillset_content(internal);
COMMENT ON OPERATOR CLASS skillset_ops USING shortlist IS 'skillsets ordered by a job, filtered by @@, @>, ?, ?| and ?&';
COMMENT ON OPERATOR FAMILY skillset_ops USING shortlist IS 'skillsets ordered by a job, filtered by @@, @>, ?, ?| and ?&';

CREATE OPERATOR CLASS jobspec_ops DEFAULT FOR TYPE jobspec USING shortlist AS
    OPERATOR 1 <=> (jobspec, skillset) FOR ORDER BY pg_catalog.float_ops,
    OPERATOR 2 <-> (jobspec, skillset) FOR ORDER BY pg_catalog.float_ops,
    OPERATOR 3 @@ (jobspec, skillset),
    FUNCTION 1 (jobspec, jobspec) shortlist_jobspec_content(internal);
COMMENT ON OPERATOR CLASS jobspec_ops USING shortlist IS 'jobs ordered by a skillset, filtered by @@';
COMMENT ON OPERATOR FAMILY jobspec_ops USING shortlist IS 'jobs ordered by a skillset, filtered by @@';

CREATE OPERATOR CLASS eventfacts_ops DEFAULT FOR TYPE eventfacts USING shortlist AS
    OPERATOR 1 <=> (eventfacts, eventpref) FOR ORDER BY pg_catalog.float_ops,
    OPERATOR 3 @@ (eventfacts, eventpref),
    FUNCTION 1 (eventfacts, eventfacts) shortlist_eventfacts_content(internal);
COMMENT ON OPERATOR CLASS eventfacts_ops USING shortlist IS 'events ordered by a preference, filtered by @@';
COMMENT ON OPERATOR FAMILY eventfacts_ops USING shortlist IS 'events ordered by a preference, filtered by @@';

CREATE FUNCTION shortlist_last_scan(OUT segments bigint, OUT windows bigint, OUT opened bigint, OUT rows bigint, OUT tail_rows bigint) RETURNS record
    AS 'MODULE_PATHNAME', 'shortlist_last_scan' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION shortlist_last_scan(OUT segments bigint, OUT windows bigint, OUT opened bigint, OUT rows bigint, OUT tail_rows bigint) IS 'what the last ordered scan of a shortlist index did in this session: segments searched, windows that they have, windows and nodes opened, rows scored, of them rows of the tail';

CREATE FUNCTION shortlist_check(index regclass, heapallindexed boolean DEFAULT true,
    OUT pages bigint, OUT lost_pages bigint, OUT entries bigint, OUT bounds bigint, OUT heap_rows bigint) RETURNS record
    AS 'MODULE_PATHNAME', 'shortlist_check' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION shortlist_check(regclass, boolean) IS 'walks an index of shortlist: error XX002 if its structure, its bounds, or its entries, held against the rows of the table, are wrong; returns pages, those that are lost until REINDEX, entries, bounds that were tried, and rows of the table';
REVOKE ALL ON FUNCTION shortlist_check(regclass, boolean) FROM PUBLIC;

CREATE FUNCTION shortlist_merge(index regclass) RETURNS bigint
    AS 'MODULE_PATHNAME', 'shortlist_merge' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION shortlist_merge(regclass) IS 'moves inserted rows into a segment and makes one segment of all; returns its rows, those that are NULL included';


-- from the world: vocabularies

CREATE TABLE skill_vocabulary_change (
    vocabulary oid NOT NULL,
    change uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
    PRIMARY KEY (vocabulary, change)
);
COMMENT ON TABLE skill_vocabulary_change IS 'which changes of registered vocabularies a snapshot sees, so that sessions know whether what they have compiled is still right; written by triggers, and of no use otherwise';
COMMENT ON COLUMN skill_vocabulary_change.vocabulary IS 'the table that was changed';
COMMENT ON COLUMN skill_vocabulary_change.change IS 'one for each transaction that changed it, as long as no later one has';

CREATE FUNCTION skill_vocabulary_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'skill_vocabulary_changed' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION skill_vocabulary_changed() IS 'trigger that skill_vocabulary() puts on a vocabulary';
CREATE FUNCTION skill_vocabulary(vocabulary regclass) RETURNS regclass
    AS 'MODULE_PATHNAME', 'skill_vocabulary' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION skill_vocabulary(vocabulary regclass) IS 'registers a table of the caller as a vocabulary, by a trigger, so that sessions keep it compiled until it changes; returns it';
CREATE FUNCTION skills_in(text text, vocabulary regclass, OUT skill text, OUT matched text, OUT start integer) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'skills_in' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000 ROWS 20;
COMMENT ON FUNCTION skills_in(text text, vocabulary regclass, OUT skill text, OUT matched text, OUT start integer) IS 'the skills of a vocabulary (a table with the column skill, and perhaps label and match_case) that a text names: longest labels, whole words; matched is how the text has it, start the character from 1';


-- from the world: adverts, resumes, relations

CREATE FUNCTION jobspec_from_jsonld(document jsonb, vocabulary regclass DEFAULT NULL) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_from_jsonld' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION jobspec_from_jsonld(document jsonb, vocabulary regclass) IS 'what the one JobPosting of a schema.org document asks, each skill at need 1 and weight 1: with a vocabulary its skills in all texts, else the names in "skills"; errors: no JobPosting, several, or no skills (22023)';
CREATE FUNCTION job_postings_from_jsonld(document jsonb, vocabulary regclass DEFAULT NULL, OUT title text, OUT organization text, OUT url text, OUT job jobspec, OUT months_of_experience float8, OUT unread text[], OUT reason text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'job_postings_from_jsonld' LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000 ROWS 1;
COMMENT ON FUNCTION job_postings_from_jsonld(document jsonb, vocabulary regclass, OUT title text, OUT organization text, OUT url text, OUT job jobspec, OUT months_of_experience float8, OUT unread text[], OUT reason text) IS 'a row per JobPosting of a schema.org document: what it asks; unread are parts in which no skill was found; reason says why there is no job';
CREATE FUNCTION skill_level_words() RETURNS skillset
    AS 'MODULE_PATHNAME', 'skill_level_words' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_level_words() IS 'levels as words, from beginner:1 to expert:5; add words by ||';
CREATE FUNCTION skillset_from_json_resume(resume jsonb, scale skillset DEFAULT skill_level_words(), default_level float8 DEFAULT NULL) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_from_json_resume' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION skillset_from_json_resume(resume jsonb, scale skillset, default_level float8) IS 'names and keywords of the skills of a JSON Resume; levels are numbers or words of the scale; without a level default_level, or 1; errors: a word that is not in the scale, unless there is a default_level, or JSON of another form (22023), level out of range (22003)';
CREATE FUNCTION jobspec_from_json_resume(job jsonb, scale skillset DEFAULT skill_level_words(), default_level float8 DEFAULT NULL) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_from_json_resume' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION jobspec_from_json_resume(job jsonb, scale skillset, default_level float8) IS 'names and keywords of the skills of a job description of JSON Resume, their levels as needs; otherwise as skillset_from_json_resume()';
CREATE FUNCTION jobspec_expand(job jobspec, relations regclass, credit float8 DEFAULT 0.5) RETURNS jobspec
    AS 'MODULE_PATHNAME', 'jobspec_expand' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED COST 1000;
COMMENT ON FUNCTION jobspec_expand(job jobspec, relations regclass, credit float8) IS 'the job with the skills that a table relates to its items (columns skill, related, perhaps credit) as alternatives; of one alternative the best credit; credit is that of rows which state none';

-- events from several sites

CREATE TYPE event_listing AS (
    source text,
    source_id text,
    url text,
    title text,
    starts_at timestamptz,
    date_only boolean,
    ends_at timestamptz,
    latitude float8,
    longitude float8,
    place text,
    price numeric,
    price_range numrange,
    currency text,
    attendees integer,
    capacity integer,
    online boolean,
    status text,
    tags text[],
    remarks text[],
    reason text
);
COMMENT ON TYPE event_listing IS 'an event as one site lists it; NULL is unknown, a price of 0 is free, and reason says why it cannot be used';
COMMENT ON COLUMN event_listing.source IS 'the site: as given, else the host of the URL, else the name of the format';
COMMENT ON COLUMN event_listing.source_id IS 'the identifier that the site gave it';
COMMENT ON COLUMN event_listing.url IS 'its page at the site';
COMMENT ON COLUMN event_listing.title IS 'as the site has it, white space folded; of several languages the first';
COMMENT ON COLUMN event_listing.starts_at IS 'when it starts';
COMMENT ON COLUMN event_listing.date_only IS 'there is no hour: starts_at is the beginning of the day in its zone';
COMMENT ON COLUMN event_listing.ends_at IS 'when it ends, exclusive: an event whose last day is a date ends at the midnight after it';
COMMENT ON COLUMN event_listing.latitude IS 'degrees north, known if longitude is';
COMMENT ON COLUMN event_listing.longitude IS 'degrees east, known if latitude is';
COMMENT ON COLUMN event_listing.place IS 'names and address';
COMMENT ON COLUMN event_listing.price IS 'the least that it costs; 0 is free';
COMMENT ON COLUMN event_listing.price_range IS 'from the least to the most, unbounded where one is unknown';
COMMENT ON COLUMN event_listing.currency IS 'of the price, ISO 4217';
COMMENT ON COLUMN event_listing.attendees IS 'how many come';
COMMENT ON COLUMN event_listing.capacity IS 'how many can';
COMMENT ON COLUMN event_listing.online IS 'can it be attended online?';
COMMENT ON COLUMN event_listing.status IS 'scheduled, cancelled, postponed, rescheduled, moved_online, tentative, or the site''s own word in lower case';
COMMENT ON COLUMN event_listing.tags IS 'keywords, genres, categories';
COMMENT ON COLUMN event_listing.remarks IS 'what was said of other columns and could not be used, so that they are unknown';
COMMENT ON COLUMN event_listing.reason IS 'why the row cannot be used; NULL where it can';

CREATE TABLE event_sources (
    source text NOT NULL,
    builtin boolean NOT NULL DEFAULT false,
    events jsonpath NOT NULL,
    source_id jsonpath,
    url jsonpath,
    title jsonpath NOT NULL,
    starts_at jsonpath NOT NULL,
    starts_on jsonpath,
    ends_at jsonpath,
    ends_on jsonpath,
    duration jsonpath,
    zone jsonpath,
    latitude jsonpath,
    longitude jsonpath,
    place jsonpath,
    price jsonpath,
    price_max jsonpath,
    free jsonpath,
    currency jsonpath,
    attendees jsonpath,
    capacity jsonpath,
    online jsonpath,
    status jsonpath,
    tags jsonpath,
    remark jsonpath,
    reason jsonpath,
    PRIMARY KEY (source, builtin)
);
COMMENT ON TABLE event_sources IS 'where sites have what: the events of a document, and each column of event_listing within an event; a row of yours takes precedence over a builtin one of the same name';
COMMENT ON COLUMN event_sources.source IS 'its name, as events_from() takes it';
COMMENT ON COLUMN event_sources.builtin IS 'it came with the extension; a row of the same name that did not takes precedence';
COMMENT ON COLUMN event_sources.events IS 'path to the events of a document; the other paths begin at an event';
COMMENT ON COLUMN event_sources.source_id IS 'path to the identifier that the site gave it';
COMMENT ON COLUMN event_sources.url IS 'path to its page';
COMMENT ON COLUMN event_sources.title IS 'path to its title';
COMMENT ON COLUMN event_sources.starts_at IS 'path to the time, or the date, when it starts';
COMMENT ON COLUMN event_sources.starts_on IS 'path to the day when it starts, for where there is no time';
COMMENT ON COLUMN event_sources.ends_at IS 'path to the time, or the last day, when it ends';
COMMENT ON COLUMN event_sources.ends_on IS 'path to the last day, for where there is no time';
COMMENT ON COLUMN event_sources.duration IS 'path to how long it takes, in seconds or such as PT2H, for where there is no end';
COMMENT ON COLUMN event_sources.zone IS 'path to the time zone of times that have none';
COMMENT ON COLUMN event_sources.latitude IS 'path to the degrees north';
COMMENT ON COLUMN event_sources.longitude IS 'path to the degrees east';
COMMENT ON COLUMN event_sources.place IS 'path to names and address, all that it finds';
COMMENT ON COLUMN event_sources.price IS 'path to what it costs; of several the least';
COMMENT ON COLUMN event_sources.price_max IS 'path to what it costs at most';
COMMENT ON COLUMN event_sources.free IS 'path to what is true if it costs nothing';
COMMENT ON COLUMN event_sources.currency IS 'path to the currency of its prices, ISO 4217';
COMMENT ON COLUMN event_sources.attendees IS 'path to how many come';
COMMENT ON COLUMN event_sources.capacity IS 'path to how many can';
COMMENT ON COLUMN event_sources.online IS 'path to true, online, virtual, hybrid and the like, or false, physical, offline and the like';
COMMENT ON COLUMN event_sources.status IS 'path to whether it takes place, as the site says it';
COMMENT ON COLUMN event_sources.tags IS 'path to keywords, genres, categories, all that it finds';
COMMENT ON COLUMN event_sources.remark IS 'path to what the document says could not be used';
COMMENT ON COLUMN event_sources.reason IS 'path to why the document says that it cannot be used';

CREATE TABLE event_exchange_rates (
    currency text PRIMARY KEY CHECK (currency ~ '^[A-Z]{3}$'),
    rate numeric NOT NULL CHECK (rate > 0 AND rate < 'infinity')
);
COMMENT ON TABLE event_exchange_rates IS 'how much of a currency (ISO 4217) one unit of a base currency buys, as central banks publish it; the base itself has the rate 1';
COMMENT ON COLUMN event_exchange_rates.currency IS 'ISO 4217';
COMMENT ON COLUMN event_exchange_rates.rate IS 'how much of the currency one unit of the base currency buys';

-- What users add belongs to them, and goes with their dumps; all may read.
ALTER TABLE event_sources OWNER TO @extowner@;
ALTER TABLE event_exchange_rates OWNER TO @extowner@;
GRANT SELECT ON event_sources, event_exchange_rates TO PUBLIC;
SELECT pg_catalog.pg_extension_config_dump('event_sources', 'WHERE NOT builtin');
SELECT pg_catalog.pg_extension_config_dump('event_exchange_rates', '');

INSERT INTO event_sources (source, builtin, events, source_id, url, title, starts_at, starts_on, ends_at, ends_on, duration, zone,
                           latitude, longitude, place, price, price_max, free, currency, attendees, capacity, online, status, tags, remark, reason)
VALUES
    -- JSON-LD as jsonld_events() has it
    ('schema.org', true, 'strict $.** ? (@."@type" like_regex "Event$")',
     '$.keyvalue() ? (@.key == "@id" || @.key == "identifier").value', '$.url', '$.name',
     '$.startDate', NULL, '$.endDate', NULL, '$.duration', NULL,
     '$.location.**{0 to 3}.latitude', '$.location.**{0 to 3}.longitude',
     '$.location.**{0 to 2} ? (@.type() == "object").keyvalue() ? (@.key == "name" || @.key == "address" || @.key == "streetAddress" || @.key == "addressLocality").value',
     '$.offers.**{0 to 3} ? (@.type() == "object").keyvalue() ? (@.key == "price" || @.key == "lowPrice" || @.key == "minPrice").value',
     '$.offers.**{0 to 3} ? (@.type() == "object").keyvalue() ? (@.key == "highPrice" || @.key == "maxPrice").value',
     '$.isAccessibleForFree', '$.offers.**{0 to 3}.priceCurrency',
     '$.interactionStatistic ? (@.interactionType like_regex "(Join|Register|Rsvp)Action").userInteractionCount',
     '$.**{0 to 2}.maximumAttendeeCapacity',
     '$.**{0 to 2} ? (@.type() == "object").keyvalue() ? (@.key == "eventAttendanceMode" || (@.key == "@type" && @.value like_regex "(VirtualLocation|Place|PostalAddress)$")).value.**{0 to 1}',
     '$.eventStatus.**{0 to 1}', '$.keyvalue() ? (@.key == "keywords" || @.key == "genre").value', NULL, NULL),
    -- iCalendar as ics_events() has it
    ('icalendar', true, '$', '$.uid', '$.url', '$.summary', '$.start', NULL, '$.end', NULL, NULL, NULL,
     '$.latitude', '$.longitude', '$.location', NULL, NULL, NULL, NULL, NULL, NULL, '$.online', '$.status', '$.categories', '$.remark', '$.reason'),
    -- Discovery API v2, whole responses or the events alone
    ('ticketmaster', true, 'strict $.** ? (@.type == "event")', '$.id', '$.url', '$.name',
     '$.dates.start ? (!(@.dateTBD == true) && !(@.dateTBA == true) && !(@.timeTBA == true) && !(@.noSpecificTime == true)).dateTime',
     '$.dates.start ? (!(@.dateTBD == true) && !(@.dateTBA == true)).localDate',
     '$.dates.end ? (!(@.approximate == true)).dateTime', '$.dates.end ? (!(@.approximate == true)).localDate', NULL,
     '$._embedded.venues[0].timezone', '$._embedded.venues[0].location.latitude', '$._embedded.venues[0].location.longitude',
     '$._embedded.venues[0].name', '$.priceRanges.min', '$.priceRanges.max', NULL, '$.priceRanges.currency', NULL, NULL, NULL,
     '$.dates.status.code', '$.classifications.*.name ? (@ != "Undefined")', NULL, NULL),
    -- Platform API v2
    ('seatgeek', true, 'strict $.** ? (exists(@.datetime_local) || exists(@.short_title))', '$.id', '$.url', '$.title',
     '$ ? (!(@.date_tbd == true) && !(@.time_tbd == true) && !(@.datetime_tbd == true)).datetime_local',
     '$ ? (!(@.date_tbd == true) && !(@.datetime_tbd == true)).datetime_local', NULL, NULL, NULL,
     '$.venue.timezone', '$.venue.location.lat', '$.venue.location.lon', '$.venue.name',
     '$.stats.lowest_price', '$.stats.highest_price', NULL, NULL, NULL, '$.venue.capacity ? (@ > 0)', NULL,
     '$.status', '$.taxonomies.name', NULL, NULL),
    -- API v3, events with venue and ticket_availability expanded
    ('eventbrite', true, 'strict $.** ? (exists(@.start.utc) || exists(@.online_event))', '$.id', '$.url', '$.name.text',
     '$.start.utc', NULL, '$.end.utc', NULL, NULL, '$.start.timezone', '$.venue.latitude', '$.venue.longitude', '$.venue.name',
     '$.ticket_availability.minimum_ticket_price.major_value', '$.ticket_availability.maximum_ticket_price.major_value', '$.is_free',
     '$.currency', NULL, '$.capacity ? (@ > 0)', '$.online_event', '$.status',
     '$.keyvalue() ? (@.key == "category" || @.key == "subcategory" || @.key == "format").value.short_name', NULL, NULL),
    -- GraphQL API; its online events have a venue in the Pacific that is none
    ('meetup', true, 'strict $.** ? (exists(@.eventUrl))', '$.id', '$.eventUrl', '$.title',
     '$.dateTime', NULL, '$.endTime', NULL, '$.duration', '$.timezone',
     '$.venue ? (@.name != "Online event").lat',
     '$.venue ? (@.name != "Online event").keyvalue() ? (@.key == "lng" || @.key == "lon").value', '$.venue.name',
     '$.feeSettings.amount', NULL, '$.feeSettings == null', '$.feeSettings.currency', '$.rsvps.totalCount', '$.maxTickets ? (@ > 0)',
     '$.keyvalue() ? (@.key == "isOnline" || @.key == "eventType").value', '$.status', '$.topics.edges.node.name', NULL, NULL),
    -- entries of calendars, as of public/v1/calendar/list-events; prices are in cents
    ('luma', true, 'strict $.** ? (@.event.type() == "object")', '$.event.keyvalue() ? (@.key == "id" || @.key == "api_id").value', '$.event.url', '$.event.name',
     '$.event.start_at', NULL, '$.event.end_at', NULL, '$.event.duration_interval', '$.event.timezone',
     '$.event.**{0 to 1} ? (@.type() == "object").keyvalue() ? (@.key == "geo_latitude" || @.key == "latitude").value',
     '$.event.**{0 to 1} ? (@.type() == "object").keyvalue() ? (@.key == "geo_longitude" || @.key == "longitude").value',
     '$.event.geo_address_json.full_address', '$.ticket_info.price.cents / 100', '$.ticket_info.max_price.cents / 100',
     '$.ticket_info.is_free', '$.ticket_info.price.currency', '$.guest_count', '$.event.max_capacity', '$.event.location_type', NULL,
     '$.tags.**{0 to 2} ? (@.type() == "object").name', NULL, NULL);

CREATE FUNCTION event_time(value text, zone text, days_later integer DEFAULT 0) RETURNS timestamptz
    AS 'MODULE_PATHNAME', 'event_time' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION event_time(value text, zone text, days_later integer) IS 'an ISO 8601 date or time, or seconds of the Unix epoch, in a zone (the session''s for NULL) unless it says its own; NULL if it is neither; error: unknown zone (22023)';
CREATE FUNCTION event_zone(name text) RETURNS text
    AS 'MODULE_PATHNAME', 'event_zone' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_zone(name text) IS 'the name of a time zone, NULL if it is not known';
CREATE FUNCTION event_price(value text) RETURNS numeric
    AS 'MODULE_PATHNAME', 'event_price' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_price(value text) IS 'the amount of a price such as 13.00, $1,234.50, 12,50 EUR or free; NULL if it is none';
CREATE FUNCTION event_price_currency(value text) RETURNS text
    AS 'MODULE_PATHNAME', 'event_price_currency' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION event_price_currency(value text) IS 'the currency (ISO 4217) that a price names, NULL if it names none or a sign that several currencies share';
CREATE FUNCTION event_source_unknown(source text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'event_source_unknown' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION event_source_unknown(source text) IS 'the error of events_from(): no such source (22023)';
CREATE FUNCTION jsonld_events(document jsonb, OUT number integer, OUT event jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'jsonld_events' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION jsonld_events(document jsonb, OUT number integer, OUT event jsonb) IS 'the schema.org Events of a JSON-LD document, wherever they are, with plain keys and values, and with references put in; error: too large (54000)';
CREATE FUNCTION ics_events(calendar text, until timestamptz, zone text, OUT number integer, OUT event jsonb) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'ics_events' LANGUAGE C STABLE PARALLEL SAFE ROWS 10;
COMMENT ON FUNCTION ics_events(calendar text, until timestamptz, zone text, OUT number integer, OUT event jsonb) IS 'the events of an iCalendar file, recurring ones expanded; errors: unknown zone (22023), more than 10000 occurrences (54000)';

-- Functions are qualified, and numbers typed, where another function of the same name could fit better: see events_install.

CREATE FUNCTION event_convert_price(amount numeric, from_currency text, to_currency text) RETURNS numeric
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN amount = 0::numeric OR from_currency = to_currency THEN amount
                ELSE pg_catalog.trim_scale(pg_catalog.round(amount * (SELECT r.rate FROM event_exchange_rates r WHERE r.currency = to_currency)
                                             / (SELECT r.rate FROM event_exchange_rates r WHERE r.currency = from_currency), 4)) END;
END;
COMMENT ON FUNCTION event_convert_price(amount numeric, from_currency text, to_currency text) IS 'the amount in another currency by event_exchange_rates, to four places; NULL if a rate is missing; nothing costs nothing in every currency';

CREATE FUNCTION json_values(document jsonb, path jsonpath) RETURNS text[]
    AS 'MODULE_PATHNAME', 'json_values' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION json_values(document jsonb, path jsonpath) IS 'what a path finds, as text, arrays element by element; objects, nulls and blank texts are nothing';

CREATE FUNCTION event_listing_of(site event_sources, event jsonb, source_name text, caller_zone text, wanted_currency text) RETURNS SETOF event_listing
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
    SELECT coalesce(source_name, pg_catalog.lower(substring(said.url[1] FROM '^[a-zA-Z]+://(?:[^/@]*@)?(?:www\.)?([^/:?#]+)')), site.source),
           said.source_id[1], said.url[1], said.title[1],
           t.starts_at, CASE WHEN t.starts_at IS NOT NULL THEN f.date_only END, CASE WHEN t.ends_at >= t.starts_at THEN t.ends_at END,
           g.latitude, g.longitude, f.place,
           m.price, CASE WHEN pg_catalog.num_nonnulls(m.price, m.most) > 0 THEN pg_catalog.numrange(m.price, m.most, '[]') END, m.currency,
           n.attendees, n.capacity, f.online, f.status, f.tags,
           (SELECT pg_catalog.array_agg(r) FROM pg_catalog.unnest(ARRAY[
               said.remark[1],
               CASE WHEN f.end_text IS NOT NULL AND t.ends_at IS NULL THEN pg_catalog.format('end "%s" is not an ISO 8601 time', pg_catalog.left(f.end_text, 60)) END,
               CASE WHEN t.ends_at < t.starts_at THEN 'ends before it starts' END,
               CASE WHEN said.duration[1] IS NOT NULL AND f.duration IS NULL THEN pg_catalog.format('duration "%s" cannot be read', pg_catalog.left(said.duration[1], 60)) END,
               CASE WHEN pg_catalog.num_nonnulls(said.latitude[1], said.longitude[1]) > 0 AND g.latitude IS NULL
                    THEN pg_catalog.format('latitude "%s" and longitude "%s" are not a place', pg_catalog.left(said.latitude[1], 60), pg_catalog.left(said.longitude[1], 60)) END,
               CASE WHEN p.unreadable IS NOT NULL THEN pg_catalog.format('price "%s" cannot be read', pg_catalog.left(p.unreadable, 60)) END,
               CASE WHEN pg_catalog.cardinality(c.currencies) > 1 THEN pg_catalog.format('prices in several currencies: %s', pg_catalog.array_to_string(c.currencies, ', ')) END,
               CASE WHEN p.least > 0::numeric AND m.price IS NULL AND pg_catalog.cardinality(c.currencies) = 1
                    THEN pg_catalog.format('no exchange rate from %s to %s', c.currencies[1], wanted_currency)
                    WHEN p.least > 0::numeric AND m.price IS NULL AND pg_catalog.cardinality(c.currencies) = 0 THEN 'a price without a currency cannot be converted' END,
               CASE WHEN said.attendees[1] IS NOT NULL AND n.attendees IS NULL THEN pg_catalog.format('attendees "%s" cannot be read', pg_catalog.left(said.attendees[1], 60)) END,
               CASE WHEN said.capacity[1] IS NOT NULL AND n.capacity IS NULL THEN pg_catalog.format('capacity "%s" cannot be read', pg_catalog.left(said.capacity[1], 60)) END
               ]) r WHERE r IS NOT NULL),
           nullif(pg_catalog.concat_ws('; ', said.reason[1],
               CASE WHEN said.title[1] IS NULL THEN 'no title' END,
               CASE WHEN said.reason[1] IS NOT NULL THEN NULL
                    WHEN f.start_text IS NULL THEN 'no start'
                    WHEN f.zone_unknown THEN pg_catalog.format('time zone "%s" is not known', pg_catalog.left(said.zone[1], 60))
                    WHEN t.starts_at IS NULL THEN pg_catalog.format('start "%s" is not an ISO 8601 time', pg_catalog.left(f.start_text, 60)) END), '')
    -- what the document says, as text
    FROM (SELECT json_values(event, site.source_id) AS source_id, json_values(event, site.url) AS url, json_values(event, site.title) AS title,
                 json_values(event, site.starts_at) AS starts_at, json_values(event, site.starts_on) AS starts_on,
                 json_values(event, site.ends_at) AS ends_at, json_values(event, site.ends_on) AS ends_on,
                 json_values(event, site.duration) AS duration, json_values(event, site.zone) AS zone,
                 json_values(event, site.latitude) AS latitude, json_values(event, site.longitude) AS longitude,
                 json_values(event, site.place) AS place, json_values(event, site.price) AS price, json_values(event, site.price_max) AS price_max,
                 json_values(event, site.free) AS free, json_values(event, site.currency) AS currency,
                 json_values(event, site.attendees) AS attendees, json_values(event, site.capacity) AS capacity,
                 json_values(event, site.online) AS online, json_values(event, site.status) AS status, json_values(event, site.tags) AS tags,
                 json_values(event, site.remark) AS remark, json_values(event, site.reason) AS reason
          OFFSET 0) said,
    -- words
    LATERAL (SELECT coalesce(said.starts_at[1], pg_catalog.left(said.starts_on[1], 10)) AS start_text,
                    said.starts_at[1] IS NULL OR said.starts_at[1] ~ '^\d{4}-\d\d-\d\d$' AS date_only,
                    coalesce(said.ends_at[1], pg_catalog.left(said.ends_on[1], 10)) AS end_text,
                    coalesce(event_zone(said.zone[1]), caller_zone) AS zone,
                    said.zone[1] IS NOT NULL AND event_zone(said.zone[1]) IS NULL
                        AND coalesce(said.starts_at[1], '') !~ '(^\d{9,10}|[Tt ].*([Zz]|[+-]\d\d:?\d*))$' AS zone_unknown,
                    CASE WHEN said.duration[1] ~ '^\d{1,9}$' THEN pg_catalog.make_interval(secs => said.duration[1]::float8)
                         WHEN said.duration[1] ~ '^P(?=.*\d)(\d{1,4}D)?(T(?=\d)(\d{1,5}H)?(\d{1,6}M)?(\d{1,8}S)?)?$'
                         THEN pg_catalog.make_interval(secs => extract(epoch FROM said.duration[1]::interval)::float8) END AS duration,
                    (SELECT pg_catalog.string_agg(v, ', ' ORDER BY n) FROM (SELECT v, pg_catalog.min(n) AS n FROM pg_catalog.unnest(said.place) WITH ORDINALITY u (v, n) GROUP BY v) d) AS place,
                    (SELECT pg_catalog.array_agg(v ORDER BY n) FROM (SELECT pg_catalog.btrim(v) AS v, pg_catalog.min(n) AS n
                                                          FROM pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.array_to_string(said.tags, ','), ',')) WITH ORDINALITY u (v, n)
                                                          WHERE v ~ '\S' GROUP BY pg_catalog.btrim(v)) d) AS tags,
                    (SELECT pg_catalog.bool_or(w IN ('true', 'onlineeventattendancemode', 'mixedeventattendancemode', 'virtuallocation', 'online', 'virtual', 'hybrid', 'mixed'))
                     FROM pg_catalog.unnest(said.online) v, LATERAL pg_catalog.lower(substring(v FROM '[^/:#]*$')) w
                     WHERE w IN ('true', 'onlineeventattendancemode', 'mixedeventattendancemode', 'virtuallocation', 'online', 'virtual', 'hybrid', 'mixed',
                                 'false', 'offlineeventattendancemode', 'place', 'postaladdress', 'physical', 'offline')) AS online,
                    (SELECT CASE WHEN w IN ('scheduled', 'confirmed', 'onsale', 'offsale', 'live', 'active', 'normal', 'started', 'published') THEN 'scheduled'
                                 WHEN w IN ('cancelled', 'canceled') THEN 'cancelled'
                                 WHEN w = 'movedonline' THEN 'moved_online'
                                 ELSE w END
                     FROM pg_catalog.lower(pg_catalog.regexp_replace(said.status[1], '^.*[/:#]|^Event', '', 'g')) l, LATERAL pg_catalog.regexp_replace(l, '^event', '') w) AS status
             OFFSET 0) f,
    -- times; a date is the first or the last day, so that what ends on it ends when it does
    LATERAL (SELECT CASE WHEN NOT f.zone_unknown THEN event_time(f.start_text, f.zone, 0) END AS starts_at,
                    CASE WHEN f.end_text IS NOT NULL THEN event_time(f.end_text, f.zone, CASE WHEN f.end_text ~ '^\d{4}-\d\d-\d\d$' THEN 1 ELSE 0 END)
                         -- near the end of all times there is none
                         WHEN event_time(f.start_text, f.zone, 0) < '294000-01-01 00:00+00' THEN event_time(f.start_text, f.zone, 0) + f.duration END AS ends_at
             OFFSET 0) t,
    -- place: 0, 0 is what programs write that do not know it
    LATERAL (SELECT CASE WHEN d.usable THEN d.latitude END AS latitude, CASE WHEN d.usable THEN d.longitude END AS longitude
             FROM (SELECT a.latitude, a.longitude, pg_catalog.abs(a.latitude) <= 90::float8 AND pg_catalog.abs(a.longitude) <= 180::float8 AND (a.latitude <> 0::float8 OR a.longitude <> 0::float8) AS usable
                   FROM (SELECT CASE WHEN said.latitude[1] ~ '^[+-]?\d{1,3}(\.\d{1,40})?$' THEN said.latitude[1]::float8 END AS latitude,
                                CASE WHEN said.longitude[1] ~ '^[+-]?\d{1,3}(\.\d{1,40})?$' THEN said.longitude[1]::float8 END AS longitude) a) d
             OFFSET 0) g,
    LATERAL (SELECT CASE WHEN said.attendees[1] ~ '^\d{1,9}(\.0+)?$' THEN said.attendees[1]::numeric::integer END AS attendees,
                    CASE WHEN said.capacity[1] ~ '^\d{1,9}(\.0+)?$' THEN said.capacity[1]::numeric::integer END AS capacity) n,
    -- money: the least and the most that is asked, and in which currencies
    LATERAL (SELECT CASE WHEN pg_catalog.bool_or(k.free) THEN 0::numeric ELSE pg_catalog.min(k.amount) FILTER (WHERE k.is_least) END AS least,
                    CASE WHEN pg_catalog.bool_or(k.free) THEN greatest(pg_catalog.max(k.amount), 0::numeric) ELSE pg_catalog.max(k.amount) END AS most,
                    pg_catalog.min(k.said) FILTER (WHERE k.amount IS NULL AND NOT k.free) AS unreadable
             FROM (SELECT v, pg_catalog.trim_scale(event_price(v)), true, false FROM pg_catalog.unnest(said.price) v
                   UNION ALL SELECT v, pg_catalog.trim_scale(event_price(v)), false, false FROM pg_catalog.unnest(said.price_max) v
                   UNION ALL SELECT v, NULL, true, true FROM pg_catalog.unnest(said.free) v WHERE pg_catalog.lower(substring(v FROM '[^/:#]*$')) = 'true')
                  AS k (said, amount, is_least, free)) p,
    LATERAL (SELECT ARRAY(SELECT DISTINCT pg_catalog.upper(v) COLLATE "C"
                          FROM (SELECT pg_catalog.unnest(said.currency) UNION ALL SELECT event_price_currency(pg_catalog.unnest(said.price OPERATOR(pg_catalog.||) said.price_max))) u (v)
                          WHERE v ~ '^[A-Za-z]{3}$' ORDER BY 1) AS currencies) c,
    LATERAL (SELECT a.price, a.most, CASE WHEN wanted_currency IS NOT NULL AND a.price IS NOT NULL THEN wanted_currency
                                          WHEN pg_catalog.cardinality(c.currencies) = 1 THEN c.currencies[1] END AS currency
             FROM (SELECT CASE WHEN p.least = 0::numeric THEN p.least WHEN pg_catalog.cardinality(c.currencies) > 1 THEN NULL
                               WHEN wanted_currency IS NULL THEN p.least ELSE event_convert_price(p.least, c.currencies[1], wanted_currency) END AS price,
                          CASE WHEN p.most = 0::numeric THEN p.most WHEN pg_catalog.cardinality(c.currencies) > 1 THEN NULL
                               WHEN wanted_currency IS NULL THEN p.most ELSE event_convert_price(p.most, c.currencies[1], wanted_currency) END AS most) a
             OFFSET 0) m;
END;
COMMENT ON FUNCTION event_listing_of(site event_sources, event jsonb, source_name text, caller_zone text, wanted_currency text) IS 'one event of a document as a listing, by the paths of its source';

CREATE FUNCTION event_listings_of(site event_sources, events jsonb[], source_name text, caller_zone text, wanted_currency text) RETURNS SETOF event_listing
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT l.* FROM pg_catalog.unnest(events) e, LATERAL event_listing_of(site, e, source_name, caller_zone, wanted_currency) l
    UNION ALL
    SELECT (pg_catalog.jsonb_populate_record(NULL::event_listing, pg_catalog.jsonb_build_object('source', coalesce(source_name, site.source), 'reason', 'no event in the document'))).*
    WHERE pg_catalog.cardinality(events) = 0;
END;
COMMENT ON FUNCTION event_listings_of(site event_sources, events jsonb[], source_name text, caller_zone text, wanted_currency text) IS 'the events of a document as listings; one with a reason if there is none';

CREATE FUNCTION events_from(source text, document jsonb, zone text DEFAULT NULL, currency text DEFAULT NULL) RETURNS SETOF event_listing
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT l.*
    FROM (SELECT 1) one
    LEFT JOIN (SELECT s AS site FROM event_sources s WHERE s.source = events_from.source ORDER BY s.builtin LIMIT 1) f ON true,
    LATERAL event_listings_of(f.site, CASE WHEN document IS NOT NULL THEN ARRAY(SELECT pg_catalog.jsonb_path_query(document, (f.site).events, '{}', true)) END,
                              events_from.source, zone, currency) l
    WHERE CASE WHEN (f.site).source IS NULL THEN event_source_unknown(events_from.source) ELSE true END;
END;
COMMENT ON FUNCTION events_from(source text, document jsonb, zone text, currency text) IS 'the events of a document by the paths of a source; times without a zone are in zone (the session''s for NULL), prices are converted to currency if it is given; error: no such source (22023)';

CREATE FUNCTION events_from_jsonld(document jsonb, source text DEFAULT NULL, zone text DEFAULT NULL, currency text DEFAULT NULL) RETURNS SETOF event_listing
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT l.*
    FROM (SELECT s AS site FROM event_sources s WHERE s.source = 'schema.org' ORDER BY s.builtin LIMIT 1) f,
    LATERAL event_listings_of(f.site, CASE WHEN document IS NOT NULL THEN ARRAY(SELECT e.event FROM jsonld_events(document) e ORDER BY e.number) END,
                              events_from_jsonld.source, zone, currency) l;
END;
COMMENT ON FUNCTION events_from_jsonld(document jsonb, source text, zone text, currency text) IS 'the schema.org Events of a JSON-LD document; the source is the host of the event''s URL unless it is given';

CREATE FUNCTION events_from_ics(calendar text, until timestamptz DEFAULT NULL, source text DEFAULT NULL, zone text DEFAULT NULL) RETURNS SETOF event_listing
    LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT l.*
    FROM (SELECT s AS site FROM event_sources s WHERE s.source = 'icalendar' ORDER BY s.builtin LIMIT 1) f,
    LATERAL event_listings_of(f.site, CASE WHEN calendar IS NOT NULL THEN ARRAY(SELECT e.event FROM ics_events(calendar, until, zone) e ORDER BY e.number) END,
                              events_from_ics.source, zone, NULL) l;
END;
COMMENT ON FUNCTION events_from_ics(calendar text, until timestamptz, source text, zone text) IS 'the events of an iCalendar file, each as often as it starts up to until; errors: more than 10000 times (54000), unknown zone (22023)';

-- the same event on several sites

CREATE FUNCTION event_duplicates(events text, within interval DEFAULT '30 minutes', within_km float8 DEFAULT 0.5, similarity real DEFAULT 0.5, similarity_without_place real DEFAULT 0.8,
                                 OUT a bigint, OUT b bigint, OUT apart interval, OUT km float8, OUT title_similarity real) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'event_duplicates' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION event_duplicates(events text, within interval, within_km float8, similarity real, similarity_without_place real, OUT a bigint, OUT b bigint, OUT apart interval, OUT km float8, OUT title_similarity real) IS 'pairs of listings of different sources that start, are and are called nearly the same; events is a query of id, source, title, starts_at, date_only, latitude and longitude; errors: pg_trgm is missing (42883), a parameter out of range (22023)';
CREATE FUNCTION event_groups(events text, within interval DEFAULT '30 minutes', within_km float8 DEFAULT 0.5, similarity real DEFAULT 0.5, similarity_without_place real DEFAULT 0.8,
                             OUT id bigint, OUT group_id bigint) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'event_groups' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION event_groups(events text, within interval, within_km float8, similarity real, similarity_without_place real, OUT id bigint, OUT group_id bigint) IS 'every listing with the least id of its group: pairs of event_duplicates() are joined, the surest first, unless two listings of a group could not be one event';

CREATE TYPE merged_event AS (
    title text,
    starts_at timestamptz,
    date_only boolean,
    ends_at timestamptz,
    latitude float8,
    longitude float8,
    place text,
    price numeric,
    price_range numrange,
    currency text,
    attendees integer,
    capacity integer,
    online boolean,
    status text,
    tags text[],
    listings jsonb,
    provenance jsonb
);
COMMENT ON TYPE merged_event IS 'an event of several listings: the best value of each column that is known, its listings with their URLs, and provenance, which source each column is from';
COMMENT ON COLUMN merged_event.title IS 'of the first listing that has one';
COMMENT ON COLUMN merged_event.starts_at IS 'when it starts; an hour goes before a date without one';
COMMENT ON COLUMN merged_event.date_only IS 'there is no hour: starts_at is the beginning of the day in its zone';
COMMENT ON COLUMN merged_event.ends_at IS 'when it ends, exclusive: an event whose last day is a date ends at the midnight after it';
COMMENT ON COLUMN merged_event.latitude IS 'degrees north, of the same listing as longitude';
COMMENT ON COLUMN merged_event.longitude IS 'degrees east, of the same listing as latitude';
COMMENT ON COLUMN merged_event.place IS 'names and address';
COMMENT ON COLUMN merged_event.price IS 'the least that it costs; 0 is free; of the same listing as price_range and currency';
COMMENT ON COLUMN merged_event.price_range IS 'from the least to the most, unbounded where one is unknown';
COMMENT ON COLUMN merged_event.currency IS 'of the price, ISO 4217';
COMMENT ON COLUMN merged_event.attendees IS 'how many come';
COMMENT ON COLUMN merged_event.capacity IS 'how many can';
COMMENT ON COLUMN merged_event.online IS 'can it be attended online?';
COMMENT ON COLUMN merged_event.status IS 'cancelled, postponed, rescheduled and moved_online go before what other listings say';
COMMENT ON COLUMN merged_event.tags IS 'those of all listings';
COMMENT ON COLUMN merged_event.listings IS 'source, source_id and url of every listing, the first one first';
COMMENT ON COLUMN merged_event.provenance IS 'the source of every column that is known; of tags the sources';

CREATE FUNCTION event_merge(listings event_listing[], prefer text[] DEFAULT '{}') RETURNS merged_event
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH ranked AS (
        SELECT l AS listing,
               pg_catalog.row_number() OVER (ORDER BY (l.reason IS NULL) DESC, pg_catalog.array_position(prefer, l.source) NULLS LAST,
                                           pg_catalog.num_nonnulls(l.title, l.starts_at, l.ends_at, l.latitude, l.place, l.price, l.attendees, l.capacity, l.online, l.status) DESC,
                                           l.source COLLATE "C", l.source_id COLLATE "C", l.url COLLATE "C", l.title COLLATE "C", l.starts_at) AS n
        FROM pg_catalog.unnest(listings) l
        WHERE NOT l IS NULL), -- as an outer join has it that found no listing
    best AS (
        SELECT (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).title IS NOT NULL))[1] AS title,
               (pg_catalog.array_agg(listing ORDER BY (listing).date_only, n) FILTER (WHERE (listing).starts_at IS NOT NULL))[1] AS starts,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).ends_at IS NOT NULL))[1] AS ends,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).latitude IS NOT NULL))[1] AS location,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).place IS NOT NULL))[1] AS place,
               (pg_catalog.array_agg(listing ORDER BY (listing).price IS NULL, n) FILTER (WHERE (listing).price_range IS NOT NULL))[1] AS price,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).attendees IS NOT NULL))[1] AS attendees,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).capacity IS NOT NULL))[1] AS capacity,
               (pg_catalog.array_agg(listing ORDER BY n) FILTER (WHERE (listing).online IS NOT NULL))[1] AS online,
               -- one site may learn later than another that it does not take place
               (pg_catalog.array_agg(listing ORDER BY pg_catalog.array_position(ARRAY['cancelled', 'postponed', 'rescheduled', 'moved_online'], (listing).status) NULLS LAST, n)
                   FILTER (WHERE (listing).status IS NOT NULL))[1] AS status,
               pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('source', (listing).source, 'source_id', (listing).source_id, 'url', (listing).url) ORDER BY n) AS listings,
               pg_catalog.jsonb_agg((listing).source ORDER BY n) FILTER (WHERE (listing).tags IS NOT NULL) AS tag_sources
        FROM ranked)
    SELECT ROW((title).title, (starts).starts_at, (starts).date_only, (ends).ends_at, (location).latitude, (location).longitude, (place).place,
               (price).price, (price).price_range, (price).currency, (attendees).attendees, (capacity).capacity, (online).online, (status).status,
               (SELECT pg_catalog.array_agg(DISTINCT t COLLATE "C" ORDER BY t COLLATE "C") FROM ranked, pg_catalog.unnest((listing).tags) t),
               best.listings,
               pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
                   'title', (title).source, 'starts_at', (starts).source, 'date_only', (starts).source, 'ends_at', (ends).source,
                   'latitude', (location).source, 'longitude', (location).source, 'place', (place).source,
                   'price', (price).source, 'price_range', (price).source, 'currency', CASE WHEN (price).currency IS NOT NULL THEN (price).source END,
                   'attendees', (attendees).source, 'capacity', (capacity).source, 'online', (online).source, 'status', (status).source,
                   'tags', tag_sources)))::merged_event
    FROM best
    WHERE best.listings IS NOT NULL;
END;
COMMENT ON FUNCTION event_merge(listings event_listing[], prefer text[]) IS 'listings of one event as one: of each column the value of the first listing that knows it, the usable before the unusable, then the sources preferred in that order, then those that know most; but an hour before a date, and cancelled or postponed before all';
CREATE FUNCTION event_merge_final(listings event_listing[]) RETURNS merged_event
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT event_merge(listings, '{}'::text[]);
END;
COMMENT ON FUNCTION event_merge_final(listings event_listing[]) IS 'aggregate support';
CREATE AGGREGATE event_merge(listing event_listing) (
    SFUNC = array_append,
    STYPE = event_listing[],
    FINALFUNC = event_merge_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE event_merge(event_listing) IS 'listings of one event as one; event_merge(array_agg(listing), prefer) says which sources to prefer';
