#!/usr/bin/perl
# Dump and restore, and pg_upgrade, with indexes of every kind (people, jobs and events by shortlist, events by GiST): from the same version
# of PostgreSQL, and from every earlier one that is installed with its headers (PG=17 test/tools/run-tap server_upgrade where version 15 is too).
# Afterwards every index is the one that was written before, and answers as the sequential scan does; then it is written to.
# usage: test/tools/run-tap server_upgrade
#
# SEED     a whole number, where random values start
# QUERIES  how many random questions are asked of each index
use strict;
use warnings;
use FindBin;
use IPC::Open2;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $questions = amount('QUERIES', 20, 200);
my $root      = "$FindBin::Bin/../..";
my $new       = major_version($ENV{PG_CONFIG});

sub major_version
{
	my ($pg_config) = @_;
	my ($major) = (`'$pg_config' --version` // '') =~ /^PostgreSQL (\d+)/ or die "no version of $pg_config\n";
	return $major;
}

# Earlier versions that an extension can be built for.
sub earlier_versions
{
	my @found;
	for my $pg_config (glob '/usr/lib/postgresql/*/bin/pg_config')
	{
		my $bin = $pg_config =~ s/pg_config$//r;
		chomp(my $makefile = `'$pg_config' --pgxs`);
		my $major = major_version($pg_config);
		push @found, $major if $major >= 14 && $major < $new && -e $makefile && -x "${bin}postgres" && -x "${bin}initdb";
	}
	return sort { $a <=> $b } @found;
}

# --- the server that is left behind --------------------------------------------

# A server of another version, from a tree of its own, since objects are of one version; it runs as long as its input is open.
sub start_old
{
	my ($version) = @_;
	my $tree = $root;
	if ($version != $new)
	{
		$tree = "$dir/tree$version";
		mkdir $tree or die "cannot create $tree: $!\n";
		system("cd '$root' && cp -r Makefile shortlist.control sql src '$tree' && mkdir '$tree/test' && cp -r test/tools '$tree/test' && "
			  . "find '$tree/src' '(' -name '*.o' -o -name '*.bc' ')' -delete") == 0
		  or die "cannot copy the tree\n";
	}
	local %ENV = %ENV;
	delete @ENV{qw(PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS CLUSTER_DIR CLUSTER_SETTINGS)};
	# Not the private copy of the server that this test runs beside: it has the extension already.
	$ENV{PG_CONFIG} =~ s/^\Q$dir\E//;
	if ($version != $new)
	{
		delete $ENV{PG_CONFIG};
		$ENV{PG} = $version;
	}
	open2(my $from, my $to, "$tree/test/tools/with-cluster", 'sh', '-c', 'echo "ready $CLUSTER_DIR $(dirname "$PG_CONFIG")"; cat >/dev/null');
	my $said = '';
	while (my $line = <$from>)
	{
		return { version => $version, dir => $1, bin => $2, from => $from, to => $to } if $line =~ /^ready (\S+) (\S+)$/;
		$said .= $line;
	}
	die "the server of version $version did not start:\n$said";
}

# Runs statements there, by its own psql.
sub ask_old
{
	my ($old, $statements) = @_;
	open my $in, '>', "$dir/old.sql" or die "cannot write $dir/old.sql: $!\n";
	print $in $statements;
	close $in or die;
	my $answer = `LC_ALL=C '$old->{bin}/psql' -h '$old->{dir}' -p 5432 -U postgres -d postgres -XqAt -v ON_ERROR_STOP=1 -f '$dir/old.sql' 2>&1`;
	die "version $old->{version}: $answer\n" if $? != 0;
	chomp $answer;
	return $answer;
}

sub end_old
{
	my ($old) = @_;
	close $old->{to};
	my @rest = readline $old->{from};
	close $old->{from};
}

# --- what is compared ---------------------------------------------------------

# Segments and tails, entries of rows that were deleted, rows that are NULL: all that an index can hold.
my $changes = <<'SQL';
DELETE FROM asked.people WHERE id % 10 = 3;
DELETE FROM asked.jobs WHERE id % 10 = 3;
DELETE FROM asked.events WHERE id % 10 = 3;
DELETE FROM asked.meetups WHERE id % 10 = 3;
VACUUM asked.people, asked.jobs, asked.events, asked.meetups;
SELECT asked.add_rows(700);
UPDATE asked.people SET k = k WHERE id % 7 = 1;
UPDATE asked.events SET k = k WHERE id % 7 = 1;
UPDATE asked.meetups SET k = k WHERE id % 7 = 1;
CREATE TABLE asked.columns (have skillset, need jobspec, facts eventfacts, pref eventpref);
INSERT INTO asked.columns SELECT 'python:4@2026-01-01/30', 'a|b~0.5:1..3*2!', event_facts(51, 0, 10), event_pref(budget => 20);
-- Made of numbers that have never been texts, and of which a text needs all digits.
INSERT INTO asked.columns SELECT skillset(ARRAY['third'], ARRAY[1 / 3.0]), jobspec(ARRAY['third'], ARRAY[1 / 3.0]), event_facts(1 / 3.0, 1 / 3.0, 1 / 3.0), event_pref(budget => 1 / 3.0);
CREATE INDEX columns_order ON asked.columns (facts);
-- What users add to the extension's own tables goes with their dumps.
INSERT INTO event_exchange_rates (currency, rate) VALUES ('XTS', 7);
INSERT INTO event_sources SELECT (s).* FROM (SELECT jsonb_populate_record(s, '{"source": "mine", "builtin": false}') AS s FROM event_sources s ORDER BY source LIMIT 1) one;
CREATE VIEW asked.ranked AS SELECT id, value <=> 's1:3, s2:2*2' AS cost FROM asked.people ORDER BY value <=> 's1:3, s2:2*2';
SQL

# A fingerprint of all rows, by their binary forms: texts that lost something on their way would still be alike.  Where rows are does not count.
my $contents = q{SELECT md5(string_agg(row, ';' ORDER BY row)) FROM (
	SELECT concat_ws('|', id, k, skillset_send(value)) AS row FROM asked.people UNION ALL SELECT concat_ws('|', id, k, jobspec_send(value)) FROM asked.jobs
	UNION ALL SELECT concat_ws('|', id, k, eventfacts_send(value)) FROM asked.events UNION ALL SELECT concat_ws('|', id, k, eventfacts_send(value)) FROM asked.meetups
	UNION ALL SELECT concat_ws('|', skillset_send(have), jobspec_send(need), eventfacts_send(facts), eventpref_send(pref)) FROM asked.columns
	UNION ALL SELECT concat_ws('|', rate.*) FROM event_exchange_rates rate UNION ALL SELECT concat_ws('|', source.*) FROM event_sources source WHERE NOT builtin
	UNION ALL (SELECT concat_ws('|', 'ranked', round(cost::numeric, 12), count(*)) FROM asked.ranked GROUP BY cost)) r};

sub fill_old
{
	my ($old) = @_;
	my $statements = oracle_statements();
	ask_old($old, "$statements\n" . tables_statements() . $changes);
	return ask_old($old, $contents);
}

sub check_new
{
	my ($when, $expected) = @_;
	is(ask('upgraded', $contents) // last_error(), $expected, "$when: all rows are there");
	check_indexes('upgraded', $when);
	check_answers('upgraded', $when, $questions);
	my $written = ask('upgraded', 'SELECT asked.add_rows(300)');
	ok(defined $written, "$when: the indexes can be written to", last_error());
	ask('upgraded', 'VACUUM ANALYZE asked.people, asked.jobs, asked.events, asked.meetups');
	check_answers('upgraded', "$when, then written to", $questions);
}

# --- the two ways -------------------------------------------------------------

# Both servers must keep checksums, or neither: since version 18 they are kept unless one says otherwise.
sub init_upgraded
{
	my ($old) = @_;
	my @checksums = $new >= 18 && $old->{version} < 18 ? ('--no-data-checksums') : ();
	run('rm', '-rf', "$dir/upgraded");
	run(as_server('initdb', '-D', "$dir/upgraded", '-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8', @checksums))
	  or die "initdb failed:\n" . tail("$dir/run.log");
	run(as_server('sh', '-c', "printf '%s\\n' \"listen_addresses = ''\" \"unix_socket_directories = '$dir'\" 'fsync = off' \"timezone = 'UTC'\" >>'$dir/upgraded/postgresql.conf'"))
	  or die "cannot write settings:\n" . tail("$dir/run.log");
}

sub stop_upgraded
{
	run(as_server('pg_ctl', 'stop', '-w', '-m', 'fast', '-D', "$dir/upgraded")) or die tail("$dir/run.log");
}

# In each server the database is called postgres, which pg_upgrade and psql agree upon.
sub dump_and_restore
{
	my ($old, $expected, $when) = @_;
	init_upgraded($old);
	start_server('upgraded');
	my $dump = "$dir/dump.sql";
	ok(run('pg_dump', '-h', $old->{dir}, '-p', 5432, '-U', 'postgres', '-d', 'postgres', '-f', $dump), "$when: dumped", tail("$dir/run.log"));
	ok(run('psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-p', $port{upgraded}, '-d', 'postgres', '-o', '/dev/null', '-f', $dump), "$when: restored", tail("$dir/run.log"));
	check_new("$when, dumped and restored", $expected);
	stop_upgraded();
}

# Where each index is stored: pg_upgrade keeps the files, so that what is read afterwards is what the older server wrote.
my $files = q{SELECT string_agg(relname || ' ' || pg_relation_size(oid), ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'asked'::regnamespace AND relkind = 'i'};

sub pg_upgrade
{
	my ($old, $expected, $when) = @_;
	my $sizes = ask_old($old, $files);
	init_upgraded($old);
	run(as_server("$old->{bin}/pg_ctl", 'stop', '-w', '-m', 'fast', '-D', "$old->{dir}/data")) or die tail("$dir/run.log");
	chomp(my $bin = `dirname '$ENV{PG_CONFIG}'`);
	my $done = run(as_server('sh', '-c', 'mkdir -p "$1" && cd "$1" && exec "$5/pg_upgrade" -d "$2" -D "$3" -b "$4" -B "$5" -p 50432 -P 50433 -U postgres', 'sh',
		"$dir/upgrading", "$old->{dir}/data", "$dir/upgraded", $old->{bin}, $bin));
	ok($done, "$when: pg_upgrade", tail("$dir/run.log")) or return;
	start_server('upgraded');
	is(ask('upgraded', $files), $sizes, "$when: no index was built anew");
	check_new("$when, upgraded", $expected);
	stop_upgraded();
}

$port{upgraded} = $ENV{PGPORT} + 2;
my @earlier = earlier_versions();
for my $version ($new, @earlier)
{
	my $when     = "from version $version to $new";
	my $old      = start_old($version);
	my $expected = fill_old($old);
	$ENV{PGDATABASE} = 'postgres';
	dump_and_restore($old, $expected, $when);
	pg_upgrade($old, $expected, $when);
	end_old($old);
}
skip('from an earlier version', "none is installed besides $new") if !@earlier;
is(join('', log_lines('PANIC|TRAP:|terminated by signal')), '', 'nothing is wrong in the log');
finish();
