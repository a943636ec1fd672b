#include "signet-cli/pin.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "config/credential_source.h"
#include "signet-cli/ask_secret.h"

namespace signet::cli {
namespace {

using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenInfo;
using pkcs11::TokenResult;

TokenResult<std::optional<Secret>> from_file(const std::string& file) {
  std::error_code unresolved;
  const auto path = std::filesystem::absolute(file, unresolved);
  auto secret = config::CredentialSource{config::CredentialSource::Kind::file, path}.read();
  if (!secret) return token_error(Reason::pin, "the PIN: " + secret.error());
  return std::optional<Secret>(std::move(secret).value());
}

// RFC 7512: "file:/path" or "file:///path"; p11-kit's programs take a bare path as well.
std::string path_of(std::string source) {
  for (const std::string_view scheme : {"file://", "file:"})
    if (source.starts_with(scheme)) return source.substr(scheme.size());
  return source;
}

std::optional<Secret> from_environment(const char* name) {
  const char* value = secure_getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return Secret(std::string_view(value));
}

// `what` is asked for; the sentence says which option and variable would do as well.
TokenResult<std::optional<Secret>> from_terminal(const std::string& what, const char* option,
                                                 const char* variable) {
  auto secret = ask_secret(what);
  if (secret) return std::optional<Secret>(std::move(secret).value());
  return token_error(Reason::pin, fmt::format("the {} is needed, and {}: give {}, or set {}", what,
                                              secret.error(), option, variable));
}

}  // namespace

pkcs11::PinProvider pin_provider(const PinChoice& choice) {
  return [choice](const TokenInfo& info) -> TokenResult<std::optional<Secret>> {
    const bool has_own = (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    if (has_own && choice.file.empty() && choice.source.empty() && !from_environment(kPinVariable))
      return std::optional<Secret>();
    return given_pin_provider(choice)(info);
  };
}

pkcs11::PinProvider given_pin_provider(const PinChoice& choice) {
  return [choice](const TokenInfo& info) -> TokenResult<std::optional<Secret>> {
    if (!choice.file.empty()) return from_file(choice.file);
    if (!choice.source.empty()) return from_file(path_of(choice.source));
    if (auto secret = from_environment(kPinVariable)) return secret;
    return from_terminal(fmt::format("PIN of the token \"{}\"", info.label), "--pin-file",
                         kPinVariable);
  };
}

pkcs11::PinProvider remembered(pkcs11::PinProvider pin) {
  struct Answer {
    bool given = false;
    std::optional<Secret> secret;
  };
  return [pin = std::move(pin), known = std::make_shared<Answer>()](
             const TokenInfo& info) -> TokenResult<std::optional<Secret>> {
    if (!known->given) {
      BOOST_OUTCOME_TRY(known->secret, pin(info));
      known->given = true;
    }
    return known->secret;
  };
}

pkcs11::PinProvider new_pin_provider(const std::string& file) {
  return [file](const TokenInfo& info) -> TokenResult<std::optional<Secret>> {
    if (!file.empty()) return from_file(file);
    if (auto secret = from_environment(kNewPinVariable)) return secret;
    const std::string what = fmt::format("New PIN of the token \"{}\"", info.label);
    BOOST_OUTCOME_TRY(auto once, from_terminal(what, "--new-pin-file", kNewPinVariable));
    BOOST_OUTCOME_TRY(const auto twice,
                      from_terminal(what + " again", "--new-pin-file", kNewPinVariable));
    if (*once == *twice) return once;
    return token_error(Reason::pin, "the two new PINs differ");
  };
}

pkcs11::PinProvider signing_pin_provider(const std::string& file) {
  return [file](const TokenInfo& info) -> TokenResult<std::optional<Secret>> {
    if (!file.empty()) return from_file(file);
    if (auto secret = from_environment(kSigningPinVariable)) return secret;
    return from_terminal(
        fmt::format("second credential for a signature of the token \"{}\"", info.label),
        "--sign-pin-file", kSigningPinVariable);
  };
}

}  // namespace signet::cli
