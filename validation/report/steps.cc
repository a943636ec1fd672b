#include "validation/report/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "validation/report/seal_word.h"

namespace signet::validation {

namespace {

constexpr Sentence kValid{"valid", "platné"};
constexpr Sentence kUndecided{"cannot be decided", "nelze rozhodnout"};
constexpr Sentence kInvalid{"invalid", "neplatné"};

constexpr Sentence kSignatureTitle{"signature \"{0}\"", "podpis \"{0}\""};
constexpr Sentence kSealTitle{"seal \"{0}\"", "pečeť \"{0}\""};
constexpr Sentence kTime{"time", "čas"};
constexpr Sentence kSigner{"signer", "podepsal"};
constexpr Sentence kSealer{"sealed by", "zapečetil"};
constexpr Sentence kIssuer{"stamped by", "vydal"};
constexpr Sentence kStepFormat{"format", "formát"};
constexpr Sentence kLevel{"level", "úroveň"};
constexpr Sentence kStepJudgedAt{"judged at", "posouzeno k"};
constexpr Sentence kBestTime{"existed at", "doloženo k"};
constexpr Sentence kClaimed{"claimed time", "uváděný čas"};
constexpr Sentence kClaimedTime{"{0} (claimed, not proven)", "{0} (uvedeno, nedoloženo)"};
constexpr Sentence kCovers{"covers", "pokrývá"};
constexpr Sentence kAlgorithms{"algorithms", "algoritmy"};
constexpr Sentence kQualification{"qualification", "kvalifikace"};
constexpr Sentence kQualifiedBy{"{0} ({1}; {2})", "{0} ({1}; {2})"};
constexpr Sentence kStepUntil{"verifiable until", "ověřitelný do"};
constexpr Sentence kReason{"reason given", "uvedený důvod"};
constexpr Sentence kPlace{"place given", "uvedené místo"};

constexpr Sentence kControlTime{"{0}, the validation time", "{0}, kontrolní okamžik"};
constexpr Sentence kProvenBy{"{0}, proven by the {1}", "{0}, dokládá {1}"};

constexpr Sentence kStepWhy{"Why", "Proč"};
constexpr Sentence kWarnings{"Warnings", "Upozornění"};
constexpr Sentence kLevelFaults{"What the next level lacks", "Co chybí další úrovni"};
constexpr Sentence kChanges{"Changed since", "Změny od té doby"};
constexpr Sentence kQualificationReasons{"Why this qualification", "Proč tato kvalifikace"};
constexpr Sentence kMore{"and {0} more", "a další (počet: {0})"};
constexpr Sentence kAllowed{"allowed: {0}", "povoleno: {0}"};
constexpr Sentence kForbidden{"not allowed: {0}", "nepovoleno: {0}"};

constexpr Sentence kChain{"Chain of certificates", "Řetězec certifikátů"};
constexpr Sentence kUntrustedChain{"Chain of certificates (it ends at no trusted certificate)",
                                   "Řetězec certifikátů (nekončí důvěryhodným certifikátem)"};
constexpr Sentence kCertificate{"certificate", "certifikát"};
constexpr Sentence kFrom{"valid from", "platný od"};
constexpr Sentence kTo{"until", "do"};
constexpr Sentence kRevocation{"revocation", "zneplatnění"};
constexpr Sentence kNotRevoked{"not revoked: {0}", "nezneplatněn: {0}"};
constexpr Sentence kRevokedAt{"revoked at {0}: {1}", "zneplatněn {0}: {1}"};
constexpr Sentence kOnHold{"suspended: {0}", "pozastaven: {0}"};
constexpr Sentence kUnknown{"unknown: {0}", "neznámý stav: {0}"};
constexpr Sentence kNotAsked{"not asked for", "nezjišťováno"};

const Sentence& word_of(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return kValid;
    case Indication::failed:
      return kInvalid;
    case Indication::indeterminate:
      break;
  }
  return kUndecided;
}

std::string capitalised(std::string text) {
  // Titles begin with an ASCII letter, or with "č" of "časové razítko".
  if (text.starts_with("č")) return "Č" + text.substr(std::string_view("č").size());
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

std::string explained(const std::string& verdict, Indication indication, Language language) {
  return fmt::format("{} ({})", verdict, text_of(word_of(indication), language));
}

std::string StepWriter::text(const Statement& statement) const {
  return printable(text_of(statement, language_));
}

std::vector<std::string> StepWriter::texts(const std::vector<Statement>& statements) const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < statements.size() && i < kMostLines; ++i)
    lines.push_back(text(statements[i]));
  if (statements.size() > kMostLines)
    lines.push_back(text(say(kMore, static_cast<std::int64_t>(statements.size() - kMostLines))));
  return lines;
}

std::string StepWriter::moment(const Proof& proof) const {
  if (!proof.by) return text(say(kControlTime, proof.time));
  return text(say(kProvenBy, proof.time, names_.name_of(*proof.by)));
}

std::string StepWriter::revocation(const UsedRevocation& used) const {
  if (!used.data || !used.status) return used.why_none ? text(*used.why_none) : text(kNotAsked);
  const std::string name = text(used.data->name());
  switch (used.status->kind) {
    case RevocationStatus::Kind::good:
      return text(say(kNotRevoked, name));
    case RevocationStatus::Kind::revoked:
      return text(
          say(kRevokedAt, used.status->revoked_at.value_or(used.status->this_update), name));
    case RevocationStatus::Kind::on_hold:
      return text(say(kOnHold, name));
    case RevocationStatus::Kind::unknown:
      break;
  }
  return text(say(kUnknown, name));
}

