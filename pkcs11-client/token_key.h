// A private key on a token of another PKCS#11 module, in the form in which OpenSSL's TLS can use it.
#ifndef SIGNET_PKCS11_CLIENT_TOKEN_KEY_H_
#define SIGNET_PKCS11_CLIENT_TOKEN_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <string>

#include "common/result.h"
#include "pkcs11-client/pkcs11_uri.h"

namespace signet::pkcs11 {

// Used by one thread at a time. Outlives everything that holds its EVP_PKEY.
class TokenKey {
 public:
  // `public_key`: the other half, from the certificate. RSA and EC. An RSA key's token must offer CKM_RSA_X_509,
  // for OpenSSL pads PSS itself, which TLS 1.3 demands. The error is a sentence.
  static Result<std::unique_ptr<TokenKey>, std::string> open(const Pkcs11Uri& uri,
                                                             const EVP_PKEY* public_key);
  ~TokenKey();
  TokenKey(const TokenKey&) = delete;
  TokenKey& operator=(const TokenKey&) = delete;

  EVP_PKEY* get() const;

  // Why the token did not sign; empty where it did.
  const std::string& complaint() const;

  struct State;

 private:
  explicit TokenKey(std::unique_ptr<State> state);

  const std::unique_ptr<State> state_;
};

// The DER certificate on a token.
Result<Bytes, std::string> read_token_certificate(const Pkcs11Uri& uri);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_TOKEN_KEY_H_
