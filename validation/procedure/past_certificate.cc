#include "validation/procedure/past_certificate.h"

#include <algorithm>
#include <utility>

#include "validation/procedure/certificate_validation.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kNoPastData{
    "there is no usable revocation data for the certificate of {0}",
    "pro certifikát, jehož držitelem je {0}, není použitelný údaj o zneplatnění"};
constexpr Sentence kNoProof{
    "no revocation data for {0} is proven to have existed at {1}, the latest moment for which its "
    "issuers are known to have been good",
    "u žádného údaje o zneplatnění pro {0} není důkaz existence nejpozději k {1}, poslednímu "
    "okamžiku, "
    "ke kterému je známo, že jeho vydavatelé platili"};
constexpr Sentence kNoCertificateProof{
    "the certificate of {0} is not proven to have existed at {1}, the latest moment for which its "
    "issuers are known to have been good",
    "u certifikátu, jehož držitelem je {0}, není důkaz existence nejpozději k {1}, poslednímu "
    "okamžiku, "
    "ke kterému je známo, že jeho vydavatelé platili"};
constexpr Sentence kMovedByAnchor{"the certification authority {0} is trusted until {1}",
                                  "certifikační autorita {0} je důvěryhodná do {1}"};
constexpr Sentence kMovedByRevocation{"the certificate of {0} was revoked at {1}",
                                      "certifikát, jehož držitelem je {0}, byl zneplatněn {1}"};
constexpr Sentence kMovedByUpdate{
    "{0}, the newest revocation data for {1} that counts, is fresh until {2} (EN 319 102-1, "
    "5.6.2.2 c, read as nextUpdate)",
    "{0}, nejnovější údaj o zneplatnění pro {1}, který lze použít, platí do {2} (EN 319 102-1, "
    "5.6.2.2 c, čteno jako nextUpdate)"};
constexpr Sentence kMovedByLetter{
    "{0}, the newest revocation data for {1} that counts, was issued at {2} (EN 319 102-1, "
    "5.6.2.2 c, to the letter)",
    "{0}, nejnovější údaj o zneplatnění pro {1}, který lze použít, vznikl {2} (EN 319 102-1, "
    "5.6.2.2 c, doslova)"};
constexpr Sentence kMovedByAlgorithm{"the algorithm {0} was good enough until {1}",
                                     "algoritmus {0} vyhovoval do {1}"};
constexpr Sentence kAccepted{"no revocation data for {0}: accepted, as the caller demands",
                             "{0}: bez údajů o zneplatnění; přijato, jak volající požaduje"};
constexpr Sentence kDataOutOfBounds{
    "{0} is first proven to have existed at {2}, when the certificate of its signer, {1}, had "
    "ended",
    "důkaz existence pro {0} je až z {2}, kdy už platnost certifikátu podepisujícího ({1}) "
    "skončila"};

constexpr Sentence kNeverTogether{
    "the certificates of the chain were never valid together: {0} from {1}, {2} until {3}",
    "certifikáty řetězce nikdy neplatily současně: {0} od {1}, {2} do {3}"};

constexpr std::chrono::seconds kInstant{
    1};  // an algorithm's end is the first moment at which it is not good

class Slide {
 public:
  Slide(Context& context, const Subject& subject, const Chain& chain)
      : context_(context), subject_(subject), chain_(chain) {}

  PastCertificate run() {
    result_.control = context_.policy.at;
    if (chain_.anchor->until)
      move(*chain_.anchor->until - kInstant,
           say(kMovedByAnchor, called(*chain_.anchor->certificate), *chain_.anchor->until));
    for (const CertificatePtr& certificate : chain_.certificates)
      result_.links.push_back({certificate, {}});
    if (!were_valid_together()) return std::move(result_);
    for (std::size_t i = chain_.certificates.size() - 1; i-- > 0;)
      if (!step(i)) break;
    return std::move(result_);
  }

 private:
  const Certificate& certificate(std::size_t i) const { return *chain_.certificates[i]; }

  void move(Time time, Statement why) {
    if (time >= result_.control) return;
    result_.control = time;
    result_.moved = std::move(why);
  }

  bool fail(Conclusion conclusion) {
    conclusion.warnings = std::move(result_.conclusion.warnings);
    result_.conclusion = std::move(conclusion);
    return false;
  }

  // 5.6.2.1: the path is validated at a moment that all validities have in common. The anchor's is not asked for.
  bool were_valid_together() {
    const std::vector<CertificatePtr> below(chain_.certificates.begin(),
                                            chain_.certificates.end() - 1);
    if (below.empty()) return true;
    const Certificate& last = **std::ranges::max_element(
        below, {}, [](const CertificatePtr& each) { return each->not_before(); });
    const Certificate& first = **std::ranges::min_element(
        below, {}, [](const CertificatePtr& each) { return each->not_after(); });
    if (last.not_before() <= first.not_after()) return true;
    return fail(indeterminate(
        SubIndication::no_poe,
        say(kNeverTogether, called(last), last.not_before(), called(first), first.not_after())));
  }

