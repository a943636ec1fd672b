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
    file,         // "file:/path": its owner's, or root's and readable by this process's group
                  // (Readers::owner_own_group); one trailing line end is dropped
    environment,  // "env:NAME": weaker, see docs/security.md
    systemd_credential,  // "systemd:NAME": $CREDENTIALS_DIRECTORY/NAME
    command,             // "command:/path arg …": its standard output, 10 s at most, no shell
  };
  Kind kind = Kind::file;
  std::string name;  // what follows the colon

  bool operator==(const CredentialSource&) const = default;

  // An error's text says which forms there are.
  static Result<CredentialSource, std::string> parse(std::string_view text);

  // False where this process was not given it: a file or a program to which its user has no right, an absent variable or
  // systemd credential. Then there is no password for this process, and whoever sits before it is asked for a PIN.
  bool is_given() const;

  // Reads it again each time, so that a changed password needs no restart. The error is a sentence
  // without the secret.
  Result<Secret, std::string> read() const;
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CREDENTIAL_SOURCE_H_
