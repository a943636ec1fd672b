#!/usr/bin/env bash
# A program with raised rights (set-user-ID) must not be told by its caller's environment whom to trust and where the
# PIN is, nor have its caller's files written by libcurl with the program's rights: raised-rights.sh SIGNET MODULE
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

# libcurl writes TLS keys into the file that SSLKEYLOGFILE names, and opens it at its start, as pkcs11-tool logs in. A process
# with raised rights reads /etc/signet only: a mount namespace has one with a member that nobody serves.
install -m 755 "${2:?name the module}" "$WORK/module.so"
install -m 755 "$(command -v pkcs11-tool)" "$WORK/pkcs11-tool"
cp -a /etc "$WORK/etc"
mkdir -p "$WORK/etc/signet"
cat >"$WORK/etc/signet/signet.toml" <<'TOML'
[[token]]
label = "seal"
user = "seal"
  [[token.member]]
  url = "https://127.0.0.1:1/dsa/v1"
  pins = ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
TOML
install -d -m 777 "$WORK/keys"

log_in() {
  # shellcheck disable=SC2016  # for the inner shell
  unshare --mount bash -c 'mount --bind "$0/etc" /etc && exec "$@"' "$WORK" \
    env -i "PATH=$PATH" setpriv --reuid="$NOBODY" --regid="$NOBODY" --clear-groups env \
    SSLKEYLOGFILE="$WORK/keys/$1" "$WORK/pkcs11-tool" --module "$WORK/module.so" --login --pin 1234 --list-objects
}

unshare --mount true || skip "no mount namespace can be made here"
log_in ordinary >"$WORK/output" 2>&1 && fail "somebody serves port 1"
[[ -e $WORK/keys/ordinary ]] || fail "libcurl logs no keys, so it shows nothing: $(<"$WORK/output")"
chmod 4755 "$WORK/pkcs11-tool"
log_in raised >"$WORK/output" 2>&1 && fail "somebody serves port 1"
grep -q CKR_DEVICE "$WORK/output" || fail "it did not get as far as libcurl: $(<"$WORK/output")"
[[ ! -e $WORK/keys/raised ]] || fail "a file was made with raised rights"
