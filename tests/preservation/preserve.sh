#!/usr/bin/env bash
# `signet preserve` as a command: documents are registered, told when they are due, extended, checked, exported and imported.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
HOST=${TSA#http://}
HOST=${HOST%%:*}
TRUST=(--trust ca/root.pem --online --online-host "$HOST")
STAMPS=(--tsa "$TSA" --tsa-ca ca/ca.pem)
EVER=20000d # longer than the trial authority lasts

# preserve STATUS COMMAND [OPTIONS...]: with the register "register"; what it says is in report and told.
preserve() {
  local wanted=$1 command=$2 status=0
  shift 2
  signet preserve "$command" --register register "$@" >report 2>told || status=$?
  [[ $status == "$wanted" ]] || fail "status $status instead of $wanted: preserve $command $*: $(<report) $(<told)"
}
has() { grep -qF -- "$1" report || fail "no \"$1\" in: $(<report) $(<told)"; }
tells() { grep -qF -- "$1" told || fail "no \"$1\" in: $(<told)"; }

say "registering a folder"
mkdir archive
for name in first second third; do
  "$ROOT/scripts/make-pdf.py" "$name.pdf"
  signet seal "$name.pdf" --out "archive/$name.pdf" --key P-256 --chain ca/ca.pem "${STAMPS[@]}" >/dev/null
done
echo "not sealed" >archive/note.txt
cp archive/first.pdf before.pdf
preserve 0 add archive "${TRUST[@]}"
has "PAdES B-T, TOTAL-PASSED"
has "3 registered"
preserve 0 list --json
for at in 0 1 2; do
  of="[\"documents\"][$at]"
  [[ $(value report "${of}[\"level\"], document${of}[\"verdict\"]") == "('B-T', 'TOTAL-PASSED')" ]] || fail "$(<report)"
done

say "what is due"
preserve 0 due --within 30d
preserve 43 due --within "$EVER"
[[ $(grep -c "archive/" report) == 3 ]] || fail "$(<report)"

say "documents that were changed, or are gone"
printf '%%' >>archive/second.pdf
mv archive/third.pdf third.pdf
preserve 44 run --within "$EVER" "${TRUST[@]}" "${STAMPS[@]}"
has "1 extended, 1 changed, 1 missing"
for name in second third; do
  [[ $(grep -oF "archive/$name.pdf" told | wc -l) == 1 ]] || fail "a document is not named once: $(<told)"
done
cmp -n "$(stat -c %s before.pdf)" before.pdf archive/first.pdf || fail "the document was changed"
signet verify archive/first.pdf "${TRUST[@]}" | grep -q "B-LTA" || fail "it is not at level B-LTA"
preserve 0 list --problems
has "archive/second.pdf"
has "archive/third.pdf"

say "nothing is extended twice"
cp archive/first.pdf after.pdf
preserve 0 run --within 30d "${TRUST[@]}" "${STAMPS[@]}"
cmp after.pdf archive/first.pdf || fail "it was extended again"

say "the suite of the configuration"
cat >preserve.toml <<END
[preserve]
suite = "119312-2.1.1"
END
SIGNET_CONFIG=$PWD/preserve.toml preserve 44 check "${TRUST[@]}"
preserve 0 list --json
[[ $(value report '["documents"][0]["suite"]') == 119312-2.1.1 ]] || fail "$(<report)"
preserve 44 check "${TRUST[@]}"
preserve 0 list --json
[[ $(value report '["documents"][0]["suite"]') == 119312-1.5.1 ]] || fail "$(<report)"

say "export, import, removal"
preserve 0 remove archive/second.pdf archive/third.pdf
preserve 0 export --out exported
signet preserve import exported --register other >report
signet preserve list --register other --json >other.json
preserve 0 list --json
cmp report other.json || fail "the imported register differs"

say "wrong usage"
preserve 2 check "${TRUST[@]}" --online-proxy https://proxy.example:3128
tells "does not begin with http://"
preserve 2 add archive --trust nothing-there
tells "nothing-there"
preserve 2 export --out
