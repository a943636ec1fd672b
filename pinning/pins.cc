#include "pinning/pins.h"

#include <openssl/sha.h>

#include <algorithm>

#include "crypto/base64.h"

namespace signet::pinning {

namespace {

constexpr std::string_view kPrefix = "sha256//";

}  // namespace

std::optional<Pin> Pin::parse(std::string_view text) {
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const auto digest = crypto::from_base64(text.substr(kPrefix.size()));
  Pin pin;
  if (!digest || digest->size() != pin.digest_.size()) return std::nullopt;
  std::ranges::copy(*digest, pin.digest_.begin());
  return pin;
}

Pin Pin::of_public_key(ByteView spki) {
  Pin pin;
  // Should it fail, the digest stays zero and matches no real pin.
  SHA256(spki.data(), spki.size(), pin.digest_.data());
  return pin;
}

std::string Pin::text() const {
  return std::string(kPrefix) + crypto::to_base64(digest_);
}

bool PinSet::matches(const Pin& seen) const {
  return std::ranges::find(pins_, seen) != pins_.end();
}

std::string PinSet::text() const {
  std::string text;
  for (const Pin& pin : pins_) {
    if (!text.empty()) text += ';';
    text += pin.text();
  }
  return text;
}

}  // namespace signet::pinning
