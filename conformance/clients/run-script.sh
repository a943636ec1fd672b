#!/usr/bin/env bash
# Runs a script against a fresh emulated pair, with keys and certificates in the token: run-script.sh SCRIPT.sh
#
# The script gets the variables MODULE, PREFIX, SOURCE, CLIENTS, PIN and SIGNET_CONFIG; in the working folder
# document.pdf, pin, engine.cnf and the trial authority in ca/; in the token the keys and certificates seal-rsa (id 01,
# RSA-3072), seal-ec (id 02, P-256) and seal-rsa4096 (id 03); and the commands in tools/.
#
# Environment: SIGNET_TEST_PREFIX, the installed tree.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

SCRIPT=${1:?name a script}
export CLIENTS=$ROOT/conformance/clients SOURCE=$ROOT
export PREFIX=${SIGNET_TEST_PREFIX:?}
export MODULE=$PREFIX/lib/pkcs11/signet-pkcs11.so EMULATOR=$PREFIX/bin/signet-emulator
WORK=$(mktemp -d)
export WORK
PATH=$CLIENTS/tools:$ROOT/scripts:$PREFIX/bin:$PATH
trap 'appliance stop; rm -rf "$WORK"' EXIT

new_pin_file "$WORK/pin"
PIN=$(<"$WORK/pin")
export PIN SIGNET_CONFIG=$WORK/appliance/client.toml
# What install.sh has installed stays where it is.
export SIGNET_CLIENTS_CACHE=${SIGNET_CLIENTS_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/signet-clients}
# Each run is a machine of its own: what the module remembers of tokens belongs to one run.
export XDG_CACHE_HOME=$WORK/cache
# Java's better compiler pays for itself in minutes only, and these programs run for seconds.
export JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
appliance init
appliance start

write_engine_config "$WORK/engine.cnf" "$MODULE"
"$TESTCA" init "$WORK/ca"
for key in "rsa:3072 01 seal-rsa" "EC:prime256v1 02 seal-ec" "rsa:4096 03 seal-rsa4096"; do
  read -r type id label <<<"$key"
  make_key "$type" "$id" "$label"
  certify "$label" "$id"
done

mkdir "$WORK/trial"
cd "$WORK/trial"
cp "$WORK/pin" "$WORK/engine.cnf" "$WORK"/seal-*.pem .
ln -s "$WORK/ca" ca
make-pdf.py document.pdf
bash -euxo pipefail "$SCRIPT"
