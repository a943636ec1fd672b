#!/usr/bin/env bash
# `signet sign`, `verify` and `token change-pin`, judged by OpenSSL and GnuTLS: signatures.sh emulator|softhsm
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
new_issuer issuing root
cd "$WORK"
head -c 1000000 /dev/urandom >document
head -c 65536 /dev/urandom >message

# with_certificate TYPE LABEL: a key, LABEL.pem and LABEL.pub
with_certificate() {
  signet key generate --type "$1" --label "$2" >/dev/null 2>&1
  signet csr "$2" --subject "CN=$2" --out "$2.csr"
  issue "$2.csr" "$2.pem"
  openssl x509 -in "$2.pem" -pubkey -noout -out "$2.pub"
}

# good LABEL OPENSSL-HASH [options of signet...]: OpenSSL accepts it, and so does signet, with either source of the key.
good() {
  local label=$1 hash=$2 pss=()
  shift 2
  [[ " $* " != *" --pss "* ]] || pss=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest)
  signet sign "$label" document --out "$label.sig" "$@" | grep "signed with the .* key \"$label\""
  openssl dgst "-$hash" "${pss[@]}" -verify "$label.pub" -signature "$label.sig" document
  signet verify document "$label.sig" --cert "$label.pem" "$@" | grep "the signature is valid"
  signet verify document "$label.sig" --key "$label" "$@" | grep "the signature is valid"
}

say "RSA and ECDSA"
with_certificate rsa:2048 rsa
with_certificate ec:P-256 p256
with_certificate ec:P-384 p384
with_certificate ec:P-521 p521
good rsa sha256
good rsa sha512 --hash SHA512
good rsa sha256 --pss
good rsa sha384 --pss --hash SHA384
good p256 sha256
good p384 sha384
good p521 sha512
good p256 sha512 --hash sha512

say "JSON"
signet sign rsa document --out rsa.sig --pss --json >signed.json
[[ $(value signed.json '["algorithm"]') == "RSA-PSS with SHA256" && $(value signed.json '["key"]["label"]') == rsa ]]
[[ $(value signed.json '["hash"]') == SHA256 && $(value signed.json '["signature"]') == rsa.sig ]]
signet verify document rsa.sig --cert rsa.pem --pss --json >verified.json
[[ $(value verified.json '["valid"]') == True ]]

say "signatures of something else, by somebody else, made in another way"
cp document changed
printf x >>changed
refuses 27 "is not a signature" signet verify changed rsa.sig --cert rsa.pem --pss
refuses 27 "is not a signature" signet verify document rsa.sig --cert rsa.pem
refuses 27 "is not a signature" signet verify document rsa.sig --cert rsa.pem --pss --hash SHA512
refuses 27 "is not a signature" signet verify document rsa.sig --cert p256.pem

: >empty
refuses 27 "is not a signature" signet verify document empty --cert p256.pem
signet verify changed rsa.sig --cert rsa.pem --json >bad.json 2>/dev/null && fail "a changed file is valid"
[[ $(value bad.json '["status"]') == 27 ]]
head -c 20000 /dev/zero >long
refuses 12 "larger than" signet verify document long --cert p256.pem
refuses 3 "is not a file" signet verify document nothing --cert p256.pem
refuses 3 "is not a file" signet sign rsa /dev/zero --out zero.sig
refuses 3 "no key with label" signet sign nobody document --out x.sig
refuses 10 "--pss is for RSA keys" signet sign p256 document --out x.sig --pss
refuses 1 "cannot write" signet sign p256 document --out /nonexistent/x.sig
refuses 31 "rsa.sig" signet verify document rsa.sig
[[ ! -e x.sig && ! -e zero.sig ]] || fail "something was written"

say "Ed25519 signs the file itself"
signet key generate --type Ed25519 --label edwards >/dev/null 2>&1
signet sign edwards message --out ed.sig
signet verify message ed.sig --key edwards
# The form of the point that pkcs11-tool reads.
[[ $kind == softhsm ]] || (umask 077 && sed '/^label *=/a ec_point = "der"' "$SIGNET_CONFIG" >der.toml)
SIGNET_CONFIG=$WORK/der.toml pkcs11-tool --module "$MODULE" --token-label seal --read-object --type pubkey \
  --label edwards --output-file ed.pub.pem
openssl pkeyutl -verify -pubin -inkey ed.pub.pem -rawin -in message -sigfile ed.sig
cp message longer
printf x >>longer
change_byte message 0
refuses 27 "is not a signature" signet verify message ed.sig --key edwards
refuses 12 "larger than 65536 bytes" signet sign edwards longer --out x.sig
refuses 10 "leave --hash out" signet sign edwards ed.sig --out x.sig --hash SHA256

say "another PIN"
(umask 077 && printf 'Another-%s' "$PIN" >new && printf 'wrong' >wrong && : >none)
refuses 6 "the PIN is wrong" signet token change-pin --pin-file wrong --new-pin-file new
signet key list >/dev/null
signet token change-pin --new-pin-file new | grep 'the PIN of the token "seal" was changed'
refuses 6 "the PIN is wrong" signet key list
SIGNET_PIN=$(<new) SIGNET_NEW_PIN=$PIN signet token change-pin --json >changed.json
[[ $(value changed.json '["changed"]') == True ]]
signet key list >/dev/null
(
  unset SIGNET_PIN
  refuses 6 "no terminal to ask at" setsid --wait "$SIGNET_TEST_COMMAND" token change-pin --new-pin-file new
  ANSWER=$PIN python3 "$here/at_terminal.py" "$SIGNET_TEST_COMMAND" token change-pin --new-pin-file new >shown.txt
  grep -q '^PIN of the token "seal": ' shown.txt
  if grep -qF "$PIN" shown.txt; then fail "the PIN was shown"; fi
  signet key list --pin-file new >/dev/null
  signet token change-pin --pin-file new --new-pin-file pin
)
refuses 2 "" signet token change-pin --new-pin 1234
say "all of it works on this kind of token: $kind"
