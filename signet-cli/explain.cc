#include "signet-cli/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "config/config.h"

namespace signet::cli {

namespace {

// Codes that say little: their sentence is in the log.
constexpr std::array kVague = {CKR_GENERAL_ERROR,  CKR_FUNCTION_FAILED, CKR_DEVICE_ERROR,
                               CKR_DEVICE_REMOVED, CKR_HOST_MEMORY,     CKR_ARGUMENTS_BAD};

std::string place_of_log(const std::string& to) {
  if (to == "stderr") return "the lines above say why";
  if (to == "journald" || to == "syslog") return "the log says why: journalctl --identifier=signet";
  return "the log says why: " + to;
}

std::optional<std::string> fault_of_credential(const config::Config& config) {
  for (const config::TokenConfig& token : config.tokens) {
    if (!token.credential) continue;
    const auto secret = token.credential->read();
    if (!secret)
      return fmt::format("the credential of token \"{}\": {}", token.label, secret.error());
  }
  return std::nullopt;
}

}  // namespace

pkcs11::TokenError explained(pkcs11::TokenError failure) {
  if (std::find(kVague.begin(), kVague.end(), failure.rv) == kVague.end()) return failure;
  const auto config = config::load_config();
  if (!config) {
    return {failure.reason, config.error().sentence};
  }
  const bool before_asking = failure.rv == CKR_FUNCTION_FAILED || failure.rv == CKR_ARGUMENTS_BAD;
  const auto fault = before_asking ? fault_of_credential(config.value()) : std::nullopt;
  return {failure.reason,
          failure.sentence + "; " + fault.value_or(place_of_log(config.value().log.to))};
}

}  // namespace signet::cli
