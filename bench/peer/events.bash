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

# exact: the ten least costs of each question, by a sequential scan of what shortlist has.
exact_costs() {
	cat <<-SQL
		CREATE TABLE wish (question int, likes eventpref);
		COPY wish FROM STDIN;
		$(printf '%s\n' "${likes[@]}" | awk '{ print NR "\t" $0 }')
		\\.
		SET enable_indexscan = off; SET max_parallel_workers_per_gather = 2;
		CREATE TABLE exact (question int, place bigint, cost float8);
		$(for ((question = 1; question <= QUESTIONS; question++)); do
			printf "INSERT INTO exact SELECT %s, row_number() OVER (ORDER BY cost), cost FROM (SELECT facts <=> '%s' AS cost FROM events ORDER BY 1 LIMIT 10) t;\n" \
				"$question" "$(likes "$question")"
		done)
		RESET enable_indexscan; RESET max_parallel_workers_per_gather;
	SQL
}

costs_of() {
	printf '%s' 'SELECT a.*, event_facts(latitude, longitude, price, attendees, starts_at) <=> likes AS cost
	        FROM answer a JOIN wish USING (question) JOIN source_events e ON e.id = a.id'
}
