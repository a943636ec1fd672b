#!/usr/bin/env bash
# 16 threads seal, verify and extend for some time, and neither memory nor descriptors grow: soak.sh PREFIX java|dotnet SECONDS
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
language=${2:?java or dotnet}
seconds=${3:?how long}
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token emulator
serve_authority
cd "$WORK"
with_certificate ec:P-256 ec
"$ROOT/scripts/make-pdf.py" letter.pdf
"build_$language" Soak
HOST=${TSA#http://}
HOST=${HOST%%:*}
mkdir folder
# The heap is small, so that what grows is not the heap's room.
JAVA_OPTIONS=(-Xmx48m -Xms48m -XX:+AlwaysPreTouch -XX:+UseSerialGC)
SECONDS_AT_MOST=$((seconds + 120)) run_in "$language" Soak "$MODULE" ec folder 16 "$seconds" letter.pdf "$TSA" ca/ca.pem ca/root.pem "$HOST" \
  >told 2>problems || fail "$(<told) $(<problems)"
read -r rounds early early_descriptors late late_descriptors <told
say "$language: $rounds rounds in $seconds s; $early KiB and $early_descriptors descriptors after a third of them, $late and $late_descriptors at the end"
((rounds >= 16)) || fail "only $rounds rounds"
((late < early + early / 5 + 8192)) || fail "the memory grew from $early to $late KiB"
((late_descriptors <= early_descriptors + 20)) || fail "$early_descriptors descriptors became $late_descriptors"
