#include "validation/online.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pkcs7.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "common/printable.h"
#include "crypto/openssl_ptr.h"
#include "validation/chains.h"
#include "validation/online/delta_crls.h"
#include "validation/online/fetcher.h"
#include "validation/procedure/revocations.h"
#include "validation/signature_check.h"

namespace signet::validation {

namespace {

using Judgement = Fetcher::Judgement;

constexpr int kMostRounds = 8;  // each one may find an issuer whose own data is lacking
constexpr std::size_t kMostTargets = 256;
constexpr std::size_t kMostBundled = 32;  // certificates in one answer

struct Target {
  CertificatePtr certificate;
  Purpose purpose = Purpose::signing;
};

// One DER certificate, or the certificates of a PKCS #7 message (RFC 5280, 4.2.2.1).
std::vector<CertificatePtr> certificates_of(ByteView content) {
  if (auto one = Certificate::parse(content)) return {std::move(one).value()};
  std::vector<CertificatePtr> found;
  const unsigned char* at = content.data();
  const OpensslPtr<PKCS7, PKCS7_free> message(
      d2i_PKCS7(nullptr, &at, static_cast<long>(content.size())));
  ERR_clear_error();
  if (!message || !PKCS7_type_is_signed(message.get()) || message->d.sign == nullptr) return found;
  const STACK_OF(X509)* const all = message->d.sign->cert;  // null: none
  for (int i = 0; i < sk_X509_num(all) && found.size() < kMostBundled; ++i) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(sk_X509_value(all, i), &der);
    if (size <= 0) continue;
    if (auto one = Certificate::parse({der, static_cast<std::size_t>(size)}))
      found.push_back(std::move(one).value());
    OPENSSL_free(der);
  }
  return found;
}

// RFC 6960, 4.1, of one certificate; empty: OpenSSL failed. Without a nonce: answers that were made before are welcome.
Bytes ocsp_request(const Certificate& certificate, const Certificate& issuer) {
  const OpensslPtr<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
  OCSP_CERTID* const id = OCSP_cert_to_id(nullptr, certificate.x509(), issuer.x509());
  if (!request || id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr) {
    OCSP_CERTID_free(id);
    return {};
  }
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_REQUEST(request.get(), &der);
  if (size <= 0) return {};
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

bool is_named(const SignerPart& signer, const Certificate& certificate) {
  if (!signer.subject_key_identifier.empty())
    return certificate.key_identifier() == signer.subject_key_identifier;
  return !signer.issuer.empty() && certificate.issuer() == signer.issuer &&
         certificate.serial_number() == signer.serial_number;
}

// What validation makes of the evidence at a moment.
struct Rules {
  Rules(const Evidence& evidence, const Policy& at_that_moment)
      : policy(at_that_moment), chains(evidence, policy), revocations(evidence, policy, chains) {}
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  const Policy policy;
  ChainFinder chains;
  procedure::Revocations revocations;
};

class Completion {
 public:
  Completion(DocumentParts& parts, const Policy& policy, const OnlineOptions& options,
             const std::function<void(const Fetch&)>& progress)
      : evidence_(parts.evidence), policy_(policy), options_(options), fetcher_(options, progress) {
    each_signature(parts.signatures, [&](const SignaturePart& signature) {
      add(signature.signer, Purpose::signing);
      for (const auto* const stamps :
           {&signature.content_time_stamps, &signature.signature_time_stamps,
            &signature.archive_time_stamps})
        for (const TimeStampPart& stamp : *stamps) add(stamp.signer, Purpose::time_stamps);
    });
    for (const TimeStampPart& stamp : parts.document_time_stamps)
      add(stamp.signer, Purpose::time_stamps);
  }

  std::vector<Fetch> work() && {
    for (int round = 0; round < kMostRounds && !fetcher_.is_over(); ++round) {
      bool found = false;
      ChainFinder chains(evidence_, policy_);
      // Responders of answers that came join the targets meanwhile.
      for (std::size_t i = 0; i < targets_.size() && !fetcher_.is_over(); ++i)
        found |= complete(chains, Target(targets_[i]));
      if (!found) break;
    }
    auto fetches = std::move(fetcher_).fetches();
    tell_refused(fetches);
    return fetches;
  }

 private:
  void add(const SignerPart& signer, Purpose purpose) {
    for (const FoundCertificate& each : evidence_.certificates())
      if (is_named(signer, *each.certificate)) add({each.certificate, purpose});
  }

  void add(const Target& target) {
    if (targets_.size() < kMostTargets && known_.insert(target.certificate->id()).second)
      targets_.push_back(target);
  }

  // True where something new came.
  bool complete(ChainFinder& chains, const Target& target) {
    const Chain chain = chains.chains_for(target.certificate, target.purpose).front();
    bool found = false;
    if (!chain.anchor && !chain.certificates.empty())
      found |= fetch_issuer(*chain.certificates.back());
    // Whoever is not trusted does not say which hosts are asked about its certificates.
    for (std::size_t i = 0; chain.anchor && i + 1 < chain.certificates.size(); ++i)
      found |= fetch_status(chain.certificates[i], chain.certificates[i + 1]);
    return found;
  }

  // Made again where something came.
  procedure::Revocations& revocations() {
    if (!rules_) {
      Policy policy = policy_;
      policy.at = latest();
      rules_ = std::make_unique<Rules>(evidence_, policy);
    }
    return rules_->revocations;
  }

  template <typename Found>
  bool add_evidence(Found found) {
    rules_.reset();
    return evidence_.add(std::move(found), Origin::online);
  }

  // What came but does not count by all that is known now, such as an answer whose signer turned out to be revoked.
  void tell_refused(std::vector<Fetch>& fetches) {
    for (const Fetched& each : fetched_) {
      const auto why = revocations().refusal_of(each.data, each.certificate, each.issuer);
      if (!why) continue;
      const auto told = std::ranges::find(fetches, each.url, &Fetch::url);
      if (told != fetches.end() && told->problem.empty())
        told->problem = text_of(*why, Language::english);
    }
  }

  bool fetch_issuer(const Certificate& certificate) {
    // The certificate of a key that was exchanged has the issuer's name too, but not its key (RFC 4210, 4.4).
    if (certificate.is_self_issued() && signs(certificate, certificate)) return false;
    bool found = false;
    for (const std::string& url : certificate.issuer_urls()) {
      const auto use = [&](const Bytes& content, bool) -> Judgement {
        const std::vector<CertificatePtr> came = certificates_of(content);
        const bool fits = std::ranges::any_of(came, [&](const CertificatePtr& each) {
          return each->has_subject_of_issuer(certificate) && signs(*each, certificate);
        });
        if (!fits) return {"the answer is not a certificate of the issuer", false};
        for (const CertificatePtr& each : came) found |= add_certificate(each);
        return {"", true};
      };
      if (fetcher_.fetch({.url = url}, use)) break;
    }
    return found;
  }

  // Anybody can make a certificate of the issuer's name.
  static bool signs(const Certificate& issuer, const Certificate& certificate) {
    return check_signature(certificate.signature_algorithm(), crypto::Hash::none, issuer,
                           certificate.to_be_signed(), certificate.signature())
        .good();
  }

  bool add_certificate(const CertificatePtr& certificate) {
    if (evidence_.find(certificate->id())) return false;
    return add_evidence(certificate);
  }

  // What it says of the certificate, if it may.
  std::optional<RevocationStatus> status_of(const RevocationData& data,
                                            const Certificate& certificate,
                                            const Certificate& issuer) const {
    auto status = data.status_of(certificate, issuer);
    if (!status) return std::nullopt;
    if (data.is_signed_by(issuer, issuer)) return status;
    const auto signs = [&](const CertificatePtr& each) { return data.is_signed_by(*each, issuer); };
    if (std::ranges::any_of(data.certificates(), signs)) return status;
    // A CRL of an indirect issuer.
    for (const FoundCertificate& each : evidence_.certificates())
      if (data.kind() == RevocationKind::crl && signs(each.certificate)) return status;
    return std::nullopt;
  }

  bool is_fresh(const RevocationStatus& status) const {
    const Time end = status.next_update.value_or(status.this_update + policy_.assumed_freshness);
    if (policy_.freshness && status.this_update + *policy_.freshness < policy_.at) return false;
    return status.this_update <= latest() && policy_.at <= end;
  }

  // Revocation data is from then at the latest.
  Time latest() const { return options_.clock ? options_.clock() : policy_.at; }

  // What is wrong with it; empty: nothing.
  std::string problem_of(const RevocationStatus& status, const Certificate& certificate) const {
    // Of a certificate that has ended what was said in its time is enough.
    if (certificate.not_after() < policy_.at) return {};
    if (status.kind == RevocationStatus::Kind::unknown)
      return "the answer does not know the certificate";
    if (!is_fresh(status)) return "the answer is not fresh";
    if (options_.is_enough && !options_.is_enough(certificate, status))
      return "the answer is older than what it has to serve";
    return {};
  }

  bool is_known(const CertificatePtr& certificate, const CertificatePtr& issuer) {
    const bool has_ended = certificate->not_after() < policy_.at;
    const auto& speaking = revocations().of(certificate, issuer).data;
    return std::ranges::any_of(speaking, [&](const procedure::SpeakingData& each) {
      if (has_ended) return true;
      const bool reliable = !policy_.suite || each.reliability.good_at(policy_.at);
      return reliable && problem_of(each.status, *certificate).empty();
    });
  }

  bool fetch_status(const CertificatePtr& of, const CertificatePtr& by) {
    const Certificate& certificate = *of;
    const Certificate& issuer = *by;
    if (certificate.has_ocsp_nocheck() || certificate.is_short_term()) return false;
    if (revocations().is_anchor(certificate) || is_known(of, by)) return false;
    bool came = false;
    const auto use_as = [&](const std::string& url,
                            Result<RevocationDataPtr, std::string> (*parse)(Bytes)) {
      return [&, parse](Bytes content, bool from_cache) -> Judgement {
        auto data = parse(std::move(content));
        if (!data) return {data.error(), false};
        const auto status = status_of(*data.value(), certificate, issuer);
        if (!status)
          return {"the answer says nothing of the certificate, or is not signed by its issuer",
                  false};
        const std::string problem = problem_of(*status, certificate);
        if (from_cache && !problem.empty()) return {problem, false};
        // What does not count by what is known yet may do so later, but is neither kept nor taken in place of an answer.
        const auto refusal = revocations().refusal_of(data.value(), of, by);
        for (const CertificatePtr& each : data.value()->certificates())
          add({each, Purpose::revocation});
        fetched_.push_back({printable(url), data.value(), of, by});
        came |= add_evidence(std::move(data).value());
        if (from_cache && refusal) return {text_of(*refusal, Language::english), false};
        return {problem, problem.empty() && !refusal && status->next_update.has_value()};
      };
    };
    const Bytes request = ocsp_request(certificate, issuer);
    for (const std::string& url : certificate.ocsp_urls())
      if (!request.empty() &&
          fetcher_.fetch({.url = url, .body = request, .content_type = "application/ocsp-request"},
                         use_as(url, &RevocationData::parse_ocsp)))
        return came;
    for (const std::string& url : delta_crl_urls(certificate))
      if (deltas_.insert(url).second)
        fetcher_.note(url, 0, "delta CRLs are not used: the complete CRL is asked for");
    for (const std::string& url : certificate.crl_urls())
      if (fetcher_.fetch({.url = url, .most = static_cast<std::size_t>(options_.largest_answer)},
                         use_as(url, &RevocationData::parse_crl)))
        return came;
    return came;
  }

  // What came from where, and for what.
  struct Fetched {
    std::string url;  // printable
    RevocationDataPtr data;
    CertificatePtr certificate, issuer;
  };

  Evidence& evidence_;
  const Policy& policy_;
  const OnlineOptions& options_;
  Fetcher fetcher_;
  std::unique_ptr<Rules> rules_;  // null: something came since
  std::vector<Fetched> fetched_;
  std::vector<Target> targets_;
  std::set<ObjectId> known_;
  std::set<std::string> deltas_;  // addresses that were told
};

}  // namespace

std::vector<Fetch> fetch_missing(DocumentParts& parts, Policy& policy, const OnlineOptions& options,
                                 const std::function<void(const Fetch&)>& progress) {
  auto fetches = Completion(parts, policy, options, progress).work();
  if (options.clock) policy.at = policy.now = options.clock();
  return fetches;
}

}  // namespace signet::validation
