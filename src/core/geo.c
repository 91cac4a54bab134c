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
	return 2 * EARTH_RADIUS_KM * asin(fmin(1, sqrt(chord_squared) / 2));
}

double
geo_km_chord_squared(double km)
{
	double half_angle = km / (2 * EARTH_RADIUS_KM);
	double half_chord = sin(half_angle);

	/* pi / 2 is beyond which no point of the sphere lies */
	return half_angle < 1.57 ? 4 * half_chord * half_chord : INFINITY;
}
