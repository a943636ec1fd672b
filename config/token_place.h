// Where client_certificate and client_key are where they are not files: on a token of another PKCS#11 module.
#ifndef SIGNET_CONFIG_TOKEN_PLACE_H_
#define SIGNET_CONFIG_TOKEN_PLACE_H_

#include <optional>
#include <string>

#include "common/result.h"
#include "config/credential_source.h"
#include "pkcs11-client/uri.h"

namespace signet::config {

struct TokenPlace {
  pkcs11::Uri uri;                      // with an absolute module_path, and an object or an id
  std::optional<CredentialSource> pin;  // its pin-source

  // The error is a sentence. Refused beside what is no URI: one without module-path, one that names neither object nor
  // id, and other types than private and cert, which mean nothing here.
  static Result<TokenPlace, std::string> parse(const std::string& text);
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TOKEN_PLACE_H_
