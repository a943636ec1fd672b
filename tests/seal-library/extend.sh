#!/usr/bin/env bash
# A program in C against an installation of libsignet-seal alone extends documents, 16 at a time; `signet verify` and OpenSSL judge
# them: extend.sh PREFIX
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE, the built files.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
HERE=$(realpath "$(dirname "$0")")
PKG_CONFIG_PATH=$(dirname "$(find "$PREFIX" -name signet-seal.pc)")
export PKG_CONFIG_PATH
LIBRARIES=$(pkg-config --variable=libdir signet-seal)
read -ra FLAGS <<<"$(pkg-config --cflags --libs signet-seal)"
THREADS=16

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
HOST=${TSA#http://}
HOST=${HOST%%:*}
gcc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -pthread "$HERE/extend.c" -o extend "${FLAGS[@]}"
"$ROOT/scripts/make-pdf.py" letter.pdf
echo "a document" >document
documents=()
for ((at = 0; at < THREADS / 2; at++)); do
  signet seal letter.pdf --key P-256 --chain ca/ca.pem --out "$at.pdf" >/dev/null
  signet seal document --internal --key P-256 --chain ca/ca.pem --out "$at.p7m" >/dev/null
  documents+=("$at.pdf" "$at.p7m")
done
cp 0.pdf before.pdf

# extended LEVEL BEFORE STAMPS: all of them; the document of each line is valid, until the moment that it says.
extended() {
  local line name until lines=0
  LD_LIBRARY_PATH=$LIBRARIES timeout 120 ./extend ca/root.pem "$HOST" "$TSA" "$1" "${documents[@]}" >told 2>problems ||
    fail "$(<problems)"
  while read -r line; do
    name=${line%%:*}
    [[ $line == "$name: $2, $1, $3 time-stamps, "* ]] || fail "$line"
    signet verify "$name" --trust ca/root.pem --online --online-host "$HOST" --json >verified || fail "$name: $(<verified)"
    [[ $(value verified '["signatures"][0]["level"]') == "$1" ]] || fail "$name: $(<verified)"
    until=$(date -u -d "@${line##* }" +%Y-%m-%dT%H:%M:%SZ)
    [[ $(value verified '["signatures"][0]["verifiableUntil"]') == "$until" ]] || fail "$line, and $(<verified)"
    lines=$((lines + 1))
  done <told
  ((lines == THREADS)) || fail "$lines lines"
}

say "from level to level, and prolonged"
extended B-T B-B 1
extended B-LT B-T 0
extended B-LTA B-LT 1
extended B-LTA B-LTA 1
cmp -n "$(stat -c %s before.pdf)" before.pdf 0.pdf || fail "the document was changed"
openssl_verifies 0.p7m
qpdf --check 0.pdf >qpdf.log || fail "$(<qpdf.log)"

say "what was changed is refused"
cp 1.pdf kept.pdf
change_byte 1.pdf 12
cp 1.pdf changed.pdf
LD_LIBRARY_PATH=$LIBRARIES ./extend ca/root.pem "$HOST" "$TSA" B-LTA 1.pdf >told 2>problems && fail "a changed document is extended"
grep -q "^status 17: .*HASH_FAILURE" problems || fail "$(<problems)"
cmp 1.pdf changed.pdf
say "$THREADS documents at four levels"
