#!/usr/bin/env bash
# Runs the profile cases against the module with a fresh emulated appliance.
#
#   run.sh               every case of cases/; fails when one fails
#   run.sh --self-test   every case of wrong-cases/; fails unless each of them fails, and for the reason in expected.txt
#
# The token is what the cases expect: one RSA-2048 key pair with its certificate, and the certificate of its issuer.
#
# Environment: SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR and SIGNET_TEST_PROFILE_RUNNER, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

HERE=$(dirname "$(realpath "$0")")
EMULATOR=${SIGNET_TEST_EMULATOR:?}
RUNNER=${SIGNET_TEST_PROFILE_RUNNER:?}
MODULE=${SIGNET_TEST_MODULE:?}

WORK=$(mktemp -d)

finish() {
  [[ -e $WORK/token-is-made || ! -e $WORK/token.log ]] || cat "$WORK/token.log" >&2
  stop_emulator
  rm -rf "$WORK"
}
trap finish EXIT

new_pin_file "$WORK/pin"
PIN=$(<"$WORK/pin")
export PIN SIGNET_CONFIG=$WORK/appliance/client.toml
init_emulator "$EMULATOR" "$WORK/appliance" "$WORK/pin"
start_emulator "$EMULATOR" "$WORK/appliance"

make_token() {
  write_engine_config "$WORK/engine.cnf" "$MODULE"
  "$TESTCA" init "$WORK/ca"
  make_key rsa:2048 01 testrsa
  certify testrsa 01
  openssl x509 -in "$WORK/ca/ca.pem" -outform DER -out "$WORK/ca.der"
  token_tool --login --pin env:PIN --write-object "$WORK/ca.der" --type cert --id ff --label "trial CA"
  token_tool --login --pin env:PIN --list-objects
}

run_cases() {
  "$RUNNER" "$MODULE" --set account='"seal"' --set key_label='"testrsa"' \
    --set token_label="\"$(printf '%-32s' seal)\"" \
    --set certificate="x'$(od -An -v -tx1 "$WORK/testrsa.der" | tr -d ' \n')'" "$@"
}

# Every line of expected.txt must be in the output, in this order.
expect_failures() {
  awk 'NR == FNR { wanted[++count] = $0; next }
       seen < count && index($0, wanted[seen + 1]) { seen++ }
       END { if (seen < count) { print "the output lacks: " wanted[seen + 1]; exit 1 } }' \
    "$HERE/wrong-cases/expected.txt" "$1"
}

make_token >"$WORK/token.log" 2>&1
touch "$WORK/token-is-made"
if [[ ${1:-} == --self-test ]]; then
  if run_cases "$HERE"/wrong-cases/*.case >"$WORK/output.txt"; then
    fail "the wrong cases passed"
  fi
  cat "$WORK/output.txt"
  expect_failures "$WORK/output.txt"
else
  run_cases "$HERE"/cases/*.case
fi
