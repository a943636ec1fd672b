#!/usr/bin/env bash
# A document of 10 GB: sealed inside and beside its seal in constant memory, by path and over standard input and output, and
# read by others: OpenSSL takes the external seal, Bouncy Castle the internal one with indefinite lengths.
#
#   large.sh [SIZE]     as `truncate` takes it; 10G by default
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
SIZE=${1:-10G}

export LIMIT=$((32 * 1024)) # KiB, for in_memory

use_token softhsm
serve_authority
cd "$WORK"
with_certificate ec:P-256 seal
truncate -s "$SIZE" document
bytes=$(stat -c %s document)

command=("$SIGNET_TEST_COMMAND")

say "external"
in_memory "${command[@]}" seal document --key seal --tsa "$TSA"
in_memory "${command[@]}" verify document document.p7s --trust ca/ca.pem --without-revocation
openssl cms -verify -cades -binary -inform DER -in document.p7s -content document -CAfile ca/ca.pem -purpose any \
  -out /dev/null

say "internal"
in_memory "${command[@]}" seal document --internal --key seal 2>told
cat told
((bytes <= 2 * 1024 * 1024 * 1024)) || grep -q "some readers take no internal seal" told
in_memory "${command[@]}" verify document.p7m --trust ca/ca.pem --without-revocation
in_memory "${command[@]}" seal --add document.p7m --key seal
in_memory "${command[@]}" verify document.p7m --trust ca/ca.pem --without-revocation >verdicts
[[ $(grep -Ec "^[0-9]+\. (Seal|Signature) .*: TOTAL-PASSED" verdicts) == 2 ]]
rm document.p7m

say "internal, with indefinite lengths"
in_memory "${command[@]}" seal document --internal --ber --key seal
in_memory "${command[@]}" verify document.p7m --trust ca/ca.pem --without-revocation
jars=$("$ROOT/conformance/clients/install.sh" --folder openpdf)/jars
java -cp "$jars/*" "$ROOT/tests/sealing/ReadSeal.java" document.p7m >bouncy-castle
[[ $(<bouncy-castle) == "$bytes bytes: good" ]] || fail "Bouncy Castle says: $(<bouncy-castle)"
rm document.p7m

say "standard input, which is kept, and standard output"
in_memory "${command[@]}" seal - --internal --key seal <document >piped.p7m
"${command[@]}" verify piped.p7m --trust ca/ca.pem --without-revocation
rm piped.p7m
in_memory "${command[@]}" seal - --out piped.p7s --key seal <document
openssl cms -verify -cades -binary -inform DER -in piped.p7s -content document -CAfile ca/ca.pem -purpose any -out /dev/null
say "$bytes bytes in less than 32 MiB"
