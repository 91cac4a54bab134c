package Sample;

# What the generators share: drawing from distributions, and the world that
# their rows live in (skills, clusters of skills, cities).  perl-base alone.
#
# The world does not depend on --seed, so that people and roles made with
# different seeds speak of the same skills, and events and preferences of the
# same cities.  Perl's rand() is its own, the same on every machine.

use strict;
use warnings;
use Exporter 'import';
use List::Util qw(max min sum shuffle);

our @EXPORT_OK = qw(
	weighted_table zipf_weights gauss log_normal one_of
	skill_names clusters cities moved date timestamp
);

use constant {
	SKILLS          => 10_000,
	CLUSTERS        => 200,
	CLUSTER_SKILLS  => 300,
	CITIES          => 2_000,
	WORLD_SEED      => 20_261_201,
	PI              => 4 * atan2(1, 1),
	KM_PER_DEGREE   => 6371.0088 * 4 * atan2(1, 1) / 180,
	EPOCH_2026_12_1 => 1_796_083_200,
};

# --- drawing ---------------------------------------------------------------

# A table of $size slots in which index i fills a share of about weights[i],
# and at least one slot: one array look-up then draws by weight.
sub weighted_table
{
	my ($size, $weights) = @_;
	my $per_weight = ($size - @$weights) / sum(@$weights);
	my @table;
	my $end = 0;
	for my $i (0 .. $#$weights)
	{
		$end += 1 + $weights->[$i] * $per_weight;
		push @table, ($i) x (int($end + 0.5) - @table);
	}
	push @table, $#$weights while @table < $size;
	return \@table;
}

sub zipf_weights
{
	my ($n, $exponent) = @_;
	return [ map { $_**-$exponent } 1 .. $n ];
}

# One draw of the standard normal distribution (Box and Muller).
sub gauss
{
	return sqrt(-2 * log(1 - rand())) * cos(2 * PI * rand());
}

sub log_normal
{
	my ($median, $sigma) = @_;
	return $median * exp($sigma * gauss());
}

sub one_of
{
	return $_[ int(rand(@_)) ];
}

# --- skills ----------------------------------------------------------------

my @KNOWN = (
	'communication', 'python', 'excel', 'project management', 'teamwork', 'java', 'javascript', 'leadership',
	'postgresql', 'customer service', 'sales', 'linux', 'problem solving', 'data analysis', 'html', 'negotiation',
	'marketing', 'scrum', 'docker', 'git version control', 'c++11', 'kubernetes', 'accounting', 'node.js',
	'machine learning', 'typescript', 'writing', 'public speaking', 'ci/cd', 'statistics', 'photoshop', 'react',
	'english', 'spanish', 'tensorflow', 'pytorch', 'budgeting', 'recruiting', 'terraform', 'asp.net', 'rust',
	'golang', 'autocad', 'first aid', 'welding', 'nursing', 'bookkeeping', 'mentoring', 'ansible', 'hadoop');

my @FIELD = qw(
	data web cloud mobile network security software hardware system product process quality risk supply retail energy
	finance tax audit legal health patient food garden event travel hotel music video audio image text speech search
	game robot drone sensor signal power motor engine water waste soil forest crop animal marine aviation rail road
	traffic urban building concrete steel wood glass textile paper plastic chemical drug gene protein cell cancer dental
	child youth family school language math physics history art fashion brand media press email content social
	payment credit loan fund asset stock bond pension claim fraud identity access disaster backup storage database
	cache queue stream batch graph map weather climate ocean space laser optical thermal nuclear wind solar battery
	fleet parcel customs port store price demand user service support incident release test code api kernel compiler
	driver embedded desktop vendor contract);

my @ACTIVITY = qw(
	analysis design engineering management testing planning modelling architecture security training research
	monitoring automation integration strategy auditing reporting operations consulting migration optimisation
	forecasting programming editing marketing sales support compliance governance tuning visualisation mining
	simulation inspection repair installation maintenance calibration production packaging logistics purchasing
	scheduling budgeting teaching writing law ethics policy theory systems tools methods standards control processing
	recovery delivery storage quality safety pricing discovery prototyping);

my @ONSET = qw(ar be ca co da de el fa fi ga gi ho in ja ka ki lo lu ma me mo na ne no or pa pi qua ra re ro sa se
	si ta te ti to tra tri ul va ve vi wa xe yo za ze);
my @CODA = qw(base bit bus cast core craft dash deck desk dock flow forge form gate grid hub jet kit lab lane lite
	log loop mesh mind net node pad pilot point port pulse rack ray script shift soft sphere stack tek tron vault view
	ware wave works);

# A product's name, such as "velagrid".
sub product_name
{
	return join '', map({ one_of(@ONSET) } 0 .. rand(2)), one_of(@CODA);
}

# The skills, most popular first: names of 4 to 20 characters that need no
# quotes.  After some that everybody knows, two in three are a field with an
# activity and the others are products.
sub skill_names
{
	srand(WORLD_SEED);
	my %seen;
	my @names = grep { length($_) >= 4 && !$seen{$_}++ } @KNOWN;
	while (@names < SKILLS)
	{
		my $name = rand() < 2 / 3 ? one_of(@FIELD) . ' ' . one_of(@ACTIVITY) : product_name();
		next if length $name < 4 || length $name > 20 || $seen{$name}++;
		push @names, $name;
	}
	return \@names;
}

# For every cluster the skills that it prefers (indexes), most popular first.
sub clusters
{
	srand(WORLD_SEED + 1);
	my @clusters;
	for (1 .. CLUSTERS)
	{
		my %member;
		$member{ int(rand(SKILLS)) } = 1 while keys %member < CLUSTER_SKILLS;
		push @clusters, [ sort { $a <=> $b } keys %member ];
	}
	return \@clusters;
}

# --- cities and times ------------------------------------------------------

# Where people live, roughly: south, north, west, east, share of the cities.
my @LANDS = (
	[  36,  60,  -10,   40, 22 ],    # Europe
	[  26,  49, -122,  -70, 18 ],    # North America
	[   8,  25, -105,  -75,  7 ],    # Central America
	[ -37,   5,  -75,  -38, 10 ],    # South America
	[ -34,  35,  -15,   45, 13 ],    # Africa and the Near East
	[   8,  33,   68,   92, 12 ],    # South Asia
	[  20,  45,  100,  142, 13 ],    # East Asia
	[ -10,  20,   95,  125,  4 ],    # South-East Asia
	[ -43, -16,  115,  178,  1 ],    # Oceania
);

# Cities as [latitude, longitude, km that the events spread], largest first.
sub cities
{
	srand(WORLD_SEED + 2);
	my $table = weighted_table(1024, [ map { $_->[4] } @LANDS ]);
	my @cities;
	for my $rank (1 .. CITIES)
	{
		my ($south, $north, $west, $east) = @{ $LANDS[ $table->[ int(rand(1024)) ] ] };
		push @cities,
		  [ $south + rand($north - $south), $west + rand($east - $west), 2 + 8 / $rank**0.3 ];
	}
	return \@cities;
}

# The point that lies so many km north and east of a latitude and longitude,
# for the few km of a city.
sub moved
{
	my ($latitude, $longitude, $km_north, $km_east) = @_;
	return ($latitude + $km_north / KM_PER_DEGREE,
		$longitude + $km_east / (KM_PER_DEGREE * cos($latitude * PI / 180)));
}

# The date so many days after 2026-12-01, or before it.
{
	my %date;

	sub date
	{
		my ($day) = @_;
		return $date{$day} //= do {
			my (undef, undef, undef, $mday, $month, $year) = gmtime(EPOCH_2026_12_1 + 86_400 * $day);
			sprintf "%04d-%02d-%02d", $year + 1900, $month + 1, $mday;
		};
	}
}

# A UTC timestamp, so many days and seconds after 2026-12-01.
sub timestamp
{
	my ($day, $seconds) = @_;
	return sprintf "%s %02d:%02d:00+00", date($day), $seconds / 3600, $seconds / 60 % 60;
}

1;
