#include "validation/procedure/certificate_validation.h"

#include <array>
#include <utility>

namespace signet::validation::procedure {

namespace {

constexpr Sentence kAnchorEnded{
    "the chain of {0} ends at {1}, which is trusted until {2} only; nothing proves that the "
    "signature "
    "is older",
    "řetězec certifikátů, který začíná u {0}, končí u {1}, a ta je důvěryhodná jen do {2}; nic "
    "nedokazuje, že podpis je starší"};
constexpr Sentence kRevoked{"the certificate of {0} was revoked at {1}",
                            "certifikát, jehož držitelem je {0}, byl zneplatněn {1}"};
constexpr Sentence kCaRevoked{
    "the certificate of the certification authority {0} was revoked at {1}",
    "certifikát certifikační autority {0} byl zneplatněn {1}"};
constexpr Sentence kOnHold{
    "the certificate of {0} has been on hold since {1}; newer revocation data may decide",
    "platnost certifikátu, jehož držitelem je {0}, je od {1} pozastavena; rozhodnout mohou novější "
    "údaje o zneplatnění"};
constexpr Sentence kSurvives{
    "the certificate of {0} was revoked at {1}, for a reason that leaves time-stamps from before "
    "valid "
    "(RFC 3161, 4)",
    "certifikát, jehož držitelem je {0}, byl zneplatněn {1} z důvodu, který starší časová razítka "
    "ponechává v platnosti (RFC 3161, 4)"};
constexpr Sentence kNoData{
    "no usable revocation data says whether the certificate of {0} was revoked",
    "žádný použitelný údaj o zneplatnění neříká, zda certifikát, jehož držitelem je {0}, nebyl "
    "zneplatněn"};
constexpr Sentence kNotAsked{"no revocation data for {0}: accepted, as the caller demands",
                             "{0}: bez údajů o zneplatnění; přijato, jak volající požaduje"};
constexpr Sentence kEnded{
    "the certificate of {0} ended on {1}; it is not known to have been revoked",
    "platnost certifikátu, jehož držitelem je {0}, skončila {1}; není známo, "
    "že by byl zneplatněn"};
constexpr Sentence kEndedUnknown{
    "the certificate of {0} ended on {1}, and nothing that is valid at {2} says that it was not "
    "revoked before",
    "platnost certifikátu, jehož držitelem je {0}, skončila {1} a nic, co platí {2}, neříká, že "
    "nebyl předtím zneplatněn"};
constexpr Sentence kCaEnded{"the certificate of the certification authority {0} ended on {1}",
                            "platnost certifikátu certifikační autority {0} skončila {1}"};
constexpr Sentence kNotYet{"the certificate of {0} is valid from {1} only",
                           "certifikát, jehož držitelem je {0}, platí až od {1}"};
constexpr Sentence kDataSignerEnded{
    "the certificate of {0}, who signed the revocation data for {1}, ended on {2}",
    "platnost certifikátu, jehož držitelem je {0} a kterým jsou podepsány údaje o zneplatnění pro "
    "{1}, skončila {2}"};
constexpr Sentence kNotFresh{
    "the newest revocation data for {0} is of {1} and fresh until {2}, which is not enough for "
    "{3}; "
    "newer data may decide",
    "nejnovější údaje o zneplatnění pro {0} jsou z {1} a lze je použít do {2}, což pro {3} "
    "nestačí; "
    "rozhodnout mohou novější údaje"};
constexpr Sentence kNeverGood{"{0}: {1} is no algorithm that the suite calls good",
                              "{0}: {1} není algoritmus, který by sada pokládala za vyhovující"};
constexpr Sentence kNoLongerGood{"{0}: {1} was good enough until {2} only, not at {3}",
                                 "{0}: algoritmus {1} vyhovoval jen do {2}, nikoli {3}"};
constexpr Sentence kAnchor{"{0} is a trust anchor", "{0} je důvěryhodná certifikační autorita"};
constexpr Sentence kNoNeed{
    "the certificate of {0} is one for which nobody publishes revocation data",
    "pro certifikát, jehož držitelem je {0}, se údaje o zneplatnění nevydávají"};

// One chain under judgement.
class Check {
 public:
  Check(Context& context, const Subject& subject, const Chain& chain, Time signer_time)
      : context_(context),
        subject_(subject),
        chain_(chain),
        at_(context.policy.at),
        signer_time_(signer_time) {}

  CertificateResult run() {
    result_.trusted = chain_.anchor.has_value();
    result_.conclusion.warnings = chain_.conclusion.warnings;
    choose();
    if (!chain_.usable()) {
      finish(chain_.conclusion);
      return std::move(result_);
    }
    if (std::optional<Conclusion> found = first_fault()) finish(std::move(*found));
    return std::move(result_);
  }

 private:
  using Step = std::optional<Conclusion> (Check::*)();

