#include <algorithm>

#include "common/utf8.h"
#include "dsa-transport/sapiws/xml.h"

namespace signet::transport::sapiws {

void XmlWriter::escape(std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        append(text_, "&amp;");
        break;
      case '<':
        append(text_, "&lt;");
        break;
      case '>':
        append(text_, "&gt;");
        break;
      case '"':
        append(text_, "&quot;");
        break;
      default:
        text_.push_back(c);
    }
  }
}

XmlWriter& XmlWriter::open(std::string_view start) {
  text_.push_back('<');
  append(text_, start);
  text_.push_back('>');
  open_.emplace_back(start.substr(0, start.find(' ')));
  return *this;
}

XmlWriter& XmlWriter::close() {
  append(text_, "</");
  append(text_, open_.back());
  text_.push_back('>');
  open_.pop_back();
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view text) {
  escape(text);
  return *this;
}

XmlWriter& XmlWriter::element(std::string_view start, std::string_view content) {
  return open(start).text(content).close();
}

XmlWriter& XmlWriter::open(std::string_view name, const Attributes& attributes) {
  text_.push_back('<');
  append(text_, name);
  for (const auto& [attribute, value] : attributes) {
    text_.push_back(' ');
    append(text_, attribute);
    append(text_, "=\"");
    escape(value);
    text_.push_back('"');
  }
  text_.push_back('>');
  open_.emplace_back(name);
  return *this;
}

WipedText XmlWriter::finish() {
  while (!open_.empty()) close();
  return std::move(text_);
}

bool is_xml_text(std::string_view text) {
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    if (!piece.valid || piece.character < 0x20 || piece.character == 0x7F) return false;
    if (piece.character == 0xFFFE || piece.character == 0xFFFF) return false;
    text.remove_prefix(piece.size);
  }
  return true;
}

}  // namespace signet::transport::sapiws
