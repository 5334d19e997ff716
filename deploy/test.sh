#!/usr/bin/env bash
# Tests everything there is, from a clean checkout on Debian 12 with a Swift toolchain.
# usage: deploy/test.sh [--quick] [--kills N]
# shellcheck disable=SC2317 # step runs functions by their names
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: deploy/test.sh [--quick] [--kills N]

  --quick      the Swift tests alone
  --kills N    how often the crash test kills the daemon (default 200)
TEXT
}

quick=no
kills=200
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes; shift ;;
        --kills) [ $# -ge 2 ] || fail "--kills needs a number"; kills=$2; shift 2 ;;
        --kills=*) kills=${1#*=}; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown argument: $1" ;;
    esac
done
[[ $kills =~ ^[0-9]{1,6}$ ]] || fail "--kills must be a number, not '$kills'"

venv=.build-python

# ---------------------------------------------------------------------------------------------------

packages() {
    need_swift
    if [ "$quick" = yes ]; then
        install_packages "${build_packages[@]}"
    else
        # zbarimg reads the QR codes, tshark runs the protocol's dissector, curl the README's lines, mount makes the small disk.
        install_packages "${build_packages[@]}" curl mount python3-venv tshark tzdata zbar-tools
    fi
}

python_packages() {
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement Tests/System/requirements.txt </dev/null
}

format() { swift format lint --strict --recursive --parallel Sources Tests Package.swift; }

# One build for the tests and for the programs that Tests/System runs. Tests look into modules (@testable), which a release build
# allows only when told to.
build_flags=(--configuration release -Xswiftc -enable-testing)

build() { swift build "${build_flags[@]}" --build-tests </dev/null; }

swift_tests() { swift test "${build_flags[@]}" --skip-build </dev/null; }

protocol_tests() { "$venv/bin/python" -m pytest --tb short -p no:cacheprovider proto-spec/tests </dev/null; }

system_tests() {
    local programs
    programs=$(swift build --configuration release --show-bin-path)
    "$venv/bin/python" -m pytest --tb short -p no:cacheprovider --durations 10 --kills="$kills" --programs="$programs" \
        -c Tests/System/pytest.ini Tests/System </dev/null
}

# ---------------------------------------------------------------------------------------------------

names=()
outcomes=()
failed=0
started=$(now_ms)

# step NAME FUNCTION: runs it, and remembers how it went and how long it took. Sets `passed`; never called as a condition, since bash
# would then let the function go on after a command of it has failed.
passed=yes
step() {
    local name=$1 began status
    began=$(now_ms)
    say "==> $name"
    set +e
    (
        set -e
        "$2"
    )
    status=$?
    set -e
    local outcome=passed
    passed=yes
    if [ "$status" -ne 0 ]; then
        outcome=FAILED
        passed=no
        failed=1
    fi
    names+=("$name")
    outcomes+=("$outcome, $(took $(($(now_ms) - began)))")
    say "    $name: ${outcomes[-1]}"
}

summary() {
    say ""
    local index
    for index in "${!names[@]}"; do printf '%-36s %s\n' "${names[index]}" "${outcomes[index]}"; done
    say ""
    if [ "$failed" -eq 0 ]; then
        say "All passed in $(took $(($(now_ms) - started)))."
        exit 0
    fi
    say "FAILED after $(took $(($(now_ms) - started)))."
    exit 1
}

# must NAME FUNCTION: a step without which there is nothing to go on with.
must() {
    step "$@"
    [ "$passed" = yes ] || summary
}

must "Debian's packages" packages
if [ "$quick" = no ]; then
    must "Python's packages" python_packages
    step "Format" format
fi
must "Build" build
step "Swift tests" swift_tests
if [ "$quick" = no ]; then
    step "Protocol specification" protocol_tests
    step "System tests ($kills kills)" system_tests
fi
summary
