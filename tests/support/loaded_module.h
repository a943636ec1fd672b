// A PKCS#11 module as any program meets it: loaded from its file. Whatever loads a module in the tests, the benchmarks and
// the profile cases does it with this; module.h has sessions on top. Two that must stay apart: pkcs11-module/edge/testing
// and the fuzz targets on it call our functions without a file, over an appliance in memory; pkcs11-client/testing has a
// SoftHSM token for the client that the product itself uses.
#ifndef SIGNET_TESTS_SUPPORT_LOADED_MODULE_H_
#define SIGNET_TESTS_SUPPORT_LOADED_MODULE_H_

#include <stdexcept>
#include <string>
#include <string_view>

#include "cryptoki/cryptoki.h"

namespace signet::tests {

// A PKCS#11 function answered something else than CKR_OK.
class CryptokiError : public std::runtime_error {
 public:
  CryptokiError(const std::string& function, CK_RV code);
  CK_RV code() const { return code_; }

 private:
  CK_RV code_;
};

// Throws CryptokiError for anything but CKR_OK.
void expect_ok(CK_RV rv, const char* function);

// Where the module is: $SIGNET_MODULE, or the file of this build.
std::string module_file();

// The module's file, loaded: dlopen to dlclose.
class LoadedModule {
 public:
  explicit LoadedModule(const std::string& file = module_file());
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;
  ~LoadedModule();

  CK_FUNCTION_LIST* operator->() const { return functions_; }

  // Of the file's exports; nullptr where it has none of this name.
  template <typename Function>
  Function symbol(const char* name) const {
    return reinterpret_cast<Function>(address_of(name));
  }

  // C_Initialize with OS locking.
  CK_RV initialize() const;

  // The slot of the token with this label; throws std::runtime_error where there is none.
  CK_SLOT_ID slot_of(std::string_view token_label) const;

 private:
  void* address_of(const char* name) const;

  void* library_ = nullptr;
  CK_FUNCTION_LIST* functions_ = nullptr;
};

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_LOADED_MODULE_H_
