#include "softhsm-backend/public_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <stdexcept>

#include "crypto/openssl.h"
#include "crypto/public_key.h"

namespace signet::emulator {

namespace {

const std::shared_ptr<crypto::Context>& context() {
  static const auto made = crypto::Context::create().value();
  return made;
}

template <typename Result>
Bytes spki_of(const Result& key) {
  if (!key) throw std::runtime_error("the token gave a public key that cannot be read");
  return key.value()->spki();
}

}  // namespace

Bytes public_key_der(EVP_PKEY& key) {
  Bytes der = crypto::der_of(&key, i2d_PUBKEY);
  if (der.empty()) throw std::runtime_error("a public key cannot be encoded");
  return der;
}

Bytes rsa_public_key(ByteView modulus, ByteView exponent) {
  return spki_of(crypto::PublicKey::from_rsa(context(), modulus, exponent));
}

Bytes curve_public_key(crypto::Curve curve, ByteView point) {
  return spki_of(crypto::PublicKey::from_ec(context(), row_of(curve).oid, point));
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
