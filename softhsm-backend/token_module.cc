#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/log.h"
#include "softhsm-backend/token.h"

// p11-kit's header brings PKCS#11 2.40 types of its own, with the same layout. Its include guard keeps them out.
#ifndef PKCS11_H
#define PKCS11_H 1
#endif
#include <p11-kit/p11-kit.h>

namespace signet::emulator {

namespace {

std::string padded_label(std::string_view label) {
  std::string padded(label.substr(0, 32));
  padded.resize(32, ' ');
  return padded;
}

CK_UTF8CHAR* text(std::string& value) {
  return reinterpret_cast<CK_UTF8CHAR*>(value.data());
}

// PKCS#11 takes PINs through a pointer to non-const bytes, and does not change them.
CK_UTF8CHAR* pin_text(const Secret& pin) {
  return const_cast<CK_UTF8CHAR*>(pin.reveal().data());
}

}  // namespace

TokenError::TokenError(const std::string& call, CK_RV code)
    : std::runtime_error(fmt::format("{} gave CKR 0x{:08X}", call, code)), rv(code) {}

void require_ok(CK_RV rv, const char* call) {
  if (rv != CKR_OK) throw TokenError(call, rv);
}

TokenModule::TokenModule(const std::filesystem::path& module)
    : functions_(p11_kit_module_load(module.c_str(), P11_KIT_MODULE_CRITICAL)) {
  if (functions_ == nullptr) {
    throw TokenError("cannot load SoftHSM from " + module.string() +
                     "; install libsofthsm2 or name it with --softhsm");
  }
  const CK_RV rv = p11_kit_module_initialize(functions_);
  if (rv == CKR_OK) return;
  p11_kit_module_release(functions_);
  throw TokenError("C_Initialize of " + module.string(), rv);
}

TokenModule::~TokenModule() {
  const CK_RV rv = p11_kit_module_finalize(functions_);
  if (rv != CKR_OK) log::warn("C_Finalize of the token gave CKR 0x{:08X}", rv);
  p11_kit_module_release(functions_);
}

std::vector<CK_SLOT_ID> TokenModule::slots() const {
  CK_ULONG count = 0;
  require_ok(functions_->C_GetSlotList(CK_TRUE, nullptr, &count), "C_GetSlotList");
  std::vector<CK_SLOT_ID> list(count);
  require_ok(functions_->C_GetSlotList(CK_TRUE, list.data(), &count), "C_GetSlotList");
  list.resize(count);
  return list;
}

CK_SLOT_ID TokenModule::free_slot() const {
  for (const CK_SLOT_ID slot : slots()) {
    CK_TOKEN_INFO info{};
    require_ok(functions_->C_GetTokenInfo(slot, &info), "C_GetTokenInfo");
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) return slot;
  }
  throw TokenError("SoftHSM has no free slot");
}

CK_SLOT_ID TokenModule::slot_of(std::string_view label) const {
  const std::string wanted = padded_label(label);
  for (const CK_SLOT_ID slot : slots()) {
    CK_TOKEN_INFO info{};
    require_ok(functions_->C_GetTokenInfo(slot, &info), "C_GetTokenInfo");
    if (std::equal(wanted.begin(), wanted.end(), std::begin(info.label))) return slot;
  }
  throw TokenError("SoftHSM has no token named " + std::string(label));
}

void TokenModule::create_token(std::string_view label, const Secret& so_pin,
                               const Secret& user_pin) const {
  std::string padded = padded_label(label);
  require_ok(functions_->C_InitToken(free_slot(), pin_text(so_pin), so_pin.size(), text(padded)),
             "C_InitToken");
  CK_SESSION_HANDLE session = 0;
  constexpr CK_FLAGS read_write = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  require_ok(functions_->C_OpenSession(slot_of(label), read_write, nullptr, nullptr, &session),
             "C_OpenSession");
  require_ok(functions_->C_Login(session, CKU_SO, pin_text(so_pin), so_pin.size()), "C_Login");
  require_ok(functions_->C_InitPIN(session, pin_text(user_pin), user_pin.size()), "C_InitPIN");
  require_ok(functions_->C_CloseSession(session), "C_CloseSession");
}

}  // namespace signet::emulator
