#include "validation/revocation_data.h"

#include <utility>

#include "validation/signature_check.h"

namespace signet::validation {

namespace {

constexpr Sentence kCrlName{"CRL of {0} of {1}",
                            "seznam zneplatněných certifikátů (CRL) {0} z {1}"};
constexpr Sentence kOcspName{"OCSP answer of {0} of {1}", "odpověď OCSP {0} z {1}"};

// Each costs a digest of all the bytes.
constexpr std::size_t kMostSigners = 16;

}  // namespace

RevocationData::RevocationData(RevocationKind kind, Bytes der)
    : kind_(kind), der_(std::move(der)), id_(ObjectId::of(der_)) {}

Statement RevocationData::name() const {
  return say(kind_ == RevocationKind::crl ? kCrlName : kOcspName, issuer_text_, issued_);
}

// Under the lock: another thread that asks the same waits for the answer, and does not compute it once more.
bool RevocationData::verifies_with(const Certificate& signer) const {
  const ObjectId& key = signer.key_id();
  const MutexLock lock(mutex_);
  const auto known = verified_.find(key);
  if (known != verified_.end()) return known->second;
  if (verified_.size() >= kMostSigners) return false;
  const bool good =
      check_signature(signature_algorithm_, crypto::Hash::none, signer, to_be_signed_, signature_)
          .good();
  verified_[key] = good;
  return good;
}

}  // namespace signet::validation
