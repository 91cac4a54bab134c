/*
 * geo_test.c
 *	  Great-circle distances against another formula, in long double.
 */
#include "core/geo.h"

#include "random.h"
#include "tap.h"

#define PI_L 3.14159265358979323846264338328L
#define RADIUS 6371.0088L

typedef struct Place
{
	double latitude;
	double longitude;
} Place;

static double
distance(Place a, Place b)
{
	double from[3];
	double to[3];

	geo_unit_vector(a.latitude, a.longitude, from);
	geo_unit_vector(b.latitude, b.longitude, to);
	return geo_chord_km(geo_chord_squared(from, to));
}

/* The angle in radians by Vincenty's formula for the sphere: well-conditioned at every distance. */
static long double
reference_angle(Place a, Place b)
{
	long double degree = PI_L / 180;
	long double phi = a.latitude * degree;
	long double psi = b.latitude * degree;
	long double lambda = ((long double) b.longitude - a.longitude) * degree;
	long double across = cosl(psi) * sinl(lambda);
	long double along = cosl(phi) * sinl(psi) - sinl(phi) * cosl(psi) * cosl(lambda);

	return atan2l(sqrtl(across * across + along * along),
				  sinl(phi) * sinl(psi) + cosl(phi) * cosl(psi) * cosl(lambda));
}

/*
 * Coordinates of a unit vector are off by less than 5e-16: degrees become
 * radians up to pi with two roundings.  So the chord is off by 1e-15 or so,
 * the angle by that over the cosine of half the angle; and at the antipodes,
 * where that cosine is 0, by its square root.
 */
static long double
angle_tolerance(long double angle)
{
	return 3e-15L / fmaxl(cosl(angle / 2), 3e-8L);
}

static Place
random_place(void)
{
	Place place;

	/* uniform on the sphere, with now and then an edge */
	place.latitude = asin(random_between(-1, 1)) * (180 / (double) PI_L);
	place.longitude = random_between(-180, 180);
	if (random_chance(0.02))
		place.latitude = random_below(3) * 90.0 - 90;
	if (random_chance(0.02))
		place.longitude = random_below(5) * 90.0 - 180;
	return place;
}

/* Computed with 40 digits by the haversine formula. */
static void
test_known(void)
{
	static const struct
	{
		const char *name;
		Place from;
		Place to;
		long double km;
	} known[] = {
		{"London to Paris", {51.5072, -0.1276}, {48.8566, 2.3522}, 343.5303399985716846988L},
		{"London to Sydney", {51.5072, -0.1276}, {-33.8688, 151.2093}, 16993.95573885492962087L},
		{"New York to Los Angeles", {40.7128, -74.0060}, {34.0522, -118.2437}, 3935.751690893986008L},
		{"Tokyo to Los Angeles, across the antimeridian",
		 {35.6762, 139.6503},
		 {34.0522, -118.2437},
		 8819.405375954952107827L},
		{"Suva to Apia, across the antimeridian",
		 {-18.1416, 178.4419},
		 {-13.8333, -171.7667},
		 1150.703566246917283608L},
		{"Quito to Tokyo", {-0.1807, -78.4678}, {35.6762, 139.6503}, 14439.88880440646389680L},
		{"a degree of latitude", {0, 0}, {1, 0}, 111.1950802335329128468L},
		{"a degree of longitude at the equator", {0, 17}, {0, 18}, 111.1950802335329128468L},
		{"a degree across the antimeridian", {0, 179.5}, {0, -179.5}, 111.1950802335329128468L},
		{"a degree on either side of the pole", {89.5, 0}, {89.5, 180}, 111.1950802335329128468L},
		{"equator to pole", {0, -33}, {90, 120}, 10007.55722101796215621L},
		{"a quarter of the equator", {0, -170}, {0, 100}, 10007.55722101796215621L},
		{"pole to pole", {90, 0}, {-90, 0}, 20015.11444203592431243L},
		{"antipodes on the equator", {0, 0}, {0, 180}, 20015.11444203592431243L},
	};

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_near(distance(known[i].from, known[i].to), known[i].km,
				RADIUS * angle_tolerance(known[i].km / RADIUS), known[i].name);
}

