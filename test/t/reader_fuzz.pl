#!/usr/bin/perl
# The readers that need the server around them, given any bytes: text, binary and stored form of the types, and the documents that sites
# publish.  Without STRESS the inputs that fuzzing found, in test/fuzz/corpus/server, are read once more; under STRESS=1 libFuzzer looks for new
# ones, led by which code of the extension they reach, and the extension runs under the address and undefined-behaviour sanitizers.
# usage: test/tools/run-tap reader_fuzz
#
# settings: autovacuum = off; jit = off; log_min_messages = fatal; plan_cache_mode = force_generic_plan; enable_seqscan = off; enable_sort = off
#
# FUZZ_SECONDS  60, for each reader
# SEED          a whole number, where libFuzzer starts
# READERS       names of test/fuzz/server/readers.sql; all if it is not given
# KEEP_CORPUS   a directory: there the corpus is written, and what was found that reaches more of the code
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $root    = abs_path("$FindBin::Bin/../..");
my $sources = "$root/test/fuzz/server";
my $corpus  = "$root/test/fuzz/corpus/server";
my $seconds = amount('FUZZ_SECONDS', 0, 60);

# Which words libFuzzer puts into the inputs of a reader.
my %words = (skillset_text => 'skills', jobspec_text => 'skills', eventfacts_text => 'events', eventpref_text => 'events',
	icalendar => 'icalendar', icalendar_listing => 'icalendar', jsonld => 'documents', jsonld_listing => 'documents', job_posting => 'documents', resume => 'documents', price => 'words', time => 'words', skills_in_text => 'words');

# What a shell prints, without the line's end; empty if it failed.
sub output_of
{
	my ($command) = @_;
	chomp(my $output = `$command 2>/dev/null`);
	return $output;
}

sub build
{
	my ($file, @command) = @_;
	run(@command, '-o', $file) or die "failed: @command\n" . tail("$dir/run.log");
	chmod 0755, $file;
}

# The server is a copy, without the headers: they are where they were installed.
sub headers
{
	my ($which) = @_;
	(my $where = output_of("$ENV{PG_CONFIG} --$which")) =~ s/^\Q$dir\E//;
	return ('-isystem', $where);
}

my @includes = ('-std=gnu99', '-g', '-shared', '-fPIC', "-I$root/src", headers('includedir-server'));

# The extension with libFuzzer in it, in place of the one that was installed.  A server that was not built for it can load the sanitizers'
# library only if malloc works before its constructor runs, and that takes a library that is initialized first and calls it.
sub install_fuzzer
{
	my ($fuzzer, $sanitizer) = @_;
	build(output_of("$ENV{PG_CONFIG} --pkglibdir") . '/shortlist.so', 'clang', '-w', '-O1', '-D_GNU_SOURCE', '-DWITH_LIBFUZZER', @includes, '-fno-strict-aliasing', '-ffp-contract=off', '-fno-math-errno',
		'-fno-omit-frame-pointer', '-fsanitize=fuzzer-no-link,address,undefined', '-fno-sanitize-recover=all', '-shared-libasan', '-Wl,-Bsymbolic-functions',
		glob("$root/src/*.c"), glob("$root/src/*/*.c"), glob("$sources/*.c"), $fuzzer, '-lstdc++', '-lm');
	open my $first, '>', "$dir/first.c" or die "cannot write $dir/first.c: $!\n";
	print $first "#include <stdlib.h>\n__attribute__((constructor)) static void first(void) { free(malloc(1)); }\n";
	close $first or die "cannot write $dir/first.c: $!\n";
	build("$dir/first.so", 'gcc', '-shared', '-fPIC', '-Wl,-z,initfirst', "$dir/first.c");
	stop_server('data');
	local $ENV{LD_PRELOAD}    = "$dir/first.so:$sanitizer";
	local $ENV{ASAN_OPTIONS}  = 'detect_leaks=0:verify_asan_link_order=0:abort_on_error=0';
	local $ENV{UBSAN_OPTIONS} = 'print_stacktrace=1';
	start_server('data');
	return 'shortlist';
}

# True if clang can do it here; otherwise the known inputs are read, which takes no more than the tests do anyway.
sub have_fuzzer
{
	my ($fuzzer, $sanitizer) = map { output_of("clang -print-file-name=libclang_rt.$_") } 'fuzzer_no_main-x86_64.a', 'asan-x86_64.so';
	return (-f $fuzzer && -f $sanitizer) ? ($fuzzer, $sanitizer) : ();
}

my @fuzzer = $seconds > 0 ? have_fuzzer() : ();
my $library;
if (@fuzzer)
{
	print "# fuzzed for $seconds s each\n";
	$library = install_fuzzer(@fuzzer);
}
else
{
	print "# clang's libFuzzer is not installed (clang, libclang-rt-14-dev): the known inputs alone\n" if $seconds > 0;
	$library = "$dir/one_input.so";
	build($library, 'gcc', '-O1', @includes, "$sources/one_input.c");
}

# --- readers and inputs --------------------------------------------------------

sub readers_statements
{
	open my $in, '<', "$sources/readers.sql" or die "cannot read $sources/readers.sql: $!\n";
	local $/;
	(my $statements = <$in>) =~ s/:'library'/'$library'/g;
	return "CREATE EXTENSION shortlist;\n$statements";
}

# A file of the corpus has an input in a line, as hexadecimal digits.
sub known_inputs
{
	my ($reader) = @_;
	open my $in, '<', "$corpus/$reader" or die "there is no corpus of the reader $reader: $corpus/$reader\n";
	chomp(my @inputs = <$in>);
	return @inputs;
}

