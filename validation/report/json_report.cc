#include <fmt/format.h>

#include <boost/json.hpp>

#include "common/json_text.h"
#include "validation/report/other_readers.h"
#include "validation/report/report.h"
#include "validation/report/report_text.h"

namespace signet::validation {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

value or_null(std::string_view text) {
  return text.empty() ? value(nullptr) : value(text);
}

value time_or_null(const std::optional<Time>& time) {
  return time ? value(rfc3339(*time)) : value(nullptr);
}

class JsonReportWriter {
 public:
  JsonReportWriter(const ValidationResult& result, const ReportOptions& options)
      : result_(result), language_(options.language), options_(options) {}

  object write() const {
    object json;
    json["document"] = document();
    const std::optional<Conclusion> overall = result_.overall();
    if (overall) {
      json["indication"] = result_.signatures.empty() ? name_of(overall->indication)
                                                      : total_name(overall->indication);
      json["subIndication"] = or_null(name_of(overall->sub_indication));
    } else {
      json["indication"] = nullptr;
      json["subIndication"] = nullptr;
    }
    json["signatures"] = each(result_.signatures);
    json["timestamps"] = each(result_.document_time_stamps);
    json["suite"] = result_.policy.suite ? value(result_.policy.suite->name()) : value(nullptr);
    json["validationTime"] = rfc3339(result_.policy.at);
    json["timeSliding"] = result_.policy.sliding == Sliding::letter ? "letter" : "nextUpdate";
    json["remarks"] = texts(result_.remarks);
    if (options_.other_readers) json["otherReaders"] = other_readers_json();
    return json;
  }

 private:
  object document() const {
    object json;
    if (!options_.file_name.empty()) json["file"] = options_.file_name;
    json["format"] = name_of(result_.document->format);
    if (result_.document->pages)
      json["pages"] = static_cast<std::uint64_t>(*result_.document->pages);
    if (!options_.document_digest.empty()) json["sha256"] = options_.document_digest;
    return json;
  }

  template <typename Results>
  array each(const Results& results) const {
    array json;
    for (const auto& one : results) json.emplace_back(of(one));
    return json;
  }

  array texts(const std::vector<Statement>& statements) const {
    array json;
    for (const Statement& each : statements) json.emplace_back(text_of(each, language_));
    return json;
  }

  static array strings(const std::vector<std::string>& all) {
    array json;
    for (const std::string& each : all) json.emplace_back(each);
    return json;
  }

  object of(const SignatureResult& signature) const {
    const SignaturePart& part = *signature.part;
    object json;
    json["name"] = part.name;
    json["format"] = name_of(part.format);
    json["level"] = name_of(signature.level);
    json["indication"] = total_name(signature.conclusion.indication);
    json["subIndication"] = or_null(name_of(signature.conclusion.sub_indication));
    json["bestSignatureTime"] = rfc3339(signature.best_signature_time.time);
    json["provenBy"] = prover(signature.best_signature_time);
    json["claimedTime"] =
        time_or_null(part.signer.signing_time ? part.signer.signing_time : part.claimed_time);
    json["signer"] = signer(signature.chain);
    json["chain"] = chain(signature.chain);
    json["trusted"] = signature.trusted;
    json["algorithms"] = strings(signature.algorithms);
    add_coverage(json, part.pdf);
    json["qualification"] = qualification(signature.qualification);
    json["verifiableUntil"] = time_or_null(signature.verifiable_until);
    json["verifiableBecause"] = signature.verifiable_because
                                    ? value(text_of(*signature.verifiable_because, language_))
                                    : value(nullptr);
    json["timestamps"] = each(signature.time_stamps);
    json["counterSignatures"] = each(signature.counter_signatures);
    json["levelFaults"] = texts(signature.level_faults);
    add_reasons(json, signature.conclusion);
    return json;
  }

  object of(const TimeStampResult& stamp) const {
    const TimeStampPart& part = *stamp.part;
    object json;
    json["kind"] = name_of(part.kind);
    if (!part.name.empty()) json["name"] = part.name;
    json["id"] = text_of(part.id);
    json["time"] = rfc3339(part.time);
    json["indication"] = name_of(stamp.conclusion.indication);
    json["subIndication"] = or_null(name_of(stamp.conclusion.sub_indication));
    json["judgedAt"] = rfc3339(stamp.judged_at.time);
    json["provenBy"] = prover(stamp.judged_at);
    json["signer"] = signer(stamp.chain);
    json["chain"] = chain(stamp.chain);
    json["trusted"] = stamp.trusted;
    json["policy"] = or_null(part.policy);
    json["algorithms"] = strings(stamp.algorithms);
    json["qualification"] = qualification(stamp.qualification);
    if (part.kind == TimeStampKind::document) add_coverage(json, part.pdf);
    add_reasons(json, stamp.conclusion);
    return json;
  }

