package Load;

# The tables that crashes, standbys and sessions side by side are tested with: people, jobs and meetups with the access method
# shortlist, events with GiST, all in one schema; sessions that write to them, with a ledger of what was acknowledged; and what to check afterwards.
use strict;
use warnings;
use Exporter qw(import);
use TestServer;

our @EXPORT = qw(@relations tables_statements create_tables create_large start_writers start_vacuum await_work check_ledger check_ghosts check_answers
  check_indexes differences);

our @relations = qw(people jobs events meetups);
my %acknowledged;

# The first rows have negative ids: they are updated and deleted.  What writers add has positive ids, and stays.
my $tables = <<'SQL';
SET client_min_messages = warning;
SELECT asked.add_rows(3000);
UPDATE asked.people SET id = -id;
UPDATE asked.jobs SET id = -id;
UPDATE asked.events SET id = -id;
UPDATE asked.meetups SET id = -id;
CREATE INDEX people_value ON asked.people USING shortlist (value) WITH (tail_size = 64);
CREATE INDEX jobs_value ON asked.jobs USING shortlist (value) WITH (tail_size = 64);
CREATE INDEX events_value ON asked.events USING gist (value);
CREATE INDEX meetups_value ON asked.meetups USING shortlist (value) WITH (tail_size = 64);
VACUUM ANALYZE asked.people, asked.jobs, asked.events, asked.meetups;

-- Adds a row to each table under one id; updates or deletes one of the first rows.  Returns the id.
CREATE FUNCTION asked.work(added bigint DEFAULT nextval('asked.ids')) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO asked.people VALUES (added, added % 10000, asked.some_person());
    INSERT INTO asked.jobs VALUES (added, added % 10000, asked.some_job());
    INSERT INTO asked.events VALUES (added, added % 10000, asked.some_event());
    INSERT INTO asked.meetups VALUES (added, added % 10000, asked.some_event());
    IF added % 3 = 0 THEN
        UPDATE asked.people SET value = asked.some_person() WHERE ctid = (SELECT ctid FROM asked.people WHERE id < 0 OFFSET added % 500 LIMIT 1);
        UPDATE asked.jobs SET value = asked.some_job() WHERE ctid = (SELECT ctid FROM asked.jobs WHERE id < 0 OFFSET added % 500 LIMIT 1);
        UPDATE asked.events SET value = asked.some_event() WHERE ctid = (SELECT ctid FROM asked.events WHERE id < 0 OFFSET added % 500 LIMIT 1);
        UPDATE asked.meetups SET value = asked.some_event() WHERE ctid = (SELECT ctid FROM asked.meetups WHERE id < 0 OFFSET added % 500 LIMIT 1);
    ELSIF added % 5 = 0 THEN
        DELETE FROM asked.people WHERE ctid = (SELECT ctid FROM asked.people WHERE id < 0 AND added % 2000 < 500 OFFSET added % 100 LIMIT 1);
        DELETE FROM asked.jobs WHERE ctid = (SELECT ctid FROM asked.jobs WHERE id < 0 AND added % 2000 < 500 OFFSET added % 100 LIMIT 1);
        DELETE FROM asked.events WHERE ctid = (SELECT ctid FROM asked.events WHERE id < 0 AND added % 2000 < 500 OFFSET added % 100 LIMIT 1);
        DELETE FROM asked.meetups WHERE ctid = (SELECT ctid FROM asked.meetups WHERE id < 0 AND added % 2000 < 500 OFFSET added % 100 LIMIT 1);
    END IF;
    RETURN added;
END $$;

-- What is always rolled back: rows of ids that no other has, rows that become -1, and rows that stay although they were deleted.
CREATE FUNCTION asked.haunt() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    added    bigint := asked.work(1000000000000 + nextval('asked.ids'));
    relation text;
BEGIN
    FOREACH relation IN ARRAY '{people,jobs,events,meetups}'::text[] LOOP
        EXECUTE format('UPDATE asked.%I SET k = -1 WHERE ctid = (SELECT ctid FROM asked.%1$I WHERE id > 0 OFFSET $1 %% 50 LIMIT 1)', relation) USING added;
        EXECUTE format('DELETE FROM asked.%I WHERE ctid = (SELECT ctid FROM asked.%1$I WHERE id > 0 OFFSET 50 + $1 %% 50 LIMIT 1)', relation) USING added;
    END LOOP;
END $$;
SQL

# Rows of transactions that were rolled back, as asked.haunt() leaves them.
my $ghosts = 'id >= 1000000000000 OR k = -1';

# Copies, so that builds and vacuums last long enough to be met at work.
my $large = <<'SQL';
SET client_min_messages = warning;
DROP TABLE IF EXISTS asked.large_people, asked.large_events, asked.large_meetups;
CREATE TABLE asked.large_people AS SELECT p.id * 100 + i AS id, k, value FROM asked.people p, generate_series(1, 40) i WHERE p.id < 0 AND p.id > -1400;
CREATE TABLE asked.large_events AS SELECT e.id * 100 + i AS id, k, value FROM asked.events e, generate_series(1, 20) i WHERE e.id < 0;
CREATE TABLE asked.large_meetups AS SELECT e.id * 100 + i AS id, k, value FROM asked.meetups e, generate_series(1, 20) i WHERE e.id < 0;
CREATE INDEX large_people_value ON asked.large_people USING shortlist (value) WITH (tail_size = 64);
CREATE INDEX large_events_value ON asked.large_events USING gist (value);
CREATE INDEX large_meetups_value ON asked.large_meetups USING shortlist (value) WITH (tail_size = 64);
SQL

