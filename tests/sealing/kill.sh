#!/usr/bin/env bash
# Kills `signet seal` with SIGKILL right after its first writing or sending system call, then after the second, and so on
# until it is no longer killed (which calls those are is found while it runs: stepper.cc), and looks at what is left: never
# half an output, never a document without its seal or twice sealed, never a lost document. Then the same command runs again.
#
#   kill.sh batch|watch cades|pades|degraded [STRIDE]     every STRIDE-th call; 1 by default
#
# degraded: CAdES without the time-stamp that is wanted. Of each such seal there is a record, so that --resume adds it.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

STEPPER=${SIGNET_TEST_STEPPER:?}
MOST=2000 # calls; a run has far fewer
what=${1:?batch or watch}
form=${2:?cades, pades or degraded}
stride=${3:-1}
use_token emulator
serve_authority
cd "$WORK"
export XDG_STATE_HOME=$WORK/state STATE_DIRECTORY=$WORK/state
with_certificate ec:P-256 seal
case $form in
  cades | degraded)
    documents=(one two)
    head -c 100000 /dev/urandom >one
    head -c 100000 /dev/urandom >two
    common=(--internal)
    ;;
  pades)
    documents=(one.pdf two.pdf)
    "$ROOT/scripts/make-pdf.py" one.pdf one
    "$ROOT/scripts/make-pdf.py" table.pdf two
    qpdf --object-streams=generate table.pdf two.pdf
    common=(--text "Sealed by {signer}")
    ;;
  *) fail "there is no form called $form" ;;
esac
touch -d "1 hour ago" "${documents[@]}"

ends=0 # status of a run that nothing kills
if [[ $form == degraded ]]; then
  common+=(--key seal --jobs 1 --tsa http://127.0.0.1:1/none --on-tsa-failure degrade)
  ends=30
else
  common+=(--key seal --jobs 1 --tsa "$TSA" --tsa-ca ca/ca.pem)
fi
case $what in
  batch) command=(seal "${documents[@]/#/in/}" --out-dir out --skip-existing "${common[@]}") ;;
  watch) command=(seal --watch in --once --out-dir out --done-dir "done" --failed-dir failed "${common[@]}") ;;
  *) fail "there is no test called $what" ;;
esac

# seal_of NAME: where its seal goes.
seal_of() { if [[ $form == pades ]]; then echo "out/$1"; else echo "out/$1.p7m"; fi; }

# complete NAME: the seal that is there is whole.
complete() {
  if [[ $form == pades ]]; then
    pdf_is_sealed "$(seal_of "$1")" 1 "$1"
    return
  fi
  openssl_verifies "$(seal_of "$1")"
  cmp --silent "$1" verified || fail "$(seal_of "$1") holds another document"
}

others=() # for find: what is no seal
for name in "${documents[@]}"; do
  others+=(! -path "$(seal_of "$name")")
done

# looked_at CALL: after the kill. Everything under its name is whole, and each document is in one place.
looked_at() {
  local name
  for name in "${documents[@]}"; do
    [[ ! -e $(seal_of "$name") ]] || complete "$name"
    [[ $what == batch ]] || [[ $(find in "done" failed -name "$name" | wc -l) == 1 ]] ||
      fail "call $1: $name is in $(find in "done" failed -name "$name")"
  done
  [[ $what != batch || $(find out -mindepth 1 "${others[@]}" | wc -l) == 0 ]] || fail "call $1: in out is $(ls -A out)"
}

# finished CALL SIGNED: after the second run.
finished() {
  local name signed
  if [[ $form == degraded ]]; then
    signet seal --resume --tsa "$TSA" --tsa-ca ca/ca.pem >raised.out 2>&1 || fail "call $1: $(<raised.out)"
    [[ $(grep -c ": raised" raised.out) == "${#documents[@]}" ]] || fail "call $1: not all are known: $(<raised.out)"
  fi
  for name in "${documents[@]}"; do
    complete "$name"
    if [[ $what == watch ]]; then
      cmp --silent "done/$name" "$name" || fail "call $1: $name is not in done"
    fi
  done
  [[ -z $(find out -type f "${others[@]}" ! -path 'out/.signet-seal/*') ]] || fail "call $1: in out is $(ls -A out)"
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
  cp --preserve=timestamps "${documents[@]}" in
  signed=$(signatures_made) status=0
  "$STEPPER" "$call" "$SIGNET_TEST_COMMAND" "${command[@]}" >killed.out 2>killed.err || status=$?
  [[ $status == 0 || $status == 3 || ($status == 1 && $ends == 30) ]] || fail "call $call: status $status: $(<killed.err)"
  looked_at "$call"
  again=0
  signet "${command[@]}" >again.out 2>&1 || again=$?
  [[ $again == 0 || $again == "$ends" ]] || fail "call $call: the second run fails: $(<again.out)"
  finished "$call" "$signed"
  [[ $status == 0 ]] || { ended=yes && break; }
done
[[ -n $ended ]] || fail "it is still killed after $MOST calls"
tail -n 1 killed.err
