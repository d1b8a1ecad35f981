# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What run.sh, test.sh and the other scripts share. To be sourced: it defines functions and CLEAT_ROOT, and does nothing by itself.
# Everything that is fetched lies in build/deps; nothing outside build/ changes except for Debian packages.

CLEAT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CLEAT_DEPS=$CLEAT_ROOT/build/deps

# What the program needs to be built and to run. (QtKeychain loads libsecret by name, so nothing else asks for it.)
# shellcheck disable=SC2034  # these three lists are for the scripts that source this file
cleat_build_packages=(
    build-essential ca-certificates cmake ninja-build ccache mold pkgconf
    qt6-base-dev qt6-base-dev-tools qt6-svg-dev qt6-charts-dev libqt6opengl6-dev qt6-wayland libgl-dev libqscintilla2-qt6-dev qtkeychain-qt6-dev libsecret-1-0
    libboost-dev libboost-context-dev wabt libtoml11-dev nlohmann-json3-dev libhnswlib-dev
    libsqlite3-dev libssl-dev libcurl4-openssl-dev zlib1g-dev libbrotli-dev liblz4-dev libicu-dev libjemalloc-dev
)
# What the tests need on top: a display, keys and clicks, a window manager, a screenshot, a session bus, a keychain, a load, git, time zones, a database (mariadb-server-core brings no service;
# PostgreSQL is cleat_install_postgresql's).
# shellcheck disable=SC2034
cleat_test_packages=(xvfb xauth xdotool openbox imagemagick dbus gnome-keyring wrk curl wget git tzdata mariadb-server-core)
# What tests/bench/run.sh needs on top.
# shellcheck disable=SC2034
cleat_bench_packages=(wrk curl)

cleat_say() { printf '\n== %s\n' "$*"; }

# cleat_fail "what is wrong" ["how to get it" ...]
cleat_fail() {
    {
        printf '\nerror: %s\n' "$1"
        shift
        [ $# -eq 0 ] || printf '       %s\n' "$@"
    } >&2
    exit 1
}

cleat_has_package() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# The names among the arguments that are not installed, one a line. One query for all of them.
cleat_missing_packages() {
    local installed name
    # dpkg-query fails when it knows one of the names not at all; what it prints about the others is what counts.
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
    for name in "$@"; do
        case $'\n'$installed$'\n' in
            *$'\n'"$name installed"$'\n'*) ;;
            *) printf '%s\n' "$name" ;;
        esac
    done
}

# Whether cleat_as_root can work. May ask for sudo's password.
cleat_can_be_root() {
    [ "$(id -u)" -eq 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; }
}

# Runs a command as root: directly, or with sudo. Fails when there is neither.
cleat_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        return 127
    fi
}

# Fetches apt's package lists; once in a run.
cleat_apt_update() {
    [ -z "${cleat_apt_updated:-}" ] || return 0
    cleat_as_root apt-get update || return
    cleat_apt_updated=yes
}

cleat_require_apt() {
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        cleat_fail "This set-up knows Debian 12 and later, and what descends from it (apt-get and dpkg-query are not here)." \
            "Elsewhere: install CMake 3.25, Ninja, GCC 12, Qt 6.4 (Core, DBus, Network, Widgets, Svg, Charts, Test), QScintilla 2.13, QtKeychain, libsecret, Boost, wabt 1.0.32, toml11, nlohmann-json, SQLite, OpenSSL, libcurl," \
            "and build with: cmake --preset release -DV8_ROOT=<folder with V8's headers and library> && cmake --build --preset release"
    fi
}

