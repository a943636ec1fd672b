#!/usr/bin/env bash
# Whether check.sh notices what it is there to notice: a program that has everything passes, and with any one thing
# left out it is refused, by name.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
CHECK=$(dirname "$0")/check.sh

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
mkdir "$WORK/bin" "$WORK/build"

cat >"$WORK/program.cc" <<'CC'
#include <cstring>
#ifdef WRITABLE_CODE
asm(".section .both, \"awx\", @progbits\n nop\n .text");
#endif
int main(int count, char** words) {
  char room[16];
#ifdef ADDRESS_IN_CODE
  asm volatile("movabs $main, %%rax" ::: "rax");
#endif
  std::memcpy(room, words[0], static_cast<unsigned>(count));
  return room[0];
}
CC
# Everything; each case below adds the change at the end.
compile=(-O2 -g1 -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -D_FORTIFY_SOURCE=3)
# shellcheck disable=SC2054  # the commas are the linker's
link=(-pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,-z,ibt,-z,shstk
  -Wl,-init=signet_none -Wl,-fini=signet_none -Wl,-e,signet_entry)

build() { g++ "${compile[@]}" "$WORK/program.cc" "$ROOT/common/entry.cc" "${link[@]}" "$@" -o "$WORK/bin/program"; }

commands() { echo '"command": "g++ '"$*"' -c program.cc",' >"$WORK/build/compile_commands.json"; }

seen=0

# refuses MESSAGE [ARGUMENT of check.sh]: what was built lacks it.
refuses() {
  local message=$1 said
  shift
  ! said=$("$CHECK" "$WORK/bin" "$@" 2>&1) || fail "passed, though it should be refused: $message"
  [[ $said == *"$message"* ]] || fail "should have been refused with \"$message\", not with: $said"
  seen=$((seen + 1))
}

# without MESSAGE OPTION...: built with these at the end.
without() {
  local message=$1
  shift
  build "$@"
  refuses "$message" "$WORK/build"
}

build
commands "${compile[@]}"
"$CHECK" "$WORK/bin" "$WORK/build"

without "is not position independent" -no-pie -fno-pie
without "becomes read-only after relocation" -Wl,-z,norelro
without "looked up, and writable, while it runs" -Wl,-z,lazy
without "a stack that can be executed" -Wl,-z,execstack
without "writable and executable" -DWRITABLE_CODE -Wl,--no-warn-rwx-segments
without "code that is changed while it is loaded" -DADDRESS_IN_CODE -Wl,-z,notext
without "a folder of its own" -Wl,-rpath,/opt/lib
without "does not check its stack" -fno-stack-protector
without "checks the size of its buffer" -U_FORTIFY_SOURCE
without "is no landing place" -Wl,-e,_start
without "a DT_INIT function" -Wl,-init=_init
without "a DT_FINI function" -Wl,-fini=_fini

for option in -fstack-clash-protection -fstack-protector-strong -fcf-protection=full -O2; do
  everything=("${compile[@]}")
  compile=("${compile[@]/#"$option"*/-g1}")
  without "compiled without $option"
  compile=("${everything[@]}")
done

for mark in ibt shstk; do
  everything=("${link[@]}")
  link=("${link[@]//-Wl,-z,ibt,-z,shstk/-Wl,-z,$mark}")
  if [[ $mark == ibt ]]; then
    without "is not marked for shadow stacks"
  else
    without "is not marked for indirect branch tracking"
  fi
  link=("${everything[@]}")
done

build -Wl,--strip-all
refuses "no debug information" "$WORK/build"
build
commands -O2 -D_FORTIFY_SOURCE=2
refuses "1 units without _FORTIFY_SOURCE=3" "$WORK/build"
rm "$WORK/bin/program"
refuses "no program and no library"
say "check.sh notices $seen faults"
