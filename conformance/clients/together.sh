# shellcheck shell=bash
# Run by run-script.sh: two users of the module in one process, and several programs at once, do not get into each
# other's way.
set -euo pipefail

nss_and_engine() {
  local flags first
  read -ra flags <<<"$(pkg-config --cflags --libs nss libcrypto)"
  # The engine's interface is deprecated in OpenSSL 3, and works.
  g++ -std=c++20 -Wall -Wextra -Wno-deprecated-declarations -o nss_and_engine "$CLIENTS/together/nss_and_engine.cc" \
    "${flags[@]}" -pthread
  for first in nss engine; do
    OPENSSL_CONF=$PWD/engine.cnf timeout 120 ./nss_and_engine $first "$MODULE" \
      "pkcs11:token=seal;object=seal-ec;type=private?pin-source=file:$PWD/pin"
  done
}

java_and_jni() {
  local flags first java
  read -ra flags <<<"$(pkg-config --cflags nss)"
  java=$(dirname "$(dirname "$(realpath "$(command -v javac)")")")
  g++ -std=c++20 -Wall -Wextra -shared -fPIC "-I$java/include" "-I$java/include/linux" "${flags[@]}" \
    -o libjni_user.so "$CLIENTS/together/jni_user.cc"
  javac -d classes "$CLIENTS/together/JniUser.java"
  for first in java jni; do
    timeout 120 java -cp classes JniUser $first signet.cfg "$PWD/libjni_user.so" "$MODULE"
  done
}

# Each makes ROUNDS signatures, PROGRAM.N.sig.
ROUNDS=5

with_engine() {
  OPENSSL_CONF=$PWD/engine.cnf openssl dgst -sha256 -engine pkcs11 -keyform engine \
    -sign "pkcs11:token=seal;object=seal-rsa;type=private?pin-source=file:$PWD/pin" -out "$1" document.pdf
}

with_pkcs11_tool() {
  pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN --sign --id 01 \
    --mechanism SHA256-RSA-PKCS --input-file document.pdf --output-file "$1"
}

with_java() { java "$CLIENTS/java/Sign.java" signet.cfg seal-rsa SHA256withRSA document.pdf "$1"; }

with_certtool() {
  GNUTLS_PIN=$PIN certtool --provider "$MODULE" --p7-detached-sign --load-certificate seal-rsa.pem \
    --load-privkey "pkcs11:token=seal;object=seal-rsa;type=private" --infile document.pdf --outder --outfile "$1"
}

rounds() {
  local round
  for ((round = 0; round < ROUNDS; round++)); do "$1" "$1.$round.sig"; done
}

many_programs() {
  local programs=(with_engine with_pkcs11_tool with_java with_certtool) program round before jobs=() job
  before=$(appliance signatures)
  for program in "${programs[@]}"; do
    rounds "$program" >"$program.log" 2>&1 &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
  openssl x509 -in seal-rsa.pem -pubkey -noout -out rsa.pub.pem
  for ((round = 0; round < ROUNDS; round++)); do
    for program in with_engine with_pkcs11_tool with_java; do
      openssl dgst -sha256 -verify rsa.pub.pem -signature "$program.$round.sig" document.pdf
    done
    openssl cms -verify -binary -inform DER -in "with_certtool.$round.sig" -content document.pdf \
      -CAfile ca/ca.pem -purpose any -out /dev/null
  done
  # Nothing was signed twice on the way.
  test $(($(appliance signatures) - before)) = $((ROUNDS * ${#programs[@]}))
}

printf 'name = signet\nlibrary = %s\nslotListIndex = 0\n' "$MODULE" >signet.cfg
nss_and_engine
java_and_jni
many_programs
