#!/usr/bin/env bash
# An openssl.cnf that activates the libp11 engine with the module, with init = 1: every start of OpenSSL loads it,
# before the program has done anything. The module uses OpenSSL itself and must not be caught in that.
#
# Environment: SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

EMULATOR=${SIGNET_TEST_EMULATOR:?}
MODULE=${SIGNET_TEST_MODULE:?}
LIMIT=30  # seconds; more is a deadlock

WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT

new_pin_file "$WORK/pin"
export SIGNET_CONFIG=$WORK/appliance/client.toml
init_emulator "$EMULATOR" "$WORK/appliance" "$WORK/pin" --key rsa:2048:rsa --key ec:P-256:ec
start_emulator "$EMULATOR" "$WORK/appliance"
write_engine_config "$WORK/engine.cnf" "$MODULE"
sed 's/^init = 0$/init = 1/' "$WORK/engine.cnf" >"$WORK/eager.cnf"
grep -q '^init = 1$' "$WORK/eager.cnf"
# And once more as the engine for everything that OpenSSL does, our own TLS among it.
sed '/^init = 1$/a default_algorithms = ALL' "$WORK/eager.cnf" >"$WORK/default.cnf"
echo "a document" >"$WORK/document"

sign_and_verify() {
  local config=$1 key=$2
  OPENSSL_CONF=$config timeout "$LIMIT" openssl pkey -engine pkcs11 -inform engine -in "$(key_uri "$key")" \
    -pubout -out "$WORK/public.pem"
  OPENSSL_CONF=$config timeout "$LIMIT" openssl dgst -sha256 -engine pkcs11 -keyform engine \
    -sign "$(key_uri "$key")" -out "$WORK/signature" "$WORK/document"
  openssl dgst -sha256 -verify "$WORK/public.pem" -signature "$WORK/signature" "$WORK/document"
}

for config in "$WORK/eager.cnf" "$WORK/default.cnf"; do
  OPENSSL_CONF=$config timeout "$LIMIT" openssl version
  for key in rsa ec; do sign_and_verify "$config" "$key"; done
done

# A host that uses our module through another road, while its OpenSSL loads it by configuration as well.
OPENSSL_CONF=$WORK/default.cnf PIN=$(<"$WORK/pin") timeout "$LIMIT" pkcs11-tool --module "$MODULE" \
  --token-label seal --login --pin env:PIN --sign --mechanism SHA256-RSA-PKCS --id "$(
    PIN=$(<"$WORK/pin") pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN \
      --list-objects --type privkey | awk '/RSA/ { rsa = 1 } rsa && /ID:/ { print $2; exit }'
  )" --input-file "$WORK/document" --output-file "$WORK/signature"
OPENSSL_CONF=$WORK/eager.cnf timeout "$LIMIT" openssl pkey -engine pkcs11 -inform engine -in "$(key_uri rsa)" \
  -pubout -out "$WORK/public.pem"
openssl dgst -sha256 -verify "$WORK/public.pem" -signature "$WORK/signature" "$WORK/document"
