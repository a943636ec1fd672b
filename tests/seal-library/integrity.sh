#!/usr/bin/env bash
# libsignet-seal notices that its code or its constants are not those that were built: integrity.sh PREFIX
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
LIBRARY=$(find "$PREFIX" -name 'libsignet-seal.so.1')

cat >"$WORK/status.c" <<'C'
#include <signet-seal.h>
#include <stdio.h>
int main(void) {
  signet_seal_context *context = NULL;
  signet_seal_error *error = signet_seal_error_new();
  int status = signet_seal_context_new(&context, error);
  printf("%d %s\n", status, signet_seal_error_sentence(error));
  signet_seal_context_free(context);
  signet_seal_error_free(error);
  return 0;
}
C
gcc -std=c11 -Wall -Werror -I"$PREFIX/include" "$WORK/status.c" -o "$WORK/status" "$LIBRARY"

# with COMMAND...: the sentence of a program whose library is a copy that COMMAND has changed.
with() {
  cp --dereference "$LIBRARY" "$WORK/libsignet-seal.so.1"
  "$@" "$WORK/libsignet-seal.so.1"
  LD_LIBRARY_PATH=$WORK "$WORK/status"
}

# flip_in SECTION FILE: another byte near the end of the section, which nothing here runs or reads.
flip_in() {
  local offset size
  read -r offset size <<<"$(readelf --section-headers --wide "$2" | sed 's/^ *\[ *[0-9]*\] *//' |
    awk -v name="$1" '$1 == name { print $4, $5 }')"
  offset=$((16#$offset + 16#$size - 64))
  change_byte "$2" "$offset"
}

[[ $(with true) == "0 " ]] || fail "the library as it is: $(with true)"
[[ $(with strip --strip-all) == "0 " ]] || fail "the library without symbols: $(with strip --strip-all)"
with flip_in .rodata | grep -q "^4 .*install it again" || fail "a changed constant is not noticed"
with flip_in .text | grep -q "^4 .*install it again" || fail "changed code is not noticed"
say "changes of code and constants are noticed"
