# signet_library(NAME SOURCES... [LINK targets...]): one room as a static library. Code includes by
# room and file: #include "common/bytes.h".
function(signet_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# signet_program(NAME SOURCES... [LINK targets...]): a program that is installed.
function(signet_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
  if(NOT SIGNET_SANITIZE AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    target_link_libraries(${name} PRIVATE signet_entry)
    target_link_options(${name} PRIVATE -Wl,-e,signet_entry)
  endif()
endfunction()

# All unit tests, and all tests that use threads, for builds that run nothing else.
add_custom_target(unit_tests)
add_custom_target(thread_tests)

# signet_test(NAME SOURCES... [LINK targets...] [LABELS ...] [TIMEOUT seconds]): one GoogleTest program,
# registered with ctest as one test. Labels: unit (default), integration, client, slow.
function(signet_test name)
  if(NOT BUILD_TESTING)
    return()
  endif()
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  if(NOT ARG_LABELS)
    set(ARG_LABELS unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  if("unit" IN_LIST ARG_LABELS)
    add_dependencies(unit_tests ${name})
  endif()
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(thread_tests ${name})
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()
