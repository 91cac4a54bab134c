#!/usr/bin/perl
# Faults that are planted in the files of a stopped server: shortlist_check() reports each, with its block and cause; it never crashes,
# and neither do the queries, inserts, vacuums and merges that meet the same fault.
# usage: test/tools/run-tap index_corruption
#
# settings: autovacuum = off; fsync = off
#
# Each fault has a table and an index of its own, so that the server is stopped but once.  This test, unlike the others, knows what is on disk:
# src/am/page.h, src/am/posting.h, src/core/event_tree.h, src/core/event_block.h and src/gist/event_key.h.  Events are indexed by GiST, meetups,
# which are events too, by shortlist.
#
# FLIPS    how many bits are flipped anywhere besides, each in a copy: 40, or 1000 under STRESS=1
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $flips = amount('FLIPS', 40, 1000);

# --- what is on disk ---------------------------------------------------------

my $page_size   = 8192;
my $page_header = 24;
my $page_room   = 8160;
my ($rows_area, $windows_area, $values_area, $terms_area, $names_area, $lists_area) = 0 .. 5;
my ($blocks_area, $nodes_area) = (1, 2);    # of events
my $segment_0 = $page_header + 80;     # the first SegmentRecord of the metapage
my $extent_0  = $segment_0 + 48 * 80;  # the first FreeExtent

# A file under change: its bytes, and where areas of its first segment begin.
sub load
{
	my ($file) = @_;
	open my $in, '<:raw', $file or die "cannot read $file: $!\n";
	local $/;
	my %index = (file => $file, bytes => scalar <$in>);
	my @segment = unpack 'L8Q6', substr $index{bytes}, $segment_0, 80;
	@index{qw(first rows windows window_rows terms)} = @segment[ 1, 2, 5, 6, 7 ];
	$index{size}  = [ @segment[ 8 .. 13 ] ];
	$index{start} = [ $index{first} ];
	push @{ $index{start} }, $index{start}[-1] + int(($_ + $page_room - 1) / $page_room) for @segment[ 8 .. 12 ];
	return \%index;
}

sub save
{
	my ($index) = @_;
	open my $out, '+<:raw', $index->{file} or die "cannot write $index->{file}: $!\n";
	truncate $out, 0;
	print $out $index->{bytes};
	close $out or die;
}

# Numbers anywhere in the file.
sub get { my ($index, $at, $template, $size) = @_; return unpack $template, substr $index->{bytes}, $at, $size; }
sub put { my ($index, $at, $template, @values) = @_; my $new = pack $template, @values; substr($index->{bytes}, $at, length $new) = $new; return int($at / $page_size); }

# Where a byte of an area is in the file.
sub place
{
	my ($index, $area, $offset) = @_;
	return ($index->{start}[$area] + int($offset / $page_room)) * $page_size + $page_header + $offset % $page_room;
}

# A part of an area that lies within a page, and what is to be in its place.
sub area_get { my ($index, $area, $offset, $template, $size) = @_; return get($index, place($index, $area, $offset), $template, $size); }
sub area_put { my ($index, $area, $offset, $template, @values) = @_; return put($index, place($index, $area, $offset), $template, @values); }

# A term of many windows: its number, and the numbers of its TermRecord.
sub frequent_term
{
	my ($index) = @_;
	my ($best, @found);
	for my $number (0 .. $index->{terms} - 1)
	{
		next if $number * 40 % $page_room + 40 > $page_room;
		my @term = area_get($index, $terms_area, $number * 40, 'L4Q3', 40);
		# with its list on one page
		next if $term[5] % $page_room + $term[6] > $page_room;
		next if defined $best && $term[2] <= $best;
		($best, @found) = ($term[2], $number, @term);
	}
	return @found;
}

# The numbers of the TermRecord of a term that one window holds.
sub term_of_one_window
{
	my ($index) = @_;
	for my $number (0 .. $index->{terms} - 1)
	{
		next if $number * 40 % $page_room + 40 > $page_room;
		my @term = area_get($index, $terms_area, $number * 40, 'L4Q3', 40);
		return @term if $term[2] == 1 && $term[5] % $page_room + $term[6] <= $page_room;
	}
	die "no term is in one window only\n";
}

sub open_tail { my ($index) = @_; return get($index, $page_header + 24, 'L4', 16); }    # id, head, last, pages

# Where entries of a page of the tail begin.
sub tail_entries
{
	my ($index, $block) = @_;
	my $lower = get($index, $block * $page_size + 12, 'S', 2);
	my $at    = $page_header + 8;
	my @entries;
	while ($at < $lower)
	{
		my ($flags, $bytes) = get($index, $block * $page_size + $at + 6, 'SL', 6);
		push @entries, $at;
		$at += 16 + ($flags & 1 ? 0 : $flags & 2 ? 8 : int(($bytes + 7) / 8) * 8);
	}
	return @entries;
}

# A page of the tail, not the last, with a short value first.
sub tail_value
{
	my ($index) = @_;
	my $block = (open_tail($index))[1];
	for my $entry (tail_entries($index, $block))
	{
		my ($flags, $bytes) = get($index, $block * $page_size + $entry + 6, 'SL', 6);
		return ($block, $block * $page_size + $entry) if $flags == 0 && $bytes > 60;
	}
	die "no value in the tail\n";
}

# Where a node of events is in its area: the first two are of level 0, the third is the root.
sub node_at { my ($number) = @_; return int($number / 4) * $page_room + $number % 4 * 1808; }

