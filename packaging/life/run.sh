#!/usr/bin/env bash
# The life of the Debian packages: installed as docs/install.md tells, used, upgraded, signed as docs/configuration.md
# tells, and purged, on a machine that is booted for it with systemd, and gone afterwards: run.sh DEB_FOLDER
#
# The machine is a container whose disk is this one's, read through an overlay in memory: what is written there never
# reaches the disk. It has a network of its own without a way out. inside.sh is what happens in it.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

DEBS=$(realpath "${1:?name the folder with the packages}")

if [[ ${2:-} != inside-namespace ]]; then
  become=()
  if [[ $(id -u) -ne 0 ]]; then
    sudo --non-interactive true 2>/dev/null || skip "booting a container needs root"
    become=(sudo --non-interactive)
  fi
  exec "${become[@]}" unshare --mount --propagation private "$0" "$DEBS" inside-namespace
fi

# Everything below is mounted in this process's own view and ends with it.
DISK=$(mktemp -d)
trap 'umount -l "$DISK/root" "$DISK" 2>/dev/null || true; rmdir "$DISK"' EXIT
mount -t tmpfs -o size=2g,mode=755 packages-life "$DISK"
# systemd-nspawn notes down there what it runs.
mount -t tmpfs packages-life /run
mkdir "$DISK"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$DISK/upper,workdir=$DISK/work" "$DISK/root"
ROOTFS=$DISK/root

# newer DEB: the same package, one version later, with other comments in its files below /etc.
newer() {
  local folder=$DISK/newer
  dpkg-deb --raw-extract "$1" "$folder"
  sed -i 's/^Version: .*/&+1/' "$folder/DEBIAN/control"
  find "$folder/etc" -type f -exec sed -i '1i # Of the newer package.' {} +
  (cd "$folder" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  dpkg-deb --root-owner-group -Znone --build "$folder" "$ROOTFS/opt/trial/newer/" >/dev/null
  rm -r "$folder"
}

# commands PAGE [HEADING HEADING]: those of the page, or between two of its headings.
commands() {
  awk -v from="## ${2:-}" -v to="## ${3:-}" 'BEGIN { part = from == "## " } $0 == from { part = 1 } $0 == to { part = 0 }
    /^```$/ { shown = 0 } part && shown { print } /^```sh$/ { shown = 1 }' "$ROOT/docs/$1"
}

prepare() {
  local deb
  mkdir -p "$ROOTFS"/opt/trial/{debs,newer}
  cp "$ROOT/packaging/life/inside.sh" "$ROOTFS/opt/trial/"
  for deb in "$DEBS"/signet-{pkcs11,emulator,seald}_*.deb; do
    cp "$deb" "$ROOTFS/opt/trial/debs/"
    newer "$deb"
  done
  commands install.md Install "A trial appliance" >"$ROOTFS/opt/trial/install.sh"
  commands install.md "A trial appliance" "Look, make a key, sign" >"$ROOTFS/opt/trial/appliance.sh"
  commands install.md "Look, make a key, sign" "A seal server" >"$ROOTFS/opt/trial/use.sh"
  commands install.md "A seal server" Upgrade >"$ROOTFS/opt/trial/seald.sh"
  commands first-seal.md >"$ROOTFS/opt/trial/first.sh"
  commands install.md Remove "" >"$ROOTFS/opt/trial/remove.sh"
  commands configuration.md "Signed configurations" Environment >"$ROOTFS/opt/trial/sign.sh"
  # What this machine has of its own that would get in the way: an installed Signet, a policy against services.
  rm -rf "$ROOTFS"/{etc/signet,etc/signet-seald,var/lib/signet,var/lib/signet-seald,var/cache/signet,usr/sbin/policy-rc.d}
  cat >"$ROOTFS/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
Description=The life of Signet's packages
SuccessAction=exit
FailureAction=exit
FailureActionExitStatus=1

[Service]
Type=oneshot
WorkingDirectory=/opt/trial
Environment=HOME=/root
ExecStart=/bin/bash inside.sh
StandardOutput=file:/opt/trial/log
StandardError=file:/opt/trial/log
UNIT
}

boot() {
  timeout 900 systemd-nspawn --quiet --register=no --keep-unit --private-network --link-journal=no --console=pipe \
    --machine=signet-packages --directory="$ROOTFS" --boot systemd.unit=trial.service </dev/null >"$DISK/console" 2>&1
}

prepare
status=0
boot || status=$?
cat "$ROOTFS/opt/trial/log" 2>/dev/null || true
if ((status != 0)); then
  say "== The end of what the machine said while it ran:"
  tail -n 40 "$DISK/console"
  fail "the machine ended with status $status"
fi
grep -qx "the packages leave nothing behind" "$ROOTFS/opt/trial/log" || fail "the machine ended before its time"
