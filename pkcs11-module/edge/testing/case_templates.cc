// The templates that the call table names.

#include <stdexcept>

#include "pkcs11-module/edge/testing/case_runner.h"

namespace signet::edge::testing {

namespace {

// Attributes whose values live as long as the program: the table's templates are never changed.
template <typename T>
CK_ATTRIBUTE constant(CK_ATTRIBUTE_TYPE type, T value) {
  static std::deque<T> values;
  values.push_back(value);
  return {type, &values.back(), sizeof(T)};
}

CK_ATTRIBUTE bytes(CK_ATTRIBUTE_TYPE type, Bytes value) {
  static std::deque<Bytes> values;
  values.push_back(std::move(value));
  return {type, values.back().data(), values.back().size()};
}

CK_ATTRIBUTE object_class(CK_OBJECT_CLASS value) {
  return constant(CKA_CLASS, value);
}
CK_ATTRIBUTE on_token(CK_BBOOL value) {
  return constant(CKA_TOKEN, value);
}

const Bytes kP256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
const Bytes kP256ByName{0x13, 0x09, 's', 'e', 'c', 'p', '2', '5', '6', 'r', '1'};
const Bytes kSecp256k1{0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A};
// The generator of P-256: a point that everybody knows to be on the curve.
const Bytes kPoint = *from_hex(
    "0441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

std::vector<CK_ATTRIBUTE> certificate(CK_BBOOL token, const Bytes& der) {
  return {object_class(CKO_CERTIFICATE), on_token(token),
          constant(CKA_CERTIFICATE_TYPE, CK_CERTIFICATE_TYPE{CKC_X_509}), bytes(CKA_VALUE, der)};
}

std::vector<CK_ATTRIBUTE> public_key() {
  return {object_class(CKO_PUBLIC_KEY),
          on_token(CK_FALSE),
          constant(CKA_KEY_TYPE, CK_KEY_TYPE{CKK_EC}),
          bytes(CKA_EC_PARAMS, kP256),
          bytes(CKA_EC_POINT, kPoint),
          constant(CKA_VERIFY, CK_BBOOL{CK_TRUE})};
}

std::vector<CK_ATTRIBUTE> reading(CK_ATTRIBUTE_TYPE type, CK_ULONG size) {
  return {bytes(type, Bytes(size))};
}

std::vector<CK_ATTRIBUTE> make(const std::string& name) {
  if (name == "no_class") return {on_token(CK_FALSE)};
  if (name == "certificate_without_value") {
    return {object_class(CKO_CERTIFICATE), on_token(CK_TRUE),
            constant(CKA_CERTIFICATE_TYPE, CK_CERTIFICATE_TYPE{CKC_X_509})};
  }
  if (name == "garbage_certificate") return certificate(CK_TRUE, Bytes{1, 2, 3});
  if (name == "session_public_key") return public_key();
  if (name == "contradiction") {
    auto twice = public_key();
    twice.push_back(constant(CKA_KEY_TYPE, CK_KEY_TYPE{CKK_RSA}));
    return twice;
  }
  if (name == "private_key") {
    return {object_class(CKO_PRIVATE_KEY), on_token(CK_FALSE),
            constant(CKA_KEY_TYPE, CK_KEY_TYPE{CKK_EC})};
  }
  if (name == "null_value") return {object_class(CKO_CERTIFICATE), {CKA_VALUE, nullptr, 10}};
  if (name == "label") return {bytes(CKA_LABEL, {'n', 'e', 'w'})};
  if (name == "set_read_only") return {constant(CKA_EXTRACTABLE, CK_BBOOL{CK_TRUE})};
  if (name == "set_foreign") return {bytes(CKA_MODULUS, {1})};
  if (name == "find_private") return {object_class(CKO_PRIVATE_KEY)};
  if (name == "read_label") return reading(CKA_LABEL, 100);
  if (name == "read_length") return {{CKA_LABEL, nullptr, 0}};
  if (name == "read_short") return reading(CKA_CLASS, 1);
  if (name == "read_value") return reading(CKA_VALUE, 4096);
  if (name == "read_secret") return reading(CKA_PRIVATE_EXPONENT, 4096);
  if (name == "read_foreign") return reading(CKA_CERTIFICATE_TYPE, 8);
  if (name == "read_modulus") return reading(CKA_MODULUS, 4096);
  if (name == "p256") return {bytes(CKA_EC_PARAMS, kP256)};
  if (name == "p256_by_name") return {bytes(CKA_EC_PARAMS, kP256ByName)};
  if (name == "unknown_curve") return {bytes(CKA_EC_PARAMS, kSecp256k1)};
  if (name == "garbage_curve") return {bytes(CKA_EC_PARAMS, {1, 2, 3})};
  if (name == "rsa2048") return {constant(CKA_MODULUS_BITS, CK_ULONG{2048})};
  if (name == "rsa1000") return {constant(CKA_MODULUS_BITS, CK_ULONG{1000})};
  if (name == "extractable") return {constant(CKA_EXTRACTABLE, CK_BBOOL{CK_TRUE})};
  throw std::runtime_error("no template " + name);
}

}  // namespace

std::vector<CK_ATTRIBUTE>& CaseRunner::attributes(const std::string& name) {
  if (name == "token_certificate") {
    templates_.push_back(certificate(CK_TRUE, certificate_der()));
  } else if (name == "session_certificate") {
    templates_.push_back(certificate(CK_FALSE, certificate_der()));
  } else {
    templates_.push_back(make(name));
  }
  return templates_.back();
}

}  // namespace signet::edge::testing
