#include "config/seal_anchor.h"

#include <fmt/format.h>

#include "common/trusted_file.h"

namespace signet::config {

namespace {

Result<std::optional<SealAnchor>, SealError> anchor_of(const std::filesystem::path& file,
                                                       const Bytes& content) {
  const auto key = parse_public_key(text_of(content));
  if (key.has_error()) return SealError{fmt::format("{}: {}", file.string(), key.error().sentence)};
  return std::optional(SealAnchor{file, key.value()});
}

}  // namespace

std::filesystem::path installed_anchor_file() {
  return SIGNET_SEAL_ANCHOR;
}

Result<std::optional<SealAnchor>, SealError> find_anchor(const std::filesystem::path& installed,
                                                         const std::string& named) {
  const auto fixed = read_trusted(installed, {.most = kLargestKeyFile, .owners = Owners::root});
  if (fixed.has_value()) return anchor_of(installed, fixed.value());
  if (!fixed.error().missing) {
    return SealError{fmt::format("the trust anchor of sealed configurations cannot be used: {}",
                                 fixed.error().sentence)};
  }
  if (named.empty()) return std::optional<SealAnchor>();
  const auto other = read_trusted(named, {.most = kLargestKeyFile});
  if (other.has_value()) return anchor_of(named, other.value());
  return SealError{fmt::format("the trust anchor that SIGNET_SEAL_ANCHOR names cannot be used: {}",
                               other.error().sentence)};
}

}  // namespace signet::config
