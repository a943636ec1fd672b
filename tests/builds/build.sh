#!/usr/bin/env bash
# Configures and builds one of the other builds: build.sh asan|tsan|clang
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

configure() {
  case $1 in
    asan | tsan) cmake --preset "$1" ;;
    # -Wthread-safety and clang's other warnings are errors; the product must compile with both compilers.
    clang) cmake --preset debug -B build/clang -DCMAKE_CXX_COMPILER=clang++-16 -DCMAKE_C_COMPILER=clang-16 ;;
    *) fail "there is no build '$1'" ;;
  esac
}

configure "${1:?name a build}"
target=all
[[ $1 != asan ]] || target=unit_tests
cmake --build "build/$1" --parallel "$(build_jobs)" --target "$target"
