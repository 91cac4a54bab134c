/*
 * skill_hash_test.c
 *	  The hash is a part of what is stored, so its values are pinned.
 */
#include "core/skill_hash.h"

#include <math.h>

#include "random.h"
#include "tap.h"

/* Values computed by another implementation of 32-bit FNV-1a and MurmurHash3's fmix32. */
static void
test_pinned(void)
{
	static const struct
	{
		const char *name;
		size_t length;
		uint32_t hash;
		const char *title;
	} pinned[] = {
		{"", 0, 0xab3e7c0bu, "hash of the empty name"},
		{"a", 1, 0x1a80b1b3u, "hash of a"},
		{"python", 6, 0x21d467b2u, "hash of python"},
		{"c++", 3, 0x6b3314a9u, "hash of c++"},
		{".net", 4, 0x1d17d211u, "hash of .net"},
		{"ci/cd", 5, 0xd42a8480u, "hash of ci/cd"},
		{"machine learning", 16, 0xdf24a6afu, "hash of machine learning"},
		{"\x80", 1, 0x9f3c3615u, "hash of the byte 0x80: bytes are unsigned"},
		{"\xff", 1, 0xb8c37e1du, "hash of the byte 0xff"},
		{"\xc3\xa9t\xc3\xa9", 5, 0xa17d532du, "hash of a name in UTF-8 with accents"},
		{"\xe6\x95\xb0\xe5\xad\xa6", 6, 0xa248cf70u, "hash of a name in Chinese"},
		{"a\0b", 3, 0x5d40db2du, "hash of a name with a zero byte: the length counts"},
		{"pythonic", 6, 0x21d467b2u, "hash of the first six bytes of pythonic"},
	};
	char longest[255];

	for (unsigned i = 0; i < sizeof(pinned) / sizeof(pinned[0]); i++)
		is_count(skill_hash(pinned[i].name, pinned[i].length), pinned[i].hash, pinned[i].title);
	memset(longest, 'x', sizeof(longest));
	is_count(skill_hash(longest, sizeof(longest)), 0x15b66caau, "hash of 255 times x");
	for (unsigned i = 0; i < sizeof(longest); i++)
		longest[i] = (char) (i + 1);
	is_count(skill_hash(longest, sizeof(longest)), 0x76a032bcu, "hash of every byte but zero");
}

/* Takes MurmurHash3's finaliser back: each of its steps has an inverse. */
static uint32_t
before_finaliser(uint32_t hash)
{
	hash ^= hash >> 16;
	hash *= 0x7ed1b41du; /* 0x7ed1b41d * 0xc2b2ae35 = 1 mod 2^32 */
	hash ^= (hash >> 13) ^ (hash >> 26);
	hash *= 0xa5cb9243u; /* 0xa5cb9243 * 0x85ebca6b = 1 mod 2^32 */
	return hash ^ (hash >> 16);
}

/* The test vectors that the authors of FNV publish. */
static void
test_published(void)
{
	is_count(before_finaliser(skill_hash("", 0)), 0x811c9dc5u,
			 "published FNV-1a of the empty string");
	is_count(before_finaliser(skill_hash("a", 1)), 0xe40c292cu, "published FNV-1a of a");
	is_count(before_finaliser(skill_hash("foobar", 6)), 0xbf9cf968u, "published FNV-1a of foobar");
}

/* The high bits choose buckets, so names that differ little have to spread over them. */
static void
test_distribution(void)
{
	enum
	{
		NAMES = 100000,
		BITS = 12,
		BUCKETS = 1 << BITS
	};
	static unsigned high[BUCKETS];
	static unsigned low[BUCKETS];
	double expected = (double) NAMES / BUCKETS;
	double chi_high = 0;
	double chi_low = 0;
	double deviation = sqrt(2.0 * (BUCKETS - 1));

	for (unsigned i = 0; i < NAMES; i++)
	{
		char name[20];
		int length = snprintf(name, sizeof(name), "skill %u", i);
		uint32_t hash = skill_hash(name, (size_t) length);

		high[hash >> (32 - BITS)]++;
		low[hash & (BUCKETS - 1)]++;
	}
	for (unsigned b = 0; b < BUCKETS; b++)
	{
		chi_high += (high[b] - expected) * (high[b] - expected) / expected;
		chi_low += (low[b] - expected) * (low[b] - expected) / expected;
	}
	/* chi squared is about the degrees of freedom, give or take a few deviations */
	if (!ok(fabs(chi_high - (BUCKETS - 1)) < 6 * deviation, "the high bits spread numbered names"))
		diagnose("got chi squared %.0f expected %d +- %.0f", chi_high, BUCKETS - 1, 6 * deviation);
	if (!ok(fabs(chi_low - (BUCKETS - 1)) < 6 * deviation, "the low bits spread numbered names"))
		diagnose("got chi squared %.0f expected %d +- %.0f", chi_low, BUCKETS - 1, 6 * deviation);
}

/* Each bit of the hash changes for about half of the names when one bit of the name does. */
static void
test_avalanche(void)
{
	enum
	{
		NAMES = 4000
	};
	unsigned changed[32] = {0};
	Property even = {.name = "one bit of a name changes each bit of the hash half of the time"};

	for (unsigned i = 0; i < NAMES; i++)
	{
		char name[8];
		uint32_t before;

		for (unsigned k = 0; k < sizeof(name); k++)
			name[k] = (char) random_bits();
		before = skill_hash(name, sizeof(name));
		name[random_below(sizeof(name))] ^= (char) (1 << random_below(8));
		for (unsigned bit = 0; bit < 32; bit++)
			changed[bit] += ((before ^ skill_hash(name, sizeof(name))) >> bit) & 1;
	}
	for (unsigned bit = 0; bit < 32; bit++)
		check(&even, fabs(changed[bit] - NAMES / 2.0) < 0.05 * NAMES,
			  "bit %u: changed %u times of %d", bit, changed[bit], NAMES);
	report(&even);
}

int
main(void)
{
	random_init();
	test_pinned();
	test_published();
	test_distribution();
	test_avalanche();
	return tap_done();
}