  void add_coverage(object& json, const std::optional<PdfCoverage>& pdf) const {
    json["covers"] = coverage_text(pdf ? &*pdf : nullptr, Language::english);
    array changes;
    if (pdf)
      for (const PdfChange& change : pdf->changes) changes.emplace_back(of(change));
    json["changesAfter"] = std::move(changes);
  }

  object of(const PdfChange& change) const {
    object json;
    json["kind"] = name_of(change.kind);
    json["allowed"] = change.allowed;
    json["revision"] = static_cast<std::uint64_t>(change.revision + 1);
    if (change.page) json["page"] = static_cast<std::uint64_t>(*change.page + 1);
    if (!change.field.empty()) json["field"] = change.field;
    json["what"] = text_of(change.what, language_);
    if (change.rule) json["rule"] = text_of(*change.rule, language_);
    if (change.warning) json["warning"] = text_of(*change.warning, language_);
    return json;
  }

  // Of a verdict that passed the reasons explain it, of any other they are what is wrong.
  void add_reasons(object& json, const Conclusion& conclusion) const {
    json["explanation"] = conclusion.passed() ? texts(conclusion.reasons) : array();
    json["errors"] = conclusion.passed() ? array() : texts(conclusion.reasons);
    json["warnings"] = texts(conclusion.warnings);
  }

  static value prover(const Proof& proof) {
    return proof.by ? value(text_of(*proof.by)) : value(nullptr);
  }

  static value signer(const std::vector<ChainLink>& chain) {
    return chain.empty() ? value(nullptr) : value(of(*chain.front().certificate));
  }

  static object of(const Certificate& certificate) {
    return {{"subject", certificate.subject_text()},
            {"issuer", certificate.issuer_text()},
            {"serial", certificate.serial_text()},
            {"notBefore", rfc3339(certificate.not_before())},
            {"notAfter", rfc3339(certificate.not_after())},
            {"sha256", text_of(certificate.id())}};
  }

  array chain(const std::vector<ChainLink>& links) const {
    array json;
    for (const ChainLink& link : links) {
      object one = of(*link.certificate);
      one["revocation"] = revocation(link.revocation);
      json.emplace_back(std::move(one));
    }
    return json;
  }

  object revocation(const UsedRevocation& used) const {
    object json;
    if (used.data) {
      json["source"] = used.data->kind() == RevocationKind::crl ? "CRL" : "OCSP";
      json["sha256"] = text_of(used.data->id());
    }
    if (used.status) {
      json["status"] = status_name(used.status->kind);
      json["thisUpdate"] = rfc3339(used.status->this_update);
      json["nextUpdate"] = time_or_null(used.status->next_update);
      if (used.status->revoked_at) json["revokedAt"] = rfc3339(*used.status->revoked_at);
      if (used.status->invalid_since) json["invalidSince"] = rfc3339(*used.status->invalid_since);
      if (used.status->reason) json["reasonCode"] = *used.status->reason;
    }
    if (used.why_none) json["none"] = text_of(*used.why_none, language_);
    return json;
  }

  static std::string_view status_name(RevocationStatus::Kind kind) {
    switch (kind) {
      case RevocationStatus::Kind::good:
        return "good";
      case RevocationStatus::Kind::revoked:
        return "revoked";
      case RevocationStatus::Kind::on_hold:
        return "onHold";
      case RevocationStatus::Kind::unknown:
        break;
    }
    return "unknown";
  }

  value qualification(const Qualification& found) const {
    if (found.kind == QualificationKind::not_asked) return nullptr;
    return object{{"kind", name_of(found.kind)},
                  {"reasons", texts(found.reasons)},
                  {"list", or_null(found.list)},
                  {"listSha256", or_null(found.list_digest)},
                  {"service", or_null(found.service)}};
  }

  array other_readers_json() const {
    array json;
    for (const ReaderView& view : other_readers(result_)) {
      array shown;
      for (const ReaderVerdict& each : view.verdicts)
        shown.push_back(object{{"name", each.name},
                               {"shows", name_of(each.shown)},
                               {"judgedAt", rfc3339(each.judged_at)},
                               {"why", text_of(each.why, language_)}});
      json.push_back(object{{"reader", text_of(view.reader, language_)},
                            {"default", view.is_default},
                            {"elements", std::move(shown)}});
    }
    return json;
  }

  const ValidationResult& result_;
  const Language language_;
  const ReportOptions& options_;
};

}  // namespace

std::string json_report(const ValidationResult& result, const ReportOptions& options) {
  return json_text(JsonReportWriter(result, options).write()) + "\n";
}

}  // namespace signet::validation
