// Where a password comes from when C_Login is called without a PIN.
#ifndef SIGNET_CONFIG_CREDENTIAL_SOURCE_H_
#define SIGNET_CONFIG_CREDENTIAL_SOURCE_H_

#include <string>
#include <string_view>

#include "common/result.h"
#include "common/secret.h"

namespace signet::config {

struct CredentialSource {
  enum class Kind {
    file,                // "file:/path": owner-only, one trailing line end is dropped
    environment,         // "env:NAME": weaker, see docs/security.md
    systemd_credential,  // "systemd:NAME": $CREDENTIALS_DIRECTORY/NAME
    command,             // "command:/path arg …": its standard output, 10 s at most, no shell
  };
  Kind kind = Kind::file;
  std::string name;  // what follows the colon

  bool operator==(const CredentialSource&) const = default;

  // An error's text says which forms there are.
  static Result<CredentialSource, std::string> parse(std::string_view text);

  // Reads it anew each time, so that a changed password needs no restart. The error is a sentence
  // without the secret.
  Result<Secret, std::string> read() const;
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CREDENTIAL_SOURCE_H_
