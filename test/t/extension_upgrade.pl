#!/usr/bin/perl
# ALTER EXTENSION shortlist UPDATE: from every version that has an install script there is a path to the default version, and what it leads to
# is what installing the default version makes.  1.0 is the first version, so the path from it is tried with a version made for the purpose:
# scripts trial and 1.0--trial as a release would bring them, run where there are rows and indexes of both kinds; and with update scripts that
# forget something.
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
my $members = q{SELECT string_agg(m, E'\n' ORDER BY m COLLATE "C") FROM installed.members() m};
load_members();

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

sub write_script
{
	my ($versions, @statements) = @_;
	my $script = "$directory/extension/shortlist--$versions.sql";
	open my $out, '>', $script or die "cannot write $script: $!\n";
	print $out @statements;
	close $out or die "cannot write $script: $!\n";
	chmod 0644, $script;
}

sub read_script
{
	my ($versions) = @_;
	open my $in, '<', "$directory/extension/shortlist--$versions.sql" or die "no script of $versions: $!\n";
	local $/;
	return scalar <$in>;
}

# What a release may bring: each a statement that its two scripts have, or that one of them forgets.
my @news = (
	['a function',          "CREATE FUNCTION shortlist_trial(skillset) RETURNS jsonb AS 'MODULE_PATHNAME', 'skillset_to_jsonb' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE"],
	['a comment',           "COMMENT ON FUNCTION skillset_to_jsonb(skillset) IS 'made for a test'"],
	['a comment of a column', "COMMENT ON COLUMN event_sources.zone IS 'made for a test'"],
	['support',             'ALTER FUNCTION skill_count(skillset) SUPPORT shortlist_operator_support'],
	['a right',             'REVOKE ALL ON FUNCTION shortlist_last_scan() FROM PUBLIC'],
	['a cost',              'ALTER FUNCTION skill_cost(skillset, jobspec) COST 77'],
	['a body',              "CREATE OR REPLACE FUNCTION event_last_scan(OUT pages bigint, OUT inner_entries bigint, OUT rows bigint) AS 'MODULE_PATHNAME', 'shortlist_last_scan' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED"],
	['a member of a class', 'ALTER OPERATOR FAMILY eventfacts_ops USING btree ADD FUNCTION 4 (eventfacts, eventfacts) pg_catalog.btequalimage(oid)'],
	['a row',               "INSERT INTO event_exchange_rates (currency, rate) VALUES ('XTS', 7)"],
	['a column',            'ALTER TABLE event_exchange_rates ADD trial text'],
	['what is dumped',      "SELECT pg_catalog.pg_extension_config_dump('event_exchange_rates', 'WHERE rate > 1')"],
);
write_script('trial', read_script($default), map { "$$_[1];\n" } @news);
write_script("$default--trial", qq{\\echo Use "ALTER EXTENSION shortlist UPDATE TO 'trial'" to load this file. \\quit\n}, map { "$$_[1];\n" } @news);
must("CREATE EXTENSION shortlist VERSION 'trial'");
my $trial = must($members);
must('DROP EXTENSION shortlist');
for my $forgotten (@news)
{
	write_script("$default--forgetful", map { "$$_[1];\n" } grep { $_ != $forgotten } @news);
	must("CREATE EXTENSION shortlist VERSION '$default'; ALTER EXTENSION shortlist UPDATE TO 'forgetful'");
	ok(must($members) ne $trial, "an update script that forgets $$forgotten[0] would be noticed");
	must('DROP EXTENSION shortlist');
}

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
is(must($members), $trial, "and makes what installing the new version makes");
is(must($files), $kept, 'no table or index was written anew');
check_answers('data', 'updated', 20);
must('SELECT asked.add_rows(300)');
check_answers('data', 'updated, then written to', 20);
is(ask('data', "BEGIN; DROP EXTENSION shortlist CASCADE; SELECT count(*) FROM pg_proc WHERE proname ~ '^shortlist_'; ROLLBACK"), 0, 'what the script made is a member, and goes with the extension');
finish();
