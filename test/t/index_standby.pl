#!/usr/bin/perl
# A standby under load answers as its own sequential scan does; then it is promoted, checked and written to.
# usage: test/tools/run-tap index_standby
#
# settings: full_page_writes = on; synchronous_commit = on; wal_consistency_checking = all; wal_retrieve_retry_interval = 100ms; autovacuum = off; max_standby_streaming_delay = 1s; wal_receiver_status_interval = 1s
#
# The standby compares each page that it replays with the primary's (wal_consistency_checking).
#
# SECONDS  how long the load lasts: 10, or 600 under STRESS=1
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $seconds = amount('SECONDS', 10, 600);
my $merged  = 'was merged on the primary';

# Builds beside the writers.  Not CONCURRENTLY: on the primary that waits for older snapshots, which may need rows that the new index lacks,
# but it does not know of those of a standby.  There, whatever the access method, such a snapshot would miss rows.
sub start_building
{
	my $file = "$dir/building";
	start_session($file, "REINDEX INDEX asked.people_value;\nREINDEX INDEX asked.jobs_value;\nREINDEX INDEX asked.events_value;\nREINDEX INDEX asked.meetups_value;\nSELECT pg_sleep(1) \\g /dev/null\n" x 2000);
	return $file;
}

# A cursor that stands open while the primary merges and uses blocks again.
sub cursor_difference
{
	my ($relation) = @_;
	return ask_standby("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT oracle.cursor_difference(('asked.$relation', '<=>', asked.some_argument('$relation'),
		NULL, NULL, NULL), 'SELECT pg_sleep(0.3)'); COMMIT");
}

# Asks the standby for as long; returns how often it answered, and what was wrong.  Queries that recovery cancels are asked again; where the
# machine is so slow that it cancels all of them, there is no answer to count.
sub ask_for_long
{
	my ($until) = @_;
	my ($asked, $times, $found) = (0, 0, '');
	while (time < $until || ($times < 3 && time < $until + 300))
	{
		my $relation = $relations[ $asked % @relations ];
		my $answer   = int($asked++ / @relations) % 2 ? cursor_difference($relation) : differences('standby', $relation, 1);
		next if cancelled_by_recovery($answer);
		$times++;
		$found .= $answer;
	}
	return ($times, $found);
}

sub standby_with
{
	my ($feedback) = @_;
	my $before = log_lines($merged);
	my $first  = must('SELECT last_value FROM asked.ids');
	ask('standby', "ALTER SYSTEM SET hot_standby_feedback = $feedback");
	ask('standby', 'SELECT pg_reload_conf()');
	pause(2);
	my $settled = log_lines($merged);
	my ($times, $found) = ask_for_long(time + $seconds / 2);
	is($found, '', "hot_standby_feedback = $feedback: under load the standby answers as its sequential scan does ($times times)");
	ok($times >= 3, 'often', "only $times times");
	is(log_lines($merged) - $settled, 0, 'and no query has to be repeated since pages were used again') if $feedback eq 'on';
	ok(must('SELECT last_value FROM asked.ids') > $first + 50, 'much was written meanwhile');
}

# A cursor that is opened on the standby, while it tells the primary nothing of that, and fetched from after promotion; by then the primary has
# merged what the cursor reads, and used its blocks again.  Returns what the session printed.
sub promote_under_cursor
{
	my $file = "$dir/cursor";
	ask('standby', 'ALTER SYSTEM SET hot_standby_feedback = off');
	ask('standby', 'SELECT pg_reload_conf()');
	pause(2);
	my $pid = start_session($file, "\\connect - - - $port{standby}\n\\set VERBOSITY verbose\nSET enable_seqscan = off; SET enable_sort = off;\nBEGIN;\n"
		  . "DECLARE c CURSOR FOR SELECT id FROM asked.people ORDER BY value <=> 's1:2'::jobspec;\nFETCH c;\nSELECT 'opened' AS opened \\g $file.opened\n"
		  . "DO 'BEGIN WHILE pg_is_in_recovery() LOOP PERFORM pg_sleep(0.1); END LOOP; END';\nFETCH ALL c \\g /dev/null\n");
	for (1 .. 600)
	{
		last if -s "$file.opened";
		pause(0.1);
	}
	for (1 .. 4)
	{
		must('INSERT INTO asked.people SELECT nextval($$asked.ids$$), k, value FROM asked.people LIMIT 500');
		must(q{SELECT shortlist_merge('asked.people_value')});
	}
	await_standby();
	promote('standby');
	waitpid $pid, 0;
	return join '', psql_errors($file);
}

create_tables();
start_standby();
my @ledgers = start_writers(4, 2 * $seconds + 60);
my @others  = (start_vacuum(2 * $seconds + 60), start_building());
standby_with('off');
standby_with('on');
stop_sessions();
is(join('', psql_errors(@ledgers, @others)), '', 'no session had an error');
check_ledger('after the load', @ledgers);
check_answers('data', 'on the primary', 4);

ok(await_standby(), 'the standby has caught up', tail("$dir/standby.log"));
is(ask('standby', 'SELECT pg_is_in_recovery()'), 't', 'it is a standby');
check_answers('standby', 'on the standby', 4);
must('DELETE FROM asked.people WHERE id % 3 = 0; DELETE FROM asked.jobs WHERE id % 3 = 0; DELETE FROM asked.events WHERE id % 3 = 0; DELETE FROM asked.meetups WHERE id % 3 = 0');
must('VACUUM asked.people, asked.jobs, asked.events, asked.meetups');
ok(await_standby(), 'it follows a vacuum');
check_answers('standby', 'after a vacuum', 4);
my $sum = 'SELECT md5(string_agg(t.id || $$/$$ || t.value::text, $$,$$ ORDER BY id)) FROM asked.people t';
is(ask('standby', $sum), must($sum), 'the rows are those of the primary');

my $fetched = promote_under_cursor();
ok($fetched =~ /40001.*was merged on the primary/ ? 1 : 0, 'a cursor of the standby that was promoted has to be opened again', $fetched);
is(ask('standby', 'SELECT pg_is_in_recovery()'), 'f', 'promoted');
check_ghosts('standby', 'after promotion');
check_answers('standby', 'after promotion', 4);
check_indexes('standby', 'after promotion');
ok(defined ask('standby', 'SELECT asked.add_rows(2000)'), 'rows are added', last_error());
ok(defined ask('standby', 'VACUUM asked.people, asked.jobs, asked.events, asked.meetups'), 'and vacuumed', last_error());
check_answers('standby', 'written to after promotion', 4);
check_indexes('standby', 'written to after promotion');

is(join('', log_lines('inconsistent page|PANIC|TRAP:|terminated by signal')), '', 'no page differed');
finish();
