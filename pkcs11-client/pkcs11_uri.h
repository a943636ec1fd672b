// URIs of RFC 7512 that name a key or a certificate on a PKCS#11 token, as far as client_certificate and
// client_key take them.
#ifndef SIGNET_PKCS11_CLIENT_PKCS11_URI_H_
#define SIGNET_PKCS11_CLIENT_PKCS11_URI_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/result.h"
#include "config/credential_source.h"

namespace signet::pkcs11 {

// What is empty or absent matches anything.
struct Pkcs11Uri {
  std::string token;         // CKA_LABEL of the token, without its padding
  std::string serial;        // of the token
  std::string manufacturer;  // of the token
  std::string model;         // of the token
  std::string object;        // CKA_LABEL
  std::string id;            // CKA_ID, any bytes
  std::string module_path;   // absolute; never empty
  std::optional<config::CredentialSource> pin;

  bool operator==(const Pkcs11Uri&) const = default;

  // The error is a sentence. Refused: attributes that are not listed above (type=private and type=cert are
  // accepted and mean nothing), pin-value (a PIN does not belong into a configuration), a URI without
  // module-path, one that names neither object nor id.
  static Result<Pkcs11Uri, std::string> parse(std::string_view text);
};

bool is_pkcs11_uri(std::string_view text);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_PKCS11_URI_H_
