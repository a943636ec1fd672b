#include "keygen/attributes.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <cstring>

#include "crypto/spki.h"
#include "keygen/openssl.h"

namespace signet::keygen {
namespace {

BignumPtr number_of(ByteView big_endian) {
  return BignumPtr(BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
}

// Empty where OpenSSL refuses the numbers.
Bytes spki_of(const char* type, OSSL_PARAM_BLD* builder) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder));
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(library_context(), type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0) {
    openssl_reason();
    return {};
  }
  const PkeyPtr key(made);
  return der_of(made, i2d_PUBKEY);
}

Bytes rsa_spki(ByteView modulus, ByteView exponent) {
  const BignumPtr n = number_of(modulus);
  const BignumPtr e = number_of(exponent);
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return {};
  return spki_of("RSA", builder.get());
}

// `point`: a DER OCTET STRING, as the standard has it.
Bytes ec_spki(ByteView parameters, ByteView point) {
  const unsigned char* in = parameters.data();
  const ObjectPtr curve(d2i_ASN1_OBJECT(nullptr, &in, static_cast<long>(parameters.size())));
  in = point.data();
  const OctetsPtr octets(d2i_ASN1_OCTET_STRING(nullptr, &in, static_cast<long>(point.size())));
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!curve || !octets || !builder) {
    openssl_reason();
    return {};
  }
  const int nid = OBJ_obj2nid(curve.get());
  if (nid == NID_undef ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, OBJ_nid2sn(nid),
                                      0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(
          builder.get(), OSSL_PKEY_PARAM_PUB_KEY, ASN1_STRING_get0_data(octets.get()),
          static_cast<std::size_t>(ASN1_STRING_length(octets.get()))) != 1)
    return {};
  return spki_of("EC", builder.get());
}

}  // namespace

std::optional<Bytes> Attributes::bytes(CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  if (functions_.C_GetAttributeValue(session_, object_, &attribute, 1) != CKR_OK ||
      attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION)
    return std::nullopt;
  Bytes value(attribute.ulValueLen);
  attribute.pValue = value.data();
  if (value.empty()) return value;
  if (functions_.C_GetAttributeValue(session_, object_, &attribute, 1) != CKR_OK)
    return std::nullopt;
  value.resize(attribute.ulValueLen);
  return value;
}

std::optional<CK_ULONG> Attributes::number(CK_ATTRIBUTE_TYPE type) const {
  const auto value = bytes(type);
  CK_ULONG number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

bool Attributes::flag(CK_ATTRIBUTE_TYPE type, bool otherwise) const {
  const auto value = bytes(type);
  if (!value || value->size() != sizeof(CK_BBOOL)) return otherwise;
  return value->front() != CK_FALSE;
}

Bytes Attributes::public_key() const {
  if (const auto info = bytes(CKA_PUBLIC_KEY_INFO); info && !info->empty()) return *info;
  const auto type = number(CKA_KEY_TYPE);
  if (type == CKK_RSA) {
    const auto modulus = bytes(CKA_MODULUS);
    const auto exponent = bytes(CKA_PUBLIC_EXPONENT);
    if (modulus && exponent && !exponent->empty()) return rsa_spki(*modulus, *exponent);
  } else if (type == CKK_EC) {
    const auto parameters = bytes(CKA_EC_PARAMS);
    const auto point = bytes(CKA_EC_POINT);
    if (parameters && point && !point->empty()) return ec_spki(*parameters, *point);
  } else if (type == CKK_EC_EDWARDS) {
    const auto parameters = bytes(CKA_EC_PARAMS);
    const auto point = bytes(CKA_EC_POINT);
    if (parameters && point) return spki::of_point(*parameters, *point);
  }
  return {};
}

ObjectTemplate& ObjectTemplate::bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
  Bytes& kept = values_.emplace_back(value.begin(), value.end());
  entries_.push_back({type, kept.data(), static_cast<CK_ULONG>(kept.size())});
  return *this;
}

ObjectTemplate& ObjectTemplate::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, view_of(value));
}

ObjectTemplate& ObjectTemplate::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const std::uint8_t byte = value ? CK_TRUE : CK_FALSE;
  return bytes(type, {&byte, 1});
}

ObjectTemplate& ObjectTemplate::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return bytes(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

CK_RV login_with(CK_FUNCTION_LIST& functions, CK_SESSION_HANDLE session, CK_USER_TYPE user,
                 const std::optional<Secret>& secret) {
  if (!secret) return functions.C_Login(session, user, nullptr, 0);
  // PKCS#11 takes PINs through a pointer to non-const bytes, and does not change them.
  return functions.C_Login(session, user, const_cast<CK_UTF8CHAR*>(secret->reveal().data()),
                           static_cast<CK_ULONG>(secret->size()));
}

}  // namespace signet::keygen
