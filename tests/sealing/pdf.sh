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
refuses 5 "--force replaces it" signet seal place.pdf --out place.pdf --key P-256
cmp letter.pdf place.pdf
signet seal place.pdf --out place.pdf --force --key P-256 >/dev/null
sealed place.pdf 1

say "each document has a place of its own"
mkdir -p one two "in turn"
cp letter.pdf one/same.pdf
cp letter.pdf two/same.pdf
cp letter.pdf "in turn/a.pdf"
cp letter.pdf "in turn/a.sealed.pdf"
ln -s one link
refuses 2 "would both be sealed as" signet seal one/same.pdf two/same.pdf --out-dir out --key P-256
refuses 2 "would both be sealed as" signet seal one/same.pdf "$WORK/link/same.pdf" --key P-256
refuses 2 "would be replaced by the seal of" signet seal "in turn/a.pdf" "in turn/a.sealed.pdf" --force --key P-256
[[ ! -e one/same.sealed.pdf && ! -e out/same.pdf ]] || fail "something was sealed"
cmp letter.pdf "in turn/a.sealed.pdf"

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
signet seal --resume late.pdf --tsa "$TSA" | grep "late.pdf: skipped (no seal lacks a time-stamp)"
refuses 5 "--force replaces it" signet seal --resume late.pdf --out late.pdf --tsa "$TSA"

say "bytes in front of a document do not hide it from --resume"
{ echo "mail header: a document follows" && cat letter.pdf; } >behind.pdf
export XDG_STATE_HOME=$WORK/state
signet seal behind.pdf --format pades --key P-256 --tsa http://127.0.0.1:1/none --on-tsa-failure degrade >/dev/null 2>&1 ||
  [[ $? == 30 ]] || fail "it was not degraded"
signet seal --resume --tsa "$TSA" | grep "behind.sealed.pdf: raised"

say "one that has another seal over it, or no room, or no seal, never gets one: that is said, and not tried again"
nowhere=(--tsa http://127.0.0.1:1/none --on-tsa-failure degrade)
for level in B-B B-T; do
  signet seal letter.pdf --out "under-$level.pdf" --key P-256 "${nowhere[@]}" >/dev/null 2>&1 || [[ $? == 30 ]]
  signet seal "under-$level.pdf" --out "under-$level.pdf" --force --key P-256 --level "$level" --tsa "$TSA" >/dev/null
done
signet seal --resume --tsa "$TSA" >resumed
[[ $(grep -c "skipped (the seal that lacks its time-stamp has a later signature over it" resumed) == 2 ]] ||
  fail "$(<resumed)"
signet seal --resume --tsa "$TSA" | grep "no seal lacks its time-stamp"
signet seal letter.pdf --out later.pdf --key P-256 "${nowhere[@]}" >/dev/null 2>&1 || [[ $? == 30 ]]
signet seal letter.pdf --out later.pdf --force --key P-256 >/dev/null
refuses 32 "has no room for a time-stamp" signet seal --resume --tsa "$TSA"
signet seal --resume --tsa "$TSA" | grep "no seal lacks its time-stamp"
refuses 31 "there is nothing to resume; signet seal without --resume seals it" signet seal --resume letter.pdf --tsa "$TSA"
unset XDG_STATE_HOME

say "a picture"
look=(--text Sealed --key P-256)
signet seal letter.pdf --preview page.png "${look[@]}" | grep "nothing was sealed"
[[ $(head -c 4 page.png | tail -c 3) == PNG ]]
refuses 2 "--preview" signet seal letter.pdf --preview other.png --json "${look[@]}"
refuses 2 "--preview" signet seal letter.pdf --preview other.png --out x.pdf "${look[@]}"
refuses 2 "--preview" signet seal letter.pdf --preview other.png --out-dir out "${look[@]}"
refuses 2 "name of a file" signet seal letter.pdf --preview - "${look[@]}"
[[ ! -e other.png && ! -e x.pdf && ! -e - ]] || fail "something was written"
# What draws it gets neither variables nor descriptors of ours.
mkdir fake
cat >fake/pdftoppm <<END
#!/bin/sh
env >"$WORK/seen.env"
ls /proc/\$\$/fd >"$WORK/seen.fds"
exec $(command -v pdftoppm) "\$@"
END
chmod +x fake/pdftoppm
PATH=$WORK/fake:$PATH signet seal letter.pdf --preview other.png "${look[@]}" 7</dev/null >/dev/null
[[ -s other.png ]]
! grep -q "SIGNET\|$SIGNET_PIN" seen.env || fail "$(<seen.env)"
! grep -qx 7 seen.fds || fail "descriptors: $(<seen.fds)"
# One that writes without an end is not waited for where the picture cannot be written.
printf '#!/bin/sh\nexec yes\n' >fake/pdftoppm
(
  trap '' XFSZ
  ulimit -f 200
  PATH=$WORK/fake:$PATH refuses 1 "File too large" timeout 30 "$SIGNET_TEST_COMMAND" seal letter.pdf --preview endless.png "${look[@]}"
)
[[ ! -e endless.png ]]

say "looks that are wrong for every document are wrong usage"
refuses 2 "--visible page: it has no value" signet seal letter.pdf --visible page --out no.pdf --key P-256
refuses 2 'did you mean "width"' signet seal letter.pdf --visible widht=30 --out no.pdf --key P-256
refuses 2 "at most 14400 points" signet seal letter.pdf --visible x=20000 --out no.pdf --key P-256
for box in width=0 height=0 width=14401; do
  refuses 2 "of more than 0 and at most 14400 points" signet seal letter.pdf --visible $box --out no.pdf --key P-256
done
refuses 2 "1 to 1000 points" signet seal letter.pdf --visible size=0.5 --out no.pdf --key P-256
refuses 32 "not on the page" signet seal letter.pdf --visible width=2000 --out no.pdf --key P-256
refuses 2 "every line of its text was" signet seal letter.pdf --text '{reason}' --out no.pdf --key P-256

say "a folder"
for option in --force --skip-existing "--out x"; do
  # shellcheck disable=SC2086  # two words
  refuses 2 "--watch" signet seal --watch incoming $option --out-dir out --done-dir out --failed-dir out --key P-256
done
mkdir incoming outgoing finished failed
cp letter.pdf incoming
cp cut.pdf incoming/cut.pdf
cp text incoming/text
touch -d "1 minute ago" incoming/*
signet seal --watch incoming --once --out-dir outgoing --done-dir finished --failed-dir failed --key P-256 >/dev/null || true
sealed outgoing/letter.pdf 1
[[ -e outgoing/text.p7s && -e failed/cut.pdf && -e finished/letter.pdf ]] || fail "$(ls -R outgoing finished failed)"
say "all is as it should be"
