#!/usr/bin/env bash
# Builds the reservation portal and runs it with demonstration data, until Ctrl-C.
# usage: deploy/quickstart.sh [--port N] [--metrics-port N] [--data DIR] [--no-demo]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: deploy/quickstart.sh [--port N] [--metrics-port N] [--data DIR] [--no-demo]

  --port N     where the portal listens on this machine (default 8080)
  --metrics-port N
               where figures are shown on this machine, as a page and for Prometheus (default 9180 if it is free; 0: nowhere)
  --data DIR   where the reservations are kept (default .data in the checkout)
  --no-demo    no demonstration tickets and slots

RESERVATION_PROGRAMS=DIR runs programs that are built already instead of building them.
TEXT
}

port=8080
metrics_port=
default_data=$PWD/.data
data=$default_data
demo=yes
while [ $# -gt 0 ]; do
    case $1 in
        --port) [ $# -ge 2 ] || fail "--port needs a number"; port=$2; shift 2 ;;
        --port=*) port=${1#*=}; shift ;;
        --metrics-port) [ $# -ge 2 ] || fail "--metrics-port needs a number"; metrics_port=$2; shift 2 ;;
        --metrics-port=*) metrics_port=${1#*=}; shift ;;
        --data) [ $# -ge 2 ] || fail "--data needs a directory"; data=$2; shift 2 ;;
        --data=*) data=${1#*=}; shift ;;
        --no-demo) demo=no; shift ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; fail "unknown argument: $1" ;;
    esac
