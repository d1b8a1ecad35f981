#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests labelled "packages" bundle and run, from npm into build/deps/packages, exactly as tests/packages/package-lock.json says.
# Does nothing when that was done before. No script of any package is run.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
source=$root/tests/packages
target=$root/build/deps/packages
stamp=$target/installed.sha256

if ! command -v npm >/dev/null 2>&1; then
    echo "fetch-packages.sh: npm is missing; the tests labelled packages need it. Get it with: sudo apt-get install npm" >&2
    exit 1
fi

wanted=$(cd "$source" && cat package.json package-lock.json | sha256sum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

mkdir -p "$target"
rm -f "$stamp"
cp "$source/package.json" "$source/package-lock.json" "$target/"
echo "Installing packages for the tests into $target ..."
if ! (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --engine-strict=false --loglevel=error); then
    echo "fetch-packages.sh: npm could not install the packages; its own message stands above. Check the network and run it again." >&2
    exit 1
fi
echo "$wanted" >"$stamp"
