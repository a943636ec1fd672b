#include "pkcs11-client/module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "cryptoki/cryptoki.h"
#include "cryptoki/signet-pkcs11.h"

// p11-kit's header brings PKCS#11 2.40 types of its own, with the same layout. Its include guard keeps them out.
#ifndef PKCS11_H
#define PKCS11_H 1
#endif
#include <p11-kit/p11-kit.h>

namespace signet::pkcs11 {
namespace {

constexpr CK_ULONG kMostSlots = 4096;  // a token may say any number

template <std::size_t Size>
std::string trimmed(const CK_UTF8CHAR (&field)[Size]) {
  std::string result(reinterpret_cast<const char*>(field), Size);
  result.erase(result.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return result;
}

// PKCS#11 takes PINs through a pointer to non-const bytes, and does not change them.
CK_UTF8CHAR* pin_of(const Secret& pin) {
  return const_cast<CK_UTF8CHAR*>(pin.reveal().data());
}

std::string names_of(const std::vector<TokenInfo>& tokens) {
  std::string names;
  for (const TokenInfo& token : tokens)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", token.label);
  return names;
}

// Where the file that holds this address was loaded.
const void* image_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) == 0 ? nullptr : info.dli_fbase;
}

bool is_this_file(const void* address) {
  static constexpr char kHere = 0;
  return image_of(address) == image_of(&kHere);
}

// p11-kit hands on the functions of PKCS#11 alone; the others are asked of the file itself, which it has loaded.
const signet_vendor_functions* vendor_of(CK_FUNCTION_LIST* functions) {
  struct Free {
    void operator()(char* text) const { std::free(text); }
  };
  const std::unique_ptr<char, Free> file(p11_kit_module_get_filename(functions));
  if (!file) return nullptr;
  void* const loaded = dlopen(file.get(), RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
  if (loaded == nullptr) return nullptr;
  const auto ask = reinterpret_cast<decltype(&C_GetInterface)>(dlsym(loaded, "C_GetInterface"));
  CK_UTF8CHAR name[] = SIGNET_VENDOR_INTERFACE;
  CK_INTERFACE* found = nullptr;
  const auto gives = [&](CK_VERSION version) {
    return ask(name, &version, &found, 0) == CKR_OK && found != nullptr;
  };
  const bool there = ask != nullptr && (gives({1, 1}) || gives({1, 0}));
  dlclose(loaded);  // p11-kit's own hold on it stays
  return there ? static_cast<const signet_vendor_functions*>(found->pFunctionList) : nullptr;
}

std::string message() {
  const char* const text = p11_kit_message();
  return text == nullptr ? "?" : text;
}

}  // namespace

std::filesystem::path default_module() {
  if (const char* named = secure_getenv("SIGNET_MODULE"); named != nullptr && *named != '\0')
    return named;
  std::error_code unreadable;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", unreadable);
  const auto above = program.parent_path().parent_path();
  auto installed = above / "lib/pkcs11/signet-pkcs11.so";
  auto built = above / "signet-pkcs11.so";
  return std::filesystem::exists(built, unreadable) ? built : installed;
}

TokenResult<std::shared_ptr<Module>> Module::load(const std::filesystem::path& file,
                                                  Lifetime lifetime) {
  const auto path = file.empty() ? default_module() : file;
  const int layer = lifetime == Lifetime::process ? P11_KIT_MODULE_UNMANAGED : 0;
  CK_FUNCTION_LIST* functions = p11_kit_module_load(path.c_str(), P11_KIT_MODULE_CRITICAL | layer);
  if (functions == nullptr)
    return token_error(Reason::not_found, fmt::format("cannot load the PKCS#11 module {}: {}",
                                                      path.string(), message()));
  return initialized(functions, path.string(), lifetime);
}

TokenResult<std::shared_ptr<Module>> Module::load(const Uri& uri,
                                                  const std::filesystem::path& file) {
  if (!uri.module_path.empty()) return load(uri.module_path);
  if (uri.module_name.empty()) return load(file);
  CK_FUNCTION_LIST** all = p11_kit_modules_load(nullptr, 0);
  CK_FUNCTION_LIST* chosen =
      all == nullptr ? nullptr : p11_kit_module_for_name(all, uri.module_name.c_str());
  for (CK_FUNCTION_LIST** each = all; each != nullptr && *each != nullptr; ++each)
    if (*each != chosen) p11_kit_module_release(*each);
  std::free(all);
  if (chosen == nullptr)
    return token_error(Reason::not_found,
                       fmt::format("p11-kit knows no module named \"{}\"", uri.module_name));
  return initialized(chosen, uri.module_name, Lifetime::owner);
}

TokenResult<std::shared_ptr<Module>> Module::initialized(CK_FUNCTION_LIST* functions,
                                                         const std::string& name,
                                                         Lifetime lifetime) {
  if (lifetime == Lifetime::process &&
      is_this_file(reinterpret_cast<const void*>(functions->C_Initialize))) {
    p11_kit_module_release(functions);
    return token_error(Reason::not_supported,
                       fmt::format("{} is this very module, which cannot use itself", name));
  }
  CK_RV rv = CKR_OK;
  if (lifetime == Lifetime::owner) {
    rv = p11_kit_module_initialize(functions);
  } else {
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    rv = functions->C_Initialize(&arguments);
    if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED) rv = CKR_OK;
  }
  if (rv != CKR_OK) {
    p11_kit_module_release(functions);
    return token_error(rv, fmt::format("the PKCS#11 module {} does not start", name));
  }
  return std::shared_ptr<Module>(new Module(functions, lifetime));
}

