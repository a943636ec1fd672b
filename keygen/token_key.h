// A key whose private half is elsewhere, as an OpenSSL key: X509_REQ_sign, CMS_sign, TLS and
// everything else that takes an EVP_PKEY works with it. A small provider inside the program
// ("signet-token") hashes here and hands each digest to a function, which may call C_Sign.
#ifndef SIGNET_KEYGEN_TOKEN_KEY_H_
#define SIGNET_KEYGEN_TOKEN_KEY_H_

#include <openssl/types.h>

#include <functional>
#include <memory>
#include <string>

#include "common/bytes.h"

namespace signet::keygen {

struct DigestSignature {
  enum class Scheme { rsa_pkcs1, rsa_pss, ecdsa };

  Scheme scheme = Scheme::rsa_pkcs1;
  std::string hash;             // "SHA256", "SHA384", "SHA512", …: what the digest was made with
  std::string mgf_hash;         // PSS
  std::size_t salt_length = 0;  // PSS; bytes
};

// Signs a digest: RSA as long as the modulus, ECDSA as a DER sequence of r and s. Empty: it failed;
// whoever gave the function keeps the reason. Called in the thread that signs.
using DigestSigner = std::function<Bytes(const DigestSignature&, ByteView digest)>;

// Owns the EVP_PKEY. Every key made of it must be gone before the library context is; the signer
// lives as long as the last reference to the key.
class TokenKey {
 public:
  // `context`: where the provider is added to, with a default provider that does the rest; null is
  // OpenSSL's own default context. `public_key`: DER SubjectPublicKeyInfo, RSA or EC. Empty where
  // OpenSSL refuses; the error queue says why.
  static std::unique_ptr<TokenKey> make(OSSL_LIB_CTX* context, ByteView public_key,
                                        DigestSigner signer);
  TokenKey(const TokenKey&) = delete;
  TokenKey& operator=(const TokenKey&) = delete;
  ~TokenKey();

  EVP_PKEY* get() const { return key_; }

 private:
  TokenKey() = default;

  OSSL_PROVIDER* provider_ = nullptr;
  EVP_PKEY* key_ = nullptr;
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_TOKEN_KEY_H_
