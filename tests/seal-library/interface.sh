#!/usr/bin/env bash
# What libsignet-seal shows to programs and to the loader: interface.sh PREFIX
#
# The functions of its headers, each under the symbol version that bindings/c/exports.map gives it, and nothing else; its soname; the libraries that it needs; the
# same numbers as bindings/c/libsignet-seal.numbers; and, by abidiff, the same interface as bindings/c/libsignet-seal.abi. What
# is added is written there with
#
#   SIGNET_WRITE_ABI=1 tests/seal-library/interface.sh PREFIX
#
# A change of what is there already is a new soname.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
ABI=$ROOT/bindings/c/libsignet-seal.abi
NUMBERS=$ROOT/bindings/c/libsignet-seal.numbers
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
LIBRARY=$(find "$PREFIX" -name 'libsignet-seal.so.1')
ALLOWED_LIBRARIES='libcurl.so.4 libp11-kit.so.0 libssl.so.3 libcrypto.so.3 libstdc++.so.6 libm.so.6 libgcc_s.so.1 libc.so.6
  libqpdf.so.29 libz.so.1 libharfbuzz.so.0 libharfbuzz-subset.so.0 libfreetype.so.6 libfribidi.so.0 libunibreak.so.1 libpng16.so.16 libjpeg.so.62 libxml2.so.2
  ld-linux-x86-64.so.2 ld-linux-aarch64.so.1'

dynamic() { readelf --dynamic --wide "$LIBRARY" | awk -v tag="($1)" '$2 == tag { sub(/.*\) +/, ""); gsub(/^.*\[|\]$/, ""); print }'; }

exported() {
  readelf --dyn-syms --wide "$LIBRARY" |
    awk '$1 ~ /^[0-9]+:$/ && $5 != "LOCAL" && $7 != "UND" && $4 != "OBJECT" { print $8 }' | sort
}

# The headers' functions, with the versions of the map.
declared() {
  printf '#include <signet-seal.h>\n#include <signet-seal-pdf.h>\n#include <signet-seal-verify.h>\n#include <signet-seal-extend.h>\n' | gcc -E -P -I"$PREFIX/include" - | tr '\n' ' ' |
    grep -oE '\bsignet_seal_[a-z0-9_]+ *\(' | tr -d '( ' | sort -u >"$WORK/names"
  awk 'FNR == NR { if (/^SIGNET_SEAL_.*{/) node = $1; else if (/^    signet_seal_/) version[substr($1, 1, length($1) - 1)] = node; next }
       { print $1 "@@" version[$1] }' "$ROOT/bindings/c/exports.map" "$WORK/names"
}

check_symbols() {
  diff --label header --label exported <(declared) <(exported) || fail "the exports are not the header's functions"
  [[ $(dynamic SONAME) == libsignet-seal.so.1 ]] || fail "the soname is $(dynamic SONAME)"
  dynamic FLAGS_1 | grep -q NODELETE || fail "it could be unloaded"
  [[ -z $(dynamic TEXTREL)$(dynamic RPATH)$(dynamic RUNPATH) ]] || fail "it has TEXTREL, RPATH or RUNPATH"
  local needed
  for needed in $(dynamic NEEDED); do
    [[ " ${ALLOWED_LIBRARIES//$'\n'/ } " == *" $needed "* ]] || fail "it needs $needed"
  done
}

# Each version has its line in the package's symbols, by which other packages say what they need of it.
check_versions() {
  diff --label exports.map --label symbols <(sed -n 's/^\(SIGNET_SEAL_[0-9.]*\) {$/\1/p' "$ROOT/bindings/c/exports.map") \
    <(sed -n 's/^ (symver)\(SIGNET_SEAL_[0-9.]*\) .*/\1/p' "$ROOT/debian/libsignet-seal1.symbols") ||
    fail "debian/libsignet-seal1.symbols has other versions"
}

# Headers that are read by C, by C++, and twice.
check_header() {
  local header
  for header in signet-seal signet-seal-pdf signet-seal-verify signet-seal-extend; do
    printf '#include <%s.h>\n#include <%s.h>\nint main(void) { return signet_seal_version() == 0; }\n' "$header" "$header" >"$WORK/use.c"
    cp "$WORK/use.c" "$WORK/use.cc"
    gcc -std=c11 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -fsyntax-only -I"$PREFIX/include" "$WORK/use.c"
    g++ -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$PREFIX/include" "$WORK/use.cc"
  done
}

# Types as the public header shows them; what is behind the handles is nobody's business.
write_abi() {
  abidw --exported-interfaces-only --headers-dir "$PREFIX/include" --drop-private-types --drop-undefined-syms \
    --no-show-locs --no-corpus-path --no-comp-dir-path --no-elf-needed --type-id-style hash "$LIBRARY"
}

# What calls give and take as int, which abidiff does not see. A number is never given another meaning.
check_numbers() {
  grep -ohE '\bSIGNET_SEAL_[A-Z0-9_]+ = [0-9]+' "$PREFIX"/include/signet-seal{,-pdf,-verify,-extend}.h | sort >"$WORK/numbers"
  [[ -z ${SIGNET_WRITE_ABI:-} ]] || cp "$WORK/numbers" "$NUMBERS"
  diff "$NUMBERS" "$WORK/numbers" || fail "the numbers are not those in bindings/c/libsignet-seal.numbers"
}

# The file names x86-64; the same interface is compiled everywhere.
check_abi() {
  [[ $(uname -m) == x86_64 ]] || return 0
  command -v abidiff >/dev/null || skip "abidiff is lacking (Debian package abigail-tools)"
  write_abi >"$WORK/now.abi"
  [[ -z ${SIGNET_WRITE_ABI:-} ]] || cp "$WORK/now.abi" "$ABI"
  abidiff --no-show-locs "$ABI" "$WORK/now.abi" || fail "the interface is not the one in bindings/c/libsignet-seal.abi"
  # Another name and another size: each must be noticed.
  local change
  for change in s/signet_seal_finish/signet_seal_finis2/g s/signet_seal_visible_set_page/signet_seal_visible_set_pag2/g s/signet_seal_verify_options_set_time/signet_seal_verify_options_set_tim2/g s/signet_seal_extend_file/signet_seal_extend_fil2/g "s/name='unsigned long int' size-in-bits='64'/name='unsigned long int' size-in-bits='32'/"; do
    sed "$change" "$WORK/now.abi" >"$WORK/changed.abi"
    ! cmp --silent "$WORK/now.abi" "$WORK/changed.abi" || fail "$change changes nothing"
    ! abidiff --no-show-locs "$ABI" "$WORK/changed.abi" >/dev/null || fail "abidiff does not notice $change"
  done
}

check_symbols
check_versions
check_header
check_numbers
check_abi
say "$(exported | wc -l) functions; needs $(dynamic NEEDED | paste -sd ' ')"
