#!/usr/bin/perl
# Tables distributed by Citus over two workers: ORDER BY ... LIMIT is sent to every shard, each answers from its own index, and the answers are those of
# one table.  Where Citus is not installed beside the PostgreSQL that is tested, this says so and ends.
# usage: PG_CONFIG=/path/to/pg_config test/tools/run-tap citus
#
# ROWS       in each of four tables
# QUESTIONS  to each of them
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $rows      = amount('ROWS', 3000, 20000);
my $questions = amount('QUESTIONS', 25, 500);
my @workers   = ('worker1', 'worker2');
my %method    = (people => 'shortlist', jobs => 'shortlist', events => 'gist', meetups => 'shortlist');

# Nothing listens on a network: nodes are known by the directory of their sockets.  Shards of a test are so small that reading one whole is cheaper
# than its index.
my @settings = ("shared_preload_libraries = 'citus'", "citus.node_conninfo = 'sslmode=disable'", "citus.local_hostname = '$ENV{PGHOST}'",
	'wal_level = logical', 'citus.shard_count = 6', 'citus.explain_all_tasks = on', 'enable_seqscan = off');

sub installed
{
	chomp(my ($libraries, $shared) = map { `'$ENV{PG_CONFIG}' --$_` } qw(pkglibdir sharedir));
	return -e "$libraries/citus.so" && -e "$shared/extension/citus.control";
}

# PostgreSQL lets a library decode what is written only where it is named; older minor versions do not ask.
sub decoding_allowed
{
	return must(q{SELECT count(*) FROM pg_settings WHERE name = 'output_plugin_libraries'}) ? ("output_plugin_libraries = 'pgoutput, citus'") : ();
}

sub create_nodes
{
	push @settings, decoding_allowed();
	create_server($_, @settings) for @workers;
	open my $conf, '>>', "$dir/data/postgresql.conf" or die "cannot write postgresql.conf: $!\n";
	print $conf "$_\n" for @settings;
	close $conf or die "cannot write postgresql.conf: $!\n";
	stop_server('data');
	start_server('data');
	defined ask($_, 'CREATE EXTENSION citus') or die last_error() for 'data', @workers;
	must("SELECT citus_set_coordinator_host('$ENV{PGHOST}', $port{data})");
	must("SELECT citus_add_node('$ENV{PGHOST}', $port{$_})") for @workers;
	load_oracle();
	is(ask($_, q{SELECT extversion FROM pg_extension WHERE extname = 'shortlist'}), must(q{SELECT extversion FROM pg_extension WHERE extname = 'shortlist'}),
		"CREATE EXTENSION at the coordinator reaches $_") for @workers;
}

# The same rows twice: in asked on the coordinator alone, and in spread over the workers.
sub distribute
{
	must("SELECT asked.add_rows($rows)");
	must('CREATE SCHEMA spread');
	for my $table (sort keys %method)
	{
		must("CREATE TABLE spread.$table (LIKE asked.$table)");
		must("SELECT create_distributed_table('spread.$table', 'id')");
		must("INSERT INTO spread.$table TABLE asked.$table");
		must("CREATE INDEX ${table}_value ON spread.$table USING $method{$table} (value)");
		must("ANALYZE spread.$table");
	}
}

# All tasks of the plan have the index below the LIMIT, or the plan is returned.
sub without_index
{
	my ($plan, $table) = @_;
	my (undef, @tasks) = split /->  Task\n/, $plan;
	return @tasks == 6 && !grep({ !/-> *Limit\b.*-> *Index Scan using ${table}_value_\d+ /s } @tasks) ? '' : $plan;
}

