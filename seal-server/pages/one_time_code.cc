#include "seal-server/pages/one_time_code.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

#include "crypto/context.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kCodeKeySize = 20;
constexpr std::int64_t kStepSeconds = 30;

// RFC 4648, 6, without padding, which these programs do not want.
std::string base32(ByteView octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  unsigned bits = 0;
  unsigned value = 0;
  for (const std::uint8_t octet : octets) {
    value = (value << 8U) | octet;
    for (bits += 8; bits >= 5; bits -= 5) text.push_back(kDigits[(value >> (bits - 5)) & 31U]);
    value &= (1U << bits) - 1;
  }
  if (bits > 0) text.push_back(kDigits[(value << (5 - bits)) & 31U]);
  return text;
}

std::string uri_text(std::string_view text) {
  std::string out;
  for (const char each : text) {
    const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                       (each >= '0' && each <= '9') || each == '-' || each == '.' || each == '_';
    if (plain) {
      out.push_back(each);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(each));
    }
  }
  return out;
}

}  // namespace

Bytes new_code_key() {
  Bytes key(kCodeKeySize);
  if (!crypto::random_bytes(key)) throw std::runtime_error("There is no randomness.");
  return key;
}

std::int64_t code_step(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count() /
         kStepSeconds;
}

std::string code_of_step(ByteView key, std::int64_t step) {
  std::array<std::uint8_t, 8> message;
  for (std::size_t i = 0; i < message.size(); ++i)
    message[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  std::array<std::uint8_t, 20> mac;
  std::size_t size = 0;
  const auto* done =
      EVP_Q_mac(crypto::library_context(), "HMAC", nullptr, "SHA1", nullptr, key.data(), key.size(),
                message.data(), message.size(), mac.data(), mac.size(), &size);
  if (done == nullptr || size != mac.size()) throw std::runtime_error("HMAC cannot be computed.");
  // RFC 4226, 5.3.
  const std::size_t at = mac.back() & 15U;
  const unsigned number = ((mac[at] & 127U) << 24U) | (static_cast<unsigned>(mac[at + 1]) << 16U) |
                          (static_cast<unsigned>(mac[at + 2]) << 8U) | mac[at + 3];
  return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> step_of_code(ByteView key, std::string_view code, std::int64_t now,
                                         std::int64_t last) {
  if (code.size() != kCodeDigits) return std::nullopt;
  std::optional<std::int64_t> found;
  for (std::int64_t step = now - 1; step <= now + 1; ++step) {
    const std::string right = code_of_step(key, step);
    if (CRYPTO_memcmp(right.data(), code.data(), kCodeDigits) == 0 && step > last) found = step;
  }
  return found;
}

std::string code_key_uri(std::string_view issuer, std::string_view user, ByteView key) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}", uri_text(issuer),
                     uri_text(user), base32(key));
}

}  // namespace signet::sealserver
