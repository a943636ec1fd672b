#!/usr/bin/env bash
# compare.sh content.py|pdfsig.py [NAME...]: reports of `signet verify` beside what others say of the same documents.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
python=$("$here/../../clients/install.sh" --folder pyhanko)/venv/bin/python
exec "$python" -B "$here/$1" "${@:2}"
