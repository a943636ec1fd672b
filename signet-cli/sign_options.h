// How a signature is made: the options that `csr`, `sign` and `verify` share, and what they mean for a key.
#ifndef SIGNET_SIGNET_CLI_SIGN_OPTIONS_H_
#define SIGNET_SIGNET_CLI_SIGN_OPTIONS_H_

#include <string>

#include "pkcs11-client/key_type.h"
#include "signet-cli/command.h"

namespace signet::cli {

struct SignOptions {
  std::string hash;  // --hash; empty: the one that fits the key
  bool pss = false;  // --pss
};

// Adds --hash and --pss.
void add_sign_options(CLI::App& command, SignOptions& options);

// "SHA256", "SHA384" or "SHA512".
std::string hash_of(const SignOptions& options, const pkcs11::KeyType& type);

// "RSA-PKCS1", "RSA-PSS", "ECDSA" or "Ed25519", with the hash where there is one.
std::string algorithm_of(const SignOptions& options, const pkcs11::KeyType& type);

// not_supported where the key cannot sign so.
pkcs11::TokenResult<void> check_sign_options(const SignOptions& options,
                                             const pkcs11::KeyType& type);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SIGN_OPTIONS_H_
