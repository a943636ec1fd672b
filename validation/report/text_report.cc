#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "validation/report/outline.h"
#include "validation/report/report.h"

namespace signet::validation {

namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char each) { return (static_cast<unsigned char>(each) & 0xc0U) != 0x80U; }));
}

class TextReportWriter {
 public:
  std::string write(const ReportOutline& outline) {
    line(outline.title);
    line(outline.verdict);
    if (!outline.reasons.lines.empty()) remarks(outline.reasons, "  ");
    facts(outline.facts);
    overview(outline.overview);
    std::size_t number = 0;
    for (const ReportStep& step : outline.steps) {
      text_ += '\n';
      line(fmt::format("{}. {}: {}", ++number, step.title, step.verdict));
      facts(step.facts);
      for (const ReportRemarks& each : step.remarks) remarks(each, "  ");
      for (const ReportTable& grid : step.grids) rows(grid, "  ");
    }
    for (const ReportSection& section : outline.sections) {
      text_ += '\n';
      remarks({section.heading, section.lines}, "");
      for (const ReportTable& grid : section.grids) rows(grid, "  ");
    }
    return std::move(text_);
  }

 private:
  void line(std::string_view text) { fmt::format_to(std::back_inserter(text_), "{}\n", text); }

  void facts(const std::vector<ReportFact>& all) {
    std::size_t width = 0;
    for (const ReportFact& fact : all) width = std::max(width, width_of(fact.label));
    for (const ReportFact& fact : all)
      line(fmt::format("  {}{}  {}", fact.label, std::string(width - width_of(fact.label), ' '),
                       fact.content));
  }

  // What is short first, so that the columns stay together however long the names are.
  void overview(const ReportTable& grid) {
    if (grid.rows.empty()) return;
    std::size_t width = 0;
    for (const auto& row : grid.rows) width = std::max(width, width_of(row[3]));
    text_ += '\n';
    line(fmt::format("{}:", grid.heading));
    std::size_t number = 0;
    for (const auto& row : grid.rows)
      line(fmt::format("{:>4}. {}  {}{}  {}{}", ++number, row[2], row[3],
                       std::string(width - width_of(row[3]), ' '), row[0],
                       row[1].empty() ? "" : ": " + row[1]));
  }

  void remarks(const ReportRemarks& remarks, std::string_view indent) {
    line(fmt::format("{}{}:", indent, remarks.heading));
    for (const std::string& each : remarks.lines) line(fmt::format("{}  - {}", indent, each));
  }

  void rows(const ReportTable& grid, std::string_view indent) {
    line(fmt::format("{}{}:", indent, grid.heading));
    for (const auto& row : grid.rows) {
      line(fmt::format("{}  - {}", indent, row.front()));
      for (std::size_t i = 1; i < row.size(); ++i)
        line(fmt::format("{}    {}: {}", indent, grid.columns[i], row[i]));
    }
  }

  std::string text_;
};

}  // namespace

std::string text_report(const ValidationResult& result, const ReportOptions& options) {
  return TextReportWriter().write(outline_of(result, options));
}

}  // namespace signet::validation
