# shellcheck shell=bash
# For the tests of `signet seal` and `signet verify`: a folder $WORK, keys with certificates of the trial authority, its
# time-stamp authorities, and judges. Source it after `set -euo pipefail`; then call use_token (tests/keys/lib.sh).

# shellcheck source=../../scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
# shellcheck source=../keys/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../keys/lib.sh"

# /tmp may be memory, and some documents are large.
WORK=$(mktemp -d -p /var/tmp)
trap 'end_sealing_test' EXIT

end_sealing_test() {
  stop_authority
  stop_emulator
  rm -rf "$WORK"
}

SERVE_PID=

# serve_authority: the trial authority "ca" with a root and an issuing authority, answering at $TSA.
serve_authority() {
  quietly "$WORK/ca.log" "$TESTCA" init "$WORK/ca"
  (cd "$WORK" && exec "$TESTCA" serve ca --ready-file "$WORK/served" --tls-ready-file "$WORK/served-tls") \
    </dev/null >"$WORK/authority.log" 2>&1 &
  SERVE_PID=$!
  wait_for_file "$WORK/served" 60 "$SERVE_PID" || fail "the authority did not start: $(<"$WORK/authority.log")"
  TSA=$(<"$WORK/served")/tsa
  # shellcheck disable=SC2034  # for the scripts that source this file
  TLS_TSA=$(<"$WORK/served-tls")/tsa
}

stop_authority() {
  [[ -n $SERVE_PID ]] || return 0
  kill -TERM "$SERVE_PID" 2>/dev/null || true
  wait "$SERVE_PID" 2>/dev/null || true
  SERVE_PID=
}

# with_certificate TYPE LABEL: a key and its certificate on the token, LABEL.pem in $WORK.
with_certificate() {
  signet key generate --type "$1" --label "$2" >/dev/null 2>&1
  signet csr "$2" --subject "C=CZ,O=Úřad,CN=$2" --out "$WORK/$2.csr"
  "$TESTCA" issue "$WORK/ca" "$WORK/$2.csr" "$WORK/$2.pem"
  signet cert import "$WORK/$2.pem" --roots "$WORK/ca/ca.pem" >/dev/null
}

# count PATH KEY: what an authority of the list was asked so far ("/tsa/slow"); KEY: requests, received or sent (bytes).
count() {
  curl --silent --show-error "${TSA%/tsa}/counts" |
    python3 -c 'import json, sys; print(json.load(sys.stdin).get(sys.argv[1], {}).get(sys.argv[2], 0))' "$1" "$2"
}

# openssl_verifies SEAL [DOCUMENT]: with the trial authority as the only root.
openssl_verifies() {
  local content=()
  [[ $# == 1 ]] || content=(-content "$2")
  openssl cms -verify -cades -binary -inform DER -in "$1" "${content[@]}" -CAfile "$WORK/ca/ca.pem" \
    -purpose any -out "$WORK/verified" 2>"$WORK/openssl.err" || fail "OpenSSL refuses $1: $(<"$WORK/openssl.err")"
}

# pdf_is_sealed FILE COUNT [ORIGINAL]: pdfsig finds so many valid signatures in it, the last one over all of it; and the
# original's bytes are in front. The password of an encrypted one is "owner".
pdf_is_sealed() {
  HOME=$WORK pdfsig -opw owner "$1" >"$WORK/pdfsig" 2>&1 || true
  [[ $(grep -c "Signature is Valid" "$WORK/pdfsig") == "$2" ]] || fail "pdfsig: $1: $(<"$WORK/pdfsig")"
  grep -q -- "- Total document signed" "$WORK/pdfsig" || fail "pdfsig: $1: $(<"$WORK/pdfsig")"
  [[ $# == 2 ]] || cmp -n "$(stat -c %s "$3")" "$3" "$1" || fail "$1: the document was changed"
}

# signatures_made: by the emulated appliance.
signatures_made() { "$SIGNET_TEST_EMULATOR" journal "$WORK/appliance" | grep -c "" || true; }

# in_memory COMMAND...: with at most $LIMIT KiB of resident memory; says how much, and how long it took.
in_memory() {
  python3 -c '
import os, sys, time
limit, command = int(sys.argv[1]), sys.argv[2:]
begin = time.monotonic()
child = os.fork()
if child == 0:
    os.execvp(command[0], command)
_, status, usage = os.wait4(child, 0)
print(*command[1:4], f"{usage.ru_maxrss} KiB, {time.monotonic() - begin:.1f} s", file=sys.stderr)
if usage.ru_maxrss > limit:
    sys.exit(f"{usage.ru_maxrss} KiB of memory, and {limit} are allowed")
sys.exit(os.waitstatus_to_exitcode(status))' "$LIMIT" "$@"
}
