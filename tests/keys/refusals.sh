#!/usr/bin/env bash
# What `signet` refuses, each with its sentence and its exit status: refusals.sh emulator|softhsm
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

kind=${1:?emulator or softhsm}
here=$(realpath "$(dirname "$0")")
use_token "$kind"
new_root root
new_root stranger
new_issuer issuing root
cd "$WORK"

signet key generate --type rsa:2048 --label seal --id 01 >/dev/null 2>&1
signet key generate --type ec:P-256 --label other --id 02 >/dev/null 2>&1
signet csr seal --subject CN=seal --out seal.csr

say "certificates that do not fit"
other_request other.csr ec -pkeyopt ec_paramgen_curve:P-256
issue other.csr other.pem
refuses 20 "for a key that is not on the token" signet cert import other.pem
issue seal.csr good.pem
refuses 20 'for the key "seal" (id 01), not for label "other"' signet cert import good.pem --key other
WHEN=-400d issue seal.csr expired.pem
refuses 21 "has expired, on 20" signet cert import expired.pem
WHEN=+400d issue seal.csr future.pem
refuses 22 "is not valid before 20" signet cert import future.pem
refuses 23 "unable to get" signet cert import good.pem issuing.pem --roots stranger.pem
refuses 23 "unable to get" signet cert import good.pem --roots root.pem
other_request weak.csr rsa:1024
issue weak.csr weak.pem
refuses 24 "too short (rsa:1024)" signet cert import weak.pem
issue seal.csr sha1.pem -sha1
refuses 25 "signed with ecdsa-with-SHA1, which is no longer safe" signet cert import sha1.pem
refuses 12 "is not a certificate" signet cert import seal.csr
refuses 3 "cannot read" signet cert import nothing.pem
[[ -z $(signet cert list | tail -n +2) ]] || fail "something was stored"
signet cert import good.pem issuing.pem --roots root.pem >/dev/null
refuses 26 'is on the token already, as "seal"' signet cert import good.pem issuing.pem --roots root.pem
issue seal.csr second.pem
signet cert import second.pem >/dev/null
refuses 4 "several certificates fit: serial " signet cert show seal
serial=$(openssl x509 -in second.pem -noout -serial | sed 's/serial=//')
refuses 12 "is not hexadecimal" signet cert show seal --serial "0x$serial"
refuses 3 "and serial 00${serial,,} on the token" signet cert show seal --serial "00$serial"
signet cert show seal --serial "${serial,,}" >/dev/null
signet cert show seal --serial "$(sed 's/../&:/g; s/:$//' <<<"$serial")" >/dev/null
signet cert delete seal --serial "$serial" --yes

say "an issuer that is too weak, or no longer valid"
new_root weak-root rsa:1024
openssl x509 -req -in seal.csr -CA weak-root.pem -CAkey weak-root.key -days 30 -out by-weak.pem 2>>openssl.log
refuses 24 "CA certificate key too weak" signet cert import by-weak.pem --roots weak-root.pem
faketime -f -4000d openssl x509 -req -in issuing.csr -CA root.pem -CAkey root.key -days 100 -out old.pem \
  -extfile <(echo "basicConstraints = critical,CA:TRUE") 2>>openssl.log
refuses 21 "certificate of O=Signet trial,CN=issuing" signet cert import second.pem old.pem --roots root.pem

say "PINs"
refuses 2 "" signet key list --pin 1234
refuses 6 "shows the PIN to everybody" signet csr "pkcs11:token=seal;object=seal?pin-value=1234" --subject CN=x
printf 'wrong-pin' >wrong
chmod 600 wrong
refuses 6 "the PIN is wrong" signet key list --pin-file wrong
chmod 644 wrong
refuses 6 "can be read by" signet key list --pin-file wrong
(
  unset SIGNET_PIN
  signet key list --pin-file pin | grep -q "^seal"
  signet csr "pkcs11:token=seal;object=seal?pin-source=file:$WORK/pin" --subject CN=x >/dev/null
  SIGNET_MODULE=/nonexistent signet csr seal --token "pkcs11:token=seal?module-path=$MODULE&pin-source=$WORK/pin" \
    --subject CN=x >/dev/null
  refuses 6 "no terminal to ask at" setsid --wait "$SIGNET_TEST_COMMAND" key list
  ANSWER=$PIN python3 "$here/at_terminal.py" "$SIGNET_TEST_COMMAND" key list >shown.txt
  grep -q '^PIN of the token "seal": ' shown.txt
  grep -q "^seal  *01" shown.txt
  if grep -qF "$PIN" shown.txt; then fail "the PIN was shown"; fi
)

