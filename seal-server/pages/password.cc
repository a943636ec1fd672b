#include "seal-server/pages/password.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <vector>

#include "crypto/context.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kSaltSize = 16;
constexpr std::size_t kHashSize = 32;
constexpr std::uint64_t kMaxMemory = 256U << 20U;

struct PasswordCost {
  unsigned exponent = 15;  // of N
  unsigned block = 8;
  unsigned lanes = 3;
};

Bytes scrypt_of(const Secret& password, ByteView salt, const PasswordCost& cost) {
  Bytes hash(kHashSize);
  const std::string_view text = text_of(password.reveal());
  // A null pointer would mean "check the costs only".
  const char* data = text.empty() ? "" : text.data();
  if (EVP_PBE_scrypt_ex(data, text.size(), salt.data(), salt.size(),
                        std::uint64_t{1} << cost.exponent, cost.block, cost.lanes, kMaxMemory,
                        hash.data(), hash.size(), crypto::library_context(), nullptr) != 1)
    throw std::runtime_error("scrypt cannot be computed.");
  return hash;
}

std::string hash_text(const PasswordCost& cost, ByteView salt, ByteView hash) {
  return fmt::format("scrypt${}${}${}${}${}", cost.exponent, cost.block, cost.lanes, to_hex(salt),
                     to_hex(hash));
}

struct PasswordHash {
  PasswordCost cost;
  Bytes salt;
  Bytes hash;
};

std::optional<PasswordHash> parsed_hash(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('$', start), text.size());
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() != 6 || parts[0] != "scrypt") return std::nullopt;
  std::array<unsigned, 3> costs{};
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const std::string_view part = parts[i + 1];
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), costs[i]);
    if (error != std::errc() || end != part.data() + part.size()) return std::nullopt;
  }
  const auto salt = from_hex(parts[4]);
  const auto hash = from_hex(parts[5]);
  if (!salt || !hash || costs[0] > 20) return std::nullopt;
  return PasswordHash{{costs[0], costs[1], costs[2]}, *salt, *hash};
}

}  // namespace

std::string password_hash(const Secret& password) {
  Bytes salt(kSaltSize);
  if (!crypto::random_bytes(salt)) throw std::runtime_error("There is no randomness.");
  const PasswordCost cost;
  return hash_text(cost, salt, scrypt_of(password, salt, cost));
}

bool is_password(const Secret& password, std::string_view hash) {
  const auto wanted = parsed_hash(hash);
  if (!wanted) {
    scrypt_of(password, Bytes(kSaltSize), {});
    return false;
  }
  const Bytes seen = scrypt_of(password, wanted->salt, wanted->cost);
  return seen.size() == wanted->hash.size() &&
         CRYPTO_memcmp(seen.data(), wanted->hash.data(), seen.size()) == 0;
}

}  // namespace signet::sealserver
