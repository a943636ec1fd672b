#include "preservation/needed_values.h"

#include <algorithm>
#include <set>

#include "validation/procedure/revocations.h"

namespace signet::preservation {

namespace {

using validation::CertificatePtr;
using validation::Chain;
using validation::ChainLink;
using validation::Evidence;
using validation::ObjectId;
using validation::Origin;
using validation::Sentence;
using validation::Time;
using validation::procedure::called;
using validation::procedure::SpeakingData;

constexpr Sentence kLacking{"there is no revocation data for the certificate of {0}",
                            "chybí údaj o zneplatnění certifikátu, jehož držitelem je {0}"};
constexpr Sentence kOlder{
    "the newest revocation data for the certificate of {0} is of {1}, before the moment that it "
    "has "
    "to serve, {2}",
    "nejnovější údaj o zneplatnění certifikátu, jehož držitelem je {0}, je z {1}, dříve než "
    "okamžik, "
    "pro který má platit, {2}"};

constexpr std::size_t kDeepest = 4;  // signers of revocation data for signers of revocation data …

// The moments that revocation data for a chain is about.
struct Served {
  Time needed{};  // without data from then or later the verdict rests on older data
  Time wanted{};  // no earlier than `needed`
  // When it is first proven, at the latest by the time-stamp that is to come: data that is no longer fresh then proves nothing.
  Time proven{};
};

// Revocation data has no parts of seconds.
Time whole(Time time) {
  if (time == Time::min()) return time;
  return std::chrono::floor<std::chrono::seconds>(time);
}

class Gathering {
 public:
  explicit Gathering(const validation::ValidationResult& result)
      : result_(result),
        evidence_(result.document->evidence),
        chains_(evidence_, result.policy),
        revocations_(evidence_, result.policy, chains_) {
    for (const auto& found : evidence_.certificates())
      if (is_inside(found.origins)) inside_.insert(found.certificate->id());
    for (const auto& found : evidence_.revocations())
      if (is_inside(found.origins)) inside_.insert(found.data->id());
  }

  NeededValues run() {
    for (const auto& signature : result_.signatures) {
      const Time best =
          signature.best_signature_time.by ? signature.best_signature_time.time : Time::min();
      const Time proven = signature.best_signature_time.by ? best : result_.policy.at;
      if (signature.trusted) add_links(signature.chain, {whole(best), whole(best), whole(proven)});
      for (const auto& stamp : signature.time_stamps) add(stamp);
    }
    for (const auto& stamp : result_.document_time_stamps) add(stamp);
    return std::move(needed_);
  }

 private:
  void add(const validation::TimeStampResult& stamp) {
    if (!stamp.trusted) return;
    Served served{whole(stamp.part->time), whole(stamp.part->time), whole(result_.policy.at)};
    const auto proof = result_.proofs.find(stamp.part->id);
    if (proof != result_.proofs.end() && proof->second.by) {
      served.proven = whole(proof->second.time);
      served.wanted = std::max(served.wanted, served.proven);
    }
    add_links(stamp.chain, served);
  }

  void add_links(const std::vector<ChainLink>& links, const Served& served) {
    std::vector<CertificatePtr> chain;
    for (const ChainLink& link : links) chain.push_back(link.certificate);
    add_chain(chain, served, 0);
  }

  void add_chain(const std::vector<CertificatePtr>& chain, const Served& served,
                 std::size_t depth) {
    for (const CertificatePtr& certificate : chain) add_certificate(certificate);
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
      if (revocations_.is_anchor(*chain[i])) return;
      if (validation::procedure::needs_revocation_data(*chain[i]))
        add_status(chain[i], chain[i + 1], served, depth);
    }
  }

  void add_certificate(const CertificatePtr& certificate) {
    if (inside_.insert(certificate->id()).second) needed_.add.certificates.push_back(certificate);
  }

  void add_status(const CertificatePtr& certificate, const CertificatePtr& issuer,
                  const Served& served, std::size_t depth) {
    const auto& data = revocations_.of(certificate, issuer).data;  // the newest first
    // What is newer than all that is held, unless that is good enough.
    const auto held = std::ranges::find_if(
        data, [&](const SpeakingData& each) { return inside_.contains(each.data->id()); });
    const bool has_held = held != data.end();
    if (!has_held || held->status.this_update < served.wanted ||
        fresh_until(held->status) < served.proven) {
      if (!data.empty() && &data.front() != (has_held ? &*held : nullptr)) take(data.front());
    }
    // Of a certificate that has ended nothing newer will come.
    const bool is_alive = certificate->not_after() >= result_.policy.at;
    if (data.empty())
      needed_.lacking.push_back(say(kLacking, called(*certificate)));
    else if (is_alive && data.front().status.this_update < served.needed)
      needed_.older.push_back(
          say(kOlder, called(*certificate), data.front().status.this_update, served.needed));
    const bool enough = !data.empty() && data.front().status.this_update >= served.needed;
    if (!enough && is_alive) {
      const auto [place, is_new] = needed_.newer_than.emplace(certificate->id(), served.needed);
      if (!is_new) place->second = std::max(place->second, served.needed);
    }
    for (const SpeakingData& each : data)
      if (inside_.contains(each.data->id())) {
        add_signer(each, issuer, depth);
        return;
      }
  }

  Time fresh_until(const validation::RevocationStatus& status) const {
    return validation::procedure::fresh_until(result_.policy, status, false);
  }

  void take(const SpeakingData& data) {
    if (inside_.insert(data.data->id()).second) needed_.add.revocations.push_back(data.data);
  }

  // Whoever signed the data that will be in the document.
  void add_signer(const SpeakingData& data, const CertificatePtr& issuer, std::size_t depth) {
    if (data.signer->id() == issuer->id() || depth == kDeepest) return;
    if (!signers_.insert(data.signer->id()).second) return;
    const Chain& chain = chains_.chains_for(data.signer, validation::Purpose::revocation).front();
    if (!chain.usable()) return;
    auto links = chain.certificates;
    if (data.data->kind() == validation::RevocationKind::ocsp && data.signer->has_ocsp_nocheck()) {
      add_certificate(links.front());
      links.erase(links.begin());
    }
    add_chain(links, {Time::min(), Time::min(), Time::min()}, depth + 1);
  }

  const validation::ValidationResult& result_;
  const Evidence& evidence_;
  validation::ChainFinder chains_;
  validation::procedure::Revocations revocations_;
  std::set<ObjectId> inside_;   // of what is in the document, and of what is added
  std::set<ObjectId> signers_;  // whose chains were looked at
  NeededValues needed_;
};

}  // namespace

bool is_inside(const std::vector<Origin>& origins) {
  return std::ranges::any_of(origins, [](Origin origin) {
    return origin == Origin::message || origin == Origin::time_stamp || origin == Origin::dss ||
           origin == Origin::vri;
  });
}

NeededValues needed_values(const validation::ValidationResult& result) {
  return Gathering(result).run();
}

}  // namespace signet::preservation
