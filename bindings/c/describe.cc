// A validation's result in the words of signet-seal-verify.h.
#include <chrono>
#include <utility>

#include "bindings/c/verify_handles.h"
#include "validation/indication.h"

namespace signet::c {

namespace {

using validation::Indication;
using validation::Statement;

BothTexts both(const Statement& statement) {
  return {text_of(statement, validation::Language::english),
          text_of(statement, validation::Language::czech)};
}

BothTexts both(const std::optional<Statement>& statement) {
  return statement ? both(*statement) : BothTexts();
}

std::vector<BothTexts> all(const std::vector<Statement>& statements) {
  std::vector<BothTexts> texts;
  texts.reserve(statements.size());
  for (const Statement& each : statements) texts.push_back(both(each));
  return texts;
}

std::int64_t seconds_of(const std::optional<validation::Time>& time) {
  return time ? c::seconds_of(*time) : SIGNET_SEAL_NO_TIME;
}

int number_of(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return SIGNET_SEAL_TOTAL_PASSED;
    case Indication::failed:
      return SIGNET_SEAL_TOTAL_FAILED;
    case Indication::indeterminate:
      break;
  }
  return SIGNET_SEAL_INDETERMINATE;
}

signet_seal_certificate described(const validation::ChainLink& link) {
  signet_seal_certificate made;
  made.certificate = link.certificate;
  made.subject = link.certificate->subject_text();
  made.issuer = link.certificate->issuer_text();
  made.serial = link.certificate->serial_text();
  const validation::UsedRevocation& used = link.revocation;
  if (used.data)
    made.source = used.data->kind() == validation::RevocationKind::crl ? "CRL" : "OCSP";
  made.status = used.status;
  made.reason = both(used.why_none);
  return made;
}

signet_seal_change described(const validation::PdfChange& change) {
  signet_seal_change made;
  made.kind = name_of(change.kind);
  made.field = change.field;
  made.is_allowed = change.allowed;
  made.revision = change.revision + 1;
  made.page = change.page ? *change.page + 1 : 0;
  made.what = both(change.what);
  made.rule = both(change.rule);
  made.warning = both(change.warning);
  return made;
}

void add_coverage(signet_seal_verified& made, const std::optional<validation::PdfCoverage>& pdf) {
  if (!pdf) return;
  made.revisions = pdf->revisions;
  made.revision = pdf->fault ? 0 : pdf->revision + 1;
  made.covers_all = !pdf->fault && pdf->whole_document;
  made.changes.reserve(pdf->changes.size());
  for (const validation::PdfChange& each : pdf->changes) made.changes.push_back(described(each));
}

// What signatures and time-stamps have in common.
template <typename Verdict>
signet_seal_verified begun(const Verdict& verdict, const validation::Proof& proof) {
  signet_seal_verified made;
  const validation::Conclusion& conclusion = verdict.conclusion;
  made.name = verdict.part->name;
  made.id = text_of(verdict.part->id);
  made.indication = number_of(conclusion.indication);
  made.sub_indication = name_of(conclusion.sub_indication);
  made.judged_at = c::seconds_of(proof.time);
  if (proof.by) made.proven_by = text_of(*proof.by);
  made.is_trusted = verdict.trusted;
  made.algorithms = verdict.algorithms;
  // Of a verdict that passed the reasons explain it, of any other they are what is wrong.
  (conclusion.passed() ? made.explanations : made.errors) = all(conclusion.reasons);
  made.warnings = all(conclusion.warnings);
  made.qualification = name_of(verdict.qualification.kind);
  made.qualification_reasons = all(verdict.qualification.reasons);
  made.list = verdict.qualification.list;
  made.list_digest = verdict.qualification.list_digest;
  made.service = verdict.qualification.service;
  for (const validation::ChainLink& each : verdict.chain) made.chain.push_back(described(each));
  add_coverage(made, verdict.part->pdf);
  return made;
}

signet_seal_verified described(const validation::TimeStampResult& stamp) {
  signet_seal_verified made = begun(stamp, stamp.judged_at);
  made.kind = name_of(stamp.part->kind);
  made.time = c::seconds_of(stamp.part->time);
  return made;
}

signet_seal_verified described(const validation::SignatureResult& signature) {
  signet_seal_verified made = begun(signature, signature.best_signature_time);
  const validation::SignaturePart& part = *signature.part;
  made.kind = name_of(part.format);
  made.level = name_of(signature.level);
  made.time = made.judged_at;
  made.claimed_time =
      seconds_of(part.signer.signing_time ? part.signer.signing_time : part.claimed_time);
  made.verifiable_until = seconds_of(signature.verifiable_until);
  made.verifiable_because = both(signature.verifiable_because);
  made.level_faults = all(signature.level_faults);
  for (const auto& each : signature.time_stamps) made.time_stamps.push_back(described(each));
  return made;
}

}  // namespace

std::int64_t seconds_of(validation::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

void describe(signet_seal_verification& verification) {
  const validation::ValidationResult& result = verification.result;
  if (const auto overall = result.overall()) {
    verification.indication = number_of(overall->indication);
    verification.sub_indication = name_of(overall->sub_indication);
  }
  verification.format = name_of(result.document->format);
  if (result.policy.suite) verification.suite = result.policy.suite->name();
  verification.remarks = all(result.remarks);
  for (const auto& each : result.signatures) verification.signatures.push_back(described(each));
  for (const auto& each : result.document_time_stamps)
    verification.time_stamps.push_back(described(each));
}

}  // namespace signet::c
