#include "softhsm-backend/public_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>

namespace signet::emulator {

namespace {

PkeyPtr key_from(const char* type, OSSL_PARAM_BLD& builder) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(&builder));
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    throw std::runtime_error("the token gave a public key that cannot be read");
  }
  return PkeyPtr(key);
}

BignumPtr number_from(ByteView bytes) {
  return BignumPtr(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

}  // namespace

const CurveRow* curve_named(std::string_view name) {
  const auto* row = std::ranges::find(kCurves, name, &CurveRow::name);
  return row == kCurves.end() ? nullptr : row;
}

const HashRow* hash_named(std::string_view name) {
  const auto* row = std::ranges::find(kHashes, name, &HashRow::name);
  return row == kHashes.end() ? nullptr : row;
}

Bytes public_key_der(EVP_PKEY& key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(&key, &der);
  if (size <= 0) throw std::runtime_error("a public key cannot be encoded");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

Bytes rsa_public_key(ByteView modulus, ByteView exponent) {
  const BignumPtr n = number_from(modulus);
  const BignumPtr e = number_from(exponent);
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder) throw std::bad_alloc();
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return public_key_der(*key_from("RSA", *builder));
}

Bytes ec_public_key(const CurveRow& curve, ByteView point) {
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder) throw std::bad_alloc();
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                  row_of(curve.curve).openssl_name, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return public_key_der(*key_from("EC", *builder));
}

std::optional<CertificateFacts> read_certificate(ByteView der) {
  const unsigned char* position = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  EVP_PKEY* key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  ERR_clear_error();
  if (key == nullptr || position != der.data() + der.size()) return std::nullopt;
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
  }
  CertificateFacts facts{.public_key = public_key_der(*key),
                         .issuer = X509_check_ca(certificate.get()) != 0};
  ERR_clear_error();
  return facts;
}

}  // namespace signet::emulator
