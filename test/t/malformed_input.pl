#!/usr/bin/perl
# Input that was damaged: binary COPY, and text and JSON of the types.  Whatever comes in, the server answers with an error that tells of the
# value, or takes it; what it took is a value like any other: its text and its binary form give it back.
# usage: test/tools/run-tap malformed_input
#
# The parsers of the types need PostgreSQL around them, so it is the server that is given mutations, and its crash would be seen.
#
# settings: autovacuum = off; client_min_messages = error; log_min_messages = fatal
#
# DAMAGED  how many damaged binary copies: 2000, or 100,000 under STRESS=1
# TEXTS    how many damaged texts of each type, and as many JSON forms: 3000, or 200,000
# SEED     a whole number, where random values start
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use TestServer;

my $copies = amount('DAMAGED', 2000, 100_000);
my $texts  = amount('TEXTS',  3000, 200_000);
my @types  = qw(skillset jobspec eventfacts eventpref);

# Errors of data: data exceptions, limits of the program, and what PostgreSQL says of a message that ends too early.
my $told = qr/^(?:22\w{3}|54\w{3}|08P01)$/;

my $setup = <<'SQL';
CREATE SCHEMA damaged;
CREATE TABLE damaged.good (id int, skillset skillset, jobspec jobspec, eventfacts eventfacts, eventpref eventpref);
INSERT INTO damaged.good SELECT * FROM (VALUES
    (1, 'python:4, sql:3@2026-01-01/30, "c++":1.5'::skillset, 'python:4*3!, tensorflow|pytorch~0.7:3*2, sql:1..2, @at_least 0.3, @as_of 2026-05-01'::jobspec,
     event_facts(51.5, -0.1, 20, 100, '2026-12-04 19:00+00'), event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20, crowd => 100, starts => '2026-12-04 19:00+00')),
    (2, '', '', event_facts(NULL::float8, NULL), event_pref(budget => 20, max_price => 40, combine => 'product', missing => 'exclude', min_score => 0.2)),
    (3, 'é:1, "a b":2', 'a|b|c~0.1!', event_facts(NULL::float8, NULL, 5), event_pref(starts => '2026-12-04 19:00+00', after => '2026-12-01', before => '2027-01-01')),
    (4, (SELECT skillset(array_agg('s' || g), array_agg(g)) FROM generate_series(1, 40) g), (SELECT jobspec(array_agg('s' || g), array_agg(g)) FROM generate_series(1, 40) g), NULL, NULL)) v;
-- As a user might write them, and as they are printed.
CREATE TABLE damaged.text (type text, value text);
INSERT INTO damaged.text SELECT t, v FROM damaged.good g, LATERAL (VALUES ('skillset', g.skillset::text), ('jobspec', g.jobspec::text), ('eventfacts', g.eventfacts::text), ('eventpref', g.eventpref::text),
    ('skillset json', g.skillset::jsonb::text), ('jobspec json', g.jobspec::jsonb::text), ('eventfacts json', g.eventfacts::jsonb::text), ('eventpref json', g.eventpref::jsonb::text)) v (t, v) WHERE v IS NOT NULL;
CREATE TABLE damaged.taken (LIKE damaged.good);