# Installs those of the named Debian packages that are missing. Asks apt for nothing when there are none.
cleat_install_packages() {
    local missing command
    cleat_require_apt
    mapfile -t missing < <(cleat_missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    cleat_say "Debian packages that are missing: ${missing[*]}"
    command="apt-get install --no-install-recommends ${missing[*]}"
    if ! cleat_can_be_root; then
        cleat_fail "These Debian packages are missing, and without root or a right to sudo they cannot be installed from here: ${missing[*]}" \
            "As root, run: apt-get update && $command"
    fi
    cleat_apt_update || cleat_fail "apt-get update did not succeed (its message is above)." \
        "It needs the network and the mirrors of /etc/apt; then, as root, run: apt-get update && $command"
    cleat_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
        cleat_fail "apt-get could not install all of: ${missing[*]} (its message is above)." \
            "Debian 12 (bookworm) and later have them in section main. As root, run: $command"
    mapfile -t missing < <(cleat_missing_packages "${missing[@]}")
    [ ${#missing[@]} -eq 0 ] || cleat_fail "apt-get said that all is well, but these packages are not installed: ${missing[*]}"
}

# PostgreSQL's server, for tests that start one of their own. Debian's package would make a database and start it: it is told not to, for this installation only.
cleat_install_postgresql() {
    local settings=/etc/postgresql-common/createcluster.conf kept status=0
    ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || return 0
    cleat_install_packages postgresql-common
    kept=$(mktemp)
    cat "$settings" >"$kept"
    printf 'create_main_cluster = false\n' | cleat_as_root tee -a "$settings" >/dev/null
    (cleat_install_packages postgresql) || status=$?
    cleat_as_root tee "$settings" <"$kept" >/dev/null
    rm -f "$kept"
    return $status
}

# cleat_version_at_least 3.25 3.25.1
cleat_version_at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

cleat_check_versions() {
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*//p')
    cleat_version_at_least 3.25 "$version" ||
        cleat_fail "CMake $version at $(command -v cmake) is too old: 3.25 or later is needed." "Debian 12 has 3.25; remove the older one from PATH, or upgrade the system."
    version=$("${CXX:-c++}" -dumpfullversion -dumpversion)
    if "${CXX:-c++}" --version | grep -q 'Free Software Foundation'; then
        cleat_version_at_least 12 "$version" ||
            cleat_fail "GCC $version (${CXX:-c++}) is too old: 12 or later is needed, for std::expected." "Debian 12 has it; set CXX=g++-12, or upgrade the system."
    fi
}

# The npm packages that the build uses, by the lock file, into build/deps/npm. npm runs only when the lock file changed.
cleat_install_npm() {
    local source=$CLEAT_ROOT/packaging/npm target=$CLEAT_DEPS/npm stamp version
    stamp=$(cat "$source/package.json" "$source/package-lock.json" | sha256sum | cut -d ' ' -f 1)-$(uname -m)
    if [ -d "$target/node_modules" ] && [ "$(cat "$target/.stamp" 2>/dev/null)" = "$stamp" ]; then
        return 0
    fi
    command -v npm >/dev/null || cleat_install_packages npm
    version=$(npm --version 2>/dev/null) || cleat_fail "npm at $(command -v npm) does not run." "Its message: $(npm --version 2>&1 | head -n 3)"
    cleat_version_at_least 7 "$version" ||
        cleat_fail "npm $version at $(command -v npm) is too old for the lock file: 7 or later is needed." "Debian 12 has npm 9: apt-get install npm"
    cleat_say "npm packages, by packaging/npm/package-lock.json"
    mkdir -p "$target"
    rm -f "$target/.stamp"
    cp "$source/package.json" "$source/package-lock.json" "$target/"
    (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund) ||
        cleat_fail "npm could not install the packages of packaging/npm/package-lock.json (its message is above)." \
            "It needs https://registry.npmjs.org. Behind a proxy set HTTPS_PROXY; with a mirror: npm config set registry <address>."
    printf '%s\n' "$stamp" >"$target/.stamp"
}

# The named Debian packages, V8 and npm packages: all that cmake --preset needs.
cleat_setup() {
    cleat_install_packages "$@"
    "$CLEAT_ROOT/packaging/fetch-v8.sh"
    cleat_install_npm
    cleat_check_versions
}

# cleat_build release [TARGET ...]: configures and builds one preset, or only the named targets of it.
cleat_build() {
    local preset=$1
    shift
    [ $# -gt 0 ] || set -- all
    cleat_say "Building preset $preset in build/$preset"
    (cd "$CLEAT_ROOT" && cmake --preset "$preset" && cmake --build --preset "$preset" --target "$@" -j "$(nproc)") ||
        cleat_fail "The build of preset $preset did not succeed (the first error is above)." \
            "After an upgrade of the system it can help to remove build/$preset and to start again."
}
