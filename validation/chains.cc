#include "validation/chains.h"

#include <algorithm>
#include <deque>

#include "validation/path_check.h"
#include "validation/signature_check.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostChains = 64;
constexpr std::size_t kLongestChain = 32;
constexpr std::size_t kMostSignatures = 2000;  // of keys of usual sizes; larger ones count more
constexpr std::size_t kMostSteps = 2000;       // paths that are looked at, for one certificate
constexpr std::size_t kMostStepsInAll = 20000;
// OpenSSL compares all names of a path with all constraints in it. KiB squared: a usual path has 3 KiB, and counts 9.
constexpr std::size_t kLargestPath = 64;
constexpr std::size_t kMostChecks = std::size_t{4} * kLargestPath * kLargestPath;

constexpr Sentence kNoIssuer{"no certificate of the issuer of {0} was found ({1})",
                             "certifikát vydavatele {0} nebyl nalezen ({1})"};
constexpr Sentence kUntrustedRoot{
    "the chain ends at {0}, which is not trusted",
    "řetězec certifikátů končí certifikátem {0}, který není důvěryhodný"};
constexpr Sentence kGaveUp{
    "there are too many chains of certificates; not all of them were looked at",
    "řetězců certifikátů je příliš mnoho; všechny nebyly prověřeny"};
constexpr Sentence kNotComputable{"whether {0} issued {1} cannot be computed",
                                  "zda certifikát {1} vydal {0}, nelze vypočítat"};
constexpr Sentence kTooLarge{"the chain's certificates are too large to be checked",
                             "certifikáty řetězce jsou pro kontrolu příliš velké"};

using LinkOutcome = SignatureCheck::Outcome;

struct OpenPath {
  std::vector<CertificatePtr> certificates;
  std::vector<Statement> doubts;  // of a link that cannot be computed, and why
};

// The same name and key again, in whatever certificate: a cycle.
bool contains(const OpenPath& path, const Certificate& certificate) {
  return std::ranges::any_of(path.certificates, [&](const CertificatePtr& one) {
    return one->id() == certificate.id() || (one->public_key() == certificate.public_key() &&
                                             one->subject() == certificate.subject());
  });
}

Conclusion failed(SubIndication sub_indication, std::vector<Statement> why) {
  return {Indication::indeterminate, sub_indication, std::move(why), {}};
}

std::size_t cost_of(const Certificate& issuer) {
  const std::size_t size = issuer.public_key().size() / 512;
  return 1 + size * size;
}

// KiB, without keys and signatures, which may be large.
std::size_t size_of(const OpenPath& path) {
  std::size_t bytes = 0;
  for (const CertificatePtr& one : path.certificates)
    bytes += one->to_be_signed().size() - one->public_key().size();
  return bytes / 1024 + 1;
}

}  // namespace

class ChainFinder::State {
 public:
  State(const Evidence& evidence, const Policy& policy) : evidence_(evidence) {
    for (const TrustAnchor& anchor : policy.anchors) {
      anchors_.emplace(anchor.certificate->id(), &anchor);
      anchors_by_subject_.emplace(anchor.certificate->subject_hash(), &anchor);
    }
  }

  const std::vector<Chain>& chains_for(const CertificatePtr& certificate, Purpose purpose) {
    const auto key = std::pair(certificate->id(), purpose);
    const auto known = chains_.find(key);
    if (known != chains_.end()) return known->second;
    return chains_[key] = find(certificate, purpose);
  }

  // Names, then the signature: computed once for each key, however many certificates of it there are.
  const SignatureCheck& link(const Certificate& certificate, const Certificate& issuer) {
    static const SignatureCheck no_link{LinkOutcome::bad, {}};
    if (!issuer.has_subject_of_issuer(certificate)) return no_link;
    const auto key = std::pair(certificate.id(), issuer.key_id());
    const auto known = links_.find(key);
    if (known != links_.end()) return known->second;
    if (signatures_ + cost_of(issuer) > kMostSignatures) {
      gave_up_ = true;
      return no_link;
    }
    signatures_ += cost_of(issuer);
    return links_[key] =
               check_signature(certificate.signature_algorithm(), crypto::Hash::none, issuer,
                               certificate.to_be_signed(), certificate.signature());
  }

  bool gave_up() const { return gave_up_; }

 private:
  const TrustAnchor* anchor_of(const Certificate& certificate) const {
    const auto known = anchors_.find(certificate.id());
    return known == anchors_.end() ? nullptr : known->second;
  }

  // Those that issued it, as far as that can be computed. Anchors first, so that the bounds never hide one; then as the evidence
  // orders them.
  const std::vector<CertificatePtr>& issuers_of(const Certificate& certificate) {
    const auto known = issuers_.find(certificate.id());
    if (known != issuers_.end()) return known->second;
    std::vector<CertificatePtr> found;
    const auto take = [&](const CertificatePtr& one) {
      if (link(certificate, *one).outcome != LinkOutcome::bad) found.push_back(one);
    };
    const auto [first, last] = anchors_by_subject_.equal_range(certificate.issuer_hash());
    for (auto each = first; each != last; ++each) take(each->second->certificate);
    for (const CertificatePtr& one : evidence_.issuers_for(certificate))
      if (anchor_of(*one) == nullptr) take(one);
    return issuers_[certificate.id()] = std::move(found);
  }

