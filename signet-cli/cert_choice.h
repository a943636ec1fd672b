// Which certificate of a token a subcommand is about.
#ifndef SIGNET_SIGNET_CLI_CERT_CHOICE_H_
#define SIGNET_SIGNET_CLI_CERT_CHOICE_H_

#include <memory>
#include <string>

#include "signet-cli/output.h"
#include "signet-cli/token_options.h"

namespace signet::cli {

struct CertificateName {
  std::string name;    // label or URI
  std::string id;      // hexadecimal; empty: any
  std::string serial;  // hexadecimal, colons between the bytes or none; empty: any
};

// Adds CERT, --id and --serial.
void add_certificate_name(CLI::App& command, CertificateName& name);

struct OpenCertificate {
  std::unique_ptr<pkcs11::TokenSession> token;
  Held held;
};

// Exactly one: not_found or ambiguous otherwise.
pkcs11::TokenResult<OpenCertificate> open_certificate(const TokenOptions& options,
                                                      const CertificateName& name, Login login);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_CERT_CHOICE_H_
