#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a save to the new answer, beside the real wrangler, for projects of many functions: the same project, one after the other, by turns. Prints a table (Markdown), also written to build/bench/rebuild.md.
#   tests/bench/rebuild.sh [--files "200 2000"] [--saves 15] [--program build/release/cleat] [--output build/bench]
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../../packaging/setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../packaging/setup.sh"

files="200 2000"
saves=15
program=$CLEAT_ROOT/build/release/cleat
output=$CLEAT_ROOT/build/bench
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || cleat_fail "$1 needs a value."
    case $1 in
        --files) files=$2 ;;
        --saves) saves=$2 ;;
        --program) program=$2 ;;
        --output) output=$2 ;;
        *) cleat_fail "No such option: $1" ;;
    esac
    shift 2
done
[ -x "$program" ] || cleat_fail "There is no program to measure: $program" "Build it: cmake --preset release && cmake --build --preset release"
program=$(realpath "$program")
"$CLEAT_ROOT/packaging/fetch-interop.sh"
modules=$CLEAT_DEPS/interop/node_modules
node=$(echo "$modules"/node-linux-*/bin/node)

mkdir -p "$output"
output=$(cd "$output" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/cleat-rebuild.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data WRANGLER_SEND_METRICS=false CI=1
mkdir -p "$HOME"
PATH=$(dirname "$node"):$PATH

# measure NAME FILES PORT COMMAND...
measure() {
    local name=$1 count=$2 port=$3
    shift 3
    "$node" "$CLEAT_ROOT/tests/bench/rebuild.mjs" "$name" "$count" "$saves" "$scratch/$name-$count" "$port" "$@"
}
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }

{
    echo "| files | | start to first answer | save to new answer, median | least | most |"
    echo "| ---: | --- | ---: | ---: | ---: | ---: |"
    port=18790
    for count in $files; do
        ours=$(measure cleat "$count" $((port += 1)) "$program" dev public --ip 127.0.0.1 --port "$port" --compatibility-date 2026-03-01)
        theirs=$(measure wrangler "$count" $((port += 1)) "$node" "$modules/wrangler/bin/wrangler.js" pages dev public --ip 127.0.0.1 --port "$port" --compatibility-date 2026-03-01)
        for line in "$ours" "$theirs"; do
            echo "| $count | $(sed 's/.*"name":"\([a-z]*\)".*/\1/' <<<"$line") | $(number first <<<"$line") ms | $(number median <<<"$line") ms | $(number least <<<"$line") ms | $(number most <<<"$line") ms |"
        done
        echo "| $count | times faster | $(awk "BEGIN { printf \"%.1f\", $(number first <<<"$theirs") / $(number first <<<"$ours") }") | $(awk "BEGIN { printf \"%.1f\", $(number median <<<"$theirs") / $(number median <<<"$ours") }") | | |"
    done
} | tee "$output/rebuild.md"
