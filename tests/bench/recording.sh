#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What recording costs: two servers of the same program on the bench project, one with --record nothing and one with --record all, loaded in turn with wrk on /hello.
# Prints for each the median of requests per second and of processor time per request, and the ratios of all to nothing, pair by pair.
#   tests/bench/recording.sh [--program build/release/cleat] [--rounds 9] [--seconds 2] [--path /hello] [--record all]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$root/build/release/cleat
rounds=9
seconds=2
path=/hello
recorded=all
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || { echo "$1 needs a value." >&2; exit 2; }
    case $1 in
        --program) program=$2 ;;
        --rounds) rounds=$2 ;;
        --seconds) seconds=$2 ;;
        --path) path=$2 ;;
        --record) recorded=$2 ;;
        *) echo "No such option: $1" >&2; exit 2 ;;
    esac
    shift 2
done
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
[ -x "$program" ] || { echo "There is no program to measure: $program" >&2; exit 1; }
program=$(realpath "$program")

scratch=$(mktemp -d "${TMPDIR:-/tmp}/cleat-recording.XXXXXX")
pids=()
finish() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

declare -A port
start() {
    cp -R "$root/tests/bench/project" "$scratch/$1"
    (cd "$scratch/$1" && exec env HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_DATA_HOME="$scratch/data" \
        "$program" dev --ip 127.0.0.1 --port 0 --record "$1" </dev/null >"$scratch/$1.log" 2>&1) &
    pids+=($!)
    for _ in {1..200}; do
        port[$1]=$(sed -n 's/^Ready on .*:\([0-9]*\)$/\1/p' "$scratch/$1.log")
        [ -z "${port[$1]}" ] || break
        read -r -t 0.05 <> <(:) || true
    done
    [ -n "${port[$1]}" ] || { echo "The server did not start:" >&2; cat "$scratch/$1.log" >&2; exit 1; }
}

# Processor time of a process so far, in ticks, without its main thread: what is printed there is not what is measured.
ticks() {
    local stat fields sum=0
    for stat in /proc/"$1"/task/*/stat; do
        [ "$stat" != "/proc/$1/task/$1/stat" ] || continue
        { IFS= read -r fields <"$stat"; } 2>/dev/null || continue
        # shellcheck disable=SC2086
        set -- "$1" ${fields##*) }
        sum=$((sum + ${13} + ${14}))
    done
    printf '%s' "$sum"
}

# load NAME PID: "requests per second, nanoseconds of processor time per request"
load() {
    local before after result
    before=$(ticks "$2")
    result=$(wrk -t1 -c64 -d"${seconds}s" "http://127.0.0.1:${port[$1]}$path")
    after=$(ticks "$2")
    ! grep -q 'Non-2xx' <<<"$result" || { echo "The server answered with errors:" "$result" >&2; exit 1; }
    awk -v ticks="$((after - before))" -v hertz="$(getconf CLK_TCK)" '/requests in/ { n = $1 } $1 == "Requests/sec:" { r = $2 }
        END { printf "%s %.0f\n", r, ticks / hertz * 1e9 / n }' <<<"$result"
}

median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

start nothing
start "$recorded"
for name in nothing "$recorded" nothing "$recorded"; do # until the code is compiled and the caches are warm
    wrk -t1 -c64 -d1s "http://127.0.0.1:${port[$name]}$path" >/dev/null
done
for ((round = 0; round < rounds; round++)); do
    if ((round % 2)); then
        b=$(load "$recorded" "${pids[1]}")
        a=$(load nothing "${pids[0]}")
    else
        a=$(load nothing "${pids[0]}")
        b=$(load "$recorded" "${pids[1]}")
    fi
    echo "$a $b" | tee -a "$scratch/pairs" | awk -v n="$((round + 1))" -v name="$recorded" '{ printf "%d: nothing %d/s %d ns, %s %d/s %d ns\n", n, $1, $2, name, $3, $4 }' >&2
done
column() { awk -v n="$1" '{ print $n }' "$scratch/pairs" | median; }
printf 'nothing: %.0f requests/s, %.0f ns of processor time each\n' "$(column 1)" "$(column 2)"
printf '%s: %.0f requests/s, %.0f ns of processor time each\n' "$recorded" "$(column 3)" "$(column 4)"
printf 'medians of %d pairs: %.3f times the requests, %.3f times the processor time (%s)\n' "$rounds" \
    "$(awk '{ print $3 / $1 }' "$scratch/pairs" | median)" "$(awk '{ print $4 / $2 }' "$scratch/pairs" | median)" "$path"