-- One to four damages: a piece is lost, doubled, moved, or overwritten with what such texts are made of.
CREATE FUNCTION damaged.damage(value text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    alphabet constant text[] := '{",",":","*","!","|","~","@","/","..","\"","\"\"","{","}","[","]","(",")","0","-1","1e999","1e-999","nan","inf","null","true","@as_of","@at_least","2026-13-01","é","😀"," ","\\","\\u0000","\\ud800"}'
        || ARRAY[E'\t', E'\n', E'\x01', repeat('9', 50), repeat('x', 300), repeat('{', 50)];
    at     int;
    length int;
BEGIN
    FOR i IN 1 .. 1 + floor(random() * 4) LOOP
        at := floor(random() * (char_length(value) + 1));
        length := floor(random() * CASE WHEN random() < 0.8 THEN 3 ELSE 30 END);
        value := left(value, at)
            || CASE floor(random() * 4) WHEN 0 THEN '' WHEN 1 THEN repeat(substr(value, at, length), 2) ELSE alphabet[1 + floor(random() * cardinality(alphabet))] END
            || substr(value, at + 1 + length);
    END LOOP;
    RETURN value;
END $$;

-- Tries so many damaged texts; counts what was taken and refused, and returns what should not have been.
CREATE FUNCTION damaged.try_texts(kind text, amount int, OUT taken int, OUT refused int, OUT problem text) LANGUAGE plpgsql AS $$
DECLARE
    type   text := split_part(kind, ' ', 1);
    cast_  text := CASE WHEN kind LIKE '% json' THEN '::jsonb::' ELSE '::' END;
    input  text;
    output text;
    again  boolean;
BEGIN
    taken := 0;
    refused := 0;
    FOR i IN 1 .. amount LOOP
        SELECT damaged.damage(t.value) INTO input FROM damaged.text t WHERE t.type = kind ORDER BY random() LIMIT 1;
        BEGIN
            EXECUTE format('SELECT ($1%s%s)::text', cast_, type) INTO output USING input;
            taken := taken + 1;
            EXECUTE format('SELECT $1::%1$s::text = $1 AND $1::%1$s::jsonb::%1$s::text = $1', type) INTO again USING output;
            IF again IS NOT TRUE THEN
                problem := format('not the same again: %s', input);
            END IF;
        EXCEPTION WHEN OTHERS THEN
            refused := refused + 1;
            IF left(SQLSTATE, 2) NOT IN ('22', '54') THEN
                problem := format('%s %s: %s', SQLSTATE, SQLERRM, input);
            END IF;
        END;
    END LOOP;
END $$;
SQL

# --- binary ------------------------------------------------------------------

sub random_below { return int rand $_[0]; }

# Numbers that counts, lengths and floats are damaged with, in network order.
my @numbers = ("\0" x 4, "\xff" x 4, "\x7f\xff\xff\xff", "\x80\0\0\0", "\0\0\xff\xff", "\0\1\0\0", "\0\0\0\1", "\x7f\xc0\0\0", "\x7f\x80\0\0", "\x3f\xff\xff\xff",
	"\0" x 8, "\xff" x 8, "\x7f\xf8" . "\0" x 6, "\x80" . "\0" x 7, "\x7f" . "\xff" x 7);

sub damage
{
	my ($bytes) = @_;
	for (1 .. 1 + random_below(3))
	{
		my $at = random_below(length $bytes);
		my $how = random_below(6);
		if    ($how == 0) { substr($bytes, $at, 1) = chr random_below(256); }
		elsif ($how == 1) { substr($bytes, $at, 1) ^= chr(1 << random_below(8)); }
		elsif ($how == 2) { my $number = $numbers[ random_below(scalar @numbers) ]; substr($bytes, $at, length $number) = $number; }
		elsif ($how == 3) { substr($bytes, $at, random_below(9)) = ''; }
		elsif ($how == 4) { substr($bytes, $at, 0) = substr($bytes, random_below(length $bytes), random_below(20)); }
		else              { $bytes = substr($bytes, 0, $at) if random_below(3) == 0; }
		return $bytes if $bytes eq '';
	}
	return $bytes;
}

# A file of one row and two columns, one of them the value: its length is right or wrong, but the frame of COPY is sound in most of them, so
# that it is the types that read.
sub copy_file
{
	my ($value) = @_;
	my $length = random_below(10) == 0 ? length($value) + random_below(9) - 4 : length $value;
	my $file = "PGCOPY\n\xff\r\n\0" . pack('NN', 0, 0) . pack('n', 2) . pack('NN', 4, 7) . pack('N', $length & 0xffffffff) . $value . pack('n', 0xffff);
	return random_below(20) == 0 ? damage($file) : $file;
}

sub write_file
{
	my ($name, $bytes) = @_;
	open my $out, '>:raw', $name or die "cannot write $name: $!\n";
	print $out $bytes;
	close $out or die "cannot write $name: $!\n";
	chmod 0644, $name;
}

# The binary forms of good values, by what COPY writes.
sub good_values
{
	my ($type) = @_;
	my @hex = split /\n/, must("SELECT encode(${type}_send($type), 'hex') FROM damaged.good WHERE $type IS NOT NULL ORDER BY id");
	return map { pack 'H*', $_ } @hex;
}

# All of them in one session, each by a statement of its own; an error there is an error code here.
sub copy_damaged
{
	my ($type, $amount) = @_;
	my @good = good_values($type);
	my $script = "\\set ON_ERROR_STOP 0\n";
	mkdir "$dir/damaged";
	chmod 0755, "$dir/damaged";
	for my $i (1 .. $amount)
	{
		write_file("$dir/damaged/$i", copy_file(damage($good[ random_below(scalar @good) ])));
		$script .= "COPY damaged.taken (id, $type) FROM '$dir/damaged/$i' (FORMAT binary);\n\\echo :SQLSTATE\n";
	}
	write_file("$dir/damaged.sql", "$script\\echo end\n");
	my @states = split /\n/, `psql -XqAt -f '$dir/damaged.sql' 2>'$dir/damaged.err'`;
	ok(@states && pop @states eq 'end', "$type: the session came to its end", tail("$dir/damaged.err"));
	my %count;
	$count{$_}++ for @states;
	my @odd = grep { $_ ne '00000' && $_ !~ $told } keys %count;
	my $taken = $count{'00000'} // 0;
	ok(@states == $amount && !@odd, "$type: $amount damaged binary copies, $taken taken; errors are of the value", "not told: @odd");
	ok($taken > 0 && $taken < $amount * 0.8, "$type: some are taken, and most are not", "$taken");
	check_taken($type);
	run('rm', '-rf', "$dir/damaged");
}

# What was taken is sound: it prints, reads, and is sent as it was printed; an index takes it.
sub check_taken
{
	my ($type) = @_;
	is(must("SELECT count(*) FROM damaged.taken WHERE $type IS DISTINCT FROM $type\::text::$type OR ${type}_send($type) IS DISTINCT FROM ${type}_send($type\::text::$type)"), 0, "$type: what was taken is a value like any other");
	my $method = { skillset => 'shortlist', jobspec => 'shortlist', eventfacts => 'gist' }->{$type};
	if (defined $method)
	{
		ok(defined ask('data', "CREATE INDEX taken_value ON damaged.taken USING $method ($type); DROP INDEX damaged.taken_value"), "$type: an index takes it too", last_error());
	}
	must('TRUNCATE damaged.taken');
}

must('CREATE EXTENSION shortlist');
must_file($setup);
for my $type (@types)
{
	copy_damaged($type, $copies / 4);
}
for my $kind (@types, map { "$_ json" } @types)
{
	my ($taken, $refused, $problem) = split /\|/, ask('data', "DO 'BEGIN PERFORM setseed(0.$seed); END'; SELECT * FROM damaged.try_texts('$kind', $texts)") // "0|0|" . last_error(), 3;
	is($problem, '', "$kind: $texts damaged texts, $taken taken; errors are of the value");
	ok($taken > 0 && $refused > 0, "$kind: some are taken, some are not");
}
is(join('', log_lines('PANIC|TRAP:|terminated by signal')), '', 'nothing is wrong in the log');
finish();
