#!/usr/bin/env bash
# What lib.sh promises about stages: the first command that fails ends the script, also in the middle of a function
# that runs `quietly`, and what it said is shown.
set -euo pipefail

# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

# script COMMANDS: runs them as a script of this repository; what it said is in SAID, its exit status in ENDED.
script() {
  ENDED=0
  SAID=$(bash -c "set -euo pipefail; source '$ROOT/scripts/lib.sh'; trap report_failed_stage EXIT; $1" 2>&1) || ENDED=$?
}

three_steps='steps() { echo first; false; echo third; }'

script "$three_steps; stage Steps quietly $WORK/log steps; echo beyond"
[[ $ENDED -eq 1 ]] || fail "a stage with a failing command in its middle ended with $ENDED"
[[ $SAID == *"Steps: FAILED"* && $SAID == *first* ]] || fail "it does not say what failed: $SAID"
[[ $SAID != *third* && $SAID != *beyond* ]] || fail "it went on after the failing command: $SAID"

script "$three_steps; stage Steps steps; echo beyond"
[[ $ENDED -eq 1 && $SAID != *third* && $SAID != *beyond* ]] || fail "a stage that is not quiet went on: $SAID"

script "quietly $WORK/log bash -c 'echo reason; exit 3'; echo beyond"
[[ $ENDED -eq 3 && $SAID == *"failed (status 3)"*reason* && $SAID != *beyond* ]] || fail "not 3 but $ENDED: $SAID"

script "stage Good quietly $WORK/new/log echo fine; echo beyond"
[[ $ENDED -eq 0 && $SAID == *beyond* && $SAID != *fine* ]] || fail "a good stage ended with $ENDED: $SAID"
[[ $(<"$WORK/new/log") == fine ]] || fail "the log has not what the command said"
say "stages end as they should"
