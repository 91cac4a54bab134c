# The score of an event in plain SQL, for the scripts of bench/.  Sourced by bash.
# shellcheck shell=bash

# The same formula in SQL over plain columns, as one would write it by hand with
# some care: constants folded, float8 throughout, exp() kept from underflow
# (which is an error in SQL).  greatest() passes over a NULL, so that an unknown
# location, price or start earns nothing here.
#
# formula COLUMNS: of a preference as generate-preferences --as columns writes it.
formula() {
	local latitude longitude km budget crowd starts around w_location w_price w_attendees w_start distance
	IFS=$'\t' read -r _ latitude longitude km budget crowd starts around w_location w_price w_attendees w_start \
		<<<"$1"
	distance="2 * 6371.0088::float8 * asin(least(1, sqrt(power(sin(radians(latitude - $latitude) / 2), 2)
	          + cos(radians($latitude)) * cos(radians(latitude)) * power(sin(radians(longitude - $longitude) / 2), 2))))"
	printf '%s' "1 - ($w_location * exp(greatest(-700, $distance * (ln(0.5::float8) / $km)))
	          + $w_price * least(1, greatest(0, 1 - (price - $budget) * (0.5::float8 / $budget)))
	          + $w_attendees * coalesce(attendees / (attendees + $crowd), 0)
	          + $w_start * exp(greatest(-700, ln(0.5::float8)
	            * power(date_part('epoch', starts_at - '$starts'::timestamptz) / $around, 2))))
	          / ($w_location + $w_price + $w_attendees + $w_start)::float8"
}
