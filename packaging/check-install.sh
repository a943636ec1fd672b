#!/usr/bin/env bash
# Installs a build into an empty folder and checks that everything is where the documentation says, and that the file
# named in p11-kit's module file is a module that loads: check-install.sh BUILD_FOLDER [--strip]
#
# Loading it, the module checks its own code.
set -euo pipefail

# shellcheck source=../scripts/lib.sh
source "$(dirname "$0")/../scripts/lib.sh"

PREFIX=$(mktemp -d)
trap 'rm -rf "$PREFIX"' EXIT
cmake --install "${1:?name the build folder}" --prefix "$PREFIX" "${@:2}"

for file in lib/pkcs11/signet-pkcs11.so bin/signet bin/signet-emulator bin/signet-seald \
  share/p11-kit/modules/signet.module share/man/man7/signet-pkcs11.7 share/man/man1/signet.1 \
  share/man/man1/signet-emulator.1 share/bash-completion/completions/signet \
  share/zsh/vendor-completions/_signet share/fish/vendor_completions.d/signet.fish \
  lib/systemd/system/signet-renew.service lib/systemd/system/signet-renew.timer \
  lib/systemd/system/signet-preserve.service lib/systemd/system/signet-preserve.timer \
  lib/systemd/system/signet-emulator.service lib/systemd/system/signet-seald.service share/man/man8/signet-seald.8 share/man/man5/signet.toml.5 share/man/man1/testca.1 bin/testca \
  share/signet/examples/signet.toml share/signet/suites/119312-2.1.1.json share/signet/examples/clients/install.sh share/doc/signet-pkcs11/README.md \
  share/doc/signet-pkcs11/docs/clients/start.md lib/libsignet-seal.so lib/libsignet-seal.so.1 include/signet-seal.h include/signet-seal-pdf.h include/signet-seal-verify.h include/signet-seal-extend.h include/signet-pkcs11.h \
  lib/pkgconfig/signet-seal.pc lib/cmake/SignetSeal/SignetSealConfig.cmake share/man/man3/signet-seal.3 \
  share/java/signet-seal.jar lib/jni/libsignet-seal-jni.so lib/cli/signet-seal/Signet.Seal.dll lib/cli/signet-seal/Signet.Seal.xml share/pkgconfig/signet-seal-cli.pc; do
  [[ -s $PREFIX/$file ]] || fail "$file is not installed"
done

for page in "$PREFIX"/share/man/man*/*; do
  warnings=$(man --local-file --warnings=all "$page" 2>&1 >/dev/null)
  [[ -z $warnings ]] || fail "$page: $warnings"
done
"$PREFIX/bin/testca" --help | grep -q "^usage: testca"

module=$(sed -n 's/^module: //p' "$PREFIX/share/p11-kit/modules/signet.module")
[[ $module == "$PREFIX/lib/pkcs11/signet-pkcs11.so" ]] || fail "signet.module names $module"

grep -qx "ExecStart=$PREFIX/bin/signet renew --due 30d \$SIGNET_RENEW_OPTIONS" \
  "$PREFIX/lib/systemd/system/signet-renew.service" || fail "signet-renew.service starts another program"
grep -qx "ExecStart=$PREFIX/bin/signet preserve run \$SIGNET_PRESERVE_OPTIONS" \
  "$PREFIX/lib/systemd/system/signet-preserve.service" || fail "signet-preserve.service starts another program"
grep -q "^ExecStart=$PREFIX/bin/signet-emulator run " "$PREFIX/lib/systemd/system/signet-emulator.service" ||
  fail "signet-emulator.service starts another program"
grep -q "^ExecStart=$PREFIX/bin/signet-seald run " "$PREFIX/lib/systemd/system/signet-seald.service" ||
  fail "signet-seald.service starts another program"

# One token, whose appliance is not asked for this. The pin is that of nobody.
cat >"$PREFIX/signet.toml" <<'TOML'
[[token]]
label = "seal"
user = "seal"

  [[token.member]]
  url = "https://127.0.0.1:1/dsa/v1"
  pins = ["sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
TOML
chmod 600 "$PREFIX/signet.toml"
SIGNET_CONFIG=$PREFIX/signet.toml pkcs11-tool --module "$module" --show-info

# The installed command finds the installed module by itself.
env -u SIGNET_MODULE SIGNET_CONFIG="$PREFIX/signet.toml" "$PREFIX/bin/signet" token list | grep "pkcs11:.*token=seal"
