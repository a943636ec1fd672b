# shellcheck shell=bash
# For the tests of `signet key`, `csr` and `cert`: a token "seal" of one of two kinds, certificate authorities, and
# words to check with. Source it after scripts/lib.sh; the caller has set WORK.

# use_token emulator|softhsm: an empty token "seal". Everything after this is the same for both.
use_token() {
  new_pin_file "$WORK/pin"
  PIN=$(<"$WORK/pin")
  export PIN
  case $1 in
    emulator)
      export MODULE=${SIGNET_TEST_MODULE:?} SIGNET_CONFIG=$WORK/appliance/client.toml
      init_emulator "${SIGNET_TEST_EMULATOR:?}" "$WORK/appliance" "$WORK/pin"
      start_emulator "$SIGNET_TEST_EMULATOR" "$WORK/appliance"
      ;;
    softhsm)
      export MODULE=/usr/lib/softhsm/libsofthsm2.so SOFTHSM2_CONF=$WORK/softhsm2.conf
      mkdir "$WORK/tokens"
      echo "directories.tokendir = $WORK/tokens" >"$SOFTHSM2_CONF"
      export SO_PIN=87654321
      pkcs11-tool --module "$MODULE" --init-token --slot-index 0 --label seal --so-pin env:SO_PIN >"$WORK/init.log"
      pkcs11-tool --module "$MODULE" --token-label seal --login --login-type so --so-pin env:SO_PIN \
        --init-pin --new-pin env:PIN \
        >>"$WORK/init.log"
      ;;
    *) fail "there is no kind of token called $1" ;;
  esac
  # What the command takes from its environment where nothing is said on its command line.
  export SIGNET_MODULE=$MODULE SIGNET_PIN=$PIN
}

signet() { "${SIGNET_TEST_COMMAND:?}" "$@"; }

# refuses STATUS WORDS COMMAND...: the command ends with the status, and its sentence has these words in it.
refuses() {
  local wanted=$1 words=$2 status=0
  shift 2
  "$@" >"$WORK/refused.out" 2>"$WORK/refused.err" || status=$?
  [[ $status == "$wanted" ]] || {
    cat "$WORK/refused.out" "$WORK/refused.err" >&2
    fail "status $status instead of $wanted: $*"
  }
  grep -qF -- "$words" "$WORK/refused.err" || fail "no \"$words\" from $*: $(<"$WORK/refused.err")"
}

# value FILE EXPRESSION: of a JSON file, in Python's notation: value x.json '[0]["label"]'
value() {
  python3 -c 'import json, sys; print(eval("document" + sys.argv[2], {"document": json.load(open(sys.argv[1]))}))' \
    "$1" "$2"
}

# new_root NAME [TYPE...]: $WORK/NAME.pem and .key, a root; TYPE as for `openssl req -newkey`.
new_root() {
  local name=$1
  shift
  [[ $# -gt 0 ]] || set -- ec -pkeyopt ec_paramgen_curve:P-256
  openssl req -x509 -newkey "$@" -noenc -keyout "$WORK/$name.key" -out "$WORK/$name.pem" \
    -days 3650 -subj "/O=Signet trial/CN=$name" -addext basicConstraints=critical,CA:TRUE \
    -addext keyUsage=critical,keyCertSign,cRLSign 2>>"$WORK/openssl.log"
}

# new_issuer NAME ROOT: an authority below a root.
new_issuer() {
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$WORK/$1.key" -out "$WORK/$1.csr" \
    -subj "/O=Signet trial/CN=$1" 2>>"$WORK/openssl.log"
  openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/$2.pem" -CAkey "$WORK/$2.key" -days 3000 -out "$WORK/$1.pem" \
    -extfile <(printf 'basicConstraints = critical,CA:TRUE\nkeyUsage = critical,keyCertSign,cRLSign\n') \
    2>>"$WORK/openssl.log"
}

# issue CSR OUT [options of openssl x509...]: a certificate by the authority "issuing". $WHEN: the clock's start for
# faketime, "-400d" for one.
issue() {
  local csr=$1 out=$2
  shift 2
  ${WHEN:+faketime -f "$WHEN"} openssl x509 -req -in "$csr" -CA "$WORK/issuing.pem" -CAkey "$WORK/issuing.key" \
    -days 30 -copy_extensions copy -out "$out" "$@" 2>>"$WORK/openssl.log"
}

# other_request OUT TYPE...: a request by a key that is on no token; TYPE as for `openssl req -newkey`.
other_request() {
  local out=$1
  shift
  openssl req -new -newkey "$@" -noenc -keyout "$WORK/other.key" -subj "/O=Signet trial/CN=other" -out "$out" \
    2>>"$WORK/openssl.log"
}
