#!/usr/bin/env bash
# Callbacks, exceptions, closing, cancelling and collected garbage in one of the languages: behaviour.sh PREFIX java|dotnet
#
# Environment: SIGNET_TEST_COMMAND, the built file.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
language=${2:?java or dotnet}
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 P-256
"build_$language" Behaviour
mkdir folder
run_in "$language" Behaviour "$MODULE" P-256 folder ca/ca.pem >told 2>&1 || fail "$(<told)"
! grep -E "^(WARNING|FATAL) in native|FATAL ERROR" told || fail "$(<told)"
tail -1 told
