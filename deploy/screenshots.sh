#!/usr/bin/env bash
# Writes a picture of every step of the portal, at two sizes, light and dark, with demonstration data.
# usage: deploy/screenshots.sh [DIR]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

case ${1:-} in
    -*) say "usage: deploy/screenshots.sh [DIR]   (default: .screenshots)"; exit 0 ;;
esac
output=${1:-.screenshots}
[ -n "${RESERVATION_PROGRAMS:-}" ] || need_swift
install_packages "${build_packages[@]}" chromium fonts-dejavu-core python3-venv
venv=.build-python
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement Tests/System/requirements.txt </dev/null
programs=${RESERVATION_PROGRAMS:-}
if [ -z "$programs" ]; then
    say "==> Building"
    build_release "${products[@]}"
fi
"$venv/bin/python" Tests/System/screenshots.py --programs "$programs" "$output"
