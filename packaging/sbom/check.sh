#!/usr/bin/env bash
# Whether the bill of materials in each Debian package is valid SPDX 2.3, to the letter and as a whole, and says what
# the package has: check.sh DEB_FOLDER BUILD_FOLDER (where the Python environment is kept)
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

HERE=$ROOT/packaging/sbom
DEBS=${1:?name the folder with the packages}
VENV=${2:?name the build folder}/sbom-venv

valid() { "$VENV/bin/pyspdxtools" --infile "$1"; }

true_of() { "$VENV/bin/python" "$HERE/compare.py" "$@"; }

# refused WHAT COMMAND...: a document that was spoiled is noticed, or the check is worth nothing.
refused() {
  local what=$1
  shift
  ! "$@" >/dev/null 2>&1 || fail "a bill of materials with $what would pass"
}

spoil() { "$VENV/bin/python" -c "import json, sys
bill = json.load(open('$bill'))
$1
json.dump(bill, open('$WORK/spoiled.spdx.json', 'w'))"; }

python_environment "$VENV" "$HERE/requirements.txt"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
# The last one is spoiled below: it has libraries, and code of others compiled in.
for name in libsignet-seal-cil libsignet-seal-dev libsignet-seal-java libsignet-seal1 signet-seald signet-pkcs11 signet-emulator; do
  deb=$(echo "$DEBS/${name}"_*.deb)
  dpkg-deb --raw-extract "$deb" "$WORK/$name"
  bill=$WORK/$name/usr/share/doc/$name/$name.spdx.json
  valid "$bill"
  true_of "$bill" "$WORK/$name"
done

spoiled=$WORK/spoiled.spdx.json
spoil "bill['packages'][1]['licenseDeclared'] = 'Free for all'"
refused "a licence that there is not" valid "$spoiled"
spoil "del bill['creationInfo']['created']"
refused "no time" valid "$spoiled"
spoil "bill['files'][0]['checksums'][1]['checksumValue'] = 64 * '0'"
refused "another sum" true_of "$spoiled" "$WORK/$name"
spoil "del bill['files'][0]"
refused "a file less" true_of "$spoiled" "$WORK/$name"
spoil "bill['packages'] = [p for p in bill['packages'] if p['name'] != 'libssl3']"
refused "a library less" true_of "$spoiled" "$WORK/$name"
spoil "bill['relationships'] = [r for r in bill['relationships'] if 'boost' not in r['relatedSpdxElement']]"
refused "nothing compiled in" true_of "$spoiled" "$WORK/$name"
