#include "signet-cli/seal/report.h"

#include <fmt/format.h>

#include "common/clock.h"
#include "common/json_text.h"
#include "crypto/algorithm_table.h"
#include "keygen/certificate.h"
#include "signet-cli/seal/tool.h"

namespace signet::cli {

namespace {

std::string_view name_of(SealStatus status) {
  switch (status) {
    case SealStatus::sealed:
      return "sealed";
    case SealStatus::degraded:
      return "degraded";
    case SealStatus::raised:
      return "raised";
    case SealStatus::skipped:
      return "skipped";
    case SealStatus::failed:
      break;
  }
  return "failed";
}

std::string_view name_of(sealing::Level level) {
  return level == sealing::Level::b_t ? "B-T" : "B-B";
}

Json seal_json(const sealing::Sealed& sealed) {
  Json json = {{"level", name_of(sealed.level)},
               {"digest", Json{{"algorithm", crypto::hash_name(sealed.algorithm.hash)},
                               {"value", to_hex(sealed.digest)}}},
               {"signatureDigest", to_hex(sealed.signature_digest)}};
  if (const auto certificate = keygen::Certificate::from_der(sealed.certificate))
    json["certificate"] = Json{{"subject", certificate.value().subject()},
                               {"issuer", certificate.value().issuer()},
                               {"serial", certificate.value().serial()},
                               {"sha256", certificate.value().fingerprint()}};
  json["signedAt"] = utc_text(sealed.signed_at);
  if (sealed.stamped_at) json["timestampedAt"] = utc_text(*sealed.stamped_at);
  if (!sealed.authority.empty()) json["tsa"] = sealed.authority;
  if (!sealed.warnings.empty())
    json["warnings"] = boost::json::array(sealed.warnings.begin(), sealed.warnings.end());
  if (!sealed.remarks.empty())
    json["remarks"] = boost::json::array(sealed.remarks.begin(), sealed.remarks.end());
  return json;
}

}  // namespace

Json seal_json(const SealOutcome& outcome) {
  Json json = {{"in", outcome.in},
               {"out", outcome.out},
               {"format", outcome.pades ? "pades" : "cades"},
               {"status", name_of(outcome.status)}};
  if (outcome.sealed) {
    if (!outcome.pades) json["form"] = outcome.external ? "external" : "internal";
    if (outcome.pades) json["field"] = outcome.sealed->field;
    for (const auto& [key, value] : seal_json(*outcome.sealed)) json[key] = value;
  }
  if (!outcome.reference.empty()) json["reference"] = outcome.reference;
  if (!outcome.why_skipped.empty()) json["why"] = outcome.why_skipped;
  if (outcome.sealed && outcome.sealed->degraded) json["error"] = outcome.sealed->why_degraded;
  if (outcome.error) {
    json["error"] = outcome.error->sentence;
    json["exitStatus"] = exit_status_of(*outcome.error);
  }
  return json;
}

SealReport::SealReport(Context& context, std::ostream& lines, Form form, std::size_t files)
    : context_(context), lines_(lines), form_(form), files_(files), progress_(files) {}

void SealReport::add(const SealOutcome& outcome) {
  const MutexLock lock(mutex_);
  switch (outcome.status) {
    case SealStatus::sealed:
    case SealStatus::raised:
      ++sealed_;
      break;
    case SealStatus::degraded:
      ++degraded_;
      break;
    case SealStatus::skipped:
      ++skipped_;
      break;
    case SealStatus::failed: {
      ++failed_;
      const int status = outcome.error ? exit_status_of(*outcome.error) : int{exit_failed};
      status_ = !status_ || *status_ == status ? status : int{exit_failed};
      break;
    }
  }
  progress_.done();
  progress_.hide();
  print(outcome);
  progress_.show();
}

void SealReport::print(const SealOutcome& outcome) {
  if (outcome.error)
    context_.err << "signet: " << printable(outcome.in) << ": "
                 << printable(outcome.error->sentence) << '\n';
  if (outcome.sealed) {
    warn(*outcome.sealed);
    for (const std::string& remark : outcome.sealed->remarks)
      context_.err << "signet: warning: " << printable(outcome.in) << ": " << printable(remark)
                   << '\n';
  }
  if (form_ == Form::json) all_.emplace_back(seal_json(outcome));
  if (form_ == Form::json_lines)
    context_.out << json_text(seal_json(outcome)) << '\n' << std::flush;
  if (form_ != Form::text || outcome.error) return;
  std::string line = fmt::format("{} -> {}: {}", printable(outcome.in), printable(outcome.out),
                                 name_of(outcome.status));
  if (!outcome.why_skipped.empty()) line += fmt::format(" ({})", outcome.why_skipped);
  if (outcome.sealed) {
    const sealing::Sealed& sealed = *outcome.sealed;
    line += outcome.pades
                ? fmt::format(", PAdES {}, field \"{}\"", name_of(sealed.level), sealed.field)
                : fmt::format(", CAdES {}, {}", name_of(sealed.level),
                              outcome.external ? "external" : "internal");
    if (sealed.signatures > 1)
      line += ", after a second signature: the time-stamp was larger than planned";
    if (sealed.stamped_at)
      line += fmt::format(", time-stamp {} by {}", utc_text(*sealed.stamped_at), sealed.authority);
    if (sealed.degraded) line += fmt::format(" (no time-stamp: {})", sealed.why_degraded);
  }
  lines_ << printable(line) << '\n' << std::flush;
}

// All documents of a run are sealed with one key: each warning is said once.
void SealReport::warn(const sealing::Sealed& sealed) {
  for (const std::string& warning : sealed.warnings)
    if (warned_.insert(warning).second)
      context_.err << "signet: warning: " << printable(warning) << '\n';
}

void SealReport::finish(bool cancelled) {
  const MutexLock lock(mutex_);
  progress_.hide();
  if (form_ == Form::json) print_json(Json{{"files", all_}}, context_.out);
  if (failed_ > 0) {
    context_.exit_code = *status_;
  } else if (degraded_ > 0) {
    context_.exit_code = kExitDegraded;
  }
  const std::size_t seen = sealed_ + degraded_ + skipped_ + failed_;
  if (cancelled) {
    context_.exit_code = exit_failed;
    context_.err << "signet: interrupted";
    if (files_ > seen) context_.err << "; " << files_ - seen << " documents were not begun";
    context_.err << '\n';
  }
  if (seen < 2 || form_ != Form::text) return;
  std::string summary = fmt::format("{} sealed", sealed_ + degraded_);
  if (degraded_ > 0) summary += fmt::format(" ({} without a time-stamp)", degraded_);
  if (skipped_ > 0) summary += fmt::format(", {} skipped", skipped_);
  if (failed_ > 0) summary += fmt::format(", {} failed", failed_);
  lines_ << summary << '\n';
}

}  // namespace signet::cli
