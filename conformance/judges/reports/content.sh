#!/usr/bin/env bash
# The XML reports of `signet verify` and of EU DSS about the same documents, compared: content.sh [NAME...]
set -euo pipefail
here=$(dirname "$(realpath "$0")")
python=$("$here/../../clients/install.sh" --folder pyhanko)/venv/bin/python
exec "$python" -B "$here/content.py" "$@"
