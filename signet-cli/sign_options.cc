#include "signet-cli/sign_options.h"

#include <fmt/format.h>

namespace signet::cli {

using pkcs11::Reason;
using pkcs11::token_error;

void add_sign_options(CLI::App& command, SignOptions& options) {
  command
      .add_option("--hash", options.hash, "SHA256, SHA384 or SHA512; default: what fits the key")
      ->check(CLI::IsMember({"SHA256", "SHA384", "SHA512"}, CLI::ignore_case))
      ->type_name("HASH");
  command.add_flag("--pss", options.pss, "RSASSA-PSS, for RSA keys");
}

std::string hash_of(const SignOptions& options, const pkcs11::KeyType& type) {
  if (!options.hash.empty()) return options.hash;
  if (type.kind == crypto::KeyType::ec && type.bits > 384) return "SHA512";
  return type.kind == crypto::KeyType::ec && type.bits > 256 ? "SHA384" : "SHA256";
}

std::string algorithm_of(const SignOptions& options, const pkcs11::KeyType& type) {
  if (type.kind == crypto::KeyType::edwards) return type.text();
  const char* const scheme = type.kind == crypto::KeyType::ec ? "ECDSA"
                             : options.pss                    ? "RSA-PSS"
                                                              : "RSA-PKCS1";
  return fmt::format("{} with {}", scheme, hash_of(options, type));
}

pkcs11::TokenResult<void> check_sign_options(const SignOptions& options,
                                             const pkcs11::KeyType& type) {
  if (!type.kind)
    return token_error(Reason::not_supported,
                       fmt::format("keys of type {} are not used here", type.text()));
  if (options.pss && type.kind != crypto::KeyType::rsa)
    return token_error(Reason::not_supported,
                       fmt::format("--pss is for RSA keys; this one is {}", type.text()));
  if (!options.hash.empty() && type.kind == crypto::KeyType::edwards)
    return token_error(Reason::not_supported, "Ed25519 has its own hash: leave --hash out");
  return success();
}

}  // namespace signet::cli
