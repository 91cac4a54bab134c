/*
 * geo.h
 *	  Great-circle distance from unit vectors.
 *
 * A place is kept as the unit vector of its latitude and longitude, so that a
 * distance costs one square root and one arcsine, and so that neither the
 * poles nor the antimeridian is a special case.
 */
#ifndef SHORTLIST_CORE_GEO_H
#define SHORTLIST_CORE_GEO_H

/* Mean radius R1 of the Earth in km (IUGG). */
#define EARTH_RADIUS_KM 6371.0088

/* latitude in [-90,90] and longitude in [-180,180], degrees */
extern void geo_unit_vector(double latitude, double longitude, double xyz[3]);

/* Squared straight-line distance of two unit vectors, in [0,4] but for rounding. */
static inline double
geo_chord_squared(const double a[3], const double b[3])
{
	double dx = a[0] - b[0];
	double dy = a[1] - b[1];
	double dz = a[2] - b[2];

	return dx * dx + dy * dy + dz * dz;
}

/*
 * Great-circle distance in km of two points whose chord has this square;
 * monotone.  Near the other side of the Earth the chord hardly changes, and
 * the distance is only good to a quarter of a metre.
 */
extern double geo_chord_km(double chord_squared);

/* Great-circle distance in km of two places, good to the last digits everywhere. */
extern double geo_km(const double a[3], const double b[3]);

/* At least geo_km() of all pairs whose chord has at most this square. */
extern double geo_chord_km_at_most(double chord_squared);

/*
 * At most geo_km() of all pairs whose chord has at least this square, but for
 * a part in 10^14 (a pair whose chord is that of a right angle can be taken
 * from either side).
 */
extern double geo_chord_km_at_least(double chord_squared);

/* The inverse; infinity where the distance is more than half around the Earth. */
extern double geo_km_chord_squared(double km);

#endif /* SHORTLIST_CORE_GEO_H */
