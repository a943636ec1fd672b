#include "conformance/profiles/verify.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>
#include <stdexcept>

#include "crypto/openssl_ptr.h"

namespace signet::profiles {
namespace {

BignumPtr big_number(const Bytes& bytes) {
  return BignumPtr(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

PkeyPtr make_key(const RsaKey& parts) {
  const BignumPtr modulus = big_number(parts.modulus);
  const BignumPtr exponent = big_number(parts.public_exponent);
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const ParamsPtr parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    throw std::runtime_error("modulus and exponent are no RSA key");
  }
  return PkeyPtr(key);
}

}  // namespace

bool is_rsa_sha256_signature(const RsaKey& key, ByteView data, ByteView signature) {
  const PkeyPtr public_key = make_key(key);
  const DigestContextPtr context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, public_key.get()) ==
             1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(),
                          data.size()) == 1;
}

}  // namespace signet::profiles
