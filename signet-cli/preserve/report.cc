#include "signet-cli/preserve/report.h"

#include <fmt/format.h>

#include "preservation/calendar/exchange.h"
#include "signet-cli/date.h"
#include "signet-cli/verify/verify.h"

namespace signet::cli {

std::string condition_text(const preservation::Condition& condition) {
  std::string text = fmt::format("{} {}, {}", condition.format, condition.level, condition.verdict);
  if (condition.until) text += fmt::format(", verifiable until {}", date_of(*condition.until));
  return text;
}

Json json_of(const preservation::KeptDocument& document, std::chrono::seconds margin) {
  Json json = preservation::json_of(document);
  json["due"] = nullptr;
  if (document.condition.until)
    json["due"] =
        validation::text_of(*document.condition.until - margin, validation::Language::english);
  return json;
}

Json json_of(const preservation::DocumentReport& report) {
  Json json{{"path", report.before.path}, {"outcome", name_of(report.outcome)}};
  if (!report.sentence.empty()) json["error"] = report.sentence;
  if (report.after != nullptr) {
    json["level"] = report.after->level;
    json["verdict"] = report.after->verdict;
    if (report.after->until)
      json["verifiableUntil"] =
          validation::text_of(*report.after->until, validation::Language::english);
  }
  if (!report.extended) return json;
  json["levelBefore"] = report.before.condition.level;
  json["added"] = {{"certificates", report.extended->certificates},
                   {"crls", report.extended->crls},
                   {"ocspResponses", report.extended->ocsp_answers},
                   {"timeStamps", report.extended->time_stamps}};
  return json;
}

int exit_status_of(const preservation::Condition& condition) {
  if (condition.passed()) return exit_ok;
  return condition.verdict.starts_with("TOTAL-FAILED") ? kExitTotalFailed : kExitIndeterminate;
}

}  // namespace signet::cli
