#!/usr/bin/perl
# Memory and patience: ten thousand rescans do not grow, a build keeps to maintenance_work_mem, a search takes little for each row, everything can
# be cancelled within a second, and where memory ends, or a value's largest size, there is an error, not a crash.
# usage: test/tools/run-tap index_limits
#
# settings: autovacuum = off; shared_buffers = 64MB; max_wal_size = 4GB
#
# SEED     a whole number, where random values start
# STRESS=1 more rows, values of 1 GB (which take 6 GB of memory), and the server in little address space (ulimit -v)
use strict;
use warnings;
use Time::HiRes qw(time);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $copies = amount('COPIES', 60, 200);
my $cancels = amount('CANCELS', 2, 25);

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

# Rows that were scored wait in memory until it is their turn, 24 bytes each, however little work_mem is; the bounds of what is not opened take
# less.  A sort takes what its rows take, and a file where that is more than work_mem.
sub check_scan_memory
{
	my ($relation, $question) = @_;
	my $rows  = must("SELECT count(*) FROM asked.$relation");
	my $query = "SELECT count(cost) FROM (SELECT value <=> $question AS cost FROM asked.$relation ORDER BY value <=> $question OFFSET 0) s";
	my $index = peak_memory(q{SET work_mem = '64kB'; SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off}, $query);
	my $sort  = peak_memory(q{SET work_mem = '1GB'; SET max_parallel_workers_per_gather = 0; SET enable_indexscan = off}, $query);
	ok($index * 1024 < 2048 * 1024 + 32 * $rows, "a search for all $rows rows of $relation takes $index kB, less than 2 MB and 32 bytes of each");
	ok($index < 1.5 * $sort, "which is no more than half as much again as the $sort kB of a sort of the costs in memory");
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

# What is to be cancelled beside indexes: tables of what documents and vocabularies hold.  The titles are of two kinds, so that pairs
# of listings are not found in the order in which they are sorted.
my $documents = <<"SQL";
CREATE EXTENSION pg_trgm;
CREATE TABLE asked.many_jobs AS SELECT p.id * 1000 + i AS id, k, value FROM asked.jobs p, generate_series(1, $copies) i;
CREATE TABLE asked.listings AS SELECT id, 'site ' || id AS source, (ARRAY['jazz', 'jazz jam'])[1 + id * 7 % 11 % 2] AS title, timestamptz '2026-05-01 19:00+00' AS starts_at,
	false AS date_only, 51.5 AS latitude, -0.1 AS longitude FROM generate_series(1, 4800) id;
CREATE TABLE asked.vocabulary AS SELECT 'skill ' || md5(i::text) AS skill FROM generate_series(1, 10000 * $copies) i;
CREATE TABLE asked.names AS SELECT skill FROM asked.vocabulary LIMIT 1000;
CREATE TABLE asked.document AS SELECT
	(SELECT string_agg('the ' || skill || ' of it ', '') FROM asked.vocabulary) AS prose,
	'BEGIN:VCALENDAR' || (SELECT string_agg(E'\\r\\nBEGIN:VEVENT\\r\\nUID:' || i || E'\\r\\nSUMMARY:Jazz\\r\\nDTSTART:20260501T190000Z\\r\\nRRULE:FREQ=DAILY;COUNT=50\\r\\nEND:VEVENT', '')
		FROM generate_series(1, 50 * $copies) i) || E'\\r\\nEND:VCALENDAR' AS calendar,
	(SELECT jsonb_agg(jsonb_build_object('\@type', 'Event', 'name', 'Jazz', 'startDate', '2026-05-01T19:00:00Z')) FROM generate_series(1, 1000 * $copies) i) AS events,
	(SELECT array_agg(jsonb_populate_record(NULL::event_listing, jsonb_build_object('title', 'Jazz', 'source', i % 7, 'url', i))) FROM generate_series(1, 1000 * $copies) i) AS listings;
SQL

# Cancels at a random moment of the first seconds, or, if there is something to wait for, once the server is at that; returns how long
# it took, undef if all was done before.
sub cancel_once
{
	my ($case, $share) = @_;
	my $file = "$dir/cancelled";
	my $pid  = start_session($file, "$case->{statement};\n");
	my $cancel = q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state = 'active'};
	if (defined $case->{await}) { await_work($case->{await}); }
	else { pause($share * (0.05 + rand $case->{within})); }
	my $start = time;
	my $hit   = must($cancel);
	waitpid $pid, 0;
	my $took = time - $start;
	open my $in, '<', "$file.err" or die;
	return (grep { /canceling statement due to user request/ } <$in>) ? $took : undef;
}

