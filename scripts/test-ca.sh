#!/usr/bin/env bash
# A certificate authority for trials and tests; never trust it for anything else.
#
#   scripts/test-ca.sh init DIR              makes DIR/ca.pem and its key
#   scripts/test-ca.sh issue DIR CSR OUT     issues a seal certificate for a request, as PEM
#   scripts/test-ca.sh issue-for PURPOSE DIR CSR OUT
#                                            for another purpose of OpenSSL's extendedKeyUsage: serverAuth (for this
#                                            machine: localhost and 127.0.0.1), clientAuth, codeSigning,
#                                            timeStamping, emailProtection (mail that may be encrypted as well)
set -euo pipefail

# The caller's configuration is for the caller's keys: with an engine in it, `openssl x509` fails.
unset OPENSSL_CONF

usage() {
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
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
  local purpose=$1 dir=$2 request=$3 out=$4 usage=digitalSignature extended=$1
  case $purpose in
    seal) usage+=,nonRepudiation extended=emailProtection ;;
    serverAuth | emailProtection) usage+=,keyEncipherment ;;
    timeStamping) extended=critical,$purpose ;;
  esac
  openssl x509 -req -in "$request" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 30 -sha256 -out "$out" \
    -extfile <(
      echo "basicConstraints = critical,CA:FALSE"
      echo "keyUsage = critical,$usage"
      echo "extendedKeyUsage = $extended"
      [[ $purpose != serverAuth ]] || echo "subjectAltName = DNS:localhost,IP:127.0.0.1"
      echo "subjectKeyIdentifier = hash"
      echo "authorityKeyIdentifier = keyid"
    ) 2>/dev/null
}

case "${1:-}:$#" in
  init:2) init "$2" ;;
  issue:4) issue seal "$2" "$3" "$4" ;;
  issue-for:5) issue "$2" "$3" "$4" "$5" ;;
  *) usage ;;
esac