say "DER is not for a terminal"
csr_at_terminal() { script --quiet --return --command "'$SIGNET_TEST_COMMAND' csr seal --subject CN=x $1" /dev/null </dev/null; }
csr_at_terminal "" >shown.txt
grep -q "BEGIN CERTIFICATE REQUEST" shown.txt
if csr_at_terminal --der >shown.txt; then fail "DER was written to a terminal"; fi
grep -q "DER is not written to a terminal" shown.txt
signet csr seal --subject CN=x --der | openssl req -inform DER -noout -verify 2>&1 | grep -q "verify OK"

say "names that fit nothing, or too much"
refuses 3 'there are: "seal"' signet key list --token nowhere
refuses 3 "cannot load the PKCS#11 module" signet key list --module /nonexistent.so
refuses 3 'no key with label "nothing"' signet csr nothing --subject CN=x
refuses 12 "not hexadecimal" signet csr seal --id xyz --subject CN=x
refuses 3 "no certificate with label" signet csr seal --like "$(printf '%0300d' 0)"
refuses 12 "is not a name attribute" signet csr seal --subject nonsense=x
refuses 12 "must begin with DNS:" signet csr seal --subject CN=x --san seal.example
refuses 12 "is not a key usage" signet csr seal --subject CN=x --key-usage sealing
signet key generate --type ec:P-256 --label other --id 03 >/dev/null 2>&1
refuses 4 'several keys fit: label "other", id 02; label "other", id 03' signet csr other --subject CN=x
status=0
signet csr nothing --subject CN=x >/dev/null 2>&1 || status=$?
[[ $status == 3 ]]
signet key list --module /nonexistent.so --json >error.json 2>/dev/null && fail "no failure"
[[ $(value error.json '["status"]') == 3 ]]

[[ $kind == emulator ]] || exit 0 # the rest is what only an appliance has

say "a key that the appliance has disabled"
key_id=$(pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN --list-objects --type privkey \
  2>/dev/null | awk '$1 == "label:" { label = $2 } $1 == "Unique" && label == "seal" { print $3; exit }')
key_id=${key_id%.private}
"$SIGNET_TEST_EMULATOR" account appliance seal --disable-key "$key_id" >/dev/null
refuses 8 'the key "seal" is disabled' signet csr seal --subject CN=x
signet key list | grep -E "^seal +01 +rsa:2048 +disabled"
"$SIGNET_TEST_EMULATOR" account appliance seal --enable-key "$key_id" >/dev/null
signet csr seal --subject CN=x >/dev/null

say "a key whose signatures want a second credential"
(umask 077 && printf 'second secret' >second && printf 'not it' >wrong2)
"$SIGNET_TEST_EMULATOR" account appliance seal --sign-credential password --sign-password-file second >/dev/null
refuses 6 "second credential" setsid --wait "$SIGNET_TEST_COMMAND" csr seal --subject CN=x
refuses 6 "the PIN is wrong" signet csr seal --subject CN=x --sign-pin-file wrong2
signet csr seal --subject CN=x --sign-pin-file second | openssl req -verify -noout 2>&1 | grep "verify OK"
SIGNET_SIGN_PIN="second secret" signet csr seal --subject CN=x | openssl req -verify -noout 2>&1 | grep "verify OK"
"$SIGNET_TEST_EMULATOR" account appliance seal --sign-credential none >/dev/null

say "the appliance's limits"
"$SIGNET_TEST_EMULATOR" account appliance seal --key-limit 3 --certificate-limit 2 >/dev/null
refuses 7 "limit of keys or certificates is reached" signet key generate --type ec:P-256 --label more
signet csr other --id 02 --subject CN=other --out other.csr
issue other.csr other.pem
refuses 7 "limit of keys or certificates is reached" signet cert import other.pem

say "a size that the appliance does not make"
refuses 10 "the token makes RSA keys of 2048 to 4096 bits, not rsa:8192" signet key generate --type rsa:8192 --label large

say "an appliance that is down"
stop_emulator
refuses 9 "" signet key list
