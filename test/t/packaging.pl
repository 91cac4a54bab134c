#!/usr/bin/perl
# META.json is what PGXN asks for, the versions that several files say agree, and make install keeps to DESTDIR and to what belongs to the extension.
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
}

test_versions(test_meta());
test_install();
finish();
