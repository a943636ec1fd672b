#!/usr/bin/env bash
# What a seal costs and what leaves the machine: one C_Sign, one request to the appliance and one to the time-stamp authority
# for each of many documents, half of them PDF documents of every build, and of the documents nothing but digests. The
# reference stands beside each signature in the appliance's journal. Time-stamps that outgrow the room that was left for
# them in a PDF document cost a second signature, once.
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

mkdir fixtures builds builds/special special
"${SIGNET_TEST_PDF_FIXTURES:?}" fixtures
(umask 077 && printf owner >password)
(cd fixtures && mv {fragmented,hybrid,linear,linear-packed,no-line-end,packed,stream,table,version2}.pdf ../builds)
# These are recognised as PDF documents, or sealed, only where the command is told more.
(cd fixtures && mv {junk,rc4-40,rc4-128,aes-128,aes-256}.pdf ../builds/special)

# Nine of ten are in the mixed batch; of these, those that are no PDF documents have 64 KiB.
python3 - "$documents" <<'PYTHON'
import itertools, pathlib, sys
builds, special = (itertools.cycle(sorted(pathlib.Path(folder).glob("*.pdf"))) for folder in ("builds", "builds/special"))
for number in range(int(sys.argv[1])):
    name, build = f"{number:04}", None
    if number % 10 == 9:
        build, folder = next(special), "special"
    elif number % 2 == 0:
        build, folder = next(builds), "in"
    if build:
        pathlib.Path(f"{folder}/{name}-{build.name}").write_bytes(build.read_bytes())
    else:
        pathlib.Path(f"in/{name}").write_bytes((f"document {name} of the count; " * 2622).encode()[:65536])
