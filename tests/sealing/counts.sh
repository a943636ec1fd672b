#!/usr/bin/env bash
# What a seal costs and what leaves the machine: one C_Sign, one request to the appliance and one to the time-stamp authority
# for each of many documents, and of the documents nothing but digests. The reference stands beside each signature in
# the appliance's journal.
#
#   counts.sh [DOCUMENTS]     1000 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

documents=${1:-1000}
use_token emulator
serve_authority
cd "$WORK"
with_certificate ec:P-256 seal
mkdir in out

# Each with a marker that must be seen nowhere else, 64 KiB of it.
python3 - "$documents" <<'PYTHON'
import pathlib, sys
for number in range(int(sys.argv[1])):
    pathlib.Path(f"in/{number:04}").write_bytes((f"document {number:04} of the count; " * 2622).encode()[:65536])
PYTHON

member=$(sed -n 's/^ *url *= *"\(https:\/\/[^/]*\).*/\1/p' "$SIGNET_CONFIG" | head -n 1)
counter() {
  curl --silent --insecure "$member/x-emulator/v1/counters" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
requests=$(counter requests) bytes=$(counter requestBytes) signed=$(signatures_made)
stamped=$(count /tsa requests) sent=$(count /tsa received)

signet seal in/* --out-dir out --key seal --tsa "$TSA" --tsa-ca ca/ca.pem --jobs 8 \
  --reference "batch 7" --json >sealed.json

python3 - "$documents" <<'PYTHON'
import json, sys
files = json.load(open("sealed.json"))["files"]
assert len(files) == int(sys.argv[1]), len(files)
assert all(f["status"] == "sealed" and f["level"] == "B-T" for f in files)
PYTHON
sealed=(out/*)
for some in "${sealed[0]}" "${sealed[${#sealed[@]} / 2]}" "${sealed[-1]}"; do
  openssl_verifies "$some" "in/$(basename "$some" .p7s)"
done

signed=$(($(signatures_made) - signed))
[[ $signed == "$documents" ]] || fail "$documents seals cost $signed signatures"
referred=$("$SIGNET_TEST_EMULATOR" journal "$WORK/appliance" | grep -c '"batch 7"' || true)
[[ $referred == "$documents" ]] || fail "$referred of $documents signatures stand in the journal with their reference"
[[ $(value sealed.json '["files"][-1]["reference"]') == "batch 7" ]] || fail "the report has no reference"
stamped=$(($(count /tsa requests) - stamped))
[[ $stamped == "$documents" ]] || fail "$documents seals cost $stamped requests to the authority"

# Beside the signatures, what one login and the list of objects cost, once.
requests=$(($(counter requests) - requests))
((requests >= documents && requests <= documents + 10)) || fail "$documents seals cost $requests requests"

# Request line and headers are most of it; the documents have 65,536 bytes each.
bytes=$((($(counter requestBytes) - bytes) / documents))
((bytes < 1000)) || fail "a seal sends $bytes bytes to the appliance"
sent=$((($(count /tsa received) - sent) / documents))
((sent < 100)) || fail "a seal sends $sent bytes to the authority"
say "$documents seals: $requests requests and $signed signatures at the appliance, $bytes bytes sent for each;" \
  "$stamped requests at the authority, $sent bytes sent for each"
