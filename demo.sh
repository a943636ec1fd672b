#!/usr/bin/env bash
# Shows Signet at work on a bare Debian 12: installs what is missing, builds, starts an emulated appliance,
# makes keys in it through the module, seals a PDF with ordinary programs, and verifies every seal with
# programs that do not use the module.
#
#   ./demo.sh            everything it makes is in build/demo/work, made again each time
#   ./demo.sh --dry-run  only says what it would do, and how long that takes
set -euo pipefail

# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/scripts/lib.sh"
cd "$ROOT"

usage() { sed -n '2,7s/^# \{0,1\}//p' demo.sh; }

only_say=false
case ${1:-} in
  '') ;;
  --dry-run) only_say=true ;;
  --help | -h) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

# As deep in the tree as the other build folders: the compiler cache compares relative paths.
TREE=$ROOT/build/demo
PREFIX=$ROOT/build/demo/prefix
WORK=$ROOT/build/demo/work
MODULE=$PREFIX/lib/pkcs11/signet-pkcs11.so
EMULATOR=$PREFIX/bin/signet-emulator

introduction() {
  cat <<TEXT
This demonstration takes about 5 minutes on 2 cores, and 1 minute when it is run again. It
  1. installs the Debian packages that are missing$(packages_to_install)
  2. builds Signet and installs it into build/demo/prefix
  3. starts an emulated appliance on 127.0.0.1, and makes an RSA and an EC key in it through the module
  4. seals a PDF with pdfsig and with openssl, and verifies the seals without the module
Nothing else outside build/demo is changed. The appliance is stopped at the end.
TEXT
}

packages_to_install() {
  local missing
  missing=$(scripts/install-dependencies.sh --list build demo | tr '\n' ' ')
  [[ -n $missing ]] && echo ": $missing" || echo "; none is"
}

install_packages() { scripts/install-dependencies.sh build demo; }

build_and_install() {
  quietly "$WORK/log/configure.log" cmake --preset release -B "$TREE" -DBUILD_TESTING=OFF
  cmake --build "$TREE" --parallel "$(build_jobs)"
  quietly "$WORK/log/install.log" cmake --install "$TREE" --prefix "$PREFIX"
}

start_appliance() {
  new_pin_file "$WORK/pin"
  PIN=$(<"$WORK/pin")
  export PIN SIGNET_CONFIG=$WORK/appliance/client.toml
  quietly "$WORK/log/init.log" init_emulator "$EMULATOR" "$WORK/appliance" "$WORK/pin"
  start_emulator "$EMULATOR" "$WORK/appliance"
  token_tool --list-token-slots
}

make_keys() {
  make_key rsa:3072 01 seal-rsa
  make_key EC:prime256v1 02 seal-ec
}

write_certificates() {
  write_engine_config "$WORK/engine.cnf" "$MODULE"
  "$TESTCA" init "$WORK/ca"
  certify seal-rsa 01
  certify seal-ec 02
}

seal_with_pdfsig() {
  local database=sql:$WORK/nss
  mkdir "$WORK/nss"
  certutil -N -d "$database" --empty-password
  certutil -A -d "$database" -n trial-ca -t "C,C,C" -i "$WORK/ca/ca.pem"
  # Closed standard input: modutil otherwise waits for a key to be pressed.
  modutil -dbdir "$database" -add signet -libfile "$MODULE" -force </dev/null
  # pdfsig takes the PIN as an argument only; this one dies with the demo.
  pdfsig -nssdir "$database" -nss-pwd "$PIN" -add-signature -nick seal:seal-rsa \
    "$WORK/document.pdf" "$WORK/sealed.pdf"
}

seal_with_openssl() {
  local label
  for label in seal-rsa seal-ec; do
    OPENSSL_CONF=$WORK/engine.cnf openssl cms -sign -engine pkcs11 -keyform engine \
      -inkey "$(key_uri "$label")" -signer "$WORK/$label.pem" -binary -cades -nosmimecap -md sha256 \
      -outform DER -in "$WORK/document.pdf" -out "$WORK/document.$label.p7s"
  done
}

# Nothing here knows of the module: its configuration and the PIN are gone from the environment, the NSS
# database is a new one, OpenSSL has no engine.
verify_with_pdfsig() {
  local database=sql:$WORK/nss-verify report=$WORK/sealed.pdf.txt
  mkdir "$WORK/nss-verify"
  certutil -N -d "$database" --empty-password
  certutil -A -d "$database" -n trial-ca -t "C,C,C" -i "$WORK/ca/ca.pem"
  env -u SIGNET_CONFIG -u PIN pdfsig -no-ocsp -nssdir "$database" "$WORK/sealed.pdf" | tee "$report"
  grep -q 'Signature is Valid' "$report" || fail "pdfsig finds the seal invalid"
  grep -q 'Certificate is Trusted' "$report" || fail "pdfsig does not trust the certificate"
}

verify_with_openssl() {
  local label
  for label in seal-rsa seal-ec; do
    env -u SIGNET_CONFIG -u PIN openssl cms -verify -cades -binary -inform DER \
      -in "$WORK/document.$label.p7s" -content "$WORK/document.pdf" \
      -CAfile "$WORK/ca/ca.pem" -purpose any -out /dev/null
  done
  # The seal must not fit another document.
  scripts/make-pdf.py "$WORK/other.pdf" "Another document"
  ! openssl cms -verify -cades -binary -inform DER -in "$WORK/document.seal-ec.p7s" \
    -content "$WORK/other.pdf" -CAfile "$WORK/ca/ca.pem" -purpose any -out /dev/null 2>/dev/null ||
    fail "the seal also fits another document"
}

summary() {
  cat <<TEXT

What happened
  An emulated signature appliance ran at 127.0.0.1; its address and pin: build/demo/work/appliance/client.toml
  It made an RSA-3072 and a P-256 key on request of pkcs11-tool; the private keys never left it.
  pdfsig sealed a PDF, openssl sealed it twice more (RSA, EC); only digests were sent to the appliance.
  pdfsig and openssl, without the module, found all three seals valid. It took $SECONDS s.

Files in build/demo/work
  document.pdf                  the document
  sealed.pdf                    with its PDF seal inside (RSA)
  document.seal-rsa.p7s         CAdES seal beside the document (RSA)
  document.seal-ec.p7s          CAdES seal beside the document (EC)
  seal-rsa.pem, seal-ec.pem     the certificates; ca/ca.pem is the trial authority
The module is build/demo/prefix/lib/pkcs11/signet-pkcs11.so; README.md says how to go on.
TEXT
}

introduction
if $only_say; then exit; fi
trap 'stop_emulator; report_failed_stage' EXIT
rm -rf "$WORK"
mkdir -p "$WORK/log"

stage "Packages" install_packages
stage "Build and install" build_and_install
scripts/make-pdf.py "$WORK/document.pdf"
stage "Appliance" start_appliance
stage "Keys, made with pkcs11-tool" make_keys
stage "Certificates, requested with openssl and written with pkcs11-tool" write_certificates
stage "PDF seal, made with pdfsig" seal_with_pdfsig
stage "CMS seals, made with openssl" seal_with_openssl
stop_emulator
stage "PDF seal, verified with pdfsig" verify_with_pdfsig
stage "CMS seals, verified with openssl" verify_with_openssl
summary
