package TestServer;

# What the tests of test/t share: results in TAP, servers that are killed and started again, sessions side by side, a standby.
# The server "data" is the one of with-cluster, which run-tap starts; "standby" is made by start_standby(), any other by create_server().
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use POSIX ();

our @EXPORT = qw(ok is skip finish as_server run start_server tail pause ask must must_file psql_errors start_session stop_sessions
  stop_server server_processes crash create_server start_standby await_standby promote log_lines load_oracle oracle_statements load_members ask_standby
  cancelled_by_recovery last_error amount
  $dir $seed %port);

our $dir  = $ENV{CLUSTER_DIR} or die "run this by test/tools/run-tap\n";
our $seed = $ENV{SEED} // 1;
our %port = (data => $ENV{PGPORT}, standby => $ENV{PGPORT} + 1);

my $oracle = dirname(abs_path(__FILE__)) . '/../../oracle';
my ($tests, $failures) = (0, 0);
my @sessions;

$| = 1;
srand($seed);
print "# SEED=$seed\n";
# Costs of what is not to be used are so high that everything would be compiled.
$ENV{PGOPTIONS} = '-c client_min_messages=warning -c jit=off';
$SIG{PIPE} = 'IGNORE';

# --- results -----------------------------------------------------------------

# The prototype makes a condition a scalar: a match that fails would otherwise give an empty list, and its name would be the condition.
sub ok($$;@)
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
	$got //= 'no answer';
	return ok($got eq $expected, $name, "got:      $got", "expected: $expected");
}

# What cannot be tested here, and why.
sub skip
{
	my ($name, $why) = @_;
	$tests++;
	print "ok $tests - $name # SKIP $why\n";
}

# Prints the plan, and ends the program.
sub finish
{
	print "1..$tests\n";
	exit($failures ? 1 : 0);
}

# How much: what the environment says, or as much as a plain run or STRESS=1 asks for.
sub amount
{
	my ($name, $plain, $stress) = @_;
	my $amount = $ENV{$name} // ($ENV{STRESS} ? $stress : $plain);
	print "# $name=$amount\n";
	return $amount;
}

# --- servers -----------------------------------------------------------------

# PostgreSQL does not run as root.
sub as_server
{
	my @command = @_;
	return $> == 0 ? ('runuser', '-u', 'postgres', '--', @command) : @command;
}

