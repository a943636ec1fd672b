#include "pkcs11-client/key_type.h"

#include <fmt/format.h>
#include <openssl/objects.h>

#include <bit>
#include <charconv>

#include "crypto/openssl_ptr.h"
#include "crypto/spki.h"

namespace signet::pkcs11 {
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

TokenResult<KeyType> wrong(std::string_view text) {
  return token_error(
      Reason::unreadable,
      fmt::format("\"{}\" is not a type of key; there are rsa:2048, rsa:3072, rsa:4096, "
                  "ec:P-256, ec:P-384 and ec:P-521",
                  text));
}

std::string name_of(ByteView oid) {
  const unsigned char* in = oid.data();
  const OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(
      d2i_ASN1_OBJECT(nullptr, &in, static_cast<long>(oid.size())));
  const int number = object ? OBJ_obj2nid(object.get()) : NID_undef;
  return number == NID_undef ? "unnamed" : OBJ_nid2sn(number);
}

KeyType ec_type(const spki::Outline& key) {
  const std::string name = name_of(key.parameters);
  for (const Curve& curve : kCurves)
    if (curve.openssl_name == name) return {KeyKind::ec, curve.bits, std::string(curve.name)};
  // An uncompressed point is a byte and two coordinates.
  return {KeyKind::ec, static_cast<unsigned>(key.key.size() / 2 * 8), name};
}

unsigned bits_of(ByteView number) {
  return static_cast<unsigned>(number.size() * 8) -
         static_cast<unsigned>(std::countl_zero(number.front()));
}

}  // namespace

TokenResult<KeyType> KeyType::parse(std::string_view text) {
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

KeyType KeyType::of_public_key(ByteView der) {
  const auto key = spki::read(der);
  if (!key) return {};
  if (equal(key->algorithm, spki::kRsa)) {
    const auto rsa = spki::rsa_numbers(*key);
    return {KeyKind::rsa, rsa ? bits_of(rsa->modulus) : 0};
  }
  if (equal(key->algorithm, spki::kEc)) return ec_type(*key);
  return {KeyKind::other, 0, name_of(key->algorithm)};
}

std::string KeyType::text() const {
  if (kind == KeyKind::rsa) return fmt::format("rsa:{}", bits);
  if (kind == KeyKind::ec) return "ec:" + curve;
  return curve.empty() ? "unknown" : curve;
}

}  // namespace signet::pkcs11
