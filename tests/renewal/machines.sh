#!/usr/bin/env bash
# Two machines, each with a journal and a cache of its own, renew one certificate at the same moment and are killed at
# random, time and again: there is one new key and one new certificate, and never two under one label.
#
#   machines.sh [ROUNDS]     4 by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
cd "$WORK"

ROUNDS=${1:-4}
MOST=20 # attempts until both machines are content

# Every certificate lives longer than the one before, so that "due" means the old one and never the new one.
lifetime=10

# machine NAME [PREFIX...]: a run on this machine, under the prefix; gives the run's exit status.
machine() {
  local name=$1 status=0
  shift
  SIGNET_CONFIG=$WORK/$name.toml "$@" "$SIGNET" renew --state "$WORK/$name-state" --due "$((lifetime + 2))d" \
    --ca-command "$WORK/ask-ca" --roots ca/ca.pem --module "$MODULE" --token seal --pin-file pin \
    >"$name.out" 2>"$name.err" || status=$?
  echo "$status" >"$name.status"
}

# killed: the words that end a command somewhere within the time, in milliseconds, that a renewal takes; now and then
# none.
killed() {
  local moment=$((RANDOM % whole))
  ((RANDOM % 4 == 0)) || printf 'timeout\n-s\nKILL\n%d.%03d\n' $((moment / 1000)) $((moment % 1000))
}

# content NAME: it has nothing to do, or leaves the work to the other one and says how it knows.
content() {
  case $(<"$1.status") in
    0) ;;
    5) grep -qF '"seal (next)"' "$1.err" || fail "machine $1 does not name the key: $(<"$1.err")" && return 1 ;;
    *) fail "machine $1 fails: $(<"$1.err")" ;;
  esac
}

both() {
  machine one "${first[@]}" &
  local other=$!
  machine two "${second[@]}"
  wait "$other"
}

round() {
  local number=$1 before started tries=0
  before=$(issued)
  signet cert export seal --out old.pem >export.out
  echo $((lifetime + 5)) >days
  if ((whole > 0)); then
    mapfile -t first < <(killed)
    mapfile -t second < <(killed)
  fi
  started=${EPOCHREALTIME/./}
  both
  ((whole > 0)) || whole=$(((${EPOCHREALTIME/./} - started) / 1000))
  first=() second=()
  until both && content one && content two; do
    ((++tries < MOST)) || fail "round $number: no machine goes on: $(cat one.err two.err)"
  done
  one_successor "round $number" "$before"
  lifetime=$((lifetime + 5))
}

start_appliance
for name in one two; do
  sed "1i cache_dir = \"$WORK/$name-cache\"" "$SIGNET_CONFIG" >$name.toml
done
make_ca
cat >ask-ca <<SCRIPT
#!/bin/sh
exec "$TESTCA" renew "$WORK/ca" "\$1" --days "\$(cat "$WORK/days")"
SCRIPT
first_certificate ec:P-256 seal --days "$lifetime"

# The first round is left alone, and tells how long a renewal takes.
first=() second=() whole=0
for ((number = 1; number <= ROUNDS; number++)); do
  round "$number"
done
say "In $ROUNDS rounds the two machines made one key and one certificate each time."
