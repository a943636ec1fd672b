#!/usr/bin/env bash
# Builds the Debian packages again into a folder and looks at them: lintian finds no error and nothing to warn of, and
# every program and library in them is hardened: check-debs.sh DEB_FOLDER
set -euo pipefail

# shellcheck source=../scripts/lib.sh
source "$(dirname "$0")/../scripts/lib.sh"

DEBS=${1:?name the folder for the packages}
rm -rf "$DEBS"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

look_by_lintian() { lintian --fail-on error,warning --allow-root --show-overrides "$DEBS"/*.deb; }

look_for_hardening() {
  local deb
  for deb in "$DEBS"/signet-{pkcs11,emulator,seald}_*.deb "$DEBS"/libsignet-seal{1,-cil,-dev,-java}_*.deb; do
    dpkg-deb --extract "$deb" "$WORK/tree"
  done
  "$ROOT/packaging/hardening/check.sh" "$WORK/tree"
}

stage "Packages" "$ROOT/packaging/build-deb.sh" "$DEBS" "$WORK/build"
stage "Hardening" look_for_hardening
stage "Lintian" look_by_lintian
