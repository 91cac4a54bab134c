#!/usr/bin/perl
# The benches that compare with others come to their end with few rows, whoever is installed; those who are exact by what they do
# are found exact, those who are not are not; and the pictures are those of the figures.
# usage: test/tools/run-tap bench
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $root = abs_path("$FindBin::Bin/../..");
my %by_nature = (
	skills => { shortlist => 1, normalised => 1, 'gin-any' => 1, xapian => 1, pgvector => 1 },
	events => { shortlist => 1, gist => 1, formula => 1 });

# In a database of its own, as bench/run does it; what it prints, or nothing if it failed.
sub bench
{
	my ($name, $rows, %settings) = @_;
	local @ENV{ 'RESULTS', 'PGDATABASE', keys %settings } = ("$dir/results", "bench_$name", values %settings);
	run('createdb', "bench_$name") or die last_error();
	my $printed = `'$root/bench/$name' $rows 2>'$dir/bench.errors'`;
	return $printed if $? == 0;
	open my $errors, '<', "$dir/bench.errors" or die "cannot read $dir/bench.errors: $!\n";
	print map { "# $_" } <$errors>;
	return undef;
}

# {subject}{peer}{metric} = the values of all sizes and limits
sub figures
{
	my ($name) = @_;
	my %value;
	open my $in, '<', "$dir/results/$name.tsv" or return {};
	while (<$in>)
	{
		chomp;
		my ($subject, undef, $peer, undef, $metric, $value) = split /\t/;
		push @{ $value{$subject}{$peer}{$metric} }, $value;
	}
	return \%value;
}

sub test_peers
{
	my $printed = bench('peers', 1500, LEAST => 1500, QUESTIONS => 4, SECONDS_EACH => 0.1) // '';
	ok($printed =~ /all figures/, 'bench/peers comes to its end', $printed);
	my $value = figures('peers');
	for my $subject (sort keys %by_nature)
	{
		my @found = sort keys %{ $value->{$subject} };
		my @exact = grep { $by_nature{$subject}{$_} } @found;
		my @wrong = grep { grep { $_ != 1 } @{ $value->{$subject}{$_}{exact_all} // [0] } } @exact;
		is("@wrong", '', "$subject: who is exact by nature is found exact: @exact");
		is(scalar(grep { $value->{$subject}{$_}{exact_all} } @found), scalar(@found), "$subject: all answers were judged: @found");
	}
	print "# $_\n" for grep { /left out/ } split /\n/, $printed;
	ok(scalar(grep { $_ < 1 } @{ $value->{events}{point}{exact_one} }), 'distance alone is found to miss the best event');
	ok(scalar(grep { $_ < 1 } @{ $value->{skills}{gin}{exact_all} }), 'GIN on the two heaviest skills is found to miss people');
}

sub test_clients_and_batch
{
	my $printed = bench('clients', 500, CLIENTS => 2, CLIENT_SECONDS => 1, QUESTIONS => 4, PATIENCE => 1) // '';
	my @tps = map { @{ $_->{tps} } } values %{ figures('clients')->{clients} };
	ok(@tps >= 8 && !(grep { !($_ > 0) } @tps), 'bench/clients has answers by every contestant', $printed);
	$printed = bench('batch', 500, USERS => 200) // '';
	ok($printed =~ /shortlist +200 users.*GiST +20 users/s, 'bench/batch finds everybody an event', $printed);
}

# Figures that are committed are the ones that the committed pictures show.
sub test_pictures
{
	mkdir "$dir/pictures";
	for my $name (qw(peers clients))
	{
		system("$root/bench/draw", "$root/bench/figures/$name.tsv", "$dir/pictures") == 0 or return ok(0, "$name is drawn");
	}
	my @drawn = map { s{.*/}{}r } glob "$dir/pictures/*.svg";
	is(scalar(`cd '$dir/pictures' && for file in *.svg; do cmp "\$file" '$root/bench/figures/'"\$file" 2>&1; done`), '', "pictures are those of the figures: @drawn");
	is(scalar(grep { !-s "$dir/results/$_" } @drawn), 0, 'a run draws the same pictures');
}

test_peers();
test_clients_and_batch();
test_pictures();
finish();
