#!/usr/bin/env bash
# Many documents in one register: many.sh COUNT
#
# They are registered, and their extension is killed with SIGKILL twice on its way and resumed; afterwards each has been extended once,
# and register and files agree. At a terminal it says how far it is. The register is exported, and imported as another one.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

COUNT=${1:?how many documents}
use_authorities
mkdir archive
sealed one.pdf
mkdir cache
mv archive/one.pdf one.sealed.pdf
python3 - "$COUNT" <<'PY'
import pathlib, sys
content = pathlib.Path("one.sealed.pdf").read_bytes()
for number in range(int(sys.argv[1])):
    folder = pathlib.Path(f"archive/{number // 1000:03}")
    folder.mkdir(exist_ok=True)
    (folder / f"{number:05}.pdf").write_bytes(content)
PY
OPTIONS=("${TRUST[@]}" --cache cache --register register.db)

# extended: how many documents are longer than at first.
extended() { find archive -name '*.pdf' -size +"$(stat -c %s one.sealed.pdf)"c | wc -l; }

say "registering $COUNT documents"
signet preserve add archive "${OPTIONS[@]}" >added || fail "$(tail -n 5 added)"
grep -qx "$COUNT registered, 0 other files left out" added || fail "$(tail -n 1 added)"

run=(preserve run "${OPTIONS[@]}" "${STAMPS[@]}" --batch 20)
for _ in 1 2; do
  before=$(extended)
  "$SIGNET_TEST_COMMAND" "${run[@]}" --resume >killed.out 2>&1 &
  pid=$!
  for ((look = 0; look < 6000; look++)); do
    (($(extended) - before < COUNT / 4)) || break
    kill -0 "$pid" 2>/dev/null || fail "the run ended by itself: $(tail -n 3 killed.out)"
    sleep 0.1
  done
  kill -KILL "$pid"
  wait "$pid" || true
  say "killed, with $(extended) documents extended"
done
(($(extended) < COUNT)) || fail "nothing is left to do"

say "resuming, at a terminal"
python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' \
  "$SIGNET_TEST_COMMAND" "${run[@]}" --resume >shown || fail "$(tail -c 2000 shown)"
grep -aqE "[0-9]+ of [0-9]+ documents, [0-9.]+ a second" shown || fail "no progress is shown: $(tail -c 500 shown)"
grep -aqE "[0-9]+ due: [0-9]+ extended, 0 changed, 0 missing, 0 failed, 0 left" shown || fail "$(tail -c 500 shown)"
signet preserve list --register register.db --json >rows
python3 - "$COUNT" <<'PY' || fail "register and files do not agree"
import hashlib, json, pathlib, sys
rows = json.load(open("rows"))["documents"]
files = {str(path.resolve()) for path in pathlib.Path("archive").rglob("*") if path.is_file()}
if len(rows) != int(sys.argv[1]) or {row["path"] for row in rows} != files:
    sys.exit(f"{len(rows)} rows, {len(files)} files")
digests = set()
for row in rows:
    digest = hashlib.sha256(pathlib.Path(row["path"]).read_bytes()).hexdigest()
    digests.add(digest)
    found = row["sha256"], row["level"], row["verdict"], row["extensions"], row["standing"]
    if found != (digest, "B-LTA", "TOTAL-PASSED", 1, "kept"):
        sys.exit(f"{row}")
if len(digests) != len(rows):
    sys.exit("two documents have the same time-stamps")
PY
find archive -name '*.pdf' | sort | awk -v step=$((COUNT / 10)) 'NR % step == 1' | while read -r file; do
  [[ $(level_of "$file") == B-LTA ]] || fail "$file is not at level B-LTA"
done
signet preserve run "${OPTIONS[@]}" "${STAMPS[@]}" >again
grep -q "^0 due" again || fail "$(<again)"

say "export and import"
signet preserve export --register register.db --out exported
(($(wc -l <exported) == COUNT + 1)) || fail "$(wc -l <exported) lines"
signet preserve import exported --register other.db >/dev/null
signet preserve list --register other.db --json >other.rows
cmp rows other.rows || fail "the imported register differs"
signet preserve export --register other.db | cmp - exported || fail "it is exported otherwise"
say "$COUNT documents"
