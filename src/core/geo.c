/*
 * geo.c
 *	  Great-circle distance from unit vectors.
 */
#include "core/geo.h"

#include <math.h>

#define RADIANS_PER_DEGREE 0.017453292519943295769

/* Taylor's series of (sin(x) - x) / x^3 and (cos(x) - 1 + x^2 / 2) / x^4 in x^2, the last term first. */
#define SERIES 8
static const double SineSeries[SERIES] =
	{1.0 / 355687428096000, -1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800,
	 1.0 / 362880,			-1.0 / 5040,		  1.0 / 120,		-1.0 / 6};
static const double CosineSeries[SERIES] =
	{-1.0 / 6402373705728000, 1.0 / 20922789888000, -1.0 / 87178291200, 1.0 / 479001600,
	 -1.0 / 3628800,		  1.0 / 40320,			-1.0 / 720,			1.0 / 24};

static inline double
sum_series(const double *term, double z)
{
	double sum = term[0];

	for (int i = 1; i < SERIES; i++)
		sum = sum * z + term[i];
	return sum;
}

/*
 * Sine and cosine of an angle in [-180,180] degrees.  libm's differ from
 * machine to machine in the last bit; these are made of sums and products in
 * a fixed order, so that whoever has the degrees can make the same vector
 * again, bit for bit.  The angle less a multiple of 90 is exact, and what is
 * left, at most an eighth of a turn, takes as many terms of the series as a
 * float8 can tell.
 */
static void
sine_and_cosine(double degrees, double *sine, double *cosine)
{
	double angle = fabs(degrees);
	int quarters = (angle > 45) + (angle > 135);
	double x = (angle - 90 * quarters) * RADIANS_PER_DEGREE;
	double z = x * x;
	double s = x + x * z * sum_series(SineSeries, z);
	double c = 1 - (z / 2 - z * z * sum_series(CosineSeries, z));
	double s_of_angle = quarters == 0 ? s : quarters == 1 ? c : -s;

	*sine = degrees < 0 ? -s_of_angle : s_of_angle;
	*cosine = quarters == 0 ? c : quarters == 1 ? -s : -c;
}

void
geo_unit_vector(double latitude, double longitude, double xyz[3])
{
	double parallel;
	double sine;
	double cosine;

	sine_and_cosine(latitude, &sine, &cosine);
	/* All longitudes of a pole are one place, and 180 west is 180 east. */
	parallel = fabs(latitude) == 90 ? 0 : cosine;
	xyz[2] = sine;
	sine_and_cosine(longitude, &sine, &cosine);
	xyz[0] = parallel * cosine;
	xyz[1] = fabs(longitude) == 180 ? 0 : parallel * sine;
}

double
geo_chord_km(double chord_squared)
{
	double half = sqrt(chord_squared) / 2;

	return 2 * EARTH_RADIUS_KM * asin(half < 1 ? half : 1);
}

#define HALF_CIRCUMFERENCE_KM (EARTH_RADIUS_KM * 3.14159265358979323846)

double
geo_km(const double a[3], const double b[3])
{
	double chord_squared = geo_chord_squared(a, b);
	double opposite[3] = {-b[0], -b[1], -b[2]};

	/* more than a quarter around: what is missing to the other side */
	if (chord_squared > 2)
		return HALF_CIRCUMFERENCE_KM - geo_chord_km(geo_chord_squared(a, opposite));
	return geo_chord_km(chord_squared);
}

/*
 * The squared chords from a place to another and to that one's other side
 * make 4, but for less than this.
 */
#define UNIT_ERROR 1e-14

double
geo_chord_km_at_most(double chord_squared)
{
	if (chord_squared > 2)
		return HALF_CIRCUMFERENCE_KM - geo_chord_km(fmax(0, 4 - chord_squared - UNIT_ERROR));
	return geo_chord_km(chord_squared);
}

double
geo_chord_km_at_least(double chord_squared)
{
	if (chord_squared > 2)
		return HALF_CIRCUMFERENCE_KM - geo_chord_km(fmax(0, 4 - chord_squared + UNIT_ERROR));
	return geo_chord_km(chord_squared);
}

double
geo_km_chord_squared(double km)
{
	double half_angle = km / (2 * EARTH_RADIUS_KM);
	double half_chord = sin(half_angle);

	/* pi / 2 is beyond which no point of the sphere lies */
	return half_angle < 1.57 ? 4 * half_chord * half_chord : INFINITY;
}
