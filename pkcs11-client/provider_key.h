// A key whose private half is elsewhere, as an OpenSSL key: X509_REQ_sign, CMS_sign, TLS and
// everything else that takes an EVP_PKEY works with it. A small provider inside the program
// ("signet-token") hashes here and hands each digest, or for Ed25519 each message, to a function, which may call C_Sign.
//
// The provider lives in a library context of the key's own: neither OpenSSL's default context nor the host's
// configuration and engines meet it, and whoever uses the key may do so under any context of his.
#ifndef SIGNET_PKCS11_CLIENT_PROVIDER_KEY_H_
#define SIGNET_PKCS11_CLIENT_PROVIDER_KEY_H_

#include <openssl/types.h>

#include <functional>
#include <memory>
#include <string>

#include "common/bytes.h"
#include "crypto/library_context.h"

namespace signet::pkcs11 {

struct DigestSignature {
  enum class Scheme { rsa_pkcs1, rsa_pss, ecdsa, eddsa };

  Scheme scheme = Scheme::rsa_pkcs1;
  std::string hash =
      "SHA256";  // "SHA256", "SHA384", "SHA512", …: what the digest was made with; EdDSA: empty
  std::string mgf_hash = "SHA256";  // PSS
  std::size_t salt_length = 0;      // PSS; bytes
};

// Signs a digest, or for EdDSA the message itself. RSA: as long as the modulus; ECDSA: a DER sequence of r and s; EdDSA:
// as RFC 8032 has it. Empty: it failed; whoever gave the function keeps the reason. Called in the thread that signs.
using DigestSigner = std::function<Bytes(const DigestSignature&, ByteView digest)>;

// Owns the EVP_PKEY and its library context, and outlives everything else that holds the EVP_PKEY.
class ProviderKey {
 public:
  // `public_key`: DER SubjectPublicKeyInfo, RSA, EC or Ed25519. Empty where OpenSSL refuses; the error queue says why.
  static std::unique_ptr<ProviderKey> make(ByteView public_key, DigestSigner signer);
  ProviderKey(const ProviderKey&) = delete;
  ProviderKey& operator=(const ProviderKey&) = delete;
  ~ProviderKey();

  EVP_PKEY* get() const { return key_; }

 private:
  ProviderKey() = default;

  crypto::LibraryContext context_;
  OSSL_PROVIDER* own_ = nullptr;
  EVP_PKEY* key_ = nullptr;
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_PROVIDER_KEY_H_
