#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests labelled "interop" run (wrangler, and the Node.js it needs) from npm into build/deps/interop, exactly as
# tests/interop/package-lock.json says. Does nothing when that was done before. No script of any package is run.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
source=$root/tests/interop
target=$root/build/deps/interop
stamp=$target/installed.sha256

if ! command -v npm >/dev/null 2>&1; then
    echo "fetch-interop.sh: npm is missing; the interop tests need it to install wrangler. Get it with: sudo apt-get install npm" >&2
    exit 1
fi
case $(uname -s)-$(uname -m) in
Linux-x86_64 | Linux-aarch64) ;;
*)
    echo "fetch-interop.sh: the interop tests run on Linux on x86_64 or aarch64; this is $(uname -s) on $(uname -m)." >&2
    exit 1
    ;;
esac

wanted=$(cd "$source" && cat package.json package-lock.json | sha256sum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

mkdir -p "$target"
rm -f "$stamp"
cp "$source/package.json" "$source/package-lock.json" "$target/"
echo "Installing wrangler for the interop tests into $target ..."
# The npm on the path may be older than the packages ask for: they run under the Node.js that comes with them.
if ! (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --engine-strict=false --loglevel=error); then
    echo "fetch-interop.sh: npm could not install the packages; its own message stands above. Check the network and run it again." >&2
    exit 1
fi
node=$(find "$target"/node_modules/node-linux-*/bin/node 2>/dev/null | head -n 1)
if [ -z "$node" ] || [ ! -f "$target/node_modules/wrangler/bin/wrangler.js" ]; then
    echo "fetch-interop.sh: npm reported success, but wrangler or Node.js is not in $target/node_modules." >&2
    exit 1
fi
echo "$wanted" >"$stamp"
echo "Installed wrangler $("$node" -p "require('$target/node_modules/wrangler/package.json').version") with Node.js $("$node" --version)."
