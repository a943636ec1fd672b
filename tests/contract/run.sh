#!/usr/bin/env bash
# Drives the emulator with requests that Schemathesis derives from the OpenAPI file, good ones and bad ones, and fails
# on every answer that the file does not allow.
#
# Environment: SIGNET_TEST_EMULATOR, the built program; SIGNET_TEST_BUILD, where the Python environment is kept.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

HERE=$ROOT/tests/contract
CONTRACT=$ROOT/dsa-transport/appliance-v1.openapi.yaml
VENV=${SIGNET_TEST_BUILD:?}/contract-venv

# The URL of the first member in the client configuration.
base_url() { sed -n 's/^ *url *= *"\(.*\)"$/\1/p' "$WORK/appliance/client.toml" | head -n 1; }

# Every check but one: a request can fit the schema and still be refused with good reason (a digest whose length does
# not fit the hash, a limit reached), and whether the refusal is one that the file names is checked all the same.
drive() {
  (cd "$WORK" && "$VENV/bin/schemathesis" --config-file "$HERE/schemathesis.toml" run "$CONTRACT" \
    --url "$(base_url)" --checks all --exclude-checks positive_data_acceptance "$@")
}

# A crash answers nothing; an answer 500 is a deviation that Schemathesis reports itself.
emulator_is_alive() {
  kill -0 "$EMULATOR_PID" 2>/dev/null || {
    tail -n 20 "$WORK/appliance/emulator.log" >&2
    fail "the emulator died"
  }
}

python_environment "$VENV" "$HERE/requirements.txt"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
new_pin_file "$WORK/pin"
SIGNET_PASSWORD=$(<"$WORK/pin")
export SIGNET_PASSWORD
init_emulator "${SIGNET_TEST_EMULATOR:?}" "$WORK/appliance" "$WORK/pin" --key rsa:2048:first --key ec:P-256:second
start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance"

# Changed passwords would lock the rest out: those calls come last.
status=0
drive --exclude-path-regex password --max-examples 30 || status=$?
emulator_is_alive
drive --include-path-regex password --max-examples 10 || status=$?
emulator_is_alive
exit "$status"
