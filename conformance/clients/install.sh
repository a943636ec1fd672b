#!/usr/bin/env bash
# Installs what a client needs and Debian does not have, in its pinned version, outside the source tree.
#
#   install.sh NAME             runs conformance/clients/NAME/install; quick when all of it is there
#   install.sh --folder NAME    prints where that is installed to
#
# SIGNET_CLIENTS_CACHE chooses the folder of all clients; else it is signet-clients in the user's cache folder.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"

folder() { echo "${SIGNET_CLIENTS_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/signet-clients}/$(basename "$1" .sh)"; }

if [[ ${1:-} == --folder ]]; then
  folder "${2:?name a client}"
  exit
fi

NAME=${1:?name a client}
CLIENT=$(folder "$NAME")
export CLIENT
mkdir -p "$CLIENT"
# Two runs at once: the second waits and finds it done.
exec 9>"$CLIENT.lock"
flock 9
cd "$ROOT/conformance/clients/$NAME"
./install || fail "$NAME cannot be installed here"
