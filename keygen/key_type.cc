#include "keygen/key_type.h"

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include <array>
#include <charconv>

#include "keygen/openssl.h"

namespace signet::keygen {
namespace {

struct Curve {
  std::string_view name;
  std::string_view openssl_name;
  unsigned bits;
};

constexpr Curve kCurves[] = {
    {"P-256", "prime256v1", 256}, {"P-384", "secp384r1", 384}, {"P-521", "secp521r1", 521}};

constexpr unsigned kLeastRsa = 2048;
constexpr unsigned kMostRsa = 16384;

Outcome<KeyType> wrong(std::string_view text) {
  return failure(Reason::unreadable,
                 fmt::format("\"{}\" is not a type of key; there are rsa:2048, rsa:3072, rsa:4096, "
                             "ec:P-256, ec:P-384 and ec:P-521",
                             text));
}

std::string group_of(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return "unnamed";
  for (const Curve& curve : kCurves)
    if (curve.openssl_name == group.data()) return std::string(curve.name);
  return group.data();
}

}  // namespace

Outcome<KeyType> KeyType::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return wrong(text);
  const std::string_view kind = text.substr(0, colon);
  const std::string_view size = text.substr(colon + 1);
  if (kind == "ec" || kind == "EC") {
    for (const Curve& curve : kCurves)
      if (size == curve.name || size == curve.openssl_name)
        return KeyType{KeyKind::ec, curve.bits, std::string(curve.name)};
    return wrong(text);
  }
  unsigned bits = 0;
  const auto [end, code] = std::from_chars(size.data(), size.data() + size.size(), bits);
  const bool number = code == std::errc() && end == size.data() + size.size();
  if ((kind != "rsa" && kind != "RSA") || !number || bits < kLeastRsa || bits > kMostRsa)
    return wrong(text);
  return KeyType{KeyKind::rsa, bits};
}

KeyType KeyType::of_public_key(ByteView spki) {
  const unsigned char* in = spki.data();
  const PkeyPtr key(
      d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), library_context(), nullptr));
  if (!key) {
    openssl_reason();
    return {};
  }
  const auto bits = static_cast<unsigned>(EVP_PKEY_get_bits(key.get()));
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return {KeyKind::rsa, bits};
  if (EVP_PKEY_is_a(key.get(), "EC") == 1) return {KeyKind::ec, bits, group_of(key.get())};
  const char* name = EVP_PKEY_get0_type_name(key.get());
  return {KeyKind::other, bits, name == nullptr ? "" : name};
}

std::string KeyType::text() const {
  if (kind == KeyKind::rsa) return fmt::format("rsa:{}", bits);
  if (kind == KeyKind::ec) return "ec:" + curve;
  return curve.empty() ? "unknown" : curve;
}

}  // namespace signet::keygen
