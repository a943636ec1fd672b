#include "pkcs11-client/token_module.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace signet::pkcs11 {

namespace {

// Where the file that holds this address was loaded.
const void* image_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) == 0 ? nullptr : info.dli_fbase;
}

bool is_this_module(const void* address) {
  static constexpr char kHere = 0;
  return image_of(address) == image_of(&kHere);
}

}  // namespace

Result<CK_FUNCTION_LIST*, std::string> load_token_module(const std::string& path) {
  // Its symbols are nobody else's business, and ours are not its.
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return fmt::format("{} cannot be loaded: {}", path, dlerror());
  void* const symbol = dlsym(library, "C_GetFunctionList");
  if (symbol == nullptr) return fmt::format("{} is no PKCS#11 module", path);
  if (is_this_module(symbol)) {
    return fmt::format("{} is this very module, whose keys need the connection first", path);
  }
  CK_FUNCTION_LIST* functions = nullptr;
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(symbol);
  if (get(&functions) != CKR_OK || functions == nullptr) {
    return fmt::format("{} gives no list of functions", path);
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV rv = functions->C_Initialize(&arguments);
  if (rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED) return functions;
  return fmt::format("{} cannot be initialised: 0x{:X}", path, rv);
}

}  // namespace signet::pkcs11
