#!/usr/bin/env bash
# `signet key generate` where the appliance's answer is lost, or the command is killed while it waits: one key, not two.
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token emulator
python3 - "$SIGNET_CONFIG" <<'PYTHON'
import pathlib, sys
file = pathlib.Path(sys.argv[1])
text = file.read_text()
first, member, rest = text.partition("  [[token.member]]")
file.write_text(first + '  [token.limits]\n  key_generation = "3s"\n\n' + member + rest)
PYTHON

# faults METHOD [JSON]: what the next requests meet (POST), or nothing any more (DELETE).
faults() {
  python3 - "$SIGNET_CONFIG" "$1" "${2:-}" <<'PYTHON'
import re, ssl, sys, urllib.request
url = re.search(r'url\s*=\s*"(https://[^/"]*)', open(sys.argv[1]).read())[1]
request = urllib.request.Request(url + "/x-emulator/v1/faults", sys.argv[3].encode() or None,
                                 {"Content-Type": "application/json"}, method=sys.argv[2])
urllib.request.urlopen(request, context=ssl._create_unverified_context())
PYTHON
}

keys() {
  signet key list --json >"$WORK/keys.json"
  value "$WORK/keys.json" '.__len__()'
}

say "every answer is cut off"
faults POST '{"match": {"method": "POST", "path_prefix": "/dsa/v1/keys"}, "kind": "cut", "afterBytes": 5, "times": 0}'
signet key generate --type ec:P-256 --label lost >"$WORK/made.txt" 2>"$WORK/made.err"
grep -q '"lost" was made' "$WORK/made.txt" || fail "$(cat "$WORK/made.txt" "$WORK/made.err")"
[[ $(keys) == 1 ]] || fail "there are $(keys) keys"

say "the command is killed while it waits for the answer"
faults DELETE
faults POST '{"match": {"method": "POST", "path_prefix": "/dsa/v1/keys"}, "kind": "stall", "ms": 60000,
  "after_processing": true}'
"$SIGNET_TEST_COMMAND" key generate --type ec:P-256 --label killed >/dev/null 2>&1 &
victim=$!
for ((tries = 0; tries < 200; tries++)); do
  [[ $(keys) == 1 ]] || break
  sleep 0.05
done
kill -KILL "$victim" || fail "it had ended already"
wait "$victim" 2>/dev/null || true
[[ $(keys) == 2 ]] || fail "there are $(keys) keys"
signet key generate --type ec:P-256 --label killed 2>/dev/null | grep "nothing was made"
[[ $(keys) == 2 ]] || fail "there are $(keys) keys"
