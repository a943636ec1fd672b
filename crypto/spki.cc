#include "crypto/spki.h"

#include <bit>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"

namespace signet::spki {

std::optional<Outline> read(ByteView der) {
  const auto whole = der::only(der::kSequence, der);
  if (!whole) return std::nullopt;
  der::Reader reader(*whole);
  const auto algorithm = reader.read(der::kSequence);
  const auto bits = reader.read(der::kBitString);
  const bool whole_bytes = bits && !bits->empty() && (*bits)[0] == 0;
  if (!algorithm || !whole_bytes || !reader.at_end()) return std::nullopt;
  der::Reader identifier(*algorithm);
  const auto oid = identifier.read_whole(der::kObjectIdentifier);
  if (!oid) return std::nullopt;
  return Outline{*oid, algorithm->subspan(oid->size()), bits->subspan(1)};
}

std::size_t bit_length(ByteView number) {
  if (number.empty()) return 0;
  return (number.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(number[0]));
}

std::optional<RsaNumbers> rsa_numbers(const Outline& key) {
  if (!equal(key.algorithm, crypto::oid::kRsa)) return std::nullopt;
  const auto numbers = der::only(der::kSequence, key.key);
  const auto null = der::only(der::kNull, key.parameters);
  if (!numbers || !null || !null->empty()) return std::nullopt;
  der::Reader reader(*numbers);
  const auto modulus = reader.read_positive();
  const auto exponent = reader.read_positive();
  if (!modulus || !exponent || !reader.at_end()) return std::nullopt;
  return RsaNumbers{*modulus, *exponent};
}

bool has_point_size(const crypto::CurveRow& curve, ByteView point) {
  if (curve.type == crypto::KeyType::edwards) return point.size() == curve.size;
  if (point.size() == 1 + 2 * curve.size) return point[0] == 0x04;
  return point.size() == 1 + curve.size && (point[0] == 0x02 || point[0] == 0x03);
}

std::optional<ByteView> point_in(const crypto::CurveRow& curve, ByteView ec_point) {
  const auto content = der::only(der::kOctetString, ec_point);
  if (content && has_point_size(curve, *content)) return content;
  if (has_point_size(curve, ec_point)) return ec_point;
  return std::nullopt;
}

Bytes encode(ByteView algorithm, ByteView key) {
  const Bytes no_unused_bits = {0};
  return der::encode(der::kSequence,
                     der::concat(der::encode(der::kSequence, algorithm),
                                 der::encode(der::kBitString, der::concat(no_unused_bits, key))));
}

Bytes encode(const crypto::CurveRow& curve, ByteView point) {
  if (curve.type == crypto::KeyType::edwards) return encode(curve.oid, point);
  return encode(der::concat(crypto::oid::kEc, curve.oid), point);
}

Bytes of_point(ByteView ec_params, ByteView ec_point) {
  const auto curve = crypto::curve_of_params(ec_params);
  if (!curve) return {};
  const auto point = point_in(*curve.assume_value(), ec_point);
  return point ? encode(*curve.assume_value(), *point) : Bytes{};
}

Bytes of_rsa(ByteView modulus, ByteView exponent) {
  const Bytes numbers = der::encode(
      der::kSequence, der::concat(der::encode_positive(modulus), der::encode_positive(exponent)));
  return encode(der::concat(crypto::oid::kRsa, der::encode(der::kNull, {})), numbers);
}

}  // namespace signet::spki