static void
test_random_pairs(void)
{
	Property formula = {.name = "random pairs, by Vincenty's formula"};
	Property close = {.name = "places near each other, by Vincenty's formula"};
	Property antipodes = {.name = "places near the antipodes, within a metre"};
	Property symmetric = {.name = "there and back is the same to the last bit"};

	for (long i = random_rounds(100000); i > 0; i--)
	{
		Place a = random_place();
		Place b = random_place();
		Place near = a;
		Place far = {-a.latitude, a.longitude > 0 ? a.longitude - 180 : a.longitude + 180};
		long double angle = reference_angle(a, b);
		double km = distance(a, b);

		check(&formula, fabsl(km - RADIUS * angle) <= RADIUS * angle_tolerance(angle),
			  "(%.17g %.17g) to (%.17g %.17g): got %.17g expected %.20Lg", a.latitude, a.longitude,
			  b.latitude, b.longitude, km, RADIUS * angle);
		check(&symmetric, km == distance(b, a), "got %.17g and %.17g", km, distance(b, a));

		near.latitude = fmax(-90, fmin(90, a.latitude + random_between(-0.1, 0.1)));
		near.longitude = fmax(-180, fmin(180, a.longitude + random_between(-0.1, 0.1)));
		angle = reference_angle(a, near);
		check(&close, fabsl(distance(a, near) - RADIUS * angle) <= RADIUS * angle_tolerance(angle),
			  "(%.17g %.17g) to (%.17g %.17g): got %.17g expected %.20Lg", a.latitude, a.longitude,
			  near.latitude, near.longitude, distance(a, near), RADIUS * angle);

		far.latitude = fmax(-90, fmin(90, far.latitude + random_between(-1e-5, 1e-5)));
		angle = reference_angle(a, far);
		check(&antipodes, fabsl(distance(a, far) - RADIUS * angle) <= 1e-3L,
			  "(%.17g %.17g) to (%.17g %.17g): got %.17g expected %.20Lg", a.latitude, a.longitude,
			  far.latitude, far.longitude, distance(a, far), RADIUS * angle);
	}
	report(&formula);
	report(&close);
	report(&antipodes);
	report(&symmetric);
}

/* The same place under several names is at distance 0, not at nearly 0. */
static void
test_same_place(void)
{
	Property identical = {.name = "a place is at exactly 0 from itself"};
	Property antimeridian = {.name = "180 west is exactly 180 east"};
	Property poles = {.name = "all longitudes of a pole are exactly one place"};
	Property from_pole = {.name = "a pole's longitude changes no distance"};
	Property length = {.name = "unit vectors have length 1"};

	for (long i = random_rounds(50000); i > 0; i--)
	{
		Place place = random_place();
		Place west = {place.latitude, -180};
		Place east = {place.latitude, 180};
		Place pole = {random_chance(0.5) ? 90 : -90, place.longitude};
		Place turned = {pole.latitude, random_place().longitude};
		double xyz[3];
		double origin[3] = {0, 0, 0};

		check(&identical, distance(place, place) == 0, "(%.17g %.17g): got %g", place.latitude,
			  place.longitude, distance(place, place));
		check(&antimeridian, distance(west, east) == 0, "latitude %.17g: got %g", place.latitude,
			  distance(west, east));
		check(&poles, distance(pole, turned) == 0,
			  "latitude %g, longitudes %.17g and %.17g: got %g", pole.latitude, pole.longitude,
			  turned.longitude, distance(pole, turned));
		check(&from_pole, distance(place, pole) == distance(place, turned), "got %.17g and %.17g",
			  distance(place, pole), distance(place, turned));
		geo_unit_vector(place.latitude, place.longitude, xyz);
		check(&length, fabs(geo_chord_squared(xyz, origin) - 1) <= 1e-15,
			  "(%.17g %.17g): got a square of %.17g", place.latitude, place.longitude,
			  geo_chord_squared(xyz, origin));
	}
	report(&identical);
	report(&antimeridian);
	report(&poles);
	report(&from_pole);
	report(&length);
}

/* Coordinates of 16 digits tell a metre to eight of them, and a kilometre to eleven. */
static void
test_tiny(void)
{
	static const struct
	{
		const char *name;
		double degrees;
		long double error;
	} sizes[] = {
		{"about a metre, to a part in 10^8", 1e-5, 1e-8L},
		{"about a kilometre, to a part in 10^11", 1e-2, 1e-11L},
	};

	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
	{
		Property tiny = {.name = sizes[s].name};

		for (long i = random_rounds(50000); i > 0; i--)
		{
			Place a = {random_between(-80, 80), random_between(-179, 179)};
			double turn = random_between(0, 6.28318);
			Place b = {a.latitude + sizes[s].degrees * sin(turn),
					   a.longitude + sizes[s].degrees * cos(turn) / cos(a.latitude * 0.0174533)};
			long double km = RADIUS * reference_angle(a, b);

			check(&tiny, fabsl(distance(a, b) / km - 1) <= sizes[s].error,
				  "(%.17g %.17g) to (%.17g %.17g): got %.17g expected %.20Lg", a.latitude,
				  a.longitude, b.latitude, b.longitude, distance(a, b), km);
		}
		report(&tiny);
	}
}

