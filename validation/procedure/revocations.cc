#include "validation/procedure/revocations.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/printable.h"

namespace signet::validation::procedure {

namespace {

constexpr std::size_t kMostRefused = 16;
constexpr std::size_t kMostTriesForOne = 64;
constexpr std::size_t kDeepest = 3;

constexpr Sentence kUnknownToData{"{0} does not know the certificate of {1}",
                                  "{0} nezná certifikát, jehož držitelem je {1}"};
constexpr Sentence kBeforeIssuance{
    "{0} was issued before the certificate of {1}, at {2}",
    "{0} vznikl dříve, než byl vydán certifikát, jehož držitelem je {1} ({2})"};
constexpr Sentence kAfterEnd{
    "{0} was issued after the certificate of {1} had ended, at {2}, and does not say that it keeps "
    "ended certificates",
    "{0} vznikl až po skončení platnosti certifikátu, jehož držitelem je {1} ({2}), a neuvádí, že "
    "obsahuje i certifikáty s ukončenou platností"};
constexpr Sentence kNoSigner{
    "{0} is not signed by the issuer of the certificate of {1}, nor by one "
    "whom the issuer named for it",
    "{0} nepodepsal vydavatel certifikátu, jehož držitelem je {1}, ani ten, "
    "koho k tomu vydavatel určil"};
constexpr Sentence kSignerUntrusted{"the signer of {0}, {1}, has no chain to a trust anchor",
                                    "{0}: řetězec certifikátů podepisujícího ({1}) nevede "
                                    "k důvěryhodné certifikační autoritě"};
constexpr Sentence kSignerOutside{
    "{0} was issued at {2}, when the certificate of its signer, {1}, was not valid",
    "{0} vznikl {2}, kdy certifikát podepisujícího ({1}) neplatil"};
constexpr Sentence kSignerUnchecked{
    "{0} counts for nothing: no revocation data says that the certificate of its signer, {1}, was "
    "not revoked",
    "{0} nelze použít: žádný údaj o zneplatnění neříká, že certifikát podepisujícího ({1}) nebyl "
    "zneplatněn"};
constexpr Sentence kSignerRevoked{"the certificate of the signer of {0}, {1}, was revoked at {2}",
                                  "{0}: certifikát podepisujícího ({1}) byl zneplatněn {2}"};

constexpr Sentence kOtherAnchor{
    "the signer of {0}, {1}, is not below the trust anchor of the certificate of {2} (RFC 5280, "
    "6.3.3)",
    "{0}: podepisující ({1}) nepatří pod důvěryhodnou certifikační autoritu certifikátu, jehož "
    "držitelem je {2} (RFC 5280, 6.3.3)"};

bool is_weaker(const Reliability& a, const Reliability& b) {
  return a.end && (!b.end || *a.end < *b.end);
}

// Both were there together: what comes first counts.
Reliability weaker_of(Reliability a, Reliability b) {
  return is_weaker(b, a) ? b : a;
}

// Of a listed service that has this name and key, in whatever certificate.
std::optional<Time> listed_since(const Policy& policy, const Certificate& issuer) {
  for (const TrustAnchor& anchor : policy.anchors)
    if (anchor.keeps_ended_since && anchor.certificate->key_id() == issuer.key_id() &&
        anchor.certificate->subject() == issuer.subject())
      return anchor.keeps_ended_since;
  return std::nullopt;
}

}  // namespace

std::string called(const Certificate& certificate) {
  return printable(certificate.short_name());
}

std::string called(const RevocationData& data) {
  return fmt::format("{} {}", data.kind() == RevocationKind::crl ? "CRL" : "OCSP",
                     text_of(data.issued(), Language::english));
}

bool needs_revocation_data(const Certificate& certificate) {
  return !certificate.is_short_term();
}

Time fresh_until(const Policy& policy, const RevocationStatus& status, bool signing) {
  if (signing && policy.freshness) return status.this_update + *policy.freshness;
  if (status.next_update) return *status.next_update;
  return status.this_update + policy.assumed_freshness;
}

bool Revocations::is_anchor(const Certificate& certificate) const {
  return std::ranges::any_of(policy_.anchors, [&](const TrustAnchor& anchor) {
    return anchor.certificate->id() == certificate.id();
  });
}

const Speaking& Revocations::of(const CertificatePtr& certificate, const CertificatePtr& issuer) {
  static const Speaking kNothing;
  const auto key = std::pair(certificate->id(), issuer->id());
  if (depth_ > kDeepest && !answers_.contains(key)) return kNothing;
  // An answer that is being looked for is empty: a responder cannot vouch for itself.
  const auto [place, added] = answers_.try_emplace(key);
  if (!added) return place->second;
  ++depth_;
  Speaking answer = find(certificate, issuer);
  --depth_;
  place->second = std::move(answer);
  return place->second;
}

Speaking Revocations::find(const CertificatePtr& certificate, const CertificatePtr& issuer) {
  Speaking answer;
  for (const FoundRevocation& found : evidence_.revocations()) {
    const RevocationData& data = *found.data;
    std::optional<RevocationStatus> status = data.status_of(*certificate, *issuer);
    if (!status) continue;
    answer.about.push_back(data.id());
    if (data.issued() > policy_.at || status->this_update > policy_.at) continue;
    auto why = judge(found.data, *status, certificate, issuer, answer.data);
    if (why && answer.refused.size() < kMostRefused) answer.refused.push_back(*std::move(why));
  }
  std::ranges::stable_sort(answer.data, [](const SpeakingData& a, const SpeakingData& b) {
    return a.status.this_update > b.status.this_update;
  });
  return answer;
}

std::optional<Statement> Revocations::judge(const RevocationDataPtr& data,
                                            const RevocationStatus& status,
                                            const CertificatePtr& certificate,
                                            const CertificatePtr& issuer,
                                            std::vector<SpeakingData>& speaking) {
  if (std::optional<Statement> why = refusal(*data, status, *certificate, *issuer)) return why;
  const CertificatePtr signer = signer_of(*data, issuer);
  if (!signer) return say(kNoSigner, called(*data), called(*certificate));
  auto reliability = judge_signer(*data, certificate, signer, issuer);
  if (!reliability) return std::move(reliability.error());
  speaking.push_back({data, status, signer, is_anchor(*signer), std::move(reliability.value())});
  return {};
}

std::optional<Statement> Revocations::refusal_of(const RevocationDataPtr& data,
                                                 const CertificatePtr& certificate,
                                                 const CertificatePtr& issuer) {
  const auto status = data->status_of(*certificate, *issuer);
  if (!status) return {};
  std::vector<SpeakingData> speaking;
  return judge(data, *status, certificate, issuer, speaking);
}

std::optional<Statement> Revocations::refusal(const RevocationData& data,
                                              const RevocationStatus& status,
                                              const Certificate& certificate,
                                              const Certificate& issuer) const {
  if (status.kind == RevocationStatus::Kind::unknown)
    return say(kUnknownToData, called(data), called(certificate));
  // That a certificate was revoked stays true whenever it is said.
  if (status.kind == RevocationStatus::Kind::revoked) return {};
  if (status.this_update < certificate.not_before())
    return say(kBeforeIssuance, called(data), called(certificate), certificate.not_before());
  if (status.this_update > certificate.not_after() && !keeps(data, status, certificate, issuer))
    return say(kAfterEnd, called(data), called(certificate), certificate.not_after());
  return {};
}

// What the data says goes before what a trusted list says of its issuer (TS 119 612, 5.5.9.1).
bool Revocations::keeps(const RevocationData& data, const RevocationStatus& status,
                        const Certificate& certificate, const Certificate& issuer) const {
  if (status.knows_certificate) return true;
  std::optional<Time> since = data.keeps_ended_since();
  if (!since) since = listed_since(policy_, issuer);
  return since && *since <= certificate.not_after();
}

CertificatePtr Revocations::signer_of(const RevocationData& data, const CertificatePtr& issuer) {
  std::size_t tries = 0;
  const auto signs = [&](const Certificate& signer) {
    if (tries_ > kMostTries || tries >= kMostTriesForOne) return false;
    ++tries_;
    ++tries;
    return data.is_signed_by(signer, *issuer);
  };
  if (signs(*issuer)) return issuer;
  for (const CertificatePtr& own : data.certificates())
    if (signs(*own)) return own;
  const auto is_near = [&](const Certificate& signer) {
    return signer.subject() == issuer->subject() || signer.issuer() == issuer->subject();
  };
  for (const FoundCertificate& found : evidence_.certificates())
    if (is_near(*found.certificate) && signs(*found.certificate)) return found.certificate;
  if (data.kind() == RevocationKind::ocsp) return nullptr;  // RFC 6960, 4.2.2.2
  for (const FoundCertificate& found : evidence_.certificates())
    if (!is_near(*found.certificate) && signs(*found.certificate)) return found.certificate;
  return nullptr;
}

Result<Reliability, Statement> Revocations::judge_signer(const RevocationData& data,
                                                         const CertificatePtr& certificate,
                                                         const CertificatePtr& signer,
                                                         const CertificatePtr& issuer) {
  Reliability own = reliability_of_signature(policy_, data.signature_algorithm(),
                                             crypto::Hash::none, signer->public_key());
  const bool is_trusted = is_anchor(*signer);
  if (!is_trusted && !signer->is_within_validity(data.issued()))
    return say(kSignerOutside, called(data), called(*signer), data.issued());
  // The issuer is judged with the chain that it stands in.
  if (signer->id() == issuer->id()) return own;
  if (is_trusted) {
    for (const Chain& chain : chains_.chains_for(signer, Purpose::revocation))
      if (chain.usable() && is_below_anchor_of(chain, issuer)) return own;
    return say(kOtherAnchor, called(data), called(*signer), called(*certificate));
  }
  std::optional<Statement> refused;
  std::optional<Reliability> strongest;
  for (const Chain& chain : chains_.chains_for(signer, Purpose::revocation)) {
    std::optional<Statement> why = refusal_of_chain(data, certificate, chain, issuer);
    if (why) {
      if (!refused) refused = std::move(why);
      continue;
    }
    Reliability along = reliability_along(own, chain);
    if (!strongest || is_weaker(*strongest, along)) strongest = std::move(along);
  }
  if (strongest) return *std::move(strongest);
  return *std::move(refused);
}

// What is wrong with a chain of one who is not trusted by itself.
std::optional<Statement> Revocations::refusal_of_chain(const RevocationData& data,
                                                       const CertificatePtr& certificate,
                                                       const Chain& chain,
                                                       const CertificatePtr& issuer) {
  const CertificatePtr& signer = chain.certificates.front();
  if (!chain.usable() || chain.certificates.size() < 2)
    return say(kSignerUntrusted, called(data), called(*signer));
  if (!is_below_anchor_of(chain, issuer))
    return say(kOtherAnchor, called(data), called(*signer), called(*certificate));
  const bool nocheck = data.kind() == RevocationKind::ocsp && signer->has_ocsp_nocheck();
  if (nocheck || !needs_revocation_data(*signer)) return {};
  const Speaking& own = of(signer, chain.certificates[1]);
  if (own.data.empty()) {
    if (policy_.accept_without_revocation) return {};
    return say(kSignerUnchecked, called(data), called(*signer));
  }
  // Nothing takes "revoked" back; whether it is on hold is what the newest data says.
  const auto revoked = std::ranges::find_if(own.data, &SpeakingData::is_revoked);
  const RevocationStatus& status = (revoked == own.data.end() ? own.data.begin() : revoked)->status;
  if (status.kind != RevocationStatus::Kind::good)
    return say(kSignerRevoked, called(data), called(*signer),
               status.revoked_at.value_or(status.this_update));
  return {};
}

// RFC 5280, 6.3.3 f.
bool Revocations::is_below_anchor_of(const Chain& chain, const CertificatePtr& issuer) {
  return std::ranges::any_of(
      chains_.chains_for(issuer, Purpose::revocation), [&](const Chain& other) {
        return other.usable() && other.anchor->certificate->id() == chain.anchor->certificate->id();
      });
}

Reliability Revocations::reliability_along(Reliability reliability, const Chain& chain) const {
  for (std::size_t i = 0; i + 1 < chain.certificates.size(); ++i)
    reliability = weaker_of(
        std::move(reliability),
        reliability_of_signature(policy_, chain.certificates[i]->signature_algorithm(),
                                 crypto::Hash::none, chain.certificates[i + 1]->public_key()));
  return reliability;
}

}  // namespace signet::validation::procedure
