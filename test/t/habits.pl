#!/usr/bin/perl
# What users of PostgreSQL expect of every extension: prepared statements keep the index, EXPLAIN, pg_stat_statements and auto_explain tell of it,
# a long build shows its progress, partitioned tables merge in order, logical replication and pg_dump carry the types.
# usage: test/tools/run-tap habits
#
# settings: shared_preload_libraries = 'pg_stat_statements,auto_explain'; wal_level = logical; compute_query_id = on; max_parallel_workers_per_gather = 0; track_activity_query_size = 4096
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $role = q{'lang7:4*2, tool47:2, domain7'};
my $wish = q{event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20)};
my $facts = 'event_facts(lat, lon, price, attendees, starts)';

my $tables = <<'SQL';
CREATE TABLE people (id int PRIMARY KEY, skills skillset);
CREATE INDEX people_skills ON people USING shortlist (skills);
CREATE TABLE events (id int PRIMARY KEY, lat float8, lon float8, price numeric, attendees int, starts timestamptz);
CREATE INDEX events_facts ON events USING gist (event_facts(lat, lon, price::float8, attendees, starts));
CREATE TABLE meetups (LIKE events, PRIMARY KEY (id));
CREATE INDEX meetups_facts ON meetups USING shortlist (event_facts(lat, lon, price::float8, attendees, starts));
SQL
$facts = 'event_facts(lat, lon, price::float8, attendees, starts)';

my $rows = <<'SQL';
SELECT g, skillset(ARRAY['lang' || g % 40, 'tool' || g % 701, 'domain' || g % 90], ARRAY[1 + g % 5, 1 + g % 3, 1 + g % 4]) FROM generate_series(1, 30000) g
SQL
my $event_rows = <<'SQL';
SELECT g, 51 + g % 1009 * 0.001, -0.5 + g % 777 * 0.001, g % 61, g % 503, timestamptz '2026-12-01 18:00+00' + g % 30 * interval '1 day' FROM generate_series(1, 30000) g
SQL

# What psql prints of statements and commands of its own, in one session.
sub script
{
	my ($statements) = @_;
	open my $out, '>', "$dir/script.sql" or die "cannot write: $!\n";
	print $out $statements;
	close $out or die "cannot write: $!\n";
	my $answer = `psql -XqAt -v ON_ERROR_STOP=1 -f '$dir/script.sql' 2>&1`;
	die "failed: $statements\n$answer" if $? != 0;
	chomp $answer;
	return $answer;
}

