#!/usr/bin/env bash
# Kills `signet renew` with SIGKILL right after its first writing or sending system call, runs it again, and looks at
# the end state; then after the second, and so on until it is no longer killed. Which calls those are is found while it
# runs (stepper.cc). Each time the certificate that came of it is the next one's old certificate.
#
#   kill.sh [--softhsm] [STRIDE]     every STRIDE-th call; 1 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
cd "$WORK"

STEPPER=${SIGNET_TEST_STEPPER:?}
MOST=2000 # calls; a renewal has far fewer

# Every certificate lives longer than the one before, so that "due" means the old one and never the new one.
lifetime=10

# labels TYPE: of the objects, in one line.
labels() { objects "$1" | paste -sd,; }

# How many certificates the authority has issued.
issued() { grep -c "" ca/index.txt; }

# finished CALL BEFORE: exactly one new key and one new certificate, the old ones aside, the journal at its end.
finished() {
  local call=$1 before=$2 retired
  retired="seal (until $(date -u -d "$(openssl x509 -in old.pem -noout -enddate | sed 's/.*=//')" +%F))"
  [[ $(labels privkey) == "seal,$retired" ]] || fail "call $call: the private keys are $(labels privkey)"
  [[ $(labels pubkey) == "seal,$retired" ]] || fail "call $call: the public keys are $(labels pubkey)"
  [[ $(labels cert) == "Signet trial CA,seal,$retired" ]] || fail "call $call: the certificates are $(labels cert)"
  [[ $(issued) == $((before + 1)) ]] || fail "call $call: the authority issued $(($(issued) - before)) certificates"
  [[ $(grep -l '"step": *"done"' state/*.json | wc -l) == 1 && $(find state -name "*.json" | wc -l) == 1 ]] ||
    fail "call $call: the journal is $(cat state/*.json)"
  signet cert export seal --out new.pem >export.out
  openssl verify -CAfile ca/ca.pem new.pem >/dev/null
  ! cmp -s <(openssl x509 -in new.pem -noout -pubkey) <(openssl x509 -in old.pem -noout -pubkey) ||
    fail "call $call: the key is the old one"
  signet csr seal --subject CN=trial --out trial.csr >trial.out
  cmp -s <(openssl x509 -in new.pem -noout -pubkey) <(openssl req -in trial.csr -noout -pubkey) ||
    fail "call $call: the label finds another key than the certificate's"
  signet key delete "$retired" --yes >delete.out
  signet cert delete "$retired" --yes >delete.out
}

# round CALL: sets `ended` once the renewal ends by itself.
ended=
round() {
  local call=$1 before status=0
  before=$(issued)
  rm -rf state
  signet cert export seal --out old.pem >export.out
  echo $((lifetime + 5)) >days
  local renewal=(renew --state "$STATE" --due "$((lifetime + 2))d" --ca-command "$WORK/ask-ca" --roots ca/ca.pem
    --module "$MODULE" --token seal --pin-file pin)
  "$STEPPER" "$call" "$SIGNET" "${renewal[@]}" >killed.out 2>killed.err || status=$?
  [[ $status == 0 || $status == 3 ]] || fail "call $call: $(<killed.err)"
  "$SIGNET" "${renewal[@]}" >again.out 2>&1 || fail "call $call: the second run fails: $(<again.out)"
  finished "$call" "$before"
  lifetime=$((lifetime + 5))
  tail -n 1 killed.err
  [[ $status == 0 ]] || ended=yes
}

if [[ ${1:-} == --softhsm ]]; then make_softhsm && shift; else start_appliance; fi
stride=${1:-1}
make_ca
cat >ask-ca <<SCRIPT
#!/bin/sh
exec "$TESTCA" renew "$WORK/ca" "\$1" --days "\$(cat "$WORK/days")"
SCRIPT
first_certificate ec:P-256 seal --days "$lifetime"

tried=0
for ((call = 1; call < MOST; call += stride)); do
  tried=$((tried + 1))
  round "$call"
  [[ -z $ended ]] || break
done
[[ -n $ended ]] || fail "it is still killed after $MOST calls"
((tried > 10)) || fail "only $tried calls were found"
say "Killed after $((tried - 1)) of $((call - 1)) calls that write or send; every time the second run ended right."