  // The shortest paths first: breadth before depth.
  std::vector<Chain> find(const CertificatePtr& certificate, Purpose purpose) {
    if (const TrustAnchor* const itself = anchor_of(*certificate))
      return {Chain{{certificate}, *itself, Conclusion{}}};
    std::vector<Chain> found;
    OpenPath best;
    bool cut = false;
    std::deque<OpenPath> open;
    open.push_back({{certificate}, {}});
    for (std::size_t steps = 0; !open.empty() && found.size() < kMostChains; ++steps, ++steps_) {
      if (steps >= kMostSteps || steps_ >= kMostStepsInAll) {
        cut = true;
        break;
      }
      const OpenPath path = std::move(open.front());
      open.pop_front();
      if (path.certificates.size() > best.certificates.size()) best = path;
      if (path.certificates.size() >= kLongestChain) {
        cut = true;
        continue;
      }
      cut = !extend(path, purpose, open, found) || cut;
    }
    if (cut || !open.empty()) gave_up_ = true;
    if (found.empty()) found.push_back(without_anchor(best.certificates.empty() ? open[0] : best));
    std::ranges::stable_sort(
        found, [](const Chain& a, const Chain& b) { return a.usable() && !b.usable(); });
    if (gave_up_)
      for (Chain& chain : found) chain.conclusion.warnings.push_back(say(kGaveUp));
    return found;
  }

  // False where a bound was reached.
  bool extend(const OpenPath& path, Purpose purpose, std::deque<OpenPath>& open,
              std::vector<Chain>& found) {
    const Certificate& last = *path.certificates.back();
    for (const CertificatePtr& issuer : issuers_of(last)) {
      const TrustAnchor* const anchor = anchor_of(*issuer);
      if (found.size() >= kMostChains || (!anchor && open.size() >= kMostSteps)) return false;
      if (contains(path, *issuer)) continue;
      OpenPath longer = path;
      longer.certificates.push_back(issuer);
      const SignatureCheck& link_to_it = link(last, *issuer);
      if (!link_to_it.good()) {
        longer.doubts.push_back(say(kNotComputable, issuer->short_name(), last.short_name()));
        longer.doubts.push_back(link_to_it.why);
      }
      if (anchor) {
        found.push_back(finished(longer, *anchor, purpose));
      } else {
        open.push_back(std::move(longer));
      }
    }
    return true;
  }

  Chain finished(const OpenPath& path, const TrustAnchor& anchor, Purpose purpose) {
    Chain chain{path.certificates, anchor, Conclusion{}};
    if (!path.doubts.empty()) {
      chain.conclusion = failed(SubIndication::certificate_chain_general_failure, path.doubts);
    } else if (auto problem = problem_of_purpose(*path.certificates.front(), purpose)) {
      chain.conclusion = failed(SubIndication::chain_constraints_failure, {*std::move(problem)});
    } else if (!may_check(path)) {
      chain.conclusion = failed(SubIndication::certificate_chain_general_failure, {say(kTooLarge)});
    } else if (auto of_path = problem_of_path(path.certificates)) {
      chain.conclusion = failed(SubIndication::chain_constraints_failure, {*std::move(of_path)});
    }
    return chain;
  }

  bool may_check(const OpenPath& path) {
    const std::size_t size = size_of(path);
    if (size > kLargestPath || checks_ + size * size > kMostChecks) {
      gave_up_ = true;
      return false;
    }
    checks_ += size * size;
    return true;
  }

  static Chain without_anchor(const OpenPath& path) {
    const Certificate& last = *path.certificates.back();
    Statement why = last.is_self_issued() ? say(kUntrustedRoot, last.short_name())
                                          : say(kNoIssuer, last.short_name(), last.issuer_text());
    std::vector<Statement> reasons = {std::move(why)};
    reasons.insert(reasons.end(), path.doubts.begin(), path.doubts.end());
    return {path.certificates, std::nullopt,
            failed(SubIndication::no_certificate_chain_found, std::move(reasons))};
  }

  const Evidence& evidence_;
  std::map<ObjectId, const TrustAnchor*> anchors_;
  std::multimap<std::uint32_t, const TrustAnchor*> anchors_by_subject_;
  std::map<std::pair<ObjectId, Purpose>, std::vector<Chain>> chains_;
  std::map<std::pair<ObjectId, ObjectId>, SignatureCheck> links_;  // certificate, issuer's key
  std::map<ObjectId, std::vector<CertificatePtr>> issuers_;
  std::size_t signatures_ = 0, steps_ = 0, checks_ = 0;
  bool gave_up_ = false;
};

ChainFinder::ChainFinder(const Evidence& evidence, const Policy& policy)
    : state_(std::make_unique<State>(evidence, policy)) {}

ChainFinder::~ChainFinder() = default;

const std::vector<Chain>& ChainFinder::chains_for(const CertificatePtr& certificate,
                                                  Purpose purpose) {
  return state_->chains_for(certificate, purpose);
}

bool ChainFinder::is_issued_by(const Certificate& certificate, const Certificate& issuer) {
  return state_->link(certificate, issuer).good();
}

bool ChainFinder::gave_up() const {
  return state_->gave_up();
}

}  // namespace signet::validation
