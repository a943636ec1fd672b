#!/usr/bin/env bash
# What bash's completion offers: check.sh SIGNET
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
# shellcheck source=signet.bash
source "$(dirname "$0")/signet.bash"
SIGNET=${1:?name the program}

# offers WANTED WORD...: among what is offered for the last word is WANTED.
offers() {
  local wanted=$1
  shift
  COMP_WORDS=("$SIGNET" "$@")
  COMP_CWORD=$#
  _signet
  [[ " ${COMPREPLY[*]} " == *" $wanted "* ]] || fail "no $wanted for \"$*\" but: ${COMPREPLY[*]}"
}

# offers_not UNWANTED WORD...
offers_not() {
  (offers "$@") >/dev/null 2>&1 && fail "$1 is offered for: ${*:2}"
  return 0
}

offers key ""
offers csr c
offers cert c
offers_not key c
offers generate key ""
offers delete key d
offers_not import key ""
offers --label key generate --l
offers --with-certificates key rename old new --w
offers --roots cert import chain.pem --r
offers --pss csr seal --p
offers SHA384 csr seal --hash SHA3
offers rsa:3072 key generate --type r
offers --timeout pin show --
echo "completion is as it should be"
