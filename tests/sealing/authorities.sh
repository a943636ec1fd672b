#!/usr/bin/env bash
# Time-stamp authorities with one fault each, alone, with another faulty one, and before a sound one: whose time-stamp is
# used, how often each is asked, what is said, `fail` and `degrade`, and --resume.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
export XDG_STATE_HOME=$WORK/state STATE_DIRECTORY=$WORK/state
with_certificate ec:P-256 seal
echo "a document" >document

# The fault, and the words that the failure says of it.
faults=(
  "wrong-nonce:nonce" "no-nonce:nonce" "wrong-imprint:another digest" "wrong-policy:policy"
  "no-eku:extended key usage" "eku-not-critical:critical" "eku-extra:extended key usage"
  "expired:not trusted" "foreign:not trusted" "no-certificates:certificate" "wrong-ess:certificate" "no-ess:does not name its signer"
  "two-signers:signer" "wrong-digest:" "no-attributes:" "sha1:" "broken-signature:signature"
  "early:clock" "late:clock" "slow:time" "drop:" "429-long:HTTP 429" "503-long:HTTP 503" "503-always:HTTP 503" "500:HTTP 500"
  "404:HTTP 404" "redirect:HTTP 302" "wrong-type:text/html" "malformed:" "empty:" "no-token:" "too-large:" "waiting:"
  "reject-badAlg:" "reject-badRequest:" "reject-badDataFormat:" "reject-timeNotAvailable:"
  "reject-unacceptedPolicy:" "reject-unacceptedExtension:" "reject-addInfoNotAvailable:" "reject-systemFailure:"
)

