#!/usr/bin/env bash
# Looks for inputs that break what must always hold (Targets/), with libFuzzer and AddressSanitizer.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source-path=SCRIPTDIR source=../../deploy/steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: Tests/Fuzzing/fuzz.sh [--seconds N] [--jobs N] [--minimize] [TARGET...]

  --seconds N    how long to fuzz, all targets together (default 60)
  --jobs N       targets at a time (default: one a processor)
  --minimize     afterwards, keep in Tests/Fuzzing/Corpus what covers the most with the least
  --list         name the targets
  --no-build     fuzz with the program that is there

Starts from the committed corpus, the seeds, and what earlier runs found interesting (.build-fuzz/corpus).
Exits with 1 when there is a finding, and says how to repeat it.
TEXT
}

seconds=60
jobs=$(nproc)
minimize=no
list=no
build=yes
targets=()
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) [ $# -ge 2 ] || fail "--seconds needs a number"; seconds=$2; shift 2 ;;
        --seconds=*) seconds=${1#*=}; shift ;;
        --jobs) [ $# -ge 2 ] || fail "--jobs needs a number"; jobs=$2; shift 2 ;;
        --jobs=*) jobs=${1#*=}; shift ;;
        --minimize) minimize=yes; shift ;;
        --list) list=yes; shift ;;
        --no-build) build=no; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; fail "unknown argument: $1" ;;
        *) targets+=("$1"); shift ;;
    esac
done
[[ $seconds =~ ^[0-9]{1,7}$ ]] || fail "--seconds must be a number, not '$seconds'"
[[ $jobs =~ ^[1-9][0-9]?$ ]] || fail "--jobs must be a number from 1 to 99, not '$jobs'"

scratch=.build-fuzz
program=$scratch/release/reservation-fuzz
corpus=Tests/Fuzzing/corpus.py
# Swift's own crash report takes longer than the sanitizer's and hides it.
export SWIFT_BACKTRACE=enable=no
# Text of our own only; a leak is looked for at the end of a run.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer || true)
[ -n "$ASAN_SYMBOLIZER_PATH" ] || ASAN_SYMBOLIZER_PATH=$(dirname "$(readlink -f "$(command -v swift)")")/llvm-symbolizer
export ASAN_SYMBOLIZER_PATH

# gold cannot link a sanitized program of this size; lld, which comes with the toolchain, can.
build_program() {
    RESERVATION_FUZZ=1 nice -n 19 swift build --configuration release --scratch-path "$scratch" --product reservation-fuzz \
        --sanitize address -Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link -Xswiftc -enable-testing -Xswiftc -use-ld=lld \
        </dev/null
}

if [ "$build" = yes ]; then
    need_swift
    began=$(now_ms)
    build_program
    say "built in $(took $(($(now_ms) - began)))"
fi
[ -x "$program" ] || fail "there is no $program: run without --no-build"
mapfile -t known < <("$program")
if [ "$list" = yes ]; then
    printf '%s\n' "${known[@]}"
    exit 0
fi
[ ${#targets[@]} -gt 0 ] || targets=("${known[@]}")
for target in "${targets[@]}"; do
    [[ " ${known[*]} " == *" $target "* ]] || fail "no target is called '$target'; there are: ${known[*]}"
done

# libfuzzer TARGET ARGUMENT...
libfuzzer() {
    RESERVATION_FUZZ_TARGET=$1 nice -n 19 "$program" "${@:2}"
}

fuzz() {
    local target=$1
    rm -rf "$scratch/start/$target" "$scratch/findings/$target" "$scratch/findings/$target.found"
    mkdir -p "$scratch/corpus/$target" "$scratch/findings/$target" "$scratch/log"
    python3 "$corpus" unpack "$target" "$scratch/start/$target"
    local dictionary=()
    [ ! -e "Tests/Fuzzing/Dictionaries/$target.dict" ] || dictionary=("-dict=Tests/Fuzzing/Dictionaries/$target.dict")
    # More than 10 s for a few kilobytes is a finding, and so is a gigabyte.
    libfuzzer "$target" -max_total_time="$share" -timeout=10 -rss_limit_mb=1024 -max_len=4096 -print_final_stats=1 \
        "${dictionary[@]}" -artifact_prefix="$scratch/findings/$target/" "$scratch/corpus/$target" "$scratch/start/$target" \
        >"$scratch/log/$target" 2>&1 </dev/null
}

# report TARGET: one line of figures; for a finding, what it is and how to repeat it.
report() {
    local target=$1 log=$scratch/log/$1 coverage executions
    coverage=$(grep -Eo 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$log" | tail -n 1)
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    printf '%-16s %10s runs   %s\n' "$target" "${executions:-?}" "$coverage"
}

explain() {
    local target=$1 log=$scratch/log/$1 input
    complain "--- $target: a finding"
    { grep -E '^FINDING|ERROR: |Fatal error|runtime error|^SUMMARY|    #[0-9]+ .*/(Sources|Tests)/' "$log" || tail -n 20 "$log"; } |
        head -n 30 | cut -c 1-200 >&2
    for input in "$scratch/findings/$target"/*; do
        [ -e "$input" ] || continue
        complain "repeat it with:  SWIFT_BACKTRACE=enable=no RESERVATION_FUZZ_TARGET=$target $program $input"
        complain "make it smaller: the same with -minimize_crash=1 -max_total_time=60"
        complain "keep it:         $corpus add $target $input"
    done
}

# How long each target may take so that all of them, some at a time, take the time asked for.
share=$((seconds * jobs / ${#targets[@]}))
[ "$share" -ge 1 ] || share=1
[ "$seconds" -gt 0 ] || share=0

failed=()
run_all() {
    local target
    for target in "${targets[@]}"; do
        { fuzz "$target" || touch "$scratch/findings/$target.found"; } &
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    done
    wait
    for target in "${targets[@]}"; do
        report "$target"
        [ ! -e "$scratch/findings/$target.found" ] || failed+=("$target")
    done
}

# What covers code that the seeds do not; what only covers it more often stays in the scratch folder.
keep() {
    local target=$1 merged=$scratch/merged/$1
    rm -rf "$merged"
    python3 "$corpus" seeds "$target" "$merged"
    libfuzzer "$target" -set_cover_merge=1 -use_counters=0 -timeout=10 -max_len=192 \
        "$merged" "$scratch/corpus/$target" "$scratch/start/$target" >"$scratch/log/$target.merge" 2>&1 </dev/null
    python3 "$corpus" pack "$target" "$merged"
    say "$target: $(wc -l <"Tests/Fuzzing/Corpus/$target.hex") inputs, $(stat -c %s "Tests/Fuzzing/Corpus/$target.hex") bytes"
}

began=$(now_ms)
run_all
say "fuzzed for $(took $(($(now_ms) - began)))"
for target in "${failed[@]}"; do explain "$target"; done
[ ${#failed[@]} -eq 0 ] || fail "findings in: ${failed[*]}"
if [ "$minimize" = yes ]; then
    for target in "${targets[@]}"; do keep "$target"; done
fi
