#!/usr/bin/env bash
# What happens on the machine that run.sh boots: the parts of docs/install.md are install.sh, appliance.sh, use.sh,
# seald.sh and remove.sh here, sign.sh is one of docs/configuration.md, first.sh is docs/first-seal.md; debs/ has the packages and newer/ their next version.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
exec </dev/null

say() { echo "== $*"; }

fail() {
  echo "inside.sh: $*" >&2
  exit 1
}

# The page's commands are run where the packages are.
follow() { (cd debs && bash -euxo pipefail "../$1.sh"); }

# Everything on the disk but what the system writes for itself: type, mode, owner, path, a file's size.
disk() {
  find /etc /usr /var -xdev \( -path '/etc/*-' -o -path /var/log -o -path /var/cache -o -path /var/tmp -o -path /var/lib/apt \
    -o -path /var/lib/dpkg -o -path /var/lib/systemd \) -prune \
    -o -type f -printf '%y %m %u %p %s\n' -o -printf '%y %m %u %p\n' | sort
}

emulator_status() { sed -n "s/^$1:\s*//p" "/proc/$(systemctl show --property=MainPID --value signet-emulator)/status"; }

# What the kernel says of the running service, whatever the unit's file says.
check_restrictions() {
  local user python
  systemctl is-active --quiet signet-emulator || fail "the emulator does not run"
  user=$(emulator_status Uid | cut -f 1)
  ((user >= 61184 && user <= 65519)) || fail "the emulator runs as user $user, not as one of its own"
  [[ $(emulator_status CapBnd) =~ ^0+$ ]] || fail "the emulator could get capabilities"
  [[ $(emulator_status NoNewPrivs) == 1 ]] || fail "the emulator could gain rights"
  [[ $(emulator_status Seccomp) == 2 ]] || fail "the emulator may make every system call"
  say "the emulator runs as user $user, capabilities $(emulator_status CapBnd), seccomp filters $(emulator_status Seccomp_filters)"
  # In its place, with its rights, a shell can do none of this, which it otherwise can.
  refused 'rm /usr/trial' 'a file in /usr'
  refused 'ls /home' 'the home folders'
  refused 'cat /proc/meminfo' 'the figures of the machine'
  refused 'ls /proc/1' 'the processes of others'
  refused 'unshare --user true' 'a namespace'
  refused 'mount -t tmpfs none /mnt && umount /mnt' 'a mount'
  refused 'python3 -c "import socket; socket.socket(socket.AF_UNIX)"' 'a local socket'
  refused 'python3 -c "import mmap; mmap.mmap(-1, 4096, prot=7)"' 'memory that is writable and executable'
  refused 'python3 -c "import os; os.setpriority(os.PRIO_PROCESS, 0, -5)"' 'a better place in the queue'
  python='python3 -c "import mmap, socket; socket.socket(socket.AF_INET); mmap.mmap(-1, 4096)"'
  under_the_unit "touch /var/lib/signet-probe/here && rm /var/lib/signet-probe/here && $python" ||
    fail "a service with the emulator's rights cannot even open a socket or write in its own folder"
}

# Of the seal server, which has the same restrictions but for the network, and a user who stays.
check_seal_server() {
  local status
  status=/proc/$(systemctl show --property=MainPID --value signet-seald)/status
  [[ $(sed -n 's/^Uid:\t\([0-9]*\).*/\1/p' "$status") == $(id --user signet-seald) ]] || fail "the seal server runs as another user"
  grep -q '^CapBnd:\s*0*$' "$status" || fail "the seal server could get capabilities"
  grep -q '^NoNewPrivs:\s*1$' "$status" || fail "the seal server could gain rights"
  grep -q '^Seccomp:\s*2$' "$status" || fail "the seal server may make every system call"
  [[ $(stat --format=%a:%U:%G /etc/signet-seald) == 750:root:signet-seald ]] || fail "/etc/signet-seald is not as it should be"
  [[ $(stat --format=%a:%U /var/lib/signet-seald) == 700:signet-seald ]] || fail "/var/lib/signet-seald is not as it should be"
  ! systemctl is-enabled --quiet signet-seald || fail "the seal server was enabled without being asked"
  systemctl reload signet-seald
  [[ $(seald_health) == ok ]] || fail "the seal server does not outlive a reload"
}

