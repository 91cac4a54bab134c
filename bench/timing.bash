# Timing of statements, for the scripts of bench/.  Sourced by bash.
#
# A bench writes its rounds, each asking every statement once, with explain();
# measure() runs them in one session, and report() and ratio() read its log.
# Statements are interleaved (A B C A B C ...), so that a slow moment of the
# machine falls on all of them and not on one.

ROUNDS=${ROUNDS:-5}

# One session that stops at the first error.
sql() {
	psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# explain NAME STATEMENT: prints the commands that time it.
explain() {
	printf '\\echo @ %s\nEXPLAIN (ANALYZE, TIMING OFF, SUMMARY ON) %s;\n' "$1" "$2"
}

# measure LOG WORKERS WRITE_ROUND: calls "WRITE_ROUND n" for round 0, which only
# warms up, and the rounds that count; leaves "name ms workers" lines in LOG.
measure() {
	local log=$1 workers=$2 write_round=$3 round
	{
		printf 'SET jit = off;\nSET work_mem = %s;\n' "'256MB'"
		printf 'SET max_parallel_workers_per_gather = %d;\n' "$workers"
		for ((round = 0; round <= ROUNDS; round++)); do
			[ "$round" -ne 1 ] || printf '\\echo @@ counting\n'
			"$write_round" "$round"
		done
	} >"$log.sql"
	sql -f "$log.sql" >"$log.plans"
	times_of_plans "$log.plans" "$workers" >"$log"
}

# Reads what EXPLAIN printed.  A plan that compiles, or that takes workers where
# none are allowed, would not be what the report says, so it ends the bench.
times_of_plans() {
	awk -v allowed="$2" '
		/^@@ counting/        { counting = 1; next }
		/^@ /                 { name = substr($0, 3); workers = 0; next }
		/Workers Launched:/   { workers = $NF }
		/JIT:/                { print "JIT was on in: " name >"/dev/stderr"; exit 1 }
		workers > allowed     { print "workers in: " name >"/dev/stderr"; exit 1 }
		/Execution Time:/     { if (counting) printf "%s\t%s\t%d\n", name, $(NF - 1), workers }
	' "$1"
}

# The median of the numbers that come in, one a line.
median() {
	sort -g | awk '
		{ value[NR] = $1 }
		END { if (NR == 0) exit 1
		      print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# percentile LOG NAME SHARE: milliseconds, with two decimals.
percentile() {
	awk -F'\t' -v name="$2" '$1 == name { print $2 }' "$1" | sort -g |
		awk -v p="$3" '{ v[NR] = $1 } END { i = int(p * (NR - 1) + 1.5); printf "%.2f", v[i] }'
}

# median_of LOG NAME: milliseconds.
median_of() {
	awk -F'\t' -v name="$2" '$1 == name { print $2 }' "$1" | median
}

# report LOG ROWS BASE TITLE: a row per statement, in the order of the first
# round; BASE is the statement that the last column divides by.
report() {
	local log=$1 rows=$2 base=$3 name base_ms
	base_ms=$(median_of "$log" "$base")
	printf '\n%s\n' "$4"
	printf '  %-46s %10s %10s %10s %8s %8s %7s\n' statement 'median ms' least most ns/row 'x base' workers
	awk -F'\t' '!seen[$1]++ { print $1 }' "$log" | while IFS= read -r name; do
		awk -F'\t' -v name="$name" -v median="$(median_of "$log" "$name")" -v rows="$rows" -v base="$base_ms" '
			$1 == name { if (!n++ || $2 < least) least = $2; if ($2 > most) most = $2; workers = $3 }
			END { printf "  %-46s %10.1f %10.1f %10.1f %8.0f %8.2f %7d\n",
			             name, median, least, most, median * 1e6 / rows, median / base, workers }' "$log"
	done
}

# ratio LOG ABOVE BELOW at-most|at-least GOAL: one line that compares two
# medians and says whether the goal is met.
ratio() {
	awk -v a="$(median_of "$1" "$2")" -v b="$(median_of "$1" "$3")" -v above="$2" -v below="$3" -v sense="$4" -v goal="$5" '
		BEGIN { r = a / b
		        met = sense == "at-most" ? r <= goal : r >= goal
		        sub("-", " ", sense)
		        printf "  %s / %s = %.2f, goal %s %s: %s\n", above, below, r, sense, goal, met ? "met" : "MISSED" }'
}

# describe_machine: what the figures depend on.
describe_machine() {
	printf 'machine: %s, %s cores, load %s\n' \
		"$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
	printf 'server:  PostgreSQL %s, shared_buffers %s, JIT off, warm\n' \
		"$(sql -c 'SHOW server_version')" "$(sql -c 'SHOW shared_buffers')"
}
