#!/usr/bin/env bash
# The six pages that most readers come for, each followed word for word by somebody who has nothing: an empty folder,
# an environment with what start.md exports and no more, start.md first (for pkcs11-tool up to its keys), then the page.
#
# Environment: SIGNET_TEST_PREFIX, the installed tree.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

WORK=$(mktemp -d)
# What the start page leaves running: a page may set a trap of its own in the place of that page's.
PIDS=$WORK/pids

stop_trial() {
  [[ ! -s $PIDS ]] || xargs kill <"$PIDS" 2>/dev/null || true
  rm -f "$PIDS"
}
trap 'stop_trial; rm -rf "$WORK"' EXIT

blocks() { awk '/^```sh$/ { shown = 1; next } /^```$/ { shown = 0 } shown'; }

# commands PAGE: what a reader of start.md and of the page types.
commands() {
  if [[ $1 == pkcs11-tool ]]; then
    sed '/^## Keys$/,$d' "$ROOT/docs/clients/start.md" | blocks
  else
    blocks <"$ROOT/docs/clients/start.md"
  fi
  # shellcheck disable=SC2016  # for the reader's shell
  printf 'echo "$emulator ${authority:-}" >%q\n' "$PIDS"
  blocks <"$ROOT/docs/clients/$1.md"
}

follow() {
  local page=$1 status=0
  shift
  mkdir "$WORK/$page"
  commands "$page" >"$WORK/commands.sh"
  local path=$ROOT/scripts:$ROOT/tools/testca:$ROOT/conformance/clients/tools
  (
    cd "$WORK/$page"
    env -i HOME="$HOME" XDG_CACHE_HOME="$WORK/$page/cache" PREFIX="${SIGNET_TEST_PREFIX:?}" SOURCE="$ROOT" \
      PATH="$path:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" "$@" bash -euxo pipefail "$WORK/commands.sh"
  ) >"$WORK/$page.log" 2>&1 || status=$?
  stop_trial
  ((status == 0)) || { tail -n 40 "$WORK/$page.log" && fail "$page.md cannot be followed"; }
  say "$page.md: followed from an empty folder"
}

follow pkcs11-tool
follow openssl
follow java
follow pdfsig
follow pyhanko CLIENT="$("$ROOT/conformance/clients/install.sh" --folder pyhanko)"
follow nginx