seald_health() { curl --silent --show-error --cacert /etc/signet-seald/tls.crt https://127.0.0.1:8443/healthz; }

# A oneshot service with every restriction of the emulator's unit.
under_the_unit() {
  local unit=/run/systemd/system/signet-probe.service
  sed -e '/^Exec/d; /^Type=/d; /^Restart=/d; /^StateDirectory=/d; /^RuntimeDirectory=/d' \
    -e "s|^\[Service\]|&\nType=oneshot\nStateDirectory=signet-probe\nExecStart=/bin/sh /opt/trial/probe|" \
    "$(systemctl show --property=FragmentPath --value signet-emulator)" >"$unit"
  echo "$1" >/opt/trial/probe
  systemctl daemon-reload
  systemctl start signet-probe 2>/dev/null
}

refused() {
  touch /usr/trial
  bash -c "$1" >/dev/null || fail "nobody can have $2 here, so it shows nothing"
  touch /usr/trial
  ! under_the_unit "$1" || fail "the emulator could have $2"
  rm -f /usr/trial
  echo "refused: $2"
}

check_packages() {
  local package
  for package in signet-pkcs11 signet-emulator; do
    dpkg --verify "$package" || fail "files of $package are not what was packed"
  done
  [[ $(stat --format=%a:%U /etc/signet) == 755:root ]] || fail "/etc/signet is not root's"
  ! systemctl is-enabled --quiet signet-emulator || fail "the emulator was enabled without being asked"
}

check_renewal() {
  echo 'SIGNET_RENEW_OPTIONS="--token seal --pin-file /etc/signet/seal.pin"' >>/etc/signet/renew.env
  systemctl start signet-renew || {
    journalctl --no-pager --unit=signet-renew
    fail "the renewals' service fails"
  }
  say "the renewals' service found nothing due"
}

upgrade() {
  local before after
  before=$(systemctl show --property=MainPID --value signet-emulator)
  # Nobody is there to be asked about the changed file.
  apt-get install --yes --option Dpkg::Options::=--force-confold ./newer/*.deb
  after=$(systemctl show --property=MainPID --value signet-emulator)
  [[ $after != 0 && $after != "$before" ]] || fail "the emulator was not restarted"
  [[ $(seald_health) == ok ]] || fail "the seal server was not restarted"
  runuser -u signet-seald -- signet-seald audit verify /var/lib/signet-seald
  grep -q -- '--pin-file /etc/signet/seal.pin' /etc/signet/renew.env || fail "a changed file in /etc was overwritten"
  grep -q '^# Of the newer package' /etc/default/signet-emulator || fail "an unchanged file in /etc stayed old"
  [[ $(dpkg-query --show --showformat='${Version}' signet-pkcs11) == *+1 ]] || fail "it is the old package still"
}

sign_again() {
  local PIN
  PIN=$(cat /etc/signet/seal.pin)
  export PIN
  pkcs11-tool --module /usr/lib/pkcs11/signet-pkcs11.so --login --pin env:PIN --sign --label seal-1 \
    --mechanism ECDSA-SHA256 --signature-format openssl --input-file debs/document --output-file again.sig
  openssl dgst -sha256 -verify debs/key.der -keyform DER -signature again.sig debs/document
  # What was signed before the upgrade is still known.
  [[ $(signatures) -eq $(($1 + 1)) ]] ||
    fail "the journal has lost signatures: $(signet-emulator journal /var/lib/signet-emulator)"
  signet doctor --pin-file /etc/signet/seal.pin
}

# Ten commands, and what a reader brings along.
first_seal() {
  [[ $(grep -c . first.sh) -le 10 ]] || fail "docs/first-seal.md has more than ten commands"
  /usr/share/signet/examples/make-pdf.py debs/contract.pdf
  sed -i "1i trap 'kill %1' EXIT" first.sh
  follow first
  pdfsig debs/contract.sealed.pdf | tee /dev/stderr | grep -q "Signature is Valid" || fail "the first seal is not valid"
  pdftotext debs/contract.sealed.pdf - | grep -q "Sealed by Seal of the office" || fail "the first seal is not seen"
}

signatures() { signet-emulator journal --json /var/lib/signet-emulator | wc -l; }

# The anchor lies where the packages' module looks for it, which a test without a machine of its own cannot have.
sign_configuration() {
  follow sign
  signet doctor --no-signature --pin-file /etc/signet/seal.pin
  echo '# changed by root' >>/etc/signet/signet.toml
  ! signet doctor --no-signature --pin-file /etc/signet/seal.pin || fail "a change of a signed configuration goes unnoticed"
  ! pkcs11-tool --module /usr/lib/pkcs11/signet-pkcs11.so --list-objects --token-label seal ||
    fail "the module takes a configuration that its signature does not fit"
}

say "Before"
apt-get check
disk >before
say "Install"
follow install
follow appliance
check_packages
say "Use"
follow use
say "A seal server"
follow seald
check_seal_server
say "The emulator's restrictions"
check_restrictions
say "Renewals"
check_renewal
say "A first seal"
first_seal
say "Upgrade"
signed=$(signatures)
upgrade
sign_again "$signed"
say "A signed configuration"
sign_configuration
say "Remove"
rm -rf /var/lib/private/signet-probe /var/lib/signet-probe /run/systemd/system/signet-probe.service
follow remove
disk >after
# systemd's own, for services with a user of their own.
diff <(grep -v ' /var/lib/private$' before) <(grep -v ' /var/lib/private$' after) || fail "the packages leave something behind, or take something away"
! dpkg-query --show 'signet-*' 2>/dev/null | grep . || fail "dpkg still knows a package"
for folder in /var/cache/signet /var/lib/private/signet-emulator /etc/signet /etc/signet-seald /var/lib/signet-seald; do
  [[ ! -e $folder ]] || fail "$folder is left"
done
echo "the packages leave nothing behind"
