# shellcheck shell=bash
# To be sourced: configurations of the trial token "seal" in each dialect, for the emulated pair in $WORK/appliance.

fail() {
  echo "$*" >&2
  exit 1
}

# write_dialect_config DIALECT: the configuration that init wrote, as one of that dialect. The password object of CSC and
# the password of SAPIWS are the account's, so that the PIN stays the same.
write_dialect_config() {
  local native=$WORK/appliance/client.toml
  case $1 in
    native) cat "$native" ;;
    csc-v1 | csc-v2)
      sed -e "s#/dsa/v1\"#/csc/${1#csc-}\"#" -e '/^label *=/a dialect = "csc"' "$native" |
        awk -v secret="file:$WORK/appliance/seal.client-secret" '
          /^ *\[\[token.member\]\]/ && !done { print "[token.csc]\nsecret = \"" secret "\"\n"; done = 1 } { print }'
      ;;
    sapiws) sed -e 's#/dsa/v1"#/SAPIWS"#' -e '/^label *=/a dialect = "sapiws"' "$native" ;;
    *) fail "no dialect $1" ;;
  esac
}