void StepWriter::add_remarks(ReportStep& step, const Sentence& heading,
                             std::vector<std::string> lines) const {
  if (!lines.empty()) step.remarks.push_back({text(heading), std::move(lines)});
}

void StepWriter::add_chain(ReportStep& step, const std::vector<ChainLink>& links,
                           bool trusted) const {
  if (links.empty()) return;
  ReportTable grid{text(trusted ? kChain : kUntrustedChain),
                   {text(kCertificate), text(kFrom), text(kTo), text(kRevocation)},
                   {}};
  for (const ChainLink& link : links)
    grid.rows.push_back({printable(link.certificate->subject_text()),
                         text_of(link.certificate->not_before(), language_),
                         text_of(link.certificate->not_after(), language_),
                         revocation(link.revocation)});
  step.grids.push_back(std::move(grid));
}

void StepWriter::add_reasons(ReportStep& step, const Conclusion& conclusion) const {
  add_remarks(step, kStepWhy, texts(conclusion.reasons));
  add_remarks(step, kWarnings, texts(conclusion.warnings));
}

void StepWriter::add_coverage(ReportStep& step, const PdfCoverage& pdf) const {
  step.facts.push_back({text(kCovers), coverage_text(&pdf, language_)});
  // What is not allowed first: it must not be lost behind the rest.
  std::vector<const PdfChange*> changes;
  for (const PdfChange& change : pdf.changes) changes.push_back(&change);
  std::ranges::stable_partition(changes, [](const PdfChange* each) { return !each->allowed; });
  std::vector<Statement> lines;
  for (const PdfChange* change : changes) {
    std::string what = text(change->what);
    if (change->rule) what += "; " + text(*change->rule);
    if (change->warning) what += "; " + text(*change->warning);
    lines.push_back(say(change->allowed ? kAllowed : kForbidden, std::move(what)));
    if (lines.size() > kMostLines) break;
  }
  std::vector<std::string> written = texts(lines);
  if (lines.size() > kMostLines)
    written.back() = text(say(kMore, static_cast<std::int64_t>(pdf.changes.size() - kMostLines)));
  add_remarks(step, kChanges, std::move(written));
}

void StepWriter::add_algorithms(ReportStep& step,
                                const std::vector<std::string>& algorithms) const {
  if (!algorithms.empty())
    step.facts.push_back({text(kAlgorithms), fmt::format("{}", fmt::join(algorithms, ", "))});
}

void StepWriter::add_qualification(ReportStep& step, const Qualification& found) const {
  if (found.kind == QualificationKind::not_asked) return;
  const std::string name(name_of(found.kind));
  step.facts.push_back({text(kQualification),
                        found.list.empty() ? name
                                           : text(say(kQualifiedBy, name, printable(found.service),
                                                      printable(found.list)))});
  add_remarks(step, kQualificationReasons, texts(found.reasons));
}

ReportStep StepWriter::of(const TimeStampResult& stamp) const {
  const TimeStampPart& part = *stamp.part;
  ReportStep step;
  step.title = capitalised(time_stamp_title(part, language_));
  step.indication = stamp.conclusion.indication;
  step.verdict =
      explained(time_stamp_verdict(stamp.conclusion), stamp.conclusion.indication, language_);
  step.facts.push_back({text(kTime), text_of(part.time, language_)});
  step.when = text_of(part.time, language_);
  if (!stamp.chain.empty()) {
    step.who = printable(stamp.chain.front().certificate->short_name());
    step.facts.push_back({text(kIssuer), step.who});
  }
  step.facts.push_back({text(kStepJudgedAt), moment(stamp.judged_at)});
  add_algorithms(step, stamp.algorithms);
  add_qualification(step, stamp.qualification);
  if (part.pdf) add_coverage(step, *part.pdf);
  add_reasons(step, stamp.conclusion);
  add_chain(step, stamp.chain, stamp.trusted);
  return step;
}

ReportStep StepWriter::of(const SignatureResult& signature) const {
  const SignaturePart& part = *signature.part;
  ReportStep step;
  const bool seal = is_seal(signature);
  step.title = capitalised(text(say(seal ? kSealTitle : kSignatureTitle, printable(part.name))));
  step.when = text_of(signature.best_signature_time.time, language_);
  step.indication = signature.conclusion.indication;
  step.verdict = explained(signature_verdict(signature.conclusion), signature.conclusion.indication,
                           language_);
  const auto add = [&](const Sentence& label, std::string content) {
    if (!content.empty()) step.facts.push_back({text(label), printable(content)});
  };
  if (!signature.chain.empty()) {
    step.who = printable(signature.chain.front().certificate->short_name());
    add(seal ? kSealer : kSigner, step.who);
  }
  add(kStepFormat, std::string(name_of(part.format)));
  add(kLevel, std::string(name_of(signature.level)));
  add(kBestTime, moment(signature.best_signature_time));
  const auto& claimed = part.signer.signing_time ? part.signer.signing_time : part.claimed_time;
  if (claimed) add(kClaimed, text(say(kClaimedTime, *claimed)));
  add(kReason, part.reason);
  add(kPlace, part.location);
  add_algorithms(step, signature.algorithms);
  add_qualification(step, signature.qualification);
  if (signature.verifiable_until)
    add(kStepUntil,
        text_of(*signature.verifiable_until, language_) +
            (signature.verifiable_because ? ": " + text(*signature.verifiable_because) : ""));
  if (part.pdf) add_coverage(step, *part.pdf);
  add_reasons(step, signature.conclusion);
  add_remarks(step, kLevelFaults, texts(signature.level_faults));
  add_chain(step, signature.chain, signature.trusted);
  return step;
}

}  // namespace signet::validation
