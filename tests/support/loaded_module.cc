#include "tests/support/loaded_module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "common/bytes.h"

namespace signet::tests {

std::string module_file() {
  const char* chosen = std::getenv("SIGNET_MODULE");
  return chosen == nullptr ? SIGNET_TEST_MODULE : chosen;
}

CryptokiError::CryptokiError(const std::string& function, CK_RV code)
    : std::runtime_error(fmt::format("{} answered 0x{:08x}", function, code)), code_(code) {}

void expect_ok(CK_RV rv, const char* function) {
  if (rv != CKR_OK) throw CryptokiError(function, rv);
}

LoadedModule::LoadedModule(const std::string& file) {
  library_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library_ == nullptr) throw std::runtime_error(dlerror());
  const auto get_functions = symbol<CK_C_GetFunctionList>("C_GetFunctionList");
  if (get_functions == nullptr) throw std::runtime_error(file + " is no PKCS#11 module");
  expect_ok(get_functions(&functions_), "C_GetFunctionList");
}

LoadedModule::~LoadedModule() {
  dlclose(library_);
}

void* LoadedModule::address_of(const char* name) const {
  return dlsym(library_, name);
}

CK_RV LoadedModule::initialize() const {
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  return functions_->C_Initialize(&arguments);
}

CK_SLOT_ID LoadedModule::slot_of(std::string_view token_label) const {
  CK_ULONG count = 0;
  expect_ok(functions_->C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList");
  std::vector<CK_SLOT_ID> slots(count);
  expect_ok(functions_->C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  slots.resize(count);
  std::string padded(token_label);
  padded.resize(sizeof CK_TOKEN_INFO::label, ' ');
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    expect_ok(functions_->C_GetTokenInfo(slot, &info), "C_GetTokenInfo");
    if (text_of(info.label) == padded) return slot;
  }
  throw std::runtime_error("no token is labelled " + std::string(token_label));
}

}  // namespace signet::tests
