# The contest of bench/peers: everybody gets the same rows, and is asked the same
# questions in turn.  Sourced by bash.
# shellcheck shell=bash
#
# A peer is a file in skills/ or events/, named as it is called.  To add one, add
# a file.  It is sourced in a subshell, and says:
#
#   title=...          what the tables call it
#   table=...          the table that it keeps its rows in; its indexes count as its index
#   extension=...      what it needs beside PostgreSQL, if anything
#   package=...        the Debian package that has this
#   shares=PEER        it asks the table and the indexes of that peer, so it loads nothing
#   most_rows=N        with more it takes minutes to build or to ask: left out beyond $PATIENCE times so many
#   limits=...         which LIMITs it is asked for, if not all
#
#   settings           SET commands for the session that asks
#   load, build        makes the table of $rows rows; makes the indexes
#   ask QUESTION LIMIT the statement whose first column is the ids, best first
#   insert CONDITION   copies these rows of the source into the table once more
#   sizes              megabytes of table and index, where they are not in a table
#
# Each of these functions prints commands for psql.  A program outside of the
# server is called by \!, and prints "Time: N ms" as \timing does.

# The tables of one size are in a schema that is dropped before the next.
export PGOPTIONS="-c search_path=contest,public -c client_min_messages=warning -c jit=off -c max_parallel_workers_per_gather=0"

# with_peer PEER COMMAND...: in a subshell that knows the peer.
with_peer() (
	title=$1 table='' extension='' package='' shares='' most_rows='' limits=${limits:-10}
	settings() { :; }
	available() { :; }
	load() { :; }
	build() { :; }
	insert() { :; }
	sizes() {
		printf "SELECT pg_table_size('%s') / 1048576.0, pg_indexes_size('%s') / 1048576.0;\n" "$table" "$table"
	}
	# shellcheck source=/dev/null
	. "$here/peer/$subject/$1"
	shift
	"$@"
)

about() { printf '%s\n' "${!1}"; }

