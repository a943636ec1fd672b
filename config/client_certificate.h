// The certificate with which a connection shows who we are (mutual TLS).
#ifndef SIGNET_CONFIG_CLIENT_CERTIFICATE_H_
#define SIGNET_CONFIG_CLIENT_CERTIFICATE_H_

#include <string>

namespace signet::config {

struct ClientCertificate {
  std::string
      certificate;  // PEM file, absolute path; or a pkcs11: URI (token_place.h) where the key is one
  std::string key;  // PEM file, absolute path; or a pkcs11: URI

  bool operator==(const ClientCertificate&) const = default;
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CLIENT_CERTIFICATE_H_
