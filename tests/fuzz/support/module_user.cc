#include "tests/fuzz/support/module_user.h"

#include <array>

#include "pkcs11-module/object/attributes.h"
#include "tests/fuzz/support/fuzzed_module.h"

namespace signet::fuzz {
namespace {

using Call = transport::FakeAppliance::Call;
using edge::testing::kPin;
using edge::testing::kSlot;

bool appliance_was_changed() {
  const auto& appliance = setup().appliance();
  for (const Call call :
       {Call::generate_key, Call::update_key, Call::delete_key, Call::import_certificate,
        Call::update_certificate, Call::delete_certificate}) {
    if (appliance.calls(call) != 0) return true;
  }
  return false;
}

std::vector<CK_OBJECT_HANDLE> found(CK_SESSION_HANDLE session, CK_ATTRIBUTE* search,
                                    CK_ULONG count) {
  std::vector<CK_OBJECT_HANDLE> all(64);
  CK_ULONG size = 0;
  require(C_FindObjectsInit(session, search, count) == CKR_OK, "a search begins");
  require(C_FindObjects(session, all.data(), all.size(), &size) == CKR_OK, "it finds");
  require(C_FindObjectsFinal(session) == CKR_OK, "it ends");
  all.resize(size);
  return all;
}

}  // namespace

ModuleUser::ModuleUser(bool read_write, bool logged_in) {
  setup();
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (read_write ? CKF_RW_SESSION : 0);
  require(C_OpenSession(kSlot, flags, nullptr, nullptr, &session_) == CKR_OK, "a session opens");
  if (!logged_in) return;
  Bytes pin = copy_of(view_of(kPin));
  require(C_Login(session_, CKU_USER, pin.data(), pin.size()) == CKR_OK, "the user logs in");
}

ModuleUser::~ModuleUser() {
  require(C_CloseAllSessions(kSlot) == CKR_OK, "all sessions close");
  require(C_OpenSession(kSlot, CKF_SERIAL_SESSION, nullptr, nullptr, &session_) == CKR_OK,
          "a session opens");
  CK_BBOOL on_token = CK_FALSE;
  CK_ATTRIBUTE search{CKA_TOKEN, &on_token, sizeof on_token};
  require(found(session_, &search, 1).empty(), "session objects end with their session");
  require(C_CloseSession(session_) == CKR_OK, "a session closes");
  if (appliance_was_changed()) setup().restart();
}

CK_OBJECT_HANDLE ModuleUser::object(Input& input) const {
  const std::size_t choice = input.byte();
  if (choice == 255 || objects_.empty()) return input.byte();
  return objects_[choice % objects_.size()];
}

void ModuleUser::find_all() {
  objects_ = found(session_, nullptr, 0);
}

std::optional<Bytes> ModuleUser::value(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  if (SIGNET_CALL(C_GetAttributeValue, session_, object, &attribute, 1) != CKR_OK) {
    return std::nullopt;
  }
  Bytes bytes(attribute.ulValueLen);
  std::uint8_t nothing = 0;
  attribute.pValue = bytes.empty() ? &nothing : bytes.data();
  require(C_GetAttributeValue(session_, object, &attribute, 1) == CKR_OK &&
              attribute.ulValueLen == bytes.size(),
          "a value is as long as was said");
  return bytes;
}

std::optional<CK_ULONG> ModuleUser::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
  const auto bytes = value(object, type);
  return bytes ? object::number_in(*bytes) : std::nullopt;
}

bool ModuleUser::exists(CK_OBJECT_HANDLE object) const {
  CK_ULONG size = 0;
  return SIGNET_CALL(C_GetObjectSize, session_, object, &size) == CKR_OK;
}

}  // namespace signet::fuzz