  // The number of certificates below the anchor.
  std::size_t below() const {
    return chain_.anchor ? chain_.certificates.size() - 1 : chain_.certificates.size();
  }
  const Certificate& certificate(std::size_t i) const { return *chain_.certificates[i]; }
  Time time(std::size_t i) const { return i == 0 ? signer_time_ : at_; }

  void choose() {
    chosen_.assign(chain_.certificates.size(), nullptr);
    for (std::size_t i = 0; i < chain_.certificates.size(); ++i) {
      ChainLink link{chain_.certificates[i], {}};
      if (i >= below()) {
        if (chain_.anchor) link.revocation.why_none = say(kAnchor, called(certificate(i)));
      } else if (!needs_revocation_data(certificate(i))) {
        link.revocation.why_none = say(kNoNeed, called(certificate(i)));
      } else if (i + 1 < chain_.certificates.size()) {
        choose(i, link.revocation);
      }
      result_.links.push_back(std::move(link));
    }
  }

  // The newest, but one that is good enough by its algorithms goes first, and one that says "revoked" before all: nothing
  // takes that back.
  void choose(std::size_t i, UsedRevocation& used) {
    const Speaking& speaking =
        context_.revocations.of(chain_.certificates[i], chain_.certificates[i + 1]);
    for (const SpeakingData& data : speaking.data) {
      if (!data.reliability.good_at(at_)) continue;
      if (!chosen_[i]) chosen_[i] = &data;
      if (chosen_[i]->is_revoked()) break;
      if (data.is_revoked()) chosen_[i] = &data;
    }
    if (!chosen_[i] && !speaking.data.empty()) chosen_[i] = &speaking.data.front();
    if (chosen_[i]) {
      used.data = chosen_[i]->data;
      used.status = chosen_[i]->status;
      used.signer = chosen_[i]->signer;
    } else {
      used.why_none = say(kNoData, called(certificate(i)));
    }
  }

  std::optional<Conclusion> first_fault() {
    constexpr std::array kSteps = {&Check::anchor_ended, &Check::revoked, &Check::without_data,
                                   &Check::weak,         &Check::outside, &Check::signer_outside,
                                   &Check::not_fresh};
    for (const Step step : kSteps)
      if (std::optional<Conclusion> found = (this->*step)()) return found;
    return {};
  }

  std::optional<Conclusion> anchor_ended() {
    if (!chain_.anchor->until || at_ < *chain_.anchor->until) return {};
    return indeterminate(SubIndication::no_certificate_chain_found_no_poe,
                         say(kAnchorEnded, called(certificate(0)),
                             called(*chain_.anchor->certificate), *chain_.anchor->until));
  }

  std::optional<Conclusion> revoked() {
    for (std::size_t i = 0; i < below(); ++i) {
      if (!chosen_[i] || chosen_[i]->status.kind == RevocationStatus::Kind::good) continue;
      const RevocationStatus& status = chosen_[i]->status;
      const Time since = status.revoked_at.value_or(status.this_update);
      if (since > time(i)) continue;
      if (i == 0 && survives_revocation(subject_, status)) {
        result_.conclusion.warnings.push_back(say(kSurvives, called(certificate(0)), since));
        continue;
      }
      if (status.kind == RevocationStatus::Kind::on_hold)
        return indeterminate(SubIndication::try_later, say(kOnHold, called(certificate(i)), since));
      if (i > 0)
        return indeterminate(SubIndication::revoked_ca_no_poe,
                             say(kCaRevoked, called(certificate(i)), since));
      result_.revoked_at = since;
      return indeterminate(SubIndication::revoked_no_poe,
                           say(kRevoked, called(certificate(0)), since));
    }
    return {};
  }

  std::optional<Conclusion> without_data() {
    for (std::size_t i = 0; i < below(); ++i) {
      if (chosen_[i] || !needs_revocation_data(certificate(i))) continue;
      const Speaking& speaking =
          context_.revocations.of(chain_.certificates[i], chain_.certificates[i + 1]);
      if (context_.policy.accept_without_revocation && speaking.refused.empty()) {
        result_.conclusion.warnings.push_back(say(kNotAsked, called(certificate(i))));
        continue;
      }
      Conclusion found = indeterminate(SubIndication::certificate_chain_general_failure,
                                       say(kNoData, called(certificate(i))));
      found.reasons.insert(found.reasons.end(), speaking.refused.begin(), speaking.refused.end());
      return found;
    }
    return {};
  }

  std::optional<Conclusion> weak() {
    for (std::size_t i = 0; i < below(); ++i) {
      if (std::optional<Conclusion> found =
              weak_certificate(context_, certificate(i), certificate(i + 1), at_))
        return found;
      if (!chosen_[i]) continue;
      if (std::optional<Conclusion> found = weak_data(*chosen_[i], at_)) return found;
    }
    return {};
  }

  // 5.2.6.4: known not to be revoked by data whose own signer is still valid.
  bool known_not_revoked() const {
    if (!chosen_[0]) return !needs_revocation_data(certificate(0));
    return chosen_[0]->signer_is_anchor || chosen_[0]->signer->is_within_validity(at_);
  }

