#include "validation/procedure/past_signature.h"

#include <algorithm>
#include <utility>

#include "validation/procedure/certificate_validation.h"
#include "validation/procedure/cryptographic_check.h"
#include "validation/procedure/past_certificate.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kNotYetValid{
    "the first proof of the signature's existence is of {0}, before the certificate of {1} became "
    "valid on {2}",
    "první důkaz existence podpisu je z {0}, dříve, než začal {2} platit certifikát, jehož "
    "držitelem "
    "je {1}"};
constexpr Sentence kEndedBeforeProof{
    "the certificate of {0} ended on {1}, before the first proof of existence ({2}); nothing "
    "proves "
    "that the signature is older",
    "platnost certifikátu, jehož držitelem je {0}, skončila {1}, před prvním důkazem existence "
    "({2}); "
    "nic nedokazuje, že podpis je starší"};
constexpr Sentence kProofTooLate{
    "the first proof of the signature's existence is of {0}; it would have to be of {1} at the "
    "latest",
    "první důkaz existence podpisu je z {0}; musel by být nejpozději z {1}"};
constexpr Sentence kProvenBy{
    "judged at {0}, the first proof of existence: the certificate of {1} was good then",
    "posouzeno k {0}, prvnímu důkazu existence: certifikát, jehož držitelem je {1}, tehdy platil"};
constexpr Sentence kRevokedByThen{"the certificate of {0} was revoked at {1}",
                                  "certifikát, jehož držitelem je {0}, byl zneplatněn {1}"};
constexpr Sentence kInvalidSince{
    "the certificate of {0} was revoked at {1}, which decides; whoever revoked it calls it invalid "
    "since {2}, and nothing proves that the signature is older than that",
    "certifikát, jehož držitelem je {0}, byl zneplatněn {1}, a to rozhoduje; kdo jej zneplatnil, "
    "uvádí, že je neplatný již od {2}, a nic nedokazuje, že podpis je starší"};
constexpr Sentence kStampedOutside{
    "the time-stamp is of {0}, when the certificate of its signer, {1}, was not valid",
    "časové razítko je z {0}, kdy certifikát jeho vydavatele ({1}) neplatil"};

