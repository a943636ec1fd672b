// Owners for OpenSSL's objects, and their bytes. Nothing here needs a library context.
#ifndef SIGNET_CRYPTO_OPENSSL_PTR_H_
#define SIGNET_CRYPTO_OPENSSL_PTR_H_

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "common/bytes.h"

namespace signet {

template <auto kFree>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};

template <typename T, auto kFree>
using OpensslPtr = std::unique_ptr<T, OpensslFree<kFree>>;

using BignumPtr = OpensslPtr<BIGNUM, BN_free>;
using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using DigestContextPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using ParamBuilderPtr = OpensslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParamsPtr = OpensslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using PkeyContextPtr = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using PkeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using X509Ptr = OpensslPtr<X509, X509_free>;
using NamePtr = OpensslPtr<X509_NAME, X509_NAME_free>;
using RequestPtr = OpensslPtr<X509_REQ, X509_REQ_free>;

}  // namespace signet

namespace signet::crypto {

// The DER of an OpenSSL object, by its i2d function; empty where that fails.
template <typename T, typename Encode>
Bytes der_of(const T* object, Encode encode) {
  const int size = encode(object, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* out = der.data();
  if (encode(object, &out) != size) der.clear();
  return der;
}

// What was written to a memory BIO.
std::string text_in(BIO* memory);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_OPENSSL_PTR_H_
