#!/usr/bin/perl
# The GiST index on events under load, after crashes, and on a standby: it answers as a sequential scan does.
# usage: test/tools/run-tap event_gist_crash
#
# settings: full_page_writes = on; synchronous_commit = on; wal_consistency_checking = all; wal_retrieve_retry_interval = 100ms; autovacuum = off
#
# In each round sessions insert, update, delete and vacuum while an index is built; then all processes of the server
# get SIGKILL, and it recovers.  Recovery, and the standby, compare each page with what the primary had (wal_consistency_checking).
# SEED sets where the random numbers start; STRESS=1 makes ten times as many rounds.
use strict;
use warnings;

my $dir    = $ENV{CLUSTER_DIR} or die "run this by test/tools/run-tap\n";
my $rounds = $ENV{STRESS} ? 50 : 5;
my $seed   = $ENV{SEED} // 1;
my %port   = (data => $ENV{PGPORT}, standby => $ENV{PGPORT} + 1);
my ($tests, $failures) = (0, 0);
my @sessions;

$| = 1;
srand($seed);
$ENV{PGOPTIONS} = '-c client_min_messages=warning';

# --- reporting ---------------------------------------------------------------

sub ok
{
	my ($holds, $name, @why) = @_;
	$tests++;
	print $holds ? 'ok' : 'not ok', " $tests - $name\n";
	return $holds if $holds;
	$failures++;
	print "# $_\n" for map { split /\n/ } @why;
	return $holds;
}

sub is
{
	my ($got, $expected, $name) = @_;
	return ok($got eq $expected, $name, "got:      $got", "expected: $expected");
}

# --- servers and sessions ----------------------------------------------------

# PostgreSQL does not run as root.
sub as_server
{
	my @command = @_;
	return $> == 0 ? ('runuser', '-u', 'postgres', '--', @command) : @command;
}

sub run
{
	my @command = @_;
	my $pid = fork() // die "cannot fork: $!\n";
	if ($pid == 0)
	{
		chdir $dir;
		open STDOUT, '>>', "$dir/run.log" or die;
		open STDERR, '>&', \*STDOUT or die;
		exec @command or exit 127;
	}
	waitpid $pid, 0;
	return $? == 0;
}

