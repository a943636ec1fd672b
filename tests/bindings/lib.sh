# shellcheck shell=bash
# For the tests of the JAR and the .NET assembly: the installed ones at $PREFIX, and programs of both languages. Source it after
# tests/sealing/lib.sh.

HERE=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
PKG_CONFIG_PATH=$(dirname "$(find "$PREFIX" -name signet-seal.pc)"):$PREFIX/share/pkgconfig
export PKG_CONFIG_PATH
LIBRARIES=$(pkg-config --variable=libdir signet-seal)
JAR=$PREFIX/share/java/signet-seal.jar
# Java's better compiler pays for itself in minutes only, and these programs run for seconds.
JAVA_OPTIONS=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xcheck:jni)
export LC_ALL=C.UTF-8

# The programs see nothing but the installation.
build_java() {
  mkdir -p "$WORK/classes"
  javac --release 11 -encoding UTF-8 -Xlint:all -Werror -cp "$JAR" -d "$WORK/classes" "$HERE"/java/*.java
}

# build_dotnet PROGRAM...
build_dotnet() {
  local program flags sources
  read -ra flags <<<"$(pkg-config --libs signet-seal-cli)"
  mkdir -p "$WORK/cli"
  for program in "$@"; do
    sources=("$HERE/dotnet/$program.cs" "$HERE/dotnet/Common.cs")
    [[ ! $program =~ ^(Behaviour|Calls)$ ]] || sources+=("$HERE/dotnet/Checks.cs")
    mcs -nologo -warn:4 -warnaserror "${flags[@]}" "-out:$WORK/cli/$program.exe" "${sources[@]}"
  done
}

# build_c PROGRAM...: those of tests/seal-library
build_c() {
  local program flags
  read -ra flags <<<"$(pkg-config --cflags --libs signet-seal)"
  mkdir -p "$WORK/bin"
  for program in "$@"; do
    gcc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -pthread "$HERE/../seal-library/${program,,}.c" \
      -o "$WORK/bin/$program" "${flags[@]}"
  done
}

# command_of LANGUAGE PROGRAM: sets COMMAND.
command_of() {
  case $1 in
    c) COMMAND=("$WORK/bin/$2") ;;
    java) COMMAND=(java "${JAVA_OPTIONS[@]}" "-Djava.library.path=$LIBRARIES/jni" -cp "$JAR:$WORK/classes" "$2") ;;
    dotnet) COMMAND=(env "MONO_PATH=$(dirname "$(pkg-config --variable=assembly signet-seal-cli)")" mono "$WORK/cli/$2.exe") ;;
    *) fail "there is no language $1" ;;
  esac
}

# run_in LANGUAGE PROGRAM WORDS...: $SECONDS_AT_MOST (120)
run_in() {
  command_of "$1" "$2"
  shift 2
  LD_LIBRARY_PATH=$LIBRARIES timeout "${SECONDS_AT_MOST:-120}" "${COMMAND[@]}" "$@"
}

# exec_in LANGUAGE PROGRAM WORDS...: in place of this shell.
exec_in() {
  command_of "$1" "$2"
  shift 2
  LD_LIBRARY_PATH=$LIBRARIES exec "${COMMAND[@]}" "$@"
}
