#!/usr/bin/env bash
# Tests everything there is, from a clean checkout on Debian 12 with a Swift toolchain.
# usage: deploy/test.sh [--quick] [--model-steps N] [--simulations N] [--fuzz-seconds N] [--kills N] [--seed N]
# shellcheck disable=SC2317 # step runs functions by their names
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: deploy/test.sh [OPTION...]

  --quick            the Swift tests alone, without the long proofs
  --model-steps N    steps of the ledger beside its reference model (default 100000)
  --simulations N    simulated worlds of daemon and clients (default 10000)
  --fuzz-seconds N   how long to fuzz, all targets together (default 60)
  --kills N          how often the crash test kills the daemon (default 200)
  --seed N           repeats a run of the model, the simulation, the faults or the system tests (default: a new one, which is printed)
TEXT
}

quick=no
model_steps=100000
simulations=10000
fuzz_seconds=60
kills=200
seed=
# number OPTION VALUE: VALUE, if it is one.
number() {
    [[ ${2:-} =~ ^[0-9]{1,18}$ ]] || fail "$1 needs a number, not '${2:-}'"
    printf '%s' "$2"
}
while [ $# -gt 0 ]; do
    case $1 in
        --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
        --quick) quick=yes; shift; continue ;;
        --model-steps) model_steps=$(number "$@") ;;
        --simulations) simulations=$(number "$@") ;;
        --fuzz-seconds) fuzz_seconds=$(number "$@") ;;
        --kills) kills=$(number "$@") ;;
        --seed) seed=$(number "$@") ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown argument: $1" ;;
    esac
    shift 2
done

venv=.build-python

# ---------------------------------------------------------------------------------------------------

packages() {
    need_swift
    if [ "$quick" = yes ]; then
        install_packages "${build_packages[@]}"
    else
        # What runs beside the programs: a browser (chromium), readers of QR codes and of packets (zbar-tools, tshark), proxies, Prometheus, a
        # Debian of its own with systemd (debootstrap, systemd-container) and what is asked of its journal, a small disk (mount); what checks
        # the package (dpkg-dev, lintian, man-db); what counts instructions (valgrind) of what strip (binutils) has left.
        install_packages "${build_packages[@]}" binutils caddy chromium curl debootstrap dpkg-dev fonts-dejavu-core lintian man-db mount \
            nginx-light prometheus python3-venv systemd systemd-container systemd-journal-remote tshark tzdata valgrind zbar-tools
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

# The long proofs run by themselves, so that the other tests have the machine and each shows how long it takes.
model='ReservationDaemonTests\.ModelTests'
simulation='ReservationSimulationTests\.'
faults='\.(EveryFault|PowerCut|LedgerFault)Tests'

swift_test() { swift test "${build_flags[@]}" --skip-build "$@" </dev/null; }

swift_tests() { swift_test --skip "$model" --skip "$simulation" --skip "$faults"; }

model_test() { RESERVATION_MODEL_STEPS=$model_steps swift_test --filter "$model"; }

simulation_test() { RESERVATION_SIMULATION_SEEDS=$simulations swift_test --filter "$simulation"; }

fault_tests() { swift_test --filter "$faults"; }

fuzzing() { Tests/Fuzzing/fuzz.sh --seconds "$fuzz_seconds"; }

cost_guard() { "$venv/bin/python" Tests/Benchmark/guard.py --programs "$(swift build --configuration release --show-bin-path)"; }

protocol_tests() { "$venv/bin/python" -m pytest --tb short -p no:cacheprovider proto-spec/tests </dev/null; }

# system_pytest ARGUMENT...
system_pytest() {
    local programs
    programs=$(swift build --configuration release --show-bin-path)
    "$venv/bin/python" -m pytest --tb short -p no:cacheprovider --durations 10 --kills="$kills" --programs="$programs" ${seed:+--seed="$seed"} \
        -c Tests/System/pytest.ini "$@" Tests/System </dev/null
}

# They wait for most of their time: for a timeout to pass, a page to be drawn, a machine to boot. So files of them run side by side,
# one more than there are processors.
system_tests() { system_pytest -m "not alone" --numprocesses "$(($(nproc) < 4 ? $(nproc) + 1 : 4))" --dist loadfile --no-loadscope-reorder; }

measuring_tests() { system_pytest -m alone; }

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
[ -z "$seed" ] || export RESERVATION_SEED=$seed
must "Build" build
step "Swift tests" swift_tests
if [ "$quick" = no ]; then
    step "Model test ($model_steps steps)" model_test
    step "Simulation ($simulations seeds)" simulation_test
    step "Faults at every I/O" fault_tests
    step "Protocol specification" protocol_tests
    step "System tests ($kills kills)" system_tests
    step "System tests that measure" measuring_tests
    step "Instructions of the hot paths" cost_guard
    step "Fuzzing ($fuzz_seconds s)" fuzzing
fi
summary