# A killed server whose parent never asks for it (process 1 of a container, say) stays as a zombie, which
# PostgreSQL takes for a server that still runs.
sub forget_zombie
{
	my ($which) = @_;
	for my $lock ("$dir/$which/postmaster.pid", "$ENV{PGHOST}/.s.PGSQL.$port{$which}.lock")
	{
		open my $in, '<', $lock or next;
		chomp(my $pid = <$in> // '');
		open my $stat, '<', "/proc/$pid/stat" or next;
		unlink $lock if (<$stat> // '') =~ /\) Z /;
	}
}

sub start_server
{
	my ($which) = @_;
	for (1 .. 50)
	{
		forget_zombie($which);
		# Not before the processes of its former life are gone.
		return if run(as_server('pg_ctl', 'start', '-w', '-t', 120, '-D', "$dir/$which", '-l', "$dir/$which.log", '-o', "-p $port{$which}"));
		pause(0.2);
	}
	die "the server $which did not start:\n" . tail("$dir/$which.log");
}

sub tail
{
	my ($file) = @_;
	open my $in, '<', $file or return '';
	my @lines = <$in>;
	return join '', @lines > 20 ? @lines[ -20 .. -1 ] : @lines;
}

sub pause
{
	my ($seconds) = @_;
	select undef, undef, undef, $seconds;
}

# The answer of one query, by the server named; undef if there was none.
sub ask
{
	my ($which, $query) = @_;
	open my $out, '-|', 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', '-p', $port{$which}, '-c', $query or die "cannot run psql: $!\n";
	my @lines = <$out>;
	close $out or return undef;
	chomp(my $answer = join '', @lines);
	return $answer;
}

sub must
{
	my ($query) = @_;
	return ask('data', $query) // die "failed: $query\n";
}

# Starts a session that works through statements; what it answers goes to a file.
sub start_session
{
	my ($file, $statements) = @_;
	open my $in, '>', "$file.sql" or die "cannot write $file.sql: $!\n";
	print $in $statements;
	close $in or die "cannot write $file.sql: $!\n";
	my $pid = fork() // die "cannot fork: $!\n";
	if ($pid == 0)
	{
		open STDOUT, '>', $file or die;
		open STDERR, '>', "$file.err" or die;
		exec 'psql', '-XqAt', '-f', "$file.sql" or exit 127;
	}
	push @sessions, $pid;
}

# Every process of the server, the postmaster first.
sub server_processes
{
	open my $in, '<', "$dir/data/postmaster.pid" or die "no postmaster.pid: $!\n";
	my $postmaster = <$in> + 0;
	my @processes  = ($postmaster);
	for my $stat (glob '/proc/[0-9]*/stat')
	{
		open my $of, '<', $stat or next;
		push @processes, $1 if (<$of> // '') =~ /^(\d+) \(.*\) \S $postmaster /;
	}
	return @processes;
}

sub crash
{
	kill 'KILL', server_processes();
	waitpid $_, 0 for splice @sessions;
	start_server('data');
}

END
{
	my $status = $?;
	kill 'TERM', @sessions if @sessions;
	run(as_server('pg_ctl', 'stop', '-m', 'immediate', '-D', "$dir/standby")) if defined $dir && -e "$dir/standby/postmaster.pid";
	$? = $status;
}

# --- what is asked -----------------------------------------------------------

my $setup = <<'SQL';
SET client_min_messages = warning;
CREATE EXTENSION shortlist;

CREATE FUNCTION some_event(n bigint) RETURNS eventfacts LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN n % 41 <> 0 THEN
           event_facts(CASE WHEN n % 7 > 0 THEN 40 + n * 7919 % 10007 / 800.0 END, CASE WHEN n % 7 > 0 THEN 5 + n * 6607 % 10009 / 800.0 END,
                       CASE WHEN n % 9 > 0 THEN n * 4001 % 997 / 10.0 END, CASE WHEN n % 11 > 0 THEN n * 3001 % 499 END,
                       CASE WHEN n % 13 > 0 THEN '2026-12-01 00:00+00'::timestamptz + n * 2003 % 4001 * interval '15 minutes' END) END
$$;

CREATE TABLE prefs AS
SELECT u AS id, format('{"location": {"latitude": %s, "longitude": %s, "scale": %s, "missing": "%s"}, "price": {"offset": %s, "scale": 10, "missing": %s},
                         "attendees": {"pivot": %s, "missing": "skip"}, "combine": "%s", "limits": {"max_price": %s, "min_score": 0.1}}',
                       40 + u % 13, 5 + u % 11, 10 + u * 7, (ARRAY['worst', 'skip', 'exclude'])[1 + u % 3], u % 50, (ARRAY[0, 0.5, 1])[1 + u % 3], 10 + u,
                       (ARRAY['sum', 'product', 'min'])[1 + u % 3], 5 + u * 11 % 90)::eventpref AS pref
FROM generate_series(1, 6) u;
-- Random ones behind them.
INSERT INTO prefs
SELECT u, format('{"location": {"latitude": %s, "longitude": %s, "scale": %s, "curve": "%s", "weight": %s, "missing": "%s"},
                   "price": {"origin": %s, "scale": %s, "side": "%s", "weight": %s, "missing": %s}, "attendees": {"pivot": %s, "weight": %s, "missing": "%s"},
                   "start": {"origin": "2026-12-%s", "scale": "%s hours", "weight": %s, "missing": "%s"}, "combine": "%s", "limits": {"max_price": %s, "min_score": %s}}',
                 38 + random() * 16, 3 + random() * 17, exp(random() * 9), (ARRAY['exp', 'gauss', 'linear', 'step'])[1 + floor(random() * 4)], random(), missing,
                 random() * 100, exp(random() * 5), (ARRAY['above', 'below', 'both'])[1 + floor(random() * 3)], random(), random(), exp(random() * 7), random(), missing,
                 10 + floor(random() * 20), 1 + floor(random() * 300), random(), missing, (ARRAY['sum', 'product', 'min'])[1 + floor(random() * 3)],
                 random() * 120, random() * 0.5)::eventpref
FROM generate_series(7, 106) u, LATERAL (SELECT (ARRAY['worst', 'skip', 'exclude'])[1 + floor(random() * 3)] AS missing WHERE u > 0) s;

CREATE FUNCTION with_index(wanted bool) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('enable_seqscan', (NOT wanted)::text, false), set_config('enable_sort', (NOT wanted)::text, false),
           set_config('enable_indexscan', wanted::text, false), set_config('enable_bitmapscan', wanted::text, false)
$$;

-- Where the index answers otherwise than all rows do: all in order, the acceptable ones in order, and the acceptable ones; or
-- so many of each.
CREATE FUNCTION differences(relation regclass, preferences int DEFAULT 6, amount text DEFAULT 'ALL') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    query  text;
    wanted eventpref;
    line   text;
    used   bool;
    costs  float8[];
    others float8[];
    ids    bigint[];
BEGIN
    FOREACH query IN ARRAY ARRAY['SELECT id, facts <=> $1 FROM %s ORDER BY facts <=> $1', 'SELECT id, facts <=> $1 FROM %s WHERE facts @@ $1 ORDER BY facts <=> $1',
                                 'SELECT id, id FROM %s WHERE facts @@ $1 ORDER BY id'] LOOP
        query := format(query || ' LIMIT %s', relation, amount);
        FOR wanted IN SELECT pref FROM prefs WHERE id <= preferences LOOP
            PERFORM with_index(true);
            used := false;
            FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query USING wanted LOOP
                used := used OR line ~ 'Order By:|Index Cond:';
            END LOOP;
            EXECUTE format('SELECT array_agg(id), array_agg(cost) FROM (%s) s (id, cost)', query) USING wanted INTO ids, costs;
            PERFORM with_index(false);
            EXECUTE format('SELECT array_agg(cost) FROM (%s) s (id, cost)', query) USING wanted INTO others;
            IF NOT used THEN
                RETURN NEXT 'no index used: ' || query;
            ELSIF costs IS DISTINCT FROM others THEN
                RETURN NEXT format('%s rows, not %s, or other costs: %s, with %s', cardinality(costs), cardinality(others), query, wanted);
            ELSIF (SELECT count(DISTINCT id) FROM unnest(ids) id) <> coalesce(cardinality(ids), 0) THEN
                RETURN NEXT format('a row came twice: %s, with %s', query, wanted);
            END IF;
        END LOOP;
    END LOOP;
END $$;

-- The same of a cursor that stands open for a while: what it fetches late against all rows of its snapshot.
CREATE FUNCTION cursor_differences(relation regclass) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    query  text := format('SELECT id, facts <=> $1 FROM %s ORDER BY facts <=> $1', relation);
    wanted eventpref := (SELECT pref FROM prefs WHERE id = 3);
    c      refcursor;
    id     bigint;
    cost   float8;
    ids    bigint[];
    costs  float8[];
    others float8[];
BEGIN
    PERFORM with_index(true);
    OPEN c NO SCROLL FOR EXECUTE query USING wanted;
    LOOP
        FETCH c INTO id, cost;
        EXIT WHEN NOT FOUND;
        ids := ids || id;
        costs := costs || cost;
        PERFORM pg_sleep(0.3) WHERE cardinality(ids) IN (10, 500);
    END LOOP;
    CLOSE c;
    PERFORM with_index(false);
    EXECUTE format('SELECT array_agg(cost) FROM (%s) s (id, cost)', query) USING wanted INTO others;
    IF costs IS DISTINCT FROM others THEN
        RETURN NEXT format('%s rows, not %s, or other costs', cardinality(costs), cardinality(others));
    ELSIF (SELECT count(DISTINCT i) FROM unnest(ids) i) <> coalesce(cardinality(ids), 0) THEN
        RETURN NEXT 'a row came twice';
    END IF;
END $$;

CREATE TABLE events (id bigint, facts eventfacts);
CREATE INDEX events_facts ON events USING gist (facts);
INSERT INTO events SELECT -n, some_event(n) FROM generate_series(1, 5000) n;
CREATE SEQUENCE ids;

-- Adds a row, and changes or removes one of those that were there at first.  Returns what it added.
CREATE FUNCTION work() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    added bigint := nextval('ids');
BEGIN
    INSERT INTO events VALUES (added, some_event(added * 31));
    IF added % 3 = 0 THEN
        UPDATE events SET facts = some_event(added * 17) WHERE ctid = (SELECT ctid FROM events WHERE id < 0 OFFSET added % 1000 LIMIT 1);
    ELSIF added % 5 = 0 THEN
        DELETE FROM events WHERE ctid = (SELECT ctid FROM events WHERE id < 0 OFFSET added % 100 LIMIT 1);
    END IF;
    RETURN added;
END $$;

CREATE TABLE large AS SELECT n AS id, some_event(n) AS facts FROM generate_series(1, 60000) n;
CREATE UNLOGGED TABLE passing (id bigint, facts eventfacts);
CREATE INDEX ON passing USING gist (facts);
SQL

# Each of these is done over and over, and going on when the server is killed.
my @builds = (
	['a sorted build',           'CREATE INDEX large_facts ON large USING gist (facts)'],
	['a build by inserts',       'CREATE INDEX large_facts ON large USING gist (facts) WITH (buffering = off)'],
	['a buffering build',        'CREATE INDEX large_facts ON large USING gist (facts) WITH (buffering = on, fillfactor = 50)'],
	['a concurrent build',       'CREATE INDEX CONCURRENTLY large_facts ON large USING gist (facts)'],
	['a reindex', 'REINDEX INDEX events_facts'],
);

my %acknowledged;

# What a session was told is there.
sub read_ledger
{
	my ($file) = @_;
	open my $in, '<', $file or die "no $file: $!\n";
	while (<$in>)
	{
		$acknowledged{$1} = 1 if /^(\d+)\n/;
	}
}

sub check_ledger
{
	my ($round) = @_;
	open my $out, '>', "$dir/ledger" or die "cannot write $dir/ledger: $!\n";
	print $out "$_\n" for keys %acknowledged;
	close $out or die;
	chmod 0644, "$dir/ledger";
	my $lost = must("CREATE TEMP TABLE ledger (id bigint); COPY ledger FROM '$dir/ledger';
		SELECT count(*) FROM ledger WHERE id NOT IN (SELECT id FROM events)");
	ok($lost == 0, "round $round: no row is lost of those that were acknowledged", "$lost are");
}

sub is_building
{
	my $count = ask('data', 'SELECT count(*) FROM pg_stat_progress_create_index');
	return $count // 0;
}

sub start_working
{
	my @ledgers = map { "$dir/session$_" } 1 .. 2;
	start_session($_, "SELECT work();\n" x 50_000) for @ledgers;
	start_session("$dir/session3", "VACUUM events;\nSELECT pg_sleep(0.05);\n" x 1000);
	return @ledgers;
}

# Without a crash: each snapshot has one answer, however much is going on.
sub check_while_working
{
	my $until = time + ($ENV{STRESS} ? 120 : 5);
	my ($found, $late, $times) = ('', '', 0);
	my $before = must('SELECT last_value FROM ids');

	start_working();
	while (time < $until || $times < 3)
	{
		$found .= must(q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT differences('events', 1); COMMIT});
		$late  .= must(q{BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT cursor_differences('events'); COMMIT});
		$times++;
	}
	is($found, '', "while sessions write, the index answers as all rows do ($times times)");
	is($late,  '', 'and so does an open cursor');
	ok(must('SELECT last_value FROM ids') > $before + 100, 'much was written meanwhile');
	kill 'TERM', @sessions;
	waitpid $_, 0 for splice @sessions;
}

sub crash_while_working
{
	my ($round) = @_;
	my ($what, $build) = @{ $builds[ ($round - 1) % @builds ] };
	my @ledgers = start_working();

	pause(0.2 + rand 0.3);
	start_session("$dir/session4", "$build;\nDROP INDEX IF EXISTS large_facts;\n" x 1000);
	my $building = 0;
	for (1 .. 200)
	{
		last if $building = is_building();
		pause(0.005);
	}
	pause(rand 0.1);
	crash();
	read_ledger($_) for @ledgers;
	return ($what, $building);
}

sub check_after_crash
{
	my ($round) = @_;
	my ($what, $building) = crash_while_working($round);

	ok($building, "round $round: killed while at work on $what");
	check_ledger($round);
	is(must(q{SELECT differences('events')}), '', "round $round: the index answers as all rows do");
	is(must(q{SELECT differences('events', 106, '10')}), '', "round $round: and finds the ten best for a hundred random preferences");
	# What a build left behind is gone, or said to be invalid; and a build succeeds.
	must('DROP INDEX IF EXISTS large_facts');
	must('CREATE INDEX large_facts ON large USING gist (facts)');
	crash();
	is(must(q{SELECT differences('large', 2)}), '', "round $round: so does one built just before the next crash");
	must('DROP INDEX large_facts');
	is(must('SELECT count(*) FROM (SELECT id FROM passing ORDER BY facts <=> event_pref(budget => 1)) s'),
		0, "round $round: an unlogged table is empty");
	must('INSERT INTO passing SELECT n, some_event(n) FROM generate_series(1, 3000) n');
	is(must(q{SELECT differences('passing')}), '', "round $round: and can be filled again");
}

sub start_standby
{
	run(as_server('pg_basebackup', '-D', "$dir/standby", '-R', '-c', 'fast', '-X', 'stream', '-C', '-S', 'standby')) or die "pg_basebackup failed:\n" . tail("$dir/run.log");
	start_server('standby');
}

sub await_standby
{
	my $position = must('SELECT pg_current_wal_flush_lsn()');
	for (1 .. 600)
	{
		return 1 if (ask('standby', "SELECT pg_last_wal_replay_lsn() >= '$position'") // '') eq 't';
		pause(0.1);
	}
	return 0;
}

sub log_lines
{
	my ($pattern, @files) = @_;
	my @found;
	for my $file (@files)
	{
		open my $in, '<', $file or next;
		push @found, grep { /$pattern/ } <$in>;
	}
	return @found;
}

print "# SEED=$seed\n";
open my $in, '|-', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1' or die "cannot run psql: $!\n";
print $in $setup;
close $in or die "the setup failed\n";
start_standby();

check_while_working();
check_after_crash($_) for 1 .. $rounds;

ok(await_standby(), 'the standby has caught up', tail("$dir/standby.log"));
must('CREATE INDEX large_facts ON large USING gist (facts)');
ok(await_standby(), 'and again, after one more build', tail("$dir/standby.log"));
is(ask('standby', 'SELECT pg_is_in_recovery()') // 'no answer', 't', 'it is a standby');
is(ask('standby', "SELECT differences('events')") // 'no answer', '', 'on the standby the index answers as all rows do');
is(ask('standby', "SELECT differences('large', 2)") // 'no answer', '', 'and the one that was built');
my $answer = 'SELECT md5(string_agg((facts <=> pref)::text, $$,$$ ORDER BY facts <=> pref)) FROM events, prefs';
is(ask('standby', $answer) // 'no answer', must($answer), 'and as on the primary');
must("INSERT INTO events SELECT 1000000 + n, some_event(n) FROM generate_series(1, 2000) n");
must("DELETE FROM events WHERE id % 3 = 0");
must("VACUUM events");
ok(await_standby(), 'the standby follows a vacuum');
is(ask('standby', "SELECT differences('events')") // 'no answer', '', 'and answers as all rows do');

my @logs = map { "$dir/$_.log" } qw(data standby server);
is(scalar(log_lines('not properly shut down', @logs)), 2 * $rounds, 'the server recovered from each crash');
is(join('', log_lines('inconsistent page|PANIC|TRAP:|terminated by signal', @logs)), '', 'no page differed in recovery or on the standby');
print "1..$tests\n";
exit($failures ? 1 : 0);
