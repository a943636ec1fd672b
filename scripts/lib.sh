# shellcheck shell=bash
# Helpers for the scripts of this repository: source it, do not run it. The caller sets `set -euo pipefail`.

# shellcheck disable=SC2034  # for the scripts that source this file
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The trial authority; tools/README.md describes it.
# shellcheck disable=SC2034
TESTCA=$ROOT/tools/testca/testca

say() { echo "$*"; }

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# A test that cannot run here. ctest takes 77 as "skipped"; where CI=true nothing may be skipped.
skip() {
  [[ -z ${SIGNET_SKIP_LOG:-} ]] || echo "  ${SIGNET_TEST_NAME:-${0##*/}}: $*" >>"$SIGNET_SKIP_LOG"
  echo "skipped: $*"
  [[ ${CI:-} != true ]] || exit 1
  exit 77
}

# stage NAME COMMAND...: runs the command between two lines that name it and say how long it took. The command
# runs under `set -e`: its first failure ends the script, and report_failed_stage, called from the script's EXIT
# trap, names the stage.
STAGE=
STAGE_STARTED=0

stage() {
  STAGE=$1
  STAGE_STARTED=$SECONDS
  shift
  say "== $STAGE"
  "$@"
  say "== $STAGE: done in $((SECONDS - STAGE_STARTED)) s"
  STAGE=
}

report_failed_stage() {
  [[ -z $STAGE ]] || say "== $STAGE: FAILED after $((SECONDS - STAGE_STARTED)) s" >&2
}

# quietly LOG COMMAND...: output goes to the file LOG and is shown only when the command fails. A function fails with
# its first failing command, as long as `quietly` is itself no condition (`if`, `||`): bash ignores `set -e` in one, and
# that is why there is none here.
quietly() (
  log=$1
  shift
  mkdir -p "$(dirname "$log")"
  exec {terminal}>&2 >"$log" 2>&1
  trap 'status=$?; ((status == 0)) || show_failed "$status" "$log" "$@" >&"$terminal"' EXIT
  "$@" {terminal}>&-
)

show_failed() {
  local status=$1 log=$2
  shift 2
  echo "failed (status $status): $*; the end of $log:"
  tail -n 40 "$log"
}

# How many compilers at once: one a processor, but each may take 1.5 GB.
build_jobs() {
  local processors memory_kb by_memory
  processors=$(nproc)
  memory_kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  by_memory=$((memory_kb / 1500000))
  ((by_memory >= 1)) || by_memory=1
  ((processors < by_memory)) && echo "$processors" || echo "$by_memory"
}

# wait_for_file FILE SECONDS PID: until the file is there; fails when the time is up or the process ends.
wait_for_file() {
  local file=$1 seconds=$2 pid=$3 tries
  for ((tries = 0; tries < seconds * 20; tries++)); do
    [[ ! -e $file ]] || return 0
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.05
  done
  return 1
}

# new_pin_file FILE: a random PIN of 12 digits, readable by its owner only, without a line end.
new_pin_file() {
  (umask 077 && od -An -N8 -tu8 /dev/urandom | tr -dc 0-9 | tail -c 12 >"$1")
}

EMULATOR_PID=

# init_emulator PROGRAM DIR PIN_FILE [options of `init`...]: a new appliance on a free port of this machine.
init_emulator() {
  local program=$1 dir=$2 pin_file=$3
  shift 3
  "$program" init "$dir" --listen 127.0.0.1:0 --user seal --password-file "$pin_file" "$@"
}

# start_emulator PROGRAM DIR [options of `run`...]: runs it in the background, returns once it accepts connections.
start_emulator() {
  local program=$1 dir=$2 ready
  shift 2
  ready=$(realpath "$dir")/ready
  rm -f "$ready"
  "$program" run "$dir" --ready-file "$ready" "$@" >>"$dir/emulator.log" 2>&1 &
  EMULATOR_PID=$!
  wait_for_file "$ready" 60 "$EMULATOR_PID" || {
    tail -n 20 "$dir/emulator.log" >&2
    stop_emulator
    fail "the emulator did not start; its log is $dir/emulator.log"
  }
}

# Stops the emulator that start_emulator started, by its process id; nothing to do when there is none.
stop_emulator() {
  [[ -n $EMULATOR_PID ]] || return 0
  local pid=$EMULATOR_PID
  EMULATOR_PID=
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# change_byte FILE OFFSET: another byte there, whatever stood there before: a fixed byte written over random ones is the
# same byte once in 256 runs.
change_byte() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N1 "$1")
  printf '%b' "\\x$(printf %x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# python_environment FOLDER REQUIREMENTS: a Python environment with exactly the packages of the file, kept for next time;
# a test that cannot have it is skipped.
python_environment() {
  local folder=$1 requirements=$2
  cmp --silent "$requirements" "$folder/installed.txt" && return
  rm -rf "$folder"
  /usr/bin/python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements" ||
    skip "pip cannot install the packages of ${requirements#"$ROOT"/} here"
  "$folder/bin/pip" check
  cp "$requirements" "$folder/installed.txt"
}

# write_engine_config FILE MODULE: an OPENSSL_CONF that loads the libp11 engine with the module.
write_engine_config() {
  local engines
  engines=$(openssl version -e | sed -n 's/^ENGINESDIR: "\(.*\)"$/\1/p')
  cat >"$1" <<CONF
openssl_conf = openssl_init

[openssl_init]
engines = engines

[engines]
pkcs11 = pkcs11_engine

[pkcs11_engine]
engine_id = pkcs11
dynamic_path = $engines/pkcs11.so
MODULE_PATH = $2
init = 0

[req]
distinguished_name = subject
prompt = no

[subject]
CN = unused: every request names its subject
CONF
}

# The steps below work on a token named "seal" in the folder $WORK, with the module $MODULE; the PIN is in the
# variable PIN, which the tools read from the environment so that no process list shows it.

token_tool() { pkcs11-tool --module "$MODULE" --token-label seal "$@"; }

# make_key TYPE ID LABEL: TYPE as pkcs11-tool names it (rsa:3072, EC:prime256v1).
make_key() {
  token_tool --login --pin env:PIN --keypairgen --key-type "$1" --id "$2" --label "$3" --usage-sign
}

# An RFC 7512 URI of a private key. libp11 reads the PIN from the file, so that it is on no command line.
key_uri() { echo "pkcs11:token=seal;object=$1;type=private?pin-source=file:$WORK/pin"; }

# certify LABEL ID: a request signed by the key through the libp11 engine, a certificate from the trial CA,
# written to the token beside its key. Leaves $WORK/LABEL.csr and $WORK/LABEL.pem.
certify() {
  local label=$1 id=$2
  OPENSSL_CONF=$WORK/engine.cnf openssl req -new -engine pkcs11 -keyform engine -key "$(key_uri "$label")" \
    -subj "/O=Signet trial/CN=$label" -out "$WORK/$label.csr"
  openssl req -in "$WORK/$label.csr" -verify -noout 2>&1 | grep "verify OK"
  "$TESTCA" issue "$WORK/ca" "$WORK/$label.csr" "$WORK/$label.pem"
  openssl x509 -in "$WORK/$label.pem" -outform DER -out "$WORK/$label.der"
  token_tool --login --pin env:PIN --write-object "$WORK/$label.der" --type cert --id "$id" --label "$label"
}
