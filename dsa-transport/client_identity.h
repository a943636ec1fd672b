// What a connection shows of itself in mutual TLS where its key is on a token.
#ifndef SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_
#define SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_

#include <memory>
#include <string>

#include "config/config.h"
#include "pkcs11-client/tls_key.h"

struct ssl_ctx_st;

namespace signet::transport {

// Belongs to one connection, which outlives its handshakes; used by one thread at a time.
class ClientIdentity {
 public:
  // `certificate.key` is a pkcs11: URI; `certificate.certificate` one too, or a PEM file.
  explicit ClientIdentity(const config::ClientCertificate& certificate)
      : certificate_(certificate) {}

  // Certificate and key into the context of a coming handshake. They are looked up at the first
  // one. False, with a complaint, where the token does not serve.
  bool install(ssl_ctx_st* context);

  // What went wrong with token, certificate or key, here or in the handshake; empty: nothing.
  const std::string& complaint() const;

  // In a child after fork(): the token's session is the parent's, and is left alone.
  void abandon() { (void)key_.release(); }

 private:
  bool install_certificate(ssl_ctx_st* context);
  bool install_key(ssl_ctx_st* context);
  bool complain(std::string sentence);

  const config::ClientCertificate certificate_;
  std::unique_ptr<pkcs11::TlsKey> key_;
  std::string complaint_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_
