#!/usr/bin/env bash
# Builds the Debian package, from a clean checkout on Debian 12 with a Swift toolchain.
# usage: deploy/package.sh [--output DIR] [--version V] [--programs DIR [--bundle-runtime]]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source-path=SCRIPTDIR source=steps.sh
. deploy/steps.sh

usage() {
    cat <<'TEXT'
usage: deploy/package.sh [OPTION...]

  --output DIR       where the package is written (default .build-package in the checkout)
  --version V        its version (default: the programs' own, and which commit it is when that is not the release)
  --programs DIR     packs the programs in DIR instead of building them
  --bundle-runtime   packs Swift's libraries, for programs that are not linked statically: for tests

The maintainer is $DEBFULLNAME <$DEBEMAIL> where these are set. The last line of the output is the package's path.
TEXT
}

output=.build-package
version=
programs=
bundle_runtime=no
while [ $# -gt 0 ]; do
    case $1 in
        --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}"; continue ;;
        --bundle-runtime) bundle_runtime=yes; shift; continue ;;
        -h | --help) usage; exit 0 ;;
        --output | --version | --programs) [ -n "${2:-}" ] || fail "$1 needs a value" ;;
        *) usage >&2; fail "unknown argument: $1" ;;
    esac
    case $1 in
        --output) output=$2 ;;
        --version) version=$2 ;;
        --programs) programs=$2 ;;
    esac
    shift 2
done
[[ -z $version || $version =~ ^[0-9][A-Za-z0-9.+~]*$ ]] ||
    fail "--version must begin with a digit and be of letters, digits and . + ~, not '$version'"

# ---------------------------------------------------------------------------------------------------

say "==> Debian's packages"
packages=(dpkg-dev binutils python3)
if [ -z "$programs" ]; then
    need_swift
    packages+=("${build_packages[@]}")
fi
install_packages "${packages[@]}"

if [ -z "$programs" ]; then
    say "==> Build"
    build_release "${products[@]}"
fi
programs=$(cd "$programs" && pwd -P)
for product in "${products[@]}"; do
    [ -x "$programs/$product" ] || fail "$programs/$product is missing"
done

say "==> Package"
umask 022
mkdir -p "$output"
output=$(cd "$output" && pwd)
work=$(mktemp -d "$output/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/tree
mkdir "$tree"

# The same commit gives the same package, byte by byte.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-Reservation portal} <${DEBEMAIL:-maintainers@reservation-portal.invalid}>"

# default_version: of a commit that no tag makes a release: above the release it follows, or below the one it leads to.
default_version() {
    local release commit
    release=$("$programs/reservationd" --version)
    commit=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S).$(git rev-parse --short=8 HEAD)
    if [ -n "$(git tag --points-at HEAD --list "v$release")" ] && [ -z "$(git status --porcelain)" ]; then
        printf '%s' "$release"
    elif git merge-base --is-ancestor "v$release" HEAD 2>/dev/null; then
        printf '%s+%s' "$release" "$commit"
    else
        printf '%s~%s' "$release" "$commit"
    fi
}
[ -n "$version" ] || version=$(default_version)

# install_file MODE SOURCE PATH, install_text PATH: into the tree; a directory as PATH ends with a slash.
install_file() { install -D -m "$1" -t "$tree$3" "$2"; }
install_text() {
    mkdir -p "$tree$(dirname "$1")"
    cat >"$tree$1"
}
install_gzip() {
    mkdir -p "$tree$(dirname "$1")"
    gzip -9n >"$tree$1"
}

libexec=/usr/libexec/reservation-portal
doc=/usr/share/doc/reservation-portal
describe=deploy/debian/describe
export PYTHONDONTWRITEBYTECODE=1

# --- programs: stripped, since nothing on an installed machine reads their symbols (Swift's backtrace program is part of the toolchain,
# and the units allow no core dumps). Who needs them has them in the directory of the build, found by the same build id.
for product in "${products[@]}"; do
    case $product in
        reservationctl) directory=/usr/bin ;;
        *) directory=$libexec ;;
    esac
    install_file 0755 "$programs/$product" "$directory/"
    strip --strip-all --remove-section=.comment --remove-section=.note "$tree$directory/$product"
done

# --- Swift's libraries where the loader looks for them: beside the program ($ORIGIN).
if [ "$bundle_runtime" = yes ]; then
    mv "$tree/usr/bin/reservationctl" "$tree$libexec/"
    ln -s "../libexec/reservation-portal/reservationctl" "$tree/usr/bin/reservationctl"
    libraries=$(for product in "${products[@]}"; do ldd "$programs/$product"; done |
        sed -n 's/.*=> \(.*\/lib\(swift\|_\|Foundation\|dispatch\|Blocks\)[^ ]*\) .*/\1/p' | sort -u)
    for library in $libraries; do install_file 0644 "$library" "$libexec/"; done
fi

