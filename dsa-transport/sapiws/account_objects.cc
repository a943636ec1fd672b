#include "dsa-transport/sapiws/account_objects.h"

#include <set>

#include "crypto/certificate_parts.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::size_t kMostBytes = std::size_t{16} * 1024 * 1024;

class Gathering {
 public:
  explicit Gathering(const DerCheck& der) : der_(der) {}

  Answer<void> add(const Bytes& certificate, bool own) {
    if (!shown_.insert(certificate).second) return success();
    const auto certified = der_.certified_key(certificate);
    if (own && !certified && !der_.is_certificate(certificate)) {
      return refuse("a certificate of the account cannot be read");
    }
    if (!own && !certified) return success();
    CertificateInfo info;
    info.id = "certificate-" + to_hex(der_.digest(Hash::sha256, certificate));
    info.der = certificate;
    if (certified) {
      info.label = copy_of(view_of(certified->common_name));
      info.cka_id = certified->id;
    }
    if (own && certified && certified->parameters.type == KeyType::rsa) {
      info.key_id = add_key(*certified, certificate);
    }
    summary_.push_back(own ? 1 : 0);
    summary_.insert(summary_.end(), certificate.begin(), certificate.end());
    if (summary_.size() > kMostBytes) {
      return refuse("the certificates of the account are too large");
    }
    objects_.set.certificates.push_back(std::move(info));
    return success();
  }

  AccountObjects take() {
    objects_.set.etag = to_hex(der_.digest(Hash::sha256, summary_));
    return std::move(objects_);
  }

 private:
  static ApplianceError refuse(std::string sentence) {
    return {Failure::bad_answer, std::move(sentence), {}};
  }

  std::string add_key(const CertifiedKey& certified, const Bytes& certificate) {
    std::string id = to_hex(der_.digest(Hash::sha256, certified.public_key));
    const auto parts = crypto::parse_certificate(certificate);
    const std::string end_date = parts ? parts->end_date : std::string();
    const auto [known, fresh] = objects_.keys.try_emplace(id);
    if (fresh || end_date > known->second.end_date) {
      known->second = {certificate, end_date, certified.id, (certified.parameters.bits + 7) / 8};
    }
    if (!fresh) return id;
    KeyInfo key;
    key.id = id;
    key.label = copy_of(view_of(certified.common_name));
    key.cka_id = certified.id;
    key.type = certified.parameters.type;
    key.bits = certified.parameters.bits;
    key.public_key = certified.public_key;
    objects_.set.keys.push_back(std::move(key));
    return id;
  }

  const DerCheck& der_;
  AccountObjects objects_;
  std::set<Bytes> shown_;
  Bytes summary_;  // of all that is shown
};

}  // namespace

Answer<AccountObjects> objects_of(const DerCheck& der, const std::vector<Bytes>& own,
                                  const std::vector<Bytes>& issuers, Deadline deadline) {
  const ApplianceError late{
      Failure::timed_out, "there was no time to read all of the account's certificates", {}};
  Gathering gathering(der);
  for (const Bytes& certificate : own) {
    if (deadline.passed()) return late;
    BOOST_OUTCOME_TRY(gathering.add(certificate, true));
  }
  for (const Bytes& certificate : issuers) {
    if (deadline.passed()) return late;
    BOOST_OUTCOME_TRY(gathering.add(certificate, false));
  }
  return gathering.take();
}

}  // namespace signet::transport::sapiws
