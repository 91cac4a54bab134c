#!/usr/bin/perl
# ALTER EXTENSION shortlist UPDATE: from every version that has an install script there is a path to the default version, and what it leads to
# is what installing the default version makes.  1.0 is the first version, so the path from it is tried with a version made for the purpose:
# a script 1.0--trial as a release would bring it, run where there are rows and indexes of both kinds.
# usage: test/tools/run-tap extension_upgrade
#
# A release adds sql/shortlist--OLD--NEW.sql beside sql/shortlist--NEW.sql, and sets default_version; this test then holds them against
# each other.  It asks the server which scripts there are, and names none.
#
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

# Members of the extension with all that defines them, one a line.
my $members = q{SELECT coalesce(string_agg(line, E'\n' ORDER BY line COLLATE "C"), '') FROM (
	SELECT concat_ws(' | ', i.type, i.identity, obj_description(d.objid, (SELECT relname FROM pg_class WHERE oid = d.classid)),
	                 p.prosrc, p.provolatile, p.proparallel, p.proisstrict, p.procost, p.prorows, p.proacl, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
	                 o.oprcode::regprocedure, o.oprrest::regproc, o.oprjoin::regproc, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprcanhash, o.oprcanmerge, t.typlen, t.typalign, t.typstorage) AS line
	FROM pg_depend d CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, 0) i
	LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND p.prokind = 'f'
	LEFT JOIN pg_operator o ON d.classid = 'pg_operator'::regclass AND o.oid = d.objid
	LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist')) m};

my $default = must(q{SELECT default_version FROM pg_available_extensions WHERE name = 'shortlist'});
my @versions = split /\n/, must(q{SELECT version FROM pg_available_extension_versions WHERE name = 'shortlist' ORDER BY version});
ok(scalar(grep { $_ eq $default } @versions), "the default version, $default, can be installed", "@versions");

must('CREATE EXTENSION shortlist');
my $fresh = must($members);
must('DROP EXTENSION shortlist');
for my $version (grep { $_ ne $default } @versions)
{
	must("CREATE EXTENSION shortlist VERSION '$version'");
	ok(defined ask('data', "ALTER EXTENSION shortlist UPDATE TO '$default'"), "there is a path from $version to $default", last_error());
	is(ask('data', $members), $fresh, "which makes what installing $default makes");
	must('DROP EXTENSION shortlist');
}

# --- a version made for the purpose ---------------------------------------------

my ($directory) = `'$ENV{PG_CONFIG}' --sharedir` =~ /^(.*)$/;
my $script = "$directory/extension/shortlist--$default--trial.sql";
open my $out, '>', $script or die "cannot write $script: $!\n";
print $out <<'SQL';
\echo Use "ALTER EXTENSION shortlist UPDATE TO 'trial'" to load this file. \quit
CREATE FUNCTION shortlist_trial(skillset) RETURNS jsonb AS 'MODULE_PATHNAME', 'skillset_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION shortlist_trial(skillset) IS 'made for a test';
SQL
close $out or die;
chmod 0644, $script;

create_tables();
my $before = must($members);
my $files  = q{SELECT string_agg(relname || ' ' || pg_relation_filenode(oid), ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'asked'::regnamespace};
my $kept   = must($files);
is(ask('data', "SET client_min_messages = error; ALTER EXTENSION shortlist UPDATE; SELECT extversion FROM pg_extension WHERE extname = 'shortlist'"), $default, 'to the default version there is nothing to do');
is(must($members), $before, 'and nothing is done');

# Rolled back, it leaves what was there.
ask('data', "BEGIN; ALTER EXTENSION shortlist UPDATE TO 'trial'; ROLLBACK");
is(must("SELECT extversion FROM pg_extension WHERE extname = 'shortlist'") . must($members), $default . $before, 'an update that is rolled back changes nothing');

ok(defined ask('data', "ALTER EXTENSION shortlist UPDATE TO 'trial'"), "an update from $default", last_error());
is(ask('data', q{SELECT extversion, shortlist_trial('sql:3') FROM pg_extension WHERE extname = 'shortlist'}), 'trial|{"sql": 3}', 'brings what its script makes');
is(ask('data', 'SELECT count(*) FROM regexp_split_to_table($$' . must($members) . '$$, E\'\n\') m WHERE m NOT IN (SELECT regexp_split_to_table($$' . $before . '$$, E\'\n\'))'),
	1, 'and nothing else');
is(must($files), $kept, 'no table or index was written anew');
check_answers('data', 'updated', 20);
must('SELECT asked.add_rows(300)');
check_answers('data', 'updated, then written to', 20);
is(ask('data', "BEGIN; DROP EXTENSION shortlist CASCADE; SELECT count(*) FROM pg_proc WHERE proname ~ '^shortlist_'; ROLLBACK"), 0, 'what the script made is a member, and goes with the extension');
finish();
