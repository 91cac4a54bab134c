# Sourced by the scripts beside it: where things are, how they speak, how tests are counted.
# shellcheck shell=bash

set -euo pipefail

# make's own settings must not reach the make that builds the extension.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CDPATH

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tools=$root/test/tools

# PG picks one of Debian's versions; PG_CONFIG names any other installation.
PG=${PG:-15}
pg_config=${PG_CONFIG:-/usr/lib/postgresql/$PG/bin/pg_config}

# The messages that are read here, and the order of file names, must not depend on the caller's language.
export LC_ALL=C.UTF-8
unset LANGUAGE

# Without this a shell goes on where the program it waits for, such as psql, answers Ctrl-C itself.
trap 'exit 130' INT

say() { printf '== %s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

[[ $PG =~ ^[0-9]+$ ]] || die "PG=$PG is not a major version of PostgreSQL, such as 15"

# Before a command: it gets SIGTERM when the script that waits for it dies, so that nothing runs on alone.
bound=(setpriv --pdeathsig TERM --)

# quietly LOG COMMAND...: output goes to LOG; every 15 seconds the log's last line shows progress.
quietly() {
	local log=$1 ticker status=0
	shift
	tick "$log" $$ &
	ticker=$!
	"$@" >"$log" 2>&1 || status=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	return $status
}

# Waits with read, not sleep: a sleep left over would hold the caller's output and locks open.
tick() {
	local log=$1 parent=$2 seconds=0 silence
	exec {silence}<> <(:)
	while kill -0 "$parent" 2>/dev/null; do
		read -r -t 1 -u "$silence" || true
		seconds=$((seconds + 1))
		[ $((seconds % 15)) -ne 0 ] ||
			printf '   ... %s s: %.100s\n' "$seconds" "$(tail -n 1 "$log" | tr '\r\t' '  ')"
	done
}

# After a crash the server recovers; what comes next waits for it.
await_server() {
	for _ in {1..600}; do
		psql -X -q -d postgres -c '' >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	die "the server does not answer any more"
}

# sudo make test: what is left in the tree belongs to the tree's owner, so go on as that user.
become_owner() {
	local owner
	[ "$EUID" -eq 0 ] || return 0
	owner=$(stat -c %U "$root")
	[ "$owner" != root ] && getent passwd "$owner" >/dev/null || return 0
	exec runuser -u "$owner" -- env HOME="$(getent passwd "$owner" | cut -d: -f6)" USER="$owner" LOGNAME="$owner" "$@"
}

# tally GROUP PASSED FAILED SKIPPED: adds to the totals that run-tests prints at the end.
tally() {
	[ -z "${TALLY:-}" ] || printf '%s %s %s %s\n' "$@" >>"$TALLY"
}

# listed GROUP DIRECTORY NAMES...: a test file that nobody runs counts as a failure.
listed() {
	local group=$1 dir=$2 file name missing=0
	shift 2
	for file in "$root/$dir"/*.sql "$root/$dir"/*.spec; do
		[ -f "$file" ] || continue
		name=$(basename "$file")
		name=${name%.*}
		[[ " $* " == *" $name "* ]] && continue
		printf 'not ok - %s is not listed in the Makefile, so it never runs\n' "$dir/$(basename "$file")"
		tally "$group" 0 1 0
		missing=1
	done
	return $missing
}
