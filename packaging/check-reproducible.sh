#!/usr/bin/env bash
# Whether the same sources make the same packages, byte for byte: check-reproducible.sh DEB_FOLDER
#
# DEB_FOLDER was built by build-deb.sh. This builds them once more, in a folder of another length, later, with another
# umask, time zone, language, home and number of compilers.
set -euo pipefail

# shellcheck source=../scripts/lib.sh
source "$(dirname "$0")/../scripts/lib.sh"

FIRST=$(realpath "${1:?name the folder with the packages}")
WORK=$(mktemp -d -t signet-built-once-more-in-another-place.XXXXXX)
trap 'rm -rf "$WORK"' EXIT

again() (
  umask 027
  export TZ=Pacific/Chatham LANG=C LC_ALL=C HOME=$WORK/home DEB_BUILD_OPTIONS=parallel=3
  mkdir "$HOME"
  "$ROOT/packaging/build-deb.sh" "$WORK/debs" "$WORK/tree/somewhere/else"
)

# different ONE OTHER: says which files of two packages are different.
different() {
  local side
  for side in 1 2; do
    rm -rf "$WORK/side.$side"
    dpkg-deb --raw-extract "${!side}" "$WORK/side.$side"
  done
  diff --recursive --brief --no-dereference "$WORK/side.1" "$WORK/side.2" || true
}

stage "Build once more" again
(cd "$FIRST" && ls ./*.deb) >"$WORK/first"
(cd "$WORK/debs" && ls ./*.deb) >"$WORK/second"
diff "$WORK/first" "$WORK/second" || fail "the two builds made different packages"
[[ -s $WORK/first ]] || fail "there are no packages"
status=0
while read -r deb; do
  if cmp "$FIRST/$deb" "$WORK/debs/$deb"; then
    sha256sum "$FIRST/$deb"
  else
    status=1
    different "$FIRST/$deb" "$WORK/debs/$deb"
  fi
done <"$WORK/first"
((status == 0)) || fail "the same sources made other bytes"
