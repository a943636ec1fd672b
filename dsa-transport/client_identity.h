// What a connection shows of itself in mutual TLS. libcurl gets neither certificate nor key: it would read them under the
// security level of the host's OpenSSL configuration.
#ifndef SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_
#define SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_

#include <memory>
#include <string>

#include "config/config.h"
#include "https/client/identity.h"
#include "pkcs11-client/tls_key.h"

namespace signet::transport {

class ClientIdentity final : public https::Identity {
 public:
  // Both of its fields are a pkcs11: URI or a PEM file.
  explicit ClientIdentity(const config::ClientCertificate& certificate)
      : certificate_(certificate) {}

  // They are read at each handshake; a key on a token is looked up at the first.
  bool install(ssl_ctx_st* context) override;
  const std::string& complaint() const override;
  void abandon() override { (void)key_.release(); }  // the token's session is the parent's

 private:
  bool install_certificate(ssl_ctx_st* context);
  bool install_key(ssl_ctx_st* context);
  bool complain(std::string sentence);

  const config::ClientCertificate certificate_;
  std::unique_ptr<pkcs11::TlsKey> key_;  // null: in a file
  std::string complaint_;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_CLIENT_IDENTITY_H_