sub test_plans
{
	my %order = (people => q{value <=> 's1:3, s4:2'}, jobs => q{value <-> 's1:3, s4:2'}, events => q{value <=> event_pref(latitude => 51, longitude => 0, within_km => 5)});
	$order{meetups} = $order{events};
	for my $table (sort keys %method)
	{
		is(without_index(must("EXPLAIN (COSTS OFF) SELECT id FROM spread.$table ORDER BY $order{$table} LIMIT 3"), $table), '', "$table: ORDER BY and LIMIT go to every shard, which has its index");
	}
	is(without_index(ask($workers[0], "EXPLAIN (COSTS OFF) SELECT id FROM spread.people ORDER BY $order{people} LIMIT 3"), 'people'), '', 'likewise when a worker is asked');
	my $prepared = 'PREPARE q(jobspec) AS SELECT id FROM spread.people ORDER BY value <=> $1 LIMIT 3;' . q{EXECUTE q('s2');} x 7;
	is(without_index(must("$prepared EXPLAIN (ANALYZE, COSTS OFF) EXECUTE q('s1:3, s4:2')") =~ s/\A.*?(?=Limit)//sr, 'people'), '', 'and for a parameter of a prepared statement');
}

# How many of many random questions have other costs, or for all rows other ids, in the one table than in the other; and one such question.
my $compare = <<'SQL';
CREATE FUNCTION pg_temp.differences(relation text, questions int, OUT rows bigint, OUT different bigint, OUT example text) LANGUAGE plpgsql AS $$
DECLARE
    q        oracle.question;
    statement text;
    how_many text;
    one      oracle.answer;
    spread   oracle.answer;
BEGIN
    rows := 0;
    different := 0;
    FOR i IN 1 .. questions LOOP
        q := asked.some_question(relation);
        FOREACH how_many IN ARRAY '{1,10,100,ALL}'::text[] LOOP
            statement := format('SELECT coalesce(array_agg(id ORDER BY cost, id), ''{}''), NULL, coalesce(array_agg(cost ORDER BY cost, id), ''{}''), NULL
                                 FROM (SELECT id, value %1$s %2$s AS cost FROM %3$s.%4$s %5$s ORDER BY value %1$s %2$s LIMIT %6$s) best',
                                q.operator, q.argument, '%s', relation, replace(oracle.filter_of(q), '%', '%%'), how_many);
            EXECUTE format(statement, 'asked') INTO one;
            EXECUTE format(statement, 'spread') INTO spread;
            rows := rows + cardinality(one.costs);
            IF one.costs IS DISTINCT FROM spread.costs OR how_many = 'ALL' AND one.ids IS DISTINCT FROM spread.ids THEN
                different := different + 1;
                example := statement;
            END IF;
        END LOOP;
    END LOOP;
END $$;
SQL

sub test_answers
{
	my ($when) = @_;
	for my $table (sort keys %method)
	{
		my ($rows, $different, $example) = split /\|/, must("$compare SELECT setseed(0.$seed); SELECT * FROM pg_temp.differences('$table', $questions)") =~ s/\A\s*//r, 3;
		ok($rows > $questions && $different eq '0', "$table $when: $questions random questions have the answers of one table", "$different differ of $rows rows; $example");
	}
}

sub test_aggregates
{
	for my $aggregate ('jobspec_agg(value) FROM %s.jobs', 'skillset_agg(skill, level) FROM %s.people, skills_each(value)')
	{
		is(must(sprintf "SELECT $aggregate", 'spread'), must(sprintf "SELECT $aggregate", 'asked'), sprintf($aggregate, 'spread') . ' is that of one table');
	}
}

# By copying, and by logical replication.
sub test_moves
{
	must("ALTER TABLE spread.$_ REPLICA IDENTITY FULL") for sort keys %method;
	for my $mode ('block_writes', 'force_logical')
	{
		my ($shard, $from) = split /\|/, must(q{SELECT shardid, nodeport FROM citus_shards WHERE table_name = 'spread.people'::regclass ORDER BY shardid LIMIT 1});
		my ($to) = grep { $_ != $from } map { $port{$_} } @workers;
		must("SELECT citus_move_shard_placement($shard, '$ENV{PGHOST}', $from, '$ENV{PGHOST}', $to, '$mode')");
		is(must("SELECT nodeport FROM citus_shards WHERE shardid = $shard"), $to, "a shard moves by $mode");
	}
	my $check = q{SELECT sum((shortlist_check(indexrelid)).heap_rows) FROM pg_index WHERE indrelid = '%s'::regclass};
	is(must("SELECT count(*) FILTER (WHERE success), sum(result::bigint) FROM run_command_on_shards('spread.people', \$\$$check\$\$)"),
		must("SELECT '6|' || count(*) FROM asked.people"), 'shortlist_check() finds nothing wrong at any shard, and all rows');
}

if (!installed())
{
	skip('tables distributed by Citus', 'Citus is not installed beside this PostgreSQL');
	finish();
}
create_nodes();
distribute();
test_plans();
test_answers('as loaded');
test_aggregates();
test_moves();
test_answers('after moves');
finish();
