#!/usr/bin/env bash
# Seals whose time-stamps come from the service of the key (`--tsa csc:`): the CSC API of the emulator, versions 1 and 2, with
# the trial authority behind it. Lists with other authorities, degraded seals, --resume without the PIN, and the sentences
# where there is no such service.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token emulator
serve_authority
cd "$WORK"
export XDG_STATE_HOME=$WORK/state STATE_DIRECTORY=$WORK/state
with_certificate ec:P-256 seal
echo "a document" >document
native=$SIGNET_CONFIG
LIMITS='call = "5s"'

# serve FAULT: the emulator again, with the authority at /tsa/FAULT behind it; "" is the sound one, "none" is none. Leaves
# csc1.toml and csc2.toml.
serve() {
  stop_emulator
  case $1 in
    none) start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance" ;;
    *) start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance" --csc-tsa "$TSA${1:+/$1}" ;;
  esac
  local pin version
  pin=$(sed -n 's/^ *pins *= *//p' "$native" | head -n 1)
  for version in 1 2; do
    cat >"csc$version.toml" <<TOML
[[token]]
label = "seal"
user = "seal"
dialect = "csc"
[token.csc]
secret = "file:$WORK/appliance/seal.client-secret"
[token.limits]
$LIMITS
[[token.member]]
url = "https://127.0.0.1:$(<"$WORK/appliance/ready")/csc/v$version"
pins = $pin
TOML
    chmod 600 "csc$version.toml"
  done
  export SIGNET_CONFIG=$WORK/csc2.toml
}

seal() { signet seal document --force --key seal --tsa-ca ca/ca.pem "$@"; }
sealed_by() { # AUTHORITY: of the seal that sealed.json tells
  [[ $(value sealed.json '["files"][0]["level"]') == B-T && $(value sealed.json '["files"][0]["tsa"]') == "$1" ]] ||
    fail "not a time-stamp of $1: $(<sealed.json)"
  openssl_verifies document.p7s document
  signet verify document document.p7s --trust ca/ca.pem --without-revocation >verified.txt ||
    fail "signet verify: $(<verified.txt)"
  grep -qi "time-stamp: PASSED" verified.txt
}
# The token in the seal, for `openssl ts`.
openssl_verifies_stamp() {
  python3 - <<'PY'
import subprocess
der = open("document.p7s", "rb").read()
oid = bytes.fromhex("060b2a864886f70d010910020e")  # signature-time-stamp
at = der.index(oid) + len(oid)
assert der[at] == 0x31
def header(at):
    size = der[at + 1]
    if size < 0x80:
        return at + 2, size
    return at + 2 + (size & 0x7f), int.from_bytes(der[at + 2:at + 2 + (size & 0x7f)], "big")
begin, size = header(at)
open("stamp.der", "wb").write(der[begin:begin + size])
PY
  openssl ts -reply -token_in -in stamp.der -token_out -text >stamp.txt 2>/dev/null
  grep -q "Nonce: 0x" stamp.txt || fail "$(<stamp.txt)"
  # Over the signature value, by the digest that signet tells.
  openssl ts -verify -token_in -in stamp.der -CAfile ca/ca.pem \
    -digest "$(value sealed.json '["files"][0]["signatureDigest"]')" >stamp.out 2>&1 ||
    fail "OpenSSL refuses the time-stamp: $(<stamp.out)"
}

say "both versions of the API"
serve ""
for version in 1 2; do
  export SIGNET_CONFIG=$WORK/csc$version.toml
  before=$(count /tsa requests)
  seal --tsa csc: --json >sealed.json
  sealed_by csc:
  openssl_verifies_stamp
  [[ $(($(count /tsa requests) - before)) == 1 ]] || fail "one time-stamp is not one request"
done
signet seal document --force --key seal --tsa csc: --tsa-ca ca/ca.pem --internal --json >sealed.json
openssl_verifies document.p7m

say "lists"
seal --tsa csc: --tsa "$TSA" --json >sealed.json
sealed_by csc:
seal --tsa "$TSA" --tsa csc: --json >sealed.json
sealed_by "$TSA"
seal --tsa "$TSA/wrong-nonce" --tsa csc: --json >sealed.json 2>told.err
sealed_by csc:
# What is said of https authorities is not for this one.
(umask 077 && printf 'open sesame' >tsa-password)
seal --tsa csc: --tsa "$TLS_TSA/basic" --tsa-tls-ca ca/ca.pem --tsa-user tsa --tsa-password-file tsa-password --json >sealed.json
sealed_by csc:
refuses 2 "or is csc:" seal --tsa csc:seal
refuses 2 "or is csc:" seal --tsa ldap://tsa.example

