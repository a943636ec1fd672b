// A public key, parsed once and then immutable: what PKCS#11 attributes show of it, and the check of
// signatures made by its private half.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_PUBLIC_KEY_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_PUBLIC_KEY_H_

#include <openssl/types.h>

#include <memory>

#include "common/bytes.h"
#include "common/cryptoki.h"
#include "common/result.h"
#include "pkcs11-module/crypto/context.h"

namespace signet::crypto {

enum class HashType { none, sha1, sha224, sha256, sha384, sha512, sha3_224, sha3_256, sha3_384, sha3_512 };

struct PssParameters {
  HashType mgf_hash = HashType::sha256;
  std::size_t salt_length = 0;  // bytes
};

// RSA (1024 to 16384 bits), EC on P-256, P-384 or P-521, Ed25519.
class PublicKey {
 public:
  // Errors: CKR_ATTRIBUTE_VALUE_INVALID for what cannot be parsed, CKR_CURVE_NOT_SUPPORTED or
  // CKR_KEY_SIZE_RANGE for what is not offered.
  static Result<std::shared_ptr<const PublicKey>> from_spki(std::shared_ptr<Context> context,
                                                            ByteView der);
  // Big-endian, leading zeros allowed.
  static Result<std::shared_ptr<const PublicKey>> from_rsa(std::shared_ptr<Context> context,
                                                           ByteView modulus, ByteView exponent);
  // CKA_EC_PARAMS (named curve by OID or PrintableString) and CKA_EC_POINT (DER OCTET STRING; the raw point
  // that some callers give is taken as well).
  static Result<std::shared_ptr<const PublicKey>> from_ec(std::shared_ptr<Context> context,
                                                          ByteView ec_params, ByteView ec_point);
  // The subject's key of a DER certificate.
  static Result<std::shared_ptr<const PublicKey>> from_certificate(std::shared_ptr<Context> context,
                                                                   ByteView der);
  ~PublicKey();
  PublicKey(const PublicKey&) = delete;
  PublicKey& operator=(const PublicKey&) = delete;

  CK_KEY_TYPE type() const { return type_; }         // CKK_RSA, CKK_EC, CKK_EC_EDWARDS
  std::size_t bits() const { return bits_; }         // modulus or field size
  std::size_t signature_size() const { return signature_size_; }  // bytes; ECDSA: r and s
  std::size_t order_size() const { return order_size_; }          // EC: bytes of the group's order
  const Bytes& spki() const { return spki_; }        // DER SubjectPublicKeyInfo
  const Bytes& modulus() const { return modulus_; }  // RSA, without leading zeros
  const Bytes& public_exponent() const { return public_exponent_; }
  const Bytes& ec_params() const { return ec_params_; }  // DER OBJECT IDENTIFIER
  const Bytes& ec_point() const { return ec_point_; }    // DER OCTET STRING of the uncompressed point

  // True where `signature` is right. All work on what PKCS#11 calls the data of the raw mechanism.
  bool verify_pkcs1_digest(HashType hash, ByteView digest, ByteView signature) const;
  bool verify_pkcs1_raw(ByteView data, ByteView signature) const;  // data: what was padded (a DigestInfo)
  bool verify_rsa_x509(ByteView data, ByteView signature) const;   // data: left-padded with zeros to the modulus
  bool verify_pss(HashType hash, const PssParameters& pss, ByteView digest, ByteView signature) const;
  bool verify_ecdsa(ByteView digest, ByteView signature) const;    // signature: r and s
  bool verify_eddsa(ByteView message, ByteView signature) const;

 private:
  PublicKey() = default;
  static Result<std::shared_ptr<const PublicKey>> describe(std::shared_ptr<Context> context,
                                                           EVP_PKEY* key);

  std::shared_ptr<Context> context_;
  EVP_PKEY* key_ = nullptr;
  CK_KEY_TYPE type_ = CKK_RSA;
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

#endif  // SIGNET_PKCS11_MODULE_CRYPTO_PUBLIC_KEY_H_
