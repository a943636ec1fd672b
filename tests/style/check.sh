#!/usr/bin/env bash
# Style checks over the files that git knows: check.sh format|shell|tidy BUILD_FOLDER
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
cd "$ROOT"

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

# Product sources only: GoogleTest's macros expand to code that the checks were not made for.
check_tidy() {
  git ls-files -z '*.cc' ':!:*_test.cc' ':!:tests/' ':!:conformance/' ':!:bench/' |
    xargs -0 --no-run-if-empty --max-procs "$(nproc)" --max-args 4 clang-tidy-16 -p "$1" --quiet
}

case "${1:-}" in
  format) check_format ;;
  shell) check_shell ;;
  tidy) check_tidy "${2:?name the build folder}" ;;
  *) fail "there is no check '${1:-}'" ;;
esac
