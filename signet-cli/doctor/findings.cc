#include "signet-cli/doctor/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "signet-cli/output.h"

namespace signet::cli::doctor {

namespace {

std::string_view sign_of(Mark mark) {
  switch (mark) {
    case Mark::well:
      return "✓";
    case Mark::wrong:
      return "✗";
    case Mark::not_tried:
    case Mark::not_needed:
      break;
  }
  return "–";
}

std::string_view name_of(Mark mark) {
  switch (mark) {
    case Mark::well:
      return "well";
    case Mark::wrong:
      return "wrong";
    case Mark::not_tried:
      return "not tried";
    case Mark::not_needed:
      break;
  }
  return "not needed";
}

std::string heading_of(const Place& place) {
  if (place.token.empty()) return "configuration";
  if (place.member.empty()) return fmt::format("token \"{}\"", place.token);
  return fmt::format("token \"{}\", {}", place.token, place.member);
}

}  // namespace

void Findings::well(const Place& place, std::string_view check, std::string sentence,
                    std::string advice) {
  findings_.push_back(
      {place, std::string(check), Mark::well, std::move(sentence), std::move(advice)});
}

void Findings::wrong(const Place& place, std::string_view check, std::string sentence,
                     std::string advice) {
  findings_.push_back(
      {place, std::string(check), Mark::wrong, std::move(sentence), std::move(advice)});
}

void Findings::not_tried(const Place& place, std::string_view check, std::string why,
                         std::string advice) {
  findings_.push_back(
      {place, std::string(check), Mark::not_tried, std::move(why), std::move(advice)});
}

void Findings::not_needed(const Place& place, std::string_view check, std::string why) {
  findings_.push_back({place, std::string(check), Mark::not_needed, std::move(why), {}});
}

void Findings::none_tried(const Place& place, const std::vector<std::string_view>& checks,
                          const std::string& why) {
  for (const std::string_view check : checks) not_tried(place, check, why);
}

void Findings::require(std::string_view check) {
  for (Finding& finding : findings_) {
    if (finding.check != check || finding.mark != Mark::not_tried) continue;
    finding.mark = Mark::wrong;
    if (finding.advice.empty()) finding.advice = "do what the lines above say, and try again";
  }
}

ExitCode Findings::exit_code() const {
  if (std::ranges::find(findings_, Mark::wrong, &Finding::mark) != findings_.end())
    return exit_failed;
  return untried().empty() ? exit_ok : exit_not_tried;
}

std::vector<std::string> Findings::untried() const {
  std::vector<std::string> names;
  for (const Finding& finding : findings_) {
    const bool known = std::ranges::find(names, finding.check) != names.end();
    if (finding.mark == Mark::not_tried && !known) names.push_back(finding.check);
  }
  return names;
}

std::string Findings::summary() const {
  const auto wrong = std::ranges::count(findings_, Mark::wrong, &Finding::mark);
  const auto names = untried();
  if (wrong == 0 && names.empty()) return "all is well";
  const std::string found = wrong == 0 ? "nothing wrong found" : fmt::format("{} wrong", wrong);
  if (names.empty()) return found;
  return fmt::format("{}{} not tried: {}", found, wrong == 0 ? ", but" : ";",
                     fmt::join(names, ", "));
}

void Findings::print_text(std::ostream& out) const {
  std::string heading;
  for (const Finding& finding : findings_) {
    if (std::string next = heading_of(finding.place); next != heading) {
      heading = std::move(next);
      out << printable(heading) << '\n';
    }
    out << fmt::format("  {} {}: {}\n", sign_of(finding.mark), finding.check,
                       printable(finding.sentence));
    if (!finding.advice.empty()) out << "      " << printable(finding.advice) << '\n';
  }
  out << summary() << '\n';
}

void Findings::print_json(std::ostream& out) const {
  boost::json::array checks;
  for (const Finding& finding : findings_) {
    Json one = {{"check", finding.check}, {"result", name_of(finding.mark)}};
    if (!finding.place.token.empty()) one["token"] = finding.place.token;
    if (!finding.place.member.empty()) one["member"] = finding.place.member;
    one["sentence"] = finding.sentence;
    if (!finding.advice.empty()) one["advice"] = finding.advice;
    checks.push_back(std::move(one));
  }
  cli::print_json(Json{{"healthy", exit_code() == exit_ok},
                       {"status", static_cast<int>(exit_code())},
                       {"summary", summary()},
                       {"checks", std::move(checks)}},
                  out);
}

}  // namespace signet::cli::doctor
