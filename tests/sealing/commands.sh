#!/usr/bin/env bash
# `signet seal` and `signet verify` on the command line, judged by OpenSSL: commands.sh emulator|softhsm
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

use_token "${1:?emulator or softhsm}"
serve_authority
cd "$WORK"
head -c 3000000 /dev/urandom >document
for key in rsa:3072 ec:P-256 ec:P-384 Ed25519; do with_certificate "$key" "${key#*:}"; done

# both KEY [options...]: an external and an internal seal; OpenSSL and signet accept them.
both() {
  local key=$1
  shift
  rm -f document.p7s document.p7m
  signet seal document --key "$key" --external "$@" | grep "document -> document.p7s: sealed, CAdES"
  signet seal document --key "$key" --internal "$@" | grep "document -> document.p7m: sealed, CAdES"
  signet verify document document.p7s --roots ca/ca.pem --tsa-roots ca/ca.pem --without-revocation >report
  for words in "^TOTAL-PASSED" "C=CZ" " $key$"; do grep -q "$words" report || fail "$(<report)"; done
  signet verify document.p7m --trust ca/ca.pem --without-revocation --extract extracted --force | grep "^TOTAL-PASSED"
  cmp document extracted
  [[ $key != Ed25519 ]] || return 0 # OpenSSL's CMS functions do not take it
  openssl_verifies document.p7s document
  openssl_verifies document.p7m
  cmp document verified
}

# ends STATUS COMMAND...: with that exit status, whatever it says.
ends() {
  local wanted=$1 status=0
  shift
  "$@" >ended 2>&1 || status=$?
  [[ $status == "$wanted" ]] || fail "status $status instead of $wanted: $*: $(<ended)"
}

say "keys, schemes and digests"
both 3072
both 3072 --pss --hash SHA384
both 3072 --hash sha512
both P-256
both P-256 --hash SHA512
both P-384
both Ed25519
both P-256 --tsa "$TSA" --tsa-ca ca/ca.pem
# Its key is made when it is asked for first.
both P-256 --tsa "$TSA/pss" --tsa-policy 1.3.6.1.4.1.32473.2 --tsa-limit 2m
rm -f document.p7m
signet seal document --key P-256 --internal --ber >/dev/null
openssl_verifies document.p7m
# DER has no indefinite length in it, BER begins with one.
[[ $(head -c 2 document.p7m | od -An -tx1 | tr -d ' ') == 3080 ]]

say "what is sealed with it"
signet seal document --force --key P-256 --commitment proof-of-approval --country CZ --locality Brno \
  --media-type text/plain --file-name >/dev/null
openssl cms -cmsout -print -noout -inform DER -in document.p7s >printed
for oid in id-smime-aa-ets-commitmentType id-smime-aa-ets-signerLocation id-smime-aa-contentHint 0.4.0.1733.2.1; do
  grep -q "$oid" printed || fail "no attribute $oid: $(<printed)"
done
refuses 2 "is no commitment" signet seal document --force --key P-256 --commitment proof-of-nothing
refuses 2 "two letters" signet seal document --force --key P-256 --country Czechia

say "a second, parallel signature"
signet seal document --force --internal --key P-256 --tsa "$TSA" >/dev/null
signet seal --add document.p7m --key 3072 | grep "document.p7m -> document.p7m: sealed, CAdES B-B, internal"
openssl_verifies document.p7m
refuses 5 "--force replaces it" signet seal --add document.p7m --out document.p7m --key P-384
signet seal --add document.p7m --out document.p7m --skip-existing --key P-384 | grep "document.p7m: skipped"
signet verify document.p7m --trust ca/ca.pem --without-revocation >verdicts
[[ $(grep -Ec "^[0-9]+\. (Seal|Signature) .*: TOTAL-PASSED" verdicts) == 2 ]]
refuses 2 "name no other one" signet seal --add document.p7m --content document --key 3072
signet seal document --force --key P-256 >/dev/null
refuses 2 "--content FILE" signet seal --add document.p7s --key 3072
signet seal --add document.p7s --content document --key 3072 | grep external
openssl_verifies document.p7s document
printf x >>document
refuses 31 "is wrong already" signet seal --add document.p7s --content document --key P-384
truncate -s -1 document

