// What the configuration says of a token's dialect: which protocol its service speaks, and the settings of each.
#ifndef SIGNET_CONFIG_DIALECTS_H_
#define SIGNET_CONFIG_DIALECTS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/credential_source.h"
#include "pinning/pins.h"

namespace signet::config {

enum class Dialect {
  native,  // Signet's own REST contract
  csc,     // the API of the Cloud Signature Consortium, 1.0.4 and 2
  sapiws,  // the SOAP service of a DocuSign or CoSign appliance
};
std::string_view name_of(Dialect dialect);  // as the configuration writes it

// [token.csc]
struct CscConfig {
  // How the service knows this client.
  enum class Access {
    oauth2,       // client credentials: `client_id` and `secret`, or the token's client certificate
    login,        // auth/login with HTTP Basic: the token's user and `secret`
    bearer,       // `secret` is an access token that somebody else renews
    certificate,  // the token's client certificate is enough
    none,         // the service asks for nothing
  };
  Access access = Access::oauth2;
  std::string client_id;  // empty: the token's user
  std::optional<CredentialSource> secret;
  std::string scope = "service";

  // The authorization server where it is another host than the service; empty URL: it is the service, or a path of its
  // host.
  std::string oauth2_url;  // of the token endpoint, "https://host:port/path"
  pinning::PinSet oauth2_pins;

  bool asynchronous = false;  // signatures by operation mode "A" and polling (version 2)

  struct Key {
    std::string credential;  // the service's credentialID
    std::string label;       // CKA_LABEL, bytes of UTF-8

    bool operator==(const Key&) const = default;
  };
  std::vector<Key> keys;  // those that have a label of their own

  bool operator==(const CscConfig&) const = default;
};
std::string_view name_of(CscConfig::Access access);

// [token.sapiws]: firmwares differ in what they want to see.
struct SapiwsConfig {
  std::string domain;       // NameQualifier of the user's name: the Active Directory domain
  bool pkcs1_flag = false;  // send AR_SAPI_SIG_PKCS1 (0x80000) with the hash flags
  bool pss = false;         // the firmware signs RSA-PSS (flag 0x1)
  // Each signature wants a second credential; the service does not tell.
  bool prompt_for_sign = false;

  // How a signature names its certificate.
  enum class Selector { certificate, ski, issuer_serial, none };
  Selector selector = Selector::certificate;

  bool operator==(const SapiwsConfig&) const = default;
};
std::string_view name_of(SapiwsConfig::Selector selector);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_DIALECTS_H_
