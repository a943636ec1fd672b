#include "dsa-transport/sapiws/xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>

#include "common/utf8.h"
#include "https/client/message.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::size_t kMostElements = 100'000;
constexpr std::size_t kMostAttributes = 100;
constexpr std::size_t kMostPrefixes = 500;

std::string_view name_of(const xmlNode* node) {
  return reinterpret_cast<const char*>(node->name);
}

// The next in the order of the document below `top` that is not inside the node.
const xmlNode* next_behind(const xmlNode* node, const xmlNode* top) {
  while (node != top && node->next == nullptr) node = node->parent;
  return node == top ? nullptr : node->next;
}

// The next in the order of the document below `top`.
const xmlNode* next_in(const xmlNode* node, const xmlNode* top) {
  if (node->type == XML_ELEMENT_NODE && node->children != nullptr) return node->children;
  return next_behind(node, top);
}

std::size_t count(std::string_view text, std::string_view wanted) {
  std::size_t found = 0;
  for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + 1)) {
    ++found;
  }
  return found;
}

// libxml2 compares each attribute of an element with those before it, and each prefix with all that are declared around it,
// and goes on with that after an error. So both are counted in the text before it is read, where each attribute is an
// equals sign and no value has a '<'.
Read<void> check_amount(std::string_view text) {
  if (count(text, "<") > 2 * kMostElements) return WireError{"the XML has too many elements"};
  if (count(text, "=") > kMostElements) return WireError{"the XML has too many attributes"};
  if (count(text, "xmlns:") > kMostPrefixes) return WireError{"the XML has too many prefixes"};
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find('<', at + 1), text.size());
    if (count(text.substr(at, next - at), "=") > kMostAttributes) {
      return WireError{"the XML has an element with too many attributes"};
    }
    at = next;
  }
  return success();
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

std::string taken(xmlChar* text) {
  if (text == nullptr) return {};
  std::string copy(reinterpret_cast<const char*>(text));
  xmlFree(text);
  return copy;
}

}  // namespace

const _xmlNode* Element::find(std::string_view name) const {
  for (const xmlNode* node = node_; node != nullptr; node = next_in(node, node_)) {
    if (node->type == XML_ELEMENT_NODE && name_of(node) == name) return node;
  }
  return nullptr;
}

std::vector<Element> Element::find_all(std::string_view name) const {
  std::vector<Element> found;
  for (const xmlNode* node = node_; node != nullptr;) {
    const bool fits = node->type == XML_ELEMENT_NODE && name_of(node) == name;
    if (fits) found.push_back(Element(node));
    node = fits ? next_behind(node, node_) : next_in(node, node_);
  }
  return found;
}

std::string Element::text() const {
  return trimmed(taken(xmlNodeGetContent(node_)));
}

std::string Element::text_of(std::string_view name) const {
  const xmlNode* const found = find(name);
  return found == nullptr ? std::string() : Element(found).text();
}

std::string Element::attribute(std::string_view name) const {
  const std::string terminated(name);
  return trimmed(taken(xmlGetProp(node_, reinterpret_cast<const xmlChar*>(terminated.c_str()))));
}

void Document::Free::operator()(_xmlDoc* document) const {
  xmlFreeDoc(document);
}

Read<Document> Document::parse(std::string_view text) {
  if (text.size() > https::kLargestBody) return WireError{"the XML is too large"};
  if (text.find("<!DOCTYPE") != std::string_view::npos) {
    return WireError{"the XML has a document type declaration"};
  }
  BOOST_OUTCOME_TRY(check_amount(text));
  constexpr int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  Document document(
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options));
  if (document.document_ == nullptr || xmlDocGetRootElement(document.document_.get()) == nullptr) {
    return WireError{"the body is not XML"};
  }
  return document;
}

Element Document::root() const {
  return Element(xmlDocGetRootElement(document_.get()));
}

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
  return is_utf8(text) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
         });
}

}  // namespace signet::transport::sapiws
