#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up what is missing, builds Cleat and opens it on a project; without a display it serves the project instead.
#   packaging/run.sh [--headless] [PROJECT]
# With no PROJECT a fresh copy of the sample project is made.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

usage() { echo "usage: packaging/run.sh [--headless] [PROJECT]"; }

headless=no
project=
for argument in "$@"; do
    case $argument in
        --headless) headless=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        -*) cleat_fail "No such option: $argument" "$(usage)" ;;
        *)
            [ -z "$project" ] || cleat_fail "One project at a time: $project, $argument" "$(usage)"
            project=$argument
            ;;
    esac
done
if [ -n "$project" ]; then
    [ -d "$project" ] || cleat_fail "The project is not a folder: $project" "Leave it out to open a copy of the sample project."
    project=$(cd "$project" && pwd)
fi

cleat_setup "${cleat_build_packages[@]}"
cleat_build release cleat # without the tests

if [ -z "$project" ]; then
    data=${XDG_DATA_HOME:-$HOME/.local/share}/cleat
    number=1
    mkdir -p "$data" || cleat_fail "The folder for the copy of the sample project cannot be made: $data" "Name a project: packaging/run.sh PROJECT"
    while ! mkdir "$data/sample-$number" 2>/dev/null; do
        [ -e "$data/sample-$number" ] || cleat_fail "The copy of the sample project cannot be made in $data" "Name a project: packaging/run.sh PROJECT"
        number=$((number + 1))
    done
    project=$data/sample-$number
    cp -R "$CLEAT_ROOT/resources/sample/." "$project/"
    cleat_say "A fresh copy of the sample project: $project"
fi

program=$CLEAT_ROOT/build/release/cleat
if [ $headless = no ] && [ -n "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ]; then
    exec "$program" "$project"
fi
if [ $headless = no ]; then
    cleat_say "There is no display (neither WAYLAND_DISPLAY nor DISPLAY is set), so there is no window: serving the project instead."
fi
cd "$project"
exec "$program" dev
