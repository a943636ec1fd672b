#include "validation/evidence.h"

#include <algorithm>
#include <utility>

namespace signet::validation {

namespace {

constexpr std::size_t kMostCertificates = 4096;
constexpr std::size_t kMostRevocations = 1024;
constexpr std::uint64_t kMostBytes = std::uint64_t{128} * 1024 * 1024;

void add_origin(std::vector<Origin>& origins, Origin origin) {
  if (std::ranges::find(origins, origin) == origins.end()) origins.push_back(origin);
}

}  // namespace

bool Evidence::add(CertificatePtr certificate, Origin origin) {
  if (const auto known = certificate_index_.find(certificate->id());
      known != certificate_index_.end()) {
    add_origin(certificates_[known->second].origins, origin);
    return true;
  }
  const std::uint64_t size = certificate->der().size();
  if (certificates_.size() >= kMostCertificates || bytes_ + size > kMostBytes) {
    full_ = true;
    return false;
  }
  bytes_ += size;
  certificate_index_[certificate->id()] = certificates_.size();
  by_subject_.emplace(certificate->subject_hash(), certificates_.size());
  certificates_.push_back({std::move(certificate), {origin}});
  return true;
}

bool Evidence::add(RevocationDataPtr data, Origin origin) {
  if (const auto known = revocation_index_.find(data->id()); known != revocation_index_.end()) {
    add_origin(revocations_[known->second].origins, origin);
    return true;
  }
  const std::uint64_t size = data->der().size();
  if (revocations_.size() >= kMostRevocations || bytes_ + size > kMostBytes) {
    full_ = true;
    return false;
  }
  bytes_ += size;
  bool all = true;
  for (const CertificatePtr& certificate : data->certificates())
    if (!add(certificate, Origin::ocsp)) all = false;
  revocation_index_[data->id()] = revocations_.size();
  revocations_.push_back({std::move(data), {origin}});
  return all;
}

std::vector<CertificatePtr> Evidence::issuers_for(const Certificate& certificate) const {
  std::vector<CertificatePtr> found;
  const auto [first, last] = by_subject_.equal_range(certificate.issuer_hash());
  for (auto each = first; each != last; ++each) {
    const CertificatePtr& candidate = certificates_[each->second].certificate;
    if (candidate->has_subject_of_issuer(certificate)) found.push_back(candidate);
  }
  const Bytes& wanted = certificate.authority_key_identifier();
  if (!wanted.empty())
    std::ranges::stable_partition(
        found, [&](const CertificatePtr& one) { return one->key_identifier() == wanted; });
  return found;
}

CertificatePtr Evidence::find(const ObjectId& id) const {
  const auto known = certificate_index_.find(id);
  return known == certificate_index_.end() ? nullptr : certificates_[known->second].certificate;
}

}  // namespace signet::validation
