#!/usr/bin/perl
# SIGKILL to the whole server under load: no row that was acknowledged is lost, and the indexes answer as the sequential scan does.
# usage: test/tools/run-tap index_crash
#
# settings: full_page_writes = on; synchronous_commit = on; wal_consistency_checking = all; autovacuum = off; max_wal_size = 64MB; checkpoint_timeout = 30s
#
# In each cycle four sessions write, one vacuums, and one does what is to be interrupted: a build, a vacuum, merges.  Recovery compares each page
# with what the server had before (wal_consistency_checking).  It is the processes that are killed, not the machine: fsync is off.
#
# CYCLES   how often: 20, or 200 under STRESS=1; 20 take about two minutes
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $cycles = amount('CYCLES', 20, 200);

# Queries that tell that the server is at it.
my $building  = 'FROM pg_stat_progress_create_index';
my $vacuuming = q{FROM pg_stat_progress_vacuum WHERE phase ~ 'index' AND relid::regclass::text ~ 'large'};
my $inserting = q{FROM pg_stat_activity WHERE state = 'active' AND query ~ '^INSERT INTO asked.large'};

# Slowly, so that the indexes take their time too; a part of the rows each time.
sub vacuum_slowly
{
	my ($table) = @_;
	return join '; ', 'SET vacuum_cost_delay = 1', 'SET vacuum_cost_limit = 40',
	  map { ("DELETE FROM $table WHERE abs(id) % 20 = $_", "VACUUM $table") } 1 .. 20;
}

