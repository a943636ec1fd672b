// What a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) says of its key: the outline,
// read without OpenSSL, which takes a tenth of a millisecond for a key. Whether a point is on its curve is not looked at.
#ifndef SIGNET_CRYPTO_SPKI_H_
#define SIGNET_CRYPTO_SPKI_H_

#include <cstdint>
#include <optional>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"

namespace signet::spki {

// Views into the bytes that were read.
struct Outline {
  ByteView algorithm;   // DER OBJECT IDENTIFIER
  ByteView parameters;  // DER, or empty
  ByteView key;         // of the BIT STRING
};

// Nothing where `der` is not exactly one SubjectPublicKeyInfo.
std::optional<Outline> read(ByteView der);

struct RsaNumbers {
  ByteView modulus;  // big-endian, without leading zeros
  ByteView exponent;
};

// Of a big-endian number without leading zeros; 0 of none.
std::size_t bit_length(ByteView number);

// Nothing where the key is not an RSA key (RFC 3279, 2.3.1) of two positive numbers.
std::optional<RsaNumbers> rsa_numbers(const Outline& key);

// The point in CKA_EC_POINT: a DER OCTET STRING of it, or the raw one (of its curve's length, which tells the two apart,
// though both may begin with 04).
std::optional<ByteView> point_in(const crypto::CurveRow& curve, ByteView ec_point);
bool has_point_size(const crypto::CurveRow& curve, ByteView point);

// The SubjectPublicKeyInfo of a point as it stands.
Bytes encode(const crypto::CurveRow& curve, ByteView point);

// Of CKA_EC_PARAMS and CKA_EC_POINT; empty where the two make no key of a curve that we know.
Bytes of_point(ByteView ec_params, ByteView ec_point);

// Of an RSA key's numbers, big-endian, leading zeros allowed; they are not checked.
Bytes of_rsa(ByteView modulus, ByteView exponent);

Bytes encode(ByteView algorithm, ByteView key);

}  // namespace signet::spki

#endif  // SIGNET_CRYPTO_SPKI_H_
