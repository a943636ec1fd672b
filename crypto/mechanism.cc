#include "crypto/mechanism.h"

#include <algorithm>
#include <array>

namespace signet::crypto {

namespace {

constexpr CK_FLAGS kSignature = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY;
constexpr CK_FLAGS kNamedCurves = CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_CURVENAME;
constexpr CK_FLAGS kPoints = kNamedCurves | CKF_EC_UNCOMPRESS;

constexpr Mechanism digest(CK_MECHANISM_TYPE type, std::string_view name, Hash hash) {
  return {type, name, std::nullopt, std::nullopt, hash, CKF_DIGEST};
}

// Programs take a listed mechanism for one that signs. SHA-1 is listed to verify old signatures, which many check; SHA-224
// where the appliance signs with it.
constexpr Mechanism rsa(CK_MECHANISM_TYPE type, std::string_view name, Scheme scheme, Hash hash) {
  return {type,
          name,
          KeyType::rsa,
          scheme,
          hash,
          kSignature,
          hash == Hash::sha224 ? Listed::only_to_sign : Listed::always};
}

constexpr Mechanism ecdsa(CK_MECHANISM_TYPE type, std::string_view name, Hash hash) {
  return {type, name, KeyType::ec, Scheme::ecdsa, hash, kSignature | kPoints};
}

constexpr Mechanism generation(CK_MECHANISM_TYPE type, std::string_view name, KeyType key_type,
                               CK_FLAGS curves) {
  return {type,
          name,
          key_type,
          std::nullopt,
          Hash::none,
          CKF_GENERATE_KEY_PAIR | curves,
          Listed::only_to_sign};
}

// The name of a mechanism is the name of its constant.
#define SIGNET_NAMED(mechanism) mechanism, #mechanism

constexpr std::array kTable = {
    generation(SIGNET_NAMED(CKM_RSA_PKCS_KEY_PAIR_GEN), KeyType::rsa, 0),
    rsa(SIGNET_NAMED(CKM_RSA_PKCS), Scheme::rsa_pkcs1, Hash::none),
    rsa(SIGNET_NAMED(CKM_SHA1_RSA_PKCS), Scheme::rsa_pkcs1, Hash::sha1),
    rsa(SIGNET_NAMED(CKM_SHA224_RSA_PKCS), Scheme::rsa_pkcs1, Hash::sha224),
    rsa(SIGNET_NAMED(CKM_SHA256_RSA_PKCS), Scheme::rsa_pkcs1, Hash::sha256),
    rsa(SIGNET_NAMED(CKM_SHA384_RSA_PKCS), Scheme::rsa_pkcs1, Hash::sha384),
    rsa(SIGNET_NAMED(CKM_SHA512_RSA_PKCS), Scheme::rsa_pkcs1, Hash::sha512),
    rsa(SIGNET_NAMED(CKM_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::none),
    rsa(SIGNET_NAMED(CKM_SHA1_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::sha1),
    rsa(SIGNET_NAMED(CKM_SHA224_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::sha224),
    rsa(SIGNET_NAMED(CKM_SHA256_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::sha256),
    rsa(SIGNET_NAMED(CKM_SHA384_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::sha384),
    rsa(SIGNET_NAMED(CKM_SHA512_RSA_PKCS_PSS), Scheme::rsa_pss, Hash::sha512),
    Mechanism{SIGNET_NAMED(CKM_RSA_X_509), KeyType::rsa, Scheme::rsa_raw, Hash::none, kSignature,
              Listed::only_to_sign},
    generation(SIGNET_NAMED(CKM_EC_KEY_PAIR_GEN), KeyType::ec, kPoints),
    ecdsa(SIGNET_NAMED(CKM_ECDSA), Hash::none),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA1), Hash::sha1),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA224), Hash::sha224),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA256), Hash::sha256),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA384), Hash::sha384),
    ecdsa(SIGNET_NAMED(CKM_ECDSA_SHA512), Hash::sha512),
    generation(SIGNET_NAMED(CKM_EC_EDWARDS_KEY_PAIR_GEN), KeyType::edwards, kNamedCurves),
    Mechanism{SIGNET_NAMED(CKM_EDDSA), KeyType::edwards, Scheme::eddsa, Hash::none,
              kSignature | kNamedCurves, Listed::only_to_sign},
    digest(SIGNET_NAMED(CKM_SHA_1), Hash::sha1),
    digest(SIGNET_NAMED(CKM_SHA224), Hash::sha224),
    digest(SIGNET_NAMED(CKM_SHA256), Hash::sha256),
    digest(SIGNET_NAMED(CKM_SHA384), Hash::sha384),
    digest(SIGNET_NAMED(CKM_SHA512), Hash::sha512),
    digest(SIGNET_NAMED(CKM_SHA3_224), Hash::sha3_224),
    digest(SIGNET_NAMED(CKM_SHA3_256), Hash::sha3_256),
    digest(SIGNET_NAMED(CKM_SHA3_384), Hash::sha3_384),
    digest(SIGNET_NAMED(CKM_SHA3_512), Hash::sha3_512),
};

#undef SIGNET_NAMED

// Every kind of key can be made and, by some scheme, signs; every hash has its digest; every scheme has its raw
// mechanism.
consteval bool is_whole() {
  const auto has = [](auto fits) { return std::any_of(kTable.begin(), kTable.end(), fits); };
  for (const KeyTypeRow& row : kKeyTypes) {
    if (!has([&](const Mechanism& m) {
          return m.type == row.generation && m.key_type == row.type;
        }) ||
        !has([&](const Mechanism& m) { return m.scheme && m.key_type == row.type; })) {
      return false;
    }
  }
  for (const HashRow& row : kRealHashes) {
    const auto hashes = [&](const Mechanism& m) {
      return m.type == row.mechanism && m.hash == row.hash;
    };
    if (!has(hashes)) return false;
  }
  for (int i = 0; i <= static_cast<int>(kLastScheme); ++i) {
    const auto scheme = static_cast<Scheme>(i);
    if (!has([&](const Mechanism& m) { return m.scheme == scheme && m.hash == Hash::none; }))
      return false;
  }
  return true;
}
static_assert(is_whole());

}  // namespace

std::span<const Mechanism> mechanisms() {
  return kTable;
}

const Mechanism* find_mechanism(CK_MECHANISM_TYPE type) {
  const auto* found = std::ranges::find(kTable, type, &Mechanism::type);
  return found == kTable.end() ? nullptr : found;
}

CK_MECHANISM_TYPE raw_mechanism(Scheme scheme) {
  const auto is_it = [&](const Mechanism& m) { return m.scheme == scheme && m.hash == Hash::none; };
  return std::ranges::find_if(kTable, is_it)->type;
}

}  // namespace signet::crypto
