#!/usr/bin/env bash
# Programs in C against an installation of libsignet-seal alone, found by pkg-config and by CMake; their seals are judged by
# OpenSSL, and those in PDF documents by pdfsig: programs.sh PREFIX emulator|softhsm
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE and SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
kind=${2:?emulator or softhsm}
HERE=$(realpath "$(dirname "$0")")
WORK=$(mktemp -d)
TSA_PID=
end() {
  stop_emulator
  [[ -z $TSA_PID ]] || { kill -TERM "$TSA_PID" && wait "$TSA_PID"; } 2>/dev/null || true
  rm -rf "$WORK"
}
trap end EXIT
# shellcheck source=../keys/lib.sh
source "$HERE/../keys/lib.sh"

THREADS=16
ROUNDS=2

# The library is found through pkg-config only; the sources of the project are not in the path.
build_programs() {
  PKG_CONFIG_PATH=$(dirname "$(find "$PREFIX" -name signet-seal.pc)")
  export PKG_CONFIG_PATH
  LIBRARIES=$(pkg-config --variable=libdir signet-seal)
  local program flags
  read -ra flags <<<"$(pkg-config --cflags --libs signet-seal)"
  mkdir "$WORK/bin"
  for program in seal life; do
    gcc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -pthread "$HERE/$program.c" \
      -o "$WORK/bin/$program" "${flags[@]}" -ldl
  done
}

build_with_cmake() {
  cmake -S "$HERE/project" -B "$WORK/cmake" -DCMAKE_PREFIX_PATH="$PREFIX" >"$WORK/cmake.log"
  cmake --build "$WORK/cmake" >>"$WORK/cmake.log"
  "$WORK/cmake/version" | grep -qx "$(pkg-config --modversion signet-seal)" || fail "CMake found another library"
}

make_keys() {
  use_token "$kind" >"$WORK/token.log"
  "$TESTCA" init "$WORK/ca" >"$WORK/ca.log"
  local label type
  for label in rsa ec; do
    type=ec:P-256
    [[ $label == ec ]] || type=rsa:3072
    signet key generate --type "$type" --label "$label" >/dev/null 2>&1
    signet csr "$label" --subject "CN=$label" --out "$WORK/$label.csr"
    "$TESTCA" issue "$WORK/ca" "$WORK/$label.csr" "$WORK/$label.pem" >>"$WORK/ca.log"
    signet cert import "$WORK/$label.pem" >/dev/null 2>&1
  done
}

start_authority() {
  "$TESTCA" serve "$WORK/ca" --ready-file "$WORK/tsa-ready" >"$WORK/tsa.log" 2>&1 &
  TSA_PID=$!
  wait_for_file "$WORK/tsa-ready" 30 "$TSA_PID" || fail "the time-stamp authority did not start"
  TSA=$(<"$WORK/tsa-ready")/tsa
}

# A seal behind the letter that was sealed.
judge_pdf() {
  HOME=$WORK pdfsig "$1" >"$WORK/pdfsig"
  grep -q "Signature is Valid" "$WORK/pdfsig" || fail "$1: $(<"$WORK/pdfsig")"
  cmp --bytes="$(stat -c %s "$WORK/letter.pdf")" "$1" "$WORK/letter.pdf"
}

