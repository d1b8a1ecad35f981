#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up what is missing, builds Cleat three ways and runs every test through ctest:
#   debug      with AddressSanitizer and UndefinedBehaviorSanitizer: every test but those of speed
#   release    the tests labelled interop, bench-smoke or release, which need the program at its real speed; only these are built
#   headless   -DCLEAT_UI=OFF: the program and the tests of its commands, as nothing else differs from what release has run
# Tests get a display, a session bus and home folders of their own, so neither a desktop nor its settings are touched.
#   packaging/test.sh [PRESET ...]     some of them only
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

presets=(debug release headless)
if [ $# -gt 0 ]; then
    presets=("$@")
fi
for preset in "${presets[@]}"; do
    case $preset in
        debug | release | headless | tsan) ;;
        *) cleat_fail "No such preset: $preset" "usage: packaging/test.sh [debug|release|headless|tsan ...]" ;;
    esac
done

cleat_setup "${cleat_build_packages[@]}" "${cleat_test_packages[@]}"
cleat_install_postgresql
"$CLEAT_ROOT/packaging/fetch-interop.sh"
"$CLEAT_ROOT/packaging/fetch-packages.sh"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/cleat-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/home" "$scratch/config" "$scratch/data" "$scratch/state" "$scratch/cache"
mkdir -m 700 "$scratch/runtime"

# desktop COMMAND ...: runs it under a display, a session bus and home folders that end with it.
desktop() {
    env -u WAYLAND_DISPLAY HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/config" XDG_DATA_HOME="$scratch/data" XDG_STATE_HOME="$scratch/state" \
        XDG_CACHE_HOME="$scratch/cache" XDG_RUNTIME_DIR="$scratch/runtime" \
        xvfb-run -a -s '-screen 0 1600x1000x24' dbus-run-session -- "$@"
}

summaries=()
status=0
run_tests() {
    local preset=$1 log=$CLEAT_ROOT/build/$1/ctest.log
    shift
    cleat_say "Tests of preset $preset"
    (cd "$CLEAT_ROOT/build/$preset" && desktop ctest --output-on-failure --no-tests=error -j "$(nproc)" "$@") 2>&1 | tee "$log" || status=1
    summaries+=("$preset: $(grep -E 'tests passed|No tests were found' "$log" || echo 'ctest did not come to its end')")
    summaries+=("$(grep -E '^Total Test time' "$log" || true)")
    summaries+=("$(sed -n '/^The following tests FAILED/,/^$/p' "$log")")
}

for preset in "${presets[@]}"; do
    case $preset in
        release) cleat_build "$preset" cleat tests_interop tests_bench_smoke tests_release ;;
        headless) cleat_build "$preset" cleat tests_command tests_packages ;;
        *) cleat_build "$preset" ;;
    esac
    case $preset in
        release) run_tests "$preset" -L '^(interop|bench-smoke|release)$' ;;
        headless) run_tests "$preset" -L '^(command|packages)$' ;;
        *) run_tests "$preset" -LE '^bench-smoke$' ;;
    esac
done

cleat_say "Summary"
printf '%s\n' "${summaries[@]}" | sed '/^$/d'
exit $status