# Where a node has what belongs to one of its children: where its block begins, and its bytes; its box, of six dimensions.
my @dimensions = qw(x y z price attendees start);
my %criterion_bit = (x => 1, price => 2, attendees => 4, start => 8);
my $node_blocks = 8;
sub block_at   { my ($number, $lane) = @_; return node_at($number) + 16 + 4 * $lane; }
sub block_size { my ($number, $lane) = @_; return node_at($number) + 144 + 2 * $lane; }
sub box_known   { my ($number, $lane) = @_; return node_at($number) + 208 + $lane; }
sub box_unknown { my ($number, $lane) = @_; return node_at($number) + 240 + $lane; }

sub box_end
{
	my ($number, $lane, $dimension, $end) = @_;
	my ($at) = grep { $dimensions[$_] eq $dimension } 0 .. 5;
	return node_at($number) + ($end eq 'least' ? 272 : 1040) + 4 * (32 * $at + $lane);
}

# Plants a box that is too small: one end of one side is where the other is.
sub shrink_box
{
	my ($number, $dimension, $end) = @_;
	return sub {
		my ($index) = @_;
		for my $lane (0 .. area_get($index, $nodes_area, node_at($number), 'C', 1) - 1)
		{
			my ($least, $greatest) = map { area_get($index, $nodes_area, box_end($number, $lane, $dimension, $_), 'f', 4) } qw(least greatest);
			next unless $greatest > $least + 0.001 && area_get($index, $nodes_area, box_known($number, $lane), 'C', 1) & $criterion_bit{$dimension};
			return area_put($index, $nodes_area, box_end($number, $lane, $dimension, $end), 'f', $end eq 'least' ? $greatest : $least);
		}
		die "no box with two values of $dimension\n";
	};
}

# Takes a criterion from those that some rows of a block, or of the blocks of a node, know or do not know.
sub clear_flag
{
	my ($flags_at, $number) = @_;
	return sub {
		my ($index) = @_;
		for my $lane (0 .. area_get($index, $nodes_area, node_at($number), 'C', 1) - 1)
		{
			my $flags = area_get($index, $nodes_area, $flags_at->($number, $lane), 'C', 1);
			return area_put($index, $nodes_area, $flags_at->($number, $lane), 'C', $flags & ($flags - 1)) if $flags;
		}
		die "no flag\n";
	};
}

# Where a block of events is in its area, and its columns: where each begins, its decimals, width, base, and where its deltas are.
sub event_block
{
	my ($index, $number, $lane) = @_;
	my $at    = area_get($index, $nodes_area, node_at($number) + $node_blocks, 'Q', 8) + area_get($index, $nodes_area, block_at($number, $lane), 'L', 4);
	my $bytes = area_get($index, $blocks_area, $at, 'a*', area_get($index, $nodes_area, block_size($number, $lane), 'S', 2));
	my ($rows, $known) = unpack 'CC', $bytes;
	my $next = 2 + ($known == 0x80 ? $rows : 0);
	my @columns;
	for (1 .. 5)
	{
		my ($decimals, $width, $base) = unpack 'CCq', substr $bytes, $next, 10;
		my $deltas = $next + 10 + ($width & 0x80 ? 8 : 0);
		push @columns, { at => $at + $next, decimals => $decimals, width => $width & 0x7f, base => $base, deltas => $at + $deltas };
		$next = $deltas + $rows * ($width & 0x7f);
	}
	die "a block of events is read wrongly\n" if $next != length $bytes;
	return ($at, @columns);
}

# Makes an area 8 bytes longer, by what the metapage and the page itself say.
sub lengthen_area
{
	my ($index, $area) = @_;
	my $size  = $index->{size}[$area];
	my $lower = ($index->{start}[$area] + int($size / $page_room)) * $page_size + 12;
	put($index, $lower, 'S', 8 + get($index, $lower, 'S', 2));
	return put($index, $segment_0 + 32 + 8 * $area, 'Q', 8 + $size);
}

# Entries of a page of GiST: where each is in the file.
sub gist_entries
{
	my ($index, $block) = @_;
	my $lower = get($index, $block * $page_size + 12, 'S', 2);
	return map { $block * $page_size + (get($index, $block * $page_size + $page_header + 4 * $_, 'L', 4) & 0x7fff) } 0 .. ($lower - $page_header) / 4 - 1;
}

# A downlink's block; a leaf's row.
sub gist_block { my ($index, $entry) = @_; my ($high, $low) = get($index, $entry, 'SS', 4); return $high << 16 | $low; }

# Where an entry's key is: its kind, its flags and its numbers, behind a header of one byte.
sub gist_key { my ($entry) = @_; return $entry + 8 + 1; }

# All of an entry behind its row pointer.
sub gist_bytes { my ($index, $entry) = @_; my $size = get($index, $entry + 6, 'S', 2) & 0x1fff; return get($index, $entry + 6, "a$size", $size - 6); }

# --- faults ------------------------------------------------------------------

