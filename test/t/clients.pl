#!/usr/bin/perl
# The programs of doc/clients.md print what the page says.  Each is run where its driver is installed, and skipped where not:
# python3-psycopg, python3-psycopg2, python3-sqlalchemy; a JDK with libpostgresql-jdbc-java.
# usage: test/tools/run-tap clients
#
# PYTHON      which Python: /usr/bin/python3
# JDBC_DRIVER the driver's jar: /usr/share/java/postgresql.jar
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $python = $ENV{PYTHON}      // '/usr/bin/python3';
my $driver = $ENV{JDBC_DRIVER} // '/usr/share/java/postgresql.jar';
my %needs  = (psycopg => 'psycopg', psycopg2 => 'psycopg2', SQLAlchemy => 'sqlalchemy, psycopg2');

# The blocks of a language, each with the heading above it and what it prints.
sub programs
{
	my ($page, $language) = @_;
	my @found;
	while ($page =~ /^## ([^\n]*)\n((?:(?!^## ).)*?)^```$language\n(.*?)^```\n\s*^```text\n(.*?)^```/msg)
	{
		push @found, { name => $1, source => $3, prints => $4 };
	}
	return @found;
}

sub write_file
{
	my ($file, $text) = @_;
	open my $out, '>', $file or die "cannot write $file: $!\n";
	print $out $text;
	close $out or die "cannot write $file: $!\n";
}

sub run_python
{
	my ($program) = @_;
	my ($library) = $program->{name} =~ /(psycopg2|psycopg|SQLAlchemy)/;
	return skip($program->{name}, "no $needs{$library} in $python") if system("$python -c 'import $needs{$library}' 2>/dev/null") != 0;
	write_file("$dir/program.py", $program->{source});
	is(scalar(`$python '$dir/program.py' 2>&1`), $program->{prints}, $program->{name});
}

# JDBC knows no Unix sockets: one more server listens on the loopback, on a port that was free.
sub run_java
{
	my ($program, $setup) = @_;
	return skip($program->{name}, 'no Java') if system('command -v java >/dev/null') != 0;
	return skip($program->{name}, "no $driver") if !-e $driver;
	$port{loopback} = 20000 + $$ % 20000;
	create_server('loopback', "listen_addresses = '127.0.0.1'");
	defined ask('loopback', $setup) or die last_error();
	write_file("$dir/Best.java", $program->{source});
	my $url = "jdbc:postgresql://127.0.0.1:$port{loopback}/$ENV{PGDATABASE}?user=$ENV{PGUSER}";
	is(scalar(`java -cp '$driver' '$dir/Best.java' '$url' 2>&1`), $program->{prints}, $program->{name});
}

open my $in, '<', "$FindBin::Bin/../../doc/clients.md" or die "cannot read doc/clients.md: $!\n";
my $page = do { local $/; <$in> };
my ($tables) = $page =~ /^```sql\n(.*?)^```/ms;
my $setup = "CREATE EXTENSION shortlist; $tables";

must($setup);
my @python = programs($page, 'python');
is(scalar(@python), 3, 'programs in Python');
run_python($_) for @python;
my @java = programs($page, 'java');
is(scalar(@java), 1, 'programs in Java');
run_java($_, $setup) for @java;
finish();
