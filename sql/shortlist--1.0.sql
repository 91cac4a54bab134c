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

CREATE FUNCTION skill_level(skillset, text) RETURNS real
    AS 'MODULE_PATHNAME', 'skill_level' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_level(skillset, text) IS 'level of a skill, NULL if it is not there; as stored, not faded';
CREATE FUNCTION has_skill(skillset, text) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_skill' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION has_skill(skillset, text) IS 'is the skill there?';
CREATE FUNCTION has_any_skill(skillset, text[]) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_any_skill' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION has_any_skill(skillset, text[]) IS 'is any of the skills there? NULL elements are ignored';
CREATE FUNCTION has_all_skills(skillset, text[]) RETURNS boolean
    AS 'MODULE_PATHNAME', 'has_all_skills' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION has_all_skills(skillset, text[]) IS 'are all of the skills there? NULL elements are ignored';
CREATE FUNCTION skill_count(skillset) RETURNS integer
    AS 'MODULE_PATHNAME', 'skill_count' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_count(skillset) IS 'number of skills';
CREATE FUNCTION skills_each(skillset, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'skills_each' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20;
COMMENT ON FUNCTION skills_each(skillset, OUT skill text, OUT level real, OUT last timestamptz, OUT stability real) IS 'a row per skill in byte order of names; last and stability (days) are NULL where not known';
CREATE FUNCTION skillset_contains(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_contains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_contains(skillset, skillset) IS 'is every skill of the second in the first, at least at that level?';
CREATE FUNCTION skillset_contained(skillset, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skillset_contained' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_contained(skillset, skillset) IS 'is every skill of the first in the second, at least at that level?';
CREATE FUNCTION skillset_merge(skillset, skillset) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skillset_merge(skillset, skillset) IS 'skills of both; of one that both have, the entry with the higher level';
CREATE FUNCTION skillset_without(skillset, text) RETURNS skillset
    AS 'MODULE_PATHNAME', 'skillset_without' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
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
    RESTRICT = contsel,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR ? (skillset, text) IS 'is the skill there?';
CREATE OPERATOR ?| (
    LEFTARG = skillset,
    RIGHTARG = text[],
    FUNCTION = has_any_skill,
    RESTRICT = contsel,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR ?| (skillset, text[]) IS 'is any of the skills there?';
CREATE OPERATOR ?& (
    LEFTARG = skillset,
    RIGHTARG = text[],
    FUNCTION = has_all_skills,
    RESTRICT = contsel,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR ?& (skillset, text[]) IS 'are all of the skills there?';
CREATE OPERATOR @> (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_contains,
    COMMUTATOR = <@,
    RESTRICT = contsel,
    JOIN = contjoinsel
);
COMMENT ON OPERATOR @> (skillset, skillset) IS 'has every skill of the right, at least at that level';
CREATE OPERATOR <@ (
    LEFTARG = skillset,
    RIGHTARG = skillset,
    FUNCTION = skillset_contained,
    COMMUTATOR = @>,
    RESTRICT = contsel,
    JOIN = contjoinsel
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
    AS 'MODULE_PATHNAME', 'skill_gap' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION skill_gap(jobspec, skillset) IS 'what is left to learn: readiness(have || teaches) - readiness(have) = readiness(teaches, gap) * (1 - readiness(have))';
CREATE OPERATOR - (
    LEFTARG = jobspec,
    RIGHTARG = skillset,
    FUNCTION = skill_gap
);
COMMENT ON OPERATOR - (jobspec, skillset) IS 'the gap: what is left to learn';

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
    AS 'MODULE_PATHNAME', 'skill_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION skill_cost(skillset, jobspec) IS '1 - readiness';
CREATE FUNCTION job_cost(jobspec, skillset) RETURNS float8
    AS 'MODULE_PATHNAME', 'job_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION job_cost(jobspec, skillset) IS '1 - readiness';
CREATE FUNCTION skill_fit_cost(skillset, jobspec) RETURNS float8
    AS 'MODULE_PATHNAME', 'skill_fit_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION skill_fit_cost(skillset, jobspec) IS '1 - fit';
CREATE FUNCTION job_fit_cost(jobspec, skillset) RETURNS float8
    AS 'MODULE_PATHNAME', 'job_fit_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION job_fit_cost(jobspec, skillset) IS '1 - fit';
CREATE FUNCTION skill_qualifies(skillset, jobspec) RETURNS boolean
    AS 'MODULE_PATHNAME', 'skill_qualifies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION skill_qualifies(skillset, jobspec) IS 'is every must reached entirely, and readiness at least the threshold?';
CREATE FUNCTION job_qualifies(jobspec, skillset) RETURNS boolean
    AS 'MODULE_PATHNAME', 'sql_job_qualifies' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
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
CREATE AGGREGATE skillset_agg(text, float8) (
    SFUNC = skillset_agg_transition,
    STYPE = internal,
    COMBINEFUNC = skillset_agg_combine,
    SERIALFUNC = skillset_agg_serialize,
    DESERIALFUNC = skillset_agg_deserialize,
    FINALFUNC = skillset_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE skillset_agg(text, float8) IS 'skills and levels > 0 to a skillset; of one skill the higher level; rows where both are NULL are passed over, one alone is an error (22004)';
CREATE AGGREGATE skillset_agg(text, float8, timestamptz, float8) (
    SFUNC = skillset_agg_transition,
    STYPE = internal,
    COMBINEFUNC = skillset_agg_combine,
    SERIALFUNC = skillset_agg_serialize,
    DESERIALFUNC = skillset_agg_deserialize,
    FINALFUNC = skillset_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE skillset_agg(text, float8, timestamptz, float8) IS 'skill, level, last practised and stability in days to a skillset; of one skill the higher level';
CREATE AGGREGATE jobspec_agg(jobspec) (
    SFUNC = jobspec_agg_transition,
    STYPE = internal,
    COMBINEFUNC = jobspec_agg_combine,
    SERIALFUNC = jobspec_agg_serialize,
    DESERIALFUNC = jobspec_agg_deserialize,
    FINALFUNC = jobspec_agg_final,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE jobspec_agg(jobspec) IS 'adverts for one role to one jobspec: weight = share of adverts that ask, need = median of the needs, must = must in more than half';
CREATE AGGREGATE jobspec_agg(jobspec, float8) (
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
    AS 'MODULE_PATHNAME', 'event_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION event_cost(eventfacts, eventpref) IS '1 - event_score()';
CREATE FUNCTION pref_cost(eventpref, eventfacts) RETURNS float8
    AS 'MODULE_PATHNAME', 'pref_cost' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION pref_cost(eventpref, eventfacts) IS '1 - event_score()';
CREATE FUNCTION event_acceptable(eventfacts, eventpref) RETURNS boolean
    AS 'MODULE_PATHNAME', 'sql_event_acceptable' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION event_acceptable(eventfacts, eventpref) IS 'do all limits hold, is nothing unknown that must be known, and is the score at least min_score?';
CREATE FUNCTION pref_accepts(eventpref, eventfacts) RETURNS boolean
    AS 'MODULE_PATHNAME', 'pref_accepts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
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

-- skills and jobs: access method shortlist

CREATE FUNCTION shortlist_handler(internal) RETURNS index_am_handler
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_handler(internal) IS 'access method shortlist';
CREATE ACCESS METHOD shortlist TYPE INDEX HANDLER shortlist_handler;
COMMENT ON ACCESS METHOD shortlist IS 'best matches of skillsets and jobspecs, exact and as many as are asked for';

CREATE FUNCTION shortlist_skillset_content(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_skillset_content(internal) IS 'access method support';
CREATE FUNCTION shortlist_jobspec_content(internal) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_jobspec_content(internal) IS 'access method support';

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

CREATE FUNCTION shortlist_last_scan(OUT segments bigint, OUT windows bigint, OUT opened bigint, OUT rows bigint, OUT tail_rows bigint) RETURNS record
    AS 'MODULE_PATHNAME', 'shortlist_last_scan' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION shortlist_last_scan(OUT segments bigint, OUT windows bigint, OUT opened bigint, OUT rows bigint, OUT tail_rows bigint) IS 'what the last ordered scan of a shortlist index did in this session: segments searched, windows bounded and opened, rows scored, of them rows of the tail';

CREATE FUNCTION shortlist_check(index regclass, heapallindexed boolean DEFAULT true,
    OUT pages bigint, OUT lost_pages bigint, OUT entries bigint, OUT bounds bigint, OUT heap_rows bigint) RETURNS record
    AS 'MODULE_PATHNAME', 'shortlist_check' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION shortlist_check(regclass, boolean) IS 'walks an index of shortlist: error XX002 if its structure, its bounds, or its entries, held against the rows of the table, are wrong; returns pages, those that are lost until REINDEX, entries, bounds that were tried, and rows of the table';
REVOKE ALL ON FUNCTION shortlist_check(regclass, boolean) FROM PUBLIC;

CREATE FUNCTION shortlist_merge(index regclass) RETURNS bigint
    AS 'MODULE_PATHNAME', 'shortlist_merge' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION shortlist_merge(regclass) IS 'moves inserted rows into a segment and makes one segment of all; returns its rows, those that are NULL included';
