#!/usr/bin/env bash
# What the loader sees of the module: elf.sh MODULE FUNCTION_LIST
#
# It exports the functions of the list and nothing else, needs only libraries that it is meant to need, and is
# hardened.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

MODULE=${1:?name the module}
FUNCTIONS=${2:?name the list of functions}
ALLOWED_LIBRARIES='libcurl.so.4 libp11-kit.so.0 libssl.so.3 libcrypto.so.3 libxml2.so.2 libstdc++.so.6 libm.so.6 libgcc_s.so.1 libc.so.6
  ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-linux-riscv64-lp64d.so.1'

# dynamic TAG: the values of a tag of the dynamic section.
dynamic() {
  readelf --dynamic --wide "$MODULE" |
    awk -v tag="($1)" '$2 == tag { sub(/.*\) +/, ""); gsub(/^.*\[|\]$/, ""); print }'
}

exported() {
  readelf --dyn-syms --wide "$MODULE" |
    awk '$1 ~ /^[0-9]+:$/ && $5 != "LOCAL" && $7 != "UND" { sub(/@.*/, "", $8); print $8 }' | sort
}

listed() { sed -n 's/^SIGNET_\([A-Z]*_\)\?FUNCTION([0-9]*, \([A-Za-z]*\),.*/C_\2/p' "$FUNCTIONS" | sort; }

check_exports() {
  diff --label listed --label exported <(listed) <(exported) || fail "the exports are not those of the list"
  [[ $(listed | wc -l) == 104 ]] || fail "PKCS#11 3.2 has 104 functions, the list has $(listed | wc -l)"
}

check_libraries() {
  local needed
  for needed in $(dynamic NEEDED); do
    [[ " ${ALLOWED_LIBRARIES//$'\n'/ } " == *" $needed "* ]] || fail "the module needs $needed"
  done
}

check_hardening() {
  local segments
  segments=$(readelf --program-headers --wide "$MODULE")
  grep -q GNU_RELRO <<<"$segments" || fail "no RELRO"
  grep -qE 'GNU_STACK .* RW +0x' <<<"$segments" || fail "the stack is executable, or it is not said that it is not"
  ! grep -qE '^ *LOAD .* RWE ' <<<"$segments" || fail "a segment is both writable and executable"
  dynamic FLAGS | grep -q BIND_NOW || fail "symbols are bound late"
  [[ -z $(dynamic TEXTREL)$(dynamic RPATH)$(dynamic RUNPATH) ]] || fail "it has TEXTREL, RPATH or RUNPATH"
  ! dynamic FLAGS | grep -q TEXTREL || fail "it has text relocations"
}

check_exports
check_libraries
check_hardening
say "$(exported | wc -l) functions; needs $(dynamic NEEDED | paste -sd ' ')"
