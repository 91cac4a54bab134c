#!/usr/bin/perl
# Damaged files: whatever bytes an index by shortlist holds, shortlist_check() reports that they are wrong, and searches, merges and vacuums answer or
# report an error; no process dies.
# usage: test/tools/run-tap index_damage
#
# Version 18 keeps checksums unless told otherwise, and would read no page that was damaged: here it goes on, as servers without them do.
#
# settings: autovacuum = off; full_page_writes = off; ignore_checksum_failure = on
#
# SEED     a whole number, where random values start
# STRESS=1 more rounds
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;
use Load;

my $rounds = amount('ROUNDS', 3, 100);
my @damaged = grep { $_ ne 'events' } @relations;    # those that are indexed by shortlist

# Overwrites some bytes of the index behind the metapage, here and there or side by side; headers and tags of pages too, but rarely.
sub damage
{
	my ($file) = @_;
	my $size = -s $file;
	open my $index, '+<:raw', $file or die "cannot open $file: $!\n";
	for (1 .. 30)
	{
		my $at = 8192 + int rand($size - 8192 - 16);
		next if $at % 8192 < 24 && rand() < 0.9;
		seek $index, $at, 0 or die;
		print $index map { chr(rand() < 0.3 ? 255 : int rand 256) } 1 .. rand() < 0.7 ? 1 : 8;
	}
	close $index or die;
}

# Asks many things, each of which may end with an error.  Returns how many did, and of how many.
sub ask_all
{
	my ($relation) = @_;
	my ($asked, $failed) = (0, 0);
	my $argument = $relation eq 'people' ? 'asked.some_job()' : $relation eq 'jobs' ? 'asked.some_person()' : 'asked.some_wish()::eventpref';
	for my $end (('LIMIT 1', 'LIMIT 50', 'LIMIT ALL') x 3)
	{
		my $query = "SELECT format('SELECT count(*) FROM (SELECT id FROM asked.$relation ORDER BY value <=> %L $end) s', $argument)";
		my $answer = ask('data', "SET enable_seqscan = off; SET enable_sort = off; SET statement_timeout = '60s'; " . must($query));
		$asked++;
		next if defined $answer;
		$failed++;
		# 58P01: a row pointer, or a link of the tail, leads to where no file is.
		last_error() =~ /ERROR:  (?:XX00[012]|58P01)/ or ok(0, 'the error is one of damage', last_error());
	}
	return ($failed, $asked);
}

create_tables();
my ($failed, $asked) = (0, 0);
for my $round (1 .. $rounds)
{
	for my $relation (@damaged)
	{
		must("REINDEX INDEX asked.${relation}_value");
		must("INSERT INTO asked.$relation SELECT nextval('asked.ids'), k, value FROM asked.$relation LIMIT 100");
	}
	must('CHECKPOINT');
	my %file = map { $_ => must("SELECT pg_relation_filepath('asked.${_}_value')") } @damaged;
	run(as_server('pg_ctl', 'stop', '-m', 'fast', '-w', '-D', "$dir/data")) or die tail("$dir/run.log");
	damage("$dir/data/$file{$_}") for @damaged;
	start_server('data');
	for my $relation (@damaged)
	{
		my $sound = ask('data', "SELECT shortlist_check('asked.${relation}_value')");
		ok(!defined $sound && last_error() =~ /ERROR:  XX00[12]/, "round $round: shortlist_check() reports the damage to the index on $relation", $sound // last_error());
		my ($f, $a) = ask_all($relation);
		$failed += $f;
		$asked += $a;
		ask('data', "SELECT shortlist_merge('asked.${relation}_value')");
		must("DELETE FROM asked.$relation WHERE id % 50 = $round");
		ask('data', "VACUUM asked.$relation");
	}
}
ok($failed > 0 && $failed < $asked, "some of $asked questions met the damage and said so", "$failed of $asked");
must("REINDEX INDEX asked.${_}_value") for @damaged;
check_answers('data', 'after REINDEX', 3);
is(join('', log_lines('PANIC|TRAP:|terminated by signal')), '', 'no process died');
finish();
