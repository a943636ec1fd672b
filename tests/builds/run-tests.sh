#!/usr/bin/env bash
# Runs the tests that belong in a sanitizer build: run-tests.sh asan|tsan [ARG…]; the arguments are ctest's.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

suppressions=$ROOT/tests/builds
export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
export LSAN_OPTIONS=suppressions=$suppressions/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=suppressions=$suppressions/tsan.supp:second_deadlock_stack=1
# It must have this very name.
export ASAN_SYMBOLIZER_PATH=/usr/lib/llvm-16/bin/llvm-symbolizer

preset=${1:?name a build}
shift
# AddressSanitizer looks at everything that parses, ThreadSanitizer at what uses threads.
declare -A labels=([asan]='^(unit|parses)$' [tsan]='^threads$')
run=(ctest --preset "$preset" --parallel "$(nproc)" --label-regex "${labels[$preset]}" --label-exclude '^(slow|long)$' "$@")
# ThreadSanitizer of g++ 12 cannot place its shadow memory where kernels randomise addresses widely; without
# randomisation it can.
if setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
  run=(setarch "$(uname -m)" --addr-no-randomize "${run[@]}")
fi
"${run[@]}"