# peers_of SUBJECT: their names; shortlist and then the others.
peers_of() {
	local file
	for file in "$here/peer/$1"/*; do
		[[ $file == *.* ]] || basename "$file"
	done | awk '{ print ($1 != "shortlist") "\t" $1 }' | sort | cut -f2
}

# why_not: why the peer cannot take part, if it cannot.
why_not() {
	if [ -n "$extension" ] && ! sql -c "SELECT name FROM pg_available_extensions" | grep -qx "$extension"; then
		printf 'the extension %s is not installed%s\n' "$extension" "${package:+ (Debian: $package)}"
	elif ! available; then
		printf 'it is not installed%s\n' "${package:+ (Debian: $package)}"
	elif [ -n "$most_rows" ] && [ "$rows" -gt $((most_rows * PATIENCE)) ]; then
		printf 'slow with so many rows; PATIENCE=%s includes it\n' $(((rows + most_rows - 1) / most_rows))
	fi
}

# figure PEER LIMIT METRIC VALUE: a line of the table of all figures.
figure() {
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$subject" "$rows" "$@" >>"$figures"
}

# milliseconds COMMAND...: runs in psql what the command prints, and adds up the times.
milliseconds() {
	"$@" | sql -c '\timing on' -f - | awk '/^Time:/ { sum += $2 } END { printf "%.3f", sum }'
}

load_peer() {
	[ -n "$(with_peer "$1" about shares)" ] || with_peer "$1" load | sql -f - >/dev/null
}

# Builds what one peer asks, and notes what that took.
build_peer() {
	local peer=$1 built
	[ -z "$(with_peer "$peer" about shares)" ] || return 0
	built=$(milliseconds with_peer "$peer" build)
	figure "$peer" 0 build_s "$(awk -v ms="$built" 'BEGIN { printf "%.3f", ms / 1000 }')"
	with_peer "$peer" sizes | sql -F ' ' -f - | while read -r heap index; do
		figure "$peer" 0 table_mb "$heap"
		figure "$peer" 0 index_mb "$index"
	done
}

# insert_in_turn PEER...: microseconds a row, of one statement for all of them; the median of three rounds.
insert_in_turn() {
	local peer round count=$((rows / 20 < 5000 ? rows / 20 : 5000)) ms
	for round in 1 2 3; do
		for peer in "$@"; do
			[ -z "$(with_peer "$peer" about shares)" ] || continue
			ms=$(milliseconds with_peer "$peer" insert "id BETWEEN $(((round - 1) * count + 1)) AND $((round * count))")
			awk -v peer="$peer" -v ms="$ms" -v n="$count" 'BEGIN { printf "%s\t0\tinsert\t%.2f\n", peer, ms * 1000 / n }' >>"$scratch/log"
		done
	done
	for peer in "$@"; do
		[ -n "$(with_peer "$peer" about shares)" ] || figure "$peer" 0 insert_us "$(quantile "$peer" 0 insert 0.5)"
	done
}

# How many questions a peer is asked: all of them, or as many as fit into
# $SECONDS_EACH, by the time that the first one takes: the less of two.
questions_for() {
	local peer=$1 ms
	ms=$( { with_peer "$peer" settings; printf 'SET statement_timeout = %s;\n' "'60s'"; with_peer "$peer" ask 1 10; echo ';'; with_peer "$peer" ask 1 10; echo ';'; } |
		sql -c '\timing on' -f - | awk '/^Time:/ { before = last; last = $2 } END { print before < last ? before : last }') || return 1
	awk -v ms="$ms" -v seconds="$SECONDS_EACH" -v most="$QUESTIONS" 'BEGIN {
		n = int(seconds * 1000 / (3 * ms + 0.001)); if (n < 10) n = 10; print n < most ? n : most }'
}

# ask_peer PEER LIMIT QUESTIONS: a file of its own for every question, so that they can be put in turn.
# Each is asked twice: the first time warms up; the second time by EXPLAIN, then for the client.
ask_peer() {
	local peer=$1 limit=$2 questions=$3 question statement
	for ((question = 1; question <= questions; question++)); do
		statement=$(ask "$question" "$limit")
		statement=${statement//$'\n'/ }
		if [[ $statement == '\!'* ]]; then
			printf '\\echo @ %s %s %s\n%s\n' "$peer" "$limit" "$question" "$statement" >"$scratch/asked/$question.$peer.$limit"
			continue
		fi
		cat >"$scratch/asked/$question.$peer.$limit" <<-SQL
			\\echo @ warming
			$statement;
			\\echo @ $peer $limit $question
			EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY ON) $statement;
			\\timing on
			$statement;
			\\timing off
		SQL
	done
}

# interleave PEER...: all questions to everybody, in one session: question by question, everybody in turn.
interleave() {
	local peer limit questions question
	rm -rf "$scratch/asked"
	mkdir "$scratch/asked"
	for peer in "$@"; do
		questions=$(questions_for "$peer") || {
			printf 'not asked: %s: the first question failed, or took more than a minute\n' "$peer"
			continue
		}
		for limit in $(with_peer "$peer" about limits); do
			with_peer "$peer" ask_peer "$peer" "$limit" "$questions"
		done
	done
	{
		for peer in "$@"; do with_peer "$peer" settings; done
		for ((question = 1; question <= QUESTIONS; question++)); do
			for peer in "$@"; do
				for limit in $limits; do
					[ ! -e "$scratch/asked/$question.$peer.$limit" ] || cat "$scratch/asked/$question.$peer.$limit"
				done
			done
		done
	} >"$scratch/queries.sql"
	sql -f "$scratch/queries.sql" >"$scratch/plans"
	read_plans "$scratch/plans" >"$scratch/log"
}

# Lines "peer limit metric value question place": times, buffers and the ids of the answer, in order.
# Of buffers the first line counts, which is the sum; what follows belongs to parts of the plan.
read_plans() {
	awk -v OFS='\t' '
		function out(metric, value, place) { print peer, limit, metric, value, question, place }
		/^@ /             { peer = $2; limit = $3; question = $4; buffers = 0; place = 0; next }
		peer == "warming" { next }
		/JIT:|Workers Launched/ { print "compiled, or took workers: " peer >"/dev/stderr"; exit 1 }
		/Buffers:/        { if (buffers++) next
		                    n = 0; for (i = 3; i <= NF; i++) if ($i ~ /^(hit|read)=/) { split($i, v, "="); n += v[2] }
		                    out("buffers", n); next }
		/(Scan|Index) .*on [a-z_]/ && !/Subquery/ && !plan[peer, limit]++ { sub(/^[ >-]*/, ""); sub(/ *\(cost.*/, ""); out("plan", $0); next }
		/Execution Time:/ { out("execution", $3); next }
		/^Time:/          { out("client", $2); next }
		/^[0-9]+(\||$)/   { split($0, v, "|"); out("answer", v[1], ++place) }' "$1"
}

