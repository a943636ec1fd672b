#!/usr/bin/env bash
# Every call of the interface, callbacks, exceptions, closing, cancelling and collected garbage in one of the languages: behaviour.sh PREFIX java|dotnet
#
# Environment: SIGNET_TEST_COMMAND, the built file.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
language=${2:?java or dotnet}
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
other_request other.csr rsa:2048
"$TESTCA" issue ca other.csr other.pem
openssl pkcs12 -export -inkey other.key -in other.pem -out other.p12 -passout pass:x -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
curl --silent --show-error --fail --output root.crl "${TSA%/tsa}/root.crl"
"$ROOT/scripts/make-pdf.py" letter.pdf
pdftoppm -png -r 20 -singlefile letter.pdf image
"build_$language" Behaviour Calls
mkdir folder

# passes PROGRAM WORDS...
passes() {
  run_in "$language" "$@" >told 2>&1 || fail "$(<told)"
  ! grep -E "^(WARNING|FATAL) in native|FATAL ERROR" told || fail "$(<told)"
  say "$1: $(tail -1 told)"
}

passes Calls "$MODULE" P-256 letter.pdf "$TSA" ca/ca.pem image.png /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf other.p12 root.crl
passes Behaviour "$MODULE" P-256 folder ca/ca.pem
