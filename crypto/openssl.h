// OpenSSL for programs of our own: a library context of our own with the default provider and no
// configuration file (which might load a PKCS#11 module of its own), and owners for its objects.
#ifndef SIGNET_CRYPTO_OPENSSL_H_
#define SIGNET_CRYPTO_OPENSSL_H_

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet {

using NamePtr = OpensslPtr<X509_NAME, X509_NAME_free>;
using RequestPtr = OpensslPtr<X509_REQ, X509_REQ_free>;

struct CertificateStackDeleter {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using CertificateStackPtr = std::unique_ptr<STACK_OF(X509), CertificateStackDeleter>;

}  // namespace signet

namespace signet::crypto {

// Lives until the process ends.
OSSL_LIB_CTX* library_context();

// The newest of OpenSSL's errors in this thread as text, for the end of a sentence; empties them.
std::string openssl_reason();

Bytes sha256(ByteView data);

// The DER of an OpenSSL object, by its i2d function; empty where that fails.
template <typename T, typename Encode>
Bytes der_of(const T* object, Encode encode) {
  unsigned char* out = nullptr;
  const int size = encode(object, &out);
  if (size <= 0) return {};
  Bytes der(out, out + size);
  OPENSSL_free(out);
  return der;
}

// A read-only BIO over bytes that must outlive it.
BioPtr bio_over(ByteView bytes);
std::string text_in(BIO* memory);

// "-----BEGIN NAME-----" …
std::string to_pem(const char* name, ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_OPENSSL_H_
