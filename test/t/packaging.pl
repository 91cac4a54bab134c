#!/usr/bin/perl
# META.json is what PGXN asks for, the versions that several files say agree, make install keeps to DESTDIR and to what belongs to the extension,
# the library exports what SQL calls, the Dockerfile copies and installs what a build needs, links lead somewhere, and sources keep to the rules that
# nothing else would notice: which statements an install script may have, who includes whom, and who asks for the version of PostgreSQL.
# usage: test/tools/run-tap packaging
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/lib";
use TestServer;

my $root = abs_path("$FindBin::Bin/../..");

sub contents
{
	my ($file) = @_;
	open my $in, '<', "$root/$file" or die "cannot read $file: $!\n";
	local $/;
	return scalar <$in>;
}

# The PGXN Meta Spec 1.0: https://pgxn.org/spec/
sub test_meta
{
	my $meta = eval { JSON::PP::decode_json(contents('META.json')) };
	ok(defined $meta, 'META.json is JSON', $@) or return;
	is(join(' ', grep { !$meta->{$_} } qw(name version abstract maintainer license provides meta-spec)), '', 'it has all that the specification requires');
	my $version = qr/\A\d+\.\d+\.\d+(-[A-Za-z][A-Za-z0-9-]*)?\z/;
	is(join(' ', grep { $_ !~ $version } $meta->{version}, $meta->{'meta-spec'}{version}, map { $_->{version} // 'none' } values %{ $meta->{provides} }), '', 'versions are semantic');
	ok($meta->{'meta-spec'}{version} eq '1.0.0' && $meta->{license} eq 'postgresql' && $meta->{release_status} =~ /^(stable|testing|unstable)$/, 'specification, licence and status are words that it knows');
	is(join(' ', grep { !-f "$root/$_" } map { $_->{file}, $_->{docfile} } values %{ $meta->{provides} }), '', 'the files that it names are there');
	ok(-f "$root/$meta->{provides}{shortlist}{file}" && $meta->{name} !~ m{[/\\\s]}, 'its name fits into that of an archive');
	return $meta->{version};
}

sub test_versions
{
	my ($version) = @_;
	my ($debian)  = contents('debian/changelog') =~ /\Ashortlist \(([\d.]+)-\d+\)/;
	my ($news)    = contents('CHANGELOG.md') =~ /^## ([\d.]+)/m;
	my ($control) = contents('shortlist.control') =~ /^default_version = '([\d.]+)'/m;
	is($debian, $version, 'debian/changelog has the version of META.json');
	is($news, $version, 'so has CHANGELOG.md');
	ok($version =~ /\A\Q$control\E\./, 'and shortlist.control its first two numbers', "$version, $control");
	is(contents('debian/control'), contents('debian/control.in') =~ s/PGVERSION/15/gr, 'debian/control is made from debian/control.in');
}

# What make install writes below DESTDIR.
sub test_install
{
	my $destination = "$dir/destination";
	ok(system("$root/test/tools/build", '--install', $destination) == 0, 'make install DESTDIR');
	chomp(my @installed = `cd '$destination' && find . -type f | sort`);
	my $belongs = qr{/lib/shortlist\.so$|/extension/shortlist(\.control|--\d+\.\d+(--\d+\.\d+)?\.sql)$|/lib/bitcode/shortlist(/src/.*|\.index)\.bc$};
	is(join(' ', grep { $_ !~ $belongs } @installed), '', 'installs the library, its bitcode, and the files of the extension, and nothing else');
	is(scalar(grep { m{/shortlist\.so$|/shortlist\.control$|/shortlist--1\.0\.sql$} } @installed), 3, 'among them these three');

	# PostgreSQL loads libraries so that each sees what the others export.
	my ($library) = grep { m{/shortlist\.so$} } @installed;
	my %called = map { $_ => 1, "pg_finfo_$_" => 1 } split /\n/, must(q{CREATE EXTENSION shortlist; SELECT DISTINCT prosrc FROM pg_proc WHERE probin LIKE '%shortlist'});
	my @exported = map { /(\S+)$/ ? $1 : () } `nm -D --defined-only '$destination/$library'`;
	is(join(' ', grep { !$called{$_} && !/^(Pg_magic_func|_PG_init)$/ } @exported), '', 'the library exports nothing but what SQL calls');
}

# Lines that end in a backslash are one; comments are none.
sub instructions
{
	my ($dockerfile) = @_;
	return split /\n/, $dockerfile =~ s/^#.*\n//gmr =~ s/\\\n\s*//gr;
}

# The image itself is not built here: that takes the official one.  What it copies is put where its build would find it, and make tells what it would do.
sub test_dockerfile
{
	my @instructions = instructions(contents('Dockerfile'));
	my @copied  = map { my @words = split ' ', $_; @words[ 1 .. $#words - 1 ] } grep { /^COPY (?!--from)/ } @instructions;
	my %allowed = map { $_ => 1 } contents('.dockerignore') =~ /^!(\S+)$/mg;
	is(join(' ', grep { !-e "$root/$_" } @copied), '', 'Dockerfile: what it copies is there');
	is(join(' ', grep { !$allowed{$_} } @copied), '', '.dockerignore lets it through');

	my ($apt) = map { /apt-get install -y --no-install-recommends ([^&]*)/ } @instructions;
	my $tool = contents('test/tools/install-packages');
	my @needed = map { split ' ', s/"//gr } ($tool =~ /^build=\((.*)\)$/m, $tool =~ /^\tbuild\+=\((.*)\)$/m);
	is(join(' ', sort map { s/"//gr =~ s/\$\{PG\}/\$PG/r } split ' ', $apt), join(' ', sort @needed), 'it installs the packages that test/tools/install-packages names for a build');

	mkdir "$dir/image" or die "cannot make $dir/image: $!\n";
	run('cp', '-r', map({ "$root/$_" } @copied), "$dir/image") or die "cannot copy to $dir/image\n";
	my $make = `make -n -C '$dir/image' all install with_llvm=no DESTDIR=/installed PG_CONFIG='$ENV{PG_CONFIG}' 2>&1`;
	my @missing = grep { my $name = $_; $make !~ m{install.* .*/?\Q$name\E } } qw(shortlist.so shortlist.control shortlist--1.0.sql);
	ok($? == 0 && !@missing, 'make in a directory with no more than that installs the library, the control file and the script', "not installed: @missing", $make);
}

# The text of a page outside of its blocks of code, and the names of its headings as they are linked to.
sub prose { my ($page) = @_; return contents($page) =~ s/^```.*?^```//msgr }
sub anchors { my ($page) = @_; return map { lc($_) =~ s/[^\w\- ]//gr =~ s/ /-/gr } prose($page) =~ /^#+ +(.*?) *$/mg }

# Pages lead to files and headings that are there.
sub test_links
{
	my ($links, @broken) = (0);
	for my $page (map { s{^\Q$root\E/}{}r } glob "$root/{*.md,doc/*.md,doc/*/*.md,bench/*.md,src/README,src/*/README,test/README}")
	{
		for my $link (grep { !/^[a-z]+:/ } prose($page) =~ /\]\(([^)\s]+)\)/g)
		{
			my ($file, $anchor) = split /#/, $link, 2;
			my $target = $file eq '' ? $page : ($page =~ s{[^/]*\z}{}r) . $file;
			$links++;
			push @broken, "$page: $link" if !-e "$root/$target" || (defined $anchor && !grep { $_ eq $anchor } anchors($target));
		}
	}
	is("@broken", '', 'links of the pages lead to files and headings that are there');
	ok($links > 50, "of which there are $links");
}

# What was there before CREATE EXTENSION, made by whoever may create objects in its schema, is neither taken over nor passed over.
sub test_scripts
{
	my @scripts = glob "$root/sql/*.sql";
	my @found;
	for my $script (@scripts)
	{
		my $text = contents($script =~ s{^\Q$root\E/}{}r) =~ s/--.*//gr;
		push @found, "$script: $1" while $text =~ /\b(OR\s+REPLACE|IF\s+NOT\s+EXISTS)\b/gi;
	}
	ok(@scripts > 0 && !@found, 'install scripts neither replace what is there nor pass it over', @found);
}

# Who may include whom, as src/README has it; all may include PostgreSQL's headers but the core, which has those of the C library.
my %includes = (
	core   => [qw(core)],
	types  => [qw(core types)],
	check  => [qw(core types check)],
	ops    => [qw(core types ops)],
	gist   => [qw(core types gist check)],
	am     => [qw(core types am check)],
	import => [qw(core types import ops/rows.h ops/arrays.h)],
);

my %of_c_library = map { ("<$_.h>" => 1) } qw(assert ctype errno float inttypes limits math stdarg stdbool stddef stdint stdio stdlib string time);

sub test_includes
{
	my (@found, %seen);
	for my $source (glob "$root/src/*/*.[ch]")
	{
		my $file = $source =~ s{^\Q$root\E/}{}r;
		my ($from) = $file =~ m{^src/(\w+)/};
		for my $included (contents($file) =~ /^\s*#\s*include\s+(\S+)/mg)
		{
			my ($header, $to) = $included =~ m{^"((\w+)/.*)"};
			$seen{$from}++;
			if (defined $to && $includes{$to}) { push @found, "$file: $included" if !grep { $_ eq $to || $_ eq $header } @{ $includes{$from} // [] }; }
			elsif ($from eq 'core' && !$of_c_library{$included}) { push @found, "$file: $included"; }
		}
	}
	is(join(' ', sort keys %seen), join(' ', sort keys %includes), 'the directories of src are those that the rules name');
	is(join("\n", @found), '', 'each includes what it may');
	my @asking = grep { contents($_) =~ /PG_VERSION_NUM|PG_MAJORVERSION/ } map { s{^\Q$root\E/}{}r } grep { -f } glob "$root/src/*.[ch] $root/src/*/*.[ch]";
	is(join(' ', @asking), 'src/types/pg.h', 'one header asks for the version of PostgreSQL');
}

test_versions(test_meta());
test_links();
test_install();
test_dockerfile();
test_scripts();
test_includes();
finish();
