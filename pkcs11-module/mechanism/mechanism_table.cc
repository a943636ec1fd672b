#include "pkcs11-module/mechanism/mechanism_table.h"

#include <array>

namespace signet::mechanism {

namespace {

using crypto::HashType;

constexpr CK_FLAGS kSignature = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY;
constexpr CK_FLAGS kNamedCurves = CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_CURVENAME;
constexpr CK_FLAGS kPoints = kNamedCurves | CKF_EC_UNCOMPRESS;
constexpr CK_KEY_TYPE kNoKey = CK_UNAVAILABLE_INFORMATION;

constexpr Mechanism digest(CK_MECHANISM_TYPE type, std::string_view name, HashType hash) {
  return {type, name, kNoKey, Scheme::none, hash, CKF_DIGEST};
}

constexpr Mechanism rsa(CK_MECHANISM_TYPE type, std::string_view name, Scheme scheme,
                        HashType hash) {
  return {type, name, CKK_RSA, scheme, hash, kSignature};
}

constexpr Mechanism ecdsa(CK_MECHANISM_TYPE type, std::string_view name, HashType hash) {
  return {type, name, CKK_EC, Scheme::ecdsa, hash, kSignature | kPoints};
}

constexpr Mechanism generation(CK_MECHANISM_TYPE type, std::string_view name, CK_KEY_TYPE key_type,
                               CK_FLAGS curves) {
  return {type,
          name,
          key_type,
          Scheme::none,
          HashType::none,
          CKF_GENERATE_KEY_PAIR | curves,
          Listed::only_to_sign};
}

// The name of a mechanism is the name of its constant.
#define SIGNET_NAMED(mechanism) mechanism, #mechanism

constexpr std::array kTable = {
    generation(SIGNET_NAMED(CKM_RSA_PKCS_KEY_PAIR_GEN), CKK_RSA, 0),
    rsa(SIGNET_NAMED(CKM_RSA_PKCS), Scheme::rsa_pkcs1, HashType::none),
    rsa(SIGNET_NAMED(CKM_SHA1_RSA_PKCS), Scheme::rsa_pkcs1, HashType::sha1),
    rsa(SIGNET_NAMED(CKM_SHA224_RSA_PKCS), Scheme::rsa_pkcs1, HashType::sha224),
    rsa(SIGNET_NAMED(CKM_SHA256_RSA_PKCS), Scheme::rsa_pkcs1, HashType::sha256),
    rsa(SIGNET_NAMED(CKM_SHA384_RSA_PKCS), Scheme::rsa_pkcs1, HashType::sha384),
    rsa(SIGNET_NAMED(CKM_SHA512_RSA_PKCS), Scheme::rsa_pkcs1, HashType::sha512),
    rsa(SIGNET_NAMED(CKM_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::none),
    rsa(SIGNET_NAMED(CKM_SHA1_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::sha1),
    rsa(SIGNET_NAMED(CKM_SHA224_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::sha224),
    rsa(SIGNET_NAMED(CKM_SHA256_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::sha256),
    rsa(SIGNET_NAMED(CKM_SHA384_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::sha384),
    rsa(SIGNET_NAMED(CKM_SHA512_RSA_PKCS_PSS), Scheme::rsa_pss, HashType::sha512),
    Mechanism{SIGNET_NAMED(CKM_RSA_X_509), CKK_RSA, Scheme::rsa_x509, HashType::none, kSignature,
              Listed::only_to_sign},
    generation(SIGNET_NAMED(CKM_EC_KEY_PAIR_GEN), CKK_EC, kPoints),
    ecdsa(SIGNET_NAMED(CKM_ECDSA), HashType::none),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA1), HashType::sha1),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA224), HashType::sha224),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA256), HashType::sha256),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA384), HashType::sha384),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA512), HashType::sha512),
    generation(SIGNET_NAMED(CKM_EC_EDWARDS_KEY_PAIR_GEN), CKK_EC_EDWARDS, kNamedCurves),
    Mechanism{SIGNET_NAMED(CKM_EDDSA), CKK_EC_EDWARDS, Scheme::eddsa, HashType::none,
              kSignature | kNamedCurves, Listed::only_to_sign},
    digest(SIGNET_NAMED(CKM_SHA_1), HashType::sha1),
    digest(SIGNET_NAMED(CKM_SHA224), HashType::sha224),
    digest(SIGNET_NAMED(CKM_SHA256), HashType::sha256),
    digest(SIGNET_NAMED(CKM_SHA384), HashType::sha384),
    digest(SIGNET_NAMED(CKM_SHA512), HashType::sha512),
    digest(SIGNET_NAMED(CKM_SHA3_224), HashType::sha3_224),
    digest(SIGNET_NAMED(CKM_SHA3_256), HashType::sha3_256),
    digest(SIGNET_NAMED(CKM_SHA3_384), HashType::sha3_384),
    digest(SIGNET_NAMED(CKM_SHA3_512), HashType::sha3_512),
};

#undef SIGNET_NAMED

}  // namespace

std::span<const Mechanism> all() {
  return kTable;
}

const Mechanism* find(CK_MECHANISM_TYPE type) {
  for (const Mechanism& mechanism : kTable) {
    if (mechanism.type == type) return &mechanism;
  }
  return nullptr;
}

std::optional<transport::Hash> appliance_hash(HashType hash) {
  switch (hash) {
    case HashType::none:
      return transport::Hash::none;
    case HashType::sha1:
      return transport::Hash::sha1;
    case HashType::sha224:
      return transport::Hash::sha224;
    case HashType::sha256:
      return transport::Hash::sha256;
    case HashType::sha384:
      return transport::Hash::sha384;
    case HashType::sha512:
      return transport::Hash::sha512;
    case HashType::sha3_224:
    case HashType::sha3_256:
    case HashType::sha3_384:
    case HashType::sha3_512:
      break;
  }
  return std::nullopt;
}

}  // namespace signet::mechanism
