#include "validation/procedure/basic_validation.h"

#include <utility>

#include "validation/procedure/cryptographic_check.h"
#include "validation/procedure/identification.h"
#include "validation/procedure/signature_policy.h"

namespace signet::validation::procedure {

namespace {

constexpr Sentence kChangedAfter{
    "the document was changed after it was signed, in a way that nothing permits (revision {0})",
    "dokument byl po podpisu změněn způsobem, který nic nedovoluje (revize {0})"};
constexpr Sentence kClaimedOutside{
    "the signer claims to have signed at {0}, when the certificate of {1} was not valid",
    "podepisující uvádí, že podepsal {0}, kdy certifikát, jehož držitelem je {1}, neplatil"};

// 5.2.2. A later change does not touch what a time-stamp proves, so it counts for signatures alone.
Conclusion check_format(const Target& target) {
  if (target.signer.fault) {
    Conclusion conclusion = failed(SubIndication::format_failure, *target.signer.fault);
    if (target.pdf && target.pdf->fault) conclusion.reasons.push_back(*target.pdf->fault);
    return conclusion;
  }
  if (!target.pdf) return {};
  if (target.pdf->fault) return failed(SubIndication::format_failure, *target.pdf->fault);
  if (!target.signature) return {};
  Conclusion conclusion;
  for (const PdfChange& change : target.pdf->changes) {
    if (change.allowed) continue;
    if (conclusion.passed()) {
      // The change itself comes first: it is what a person has to look at.
      conclusion = failed(SubIndication::format_failure, change.what);
      if (change.rule) conclusion.reasons.push_back(*change.rule);
      conclusion.reasons.push_back(
          say(kChangedAfter, static_cast<std::int64_t>(change.revision + 1)));
    } else {
      conclusion.reasons.push_back(change.what);
    }
  }
  return conclusion;
}

// 5.2.8: the claimed time lies within the certificate's validity.
Conclusion check_constraints(const Target& target, const Certificate& certificate) {
  if (!target.signature) return {};
  const std::optional<Time> claimed =
      target.signer.signing_time ? target.signer.signing_time : target.signature->claimed_time;
  if (!claimed || certificate.is_within_validity(*claimed)) return {};
  return indeterminate(SubIndication::sig_constraints_failure,
                       say(kClaimedOutside, *claimed, called(certificate)));
}

void move_into(std::vector<Statement>& to, std::vector<Statement> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

class BasicValidation {
 public:
  BasicValidation(Context& context, const Target& target) : context_(context), target_(target) {}

  Basic run() {
    const bool formed = keep(check_format(target_));
    const bool digested = keep(verify_digest(context_, target_), formed);
    Identified identified = identify_signer(context_, target_);
    basic_.certificate = identified.certificate;
    bool sound = keep(std::move(identified.conclusion), formed && digested);
    if (!basic_.certificate) return finish();
    const Certificate& certificate = *basic_.certificate;
    // Even where the signature is broken a report shows whose it is.
    basic_.x509 =
        validate_certificate(context_, target_.subject(basic_.certificate), context_.policy.at);
    basic_.strength = reliabilities(context_.policy, target_, certificate);
    for (const Reliability& each : basic_.strength) move_into(warnings_, each.warnings);
    if (sound) sound = keep(verify_signature(context_, target_, certificate));
    if (sound) sound = keep(check_signature_policy(context_.policy, target_.signer));
    basic_.sound = sound;
    if (sound) sound = keep(check_algorithms(basic_.strength, context_.policy.at));
    keep(basic_.x509.conclusion, sound);
    basic_.constraints = check_constraints(target_, certificate);
    return finish();
  }

 private:
  // The first fault decides; what comes after it is left out, but for its warnings. True: none so far.
  bool keep(Conclusion found, bool counts = true) {
    move_into(warnings_, std::move(found.warnings));
    if (!counts || found.passed()) return basic_.conclusion.passed();
    found.warnings.clear();
    basic_.conclusion = std::move(found);
    return false;
  }

  Basic finish() {
    basic_.conclusion.warnings = std::move(warnings_);
    return std::move(basic_);
  }

  Context& context_;
  const Target& target_;
  Basic basic_;
  std::vector<Statement> warnings_;
};

}  // namespace

Basic validate_basic(Context& context, const Target& target) {
  return BasicValidation(context, target).run();
}

bool depends_on_proofs(const Conclusion& conclusion) {
  if (conclusion.indication != Indication::indeterminate) return false;
  switch (conclusion.sub_indication) {
    case SubIndication::revoked_no_poe:
    case SubIndication::revoked_ca_no_poe:
    case SubIndication::out_of_bounds_no_poe:
    case SubIndication::out_of_bounds_not_revoked:
    case SubIndication::crypto_constraints_failure_no_poe:
    case SubIndication::revocation_out_of_bounds_no_poe:
    case SubIndication::no_certificate_chain_found_no_poe:
    case SubIndication::try_later:
      return true;
    default:
      return false;
  }
}

}  // namespace signet::validation::procedure