  // Steps a to d for the certificate at `i`. False: no further one is looked at.
  bool step(std::size_t i) {
    const SpeakingData* chosen = nullptr;
    if (needs_revocation_data(certificate(i))) {
      const Speaking& speaking =
          context_.revocations.of(chain_.certificates[i], chain_.certificates[i + 1]);
      if (!speaking.data.empty()) {
        chosen = choose(i, speaking);
        if (!chosen) return false;
      } else if (context_.policy.accept_without_revocation && speaking.refused.empty()) {
        result_.conclusion.warnings.push_back(say(kAccepted, called(certificate(i))));
      } else {
        Conclusion none =
            indeterminate(SubIndication::no_poe, say(kNoPastData, called(certificate(i))));
        none.reasons.insert(none.reasons.end(), speaking.refused.begin(), speaking.refused.end());
        return fail(std::move(none));
      }
    }
    if (chosen) slide(i, *chosen);
    return apply_algorithms(i, chosen);
  }

  // Step a.
  const SpeakingData* choose(std::size_t i, const Speaking& speaking) {
    const Time proven = context_.proofs.lowest(certificate(i).id()).time;
    if (proven > result_.control) {
      fail(indeterminate(SubIndication::no_poe,
                         say(kNoCertificateProof, called(certificate(i)), result_.control)));
      return nullptr;
    }
    const SpeakingData* best = nullptr;
    const SpeakingData* weak = nullptr;
    const SpeakingData* late = nullptr;
    for (const SpeakingData& data : speaking.data) {
      if (!was_there(data)) continue;
      const bool in_bounds = is_in_bounds(data);
      const bool good = data.reliability.good_at(context_.proofs.lowest(data.data->id()).time);
      // The newest, but nothing takes "revoked" back (5.6.2.2 b).
      if (in_bounds && good && (!best || (data.is_revoked() && !best->is_revoked()))) best = &data;
      if (!weak && in_bounds) weak = &data;
      if (!late && good) late = &data;
    }
    if (best) return use(i, *best);
    if (weak) {
      fail(*weak_data(*weak, context_.proofs.lowest(weak->data->id()).time));
      return nullptr;
    }
    if (late) {
      // 5.6.2.4, step 1 b: with nothing better, what is there is used, and the verdict stays open.
      result_.revocation_in_bounds = false;
      if (!result_.out_of_bounds)
        result_.out_of_bounds = say(kDataOutOfBounds, called(*late->data), called(*late->signer),
                                    context_.proofs.lowest(late->data->id()).time);
      return use(i, *late);
    }
    fail(indeterminate(SubIndication::no_poe,
                       say(kNoProof, called(certificate(i)), result_.control)));
    return nullptr;
  }

  bool was_there(const SpeakingData& data) const {
    return data.status.this_update <= result_.control &&
           context_.proofs.lowest(data.data->id()).time <= result_.control;
  }

  // The issuer's certificate and the data proven within the validity of the issuer's, not of the signer's.
  bool is_in_bounds(const SpeakingData& data) const {
    if (data.signer_is_anchor) return true;
    const Time end = data.signer->not_after();
    return context_.proofs.lowest(data.signer->id()).time <= end &&
           context_.proofs.lowest(data.data->id()).time <= end;
  }

  const SpeakingData* use(std::size_t i, const SpeakingData& data) {
    result_.links[i].revocation = {data.data, data.status, data.signer, {}};
    return &data;
  }

  // Steps b and c.
  void slide(std::size_t i, const SpeakingData& data) {
    const RevocationStatus& status = data.status;
    const bool revoked = status.kind != RevocationStatus::Kind::good;
    if (revoked && !(i == 0 && survives_revocation(subject_, status))) {
      const Time since = status.revoked_at.value_or(status.this_update);
      // What exists at that moment only is no older (5.5.4: before the revocation time).
      move(std::max(since, Time::min() + kInstant) - kInstant,
           say(kMovedByRevocation, called(certificate(i)), since));
      return;
    }
    const Time until = fresh_until(context_.policy, status, i == 0 && subject_.signs_document());
    if (result_.control <= until) return;
    const bool letter = context_.policy.sliding == Sliding::letter;
    const Time to = letter ? status.this_update : until;
    move(to, say(letter ? kMovedByLetter : kMovedByUpdate, called(*data.data),
                 called(certificate(i)), to));
  }

  // Step d. What was made by a weak algorithm must besides be proven from before its end: afterwards anybody may have made it.
  bool apply_algorithms(std::size_t i, const SpeakingData* data) {
    const Certificate& issuer = certificate(i + 1);
    const Time proven = context_.proofs.lowest(certificate(i).id()).time;
    if (std::optional<Conclusion> weak = weak_certificate(context_, certificate(i), issuer, proven))
      return fail(std::move(*weak));
    const Reliability own =
        reliability_of_signature(context_.policy, certificate(i).signature_algorithm(),
                                 crypto::Hash::none, issuer.public_key());
    end_with(own);
    if (data) end_with(data->reliability);
    return true;
  }

  void end_with(const Reliability& reliability) {
    if (reliability.good_at(result_.control)) return;
    const Time last = *reliability.end - kInstant;
    move(last, say(kMovedByAlgorithm, reliability.algorithm, last));
  }

  Context& context_;
  const Subject& subject_;
  const Chain& chain_;
  PastCertificate result_;
};

}  // namespace

PastCertificate validate_past_certificate(Context& context, const Subject& subject,
                                          const Chain& chain) {
  if (chain.usable()) return Slide(context, subject, chain).run();
  PastCertificate result;
  result.conclusion = chain.conclusion;
  result.control = context.policy.at;
  for (const CertificatePtr& certificate : chain.certificates)
    result.links.push_back({certificate, {}});
  return result;
}

}  // namespace signet::validation::procedure
