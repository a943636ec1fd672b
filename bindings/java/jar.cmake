# Compiles the classes and packs them, with the native libraries, into JAR; and the Javadoc into JAVADOC. The same input gives the same
# bytes: BIN, SOURCES, GENERATED, WORK, JAR, JAVADOC, STRIP, PROCESSOR, LIBRARIES (with "|" between them).
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env --unset=JAVA_TOOL_OPTIONS ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(date 1980-01-01T00:00:02Z)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP date UTC)
endif()

# pack(FILE FOLDER OPTIONS...): everything in the folder, in the order of the names.
function(pack file folder)
  file(GLOB_RECURSE entries RELATIVE ${folder} ${folder}/*)
  list(SORT entries)
  set(words)
  foreach(entry IN LISTS entries)
    string(APPEND words "-C \"${folder}\" \"${entry}\"\n")
  endforeach()
  file(WRITE ${WORK}/entries "${words}")
  file(REMOVE ${file})
  run(${BIN}/jar --create --file ${file} --date=${date} ${ARGN} @${WORK}/entries)
endfunction()

file(GLOB sources ${SOURCES}/signet/seal/*.java ${GENERATED}/signet/seal/*.java)
file(REMOVE_RECURSE ${WORK}/classes ${WORK}/javadoc)
run(${BIN}/javac --release 11 -encoding UTF-8 -g -Xlint:all -Xdoclint:all/protected -Werror -d ${WORK}/classes ${sources})

set(architecture ${PROCESSOR})
if(PROCESSOR STREQUAL "x86_64")
  set(architecture amd64)
endif()
set(natives ${WORK}/classes/signet/seal/native/linux-${architecture})
file(MAKE_DIRECTORY ${natives})
set(sums)
string(REPLACE "|" ";" libraries "${LIBRARIES}")
foreach(library IN LISTS libraries)
  cmake_path(GET library FILENAME name)
  # By the name that the other one asks for.
  string(REGEX REPLACE "[.]so[.]([0-9]+)[.].*" ".so.\\1" name ${name})
  run(${STRIP} --strip-unneeded -o ${natives}/${name} ${library})
  file(SHA256 ${natives}/${name} sum)
  string(APPEND sums "${sum}  ${name}\n")
endforeach()
file(WRITE ${natives}/SHA256SUMS "${sums}")
pack(${JAR} ${WORK}/classes --manifest ${WORK}/manifest)

run(${BIN}/javadoc --release 11 -encoding UTF-8 -charset UTF-8 -quiet -notimestamp -nohelp -Xdoclint:all -Werror
    -windowtitle signet-seal -d ${WORK}/javadoc ${sources})
pack(${JAVADOC} ${WORK}/javadoc --no-manifest)

# The build folder has each library once.
file(REMOVE_RECURSE ${WORK}/classes ${WORK}/javadoc)
