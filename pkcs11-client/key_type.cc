#include "pkcs11-client/key_type.h"

#include <fmt/format.h>
#include <openssl/objects.h>

#include <algorithm>
#include <charconv>

#include "crypto/algorithm_table.h"
#include "crypto/openssl_ptr.h"
#include "crypto/spki.h"

namespace signet::pkcs11 {
namespace {

constexpr unsigned kLeastRsa = 2048;

KeyType on_curve(const crypto::CurveRow& row) {
  return {row.type, static_cast<unsigned>(row.bits), std::string(row.name)};
}

TokenResult<KeyType> wrong(std::string_view text) {
  std::string others;
  for (const crypto::CurveRow& row : crypto::kCurves) others += ", " + on_curve(row).text();
  return token_error(
      Reason::unreadable,
      fmt::format("\"{}\" is not a type of key; there are rsa:2048, rsa:3072, rsa:4096{}", text,
                  others));
}

// OpenSSL's name of what an OBJECT IDENTIFIER stands for; empty for what it does not know.
std::string name_of(ByteView oid) {
  const unsigned char* in = oid.data();
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(
      d2i_ASN1_OBJECT(nullptr, &in, static_cast<long>(oid.size())));
  const int number = object ? OBJ_obj2nid(object.get()) : NID_undef;
  return number == NID_undef ? "" : OBJ_nid2sn(number);
}

}  // namespace

TokenResult<KeyType> KeyType::parse(std::string_view text) {
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

KeyType KeyType::of_public_key(ByteView der) {
  const auto key = spki::read(der);
  if (!key) return {};
  if (equal(key->algorithm, crypto::oid::kRsa)) {
    const auto rsa = spki::rsa_numbers(*key);
    return {crypto::KeyType::rsa, rsa ? static_cast<unsigned>(spki::bit_length(rsa->modulus)) : 0};
  }
  const bool is_ec = equal(key->algorithm, crypto::oid::kEc);
  const ByteView curve = is_ec ? key->parameters : key->algorithm;
  const auto* const row = std::ranges::find_if(
      crypto::kCurves, [&](const crypto::CurveRow& each) { return equal(each.oid, curve); });
  if (row != crypto::kCurves.end()) return on_curve(*row);
  if (!is_ec) return {{}, 0, name_of(curve)};
  // An uncompressed point is a byte and two coordinates.
  return {crypto::KeyType::ec, static_cast<unsigned>(key->key.size() / 2 * 8), name_of(curve)};
}

std::string KeyType::text() const {
  if (kind == crypto::KeyType::rsa) return fmt::format("rsa:{}", bits);
  if (kind == crypto::KeyType::ec) return "ec:" + (curve.empty() ? "unnamed" : curve);
  return curve.empty() ? "unknown" : curve;
}

std::optional<crypto::KeyParameters> KeyType::parameters() const {
  if (kind == crypto::KeyType::rsa) return crypto::KeyParameters{crypto::KeyType::rsa, bits};
  const crypto::CurveRow* const row = kind ? crypto::curve_named(curve) : nullptr;
  if (row == nullptr) return std::nullopt;
  return crypto::KeyParameters{row->type, 0, row->curve};
}

}  // namespace signet::pkcs11
