// The algorithms, one row each: kinds of keys, curves, hashes. Whatever depends on an algorithm reads its row; a dialect
// adds a table of its own words, keyed by the same enums. The mechanisms of PKCS#11 are in mechanism.h.
#ifndef SIGNET_CRYPTO_ALGORITHM_TABLE_H_
#define SIGNET_CRYPTO_ALGORITHM_TABLE_H_

#include <openssl/obj_mac.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"

namespace signet::crypto {

// DER OBJECT IDENTIFIERs.
namespace oid {
inline constexpr std::uint8_t kRsa[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                        0xF7, 0x0D, 0x01, 0x01, 0x01};  // rsaEncryption
inline constexpr std::uint8_t kEc[] = {0x06, 0x07, 0x2A, 0x86, 0x48,
                                       0xCE, 0x3D, 0x02, 0x01};  // id-ecPublicKey
inline constexpr std::uint8_t kP256[] = {0x06, 0x08, 0x2A, 0x86, 0x48,
                                         0xCE, 0x3D, 0x03, 0x01, 0x07};
inline constexpr std::uint8_t kP384[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};
inline constexpr std::uint8_t kP521[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23};
inline constexpr std::uint8_t kEd25519[] = {0x06, 0x03, 0x2B, 0x65, 0x70};  // RFC 8410
inline constexpr std::uint8_t kSha1[] = {0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A};

template <std::uint8_t last>  // 2.16.840.1.101.3.4.2.N
inline constexpr std::uint8_t kNistHash[] = {0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                             0x65, 0x03, 0x04, 0x02, last};
}  // namespace oid

struct HashRow {
  Hash hash;
  const char* name;             // "SHA-256", which OpenSSL knows as well; "" for none
  std::size_t size;             // bytes of a digest
  CK_MECHANISM_TYPE mechanism;  // CKM_SHA256
  CK_RSA_PKCS_MGF_TYPE mgf;     // CKG_MGF1_SHA256
  ByteView oid;                 // DER
};

inline constexpr std::array kHashes = {
    HashRow{Hash::none, "", 0, CK_UNAVAILABLE_INFORMATION, 0, {}},
    HashRow{Hash::sha1, "SHA-1", 20, CKM_SHA_1, CKG_MGF1_SHA1, oid::kSha1},
    HashRow{Hash::sha224, "SHA-224", 28, CKM_SHA224, CKG_MGF1_SHA224, oid::kNistHash<4>},
    HashRow{Hash::sha256, "SHA-256", 32, CKM_SHA256, CKG_MGF1_SHA256, oid::kNistHash<1>},
    HashRow{Hash::sha384, "SHA-384", 48, CKM_SHA384, CKG_MGF1_SHA384, oid::kNistHash<2>},
    HashRow{Hash::sha512, "SHA-512", 64, CKM_SHA512, CKG_MGF1_SHA512, oid::kNistHash<3>},
    HashRow{Hash::sha3_224, "SHA3-224", 28, CKM_SHA3_224, CKG_MGF1_SHA3_224, oid::kNistHash<7>},
    HashRow{Hash::sha3_256, "SHA3-256", 32, CKM_SHA3_256, CKG_MGF1_SHA3_256, oid::kNistHash<8>},
    HashRow{Hash::sha3_384, "SHA3-384", 48, CKM_SHA3_384, CKG_MGF1_SHA3_384, oid::kNistHash<9>},
    HashRow{Hash::sha3_512, "SHA3-512", 64, CKM_SHA3_512, CKG_MGF1_SHA3_512, oid::kNistHash<10>},
};

// Without `none`.
inline constexpr std::span<const HashRow> kRealHashes{kHashes.begin() + 1, kHashes.end()};

struct KeyTypeRow {
  KeyType type;
  std::string_view name;         // for people
  CK_KEY_TYPE number;            // CKA_KEY_TYPE
  CK_MECHANISM_TYPE generation;  // CKA_KEY_GEN_MECHANISM
  const char* key_management;    // what OpenSSL's default provider calls such keys
  const char* signature;         // and their signatures
  // What signatures are verified of, in bits.
  std::size_t least_bits;
  std::size_t most_bits;
};

inline constexpr std::array kKeyTypes = {
    KeyTypeRow{KeyType::rsa, "RSA", CKK_RSA, CKM_RSA_PKCS_KEY_PAIR_GEN, "RSA", "RSA", 1024, 16384},
    KeyTypeRow{KeyType::ec, "EC", CKK_EC, CKM_EC_KEY_PAIR_GEN, "EC", "ECDSA", 256, 521},
    KeyTypeRow{KeyType::edwards, "Ed25519", CKK_EC_EDWARDS, CKM_EC_EDWARDS_KEY_PAIR_GEN, "ED25519",
               "ED25519", 255, 255},
};

struct CurveRow {
  Curve curve;
  KeyType type;
  std::string_view name;     // "P-256"
  const char* openssl_name;  // of the group, or of the key type where that has one group only
  int openssl_number;        // its NID
  std::size_t bits;          // of the field
  std::size_t size;          // bytes of a coordinate; on these curves also of the group's order
  ByteView oid;              // DER: CKA_EC_PARAMS as we show it
  std::array<std::string_view, 2> aliases;  // other names of it in CKA_EC_PARAMS, or empty
};

inline constexpr std::array kCurves = {
    CurveRow{Curve::p256,
             KeyType::ec,
             "P-256",
             "P-256",
             NID_X9_62_prime256v1,
             256,
             32,
             oid::kP256,
             {"secp256r1", "prime256v1"}},
    CurveRow{Curve::p384,
             KeyType::ec,
             "P-384",
             "P-384",
             NID_secp384r1,
             384,
             48,
             oid::kP384,
             {"secp384r1"}},
    CurveRow{Curve::p521,
             KeyType::ec,
             "P-521",
             "P-521",
             NID_secp521r1,
             521,
             66,
             oid::kP521,
             {"secp521r1"}},
    CurveRow{Curve::ed25519,
             KeyType::edwards,
             "Ed25519",
             "ED25519",
             NID_ED25519,
             255,
             32,
             oid::kEd25519,
             {"edwards25519", "ed25519"}},
};

// Whether a table has one row for each value of its enum up to `last`, in the enum's order.
template <typename Table, typename Key, typename Row>
consteval bool is_complete(const Table& table, Key Row::*key, Key last) {
  if (table.size() != static_cast<std::size_t>(last) + 1) return false;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].*key != static_cast<Key>(i)) return false;
  }
  return true;
}