say "standard input and output"
signet seal - --internal --key P-256 <document >from-pipe 2>told
grep -q -- "- -> -: sealed" told
openssl_verifies from-pipe
cmp document verified
signet seal - --key P-256 --out piped.p7s --json < <(cat document) >piped.json
openssl_verifies piped.p7s document
[[ $(value piped.json '["files"][0]["status"]') == sealed ]]
refuses 2 "cannot both go to standard output" signet seal - --key P-256 --json <document
refuses 2 "is sealed alone" signet seal - document --key P-256

say "names of outputs"
mkdir out a b
cp document a/same
cp document b/same
refuses 2 "would both be sealed as" signet seal a/same b/same --out-dir out --key P-256
[[ -z $(ls out) ]]
signet seal a/same document --out-dir out --key P-256 >batch.txt
[[ -s out/same.p7s && -s out/document.p7s && $(tail -n 1 batch.txt) == "2 sealed" ]]
refuses 5 "--force replaces it" signet seal document --out-dir out --key P-256
signet seal document --out-dir out --key P-256 --skip-existing | grep "skipped"
signet seal document --out-dir out --key P-256 --force >/dev/null
refuses 2 "make it first" signet seal document --out-dir nowhere --key P-256
refuses 2 "is for one document" signet seal a/same b/same --out x --key P-256
refuses 2 "which an external seal does not hold" signet seal document --out document --key P-256
refuses 2 "which an external seal does not hold" signet seal document --out document --force --key P-256
cp document whole
refuses 5 "--force replaces it" signet seal whole --internal --out whole --key P-256
cmp document whole
signet seal whole --internal --out whole --force --key P-256 >/dev/null
signet verify whole --trust ca/ca.pem --without-revocation --extract extracted --force >/dev/null
cmp document extracted

say "failures of one document do not stop the others"
status=0
signet seal document nothing whole --out-dir out --force --key P-256 --json >batch.json 2>batch.err || status=$?
[[ $status == 1 && $(value batch.json '["files"].__len__()') == 3 ]]
grep -q "nothing: cannot read" batch.err
[[ $(python3 -c 'import json; print(sorted(f["status"] for f in json.load(open("batch.json"))["files"]))') == \
  "['failed', 'sealed', 'sealed']" ]]

say "JSON"
refuses 2 "nonsense" signet seal document --nonsense --json
signet seal document --nonsense --json >usage.json 2>/dev/null || true
[[ $(value usage.json '["status"]') == 2 && $(value usage.json '["error"]') == *nonsense* ]] || fail "$(<usage.json)"
signet seal document --force --key P-256 --tsa "$TSA" --json >sealed.json
[[ $(value sealed.json '["files"][0]["level"]') == B-T && $(value sealed.json '["files"][0]["format"]') == cades ]]
[[ $(value sealed.json '["files"][0]["digest"]["value"]') == "$(sha256sum document | cut -d' ' -f1)" ]]
[[ $(value sealed.json '["files"][0]["certificate"]["subject"]') == "C=CZ,O=Úřad,CN=P-256" ]]
[[ $(value sealed.json '["files"][0]["tsa"]') == "$TSA" ]]
signet verify document --data document document.p7s 2>/dev/null && fail "two documents and --data"
signet verify document.p7s --data document --trust ca/ca.pem --without-revocation --json >verified.json
[[ $(value verified.json '["indication"], document["signatures"][0]["trusted"]') == "('TOTAL-PASSED', True)" ]]
[[ $(value verified.json '["signatures"][0]["timestamps"][0]["trusted"]') == True ]]
[[ $(value verified.json '["signatures"][0]["level"]') == B-T ]]

say "what the suite of algorithms says"
with_certificate rsa:2048 small
for number in 1 2 3; do cp document "weak$number"; done
warning="signet: warning: by the suite 119312-2.1.1, RSA of 2048 bits"
signet seal weak1 weak2 weak3 --key small >told 2>warned
[[ $(grep -c "^$warning" warned) == 1 ]] || fail "not one warning for all documents: $(<warned)"
grep -q "good until 2026-12-31 only" warned
signet seal weak1 weak2 --key small --force --json >weak.json 2>warned
[[ $(grep -c "^$warning" warned) == 1 ]] || fail "no warning beside JSON: $(<warned)"
for number in 0 1; do
  [[ $(value weak.json '["files"]['$number']["warnings"]') == *"RSA of 2048 bits"* ]] || fail "no warning: $(<weak.json)"
