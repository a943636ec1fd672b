#!/usr/bin/env bash
# Kills `signet preserve run`, `preserve add` or `extend` with SIGKILL right after its first writing or sending system call, then
# after the second, and so on until it is no longer killed (tests/renewal/stepper.cc finds those calls while it runs). After each
# kill every document is the old one or the new one, whole and valid; after the same command was run again all is done, register and
# files agree, and nothing is left over.
#
#   kill.sh run|add|extend [STRIDE]     every STRIDE-th call; 1 by default
#
# $SIGNET_TEST_PRELOAD, where it is set, is loaded into the command (failing_writes.cc).
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

STEPPER=${SIGNET_TEST_STEPPER:?}
MOST=5000 # calls; a run has far fewer
what=${1:?run, add or extend}
stride=${2:-1}
prepare_documents first.pdf second.pdf third.p7m
case $what in
  # Two batches, so that a kill meets a register with a batch that is done.
  run) command=(preserve run --register register.db --jobs 1 --batch 2 "${TRUST[@]}" "${STAMPS[@]}") ;;
  add) command=(preserve add archive --register register.db --jobs 1 --batch 2 "${TRUST[@]}") ;;
  extend) command=(extend archive/first.pdf archive/third.p7m "${TRUST[@]}" "${STAMPS[@]}") ;;
  *) fail "there is no test called $what" ;;
esac

begin() {
  begin_again
  [[ $what != add ]] || rm register.db
}

# looked_at CALL: what the kill has left.
looked_at() {
  local file
  whole_documents "call $1"
  # What is being made is nobody else's to read.
  for file in archive/.*signet-preserve*; do
    [[ ! -e $file || $(stat -c %a "$file") == 600 || $(stat -c %a "$file") == "$(stat -c %a fresh/first.pdf)" ]] ||
      fail "call $1: $(stat -c '%a %n' "$file")"
  done
  # Where nobody but the killed command knew of it: a name that is its own (docs/preserving.md).
  if [[ $what == extend ]]; then
    find archive -regextype posix-extended -regex 'archive/\.(first\.pdf|third\.p7m)\.[0-9a-f]{16}' -delete
    only_documents "call $1"
  fi
}

# finished CALL: after the second run.
finished() {
  case $what in
    run) all_extended "call $1" ;;
    add)
      only_documents "call $1"
      agrees "call $1" register.db
      ;;
    extend)
      whole_documents "call $1"
      only_documents "call $1"
      ;;
  esac
}

ended=
for ((call = 1; call < MOST; call += stride)); do
  begin
  status=0
  LD_PRELOAD=${SIGNET_TEST_PRELOAD:-} "$STEPPER" "$call" "$SIGNET_TEST_COMMAND" "${command[@]}" >killed.out 2>killed.err || status=$?
  [[ $status == 0 || $status == 3 ]] || fail "call $call: status $status: $(<killed.err)"
  looked_at "$call"
  signet "${command[@]}" >again.out 2>&1 || fail "call $call: the second run fails: $(<again.out)"
  finished "$call"
  [[ $status == 0 ]] || { ended=yes && break; }
done
[[ -n $ended ]] || fail "it is still killed after $MOST calls"
tail -n 1 killed.err
