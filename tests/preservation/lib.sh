# shellcheck shell=bash
# For the tests that end or starve `signet preserve` and `signet extend`: registered documents, and whether register and files
# agree. Source it after `set -euo pipefail`; the folder is $WORK of tests/sealing/lib.sh.

# shellcheck source=../sealing/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../sealing/lib.sh"

SHORT_PID=

end_preservation_test() {
  [[ -z $SHORT_PID ]] || { kill -TERM "$SHORT_PID" && wait "$SHORT_PID"; } 2>/dev/null || true
  end_sealing_test
}
trap end_preservation_test EXIT

# serve_short_authority: one whose time-stamps end in 60 days, so that what they keep is due, at $SHORT_TSA.
serve_short_authority() {
  quietly "$WORK/short.log" "$TESTCA" init "$WORK/short" --service-days 60
  (cd "$WORK" && exec "$TESTCA" serve short --ready-file "$WORK/served-short") </dev/null >"$WORK/short-authority.log" 2>&1 &
  SHORT_PID=$!
  wait_for_file "$WORK/served-short" 60 "$SHORT_PID" || fail "the authority did not start: $(<"$WORK/short-authority.log")"
  SHORT_TSA=$(<"$WORK/served-short")/tsa
}

# use_authorities: $WORK is the current folder, with a sealing key. Sets TRUST and STAMPS, the options of the commands.
use_authorities() {
  local url
  use_token softhsm
  serve_authority
  serve_short_authority
  cd "$WORK" || exit
  with_certificate ec:P-256 P-256
  TRUST=(--trust ca/root.pem --trust short/root.pem --online)
  for url in "$TSA" "$SHORT_TSA"; do
    url=${url#http://}
    TRUST+=(--online-host "${url%%:*}")
  done
  # shellcheck disable=SC2034  # for the scripts that source this file
  STAMPS=(--tsa "$TSA" --tsa-ca ca/ca.pem)
}

# sealed NAME: a document of that name in the folder "archive", of level B-T, that is due.
sealed() {
  local stamps=(--tsa "$SHORT_TSA" --tsa-ca short/ca.pem)
  case $1 in
    *.p7m)
      echo "document $1" >"${1%.p7m}"
      signet seal "${1%.p7m}" --internal --out "archive/$1" --key P-256 --chain ca/ca.pem "${stamps[@]}" >/dev/null
      ;;
    *)
      "$ROOT/scripts/make-pdf.py" "$1" "document $1"
      signet seal "$1" --out "archive/$1" --key P-256 --chain ca/ca.pem "${stamps[@]}" >/dev/null
      ;;
  esac
}

# prepare_documents NAME...: such documents, copies of them in the folder "fresh", and the register "fresh.db" that has them.
prepare_documents() {
  local name
  use_authorities
  mkdir archive
  for name in "$@"; do sealed "$name"; done
  signet preserve add archive --register register.db "${TRUST[@]}" >added || fail "$(<added)"
  cp -rp archive fresh
  cp register.db fresh.db
}

# begin_again: documents and register as they were at first.
begin_again() {
  rm -rf archive register.db*
  cp -rp fresh archive
  cp fresh.db register.db
}

# level_of FILE: of a document that is valid.
level_of() {
  signet verify "$1" "${TRUST[@]}" --json >verified 2>&1 || fail "$1 is not valid: $(<verified)"
  value verified '["signatures"][0]["level"]'
}

# whole_documents WHEN: each is the old one, or one that begins with the old one, is valid, and has the level B-LTA.
whole_documents() {
  local file
  for file in fresh/*; do
    file=${file#fresh/}
    ! cmp --silent "fresh/$file" "archive/$file" || continue
    [[ $file != *.pdf ]] || cmp -n "$(stat -c %s "fresh/$file")" "fresh/$file" "archive/$file" ||
      fail "$1: $file is neither the old one nor longer"
    [[ $(level_of "archive/$file") == B-LTA ]] || fail "$1: $file is not at level B-LTA"
  done
}

# agrees WHEN REGISTER: the rows are those of the files.
agrees() {
  signet preserve list --register "$2" --json >rows
  python3 - "$1" rows fresh <<'PY' || fail "$1: register and files do not agree"
import hashlib, json, os, pathlib, sys
when, rows, fresh = sys.argv[1:]
documents = json.load(open(rows))["documents"]
old = {path.name: path.read_bytes() for path in pathlib.Path(fresh).iterdir()}
if sorted(os.path.basename(row["path"]) for row in documents) != sorted(old):
    sys.exit(f"{when}: other documents are registered: {documents}")
for row in documents:
    content = pathlib.Path(row["path"]).read_bytes()
    is_new = content != old[os.path.basename(row["path"])]
    found = row["sha256"], row["size"], row["level"], row["extensions"], row["verdict"]
    wanted = (hashlib.sha256(content).hexdigest(), len(content), "B-LTA" if is_new else "B-T", int(is_new), "TOTAL-PASSED")
    if found != wanted:
        sys.exit(f"{when}: {row['path']}: {found} instead of {wanted}")
PY
}

# only_documents WHEN: nothing else is in their folder, hidden or not.
only_documents() {
  diff <(ls -A fresh) <(ls -A archive) || fail "$1: there are other files than the documents"
}

# all_extended WHEN: after a run that was not disturbed.
all_extended() {
  whole_documents "$1"
  only_documents "$1"
  agrees "$1" register.db
  [[ $(grep -o '"level": "B-LTA"' rows | wc -l) == "$(find fresh -type f | wc -l)" ]] || fail "$1: some are not extended: $(<rows)"
}
