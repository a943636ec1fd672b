#!/usr/bin/env bash
# `signet extend` as a command: each level of PDF documents and messages, where the outputs go, what is refused, JSON.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
"$ROOT/scripts/make-pdf.py" letter.pdf
echo "a document" >document
HOST=${TSA#http://}
HOST=${HOST%%:*}
ONLINE=(--online --online-host "$HOST")
STAMPS=(--tsa "$TSA" --tsa-ca ca/ca.pem)

# extend STATUS [OPTIONS...] FILE...: trusts the trial authority's root; what it says is in report and told.
extend() {
  local wanted=$1 status=0
  shift
  signet extend --trust ca/root.pem "$@" >report 2>told || status=$?
  [[ $status == "$wanted" ]] || fail "status $status instead of $wanted: extend $*: $(<report) $(<told)"
}
has() { grep -qF -- "$1" report || fail "no \"$1\" in: $(<report) $(<told)"; }
tells() { grep -qF -- "$1" told || fail "no \"$1\" in: $(<told)"; }
# stays FILE BEFORE: a document that was refused is what it was.
stays() { cmp "$1" "$2" || fail "$1 was changed"; }
# is_level FILE LEVEL [OPTIONS...]: valid, at that level; revocation data of the last time-stamp alone is fetched.
is_level() {
  signet verify "$1" --trust ca/root.pem "${ONLINE[@]}" "${@:3}" --json >verified || fail "$1 is not valid: $(<verified)"
  [[ $(value verified '["signatures"][0]["level"]') == "$2" ]] || fail "$1 is not $2: $(<verified)"
}

say "a PDF document through the levels, each in front of the next"
signet seal letter.pdf --key P-256 --chain ca/ca.pem --out b.pdf >/dev/null
extend 0 b.pdf --level B-T "${ONLINE[@]}" "${STAMPS[@]}" --out t.pdf
has "b.pdf: B-B, now B-T; added 1 time-stamp"
is_level t.pdf B-T
extend 0 t.pdf --level B-LT "${ONLINE[@]}" --out lt.pdf
has "B-T, now B-LT"
is_level lt.pdf B-LT
extend 0 lt.pdf "${ONLINE[@]}" "${STAMPS[@]}" --out lta.pdf
has "B-LT, now B-LTA"
has "verifiable until"
is_level lta.pdf B-LTA
cp lta.pdf again.pdf
extend 0 again.pdf "${ONLINE[@]}" "${STAMPS[@]}"
has "B-LTA, now B-LTA"
is_level again.pdf B-LTA
for pair in "letter b" "b t" "t lt" "lt lta" "lta again"; do
  read -r before after <<<"$pair"
  cmp -n "$(stat -c %s "$before.pdf")" "$before.pdf" "$after.pdf" || fail "$after.pdf does not begin with $before.pdf"
done
qpdf --check again.pdf >qpdf.log || fail "$(<qpdf.log)"
cp lt.pdf same.pdf
extend 0 same.pdf --level B-LT "${ONLINE[@]}" --json
[[ $(value report '["files"][0]["after"]["level"]') == B-LT ]] || fail "$(<report)"

say "messages, with and without their document"
for form in external internal; do
  ending=$([[ $form == external ]] && echo p7s || echo p7m)
  signet seal document --key P-256 --chain ca/ca.pem "--$form" --force >/dev/null
  cp "document.$ending" before
  extend 0 "document.$ending" "${ONLINE[@]}" "${STAMPS[@]}" --json
  [[ $(value report '["files"][0]["before"]["level"], document["files"][0]["after"]["level"]') == "('B-B', 'B-LTA')" ]] ||
    fail "$(<report)"
  data=()
  [[ $form == internal ]] || data=(--data document)
  is_level "document.$ending" B-LTA "${data[@]}"
  content=()
  [[ $form == internal ]] || content=(document)
  openssl_verifies "document.$ending" "${content[@]}"
done

say "several documents into a folder"
mkdir out
cp b.pdf one.pdf
cp b.pdf two.pdf
extend 0 one.pdf two.pdf --out-dir out "${ONLINE[@]}" "${STAMPS[@]}"
[[ $(wc -l <report) == 2 ]] || fail "$(<report)"
is_level out/two.pdf B-LTA
stays one.pdf b.pdf
extend 5 one.pdf --out-dir out "${ONLINE[@]}" "${STAMPS[@]}"
tells "is there already"
extend 0 one.pdf --out-dir out --force "${ONLINE[@]}" "${STAMPS[@]}"

say "revocation data from files"
signet verify t.pdf --trust ca/root.pem "${ONLINE[@]}" >/dev/null
base=${TSA%/tsa}
curl --silent --show-error --remote-name-all "$base/issuing.crl" "$base/root.crl"
extend 0 t.pdf --level B-LT --crl issuing.crl --crl root.crl --out files.pdf
has "2 CRLs"

say "what is refused stays as it was"
extend 40 b.pdf "${STAMPS[@]}"
tells "it is not valid now"
sed 's/%PDF-1/%PDF-2/' b.pdf >changed.pdf
cp changed.pdf kept
extend 41 changed.pdf "${ONLINE[@]}" "${STAMPS[@]}"
stays changed.pdf kept
cp b.pdf kept
extend 33 b.pdf "${ONLINE[@]}" --tsa http://127.0.0.1:1/none
stays b.pdf kept
extend 2 b.pdf "${ONLINE[@]}"
tells "name a time-stamp authority"
stays b.pdf kept
extend 31 document "${ONLINE[@]}" "${STAMPS[@]}"
extend 31 letter.pdf "${ONLINE[@]}" "${STAMPS[@]}"
tells "no signature"
extend 1 nothing.pdf --json
tells "nothing.pdf"
"$TESTCA" revoke ca P-256.pem
extend 40 b.pdf "${ONLINE[@]}" "${STAMPS[@]}"
tells "REVOKED"
extend 0 b.pdf --force-invalid --level B-T "${ONLINE[@]}" "${STAMPS[@]}" --out forced.pdf

say "options that contradict each other"
extend 2 one.pdf two.pdf --out there.pdf
extend 2 one.pdf --out there.pdf --out-dir out
extend 2 one.pdf two.pdf --data document
extend 2 one.pdf --force
extend 2 one.pdf --wait-fresh 10m
tells "--online"
extend 2 one.pdf --online --wait-fresh soon
extend 2 one.pdf --cache here
