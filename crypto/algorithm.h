// The algorithms by name. What is to be known of each is its row in algorithm_table.h.
#ifndef SIGNET_CRYPTO_ALGORITHM_H_
#define SIGNET_CRYPTO_ALGORITHM_H_

namespace signet::crypto {

enum class KeyType { rsa, ec, edwards };
enum class Curve { p256, p384, p521, ed25519 };

// How the signature is built from what is signed.
enum class Scheme { rsa_pkcs1, rsa_pss, rsa_raw, ecdsa, eddsa };

// `none`: no hash, the bytes are taken as they are.
enum class Hash {
  none,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
  sha3_224,
  sha3_256,
  sha3_384,
  sha3_512
};

inline constexpr KeyType kLastKeyType = KeyType::edwards;
inline constexpr Curve kLastCurve = Curve::ed25519;
inline constexpr Scheme kLastScheme = Scheme::eddsa;
inline constexpr Hash kLastHash = Hash::sha3_512;

// What kind of key one is, without the key.
struct KeyParameters {
  KeyType type = KeyType::rsa;
  unsigned bits = 0;          // RSA modulus; 0 otherwise
  Curve curve = Curve::p256;  // not RSA

  bool operator==(const KeyParameters&) const = default;
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_ALGORITHM_H_
