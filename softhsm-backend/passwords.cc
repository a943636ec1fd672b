#include "softhsm-backend/passwords.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <stdexcept>

#include "softhsm-backend/encoding.h"

namespace signet::emulator {

namespace {

template <std::size_t kSize>
std::array<std::uint8_t, kSize> hmac(const EVP_MD* digest, ByteView key, ByteView data) {
  std::array<std::uint8_t, kSize> mac{};
  if (HMAC(digest, key.data(), static_cast<int>(key.size()), data.data(), data.size(), mac.data(),
           nullptr) == nullptr) {
    throw std::runtime_error("HMAC is not available");
  }
  return mac;
}

}  // namespace

void check_in_vain(const Secret& password) {
  static const std::string hash =
      fmt::format("scrypt${}${}", std::string(32, '0'), std::string(64, '0'));
  (void)password_matches(password, hash);
}

std::optional<PasswordFault> fault_of_password(std::string_view user, std::string_view password) {
  if (password.size() < kMinPassword || password.size() > kMaxPassword) {
    return PasswordFault::length;
  }
  if (password == user) return PasswordFault::is_user_name;
  const bool controls = std::ranges::any_of(
      password, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (controls) return PasswordFault::control_character;
  return std::nullopt;
}

VerifiedPasswords::VerifiedPasswords() : key_(random_bytes(32)) {}

VerifiedPasswords::Mac VerifiedPasswords::mac_of(const Secret& password,
                                                 const std::string& hash) const {
  const Mac key_of_hash = hmac<32>(EVP_sha256(), key_, view_of(hash));
  return hmac<32>(EVP_sha256(), key_of_hash, password.reveal());
}

bool VerifiedPasswords::knows(const Secret& password, const std::string& hash) const {
  const Mac seen = mac_of(password, hash);
  const MutexLock lock(mutex_);
  const auto found = macs_.find(hash);
  return found != macs_.end() && CRYPTO_memcmp(seen.data(), found->second.data(), seen.size()) == 0;
}

void VerifiedPasswords::remember(const Secret& password, const std::string& hash) {
  const Mac mac = mac_of(password, hash);
  const MutexLock lock(mutex_);
  macs_[hash] = mac;
}

std::string one_time_password(ByteView secret, std::int64_t step) {
  Bytes counter(8);
  for (std::size_t i = 0; i < 8; ++i) {
    counter[7 - i] =
        static_cast<std::uint8_t>((static_cast<std::uint64_t>(step) >> (8 * i)) & 0xFFU);
  }
  const auto mac = hmac<20>(EVP_sha1(), secret, counter);
  const std::size_t offset = mac[19] & 0x0FU;
  const std::uint32_t number =
      (std::uint32_t{mac[offset]} & 0x7FU) << 24U | std::uint32_t{mac[offset + 1]} << 16U |
      std::uint32_t{mac[offset + 2]} << 8U | std::uint32_t{mac[offset + 3]};
  return fmt::format("{:06}", number % 1'000'000);
}

std::int64_t one_time_step(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count() / 30;
}

std::optional<std::int64_t> matching_step(const Secret& password, ByteView secret,
                                          std::int64_t last_used,
                                          std::chrono::system_clock::time_point time) {
  const std::int64_t now = one_time_step(time);
  for (const std::int64_t step : {now, now - 1, now + 1}) {
    if (step > last_used && password == Secret(one_time_password(secret, step))) return step;
  }
  return std::nullopt;
}

}  // namespace signet::emulator