# The plan of a statement, which must be one that EXPLAIN takes.
sub plan
{
	my ($statement, $settings) = @_;
	return script(($settings // '') . "EXPLAIN (COSTS OFF) $statement");
}

# The costs of the best 20, by the index and by a sequential scan.
sub same_by_scan
{
	my ($which, $select, $name) = @_;
	my $by_index = ask($which, "SET enable_seqscan = off; SET enable_sort = off; $select") // last_error();
	my $by_scan  = ask($which, "SET enable_indexscan = off; SET enable_bitmapscan = off; $select") // last_error();
	is($by_index, $by_scan, $name);
}

my $best_people = "SELECT string_agg(c::text, ' ') FROM (SELECT skills <=> $role AS c FROM people ORDER BY skills <=> $role LIMIT 20) best";
my $best_events = "SELECT string_agg(c::text, ' ') FROM (SELECT $facts <=> $wish AS c FROM events ORDER BY $facts <=> $wish LIMIT 20) best";
# The same events, for the other kind of index.
my $best_meetups = $best_events =~ s/FROM events/FROM meetups/r;

sub fill
{
	must_file("CREATE EXTENSION shortlist; CREATE EXTENSION pg_stat_statements;\n$tables\nINSERT INTO people $rows;\nINSERT INTO events $event_rows;\nINSERT INTO meetups TABLE events;\nANALYZE;");
}

sub test_plans
{
	like(plan("SELECT id FROM people ORDER BY skills <=> $role LIMIT 5"), qr/Index Scan using people_skills on people.*Order By: \(skills <=> /s, 'EXPLAIN names the index of skills and what orders it');
	like(plan("SELECT id FROM people WHERE skills @@ 'lang7:2!' ORDER BY skills <=> $role LIMIT 5"), qr/Index Cond: \(skills @@ .*Order By: /s, 'and what filters it');
	like(plan("SELECT id FROM $_ ORDER BY $facts <=> $wish LIMIT 1"), qr/Index Scan using ${_}_facts on $_.*Order By: /s, "EXPLAIN names the index of $_") for qw(events meetups);

	# A reader sees how much was looked at.
	my $rows = script("SELECT id FROM people ORDER BY skills <=> $role LIMIT 5 \\g /dev/null\nSELECT rows FROM shortlist_last_scan()");
	ok($rows >= 5 && $rows < 30000, 'shortlist_last_scan() tells that not all of 30,000 rows were scored', "rows: $rows");
	for (['events', 'event_last_scan()' ], ['meetups', 'shortlist_last_scan()' ])
	{
		my ($table, $last_scan) = @$_;
		my $entries = script("SELECT id FROM $table ORDER BY $facts <=> $wish LIMIT 1 \\g /dev/null\nSELECT rows FROM $last_scan");
		ok($entries >= 1 && $entries < 30000, "$last_scan likewise, of $table", "rows: $entries");
	}
}

sub test_prepared
{
	my $person = "PREPARE person(jobspec) AS SELECT id FROM people ORDER BY skills <=> \$1 LIMIT 5;\n";
	my $event  = "PREPARE event(eventpref) AS SELECT id FROM %s WHERE $facts @@ \$1 ORDER BY $facts <=> \$1 LIMIT 1;\n";
	my $wanted = "PREPARE wanted(float8, float8, timestamptz) AS SELECT id FROM %s ORDER BY $facts <=> event_pref(latitude => \$1, longitude => \$2, within_km => 5, starts => \$3) LIMIT 1;\n";
	for my $mode (qw(force_custom_plan force_generic_plan))
	{
		my $set = "SET plan_cache_mode = $mode;\n";
		like(plan("EXECUTE person($role)", $set . $person), qr/Index Scan using people_skills/, "$mode: a jobspec parameter keeps the index");
		for my $table (qw(events meetups))
		{
			like(plan("EXECUTE event('{\"price\": {\"scale\": 20}}')", $set . sprintf($event, $table)), qr/Index Scan using ${table}_facts.*Index Cond.*Order By/s, "$mode, $table: an eventpref parameter keeps the index, filter and order");
			like(plan("EXECUTE wanted(51.5, -0.1, '2026-12-04')", $set . sprintf($wanted, $table)), qr/Index Scan using ${table}_facts/, "$mode, $table: parameters of event_pref() keep the index");
		}
	}
	# By itself, after five executions.
	my $plan = script($person . "EXECUTE person($role) \\g /dev/null\n" x 8 . "SELECT generic_plans > 0 FROM pg_prepared_statements;\nEXPLAIN (COSTS OFF) EXECUTE person($role)");
	like($plan, qr/^t\n.*Index Scan using people_skills.*Order By: \(skills <=> \$1\)/s, 'PostgreSQL comes to a generic plan by itself, and it has the index');
}

sub test_observing
{
	must('SELECT pg_stat_statements_reset()');
	must("SELECT id FROM people ORDER BY skills <=> '$_' LIMIT 5") for 'lang1:2', 'lang2:3*2', 'lang3:1!';
	is(must(q{SELECT calls || ' ' || rows || ' ' || query FROM pg_stat_statements WHERE query LIKE '%FROM people%'}),
		'3 15 SELECT id FROM people ORDER BY skills <=> $1 LIMIT $2', 'pg_stat_statements counts questions of three roles as one statement');

	must("SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; SELECT id FROM people ORDER BY skills <=> $role LIMIT 5");
	ok(log_lines('Index Scan using people_skills on people .*rows=5') > 0, 'auto_explain logs the index scan');
}

# A session builds; another one sees how far it is.
sub test_progress
{
	must('CREATE TABLE many AS SELECT p.id * 10 + i AS id, skills FROM people p, generate_series(0, 9) i');
	start_session("$dir/building", "CREATE INDEX many_skills ON many USING shortlist (skills);\n");
	my (%phases, $blocks, $total, $rows, $written);
	($blocks, $total, $rows, $written) = (0, 0, 0, 0);
	for (1 .. 2000)
	{
		my $seen = must("SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total FROM pg_stat_progress_create_index");
		if ($seen eq '')
		{
			last if must("SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('many_skills') AND indisvalid");
			next;
		}
		my ($phase, @numbers) = split /\|/, $seen;
		$phases{$phase}++;
		($blocks, $total) = @numbers[ 0, 1 ] if $phase =~ /reading rows/ && $numbers[0] > $blocks;
		($written, $rows) = @numbers[ 2, 3 ] if $phase =~ /writing/ && $numbers[2] > $written;
	}
	stop_sessions();
	my $seen = join ', ', map { "$_ ($phases{$_})" } sort keys %phases;
	ok($phases{'building index: reading rows'}, 'a build shows that it reads rows', $seen);
	ok($phases{'building index: writing segment'}, 'and that it writes the segment', $seen);
	ok($blocks > 0 && $blocks <= $total, "of $total blocks the last seen were $blocks");
	ok($written > 0 && $rows == 300000 && $written <= $rows, "of $rows rows the last seen written were $written");
	must('DROP TABLE many');
}

sub test_partitions
{
	must_file(<<"SQL");
CREATE TABLE parted_people (id int, skills skillset) PARTITION BY HASH (id);
CREATE TABLE parted_people_0 PARTITION OF parted_people FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parted_people_1 PARTITION OF parted_people FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parted_people_2 PARTITION OF parted_people FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE INDEX ON parted_people USING shortlist (skills);
CREATE TABLE parted_events (LIKE events) PARTITION BY RANGE (starts);
CREATE TABLE early_events PARTITION OF parted_events FOR VALUES FROM (MINVALUE) TO ('2026-12-11');
CREATE TABLE late_events PARTITION OF parted_events FOR VALUES FROM ('2026-12-11') TO (MAXVALUE);
CREATE INDEX ON parted_events USING gist ($facts);
CREATE TABLE parted_meetups (LIKE meetups) PARTITION BY RANGE (starts);
CREATE TABLE early_meetups PARTITION OF parted_meetups FOR VALUES FROM (MINVALUE) TO ('2026-12-11');
CREATE TABLE late_meetups PARTITION OF parted_meetups FOR VALUES FROM ('2026-12-11') TO (MAXVALUE);
CREATE INDEX ON parted_meetups USING shortlist ($facts);
INSERT INTO parted_people SELECT * FROM people;
INSERT INTO parted_events SELECT * FROM events;
INSERT INTO parted_meetups SELECT * FROM meetups;
ANALYZE;
SQL
	like(plan("SELECT id FROM parted_people ORDER BY skills <=> $role LIMIT 5"), qr/Merge Append.*(Index Scan using parted_people_\d_skills_idx.*){3}/s, 'partitions of people are merged in order, each from its index');
	for (qw(events meetups))
	{
		like(plan("SELECT id FROM parted_$_ ORDER BY $facts <=> $wish LIMIT 5"), qr/Merge Append.*(Index Scan using (early|late)_${_}_event_facts_idx.*){2}/s, "partitions of $_ likewise");
		like(plan("SELECT id FROM parted_$_ WHERE starts >= '2026-12-20' ORDER BY $facts <=> $wish LIMIT 5"), qr/^(?!.*Append).*Index Scan using late_$_/s, 'a partition that cannot have the answer is not planned');
	}
	for (['people', $best_people ], ['events', $best_events ], ['meetups', $best_meetups ])
	{
		my ($table, $best) = @$_;
		(my $parted = $best) =~ s/FROM $table/FROM parted_$table/;
		is(must("SET enable_seqscan = off; $parted"), must("SET enable_indexscan = off; $best"), "partitioned $table: the same best 20");
	}
}

# Within one server the slot has to be made beforehand.
sub test_logical_replication
{
	for my $binary (qw(false true))
	{
		my $copy = "copy_$binary";
		must('CREATE PUBLICATION everything FOR TABLE people, events, meetups');
		must("CREATE DATABASE $copy");
		in_database($copy, "CREATE EXTENSION shortlist;\n$tables");
		must("SELECT pg_create_logical_replication_slot('$copy', 'pgoutput')");
		in_database($copy, "CREATE SUBSCRIPTION $copy CONNECTION 'host=$ENV{PGHOST} port=$ENV{PGPORT} user=$ENV{PGUSER} dbname=$ENV{PGDATABASE}' PUBLICATION everything WITH (create_slot = false, slot_name = '$copy', binary = $binary)");
		must("UPDATE people SET skills = skills || 'sql:3' WHERE id % 7 = 0; DELETE FROM people WHERE id % 11 = 0");
		must("UPDATE $_ SET price = price + 1 WHERE id % 7 = 0; DELETE FROM $_ WHERE id % 11 = 0") for qw(events meetups);
		my $sum = join ' || ', map { "(SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM $_ t)" } qw(people events meetups);
		$sum = "SELECT $sum";
		my $wanted = must($sum);
		for (1 .. 300)
		{
			last if in_database($copy, $sum) eq $wanted;
			pause(0.1);
		}
		is(in_database($copy, $sum), $wanted, "logical replication, binary = $binary: the same rows");
		is(in_database($copy, "SET enable_seqscan = off; $best_people"), must("SET enable_indexscan = off; $best_people"), 'the index of people that the subscriber keeps answers the same');
		is(in_database($copy, "SET enable_seqscan = off; $_"), must("SET enable_indexscan = off; $_"), 'and its indexes of events') for $best_events, $best_meetups;
		in_database($copy, "DROP SUBSCRIPTION $copy");
		must("DROP PUBLICATION everything");
		must("DROP DATABASE $copy WITH (FORCE)");
	}
}

sub test_dump
{
	my $dump = "$dir/dump";
	ok(system('pg_dump', '-Fc', '-f', $dump) == 0, 'pg_dump');
	must('CREATE DATABASE restored');
	ok(system('pg_restore', '-d', 'restored', '-j', '2', $dump) == 0, 'pg_restore by two jobs');
	is(in_database('restored', "SET enable_seqscan = off; $best_people"), must("SET enable_indexscan = off; $best_people"), 'what was restored answers the same of people');
	is(in_database('restored', "SET enable_seqscan = off; $_"), must("SET enable_indexscan = off; $_"), 'and of events') for $best_events, $best_meetups;
	must('DROP DATABASE restored WITH (FORCE)');
}

sub in_database
{
	my ($database, $statements) = @_;
	local $ENV{PGDATABASE} = $database;
	return must($statements);
}

sub like
{
	my ($got, $pattern, $name) = @_;
	return ok(scalar($got =~ $pattern), $name, $got);
}

fill();
same_by_scan('data', $best_people, 'the best people: index and sequential scan agree');
same_by_scan('data', $best_events, 'the best events: index and sequential scan agree');
same_by_scan('data', $best_meetups, 'the best meetups, which have the other kind of index: likewise');
test_plans();
test_prepared();
test_observing();
test_progress();
test_partitions();
test_logical_replication();
test_dump();
finish();
