#!/usr/bin/env bash
# Runs a test with a PostgreSQL of its own, in a folder of its own, which listens on a socket there and on no port.
#
#   with-postgresql.sh PROGRAM [ARGUMENT...]
#
# PROGRAM finds its address in SIGNET_TEST_POSTGRESQL, and in SIGNET_TEST_POSTGRESQL_CONTROL a program that stops and
# starts it ("stop", "start").
set -euo pipefail

binaries=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
[[ -n $binaries ]] || {
  echo "PostgreSQL is missing: scripts/install-dependencies.sh checks" >&2
  exit 1
}

# Short: a socket's path has at most 107 bytes.
folder=$(mktemp -d /tmp/signet-pg.XXXXXX)
# It refuses to run as root.
as_server=()
if [[ $(id -u) -eq 0 ]]; then
  as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres: "$folder"
fi

cat >"$folder/control" <<CONTROL
#!/usr/bin/env bash
set -euo pipefail
cd "$folder"
exec ${as_server[*]} "$binaries/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --wait --mode=immediate \
  --options="-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off" "\$1" >/dev/null
CONTROL
chmod 755 "$folder" "$folder/control"

finish() {
  "$folder/control" stop || true
  rm -rf "$folder"
}
trap finish EXIT

(cd "$folder" && "${as_server[@]}" "$binaries/initdb" --pgdata="$folder/data" --username=signet --auth=trust \
  --encoding=UTF8 --no-sync >"$folder/initdb.log" 2>&1) || {
  cat "$folder/initdb.log" >&2
  exit 1
}
"$folder/control" start || {
  cat "$folder/log" >&2
  exit 1
}
export SIGNET_TEST_POSTGRESQL="postgresql://signet@/postgres?host=$folder"
export SIGNET_TEST_POSTGRESQL_CONTROL="$folder/control"
"$@"
