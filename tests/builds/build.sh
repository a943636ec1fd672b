#!/usr/bin/env bash
# Configures and builds one of the other builds: build.sh asan|tsan
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

preset=${1:?name a build}
cmake --preset "$preset"
# tsan runs the tests that use threads (run-tests.sh) and needs no other program.
declare -A targets=([asan]=all [tsan]=thread_tests)
cmake --build --preset "$preset" --parallel "$(build_jobs)" --target "${targets[$preset]}"

# clang looked at the locks of every file, and its warnings are errors.
if [[ $preset == asan ]]; then
  commands=$(grep '"command"' build/asan/compile_commands.json)
  if grep -v -- '-Werror .*-Wthread-safety ' <<<"$commands"; then fail 'these were compiled without -Wthread-safety'; fi
fi
