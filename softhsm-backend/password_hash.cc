// The slow hash of passwords at rest.
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>

#include "softhsm-backend/encoding.h"
#include "softhsm-backend/passwords.h"

namespace signet::emulator {

namespace {

constexpr std::string_view kScheme = "scrypt$";
constexpr std::uint64_t kCost = 1U << 14U;  // with 8 KiB blocks: 16 MiB
constexpr std::uint64_t kBlock = 8;
constexpr std::uint64_t kMaxMemory = 64U << 20U;
constexpr std::size_t kSaltSize = 16;

Bytes scrypt(const Secret& password, ByteView salt) {
  Bytes hash(32);
  const std::string_view text = text_of(password.reveal());
  // A null pointer would mean "check the parameters only".
  const char* data = text.empty() ? "" : text.data();
  if (EVP_PBE_scrypt(data, text.size(), salt.data(), salt.size(), kCost, kBlock, 1, kMaxMemory,
                     hash.data(), hash.size()) != 1) {
    throw std::runtime_error("scrypt is not available");
  }
  return hash;
}

}  // namespace

std::string hash_password(const Secret& password) {
  const Bytes salt = random_bytes(kSaltSize);
  return std::string(kScheme) + to_hex(salt) + "$" + to_hex(scrypt(password, salt));
}

bool password_matches(const Secret& password, std::string_view hash) {
  if (!hash.starts_with(kScheme)) return false;
  hash.remove_prefix(kScheme.size());
  const std::size_t divider = hash.find('$');
  if (divider == std::string_view::npos) return false;
  const auto salt = from_hex(hash.substr(0, divider));
  const auto wanted = from_hex(hash.substr(divider + 1));
  if (!salt || !wanted) return false;
  const Bytes seen = scrypt(password, *salt);
  return seen.size() == wanted->size() &&
         CRYPTO_memcmp(seen.data(), wanted->data(), seen.size()) == 0;
}

}  // namespace signet::emulator
