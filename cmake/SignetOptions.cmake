# Language level, warnings, sanitizers and hardening for every target of the project.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)

# Line numbers for stack traces; full debug information would double the building time.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")

set(SIGNET_SANITIZE "" CACHE STRING "Value for -fsanitize=, or empty")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Another clone in another folder, another build folder, and one in another language find the same entries.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
                                  CCACHE_NOHASHDIR=true
                                  CCACHE_SLOPPINESS=locale ${CCACHE_PROGRAM})
endif()

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # What a mutex guards (common/mutex.h), and the order in which mutexes are taken.
  add_compile_options(-Wthread-safety -Wthread-safety-beta)
endif()

# Paths in debug information and __FILE__ are relative: the build can be repeated elsewhere.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

if(SIGNET_SANITIZE)
  # Not optimised either, for the same reason.
  set(CMAKE_CXX_FLAGS_DEBUG "-g1")
  add_compile_options(-fsanitize=${SIGNET_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SIGNET_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND SIGNET_SANITIZE MATCHES address)
    # Counts edges for the fuzz targets; other programs do not notice.
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()
else()
  # What each of these must leave in the installed files, packaging/hardening/check.sh says and looks at.
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  # _FORTIFY_SOURCE needs optimisation.
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    # Debian 12's start-up objects carry no mark for indirect branch tracking and shadow stacks, and the linker
    # would leave it out for their sake. Our code is compiled for both; what of theirs is reached indirectly is
    # replaced: _init and _fini do nothing here, and programs start at signet_entry (common/entry.cc).
    add_compile_options(-fcf-protection=full)
    add_link_options(-Wl,-z,ibt,-z,shstk -Wl,-init=signet_none -Wl,-fini=signet_none)
  elseif(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
    # Signed return addresses and landing places, where the processor has them.
    add_compile_options(-mbranch-protection=standard)
  endif()
endif()
