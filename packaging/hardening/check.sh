#!/usr/bin/env bash
# Whether every program and library below a folder has what the build asks of compiler and linker, read from the files
# themselves with readelf and objdump:
#
#   check.sh FOLDER            what the linked files show, stripped or not
#   check.sh FOLDER BUILD      also what the debug information and BUILD/compile_commands.json tell of each unit
#
# A line names each file and each property that it lacks; the exit status is 0 only if there is none.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

FOLDER=${1:?name the folder}
BUILD=${2:-}
FILE=
faults=0

lacks() {
  say "${FILE#"$FOLDER"/}: $*"
  faults=$((faults + 1))
}

# Each question is about the text in one of these: what readelf says of FILE.
read_file() {
  header=$(readelf --file-header --wide "$FILE")
  segments=$(readelf --program-headers --wide "$FILE")
  dynamic=$(readelf --dynamic --wide "$FILE")
  notes=$(readelf --notes --wide "$FILE")
  symbols=$(readelf --dyn-syms --wide "$FILE")
}

# The address behind a tag of the dynamic section, or nothing.
address_of() { sed -n "s/.*($1) *\(0x[0-9a-f]*\)$/\1/p" <<<"$dynamic"; }

lands() {
  local address=$1
  objdump --disassemble --no-show-raw-insn --start-address="$address" --stop-address="$((address + 4))" "$FILE" |
    grep -qw endbr64
}

check_layout() {
  grep -q 'Type: *DYN' <<<"$header" || lacks "is not position independent (-fPIE -pie)"
  grep -q 'GNU_RELRO' <<<"$segments" || lacks "has no part that becomes read-only after relocation (-z relro)"
  grep -qE '\((FLAGS|FLAGS_1|BIND_NOW)\).*\b(BIND_NOW|NOW)\b' <<<"$dynamic" ||
    lacks "leaves addresses to be looked up, and writable, while it runs (-z now)"
  grep -qE 'GNU_STACK .* RW +0x' <<<"$segments" || lacks "has a stack that can be executed (-z noexecstack)"
  ! grep -qE 'LOAD .* RWE +0x' <<<"$segments" || lacks "has memory that is writable and executable"
  ! grep -qE '\(TEXTREL\)' <<<"$dynamic" || lacks "has code that is changed while it is loaded (text relocations)"
  ! grep -qE '\((RPATH|RUNPATH)\)' <<<"$dynamic" || lacks "looks for libraries in a folder of its own (RPATH, RUNPATH)"
}

check_calls() {
  grep -q '__stack_chk_fail' <<<"$symbols" || lacks "does not check its stack (-fstack-protector-strong)"
  grep -E '__[a-z_]+_chk\b' <<<"$symbols" | grep -qv '__stack_chk' ||
    lacks "calls no function that checks the size of its buffer (_FORTIFY_SOURCE)"
}

# Where the loader jumps to from outside must be a landing place, or the note would promise too much.
check_control_flow() {
  grep -q 'Machine:.*X86-64' <<<"$header" || return 0
  [[ $header == *X86-64* ]] || return 0
  grep -q 'x86 feature:.*IBT' <<<"$notes" || lacks "is not marked for indirect branch tracking (-z ibt)"
  grep -q 'x86 feature:.*SHSTK' <<<"$notes" || lacks "is not marked for shadow stacks (-z shstk)"
  local entry tag address
  entry=$(sed -n 's/.*Entry point address: *//p' <<<"$header")
  ((entry == 0)) || lands "$entry" || lacks "starts at an instruction that is no landing place (-e signet_entry)"
  for tag in INIT FINI; do
    address=$(address_of "$tag")
    [[ -z $address ]] || lands "$address" || lacks "has a DT_$tag function that does not begin with a landing place"
  done
}

# The options each unit was compiled with are in the debug information of g++. The C library's start-up code, in
# assembler, is not ours.
check_units() {
  local units option
  units=$(readelf --debug-dump=info --dwarf-depth=1 "$FILE" 2>/dev/null | grep -E 'DW_AT_producer.*: GNU C' || true)
  [[ -n $units ]] || {
    lacks "has no debug information of g++ that says how it was compiled"
    return
  }
  for option in -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -O2; do
    ! grep -qv -e "$option" <<<"$units" ||
      lacks "has $(grep -cv -e "$option" <<<"$units") of $(wc -l <<<"$units") units compiled without $option"
  done
}

mapfile -t files < <(find "$FOLDER" -type f -exec sh -c 'for f; do
  [ "$(head -c 4 "$f" | tail -c 3)" != ELF ] || echo "$f"; done' sh {} + | sort)
((${#files[@]} > 0)) || fail "no program and no library is below $FOLDER"
for FILE in "${files[@]}"; do
  read_file
  check_layout
  check_calls
  check_control_flow
  [[ -z $BUILD ]] || check_units
done

# The level is in no file that is linked.
if [[ -n $BUILD ]]; then
  FILE=$BUILD/compile_commands.json
  weak=$(grep '"command":' "$FILE" | grep -cv -e '-D_FORTIFY_SOURCE=3') || true
  ((weak == 0)) || lacks "has $weak units without _FORTIFY_SOURCE=3"
fi

((faults == 0)) || fail "$faults faults in ${#files[@]} files"
say "hardened: ${#files[@]} files: ${files[*]##*/}"