sub replay
{
	my ($reader) = @_;
	my @inputs = known_inputs($reader);
	my $values = join ', ', map { "('\\x$_'::bytea)" } @inputs;
	open my $out, '>', "$dir/replay.sql" or die "cannot write $dir/replay.sql: $!\n";
	print $out "SET statement_timeout = '60s';\nSELECT string_agg(format('%s: %s', encode(input, 'hex'), problem), E'\\n') FROM (SELECT input, fuzz.input_problem('$reader', input) AS problem FROM (VALUES $values) v (input)) p WHERE problem IS NOT NULL;\n";
	close $out or die "cannot write $dir/replay.sql: $!\n";
	my $problems = `psql -XqAt -v ON_ERROR_STOP=1 -f '$dir/replay.sql' 2>&1`;
	ok($? == 0 && $problems !~ /\S/, "$reader: " . scalar(@inputs) . ' known inputs', substr($problems, 0, 2000));
}

sub read_file
{
	my ($file) = @_;
	open my $in, '<:raw', $file or die "cannot read $file: $!\n";
	local $/;
	return <$in> // '';
}

sub write_inputs
{
	my ($reader, $where) = @_;
	mkdir $where;
	my $n = 0;
	for my $input (known_inputs($reader))
	{
		open my $out, '>:raw', "$where/known" . $n++ or die "cannot write into $where: $!\n";
		print $out pack 'H*', $input;
		close $out or die "cannot write into $where: $!\n";
	}
}

sub fuzz
{
	my ($reader) = @_;
	my $where = "$dir/fuzz_$reader";
	mkdir $where;
	mkdir "$where/found";
	chmod 0777, $where, "$where/found";
	write_inputs($reader, "$where/known");
	my @arguments = ("-max_total_time=$seconds", '-timeout=10', '-rss_limit_mb=2048', '-detect_leaks=0', "-seed=$seed", '-max_len=4096', '-print_final_stats=1', "-artifact_prefix=$where/", "$where/found", "$where/known");
	unshift @arguments, "-dict=$dir/$words{$reader}.dict" if $words{$reader};
	ask('data', "SELECT fuzz.fuzz_reader('$reader', '$where/log', VARIADIC ARRAY[" . join(', ', map { "'$_'" } @arguments) . '])');
	my $started = last_error();
	-f "$where/log" or die "libFuzzer did not start: $started";
	my $log = read_file("$where/log");
	my ($runs)  = $log =~ /stat::number_of_executed_units: (\d+)/;
	my ($edges) = $log =~ /.*cov: (\d+)/s;
	my @faults = grep { -f } glob "$where/crash-* $where/timeout-* $where/oom-*";
	my @told = grep { /^PROBLEM|^==\d+==ERROR|runtime error|^SUMMARY/ || m{^ +#\d+ .* \Q$root\E/src/} } split /\n/, $log;
	ok($log =~ /^Done \d+ runs/m && !@faults, sprintf('%s: %s inputs in %s s, %s edges', $reader, $runs // 'no', $seconds, $edges // 'no'),
		@told[ 0 .. ($#told < 14 ? $#told : 14) ], map { 'the input: ' . unpack 'H*', read_file($_) } @faults);
	print "# $_\n" for $log =~ /cov: \d+/ ? () : split /\n/, substr $log, -2000;
	await_session();
	keep($reader, $where) if $ENV{KEEP_CORPUS};
}

# What was known stays; of what was found, the shorter first, that is kept which goes where nothing before it went.
sub keep
{
	my ($reader, $where) = @_;
	my %known = map { $_ => 1 } known_inputs($reader);
	my %found = map { unpack('H*', read_file($_)) => 1 } glob "$where/found/*";
	must_file("CREATE TABLE fuzz.found_$reader (known boolean, input bytea);\nCOPY fuzz.found_$reader FROM STDIN;\n"
		  . join('', map({ "t\t\\\\x$_\n" } keys %known), map({ "f\t\\\\x$_\n" } grep { !$known{$_} } keys %found)) . "\\.\n");
	my $kept = must("SELECT string_agg(encode(input, 'hex'), E'\\n') FROM (SELECT known, input, fuzz.input_is_new('$reader', input) AS new FROM (SELECT * FROM fuzz.found_$reader ORDER BY NOT known, octet_length(input), input OFFSET 0) i OFFSET 0) k WHERE known OR new");
	open my $out, '>', "$ENV{KEEP_CORPUS}/$reader" or die "cannot write $ENV{KEEP_CORPUS}/$reader: $!\n";
	print $out "$kept\n";
	close $out or die "cannot write $ENV{KEEP_CORPUS}/$reader: $!\n";
}

# After a session that crashed.
sub await_session
{
	for (1 .. 100)
	{
		return if defined ask('data', 'SELECT 1');
		pause(0.2);
	}
}

must_file(readers_statements());
my @readers = split /\s+/, $ENV{READERS} // must("SELECT string_agg(DISTINCT name, ' ' ORDER BY name) FROM fuzz.reader");
if (@fuzzer)
{
	must_file("CREATE FUNCTION fuzz.fuzz_reader(reader text, log text, VARIADIC arguments text[]) RETURNS void AS '$library' LANGUAGE C;\nCREATE FUNCTION fuzz.input_is_new(reader text, input bytea) RETURNS boolean AS '$library' LANGUAGE C;\n");
	run('cp', glob("$sources/words/*.dict"), $dir);
}
for my $reader (@readers)
{
	if (@fuzzer)
	{
		fuzz($reader);
	}
	else
	{
		replay($reader);
	}
}
is(join('', log_lines('PANIC|TRAP:|terminated by signal')), '', 'nothing is wrong in the log');
finish();
