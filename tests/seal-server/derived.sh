#!/usr/bin/env bash
# derived.py, in the Python environment of tests/contract.
#
#   derived.sh EXAMPLES
#
# Environment: SIGNET_TEST_SEALD, the built program; SIGNET_TEST_BUILD, where the Python environment is kept.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

SIGNET_TEST_VENV=${SIGNET_TEST_BUILD:?}/contract-venv
export SIGNET_TEST_VENV
python_environment "$SIGNET_TEST_VENV" "$ROOT/tests/contract/requirements.txt"
exec "$ROOT/tests/seal-server/derived.py" "$1"
