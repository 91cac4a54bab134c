#!/usr/bin/perl
# The space that an index takes, and the time that an insert does: merges that are cancelled, files that may not grow, bulk loads beside old snapshots.
# usage: test/tools/run-tap index_space
#
# settings: autovacuum = off; shared_buffers = 128MB; max_wal_size = 4GB
#
# LOADED   rows that are loaded in one transaction: 60,000, or 300,000 under STRESS=1
# SEED     a whole number, where random values start
use strict;
use warnings;
use Time::HiRes qw(time);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $loaded = amount('LOADED', 60000, 300000);

# Jobs are stored as they are, so that few of them make a large segment.
my $setup = <<'SQL';
CREATE EXTENSION shortlist;
CREATE FUNCTION wide_job(i int) RETURNS jobspec LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg('s' || (i * 7919 + j * 104729) % 5000 || ':' || 1 + j % 5, ', ')::jobspec FROM generate_series(1, 20) j $$;
CREATE TABLE jobs AS SELECT i AS id, wide_job(i) AS value FROM generate_series(1, 9000) i;
CREATE FUNCTION small_person(i int) RETURNS skillset LANGUAGE sql IMMUTABLE AS $$
    SELECT skillset(ARRAY['s' || i % 97, 't' || i % 89, 'u' || i % 1009, 'v' || i % 7], ARRAY[1 + i % 5, 2, 3, 4]) $$;
CREATE FUNCTION large_person(i int) RETURNS skillset LANGUAGE sql IMMUTABLE AS $$
    SELECT skillset(array_agg('skill number ' || j), array_agg(1 + (i + j) % 5)) FROM generate_series(i % 7, 500 + i % 7) j $$;
CREATE FUNCTION some_event(i int) RETURNS eventfacts LANGUAGE sql IMMUTABLE AS $$
    SELECT event_facts(i::bigint * 7919 % 170 - 85, i::bigint * 104729 % 350 - 175, i % 100, i % 300, '2026-12-01 00:00+00'::timestamptz + (i % 10000) * interval '1 hour') $$;
SQL

sub lost_pages
{
	my ($index) = @_;
	return must("SELECT lost_pages FROM shortlist_check('$index')");
}

sub pages
{
	my ($index) = @_;
	return must("SELECT pg_relation_size('$index') / current_setting('block_size')::int");
}

