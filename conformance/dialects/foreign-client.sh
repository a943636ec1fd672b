# shellcheck shell=bash
# Run by ../clients/run-script.sh: pyHanko's own client of the CSC API seals PDF files through the emulator's /csc/v1, and
# pyHanko and pdfsig verify them.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$SOURCE/scripts/lib.sh"

HERE=$SOURCE/conformance/dialects
venv=$("$CLIENTS/install.sh" --folder pyhanko)/venv
url=$(sed -n 's/^ *url = "\(.*\)\/dsa\/v1"$/\1/p' "$SIGNET_CONFIG" | head -1)/csc/v1
CLIENT_SECRET=$(<"$WORK/appliance/seal.client-secret")
export CLIENT_SECRET

cat >pyhanko.yml <<END
validation-contexts:
  trial:
    trust: ca/root.pem
    trust-replace: true
    other-certs: ca/issuing.pem
END
mkdir nss
certutil -N -d sql:nss --empty-password
certutil -A -d sql:nss -n root -t "C,C,C" -i ca/root.pem
certutil -A -d sql:nss -n issuing -t ",," -i ca/issuing.pem

export RECORDS=$PWD/records
# rsa, ec, rsa4096: in the order in which the keys were made.
for place in 0 1 2; do
  before=$(appliance signatures)
  "$venv/bin/python" "$HERE/seal-over-csc" "$url" "$WORK/appliance/tls/primary-live.crt" seal $place document.pdf sealed.pdf
  [[ $(appliance signatures) = $((before + 1)) ]] || fail "the journal has not one signature more"
  "$venv/bin/pyhanko" sign validate --no-revocation-check --pretty-print --validation-context trial sealed.pdf >report.txt
  grep "The signature is judged VALID" report.txt
  pdfsig -nssdir sql:nss -no-ocsp sealed.pdf >report.txt
  grep "Signature is Valid" report.txt
  grep "Certificate is Trusted" report.txt
done

# A wrong PIN and a wrong secret are refused in the specification's words.
! PIN=wrong "$venv/bin/python" "$HERE/seal-over-csc" "$url" "$WORK/appliance/tls/primary-live.crt" seal 0 document.pdf x.pdf \
  2>refused || fail "a wrong PIN seals"
grep "400.*invalid_pin" refused
! CLIENT_SECRET=wrong "$venv/bin/python" "$HERE/seal-over-csc" "$url" "$WORK/appliance/tls/primary-live.crt" seal 0 \
  document.pdf x.pdf 2>refused || fail "a wrong secret seals"
grep "401.*invalid_client" refused

# What pyHanko sent, and what it was answered, agrees with the OpenAPI file; not every method is among it.
"$SOURCE/tests/contract/csc-exchanges" --some "$SOURCE/softhsm-backend/csc/csc.openapi.yaml" "$RECORDS"
