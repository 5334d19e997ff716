#!/usr/bin/env bash
# Measures what the project promises about speed, with its ceilings and comparisons, and prints tables.
# usage: deploy/benchmark.sh [--quick] [--data DIR] [--json FILE] [--comparisons] [--only PART,PART]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: deploy/benchmark.sh [--quick] [--data DIR] [--json FILE] [--comparisons] [--only PART,PART]

  --quick         a tenth of the requests and each figure once: two minutes instead of a quarter of an hour
  --data DIR      where the databases are made, on the disk that is to be measured (default /var/tmp); all of it is removed afterwards
  --json FILE     everything that was measured, for programs
  --comparisons   install PostgreSQL, and Node with Express and MariaDB, where they are missing. Without it the portal is compared with
                  those that are there
  --only PARTS    some of socket,http,half,sqlite,route,size,postgres,node, and profile, which installs perf and tells where the
                  processor time of daemon and gateway goes

RESERVATION_PROGRAMS=DIR measures programs that are built already instead of building them.
TEXT
}

arguments=()
comparisons=no
profile=no
while [ $# -gt 0 ]; do
    case $1 in
        --quick) arguments+=(--quick); shift ;;
        --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
        --data | --only | --json)
            [ $# -ge 2 ] || fail "$1 needs a value"
            arguments+=("$1" "$2")
            if [[ $1 = --only && ,$2, = *,profile,* ]]; then profile=yes; fi
            shift 2 ;;
        --comparisons) comparisons=yes; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown argument: $1" ;;
    esac
done

# To stderr, so that standard output is the tables alone.
{
    if [ -z "${RESERVATION_PROGRAMS:-}" ]; then need_swift; fi
    install_packages "${build_packages[@]}" gcc libc6-dev python3
    if [ "$profile" = yes ]; then install_packages linux-perf; fi
    if [ "$comparisons" = yes ]; then
        install_packages postgresql-15 libpq-dev nodejs node-express node-mysql node-qrcode-generator mariadb-server-core \
            mariadb-client-core
    fi
    if [ -n "${RESERVATION_PROGRAMS:-}" ]; then
        programs=$(cd "$RESERVATION_PROGRAMS" && pwd)
    else
        say "==> Building a release (the first time takes several minutes)"
        build_release "${products[@]}" reservation-bench reservation-bench-route
    fi
} >&2

exec python3 -B Tests/Benchmark/benchmark.py --programs "$programs" "${arguments[@]}"