# --- units
units=deploy/systemd
for unit in "$units"/*.socket "$units"/*.service "$units"/*.timer; do install_file 0644 "$unit" /usr/lib/systemd/system/; done
install -D -m 0644 "$units/reservation-portal.preset" "$tree/usr/lib/systemd/system-preset/80-reservation-portal.preset"
install -D -m 0644 "$units/reservation-portal.sysusers" "$tree/usr/lib/sysusers.d/reservation-portal.conf"
install -D -m 0644 "$units/reservation-portal.tmpfiles" "$tree/usr/lib/tmpfiles.d/reservation-portal.conf"
if [ -e "$units/reservation-portal.catalog" ]; then install_file 0644 "$units/reservation-portal.catalog" /usr/lib/systemd/catalog/; fi

# --- what the programs say of themselves: man pages, configuration, completion
for product in "${products[@]}"; do
    "$programs/$product" --experimental-dump-help >"$work/$product.json"
    page=$(basename deploy/debian/manual/"$product".*.in .in)
    python3 "$describe/manual.py" "$work/$product.json" "deploy/debian/manual/$page.in" >"$work/$page"
    install_gzip "/usr/share/man/man${page##*.}/$page.gz" <"$work/$page"
    short=${product#reservation-}
    if [ -e "deploy/debian/etc/$short.conf.in" ]; then
        python3 "$describe/configuration.py" "$work/$product.json" "deploy/debian/etc/$short.conf.in" >"$work/$short.conf"
        install_text "/etc/reservation-portal/$short.conf" <"$work/$short.conf"
    fi
done
python3 "$describe/manual.py" "$work/reservationctl.json" deploy/debian/manual/reservation-portal.7.in >"$work/reservation-portal.7"
install_gzip /usr/share/man/man7/reservation-portal.7.gz <"$work/reservation-portal.7"
control_program=$programs/reservationctl
"$control_program" --generate-completion-script bash | sed '1{/^#!/d}' | install_text /usr/share/bash-completion/completions/reservationctl
"$control_program" --generate-completion-script zsh | install_text /usr/share/zsh/vendor-completions/_reservationctl
"$control_program" --generate-completion-script fish | install_text /usr/share/fish/vendor_completions.d/reservationctl.fish

# --- documents
install_file 0644 deploy/debian/copyright "$doc/"
{
    printf 'reservation-portal (%s) unstable; urgency=medium\n\n  * Built from commit %s.\n\n -- %s  %s\n\n' \
        "$version" "$(git rev-parse HEAD)" "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
    sed "s|@MAINTAINER@|$maintainer|" deploy/debian/changelog
} | install_gzip "$doc/changelog.gz"
checkouts=$programs/../../checkouts
if [ -d "$checkouts" ]; then
    for notice in "$checkouts"/*/NOTICE*; do
        printf '==== %s\n\n' "$(basename "$(dirname "$notice")")"
        cat "$notice"
        printf '\n'
    done | install_gzip "$doc/NOTICES.gz"
fi
# What an administrator reads and copies; tests and what runs them stay behind.
install_file 0644 deploy/operations.md "$doc/"
for part in systemd observability proxies; do
    install -D -m 0644 "deploy/$part/README.md" "$tree$doc/$part.md"
done
install_file 0644 deploy/observability/journal.md "$doc/"
for part in observability proxies; do
    mkdir -p "$tree$doc/examples"
    find "deploy/$part" -maxdepth 1 -type f ! -name '*.md' -exec install -m 0644 -t "$tree$doc/examples" {} +
done

# --- control data
install -d "$tree/DEBIAN" "$work/debian"
printf 'Source: reservation-portal\n\nPackage: reservation-portal\nArchitecture: any\n' >"$work/debian/control"
executables=()
for product in "${products[@]}"; do executables+=("$programs/$product"); done
shlibs_flags=()
[ "$bundle_runtime" = no ] || shlibs_flags+=(--ignore-missing-info)
depends=$(cd "$work" && dpkg-shlibdeps -O "${shlibs_flags[@]}" "${executables[@]/#/-e}" 2>"$work/shlibdeps.log") ||
    fail "the programs' libraries are not all Debian's (programs that are not linked statically need --bundle-runtime): $(
        grep -m 1 error "$work/shlibdeps.log" || tail -n 1 "$work/shlibdeps.log")"
depends=${depends#shlibs:Depends=}
installed_size=$(du -k -s --apparent-size --exclude=DEBIAN "$tree" | cut -f 1)
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@MAINTAINER@|$maintainer|" \
    -e "s|@INSTALLED_SIZE@|$installed_size|" -e "s|@DEPENDS@|$depends|" deploy/debian/control.in >"$tree/DEBIAN/control"
install -m 0644 deploy/debian/conffiles "$tree/DEBIAN/"
install -m 0755 deploy/debian/postinst deploy/debian/prerm deploy/debian/postrm "$tree/DEBIAN/"
(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)

package=$output/reservation-portal_${version}_$architecture.deb
# A package for tests is not worth the minute that xz takes for Swift's libraries.
compression=(-Zxz)
[ "$bundle_runtime" = no ] || compression=(-Zgzip -z1)
dpkg-deb --root-owner-group "${compression[@]}" --build "$tree" "$package" >/dev/null
say "    $(du -h --apparent-size "$package" | cut -f 1) as a package, $(((installed_size + 1023) / 1024)) MiB installed"
say "$package"