done
signet seal document --key P-256 --force --json >fine.json 2>warned
[[ ! -s warned && $(<fine.json) != *warnings* ]] || fail "a good key is warned of: $(<warned)"
signet seal document --key Ed25519 --force --suite 119312-1.5.1 2>&1 | grep "Ed25519 is not in the suite 119312-1.5.1"
sed 's/2027-01-01/2033-01-01/; s/119312-2.1.1/house/; s/"L"/"R"/' "$ROOT/crypto/suites/119312-2.1.1.json" >house.json
signet seal document --key small --force --suite ./house.json >/dev/null 2>warned
! grep -q "119312" warned || fail "the named file does not count: $(<warned)"
refuses 2 "there is no suite of this name" signet seal document --key P-256 --force --suite 119312-9
echo "{}" >nothing.json
refuses 2 "SecuritySuitabilityPolicy is missing" signet seal document --key P-256 --force --suite ./nothing.json
refuses 2 "No such file" signet seal document --key P-256 --force --suite ./nowhere.json

say "bad seals and wrong roots"
cp document changed
change_byte changed 1000
ends 41 signet verify changed document.p7s --trust ca/ca.pem --without-revocation
signet verify changed document.p7s --trust ca/ca.pem --without-revocation >bad || true
grep -q "^TOTAL-FAILED/HASH_FAILURE (invalid)" bad || fail "$(<bad)"
ends 40 signet verify document.p7s --trust ca/ca.pem --without-revocation
grep -q "SIGNED_DATA_NOT_FOUND" ended
refuses 2 "name no other one" signet verify document document.p7m
refuses 31 "neither a PDF nor a signed CMS message" signet verify document
ends 40 signet verify document document.p7s --trust P-384.pem
refuses 40 "no certificate is trusted" signet verify document document.p7s
signet verify changed document.p7s --json >bad.json || true
[[ $(value bad.json '["subIndication"]') == HASH_FAILURE ]]
cp document.p7m broken.p7m
change_byte broken.p7m 1000
ends 41 signet verify broken.p7m --trust ca/ca.pem --without-revocation --extract never
[[ ! -e never ]] || fail "the document of a bad seal was handed out"

say "keys and settings that do not fit"
refuses 3 "no key with label" signet seal document --key nobody --out x
refuses 4 "keys" signet seal document --out x
refuses 2 "--pss is for RSA keys" signet seal document --key P-256 --pss --out x
refuses 20 "is not for the key" signet seal document --key P-256 --cert 3072.pem --out x
refuses 2 "needs a time-stamp authority" signet seal document --key P-256 --level B-T --out x
refuses 2 "begins with https:// or http://" signet seal document --key P-256 --tsa tsa.example --out x
refuses 2 "belong together" signet seal document --key P-256 --tsa "$TSA" --tsa-user tsa --out x
refuses 2 "--ber is for internal seals" signet seal document --key P-256 --ber --out x
refuses 2 "there is nothing to seal" signet seal --key P-256
refuses 1 "No such file" signet seal document --key P-256 --out /nonexistent/x
(unset SIGNET_PIN && refuses 6 "no terminal to ask at" setsid --wait "$SIGNET_TEST_COMMAND" seal document --key P-256 --out x)
[[ ! -e x ]] || fail "something was written"
signet key generate --type ec:P-256 --label bare >/dev/null 2>&1
refuses 3 "has no certificate on its token" signet seal document --key bare --out x
signet seal document --key P-384 --cert P-384.pem --chain ca/ca.pem --out x >/dev/null
openssl_verifies x document

say "at a terminal"
script --quiet --return --command "$SIGNET_TEST_COMMAND seal document --key P-256 --internal --out -" shown </dev/null &&
  fail "a seal was written to a terminal"
grep -q "is binary" shown
for number in 1 2 3 4; do cp document "slow$number"; done
script --quiet --return --command \
  "$SIGNET_TEST_COMMAND seal slow1 slow2 slow3 slow4 --key P-256 --jobs 1 --tsa $TSA/lag" shown </dev/null >/dev/null
grep -q "[1-3] of 4 documents, .* a second, .* s left" shown || fail "no progress: $(<shown)"
grep -q "slow4 -> slow4.p7s: sealed" shown
say "all of it works on this kind of token: $1"
