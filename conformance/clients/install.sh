#!/usr/bin/env bash
# Installs a program that Debian does not have, in the version that was tried, for its page of the documentation.
#
#   install.sh NAME             installs it, quickly when it is there already, and prints its folder
#   install.sh --folder NAME    only prints the folder
#
# SIGNET_CLIENTS_CACHE is the folder of all of them; by default signet-clients in the user's cache folder.
set -euo pipefail

HERE=$(dirname "$(realpath "$0")")

fail() {
  echo "install.sh: $*" >&2
  exit 1
}

[[ ${1:-} != --folder ]] || { only_folder=yes && shift; }
NAME=${1:?name a client}
CLIENT=${SIGNET_CLIENTS_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/signet-clients}/$NAME
if [[ -z ${only_folder:-} ]]; then
  [[ -x $HERE/$NAME/install ]] || fail "there is nothing to install for $NAME"
  export CLIENT
  mkdir -p "$CLIENT"
  # Of two runs at once the second waits and finds it done.
  exec 9>"$CLIENT.lock"
  flock 9
  (cd "$HERE/$NAME" && ./install >&2) || fail "$NAME cannot be installed here"
fi
echo "$CLIENT"
