/*
 * geo.c
 *	  Great-circle distance from unit vectors.
 */
#include "core/geo.h"

#include <math.h>

#define RADIANS_PER_DEGREE 0.017453292519943295769

void
geo_unit_vector(double latitude, double longitude, double xyz[3])
{
	double phi = latitude * RADIANS_PER_DEGREE;
	double lambda = longitude * RADIANS_PER_DEGREE;
	double parallel = fabs(latitude) == 90 ? 0 : cos(phi);

	/* All longitudes of a pole are one place, and 180 west is 180 east. */
	xyz[0] = parallel * cos(lambda);
	xyz[1] = fabs(longitude) == 180 ? 0 : parallel * sin(lambda);
	xyz[2] = sin(phi);
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
