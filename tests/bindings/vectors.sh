#!/usr/bin/env bash
# The same documents through the C++ command, C, Java and .NET give the same results: 16 threads seal by a key behind the emulated
# appliance, with time-stamps; OpenSSL and pdfsig find every seal good; the four verify each of them with the same report, to the byte; and
# three extend copies of the same documents to the same levels: vectors.sh PREFIX
#
# Environment: SIGNET_TEST_COMMAND, SIGNET_TEST_MODULE, SIGNET_TEST_EMULATOR, the built files.
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
THREADS=16
LANGUAGES=(c java dotnet)

# judge FOLDER: each thread's four seals, by programs that are not ours.
judge() {
  local base at
  for ((at = 0; at < THREADS; at++)); do
    base=$1/$at-0
    openssl_verifies "$base.external.p7s" "$base.txt"
    openssl_verifies "$base.internal.p7m"
    openssl_verifies "$base.added.p7m"
    cmp verified "$base.txt"
    pdf_is_sealed "$base.pdf" 1 letter.pdf
    qpdf --check "$base.pdf" >qpdf.log || fail "$(<qpdf.log)"
  done
}

# same STATUS DOCUMENT [DATA]: all say so, with the same report.
same() {
  local wanted=$1 status=0 language
  shift
  signet verify "$1" ${2:+--data "$2"} --trust ca/ca.pem --without-revocation --at "$MOMENT" --json >command.json 2>command.txt || status=$?
  [[ $status == "$wanted" ]] || fail "$*: status $status instead of $wanted from the command: $(<command.txt)"
  for language in "${LANGUAGES[@]}"; do
    status=0
    run_in "$language" Verify ca/ca.pem "$AT" 4 "$@" >library.json 2>library.txt || status=$?
    [[ $status == "$wanted" ]] || fail "$*: status $status instead of $wanted in $language: $(<library.txt)"
    # What was not judged has no report.
    [[ $wanted == 31 || $wanted == 2 ]] || diff command.json library.json || fail "$*: another report in $language"
  done
}

use_token emulator
serve_authority
cd "$WORK"
with_certificate rsa:3072 rsa
with_certificate ec:P-256 ec
"$ROOT/scripts/make-pdf.py" letter.pdf
build_c Seal Verify Extend
build_java
build_dotnet Seal Verify Extend

for language in "${LANGUAGES[@]}"; do
  key=rsa
  [[ $language == java ]] || key=ec
  mkdir "$language"
  run_in "$language" Seal "$MODULE" "$key" "$language" "$THREADS" 1 letter.pdf "$TSA" ca/ca.pem >told 2>&1 || fail "$language: $(<told)"
  # Those of the C program are judged in seal_library.programs.
  [[ $language == c ]] || judge "$language"
  say "$language: $(tail -1 told)"
done
"$SIGNET_TEST_EMULATOR" journal appliance >recorded
[[ $(grep -c '"order 4711"' recorded) == $((3 * THREADS)) ]] || fail "$(grep -c '"order 4711"' recorded) references in the journal"

MOMENT=$(date -u -d "+1 hour" +%Y-%m-%dT%H:%M:%SZ)
AT=$(date -d "$MOMENT" +%s)
say "each verifies what the others have sealed"
for language in "${LANGUAGES[@]}"; do
  same 0 "$language/1-0.pdf"
done
same 0 dotnet/1-0.added.p7m
same 0 java/1-0.external.p7s java/1-0.txt
same 41 java/1-0.external.p7s letter.pdf
same 40 dotnet/1-0.external.p7s
same 42 letter.pdf
same 31 c/1-0.txt
same 2 c/1-0.pdf letter.pdf
cp c/0-0.pdf changed.pdf
change_byte changed.pdf 12
same 41 changed.pdf

HOST=${TSA#http://}
HOST=${HOST%%:*}
say "from level to level"
cp java/0-0.pdf sealed.pdf
cp java/0-0.internal.p7m sealed.p7m
for level in B-LT B-LTA; do
  for language in "${LANGUAGES[@]}"; do
    mkdir -p "extended.$language"
    for form in pdf p7m; do
      for ((at = 0; at < THREADS / 2; at++)); do
        [[ -e extended.$language/$at.$form ]] || cp "sealed.$form" "extended.$language/$at.$form"
      done
    done
    (cd "extended.$language" && run_in "$language" Extend ../ca/root.pem "$HOST" "$TSA" "$level" ./*.p7m ./*.pdf) >"told.$language" 2>problems ||
      fail "$language: $(<problems)"
    [[ $(grep -c ", $level, " "told.$language") == "$THREADS" ]] || fail "$language: $(<"told.$language")"
    diff told.c "told.$language" || fail "another extension in $language"
    for form in pdf p7m; do
      signet verify "extended.$language/3.$form" --trust ca/root.pem --online --online-host "$HOST" --json >verified || fail "$(<verified)"
      [[ $(value verified '["signatures"][0]["level"]') == "$level" ]] || fail "$(<verified)"
    done
  done
done
say "$((3 * 4 * THREADS)) seals, 11 reports in four ways, $((3 * 2 * THREADS)) extensions"
