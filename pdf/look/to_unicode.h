// What the glyphs of an embedded font mean, so that the text can be searched, copied and read out.
#ifndef SIGNET_PDF_LOOK_TO_UNICODE_H_
#define SIGNET_PDF_LOOK_TO_UNICODE_H_

#include <map>
#include <string>

#include "pdf/look/characters.h"
#include "pdf/look/paragraph.h"
#include "pdf/look/subset.h"

namespace signet::pdf::look {

class ToUnicode {
 public:
  // The cluster's text is shared out among its glyphs, in the order of reading; a glyph keeps the meaning that it got
  // first.
  void add(const Cluster& cluster);

  // Whether the meanings of its glyphs make up the cluster's text. Where not, the content says it (/ActualText).
  bool tells(const Cluster& cluster) const;

  // The CMap, ISO 32000-1, 9.10.3.
  std::string cmap(const Subset& subset) const;

 private:
  std::map<std::uint32_t, Characters> meanings_;  // of glyph ids of the font
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_TO_UNICODE_H_