# True if the command succeeds; what it prints goes to run.log.
sub run
{
	my @command = @_;
	my $pid = fork() // die "cannot fork: $!\n";
	if ($pid == 0)
	{
		chdir $dir;
		open STDOUT, '>>', "$dir/run.log" or die;
		open STDERR, '>&', \*STDOUT or die;
		exec @command or POSIX::_exit(127);
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
		return if run(as_server(split(' ', $ENV{CLUSTER_WRAPPER} // ''), 'pg_ctl', 'start', '-w', '-t', 120, '-D', "$dir/$which", '-l', "$dir/$which.log", '-o', "-p $port{$which}"));
		pause(0.2);
	}
	die "the server $which did not start:\n" . tail("$dir/$which.log");
}

# As an administrator does: everything is written to its files.
sub stop_server
{
	my ($which) = @_;
	run(as_server('pg_ctl', 'stop', '-m', 'fast', '-w', '-t', 120, '-D', "$dir/$which")) or die "the server $which did not stop:\n" . tail("$dir/run.log");
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

# SIGKILL to all of it at once; then it recovers.
sub crash
{
	kill 'KILL', server_processes();
	waitpid $_, 0 for splice @sessions;
	start_server('data');
}

# One more server with an empty database, on the port that %port has for it, or on the next.
sub create_server
{
	my ($which, @settings) = @_;
	run(as_server('initdb', '-D', "$dir/$which", '-U', $ENV{PGUSER}, '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'))
	  or die "initdb failed:\n" . tail("$dir/run.log");
	open my $conf, '>>', "$dir/$which/postgresql.conf" or die "cannot write postgresql.conf: $!\n";
	print $conf "$_\n" for "listen_addresses = ''", "unix_socket_directories = '$ENV{PGHOST}'", "timezone = 'UTC'", 'fsync = off', 'jit = off', @settings;
	close $conf or die "cannot write postgresql.conf: $!\n";
	my ($last) = sort { $b <=> $a } values %port;
	$port{$which} //= $last + 1;
	start_server($which);
	run('createdb', '-p', $port{$which}, $ENV{PGDATABASE}) or die "createdb failed:\n" . tail("$dir/run.log");
}

sub start_standby
{
	run(as_server('pg_basebackup', '-D', "$dir/standby", '-R', '-c', 'fast', '-X', 'stream', '-C', '-S', 'standby'))
	  or die "pg_basebackup failed:\n" . tail("$dir/run.log");
	start_server('standby');
}

# True when the standby has all that was written until now.
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

sub promote
{
	my ($which) = @_;
	run(as_server('pg_ctl', 'promote', '-w', '-t', 120, '-D', "$dir/$which")) or die "cannot promote $which:\n" . tail("$dir/run.log");
}

# The lines that match, of the logs of all servers.
sub log_lines
{
	my ($pattern) = @_;
	my @found;
	for my $file (map { "$dir/$_.log" } qw(data standby upgraded server))
	{
		open my $in, '<', $file or next;
		push @found, grep { /$pattern/ } <$in>;
	}
	return @found;
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

# --- questions and sessions --------------------------------------------------

# The answer of some statements, by the server named; undef if one failed, and last_error() tells why.
sub ask
{
	my ($which, $query) = @_;
	open my $out, '-|', 'sh', '-c', 'errors=$1; shift; exec psql "$@" 2>"$errors"', 'sh', "$dir/ask.err",
	  '-XqAt', '-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=verbose', '-p', $port{$which}, '-c', $query
	  or die "cannot run psql: $!\n";
	my @lines = <$out>;
	close $out or return undef;
	chomp(my $answer = join '', @lines);
	return $answer;
}

sub last_error { return tail("$dir/ask.err"); }

sub must
{
	my ($query) = @_;
	return ask('data', $query) // die "failed: $query\n" . last_error();
}

# Statements that are too long for an argument, or not to be one transaction.
sub must_file
{
	my ($statements) = @_;
	open my $in, '|-', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null' or die "cannot run psql: $!\n";
	print $in $statements;
	close $in or die "failed: " . substr($statements, 0, 1000) . "\n";
}

sub oracle_file
{
	my ($name) = @_;
	open my $in, '<', "$oracle/$name.sql" or die "cannot read $oracle/$name.sql: $!\n";
	local $/;
	return scalar <$in>;
}

# These create the extension, and what makes random tables and the program that compares.
sub oracle_statements
{
	# The files' \ir and the server's user need not agree on what is readable: they go in by standard input.
	my $statements = "SET client_min_messages = warning;\nCREATE EXTENSION shortlist;\nSELECT setseed(0.$seed);\n";
	$statements .= oracle_file($_) for qw(random_skills random_events same_answer random_tables);
	return $statements;
}

sub load_oracle { must_file(oracle_statements()); }

# Makes installed.members(), which tells of all that the extension is made of.
sub load_members { must_file(oracle_file('extension_members')); }

# Whether what a standby said is that recovery went before, or that a scan has to begin anew.
sub cancelled_by_recovery
{
	my ($answer) = @_;
	return $answer =~ /error:? .*\b40001\b|due to conflict with recovery|was merged on the primary/s;
}

# The answer of a standby; a query that was cancelled is asked again.
sub ask_standby
{
	my ($query) = @_;
	my $answer;
	for (1 .. 30)
	{
		$answer = ask('standby', $query) // 'error: ' . last_error();
		last if !cancelled_by_recovery($answer);
	}
	return $answer;
}

# Starts a session that works through statements; what it answers goes to a file, errors to FILE.err.
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
		exec 'psql', '-XqAt', '-f', "$file.sql" or POSIX::_exit(127);
	}
	push @sessions, $pid;
	return $pid;
}

# Ends psql, and waits until the server has noticed.
sub stop_sessions
{
	kill 'TERM', @sessions;
	waitpid $_, 0 for splice @sessions;
	must(q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()});
	for (1 .. 200)
	{
		last if must(q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()}) == 0;
		pause(0.05);
	}
}

# The errors of sessions, but those of their own end.
sub psql_errors
{
	my (@files) = @_;
	my @found;
	for my $file (@files)
	{
		open my $in, '<', "$file.err" or next;
		push @found, grep { /ERROR|FATAL|PANIC|server closed/ && !/terminating connection due to administrator command/ } <$in>;
	}
	return @found;
}

END
{
	my $status = $?;
	kill 'TERM', @sessions if @sessions;
	my %other = map { $_ => 1 } 'standby', 'upgraded', grep { $_ ne 'data' } keys %port;
	for my $other (defined $dir ? keys %other : ())
	{
		run(as_server('pg_ctl', 'stop', '-m', 'immediate', '-D', "$dir/$other")) if -e "$dir/$other/postmaster.pid";
	}
	$? = $status;
}

1;
