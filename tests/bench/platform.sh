#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The runtime's platform against plain workerd: the same JavaScript file (tests/bench/platform/rows.js) served by `cleat dev` and by `workerd serve`, both at once, loaded in turn
# with the same wrk command. Prints a table (Markdown) with the median of each row's requests per second and of the ratios, pair by pair; also written to build/bench/platform.md.
#   tests/bench/platform.sh [--rounds 5] [--seconds 5] [--rows "hello links"] [--program build/release/cleat] [--output build/bench]
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../packaging/setup.sh"

rounds=5
seconds=5
rows="hello echo sha256 links few urls"
program=$CLEAT_ROOT/build/release/cleat
output=$CLEAT_ROOT/build/bench
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || cleat_fail "$1 needs a value."
    case $1 in
        --rounds) rounds=$2 ;;
        --seconds) seconds=$2 ;;
        --rows) rows=$2 ;;
        --program) program=$2 ;;
        --output) output=$2 ;;
        *) cleat_fail "No such option: $1" ;;
    esac
    shift 2
done
cleat_install_packages "${cleat_bench_packages[@]}"
[ -x "$program" ] || cleat_fail "There is no program to measure: $program" "Build it: cmake --preset release && cmake --build --preset release"
program=$(realpath "$program")
"$CLEAT_ROOT/packaging/fetch-interop.sh"
workerd=$(echo "$CLEAT_DEPS"/interop/node_modules/@cloudflare/workerd-linux-*/bin/workerd)

mkdir -p "$output"
output=$(cd "$output" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/cleat-platform.XXXXXX")
pids=()
finish() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
exec {nap}<> <(:) # nothing ever comes out of it: reading from it with a time limit is a sleep without a process

# await_port NAME COMMAND: sets ${port[NAME]} to what the command prints, once it prints something.
declare -A port
await_port() {
    local tries
    for tries in {1..400}; do
        port[$1]=$(eval "$2" 2>/dev/null | head -n 1)
        [ -z "${port[$1]}" ] || return 0
        read -r -t 0.05 -u "$nap" || true
    done
    cleat_fail "$1 did not start; what it said is in $output/platform-$1.log" "$(tail -n 5 "$output/platform-$1.log")"
}

cp -R "$CLEAT_ROOT/tests/bench/platform" "$scratch/project"
(cd "$scratch/project" && exec env HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_DATA_HOME="$scratch/data" \
    "$program" dev --ip 127.0.0.1 --port 0 --record nothing </dev/null >"$output/platform-cleat.log" 2>&1) &
pids+=($!)
await_port cleat "sed -n 's/^Ready on .*:\([0-9]*\)$/\1/p' '$output/platform-cleat.log'"
"$workerd" serve --control-fd=3 "$scratch/project/config.capnp" </dev/null >"$output/platform-workerd.log" 2>&1 3>"$scratch/control" &
pids+=($!)
await_port workerd "sed -n 's/.*\"port\":\([0-9]*\).*/\1/p' '$scratch/control'"

# A JSON text of 1 MiB, and how wrk sends it.
awk 'BEGIN {
    printf "{\"items\":["
    for (length_ = 10; length_ < 1048576 - 160; length_ += length(item)) {
        item = sprintf("%s{\"id\":%d,\"name\":\"Item %d\",\"tags\":[\"new\",\"blue\"],\"price\":%d.25,\"text\":\"Lorem ipsum dolor sit amet, consectetur\"}", n ? "," : "", n, n, n)
        printf "%s", item
        ++n
    }
    printf "]}"
}' >"$scratch/body.json"
cat >"$scratch/post.lua" <<LUA
local file = io.open("$scratch/body.json", "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
file:close()
LUA

# Both have to answer the same before anything is measured.
fetch() {
    local options=()
    [ "$2" != echo ] || options=(--data-binary "@$scratch/body.json" -H 'Content-Type: application/json')
    curl -sSf --noproxy '*' --max-time 30 "${options[@]}" "http://127.0.0.1:${port[$1]}/$2"
}
for row in $rows; do
    for name in cleat workerd; do
        fetch "$name" "$row" >"$scratch/$name.answer" || cleat_fail "$name does not answer /$row; what it said is in $output/platform-$name.log"
    done
    cmp -s "$scratch/cleat.answer" "$scratch/workerd.answer" || cleat_fail "Cleat and workerd answer /$row differently."
done

# load NAME ROW: requests per second.
load() {
    local script=() connections=4 result
    case $2 in
        hello) connections=64 ;;
        echo) script=(-s "$scratch/post.lua") ;;
    esac
    result=$(wrk -t1 -c"$connections" -d"${seconds}s" --timeout 30s "${script[@]}" "http://127.0.0.1:${port[$1]}/$2")
    ! grep -q 'Non-2xx' <<<"$result" || cleat_fail "$1 answered /$2 with errors under load:" "$result"
    awk '$1 == "Requests/sec:" { print $2 }' <<<"$result"
}

median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for row in $rows; do
    for name in cleat workerd; do load "$name" "$row" >/dev/null; done # until the code is compiled and the caches are warm
    for ((round = 0; round < rounds; ++round)); do
        if ((round % 2)); then
            b=$(load workerd "$row")
            a=$(load cleat "$row")
        else
            a=$(load cleat "$row")
            b=$(load workerd "$row")
        fi
        echo "$a $b" >>"$scratch/$row.pairs"
        echo "$row, round $((round + 1)) of $rounds: Cleat $a/s, workerd $b/s" >&2
    done
done

row() {
    [ -f "$scratch/$1.pairs" ] || return 0
    awk -v title="$2" -v aim="$3" -v c="$(awk '{ print $1 }' "$scratch/$1.pairs" | median)" -v w="$(awk '{ print $2 }' "$scratch/$1.pairs" | median)" \
        -v ratio="$(awk '{ if ($2 > 0) print $1 / $2; else print "inf" }' "$scratch/$1.pairs" | median)" '
        function show(v) { return sprintf(v < 100 ? "%.1f" : "%.0f", v) }
        BEGIN { printf "| %s | %s | %s | %s | %s |\n", title, show(c), show(w), ratio == "inf" ? "–" : sprintf("%.2f times", ratio), aim }'
}
{
    echo "| requests/s | Cleat | plain workerd | Cleat is faster by | aim |"
    echo "| --- | ---: | ---: | ---: | ---: |"
    row hello "hello" "1.0 times"
    row echo "JSON of 1 MiB, parsed and sent back" "0.7 times"
    row sha256 "SHA-256 of 10 MiB" "1.0 times"
    row links "HTMLRewriter, each link of a page of 1 MiB" "0.7 times"
    row few "HTMLRewriter, two elements of a page of 1 MiB" "–"
    row urls "1,000 URLs parsed" "0.5 times"
    echo
    echo "workerd $(sed -n 's/^ *"version": "\([^"]*\)".*/\1/p' "$CLEAT_DEPS/interop/node_modules/workerd/package.json" | head -n 1); $(nproc) cores of" \
        "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); medians of $rounds pairs of ${seconds}s, wrk -t1 with 64 connections (hello) or 4, on the same machine."
} | tee "$output/platform.md"
