#include <fmt/format.h>

#include <iterator>
#include <string_view>

#include "crypto/base64.h"
#include "validation/report/outline.h"
#include "validation/report/report.h"

namespace signet::validation {

namespace {

// Colours with a contrast of at least 4.5 to 1 on their ground (WCAG 2.2, 1.4.3); a verdict is a word, never a colour alone.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light; }
body { font: 16px/1.5 sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1rem 0 0.25rem; }
section { border: 1px solid #767676; border-radius: 4px; padding: 1rem; margin: 1rem 0; }
.verdict { display: inline-block; font-weight: bold; padding: 0.2rem 0.6rem; border-radius: 4px; border: 2px solid; margin: 0.5rem 0; }
.passed { color: #0b5a1e; background: #eaf6ec; }
.indeterminate { color: #6b4700; background: #fff6df; }
.failed { color: #8f1018; background: #fdecec; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.5rem 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0.25rem 0; padding-left: 1.5rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; font-weight: bold; padding: 0.75rem 0 0.25rem; }
th, td { border: 1px solid #767676; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #f0f0f0; }
.scroll { overflow-x: auto; }
img { max-width: 20rem; border: 1px solid #767676; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-left: 1rem; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { break-inside: avoid-page; }
  tr, li { break-inside: avoid; }
  .verdict { background: none; }
}
)";

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char each : text) {
    switch (each) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += each;
    }
  }
  return out;
}

std::string_view class_of(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return "passed";
    case Indication::failed:
      return "failed";
    case Indication::indeterminate:
      break;
  }
  return "indeterminate";
}

// Every text goes through escaped(); the format strings alone have markup.
class Writer {
 public:
  std::string write(const ReportOutline& outline, const ReportOptions& options) {
    add(R"(<!DOCTYPE html>
<html lang="{}">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
<title>{}</title>
<style>{}</style>
</head>
<body>
<header>
<h1>{}</h1>
)",
        options.language == Language::czech ? "cs" : "en", escaped(outline.title), kStyle,
        escaped(outline.title));
    verdict(outline.verdict, outline.indication);
    facts(outline.facts);
    add("</header>\n<main>\n");
    if (options.first_page)
      add("<p><img alt=\"{}\" src=\"data:image/png;base64,{}\"/></p>\n", escaped(outline.picture),
          crypto::to_base64(*options.first_page));
    for (const ReportStep& step : outline.steps) write(step);
    for (const ReportTable& grid : outline.grids) write(grid);
    for (const ReportRemarks& remarks : outline.remarks) write(remarks, 2);
    add("</main>\n</body>\n</html>\n");
    return std::move(html_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(html_), format, std::forward<Values>(values)...);
  }

  void verdict(const std::string& text, Indication indication) {
    add("<p class=\"verdict {}\">{}</p>\n", class_of(indication), escaped(text));
  }

  void facts(const std::vector<ReportFact>& all) {
    if (all.empty()) return;
    add("<dl>\n");
    for (const ReportFact& fact : all)
      add("<dt>{}</dt><dd>{}</dd>\n", escaped(fact.label), escaped(fact.content));
    add("</dl>\n");
  }

  void write(const ReportStep& step) {
    ++steps_;
    add("<section aria-labelledby=\"step{0}\">\n<h2 id=\"step{0}\">{0}. {1}</h2>\n", steps_,
        escaped(step.title));
    verdict(step.verdict, step.indication);
    facts(step.facts);
    for (const ReportRemarks& remarks : step.remarks) write(remarks, 3);
    for (const ReportTable& grid : step.grids) write(grid);
    add("</section>\n");
  }

  void write(const ReportRemarks& remarks, int level) {
    add("<h{0}>{1}</h{0}>\n<ul>\n", level, escaped(remarks.heading));
    for (const std::string& line : remarks.lines) add("<li>{}</li>\n", escaped(line));
    add("</ul>\n");
  }

  void write(const ReportTable& grid) {
    add("<div class=\"scroll\">\n<table>\n<caption>{}</caption>\n<thead><tr>",
        escaped(grid.heading));
    for (const std::string& column : grid.columns)
      add("<th scope=\"col\">{}</th>", escaped(column));
    add("</tr></thead>\n<tbody>\n");
    for (const auto& row : grid.rows) {
      add("<tr><th scope=\"row\">{}</th>", escaped(row.front()));
      for (std::size_t i = 1; i < row.size(); ++i) add("<td>{}</td>", escaped(row[i]));
      add("</tr>\n");
    }
    add("</tbody>\n</table>\n</div>\n");
  }

  std::string html_;
  std::size_t steps_ = 0;
};

}  // namespace

std::string html_report(const ValidationResult& result, const ReportOptions& options) {
  return Writer().write(outline_of(result, options), options);
}

}  // namespace signet::validation
