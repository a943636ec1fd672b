#!/usr/bin/env bash
# The SOAP service of the emulator, judged by clients that others wrote: revenant, and what zeep makes of the WSDL.
#
# Environment: SIGNET_TEST_EMULATOR, the built program; SIGNET_TEST_BUILD, where the Python environment is kept.
set -euo pipefail

# shellcheck source=../../../scripts/lib.sh
source "$(dirname "$0")/../../../scripts/lib.sh"

HERE=$ROOT/conformance/dialects/sapiws
VENV=${SIGNET_TEST_BUILD:?}/sapiws-venv
export SAPIWS_EMULATOR=${SIGNET_TEST_EMULATOR:?}
# The emulator is on this machine.
unset HTTPS_PROXY https_proxy ALL_PROXY all_proxy REQUESTS_CA_BUNDLE CURL_CA_BUNDLE

python_environment "$VENV" "$HERE/requirements.txt"
SAPIWS_WORK=$(mktemp -d)
export SAPIWS_WORK
trap 'stop_emulator; rm -rf "$SAPIWS_WORK"' EXIT
new_pin_file "$SAPIWS_WORK/pin"
export SAPIWS_USER=seal SAPIWS_PASSWORD_FILE=$SAPIWS_WORK/pin HOME=$SAPIWS_WORK PYTHONDONTWRITEBYTECODE=1
"$ROOT/scripts/make-pdf.py" "$SAPIWS_WORK/document.pdf"

# run PROFILE PROGRAM [ARGUMENT...]: against a fresh emulator of that firmware, with one key.
run() {
  local profile=$1
  shift
  export SAPIWS_FOLDER=$SAPIWS_WORK/appliance
  rm -rf "$SAPIWS_FOLDER"
  init_emulator "$SAPIWS_EMULATOR" "$SAPIWS_FOLDER" "$SAPIWS_WORK/pin" --key rsa:2048:seal >/dev/null
  start_emulator "$SAPIWS_EMULATOR" "$SAPIWS_FOLDER" --sapiws-profile "$profile"
  SAPIWS_ORIGIN=https://127.0.0.1:$(<"$SAPIWS_FOLDER/ready")
  export SAPIWS_ORIGIN SSL_CERT_FILE=$SAPIWS_FOLDER/tls/primary-live.crt
  "$VENV/bin/python" "$@"
  stop_emulator
}

run 8 "$HERE/revenant_test.py" "$SAPIWS_WORK/document.pdf" SHA-256
run 5.2 "$HERE/revenant_test.py" "$SAPIWS_WORK/document.pdf" SHA-1
run 8 "$HERE/zeep_test.py"
