#!/usr/bin/env bash
# The module against a CSC service that is not ours: certomancer-csc-dummy (version 1), behind TLS, with SCAL 1 and 2, and
# its time-stamps.
#
# Environment: SIGNET_TEST_PREFIX, the installed tree.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

HERE=$ROOT/conformance/dialects
CLIENTS=$ROOT/conformance/clients
MODULE=${SIGNET_TEST_PREFIX:?}/lib/pkcs11/signet-pkcs11.so
PATH=$SIGNET_TEST_PREFIX/bin:$PATH
DUMMY=$("$CLIENTS/install.sh" --folder certomancer-csc-dummy)/venv/bin/python
PYTHON=$("$CLIENTS/install.sh" --folder pyhanko)/venv/bin/python
SIGNATURES=1000

WORK=$(mktemp -d)
running=()
finish() {
  [[ ${#running[@]} -eq 0 ]] || kill "${running[@]}" 2>/dev/null || true
  rm -rf "$WORK"
}
trap finish EXIT
cd "$WORK"

mkdir keys
cp "$HERE/trial-pki.yml" .  # it names its keys beside itself
for name in root inter signer1 tsa; do openssl genrsa -out keys/$name.pem 2048; done
openssl ecparam -name prime256v1 -genkey -noout -out keys/signer2.pem
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -out tls.pem -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -days 2
pin=sha256//$(openssl x509 -in tls.pem -pubkey -noout | openssl pkey -pubin -outform DER |
  openssl dgst -sha256 -binary | base64)
echo "a document" >document

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start SCAL: the service and its TLS; leaves $url.
start() {
  local port
  port=$(free_port)
  "$DUMMY" "$HERE/dummy-with-tsa" trial-pki.yml "$port" "$1" trial/tsa >"dummy-$1.log" 2>&1 </dev/null &
  running+=($!)
  rm -f ready
  "$HERE/tls-front" "$port" tls.pem tls.key ready </dev/null >"front-$1.log" 2>&1 &
  running+=($!)
  wait_for_file ready 60 $!
  url=https://127.0.0.1:$(<ready)/csc/v1
  local attempt
  for ((attempt = 0; attempt < 300; attempt++)); do
    curl --silent --fail --noproxy '*' --cacert tls.pem --json '{}' "$url/info" >/dev/null && return
    sleep 0.1
  done
  fail "the service with SCAL $1 did not start: $(tail -n 5 "dummy-$1.log")"
}

configure() {
  cat >"$1" <<END
[[token]]
label = "qtsp"
user = "seal"
dialect = "csc"
[token.csc]
access = "none"
[[token.csc.key]]
credential = "trial/signer2"
label = "my own label"
[token.limits]
connections = 2
[[token.member]]
url = "$url"
pins = ["$pin"]
END
  chmod 600 "$1"
  export SIGNET_CONFIG=$PWD/$1 XDG_CACHE_HOME=$PWD/cache-$1
}

requests() { grep -c "POST /csc/v1/$1 HTTP/1.1\" 200" "dummy-$2.log" || true; }

# The keys with their labels, and the chain; what the service itself is not asked twice for.
check_objects() {
  signet token list | grep "read-only"
  pkcs11-tool --module "$MODULE" --list-mechanisms >mechanisms
  # The service needs no PIN, which is known by now.
  pkcs11-tool --module "$MODULE" --list-token-slots | grep "PIN pad present"
  pkcs11-tool --module "$MODULE" --login --list-objects </dev/null >objects
  grep "label: *my own label" objects
  grep "label: *Trial CA" objects
  grep "label: *Trial root" objects
}

check_signatures() {
  local id
  id=$(signet key list --json | python3 -c '
import json, sys
print(next(key["id"] for key in json.load(sys.stdin) if key["label"] == sys.argv[1]))' "my own label")
  pkcs11-tool --module "$MODULE" --login --sign --id "$id" --mechanism ECDSA-SHA256 --signature-format openssl \
    --input-file document --output-file ec.sig </dev/null
  openssl pkey -in keys/signer2.pem -pubout -out ec.pub
  openssl dgst -sha256 -verify ec.pub -signature ec.sig document
}

# A seal of level B-T, whose time-stamp is the service's, though its info does not name the method; OpenSSL takes both.
check_time_stamp() {
  pkcs11-tool --module "$MODULE" --read-object --type cert --label "Trial root" --output-file root.der
  openssl x509 -inform DER -in root.der -out root.pem
  SIGNET_MODULE=$MODULE signet seal document --force --key "my own label" --tsa csc: --tsa-ca root.pem --json \
    </dev/null >sealed.json
  python3 - <<'PY'
import json
sealed = json.load(open("sealed.json"))["files"][0]
assert sealed["level"] == "B-T" and sealed["tsa"] == "csc:", sealed
PY
  openssl cms -verify -cades -binary -inform DER -in document.p7s -content document -CAfile root.pem -purpose any \
    -out verified.txt
  SIGNET_MODULE=$MODULE signet verify document document.p7s --trust root.pem --without-revocation | grep -i "time-stamp: PASSED"
  [[ $(requests signatures/timestamp "$1") = 1 ]] || fail "one time-stamp was not one request"
}

# Good signatures from eight threads over two connections: those that wait travel together, ten at most.
check_many() {
  local scal=$1 authorised signed
  [[ $(PIN='' "$PYTHON" "$HERE/many-signatures" "$MODULE" qtsp seal-rsa 8 $SIGNATURES) = "$SIGNATURES" ]]
  authorised=$(requests credentials/authorize "$scal")
  signed=$(requests signatures/signHash "$scal")
  echo "SCAL $scal: $SIGNATURES signatures in $signed requests under $authorised authorisations"
  ((signed < SIGNATURES * 3 / 4)) || fail "signatures did not travel together"
  # SCAL 1: an authorisation is good for ten signatures; SCAL 2: one for each request.
  if [[ $scal = 1 ]]; then
    ((authorised < SIGNATURES / 5)) || fail "authorisations were not kept"
  else
    ((authorised <= signed + 10)) || fail "there are more authorisations than requests"
  fi
}

for scal in 2 1; do
  start $scal
  configure "scal$scal.toml"
  check_objects
  check_signatures
  check_time_stamp $scal
  check_many $scal
  kill "${running[@]}"
  running=()
done
