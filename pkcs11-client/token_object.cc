#include "pkcs11-client/token_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <vector>

#include "common/clock.h"
#include "common/pid_lock.h"
#include "common/secret.h"
#include "pkcs11-client/token_module.h"

namespace signet::pkcs11 {

namespace {

// A module that forwards to others may come back to us, and we to it.
thread_local bool inside_another_module = false;

class Visit {
 public:
  Visit() { inside_another_module = true; }
  ~Visit() { inside_another_module = false; }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;
};

struct RefusedPin {
  std::string token;  // module and token, as the URI names them
  Secret pin;
};

// One login at a time in this process: many connections begin together, and a token locks itself after a few wrong
// PINs, so that each must know what became of the one before. A fork cannot leave it taken.
constinit PidLock login_lock;

class LoginTurn {
 public:
  LoginTurn() {
    constexpr Milliseconds pause{2};  // a smart card takes a second
    while (!login_lock.try_lock()) std::this_thread::sleep_for(pause);
  }
  ~LoginTurn() { login_lock.unlock(); }
  LoginTurn(const LoginTurn&) = delete;
  LoginTurn& operator=(const LoginTurn&) = delete;
};

// For who has the turn. Never destroyed: threads of the host may be here while it exits.
std::vector<RefusedPin>& refused_pins() {
  static auto* const kPins = new std::vector<RefusedPin>();
  return *kPins;
}

std::string token_name(const Pkcs11Uri& uri) {
  return fmt::format("{}|{}|{}|{}|{}", uri.module_path, uri.token, uri.serial, uri.manufacturer,
                     uri.model);
}

bool was_refused(const Pkcs11Uri& uri, const Secret& pin) {
  return std::ranges::any_of(refused_pins(), [&](const RefusedPin& refused) {
    return refused.token == token_name(uri) && refused.pin == pin;
  });
}

void note_refused(const Pkcs11Uri& uri, const Secret& pin) {
  refused_pins().push_back({token_name(uri), pin});
}

// The standard's text fields are padded with blanks.
template <std::size_t Size>
bool is(const CK_UTF8CHAR (&field)[Size], const std::string& wanted) {
  std::string_view text(reinterpret_cast<const char*>(field), Size);
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  return wanted.empty() || text == wanted;
}

bool matches(const CK_TOKEN_INFO& info, const Pkcs11Uri& uri) {
  return is(info.label, uri.token) && is(info.serialNumber, uri.serial) &&
         is(info.manufacturerID, uri.manufacturer) && is(info.model, uri.model);
}

Result<CK_SLOT_ID, std::string> find_slot(CK_FUNCTION_LIST* functions, const Pkcs11Uri& uri) {
  std::array<CK_SLOT_ID, 256> slots{};
  CK_ULONG count = slots.size();
  const CK_RV rv = functions->C_GetSlotList(CK_TRUE, slots.data(), &count);
  if (rv != CKR_OK) return fmt::format("{} lists no tokens: 0x{:X}", uri.module_path, rv);
  for (std::size_t i = 0; i < std::min<std::size_t>(count, slots.size()); ++i) {
    CK_TOKEN_INFO info{};
    if (functions->C_GetTokenInfo(slots.at(i), &info) == CKR_OK && matches(info, uri)) {
      return slots.at(i);
    }
  }
  return fmt::format("{} has no token \"{}\"", uri.module_path, uri.token);
}

CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, const std::string& value) {
  // PKCS#11 takes search templates as writable and does not write to them.
  return {type, const_cast<char*>(value.data()), value.size()};  // NOLINT
}

}  // namespace

Result<std::unique_ptr<TokenObject>, std::string> TokenObject::open(const Pkcs11Uri& uri,
                                                                    CK_OBJECT_CLASS object_class) {
  if (inside_another_module) {
    return fmt::format("{} calls this module to do its work", uri.module_path);
  }
  const Visit visit;
  BOOST_OUTCOME_TRY(CK_FUNCTION_LIST* const functions, load_token_module(uri.module_path));
  BOOST_OUTCOME_TRY(const CK_SLOT_ID slot, find_slot(functions, uri));
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  const CK_RV rv = functions->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
  if (rv != CKR_OK) return fmt::format("token \"{}\" opens no session: 0x{:X}", uri.token, rv);
  std::unique_ptr<TokenObject> object(new TokenObject(functions, session));
  BOOST_OUTCOME_TRY(object->login(uri));
  BOOST_OUTCOME_TRY(object->find(uri, object_class));
  return object;
}

