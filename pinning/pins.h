// Certificate pins: SHA-256 over the DER SubjectPublicKeyInfo of the appliance's TLS certificate (the form
// of RFC 7469 and curl: "sha256//" and 44 characters of base64).
#ifndef SIGNET_PINNING_PINS_H_
#define SIGNET_PINNING_PINS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"

namespace signet::pinning {

class Pin {
 public:
  // "sha256//…="; anything else, also base64 of another length, gives nothing.
  static std::optional<Pin> parse(std::string_view text);

  // Of a DER SubjectPublicKeyInfo.
  static Pin of_public_key(ByteView spki);

  std::string text() const;

  bool operator==(const Pin&) const = default;

 private:
  std::array<std::uint8_t, 32> digest_{};
};

// The pins of one member: a live one and its backups. An empty set matches nothing: trust is fail-closed.
class PinSet {
 public:
  PinSet() = default;
  explicit PinSet(std::vector<Pin> pins) : pins_(std::move(pins)) {}

  bool matches(const Pin& seen) const;
  bool empty() const { return pins_.empty(); }
  const std::vector<Pin>& all() const { return pins_; }

  // For curl and for error texts: the pins separated by ";".
  std::string text() const;

  bool operator==(const PinSet&) const = default;

 private:
  std::vector<Pin> pins_;
};

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_PINS_H_
