#include "config/trust_anchor.h"

#include <fmt/format.h>

#include "common/log.h"
#include "common/trusted_file.h"
#include "config/default_folders.h"

namespace signet::config {

namespace fs = std::filesystem;

namespace {

using Found = Result<std::optional<TrustAnchor>, SignatureError>;

Found anchor_of(const fs::path& file, const Bytes& content) {
  const auto key = parse_public_key(text_of(content));
  if (!key) return SignatureError{fmt::format("{}: {}", file.string(), key.error().sentence)};
  return std::optional(TrustAnchor{file, key.value()});
}

// Nothing where there is no such file.
Found installed_at(const fs::path& file) {
  const auto content = read_trusted(file, {.most = kLargestKeyFile, .owners = Owners::root});
  if (content) return anchor_of(file, content.value());
  if (content.error().missing) return std::optional<TrustAnchor>();
  return SignatureError{fmt::format("the trust anchor of signed configurations cannot be used: {}",
                                    content.error().sentence)};
}

}  // namespace

fs::path installed_anchor_file() {
  return SIGNET_CONFIG_ANCHOR;
}

fs::path former_anchor_file(const fs::path& installed) {
  return installed.parent_path() / "seal.pub";
}

std::string named_anchor_file() {
  std::string named = environment("SIGNET_CONFIG_ANCHOR");
  if (!named.empty()) return named;
  named = environment("SIGNET_SEAL_ANCHOR");
  if (!named.empty()) {
    log::warn("SIGNET_SEAL_ANCHOR is the former name of SIGNET_CONFIG_ANCHOR, and ends with 0.2");
  }
  return named;
}

Found find_anchor(const fs::path& installed, const std::string& named) {
  BOOST_OUTCOME_TRY(auto fixed, installed_at(installed));
  if (fixed) return fixed;
  const fs::path former = former_anchor_file(installed);
  BOOST_OUTCOME_TRY(fixed, installed_at(former));
  if (fixed) {
    log::warn("{}: the trust anchor's name is now {}; rename it, the old name ends with 0.2",
              former.string(), installed.string());
    return fixed;
  }
  if (named.empty()) return std::optional<TrustAnchor>();
  const auto content = read_trusted(named, {.most = kLargestKeyFile});
  if (content) return anchor_of(named, content.value());
  return SignatureError{
      fmt::format("the trust anchor that SIGNET_CONFIG_ANCHOR names cannot be used: {}",
                  content.error().sentence)};
}

}  // namespace signet::config
