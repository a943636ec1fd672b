# shellcheck shell=bash
# Run by ../clients/run-script.sh with DIALECT=native|csc-v1|csc-v2|sapiws: the same programs through that dialect, against
# the keys and certificates that the pair has already. Each is a function; what a dialect cannot do is checked to be
# refused. Leaves RECORDS/dialect-DIALECT.json for docs/compatibility.md, where SIGNET_TEST_RECORDS names the folder.
set -euo pipefail

# shellcheck source=dialect.sh
source "$SOURCE/conformance/dialects/dialect.sh"

write_dialect_config "$DIALECT" >dialect.toml
chmod 600 dialect.toml
export SIGNET_CONFIG=$PWD/dialect.toml
# Nothing that was remembered of the token under its other dialect.
export XDG_CACHE_HOME=$PWD/cache
signet config check "$SIGNET_CONFIG"

# osslsigncode asks the CA for its CRL.
testca serve ca --ready-file served </dev/null >authority.log 2>&1 &
authority=$!
trap 'kill $authority' EXIT
for ((attempt = 0; attempt < 600; attempt++)); do [[ ! -e served ]] || break; sleep 0.1; done

# Keys by type, as far as the dialect shows them.
keys=(rsa rsa4096)
[[ $DIALECT == sapiws ]] || keys+=(ec)

token() { pkcs11-tool --module "$MODULE" --token-label seal --login --pin env:PIN "$@"; }
with_engine() { OPENSSL_CONF=$PWD/engine.cnf openssl "$@"; }
key_uri() { echo "pkcs11:token=seal;object=seal-$1;type=private?pin-source=file:$PWD/pin"; }

# The CKA_ID, which a dialect may choose by itself.
id_of() {
  SIGNET_PIN=$PIN signet key list --json | python3 -c '
import json, sys
print(next(key["id"] for key in json.load(sys.stdin) if key["label"] == sys.argv[1]))' "$1"
}

refused() {
  if "$@"; then fail "this was not refused: $*"; fi
}

verified_cms() {
  openssl cms -verify -binary -inform DER -in "$1" -content document.pdf -CAfile ca/ca.pem -purpose any -out /dev/null
}

pkcs11_tool() {
  local key hash=256 id
  pkcs11-tool --module "$MODULE" --list-token-slots
  pkcs11-tool --module "$MODULE" --token-label seal --list-mechanisms >mechanisms
  token --list-objects
  for key in "${keys[@]}"; do
    id=$(id_of "seal-$key")
    if [[ $key == ec ]]; then
      token --sign --id "$id" --mechanism ECDSA-SHA$hash --signature-format openssl \
        --input-file document.pdf --output-file tool.sig
    else
      token --sign --id "$id" --mechanism SHA$hash-RSA-PKCS --input-file document.pdf --output-file tool.sig
    fi
    openssl dgst -sha$hash -verify "$key.pub.pem" -signature tool.sig document.pdf
  done
  id=$(id_of seal-rsa)
  printf '\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20' >digestinfo
  openssl dgst -sha256 -binary document.pdf >>digestinfo
  token --sign --id "$id" --mechanism RSA-PKCS --input-file digestinfo --output-file tool.sig
  openssl dgst -sha256 -verify rsa.pub.pem -signature tool.sig document.pdf
  [[ $DIALECT != native ]] || return 0
  # What is no DigestInfo is refused before it is sent, and no key is made.
  refused token --sign --id "$id" --mechanism RSA-PKCS --input-file pin --output-file tool.sig
  refused grep KEY-PAIR-GEN mechanisms
  refused token --keypairgen --key-type rsa:2048 --id 77 --label new
}

engine() {
  local key
  for key in "${keys[@]}"; do
    with_engine cms -sign -engine pkcs11 -keyform engine -inkey "$(key_uri "$key")" -signer "seal-$key.pem" \
      -binary -nosmimecap -md sha256 -outform DER -in document.pdf -out "$key.p7s"
    verified_cms "$key.p7s"
  done
}

provider() {
  local key modules
  modules=$(openssl version -m | sed -n 's/^MODULESDIR: "\(.*\)"$/\1/p')
  [[ -e $modules/pkcs11.so ]] || modules=$("$CLIENTS/install.sh" --folder pkcs11-provider)/unpacked$modules
  cat >provider.cnf <<END
openssl_conf = openssl_init
[openssl_init]
providers = providers
[providers]
default = default_provider
pkcs11 = pkcs11_provider
[default_provider]
activate = 1
[pkcs11_provider]
module = $modules/pkcs11.so
pkcs11-module-path = $MODULE
pkcs11-module-token-pin = file:$PWD/pin
activate = 1
END
  for key in "${keys[@]}"; do
    OPENSSL_CONF=$PWD/provider.cnf openssl cms -sign -inkey "pkcs11:token=seal;object=seal-$key;type=private" \
      -signer "seal-$key.pem" -binary -nosmimecap -outform DER -in document.pdf -out "$key.p7s"
    verified_cms "$key.p7s"
  done
}

java_sun() {
  local key hash=256 algorithm
  printf 'name = signet\nlibrary = %s\nslotListIndex = 0\n' "$MODULE" >signet.cfg
  for key in "${keys[@]}"; do
    algorithm=RSA
    [[ $key != ec ]] || algorithm=ECDSA
    java "$CLIENTS/java/Sign.java" signet.cfg "seal-$key" SHA${hash}with$algorithm document.pdf java.sig
    openssl dgst -sha$hash -verify "$key.pub.pem" -signature java.sig document.pdf
  done
}

