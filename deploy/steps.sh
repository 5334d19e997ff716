# shellcheck shell=bash
# What quickstart.sh, test.sh and benchmark.sh share. Sourced, not run.

# Debian's libraries that the programs are built against, and what finds them.
# shellcheck disable=SC2034 # used by the scripts that source this
build_packages=(libsqlite3-dev libsystemd-dev libqrencode-dev zlib1g-dev libcurl4-openssl-dev pkg-config)

# What is installed.
# shellcheck disable=SC2034 # used by the scripts that source this
products=(reservationd reservation-gateway reservation-mailer reservationctl)

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }

# fail MESSAGE: ends the script; the last line says why.
fail() {
    complain "$(basename "$0"): $*"
    exit 1
}

# now_ms: milliseconds of a clock that only serves to measure.
now_ms() { date +%s%3N; }

# took MILLISECONDS: readable.
took() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# need_swift: a toolchain that can read Package.swift.
need_swift() {
    command -v swift >/dev/null || fail "no swift on PATH. Install Swift 6.2 or later (https://www.swift.org/install/linux/) and try again."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '6.2\n%s\n' "$version" | sort -V | head -n 1)" = 6.2 ] || fail "this is Swift ${version:-of unknown version}; 6.2 or later is needed."
}

# install_packages NAME...: installs those that are missing, and only those.
install_packages() {
    command -v dpkg-query >/dev/null || fail "this is not Debian: install what corresponds to $* yourself, then build with swift build -c release."
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "    missing: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these packages are missing and there is no sudo: run 'apt-get install ${missing[*]}' as root."
        as_root=(sudo)
        # Without a terminal sudo could only wait for a password that nobody types.
        [ -t 0 ] || as_root=(sudo -n)
    fi
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        fail "the packages could not be installed. Run 'apt-get install ${missing[*]}' as root, then try again."
    fi
    rm -f "$log"
}

# build_release PRODUCT...: builds them as they are installed, and sets `programs` to the directory where they are.
build_release() {
    # A scratch directory of its own: linking the Swift libraries statically is another way of compiling, and Swift's testing library
    # exists only as a shared one, so that this build and deploy/test.sh's would undo each other in one directory.
    # What the loader has bound it makes read-only (ld.so(8), "now"): these programs face strangers.
    local build=(swift build --configuration release --static-swift-stdlib --scratch-path .build-static -Xlinker -z -Xlinker now) product
    mkdir -p .build-static
    for product in "$@"; do
        "${build[@]}" --product "$product" >.build-static/build.log 2>&1 </dev/null || {
            tail -n 30 .build-static/build.log >&2
            fail "$product could not be built; all of the output is in $PWD/.build-static/build.log"
        }
    done
    # shellcheck disable=SC2034 # used by the scripts that source this
    programs=$("${build[@]}" --show-bin-path)
}