TokenObject::~TokenObject() {
  const Visit visit;
  functions_->C_CloseSession(session_);
}

Result<void, std::string> TokenObject::login(const Pkcs11Uri& uri) const {
  if (!uri.pin) return success();
  auto pin = uri.pin->read();
  if (!pin) return pin.error();
  const LoginTurn turn;
  if (was_refused(uri, pin.value())) {
    return fmt::format("token \"{}\" refused this PIN before; it is not tried again", uri.token);
  }
  Bytes bytes = copy_of(pin.value().reveal());
  const CK_RV rv = functions_->C_Login(session_, CKU_USER, bytes.data(), bytes.size());
  wipe(bytes.data(), bytes.size());
  if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN) return success();
  if (rv == CKR_PIN_INCORRECT) note_refused(uri, pin.value());
  return fmt::format("token \"{}\" refuses the login: 0x{:X}", uri.token, rv);
}

Result<void, std::string> TokenObject::find(const Pkcs11Uri& uri, CK_OBJECT_CLASS object_class) {
  std::vector<CK_ATTRIBUTE> wanted{{CKA_CLASS, &object_class, sizeof object_class}};
  if (!uri.object.empty()) wanted.push_back(attribute_of(CKA_LABEL, uri.object));
  if (!uri.id.empty()) wanted.push_back(attribute_of(CKA_ID, uri.id));
  std::array<CK_OBJECT_HANDLE, 2> found{};
  CK_ULONG count = 0;
  CK_RV rv = functions_->C_FindObjectsInit(session_, wanted.data(), wanted.size());
  if (rv == CKR_OK) {
    rv = functions_->C_FindObjects(session_, found.data(), found.size(), &count);
    functions_->C_FindObjectsFinal(session_);
  }
  const char* const what = object_class == CKO_PRIVATE_KEY ? "private key" : "certificate";
  if (rv != CKR_OK || count != 1) {
    return fmt::format(
        "token \"{}\" has {} {} of this name{}", uri.token, count > 1 ? "more than one" : "no",
        what, count == 0 && !uri.pin ? ", or shows it only after a login (pin-source)" : "");
  }
  object_ = found.front();
  return success();
}

Result<Bytes, std::string> TokenObject::value() const {
  const Visit visit;
  CK_ATTRIBUTE attribute{CKA_VALUE, nullptr, 0};
  CK_RV rv = functions_->C_GetAttributeValue(session_, object_, &attribute, 1);
  constexpr CK_ULONG most = 1024UL * 1024;
  if (rv != CKR_OK || attribute.ulValueLen > most) {
    return fmt::format("the token gives no value: 0x{:X}", rv);
  }
  Bytes value(attribute.ulValueLen);
  attribute.pValue = value.data();
  rv = functions_->C_GetAttributeValue(session_, object_, &attribute, 1);
  if (rv != CKR_OK || attribute.ulValueLen > value.size()) {
    return fmt::format("the token gives no value: 0x{:X}", rv);
  }
  value.resize(attribute.ulValueLen);
  return value;
}

Result<std::size_t, std::string> TokenObject::sign(CK_MECHANISM_TYPE type, ByteView data,
                                                   std::span<std::uint8_t> signature) const {
  const Visit visit;
  CK_MECHANISM mechanism{type, nullptr, 0};
  CK_RV rv = functions_->C_SignInit(session_, &mechanism, object_);
  Bytes bytes = copy_of(data);
  CK_ULONG size = signature.size();
  if (rv == CKR_OK) {
    rv = functions_->C_Sign(session_, bytes.data(), bytes.size(), signature.data(), &size);
  }
  if (rv == CKR_OK && size > signature.size())
    return std::string("the token's signature is too long");
  if (rv == CKR_OK) return static_cast<std::size_t>(size);
  return fmt::format("the token does not sign (mechanism 0x{:X}): 0x{:X}", type, rv);
}

}  // namespace signet::pkcs11
