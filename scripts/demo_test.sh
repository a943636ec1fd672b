#!/usr/bin/env bash
# What demo.sh says before it begins, and that it installs no more than it uses.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# A machine on which no package is installed.
mkdir "$WORK/bin"
printf '#!/bin/sh\nexit 1\n' >"$WORK/bin/dpkg-query"
chmod +x "$WORK/bin/dpkg-query"

PATH=$WORK/bin:$PATH "$ROOT/demo.sh" --dry-run >"$WORK/said"
head -n 1 "$WORK/said" | grep -qE "takes about [0-9]+ minutes" || fail "it does not say how long it takes"
grep -q "installs the Debian packages that are missing: .*opensc" "$WORK/said" || fail "it does not say what it installs"

for program in nginx apache openssh-server stunnel openvpn maven jdk npm golang cargo apksigner rauc clang gtest; do
  if grep "$program" "$WORK/said"; then fail "the demo installs $program"; fi
done
for package in openssl libengine-pkcs11-openssl opensc poppler-utils libnss3-tools python3 build-essential; do
  grep -qwF -- "$package" "$WORK/said" || fail "the demo does not install $package"
done

PATH=$WORK/bin:$PATH "$ROOT/scripts/install-dependencies.sh" --list demo >"$WORK/listed"
[[ $(wc -l <"$WORK/listed") == 6 ]] || fail "other packages: $(cat "$WORK/listed")"
say "the demo installs what it uses"
