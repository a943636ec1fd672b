#!/usr/bin/env bash
# judge.sh OUT [--record]: makes the table's documents in OUT and lets EU DSS and pyHanko judge them; their verdicts are compared
# with record.yaml, or written there.
set -euo pipefail

HERE=$(dirname "$(realpath "$0")")
OUT=${1:?name a folder for the documents}
shift
PYTHON=$("$HERE/../clients/install.sh" --folder pyhanko)/venv/bin/python
"$PYTHON" -B "$HERE/generate.py" "$OUT"
exec "$PYTHON" -B "$HERE/judge.py" "$OUT" "$@"
