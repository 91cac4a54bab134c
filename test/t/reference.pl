#!/usr/bin/perl
# The reference and the catalog say the same: doc/catalog.md is what the catalog of this server has, doc/reference.md and the pages that it
# leads to name every function, operator, type and argument, and they name no function that is not there; the pictures are what the
# extension answers.
# usage: test/tools/run-tap reference
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $root = abs_path("$FindBin::Bin/../..");
my $ours = q{SELECT p.* FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  WHERE d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist')};
# Input and output, support of indexes and of comparison are called by PostgreSQL alone.
my $called_by_users = q{'internal'::regtype <> ALL (proargtypes) AND proname !~ '_(in|out|recv|send|eq|ne|lt|le|gt|ge|cmp|hash|hash_extended|to_json|to_jsonb)$'};

sub contents
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return scalar <$in>;
}

# What is set as code in a page: `...` and the blocks between fences.
sub code_of
{
	my ($page) = @_;
	return join "\n", $page =~ /^```\w*\n(.*?)^```/msg, map { s/\\\|/|/gr } $page =~ /`([^`\n]+)`/g;
}

must('CREATE EXTENSION shortlist');

ok(system("$root/test/tools/write-catalog", "$dir/catalog.md") == 0, 'the catalog is written');
my $difference = `diff -u '$root/doc/catalog.md' '$dir/catalog.md'`;
is($difference, '', 'doc/catalog.md is the catalog; make reference brings it up to date');

my $start     = contents("$root/doc/reference.md");
my %pages     = map { $_ => 1 } grep { $_ ne 'catalog.md' } $start =~ /\]\((\w+\.md)\)/g;
my $reference = join '', $start, map { contents("$root/doc/$_") } sort keys %pages;
my $code      = code_of($reference);

my @functions = split /\n/, must("SELECT DISTINCT proname FROM ($ours) p WHERE $called_by_users ORDER BY 1");
ok(@functions > 40, scalar(@functions) . ' functions are looked for');
is(join(' ', grep { $code !~ /\b$_\(/ && $code !~ /::$_\b/ } @functions), '', 'every function is in the reference');

my @arguments = split /\n/, must("SELECT DISTINCT a FROM ($ours) p, unnest(proargnames) a WHERE $called_by_users AND a <> '' ORDER BY 1");
is(join(' ', grep { $reference !~ /\b$_\b/ } @arguments), '', 'and every argument and column, ' . scalar(@arguments) . ' of them');

my @types = split /\n/, must(q{SELECT typname FROM pg_type t JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e'
  WHERE typname NOT LIKE '\_%' AND typname <> 'eventbox' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'shortlist')});
is(join(' ', grep { $code !~ /\b$_\b/ } @types), '', 'every type is there');

my @tables = split /\n/, must(q{SELECT relname FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e' WHERE relkind IN ('r', 'v', 'm', 'S')});
is(join(' ', grep { $code !~ /\b$_\b/ } @tables), '', 'and every table');

my @operators = split /\n/, must(q{SELECT DISTINCT oprname FROM pg_operator o JOIN pg_depend d ON d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'
  WHERE oprname NOT IN ('<=', '>', '>=')});
is(join(' ', grep { my $name = $_; $code !~ /(^|[\s`(])\Q$name\E($|[\s`)])/m } @operators), '', 'every operator is there, ' . scalar(@operators) . ' of them');

my @options = split /\n/, must(q{LOAD 'shortlist'; SELECT name FROM pg_settings WHERE name LIKE 'shortlist.%'});
is(join(' ', grep { $code !~ /\b\Q$_\E\b/ } @options), '', 'and every setting');

# What is written as a call has to be a function, of ours or of PostgreSQL.
my %called = map { $_ => 1 } $code =~ /\b([a-z][a-z0-9_]*)\(/g;
my @unknown;
for my $name (sort keys %called)
{
	next if $name =~ /^(values|using|order|in|exists|filter|with|include|on|over|from|and|select|as|where)$/;    # words of SQL
	next if $name eq 'readiness';                                                                             # of a formula
	next if must("SELECT EXISTS (SELECT FROM pg_proc WHERE proname = '$name') OR EXISTS (SELECT FROM pg_type WHERE typname = '$name')") eq 't';
	push @unknown, $name;
}
is(join(' ', grep { $reference !~ /CREATE (?:TABLE|INDEX ON|FUNCTION|VIEW) $_\b/ } @unknown), '', 'the reference calls no function that is not there');

# The pictures are drawn from what the extension answers.
mkdir "$dir/pictures";
ok(system("$root/doc/pictures/draw-curves", "$dir/pictures") == 0, 'the pictures are drawn');
is(scalar(`for file in '$dir'/pictures/*.svg; do cmp "\$file" '$root/doc/pictures/'"\$(basename "\$file")" 2>&1; done`), '', 'and are those of doc/curves.md');

finish();
