#!/usr/bin/perl
# Memory and patience: ten thousand rescans do not grow, a build keeps to maintenance_work_mem, everything can be cancelled within a second,
# and where memory ends there is an error, not a crash.
# usage: test/tools/run-tap index_limits
#
# settings: autovacuum = off; shared_buffers = 64MB; max_wal_size = 4GB
#
# SEED     a whole number, where random values start
# STRESS=1 more rows, and the server in little address space (ulimit -v)
use strict;
use warnings;
use Time::HiRes qw(time);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $copies = amount('COPIES', 60, 200);
my $cancels = amount('CANCELS', 3, 25);

my $setup = <<"SQL";
CREATE TABLE asked.many_people AS SELECT p.id * 1000 + i AS id, k, value FROM asked.people p, generate_series(1, $copies) i;
CREATE TABLE asked.many_events AS SELECT p.id * 1000 + i AS id, k, value FROM asked.events p, generate_series(1, $copies) i;
CREATE TABLE asked.many_meetups AS SELECT p.id * 1000 + i AS id, k, value FROM asked.meetups p, generate_series(1, $copies) i;
CREATE TABLE asked.into_people (id bigint, k int, value skillset);
CREATE INDEX into_people_value ON asked.into_people USING shortlist (value) WITH (tail_size = 64);
CREATE TABLE asked.arguments AS SELECT n, asked.some_job() AS job, asked.some_person() AS person, asked.some_wish()::eventpref AS wish FROM generate_series(0, 19) n;
-- STABLE would be computed once for all rows of a query.
CREATE FUNCTION asked.memory_used() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts';
SQL

# --- memory ------------------------------------------------------------------

