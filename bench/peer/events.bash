# The best event, and the best ten, for a person who wants a place, a price, a crowd and a time: rows, questions and the
# exact answer, for bench/peers.  Sourced by bash.
# shellcheck shell=bash
# shellcheck source-path=SCRIPTDIR/..
. "$here/formula.bash"

limits='1 10'

load_source() {
	sql -c 'CREATE EXTENSION IF NOT EXISTS shortlist' \
		-c 'CREATE TABLE source_events (id int PRIMARY KEY, latitude float8, longitude float8, price float8, attendees float8,
		                                starts_at timestamptz)'
	"$here/generate-events" --rows "$1" | sql -c 'COPY source_events FROM STDIN'
	sql -c 'VACUUM (FREEZE, ANALYZE) source_events'
	mapfile -t likes < <("$here/generate-preferences" --rows "$QUESTIONS" --seed 2 --full --as json | cut -f2)
	mapfile -t columns < <("$here/generate-preferences" --rows "$QUESTIONS" --seed 2 --full --as columns)
}

# likes PREFERENCE: as an eventpref
likes() { printf '%s' "${likes[$1 - 1]}"; }

# wish PREFERENCE: latitude, longitude, km, budget, crowd, starts, around, weights; see generate-preferences --as columns
wish() { printf '%s' "${columns[$1 - 1]}" | cut -f2-; }

# cost PREFERENCE: 1 - score of a row that has the columns of source_events, in SQL
cost() { formula "${columns[$1 - 1]}"; }

# What shortlist has of it, for the exact answer: a table, the column that is ranked, and the type of a question; wanted QUESTION is its value.
exact_table=events exact_column=facts exact_type=eventpref
wanted() { likes "$1"; }

costs_of() {
	printf '%s' 'SELECT a.*, event_facts(latitude, longitude, price, attendees, starts_at) <=> wanted AS cost
	        FROM answer a JOIN wanted USING (question) JOIN source_events e ON e.id = a.id'
}
