#include "keygen/module.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <string_view>

#include "pkcs11-client/p11kit.h"

namespace signet::keygen {
namespace {

std::string trimmed(const CK_UTF8CHAR* text, std::size_t size) {
  std::string result(reinterpret_cast<const char*>(text), size);
  result.erase(result.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return result;
}

TokenInfo info_of(CK_SLOT_ID slot, const CK_TOKEN_INFO& raw) {
  TokenInfo info;
  info.slot = slot;
  info.label = trimmed(raw.label, sizeof raw.label);
  info.manufacturer = trimmed(raw.manufacturerID, sizeof raw.manufacturerID);
  info.model = trimmed(raw.model, sizeof raw.model);
  info.serial = trimmed(raw.serialNumber, sizeof raw.serialNumber);
  info.flags = raw.flags;
  info.uri = uri_of(raw);
  info.raw = raw;
  return info;
}

std::string names_of(const std::vector<TokenInfo>& tokens) {
  std::string names;
  for (const TokenInfo& token : tokens)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", token.label);
  return names;
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

Outcome<std::shared_ptr<Module>> Module::load(const std::filesystem::path& file) {
  const auto path = file.empty() ? default_module() : file;
  CK_FUNCTION_LIST* functions = p11_kit_module_load(path.c_str(), P11_KIT_MODULE_CRITICAL);
  if (functions == nullptr)
    return failure(Reason::not_found,
                   fmt::format("cannot load the PKCS#11 module {}: {}", path.string(),
                               p11_kit_message() == nullptr ? "?" : p11_kit_message()));
  return initialized(functions, path.string());
}

Outcome<std::shared_ptr<Module>> Module::load(const Uri& uri, const std::filesystem::path& file) {
  if (!uri.module_path().empty()) return load(uri.module_path());
  if (uri.module_name().empty()) return load(file);
  CK_FUNCTION_LIST** all = p11_kit_modules_load(nullptr, 0);
  CK_FUNCTION_LIST* chosen =
      all == nullptr ? nullptr : p11_kit_module_for_name(all, uri.module_name().c_str());
  for (CK_FUNCTION_LIST** each = all; each != nullptr && *each != nullptr; ++each)
    if (*each != chosen) p11_kit_module_release(*each);
  std::free(all);
  if (chosen == nullptr)
    return failure(Reason::not_found,
                   fmt::format("p11-kit knows no module named \"{}\"", uri.module_name()));
  return initialized(chosen, uri.module_name());
}

Outcome<std::shared_ptr<Module>> Module::initialized(CK_FUNCTION_LIST* functions,
                                                     const std::string& name) {
  const CK_RV rv = p11_kit_module_initialize(functions);
  if (rv != CKR_OK) {
    p11_kit_module_release(functions);
    return failure_of(rv, fmt::format("the PKCS#11 module {} does not start", name));
  }
  return std::shared_ptr<Module>(new Module(functions));
}

Module::~Module() {
  p11_kit_module_finalize(functions_);
  p11_kit_module_release(functions_);
}

Outcome<std::vector<TokenInfo>> Module::tokens() const {
  CK_ULONG count = 0;
  CK_RV rv = functions_->C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (rv == CKR_OK) rv = functions_->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (rv != CKR_OK) return failure_of(rv, "the tokens cannot be listed");
  slots.resize(count);
  std::vector<TokenInfo> tokens;
  for (const CK_SLOT_ID slot : slots) {
    auto info = token_in(slot);
    if (info && (info.value().flags & CKF_TOKEN_INITIALIZED) != 0)
      tokens.push_back(std::move(info).value());
  }
  return tokens;
}

Outcome<TokenInfo> Module::token_in(CK_SLOT_ID slot) const {
  CK_TOKEN_INFO info{};
  const CK_RV rv = functions_->C_GetTokenInfo(slot, &info);
  if (rv != CKR_OK) return failure_of(rv, "the token cannot be asked");
  return info_of(slot, info);
}

Outcome<TokenInfo> Module::token(const Uri& uri) const {
  BOOST_OUTCOME_TRY(const auto all, tokens());
  std::vector<TokenInfo> fitting;
  for (const TokenInfo& token : all)
    if (uri.matches(token.raw)) fitting.push_back(token);
  if (fitting.size() == 1) return fitting.front();
  if (all.empty())
    return failure(Reason::not_found,
                   "the module has no token; for Signet's own, `signet config check` says which "
                   "configuration is read");
  if (fitting.empty())
    return failure(Reason::not_found,
                   fmt::format("there is no such token; there are: {}", names_of(all)));
  return failure(Reason::ambiguous,
                 fmt::format("several tokens fit: {}; name one with --token", names_of(fitting)));
}

}  // namespace signet::keygen
