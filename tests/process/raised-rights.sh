#!/usr/bin/env bash
# A program with raised rights (set-user-ID) must not be told by its caller's environment whom to trust and where the
# PIN is: raised-rights.sh SIGNET
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

NOBODY=65534

(($(id -u) == 0)) || skip "only root can make a program that raises rights"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"
install -m 755 "${1:?name the command}" "$WORK/signet"
install -m 4755 "$(command -v id)" "$WORK/id"
mkdir -p "$WORK/home/signet" "$WORK/home/.config/signet"
for file in "$WORK/mine.toml" "$WORK/home/signet/signet.toml" "$WORK/home/.config/signet/signet.toml"; do
  echo 'no configuration' >"$file"
done
chown -R "$NOBODY:$NOBODY" "$WORK/home" "$WORK/mine.toml"

# as_nobody VARIABLE=VALUE... PROGRAM...: what it says, whatever its exit status.
as_nobody() { env -i "PATH=$PATH" setpriv --reuid="$NOBODY" --regid="$NOBODY" --clear-groups env "$@" 2>&1 || true; }

[[ $(as_nobody "$WORK/id" -u) == 0 ]] || skip "no program can raise its rights here"

asks_for() {
  as_nobody "SIGNET_CONFIG=$1" "XDG_CONFIG_HOME=$2" "HOME=$3" "$WORK/signet" config check
}

# Each of the three leads an ordinary process to the caller's file, and a raised one nowhere.
check() {
  local what=$1
  shift
  chmod 755 "$WORK/signet"
  grep -qF "$WORK/" <<<"$(asks_for "$@")" || fail "$what leads nobody to his own file, so it shows nothing"
  chmod 4755 "$WORK/signet"
  ! grep -F "$WORK/" <<<"$(asks_for "$@")" || fail "a process with raised rights listens to $what"
}

check SIGNET_CONFIG "$WORK/mine.toml" '' ''
check XDG_CONFIG_HOME '' "$WORK/home" ''
check HOME '' '' "$WORK/home"
