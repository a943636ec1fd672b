#!/usr/bin/env bash
# `signet renew` where things are not as they should be: what is refused, by whom, and that the next run goes on from
# there with the same key. On an emulated appliance, or on a plain SoftHSMv2 token.
#
#   refusals.sh [--softhsm]
# shellcheck disable=SC2119,SC2120  # options are given where there are any
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
cd "$WORK"

# refused STATUS TEXT COMMAND...: the command fails with this status and says this.
refused() {
  local wanted=$1 text=$2 status=0
  shift 2
  "$@" >out.txt 2>err.txt || status=$?
  [[ $status == "$wanted" ]] || fail "status $status, not $wanted: $* $(<err.txt)"
  grep -qF "$text" err.txt || fail "\"$text\" is not said by $*: $(<err.txt)"
}

# answer_with FILE: the program that carries the request to the authority brings this instead.
answer_with() {
  printf '#!/bin/sh\ncat "%s"\n' "$1" >"$WORK/other-ca"
  chmod 700 "$WORK/other-ca"
}
other_ca() { renew --due 365d --ca-command "$WORK/other-ca" "$@"; }

has_keys() {
  [[ $(objects privkey | paste -sd,) == "$1" ]] || fail "the token has the keys $(objects privkey | paste -sd,), not $1"
}

if [[ ${1:-} == --softhsm ]]; then make_softhsm; else start_appliance; fi
make_ca
first_certificate ec:P-256 seal

say "== What would be due again at once is refused before anything is made, and so is a command that cannot be run"
refused 1 "was issued for 365 days" renew --due 400d
refused 1 "was issued for 365 days" renew --due 400d --dry-run
printf '#!/bin/sh\nexit 0\n' >unsafe-ca
chmod 777 unsafe-ca
refused 1 "chmod go-w" renew --due 365d --ca-command "$WORK/unsafe-ca"
chmod 600 unsafe-ca
refused 1 "unsafe-ca: " renew --due 365d --ca-command "$WORK/unsafe-ca"
refused 1 "nothing was made" renew --due 365d --ca-command "$WORK/no-such-ca"
has_keys "seal"
[[ -z $(find "$STATE" -name "*.json" 2>/dev/null) ]] || fail "a renewal that was refused was begun"

