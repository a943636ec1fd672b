#!/usr/bin/env bash
# PDF documents on the command line: which seal they get, under which name, and what is refused. Judges of what comes of it:
# conformance/judges/pades.py.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
"$ROOT/scripts/make-pdf.py" letter.pdf
cp letter.pdf before.pdf
export SIGNET_MODULE

sealed() { pdf_is_sealed "$1" "$2" before.pdf; }

say "by its first bytes, into the document"
signet seal letter.pdf --key P-256 | grep 'letter.pdf -> letter.sealed.pdf: sealed, PAdES B-B, field "SignetSeal1"'
sealed letter.sealed.pdf 1
refuses 5 "is there already" signet seal letter.pdf --key P-256
signet seal letter.sealed.pdf --key P-256 --out twice.pdf --tsa "$TSA" --tsa-ca ca/ca.pem --json >answer
python3 - answer <<'END'
import json, sys
one = json.load(open(sys.argv[1]))["files"][0]
assert one["format"] == "pades" and one["field"] == "SignetSeal2" and one["level"] == "B-T" and "form" not in one, one
END
sealed twice.pdf 2
signet seal - --key P-256 <letter.pdf >piped.pdf
sealed piped.pdf 1
mkdir out
signet seal letter.pdf --out-dir out --key P-256 >/dev/null
sealed out/letter.pdf 1
cp letter.pdf place.pdf
signet seal place.pdf --out place.pdf --key P-256 >/dev/null
sealed place.pdf 1

say "or as CAdES where that is wished"
signet seal letter.pdf --external --key P-256 | grep "letter.pdf -> letter.pdf.p7s: sealed, CAdES B-B, external"
signet seal letter.pdf --format cades --internal --key P-256 | grep "letter.pdf.p7m: sealed, CAdES"
signet verify letter.pdf letter.pdf.p7s --trust ca/ca.pem --without-revocation >/dev/null
refuses 2 "leave out --external" signet seal letter.pdf --format pades --external --key P-256
refuses 2 "--field is for seals inside PDF documents" signet seal letter.pdf --format cades --field x --force --key P-256
refuses 2 "made like the first one" signet seal letter.sealed.pdf --add --format pades --key P-256

say "what is refused"
refuses 32 "there is no field \"office\"" signet seal letter.pdf --field office --out no.pdf --key P-256
refuses 2 "not both" signet seal letter.pdf --reason x --commitment proof-of-origin --out no.pdf --key P-256
head -c 300 letter.pdf >cut.pdf
refuses 31 "%%EOF" signet seal cut.pdf --out no.pdf --key P-256
echo "no PDF" >text
refuses 31 "%PDF-" signet seal text --format pades --out no.pdf --key P-256
signet seal letter.pdf --certify 1 --out certified.pdf --key P-256 >/dev/null
refuses 32 "SignetSeal1\" forbids it" signet seal certified.pdf --out no.pdf --key P-256
qpdf --encrypt user owner 256 -- letter.pdf locked.pdf
refuses 32 "password" signet seal locked.pdf --out no.pdf --key P-256
(umask 077 && printf owner >password)
signet seal locked.pdf --pdf-password-file password --key P-256 >/dev/null
HOME=$WORK pdfsig -upw user locked.sealed.pdf | grep -q "Signature is Valid"
[[ ! -e no.pdf ]] || fail "a refused seal left a file behind"

say "a seal without its time-stamp gets it later, without another signature"
signet seal letter.pdf --out late.pdf --key P-256 --tsa http://127.0.0.1:1/none --on-tsa-failure degrade >/dev/null 2>&1 ||
  [[ $? == 30 ]] || fail "it was not degraded"
size=$(stat -c %s late.pdf)
signet seal --resume late.pdf --tsa "$TSA" --tsa-ca ca/ca.pem | grep "late.pdf: raised"
sealed late.pdf 1
[[ $(stat -c %s late.pdf) == "$size" ]] || fail "the time-stamp was not put into the room that was left for it"
signet seal --resume late.pdf --tsa "$TSA" | grep "late.pdf: skipped"

say "a folder"
mkdir incoming outgoing finished failed
cp letter.pdf incoming
cp cut.pdf incoming/cut.pdf
cp text incoming/text
touch -d "1 minute ago" incoming/*
signet seal --watch incoming --once --out-dir outgoing --done-dir finished --failed-dir failed --key P-256 >/dev/null || true
sealed outgoing/letter.pdf 1
[[ -e outgoing/text.p7s && -e failed/cut.pdf && -e finished/letter.pdf ]] || fail "$(ls -R outgoing finished failed)"
say "all is as it should be"
