#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "crypto/base64.h"
#include "validation/report/html_style.h"
#include "validation/report/outline.h"
#include "validation/report/report.h"

namespace signet::validation {

namespace {

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

// A moment as RFC 3339 has it is not broken into lines; its hyphens would allow that.
bool is_moment(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  return text.size() >= kShape.size() &&
         std::ranges::equal(kShape, text.substr(0, kShape.size()), [](char shape, char each) {
           return shape == 'd' ? each >= '0' && each <= '9' : shape == each;
         });
}

// Escaped, with moments marked.
std::string marked(std::string_view text) {
  constexpr std::size_t kLength = std::string_view("2026-11-27T12:00:00Z").size();
  std::string out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_moment(text.substr(i))) continue;
    out += escaped(text.substr(done, i - done));
    out += fmt::format("<time>{}</time>", text.substr(i, kLength));
    done = i + kLength;
    i = done - 1;
  }
  return out + escaped(text.substr(done));
}

// A verdict may be broken between its words.
std::string breakable(std::string_view verdict) {
  std::string out;
  for (const char each : escaped(verdict)) {
    out += each;
    if (each == '/' || each == '_') out += "<wbr/>";
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
        options.language == Language::czech ? "cs" : "en", escaped(outline.title), kHtmlStyle,
        escaped(outline.title));
    add("<div class=\"sum {}\">\n", class_of(outline.indication));
    verdict(outline.verdict, outline.indication);
    if (!outline.reasons.lines.empty()) {
      add("<div class=\"reasons\">\n");
      lines(outline.reasons.lines);
      add("</div>\n");
    }
    facts(outline.facts);
    add("</div>\n</header>\n<main>\n");
    if (options.first_page)
      add("<p><img alt=\"{}\" src=\"data:image/png;base64,{}\"/></p>\n", escaped(outline.picture),
          crypto::to_base64(*options.first_page));
    overview(outline);
    for (const ReportStep& step : outline.steps) write(step);
    for (const ReportSection& section : outline.sections) write(section);
    add("</main>\n</body>\n</html>\n");
    return std::move(html_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(html_), format, std::forward<Values>(values)...);
  }

  void verdict(const std::string& text, Indication indication) {
    add("<p class=\"verdict {}\">{}</p>\n", class_of(indication), breakable(text));
  }

  // Names of any script stay by themselves: one that is written from right to left does not move what is beside it.
  void facts(const std::vector<ReportFact>& all) {
    if (all.empty()) return;
    add("<dl>\n");
    for (const ReportFact& fact : all)
      add("<dt>{}</dt><dd><bdi>{}</bdi></dd>\n", escaped(fact.label), marked(fact.content));
    add("</dl>\n");
  }

  void lines(const std::vector<std::string>& all) {
    if (all.empty()) return;
    add("<ul>\n");
    for (const std::string& line : all) add("<li><bdi>{}</bdi></li>\n", marked(line));
    add("</ul>\n");
  }

  void write(const ReportStep& step) {
    ++steps_;
    add("<section aria-labelledby=\"step{0}\">\n<h2 id=\"step{0}\">{0}. {1}</h2>\n", steps_,
        escaped(step.title));
    verdict(step.verdict, step.indication);
    facts(step.facts);
    for (const ReportRemarks& remarks : step.remarks) {
      add("<h3>{}</h3>\n", escaped(remarks.heading));
      lines(remarks.lines);
    }
    for (const ReportTable& grid : step.grids) write(grid);
    add("</section>\n");
  }

  void write(const ReportSection& section) {
    ++sections_;
    add("<section class=\"plain\" aria-labelledby=\"more{0}\">\n<h2 id=\"more{0}\">{1}</h2>\n",
        sections_, escaped(section.heading));
    lines(section.lines);
    for (const ReportTable& grid : section.grids) write(grid);
    add("</section>\n");
  }

  void write(const ReportTable& grid) {
    head(grid);
    for (const auto& row : grid.rows) {
      add("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><bdi>{}</bdi></th>",
          escaped(row.front()));
      cells(grid, row, row.size());
      add("</tr>\n");
    }
    add("</tbody>\n</table>\n");
  }

  // What each step came to, with links to them.
  void overview(const ReportOutline& outline) {
    const ReportTable& grid = outline.overview;
    if (grid.rows.empty()) return;
    add("<section class=\"plain\" aria-labelledby=\"overview\">\n<h2 id=\"overview\">{}</h2>\n",
        escaped(grid.heading));
    head({{}, grid.columns, {}});
    for (std::size_t i = 0; i < grid.rows.size(); ++i) {
      const auto& row = grid.rows[i];
      add("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><a href=\"#step{0}\">{0}. "
          "{1}</a></th>",
          i + 1, escaped(row.front()));
      cells(grid, row, row.size() - 1);
      add("<td role=\"cell\"><span class=\"verdict {}\">{}</span></td></tr>\n",
          class_of(outline.steps[i].indication), breakable(row.back()));
    }
    add("</tbody>\n</table>\n</section>\n");
  }

  // The roles say what a narrow page's blocks are no more.
  void head(const ReportTable& grid) {
    add("<table role=\"table\">\n");
    if (!grid.heading.empty()) add("<caption>{}</caption>\n", escaped(grid.heading));
    add("<thead role=\"rowgroup\"><tr role=\"row\">");
    for (const std::string& column : grid.columns) {
      if (column.empty())
        add("<td role=\"cell\"></td>");
      else
        add("<th role=\"columnheader\" scope=\"col\">{}</th>", escaped(column));
    }
    add("</tr></thead>\n<tbody role=\"rowgroup\">\n");
  }

  // From the second one up to that.
  void cells(const ReportTable& grid, const std::vector<std::string>& row, std::size_t end) {
    for (std::size_t i = 1; i < end; ++i)
      add("<td role=\"cell\"><span class=\"column\" "
          "aria-hidden=\"true\">{}</span><bdi>{}</bdi></td>",
          escaped(grid.columns[i]), marked(row[i]));
  }

  std::string html_;
  std::size_t steps_ = 0, sections_ = 0;
};

}  // namespace

bool is_png(ByteView picture) {
  constexpr std::array<std::uint8_t, 4> kPng = {0x89, 'P', 'N', 'G'};
  return picture.size() > kPng.size() && std::ranges::equal(picture.first(kPng.size()), kPng);
}

std::string html_report(const ValidationResult& result, const ReportOptions& options) {
  return Writer().write(outline_of(result, options), options);
}

}  // namespace signet::validation
