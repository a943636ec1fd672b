#!/usr/bin/env bash
# The life of keys and certificates by `signet` alone, on an empty token: commands.sh emulator|softhsm
# The same command lines for both kinds; requests and certificates are checked by OpenSSL and by GnuTLS.
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token "${1:?emulator or softhsm}"
new_root root
new_issuer issuing root
cd "$WORK"

# request_holds CSR WORDS...: both implementations accept the signature; OpenSSL prints each of the words.
request_holds() {
  local csr=$1 words
  shift
  openssl req -in "$csr" -verify -noout 2>verify.txt
  grep -q "verify OK" verify.txt || fail "OpenSSL does not accept $csr"
  certtool --crq-info --infile "$csr" >gnutls.txt 2>&1 || fail "GnuTLS does not read $csr: $(<gnutls.txt)"
  grep -q "Self signature: verified" gnutls.txt || fail "GnuTLS does not accept $csr: $(<gnutls.txt)"
  openssl req -in "$csr" -noout -text -nameopt RFC2253 >text.txt
  for words in "$@"; do
    grep -qF -- "$words" text.txt || fail "$csr lacks \"$words\": $(<text.txt)"
  done
}

say "tokens"
signet token list | grep -E "^seal +.* pkcs11:.*token=seal"
signet token list --json >tokens.json
[[ $(value tokens.json '[0]["label"]') == seal ]]

say "keys"
signet key generate --type rsa:3072 --label seal-rsa --id 01 >made.txt 2>progress.txt
grep -q "the token makes a key pair, rsa:3072" progress.txt
grep -q "^uri  *pkcs11:.*token=seal;id=%01;object=seal-rsa;type=private" made.txt
openssl_sha=$(pkcs11-tool --module "$MODULE" --token-label seal --read-object --type pubkey --id 01 2>/dev/null |
  openssl pkey -pubin -inform DER -pubout -outform DER | sha256sum | cut -d' ' -f1)
grep -q "^public key  sha256 $openssl_sha$" made.txt
signet key generate --type ec:P-256 --label seal-256 --json >made.json 2>/dev/null
[[ $(value made.json '["made"]') == True && $(value made.json '["type"]') == ec:P-256 ]]
signet key generate --type ec:P-384 --label seal-384 2>/dev/null
signet key generate --type ec:P-521 --label seal-521 2>/dev/null

say "generating again makes no second key"
signet key generate --type rsa:3072 --label seal-rsa --id 01 2>/dev/null | grep "is there already"
signet key generate --type ec:P-256 --label seal-256 2>/dev/null | grep "is there already"
signet key list --json >keys.json
[[ $(value keys.json '.__len__()') == 4 ]]
refuses 5 "another key already" signet key generate --type ec:P-256 --label seal-rsa
refuses 5 "another key already" signet key generate --type rsa:3072 --label different --id 01
refuses 12 "is not a type of key" signet key generate --type dsa:1024 --label x
signet key list | grep -E "^seal-rsa +01 +rsa:3072 +enabled +no certificate$"

say "requests"
signet csr seal-rsa --subject "CN=seal-rsa,O=Signet trial,C=CZ" --out rsa.csr
request_holds rsa.csr "Subject: C=CZ,O=Signet trial,CN=seal-rsa" sha256WithRSAEncryption
signet csr seal-rsa --subject "/C=CZ/O=Signet trial/CN=seal-rsa" --pss --hash SHA384 --out pss.csr
request_holds pss.csr "rsassaPss" "Hash Algorithm: sha384" "Salt Length: 0x30"
signet csr seal-256 --subject CN=seal-256 --san DNS:seal.example --san email:seal@example.com \
  --key-usage digitalSignature,nonRepudiation --ext-key-usage emailProtection,1.3.6.1.4.1.311.10.3.12 --out 256.csr
request_holds 256.csr ecdsa-with-SHA256 "DNS:seal.example, email:seal@example.com" \
  "Digital Signature, Non Repudiation" "E-mail Protection, 1.3.6.1.4.1.311.10.3.12"
printf 'CN=Pečeť úřadu\nO=Úřad\nC=CZ\n' >subject.txt
signet csr seal-384 --subject-file subject.txt --der --out 384.der
openssl req -inform DER -in 384.der -out 384.csr
request_holds 384.csr ecdsa-with-SHA384
openssl req -in 384.csr -noout -subject -nameopt utf8,sep_comma_plus,sname | grep -F "CN=Pečeť úřadu"
signet csr seal-521 --subject CN=seal-521 >521.csr
request_holds 521.csr ecdsa-with-SHA512

