#!/usr/bin/env bash
# Kills `signet seal` with SIGKILL right after its first writing or sending system call, then after the second, and so on
# until it is no longer killed (which calls those are is found while it runs: stepper.cc), and looks at what is left: never
# half an output, never a document without its seal or twice sealed, never a lost document. Then the same command runs again.
#
#   kill.sh batch|watch [STRIDE]     every STRIDE-th call; 1 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

STEPPER=${SIGNET_TEST_STEPPER:?}
MOST=2000 # calls; a run has far fewer
what=${1:?batch or watch}
stride=${2:-1}
use_token emulator
serve_authority
cd "$WORK"
export XDG_STATE_HOME=$WORK/state STATE_DIRECTORY=$WORK/state
with_certificate ec:P-256 seal
head -c 100000 /dev/urandom >one
head -c 100000 /dev/urandom >two
touch -d "1 hour ago" one two

common=(--key seal --internal --jobs 1 --tsa "$TSA" --tsa-ca ca/ca.pem)
case $what in
  batch) command=(seal in/one in/two --out-dir out --skip-existing "${common[@]}") ;;
  watch) command=(seal --watch in --once --out-dir out --done-dir "done" --failed-dir failed "${common[@]}") ;;
  *) fail "there is no test called $what" ;;
esac

# complete FILE DOCUMENT: what is there is whole.
complete() {
  openssl_verifies "$1"
  cmp --silent "$2" verified || fail "$1 holds another document"
}

# looked_at CALL: after the kill. Everything under its name is whole, and each document is in one place.
looked_at() {
  local name
  for name in one two; do
    [[ ! -e out/$name.p7m ]] || complete "out/$name.p7m" "$name"
    [[ $what == batch ]] || [[ $(find in "done" failed -name "$name" | wc -l) == 1 ]] ||
      fail "call $1: $name is in $(find in "done" failed -name "$name")"
  done
  [[ $what != batch || $(find out -mindepth 1 ! -name '*.p7m' | wc -l) == 0 ]] || fail "call $1: in out is $(ls -A out)"
}

# finished CALL SIGNED: after the second run.
finished() {
  local name signed
  for name in one two; do
    complete "out/$name.p7m" "$name"
    if [[ $what == watch ]]; then
      cmp --silent "done/$name" "$name" || fail "call $1: $name is not in done"
    fi
  done
  [[ $(find out -name '*.p7m*' | wc -l) == 2 ]] || fail "call $1: in out is $(ls -A out)"
  [[ -z $(find in failed -type f) || $what == batch ]] || fail "call $1: left over: $(find in failed)"
  [[ -z $(find out/.signet-seal -mindepth 1 ! -name lock 2>/dev/null) ]] ||
    fail "call $1: left over: $(find out/.signet-seal)"
  # The one that was under way when it was killed may have been made again.
  signed=$(($(signatures_made) - $2))
  ((signed >= 2 && signed <= 3)) || fail "call $1: $signed signatures for two documents"
}

ended=
for ((call = 1; call < MOST; call += stride)); do
  rm -rf in out "done" failed
  mkdir in out "done" failed
  cp --preserve=timestamps one two in
  signed=$(signatures_made) status=0
  "$STEPPER" "$call" "$SIGNET_TEST_COMMAND" "${command[@]}" >killed.out 2>killed.err || status=$?
  [[ $status == 0 || $status == 3 ]] || fail "call $call: status $status: $(<killed.err)"
  looked_at "$call"
  signet "${command[@]}" >again.out 2>&1 || fail "call $call: the second run fails: $(<again.out)"
  finished "$call" "$signed"
  [[ $status == 0 ]] || { ended=yes && break; }
done
[[ -n $ended ]] || fail "it is still killed after $MOST calls"
tail -n 1 killed.err
