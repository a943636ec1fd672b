#!/usr/bin/env bash
# What systemd itself thinks of the installed units: that they are well formed, and how exposed the services are,
# from 0 (not at all) to 10 (not protected by anything): check-units.sh PREFIX
set -euo pipefail

# shellcheck source=../scripts/lib.sh
source "$(dirname "$0")/../scripts/lib.sh"

UNITS=${1:?name the installed tree}/lib/systemd/system

# exposed UNIT TENTHS: at most this much.
exposed() {
  local answer
  answer=$(systemd-analyze security --offline=true --no-pager --threshold="$2" "$UNITS/$1") || {
    grep -F '✗' <<<"$answer" >&2
    fail "$1 is more exposed than $2 tenths"
  }
  tail -n 1 <<<"$answer"
}

# What is left: the network, which all need, that the seal server takes anybody's connections, and that the renewals read
# root's configuration.
exposed signet-emulator.service 9
exposed signet-seald.service 11
exposed signet-renew.service 18
exposed signet-preserve.service 18

systemd-analyze verify --man=no "$UNITS"/*.service "$UNITS"/*.timer

# The figure is worth nothing if it does not rise with a right that is given back.
weaker=$(mktemp -d)
trap 'rm -rf "$weaker"' EXIT
grep -v '^SystemCallFilter=' "$UNITS/signet-emulator.service" >"$weaker/signet-emulator.service"
if (UNITS=$weaker && exposed signet-emulator.service 9) >/dev/null 2>&1; then
  fail "an emulator that may make every system call would pass too"
fi