# Each: what it is, the table, what to do to the file, which returns the block that is to be named (undef: any), and the cause; then, if need be,
# what is spared it (see below), and how often every row is there.
# Pages of GiST are PostgreSQL's: where their layout is damaged, it panics itself as soon as it writes to them (PageIndexMultiDelete, PageAddItem),
# and an insert that comes to a deleted page tries again for ever (gistdoinsert); so these are only read.  In a circle scans do not end either,
# until they are cancelled: these are not even read.
my ($read_only, $only_checked) = (1, 2);
my @faults = (
	[ 'a level of a row raised', 'people', sub {
		my ($index) = @_;
		for my $window (1 .. $index->{windows} - 1)
		{
			my ($offset, $bytes) = area_get($index, $windows_area, $window * 16, 'QL', 12);
			next if $offset % $page_room + $bytes > $page_room;
			my $place = place($index, $values_area, $offset);
			my $at    = index substr($index->{bytes}, $place, $bytes), pack 'f', 5;
			next if $at < 0;
			put($index, $place + $at, 'f', 5.25);
			return undef;
		}
		die "no level 5\n";
	}, qr/best value .* less than that of a row|is not what its (rows|windows) make/ ],
	[ 'a best value of a window lowered', 'people', sub {
		my ($index) = @_;
		my ($number, @term) = frequent_term($index);
		my $values = 1 + area_get($index, $lists_area, $term[5], 'C', 1);
		my $at     = $term[5] + 1 + 2 * ($values - 1);
		my ($before, $greatest) = $values > 1 ? area_get($index, $lists_area, $at - 2, 'SS', 4) : (0, area_get($index, $lists_area, $at, 'S', 2));
		return area_put($index, $lists_area, $at, 'S', int(($before + $greatest) / 2));
	}, qr/best value of term \d+ in window \d+ is less than that of a row/ ],
	[ 'a best value of a window raised', 'people', sub {
		my ($index) = @_;
		my ($number, @term) = frequent_term($index);
		my $values = 1 + area_get($index, $lists_area, $term[5], 'C', 1);
		my $at     = $term[5] + 1 + 2 * ($values - 1);
		return area_put($index, $lists_area, $at, 'S', 1 + area_get($index, $lists_area, $at, 'S', 2));
	}, qr/list of term \d+ is not what its windows make/ ],
	[ 'a window dropped from a list', 'people', sub {
		my ($index) = @_;
		my ($number, @term) = frequent_term($index);
		area_put($index, $terms_area, $number * 40 + 8, 'L', $term[2] - 1);
		return undef;
	}, qr/holds term \d+, whose list has no room for it/ ],
	[ 'another window in a list', 'people', sub {
		my ($index) = @_;
		my ($number, @term) = frequent_term($index);
		# the last byte has bits of the last distance
		my $at = $term[5] + $term[6] - 1;
		area_put($index, $lists_area, $at - 1, 'C', area_get($index, $lists_area, $at - 1, 'C', 1) ^ 0xff);
		return int(place($index, $lists_area, $at) / $page_size);
	}, qr/window \d+, which (has|lacks) the term|does not make sense/ ],
	[ 'a window beyond the last in a list', 'people', sub {
		my ($index) = @_;
		my @term = term_of_one_window($index);
		# Its list ends with the parameter of the distance, and a byte that holds the distance: 127 by parameter 7.
		return area_put($index, $lists_area, $term[5] + $term[6] - 2, 'CC', 7, 0xff);
	}, qr/does not make sense/ ],
	[ 'a row pointer cleared', 'people', sub { return area_put($_[0], $rows_area, 60, 'SSS', 0xffff, 0xffff, 0) && undef; }, qr/no entry for a row of block \d+/ ],
	[ 'a row pointer half cleared', 'people', sub { return area_put($_[0], $rows_area, 64, 'S', 0); }, qr/neither valid nor cleared/ ],
	[ 'two row pointers swapped', 'people', sub {
		my ($index) = @_;
		# rows that are neighbours can be equal
		my $far = 6 * int($index->{rows} / 2);
		my ($one, $other) = map { area_get($index, $rows_area, $_, 'a6', 6) } 0, $far;
		area_put($index, $rows_area, $far, 'a6', $one);
		return area_put($index, $rows_area, 0, 'a6', $other);
	}, qr/entry for row \(\d+,\d+\) is not what the row holds/ ],
	[ 'two rows with one pointer', 'people', sub { my ($index) = @_; area_put($index, $rows_area, 0, 'S3', area_get($index, $rows_area, 6, 'S3', 6)); return undef; },
		qr/second entry for row|no entry for a row|is not what the row holds/ ],
	[ 'a row pointer beyond the table', 'people', sub { return area_put($_[0], $rows_area, 0, 'S', 1); }, qr/points to row \(\d+,\d+\), but the table has/ ],
	[ 'a page of values zeroed', 'people', sub { my ($index) = @_; my $block = $index->{start}[$values_area] + 1; return put($index, $block * $page_size, 'x8192'); }, qr/page is empty/ ],
	[ 'two pages of values swapped', 'people', sub {
		my ($index) = @_;
		my $at = ($index->{start}[$values_area] + 1) * $page_size;
		put($index, $at, 'a8192a8192', get($index, $at + $page_size, 'a8192', 8192), get($index, $at, 'a8192', 8192));
		return undef;
	}, qr/[Ww]indow/ ],
	[ 'a page of another segment', 'people', sub { my ($index) = @_; return put($index, ($index->{start}[$terms_area] + 1) * $page_size - 8, 'L', 77); }, qr/page is tagged as kind 2 of owner 77/ ],
	[ 'a page that says it has less', 'people', sub { my ($index) = @_; return put($index, $index->{start}[$rows_area] * $page_size + 12, 'S', 24 + 600); }, qr/page has 600 bytes, and should have/ ],
	[ 'two terms swapped', 'people', sub {
		my ($index) = @_;
		my ($one, $other) = (area_get($index, $terms_area, 0, 'a40', 40), area_get($index, $terms_area, 40, 'a40', 40));
		return area_put($index, $terms_area, 0, 'a40a40', $other, $one);
	}, qr/term 0 is out of place/ ],
	[ 'a name changed', 'people', sub { return area_put($_[0], $names_area, 0, 'C', ord('z')); }, qr/name of term 0 does not have the hash/ ],
	[ 'the rows of a term miscounted', 'people', sub { return area_put($_[0], $terms_area, 4, 'L', 900000); }, qr/\d+ rows have term 0, but it counts 900000/ ],
	[ 'a window out of place', 'people', sub { return area_put($_[0], $windows_area, 16, 'Q', 3); }, qr/Window 1 is out of place/ ],
	[ 'flags of a window changed', 'people', sub { return area_put($_[0], $windows_area, 12, 'L', area_get($_[0], $windows_area, 12, 'L', 4) ^ 1); }, qr/flags of window 0 are \d, but its rows make them \d/ ],
	[ 'a row less in the metapage', 'people', sub { my ($index) = @_; return put($index, $segment_0 + 8, 'L', $index->{rows} - 1); }, qr/number of rows is not that of its row pointers/ ],
	[ 'too many deleted rows in the metapage', 'people', sub { return put($_[0], $segment_0 + 16, 'L', 100); }, qr/counts 100 deleted rows of segment \d+, of which 0 are/ ],
	[ 'a segment less in the metapage', 'people', sub { put($_[0], $page_header + 12, 'L', 0); return undef; }, qr/no entry for a row/ ],
	[ 'a billion segments in the metapage', 'people', sub { return put($_[0], $page_header + 12, 'L', 1000000000); }, qr/more segments or free extents than it has room for/ ],
	[ 'a segment in the wrong place', 'people', sub { my ($index) = @_; put($index, $segment_0 + 4, 'L', $index->{first} + 1); return undef; }, qr/beyond the end|used twice|tagged|empty|and should have/ ],
	[ 'blocks of a segment pending in the metapage', 'people', sub { my ($index) = @_; put($index, $page_header + 64, 'LL', $index->{first}, 1); return $index->{first}; }, qr/used twice, as a free block and as a page of a segment/ ],
	[ 'long values of the tail miscounted', 'people', sub { my ($index) = @_; return put($index, $page_header + 40, 'L', 1 + get($index, $page_header + 40, 'L', 4)); }, qr/Long values of the tail have \d+ pages/ ],
	[ 'windows of another size in the metapage', 'people', sub { return put($_[0], $segment_0 + 24, 'L', 4); }, qr/windows are not as many as its rows take/ ],
	[ 'a block both used and free', 'people', sub {
		my ($index) = @_;
		put($index, $page_header + 16, 'L', 1);
		put($index, $extent_0, 'LLQ', $index->{first}, 1, 3);
		return $index->{first};
	}, qr/used twice, as a free block and as a page of a segment/ ],
	[ 'an id that will be given again', 'people', sub { return put($_[0], $page_header + 8, 'L', 1); }, qr/have the id 1, and the next one is to be 1/ ],
	[ 'the metapage of another index', 'people', sub { return put($_[0], $page_header, 'L', 0x12345678); }, qr/not of a version that this release/ ],
	[ 'a metapage zeroed', 'people', sub { return put($_[0], 0, 'x8192'); }, qr/empty/ ],
	[ 'the end of the file cut off', 'people', sub { my ($index) = @_; substr($index->{bytes}, -$page_size) = ''; return undef; }, qr/the index has \d+|beyond the end/ ],
	[ 'an entry of the tail lost', 'people', sub {
		my ($index) = @_;
		my $block   = (open_tail($index))[2];
		my @entries = tail_entries($index, $block);
		put($index, $block * $page_size + 12, 'S', $entries[-1]);
		return undef;
	}, qr/no entry for a row/ ],
	[ 'the tail cut off', 'people', sub { my ($index) = @_; my $block = (open_tail($index))[1]; return put($index, $block * $page_size + $page_header, 'L', 0xffffffff); }, qr/has 1 pages and ends here/ ],
	[ 'the tail a circle', 'people', sub { my ($index) = @_; my $block = (open_tail($index))[1]; return put($index, $block * $page_size + $page_header, 'L', $block); }, qr/used twice, as a page of the tail and as a page of the tail/ ],
	[ 'an entry of the tail too long', 'people', sub { my ($block, $at) = tail_value($_[0]); return put($_[0], $at + 8, 'L', 1 << 30); }, qr/entry of the tail does not fit/ ],
	[ 'a value of the tail changed', 'people', sub { my ($block, $at) = tail_value($_[0]); return put($_[0], $at + 16 + 16, 'C', 1 ^ get($_[0], $at + 16 + 16, 'C', 1)); },
		qr/value of the tail is damaged|is not what the row holds/ ],
	[ 'the value of the tail compressed', 'people', sub { my ($block, $at) = tail_value($_[0]); return put($_[0], $at + 16, 'C', 2 | get($_[0], $at + 16, 'C', 1)); }, qr/does not fit/ ],

	[ 'a need of a job changed', 'jobs', sub {
		my ($index) = @_;
		# the first item of the first job that has one
		for my $window (0 .. $index->{windows} - 1)
		{
			my ($offset, $bytes) = area_get($index, $windows_area, $window * 16, 'QL', 12);
			next if $offset % $page_room + 60 > $page_room || area_get($index, $values_area, $offset + 8, 'L', 4) == 0;
			my $need = area_get($index, $values_area, $offset + 32, 'f', 4);
			area_put($index, $values_area, $offset + 32, 'f', $need == 0.5 ? 0.25 : 0.5);
			return undef;
		}
	}, qr/best value .* less than that of a row|is not what the row holds|is not what its windows make|need, from or weight is out of range/ ],
	[ 'a job of many items', 'jobs', sub { return area_put($_[0], $values_area, 8, 'L', 0x7fffffff); }, qr/shorter than its numbers of items and names|cannot be unpacked/ ],
	[ 'a job without an end', 'jobs', sub { return area_put($_[0], $values_area, 0, 'L', 0xfffffffc); }, qr/cannot be unpacked/ ],
	[ 'a best value of jobs lowered', 'jobs', sub {
		my ($index) = @_;
		my ($number, @term) = frequent_term($index);
		my $values = 1 + area_get($index, $lists_area, $term[5], 'C', 1);
		my $at     = $term[5] + 1 + 2 * ($values - 1);
		return area_put($index, $lists_area, $at, 'S', area_get($index, $lists_area, $at, 'S', 2) - 1);
	}, qr/best value of term \d+ in window \d+ is less than that of a row/ ],

	[ 'an inner box shrunk', 'events', sub {
		my ($index) = @_;
		my ($entry) = gist_entries($index, 0);
		# the greatest price
		put($index, gist_key($entry) + 2 + 4 * (6 + 3), 'f', 0.001);
		return undef;
	}, qr/not within the box that block 0 has for this page|ends of its box are not in order/ ],
	[ 'an inner box that knows less', 'events', sub { my ($index) = @_; my ($entry) = gist_entries($index, 0); put($index, gist_key($entry) + 1, 'C', 0xf0); return undef; }, qr/not within the box that block 0 has/ ],
	[ 'a key of an unknown kind', 'events', sub { my ($index) = @_; my ($entry) = gist_entries($index, 0); return put($index, gist_key($entry), 'C', 7); }, qr/key of an unknown kind/ ],
	[ 'a leaf entry of another row', 'events', sub {
		my ($index) = @_;
		# the first that is followed by other facts
		my @entries = gist_entries($index, 1);
		my ($one, $other);
		for (1 .. $#entries)
		{
			($one, $other) = @entries[ $_ - 1, $_ ];
			last if gist_bytes($index, $one) ne gist_bytes($index, $other);
		}
		my ($a, $b) = (get($index, $one, 'a6', 6), get($index, $other, 'a6', 6));
		put($index, $other, 'a6', $a);
		return put($index, $one, 'a6', $b);
	}, qr/is not what the row holds/ ],
	[ 'a leaf entry removed', 'events', sub { my ($index) = @_; put($index, $page_size + 12, 'S', get($index, $page_size + 12, 'S', 2) - 4); return undef; }, qr/no entry for a row/ ],
	[ 'a leaf entry twice', 'events', sub {
		my ($index) = @_;
		my ($one, $other) = (gist_entries($index, 1))[ 3, 4 ];
		put($index, $one, 'a6', get($index, $other, 'a6', 6));
		return undef;
	}, qr/second entry for row|is not what the row holds|no entry for a row/ ],
	[ 'a price of a leaf changed', 'events', sub {
		my ($index) = @_;
		for my $entry (gist_entries($index, 1))
		{
			# place and price known, the price a float4
			my $price = get($index, gist_key($entry) + 2 + 24, 'f', 4);
			next unless (get($index, gist_key($entry) + 1, 'C', 1) & 0x13) == 0x13 && $price < 1000;
			return put($index, gist_key($entry) + 2 + 24, 'f', 7 + $price);
		}
		die "no price\n";
	}, qr/is not what the row holds|not within the box/ ],
	[ 'a leaf entry longer than its page', 'events', sub { my ($index) = @_; my ($entry) = gist_entries($index, 1); return put($index, $entry + 6, 'S', 0x1fff); }, qr/Entry 1 has 8191 bytes|does not fit/, $read_only ],
	[ 'a line pointer into nowhere', 'events', sub { return put($_[0], $page_size + $page_header, 'L', 0x7ff8 | 1 << 15 | 100 << 17); }, qr/Line pointer 1 leads nowhere/, $read_only ],
	[ 'a leaf zeroed', 'events', sub { return put($_[0], 2 * $page_size, 'x8192'); }, qr/page is empty/ ],
	[ 'a leaf that is not linked', 'events', sub { my ($index) = @_; put($index, 12, 'S', get($index, 12, 'S', 2) - 4); return undef; }, qr/No inner page leads to it/ ],
	[ 'two links to one leaf', 'events', sub {
		my ($index) = @_;
		my ($one, $other) = gist_entries($index, 0);
		put($index, $one, 'a4', get($index, $other, 'a4', 4));
		return gist_block($index, $other);
	}, qr/used twice, as a page of the tree and as a page of the tree|not within the box/ ],
	[ 'a link to the root', 'events', sub { my ($index) = @_; my ($entry) = gist_entries($index, 0); put($index, $entry, 'SS', 0, 0); return 0; }, qr/used twice/, $only_checked ],
	[ 'a link beyond the end', 'events', sub { my ($index) = @_; my ($entry) = gist_entries($index, 0); return put($index, $entry, 'SS', 9, 9); }, qr/refers to 1 blocks from block \d+ on/ ],
	# Its row pointers are taken for links: where one leads to a page of the tree, that one may be named.
	[ 'a leaf that says it is an inner page', 'events', sub { my ($index) = @_; put($index, 2 * $page_size - 4, 'S', get($index, 2 * $page_size - 4, 'S', 2) & ~1); return undef; },
		qr/Entry|entry|deep|depth|refers to 1 blocks|used twice/, $only_checked ],
	[ 'a leaf that says it is deleted', 'events', sub { my ($index) = @_; return put($index, 2 * $page_size - 4, 'S', get($index, 2 * $page_size - 4, 'S', 2) | 2); }, qr/deleted, but linked/, $read_only ],

	[ 'a box of a block that begins beyond a place', 'meetups', shrink_box(0, 'x', 'least'), qr/The least x in the box of block \d+ of events is \S+, but what it holds makes it/ ],
	[ 'a box of a block that lacks the highest price', 'meetups', shrink_box(1, 'price', 'greatest'), qr/The greatest price in the box of block \d+ of events is \S+, but what it holds makes it/ ],
	[ 'a box of a block that lacks the most attendees', 'meetups', shrink_box(0, 'attendees', 'greatest'), qr/The greatest number of attendees in the box of block \d+ of events is/ ],
	[ 'a box of a block that lacks the first start', 'meetups', shrink_box(1, 'start', 'least'), qr/The least start in the box of block \d+ of events is/ ],
	[ 'a box of a node that ends before a place', 'meetups', shrink_box(2, 'x', 'greatest'), qr/The greatest x in the box of node \d+ of level 0 is/ ],
	[ 'a box of a node that lacks the lowest price', 'meetups', shrink_box(2, 'price', 'least'), qr/The least price in the box of node \d+ of level 0 is/ ],
	[ 'a box of a node that lacks the fewest attendees', 'meetups', shrink_box(2, 'attendees', 'least'), qr/The least number of attendees in the box of node \d+ of level 0 is/ ],
	[ 'a box of a node that lacks the last start', 'meetups', shrink_box(2, 'start', 'greatest'), qr/The greatest start in the box of node \d+ of level 0 is/ ],
	[ 'a box that is larger than it need be', 'meetups', sub { return area_put($_[0], $nodes_area, box_end(0, 3, 'start', 'greatest'), 'f', 8e9); }, qr/The greatest start in the box of block 3 of events is 8e\+09/ ],
	[ 'a box of a block that forgets that something is unknown', 'meetups', clear_flag(\&box_unknown, 0), qr/The box of block \d+ of events says that criteria 0x\w+ are unknown to some, but what it holds makes them 0x/ ],
	[ 'a box of a node that forgets that something is unknown', 'meetups', clear_flag(\&box_unknown, 2), qr/The box of node \d+ of level 0 says that criteria 0x\w+ are unknown to some/ ],
	[ 'a box that forgets that something is known', 'meetups', clear_flag(\&box_known, 1), qr/The box of block \d+ of events says that criteria 0x\w+ are known to some/ ],
	[ 'two blocks of events swapped in their node', 'meetups', sub {
		my ($index) = @_;
		my ($one, $other) = map { area_get($index, $nodes_area, block_at(0, $_), 'L', 4) } 3, 4;
		return area_put($index, $nodes_area, block_at(0, 3), 'LL', $other, $one);
	}, qr/Block 3 of events is out of place/ ],
	[ 'blocks that begin elsewhere', 'meetups', sub { return area_put($_[0], $nodes_area, node_at(1) + $node_blocks, 'Q', 1 << 60); }, qr/Block 32 of events is out of place/ ],
	[ 'a block of events of another size', 'meetups', sub { my ($index) = @_; my $at = block_size(0, 5); return area_put($index, $nodes_area, $at, 'S', area_get($index, $nodes_area, $at, 'S', 2) - 1) && undef; },
		qr/Block 5 of events (is out of place|cannot be unpacked)/ ],
	[ 'a node of fewer blocks', 'meetups', sub { return area_put($_[0], $nodes_area, node_at(1), 'C', 17); }, qr/Node 1 of level 0 has 17 children, and should have 18/ ],
	[ 'a root of one node', 'meetups', sub { return area_put($_[0], $nodes_area, node_at(2), 'C', 1); }, qr/Node 0 of level 1 has 1 children, and should have 2/ ],
	[ 'a node of no blocks', 'meetups', sub { return area_put($_[0], $nodes_area, node_at(0), 'C', 0); }, qr/Node 0 of level 0 has 0 children/ ],
	[ 'two nodes swapped', 'meetups', sub {
		my ($index) = @_;
		my ($one, $other) = map { area_get($index, $nodes_area, node_at($_), 'a1808', 1808) } 0, 1;
		return area_put($index, $nodes_area, 0, 'a1808a1808', $other, $one);
	}, qr/Node 0 of level 0 has 18 children/ ],
	[ 'reserved bytes of a node', 'meetups', sub { return area_put($_[0], $nodes_area, node_at(0) + 3, 'C', 4); }, qr/Node 0 of level 0 is not what its children make/ ],
	[ 'a block where a node has none', 'meetups', sub { return area_put($_[0], $nodes_area, block_size(1, 20), 'S', 500); }, qr/Node 1 of level 0 is not what its children make/ ],
	[ 'a root that leads to a block', 'meetups', sub { return area_put($_[0], $nodes_area, block_at(2, 1), 'L', 500); }, qr/Node 0 of level 1 is not what its children make/ ],
	[ 'a price of a row changed', 'meetups', sub {
		my ($index) = @_;
		for my $lane (0 .. 31)
		{
			my ($at, @columns) = event_block($index, 0, $lane);
			my ($price) = $columns[2];
			next if $price->{width} == 0;
			my $place = place($index, $blocks_area, $price->{deltas});
			return put($index, $place, 'C', get($index, $place, 'C', 1) ^ 1) && undef;
		}
		die "no price\n";
	}, qr/price in the box of block|is not what the row holds|Block \d+ of events is not what its rows make|is unknown to some/ ],
	[ 'places of a block moved', 'meetups', sub {
		my ($index) = @_;
		my ($at, @columns) = event_block($index, 1, 2);
		return area_put($index, $blocks_area, $columns[0]{at} + 2, 'q', $columns[0]{base} + 1) && undef;
	}, qr/(least|greatest) [xyz] in the box of block 34 of events is|is not what the row holds|is not what its rows make/ ],
	[ 'a block of events packed otherwise', 'meetups', sub {
		my ($index) = @_;
		# 0 is 0 with any number of decimals
		for my $block (0 .. 49)
		{
			my ($at, @columns) = event_block($index, int($block / 32), $block % 32);
			for my $column (@columns[ 2, 3 ])
			{
				next unless $column->{decimals} == 0 && $column->{width} == 0 && $column->{base} == 0;
				return area_put($index, $blocks_area, $column->{at}, 'C', 1);
			}
		}
		die "no column of zeros\n";
	}, qr/Block \d+ of events is not what its rows make/ ],
	[ 'a block of fewer rows', 'meetups', sub { my ($index) = @_; my ($at) = event_block($index, 0, 7); return area_put($index, $blocks_area, $at, 'C', 31); }, qr/Block 7 of events cannot be unpacked/ ],
	[ 'a criterion that does not exist', 'meetups', sub {
		my ($index) = @_;
		my ($at) = event_block($index, 0, 9);
		return area_put($index, $blocks_area, $at + 1, 'C', 0x10 | area_get($index, $blocks_area, $at + 1, 'C', 1));
	}, qr/Block 9 of events cannot be unpacked/ ],
	[ 'bytes between blocks of events', 'meetups', sub {
		my ($index) = @_;
		# the last of a page, where no block ends by chance
		return area_put($index, $blocks_area, $page_room - 1, 'C', 1);
	}, qr/Bytes that are not used are not 0/ ],
	[ 'bytes between nodes', 'meetups', sub { return area_put($_[0], $nodes_area, $page_room - 1, 'C', 1); }, qr/Bytes that are not used are not 0/, 0, 4 ],
	[ 'a box of a block that lacks the highest price, on another page', 'meetups', shrink_box(5, 'price', 'greatest'), qr/The greatest price in the box of block 1\d\d of events is/, 0, 4 ],
	[ 'a row pointer of events cleared', 'meetups', sub { return area_put($_[0], $rows_area, 60, 'SSS', 0xffff, 0xffff, 0) && undef; }, qr/no entry for a row of block \d+/ ],
	[ 'two row pointers of events swapped', 'meetups', sub {
		my ($index) = @_;
		# of two blocks, since rows that are neighbours can be equal
		my $far = 6 * int($index->{rows} / 2);
		my ($one, $other) = map { area_get($index, $rows_area, $_, 'a6', 6) } 0, $far;
		area_put($index, $rows_area, $far, 'a6', $one);
		return area_put($index, $rows_area, 0, 'a6', $other);
	}, qr/entry for row \(\d+,\d+\) is not what the row holds/ ],
	[ 'two pages of blocks swapped', 'meetups', sub {
		my ($index) = @_;
		my $at = $index->{start}[$blocks_area] * $page_size;
		put($index, $at, 'a8192a8192', get($index, $at + $page_size, 'a8192', 8192), get($index, $at, 'a8192', 8192));
		return undef;
	}, qr/[Bb]lock \d+ of events/ ],
	[ 'a page of nodes zeroed', 'meetups', sub { return put($_[0], $_[0]{start}[$nodes_area] * $page_size, 'x8192'); }, qr/page is empty/ ],
	[ 'an area of blocks that ends behind the last', 'meetups', sub { return lengthen_area($_[0], $blocks_area); }, qr/The blocks of segment \d+ take \d+ bytes, and should take/ ],
	[ 'an area of nodes that ends behind the root', 'meetups', sub { return lengthen_area($_[0], $nodes_area); }, qr/The nodes of segment \d+ take \d+ bytes, and should take/ ],
	[ 'numbers in the metapage that segments of events do not have', 'meetups', sub { put($_[0], $segment_0 + 24, 'L', 7); return 0; }, qr/numbers or areas that segments of events do not have/ ],
	[ 'a version of events of the tail that does not exist', 'meetups', sub { my ($block, $at) = tail_value($_[0]); return put($_[0], $at + 16, 'C', 9); }, qr/value of the tail is damaged: Its version is not one/ ],
	[ 'an event of the tail changed', 'meetups', sub { my ($block, $at) = tail_value($_[0]); return put($_[0], $at + 16 + 24, 'd', 1e9); }, qr/is not what the row holds/ ],
);

# --- planting ----------------------------------------------------------------

my $wish = 'asked.some_wish()::eventpref';
my %method = ((map { $_ => 'shortlist (value) WITH (tail_size = 256)' } qw(people jobs meetups)), events => 'gist (value)');
my %argument = (people => 'asked.some_job()', jobs => 'asked.some_person()', events => $wish, meetups => $wish);

# A copy of a table with an index, of which the last rows were inserted one by one.
sub create_copy
{
	my ($name, $relation, $rows, $times) = @_;
	my $more = $rows / 8;
	return "CREATE TABLE asked.$name AS SELECT r.* FROM (SELECT * FROM asked.$relation ORDER BY id LIMIT $rows) r, generate_series(1, $times);
		CREATE INDEX ${name}_value ON asked.$name USING $method{$relation};
		INSERT INTO asked.$name SELECT id + 100000, k, value FROM asked.$relation ORDER BY id DESC LIMIT $more;\n";
}

# Any bit of what is in use, but of the metapage, where much is not.  What it belongs to can be reported where it is held against something else.
sub flip
{
	my ($index) = @_;
	my $block = 1 + int rand(length($index->{bytes}) / $page_size - 1);
	my ($lower, $upper, $special) = get($index, $block * $page_size + 12, 'SSS', 6);
	# our own pages end with a tag, and those of GiST have entries behind the free room
	my $of_gist = $special == $page_size - 16;
	my $room = $of_gist ? $special - $upper : $lower - $page_header + $page_size - $special;
	my $at   = ($of_gist ? $upper : $page_header) + int rand $room;
	$at += $special - $lower if !$of_gist && $at >= $lower;
	$at += $block * $page_size;
	put($index, $at, 'C', get($index, $at, 'C', 1) ^ 1 << int rand 8);
	return undef;
}

my $number = 0;
my @planted = map { { name => 'fault' . $number++, what => $_->[0], relation => $_->[1], plant => $_->[2], cause => $_->[3], spared => $_->[4] // 0, rows => 1600, times => $_->[5] // 1 } } @faults;
$number = 0;
push @planted, map { { name => 'flip' . $number++, what => 'a bit', relation => $_, plant => \&flip, spared => $_ eq 'events' ? $read_only : 0, rows => 320, times => 1 } }
  map { (qw(people jobs events meetups))[ $_ % 4 ] } 1 .. $flips;

load_oracle();
must_file("SET client_min_messages = warning; SELECT setseed(0.$seed); SELECT asked.add_rows(1600);\n" . join '', map { create_copy(@$_{qw(name relation rows times)}) } @planted);
$_->{path} = must("SELECT pg_relation_filepath('asked.$_->{name}_value')") for @planted;
# Enough of what is not empty, and no error before.
my $sound = must('SELECT count(*) FROM (SELECT (shortlist_check(indexrelid::regclass)).* FROM pg_index WHERE indexrelid::regclass::text ~ $$_value$$) s WHERE entries >= 360 AND bounds > 0 AND lost_pages = 0');
is($sound, scalar @planted, 'before, nothing is wrong with any of the indexes');

stop_server('data');
# A server since 18 has checksums unless it is told not to.
run(as_server('pg_checksums', '--disable', '-D', "$dir/data"));
for my $fault (@planted)
{
	my $index = load("$dir/data/$fault->{path}");
	$fault->{block} = $fault->{plant}->($index);
	save($index);
}
start_server('data');

# --- checking ----------------------------------------------------------------

my $timeout = 'SET statement_timeout = 10000; ';

# What the check says; '' if nothing.
sub complaint
{
	my ($fault) = @_;
	return defined ask('data', "$timeout SELECT shortlist_check('asked.$fault->{name}_value')") ? '' : last_error();
}

# Whatever else meets the fault: each of these may fail, but the server lives, and none takes for ever.
sub use_index
{
	my ($fault) = @_;
	my ($name, $argument) = ($fault->{name}, $argument{ $fault->{relation} });
	my $force = "$timeout SET enable_seqscan = off; SET enable_sort = off;";
	my $bad = '';
	return $bad if $fault->{spared} == $only_checked;
	my @writes = $fault->{spared} ? () : (
		"$timeout INSERT INTO asked.$name SELECT id + 200000, k, value FROM asked.$fault->{relation} ORDER BY id LIMIT 20",
		"DELETE FROM asked.$name WHERE id % 2 = 0",
		"VACUUM asked.$name",
		($fault->{relation} eq 'events' ? () : "$timeout SELECT shortlist_merge('asked.${name}_value')"));
	for my $statement (
		"$force SELECT count(*) FROM (SELECT id FROM asked.$name ORDER BY value <=> (SELECT $argument) LIMIT 10) s",
		"$force SELECT count(*) FROM (SELECT id FROM asked.$name ORDER BY value <=> (SELECT $argument)) s",
		"$force SELECT count(*) FROM asked.$name WHERE value @@ (SELECT $argument)",
		@writes)
	{
		next if defined ask('data', $statement);
		$bad .= "$statement:\n" . last_error() if last_error() =~ /server closed|connection|statement timeout|terminated/;
	}
	return $bad;
}

my $undetected = 0;
for my $fault (@planted)
{
	my $complaint = complaint($fault);
	my $named = defined $fault->{block} ? "(?:at|checking) block $fault->{block}" : 'block \d+';
	my $trouble;

	# The bits of a box may make it larger, and some bits of an entry of GiST mean nothing.
	my $may_pass = !defined $fault->{cause} && $fault->{relation} eq 'events';
	$undetected++ if $complaint eq '';
	my $reported = $complaint =~ /\bXX00[12]\b/ && $complaint =~ /$named\b/ && $complaint =~ ($fault->{cause} // qr/./);
	ok($reported || ($may_pass && $complaint eq ''), "$fault->{what} is reported ($fault->{relation}, block " . ($fault->{block} // 'any') . ')', $complaint);
	$trouble = use_index($fault);
	ok($trouble eq '', 'and is survived', $trouble);
	ok(defined must("REINDEX INDEX asked.$fault->{name}_value; SELECT shortlist_check('asked.$fault->{name}_value')"), 'REINDEX cures it') if defined $fault->{cause};
}
print "# $undetected bits of GiST pages mean nothing, or made a box larger\n";

is(join('', log_lines('PANIC|TRAP:|terminated by signal')), '', 'the server never crashed');
finish();
