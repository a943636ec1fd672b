#!/usr/bin/env bash
# Runs the commands of one page of docs/clients/ against a fresh emulated appliance, so that no page can be wrong.
#
#   run-page.sh PAGE.md
#   run-page.sh SCRIPT.sh       a script with checks that would only be in the way on a page
#
# The page's ```sh blocks are run in their order as one script, in an empty folder with document.pdf, after what
# the page asks for: the configuration, the variables MODULE, PIN and SIGNET_CONFIG, a trial CA and, for every page
# but pkcs11-tool.md (which makes them), the keys and certificates seal-rsa (id 01) and seal-ec (id 02). A page that
# speaks of $PREFIX gets the build installed there.
#
# Environment: SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR and SIGNET_TEST_COMMAND, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

PAGE=$(realpath "${1:?name a page}")
EMULATOR=${SIGNET_TEST_EMULATOR:?}
export MODULE=${SIGNET_TEST_MODULE:?}
COMMAND=${SIGNET_TEST_COMMAND:?}

commands_of() {
  if [[ $1 == *.sh ]]; then
    cat "$1"
    return
  fi
  awk '/^```sh$/ { shown = 1; next } /^```$/ { shown = 0 } shown' "$1"
}

WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT

new_pin_file "$WORK/pin"
PIN=$(<"$WORK/pin")
export PIN SIGNET_CONFIG=$WORK/appliance/client.toml
init_emulator "$EMULATOR" "$WORK/appliance" "$WORK/pin"
start_emulator "$EMULATOR" "$WORK/appliance"

write_engine_config "$WORK/engine.cnf" "$MODULE"
"$TESTCA" init "$WORK/ca"
if [[ ${PAGE##*/} != pkcs11-tool.md ]]; then
  make_key rsa:3072 01 seal-rsa
  make_key EC:prime256v1 02 seal-ec
  certify seal-rsa 01
  certify seal-ec 02
fi

mkdir "$WORK/trial"
cd "$WORK/trial"
cp "$WORK/pin" "$WORK/engine.cnf" .
cp "$WORK"/seal-*.pem . 2>/dev/null || true
cp -r "$WORK/ca" .
"$ROOT/scripts/make-pdf.py" document.pdf

commands_of "$PAGE" >commands.sh
[[ -s commands.sh ]] || fail "$PAGE has no commands"
if grep -qF "\$PREFIX" commands.sh; then
  export PREFIX=$WORK/prefix
  quietly "$WORK/install.log" cmake --install "$(dirname "$MODULE")" --prefix "$PREFIX"
fi
PATH=$ROOT/scripts:$ROOT/tools/testca:$(dirname "$COMMAND"):$PATH bash -euxo pipefail commands.sh
