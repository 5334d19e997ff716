#!/usr/bin/env bash
# Runs the Swift tests with a sanitizer of the toolchain watching.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR source=../../deploy/steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: Tests/Sanitizers/sanitize.sh thread|address [FILTER]

  thread     ThreadSanitizer: data races
  address    AddressSanitizer with LeakSanitizer: memory used after it is freed, beyond its end, or never freed
  FILTER     only tests whose name matches this regular expression; otherwise all, the model with RESERVATION_MODEL_STEPS (5000) steps and
             the simulation with RESERVATION_SIMULATION_SEEDS (300) seeds
TEXT
}

case ${1:-} in
    thread | address) sanitizer=$1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "which sanitizer?" ;;
esac
need_swift

# Swift's own crash report takes longer than the sanitizer's and hides it.
export SWIFT_BACKTRACE=enable=no
toolchain=$(dirname "$(readlink -f "$(command -v swift)")")
scratch=.build-$sanitizer
# gold, the default, warns of the sanitizers' own symbols.
flags=(--scratch-path "$scratch" --sanitize "$sanitizer" -Xswiftc -use-ld=lld)

began=$(now_ms)
swift build --build-tests "${flags[@]}" </dev/null
say "built in $(took $(($(now_ms) - began)))"

began=$(now_ms)
case $sanitizer in
    thread)
        "$toolchain/clang" -shared -fPIC -O1 -Wall -Werror -o "$scratch/libRuntimeEvents.so" Tests/Sanitizers/RuntimeEvents.c -ldl
        export LD_PRELOAD=$PWD/$scratch/libRuntimeEvents.so
        export TSAN_OPTIONS="second_deadlock_stack=1 external_symbolizer_path=$toolchain/llvm-symbolizer"
        ;;
    address)
        export ASAN_OPTIONS="detect_leaks=1 external_symbolizer_path=$toolchain/llvm-symbolizer"
        # XCTest, which runs beside Swift Testing, leaves its own records of a run behind.
        printf 'leak:libXCTest.so\n' >"$scratch/leaks-of-others"
        export LSAN_OPTIONS="suppressions=$PWD/$scratch/leaks-of-others print_suppressions=0"
        ;;
esac

run() { swift test --skip-build "${flags[@]}" "$@" </dev/null; }

if [ $# -ge 2 ]; then
    run --filter "$2"
else
    # One after the other: side by side, and so slow, tests would wait longer than they may.
    model='ReservationDaemonTests\.ModelTests'
    simulation='ReservationSimulationTests\.'
    faults='\.(EveryFault|PowerCut|LedgerFault)Tests'
    for folder in Tests/*Tests; do
        [ "$folder" = Tests/ReservationSimulationTests ] ||
            run --filter "^$(basename "$folder")\." --skip "$model" --skip "$faults"
    done
    run --filter '^FuzzingTests\.'
    RESERVATION_MODEL_STEPS=${RESERVATION_MODEL_STEPS:-5000} run --filter "$model"
    RESERVATION_SIMULATION_SEEDS=${RESERVATION_SIMULATION_SEEDS:-300} run --filter "$simulation"
    # Those of the store have one thread.
    [ "$sanitizer" = address ] || faults='\.LedgerFaultTests'
    run --filter "$faults"
fi
say "tested in $(took $(($(now_ms) - began))): nothing found"