void add_all(std::vector<Statement>& to, const std::vector<Statement>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

class Judge {
 public:
  Judge(Context& context, const Target& target)
      : context_(context), target_(target), best_(context.proofs.lowest(target.id)) {}

  Judgement run() {
    result_.basic = validate_basic(context_, target_);
    result_.conclusion = result_.basic.conclusion;
    result_.links = result_.basic.x509.links;
    result_.trusted = result_.basic.x509.trusted;
    result_.judged_at = {context_.policy.at, {}};
    for (const Reliability& each : result_.basic.strength) {
      const auto known = std::ranges::find(result_.algorithms, each.algorithm);
      if (known == result_.algorithms.end()) result_.algorithms.push_back(each.algorithm);
    }
    if (!result_.basic.certificate || !result_.basic.sound) return std::move(result_);
    subject_ = target_.subject(result_.basic.certificate);
    if (result_.trusted && is_too_early()) return std::move(result_);
    if (depends_on_proofs(result_.conclusion)) {
      result_.judged_at = best_;
      if (!passes_by_what_is_good_now() && !passes_by_sliding()) explain();
    }
    if (result_.conclusion.passed()) warn_of_invalidity();
    if (result_.conclusion.passed() && !result_.basic.constraints.passed())
      settle(result_.basic.constraints);
    return std::move(result_);
  }

 private:
  const Certificate& certificate() const { return *result_.basic.certificate; }

  // Keeps the warnings.
  void settle(Conclusion conclusion) {
    conclusion.warnings.insert(conclusion.warnings.begin(), result_.conclusion.warnings.begin(),
                               result_.conclusion.warnings.end());
    result_.conclusion = std::move(conclusion);
  }

  // 5.5.4 and 5.6.2.4, step 3 a.
  bool is_too_early() {
    // An anchor's own dates are not asked for; and of a chain that does not hold, dates say nothing.
    if (result_.links.size() < 2 || result_.conclusion.is(SubIndication::chain_constraints_failure))
      return false;
    if (best_.time < certificate().not_before()) {
      settle(
          failed(SubIndication::not_yet_valid,
                 say(kNotYetValid, best_.time, called(certificate()), certificate().not_before())));
      result_.judged_at = best_;
      return true;
    }
    if (!target_.stamp || certificate().is_within_validity(target_.stamp->time)) return false;
    if (target_.stamp->time < certificate().not_before()) {
      settle(failed(SubIndication::not_yet_valid,
                    say(kStampedOutside, target_.stamp->time, called(certificate()))));
      return true;
    }
    return false;
  }

  void pass(std::vector<ChainLink> links) {
    Conclusion passed;
    passed.reasons.push_back(say(kProvenBy, best_.time, called(certificate())));
    settle(std::move(passed));
    result_.links = std::move(links);
    result_.trusted = true;
  }

  // 5.5.4: the chain is good at the control time, and the signing certificate was at the best-signature-time.
  // By its letter 5.5 is about signatures; what it asks is the same for a token.
  bool passes_by_what_is_good_now() {
    if (target_.stamp && context_.policy.sliding == Sliding::letter) return false;
    if (best_.time >= context_.policy.at) return false;
    if (!check_algorithms(result_.basic.strength, best_.time).passed()) return false;
    CertificateResult then = validate_certificate(context_, subject_, best_.time);
    if (!then.conclusion.passed()) return false;
    pass(std::move(then.links));
    add_all(result_.conclusion.warnings, then.conclusion.warnings);
    return true;
  }

  // 5.6.2.4.
  bool passes_by_sliding() {
    for (const Chain& chain : context_.chains.chains_for(subject_.certificate, subject_.purpose)) {
      if (!chain.usable()) continue;
      PastCertificate past = validate_past_certificate(context_, subject_, chain);
      std::optional<Conclusion> fault = fault_of(past, chain);
      if (!fault) {
        pass(std::move(past.links));
        if (past.moved) result_.conclusion.reasons.push_back(*past.moved);
        add_all(result_.conclusion.warnings, past.conclusion.warnings);
        return true;
      }
      if (!fault_) fault_ = std::move(fault);
    }
    return false;
  }

  // Nothing: it passes. Steps 2 to 7.
  std::optional<Conclusion> fault_of(const PastCertificate& past, const Chain& chain) const {
    for (std::size_t i = 0; i + 1 < chain.certificates.size(); ++i)
      if (best_.time > chain.certificates[i]->not_after())
        return ended(*chain.certificates[i], past.conclusion.reasons);
    if (std::optional<Conclusion> revoked = revoked_by_then(chain)) return revoked;
    if (!past.conclusion.passed()) return as_at_present(past.conclusion.reasons);
    if (best_.time > past.control) {
      std::vector<Statement> why{say(kProofTooLate, best_.time, past.control)};
      if (past.moved && !says_so(*past.moved)) why.push_back(*past.moved);
      return as_at_present(std::move(why));
    }
    if (Conclusion weak = check_algorithms(result_.basic.strength, best_.time); !weak.passed())
      return weak;
    if (!past.revocation_in_bounds)
      return indeterminate(SubIndication::revocation_out_of_bounds_no_poe, *past.out_of_bounds);
    return {};
  }

  // What is known to have been revoked before the best signature time, whenever that was published: sliding may have passed over it.
  std::optional<Conclusion> revoked_by_then(const Chain& chain) const {
    for (std::size_t i = 0; i + 1 < chain.certificates.size(); ++i) {
      if (!needs_revocation_data(*chain.certificates[i])) continue;
      for (const SpeakingData& data :
           context_.revocations.of(chain.certificates[i], chain.certificates[i + 1]).data) {
        const Time since = data.status.revoked_at.value_or(data.status.this_update);
        const Time proven = context_.proofs.lowest(data.data->id()).time;
        if (!data.is_revoked() || since > best_.time || !data.reliability.good_at(proven)) continue;
        if (i == 0 && survives_revocation(subject_, data.status)) continue;
        const auto sub = i == 0 ? SubIndication::revoked_no_poe : SubIndication::revoked_ca_no_poe;
        return indeterminate(sub, say(kRevokedByThen, called(*chain.certificates[i]), since));
      }
    }
    return {};
  }

  // RFC 5280, 5.3.2: since when a key may have been somebody else's. The standard compares with the time of the revocation.
  void warn_of_invalidity() {
    for (std::size_t i = 0; i + 1 < result_.links.size(); ++i) {
      const CertificatePtr& judged = result_.links[i].certificate;
      if (!needs_revocation_data(*judged)) continue;
      for (const SpeakingData& data :
           context_.revocations.of(judged, result_.links[i + 1].certificate).data) {
        const RevocationStatus& status = data.status;
        if (!data.is_revoked() || !status.revoked_at || !status.invalid_since) continue;
        const bool survives = i == 0 && survives_revocation(subject_, status);
        const Time made = survives ? *subject_.stamped : best_.time;
        if (*status.invalid_since > made) continue;
        result_.conclusion.warnings.push_back(
            say(kInvalidSince, called(*judged), *status.revoked_at, *status.invalid_since));
        break;
      }
    }
  }

  // Basic validation gave the same reason.
  bool says_so(const Statement& why) const {
    const std::string text = text_of(why, Language::english);
    return std::ranges::any_of(result_.basic.conclusion.reasons, [&](const Statement& reason) {
      return text_of(reason, Language::english) == text;
    });
  }

  // The result at the control time stands (step 2): what it said comes first, then why proofs did not help.
  Conclusion as_at_present(std::vector<Statement> why) const {
    Conclusion same{Indication::indeterminate,
                    result_.basic.conclusion.sub_indication,
                    result_.basic.conclusion.reasons,
                    {}};
    add_all(same.reasons, why);
    return same;
  }

  // The signing certificate, or one above it: the model is the shell. The sub-indication of the control time stands.
  Conclusion ended(const Certificate& ended, const std::vector<Statement>& past) const {
    const SubIndication sub = result_.basic.conclusion.sub_indication;
    Statement why = say(kEndedBeforeProof, called(ended), ended.not_after(), best_.time);
    if (sub == SubIndication::out_of_bounds_no_poe ||
        sub == SubIndication::out_of_bounds_not_revoked) {
      Conclusion found = indeterminate(sub, std::move(why));
      add_all(found.reasons, past);
      return found;
    }
    return as_at_present({std::move(why)});
  }

  void explain() {
    if (fault_) settle(std::move(*fault_));
  }

  Context& context_;
  const Target& target_;
  Proof best_;
  Subject subject_;
  std::optional<Conclusion> fault_;
  Judgement result_;
};

}  // namespace

Judgement judge(Context& context, const Target& target) {
  return Judge(context, target).run();
}

}  // namespace signet::validation::procedure
