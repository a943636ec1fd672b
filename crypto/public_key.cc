#include "crypto/public_key.h"

#include <openssl/ec.h>

#include <utility>

#include "crypto/certificate_parts.h"
#include "crypto/der.h"
#include "crypto/host_errors.h"
#include "crypto/spki.h"

namespace signet::crypto {

namespace {

using KeyResult = CkResult<std::shared_ptr<const PublicKey>>;

CkError unreadable(const char* what) {
  return ck_error(CKR_ATTRIBUTE_VALUE_INVALID, what);
}

ByteView without_leading_zeros(ByteView number) {
  while (!number.empty() && number[0] == 0) number = number.subspan(1);
  return number;
}

bool is_odd(ByteView number) {
  return !number.empty() && (number.back() & 1U) != 0;
}

// The same point uncompressed; empty where it is not on the curve.
Bytes uncompressed_point(const EC_GROUP* group, const CurveRow& curve, ByteView point) {
  const HostErrors aside;
  const std::unique_ptr<EC_POINT, decltype(&EC_POINT_free)> parsed(EC_POINT_new(group),
                                                                   &EC_POINT_free);
  Bytes shown(1 + 2 * curve.size);
  const bool good =
      verdict(parsed != nullptr &&
              EC_POINT_oct2point(group, parsed.get(), point.data(), point.size(), nullptr) == 1 &&
              EC_POINT_point2oct(group, parsed.get(), POINT_CONVERSION_UNCOMPRESSED, shown.data(),
                                 shown.size(), nullptr) == shown.size());
  return good ? shown : Bytes{};
}

KeyResult from_rsa_spki(std::shared_ptr<Context> context, const spki::Outline& outline) {
  const auto numbers = spki::rsa_numbers(outline);
  if (!numbers) return unreadable("the RSA public key is malformed");
  return PublicKey::from_rsa(std::move(context), numbers->modulus, numbers->exponent);
}

}  // namespace

KeyResult PublicKey::from_spki(std::shared_ptr<Context> context, ByteView der) {
  const auto outline = spki::read(der);
  if (!outline) return unreadable("the public key is not a SubjectPublicKeyInfo in DER");
  if (equal(outline->algorithm, oid::kRsa)) return from_rsa_spki(std::move(context), *outline);
  const bool edwards = outline->parameters.empty();
  if (!edwards && !equal(outline->algorithm, oid::kEc)) {
    return unreadable("the public key is neither RSA nor EC nor Ed25519");
  }
  BOOST_OUTCOME_TRY(const CurveRow* curve,
                    curve_of_params(edwards ? outline->algorithm : outline->parameters));
  const bool agrees = (curve->type == KeyType::edwards) == edwards;
  if (!agrees || !spki::has_point_size(*curve, outline->key)) {
    return unreadable("the public key has no point of its curve");
  }
  return from_point(std::move(context), *curve, outline->key);
}

KeyResult PublicKey::from_rsa(std::shared_ptr<Context> context, ByteView modulus,
                              ByteView exponent) {
  modulus = without_leading_zeros(modulus);
  exponent = without_leading_zeros(exponent);
  const std::size_t bits = spki::bit_length(modulus);
  if (!is_odd(modulus)) return unreadable("an RSA modulus is an odd number");
  if (bits < row_of(KeyType::rsa).least_bits || bits > row_of(KeyType::rsa).most_bits) {
    return ck_error(CKR_KEY_SIZE_RANGE, "an RSA modulus has 1024 to 16384 bits");
  }
  const std::size_t exponent_bits = spki::bit_length(exponent);
  if (!is_odd(exponent) || exponent_bits < 2 || exponent_bits > kMaxRsaExponentBits) {
    return unreadable("an RSA exponent is an odd number of 2 to 64 bits");
  }
  std::shared_ptr<PublicKey> key(new PublicKey());
  key->context_ = std::move(context);
  key->type_ = KeyType::rsa;
  key->bits_ = bits;
  key->signature_size_ = modulus.size();
  key->spki_ = spki::of_rsa(modulus, exponent);
  key->modulus_ = copy_of(modulus);
  key->public_exponent_ = copy_of(exponent);
  return std::shared_ptr<const PublicKey>(std::move(key));
}

KeyResult PublicKey::from_ec(std::shared_ptr<Context> context, ByteView ec_params,
                             ByteView ec_point) {
  BOOST_OUTCOME_TRY(const CurveRow* curve, curve_of_params(ec_params));
  const auto point = spki::point_in(*curve, ec_point);
  if (!point) return unreadable("the EC point does not have the length of its curve's points");
  return from_point(std::move(context), *curve, *point);
}

KeyResult PublicKey::from_point(std::shared_ptr<Context> context, const CurveRow& curve,
                                ByteView point) {
  const bool edwards = curve.type == KeyType::edwards;
  const Bytes shown =
      edwards ? copy_of(point) : uncompressed_point(context->group(curve.curve), curve, point);
  if (shown.empty()) return unreadable("the EC point is not on its curve");
  std::shared_ptr<PublicKey> key(new PublicKey());
  key->context_ = std::move(context);
  key->type_ = curve.type;
  key->curve_ = &curve;
  key->bits_ = curve.bits;
  key->signature_size_ = 2 * curve.size;
  key->order_size_ = edwards ? 0 : curve.size;
  key->spki_ = spki::encode(curve, shown);
  key->ec_params_ = copy_of(curve.oid);
  key->ec_point_ = edwards ? shown : der::encode(der::kOctetString, shown);
  return std::shared_ptr<const PublicKey>(std::move(key));
}

KeyResult PublicKey::from_certificate(std::shared_ptr<Context> context, ByteView der) {
  const auto parts = parse_certificate(der);
  if (!parts) return unreadable("this is not one X.509 certificate in DER");
  return from_spki(std::move(context), parts->public_key);
}

}  // namespace signet::crypto
