#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the projects of tests/frameworks/projects, each with its framework's own build, into build/frameworks/NAME: what t_frameworks serves.
# Packages come from npm, exactly as each package-lock.json says, and no script of any package is run. What was built from the same files is not built again.
#   tests/frameworks/build.sh [NAME...]
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
projects=$root/tests/frameworks/projects
target=$root/build/frameworks

"$root/packaging/fetch-interop.sh"
node=$(find "$root"/build/deps/interop/node_modules/node-linux-*/bin/node 2>/dev/null | head -n 1)
PATH=$(dirname "$node"):$PATH # the frameworks ask for this Node.js
export PATH
export CI=1 ASTRO_TELEMETRY_DISABLED=1 NUXT_TELEMETRY_DISABLED=1 WRANGLER_SEND_METRICS=false

[ $# -gt 0 ] || set -- $(ls "$projects")
for name in "$@"; do
    source=$projects/$name
    work=$target/$name
    if [ ! -f "$source/package-lock.json" ]; then
        echo "build.sh: there is no project $source with a package-lock.json." >&2
        exit 1
    fi
    wanted=$(cd "$source" && find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
    if [ -f "$work.built" ] && [ "$(cat "$work.built")" = "$wanted" ]; then
        continue
    fi
    rm -f "$work.built"
    mkdir -p "$work"
    find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name .npm.sha256 -exec rm -rf {} +
    cp -R "$source/." "$work/"
    packages=$(cd "$source" && cat package.json package-lock.json | sha256sum)
    if [ ! -f "$work/.npm.sha256" ] || [ "$(cat "$work/.npm.sha256")" != "$packages" ]; then
        echo "$name: installing its packages ..."
        rm -f "$work/.npm.sha256"
        if ! (cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
            echo "build.sh: npm could not install the packages of $name; its own message stands above. Check the network and run it again." >&2
            exit 1
        fi
        echo "$packages" >"$work/.npm.sha256"
    fi
    echo "$name: building ..."
    if ! (cd "$work" && npm run build) >"$work.log" 2>&1; then
        cat "$work.log" >&2
        echo "build.sh: the build of $name failed; its own message stands above." >&2
        exit 1
    fi
    echo "$wanted" >"$work.built"
done
