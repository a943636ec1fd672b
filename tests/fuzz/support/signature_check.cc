#include "tests/fuzz/support/signature_check.h"

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

namespace signet::fuzz {
namespace {

using transport::Algorithm;
using transport::Hash;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)>;

const EVP_MD* digest_of(Hash hash) {
  switch (hash) {
    case Hash::none:
      return nullptr;
    case Hash::sha1:
      return EVP_sha1();
    case Hash::sha224:
      return EVP_sha224();
    case Hash::sha256:
      return EVP_sha256();
    case Hash::sha384:
      return EVP_sha384();
    case Hash::sha512:
      break;
  }
  return EVP_sha512();
}

int padding_of(Algorithm algorithm) {
  if (algorithm == Algorithm::rsa_pss) return RSA_PKCS1_PSS_PADDING;
  return algorithm == Algorithm::rsa_raw ? RSA_NO_PADDING : RSA_PKCS1_PADDING;
}

Bytes der_of(ByteView parts) {
  const auto half = static_cast<int>(parts.size() / 2);
  const EcdsaSignature signature(ECDSA_SIG_new(), &ECDSA_SIG_free);
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(parts.data(), half, nullptr),
                 BN_bin2bn(parts.data() + half, half, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

bool verify_ed25519(EVP_PKEY* key, ByteView message, ByteView signature) {
  const DigestContext context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

}  // namespace

bool is_good_signature(EVP_PKEY* key, const transport::SignRequest& request, ByteView signature) {
  if (request.digests.size() != 1) return false;
  const Bytes& digest = request.digests.front();
  if (request.algorithm == Algorithm::ed25519) return verify_ed25519(key, digest, signature);
  const KeyContext context(EVP_PKEY_CTX_new(key, nullptr), &EVP_PKEY_CTX_free);
  if (EVP_PKEY_verify_init(context.get()) != 1) return false;
  Bytes form = copy_of(signature);
  if (request.algorithm == Algorithm::ecdsa) {
    form = der_of(signature);
  } else {
    EVP_PKEY_CTX_set_rsa_padding(context.get(), padding_of(request.algorithm));
    const EVP_MD* md = digest_of(request.hash);
    if (md != nullptr) EVP_PKEY_CTX_set_signature_md(context.get(), md);
    if (request.algorithm == Algorithm::rsa_pss) {
      EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(request.salt_length));
    }
  }
  return EVP_PKEY_verify(context.get(), form.data(), form.size(), digest.data(), digest.size()) ==
         1;
}

}  // namespace signet::fuzz