say "a qualified seal's request"
refuses 12 "organizationIdentifier" signet csr seal-rsa --profile eseal --subject "CN=Seal,O=Office,C=CZ"
signet csr seal-rsa --profile eseal --out eseal.csr \
  --subject "C=CZ,O=Office,organizationIdentifier=NTRCZ-00000001,CN=Seal of the office"
request_holds eseal.csr "organizationIdentifier=NTRCZ-00000001" "Non Repudiation" qcStatements
# QcCompliance, QcSSCD, QcType with eSeal (EN 319 412-5), as DER.
statements=3029
statements+=3008060604008E460101
statements+=3008060604008E460104
statements+=3013060604008E4601063009060704008E46010602
openssl asn1parse -in eseal.csr | grep -qF "[HEX DUMP]:$statements" || fail "the statements are not those of a seal"

say "certificates"
issue rsa.csr rsa.pem
cat rsa.pem issuing.pem >chain.pem
signet cert import chain.pem --roots root.pem | tee import.txt
grep -q 'for the key "seal-rsa"' import.txt
grep -q 'its issuer "issuing" too' import.txt
issue 256.csr 256.pem
signet cert import 256.pem --roots root.pem --roots issuing.pem --key seal-256 --json >import.json
[[ $(value import.json '["label"]') == seal-256 && $(value import.json '["id"]') == $(value made.json '["id"]') ]]
signet cert list | grep -E "^seal-rsa +01 .*CN=seal-rsa,O=Signet trial,C=CZ$"
signet key list | grep -E "^seal-rsa +01 +rsa:3072 +enabled +20[0-9-]+$"
signet cert export seal-rsa --out exported.pem
cmp <(openssl x509 -in rsa.pem -outform DER) <(openssl x509 -in exported.pem -outform DER)
signet cert export seal-rsa --der | openssl x509 -inform DER -noout -subject
signet cert show seal-256 | grep -F "DNS:seal.example"
signet cert show "$(value import.json '["uri"]')" --json >shown.json
[[ $(value shown.json '["subject"]') == CN=seal-256 ]]
cat exported.pem issuing.pem root.pem | certtool --verify-chain >gnutls.txt || fail "GnuTLS: $(<gnutls.txt)"
grep -q "Verified. The certificate is trusted" gnutls.txt
openssl verify -CAfile root.pem -untrusted issuing.pem exported.pem

say "a request like an existing certificate"
signet csr seal-384 --like seal-256 --out like.csr
request_holds like.csr "DNS:seal.example, email:seal@example.com" "E-mail Protection" ecdsa-with-SHA384
signet csr seal-256 --like rsa.pem | openssl req -noout -subject -nameopt RFC2253 | grep "C=CZ,O=Signet trial,CN=seal-rsa"

say "names"
signet key rename seal-256 renamed --with-certificates --new-id beef
signet cert show renamed --id beef >/dev/null
signet key list | grep -E "^renamed +beef +ec:P-256"
pkcs11-tool --module "$MODULE" --token-label seal --list-objects --type pubkey --id beef 2>/dev/null | grep renamed
refuses 3 'no key with label "seal-256"' signet csr seal-256 --subject CN=x
signet csr "pkcs11:id=%be%ef" --subject CN=by-id | openssl req -noout -subject

say "an Ed25519 key"
signet key generate --type Ed25519 --label edwards
signet key list | grep -E "^edwards .*Ed25519"
signet csr edwards --subject CN=edwards --out edwards.csr
openssl req -in edwards.csr -verify -noout -text | grep -F "Signature Algorithm: ED25519"
issue edwards.csr edwards.pem
signet cert import edwards.pem
signet key delete edwards --with-certificates --yes

say "deletion asks, and names what will be lost"
refuses 11 "nothing was deleted" signet key delete renamed <<<no
refuses 11 "certificate of CN=seal-256, valid until" signet key delete renamed </dev/null
refuses 11 "nothing was deleted" signet cert delete seal-rsa </dev/null
signet cert delete seal-rsa <<<yes
signet key delete renamed --with-certificates --yes
signet key list >left.txt
if grep -q renamed left.txt; then fail "the key is still there"; fi
signet cert list >left.txt
if grep -qE "^(renamed|seal-rsa) " left.txt; then fail "a certificate is still there"; fi
grep -q "^issuing" left.txt
say "all of it works on this kind of token: $1"