say "the configuration, and many documents"
cat >>csc2.toml <<TOML
[seal]
key = "seal"
[[seal.tsa]]
url = "csc:"
ca_file = "$WORK/ca/ca.pem"
policy = "1.3.6.1.4.1.32473.1"
TOML
signet config check csc2.toml >/dev/null
signet seal document --force --json >sealed.json
sealed_by csc:
mkdir many sealed
for number in $(seq 12); do echo "$number" >"many/$number"; done
signet seal many/* --out-dir sealed --jobs 6 >told.out
[[ $(grep -c ": sealed, CAdES B-T" told.out) == 12 ]] || fail "$(<told.out)"
sed -i 's/^policy = .*/pins = ["sha256\/\/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]/' csc2.toml
refuses 2 'beside the url "csc:" stand' signet seal document --force

say "faults of the authority behind the service"
faults=("wrong-nonce:nonce" "no-nonce:nonce" "wrong-imprint:another digest" "no-eku:extended key usage" "foreign:not trusted"
  "no-certificates:certificate" "broken-signature:signature" "late:clock" "too-large:no time-stamp" "slow:no time-stamp"
  "malformed:no time-stamp" "500:no time-stamp" "reject-badAlg:no time-stamp")
for row in "${faults[@]}"; do
  fault=${row%%:*} words=${row#*:}
  serve "$fault"
  cp document.p7s kept
  refuses 33 "$words" seal --tsa csc: --tsa-policy 1.3.6.1.4.1.32473.1
  cmp -s document.p7s kept || fail "$fault: a failed seal changed the output"
  seal --tsa csc: --tsa "$TSA" --json >sealed.json 2>told.err || fail "$fault: $(<told.err)"
  sealed_by "$TSA"
done
serve wrong-policy
refuses 33 "policy" seal --tsa csc: --tsa-policy 1.3.6.1.4.1.32473.1

say "faults of the service"
serve ""
for fault in timestamp-garbage timestamp-response; do
  curl --silent --show-error --fail --insecure --noproxy '*' --json \
    "{\"kind\": \"dialect\", \"variant\": \"$fault\", \"match\": {\"path_prefix\": \"/csc/v2/signatures/timestamp\"}}" \
    "https://127.0.0.1:$(<"$WORK/appliance/ready")/x-emulator/v1/faults" >/dev/null
  refuses 33 "csc:" seal --tsa csc:
done

say "degraded, and raised without the PIN"
serve 500
status=0
seal --tsa csc: --on-tsa-failure degrade --json >sealed.json 2>told.err || status=$?
[[ $status == 30 && $(value sealed.json '["files"][0]["level"]') == B-B ]] || fail "status $status: $(<sealed.json)"
openssl_verifies document.p7s document
refuses 33 "csc:" env -u SIGNET_PIN -u PIN "${SIGNET_TEST_COMMAND:?}" seal --resume --key seal --tsa csc: --tsa-ca ca/ca.pem
serve ""
made=$(signatures_made)
env -u SIGNET_PIN -u PIN "$SIGNET_TEST_COMMAND" seal --resume --key seal --tsa csc: --tsa-ca ca/ca.pem </dev/null >raised
grep -q ": raised" raised || fail "$(<raised)"
[[ $(signatures_made) == "$made" ]] || fail "the key signed again"
openssl_verifies document.p7s document
signet verify document document.p7s --trust ca/ca.pem --without-revocation | grep -i "time-stamp: PASSED"

say "where there is no such service"
serve none
refuses 33 "name the URL of an authority" seal --tsa csc:
seal --tsa csc: --tsa "$TSA" --json >sealed.json 2>told.err
sealed_by "$TSA"
port=$(<"$WORK/appliance/ready")
sed "s#127.0.0.1:[0-9]*#127.0.0.1:$port#" "$native" >native.toml
chmod 600 native.toml
SIGNET_CONFIG=$WORK/native.toml refuses 33 "name the URL of an authority" seal --tsa csc:
# --resume, with a token that cannot be found: the next authority.
seal --tsa csc: --on-tsa-failure degrade >/dev/null 2>&1 && fail "not degraded"
env -u SIGNET_PIN "$SIGNET_TEST_COMMAND" seal --resume --token nowhere --tsa csc: --tsa "$TSA" --tsa-ca ca/ca.pem >raised
grep -q ": raised" raised || fail "$(<raised)"

say "a service that is down"
seal --tsa csc: --on-tsa-failure degrade >/dev/null 2>&1 && fail "not degraded"
stop_emulator
refuses 33 "the appliance cannot be reached" signet seal --resume --key seal --tsa csc:
signet seal --resume --key seal --tsa csc: --tsa "$TSA" --tsa-ca ca/ca.pem >raised 2>told.err
grep -q ": raised" raised || fail "$(<raised)"

say "another maker's token"
export SIGNET_MODULE=/usr/lib/softhsm/libsofthsm2.so
use_token softhsm
with_certificate ec:P-256 other
refuses 33 "this PKCS#11 module gives no time-stamps" signet seal document --force --key other --tsa csc:
signet seal document --force --key other --tsa csc: --tsa "$TSA" --tsa-ca ca/ca.pem --json >sealed.json
sealed_by "$TSA"
