#!/usr/bin/env bash
# Installs the packages that Signet needs, of Debian 12 or 13; quick and silent when all of them are there.
#
#   scripts/install-dependencies.sh              everything
#   scripts/install-dependencies.sh build        to build and run the module and the emulator
#   scripts/install-dependencies.sh demo         the programs that the demo uses
#   scripts/install-dependencies.sh clients      the programs that docs/clients/ uses
#   scripts/install-dependencies.sh checks       the tests, the sanitizers and the style checks
#   scripts/install-dependencies.sh package      to build the Debian packages, and to try them
#   scripts/install-dependencies.sh bench        what bench/run needs beside the tests' packages
#
# --list before the groups prints the packages that are missing, and installs nothing. Works as root or through sudo.
set -euo pipefail

# Debian 12's default Boost is too old, and it has the clang that the sanitizer builds and the style checks name.
if grep -qs '^VERSION_ID="12"' /etc/os-release; then
  boost=libboost1.81-dev
  clang_packages=(clang-16 clang-format-16 clang-tidy-16 libclang-rt-16-dev llvm-16)
else
  boost=libboost-dev
  clang_packages=(clang clang-format clang-tidy libclang-rt-dev llvm)
fi

build_packages=(
  build-essential cmake ninja-build ccache pkg-config git
  libssl-dev libcurl4-openssl-dev libnss3-dev
  libp11-kit-dev p11-kit p11-kit-modules softhsm2 libsofthsm2
  libtomlplusplus-dev libcli11-dev libfmt-dev
  "$boost" libsqlite3-dev libsoci-dev libpq-dev libkainjow-mustache-dev libxml2-dev zlib1g-dev
  libqpdf-dev libharfbuzz-dev libfreetype-dev libfribidi-dev libunibreak-dev libpng-dev libjpeg-dev fonts-dejavu-core
)

demo_packages=(openssl libengine-pkcs11-openssl opensc poppler-utils libnss3-tools python3)

client_packages=(
  "${demo_packages[@]}" gnutls-bin
  openssh-client default-jdk-headless maven apksigner osslsigncode curl unzip
  nginx apache2-bin stunnel4 openssh-server openvpn pkcs11-dump
  chromium
  sbsigntool pesign rauc squashfs-tools python3-pykcs11 python3-venv debian-archive-keyring
)

# program:package; the package is for a system that does not have the program from elsewhere.
client_programs=(npm:npm go:golang-go cargo:cargo-web)

check_packages=(
  libgtest-dev libgmock-dev libbenchmark-dev valgrind
  "${clang_packages[@]}"
  abigail-tools shellcheck python3 python3-jsonschema python3-venv python3-yaml nginx faketime zsh fish
  poppler-utils mupdf-tools ghostscript fonts-urw-base35 qpdf xmlsec1 postgresql strace
)

# systemd-container boots the machine on which the packages are tried.
package_packages=(debhelper lintian systemd-container p11-kit opensc openssl gnutls-bin)

bench_packages=(python3-matplotlib)

fail() {
  echo "install-dependencies: $*" >&2
  exit 1
}

missing_of() {
  local package
  for package in "$@"; do
    # Also right for a package that was removed but not purged.
    dpkg-query --show --showformat='${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' ||
      echo "$package"
  done
}

packages_for() {
  local entry
  for entry in "$@"; do
    command -v "${entry%%:*}" >/dev/null || echo "${entry#*:}"
  done
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo --preserve-env=DEBIAN_FRONTEND "$@"
  else
    fail "missing packages: ${missing[*]}; run this as root, or install sudo"
  fi
}

list=false
[[ ${1:-} != --list ]] || { list=true && shift; }
wanted=()
[[ $# -gt 0 ]] || set -- build clients checks package
for group in "$@"; do
  case "$group" in
    build) wanted+=("${build_packages[@]}") ;;
    demo) wanted+=("${demo_packages[@]}") ;;
    clients)
      wanted+=("${client_packages[@]}")
      mapfile -O "${#wanted[@]}" -t wanted < <(packages_for "${client_programs[@]}")
      ;;
    checks) wanted+=("${check_packages[@]}") ;;
    package) wanted+=("${package_packages[@]}") ;;
    bench) wanted+=("${bench_packages[@]}") ;;
    *) fail "unknown group '$group'; there are: build, demo, clients, checks, package, bench" ;;
  esac
done

command -v dpkg-query >/dev/null || fail "this is not a Debian system; see the lists in this file"

mapfile -t missing < <(missing_of "${wanted[@]}")
[[ ${#missing[@]} -gt 0 ]] || exit 0
if $list; then
  printf '%s\n' "${missing[@]}"
  exit 0
fi

echo "Installing ${#missing[@]} packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
# The servers among them are tried by the tests on ports of their own; Debian's policy file keeps the packages from
# starting them as services.
policy=/usr/sbin/policy-rc.d
policy_mark="# Of Signet's install-dependencies.sh, while it runs."
# One of ours that is there already was left behind by a run that was killed.
if [[ ! -e $policy ]] || grep -qsxF "$policy_mark" "$policy"; then
  trap 'as_root rm -f "$policy"' EXIT
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
fi
# A fresh machine may be at its first upgrades.
wait_for_lock=(-o DPkg::Lock::Timeout=300)
as_root apt-get "${wait_for_lock[@]}" update -qq
as_root apt-get "${wait_for_lock[@]}" install -y -qq --no-install-recommends "${missing[@]}"
