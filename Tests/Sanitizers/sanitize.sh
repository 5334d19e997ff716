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
  FILTER     only tests whose name matches this regular expression
TEXT
}

case ${1:-} in
    thread | address) sanitizer=$1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; fail "which sanitizer?" ;;
esac
selection=()
[ $# -lt 2 ] || selection=(--filter "$2")
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
        "$toolchain/clang" -shared -fPIC -O1 -Wall -Werror -o "$scratch/libMutexSlowPath.so" Tests/Sanitizers/MutexSlowPath.c -ldl
        export LD_PRELOAD=$PWD/$scratch/libMutexSlowPath.so
        export TSAN_OPTIONS="second_deadlock_stack=1 external_symbolizer_path=$toolchain/llvm-symbolizer"
        ;;
    address)
        export ASAN_OPTIONS="detect_leaks=1 external_symbolizer_path=$toolchain/llvm-symbolizer"
        # XCTest, which runs beside Swift Testing, leaves its own records of a run behind.
        printf 'leak:libXCTest.so\n' >"$scratch/leaks-of-others"
        export LSAN_OPTIONS="suppressions=$PWD/$scratch/leaks-of-others print_suppressions=0"
        ;;
esac
swift test --skip-build "${flags[@]}" "${selection[@]}" </dev/null
say "tested in $(took $(($(now_ms) - began))): nothing found"
