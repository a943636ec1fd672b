#!/usr/bin/env bash
# `signet verify` as a command: forms of reports, exit statuses, revisions, several files, and what contradicts itself.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
"$ROOT/scripts/make-pdf.py" letter.pdf
echo "a document" >document

# verify STATUS [OPTIONS...] FILE...: trusts the trial authority, which publishes no revocation data; the report is in report.
verify() {
  local wanted=$1 status=0
  shift
  signet verify --trust ca/ca.pem --without-revocation "$@" >report 2>told || status=$?
  [[ $status == "$wanted" ]] || fail "status $status instead of $wanted: verify $*: $(<report) $(<told)"
}
has() { grep -qF -- "$1" report || fail "no \"$1\" in: $(<report)"; }
tells() { grep -qF -- "$1" told || fail "no \"$1\" in: $(<told)"; }

say "a PDF document with a time-stamp"
signet seal letter.pdf --key P-256 --tsa "$TSA" --tsa-ca ca/ca.pem >/dev/null
verify 0 letter.sealed.pdf
has "TOTAL-PASSED (valid)"
has "B-T"
has "proven by the signature time-stamp"
has "verifiable until"
verify 41 letter.sealed.pdf --at 2020-01-01
has NOT_YET_VALID
verify 0 letter.sealed.pdf --language cs
has "TOTAL-PASSED (platné)"
verify 0 letter.sealed.pdf --other-readers
has "Acrobat Reader"
status=0
signet verify letter.sealed.pdf >report 2>told || status=$?
[[ $status == 40 ]] || fail "nobody is trusted, and the status is $status"
tells "no certificate is trusted"
has "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND"
status=0
signet verify letter.sealed.pdf --trust ca/ca.pem >report 2>told || status=$?
[[ $status == 40 ]] || fail "without revocation data the status is $status"

say "trust that ends, folders"
verify 0 letter.sealed.pdf --trust "ca/ca.pem,until=2099-12-31"
status=0
signet verify letter.sealed.pdf --trust "ca/ca.pem,until=2020-12-31" --without-revocation >report || status=$?
[[ $status == 40 ]] || fail "an anchor that has ended: $status"
mkdir trusted
cp ca/ca.pem trusted/
signet verify letter.sealed.pdf --trust trusted --without-revocation >report || fail "$(<report)"
mkdir nothing
verify 2 letter.sealed.pdf --trust nothing
tells "holds no certificate"
verify 2 letter.sealed.pdf --trust "ca/ca.pem,until=2020-02-31"
tells "is not a time"

say "JSON, HTML, XML"
verify 0 letter.sealed.pdf --json
[[ $(value report '["indication"], document["signatures"][0]["level"]') == "('TOTAL-PASSED', 'B-T')" ]] || fail "$(<report)"
[[ $(value report '["document"]["format"]') == PAdES ]]
verify 0 letter.sealed.pdf --html -o report.html
grep -q "<html lang=\"en\">" report.html
verify 5 letter.sealed.pdf --html -o report.html
tells "is there already"
verify 0 letter.sealed.pdf --xml -o report.html --force
grep -q "mainindication:total-passed" report.html
printf '\x89PNG\r\n' >page.png
verify 0 letter.sealed.pdf --html --picture page.png
has "data:image/png"
verify 2 letter.sealed.pdf --html --picture document
tells "is not a PNG"

say "revisions"
signet seal letter.sealed.pdf --out twice.pdf --key P-256 >/dev/null
verify 0 twice.pdf
has "revision 2 of 3"
verify 0 twice.pdf --revision 2
has "whole document"
verify 42 twice.pdf --revision 1
verify 0 twice.pdf --extract 1 -o first.pdf
cmp letter.pdf first.pdf
verify 0 twice.pdf --extract 2 -o second.pdf
cmp letter.sealed.pdf second.pdf
verify 5 twice.pdf --extract 2 -o second.pdf
verify 2 twice.pdf --extract 9 -o ninth.pdf
tells "there are 3"
verify 2 twice.pdf --extract first
tells "--out"

say "what was changed"
python3 - <<'PY'
data = bytearray(open("letter.sealed.pdf", "rb").read())
data[data.index(b"%PDF-") + 12] ^= 1
open("changed.pdf", "wb").write(data)
PY
verify 41 changed.pdf
has "TOTAL-FAILED"

say "several files: a line each, and the worst status"
verify 42 letter.pdf
has "no signature"
verify 41 letter.sealed.pdf changed.pdf letter.pdf
[[ $(wc -l <report) == 3 && $(head -n 1 report) == "letter.sealed.pdf: TOTAL-PASSED" ]] || fail "$(<report)"
verify 31 letter.sealed.pdf document
tells "document"
verify 41 letter.sealed.pdf changed.pdf --json
[[ $(python3 -c 'import json; print([json.loads(line)["indication"] for line in open("report")])') == \
  "['TOTAL-PASSED', 'TOTAL-FAILED']" ]] || fail "$(<report)"
verify 1 letter.sealed.pdf nothing-there --json
tells "nothing-there"

say "an encrypted document"
qpdf --encrypt user owner 256 -- letter.pdf locked.pdf
(umask 077 && printf user >password)
signet seal locked.pdf --out sealed.pdf --pdf-password-file password --key P-256 >/dev/null
verify 32 sealed.pdf
verify 0 sealed.pdf --pdf-password-file password

say "a document whose cross-references lead nowhere"
sed 's/^startxref$/startxref\n9/' letter.sealed.pdf >lost.pdf
verify 31 lost.pdf
tells "no signature in it can be judged: the offset behind"

say "CMS, and what it holds"
signet seal document --internal --key P-256 >/dev/null
verify 0 document.p7m --extract copy
cmp document copy
verify 2 document.p7m --data document
tells "name no other one"
signet seal document --key P-256 >/dev/null
verify 0 document document.p7s
verify 0 document.p7s --data document
verify 40 document.p7s
has SIGNED_DATA_NOT_FOUND
tells "--data"
openssl x509 -in ca/ca.pem -outform DER -out ca.der
verify 2 document document.p7s --crl document
verify 2 document document.p7s --ocsp ca.der

say "options that contradict each other"
verify 2 letter.sealed.pdf --json --xml
verify 2 letter.sealed.pdf twice.pdf --html
verify 2 letter.sealed.pdf --picture page.png
verify 2 letter.sealed.pdf --cache here
tells "belong to --online"
verify 2 letter.sealed.pdf --journal ca/ca.pem
verify 2 letter.sealed.pdf --force
verify 2 letter.sealed.pdf --at yesterday
verify 2 letter.sealed.pdf --freshness soon
verify 2 letter.sealed.pdf --suite 119312-9
verify 2 letter.sealed.pdf --trusted-lists nothing
verify 2 letter.sealed.pdf --revision 0
