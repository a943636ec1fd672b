// A private key on a token, for mutual TLS inside a program that is not ours.
//
// The token's module is loaded into the host's process, where the host may use it as well. It is initialised where
// nobody has done so, and then stays loaded and initialised until the process ends: taking it down could take it away
// from others. What holds for our own module need not hold for that one: deadlines, threads, forks.
#ifndef SIGNET_PKCS11_CLIENT_TLS_KEY_H_
#define SIGNET_PKCS11_CLIENT_TLS_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <string>

#include "common/bytes.h"
#include "pkcs11-client/provider_key.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

// Owns a session. Used by one thread at a time. Outlives everything that holds its EVP_PKEY. In a child after fork()
// the session is the parent's: leave the object alone there, release it and do not destroy it.
class TlsKey {
 public:
  // The one private key that the URI names, after a login where there is a PIN to ask `pin` for (empty: no login).
  // `public_key`: DER SubjectPublicKeyInfo, from the certificate; RSA and EC. For TLS 1.3 an RSA key's token must offer
  // CKM_RSA_PKCS_PSS. Refused: this very module, and a call that comes out of another module's call.
  static TokenResult<std::unique_ptr<TlsKey>> open(const Uri& uri, const PinProvider& pin,
                                                   ByteView public_key);
  ~TlsKey();
  TlsKey(const TlsKey&) = delete;
  TlsKey& operator=(const TlsKey&) = delete;

  EVP_PKEY* get() const { return key_->get(); }

  // Why the token did not sign; empty where it did.
  const std::string& complaint() const { return complaint_; }

 private:
  TlsKey() = default;
  Bytes sign(const Key& key, const DigestSignature& wish, ByteView digest);

  std::unique_ptr<TokenSession> session_;
  std::unique_ptr<ProviderKey> key_;
  std::string complaint_;
};

// The DER certificate on a token.
TokenResult<Bytes> read_certificate(const Uri& uri, const PinProvider& pin);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_TLS_KEY_H_