static void
test_chord(void)
{
	Property monotone = {.name = "a longer chord is never a shorter way"};
	Property strictly = {.name = "a chord longer by a millionth is a longer way"};
	double half_circle = geo_chord_km(4);

	is_exactly(geo_chord_km(0), 0, "no chord, no way");
	is_near(half_circle, RADIUS * PI_L, 4e-12L, "the longest chord is half a great circle");
	is_exactly(geo_chord_km(nextafter(4, 5)), half_circle,
			   "a chord too long by rounding is the longest");
	is_exactly(geo_chord_km(4 + 1e-14), half_circle, "so is one that is longer still");
	is_near(geo_chord_km(2), RADIUS * PI_L / 2, 4e-12L, "the chord of a right angle");
	is_near(geo_chord_km(1), RADIUS * PI_L / 3, 4e-12L, "the chord of 60 degrees");

	for (long i = random_rounds(200000); i > 0; i--)
	{
		double chord = random_chance(0.5) ? random_between(0, 4) : random_magnitude(1e-20, 4);
		double longer = random_chance(0.5) ? nextafter(chord, 5) : chord * (1 + random_unit());

		check(&monotone, geo_chord_km(longer) >= geo_chord_km(chord),
			  "got %.17g at %a and %.17g at %a", geo_chord_km(longer), longer, geo_chord_km(chord),
			  chord);
		if (chord < 3.99)
			check(&strictly, geo_chord_km(chord * (1 + 1e-6)) > geo_chord_km(chord), "at %a", chord);
	}
	report(&monotone);
	report(&strictly);
}

/*
 * What boxes of places are judged by: distances from a chord alone, which may
 * be longer or shorter than the pair's.
 */
static void
test_chord_bounds(void)
{
	Property least = {.name =
						  "the least way of a chord is no longer than any pair's, but for 1e-14"};
	Property most = {.name = "the most is no shorter"};
	Property close = {.name = "both are within a metre of the pair's own"};

	for (long i = random_rounds(200000); i > 0; i--)
	{
		Place a = random_place();
		Place b = random_place();
		double from[3], to[3];
		double chord, km, shorter, longer;

		/* across the globe; a right angle; the same place */
		if (random_chance(0.4))
		{
			b.latitude = -a.latitude;
			b.longitude = a.longitude > 0 ? a.longitude - 180 : a.longitude + 180;
			if (random_chance(0.5))
				b.latitude = fmax(-90, fmin(90, b.latitude + random_magnitude(1e-15, 1e-3)));
		}
		else if (random_chance(0.3))
		{
			a.latitude = b.latitude = 0;
			b.longitude = a.longitude > 90 ? a.longitude - 90 : a.longitude + 90;
		}
		geo_unit_vector(a.latitude, a.longitude, from);
		geo_unit_vector(b.latitude, b.longitude, to);
		chord = geo_chord_squared(from, to);
		km = geo_km(from, to);
		shorter = random_chance(0.5) ? chord * random_unit() : nextafter(chord, 0);
		longer = random_chance(0.5) ? chord + random_unit() : nextafter(chord, 5);

		check(&least,
			  geo_chord_km_at_least(chord) * (1 - 1e-14) <= km &&
				  geo_chord_km_at_least(shorter) * (1 - 1e-14) <= km,
			  "%.17g km: got %.17g at %a and %.17g at %a", km, geo_chord_km_at_least(chord), chord,
			  geo_chord_km_at_least(shorter), shorter);
		check(&most,
			  geo_chord_km_at_most(chord) * (1 + 1e-14) >= km &&
				  geo_chord_km_at_most(longer) * (1 + 1e-14) >= km,
			  "%.17g km: got %.17g at %a and %.17g at %a", km, geo_chord_km_at_most(chord), chord,
			  geo_chord_km_at_most(longer), longer);
		check(&close,
			  geo_chord_km_at_least(chord) >= km - 1e-3 && geo_chord_km_at_most(chord) <= km + 1e-3,
			  "%.17g km: got %.17g and %.17g at %a", km, geo_chord_km_at_least(chord),
			  geo_chord_km_at_most(chord), chord);
	}
	report(&least);
	report(&most);
	report(&close);
	is_near(geo_chord_km_at_least(4), RADIUS * PI_L, 1e-3L, "the longest chord, within a metre");
}

int
main(void)
{
	random_init();
	test_known();
	test_random_pairs();
	test_same_place();
	test_tiny();
	test_chord();
	test_chord_bounds();
	return tap_done();
}
