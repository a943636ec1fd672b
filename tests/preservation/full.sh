#!/usr/bin/env bash
# Lets the disk be full from the first writing call of `signet preserve run` on, then from the second, and so on until nothing fails
# any more (failing_writes.cc); or lets one call alone fail. The documents are the old ones or the new ones, valid; with room again
# the same command ends well, register and files agree, and nothing is left over.
#
#   full.sh full|once [STRIDE]     every STRIDE-th call; 1 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

PRELOAD=${SIGNET_TEST_FAILING_WRITES:?}
MOST=5000 # calls; a run has far fewer
how=${1:?full or once}
stride=${2:-1}
prepare_documents first.pdf second.pdf third.p7m
command=(preserve run --register register.db --jobs 1 --batch 2 "${TRUST[@]}" "${STAMPS[@]}")

failed=0
for ((call = 1; call < MOST; call += stride)); do
  begin_again
  status=0
  FAIL_AT=$call FAIL_HOW=$how LD_PRELOAD=$PRELOAD "$SIGNET_TEST_COMMAND" "${command[@]}" >told.out 2>told || status=$?
  whole_documents "call $call"
  grep -q "^failing_writes:" told || break
  # Some failures are made good, such as that of syncing what is not needed any more.
  [[ $status == 0 ]] || failed=$((failed + 1))
  [[ $status -lt 128 ]] || fail "call $call: status $status: $(<told)"
  if [[ $how == full ]]; then
    find archive -name '*signet-preserve*' | grep -q . && fail "call $call: the disk stays full of $(ls -A archive)"
  fi
  signet "${command[@]}" >again.out 2>&1 || fail "call $call: the second run fails: $(<again.out)"
  all_extended "call $call"
done
((call < MOST)) || fail "calls fail still after $MOST"
((failed >= 2)) || fail "only $failed runs failed, of $(((call - 1) / stride))"
say "$((call - 1)) calls, $failed runs that failed"