# What is done over and over until the server is killed.
my @work = (
	['a build',                 $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX l ON asked.large_people USING shortlist (value)'],
	['a vacuum',                $vacuuming, vacuum_slowly('asked.large_people')],
	['a concurrent reindex',    $building,  'REINDEX INDEX CONCURRENTLY asked.people_value; REINDEX INDEX CONCURRENTLY asked.jobs_value; REINDEX INDEX CONCURRENTLY asked.meetups_value'],
	['merges',                  $inserting, 'INSERT INTO asked.large_people SELECT 1000000000 + nextval($$asked.ids$$), k, value FROM asked.large_people LIMIT 200'],
	['a sorted GiST build',     $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX l ON asked.large_events USING gist (value)'],
	['a reindex',               $building,  'REINDEX INDEX asked.people_value; REINDEX INDEX asked.events_value'],
	['a concurrent build',      $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX CONCURRENTLY l ON asked.large_people USING shortlist (value)'],
	['merges of events',        $inserting, 'INSERT INTO asked.large_meetups SELECT 1000000000 + nextval($$asked.ids$$), k, value FROM asked.large_meetups LIMIT 200'],
	['a vacuum of events',      $vacuuming, vacuum_slowly('asked.large_meetups')],
	['a vacuum of GiST',        $vacuuming, vacuum_slowly('asked.large_events')],
	['a build of events',       $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX l ON asked.large_meetups USING shortlist (value)'],
	['a GiST build by inserts', $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX l ON asked.large_events USING gist (value) WITH (buffering = off)'],
	['a GiST buffering build',  $building,  'DROP INDEX IF EXISTS asked.l; CREATE INDEX l ON asked.large_events USING gist (value) WITH (buffering = on)'],
);

sub crash_while_working
{
	my ($cycle) = @_;
	my ($what, $query, $statements) = @{ $work[ ($cycle - 1) % @work ] };
	my @ledgers = start_writers(4, 60);

	start_vacuum(60);
	pause(0.2 + rand 0.3);
	start_session("$dir/work", join('', map { "$_;\n" } split /; /, $statements) x 1000);
	my $at_work = await_work($query);
	pause($what =~ /^merges/ ? 0.2 + rand 0.1 : $cycle > @work ? rand 0.03 : 0);
	crash();
	ok($at_work, "cycle $cycle: killed while at work on $what");
	return @ledgers;
}

sub check_cycle
{
	my ($cycle) = @_;
	my @ledgers = crash_while_working($cycle);

	check_ledger("cycle $cycle", @ledgers);
	check_answers('data', "cycle $cycle", 3);
	check_indexes('data', "cycle $cycle");
	# What a build left behind is gone, or said to be invalid.
	must('DROP INDEX IF EXISTS asked.l');
	for my $index (split /\n/, must(q{SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid}))
	{
		must("DROP INDEX $index");
	}
	is(differences('data', $_, 1), '', "cycle $cycle: so does the one on $_") for qw(large_people large_events large_meetups);
	is(must("SELECT lost_pages FROM shortlist_check('asked.${_}_value')"), 0, "cycle $cycle: no page of it is lost") for qw(large_people large_meetups);
	create_large() if $cycle % @work == 0;
}

# Indexes that were built just before a crash; and unlogged tables, which a crash empties.
sub check_built_and_unlogged
{
	must("CREATE UNLOGGED TABLE asked.unlogged_$_ (LIKE asked.$_ INCLUDING ALL)") for @relations;
	must("CREATE INDEX ON asked.unlogged_people USING shortlist (value); CREATE INDEX ON asked.unlogged_jobs USING shortlist (value);
		CREATE INDEX ON asked.unlogged_events USING gist (value); CREATE INDEX ON asked.unlogged_meetups USING shortlist (value)");
	must("INSERT INTO asked.unlogged_$_ SELECT * FROM asked.$_ LIMIT 2000") for @relations;
	must('REINDEX TABLE asked.people; REINDEX TABLE asked.jobs; REINDEX TABLE asked.events; REINDEX TABLE asked.meetups');
	crash();
	check_answers('data', 'built just before a crash', 3);
	for my $relation (@relations)
	{
		my $type = $relation eq 'people' ? 'jobspec' : $relation eq 'jobs' ? 'skillset' : 'eventpref';
		my $argument = $type eq 'eventpref' ? '{"price": {"scale": 1}}' : 'a';
		is(must("SET enable_seqscan = off; SET enable_sort = off; SELECT count(*) FROM (SELECT id FROM asked.unlogged_$relation ORDER BY value <=> '$argument'::$type) s"),
			0, "an unlogged table of $relation is empty after a crash");
		must("INSERT INTO asked.unlogged_$relation SELECT * FROM asked.$relation LIMIT 2000");
		is(differences('data', "unlogged_$relation", 3), '', 'and can be filled again');
	}
}

# Under wal_level = minimal, what is built by the transaction that made the table, or the index, is not logged but written before commit.
sub check_minimal
{
	must("ALTER SYSTEM SET $_") for 'wal_level = minimal', 'max_wal_senders = 0';
	crash();
	is(must('SHOW wal_level'), 'minimal', 'wal_level = minimal');
	for my $relation (@relations)
	{
		my $method = $relation eq 'events' ? 'gist (value)' : 'shortlist (value) WITH (tail_size = 64)';
		must("BEGIN; CREATE TABLE asked.fresh_$relation (LIKE asked.$relation); INSERT INTO asked.fresh_$relation SELECT * FROM asked.$relation LIMIT 2000;
			CREATE INDEX ON asked.fresh_$relation USING $method; INSERT INTO asked.fresh_$relation SELECT id + 1000000000, k, value FROM asked.$relation LIMIT 2000; COMMIT");
		must("INSERT INTO asked.fresh_$relation SELECT id + 2000000000, k, value FROM asked.$relation LIMIT 1000");
		must("REINDEX TABLE asked.$relation");
	}
	crash();
	check_answers('data', 'built without WAL', 3);
	is(differences('data', "fresh_$_", 3), '', "made with its table without WAL: the index on $_ answers as the sequential scan does") for @relations;
	is(must("SELECT count(*) FROM asked.fresh_people"), 5000, 'and all rows are there');
}

create_tables();
create_large();

check_cycle($_) for 1 .. $cycles;
check_built_and_unlogged();
check_minimal();

check_indexes('data', 'after all');
is(scalar(log_lines('not properly shut down')), $cycles + 3, 'the server recovered from each crash');
is(join('', log_lines('inconsistent page|PANIC|TRAP:|terminated by signal (?!9)')), '', 'no page differed in recovery');
finish();