# seal NAME... [-- options...]: with these authorities, in this order; "" is the sound one.
seal() {
  # Keys of some authorities are made when they are asked for first.
  local list=() policy=1.3.6.1.4.1.32473.1 limit=1m
  [[ " $* " != *" slow "* ]] || limit=5s
  while [[ $# -gt 0 && $1 != -- ]]; do
    list+=(--tsa "$TSA${1:+/$1}")
    shift
  done
  [[ $# == 0 ]] || shift
  signet seal document --force --key seal "${list[@]}" --tsa-ca ca/ca.pem --tsa-policy "$policy" --tsa-limit "$limit" "$@"
}

level() { value sealed.json '["files"][0]["level"]'; }

previous=
for row in "${faults[@]}"; do
  fault=${row%%:*} words=${row#*:}
  before=$(count "/tsa/$fault" requests)
  sound=$(count /tsa requests)

  # Before a sound one: that one's time-stamp, and one request to each.
  seal "$fault" "" -- --json >sealed.json 2>told.err || fail "$fault: $(<told.err)"
  [[ $(level) == B-T && $(value sealed.json '["files"][0]["tsa"]') == "$TSA" ]] || fail "$fault: $(<sealed.json)"
  openssl_verifies document.p7s document
  asked=$(($(count "/tsa/$fault" requests) - before))
  # Busy ones that name a time within the limit are asked again.
  ((asked == 1 || (asked <= 3 && ${fault/503-always/1} == 1))) || fail "$fault was asked $asked times"
  [[ $(($(count /tsa requests) - sound)) == 1 ]] || fail "$fault: the sound authority was asked more than once"

  # Alone, and after another faulty one: nothing is written, the seal of before stays.
  cp document.p7s kept
  for first in "" ${previous:+"$previous"}; do
    refuses 33 "$words" seal ${first:+"$first"} "$fault"
    cmp -s document.p7s kept || fail "$fault: a failed seal changed the output"
    ! grep -q "no time-stamp" refused.out || fail "$fault: $(<refused.out)"
  done

  # Degraded, and raised later.
  status=0
  seal ${previous:+"$previous"} "$fault" -- --on-tsa-failure degrade --json >sealed.json 2>told.err || status=$?
  [[ $status == 30 && $(level) == B-B && $(value sealed.json '["files"][0]["status"]') == degraded ]] ||
    fail "$fault: status $status, $(<sealed.json)"
  openssl_verifies document.p7s document
  previous=$fault
done

say "three authorities, the last is sound"
seal wrong-nonce 500 "" -- --json >sealed.json 2>/dev/null
[[ $(level) == B-T && $(value sealed.json '["files"][0]["tsa"]') == "$TSA" ]]
seal wrong-nonce no-eku reject-badAlg -- --json >sealed.json 2>told.err && fail "three faulty authorities sealed B-T"
for name in wrong-nonce no-eku reject-badAlg; do
  grep -q "$TSA/$name" told.err || fail "the failure does not name $name: $(<told.err)"
done

say "policies"
for policy in 1.3.6.1.4.1.32473.1 1.3.6.1.4.1.32473.2 1.3.6.1.4.1.32473.3; do
  signet seal document --force --key seal --tsa "$TSA" --tsa-policy "$policy" >/dev/null
  signet verify document document.p7s --trust ca/ca.pem --without-revocation --json >verified.json
  [[ $(value verified.json '["signatures"][0]["timestamps"][0]["policy"]') == "$policy" ]]
done
refuses 33 "" signet seal document --force --key seal --tsa "$TSA" --tsa-policy 1.3.6.1.4.1.32473.77

say "password and client certificate"
# The authority's certificate for 127.x addresses is its own.
(umask 077 && printf 'open sesame' >tsa-password && printf 'wrong' >wrong-password)
signet seal document --force --key seal --tsa "$TLS_TSA/basic" --tsa-tls-ca ca/ca.pem --tsa-user tsa \
  --tsa-password-file tsa-password >/dev/null
refuses 33 "HTTP 401" signet seal document --force --key seal --tsa "$TLS_TSA/basic" --tsa-tls-ca ca/ca.pem --tsa-user tsa \
  --tsa-password-file wrong-password
refuses 2 "over https:// only" signet seal document --force --key seal --tsa "$TSA/basic" --tsa-user tsa \
  --tsa-password-file tsa-password
refuses 33 "" signet seal document --force --key seal --tsa "$TLS_TSA"
"$TESTCA" tls --client ca seal-client client.pem client.key
mkdir config
cat >config/signet.toml <<TOML
[seal]
key = "seal"
[[seal.tsa]]
url = "$TLS_TSA/client-certificate"
tls_ca_file = "$WORK/ca/ca.pem"
client_certificate = "$WORK/client.pem"
client_key = "$WORK/client.key"
[seal.profile.plain]
level = "B-B"
TOML
SIGNET_CONFIG=$WORK/config/signet.toml signet seal document --force --json >sealed.json
[[ $(level) == B-T ]]
SIGNET_CONFIG=$WORK/config/signet.toml signet seal document --force --profile plain --json >sealed.json
[[ $(level) == B-B ]]
SIGNET_CONFIG=$WORK/config/signet.toml refuses 2 "did you mean \"plain\"" signet seal document --profile plane

say "seals that lack their time-stamp"
rm -rf state
for name in one two three; do cp document "$name"; done
signet seal one two --key seal --tsa "$TSA/500" --on-tsa-failure degrade >/dev/null 2>&1 && fail "not degraded"
signet seal three --key seal --tsa "$TSA" >/dev/null
[[ $(find state -name '*.json' | wc -l) == 2 ]]
refuses 33 "HTTP 500" signet seal --resume --tsa "$TSA/500"
[[ $(find state -name '*.json' | wc -l) == 2 ]]
signet seal --resume --tsa "$TSA" --tsa-ca ca/ca.pem >raised
[[ $(grep -c ": raised" raised) == 2 && -z $(find state -name '*.json') ]]
for name in one two; do
  openssl_verifies "$name.p7s" "$name"
  signet verify "$name" "$name.p7s" --trust ca/ca.pem --without-revocation | grep -i "time-stamp: PASSED"
done
cp three.p7s before
signet seal --resume three.p7s --tsa "$TSA" | grep skipped
cmp three.p7s before
signet seal --resume --tsa "$TSA" | grep "no seal lacks its time-stamp"
refuses 2 "needs a time-stamp authority" signet seal --resume three.p7s
refuses 31 "is not a CMS message" signet seal --resume document --tsa "$TSA"
say "${#faults[@]} faults"
