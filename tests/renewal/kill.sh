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

# finished CALL BEFORE: one successor, and the journal is at its end.
finished() {
  [[ $(grep -l '"step": *"done"' state/*.json | wc -l) == 1 && $(find state -name "*.json" | wc -l) == 1 ]] ||
    fail "call $1: the journal is $(cat state/*.json)"
  one_successor "call $1" "$2"
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
