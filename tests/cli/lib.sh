# What the tests of the commands share: a directory of their own, a demo store in it, TAP. Sourced.
# shellcheck shell=sh
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}" "${top_builddir:=$top_srcdir/build}"
zhiban=$top_builddir/zhiban
json=$top_builddir/tests/cli/json_get
work=$(mktemp -d "${TMPDIR:-/tmp}/zhiban-cli-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
chmod 700 "$work"
unset ZHIBAN_STORE ZHIBAN_PERSON ZHIBAN_CLOCK ZHIBAN_DEBUG
ZHIBAN_NOW=2025-07-10T03:12 LANGUAGE=en HOME=$work/home
export ZHIBAN_NOW LANGUAGE HOME
tests=0

# ok TEXT: the command before it succeeded (`cmd; ok "text"`), or not.
ok() {
	ok_status=$?
	tests=$((tests + 1))
	if [ $ok_status -eq 0 ]; then echo "ok $tests - $1"; else
		echo "not ok $tests - $1"
		[ -s "$work/out" ] && sed 's/^/# out: /' "$work/out" | head -20
		[ -s "$work/err" ] && sed 's/^/# err: /' "$work/err" | head -20
	fi
}

# skip WHY: this machine lacks what the next check needs.
skip() {
	tests=$((tests + 1))
	echo "ok $tests # SKIP $1"
}

# run STATUS WORD...: run the program; its output is in $work/out and $work/err. True when the exit status is STATUS.
run() {
	expected=$1
	shift
	"$zhiban" "$@" >"$work/out" 2>"$work/err"
	status=$?
	[ $status -eq "$expected" ] || { echo "# exit status $status, not $expected: $*"; return 1; }
}

# says FILE WORDS: the words stand in $work/FILE. silent FILE: nothing does.
says() { grep -qF -- "$2" "$work/$1"; }
silent() { [ ! -s "$work/$1" ]; }

# is VALUE PATH: the JSON in $work/out has VALUE at PATH.
is() {
	value=$("$json" "$2" <"$work/out")
	[ "$value" = "$1" ] || { echo "# $2 is $value, not $1"; return 1; }
}

done_testing() { echo "1..$tests"; }
