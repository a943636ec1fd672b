#!/usr/bin/env bash
# Runs the commands of docs/renewal.md, in their order, as one script.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

start_appliance
make_ca
first_certificate rsa:3072 seal --days 364
mkdir "$WORK/trial" "$WORK/bin"
cd "$WORK/trial"
cp -r "$WORK/ca" "$WORK/pin" .
ln -s "$SIGNET" "$WORK/bin/signet"
awk '/^```sh$/ { shown = 1; next } /^```$/ { shown = 0 } shown' "$ROOT/docs/renewal.md" >commands.sh
[[ -s commands.sh ]] || fail "the page has no commands"
unset PIN
SIGNET_MODULE=$MODULE XDG_STATE_HOME=$WORK/xdg-state PATH=$WORK/bin:$ROOT/tools/testca:$PATH \
  bash -euxo pipefail commands.sh
