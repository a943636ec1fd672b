#include "pdf/look/content.h"

#include <fmt/format.h>

#include <cmath>

#include "common/bytes.h"
#include "pdf/look/embedded_font.h"

namespace signet::pdf::look {

namespace {

// One line: strings of codes, with what each glyph's place differs from where the one before it ended.
class LineWriter {
 public:
  LineWriter(std::string& out, const Font& font, const Subset& subset, const ToUnicode& meanings,
             double size)
      : out_(out), font_(font), subset_(subset), meanings_(meanings), size_(size) {}

  void write(const Line& line) {
    for (const Cluster& cluster : line.clusters) {
      const bool told = meanings_.tells(cluster);
      if (!told) {
        end_strings();
        out_ += fmt::format("/Span <</ActualText <feff{}>>> BDC\n",
                            to_hex(view_of(utf16_of(cluster.text))));
      }
      for (const Glyph& glyph : cluster.glyphs) write(glyph);
      if (!told) {
        end_strings();
        out_ += "EMC\n";
      }
    }
    end_strings();
    set_rise(0);
  }

 private:
  void write(const Glyph& glyph) {
    set_rise(glyph.y_offset);
    // In thousandths of the em square; a positive number moves to the left.
    const double gap = std::round(at_ - thousandths(pen_ + glyph.x_offset));
    if (gap != 0) {
      end_string();
      begin_strings();
      out_ += number_text(gap);
      at_ -= gap;
    }
    begin_string();
    const Cid cid = subset_.cids.at(glyph.id);
    out_ += fmt::format("{:04X}", cid);
    at_ += width_in_document(font_, subset_.advances.at(cid));
    pen_ += glyph.advance;
  }

  void set_rise(std::int32_t rise) {
    if (rise == rise_) return;
    end_strings();
    rise_ = rise;
    out_ += number_text(rise * size_ / font_.metrics().units_per_em) + " Ts\n";
  }

  void begin_strings() {
    if (!in_strings_) out_ += '[';
    in_strings_ = true;
  }

  void begin_string() {
    begin_strings();
    if (!in_string_) out_ += '<';
    in_string_ = true;
  }

  void end_string() {
    if (in_string_) out_ += '>';
    in_string_ = false;
  }

  void end_strings() {
    end_string();
    if (in_strings_) out_ += "] TJ\n";
    in_strings_ = false;
  }

  double thousandths(std::int32_t units) const {
    return units * 1000.0 / font_.metrics().units_per_em;
  }

  std::string& out_;
  const Font& font_;
  const Subset& subset_;
  const ToUnicode& meanings_;
  double size_;
  std::int32_t pen_ = 0;   // where shaping is, units of the em square
  double at_ = 0;          // where the viewer is, thousandths
  std::int32_t rise_ = 0;  // units of the em square
  bool in_strings_ = false;
  bool in_string_ = false;
};

}  // namespace

std::string number_text(double number) {
  std::string text = fmt::format("{:.4f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

void Content::draw_image(std::string_view resource, double x, double y, double width,
                         double height) {
  text_ += fmt::format("q\n{} 0 0 {} {} {} cm\n/{} Do\nQ\n", number_text(width),
                       number_text(height), number_text(x), number_text(y), resource);
}

void Content::draw_text(std::string_view resource, const TextLayout& layout, double x, double y,
                        const Font& font, const Subset& subset, const ToUnicode& meanings) {
  text_ += fmt::format("BT\n/{} {} Tf\n", resource, number_text(layout.size));
  for (const PlacedLine& placed : layout.lines) {
    if (placed.line.clusters.empty()) continue;
    text_ +=
        fmt::format("1 0 0 1 {} {} Tm\n", number_text(x + placed.x), number_text(y + placed.y));
    LineWriter(text_, font, subset, meanings, layout.size).write(placed.line);
  }
  text_ += "ET\n";
}

}  // namespace signet::pdf::look
