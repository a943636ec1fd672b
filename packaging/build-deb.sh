#!/usr/bin/env bash
# Builds the Debian packages of this source tree:
#
#   build-deb.sh OUT [WORK]     the .deb files go to OUT, compiling happens in the new folder WORK
#
# The tree itself stays as it is: what git knows or would take of it is copied. The same tree gives the same bytes,
# wherever and whenever that is done.
set -euo pipefail

# shellcheck source=../scripts/lib.sh
source "$(dirname "$0")/../scripts/lib.sh"

mkdir -p "${1:?name the folder for the packages}"
OUT=$(realpath "$1")
WORK=$(realpath -m "${2:-$OUT/work}")
[[ ! -e $WORK ]] || fail "$WORK is there already"
[[ -n ${2:-} ]] || trap 'rm -rf "$WORK"' EXIT

copy_source() {
  mkdir -p "$WORK/signet"
  git -C "$ROOT" ls-files -z --cached --others --exclude-standard |
    tar --create --directory="$ROOT" --null --files-from=- --ignore-failed-read |
    tar --extract --directory="$WORK/signet"
}

build() {
  cd "$WORK/signet" && dpkg-buildpackage --build=binary --no-sign --jobs="$(build_jobs)"
}

copy_source
quietly "$WORK/build.log" build
cp "$WORK"/*.deb "$OUT/"
