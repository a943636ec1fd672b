// Offer: what of the table one token's appliance and configuration allow.
#include <algorithm>

#include "pkcs11-module/mechanism/mechanism_table.h"

namespace signet::mechanism {

namespace {

using crypto::HashType;
using transport::Algorithm;

constexpr CK_FLAGS kRemote = CKF_SIGN | CKF_MESSAGE_SIGN | CKF_GENERATE_KEY_PAIR;
constexpr CK_FLAGS kLocal = CKF_VERIFY | CKF_MESSAGE_VERIFY | CKF_DIGEST;

transport::ApplianceInfo contract_minimum() {
  using transport::Curve;
  using transport::Hash;
  transport::ApplianceInfo info;
  info.rsa_bits = {2048, 3072, 4096};
  info.curves = {Curve::p256, Curve::p384, Curve::p521};
  info.algorithms = {Algorithm::rsa_pkcs1, Algorithm::rsa_pss, Algorithm::ecdsa};
  info.hashes = {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512};
  info.raw_pkcs1 = true;
  return info;
}

std::size_t bits_of(transport::Curve curve) {
  switch (curve) {
    case transport::Curve::p256:
      return 256;
    case transport::Curve::p384:
      return 384;
    case transport::Curve::p521:
      return 521;
  }
  return 0;
}

constexpr std::size_t kEd25519Bits = 255;

// What is verified here, whatever the appliance.
Offer::Sizes local_sizes(CK_KEY_TYPE key_type) {
  switch (key_type) {
    case CKK_RSA:
      return {crypto::kMinRsaBits, crypto::kMaxRsaBits};
    case CKK_EC:
      return {256, 521};
    case CKK_EC_EDWARDS:
      return {kEd25519Bits, kEd25519Bits};
    default:
      return {};
  }
}

CkError not_offered(CK_MECHANISM_TYPE type) {
  const Mechanism* known = find(type);
  if (known == nullptr) return ck_error(CKR_MECHANISM_INVALID, "the mechanism is not supported");
  return ck_error(
      CKR_MECHANISM_INVALID,
      std::string(known->name) + " is not offered for this by appliance or configuration");
}

}  // namespace

Offer::Offer(const std::optional<transport::ApplianceInfo>& appliance, bool sha1_signatures)
    : appliance_(appliance ? *appliance : contract_minimum()), sha1_signatures_(sha1_signatures) {
  for (const Mechanism& mechanism : all()) infos_.push_back(describe(mechanism));
}

bool Offer::offers_algorithm(Algorithm algorithm) const {
  return std::ranges::find(appliance_.algorithms, algorithm) != appliance_.algorithms.end();
}

bool Offer::sends(HashType hash) const {
  const auto wire = appliance_hash(hash);
  if (!wire || hash == HashType::none) return false;
  return std::ranges::find(appliance_.hashes, *wire) != appliance_.hashes.end();
}

Offer::Sizes Offer::sizes(CK_KEY_TYPE key_type) const {
  std::vector<std::size_t> offered;
  if (key_type == CKK_RSA) offered.assign(appliance_.rsa_bits.begin(), appliance_.rsa_bits.end());
  if (key_type == CKK_EC) {
    for (const transport::Curve curve : appliance_.curves) offered.push_back(bits_of(curve));
  }
  if (key_type == CKK_EC_EDWARDS && offers_algorithm(Algorithm::ed25519)) {
    offered.push_back(kEd25519Bits);
  }
  if (offered.empty()) return {};
  return {std::ranges::min(offered), std::ranges::max(offered)};
}

bool Offer::generates(CK_KEY_TYPE key_type) const {
  return sizes(key_type).most != 0;
}

bool Offer::signs(const Mechanism& mechanism) const {
  if (sizes(mechanism.key_type).most == 0) return false;
  if (mechanism.signs_with_sha1() && !sha1_signatures_) return false;
  const HashType hash = mechanism.hash;
  const bool raw = hash == HashType::none;
  switch (mechanism.scheme) {
    case Scheme::none:
      return false;
    case Scheme::rsa_pkcs1:
      // Of a hash that the appliance lacks the DigestInfo is made here and padded there.
      return offers_algorithm(Algorithm::rsa_pkcs1) && (raw || sends(hash) || raw_pkcs1());
    case Scheme::rsa_pss:
      return offers_algorithm(Algorithm::rsa_pss) && (raw || sends(hash));
    case Scheme::rsa_x509:
      return offers_algorithm(Algorithm::rsa_raw);
    case Scheme::ecdsa: {
      // A digest that is not longer than SHA-256's can go as one: see sign_request().
      const bool fits = crypto::digest_size(hash) <= crypto::digest_size(HashType::sha256);
      return offers_algorithm(Algorithm::ecdsa) &&
             (sends(hash) || (fits && sends(HashType::sha256)));
    }
    case Scheme::eddsa:
      return offers_algorithm(Algorithm::ed25519);
  }
  return false;
}

CK_MECHANISM_INFO Offer::describe(const Mechanism& mechanism) const {
  const bool remote = (mechanism.flags & CKF_GENERATE_KEY_PAIR) != 0 ? generates(mechanism.key_type)
                                                                     : signs(mechanism);
  if (!remote && mechanism.listed == Listed::only_to_sign) return {0, 0, 0};
  const Sizes range = remote ? sizes(mechanism.key_type) : local_sizes(mechanism.key_type);
  const CK_FLAGS flags = remote ? mechanism.flags | CKF_HW : mechanism.flags & ~kRemote;
  return {range.least, range.most, flags};
}

std::vector<CK_MECHANISM_TYPE> Offer::list() const {
  std::vector<CK_MECHANISM_TYPE> types;
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (infos_[i].flags != 0) types.push_back(all()[i].type);
  }
  return types;
}

CkResult<CK_MECHANISM_INFO> Offer::info(CK_MECHANISM_TYPE type) const {
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (all()[i].type == type && infos_[i].flags != 0) return infos_[i];
  }
  return not_offered(type);
}

CkResult<const Mechanism*> Offer::for_use(CK_MECHANISM_TYPE type, CK_FLAGS use) const {
  const Mechanism* mechanism = find(type);
  if (mechanism == nullptr) return not_offered(type);
  const bool local = (mechanism->flags & use & kLocal) != 0;
  const auto listed = info(type);
  const bool remote = listed && (listed.assume_value().flags & use & kRemote) != 0;
  if (!local && !remote) return not_offered(type);
  return mechanism;
}

}  // namespace signet::mechanism
