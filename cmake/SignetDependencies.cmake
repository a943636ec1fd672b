# Everything the product needs comes from Debian 12 packages; scripts/install-dependencies.sh names them.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(CURL 7.88 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(spdlog REQUIRED)
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

# The PKCS#11 headers: OASIS's three files where given, else the same set from Debian's libnss3-dev
# (used at compile time only; nothing of NSS is linked).
set(PKCS11_INCLUDE_DIR "" CACHE PATH
    "Folder with OASIS's pkcs11.h, pkcs11t.h and pkcs11f.h, 3.0 or later; empty: Debian's libnss3-dev")
add_library(signet_cryptoki INTERFACE)
if(PKCS11_INCLUDE_DIR)
  if(NOT EXISTS ${PKCS11_INCLUDE_DIR}/pkcs11f.h)
    message(FATAL_ERROR "PKCS11_INCLUDE_DIR=${PKCS11_INCLUDE_DIR} has no pkcs11f.h; "
                        "name the folder with OASIS's pkcs11.h, pkcs11t.h and pkcs11f.h.")
  endif()
  target_include_directories(signet_cryptoki SYSTEM INTERFACE ${PKCS11_INCLUDE_DIR})
else()
  pkg_check_modules(NSS REQUIRED nss)
  target_include_directories(signet_cryptoki SYSTEM INTERFACE ${NSS_INCLUDE_DIRS})
endif()
