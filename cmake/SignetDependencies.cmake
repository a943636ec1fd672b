# Everything the product needs comes from Debian 12 packages; scripts/install-dependencies.sh names them.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(TOMLPLUSPLUS REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(P11KIT REQUIRED IMPORTED_TARGET p11-kit-1)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()

# Boost.JSON, compiled here: of Debian's two libraries the static one is not position-independent, and the shared one
# would be loaded into every program that loads the module.
add_library(signet_boost_json STATIC ${CMAKE_CURRENT_LIST_DIR}/boost_json.cc)
target_link_libraries(signet_boost_json PUBLIC Boost::boost)
