#!/usr/bin/perl
# Random SQL over tables and indexes of the extension's types, by sqlsmith: the server does not crash, and none of the extension's functions
# raises an internal error (XX000).  Skipped where sqlsmith is not installed.
# usage: test/tools/run-tap random_queries
#
# settings: autovacuum = off; jit = off; log_error_verbosity = verbose; track_functions = all; max_parallel_workers_per_gather = 0
#
# RANDOM_QUERIES  how many: 200, or 3000 under STRESS=1
# SEED            where sqlsmith starts
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $queries = amount('RANDOM_QUERIES', 200, 3000);
my $root    = abs_path("$FindBin::Bin/../..");

unless (grep { -x "$_/sqlsmith" } split /:/, $ENV{PATH})
{
	skip('random queries', 'sqlsmith is not installed');
	finish();
}

# Every type as a column, with each index that it can have; a role that may do all with the rows, and nothing with the server.
my $setup = <<'SQL';
CREATE EXTENSION shortlist;
CREATE ROLE asker LOGIN;
CREATE TABLE people (id bigint PRIMARY KEY, name text, skills skillset, known text[], hours float8, since timestamptz);
INSERT INTO people SELECT g, 'person ' || g, CASE WHEN g % 9 > 0 THEN format('s%s:%s, t%s@2026-01-01/30, python:%s', g % 7, g % 5 + 1, g % 11, g % 4 + 1)::skillset END, ARRAY['s' || g % 7, 'python'], g / 3.0, '2026-01-01'::timestamptz + g * interval '1 day' FROM generate_series(1, 300) g;
CREATE TABLE roles (id bigint PRIMARY KEY, title text, job jobspec, advert jsonb);
INSERT INTO roles SELECT g, 'role ' || g, CASE WHEN g % 9 > 0 THEN format('s%s:%s*2, t%s|t%s~0.5!, python, @at_least 0.2', g % 7, g % 5 + 1, g % 11, g % 11 + 1)::jobspec END,
    jsonb_build_object('@type', 'JobPosting', 'title', 'role ' || g, 'skills', 'Python, SQL, s' || g % 7) FROM generate_series(1, 300) g;
CREATE TABLE events (id bigint PRIMARY KEY, title text, facts eventfacts, price numeric, calendar text, page jsonb);
INSERT INTO events SELECT g, 'event ' || g, CASE WHEN g % 9 > 0 THEN event_facts(g % 90, g % 180, g % 50, g, '2026-12-01'::timestamptz + g * interval '1 hour') END, g % 50,
    format(E'BEGIN:VEVENT\nUID:%s\nSUMMARY:a\nDTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n', g), jsonb_build_object('@type', 'Event', 'name', 'event ' || g, 'startDate', '2026-05-01') FROM generate_series(1, 300) g;
CREATE TABLE wishes (id bigint PRIMARY KEY, pref eventpref, latitude float8, longitude float8, starts timestamptz);
INSERT INTO wishes SELECT g, event_pref(latitude => g % 90, longitude => g % 180, within_km => g, budget => g, crowd => g, starts => '2026-12-04 19:00+00', combine => (ARRAY['sum', 'product', 'min'])[g % 3 + 1]), g % 90, g % 180, '2026-12-04' FROM generate_series(1, 60) g;
CREATE INDEX ON people USING shortlist (skills);
CREATE INDEX ON people (skills);
CREATE INDEX ON roles USING shortlist (job);
CREATE INDEX ON events USING shortlist (facts);
CREATE INDEX ON events USING gist (facts);
CREATE VIEW ranked AS SELECT p.id AS person, r.id AS role, p.skills <=> r.job AS cost, p.skills <-> r.job AS misfit, p.skills @@ r.job AS qualifies, r.job - p.skills AS gap FROM people p, roles r;
CREATE VIEW rated AS SELECT e.id AS event, w.id AS wish, e.facts <=> w.pref AS cost, e.facts @@ w.pref AS acceptable, x.* FROM events e, wishes w, LATERAL event_explain(e.facts, w.pref) x;
ANALYZE;
GRANT SELECT, INSERT, UPDATE, DELETE ON people, roles, events, wishes, event_sources, event_exchange_rates TO asker;
GRANT SELECT ON ranked, rated TO asker;
GRANT EXECUTE ON FUNCTION shortlist_check TO asker;

-- sqlsmith takes functions from what it finds as pg_proc.  Of the server's thousands some are enough, so that the extension's come up often.
-- It asks nothing of information_schema, therefore the view is there.
CREATE VIEW information_schema.pg_proc AS SELECT p.* FROM pg_catalog.pg_proc p
    WHERE (p.oid::bigint % 30 = 0 AND p.provolatile = 'i' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typtype = 'p' AND (t.oid = p.prorettype OR t.oid = ANY (p.proargtypes))))
       OR p.oid IN (SELECT objid FROM pg_catalog.pg_depend WHERE classid = 'pg_catalog.pg_proc'::regclass AND deptype = 'e' AND refobjid = (SELECT oid FROM pg_catalog.pg_extension WHERE extname = 'shortlist'));
GRANT SELECT ON information_schema.pg_proc TO asker;
-- It does not tell which types are ranges or enumerations, so most of what it asks would not be parsed if there were operators for any of them.
SET allow_system_table_mods = on;
DELETE FROM pg_catalog.pg_operator WHERE '{anyrange,anymultirange,anyenum}'::regtype[] && ARRAY[oprleft::regtype, oprright];
RESET allow_system_table_mods;
ALTER ROLE asker SET search_path = information_schema, pg_catalog, public;
SQL

# The names of our source files, as an error's LOCATION has them.
my %ours = map { s{.*/}{}r => 1 } glob("$root/src/*.c"), glob("$root/src/*/*.c");

# Internal errors of the log: those raised in our files, and those of the server's own.
sub internal_errors
{
	my (@ours, @others, $message);
	for my $line (log_lines('XX000|LOCATION:'))
	{
		if ($line =~ /ERROR:  XX000: (.*)/) { $message = $1; }
		elsif (defined $message && $line =~ /LOCATION:  \w+, (\S+):\d+/)
		{
			push @{ $ours{$1} ? \@ours : \@others }, "$message ($1)";
			$message = undef;
		}
	}
	return (\@ours, \@others);
}

must_file($setup);
my $status = system("sqlsmith --target='host=$ENV{PGHOST} port=$ENV{PGPORT} user=asker dbname=$ENV{PGDATABASE}' --exclude-catalog --seed=$seed --max-queries=$queries --verbose >'$dir/sqlsmith.out' 2>'$dir/sqlsmith.err'");
pause(1);
ok($status == 0, "sqlsmith asked its $queries queries", tail("$dir/sqlsmith.err"));
my @crashes = log_lines('PANIC|TRAP:|terminated by signal|exited with exit code [^01]|Failed process was running');
ok(!@crashes, 'the server did not crash', @crashes > 6 ? @crashes[ 0 .. 5 ] : @crashes);
my ($ours, $others) = map { my %count; $count{$_}++ for @$_; [ map { "$_, $count{$_} times" } sort keys %count ] } internal_errors();
ok(!@$ours, 'no internal error of the extension', @$ours);
print "# of the server: $_\n" for @$others;
my ($functions, $calls) = split /\|/, must(q{SELECT count(*) FILTER (WHERE calls > 0) || '|' || coalesce(sum(calls), 0) FROM pg_stat_user_functions});
ok($functions >= ($queries < 1000 ? 8 : 30) && $calls > 1000, "$functions functions of the extension were called, $calls times");
finish();
