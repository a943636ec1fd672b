#!/usr/bin/env bash
# A program in C against an installation of libsignet-seal alone gives the verdicts of `signet verify`, and its JSON reports to the
# byte, from 16 threads; and the programs of docs/verifying.md and signet-seal(3) work: verify.sh PREFIX
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE, SIGNET_TEST_CHANGED_DOCUMENTS, the built files.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
HERE=$(realpath "$(dirname "$0")")
PKG_CONFIG_PATH=$(dirname "$(find "$PREFIX" -name signet-seal.pc)")
export PKG_CONFIG_PATH
LIBRARIES=$(pkg-config --variable=libdir signet-seal)
read -ra FLAGS <<<"$(pkg-config --cflags --libs signet-seal)"

# compile SOURCE PROGRAM
compile() {
  gcc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -pthread "$1" -o "$2" "${FLAGS[@]}"
}

# same STATUS DOCUMENT [DATA]: both say so, with the same report.
same() {
  local wanted=$1 status=0
  shift
  LD_LIBRARY_PATH=$LIBRARIES timeout 60 ./verify ca/ca.pem "$AT" 16 "$@" >library.json 2>library.txt || status=$?
  [[ $status == "$wanted" ]] || fail "$*: status $status instead of $wanted from the library: $(<library.txt)"
  status=0
  signet verify "$1" ${2:+--data "$2"} --trust ca/ca.pem --without-revocation --at "$MOMENT" --json \
    >command.json 2>command.txt || status=$?
  [[ $status == "$wanted" ]] || fail "$*: status $status instead of $wanted from the command: $(<command.txt)"
  # What was not judged has no report.
  [[ $wanted == 31 || $wanted == 2 ]] || diff command.json library.json || fail "$*: the reports are not the same"
}

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
compile "$HERE/verify.c" verify
"$ROOT/scripts/make-pdf.py" letter.pdf
echo "a document" >document
MOMENT=$(date -u -d "+1 hour" +%Y-%m-%dT%H:%M:%SZ)
AT=$(date -d "$MOMENT" +%s)

say "documents that are whole, and what was changed in them"
signet seal letter.pdf --key P-256 --tsa "$TSA" --tsa-ca ca/ca.pem >/dev/null
signet seal letter.sealed.pdf --out twice.pdf --key P-256 >/dev/null
signet seal document --internal --key P-256 --tsa "$TSA" --tsa-ca ca/ca.pem >/dev/null
signet seal document --key P-256 >/dev/null
python3 - <<'PY'
data = bytearray(open("letter.sealed.pdf", "rb").read())
data[data.index(b"%PDF-") + 12] ^= 1
open("changed.pdf", "wb").write(data)
open("cut.pdf", "wb").write(data[:len(data) // 2])
PY
same 0 letter.sealed.pdf
same 0 twice.pdf
same 0 document.p7m
same 0 document.p7s document
same 40 document.p7s
same 41 document.p7s letter.pdf
same 41 changed.pdf
same 42 letter.pdf
same 31 document
same 2 letter.sealed.pdf document

say "documents that were changed after their signature, by rule and against it"
"$SIGNET_TEST_CHANGED_DOCUMENTS" list >names
count=0
while read -r name; do
  "$SIGNET_TEST_CHANGED_DOCUMENTS" made "${name#* }" made.pdf
  same 41 made.pdf
  count=$((count + 1))
done < <(awk 'NR % 12 == 1' names)
((count >= 5)) || fail "$count documents"

say "the programs of the documentation"
awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' "$ROOT/docs/verifying.md" >documented.c
compile documented.c documented
awk '$0 == ".EX" { on = 1; next } $0 == ".EE" { on = 0 } on' "$ROOT/packaging/man/signet-seal.3" | sed 's/\\en/\\n/g' >manual.c
compile manual.c manual
LD_LIBRARY_PATH=$LIBRARIES ./documented ca/ca.pem letter.sealed.pdf >told 2>&1 || [[ $? == 1 ]] || fail "$(<told)"
grep -q "INDETERMINATE" told || fail "$(<told)"
LD_LIBRARY_PATH=$LIBRARIES ./documented ca/ca.pem changed.pdf >told 2>&1 && fail "a changed document passes"
grep -q "TOTAL-FAILED" told || fail "$(<told)"
say "16 threads of a C program and the command agree on $((count + 10)) documents"
