#!/usr/bin/perl
# A partitioned table over three servers (postgres_fdw): operators, ORDER BY and, of one shard, LIMIT are pushed down, each shard answers from
# its own index, and the merge stops early.  The answers are those of the same rows in one table.
# usage: test/tools/run-tap shards
#
# settings: max_parallel_workers_per_gather = 0
#
# ROWS  of people and of events, on all shards
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $rows   = amount('ROWS', 30000, 300000);
my @shards = map { "shard$_" } 1 .. 3;
my $fetch  = 10;

my $role  = q{'lang7:4*2, tool47:2, domain7'};
my $wish  = q{event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20)};
my $facts = 'event_facts(lat, lon, price, attendees, starts)';
my $columns = 'id int, lat float8, lon float8, price float8, attendees int, starts timestamptz';

sub create_shards
{
	for my $shard (@shards)
	{
		create_server($shard, "shared_preload_libraries = 'pg_stat_statements'", 'pg_stat_statements.track_utility = on');
		defined ask($shard, "CREATE EXTENSION shortlist; CREATE EXTENSION pg_stat_statements;
			CREATE TABLE people (id int, skills skillset);
			CREATE INDEX ON people USING shortlist (skills);
			CREATE TABLE events ($columns);
			CREATE INDEX ON events USING gist ($facts);
			CREATE TABLE meetups (LIKE events);
			CREATE INDEX ON meetups USING shortlist ($facts)") or die last_error();
	}
}

sub create_parents
{
	must("CREATE EXTENSION shortlist; CREATE EXTENSION postgres_fdw;
		CREATE TABLE people (id int, skills skillset) PARTITION BY HASH (id);
		CREATE TABLE events ($columns) PARTITION BY HASH (id);
		CREATE TABLE meetups ($columns) PARTITION BY HASH (id)");
	for my $i (0 .. $#shards)
	{
		must("CREATE SERVER $shards[$i] FOREIGN DATA WRAPPER postgres_fdw
				OPTIONS (host '$ENV{PGHOST}', port '$port{$shards[$i]}', dbname '$ENV{PGDATABASE}', extensions 'shortlist', fetch_size '$fetch', async_capable 'true');
			CREATE USER MAPPING FOR CURRENT_USER SERVER $shards[$i] OPTIONS (user '$ENV{PGUSER}')");
		for my $table (qw(people events meetups))
		{
			must("CREATE FOREIGN TABLE ${table}_$i PARTITION OF $table FOR VALUES WITH (MODULUS 3, REMAINDER $i)
				SERVER $shards[$i] OPTIONS (table_name '$table')");
		}
	}
}

# Rows go to their shards through the parent, and beside that into one table each that is compared with.
sub fill
{
	must("CREATE TABLE all_people AS SELECT g AS id, skillset(ARRAY['lang' || g % 40, 'tool' || g % 701, 'domain' || g % 90], ARRAY[1 + g % 5, 1 + g % 3, 1 + g % 4]) AS skills
			FROM generate_series(1, $rows) g;
		CREATE TABLE all_events AS SELECT g AS id, 51 + g % 1009 * 0.001::float8 AS lat, -0.5 + g % 777 * 0.001::float8 AS lon, (g % 61)::float8 AS price, g % 503 AS attendees,
			timestamptz '2026-12-01 18:00+00' + g % 30 * interval '1 day' AS starts FROM generate_series(1, $rows) g;
		INSERT INTO people SELECT * FROM all_people;
		INSERT INTO events SELECT * FROM all_events;
		CREATE VIEW all_meetups AS TABLE all_events;
		INSERT INTO meetups SELECT * FROM all_events");
	defined ask($_, 'VACUUM ANALYZE') or die last_error() for @shards;
	must('ANALYZE people; ANALYZE events; ANALYZE all_people; ANALYZE all_events');
}

sub plan { return must("EXPLAIN (VERBOSE, COSTS OFF) $_[0]"); }

sub like
{
	my ($got, $pattern, $name) = @_;
	return ok(scalar($got =~ $pattern), $name, $got);
}

sub unlike
{
	my ($got, $pattern, $name) = @_;
	return ok(scalar($got !~ $pattern), $name, $got);
}

# Rows that each shard has sent since the last call.
sub fetched
{
	my @rows;
	for my $shard (@shards)
	{
		push @rows, ask($shard, q{SELECT coalesce(sum(rows), 0) FROM pg_stat_statements WHERE query LIKE 'FETCH%'}) // die last_error();
		ask($shard, 'SELECT pg_stat_statements_reset()');
	}
	return @rows;
}

sub test_plans
{
	my $people = plan("SELECT id FROM people ORDER BY skills <=> $role LIMIT 5");
	like($people, qr/Merge Append\n(.*Remote SQL: SELECT id, skills FROM public\.people ORDER BY \(skills OPERATOR\(public\.<=>\) [^\n]*\n?){3}/s, '<=> and ORDER BY go to every shard, whose rows are merged');
	unlike($people, qr/ Sort\n/, 'and nothing is sorted here');
	like(plan("SELECT id FROM people WHERE skills @@ 'lang7:2!' ORDER BY skills <-> $role LIMIT 5"),
		qr/Merge Append.*(Remote SQL: [^\n]*WHERE [^\n]*OPERATOR\(public\.@@\)[^\n]*ORDER BY \(skills OPERATOR\(public\.<->\).*){3}/s, '@@ and <-> too');
	like(plan("SELECT id FROM people WHERE skills @> 'tool47:1'"), qr/(Remote SQL: [^\n]*WHERE [^\n]*OPERATOR\(public\.@>\).*){3}/s, 'and @>');
	like(plan("SELECT id FROM people ORDER BY skills <=> as_of($role, '2026-12-01') LIMIT 5"), qr/(Remote SQL: [^\n]*\@as_of 2026-12-01.*){3}/s, 'the clock goes with the question');
	like(plan("SELECT id FROM $_ WHERE $facts @@ '{\"price\": {\"scale\": 20}, \"limits\": {\"max_price\": 40}}' ORDER BY $facts <=> $wish LIMIT 5"),
		qr/Merge Append.*(Remote SQL: [^\n]*WHERE \(\(public\.event_facts\([^\n]*ORDER BY \(public\.event_facts\([^\n]*OPERATOR\(public\.<=>\).*){3}/s, "$_: expression, filter and order") for qw(events meetups);
	my $prepared = 'SET plan_cache_mode = force_generic_plan; PREPARE q(jobspec) AS SELECT id FROM people ORDER BY skills <=> $1 LIMIT 5; ';
	like(must("$prepared EXPLAIN (VERBOSE, COSTS OFF) EXECUTE q($role)"), qr/(Remote SQL: [^\n]*OPERATOR\(public\.<=>\) \$1::public\.jobspec.*){3}/s, 'parameters of a prepared statement go to the shards');
	# The collation of a text that is no column keeps postgres_fdw from sending it; as for ? of jsonb and hstore.
	unlike(plan("SELECT id FROM people WHERE skills ? 'lang7' ORDER BY skills <=> $role LIMIT 5"), qr/Remote SQL: [^\n]*WHERE/, '? is applied here, not there');
}

sub test_answers
{
	my @cases = (
		['people', "skills <=> $role", 'true', 5 ], ['people', "skills <-> $role", "skills @@ 'lang7:2!'", 20 ],
		['people', "skills <=> $role", "skills ? 'lang7'", 5 ], ['people', "skills <=> as_of($role, '2026-12-01')", 'true', 100 ],
		map { [ $_, "$facts <=> $wish", 'true', 1 ], [ $_, "$facts <=> $wish", "$facts @@ '{\"price\": {\"scale\": 20}, \"limits\": {\"max_price\": 40}}'", 50 ] } qw(events meetups));
	for (@cases)
	{
		my ($table, $cost, $filter, $limit) = @$_;
		my $best = "SELECT string_agg(c::text, ' ') FROM (SELECT $cost AS c FROM %s WHERE $filter ORDER BY $cost LIMIT $limit) best";
		is(must(sprintf $best, $table), must(sprintf $best, "all_$table"), "$table: the best $limit by $cost where $filter are those of one table");
	}
}

# How little comes over the wire, and that each shard looked into its index.
sub test_early_end
{
	fetched();
	must("SELECT id FROM people ORDER BY skills <=> $role LIMIT 5");
	my @people = fetched();
	is("@people", "$fetch $fetch $fetch", "people: of $rows rows each shard sent $fetch, one fetch");
	for my $table (qw(events meetups))
	{
		must("SELECT id FROM $table ORDER BY $facts <=> $wish LIMIT 1");
		is(join(' ', fetched()), "$fetch $fetch $fetch", "$table: likewise");
	}
	must("SELECT count(*) FROM (SELECT id FROM people ORDER BY skills <=> $role LIMIT 200) best");
	my @many = fetched();
	my $sum = 0;
	$sum += $_ for @many;
	ok($sum >= 200 && $sum <= 200 + 3 * $fetch, 'of 200 asked for, no shard sends more than one fetch too many', "@many");
	for my $shard (@shards)
	{
		like(ask($shard, "EXPLAIN DECLARE c CURSOR FOR SELECT id, skills FROM people ORDER BY skills <=> $role"), qr/Index Scan using people_skills_idx/, "$shard finds people by its index");
		like(ask($shard, "EXPLAIN DECLARE c CURSOR FOR SELECT * FROM $_ ORDER BY $facts <=> $wish"), qr/Index Scan using ${_}_event_facts_idx/, "and $_") for qw(events meetups);
	}
}

# Each shard asked for its own best, all at once: what to write where the shards are far away.
sub test_all_at_once
{
	must("ALTER SERVER $_ OPTIONS (ADD use_remote_estimate 'true')") for @shards;
	my $each = join ' UNION ALL ', map { "(SELECT id, skills <=> $role AS cost FROM people_$_ ORDER BY skills <=> $role LIMIT 5)" } 0 .. 2;
	my $all = "SELECT id, cost FROM ($each) best ORDER BY cost + 0 LIMIT 5";
	like(plan($all), qr/(Async Foreign Scan[^\n]*\n[^\n]*\n *Remote SQL: [^\n]*LIMIT 5::bigint.*){3}/s, 'with remote estimates LIMIT goes to a single shard, and shards are asked at once');
	fetched();
	is(must("SELECT string_agg(cost::text, ' ') FROM ($all) a"), must("SELECT string_agg(c::text, ' ') FROM (SELECT skills <=> $role AS c FROM all_people ORDER BY 1 LIMIT 5) b"), 'the answer is the same');
	is(join(' ', fetched()), '5 5 5', 'each shard sends 5');
	must("ALTER SERVER $_ OPTIONS (DROP use_remote_estimate)") for @shards;
}

# Without the option nothing of the extension may be sent.
sub test_without_option
{
	must("ALTER SERVER $shards[0] OPTIONS (DROP extensions)");
	unlike(plan("SELECT id FROM people_0 ORDER BY skills <=> $role LIMIT 5"), qr/Remote SQL: [^\n]*ORDER BY/, "without extensions 'shortlist' a shard is read whole");
	must("ALTER SERVER $shards[0] OPTIONS (ADD extensions 'shortlist')");
}

create_shards();
create_parents();
fill();
test_plans();
test_answers();
test_early_end();
test_all_at_once();
test_without_option();
finish();
