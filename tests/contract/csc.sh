#!/usr/bin/env bash
# Checks every answer of the emulator's CSC front in its tests, and every request of our client in its own, against
# softhsm-backend/csc/csc.openapi.yaml.
#
# Environment: SIGNET_TEST_SERVICE and SIGNET_TEST_CLIENT, the test programs.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
contract=$ROOT/softhsm-backend/csc/csc.openapi.yaml
check=$ROOT/tests/contract/csc-exchanges

run() {
  SIGNET_CSC_EXCHANGES=$1 quietly "$WORK/log" "${@:2}"
}

run "$WORK/answers" "${SIGNET_TEST_SERVICE:?}" --gtest_filter='*Csc*'
run "$WORK/requests" "${SIGNET_TEST_CLIENT:?}" --gtest_filter='*SignerTest*:*ExtendTest*:*ListingTest*:*AccessTest*:*TimeStamperTest*'
"$check" "$contract" "$WORK/answers" "$WORK/requests"

# It sees what does not agree.
echo '{"method": "POST", "target": "/csc/v2/info", "sent": "{}", "type": "application/json"}' >"$WORK/right"
"$check" --some "$contract" "$WORK/right"
! "$check" "$contract" "$WORK/right" >/dev/null 2>&1 || fail "answers to all operations were taken for seen"
refused() {
  echo "$1" >"$WORK/wrong"
  ! "$check" --some "$contract" "$WORK/wrong" >/dev/null 2>&1 || fail "this was taken for good: $1"
}
refused '{"method": "POST", "target": "/csc/v2/credentials/info", "sent": "{}", "type": "application/json"}'
refused '{"method": "POST", "target": "/csc/v2/nonsense", "sent": "{}", "type": "application/json"}'
refused '{"method": "POST", "target": "/csc/v2/info", "status": 200, "answer": "{}", "type": "application/json"}'
refused '{"method": "POST", "target": "/csc/v2/auth/login", "status": 401, "answer": "{\"error\": \"x\"}", "type": "application/json", "headers": {}}'
refused '{"method": "POST", "target": "/csc/v2/info", "status": 418, "answer": "{}", "type": "application/json"}'
