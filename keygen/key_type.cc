#include "keygen/key_type.h"

#include <fmt/format.h>
#include <openssl/objects.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "crypto/algorithm_table.h"
#include "keygen/openssl.h"

namespace signet::keygen {
namespace {

constexpr unsigned kLeastRsa = 2048;

KeyType on_curve(const crypto::CurveRow& row) {
  return {row.type, static_cast<unsigned>(row.bits), std::string(row.name)};
}

Outcome<KeyType> wrong(std::string_view text) {
  std::string others;
  for (const crypto::CurveRow& row : crypto::kCurves) others += ", " + on_curve(row).text();
  return failure(
      Reason::unreadable,
      fmt::format("\"{}\" is not a type of key; there are rsa:2048, rsa:3072, rsa:4096{}", text,
                  others));
}

// By its group, or by its type where that has one group only.
KeyType of_curve_key(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  const bool grouped = EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1;
  const char* name = grouped ? group.data() : EVP_PKEY_get0_type_name(key);
  const int number = name == nullptr ? NID_undef : OBJ_txt2nid(name);
  const auto* row = std::ranges::find(crypto::kCurves, number, &crypto::CurveRow::openssl_number);
  if (number != NID_undef && row != crypto::kCurves.end()) return on_curve(*row);
  KeyType other{{}, static_cast<unsigned>(EVP_PKEY_get_bits(key)), name == nullptr ? "" : name};
  if (EVP_PKEY_is_a(key, "EC") == 1) other.kind = crypto::KeyType::ec;
  return other;
}

}  // namespace

Outcome<KeyType> KeyType::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  const std::string_view size = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (kind == "rsa" || kind == "RSA") {
    unsigned bits = 0;
    const auto [end, code] = std::from_chars(size.data(), size.data() + size.size(), bits);
    const bool number = code == std::errc() && end == size.data() + size.size();
    if (!number || bits < kLeastRsa || bits > row_of(crypto::KeyType::rsa).most_bits)
      return wrong(text);
    return KeyType{crypto::KeyType::rsa, bits};
  }
  const crypto::CurveRow* row = crypto::curve_named(size);
  const bool alone = colon == std::string_view::npos;
  if (row == nullptr || (alone ? row->type == crypto::KeyType::ec : kind != "ec" && kind != "EC"))
    return wrong(text);
  return on_curve(*row);
}

KeyType KeyType::of_public_key(ByteView spki) {
  const unsigned char* in = spki.data();
  const PkeyPtr key(
      d2i_PUBKEY_ex(nullptr, &in, static_cast<long>(spki.size()), library_context(), nullptr));
  if (!key) {
    openssl_reason();
    return {};
  }
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1)
    return {crypto::KeyType::rsa, static_cast<unsigned>(EVP_PKEY_get_bits(key.get()))};
  KeyType type = of_curve_key(key.get());
  openssl_reason();
  return type;
}

std::string KeyType::text() const {
  if (kind == crypto::KeyType::rsa) return fmt::format("rsa:{}", bits);
  if (kind == crypto::KeyType::ec) return "ec:" + (curve.empty() ? "unnamed" : curve);
  return curve.empty() ? "unknown" : curve;
}

}  // namespace signet::keygen
