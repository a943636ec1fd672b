// A public key, parsed once and then immutable: what PKCS#11 attributes show of it, and the check
// of signatures made by its private half.
#ifndef SIGNET_CRYPTO_PUBLIC_KEY_H_
#define SIGNET_CRYPTO_PUBLIC_KEY_H_

#include <openssl/types.h>

#include <atomic>
#include <memory>

#include "common/bytes.h"
#include "crypto/algorithm_table.h"
#include "crypto/ck_result.h"
#include "crypto/context.h"
#include "crypto/point_table.h"

namespace signet::crypto {

// Longer exponents are legal, but nobody makes them.
inline constexpr std::size_t kMaxRsaExponentBits = 64;

struct PssParameters {
  Hash mgf_hash = Hash::sha256;
  std::size_t salt_length = 0;  // bytes
};

// After so many verifications a key on P-256 gets a table (point_table.h): it takes as long as some 700 of them save.
inline constexpr unsigned kUsesBeforeTable = 1000;

// RSA (1024 to 16384 bits), EC on P-256, P-384 or P-521, Ed25519. Immutable, so thread-safe: every
// verification has a state of its own.
class PublicKey {
 public:
  // Errors: CKR_ATTRIBUTE_VALUE_INVALID for what cannot be parsed (also a point that is not on the
  // curve), CKR_CURVE_NOT_SUPPORTED or CKR_KEY_SIZE_RANGE for what is not offered. std::bad_alloc
  // where OpenSSL has no memory to tell.
  static CkResult<std::shared_ptr<const PublicKey>> from_spki(std::shared_ptr<Context> context,
                                                              ByteView der);
  // Big-endian, leading zeros allowed.
  static CkResult<std::shared_ptr<const PublicKey>> from_rsa(std::shared_ptr<Context> context,
                                                             ByteView modulus, ByteView exponent);
  // CKA_EC_PARAMS (see curve_of_params()) and CKA_EC_POINT: a DER OCTET STRING of the point,
  // uncompressed or compressed, or of an Ed25519 key's 32 bytes; the raw point that some callers
  // give is taken as well.
  static CkResult<std::shared_ptr<const PublicKey>> from_ec(std::shared_ptr<Context> context,
                                                            ByteView ec_params, ByteView ec_point);
  // The subject's key of a DER certificate; of the rest only the outline is read.
  static CkResult<std::shared_ptr<const PublicKey>> from_certificate(
      std::shared_ptr<Context> context, ByteView der);
  ~PublicKey();
  PublicKey(const PublicKey&) = delete;
  PublicKey& operator=(const PublicKey&) = delete;

  KeyType type() const { return type_; }
  std::size_t bits() const { return bits_; }  // modulus or field size; 255 for Ed25519
  std::size_t signature_size() const { return signature_size_; }  // bytes; ECDSA: r and s
  std::size_t order_size() const { return order_size_; }  // EC: bytes of the group's order; else 0
  const CurveRow* curve() const { return curve_; }        // nullptr for RSA

  // DER SubjectPublicKeyInfo in its one canonical form (the point uncompressed): equal keys are
  // equal here.
  const Bytes& spki() const { return spki_; }
  const Bytes& modulus() const { return modulus_; }                  // RSA, without leading zeros
  const Bytes& public_exponent() const { return public_exponent_; }  // likewise
  const Bytes& ec_params() const { return ec_params_; }              // DER OBJECT IDENTIFIER
  // CKA_EC_POINT as the standard has it: a DER OCTET STRING of the uncompressed point; of an Edwards key (PKCS#11 3.0,
  // 2.3.5) the 32 bytes themselves.
  const Bytes& ec_point() const { return ec_point_; }

  // True where `signature` is right. All work on what PKCS#11 calls the data of the raw mechanism.
  // A key of another type, and data or a signature of the wrong length, give false.
  bool verify_pkcs1_digest(Hash hash, ByteView digest, ByteView signature) const;
  // data: what was padded (a DigestInfo)
  bool verify_pkcs1_raw(ByteView data, ByteView signature) const;
  // data: taken as left-padded with zeros to the modulus
  bool verify_rsa_x509(ByteView data, ByteView signature) const;
  bool verify_pss(Hash hash, const PssParameters& pss, ByteView digest, ByteView signature) const;
  // signature: r and s, each of the order's size
  bool verify_ecdsa(ByteView digest, ByteView signature) const;
  bool verify_eddsa(ByteView message, ByteView signature) const;

 private:
  PublicKey() = default;
  static CkResult<std::shared_ptr<const PublicKey>> from_point(std::shared_ptr<Context> context,
                                                               const CurveRow& curve,
                                                               ByteView point);
  void* key() const;                // nullptr where OpenSSL refuses it
  const PointTable* table() const;  // nullptr: none yet
  bool verify_with(const OSSL_PARAM* parameters, ByteView data, ByteView signature) const;

  std::shared_ptr<Context> context_;
  mutable std::atomic<void*> key_ = nullptr;  // the provider's; made by the first verification
  mutable std::atomic<unsigned> uses_ = 0;    // for ECDSA
  mutable std::atomic<const PointTable*> table_ = nullptr;
  KeyType type_ = KeyType::rsa;
  const CurveRow* curve_ = nullptr;
  std::size_t bits_ = 0;
  std::size_t signature_size_ = 0;
  std::size_t order_size_ = 0;
  Bytes spki_;
  Bytes modulus_;
  Bytes public_exponent_;
  Bytes ec_params_;
  Bytes ec_point_;
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_PUBLIC_KEY_H_
