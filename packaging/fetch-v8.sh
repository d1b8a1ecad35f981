#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Unpacks V8, as Debian ships it inside libnode, to build/deps/v8, where FindV8.cmake looks for it. Nothing of it is installed: apt refuses libnode-dev
# wherever Node.js came from another repository, but it will always download the packages. What libnode's library needs to run is installed, when missing.
#   fetch-v8.sh            does nothing when V8 is there already
#   fetch-v8.sh --update   takes the version that apt offers now
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=setup.sh
. "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

update=no
case ${1:-} in
    '') ;;
    --update) update=yes ;;
    *) cleat_fail "usage: packaging/fetch-v8.sh [--update]" ;;
esac

if [ -n "${V8_ROOT:-}" ]; then
    echo "V8: taken from V8_ROOT=$V8_ROOT"
    exit 0
fi

cleat_require_apt
target=$CLEAT_DEPS/v8
# .stamp holds: the release of the system and its architecture, the packages' version, and what they need at run time.
# A copy that was unpacked on another release would ask for other libraries, so it does not count.
# shellcheck source=/dev/null
system="$(. /etc/os-release && echo "${ID:-debian} ${VERSION_CODENAME:-${VERSION_ID:-}}") $(dpkg --print-architecture)"

if [ $update = no ] && [ "$(sed -n 1p "$target/.stamp" 2>/dev/null)" = "$system" ]; then
    mapfile -t needed < <(sed -n 3p "$target/.stamp" | tr ' ' '\n')
    cleat_install_packages "${needed[@]}"
    exit 0
fi

candidate() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }'; }

if [ $update = yes ] || [ -z "$(candidate libnode-dev)" ]; then
    cleat_apt_update || cleat_fail "apt knows no libnode-dev (it brings V8), and its lists could not be fetched." "As root, run: apt-get update"
fi
version=$(candidate libnode-dev)
[ -n "$version" ] || cleat_fail "apt knows no package libnode-dev, which brings V8." \
    "It is in Debian's section main, 12 and later. Add it to /etc/apt and run: apt-get update" \
    "Or set V8_ROOT to a folder that holds V8's headers and library."

if [ "$(sed -n 2p "$target/.stamp" 2>/dev/null)" = "$version" ] && [ "$(sed -n 1p "$target/.stamp")" = "$system" ]; then
    echo "V8: libnode $version is the newest that apt offers"
    exit 0
fi

cleat_say "V8: libnode $version, unpacked to build/deps/v8"
downloads=$CLEAT_DEPS/libnode
rm -rf "$downloads" "$target.new"
mkdir -p "$downloads" "$target.new"

# As root apt would hand over to its own user, who may not write here; it says so and goes on as root.
download() {
    (cd "$downloads" && apt-get -q -o APT::Sandbox::User="$(id -un)" download "$@") ||
        cleat_fail "apt-get could not download $* (its message is above)." \
            "It needs the network and fresh lists: run apt-get update as root, then packaging/fetch-v8.sh again."
}

# depends FILE.deb: the packages that it depends on, one a line, alternatives joined by |
depends() { dpkg-deb -f "$1" Depends | tr ',' '\n' | sed -e 's/([^)]*)//g' -e 's/:any//g' -e 's/[[:space:]]//g' -e '/^$/d'; }

download "libnode-dev=$version"
libnode=$(depends "$downloads"/libnode-dev_*.deb | grep -E -m 1 '^libnode[0-9]+$') ||
    cleat_fail "libnode-dev $version depends on no libnode<number>: this set-up does not know that layout." "Set V8_ROOT to a folder that holds V8's headers and library."
download "$libnode=$version"
for package in "$downloads"/*.deb; do
    dpkg-deb -x "$package" "$target.new"
done

# What the library is linked with. The node-* packages hold Node.js modules in JavaScript, which V8 never reads.
needed=()
while IFS= read -r alternatives; do
    case $alternatives in node-* | nodejs*) continue ;; esac
    choice=${alternatives%%|*}
    for name in ${alternatives//|/ }; do
        if cleat_has_package "$name"; then
            choice=$name
            break
        fi
    done
    needed+=("$choice")
done < <(depends "$downloads/$(basename "$downloads"/"${libnode}"_*.deb)")
cleat_install_packages "${needed[@]}"

for file in v8.h 'libv8.so*'; do
    [ -n "$(find "$target.new" -name "$file" -print -quit)" ] ||
        cleat_fail "libnode-dev $version holds no $file." "Set V8_ROOT to a folder that holds V8's headers and library."
done
printf '%s\n%s\n%s\n' "$system" "$version" "${needed[*]}" >"$target.new/.stamp"
rm -rf "$target.old"
[ ! -e "$target" ] || mv "$target" "$target.old"
mv "$target.new" "$target"
rm -rf "$target.old" "$downloads"