pdf_nss() {
  mkdir nss nss-verify
  certutil -N -d sql:nss --empty-password
  certutil -N -d sql:nss-verify --empty-password
  modutil -dbdir sql:nss -add signet -libfile "$MODULE" -force </dev/null
  certutil -A -d sql:nss -n root -t "C,C,C" -i ca/root.pem
  certutil -A -d sql:nss -n issuing -t ",," -i ca/issuing.pem
  certutil -A -d sql:nss-verify -n root -t "C,C,C" -i ca/root.pem
  pdfsig -nssdir sql:nss -nss-pwd "$PIN" -add-signature -nick seal:seal-rsa -reason Approved document.pdf pdfsig.pdf
  pdfsig -nssdir sql:nss-verify -no-ocsp pdfsig.pdf | tee report.txt
  grep -q "Signature is Valid" report.txt
  grep -q "Certificate is Trusted" report.txt
}

pyhanko() {
  local venv key
  venv=$("$CLIENTS/install.sh" --folder pyhanko)/venv
  for key in "${keys[@]}"; do
    cat >pyhanko.yml <<END
pkcs11-setups:
  seal:
    module-path: $MODULE
    token-criteria:
      label: seal
    cert-label: seal-$key
    other-certs: ca/ca.pem
validation-contexts:
  trial:
    trust: ca/root.pem
    trust-replace: true
    other-certs: ca/issuing.pem
END
    PYHANKO_PKCS11_PIN=$PIN "$venv/bin/pyhanko" sign addsig --field Seal --use-pades pkcs11 --p11-setup seal \
      document.pdf pyhanko.pdf
    "$venv/bin/pyhanko" sign validate --no-revocation-check --pretty-print --validation-context trial pyhanko.pdf |
      tee report.txt
    grep -q "The signature is judged VALID" report.txt
  done
}

# key, file: a certificate of another profile for a key of the token.
issue() {
  with_engine req -new -engine pkcs11 -keyform engine -key "$(key_uri "$1")" -subj "/CN=localhost" -out other.csr
  testca issue --profile "$2" "${@:4}" ca other.csr "$3"
}

osslsigncode_pe() {
  local key
  make-exe program.exe
  for key in "${keys[@]}"; do
    issue "$key" code "code-$key.pem"
    osslsigncode sign -pkcs11module "$MODULE" -certs "code-$key.pem" -key "$(key_uri "$key")" -h sha256 \
      -in program.exe -out "signed-$key.exe"
    osslsigncode verify -CAfile ca/ca.pem -in "signed-$key.exe" | tee verified.txt
    grep "Signature verification: ok" verified.txt
    sbverify --cert "code-$key.pem" "signed-$key.exe"
  done
}

nginx_tls() {
  local key=rsa port
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  # TLS 1.3 signs RSA with PSS only, which SAPIWS does not do unless the firmware has it.
  [[ $DIALECT == sapiws ]] || key=ec
  issue $key tls-server server.pem --name DNS:localhost
  mkdir web
  echo sealed >web/index.html
  cat >nginx.conf <<END
env SIGNET_CONFIG;
env OPENSSL_CONF;
env XDG_CACHE_HOME;
ssl_engine pkcs11;
user $(id -un);
worker_processes 2;
pid $PWD/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path $PWD/body;
  proxy_temp_path $PWD/proxy;
  fastcgi_temp_path $PWD/fastcgi;
  uwsgi_temp_path $PWD/uwsgi;
  scgi_temp_path $PWD/scgi;
  server {
    listen 127.0.0.1:$port ssl;
    root $PWD/web;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate $PWD/server.pem;
    ssl_certificate_key "engine:pkcs11:$(key_uri "$key")";
  }
}
END
  OPENSSL_CONF=$PWD/engine.cnf /usr/sbin/nginx -p "$PWD" -c nginx.conf -e error.log
  local status=0
  if [[ $DIALECT == sapiws ]]; then
    # Without PSS it takes a client of TLS 1.2 that asks for PKCS#1 v1.5.
    openssl s_client -connect "127.0.0.1:$port" -tls1_2 -sigalgs RSA+SHA256 -CAfile ca/ca.pem -verify_return_error \
      -verify_hostname localhost </dev/null >handshake.txt || status=$?
    grep "Peer signature type: RSA" handshake.txt || status=1
  else
    seq 20 | xargs -P 4 -I{} curl --silent --show-error --fail --noproxy '*' --cacert ca/ca.pem --output /dev/null \
      "https://localhost:$port/" || status=$?
  fi
  kill "$(<nginx.pid)"
  return $status
}

for key in "${keys[@]}"; do openssl x509 -in "seal-$key.pem" -pubkey -noout -out "$key.pub.pem"; done
# function, name of the client in docs/compatibility.md
programs=(pkcs11_tool:pkcs11-tool engine:openssl provider:pkcs11-provider java_sun:java pdf_nss:pdfsig pyhanko:pyhanko
  osslsigncode_pe:osslsigncode nginx_tls:nginx)
failed=()
ran=()
for program in "${programs[@]}"; do
  mkdir -p run && cd run
  cp -rp ../pin ../engine.cnf ../document.pdf ../*.pem . && ln -sfn ../ca ca
  # Not `if (…)`, where an error inside would not end it.
  set +e
  (
    set -e
    "${program%%:*}"
  )
  status=$?
  set -e
  cd .. && rm -rf run
  [[ $status -eq 0 ]] && ran+=("${program#*:}") || failed+=("${program#*:}")
done
if [[ -n ${SIGNET_TEST_RECORDS:-} ]]; then
  mkdir -p "$SIGNET_TEST_RECORDS"
  python3 -c 'import json, sys; print(json.dumps(sys.argv[1:]))' "${ran[@]}" >"$SIGNET_TEST_RECORDS/dialect-$DIALECT.json"
fi
[[ ${#failed[@]} -eq 0 ]] || fail "through the dialect $DIALECT these failed: ${failed[*]}"