# quantile PEER LIMIT METRIC SHARE, of what was asked last; nothing if there was none
quantile() {
	awk -F'\t' -v peer="$1" -v k="$2" -v metric="$3" '$1 == peer && $2 == k && $3 == metric { print $4 }' "$scratch/log" | sort -g |
		awk -v share="$4" '{ v[NR] = $0 } END { i = int(share * NR + 0.5); if (NR) print v[i < 1 ? 1 : i] }'
}

# The ten least costs of each question, by a sequential scan of what shortlist has.
exact_costs() {
	local question
	cat <<-SQL
		CREATE TABLE wanted (question int, wanted $exact_type);
		COPY wanted FROM STDIN;
		$(for ((question = 1; question <= QUESTIONS; question++)); do printf '%s\t%s\n' "$question" "$(wanted "$question")"; done)
		\\.
		SET enable_indexscan = off; SET max_parallel_workers_per_gather = 2;
		CREATE TABLE exact (question int, place bigint, cost float8);
		$(for ((question = 1; question <= QUESTIONS; question++)); do
			printf "INSERT INTO exact SELECT %s, row_number() OVER (ORDER BY cost), cost FROM (SELECT %s <=> '%s' AS cost FROM %s ORDER BY 1 LIMIT 10) t;\n" \
				"$question" "$exact_column" "$(wanted "$question")" "$exact_table"
		done)
		RESET enable_indexscan; RESET max_parallel_workers_per_gather;
	SQL
}

# The share of questions for which a peer's first, or all that it gave, cost what the exact answer's cost; no answer counts as a
# wrong one.  The subject's costs_of says what these are.
judge() {
	{
		printf 'CREATE TABLE answer (peer text, k int, question int, place int, id int);\nCOPY answer FROM STDIN;\n'
		awk -F'\t' -v OFS='\t' '$3 == "answer" { print $1, $2, $5, $6, $4 }' "$scratch/log"
		printf '\\.\nCREATE TABLE asked (peer text, k int, question int);\nCOPY asked FROM STDIN;\n'
		awk -F'\t' -v OFS='\t' '$3 == "client" { print $1, $2, $5 }' "$scratch/log"
		printf '\\.\nANALYZE answer, asked;\n'
		exact_costs
		cat <<-SQL
			CREATE TABLE judged AS
			SELECT peer, a.k, question, bool_or(place = 1 AND same) AS one, count(*) FILTER (WHERE same) = a.k AS everyone
			FROM (SELECT c.peer, c.k, c.question, c.place, abs(c.cost - e.cost) < 1e-9 AS same
			      FROM (SELECT peer, k, question, row_number() OVER (PARTITION BY peer, k, question ORDER BY cost) AS place, cost
			            FROM ($(costs_of)) c) c JOIN exact e USING (question, place)) a
			GROUP BY 1, 2, 3;
			SELECT peer, k, count(*) FILTER (WHERE one)::float8 / count(*), count(*) FILTER (WHERE everyone)::float8 / count(*), count(*)
			FROM asked LEFT JOIN judged USING (peer, k, question) GROUP BY 1, 2;
		SQL
	} | sql -F ' ' -f - | while read -r peer k one all count; do
		figure "$peer" "$k" exact_one "$one"
		figure "$peer" "$k" exact_all "$all"
		figure "$peer" "$k" questions "$count"
	done
}

