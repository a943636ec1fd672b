# shellcheck shell=bash
# Steps of the renewal tests; source it after `set -euo pipefail`. Works in the folder $WORK, which it makes, and with
# the programs named by SIGNET_TEST_SIGNET, SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR.

# shellcheck source=../../scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"

SIGNET=${SIGNET_TEST_SIGNET:?}
SUBJECT="C=CZ,O=Úřad,organizationIdentifier=NTRCZ-00000001,CN=seal"
WORK=$(mktemp -d)
STATE=$WORK/state
trap 'stop_emulator; rm -rf "$WORK"' EXIT

# start_appliance: an emulated appliance with an empty token "seal" behind the module.
start_appliance() {
  export MODULE=${SIGNET_TEST_MODULE:?} SIGNET_CONFIG=$WORK/appliance/client.toml
  new_pin_file "$WORK/pin"
  PIN=$(<"$WORK/pin")
  export PIN
  quietly "$WORK/init.log" init_emulator "${SIGNET_TEST_EMULATOR:?}" "$WORK/appliance" "$WORK/pin"
  start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance"
}

# make_softhsm: an empty token "seal" of a plain SoftHSMv2.
make_softhsm() {
  export MODULE SOFTHSM2_CONF=$WORK/softhsm2.conf
  MODULE=${SIGNET_TEST_SOFTHSM:?}
  mkdir "$WORK/tokens"
  printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$WORK/tokens" >"$SOFTHSM2_CONF"
  new_pin_file "$WORK/pin"
  PIN=$(<"$WORK/pin")
  export PIN
  quietly "$WORK/init.log" softhsm2-util --init-token --free --label seal --so-pin 12345678 --pin "$(<"$WORK/pin")"
}

# What every command is run under: nothing, or `later DAYS`.
CLOCK=()

# later DAYS COMMAND...: the clock is moved for this process and its children only. Steady clocks stay right: time
# limits are measured with them.
# The authority's command, which gets nothing of this environment, learns it from the file $WORK/clock.
later() {
  local days=$1 status=0
  shift
  echo "$days" >"$WORK/clock"
  FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f "+${days}d" "$@" || status=$?
  rm "$WORK/clock"
  return "$status"
}

# signet WORDS...: on the token.
signet() {
  "${CLOCK[@]}" "$SIGNET" "$@" --module "$MODULE" --token seal --pin-file "$WORK/pin"
}

# renew [options...]: what a timer would run.
renew() { signet renew --state "$STATE" "$@"; }

# ask_ca [options...]: with the command that carries the request to the authority.
ask_ca() { renew --ca-command "$WORK/ask-ca" --roots "$WORK/ca/ca.pem" "$@"; }

# make_ca: the authority, and the program that carries a request to it: $WORK/ask-ca.
make_ca() {
  "$TESTCA" init "$WORK/ca"
  cat >"$WORK/ask-ca" <<SCRIPT
#!/bin/sh
days=\$(cat "$WORK/clock" 2>/dev/null)
exec faketime -f "+\${days:-0}d" "$TESTCA" renew "$WORK/ca" "\$@"
SCRIPT
  chmod 700 "$WORK/ask-ca"
}

# first_certificate TYPE LABEL [options of `testca issue`...]: a key and its certificate.
first_certificate() {
  local type=$1 label=$2
  shift 2
  signet key generate --type "$type" --label "$label"
  signet csr "$label" --subject "$SUBJECT" --out "$WORK/$label.csr"
  "$TESTCA" issue "$WORK/ca" "$WORK/$label.csr" "$WORK/$label.pem" "$@"
  signet cert import "$WORK/$label.pem" --roots "$WORK/ca/ca.pem"
}

# objects TYPE: one line an object (privkey, pubkey, cert), its label; by another program than the one under test.
objects() {
  token_tool --login --pin env:PIN --list-objects --type "$1" 2>/dev/null | sed -n 's/^  label:  *//p' | LC_ALL=C sort
}

# labels TYPE: of the objects, in one line.
labels() { objects "$1" | paste -sd,; }

# How many certificates the authority has issued.
issued() { grep -c "" "$WORK/ca/index.txt"; }

# one_successor WHEN BEFORE: exactly one new key and one new certificate since old.pem was the token's "seal" and the
# authority had issued BEFORE; the old ones aside, under their labels. These are deleted then.
one_successor() {
  local when=$1 before=$2 retired
  retired="seal (until $(date -u -d "$(openssl x509 -in old.pem -noout -enddate | sed 's/.*=//')" +%F))"
  [[ $(labels privkey) == "seal,$retired" ]] || fail "$when: the private keys are $(labels privkey)"
  [[ $(labels pubkey) == "seal,$retired" ]] || fail "$when: the public keys are $(labels pubkey)"
  [[ $(labels cert) == "Signet trial CA,seal,$retired" ]] || fail "$when: the certificates are $(labels cert)"
  [[ $(issued) == $((before + 1)) ]] || fail "$when: the authority issued $(($(issued) - before)) certificates"
  signet cert export seal --out new.pem >export.out
  openssl verify -CAfile ca/ca.pem new.pem >/dev/null
  ! cmp -s <(openssl x509 -in new.pem -noout -pubkey) <(openssl x509 -in old.pem -noout -pubkey) ||
    fail "$when: the key is the old one"
  signet csr seal --subject CN=trial --out trial.csr >trial.out
  cmp -s <(openssl x509 -in new.pem -noout -pubkey) <(openssl req -in trial.csr -noout -pubkey) ||
    fail "$when: the label finds another key than the certificate's"
  signet key delete "$retired" --yes >delete.out
  signet cert delete "$retired" --yes >delete.out
}
