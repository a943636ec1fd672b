#include "validation/validator.h"

#include <algorithm>
#include <utility>

#include "validation/procedure/level.h"
#include "validation/procedure/past_signature.h"
#include "validation/procedure/time_stamps.h"
#include "validation/procedure/verifiable_until.h"

namespace signet::validation {

namespace {

using namespace procedure;

constexpr Sentence kRevokedBefore{
    "the certificate of {0} was revoked at {1}, and the content time-stamp shows that the "
    "signature is "
    "no older than {2}",
    "certifikát, jehož držitelem je {0}, byl zneplatněn {1} a časové razítko obsahu dokládá, že "
    "podpis "
    "není starší než {2}"};
constexpr Sentence kEndedBeforeContent{
    "the certificate of {0} ended on {1}, and the content time-stamp shows that the signature is "
    "no "
    "older than {2}",
    "platnost certifikátu, jehož držitelem je {0}, skončila {1} a časové razítko obsahu dokládá, "
    "že "
    "podpis není starší než {2}"};
constexpr Sentence kWeakBefore{
    "the algorithm {0} was good enough until {1} only, and the content time-stamp shows that the "
    "signature is no older than {2}",
    "algoritmus {0} vyhovoval jen do {1} a časové razítko obsahu dokládá, že podpis není starší "
    "než "
    "{2}"};
constexpr Sentence kUseless{"the time-stamp of {0} proves nothing: {1}",
                            "časové razítko z {0} nic nedokazuje: {1}"};
constexpr Sentence kCounterSignature{
    "counter-signature {0} is {1}; that decides nothing for the signature that it is over",
    "kontrasignatura {0} má výsledek {1}; o podpisu, k němuž patří, to nerozhoduje"};
constexpr Sentence kLaterData{
    "{0} is later than the moment at which the document is validated, {1}: it proves nothing",
    "{0} je pozdější než kontrolní okamžik {1}: nic nedokazuje"};
constexpr Sentence kEvidenceFull{
    "there were more certificates or revocation data than are looked at; the verdicts may be worse "
    "than they need to be",
    "certifikátů nebo údajů o zneplatnění bylo více, než kolik se jich prověřuje; verdikty mohou "
    "být "
    "horší, než je nutné"};
constexpr Sentence kGaveUp{
    "the search for chains of certificates was given up at its limit; the verdicts may be worse "
    "than "
    "they need to be",
    "hledání řetězců certifikátů skončilo na svém omezení; verdikty mohou být horší, než je nutné"};

// 5.3.4: what content time-stamps say against a signature that did not pass.
std::optional<Conclusion> lower_bound(const Judgement& judgement, Time no_older) {
  const Basic& basic = judgement.basic;
  if (!basic.sound || judgement.conclusion.passed()) return {};
  const Certificate& certificate = *basic.certificate;
  for (const Reliability& each : basic.strength)
    if (each.end && *each.end <= no_older &&
        basic.conclusion.is(SubIndication::crypto_constraints_failure_no_poe))
      return indeterminate(SubIndication::crypto_constraints_failure,
                           say(kWeakBefore, each.algorithm, *each.end, no_older));
  const CertificateResult& x509 = basic.x509;
  if (x509.revoked_at && *x509.revoked_at <= no_older)
    return failed(SubIndication::revoked,
                  say(kRevokedBefore, called(certificate), *x509.revoked_at, no_older));
  const bool outside = x509.conclusion.is(SubIndication::out_of_bounds_no_poe) ||
                       x509.conclusion.is(SubIndication::out_of_bounds_not_revoked);
  if (outside && certificate.not_after() < no_older)
    return failed(SubIndication::expired,
                  say(kEndedBeforeContent, called(certificate), certificate.not_after(), no_older));
  return {};
}

void replace(Conclusion& conclusion, Conclusion by) {
  by.reasons.insert(by.reasons.end(), conclusion.reasons.begin(), conclusion.reasons.end());
  by.warnings = std::move(conclusion.warnings);
  conclusion = std::move(by);
}

std::string verdict_of(const Conclusion& conclusion) {
  std::string text(name_of(conclusion.indication));
  if (conclusion.sub_indication != SubIndication::none)
    text.append("/").append(name_of(conclusion.sub_indication));
  return text;
}

class Validation {
 public:
  Validation(const DocumentParts& parts, const Policy& policy)
      : context_(parts, policy), stamps_(context_) {
    result_.document = &parts;
    result_.policy = policy;
  }

