#include "crypto/testing/test_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <map>
#include <string>

#include "crypto/digest.h"
#include "crypto/openssl_ptr.h"

namespace signet::crypto {

namespace {

EVP_PKEY* generate(const char* type, const OSSL_PARAM* parameters) {
  EVP_PKEY_CTX* operation = EVP_PKEY_CTX_new_from_name(test_context()->get(), type, nullptr);
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_keygen_init(operation) == 1 && EVP_PKEY_CTX_set_params(operation, parameters) == 1) {
    EVP_PKEY_generate(operation, &key);
  }
  EVP_PKEY_CTX_free(operation);
  return key;
}

OSSL_PARAM text_parameter(const char* name, const char* value) {
  return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0);
}

}  // namespace

std::shared_ptr<Context> test_context() {
  // This and the keys are kept until the process ends, so that no order of destruction matters.
  static const auto& context = *new std::shared_ptr<Context>(Context::create().value());
  return context;
}

Bytes digest_of(Hash hash, ByteView data) {
  auto value = digest_of(test_context(), hash, data);
  return value ? value.assume_value() : Bytes{};
}

Bytes patterned(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return bytes;
}

const TestKey& TestKey::rsa(std::size_t bits) {
  static auto& keys = *new std::map<std::size_t, std::unique_ptr<TestKey>>();
  auto& key = keys[bits];
  if (key == nullptr) {
    const std::array parameters = {
        OSSL_PARAM_construct_size_t(OSSL_PKEY_PARAM_RSA_BITS, &bits),
        OSSL_PARAM_construct_end(),
    };
    key.reset(new TestKey(generate("RSA", parameters.data())));
  }
  return *key;
}

const TestKey& TestKey::on_curve(const char* name) {
  static auto& keys = *new std::map<std::string, std::unique_ptr<TestKey>>();
  auto& key = keys[name];
  if (key != nullptr) return *key;
  if (std::string_view(name) == "ED25519") {
    const OSSL_PARAM none = OSSL_PARAM_construct_end();
    key.reset(new TestKey(generate("ED25519", &none)));
  } else {
    const std::array parameters = {text_parameter(OSSL_PKEY_PARAM_GROUP_NAME, name),
                                   OSSL_PARAM_construct_end()};
    key.reset(new TestKey(generate("EC", parameters.data())));
  }
  return *key;
}

Bytes TestKey::spki() const {
  return der_of(key_, i2d_PUBKEY);
}

Bytes TestKey::certificate() const {
  X509* certificate = X509_new_ex(test_context()->get(), nullptr);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate),
                   EVP_PKEY_get_bits(key_));  // they all have one issuer
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key_);
  const bool edwards = EVP_PKEY_is_a(key_, "ED25519") == 1;
  Bytes der;
  EVP_MD* digest = edwards ? nullptr : EVP_MD_fetch(test_context()->get(), "SHA256", nullptr);
  if (X509_sign(certificate, key_, digest) > 0) der = der_of(certificate, i2d_X509);
  EVP_MD_free(digest);
  X509_free(certificate);
  return der;
}

Bytes TestKey::compressed_point() const {
  EVP_PKEY* copy = EVP_PKEY_dup(key_);
  EVP_PKEY_set_utf8_string_param(copy, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed");
  Bytes point(200);
  std::size_t size = 0;
  EVP_PKEY_get_octet_string_param(copy, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size);
  EVP_PKEY_free(copy);
  point.resize(size);
  return point;
}

std::shared_ptr<const PublicKey> TestKey::public_key() const {
  auto key = PublicKey::from_spki(test_context(), spki());
  return key ? key.assume_value() : nullptr;
}

Bytes TestKey::sign(const OSSL_PARAM* parameters, ByteView data) const {
  EVP_PKEY_CTX* operation = EVP_PKEY_CTX_new_from_pkey(test_context()->get(), key_, nullptr);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
  std::size_t size = signature.size();
  const bool good =
      EVP_PKEY_sign_init_ex(operation, parameters) == 1 &&
      EVP_PKEY_sign(operation, signature.data(), &size, data.data(), data.size()) == 1;
  EVP_PKEY_CTX_free(operation);
  signature.resize(good ? size : 0);
  return signature;
}

Bytes TestKey::sign_pkcs1(Hash hash, ByteView digest) const {
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_DIGEST, hash_name(hash)),
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_PKCSV15),
      OSSL_PARAM_construct_end(),
  };
  return sign(parameters.data(), digest);
}

Bytes TestKey::sign_pkcs1_raw(ByteView data) const {
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_PKCSV15),
      OSSL_PARAM_construct_end(),
  };
  return sign(parameters.data(), data);
}

Bytes TestKey::sign_unpadded(ByteView block) const {
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_NONE),
      OSSL_PARAM_construct_end(),
  };
  return sign(parameters.data(), block);
}

Bytes TestKey::sign_pss(Hash hash, Hash mgf_hash, int salt_length, ByteView digest) const {
  const std::array parameters = {
      text_parameter(OSSL_SIGNATURE_PARAM_DIGEST, hash_name(hash)),
      text_parameter(OSSL_SIGNATURE_PARAM_PAD_MODE, OSSL_PKEY_RSA_PAD_MODE_PSS),
      text_parameter(OSSL_SIGNATURE_PARAM_MGF1_DIGEST, hash_name(mgf_hash)),
      OSSL_PARAM_construct_int(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, &salt_length),
      OSSL_PARAM_construct_end(),
  };
  return sign(parameters.data(), digest);
}

Bytes TestKey::sign_ecdsa(ByteView digest) const {
  const Bytes der = sign(nullptr, digest);
  const unsigned char* position = der.data();
  ECDSA_SIG* numbers = d2i_ECDSA_SIG(nullptr, &position, static_cast<long>(der.size()));
  if (numbers == nullptr) return {};
  const int half = (EVP_PKEY_get_bits(key_) + 7) / 8;
  Bytes signature(2 * static_cast<std::size_t>(half));
  BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature.data(), half);
  BN_bn2binpad(ECDSA_SIG_get0_s(numbers), signature.data() + half, half);
  ECDSA_SIG_free(numbers);
  return signature;
}

Bytes TestKey::sign_eddsa(ByteView message) const {
  EVP_MD_CTX* operation = EVP_MD_CTX_new();
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
  std::size_t size = signature.size();
  const bool good =
      EVP_DigestSignInit_ex(operation, nullptr, nullptr, test_context()->get(), nullptr, key_,
                            nullptr) == 1 &&
      EVP_DigestSign(operation, signature.data(), &size, message.data(), message.size()) == 1;
  EVP_MD_CTX_free(operation);
  signature.resize(good ? size : 0);
  return signature;
}

}  // namespace signet::crypto
