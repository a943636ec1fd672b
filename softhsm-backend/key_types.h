// The keys, algorithms and hashes that the emulator offers: its words for the rows of crypto/algorithm_table.h. The
// client has a table of its own, so that one mistake about the wire cannot hide in both.
#ifndef SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_
#define SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "crypto/algorithm_table.h"

namespace signet::emulator {

inline constexpr std::array<unsigned, 3> kRsaSizes{2048, 3072, 4096};

inline constexpr std::string_view kRsaPkcs1 = "RSASSA-PKCS1-v1_5";
inline constexpr std::string_view kRsaPss = "RSASSA-PSS";
inline constexpr std::string_view kEcdsa = "ECDSA";
inline constexpr std::string_view kEd25519 = "Ed25519";

struct KeyTypeRow {
  std::string_view name;  // on the wire
  crypto::KeyType type;
};

inline constexpr std::array kKeyTypes = {
    KeyTypeRow{"RSA", crypto::KeyType::rsa},
    KeyTypeRow{"EC", crypto::KeyType::ec},
    KeyTypeRow{"Ed25519", crypto::KeyType::edwards},
};

struct CurveRow {
  std::string_view name;  // in the state; on the wire too, where the key's type has more than one
  crypto::Curve curve;
};

inline constexpr std::array kCurves = {
    CurveRow{"P-256", crypto::Curve::p256},
    CurveRow{"P-384", crypto::Curve::p384},
    CurveRow{"P-521", crypto::Curve::p521},
    CurveRow{"Ed25519", crypto::Curve::ed25519},
};

struct AlgorithmRow {
  std::string_view name;  // on the wire
  crypto::Scheme scheme;
  crypto::KeyType type;
  bool takes_unhashed;  // hash "none"
  std::size_t least;    // bytes of what is signed unhashed
  std::size_t most;     // likewise; 0: what the padding leaves of the modulus
};

inline constexpr std::array kAlgorithms = {
    AlgorithmRow{kRsaPkcs1, crypto::Scheme::rsa_pkcs1, crypto::KeyType::rsa, true, 1, 0},
    AlgorithmRow{kRsaPss, crypto::Scheme::rsa_pss, crypto::KeyType::rsa, false, 0, 0},
    AlgorithmRow{kEcdsa, crypto::Scheme::ecdsa, crypto::KeyType::ec, false, 0, 0},
    AlgorithmRow{kEd25519, crypto::Scheme::eddsa, crypto::KeyType::edwards, true, 0, 65536},
};

struct HashRow {
  std::string_view name;  // on the wire
  crypto::Hash hash;
};

inline constexpr std::array kHashes = {
    HashRow{"SHA-1", crypto::Hash::sha1},     HashRow{"SHA-224", crypto::Hash::sha224},
    HashRow{"SHA-256", crypto::Hash::sha256}, HashRow{"SHA-384", crypto::Hash::sha384},
    HashRow{"SHA-512", crypto::Hash::sha512},
};

// The row with this name; nullptr: not offered.
template <typename Table>
constexpr auto named(const Table& table, std::string_view name) -> decltype(table.data()) {
  for (const auto& row : table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

// The name of a key's type or curve.
constexpr std::string_view name_of(crypto::KeyType type) {
  for (const KeyTypeRow& row : kKeyTypes) {
    if (row.type == type) return row.name;
  }
  return {};
}
constexpr std::string_view name_of(crypto::Curve curve) {
  for (const CurveRow& row : kCurves) {
    if (row.curve == curve) return row.name;
  }
  return {};
}

// Whether a key of this type has to say its curve.
constexpr bool has_choice_of_curves(crypto::KeyType type) {
  std::size_t count = 0;
  for (const CurveRow& row : kCurves) count += crypto::row_of(row.curve).type == type ? 1 : 0;
  return count > 1;
}

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_KEY_TYPES_H_
