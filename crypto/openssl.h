// OpenSSL for programs of our own: one library context with the default provider and no configuration file (which might
// load a PKCS#11 module of its own), and what needs it.
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

// A read-only BIO over bytes that must outlive it.
BioPtr bio_over(ByteView bytes);

// "-----BEGIN NAME-----" …
std::string to_pem(const char* name, ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_OPENSSL_H_
