#!/usr/bin/env bash
# From where the JAR loads its native library, and that it does not load one that others can change, that is not what was packed, or
# that is of another version: library.sh PREFIX
set -euo pipefail

# shellcheck source=../sealing/lib.sh
source "$(dirname "$0")/../sealing/lib.sh"
PREFIX=$(realpath "${1:?name the folder with the installed library}")
# shellcheck source=lib.sh
source "$(dirname "$0")/lib.sh"
cd "$WORK"
build_java
unset LD_LIBRARY_PATH

# loads JAR [OPTIONS...]: the version.
loads() {
  local jar=$1
  shift
  timeout 60 java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "$@" -cp "$jar:$WORK/classes" Version
}

# is_refused WORDS JAR [OPTIONS...]
is_refused() {
  local words=$1
  shift
  ! loads "$@" >told 2>&1 || fail "it is loaded: $*"
  grep -qF -- "$words" told || fail "no \"$words\" in $(<told)"
}

# changed PATTERN: a copy of the JAR, changed.jar, where one file has another byte in the middle.
changed() {
  rm -rf unpacked changed.jar
  mkdir unpacked
  (cd unpacked && jar --extract --file "$JAR")
  local file
  file=$(find unpacked -path "$1")
  change_byte "$file" $(($(stat -c %s "$file") / 2))
  jar --create --file changed.jar -C unpacked .
}

version=$(pkg-config --modversion signet-seal)
mkdir temporary
[[ $(LD_LIBRARY_PATH=$LIBRARIES loads "$JAR" "-Djava.library.path=$LIBRARIES/jni") == "$version" ]] || fail "not from the system"
[[ $(loads "$JAR" -Dsignet.seal.native=jar -Djava.io.tmpdir="$WORK/temporary") == "$version" ]] || fail "not from the JAR"
[[ $(loads "$JAR" -Djava.library.path=/nowhere -Djava.io.tmpdir="$WORK/temporary") == "$version" ]] || fail "not from the JAR by itself"
[[ -z $(ls temporary) ]] || fail "copies stay behind: $(ls temporary)"
is_refused "is in no folder of java.library.path" "$JAR" -Dsignet.seal.native=system -Djava.library.path=/nowhere

mkdir open
cp "$LIBRARIES/jni/libsignet-seal-jni.so" open/
chmod 775 open
is_refused "can be changed by other users" "$JAR" "-Djava.library.path=$WORK/open"
chmod 755 open
chmod 666 open/libsignet-seal-jni.so
is_refused "can be changed by other users" "$JAR" "-Dsignet.seal.native=$WORK/open/libsignet-seal-jni.so"
chmod 644 open/libsignet-seal-jni.so
[[ $(LD_LIBRARY_PATH=$LIBRARIES loads "$JAR" "-Dsignet.seal.native=$WORK/open/libsignet-seal-jni.so") == "$version" ]] || fail "not by its name"

for file in libsignet-seal.so.1 libsignet-seal-jni.so; do
  changed "*/native/*/$file"
  is_refused "$file is not the file that was packed" changed.jar -Dsignet.seal.native=jar
done

# The classes of a version whose functions are others.
rm -rf unpacked changed.jar
mkdir unpacked
(cd unpacked && jar --extract --file "$JAR")
interface=$(grep -aoE '[0-9a-f]{16}' unpacked/signet/seal/Native.class | head -n 1)
sed -i "s/$interface/0123456789abcdef/" unpacked/signet/seal/Native.class
jar --create --file changed.jar -C unpacked .
is_refused "are of different versions" changed.jar -Dsignet.seal.native=jar
say "loaded from the system, from the JAR and by its name; six others are refused"