# How often a statement was cancelled is told, too.  One that is done before is cancelled earlier the next time; on a machine where it is
# always done before, nobody has to wait for it.
sub check_cancel
{
	my ($what, $case) = @_;
	my ($longest, $times, $share, $whole) = (0, 0, 1, 0);
	for (1 .. 4 + 2 * $cancels)
	{
		must($_) for @{ $case->{before} // [] };
		my $start = time;
		my $took  = cancel_once($case, $share);
		if (!defined $took)
		{
			my $all = time - $start;
			$whole = $all if $all > $whole;
			$share /= 2;
			next;
		}
		$longest = $took if $took > $longest;
		last if ++$times == $cancels;
	}
	my $heard = $times > 0 ? $longest : $whole;
	ok($heard < 1, sprintf('%s can be cancelled within a second: at most %.2f s of %d times', $what, $heard, $times), sprintf('%d times; the whole took up to %.2f s', $times, $whole));
}

sub check_cancelled_scans
{
	my $by_index = 'SET enable_seqscan = off; SET enable_sort = off; SET enable_bitmapscan = off';
	for (['many_people', 'job'], ['many_jobs', 'person'], ['many_events', 'wish'], ['many_meetups', 'wish'])
	{
		my ($relation, $argument) = @$_;
		check_cancel("a scan of $relation", { within => 1, statement => "$by_index; SELECT count(cost) FROM asked.arguments a, generate_series(1, 50) g,
			LATERAL (SELECT value <=> a.$argument AS cost FROM asked.$relation ORDER BY value <=> a.$argument LIMIT ALL) s" });
	}
}

sub check_cancelled_builds
{
	my $little = 'SET maintenance_work_mem = 1024';
	for (['people', 'shortlist', 0.8], ['jobs', 'shortlist', 0.5], ['meetups', 'shortlist', 0.3], ['events', 'gist', 0.3])
	{
		my ($relation, $method, $within) = @$_;
		my $build = "CREATE INDEX cancelled ON asked.many_$relation USING $method (value)";
		my @before = ('DROP INDEX IF EXISTS asked.cancelled');
		check_cancel("a build of $relation by $method", { statement => $build, within => $within, before => \@before });
		check_cancel("a build of $relation by $method in little memory", { statement => "$little; $build", within => 0.8, before => \@before });
	}
	check_cancel('a load that merges', { statement => 'INSERT INTO asked.into_people SELECT * FROM asked.many_people', within => 2 });
}

# A part of the rows goes each time.  What was changed before is written down first, and only what vacuum changes itself makes it sleep:
# so it is at the index for long, and at the table not.
sub check_cancelled_vacuums
{
	my $slowly = 'SET vacuum_cost_delay = 2; SET vacuum_cost_limit = 1; SET vacuum_cost_page_hit = 0; SET vacuum_cost_page_miss = 0';
	for my $table (map { "asked.many_$_" } qw(people jobs events meetups))
	{
		check_cancel("a vacuum of $table, at work on the index,", { statement => "$slowly; VACUUM $table", await => q{FROM pg_stat_progress_vacuum WHERE phase = 'vacuuming indexes'},
			before => ['CHECKPOINT', "DELETE FROM $table WHERE abs(id) % 40 = (SELECT min(abs(id) % 40) FROM $table)"] });
	}
}

sub check_cancelled_functions
{
	check_cancel("shortlist_check() of $_", { statement => "SELECT shortlist_check('asked.many_${_}_value')", within => 0.5 }) for qw(people jobs events meetups);
	check_cancel("shortlist_merge() of $_", { statement => "SELECT shortlist_merge('asked.many_${_}_value')", within => 0.2,
		before => ["INSERT INTO asked.many_$_ SELECT * FROM asked.many_$_ LIMIT 1"] }) for qw(people jobs meetups);
	for (['skillset_agg()', 2, q{SELECT skillset_agg('s' || i % 1500000, 1 + i % 5) FROM generate_series(1, 3000000) i}],
		['jobspec_agg()', 1.5, 'SELECT jobspec_agg(value) FROM asked.many_jobs, generate_series(1, 4)'],
		['practice_agg()', 2, q{SELECT practice_agg('s' || i % 1000, 1, timestamptz '2026-01-01' + hashint4(i) * interval '1 second') FROM generate_series(1, 2000000) i}],
		['event_merge()', 0.5, 'SELECT event_merge(listings) FROM asked.document, generate_series(1, 10)'],
		['event_duplicates()', 1, q{SELECT count(*) FROM event_duplicates('SELECT * FROM asked.listings')}],
		['event_groups()', 5, q{SELECT count(*) FROM event_groups('SELECT * FROM asked.listings')}],
		['compiling a vocabulary', 1, q{SELECT count(*) FROM skills_in('nothing', 'asked.vocabulary')}],
		['skills_in()', 2, q{SELECT count(s) FROM asked.document, generate_series(1, 20), LATERAL skills_in(prose, 'asked.names') s}],
		['skills_in() of a long word', 0.5, q{SELECT count(*) FROM skills_in(repeat('x', 300000000), 'asked.names')}],
		['events_from_ics()', 1, q{SELECT count(*) FROM asked.document, events_from_ics(calendar, '2027-01-01')}],
		['events_from_jsonld()', 1, q{SELECT count(*) FROM asked.document, events_from_jsonld(events)}],
		['job_postings_from_jsonld()', 0.5, q{SELECT count(*) FROM asked.document, job_postings_from_jsonld(jsonb_build_object('@type', 'JobPosting', 'description', repeat('<p>', 50000000)), 'asked.names')}])
	{
		my ($what, $within, $statement) = @$_;
		check_cancel($what, { statement => $statement, within => $within });
	}
}

sub check_cancels
{
	must_file($documents);
	must('DROP INDEX IF EXISTS asked.many_jobs_value; CREATE INDEX many_jobs_value ON asked.many_jobs USING shortlist (value);
		CREATE INDEX many_events_value ON asked.many_events USING gist (value)');
	check_cancelled_scans();
	check_cancelled_builds();
	check_cancelled_functions();
	check_cancelled_vacuums();
	must('TRUNCATE asked.into_people');
	must('INSERT INTO asked.into_people SELECT * FROM asked.people');
	is(differences('data', 'into_people', 4), '', 'after all that was cancelled the index answers as the sequential scan does');
}

# --- the largest values ------------------------------------------------------

# In kB, what the machine has for us.
sub available_memory
{
	open my $in, '<', '/proc/meminfo' or return 0;
	while (<$in>)
	{
		return $1 if /^MemAvailable:\s+(\d+) kB/;
	}
	return 0;
}

sub too_large
{
	my ($what, $message, $statement) = @_;
	my $answer = ask('data', $statement);
	ok(!defined $answer && last_error() =~ /ERROR:  54000: $message/, "$what: an error", $answer // '', last_error());
}

# A value has at most 2^30 - 1 bytes: so many skills whose names have 255 bytes, but for some that are a byte shorter, make just that.
sub check_largest_values
{
	if (available_memory() < 6_000_000)
	{
		skip('values of 1 GB', 'they take 6 GB of memory');
		return;
	}
	my $largest = 2**30 - 1;
	for my $more (0, 1)
	{
		my $skillset = 'SELECT pg_column_size(skillset_agg(rpad(i::text, CASE WHEN i = 1 THEN ' . (227 + $more) . q{ ELSE 255 END, 'x'), 1)) FROM generate_series(1, 4021505) i};
		my $advert = 'SELECT jobspec(ARRAY(SELECT rpad(i::text, CASE WHEN i <= ' . (5569 - $more) . q{ THEN 254 ELSE 255 END, 'x') FROM generate_series(93532 * g + 1, 93532 * (g + 1)) i), NULL) AS value FROM generate_series(0, 39) g};
		my $jobspec = "SELECT pg_column_size(jobspec_agg(value)) FROM ($advert OFFSET 0) s";
		if (!$more)
		{
			is(must($skillset), $largest, 'the largest skillset');
			is(must($jobspec),  $largest, 'the largest jobspec');
			must("CREATE TABLE asked.adverts AS $advert; ALTER TABLE asked.adverts SET (parallel_workers = 2)");
			next;
		}
		too_large('a byte more', 'skillset of 4021505 skills is too large', $skillset);
		too_large('a byte more', 'jobspec of 3741280 items is too large',   $jobspec);
	}
	# The table has one page, which one worker reads.
	my $parallel = q{SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET parallel_leader_participation = off; SET max_parallel_workers_per_gather = 2};
	too_large('adverts for another process', 'adverts of one group are too large for a parallel worker', "$parallel; SELECT pg_column_size(jobspec_agg(value)) FROM asked.adverts");
	too_large('sessions for another process', 'sessions of one group are too many for a parallel worker',
		"$parallel; SELECT pg_column_size(practice_agg('s', 1, timestamptz '2026-01-01' + i * interval '1 second')) FROM asked.adverts, generate_series(1, 1200000) i");
	must('DROP TABLE asked.adverts');
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
# Of nearly all people and meetups the bounds promise more than they hold, so that nearly all wait.
check_scan_memory('many_people',  q{'s1:3, s2|s5:2, s3:1, s4:2, rare7:900'::jobspec});
check_scan_memory('many_meetups', q{'{"price": {"scale": 1}, "start": {"origin": "2026-12-04", "scale": 1}, "combine": "product"}'::eventpref});
check_cancels();
check_largest_values(), check_address_space() if $ENV{STRESS};
is(join('', log_lines('PANIC|TRAP:|terminated by signal|unexpected page')), '', 'nothing is wrong in the log');
finish();