say "== Without a way to the authority the request waits in a file"
renew --due 365d | tee out.txt
grep -q "^seal: .*waits for its answer; the request is $STATE/.*\.p7m\$" out.txt || fail "it does not wait"
has_keys "seal,seal (next)"
request=$(echo "$STATE"/*.p7m)
cp "$request" first.p7m
openssl cms -verify -binary -inform DER -in "$request" -CAfile ca/ca.pem -purpose any -out inner.csr
openssl req -inform DER -in inner.csr -verify -noout 2>&1 | grep "verify OK"
certtool --crq-info --inder --infile inner.csr >certtool.txt
grep -q "Signature Algorithm: ECDSA-SHA256" certtool.txt
grep -qi "self signature: verified" certtool.txt || fail "$(<certtool.txt)"
renew --due 365d --json >out.txt
grep -q '"step": "requested"' out.txt || fail "it is not waiting: $(<out.txt)"
cmp first.p7m "$request"
printf '#!/bin/sh\nexit 0\n' >other-ca && chmod 700 other-ca
other_ca | grep "waits for its answer"

say "== Another journal is refused by the name of the key that waits, and makes nothing"
STATE=$WORK/other-journal
new_id=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["new_id"])' state/*.json)
refused 5 "the key \"seal (next)\" (id $new_id)" renew --due 365d
refused 5 "signet key delete \"seal (next)\" --id $new_id" renew --due 365d --dry-run
has_keys "seal,seal (next)"
STATE=$WORK/state

say "== A request that has waited too long is a failure, and so is one whose certificate has ended"
CLOCK=(later 6)
renew >out.txt
CLOCK=(later 8)
refused 14 "has waited for its answer since" renew
renew --max-wait 9d >out.txt
CLOCK=(later 366)
refused 14 "the certificate ends on" renew --max-wait 400d
CLOCK=()

say "== An answer that does not fit is refused and forgotten"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout stranger.key -subj "/CN=seal" -out stranger.csr
"$TESTCA" issue ca stranger.csr stranger.pem
answer_with "$WORK/stranger.pem"
refused 20 "for a key that is not on the token" other_ca
refused 20 "no certificate for the key of a waiting renewal" renew --answer stranger.pem --json
[[ $(python3 -c 'import json, sys; print(json.load(sys.stdin)["status"])' <out.txt) == 20 ]] || fail "$(<out.txt)"
answer_with "$WORK/first.p7m"
refused 20 "" other_ca
"$TESTCA" init other
"$TESTCA" issue other inner.csr other.pem
answer_with "$WORK/other.pem"
refused 23 "" other_ca --roots ca/ca.pem
"$TESTCA" issue ca inner.csr short.pem --days 1
answer_with "$WORK/short.pem"
refused 1 "no later than the old one" other_ca --roots ca/ca.pem
"$TESTCA" issue ca inner.csr soon.pem --days 366
answer_with "$WORK/soon.pem"
refused 1 "would be due again at once" other_ca --roots ca/ca.pem
"$TESTCA" issue ca inner.csr future.pem --start 20980101000000Z --end 20990101000000Z
answer_with "$WORK/future.pem"
refused 22 "" other_ca --roots ca/ca.pem
"$TESTCA" issue ca inner.csr past.pem --start 20000101000000Z --end 20010101000000Z
answer_with "$WORK/past.pem"
refused 21 "" other_ca --roots ca/ca.pem
has_keys "seal,seal (next)"

say "== What the authority refuses"
answer() { "$TESTCA" renew ca "$1" answer.pem; }
cp first.p7m tampered.p7m
change_byte tampered.p7m $(($(stat -c %s first.p7m) - 1))
refused 3 "refused: bad-seal" answer tampered.p7m
"$TESTCA" issue ca stranger.csr neighbour.pem
openssl cms -sign -binary -nodetach -in inner.csr -signer neighbour.pem -inkey stranger.key -outform DER -out neighbour.p7m
refused 3 "refused: subject" answer neighbour.p7m
CLOCK=(later 400)
refused 1 "the request is kept" ask_ca
grep -q "refused: expired" err.txt || fail "the authority's reason is not shown: $(<err.txt)"
CLOCK=()
has_keys "seal,seal (next)"

say "== The right answer ends it, with the key that was waiting"
cp seal.pem old.pem
"$TESTCA" renew ca first.p7m answer.pem --days 400
refused 23 "" renew --answer answer.pem --roots other/ca.pem
renew --answer answer.pem --roots ca/ca.pem | tee out.txt
grep -q "^seal: .*is renewed" out.txt || fail "it is not renewed"
until=$(date -u -d "$(openssl x509 -in old.pem -noout -enddate | sed 's/.*=//')" +%F)
has_keys "seal,seal (until $until)"
signet cert export seal --out new.pem
cmp <(openssl x509 -in new.pem -noout -pubkey) <(openssl req -inform DER -in inner.csr -noout -pubkey)
[[ $(renew) == "nothing ends within 30d" ]] || fail "something is still due"

if [[ ${1:-} != --softhsm ]]; then
  say "== doctor knows the superseded certificate, tries the new one's key, and names the issuer that is missing"
  "$SIGNET" doctor --pin-file pin --require-signature >doctor.txt || fail "$(<doctor.txt)"
  grep "\"seal (until $until)\" .*: superseded by \"seal\"" doctor.txt
  grep 'key "seal" signs' doctor.txt
  grep '"seal" .*; its chain is on the token up to .*; the issuer of that (.*) is not' doctor.txt
fi

say "== The other journal sees that nothing is left to do"
STATE=$WORK/other-journal
renew --json >out.txt
grep -q '"step": "superseded"' out.txt || fail "$(<out.txt)"
has_keys "seal,seal (until $until)"
STATE=$WORK/state

say "== A revoked certificate"
"$TESTCA" revoke ca new.pem
refused 1 "the request is kept" ask_ca --due 400d
grep -q "refused: revoked" err.txt || fail "the authority's reason is not shown: $(<err.txt)"
has_keys "seal,seal (next),seal (until $until)"

say "== An expired certificate seals nothing"
CLOCK=(later 800)
STATE=$WORK/another-state
refused 21 "can seal no request any more" renew
[[ -z $(find "$STATE" -name "*.json") ]] || fail "a renewal that cannot be was begun"

say "== An Ed25519 key signs no message, and nothing is made"
CLOCK=()
STATE=$WORK/edwards-state
first_certificate Ed25519 edwards
refused 10 "Ed25519" renew edwards --due 365d
[[ -z $(find "$STATE" -name "*.json") ]] || fail "a renewal that cannot be was begun"
signet key delete edwards --with-certificates --yes

say "== An RSA key that the suite ends is followed by a longer one"
STATE=$WORK/suite-state
ended="by the suite 119312-2.1.1, rsa:2048 keys are good until 2026-12-31 only"
first_certificate rsa:2048 short --days 364
renew short --due 364d --dry-run >out.txt 2>err.txt
grep -qx "short: the new key is rsa:3072, not rsa:2048: $ended" out.txt || fail "the other kind is not said: $(<out.txt)"
[[ ! -s err.txt ]] || fail "$(<err.txt)"
renew short --due 364d --dry-run --type rsa:2048 --json >out.txt 2>err.txt
grep -qx "signet: warning: short: $ended" err.txt || fail "the given kind is not warned of: $(<err.txt)"
grep -q '"keyType": "rsa:2048"' out.txt || fail "the given kind does not win: $(<out.txt)"
sed 's/2027-01-01/2999-01-01/' "$ROOT/crypto/suites/119312-2.1.1.json" >house.json
renew short --due 364d --dry-run --suite ./house.json --json >out.txt 2>err.txt
grep -q '"keyType": "rsa:2048"' out.txt || fail "the named suite does not count: $(<out.txt)"
[[ ! -s err.txt ]] || fail "the named suite does not count: $(<err.txt)"
refused 12 "the suite \"nothing\": there is no suite of this name" renew short --due 364d --suite nothing
[[ -z $(find "$STATE" -name "*.json") ]] || fail "a renewal that was refused was begun"
if [[ ${1:-} != --softhsm ]]; then
  "$SIGNET" doctor --pin-file pin >doctor.txt || fail "$(<doctor.txt)"
  grep -q 'key "short" (rsa:2048): by the suite 119312-2.1.1, no certificate for it can be issued or renewed after 2026-12-31' \
    doctor.txt || fail "doctor does not warn: $(<doctor.txt)"
fi
renew short --due 364d | tee short.txt
grep -qx "short: the new key is rsa:3072, not rsa:2048: $ended" short.txt || fail "the other kind is not said"
python3 - "$STATE"/*.json <<END
import json, sys
record = json.load(open(sys.argv[1]))
assert record["key_type"] == "rsa:3072", record
assert record["key_type_reason"] == "the new key is rsa:3072, not rsa:2048: $ended", record
END
"$TESTCA" renew ca "$(sed -n 's/^short: .*the request is //p' short.txt)" short-answer.pem --days 400
renew --answer short-answer.pem --roots ca/ca.pem | grep "^short: .*is renewed"
signet cert export short --out short-new.pem
openssl x509 -in short-new.pem -noout -text | grep "(3072 bit)"
if [[ ${1:-} != --softhsm ]]; then
  "$SIGNET" doctor --pin-file pin >doctor.txt || fail "$(<doctor.txt)"
  ! grep -q "rsa:2048" doctor.txt || fail "doctor still warns of what is superseded: $(<doctor.txt)"
fi
retired="short (until $(date -u -d "$(openssl x509 -in short.pem -noout -enddate | sed 's/.*=//')" +%F))"
for label in short "$retired"; do signet key delete "$label" --with-certificates --yes; done

say "== Of two that wait, one goes on: the one that is named, or that the answer is for"
CLOCK=()
STATE=$WORK/two-state
first_certificate ec:P-256 one --days 364
first_certificate ec:P-256 two --days 364
renew one --due 364d | tee one.txt
renew two --due 364d | tee two.txt
[[ $(grep -c "waits for its answer" two.txt) == 1 ]] || fail "not only the named one went on: $(<two.txt)"
"$TESTCA" renew ca "$(sed -n 's/^one: .*the request is //p' one.txt)" one-answer.pem --days 380
"$TESTCA" renew ca "$(sed -n 's/^two: .*the request is //p' two.txt)" two-answer.pem --days 380
refused 20 "no certificate for the key of a waiting renewal" renew two --answer one-answer.pem
renew --answer one-answer.pem | tee out.txt
grep -q "^one: .*is renewed" out.txt || fail "the answered one is not renewed"
grep -q "^two: .*waits for its answer" out.txt || fail "the other one does not wait on"

say "== What was renewed by hand meanwhile is not renewed twice"
STATE=$WORK/hand-state
first_certificate ec:P-256 three --days 364
renew three --due 364d | tee out.txt
"$TESTCA" renew ca "$(sed -n 's/^three: .*the request is //p' out.txt)" three-answer.pem --days 380
signet key generate --type ec:P-256 --label by-hand
signet csr by-hand --subject "$SUBJECT" --out by-hand.csr
"$TESTCA" issue ca by-hand.csr by-hand.pem --days 500
signet cert import by-hand.pem --label three
renew --answer three-answer.pem | grep "^three: .*was renewed by another machine or user"
! objects privkey | grep -qxF "three (next)" || fail "its key is left"
[[ $(objects cert | grep -cxF three) == 2 ]] || fail "the token has $(objects cert)"
STATE=$WORK/two-state

[[ ${1:-} != --softhsm ]] || exit 0 # the rest needs faults

say "== A leftover that cannot be deleted keeps no other renewal back"
new_id=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["new_id"])' "$(grep -l '"step": *"done"' "$STATE"/*.json)")
make_key EC:prime256v1 "$new_id" "one (next)"
url=$(sed -n 's/^ *url = "\(.*\)\/dsa\/v1"$/\1/p' appliance/client.toml)
curl --silent --fail --insecure --header "Content-Type: application/json" --data \
  '{"match": {"method": "DELETE"}, "kind": "status", "status": 403, "sapiCode": "0x900201EB", "times": 0}' \
  "$url/x-emulator/v1/faults"
status=0
renew --answer two-answer.pem >out.txt 2>err.txt || status=$?
[[ $status != 0 && -s err.txt ]] || fail "nothing is said of the leftover"
grep -q "^two: .*is renewed" out.txt || fail "the other is not renewed: $(<out.txt) $(<err.txt)"
curl --silent --fail --insecure --request DELETE "$url/x-emulator/v1/faults"
renew
! objects privkey | grep -qxF "one (next)" || fail "the leftover is still there"

say "== Each of several says by itself why it cannot go on"
(umask 077 && printf 'second secret' >second)
"$SIGNET_TEST_EMULATOR" account appliance seal --sign-credential password --sign-password-file second >/dev/null
STATE=$WORK/third-state
refused 6 "needs a second credential" renew --due 380d
[[ $(grep -c "needs a second credential" err.txt) == 2 ]] || fail "not so for both: $(<err.txt)"

say "== A broken record is named, and stops only its own renewal"
"$SIGNET_TEST_EMULATOR" account appliance seal --sign-credential none >/dev/null
renew one --due 380d | tee one.txt
grep -q "^one: .*waits for its answer" one.txt || fail "it does not wait"
record=$(grep -l '"key_label": *"6f6e65"' "$STATE"/*.json) # "one"
echo '{' >"$record"
mkfifo "$STATE/fifo.json"
refused 12 "$record is not a record of a renewal" renew --due 380d
grep -qF "$STATE/fifo.json: it is not a regular file" err.txt || fail "the FIFO is not named: $(<err.txt)"
grep -q "^two: .*waits for its answer" out.txt || fail "the other does not go on: $(<out.txt)"
! grep -q "^one: " out.txt || fail "its renewal was begun again: $(<out.txt)"
