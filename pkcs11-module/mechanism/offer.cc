#include "pkcs11-module/mechanism/offer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace signet::mechanism {

namespace {

using crypto::Hash;
using crypto::KeyType;
using crypto::Scheme;

constexpr CK_FLAGS kRemote = CKF_SIGN | CKF_MESSAGE_SIGN | CKF_GENERATE_KEY_PAIR;
constexpr CK_FLAGS kLocal = CKF_VERIFY | CKF_MESSAGE_VERIFY | CKF_DIGEST;

template <typename T>
bool contains(const std::vector<T>& list, T item) {
  return std::ranges::find(list, item) != list.end();
}

}  // namespace

CkError Offer::not_offered(CK_MECHANISM_TYPE type) const {
  const Mechanism* known = crypto::find_mechanism(type);
  if (known == nullptr) {
    return ck_error(CKR_MECHANISM_INVALID,
                    fmt::format("mechanism 0x{:08x} is not supported", type));
  }
  const bool forbidden = known->signs_with_sha1() && !sha1_signatures_;
  return ck_error(
      CKR_MECHANISM_INVALID,
      fmt::format("{} {}", known->name,
                  forbidden ? "signs with SHA-1, which nobody should trust any more; where it is "
                              "needed, set sha1_signatures = true in the token's configuration"
                            : "is not offered for this by the appliance"));
}

Offer::Offer(transport::ApplianceInfo appliance, bool sha1_signatures)
    : appliance_(std::move(appliance)), sha1_signatures_(sha1_signatures) {
  for (const Mechanism& mechanism : crypto::mechanisms()) infos_.push_back(describe(mechanism));
}

bool Offer::offers(Scheme scheme) const {
  return contains(appliance_.algorithms, scheme);
}

bool Offer::sends(Hash hash) const {
  return hash != Hash::none && contains(appliance_.hashes, hash);
}

Offer::Sizes Offer::sizes(KeyType key_type) const {
  Sizes found;
  const auto add = [&](std::size_t bits) {
    found.least = found.most == 0 ? bits : std::min(found.least, bits);
    found.most = std::max(found.most, bits);
  };
  if (key_type == KeyType::rsa) std::ranges::for_each(appliance_.rsa_bits, add);
  for (const crypto::Curve curve : appliance_.curves) {
    if (row_of(curve).type == key_type) add(row_of(curve).bits);
  }
  return found;
}

bool Offer::signs(const Mechanism& mechanism) const {
  if (!mechanism.scheme || sizes(*mechanism.key_type).most == 0) return false;
  if (!offers(*mechanism.scheme)) return false;
  if (mechanism.signs_with_sha1() && !sha1_signatures_) return false;
  const Hash hash = mechanism.hash;
  const bool raw = hash == Hash::none;
  switch (*mechanism.scheme) {
    case Scheme::rsa_pkcs1:
      // Of a hash that the appliance lacks the DigestInfo is made here and padded there.
      return raw || sends(hash) || raw_pkcs1();
    case Scheme::rsa_pss:
      return raw || sends(hash);
    case Scheme::ecdsa: {
      // A digest that is not longer than SHA-256's can go as one: see sign_request().
      const bool fits = crypto::digest_size(hash) <= crypto::digest_size(Hash::sha256);
      return sends(hash) || (fits && sends(Hash::sha256));
    }
    case Scheme::rsa_raw:
    case Scheme::eddsa:
      break;
  }
  return true;
}

CK_MECHANISM_INFO Offer::describe(const Mechanism& mechanism) const {
  if (!mechanism.key_type) return {0, 0, mechanism.flags};
  const Sizes made = sizes(*mechanism.key_type);
  const bool remote = (mechanism.flags & CKF_GENERATE_KEY_PAIR) != 0
                          ? appliance_.stores_objects && made.most != 0
                          : signs(mechanism);
  if (remote) return {made.least, made.most, mechanism.flags | CKF_HW};
  if (mechanism.listed == crypto::Listed::only_to_sign) return {0, 0, 0};
  const crypto::KeyTypeRow& row = row_of(*mechanism.key_type);
  return {row.least_bits, row.most_bits, mechanism.flags & ~kRemote};
}

std::vector<CK_MECHANISM_TYPE> Offer::list() const {
  std::vector<CK_MECHANISM_TYPE> types;
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (infos_[i].flags != 0) types.push_back(crypto::mechanisms()[i].type);
  }
  return types;
}

CkResult<CK_MECHANISM_INFO> Offer::info(CK_MECHANISM_TYPE type) const {
  for (std::size_t i = 0; i < infos_.size(); ++i) {
    if (crypto::mechanisms()[i].type == type && infos_[i].flags != 0) return infos_[i];
  }
  return not_offered(type);
}

CkResult<const Mechanism*> Offer::for_use(CK_MECHANISM_TYPE type, CK_FLAGS use) const {
  const Mechanism* mechanism = crypto::find_mechanism(type);
  if (mechanism == nullptr) return not_offered(type);
  const bool local = (mechanism->flags & use & kLocal) != 0;
  const auto listed = info(type);
  const bool remote = listed && (listed.assume_value().flags & use & kRemote) != 0;
  if (!local && !remote) return not_offered(type);
  return mechanism;
}

}  // namespace signet::mechanism
