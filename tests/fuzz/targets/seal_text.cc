// Any bytes as the text of a visible seal: a byte for the box, the template, and the signer's name after a byte 0xFF. What
// fits lies in its box, whole; what is put into a document is a form.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "common/printable.h"
#include "common/utf8.h"
#include "pdf/look/appearance.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/font_file.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using namespace pdf::look;
using pdf::look::testing::default_font;
using pdf::look::testing::Document;

struct TextInput {
  double width = 100;
  double height = 50;
  std::string_view text;
  Facts facts;
};

TextInput read_input(std::string_view bytes) {
  TextInput input;
  const auto box = static_cast<unsigned char>(bytes.front());
  input.width = 10 + (box % 16) * 25;
  input.height = 10 + (box >> 4U) * 10;
  bytes.remove_prefix(1);
  const std::size_t end = std::min(bytes.find('\xFF'), bytes.size());
  input.text = bytes.substr(0, end);
  if (end < bytes.size()) input.facts.signer = std::string(bytes.substr(end + 1));
  return input;
}

void check_error(const Error& error) {
  require(!error.sentence.empty() && error.sentence.size() < 1000, "an error has a short sentence");
  require(printable(error.sentence) == error.sentence, "what is told can be shown");
}

bool is_seen(std::uint32_t c) {
  return c != ' ' && c != '\n' && !is_ignorable(c);
}

// In the order of their numbers, without spaces: at the ends of lines they are left out.
Characters seen_in(CharacterView text) {
  Characters seen;
  std::copy_if(text.begin(), text.end(), std::back_inserter(seen), is_seen);
  std::sort(seen.begin(), seen.end());
  return seen;
}

void check_layout(const TextLayout& layout, const TextInput& input, const std::string& text) {
  const double unit = layout.size / default_font()->metrics().units_per_em;
  Characters set;
  for (const PlacedLine& placed : layout.lines) {
    require(placed.x >= -1e-6 && placed.x + placed.line.width * unit <= input.width + 1e-6,
            "a line lies in its box");
    require(placed.y >= -1e-6 && placed.y <= input.height, "its baseline, too");
    for (const Cluster& cluster : placed.line.clusters) {
      require(!cluster.glyphs.empty(), "a cluster has glyphs");
      for (const Glyph& glyph : cluster.glyphs) require(glyph.id != 0, "no glyph is missing");
      set.insert(set.end(), cluster.text.begin(), cluster.text.end());
    }
  }
  const auto is_blank = [](std::uint32_t c) {
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x205F || c == 0x3000 || c == 0xA0 ||
           c == 0x202F;
  };
  Characters wanted = seen_in(characters_of(text));
  Characters found = seen_in(set);
  std::erase_if(wanted, is_blank);
  std::erase_if(found, is_blank);
  require(wanted == found, "each character is there once");
}

void check_appearance(const TextInput& input) {
  Document document(10, 10);
  Look look;
  look.text = std::string(input.text);
  look.font = default_font();
  const Placement placement{{}, input.width + 4, input.height + 4, 0};
  const auto made = put_appearance(look, input.facts, placement, {1, IntentSpace::none}, document);
  if (!made) {
    check_error(made.error());
    require(document.objects() == 0, "nothing is put where there is an error");
    return;
  }
  QPDFObjectHandle form = made.value().form;
  require(form.isStream() && form.getStreamData(qpdf_dl_all)->getSize() > 0, "a form has content");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet::fuzz;
  if (size == 0) return 0;
  const TextInput input = read_input({reinterpret_cast<const char*>(data), size});
  const auto text = fill_template(input.text, input.facts);
  if (!text) {
    check_error(text.error());
  } else {
    require(signet::is_utf8(text.value()), "a text is UTF-8");
    const auto layout = fit_text(text.value(), *default_font(), {}, input.width, input.height);
    if (layout) {
      check_layout(layout.value(), input, text.value());
    } else {
      check_error(layout.error());
    }
  }
  check_appearance(input);
  return 0;
}
