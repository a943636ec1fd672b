#include "signet-cli/doctor/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/log_line.h"
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
      break;
  }
  return "not tried";
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

void Findings::not_tried(const Place& place, std::string_view check, std::string why) {
  findings_.push_back({place, std::string(check), Mark::not_tried, std::move(why), {}});
}

void Findings::none_tried(const Place& place, const std::vector<std::string_view>& checks,
                          const std::string& why) {
  for (const std::string_view check : checks) not_tried(place, check, why);
}

bool Findings::healthy() const {
  return std::ranges::none_of(findings_, [](const Finding& f) { return f.mark == Mark::wrong; });
}

void Findings::print_text(std::ostream& out) const {
  std::string heading;
  for (const Finding& finding : findings_) {
    if (std::string next = heading_of(finding.place); next != heading) {
      heading = std::move(next);
      out << log::printable(heading) << '\n';
    }
    out << fmt::format("  {} {}: {}\n", sign_of(finding.mark), finding.check,
                       log::printable(finding.sentence));
    if (!finding.advice.empty()) out << "      " << log::printable(finding.advice) << '\n';
  }
  const auto wrong = std::ranges::count(findings_, Mark::wrong, &Finding::mark);
  const auto not_tried = std::ranges::count(findings_, Mark::not_tried, &Finding::mark);
  out << (wrong == 0 ? "all is well" : fmt::format("{} wrong", wrong));
  if (not_tried != 0) out << fmt::format("; {} not tried", not_tried);
  out << '\n';
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
  cli::print_json(Json{{"healthy", healthy()}, {"checks", std::move(checks)}}, out);
}

}  // namespace signet::cli::doctor
