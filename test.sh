#!/usr/bin/env bash
# Builds Signet and runs its tests; ends in ctest's summary.
#
#   ./test.sh                 unit tests, integration tests, real clients, style: 15 minutes at most on 2 cores
#   ./test.sh --all           also the sanitizers, kill tests, API fuzzing, samples of the long runs: 60 minutes at most
#   ./test.sh --long [LABEL…] the rest: whole sets, long fuzzing, clang-tidy. All of it takes hours; with labels only the
#                             tests that carry one of them: tests/README.md lists them
#   ./test.sh [--all] -- ARG… hands the arguments to ctest, for example: ./test.sh -- -R journal
#   ./test.sh --help
#
# The exit status is 0 only if every test passed. A test that cannot run is listed as skipped, with the reason,
# before the summary; with CI=true in the environment a skipped test is a failure. tests/README.md says more.
set -euo pipefail

# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/scripts/lib.sh"
cd "$ROOT"

usage() { sed -n '2,13s/^# \{0,1\}//p' test.sh; }

selection=(--label-exclude '^(slow|long)$')
while [[ $# -gt 0 ]]; do
  case $1 in
    --all) selection=(--label-exclude '^long$') ;;
    --long)
      selection=(--label-regex '^long$')
      labels=()
      while [[ $# -gt 1 && $2 != -* ]]; do
        labels+=("$2")
        shift
      done
      # ctest wants a test to match every --label-regex.
      [[ ${#labels[@]} -eq 0 ]] || selection+=(--label-regex "^($(IFS='|' && echo "${labels[*]}"))\$")
      ;;
    --help | -h) usage && exit 0 ;;
    --) shift && break ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

TREE=build/release
export SIGNET_SKIP_LOG=$ROOT/$TREE/skipped.txt

configure() { quietly "$TREE/configure.log" cmake --preset release -DSIGNET_BINDINGS=ON; }

build() { cmake --build --preset release --parallel "$(build_jobs)"; }

# A GoogleTest program that skips a case still succeeds, so its output is searched.
skipped_tests() {
  cat "$SIGNET_SKIP_LOG"
  sed -n 's/^\[  SKIPPED \] \(.*[^)]\)$/  \1: skipped by its program/p' "$TREE/Testing/Temporary/LastTest.log" |
    sort -u
}

# longest_tests COUNT: seconds and name of each, from ctest's log.
longest_tests() {
  awk '/^[0-9]+\/[0-9]+ Testing: / { name = $3 } /^Test time = / { printf "%8.1f s  %s\n", $4, name }' \
    "$TREE/Testing/Temporary/LastTest.log" | sort -rn | head -n "$1" || true
}

# Line by line, as the tests end; ctest's summary goes to the file.
hold_summary() {
  local summary=$1 line held=
  while IFS= read -r line; do
    [[ ! $line =~ ^[0-9]+%\ tests\ passed ]] || held=yes
    if [[ -n $held ]]; then echo "$line" >>"$summary"; else echo "$line"; fi
  done
}

# Holds ctest's summary back until the skipped tests are known, so that it ends the output.
run_ctest() {
  local summary=$TREE/summary.txt status=0
  ctest --preset release --parallel "$(nproc)" "${selection[@]}" "$@" | hold_summary "$summary" || status=$?
  if [[ -n $(skipped_tests) ]]; then
    say "Skipped:"
    skipped_tests
    if [[ ${CI:-} == true ]]; then
      say "CI=true: a skipped test is a failure."
      status=1
    fi
  fi
  say "== Tests: done in $((SECONDS - TESTS_STARTED)) s; the longest:"
  longest_tests 12
  say "Everything took $((SECONDS / 60)) min $((SECONDS % 60)) s."
  cat "$summary"
  return "$status"
}

trap report_failed_stage EXIT
stage "Packages" scripts/install-dependencies.sh
stage "Configure" configure
stage "Build" build
say "== Tests"
TESTS_STARTED=$SECONDS
: >"$SIGNET_SKIP_LOG"
rm -f "$TREE/summary.txt"
run_ctest "$@"
