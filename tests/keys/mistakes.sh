#!/usr/bin/env bash
# What is wrong with the configuration stands in the last line of each command about tokens: the parser's sentence, or why
# the credential cannot be read. Where only the module's log knows, that line says where the log lies.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
WORK=$(mktemp -d)
trap 'stop_emulator; rm -rf "$WORK"' EXIT
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token emulator
cd "$WORK"
right=$(<"$SIGNET_CONFIG")

# last_line TEXT COMMAND...: it fails, and this stands in the last line that it writes.
last_line() {
  local text=$1
  shift
  ! "$@" >out.txt 2>err.txt </dev/null || fail "no failure: $*"
  tail -n 1 err.txt | grep -qF -- "$text" || fail "not \"$text\" but \"$(tail -n 1 err.txt)\": $*"
  ! tail -n 1 err.txt | grep -q "the token answers CKR_GENERAL_ERROR$" || fail "$(<err.txt)"
}

every_command() {
  last_line "$1" signet token list
  last_line "$1" signet token list --json
  last_line "$1" signet key list
  last_line "$1" signet key generate --type ec:P-256 --label x
  last_line "$1" signet key delete x --yes
  last_line "$1" signet csr x --subject CN=x
  last_line "$1" signet cert list
  last_line "$1" signet cert export x
  last_line "$1" signet renew --state "$WORK/state" --json
}

# with CONTENT: of the configuration, mode 0600.
with() { (umask 077 && printf '%s\n' "$1" >"$SIGNET_CONFIG"); }

say "Syntax, an unknown key, a wrong value, rights, a file that is not there"
with "[[token]"
every_command "$SIGNET_CONFIG:1:"
with "$right
colour = 1"
every_command "there is no key \"colour\""
with "${right/url = \"https/url = \"http}"
every_command "$SIGNET_CONFIG:"
with "$right"
chmod 666 "$SIGNET_CONFIG"
every_command "chmod go-w"
chmod 600 "$SIGNET_CONFIG"
SIGNET_CONFIG=$WORK/nothing.toml every_command "$WORK/nothing.toml: No such file"

say "No configuration at all"
without_any() { env -u SIGNET_CONFIG HOME="$WORK/home" XDG_CONFIG_HOME="$WORK/home" "$@"; }
[[ -e /etc/signet/signet.toml ]] ||
  last_line "there is no configuration" without_any "$SIGNET_TEST_COMMAND" key list

say "A credential that is empty"
(umask 077 && : >empty.pin)
with "${right/user = /credential = \"file:$WORK/empty.pin\"
user = }"
(unset SIGNET_PIN && last_line "empty.pin holds no password" signet key list)

say "Where only the log knows, it is named"
pin=$(grep -o 'sha256//[^"]*' <<<"$right" | head -n 1)
wrong=${right//"$pin"/"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}
with "$wrong"
last_line "the lines above say why" signet key list
grep -q "pin" err.txt || fail "the lines above do not say why: $(<err.txt)"
with "[log]
to = \"$WORK/module.log\"
$wrong"
last_line "the log says why: $WORK/module.log" signet key list
grep -q "pin" module.log || fail "the log does not say why: $(<module.log)"