PYTHON
pdfs=(in/*.pdf)

member=$(sed -n 's/^ *url *= *"\(https:\/\/[^/]*\).*/\1/p' "$SIGNET_CONFIG" | head -n 1)
counter() {
  curl --silent --insecure "$member/x-emulator/v1/counters" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"
}
requests=$(counter requests) bytes=$(counter requestBytes) signed=$(signatures_made)
stamped=$(count /tsa requests) sent=$(count /tsa received)

common=(--out-dir out --key seal --json)
to_tsa=(--tsa "$TSA" --tsa-ca ca/ca.pem --reference "batch 7")
signet seal in/* "${common[@]}" "${to_tsa[@]}" --jobs 8 >mixed.json
signet seal special/* "${common[@]}" "${to_tsa[@]}" --jobs 8 --format pades --pdf-password-file password >special.json

python3 - "$documents" <<'PYTHON'
import json, sys
files = [file for name in ("mixed", "special") for file in json.load(open(f"{name}.json"))["files"]]
assert len(files) == int(sys.argv[1]), len(files)
assert all(f["status"] == "sealed" and f["level"] == "B-T" for f in files)
assert all((f["format"] == "pades") == f["in"].endswith(".pdf") for f in files)
PYTHON
sealed=(out/*.p7s)
for some in "${sealed[0]}" "${sealed[${#sealed[@]} / 2]}" "${sealed[-1]}"; do
  openssl_verifies "$some" "in/$(basename "$some" .p7s)"
done
for some in out/*.pdf; do
  pdf_is_sealed "$some" 1
done

signed=$(($(signatures_made) - signed))
[[ $signed == "$documents" ]] || fail "$documents seals cost $signed signatures"
referred=$("$SIGNET_TEST_EMULATOR" journal "$WORK/appliance" | grep -c '"batch 7"' || true)
[[ $referred == "$documents" ]] || fail "$referred of $documents signatures stand in the journal with their reference"
[[ $(value mixed.json '["files"][-1]["reference"]') == "batch 7" ]] || fail "the report has no reference"
stamped=$(($(count /tsa requests) - stamped))
[[ $stamped == "$documents" ]] || fail "$documents seals cost $stamped requests to the authority"

# Beside the signatures, what one login and the list of objects cost, once a batch.
requests=$(($(counter requests) - requests))
((requests >= documents && requests <= documents + 20)) || fail "$documents seals cost $requests requests"

# Request line and headers are most of it; the documents that are no PDF have 65,536 bytes each.
bytes=$((($(counter requestBytes) - bytes) / documents))
((bytes < 1000)) || fail "a seal sends $bytes bytes to the appliance"
sent=$((($(count /tsa received) - sent) / documents))
((sent < 100)) || fail "a seal sends $sent bytes to the authority"
say "$documents seals: $requests requests and $signed signatures at the appliance, $bytes bytes sent for each;" \
  "$stamped requests at the authority, $sent bytes sent for each"

growing=("${pdfs[@]:0:20}")

# one_more AUTHORITY JOBS: twenty seals cost 21 signatures and 21 requests, the additional one is told of.
one_more() {
  rm out/*
  signed=$(signatures_made)
  signet seal "${growing[@]}" "${common[@]}" --jobs "$2" --tsa "$TSA/$1" >grown.json 2>grown.err
  stamped=$(count "/tsa/$1" requests) signed=$(($(signatures_made) - signed))
  [[ $signed == 21 && $stamped == 21 ]] || fail "20 seals cost $signed signatures and $stamped requests to the authority \"$1\""
  [[ $(grep -c "is sealed a second time" grown.err) == 1 ]] || fail "not told once: $(<grown.err)"
  [[ $(grep -o '"status":"sealed"' <(tr -d ' ' <grown.json) | wc -l) == 20 ]] || fail "$(<grown.json)"
  for some in out/*.pdf; do
    pdf_is_sealed "$some" 1
  done
  say "20 seals with larger time-stamps ($1, $2 at a time): $signed signatures"
}

# They have 40,000 bytes more, which is over the 32 KiB that are left: from the fourth one on, or all of them.
one_more growing 1
one_more large 8

# Where no authority can be reached, the first document says so, and the others cost no signature.
rm out/*
signed=$(signatures_made) status=0
signet seal "${growing[@]}" "${common[@]}" --jobs 1 --tsa http://127.0.0.1:1/none >none.json 2>none.err || status=$?
signed=$(($(signatures_made) - signed))
[[ $status == 33 && $signed == 1 ]] || fail "status $status, $signed signatures without a time-stamp: $(<none.err)"
[[ $(grep -c "the key was not asked for a signature" none.err) == 19 ]] || fail "$(<none.err)"
say "20 documents and no authority: $signed signature"

# A watched folder whose authority fails: the authority is asked again and again, the key once. When the authority is well, a
# second signature seals the document.
say "a watched folder and an authority that fails for a while"
python3 - "$TSA" >failing.url <<'PYTHON' &
import http.server, os, sys, urllib.request

class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers["Content-Length"]))
        open("asked", "a").write("x")
        if not os.path.exists("well"):
            self.send_error(500)
            return
        headers = {"Content-Type": "application/timestamp-query"}
        with urllib.request.urlopen(urllib.request.Request(sys.argv[1], query, headers)) as answer:
            token = answer.read()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(token)))
        self.end_headers()
        self.wfile.write(token)

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
print(f"http://127.0.0.1:{server.server_address[1]}/tsa", flush=True)
server.serve_forever()
PYTHON
failing=$!
trap 'kill "$failing" 2>/dev/null || true; end_sealing_test' EXIT
for ((n = 0; n < 100; n++)); do
  [[ ! -s failing.url ]] || break
  sleep 0.1
done
mkdir watched sealed "done" failed
echo "a document" >watched/document
touch -d "1 hour ago" watched/document
signed=$(signatures_made)
"$SIGNET_TEST_COMMAND" seal --watch watched --out-dir sealed --done-dir "done" --failed-dir failed --key seal \
  --tsa "$(<failing.url)" >watch.out 2>watch.err &
watcher=$!
for ((n = 0; n < 300; n++)); do
  [[ $(grep -c "watched/document" watch.err) -lt 4 ]] || break
  sleep 0.1
done
asked=$(wc -c <asked) spent=$(($(signatures_made) - signed))
[[ $spent == 1 ]] || fail "an authority that failed $asked times cost $spent signatures: $(<watch.err)"
((asked > 1)) || fail "the authority was not asked again: $(<watch.err)"
touch well
for ((n = 0; n < 300; n++)); do
  [[ ! -e sealed/document.p7s ]] || break
  sleep 0.1
done
spent=$(($(signatures_made) - signed))
kill -TERM "$watcher"
wait "$watcher" || true
[[ -e sealed/document.p7s && $spent == 2 ]] || fail "$spent signatures: $(<watch.err)"
openssl_verifies sealed/document.p7s "done/document"
say "an authority that failed $((asked)) times: $spent signatures"
