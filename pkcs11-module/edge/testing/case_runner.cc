#include "pkcs11-module/edge/testing/case_runner.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <stdexcept>

#include "pkcs11-module/edge/testing/certificates.h"
#include "pkcs11-module/mechanism/offer.h"

namespace signet::edge::testing {

namespace {

constexpr std::size_t kBufferSize = 16'384;

// Stand for what exists only once the state is set.
constexpr CK_ULONG kSessionOfState = ~CK_ULONG{0} - 4711;
constexpr CK_ULONG kOwnObject = ~CK_ULONG{0} - 4712;

// What bytes:N stands for.
Bytes sample(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i + 1);
  return bytes;
}

// "form:rest"; an empty form where there is no colon.
std::pair<std::string, std::string> split(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {"", text};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

CK_MECHANISM_TYPE mechanism_type(const std::string& name) {
  for (const auto& row : crypto::mechanisms()) {
    if (row.name == name) return row.type;
  }
  static const std::map<std::string, CK_MECHANISM_TYPE> foreign = {
      {"CKM_AES_CBC", CKM_AES_CBC}, {"CKM_AES_KEY_GEN", CKM_AES_KEY_GEN}, {"CKM_MD5", CKM_MD5}};
  return foreign.at(name);
}

template <typename T>
Bytes bytes_of(const T& value) {
  const auto* begin = reinterpret_cast<const std::uint8_t*>(&value);
  return {begin, begin + sizeof value};
}

Bytes bytes_of_text(const std::string& text) {
  return copy_of(view_of(text));
}

}  // namespace

CaseRunner::CaseRunner() = default;

void* CaseRunner::keep(Bytes bytes) {
  memory_.push_back(std::move(bytes));
  return memory_.back().data();
}

void CaseRunner::reset() {
  memory_.clear();
  templates_.clear();
  session_ = 0;
  if (finalized_) setup_.reset();
  finalized_ = false;
  if (!setup_) setup_ = std::make_unique<ModuleSetup>();
  C_CloseAllSessions(kSlot);
}

void CaseRunner::set_state(const std::string& state) {
  std::istringstream items(state);
  std::string kind;
  std::getline(items, kind, '+');
  if (kind == "out") {
    C_Finalize(nullptr);
    finalized_ = true;
    return;
  }
  const bool read_only = kind.starts_with("ro");
  session_ = setup_->open(read_only ? 0 : CKF_RW_SESSION);
  if (kind == "user" || kind == "ro_user") {
    setup_->login(session_);
  } else if (kind == "so") {
    setup_->login_officer(session_);
  } else if (kind != "none" && kind != "ro") {
    throw std::runtime_error("no state " + kind);
  }
  // The search comes last: the others search for their keys.
  bool find = false;
  for (std::string operation; std::getline(items, operation, '+');) {
    find = find || operation == "find";
    if (operation != "find") activate(operation);
  }
  if (find) activate("find");
}

void CaseRunner::activate(const std::string& operation) {
  CK_MECHANISM ecdsa{CKM_ECDSA, nullptr, 0};
  CK_MECHANISM sha256{CKM_SHA256, nullptr, 0};
  Bytes part = sample(32);
  if (operation == "find") must(C_FindObjectsInit(session_, nullptr, 0), operation);
  if (operation.starts_with("digest")) must(C_DigestInit(session_, &sha256), operation);
  if (operation == "digest_part") must(C_DigestUpdate(session_, part.data(), 32), operation);
  if (operation.starts_with("sign"))
    must(C_SignInit(session_, &ecdsa, object("ec_private")), operation);
  if (operation == "sign_part") must(C_SignUpdate(session_, part.data(), 32), operation);
  if (operation == "verify" || operation == "verify_part")
    must(C_VerifyInit(session_, &ecdsa, object("ec_public")), operation);
  if (operation == "verify_part") must(C_VerifyUpdate(session_, part.data(), 32), operation);
  if (operation.starts_with("verify_signature")) {
    Bytes signature = good_signature();
    must(C_VerifySignatureInit(session_, &ecdsa, object("ec_public"), signature.data(),
                               signature.size()),
         operation);
  }
  if (operation == "verify_signature_part")
    must(C_VerifySignatureUpdate(session_, part.data(), 32), operation);
  if (operation.starts_with("message_sign")) {
    must(C_MessageSignInit(session_, &ecdsa, object("ec_private")), operation);
  }
  if (operation == "message_sign_part") must(C_SignMessageBegin(session_, nullptr, 0), operation);
  if (operation.starts_with("message_verify")) {
    must(C_MessageVerifyInit(session_, &ecdsa, object("ec_public")), operation);
  }
  if (operation == "message_verify_part")
    must(C_VerifyMessageBegin(session_, nullptr, 0), operation);
}

CK_RV CaseRunner::play(const CallCase& item) {
  reset();
  const Function& function = function_named(item.function);
  std::vector<Value> values;
  if (item.state == "out") {
    set_state(item.state);
    values = arguments_of(item, function);
  } else {
    // Handles of private objects are known only to a logged-in user; they are the same in every state.
    values = arguments_of(item, function);
    C_CloseAllSessions(kSlot);
    set_state(item.state);
    for (Value& value : values) {
      if (value.number == kSessionOfState) value.number = session_;
      if (value.number == kOwnObject) value.number = make_own_object();
    }
  }
  last_arguments_ = values;
  if (before_call_) before_call_(*setup_);
  const CK_RV rv = function.call(values);
  if (item.function == "C_Initialize" && rv == CKR_OK) C_Finalize(nullptr);
  if (item.function == "C_Finalize" && rv == CKR_OK) finalized_ = true;
  return rv;
}

std::vector<Value> CaseRunner::arguments_of(const CallCase& item, const Function& function) {
  if (item.state != "out") {
    session_ = setup_->open();
    setup_->login(session_);
    if (item.state.find("verify_signature") != std::string::npos) good_signature();
  }
  std::vector<Value> values(function.parameters.size());
  for (const Assignment& assignment : item.arguments) assign(function, values, assignment);
  return values;
}

void CaseRunner::set_with_length(std::vector<Value>& values, std::size_t place, void* data,
                                 CK_ULONG length) {
  values[place].pointer = data;
  if (place + 1 < values.size()) values[place + 1].number = length;
}

void CaseRunner::assign(const Function& function, std::vector<Value>& values,
                        const Assignment& assignment) {
  const std::size_t place = function.place_of(assignment.parameter);
  if (place == Function::npos) {
    throw std::runtime_error(function.name + " has no parameter " + assignment.parameter);
  }
  const auto& [form, rest] = split(assignment.value);
  if (!function.parameters[place].is_pointer()) {
    values[place].number = number(assignment.value);
  } else if (assignment.value == "NULL") {
    values[place].pointer = nullptr;
  } else if (assignment.value.starts_with("buffer")) {
    values[place].pointer = keep(Bytes(kBufferSize));
  } else if (form == "length") {
    values[place].pointer = keep(bytes_of(CK_ULONG{std::stoul(rest)}));
  } else if (form == "bytes") {
    Bytes bytes = sample(std::stoul(rest));
    const CK_ULONG size = bytes.size();
    set_with_length(values, place, keep(std::move(bytes)), size);
  } else if (form == "pin") {
    set_with_length(values, place, keep(bytes_of_text(rest)), rest.size());
  } else if (form == "text") {
    std::string text = rest + '\0';
    std::ranges::replace(text, '_', ' ');
    std::ranges::replace(text, '-', '_');
    values[place].pointer = keep(bytes_of_text(text));
  } else if (form == "long_text") {
    values[place].pointer = keep(bytes_of_text(std::string(std::stoul(rest), 'C') + '\0'));
  } else if (form == "version") {
    const auto dot = rest.find('.');
    values[place].pointer = keep({static_cast<std::uint8_t>(std::stoul(rest.substr(0, dot))),
                                  static_cast<std::uint8_t>(std::stoul(rest.substr(dot + 1)))});
  } else if (form == "template") {
    auto& chosen = attributes(rest);
    set_with_length(values, place, chosen.data(), chosen.size());
  } else if (form == "init") {
    values[place].pointer = init_arguments(rest);
  } else if (assignment.value == "good_signature") {
    set_with_length(values, place, keep(good_signature()), good_signature().size());
  } else {
    values[place].pointer = mechanism(form, rest);
  }
}

const Bytes& CaseRunner::good_signature() {
  if (good_signature_.empty()) good_signature_ = setup_->signature_by_ec_key(session_, sample(32));
  return good_signature_;
}

CK_ULONG CaseRunner::number(const std::string& text) {
  if (text.starts_with("CKM_")) return mechanism_type(text);
  if (std::isdigit(static_cast<unsigned char>(text.front())) != 0)
    return std::stoul(text, nullptr, 0);
  if (text == "session") return kSessionOfState;
  if (text == "own_object") return kOwnObject;
  return object(text);
}

CK_OBJECT_HANDLE CaseRunner::object(const std::string& name) {
  if (name == "ec_private") return ModuleSetup::find(session_, CKO_PRIVATE_KEY, "ec");
  if (name == "ec_public") return ModuleSetup::find(session_, CKO_PUBLIC_KEY, "ec");
  if (name == "rsa_private") return ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa");
  if (name == "rsa_public") return ModuleSetup::find(session_, CKO_PUBLIC_KEY, "rsa");
  if (name == "certificate") return ModuleSetup::find(session_, CKO_CERTIFICATE, "ec");
  if (name == "spare_key") return ModuleSetup::make_spare_key(session_);
  if (name == "disabled_key") return setup_->make_disabled_key(session_);
  if (name == "spare_certificate")
    return ModuleSetup::make_certificate(session_, certificate_der(), CK_TRUE);
  if (name == "profile") {
    CK_OBJECT_CLASS profile = CKO_PROFILE;
    return ModuleSetup::find_all(session_, {{CKA_CLASS, &profile, sizeof profile}}).front();
  }
  throw std::runtime_error("no object " + name);
}

CK_OBJECT_HANDLE CaseRunner::make_own_object() {
  auto& public_key = attributes("session_public_key");
  CK_OBJECT_HANDLE handle = 0;
  must(C_CreateObject(session_, public_key.data(), public_key.size(), &handle), "C_CreateObject");
  return handle;
}

Bytes CaseRunner::certificate_der() {
  // Another certificate each time, so that nothing is "there already".
  transport::KeySpec spec;
  spec.type = transport::KeyType::ec;
  const auto key = transport::make_fake_key(spec);
  return self_signed(key.get(), "spare " + std::to_string(++certificates_made_));
}

void* CaseRunner::mechanism(const std::string& form, const std::string& name) {
  CK_MECHANISM mechanism{mechanism_type(name), nullptr, 0};
  CK_RSA_PKCS_PSS_PARAMS pss{CKM_SHA256, CKG_MGF1_SHA256, 32};
  if (form == "pss_mgf") pss.mgf = CKG_MGF1_SHA512;
  if (form == "pss_salt") pss.sLen = 1000;
  if (form == "parameter") {
    mechanism.pParameter = keep(sample(4));
    mechanism.ulParameterLen = 4;
  } else if (form.starts_with("pss")) {
    mechanism.pParameter = keep(bytes_of(pss));
    mechanism.ulParameterLen = sizeof pss;
    if (form == "pss_short") mechanism.ulParameterLen = sizeof pss - 1;
    if (form == "pss_null") mechanism.pParameter = nullptr;
  } else if (form != "mechanism") {
    throw std::runtime_error("no argument " + form + ":" + name);
  }
  return keep(bytes_of(mechanism));
}

void* CaseRunner::init_arguments(const std::string& form) {
  // The standard's layout; see initialize.cc.
  struct {
    void* functions[4];
    CK_FLAGS flags;
    void* reserved;
  } arguments{};
  void* const some_function = reinterpret_cast<void*>(&C_GetInfo);
  if (form == "os") arguments.flags = CKF_OS_LOCKING_OK;
  if (form == "no_threads")
    arguments.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
  if (form == "both") arguments.flags = CKF_OS_LOCKING_OK;
  if (form == "both" || form == "own") std::ranges::fill(arguments.functions, some_function);
  if (form == "some") arguments.functions[2] = some_function;
  if (form == "reserved") arguments.reserved = some_function;
  return keep(bytes_of(arguments));
}

CK_ULONG CaseRunner::written(const CallCase& item, const std::string& parameter) const {
  const std::size_t place = function_named(item.function).place_of(parameter);
  CK_ULONG value = 0;
  std::memcpy(&value, last_arguments_.at(place).pointer, sizeof value);
  return value;
}

CK_STATE CaseRunner::session_state() const {
  CK_SESSION_INFO info{};
  must(C_GetSessionInfo(session_, &info), "C_GetSessionInfo");
  return info.state;
}

std::set<std::string> CaseRunner::active() {
  std::set<std::string> found;
  if (finalized_) return found;
  CK_MECHANISM mechanism{CKM_SHA256, nullptr, 0};
  // Asking for another operation of the kind: with one active it is refused whatever its arguments are.
  const auto probe = [&](const char* name, CK_RV rv) {
    if (rv == CKR_OPERATION_ACTIVE) found.insert(name);
  };
  probe("find", C_FindObjectsInit(session_, nullptr, 0));
  probe("digest", C_DigestInit(session_, &mechanism));
  probe("sign", C_SignInit(session_, &mechanism, 0));
  probe("verify", C_VerifyInit(session_, &mechanism, 0));
  probe("verify_signature", C_VerifySignatureInit(session_, &mechanism, 0, nullptr, 0));
  probe("message_sign", C_MessageSignInit(session_, &mechanism, 0));
  probe("message_verify", C_MessageVerifyInit(session_, &mechanism, 0));
  return found;
}

}  // namespace signet::edge::testing