  ValidationResult run() {
    for (const SignaturePart& part : context_.parts.signatures)
      result_.signatures.push_back(of(part));
    for (const TimeStampPart& part : context_.parts.document_time_stamps) {
      TimeStampResult stamp = of(part);
      if (context_.parts.signatures.empty()) judge_alone(stamp);
      result_.document_time_stamps.push_back(std::move(stamp));
    }
    result_.proofs = context_.proofs.all();
    add_remarks();
    return std::move(result_);
  }

 private:
  SignatureResult of(const SignaturePart& part) {
    Judgement judgement = judge(context_, Target(part));
    SignatureResult signature;
    signature.part = &part;
    signature.best_signature_time = context_.proofs.lowest(part.id);
    signature.conclusion = judgement.conclusion;
    if (const std::optional<Time> no_older = stamps_.not_before(part))
      if (std::optional<Conclusion> against = lower_bound(judgement, *no_older))
        replace(signature.conclusion, std::move(*against));
    // 5.5.4, step 4.
    if (signature.conclusion.passed() || depends_on_proofs(signature.conclusion))
      if (std::optional<Statement> against = stamps_.contradiction(part))
        replace(signature.conclusion,
                indeterminate(SubIndication::timestamp_order_failure, std::move(*against)));
    if (depends_on_proofs(signature.conclusion))
      for (const TimeStampResult* stamp : stamps_.useless_over(part))
        signature.conclusion.reasons.push_back(
            say(kUseless, stamp->part->time, verdict_of(stamp->conclusion)));
    for (const SignaturePart& counter : part.counter_signatures) {
      signature.counter_signatures.push_back(of(counter));
      const Conclusion& found = signature.counter_signatures.back().conclusion;
      if (!found.passed())
        signature.conclusion.warnings.push_back(
            say(kCounterSignature, static_cast<std::int64_t>(signature.counter_signatures.size()),
                verdict_of(found)));
    }
    signature.chain = std::move(judgement.links);
    signature.trusted = judgement.trusted;
    signature.algorithms = std::move(judgement.algorithms);
    LevelResult level = level_of(context_, part, signature.chain, stamps_);
    signature.level = level.level;
    signature.level_faults = level.faults;
    signature.highest_level = level.highest;
    add_stamps(part.content_time_stamps, signature.time_stamps);
    add_stamps(part.signature_time_stamps, signature.time_stamps);
    add_stamps(part.archive_time_stamps, signature.time_stamps);
    if (signature.conclusion.passed()) {
      VerifiableUntil until = ends_.of(signature);
      signature.verifiable_until = until.time;
      signature.verifiable_because = std::move(until.because);
    }
    return signature;
  }

  TimeStampResult of(const TimeStampPart& part) const {
    TimeStampResult result = stamps_.of(part);
    if (const std::optional<Statement>& against = stamps_.contradiction(part))
      result.conclusion.warnings.push_back(*against);
    return result;
  }

  void add_stamps(const std::vector<TimeStampPart>& parts, std::vector<TimeStampResult>& to) const {
    const auto begin = static_cast<std::ptrdiff_t>(to.size());
    for (const TimeStampPart& part : parts) to.push_back(of(part));
    std::stable_sort(to.begin() + begin, to.end(),
                     [](const TimeStampResult& a, const TimeStampResult& b) {
                       return a.part->time < b.part->time;
                     });
  }

  // Where a document has no signature, its time-stamps are all that stands for its content.
  void judge_alone(TimeStampResult& stamp) const {
    if (!stamp.conclusion.passed()) return;
    if (const std::optional<Statement>& against = stamps_.contradiction(*stamp.part)) {
      replace(stamp.conclusion, indeterminate(SubIndication::timestamp_order_failure, *against));
      return;
    }
    if (!stamp.part->pdf) return;
    for (const PdfChange& change : stamp.part->pdf->changes) {
      if (change.allowed) continue;
      replace(stamp.conclusion, failed(SubIndication::format_failure, change.what));
      return;
    }
  }

  void add_remarks() {
    result_.remarks = context_.parts.remarks;
    const Time at = context_.policy.at;
    for (const FoundRevocation& found : context_.parts.evidence.revocations())
      if (found.data->issued() > at)
        result_.remarks.push_back(say(kLaterData, called(*found.data), at));
    if (context_.parts.evidence.is_full()) result_.remarks.push_back(say(kEvidenceFull));
    if (context_.chains.gave_up() || context_.revocations.gave_up())
      result_.remarks.push_back(say(kGaveUp));
  }

  Context context_;
  TimeStamps stamps_;
  EndFinder ends_{context_, stamps_};
  ValidationResult result_;
};

}  // namespace

ValidationResult validate(const DocumentParts& parts, const Policy& policy) {
  return Validation(parts, policy).run();
}

}  // namespace signet::validation
