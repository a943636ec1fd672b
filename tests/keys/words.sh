#!/usr/bin/env bash
# What the commands say of words that they do not know, of their version, and how wide they write at a terminal.
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

here=$(realpath "$(dirname "$0")")

say "unknown commands are named"
refuses 2 'there is no command "frobnicate"' signet frobnicate
refuses 2 'there is no command "frobnicate"' signet frobnicate --json x
for group in config pin token key cert; do
  refuses 2 'there is no command "frobnicate"' signet "$group" frobnicate
done
refuses 2 'there is no command "frobnicate"' "${SIGNET_TEST_EMULATOR:?}" frobnicate
refuses 2 'frobnicate' "$TESTCA" frobnicate
refuses 2 'there is no command "x\x1b[2Jy"' signet $'x\x1b[2Jy'
refuses 2 'subcommand is required' signet key

say "versions"
version=$(signet --version)
[[ $version =~ ^signet\ [0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "the version of signet is \"$version\""
[[ $("$SIGNET_TEST_EMULATOR" --version) == "signet-emulator ${version#signet }" ]] || fail "the emulator has another one"

use_token emulator
new_root root
new_issuer issuing root
cd "$WORK"
signet key generate --type ec:P-256 --label "a label of many words, so that its row is a long one" \
  --id "$(printf '%0200d' 0)" >/dev/null 2>&1
signet csr "a label of many words, so that its row is a long one" --out long.csr \
  --subject "C=CZ,O=An office whose name is as long as the names of offices are,OU=Department of long names,CN=seal"
issue long.csr long.pem
signet cert import long.pem >/dev/null

say "tables fit a terminal, and lose nothing"
for list in key cert; do
  ANSWER='' python3 "$here/at_terminal.py" "$SIGNET_TEST_COMMAND" "$list" list --pin-file pin >shown.txt
  awk -v list=$list '{ sub("\r", ""); if (length > 100) { print list ": " length ": " $0; bad = 1 } } END { exit bad }' shown.txt
  signet "$list" list --pin-file pin >piped.txt
  [[ $(wc -l <piped.txt) == 2 && $(wc -l <shown.txt) -gt 2 ]] || fail "$list list: $(cat piped.txt shown.txt)"
  # The same characters, the wrapped ones in other places.
  diff <(tr -d ' \r\n' <piped.txt | fold -w 1 | sort) <(tr -d ' \r\n' <shown.txt | fold -w 1 | sort)
done