done
{ [[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ]; } || fail "--port must be a number from 1 to 65535, not '$port'"
[[ $metrics_port =~ ^[0-9]{0,5}$ ]] && [ "${metrics_port:-0}" -le 65535 ] ||
    fail "--metrics-port must be a number from 0 to 65535, not '$metrics_port'"
[ -n "$data" ] || fail "--data must not be empty"

daemon_pid=
gateway_pid=
mailer_pid=
socket_directory=

# stop_program PID: asks it to end and waits until it has.
stop_program() {
    [ -n "$1" ] || return 0
    kill -TERM "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

# Callers first, then the daemon that they ask.
stop_all() {
    trap '' INT TERM HUP
    stop_program "$gateway_pid"
    gateway_pid=
    stop_program "$mailer_pid"
    mailer_pid=
    stop_program "$daemon_pid"
    daemon_pid=
    case $socket_directory in
        "${TMPDIR:-/tmp}"/reservation-portal.*) rm -rf "$socket_directory" ;;
    esac
}

asked_to_stop() {
    say ""
    [ -n "$daemon_pid" ] || exit 130
    say "Stopping."
    stop_all
    say "Stopped. The data is in $data; run this again to go on with it."
    exit 0
}
trap stop_all EXIT
trap asked_to_stop INT TERM HUP

step_started=
begin() { step_started=$(now_ms); say "==> $*"; }
end() { say "    done in $(took $(($(now_ms) - step_started)))"; }

# start_program NAME COMMAND...: in a session of its own, so that Ctrl-C in the terminal reaches this script alone, which ends the
# programs in order; should this script itself be killed, the kernel ends them.
started_pid=
start_program() {
    local name=$1
    shift
    setsid setpriv --pdeathsig TERM -- "$@" >>"$data/$name.log" 2>&1 </dev/null &
    started_pid=$!
}

# must_run NAME PID: ends everything with the program's own words if it has ended.
must_run() {
    kill -0 "$2" 2>/dev/null && return 0
    complain "$1 has ended. Its last words, from $data/$1.log:"
    tail -n 5 "$data/$1.log" | sed 's/^/    /' >&2
    fail "$1 does not run."
}

# ask METHOD PATH [CURL OPTIONS]: the reply's body, empty when there is none.
ask() {
    local method=$1 path=$2
    shift 2
    curl --silent --noproxy '*' --max-time 15 --request "$method" "$@" "$url$path" || true
}

# ---------------------------------------------------------------------------------------------------

begin "Looking for what is needed"
[ -n "${RESERVATION_PROGRAMS:-}" ] || need_swift
install_packages "${build_packages[@]}" curl
end

if [ -n "${RESERVATION_PROGRAMS:-}" ]; then
    programs=$(cd "$RESERVATION_PROGRAMS" && pwd)
else
    begin "Building a release (the first time takes several minutes)"
    build_release "${products[@]}"
    end
fi

begin "Starting"
mkdir -p "$data"
data=$(cd "$data" && pwd)
# The default lies in the checkout, where git has nothing to do with it.
[ "$data" != "$default_data" ] || printf '*\n' >"$data/.gitignore"
socket_directory=$data/sockets
# A socket's path can have 107 bytes.
[ ${#socket_directory} -le 90 ] || socket_directory=$(mktemp -d "${TMPDIR:-/tmp}/reservation-portal.XXXXXX")
mkdir -p "$socket_directory"
url=http://127.0.0.1:$port
is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
! is_taken "$port" || fail "something listens on port $port already; stop it or choose another --port."
if [ -z "$metrics_port" ]; then
    metrics_port=9180
    # Nobody asked for it, so nobody misses it.
    ! is_taken "$metrics_port" || metrics_port=0
fi
metrics=()
if [ "$metrics_port" -gt 0 ]; then
    ! is_taken "$metrics_port" || fail "something listens on port $metrics_port already; stop it or choose another --metrics-port."
    metrics=(--metrics-listen "127.0.0.1:$metrics_port")
fi

start_program reservationd "$programs/reservationd" --database "$data/reservations.sqlite" --socket-directory "$socket_directory"
daemon_pid=$started_pid
start_program reservation-gateway "$programs/reservation-gateway" --socket "$socket_directory/gateway.sock" \
    --listen "127.0.0.1:$port" "${metrics[@]}"
gateway_pid=$started_pid
mkdir -p "$data/mail"
start_program reservation-mailer "$programs/reservation-mailer" --socket "$socket_directory/service.sock" --from visit@example.com \
    --transport "directory:$data/mail"
mailer_pid=$started_pid
for ((tries = 0; ; tries++)); do
    must_run reservationd "$daemon_pid"
    must_run reservation-gateway "$gateway_pid"
    must_run reservation-mailer "$mailer_pid"
    if [ "$(ask GET /readyz --output /dev/null --write-out '%{http_code}')" = 200 ]; then break; fi
    [ "$tries" -lt 300 ] || fail "no answer at $url/readyz within 30 seconds; see $data/*.log"
    sleep 0.1
done
end

# A minute of patience: the first writes wait for a disk that may still be busy with the build.
control() { "$programs/reservationctl" --timeout 60 --socket "$socket_directory/admin.sock" "$@"; }

# book TICKET_ID SLOT_ID: the key makes a second run of an interrupted demonstration harmless.
book() {
    local reply
    reply=$(ask POST /api/reservations/create --header 'Content-Type: application/json' --header "Idempotency-Key: demonstration-$1" \
        --data "{\"ticket_id\":$1,\"slot_id\":$2,\"customer_email\":\"guest$1@example.com\",\"customer_phone\":\"+12025550100\"}")
    case $reply in
        '{"success":true'* | *TICKET_ALREADY_RESERVED*) ;;
        *) fail "the demonstration could not book ticket $1 for slot $2: $reply" ;;
    esac
}

# make_slot DATE START END CAPACITY: prints the slot's id, whether it is new or there already.
make_slot() {
    control slots create --orq 1 --date "$1" --start "$2" --end "$3" --capacity "$4" >/dev/null 2>&1 || true
    control --json slots list --orq 1 --from "$1" --to "$1" |
        sed 's/},{/\n/g' | sed -n "/\"start_time\":\"$2:00\"/s/.*\"slot_id\":\([0-9]*\).*/\1/p" | head -n 1
}

# The machine's own time zone, so that the demonstration's days are those of its user's calendar.
own_zone() {
    local zone
    for zone in "${TZ:-}" "$(cat /etc/timezone 2>/dev/null || true)" "$(readlink -f /etc/localtime | sed -n 's|.*/zoneinfo/||p')"; do
        if [ -n "$zone" ] && [ -f "/usr/share/zoneinfo/$zone" ]; then
            say "$zone"
            return
        fi
    done
    say Etc/UTC
}

make_demonstration() {
    local zone tomorrow small nearly ticket
    zone=$(own_zone)
    control organization list --json | grep -q '"orq":1,' || control organization add 1 --name "Demonstration" --time-zone "$zone" >/dev/null
    # Once, so that what somebody sets afterwards stays.
    control organization set 1 --accent-color '#0b7285' --contact-email info@example.com --contact-phone +12025550100 \
        --website https://www.example.com/ >/dev/null
    # Ids that one can guess and codes that stand in the README: for a demonstration only.
    {
        say "ticket_code,orq,product_id,order_id,status,ticket_id"
        say "TKT-2025-ABC123-DEF456,1,5,456,ACTIVATED,123"
        for ticket in 1 2 3 4 5; do say "TKT-2025-DEMO0$ticket-ACTIVE,1,5,457,ACTIVATED,200$ticket"; done
        say "TKT-2025-DEMO01-UNPAID,1,5,458,PENDING_PAYMENT,3001"
        say "TKT-2025-DEMO01-PASSED,1,5,459,EXPIRED,3002"
        say "TKT-2025-DEMO01-VISITD,1,5,460,VERIFIED,3003"
        for ticket in 1 2 3 4; do say "TKT-2025-DEMO0$ticket-BOOKED,1,5,461,ACTIVATED,400$ticket"; done
    } >"$data/demonstration.csv"
    control tickets import "$data/demonstration.csv" >/dev/null
    tomorrow=$(date -d tomorrow +%F)
    small=$(make_slot "$tomorrow" 20:00 21:00 2)
    nearly=$(make_slot "$tomorrow" 21:00 22:00 3)
    if [ -z "$small" ] || [ -z "$nearly" ]; then fail "the demonstration's slots could not be made; see $data/reservationd.log"; fi
    book 4001 "$small"
    book 4002 "$small"
    book 4003 "$nearly"
    book 4004 "$nearly"
    date +%F >"$data/demonstration"
}

# The weeks to come, again at every start: what is there already is left alone.
make_weeks() {
    control slots generate --orq 1 --from "$(date +%F)" --to "$(date -d '+28 days' +%F)" --weekdays mon,tue,wed,thu,fri,sat,sun \
        --times 12:00-14:00,14:00-16:00,16:00-18:00,18:00-20:00 --capacity 200 >/dev/null
}

if [ "$demo" = yes ]; then
    if [ -e "$data/demonstration" ]; then
        begin "Adding the coming weeks to the demonstration of $(cat "$data/demonstration")"
        make_weeks
        end
    elif [ -e "$data/demonstration.csv" ] || ! control organization list --json | grep -q '"orq":'; then
        begin "Making demonstration tickets and slots"
        make_demonstration
        make_weeks
        end
    fi
fi

say ""
say "The reservation portal is at $url"
if [ -e "$data/demonstration" ]; then
    cat <<TEXT

Some tickets to try:
    TKT-2025-ABC123-DEF456   ready to book (as are TKT-2025-DEMO01-ACTIVE to TKT-2025-DEMO05-ACTIVE)
    TKT-2025-DEMO01-UNPAID   not paid yet
    TKT-2025-DEMO01-PASSED   expired
    TKT-2025-DEMO01-VISITD   used
    TKT-2025-DEMO01-BOOKED   booked
TEXT
    cat <<TEXT
for instance:
    curl -s $url/api/tickets/validate -H 'Content-Type: application/json' -d '{"ticket_code":"TKT-2025-ABC123-DEF456"}'
    curl -s $url/api/reservation-slots/available?date=$(date -d tomorrow +%F)
TEXT
fi
if [ "$metrics_port" -gt 0 ]; then
    say ""
    say "How it goes:    http://127.0.0.1:$metrics_port (and /metrics for Prometheus)"
fi
cat <<TEXT

Mails:          $data/mail (each confirmation as a file; a real venue names a mail server with --transport)
Data and logs:  $data
Operate it:     $programs/reservationctl --socket $socket_directory/admin.sock status
Stop it:        Ctrl-C
TEXT

# Until somebody asks to stop or a program ends.
wait -n "$daemon_pid" "$gateway_pid" "$mailer_pid" || true
must_run reservation-gateway "$gateway_pid"
must_run reservation-mailer "$mailer_pid"
must_run reservationd "$daemon_pid"
