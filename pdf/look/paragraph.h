// A paragraph of a seal's text: where its lines may end, and the glyphs of each line.
#ifndef SIGNET_PDF_LOOK_PARAGRAPH_H_
#define SIGNET_PDF_LOOK_PARAGRAPH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pdf/look/bidi.h"
#include "pdf/look/characters.h"
#include "pdf/look/error.h"
#include "pdf/look/font.h"

namespace signet::pdf::look {

// In units of the em square.
struct Glyph {
  std::uint32_t id = 0;
  std::int32_t advance = 0;
  std::int32_t x_offset = 0;
  std::int32_t y_offset = 0;
};

// Characters that became glyphs together: a letter, a ligature, a letter with its marks.
struct Cluster {
  Characters text;            // in the order of reading, without what is not seen (is_ignorable())
  std::vector<Glyph> glyphs;  // from left to right
  bool right_to_left = false;
  std::size_t first = 0;  // where its first character stands in the paragraph
};

struct Line {
  std::vector<Cluster> clusters;  // from left to right
  std::int32_t width = 0;         // units of the em square
};

// May a line end before this character?
enum class Break : std::uint8_t {
  no,
  within_word,  // between letters: where a word is wider than the box
  yes,          // as UAX #14 has it
};

class Paragraph {
 public:
  // `number`: of the paragraph, counted from 1, for sentences. `font` must outlive it. Fault::glyph: the font has no glyph
  // for a character, or none for an accented letter and no place for the accent; the sentence names it and where it stands.
  static LookResult<Paragraph> make(Characters text, const Font& font, std::size_t number);

  std::size_t size() const { return text_.size(); }
  bool right_to_left() const { return directions_.right_to_left; }
  bool is_space(std::size_t character) const;
  Break break_before(std::size_t character) const { return breaks_[character]; }
  // What each character adds to the width where the paragraph is one line; a line of its own may differ a little.
  std::int32_t advance(std::size_t character) const { return advances_[character]; }

  // The characters [begin, end) as a line.
  Line line(std::size_t begin, std::size_t end) const;

 private:
  // Characters of one direction and one script.
  struct Run {
    std::size_t begin = 0;
    std::size_t end = 0;
    Level level = 0;
    hb_script_t script = HB_SCRIPT_COMMON;
  };

  Paragraph(Characters text, const Font& font);

  std::vector<Run> itemized() const;
  std::vector<Cluster> shaped(const Run& run) const;
  void shape(const Run& run, hb_buffer_t* buffer) const;
  LookResult<void> measure(std::size_t number);
  void find_breaks(const std::vector<bool>& cluster_begins);

  Characters text_;
  const Font* font_;
  Directions directions_;
  std::vector<Run> runs_;  // in the order of the text
  std::vector<std::int32_t> advances_;
  std::vector<Break> breaks_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_PARAGRAPH_H_
