#!/usr/bin/env bash
# Seals that fail because the appliance is gone, that work again when it is back, and that are killed: no document is there that is not
# whole: life.sh PREFIX java|dotnet
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
language=${2:?java or dotnet}
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

# begin: a new process, whose lines are read from and written to the coprocess.
begin() {
  coproc PROGRAM { exec_in "$language" Life "$MODULE" ec 2>>problems; }
  # The shell forgets both when the process has ended.
  FROM=${PROGRAM[0]} TO=${PROGRAM[1]} PID=$PROGRAM_PID
}

# answers WANTED DOCUMENT SEALED
answers() {
  local line
  echo "$2 $3" >&"$TO"
  while read -r -t 100 line <&"$FROM"; do
    [[ $line == begun ]] || break
  done
  [[ ${line:-} =~ ^$1$ ]] || fail "$2: \"${line:-}\" instead of $1: $(<problems)"
}

use_token emulator
serve_authority
cd "$WORK"
with_certificate ec:P-256 ec
"build_$language" Life
echo "a document" >document
# Read for longer than it takes to kill who reads it.
truncate -s 1G large

begin
answers "sealed, B_B" document first.p7m
say "without an appliance"
stop_emulator
answers "TOKEN, [1-9][0-9]*" document second.p7m
[[ ! -e second.p7m ]] || fail "a document is there whose seal failed"
start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance"
for ((tries = 0; tries < 60; tries++)); do
  rm -f second.p7m
  echo "document second.p7m" >&"$TO"
  while read -r -t 100 line <&"$FROM" && [[ $line == begun ]]; do :; done
  [[ $line != sealed* ]] || break
  sleep 1
done
[[ $line == "sealed, B_B" ]] || fail "the same process cannot seal again: $line"
openssl_verifies second.p7m

say "killed"
echo "large third.p7m" >&"$TO"
read -r -t 100 line <&"$FROM"
[[ $line == begun ]] || fail "$line"
kill -KILL "$PID"
wait "$PID" 2>/dev/null || true
[[ ! -e third.p7m ]] || fail "a document is there whose seal was killed"
begin
answers "sealed, B_B" document third.p7m
openssl_verifies third.p7m
exec {TO}>&-
wait "$PID" || fail "it ends with a failure: $(<problems)"
say "a seal is whole or not there"