note_times() {
	local peer limit metric
	for peer in "$@"; do
		for limit in $limits; do
			for metric in execution client; do
				[ -n "$(quantile "$peer" "$limit" "$metric" 0.5)" ] || continue
				figure "$peer" "$limit" "${metric}_median_ms" "$(quantile "$peer" "$limit" "$metric" 0.5)"
				figure "$peer" "$limit" "${metric}_p95_ms" "$(quantile "$peer" "$limit" "$metric" 0.95)"
			done
			[ -z "$(quantile "$peer" "$limit" buffers 0.5)" ] || figure "$peer" "$limit" buffers "$(quantile "$peer" "$limit" buffers 0.5)"
			[ -z "$(quantile "$peer" "$limit" plan 1)" ] || figure "$peer" "$limit" plan "$(quantile "$peer" "$limit" plan 1)"
		done
	done
}

# hold ROWS: the contest of one size.
hold() {
	local peer reason peers=()
	rows=$1
	sql -c 'DROP SCHEMA IF EXISTS contest CASCADE' -c 'CREATE SCHEMA contest'
	for peer in $(peers_of "$subject"); do
		reason=$(with_peer "$peer" why_not)
		if [ -n "$reason" ]; then
			printf 'left out: %s: %s\n' "$peer" "$reason"
			continue
		fi
		load_peer "$peer"
		peers+=("$peer")
	done
	sql -c CHECKPOINT
	for peer in "${peers[@]}"; do build_peer "$peer"; done
	sql -c 'VACUUM (FREEZE, ANALYZE)' -c CHECKPOINT
	interleave "${peers[@]}"
	note_times "${peers[@]}"
	judge
	insert_in_turn "${peers[@]}"
	for peer in "${peers[@]}"; do figure "$peer" 0 title "$(with_peer "$peer" about title)"; done
	report "${peers[@]}"
	sql -c 'DROP SCHEMA contest CASCADE'
}

# A line for each peer and LIMIT.
report() {
	local peer limit
	for limit in $limits; do
		printf '\n%s, %s rows, LIMIT %s\n' "$subject" "$rows" "$limit"
		printf '  %-40s %9s %9s %9s %9s %8s %6s %6s %5s %8s %8s %8s\n' '' 'ms' 'p95' 'client' 'p95' buffers 'one' 'all' 'of' 'build s' 'MB' 'insert us'
		for peer in "$@"; do
			awk -F'\t' -v subject="$subject" -v rows="$rows" -v peer="$peer" -v k="$limit" -v from="$(with_peer "$peer" about shares)" '
				function shown(metric, form) { return metric in value ? sprintf(form, value[metric]) : "-" }
				$1 != subject || $2 != rows { next }
				$3 == peer && ($4 == k || $4 == 0) || $3 == from && $4 == 0 && $5 != "title" { value[$5] = $6 }
				END { if (!("questions" in value)) exit
				      printf "  %-40s %9s %9s %9s %9s %8s %6s %6s %5s %8s %8s %8s\n", value["title"], shown("execution_median_ms", "%.3f"),
				             shown("execution_p95_ms", "%.3f"), shown("client_median_ms", "%.3f"), shown("client_p95_ms", "%.3f"),
				             shown("buffers", "%d"), shown("exact_one", "%.2f"), shown("exact_all", "%.2f"), shown("questions", "%d"),
				             shown("build_s", "%.1f"), shown("index_mb", "%.1f"), shown("insert_us", "%.1f") }' "$figures"
		done
	done
}