  std::optional<Conclusion> outside() {
    for (std::size_t i = 0; i < below(); ++i) {
      const Certificate& judged = certificate(i);
      if (judged.is_within_validity(time(i))) continue;
      const bool known = i == 0 && known_not_revoked();
      const auto sub =
          known ? SubIndication::out_of_bounds_not_revoked : SubIndication::out_of_bounds_no_poe;
      if (time(i) < judged.not_before())
        return indeterminate(sub, say(kNotYet, called(judged), judged.not_before()));
      if (i > 0) return indeterminate(sub, say(kCaEnded, called(judged), judged.not_after()));
      return indeterminate(sub, known
                                    ? say(kEnded, called(judged), judged.not_after())
                                    : say(kEndedUnknown, called(judged), judged.not_after(), at_));
    }
    return {};
  }

  std::optional<Conclusion> signer_outside() {
    for (std::size_t i = 0; i < below(); ++i) {
      if (!chosen_[i] || chosen_[i]->signer_is_anchor) continue;
      const Certificate& signer = *chosen_[i]->signer;
      if (signer.is_within_validity(at_)) continue;
      return indeterminate(
          SubIndication::revocation_out_of_bounds_no_poe,
          say(kDataSignerEnded, called(signer), called(certificate(i)), signer.not_after()));
    }
    return {};
  }

  std::optional<Conclusion> not_fresh() {
    for (std::size_t i = 0; i < below(); ++i) {
      if (!chosen_[i]) continue;
      const RevocationStatus& status = chosen_[i]->status;
      // What was revoked does not become good again.
      if (status.kind == RevocationStatus::Kind::revoked) continue;
      const Time until = fresh_until(context_.policy, status, i == 0 && subject_.signs_document());
      if (time(i) <= until) continue;
      return indeterminate(SubIndication::try_later, say(kNotFresh, called(certificate(i)),
                                                         status.this_update, until, time(i)));
    }
    return {};
  }

  void finish(Conclusion found) {
    found.warnings.insert(found.warnings.begin(), result_.conclusion.warnings.begin(),
                          result_.conclusion.warnings.end());
    result_.conclusion = std::move(found);
  }

  Context& context_;
  const Subject& subject_;
  const Chain& chain_;
  Time at_;
  Time signer_time_;
  std::vector<const SpeakingData*> chosen_;
  CertificateResult result_;
};

// How far a chain came.
int rank(const Conclusion& conclusion) {
  if (conclusion.passed()) return 0;
  switch (conclusion.sub_indication) {
    case SubIndication::no_certificate_chain_found:
      return 5;
    case SubIndication::chain_constraints_failure:
      return 4;
    case SubIndication::certificate_chain_general_failure:
      return 3;
    case SubIndication::crypto_constraints_failure:
      return 2;
    default:
      return conclusion.sub_indication == SubIndication::none ? 4 : 1;
  }
}

}  // namespace

bool survives_revocation(const Subject& subject, const RevocationStatus& status) {
  if (!subject.stamped || status.kind != RevocationStatus::Kind::revoked) return false;
  if (!status.revoked_at || *subject.stamped >= *status.revoked_at || !status.reason) return false;
  return *status.reason == 0 || (*status.reason >= 3 && *status.reason <= 5);
}

Conclusion weak_algorithm(const Reliability& reliability, std::string what, Time time) {
  if (reliability.end == Time::min())
    return indeterminate(SubIndication::crypto_constraints_failure,
                         say(kNeverGood, std::move(what), reliability.algorithm));
  return indeterminate(
      SubIndication::crypto_constraints_failure_no_poe,
      say(kNoLongerGood, std::move(what), reliability.algorithm, *reliability.end, time));
}

std::optional<Conclusion> weak_certificate(const Context& context, const Certificate& certificate,
                                           const Certificate& issuer, Time time) {
  const Reliability reliability = reliability_of_signature(
      context.policy, certificate.signature_algorithm(), crypto::Hash::none, issuer.public_key());
  if (reliability.good_at(time)) return {};
  return weak_algorithm(reliability, called(certificate), time);
}

std::optional<Conclusion> weak_data(const SpeakingData& data, Time time) {
  if (data.reliability.good_at(time)) return {};
  return weak_algorithm(data.reliability, called(*data.data), time);
}

CertificateResult validate_certificate(Context& context, const Subject& subject, Time signer_time) {
  std::optional<CertificateResult> best;
  // A copy of the pointer's target is not needed: answers are kept and stay where they are.
  for (const Chain& chain : context.chains.chains_for(subject.certificate, subject.purpose)) {
    CertificateResult result = Check(context, subject, chain, signer_time).run();
    if (result.conclusion.passed()) return result;
    if (!best || rank(result.conclusion) < rank(best->conclusion)) best = std::move(result);
  }
  return std::move(*best);
}

}  // namespace signet::validation::procedure
