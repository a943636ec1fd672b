#!/usr/bin/env bash
# Runs one client as its page of docs/clients/ tells a reader to, so that no page can be wrong.
#
#   run-page.sh NAME            docs/clients/NAME.md, then conformance/clients/NAME/checks.sh where there is one
#   run-page.sh PAGE.md         another page, for example docs/keys.md
#   run-page.sh SCRIPT.sh       a script that is no page
#
# The page's ```sh blocks and the checks are run in their order as one script. Before it: a fresh emulated pair, the
# variables MODULE, PREFIX, SOURCE, PIN, SIGNET_CONFIG and CLIENT (what the client's `install` installed); in the working
# folder the files of conformance/clients/NAME, document.pdf, pin, engine.cnf, the trial authority in ca/, which is
# served (CRL, OCSP, time-stamps) for a page that speaks of ca/url; in the token the keys and certificates seal-rsa
# (id 01, RSA-3072), seal-ec (id 02, P-256) and seal-rsa4096 (id 03), unless about.toml says setup = "empty". After it: a record of the run, for docs/compatibility.md.
#
# Environment: SIGNET_TEST_PREFIX, the installed tree; SIGNET_TEST_RECORDS, the folder for records.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

export CLIENTS=$ROOT/conformance/clients SOURCE=$ROOT
NAME=${1:?name a client}
export PREFIX=${SIGNET_TEST_PREFIX:?}
export MODULE=$PREFIX/lib/pkcs11/signet-pkcs11.so EMULATOR=$PREFIX/bin/signet-emulator
CLIENT=$("$CLIENTS/install.sh" --folder "$NAME")
export CLIENT SIGNET_CLIENTS_CACHE=${CLIENT%/*}

is_client() { [[ $NAME != *.sh && $NAME != *.md ]]; }

blocks_of() { awk '/^```sh$/ { shown = 1; next } /^```$/ { shown = 0 } shown' "$1"; }

says() { is_client && grep -q "$1" "$CLIENTS/$NAME/about.toml"; }

commands() {
  case $NAME in
    *.sh) cat "$NAME" ;;
    *.md) blocks_of "$NAME" ;;
    *)
      blocks_of "$ROOT/docs/clients/$NAME.md"
      cat "$CLIENTS/$NAME/checks.sh" 2>/dev/null || true
      ;;
  esac
}

matrix() { python3 "$CLIENTS/matrix.py" "$@"; }

# A run that ends before its commands do is a failed one.
finish() {
  local result=$1
  ! is_client || matrix record "${SIGNET_TEST_RECORDS:?}" "$NAME" "$result" $((SECONDS - STARTED)) \
    $(($(appliance requests) - REQUESTS)) $(($(appliance signatures) - SIGNATURES))
}

start_authority() {
  testca serve "$WORK/ca" --ready-file "$WORK/authority.ready" >"$WORK/authority.log" 2>&1 &
  AUTHORITY_PID=$!
  wait_for_file "$WORK/authority.ready" 30 "$AUTHORITY_PID" || fail "the authority did not start"
}

stop_authority() { [[ -z $AUTHORITY_PID ]] || kill "$AUTHORITY_PID" 2>/dev/null || true; }

STARTED=$SECONDS
REQUESTS=0
SIGNATURES=0
RESULT=failed
WORK=$(mktemp -d)
export WORK
PATH=$CLIENTS/tools:$ROOT/scripts:$ROOT/tools/testca:$PREFIX/bin:$PATH
AUTHORITY_PID=
trap 'finish $RESULT; appliance stop; stop_authority; rm -rf "$WORK"' EXIT

new_pin_file "$WORK/pin"
PIN=$(<"$WORK/pin")
export PIN SIGNET_CONFIG=$WORK/appliance/client.toml
# Each run is a machine of its own: what the module remembers of tokens belongs to one run.
export XDG_CACHE_HOME=$WORK/cache
# Java's better compiler pays for itself in minutes only, and these programs run for seconds.
export JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
appliance init
appliance start

write_engine_config "$WORK/engine.cnf" "$MODULE"
"$TESTCA" init "$WORK/ca"
if ! says '^setup = "empty"'; then
  make_key rsa:3072 01 seal-rsa
  certify seal-rsa 01
  make_key EC:prime256v1 02 seal-ec
  certify seal-ec 02
  make_key rsa:4096 03 seal-rsa4096
  certify seal-rsa4096 03
fi

mkdir "$WORK/trial"
cd "$WORK/trial"
! is_client || cp -r "$CLIENTS/$NAME/." .
cp "$WORK/pin" "$WORK/engine.cnf" .
cp "$WORK"/seal-*.pem . 2>/dev/null || true
# One authority for the page and its server.
ln -s "$WORK/ca" ca
make-pdf.py document.pdf

commands >commands.sh
[[ -s commands.sh ]] || fail "$NAME has no commands"
if is_client && grep -qF ca/url "$ROOT/docs/clients/$NAME.md"; then start_authority; fi
STARTED=$SECONDS
REQUESTS=$(appliance requests)
SIGNATURES=$(appliance signatures)
bash -euxo pipefail commands.sh
RESULT=ok