# Memory in use after each tenth of the rescans, inside of one query.
sub check_rescans
{
	my ($relation, $argument, $leak) = @_;
	my $answer = must("SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off; SET enable_memoize = off;
		SELECT string_agg(used::text, ' ' ORDER BY g) FROM (
			SELECT g, CASE WHEN g % 1000 = 0 THEN asked.memory_used() END AS used
			FROM generate_series(1, 10000) g JOIN asked.arguments a ON a.n = g % 20,
			     LATERAL (SELECT max(cost) AS worst FROM (SELECT value <=> a.$argument AS cost FROM asked.$relation WHERE g > 0 ORDER BY value <=> a.$argument LIMIT 5) b) c
			OFFSET 0) s
		WHERE used IS NOT NULL");
	my @used = split / /, $answer;
	my $growth = $used[-1] - $used[0];
	ok(@used == 10 && $growth < 65536 + 10000 * $leak, "memory does not grow with rescans of $relation", "after every 1000: $answer");
	my $scans = must("SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes WHERE relname = '$relation'");
	ok($scans >= 10000, 'which the index did', "$scans scans");
}

# Memory of its own, in kB, of a process: what it shares is not counted.
sub private_memory
{
	my ($pid) = @_;
	open my $in, '<', "/proc/$pid/status" or return 0;
	while (<$in>)
	{
		return $1 if /^RssAnon:\s+(\d+) kB/;
	}
	return 0;
}

# The most memory that statements took while they ran, in kB, beyond what the session had before.
sub peak_memory
{
	my ($settings, $statements) = @_;
	my $file = "$dir/measured";
	unlink $file;
	my $pid  = start_session($file, "$settings;\nSELECT pg_backend_pid();\nSELECT pg_sleep(0.3) \\g /dev/null\n$statements;\n");
	my ($backend, $first, $most) = (0, 0, 0);
	while (waitpid($pid, 1) == 0)
	{
		if (!$backend && open my $in, '<', $file) { chomp($backend = <$in> // 0); }
		my $now = $backend ? private_memory($backend) : 0;
		$first ||= $now;
		$most = $now if $now > $most;
		pause(0.005);
	}
	is(join('', psql_errors($file)), '', 'no error');
	return $most - $first;
}

sub check_build_memory
{
	my ($table, $times) = @_;
	my $build  = "DROP INDEX IF EXISTS asked.${table}_value; CREATE INDEX ${table}_value ON asked.$table USING shortlist (value)";
	my $little = peak_memory('SET maintenance_work_mem = 8192', $build);
	my $much   = peak_memory('SET maintenance_work_mem = 1048576', $build);
	ok($little < 1.5 * 8192 + 4096, "a build of $table keeps to maintenance_work_mem = 8 MB", "$little kB");
	ok($much > $times * $little, 'and takes more where it may', "$little kB, then $much kB");
}

# --- cancelling --------------------------------------------------------------

# Cancels at a random moment of the first seconds; returns how long it took, undef if all was done before.
sub cancel_once
{
	my ($statement, $within) = @_;
	my $file = "$dir/cancelled";
	my $pid  = start_session($file, "$statement;\n");
	my $cancel = q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state = 'active'};
	pause(0.05 + rand $within);
	my $start = time;
	my $hit   = must($cancel);
	waitpid $pid, 0;
	my $took = time - $start;
	open my $in, '<', "$file.err" or die;
	return (grep { /canceling statement due to user request/ } <$in>) ? $took : undef;
}

sub check_cancel
{
	my ($what, $statement, $within, $before) = @_;
	my ($longest, $times) = (0, 0);
	for (1 .. 4 * $cancels)
	{
		must($before) if defined $before;
		my $took = cancel_once($statement, $within);
		next if !defined $took;
		$longest = $took if $took > $longest;
		last if ++$times == $cancels;
	}
	ok($times > 0 && $longest < 1, sprintf('%s can be cancelled within a second: at most %.2f s of %d times', $what, $longest, $times), "$times times");
}

sub check_cancels
{
	my $slowly   = 'SET vacuum_cost_delay = 1; SET vacuum_cost_limit = 100';
	my $by_index = 'SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off';
	for (['many_people', 'job'], ['many_events', 'wish'], ['many_meetups', 'wish'])
	{
		my ($relation, $argument) = @$_;
		check_cancel("a scan of $relation", "$by_index; SELECT count(cost) FROM asked.arguments a, generate_series(1, 50) g,
			LATERAL (SELECT value <=> a.$argument AS cost FROM asked.$relation ORDER BY value <=> a.$argument LIMIT ALL) s", 1);
	}
	check_cancel('a build', 'CREATE INDEX cancelled ON asked.many_people USING shortlist (value)', 0.8, 'DROP INDEX IF EXISTS asked.cancelled');
	check_cancel('a build in little memory', 'SET maintenance_work_mem = 1024; CREATE INDEX cancelled ON asked.many_people USING shortlist (value)',
		0.8, 'DROP INDEX IF EXISTS asked.cancelled');
	check_cancel('a build of events', 'CREATE INDEX cancelled ON asked.many_meetups USING shortlist (value)', 0.3, 'DROP INDEX IF EXISTS asked.cancelled');
	check_cancel('a build of events in little memory', 'SET maintenance_work_mem = 1024; CREATE INDEX cancelled ON asked.many_meetups USING shortlist (value)',
		0.8, 'DROP INDEX IF EXISTS asked.cancelled');
	check_cancel('a GiST build', 'CREATE INDEX cancelled ON asked.many_events USING gist (value)', 0.3, 'DROP INDEX IF EXISTS asked.cancelled');
	check_cancel('a load that merges', 'INSERT INTO asked.into_people SELECT * FROM asked.many_people', 2);
	check_cancel('a vacuum', "$slowly; VACUUM asked.many_people", 0.3, 'DELETE FROM asked.many_people WHERE abs(id) % 40 = (SELECT min(abs(id) % 40) FROM asked.many_people)');
	check_cancel('a GiST vacuum', "$slowly; VACUUM asked.many_events", 0.3, 'DELETE FROM asked.many_events WHERE abs(id) % 40 = (SELECT min(abs(id) % 40) FROM asked.many_events)');
	must('TRUNCATE asked.into_people');
	must('INSERT INTO asked.into_people SELECT * FROM asked.people');
	is(differences('data', 'into_people', 4), '', 'after all that was cancelled the index answers as the sequential scan does');
}

# --- the end of memory -------------------------------------------------------

# The server's processes get so little address space that a large build cannot be held in it.
sub check_address_space
{
	my ($size) = must(q{SELECT pg_read_file('/proc/self/status')}) =~ /^VmSize:\s+(\d+) kB/m or die "no VmSize\n";
	my $limit = $size + 20000;
	run(as_server('pg_ctl', 'stop', '-m', 'fast', '-w', '-D', "$dir/data")) or die tail("$dir/run.log");
	run(as_server('sh', '-c', "ulimit -v $limit && exec \"\$@\"", 'sh', 'pg_ctl', 'start', '-w', '-D', "$dir/data", '-l', "$dir/data.log", '-o', "-p $port{data}"))
	  or die "the server did not start:\n" . tail("$dir/data.log");
	for (['a build', q{SET maintenance_work_mem = '2GB'; CREATE INDEX starved ON asked.many_people USING shortlist (value)}],
		['a search for everything', q{SET enable_seqscan = off; SET enable_sort = off; SELECT array_agg(value::text) FROM (SELECT value FROM asked.many_people ORDER BY value <=> 's1') s}])
	{
		my ($what, $statement) = @$_;
		my $answer = ask('data', $statement);
		ok(!defined $answer && last_error() =~ /ERROR:  53200: out of memory/ ? 1 : 0, "$what in too little address space ends with an error", last_error());
	}
	is(differences('data', 'people', 4), '', 'then all goes on');
	is(join('', log_lines('terminated by signal|not properly shut down')), '', 'and nothing crashed');
}

create_tables();
must_file($setup);
check_rescans('people', 'job', 0);
check_rescans('jobs', 'person', 0);
check_rescans('meetups', 'wish', 0);
# PostgreSQL's gistrescan() leaves an array of types behind each time, in the memory of the query.
check_rescans('events', 'wish', 24);
check_build_memory('many_people', 2);
check_build_memory('many_meetups', 1.3);
must('CREATE INDEX many_events_value ON asked.many_events USING gist (value)');
check_cancels();
check_address_space() if $ENV{STRESS};
is(join('', log_lines('PANIC|TRAP:|terminated by signal|unexpected page')), '', 'nothing is wrong in the log');
finish();