Module::Module(CK_FUNCTION_LIST* functions, Lifetime lifetime)
    : functions_(functions), lifetime_(lifetime), vendor_(vendor_of(functions)) {}

Module::~Module() {
  if (lifetime_ == Lifetime::process) return;
  p11_kit_module_finalize(functions_);
  p11_kit_module_release(functions_);
}

TokenResult<std::vector<CK_SLOT_ID>> Module::slots() const {
  CK_ULONG count = 0;
  CK_RV rv = functions_->C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(std::min(count, kMostSlots));
  count = slots.size();
  if (rv == CKR_OK) rv = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (rv != CKR_OK) return token_error(rv, "the tokens cannot be listed");
  slots.resize(std::min(count, slots.size()));
  return slots;
}

TokenResult<std::vector<TokenInfo>> Module::tokens() const {
  BOOST_OUTCOME_TRY(const auto all, slots());
  std::vector<TokenInfo> tokens;
  for (const CK_SLOT_ID slot : all) {
    auto info = token_in(slot);
    if (info && (info.value().flags & CKF_TOKEN_INITIALIZED) != 0)
      tokens.push_back(std::move(info).value());
  }
  return tokens;
}

bool Module::is_signet() const {
  CK_INFO info{};
  return functions_->C_GetInfo(&info) == CKR_OK && trimmed(info.manufacturerID) == "Signet";
}

TokenResult<TokenInfo> Module::token_in(CK_SLOT_ID slot) const {
  CK_TOKEN_INFO raw{};
  const CK_RV rv = functions_->C_GetTokenInfo(slot, &raw);
  if (rv != CKR_OK) return token_error(rv, "the token cannot be asked");
  TokenInfo info{{trimmed(raw.label), trimmed(raw.manufacturerID), trimmed(raw.model),
                  trimmed(raw.serialNumber)},
                 slot,
                 raw.flags,
                 {}};
  Uri uri;
  uri.token = info;
  info.uri = uri.text();
  return info;
}

TokenResult<TokenInfo> Module::token(const Uri& uri) const {
  BOOST_OUTCOME_TRY(const auto all, tokens());
  std::vector<TokenInfo> fitting;
  for (const TokenInfo& token : all)
    if (uri.matches(token)) fitting.push_back(token);
  if (fitting.size() == 1) return fitting.front();
  if (all.empty())
    return token_error(Reason::not_found,
                       "the module has no token; for Signet's own, `signet config check` says "
                       "which configuration is read");
  if (fitting.empty())
    return token_error(Reason::not_found,
                       fmt::format("there is no such token; there are: {}", names_of(all)));
  return token_error(Reason::ambiguous,
                     fmt::format("several tokens fit: {}; say which one", names_of(fitting)));
}

TokenResult<TokenInfo> Module::create_token(std::string_view label, const Secret& so_pin,
                                            const Secret& user_pin) const {
  BOOST_OUTCOME_TRY(const auto all, slots());
  const auto free = std::ranges::find_if(all, [&](CK_SLOT_ID slot) {
    const auto info = token_in(slot);
    return info && (info.value().flags & CKF_TOKEN_INITIALIZED) == 0;
  });
  if (free == all.end()) return token_error(Reason::token_full, "the module has no free slot");
  std::string padded(label.substr(0, sizeof CK_TOKEN_INFO::label));
  padded.resize(sizeof CK_TOKEN_INFO::label, ' ');
  CK_RV rv = functions_->C_InitToken(*free, pin_of(so_pin), so_pin.size(),
                                     reinterpret_cast<CK_UTF8CHAR*>(padded.data()));
  if (rv != CKR_OK) return token_error(rv, "the token cannot be initialised");
  BOOST_OUTCOME_TRY(TokenInfo made, token(Uri::of_token(label)));  // perhaps in another slot now
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  rv = functions_->C_OpenSession(made.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                 &session);
  if (rv == CKR_OK) {
    rv = functions_->C_Login(session, CKU_SO, pin_of(so_pin), so_pin.size());
    if (rv == CKR_OK) rv = functions_->C_InitPIN(session, pin_of(user_pin), user_pin.size());
    functions_->C_CloseSession(session);
  }
  if (rv != CKR_OK) return token_error(rv, "the token's PIN cannot be set");
  return made;
}

}  // namespace signet::pkcs11
