#include "config/serial_maker.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <stdexcept>

#include "common/bytes.h"
#include "config/config.h"

namespace signet::config {

// The length keeps ("a", "bc") apart from ("ab", "c").
std::string SerialMaker::serial_of(std::string_view label, std::string_view user) {
  const std::string name = fmt::format("{}:{}{}", label.size(), label, user);
  if (!openssl_) openssl_.emplace();
  std::array<std::uint8_t, 32> digest{};
  if (!openssl_->context || EVP_Q_digest(openssl_->context.get(), "SHA256", nullptr, name.data(),
                                         name.size(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  return to_hex(ByteView(digest).first(8));
}

std::string serial_of(std::string_view label, std::string_view user) {
  return SerialMaker().serial_of(label, user);
}

}  // namespace signet::config
