#include "pdf/look/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "pdf/look/template.h"

namespace signet::pdf::look {

namespace {

constexpr double kStep = 0.25;  // points

// Of characters of a paragraph, without the spaces at its ends.
struct Span {
  const Paragraph* paragraph = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
};

LookResult<std::vector<Paragraph>> paragraphs_of(std::string_view text, const Font& font) {
  std::vector<Paragraph> paragraphs;
  while (true) {
    const std::size_t end = text.find('\n');
    BOOST_OUTCOME_TRY(auto paragraph, Paragraph::make(characters_of(text.substr(0, end)), font,
                                                      paragraphs.size() + 1));
    paragraphs.push_back(std::move(paragraph));
    if (end == std::string_view::npos) return paragraphs;
    text.remove_prefix(end + 1);
  }
}

// Breaks one paragraph into lines of at most `most` units of the em square, each as long as can be.
class LineBreaker {
 public:
  LineBreaker(const Paragraph& paragraph, double most, Break least)
      : paragraph_(paragraph), most_(most), least_(least) {}

  // False: there is a piece that is wider than a line.
  bool add_to(std::vector<Span>& lines) const {
    std::size_t begin = 0;
    do {
      const std::optional<std::size_t> end = end_of_line(begin);
      if (!end) return false;
      lines.push_back(trimmed(begin, *end));
      begin = *end;
    } while (begin < paragraph_.size());
    return true;
  }

 private:
  // Spaces at its end need no room.
  std::optional<std::size_t> end_of_line(std::size_t begin) const {
    std::optional<std::size_t> last;
    double width = 0;
    double seen = 0;  // up to the last character that is no space
    for (std::size_t i = begin; i < paragraph_.size(); ++i) {
      if (i > begin && paragraph_.break_before(i) >= least_) last = i;
      width += paragraph_.advance(i);
      if (!paragraph_.is_space(i)) seen = width;
      if (seen > most_) return last;
    }
    return paragraph_.size();
  }

  Span trimmed(std::size_t begin, std::size_t end) const {
    while (end > begin && paragraph_.is_space(end - 1)) --end;
    return {&paragraph_, begin, end};
  }

  const Paragraph& paragraph_;
  double most_;
  Break least_;
};

class Fitting {
 public:
  Fitting(const std::vector<Paragraph>& paragraphs, const Font& font, double width, double height)
      : paragraphs_(paragraphs), metrics_(font.metrics()), width_(width), height_(height) {}

  // The lines at this size, unless they do not fit.
  std::optional<std::vector<Span>> lines_at(double size, Break least) const {
    std::vector<Span> lines;
    for (const Paragraph& paragraph : paragraphs_) {
      const LineBreaker breaker(paragraph, width_ / unit(size), least);
      if (!breaker.add_to(lines)) return std::nullopt;
    }
    if (height_of(lines.size(), size) > height_) return std::nullopt;
    return lines;
  }

  std::optional<TextLayout> set(const std::vector<Span>& spans, const TextStyle& style,
                                double size) const {
    TextLayout layout;
    layout.size = size;
    const double spare = height_ - height_of(spans.size(), size);
    double baseline = height_ - spare * share(style.down) - metrics_.ascent * unit(size);
    for (const Span& span : spans) {
      PlacedLine placed;
      placed.line = span.paragraph->line(span.begin, span.end);
      const double room = width_ - placed.line.width * unit(size);
      if (room < 0) return std::nullopt;
      const double part = share(style.across);
      placed.x = room * (span.paragraph->right_to_left() ? 1 - part : part);
      placed.y = baseline;
      baseline -= line_height(size);
      layout.lines.push_back(std::move(placed));
    }
    return layout;
  }

 private:
  double unit(double size) const { return size / metrics_.units_per_em; }

  double line_height(double size) const {
    return (metrics_.ascent - metrics_.descent + metrics_.line_gap) * unit(size);
  }

  double height_of(std::size_t lines, double size) const {
    return static_cast<double>(lines) * line_height(size) - metrics_.line_gap * unit(size);
  }

  static double share(Align align) {
    return align == Align::start ? 0 : align == Align::middle ? 0.5 : 1;
  }

  const std::vector<Paragraph>& paragraphs_;
  const FontMetrics& metrics_;
  double width_;
  double height_;
};

// Sizes from the largest to the smallest; a larger one has a smaller index.
struct Sizes {
  double largest;
  double smallest;

  int count() const { return static_cast<int>(std::ceil((largest - smallest) / kStep - 1e-9)) + 1; }
  double at(int index) const { return std::max(smallest, largest - index * kStep); }
};

// Lines only get fewer as the size gets smaller.
std::optional<TextLayout> largest_fit(const Fitting& fitting, const TextStyle& style, Break least) {
  const Sizes sizes{style.largest, style.smallest};
  int first = 0;
  int last = sizes.count();
  while (first < last) {
    const int middle = (first + last) / 2;
    if (fitting.lines_at(sizes.at(middle), least)) {
      last = middle;
    } else {
      first = middle + 1;
    }
  }
  // A line by itself may be a little wider than it was within its paragraph.
  for (; first < sizes.count(); ++first) {
    const double size = sizes.at(first);
    const auto lines = fitting.lines_at(size, least);
    if (!lines) continue;
    if (auto layout = fitting.set(*lines, style, size)) return layout;
  }
  return std::nullopt;
}

LookResult<void> check_style(std::string_view text, const TextStyle& style) {
  if (text.size() > kMostTextBytes) {
    return Error{Fault::text, fmt::format("the text has {} bytes; at most {} are set", text.size(),
                                          kMostTextBytes)};
  }
  constexpr double most = 1000;
  const bool sensible = style.smallest >= 1 && style.largest >= style.smallest &&
                        style.largest <= most;  // false for what is no number, too
  if (sensible) return success();
  return Error{Fault::size, fmt::format("sizes of text are at least 1 point and at most {} points, "
                                        "the smallest first: not {:g} to {:g}",
                                        most, style.smallest, style.largest)};
}

}  // namespace

LookResult<TextLayout> fit_text(std::string_view text, const Font& font, const TextStyle& style,
                                double width, double height) {
  BOOST_OUTCOME_TRY(check_style(text, style));
  BOOST_OUTCOME_TRY(const auto paragraphs, paragraphs_of(text, font));
  const Fitting fitting(paragraphs, font, width, height);
  for (const Break least : {Break::yes, Break::within_word}) {
    if (auto layout = largest_fit(fitting, style, least)) return std::move(*layout);
  }
  return Error{Fault::size, fmt::format("the text does not fit into {:.1f} x {:.1f} points in the "
                                        "smallest size, {:g} points; make the box larger, the text "
                                        "shorter, or allow a smaller size",
                                        width, height, style.smallest)};
}

}  // namespace signet::pdf::look
