#!/usr/bin/env bash
# Go's own Merkle trees (golang.org/x/mod/sumdb/tlog) agree with ours: each root, each proof, each tile's path. A proof
# with a wrong bit must be found.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
judge=$("$here/../clients/install.sh" tlog)/tlog

counts=$("$SIGNET_TEST_MERKLE_SAMPLES" | "$judge")
[[ $counts == $'entry 40\nroot 40\ninclusion 820\nconsistency 820\ntile 278' ]] || {
  echo "another number of lines was judged: $counts" >&2
  exit 1
}
if "$SIGNET_TEST_MERKLE_SAMPLES" spoil | "$judge"; then
  echo "the judge does not see a wrong bit" >&2
  exit 1
fi