sub tail_rows
{
	my ($table, $asked) = @_;
	return (split /\n/, must("SET enable_seqscan = off; SET enable_sort = off; SELECT true FROM $table ORDER BY value <=> $asked LIMIT 1;
		SELECT tail_rows FROM shortlist_last_scan()"))[-1];
}

sub seconds
{
	my ($statements) = @_;
	my $start = time;
	must($statements);
	return time - $start;
}

# --- inserts -----------------------------------------------------------------

# Segments of their own; the tail has the last ones, and is large: whoever inserts next will move it, and would merge all.
sub create_due
{
	must(q{DROP TABLE IF EXISTS due; CREATE TABLE due (id int, value jobspec); CREATE INDEX due_value ON due USING shortlist (value) WITH (tail_size = 65536)});
	for my $n (0 .. 7)
	{
		must("INSERT INTO due SELECT 9000 * $n + id, value FROM jobs");
		must('VACUUM due') if $n < 7;
	}
	must('ALTER INDEX due_value SET (tail_size = 64)');
}

sub check_inserts
{
	create_due();
	my $answer = ask('data', q{SET temp_file_limit = '40MB'; INSERT INTO due VALUES (-1, wide_job(1))});
	ok(defined $answer, 'an insert that finds large segments to merge keeps to a temp_file_limit', last_error());
	check_moved('due', 'it moved the tail');
	my $merging = seconds('VACUUM due');
	create_due();
	my $inserting = seconds('INSERT INTO due VALUES (-1, wide_job(1))');
	ok($inserting < $merging / 2, 'and leaves the large merge to vacuum', "$inserting s, then $merging s");
	create_due();
	my $timeout = int(500 * $merging);
	$answer = ask('data', "SET statement_timeout = $timeout; INSERT INTO due VALUES (-1, wide_job(1))");
	ok(defined $answer, 'so it keeps to a statement_timeout', last_error());

	must(q{CREATE TABLE poor (id int, value jobspec); CREATE INDEX poor_value ON poor USING shortlist (value) WITH (tail_size = 64)});
	$answer = ask('data', q{SET temp_file_limit = '1MB'; INSERT INTO poor SELECT * FROM jobs LIMIT 6000});
	ok(defined $answer, 'where hardly any temporary files are allowed, rows are inserted', last_error());
	is(must('SELECT count(*) FROM poor'), 6000, 'all of them');
	is(tail_rows('poor', q{'s1:1'::skillset}), 6000, 'and stay in the tail');
	must('INSERT INTO poor VALUES (0, wide_job(0))');
	check_moved('poor', 'until somebody else inserts');
	is(lost_pages('due_value') + lost_pages('poor_value'), 0, 'no page is lost');
}

# The rows that were found to be too many are not there any more.
sub check_moved
{
	my ($table, $name) = @_;
	my $rows = tail_rows($table, q{'s1:1'::skillset});
	ok($rows < 1000, $name, "the tail has $rows rows");
}

sub check_least_tail
{
	must(q{CREATE TABLE least (id int, value skillset); CREATE INDEX least_value ON least USING shortlist (value) WITH (tail_size = 1)});
	must("INSERT INTO least VALUES ($_, small_person($_))") for 1 .. 10;
	is(tail_rows('least', q{'s1:1'::jobspec}), 10, 'a tail has a page, however small it is to be');
}

# Values that are longer than a page fill a tail too.
sub check_long_values
{
	must(q{CREATE TABLE long (id int, value skillset); CREATE INDEX long_value ON long USING shortlist (value) WITH (tail_size = 256)});
	must('INSERT INTO long SELECT i, large_person(i) FROM generate_series(1, 500) i');
	ok(must('SELECT min(pg_column_size(value || value)) FROM long') > 8192, 'values are longer than a page');
	my $rows = tail_rows('long', q{'"skill number 1":1'::jobspec});
	ok($rows < 256 / 8, 'values longer than a page count towards tail_size', "the tail has $rows rows");
	is(lost_pages('long_value'), 0, 'no page is lost');
}

# --- cancelling --------------------------------------------------------------

# Merges that are cancelled everywhere, also while they write: their blocks are used again.
sub check_cancelled
{
	create_due();
	must('ALTER INDEX due_value SET (tail_size = 65536)');
	# as many pages as a merge writes, besides those that are there
	must(q{CREATE TABLE copy AS TABLE due; CREATE INDEX copy_value ON copy USING shortlist (value)});
	my $merged = pages('copy_value');
	my $start  = pages('due_value');
	must('INSERT INTO copy VALUES (-1, wide_job(1))');
	my $took = seconds(q{SELECT shortlist_merge('copy_value')});
	my ($cancelled, $most) = (0, 0);
	for my $i (1 .. 25)
	{
		my $timeout = int(1000 * $took * (0.4 + 0.025 * $i)) + 1;
		$cancelled++ if !defined ask('data', "SET statement_timeout = $timeout; SELECT shortlist_merge('due_value')");
		must('INSERT INTO due VALUES (-1, wide_job(1))');
		$most = pages('due_value') - $start;
	}
	ok($cancelled >= 5, 'merges were cancelled', "$cancelled were");
	ok($most <= 3 * $merged, 'the file did not grow with each', "it grew by $most pages, and a segment of all has $merged");
	is(lost_pages('due_value'), 0, "no page is lost to the $cancelled that were cancelled");
	must(q{SELECT shortlist_merge('due_value')});
	is(lost_pages('due_value'), 0, 'nor when one succeeded');
}

# --- files that may not grow -------------------------------------------------

# The server's files may have so many kB and no more: as where a disk is full.
sub limit_files
{
	my ($size) = @_;
	stop_server('data');
	# sh counts blocks of 512 bytes
	my $blocks = 2 * $size;
	run(as_server('sh', '-c', "ulimit -f $blocks && exec \"\$@\"", 'sh', 'pg_ctl', 'start', '-w', '-D', "$dir/data", '-l', "$dir/data.log", '-o', "-p $port{data}"))
	  or die "the server did not start:\n" . tail("$dir/data.log");
}

# What a merge could add to the file before it failed is where the next rows go.
sub check_full_disk
{
	must(q{CREATE TABLE squeezed AS TABLE jobs; CREATE INDEX squeezed_value ON squeezed USING shortlist (value) WITH (tail_size = 65536)});
	for (1 .. 2)
	{
		must('INSERT INTO squeezed SELECT id, value FROM jobs');
		must('VACUUM squeezed');
	}
	# what is larger already could not be written
	must('DROP TABLE due, copy');
	limit_files(8 * (pages('squeezed_value') + 200));
	my $answer = ask('data', q{SELECT shortlist_merge('squeezed_value')});
	ok(!defined $answer && last_error() =~ /could not extend file/ ? 1 : 0, 'a merge ends with an error where the file cannot grow', $answer // last_error());
	is(lost_pages('squeezed_value'), 0, 'no page is lost');
	$answer = ask('data', 'INSERT INTO squeezed SELECT id, value FROM jobs LIMIT 900');
	ok(defined $answer, 'rows can be inserted into what it has grown by', last_error());
	is(lost_pages('squeezed_value'), 0, 'no page is lost');
	stop_server('data');
	start_server('data');
	must(q{SELECT shortlist_merge('squeezed_value')});
	is(lost_pages('squeezed_value'), 0, 'nor when there is room again');
}

# --- bulk loads --------------------------------------------------------------

# One transaction loads, while another uses up transaction ids and a third has an old snapshot: what is freed has many ages, and is not used again.
sub check_load
{
	my ($table, $type, $value, $tail) = @_;
	must("CREATE TABLE $table (id int, value $type); CREATE INDEX ${table}_value ON $table USING shortlist (value) WITH (tail_size = $tail)");
	start_session("$dir/old", "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM $table;\nSELECT pg_sleep(600);\n");
	start_session("$dir/ids", "SELECT txid_current();\n" x 1000000);
	pause(0.3);
	my $before = must('SELECT txid_current()');
	must("INSERT INTO $table SELECT i, $value(i) FROM generate_series(1, $loaded) i");
	my $ids = must('SELECT txid_current()') - $before;
	ok($ids > 100, "$ids transaction ids were used up while $table were loaded");
	is(lost_pages("${table}_value"), 0, "no page of the index on $table is lost");
	my $grown = pages("${table}_value");
	stop_sessions();
	must("VACUUM $table");
	is(lost_pages("${table}_value"), 0, 'nor after vacuum');
	# What was freed is used again: a second load takes less than half of what the first one did.
	must("INSERT INTO $table SELECT i, $value(i) FROM generate_series(1, $loaded / 2) i");
	must("VACUUM $table");
	my $again = pages("${table}_value") - $grown;
	ok($again < $grown / 4, 'what was freed is used again', "$grown pages, then $again more");
	is(lost_pages("${table}_value"), 0, 'and none is lost then');
}

must_file($setup);
check_inserts();
check_least_tail();
check_long_values();
check_cancelled();
check_full_disk();
check_load('people', 'skillset', 'small_person', 8);
check_load('events', 'eventfacts', 'some_event', 8);
finish();
