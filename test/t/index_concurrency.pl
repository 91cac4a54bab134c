#!/usr/bin/perl
# Eight clients insert, update, delete, search, keep cursors open and vacuum: no row twice, none lost, no error, and in each snapshot
# the indexes answer as the sequential scan does.
# usage: test/tools/run-tap index_concurrency
#
# settings: synchronous_commit = on; autovacuum = off
#
# SECONDS  how long: 120, or 1800 under STRESS=1
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $seconds = amount('SECONDS', 120, 1800);

# Each transaction has one snapshot; a line that is not empty tells of a difference.
sub start_searching
{
	my ($name, $question) = @_;
	my $file  = "$dir/$name";
	my $start = sprintf '%.6f', rand;
	start_session($file, "SELECT setseed($start) \\g /dev/null\nBEGIN ISOLATION LEVEL REPEATABLE READ;\n"
		  . join("COMMIT;\nBEGIN ISOLATION LEVEL REPEATABLE READ;\n", (map { sprintf("SELECT 'asked', $question;\n", $_) } @relations) x (20 * $seconds)) . "COMMIT;\n");
	return $file;
}

# How often a session asked, and what it was told.
sub heard
{
	my (@files) = @_;
	my ($times, $found) = (0, '');
	for my $file (@files)
	{
		open my $in, '<', $file or die "no $file: $!\n";
		while (<$in>)
		{
			if (/^asked\|(.*)/) { $times++; $found .= "$1\n" if $1 ne ''; }
			else                { $found .= $_; }
		}
	}
	return ($times, substr $found, 0, 3000);
}

# While a cursor is open long enough for vacuums and merges to pass.
my $cursor = q{oracle.cursor_difference(('asked.%1$s', '<=>', asked.some_argument('%1$s'), NULL, NULL, NULL), 'SELECT pg_sleep(0.3)')};

# A merge that begins while vacuum deletes from the index: it would copy pointers that vacuum then clears where they were, did it not wait.
sub check_merge_beside_vacuum
{
	must(q{CREATE TABLE asked.crossed AS SELECT i AS id, skillset(ARRAY['a'], ARRAY[i]) AS value FROM generate_series(1, 0) i;
		CREATE INDEX crossed_value ON asked.crossed USING shortlist (value) WITH (tail_size = 8192);
		INSERT INTO asked.crossed SELECT i, skillset(ARRAY['a'], ARRAY[i]) FROM generate_series(1, 5000) i;
		DELETE FROM asked.crossed WHERE id % 2 = 0});
	# Slowly: a page takes 40 ms.
	my $vacuum   = start_session("$dir/crossed", "SET vacuum_cost_delay = 10;\nSET vacuum_cost_limit = 1;\nVACUUM asked.crossed;\n");
	my $deleting = 0;
	for (1 .. 3000)
	{
		$deleting = must(q{SELECT count(*) FROM pg_stat_progress_vacuum WHERE phase = 'vacuuming indexes'});
		last if $deleting;
		pause(0.02);
	}
	ok($deleting, 'vacuum deletes from an index');
	must(q{SELECT shortlist_merge('asked.crossed_value')});
	waitpid $vacuum, 0;
	is(join('', psql_errors("$dir/crossed")), '', 'and has no error');
	is(ask('data', q{SELECT entries FROM shortlist_check('asked.crossed_value')}) // last_error(), 2500, 'a merge beside it copies no pointer of a row that is gone');
}

create_tables();
check_merge_beside_vacuum();
my $before  = must('SELECT last_value FROM asked.ids');
my @writers = start_writers(3, $seconds + 10);
my $vacuum  = start_vacuum($seconds + 10);
my @search  = map { start_searching("search$_", q{asked.differences('%s', 1)}) } 1 .. 2;
my @cursors = map { start_searching("cursor$_", $cursor) } 1 .. 2;
pause($seconds);
ok(must(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()}) == 8, 'eight clients were at work to the end');
stop_sessions();

is(join('', psql_errors(@writers, $vacuum, @search, @cursors)), '', 'no session had an error');
my ($times, $found) = heard(@search);
is($found, '', "random questions were answered as the sequential scan does, $times times");
ok($times >= $seconds / 4, 'often', "only $times times");
($times, $found) = heard(@cursors);
is($found, '', "cursors that stood open returned what the sequential scan does, $times times");
ok($times >= $seconds / 8, 'often', "only $times times");
my $acknowledged = check_ledger('after all', @writers);
ok($acknowledged > 10 * $seconds, 'much was written', "$acknowledged rows");
check_answers('data', 'after all', 10);
check_indexes('data', 'after all');
must('VACUUM asked.people, asked.jobs, asked.events, asked.meetups');
check_answers('data', 'vacuumed', 10);
check_indexes('data', 'vacuumed');
is(join('', log_lines('PANIC|TRAP:|terminated by signal|unexpected page')), '', 'nothing is wrong in the log');
finish();
