#!/usr/bin/env bash
# A certificate authority for trials and tests; never trust it for anything else.
#
#   scripts/test-ca.sh init DIR              makes DIR/ca.pem and its key
#   scripts/test-ca.sh issue DIR CSR OUT     issues a seal certificate for a request, as PEM
set -euo pipefail

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

init() {
  local dir=$1
  mkdir -p "$dir"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$dir/ca.key" \
    -out "$dir/ca.pem" -days 30 -subj "/O=Signet trial/CN=Signet trial CA" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

issue() {
  local dir=$1 request=$2 out=$3
  openssl x509 -req -in "$request" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 30 -sha256 -out "$out" \
    -extfile <(
      echo "basicConstraints = critical,CA:FALSE"
      echo "keyUsage = critical,digitalSignature,nonRepudiation"
      echo "extendedKeyUsage = emailProtection"
      echo "subjectKeyIdentifier = hash"
      echo "authorityKeyIdentifier = keyid"
    ) 2>/dev/null
}

case "${1:-}:$#" in
  init:2) init "$2" ;;
  issue:4) issue "$2" "$3" "$4" ;;
  *) usage ;;
esac
