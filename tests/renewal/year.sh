#!/usr/bin/env bash
# A sealing certificate's life and its successor's: from an empty token to a sealed PDF; a year later `signet renew`,
# and the same command seals the next PDF with the new certificate. Both seals are valid.
#
#   year.sh     SIGNET_TEST_SIGNET, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR name the built files
# shellcheck disable=SC2119  # options are given where there are any
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
cd "$WORK"

NEARLY_A_YEAR=350 # days; the certificates have 365

# trust FOLDER: an NSS database that trusts the authority.
trust() {
  mkdir "$1"
  certutil -N -d "sql:$1" --empty-password
  certutil -A -d "sql:$1" -n trial-ca -t "C,C,C" -i ca/ca.pem
}

# The command that the year changes nothing of.
seal_pdf() { "${CLOCK[@]}" pdfsig -nssdir sql:nss -nss-pwd "$PIN" -add-signature -nick seal:seal "$1" "$2"; }

# check_pdf FILE CERTIFICATE: valid for a program that knows nothing of the token, and sealed with this certificate.
check_pdf() {
  local file=$1 certificate=$2 serial
  "${CLOCK[@]}" env -u SIGNET_CONFIG pdfsig -no-ocsp -nssdir sql:nss-verify "$file" | tee report.txt
  grep -q "Signature is Valid" report.txt || fail "the seal of $file is not valid"
  grep -q "Certificate is Trusted" report.txt || fail "the certificate of $file is not trusted"
  grep -q "Total document signed" report.txt || fail "the seal of $file does not cover all of it"
  pdfsig -nssdir sql:nss-verify -dump "$file" >dump.txt
  serial=$(openssl x509 -in "$certificate" -noout -serial | sed 's/serial=//')
  openssl cms -cmsout -print -noout -inform DER -in "$file.sig0" >cms.txt
  sed -n '/signerInfos:/,$p' cms.txt | grep "serialNumber:" >signer.txt
  grep -qi "0x$serial\$" signer.txt || fail "$file is not sealed with $certificate: $(<signer.txt)"
}

start_appliance
make_ca
trust nss
trust nss-verify
modutil -dbdir sql:nss -add signet -libfile "$MODULE" -force </dev/null
"$ROOT/scripts/make-pdf.py" one.pdf "Sealed with the first certificate"
"$ROOT/scripts/make-pdf.py" two.pdf "Sealed with its successor"

say "== An empty token, a key, a certificate, a seal"
[[ -z $(objects privkey)$(objects cert) ]] || fail "the token is not empty"
first_certificate rsa:3072 seal
seal_pdf one.pdf one.sealed.pdf
check_pdf one.sealed.pdf seal.pem
[[ $(renew) == "nothing ends within 30d" ]] || fail "something is due in the first week"

say "== A year later"
CLOCK=(later "$NEARLY_A_YEAR")
renew --dry-run | tee dry-run.txt
grep -q "^seal: .*would be renewed" dry-run.txt || fail "the certificate is not due"
[[ $(objects privkey) == seal && -z $(find "$STATE" -name "*.json") ]] || fail "a dry run has changed something"
ask_ca | tee renew.txt
grep -q "^seal: .*is renewed" renew.txt || fail "the certificate is not renewed"
[[ $(objects cert | paste -sd,) == "Signet trial CA,seal,seal (until "*")" ]] || fail "the token has $(objects cert)"
signet cert export seal --out new.pem
cmp -s <(openssl x509 -in seal.pem -noout -subject -nameopt RFC2253,show_type) \
  <(openssl x509 -in new.pem -noout -subject -nameopt RFC2253,show_type) || fail "the subject has changed"
! cmp -s <(openssl x509 -in seal.pem -noout -pubkey) <(openssl x509 -in new.pem -noout -pubkey) ||
  fail "the key is the old one"
openssl verify -attime "$(later "$NEARLY_A_YEAR" date +%s)" -CAfile ca/ca.pem new.pem
[[ $(ask_ca) == "nothing ends within 30d" ]] || fail "the old certificate is renewed again"

seal_pdf two.pdf two.sealed.pdf
check_pdf two.sealed.pdf new.pem
check_pdf one.sealed.pdf seal.pem