sub tables_statements { return $tables; }
sub create_tables     { load_oracle(); must_file("SELECT setseed(0.$seed) \\g /dev/null\n$tables"); }
sub create_large      { must_file($large); }

# Each acknowledges with the id of what it added; every tenth of its transactions is rolled back, without a word.
# They have enough to do for so many seconds.  Returns the names of their ledgers.
sub start_writers
{
	my ($count, $seconds) = @_;
	my @ledgers = map { "$dir/writer$_" } 1 .. $count;
	for my $i (0 .. $#ledgers)
	{
		my $start = sprintf '%.6f', rand;
		start_session($ledgers[$i], "SELECT setseed($start) \\g /dev/null\n"
			  . ("SELECT asked.work();\n" x 9 . "BEGIN;\nSELECT asked.haunt() \\g /dev/null\nROLLBACK;\n") x (100 * $seconds));
	}
	return @ledgers;
}

sub start_vacuum
{
	my ($seconds) = @_;
	my $file = "$dir/vacuum";
	start_session($file, "VACUUM asked.people, asked.jobs, asked.events, asked.meetups;\nSELECT pg_sleep(0.03) \\g /dev/null\n" x (40 * $seconds));
	return $file;
}

# Waits, for some seconds, until the server is at it, as the query tells: FROM ...  Each look is a transaction of its own:
# one that lasted would keep vacuum from removing anything.
sub await_work
{
	my ($query) = @_;
	my $file = "$dir/await.sql";
	open my $looks, '>', $file or die "cannot write $file: $!\n";
	print $looks "SELECT 'at work' $query LIMIT 1;\nSELECT pg_sleep(0.001) \\g /dev/null\n" x 3000;
	close $looks or die;
	my $pid = open my $out, '-|', 'psql', '-XqAt', '-f', $file or die "cannot run psql: $!\n";
	my $answer = <$out> // '';
	kill 'KILL', $pid;
	return $answer eq "at work\n";
}

# Nothing comes back that was rolled back, neither from the tables nor from their indexes.
sub check_ghosts
{
	my ($which, $when) = @_;
	my %argument = (people => q{'a'::jobspec}, jobs => q{'a'::skillset}, map { $_ => q{'{"price": {"scale": 1}}'::eventpref} } qw(events meetups));
	for my $way ('index', 'rows')
	{
		my $count = join ' + ', map { "(SELECT count(*) FROM (SELECT id, k FROM asked.$_ ORDER BY value <=> $argument{$_}) s WHERE $ghosts)" } @relations;
		my $found = ask($which, "BEGIN; DO \$\$ BEGIN PERFORM oracle.plan_by('$way'); END \$\$; SELECT $count; COMMIT") // last_error();
		is($found, 0, "$when: no row comes back that was rolled back, " . ($way eq 'index' ? 'from the indexes' : 'from the tables'));
	}
}

# Reads the ledgers; then every row that was ever acknowledged is in every table, and none that was rolled back.
sub check_ledger
{
	my ($when, @ledgers) = @_;
	for my $file (@ledgers)
	{
		open my $in, '<', $file or die "no $file: $!\n";
		while (<$in>)
		{
			$acknowledged{$1} = 1 if /^(\d+)\n/;
		}
	}
	open my $out, '>', "$dir/ledger" or die "cannot write $dir/ledger: $!\n";
	print $out "$_\n" for keys %acknowledged;
	close $out or die;
	chmod 0644, "$dir/ledger";
	my $lost = must("CREATE TEMP TABLE ledger (id bigint); COPY ledger FROM '$dir/ledger'; ANALYZE ledger; "
		  . 'SELECT ' . join ' + ', map { "(SELECT count(*) FROM ledger WHERE id NOT IN (SELECT id FROM asked.$_))" } @relations);
	my $count = keys %acknowledged;
	ok($count > 0 && $lost == 0, "$when: no row is lost of the $count that were acknowledged", "$lost are");
	check_ghosts('data', $when);
	return $count;
}

# What is wrong with the index's answers to some random questions, in one snapshot; '' if nothing is.
sub differences
{
	my ($which, $relation, $questions) = @_;
	my $start = sprintf '%.6f', rand;
	my $query = "BEGIN ISOLATION LEVEL REPEATABLE READ; DO 'BEGIN PERFORM setseed($start); END'; SELECT asked.differences('$relation', $questions); COMMIT";
	return $which eq 'standby' ? ask_standby($query) : ask($which, $query) // 'error: ' . last_error();
}

# Each index is sound, and has all rows of its table; those by shortlist have a use for every page.
sub check_indexes
{
	my ($which, $when) = @_;
	for my $relation (@relations)
	{
		my $checked = ask($which, "SELECT entries >= heap_rows AND heap_rows > 0, CASE WHEN '$relation' <> 'events' THEN lost_pages ELSE 0 END FROM shortlist_check('asked.${relation}_value')") // last_error();
		is($checked, 't|0', "$when: shortlist_check() finds nothing wrong with the index on $relation");
	}
}

sub check_answers
{
	my ($which, $when, $questions) = @_;
	for my $relation (@relations)
	{
		is(differences($which, $relation, $questions), '', "$when: the index on $relation answers as the sequential scan does");
	}
}

1;
