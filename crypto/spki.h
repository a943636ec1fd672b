// What a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) says of its key, and where it stands in a certificate: the outline,
// read without OpenSSL, which takes a tenth of a millisecond for a key. Whether a point is on its curve is not looked at.
#ifndef SIGNET_CRYPTO_SPKI_H_
#define SIGNET_CRYPTO_SPKI_H_

#include <array>
#include <cstdint>
#include <optional>

#include "common/bytes.h"

namespace signet::spki {

// DER OBJECT IDENTIFIERs: rsaEncryption, id-ecPublicKey, Ed25519 (RFC 8410), and the curves of RFC 5480.
inline constexpr std::array<std::uint8_t, 11> kRsa = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                                      0xF7, 0x0D, 0x01, 0x01, 0x01};
inline constexpr std::array<std::uint8_t, 9> kEc = {0x06, 0x07, 0x2A, 0x86, 0x48,
                                                    0xCE, 0x3D, 0x02, 0x01};
inline constexpr std::array<std::uint8_t, 5> kEd25519 = {0x06, 0x03, 0x2B, 0x65, 0x70};
inline constexpr std::array<std::uint8_t, 10> kP256 = {0x06, 0x08, 0x2A, 0x86, 0x48,
                                                       0xCE, 0x3D, 0x03, 0x01, 0x07};
inline constexpr std::array<std::uint8_t, 7> kP384 = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};
inline constexpr std::array<std::uint8_t, 7> kP521 = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23};

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

// Nothing where the key is not an RSA key (RFC 3279, 2.3.1) of two positive numbers.
std::optional<RsaNumbers> rsa_numbers(const Outline& key);

// The SubjectPublicKeyInfo of a certificate (RFC 5280, 4.1), as it stands there. Nothing where the outline is not that of
// exactly one certificate; what the other fields hold is not looked at.
std::optional<ByteView> of_certificate(ByteView der);

}  // namespace signet::spki

#endif  // SIGNET_CRYPTO_SPKI_H_
