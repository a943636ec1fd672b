#include "tests/support/module.h"

#include <fmt/format.h>

#include <array>

#include "tests/support/x509.h"

namespace signet::tests {
namespace {

// P-256 as DER of its object identifier, for CKA_EC_PARAMS.
constexpr std::array<CK_BYTE, 10> kP256 = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                           0xce, 0x3d, 0x03, 0x01, 0x07};

CK_BBOOL yes = CK_TRUE;
CK_OBJECT_CLASS certificate_class = CKO_CERTIFICATE;
CK_CERTIFICATE_TYPE x509 = CKC_X_509;

// Templates point at what they describe and PKCS#11 has no const: the pointee is not changed.
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, ByteView value) {
  return {type, const_cast<std::uint8_t*>(value.data()), value.size()};
}

template <typename T>
CK_ATTRIBUTE attribute_of_value(CK_ATTRIBUTE_TYPE type, T& value) {
  return {type, &value, sizeof value};
}

CK_MECHANISM generation_of(KeyKind kind) {
  const auto type = kind == KeyKind::p256 ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN;
  return {type, nullptr, 0};
}

}  // namespace

Module::Module() {
  expect_ok(initialize(), "C_Initialize");
}

Module::~Module() {
  (*this)->C_Finalize(nullptr);
}

Session::Session(const LoadedModule& module, std::string_view token_label) : module_(module) {
  expect_ok(module_->C_OpenSession(module_.slot_of(token_label),
                                   CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle_),
            "C_OpenSession");
}

Session::~Session() {
  module_->C_CloseSession(handle_);
}

CK_RV Session::try_login(std::string_view pin) {
  std::string copy(pin);
  return module_->C_Login(handle_, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(copy.data()),
                          copy.size());
}

void Session::login(std::string_view pin) {
  const CK_RV rv = try_login(pin);
  if (rv != CKR_USER_ALREADY_LOGGED_IN) expect_ok(rv, "C_Login");
}

std::vector<CK_OBJECT_HANDLE> Session::find(const Wanted& wanted) {
  CK_OBJECT_CLASS object_class = wanted.object_class;
  std::vector<CK_ATTRIBUTE> attributes = {attribute_of_value(CKA_CLASS, object_class)};
  if (wanted.label) attributes.push_back(attribute_of(CKA_LABEL, view_of(*wanted.label)));
  if (wanted.id) attributes.push_back(attribute_of(CKA_ID, *wanted.id));
  expect_ok(module_->C_FindObjectsInit(handle_, attributes.data(), attributes.size()),
            "C_FindObjectsInit");
  std::vector<CK_OBJECT_HANDLE> found;
  std::array<CK_OBJECT_HANDLE, 16> part{};
  for (CK_ULONG count = 1; count > 0;) {
    expect_ok(module_->C_FindObjects(handle_, part.data(), part.size(), &count), "C_FindObjects");
    found.insert(found.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(count));
  }
  expect_ok(module_->C_FindObjectsFinal(handle_), "C_FindObjectsFinal");
  return found;
}

CK_OBJECT_HANDLE Session::find_one(const Wanted& wanted) {
  const auto found = find(wanted);
  if (found.size() == 1) return found.front();
  throw std::runtime_error(fmt::format("{} objects of class {} match label '{}', id {}",
                                       found.size(), wanted.object_class, wanted.label.value_or(""),
                                       to_hex(wanted.id.value_or(Bytes{}))));
}

Bytes Session::attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE asked = {type, nullptr, 0};
  expect_ok(module_->C_GetAttributeValue(handle_, object, &asked, 1), "C_GetAttributeValue");
  Bytes value(asked.ulValueLen);
  asked.pValue = value.data();
  expect_ok(module_->C_GetAttributeValue(handle_, object, &asked, 1), "C_GetAttributeValue");
  return value;
}

CK_OBJECT_HANDLE Session::generate(KeyKind kind, const std::string& label, const Bytes& id) {
  CK_ULONG bits = kind == KeyKind::rsa_2048 ? 2048 : 3072;
  std::vector<CK_ATTRIBUTE> public_part = {
      attribute_of_value(CKA_TOKEN, yes), attribute_of_value(CKA_VERIFY, yes),
      attribute_of(CKA_LABEL, view_of(label)), attribute_of(CKA_ID, id),
      kind == KeyKind::p256 ? attribute_of(CKA_EC_PARAMS, kP256)
                            : attribute_of_value(CKA_MODULUS_BITS, bits)};
  std::vector<CK_ATTRIBUTE> private_part = {
      attribute_of_value(CKA_TOKEN, yes),      attribute_of_value(CKA_PRIVATE, yes),
      attribute_of_value(CKA_SENSITIVE, yes),  attribute_of_value(CKA_SIGN, yes),
      attribute_of(CKA_LABEL, view_of(label)), attribute_of(CKA_ID, id)};
  CK_MECHANISM mechanism = generation_of(kind);
  CK_OBJECT_HANDLE public_key = CK_INVALID_HANDLE;
  CK_OBJECT_HANDLE private_key = CK_INVALID_HANDLE;
  expect_ok(module_->C_GenerateKeyPair(handle_, &mechanism, public_part.data(), public_part.size(),
                                       private_part.data(), private_part.size(), &public_key,
                                       &private_key),
            "C_GenerateKeyPair");
  return private_key;
}

CK_OBJECT_HANDLE Session::write_certificate(ByteView der, const std::string& label,
                                            const Bytes& id) {
  const Bytes subject = subject_of(der);
  std::vector<CK_ATTRIBUTE> attributes = {attribute_of_value(CKA_CLASS, certificate_class),
                                          attribute_of_value(CKA_CERTIFICATE_TYPE, x509),
                                          attribute_of_value(CKA_TOKEN, yes),
                                          attribute_of(CKA_VALUE, der),
                                          attribute_of(CKA_SUBJECT, subject),
                                          attribute_of(CKA_LABEL, view_of(label)),
                                          attribute_of(CKA_ID, id)};
  CK_OBJECT_HANDLE certificate = CK_INVALID_HANDLE;
  expect_ok(module_->C_CreateObject(handle_, attributes.data(), attributes.size(), &certificate),
            "C_CreateObject");
  return certificate;
}

Bytes Session::sign(CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key, ByteView data) {
  CK_MECHANISM chosen = {mechanism, nullptr, 0};
  expect_ok(module_->C_SignInit(handle_, &chosen, key), "C_SignInit");
  Bytes copy = copy_of(data);
  Bytes signature(512);
  CK_ULONG size = signature.size();
  expect_ok(module_->C_Sign(handle_, copy.data(), copy.size(), signature.data(), &size), "C_Sign");
  signature.resize(size);
  return signature;
}

}  // namespace signet::tests
