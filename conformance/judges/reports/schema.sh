#!/usr/bin/env bash
# The XML reports of every kind of verdict against ETSI's schema, by EU DSS and the JDK's parser.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jars=$("$here/../../clients/install.sh" --folder dss-judge)/jars
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$SIGNET_TEST_REPORTS" "$work"
judge() { java -cp "$jars/*" "$here/ReportSchema.java" "$@"; }
judge "$work"/*.xml

# The judge finds a report that is wrong.
sed 's/MainIndication>/Main>/' "$work/extended.en.xml" >"$work/wrong.xml"
if judge "$work/wrong.xml" >"$work/complaints"; then
  echo "a report with a wrong element is valid" >&2
  exit 1
fi
grep -q "Main" "$work/complaints"
