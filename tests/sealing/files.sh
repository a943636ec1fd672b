#!/usr/bin/env bash
# Files and folders that fail under `signet seal`: full disks, folders that cannot be written, documents that vanish or change.
# Nothing is lost, nothing half is left, and the sentence says what is wrong.
set -euo pipefail

# shellcheck source=../../scripts/lib.sh
source "$(dirname "$0")/../../scripts/lib.sh"
if [[ ${1:-} != inside-namespace ]]; then
  unshare --mount true 2>/dev/null || skip "no mount namespace can be made here"
  exec unshare --mount --propagation private "$0" inside-namespace
fi
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
trap 'umount "$WORK/disk" "$WORK/out/.signet-seal" 2>/dev/null || true; end_sealing_test' EXIT

use_token emulator
serve_authority
cd "$WORK"
export XDG_STATE_HOME=$WORK/state STATE_DIRECTORY=$WORK/state
mkdir state
with_certificate ec:P-256 seal
head -c 2000000 /dev/urandom >document
mkdir disk
mount -t tmpfs -o size=1m seal-test disk

say "a full disk"
signed=$(signatures_made)
refuses 1 "No space left on device" signet seal document --internal --out disk/document.p7m --key seal
head -c 2000000 /dev/zero >disk/full 2>/dev/null || true
refuses 1 "No space left on device" signet seal document --out disk/document.p7s --key seal
rm disk/full
[[ $(signatures_made) == "$signed" ]] || fail "a full disk cost $(($(signatures_made) - signed)) signatures"
[[ -z $(ls -A disk) ]] || fail "something is left on the full disk: $(ls -A disk)"
signet seal document --out disk/document.p7s --key seal >/dev/null
openssl_verifies disk/document.p7s document
rm disk/*

say "a full disk while standard input is kept"
TMPDIR=$WORK/disk refuses 1 "TMPDIR names another folder" signet seal - --out piped.p7s --key seal <document
[[ ! -e piped.p7s && -z $(ls -A disk) ]]

say "a full standard output"
signet seal - --internal --key seal <document >/dev/full 2>full.err && fail "/dev/full took a seal"
grep -q "No space left on device" full.err

say "a full disk, and PDF documents"
"$ROOT/tests/sealing/make-large-pdf.py" document.pdf table --bytes 900000
cp --sparse=never document.pdf disk
refuses 1 "No space left on device" signet seal document.pdf --out disk/other.pdf --key seal
refuses 1 "No space left on device" signet seal disk/document.pdf --out disk/document.pdf --force --key seal
[[ $(ls -A disk) == document.pdf ]] || fail "something is left on the full disk: $(ls -A disk)"
cmp document.pdf disk/document.pdf
rm disk/*
"$ROOT/tests/sealing/make-large-pdf.py" larger.pdf stream --bytes 2000000
TMPDIR=$WORK/disk refuses 1 "TMPDIR names another folder" signet seal - --out piped.pdf --key seal <larger.pdf
[[ ! -e piped.pdf && -z $(ls -A disk) ]]
signet seal - --key seal <document.pdf >/dev/full 2>full.err && fail "/dev/full took a sealed PDF document"
grep -q "No space left on device" full.err
mkdir disk/in disk/done disk/failed disk/out
cp --sparse=never document.pdf disk/in/document.pdf
touch -d "1 hour ago" disk/in/document.pdf
status=0
signet seal --watch disk/in --once --out-dir disk/out --done-dir disk/done --failed-dir disk/failed --key seal \
  >watched 2>watched.err || status=$?
[[ $status == 1 && $(find disk -name "*.pdf") == disk/in/document.pdf ]] || fail "status $status: $(find disk): $(<watched.err)"
cmp document.pdf disk/in/document.pdf
mount -o remount,size=4m disk
signet seal --watch disk/in --once --out-dir disk/out --done-dir disk/done --failed-dir disk/failed --key seal >watched
pdf_is_sealed disk/out/document.pdf 1 disk/done/document.pdf
rm -r disk/*
mount -o remount,size=1m disk

say "folders that cannot be written"
mount -o remount,ro disk
refuses 1 "Read-only file system" signet seal document --out disk/document.p7s --key seal
mount -o remount,rw disk
refuses 1 "No such file" signet seal document --out gone/document.p7s --key seal

say "inputs that are none"
mkfifo pipe
refuses 1 "is not a regular file" signet seal pipe --key seal
refuses 1 "is not a regular file" signet seal disk --key seal
refuses 1 "is not a regular file" signet seal /dev/zero --out zero.p7s --key seal
refuses 1 "No such file" signet seal nothing --key seal
: >empty
signet seal empty --key seal >/dev/null
openssl_verifies empty.p7s empty
signet seal empty --internal --key seal >/dev/null
signet verify empty.p7m --trust ca/ca.pem --without-revocation --extract nothing-in-it >/dev/null
[[ -e nothing-in-it && ! -s nothing-in-it ]]
ln -s document link
signet seal link --key seal >/dev/null
openssl_verifies link.p7s document

say "a document that changes while it is read"
# Written to until the seal is done, so that one of its two readings sees another content.
truncate -s 400M growing
(for ((n = 0; n < 2000; n++)); do
  printf '%s' "$n" | dd of=growing bs=1 seek=$((n % 1000)) conv=notrunc status=none
  sleep 0.005
done) &
writer=$!
refuses 1 "changed while it was read" signet seal growing --internal --key seal
kill "$writer" 2>/dev/null || true
wait "$writer" 2>/dev/null || true
[[ ! -e growing.p7m ]] || fail "a changed document was sealed"
rm growing

"$ROOT/tests/sealing/make-large-pdf.py" growing.pdf table --bytes 400000000
(for ((n = 0; n < 2000; n++)); do
  printf '%s' "$n" | dd of=growing.pdf bs=1 seek=$((200000000 + n % 1000)) conv=notrunc status=none
  sleep 0.005
done) &
writer=$!
refuses 1 "changed while it was read" signet seal growing.pdf --key seal
kill "$writer" 2>/dev/null || true
wait "$writer" 2>/dev/null || true
[[ ! -e growing.sealed.pdf ]] || fail "a changed PDF document was sealed"
rm growing.pdf

say "a watched folder: each kind of failure in its place"
mkdir disk/in disk/done disk/failed out
watch() {
  signet seal --watch disk/in --once --out-dir out --done-dir disk/done --failed-dir disk/failed --key seal "$@"
}
for name in good taken; do
  echo "$name" >disk/in/$name
  touch -d "1 hour ago" disk/in/$name
done
echo other >out/taken.p7s
status=0
watch >watched 2>watched.err || status=$?
[[ $status == 5 && -e disk/done/good && -e disk/failed/taken && -e disk/failed/taken.reason.txt ]] ||
  fail "status $status: $(find disk out) $(<watched.err)"
grep -q "is there already" disk/failed/taken.reason.txt
openssl_verifies out/good.p7s disk/done/good
[[ $(<out/taken.p7s) == other ]]
# The same name once more: neither document takes the other's place.
echo "good, another one" >disk/in/good
touch -d "1 hour ago" disk/in/good
mv out/good.p7s first.p7s
watch >/dev/null
[[ $(<disk/done/good) == good && $(<disk/done/good.2) == "good, another one" ]]
openssl_verifies out/good.p7s disk/done/good.2
# What passes again stays where it is.
echo later >disk/in/later
touch -d "1 hour ago" disk/in/later
watch --tsa "$TSA/500" >/dev/null 2>&1 && fail "sealed without a time-stamp"
[[ -e disk/in/later && ! -e out/later.p7s ]]
# Another document would fail likewise: it is not tried.
cp --preserve=timestamps disk/in/later disk/in/later2
watch --tsa http://127.0.0.1:1/none --jobs 1 >watched 2>watched.err && fail "sealed without a time-stamp"
[[ $(grep -c "disk/in/later" watched.err) == 1 && -e disk/in/later2 ]] || fail "$(<watched.err)"
rm disk/in/later2
watch --tsa "$TSA" >/dev/null
openssl_verifies out/later.p7s disk/done/later

say "a watched folder: names"
long=$(printf 'n%.0s' {1..253})
cut=${long:0:244}
signed=$(signatures_made)
for name in "$long" $'two\nlines' $'latin-\xe9'; do
  echo "a document" >"disk/in/$name"
  touch -d "1 hour ago" "disk/in/$name"
done
status=0
watch >watched 2>watched.err || status=$?
[[ $status == 1 && -e disk/failed/$long ]] || fail "status $status: $(find disk): $(<watched.err)"
grep -q "name is too long" "disk/failed/$cut.reason.txt"
for name in $'two\nlines' $'latin-\xe9'; do
  openssl_verifies "out/$name.p7s" "disk/done/$name"
done
[[ $(signatures_made) == $((signed + 2)) ]] || fail "$(($(signatures_made) - signed)) signatures for two seals"
refuses 1 "File name too long" signet seal "disk/failed/$long" --out-dir out --key seal
[[ $(signatures_made) == $((signed + 2)) ]] || fail "a name that is too long cost a signature"

say "a watched folder: options that do not fit one document"
scripts=$ROOT/scripts
"$scripts/make-pdf.py" disk/in/other.pdf text
cp document.pdf disk/in/first.pdf
for name in other plain $'latin1-\xe9'; do
  echo "a document" >"disk/in/$name"
done
touch -d "1 hour ago" disk/in/*
status=0
watch --file-name >watched 2>watched.err || status=$?
[[ $status == 1 || $status == 32 ]] || fail "status $status: $(<watched.err)"
[[ -z $(find disk/in -type f) ]] || fail "left over: $(find disk/in): $(<watched.err)"
grep -q -- "--file-name" disk/failed/first.pdf.reason.txt disk/failed/other.pdf.reason.txt
grep -q "not UTF-8" disk/failed/latin1-*.reason.txt
openssl_verifies out/plain.p7s disk/done/plain

say "a watched folder: what concerns every document is tried with one"
cp document.pdf disk/in/a.pdf
cp document.pdf disk/in/b.pdf
touch -d "1 hour ago" disk/in/*
watch --jobs 1 --visible page=1,x=50,y=50,width=200,height=50 --text $'\U10FFFD' >watched 2>watched.err && fail "it did not stop: $(<watched)"
[[ $(grep -c "disk/in/" watched.err) == 1 && -e disk/in/a.pdf && -e disk/in/b.pdf ]] || fail "$(find disk): $(<watched.err)"
rm disk/in/*

say "a watched folder: the name of a seal that waits is taken"
mount --bind disk/done disk/done
echo "a document" >disk/in/waits
touch -d "1 hour ago" disk/in/waits
watch >watched 2>&1 && fail "moved: $(<watched)"
[[ -e disk/in/waits ]] || fail "$(find disk out): $(<watched)"
umount disk/done
echo other >out/waits.p7s
signed=$(signatures_made)
watch >watched 2>&1 || fail "$(<watched)"
[[ $(<out/waits.p7s) == other && $(signatures_made) == "$signed" ]]
openssl_verifies out/waits.p7s.2 disk/done/waits

say "seals without a time-stamp whose names are not UTF-8"
for name in $'name-\xe9' $'name\nof two'; do
  echo "a document" >"$name"
  status=0
  signet seal "$name" --key seal --tsa http://127.0.0.1:1/none --on-tsa-failure degrade >degraded.out 2>&1 || status=$?
  [[ $status == 30 ]] || fail "status $status: $(<degraded.out)"
  signet seal --resume --tsa "$TSA" >raised 2>&1 || fail "$(<raised)"
  grep -q ": raised" raised || fail "$(<raised)"
  openssl_verifies "$name.p7s" "$name"
  [[ -z $(find state -name "*.json") ]] || fail "a record was left: $(find state -name "*.json" -exec cat {} +)"
done

# As after a kill between the two moves: nothing can be moved out of a mount of its own.
say "a watched folder: a degraded seal that was not delivered is delivered as one"
mount --bind out/.signet-seal out/.signet-seal
echo kept >disk/in/kept
touch -d "1 hour ago" disk/in/kept
watch --tsa http://127.0.0.1:1/none --on-tsa-failure degrade >watched 2>&1 && fail "delivered: $(<watched)"
[[ -e disk/done/kept && ! -e out/kept.p7s ]] || fail "$(find disk out): $(<watched)"
umount out/.signet-seal
status=0
watch >watched 2>watched.err || status=$?
[[ $status == 30 && -e out/kept.p7s ]] || fail "status $status: $(find disk out): $(<watched) $(<watched.err)"
signet seal --resume --tsa "$TSA" | grep "kept.p7s: raised"
openssl_verifies out/kept.p7s disk/done/kept
[[ -z $(find state -name "*.json") ]] || fail "a record was left: $(find state -name "*.json" -exec cat {} +)"

say "a watched folder: a delivery that fails is tried again, and then there is nothing to do"
mount --bind out/.signet-seal out/.signet-seal
"$SIGNET_TEST_COMMAND" seal --watch disk/in --out-dir out --done-dir disk/done --failed-dir disk/failed --key seal >lines 2>&1 &
watcher=$!
echo again >disk/again.tmp
mv disk/again.tmp disk/in/again
for ((n = 0; n < 100; n++)); do
  ! grep -q "cannot move" lines || break
  sleep 0.1
done
[[ -e disk/done/again && ! -e out/again.p7s ]] || fail "$(find disk out): $(<lines)"
umount --lazy out/.signet-seal
for ((n = 0; n < 100; n++)); do
  [[ ! -e out/again.p7s ]] || break
  sleep 0.1
done
[[ -e out/again.p7s ]] || fail "it was not delivered: $(<lines)"
openssl_verifies out/again.p7s disk/done/again
ticks() { cut -d ' ' -f 14,15 "/proc/$watcher/stat" | tr ' ' +; }
spent=$(($(ticks)))
sleep 2
spent=$(($(ticks) - spent))
((spent < 50)) || fail "the watcher spins: $spent ticks in 2 s"
kill -TERM "$watcher"
wait "$watcher" || true

say "a watched folder: folders that are gone for a while"
"$SIGNET_TEST_COMMAND" seal --watch disk/in --out-dir out --done-dir disk/done --failed-dir disk/failed --key seal >lines 2>&1 &
watcher=$!
for ((n = 0; n < 100; n++)); do
  flock --nonblock out/.signet-seal/lock true || break
  sleep 0.1
done
# there FILE: within a while.
there() {
  for ((n = 0; n < 200; n++)); do
    [[ ! -e $1 ]] || return 0
    sleep 0.1
  done
  fail "no $1: $(find disk out): $(<lines)"
}
# It is written in two steps: sealed once, when nobody has written to it for a while.
echo first >disk/in/grows
sleep 1
echo second >>disk/in/grows
there out/grows.p7s
[[ $(<disk/done/grows) == $'first\nsecond' && ! -e disk/in/grows ]] || fail "$(find disk): $(<lines)"
mv out out.gone
mkdir out
echo "a document" >disk/gone-out.tmp
mv disk/gone-out.tmp disk/in/gone-out
there out/gone-out.p7s
refuses 2 "another signet seal --watch" signet seal --watch disk/in --out-dir out --done-dir disk/done \
  --failed-dir disk/failed --key seal
mv disk/in disk/in.gone
for ((n = 0; n < 100; n++)); do
  ! grep -q 'cannot read "disk/in"' lines || break
  sleep 0.1
done
grep -q 'cannot read "disk/in"' lines || fail "not told: $(<lines)"
mkdir disk/in
echo "a document" >disk/gone-in.tmp
mv disk/gone-in.tmp disk/in/gone-in
touch -d "1 hour ago" disk/in/gone-in
there out/gone-in.p7s
kill -TERM "$watcher"
wait "$watcher" || true
rm -r out.gone disk/in.gone

say "watched folders that do not fit"
refuses 2 "--failed-dir as well" signet seal --watch disk/in --out-dir out --done-dir disk/done --key seal
refuses 2 "must be on the file system of" signet seal --watch disk/in --out-dir out --done-dir . --failed-dir disk/failed --key seal
refuses 2 "is one of the other folders" signet seal --watch disk/in --out-dir out --done-dir disk/in --failed-dir disk/failed \
  --key seal
refuses 2 "name no document" signet seal document --watch disk/in --out-dir out --done-dir disk/done --failed-dir disk/failed \
  --key seal

say "two that watch, and one that is told to stop"
"$SIGNET_TEST_COMMAND" seal --watch disk/in --out-dir out --done-dir disk/done --failed-dir disk/failed --key seal --json >lines &
watcher=$!
for ((n = 0; n < 100; n++)); do
  [[ ! -e out/.signet-seal/lock ]] || flock --nonblock out/.signet-seal/lock true || break
  sleep 0.1
done
refuses 2 "another signet seal --watch" signet seal --watch disk/in --out-dir out --done-dir disk/done \
  --failed-dir disk/failed --key seal
echo moved >moved.tmp
cp moved.tmp disk/moved.tmp
mv disk/moved.tmp disk/in/moved
for ((n = 0; n < 100; n++)); do
  [[ ! -e out/moved.p7s ]] || break
  sleep 0.1
done
kill -TERM "$watcher"
status=0
wait "$watcher" || status=$?
[[ $status == 0 ]] || fail "the watcher ended with status $status"
openssl_verifies out/moved.p7s disk/done/moved
[[ $(python3 -c 'import json; print(json.loads(open("lines").readline())["status"])') == sealed ]]

say "interrupted in the middle of a document"
truncate -s 3G large
"$SIGNET_TEST_COMMAND" seal large --key seal 2>interrupted.err &
sealer=$!
sleep 0.7
kill -INT "$sealer" 2>/dev/null || true
status=0
wait "$sealer" || status=$?
# Background processes of a script ignore SIGINT; SIGTERM does the same.
if [[ $status == 0 ]]; then
  rm -f large.p7s
  "$SIGNET_TEST_COMMAND" seal large --key seal 2>interrupted.err &
  sealer=$!
  sleep 0.7
  kill -TERM "$sealer"
  status=0
  wait "$sealer" || status=$?
fi
[[ $status == 1 && ! -e large.p7s ]] || fail "status $status: $(<interrupted.err)"
grep -q interrupted interrupted.err
say "nothing was lost"