static_assert(is_complete(kHashes, &HashRow::hash, kLastHash));
static_assert(is_complete(kKeyTypes, &KeyTypeRow::type, kLastKeyType));
static_assert(is_complete(kCurves, &CurveRow::curve, kLastCurve));

constexpr const HashRow& row_of(Hash hash) {
  return kHashes[static_cast<std::size_t>(hash)];
}
constexpr const KeyTypeRow& row_of(KeyType type) {
  return kKeyTypes[static_cast<std::size_t>(type)];
}
constexpr const CurveRow& row_of(Curve curve) {
  return kCurves[static_cast<std::size_t>(curve)];
}

constexpr std::size_t digest_size(Hash hash) {
  return row_of(hash).size;
}
constexpr const char* hash_name(Hash hash) {
  return row_of(hash).name;
}

// By its DER OBJECT IDENTIFIER; none where it is not in the table.
Hash hash_with_oid(ByteView oid);

// nullptr where there is none.
const KeyTypeRow* key_type_numbered(CK_KEY_TYPE number);
const KeyTypeRow* key_type_made_by(CK_MECHANISM_TYPE generation);
const CurveRow* curve_named(std::string_view name);  // or by an alias

// From CKA_EC_PARAMS (PKCS#11 3.0, 2.3.3): an OBJECT IDENTIFIER, or a PrintableString with one of the curve's names.
// Errors: CKR_CURVE_NOT_SUPPORTED for other curves and for explicit parameters, CKR_ATTRIBUTE_VALUE_INVALID for what is
// neither.
CkResult<const CurveRow*> curve_of_params(ByteView ec_params);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_ALGORITHM_TABLE_H_