# judge FOLDER KEY: every seal is good, and no document is without its four.
judge() {
  local folder=$1 document base count=0 form
  for document in "$folder"/*.txt; do
    base=${document%.txt}
    for form in external.p7s internal.p7m added.p7m; do
      local detached=()
      [[ $form != external* ]] || detached=(-content "$document")
      openssl cms -verify -cades -binary -inform DER -in "$base.$form" "${detached[@]}" -CAfile "$WORK/ca/ca.pem" \
        -purpose any -out "$WORK/out" 2>"$WORK/verify.log" || fail "$base.$form: $(<"$WORK/verify.log")"
      cmp "$WORK/out" "$document"
      count=$((count + 1))
    done
    judge_pdf "$base.pdf"
    count=$((count + 1))
  done
  ((count == THREADS * ROUNDS * 4)) || fail "$count seals instead of $((THREADS * ROUNDS * 4))"
}

# run_seal FOLDER KEY [TSA CA_FILE]; $CONF: the OpenSSL configuration of the program.
CONF=/dev/null
run_seal() {
  local folder=$1 key=$2
  shift 2
  mkdir "$folder"
  OPENSSL_CONF=$CONF LD_LIBRARY_PATH=$LIBRARIES timeout 120 "$WORK/bin/seal" "$MODULE" "$key" "$folder" "$THREADS" "$ROUNDS" "$WORK/letter.pdf" "$@"
  judge "$folder"
}

# Where nobody names the module.
run_with_installed_module() {
  local MODULE='' SIGNET_MODULE='' LIBRARIES=$WORK/moved ROUNDS=1
  run_seal "$WORK/installed" rsa
}

build_programs
build_with_cmake
"$ROOT/scripts/make-pdf.py" "$WORK/letter.pdf"
make_keys
start_authority

say "16 threads, with and without time-stamps"
run_seal "$WORK/b-b" rsa
run_seal "$WORK/b-t" "pkcs11:token=seal;object=ec" "$TSA" "$WORK/ca/ca.pem"
openssl cms -cmsout -print -inform DER -in "$WORK/b-t/0-0.external.p7s" |
  grep -q id-smime-aa-timeStampToken || fail "no time-stamp is in a seal of level B-T"

# Installed elsewhere, with Signet's module beside it.
if [[ $kind == emulator ]]; then
  say "with the module that is installed with it"
  mkdir -p "$WORK/moved/pkcs11"
  cp --dereference "$LIBRARIES/libsignet-seal.so.1" "$WORK/moved/"
  cp "$MODULE" "$WORK/moved/pkcs11/"
  run_with_installed_module
fi

# The references of the external seals of three runs, and of nothing else.
if [[ $kind == emulator ]]; then
  "$SIGNET_TEST_EMULATOR" journal "$WORK/appliance" >"$WORK/journal"
  wanted=$((2 * THREADS * ROUNDS + THREADS))
  [[ $(grep -c '"order 4711"' "$WORK/journal") == "$wanted" ]] ||
    fail "$(grep -c '"order 4711"' "$WORK/journal") references in the journal instead of $wanted"
fi

say "in a program whose OpenSSL is configured in its own way"
write_engine_config "$WORK/engine.cnf" "$MODULE"
sed -e 's/^init = 0$/init = 1\ndefault_algorithms = ALL/' "$WORK/engine.cnf" >"$WORK/default.cnf"
cat >"$WORK/absent.cnf" <<'CONF'
openssl_conf = main
[main]
alg_section = all
ssl_conf = tls
[all]
default_properties = provider=absent
[tls]
system_default = every
[every]
MinProtocol = TLSv1
MaxProtocol = TLSv1.1
CONF
for conf in default absent; do
  ROUNDS=1 THREADS=4
  # SoftHSM uses the program's OpenSSL, which cannot do anything then.
  [[ $kind == emulator || $conf != absent ]] || continue
  CONF=$WORK/$conf.cnf run_seal "$WORK/$conf" ec "$TSA" "$WORK/ca/ca.pem"
done

say "loaded and unloaded, and after forks"
mkdir "$WORK/life"
busy=()
[[ $kind == softhsm ]] || busy=(busy)
timeout 200 "$WORK/bin/life" "$LIBRARIES/libsignet-seal.so.1" "$MODULE" ec "$WORK/life" "$WORK/letter.pdf" "${busy[@]}"
for seal in loaded child parent; do
  openssl cms -verify -cades -binary -inform DER -in "$WORK/life/$seal.p7m" -CAfile "$WORK/ca/ca.pem" -purpose any \
    -out "$WORK/out" 2>"$WORK/verify.log" || fail "life/$seal.p7m: $(<"$WORK/verify.log")"
  [[ $(<"$WORK/out") == "a document" ]]
  judge_pdf "$WORK/life/$seal.pdf"
done
say "all of it works on this kind of token: $kind"
