# The best ten people for a role: rows, questions and the exact answer, for bench/peers.  Sourced by bash.
# shellcheck shell=bash

limits=10

# A person is a skillset, and beside it arrays of skill ids and levels, from which the peers make what they need.
load_source() {
	sql -c 'CREATE EXTENSION IF NOT EXISTS shortlist' \
		-c 'CREATE TABLE source_people (id int PRIMARY KEY, skills skillset)' \
		-c 'CREATE TABLE source (id int PRIMARY KEY, ids int[], levels real[])' \
		-c 'CREATE TABLE role_skill (role_id int, skill_id int, need float8, weight float8)'
	"$here/generate-people" --rows "$1" | sql -c 'COPY source_people FROM STDIN' &
	"$here/generate-people" --rows "$1" --as id-rows | awk -F'\t' '
		function out() { if (id != "") print id "\t{" ids "}\t{" levels "}" }
		$1 != id { out(); id = $1; ids = $2; levels = $3; next }
		{ ids = ids "," $2; levels = levels "," $3 }
		END { out() }' | sql -c 'COPY source FROM STDIN'
	wait $!
	"$here/generate-roles" --rows "$QUESTIONS" --as id-rows >"$scratch/roles"
	sql -c 'COPY role_skill FROM STDIN' <"$scratch/roles"
	sql -c 'CREATE INDEX ON role_skill (role_id) INCLUDE (skill_id, need, weight)' \
		-c 'VACUUM (FREEZE, ANALYZE) source_people, source, role_skill'
	mapfile -t jobs < <("$here/generate-roles" --rows "$QUESTIONS" | cut -f2)
	mapfile -t items < <(awk -F'\t' '
		$1 != id { if (NR > 1) print line; line = ""; id = $1 }
		{ line = line (line == "" ? "" : " ") $2 ":" $3 ":" $4 }
		END { print line }' "$scratch/roles")
}

# job ROLE: as a jobspec
job() { printf '%s' "${jobs[$1 - 1]}"; }

# items ROLE: "skill:need:weight ..."
items() { printf '%s' "${items[$1 - 1]}"; }

# ids ROLE [COUNT]: skill ids, those with the greatest weights first, joined by commas; all of them, or so many
ids() {
	items "$1" | tr ' ' '\n' | sort -t: -k3,3nr -k1,1n | head -n "${2:-1000}" | cut -d: -f1 | paste -sd,
}

# cost ROLE: 1 - readiness of a row that has ids and levels, in SQL
cost() {
	items "$1" | tr ' ' '\n' | awk -F: '
		{ sum = sum (NR > 1 ? " + " : "") $3 " * least(1, coalesce(levels[array_position(ids, " $1 ")], 0) / " $2 "::float8)"; total += $3 }
		END { printf "1 - (%s) / %s", sum, total }'
}

# What shortlist has of it, for the exact answer: a table, the column that is ranked, and the type of a question; wanted QUESTION is its value.
exact_table=people exact_column=skills exact_type=jobspec
wanted() { job "$1"; }

costs_of() {
	printf 'SELECT a.*, skills <=> wanted AS cost FROM answer a JOIN wanted USING (question) JOIN source_people p ON p.id = a.id'
}
