#!/usr/bin/env bash
# Style checks over the files that git knows: check.sh format|shell|locks|tidy
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

readonly NOT_PRODUCT=(':!:*_test.cc' ':!:*/testing/*' ':!:tests/' ':!:conformance/' ':!:bench/')

check_format() {
  git ls-files -z '*.h' '*.cc' '*.c' | xargs -0 --no-run-if-empty clang-format-16 --dry-run --Werror
}

shell_scripts() {
  git ls-files -z ':!:*.md' | xargs -0 grep -lE --max-count=1 '^#!.*\b(ba)?sh$|^# shellcheck shell=' --
}

check_shell() {
  local script
  while read -r script; do
    bash -n "$script"
    shellcheck --external-sources --source-path=SCRIPTDIR "$script"
  done < <(shell_scripts)
}

# clang's thread safety analysis refuses the mistake and says why.
refused() {
  local mistake=$1 reason=$2 said
  if said=$("${compile[@]}" -D"$mistake" 2>&1); then fail "$mistake was compiled"; fi
  grep -F "$reason" <<<"$said"
}

check_locks() {
  local compile=(clang++-16 -std=c++20 -I. -Wthread-safety -Wthread-safety-beta -Werror -fsyntax-only
    tests/style/locks.cc)
  "${compile[@]}"
  refused WITHOUT_LOCK "reading variable 'value_' requires holding mutex 'mutex_'"
  refused WRONG_ORDER "mutex 'first_' must be acquired before 'mutex_'"
  local bare='std::(mutex|(shared|recursive|timed)_mutex|(lock_guard|(unique|shared|scoped)_lock)\b|condition_variable)'
  if git grep -nE "$bare" -- '*.h' '*.cc' ':!:common/mutex.h' "${NOT_PRODUCT[@]}"; then
    fail 'product code takes its locks from common/mutex.h'
  fi
}

# Product sources only: GoogleTest's macros expand to code that the checks were not made for.
check_tidy() {
  git ls-files -z '*.cc' "${NOT_PRODUCT[@]}" |
    xargs -0 --no-run-if-empty --max-procs "$(nproc)" --max-args 4 clang-tidy-16 -p build/debug --quiet
}

case "${1:-}" in
  format) check_format ;;
  shell) check_shell ;;
  locks) check_locks ;;
  tidy) check_tidy ;;
  *) fail "there is no check '${1:-}'" ;;
esac
