# shellcheck shell=bash
# Run by run-script.sh: a Java program signs on after an outage, and 10,000 signatures leave no session behind.
set -euo pipefail

inner=(--add-modules jdk.crypto.cryptoki --add-exports jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED)
javac -d classes "${inner[@]}" "${CLIENTS:?}"/java/*.java
printf 'name = signet\nlibrary = %s\nslotListIndex = 0\n' "$MODULE" >signet.cfg
java "${inner[@]}" -cp classes Checks signet.cfg outage
before=$(appliance signatures)
java "${inner[@]}" -cp classes Checks signet.cfg long
made=$(($(appliance signatures) - before))
if [[ $made != 10000 ]]; then
  echo "java-long.sh: the appliance made $made signatures" >&2
  exit 1
fi
