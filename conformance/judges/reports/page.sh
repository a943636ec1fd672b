#!/usr/bin/env bash
# The reports in HTML of every kind of verdict in a browser, with the rules of axe: page.sh [PICTURES], a folder for pictures of them.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
client=$("$here/../../clients/install.sh" --folder browser)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$SIGNET_TEST_REPORTS" "$work"
judge() { node "$here/page.cjs" "$client" "$@"; }
if [[ -n ${1:-} ]]; then
  mkdir -p "$1"
  cp "$work"/*.html "$1"
  judge "$1" --pictures
  exit
fi
# Two of them are enough for the other language.
rm "$work"/{changed,revoked,token,empty}.cs.html
judge "$work"

# The judge finds a page whose text is hard to read, one that is wider than the window, cells with too much in them, and a page
# without a title.
mkdir "$work/wrong"
sed 's/--quiet: #57606a/--quiet: #c0c4c8/' "$work/extended.en.html" >"$work/wrong/pale.html"
sed 's/max-width: 60rem/min-width: 90rem/' "$work/extended.en.html" >"$work/wrong/wide.html"
sed 's/width: 25%/width: 10%/' "$work/extended.en.html" >"$work/wrong/cells.html"
sed 's/<title>.*<\/title>//' "$work/extended.en.html" >"$work/wrong/untitled.html"
if judge "$work/wrong" >"$work/complaints"; then
  echo "wrong pages are right" >&2
  exit 1
fi
for finding in "pale.html (light): color-contrast" "wide.html (light): too wide" "cells.html (print): too wide" "untitled.html (light): document-title"; do
  grep -qF "$finding" "$work/complaints"
done
