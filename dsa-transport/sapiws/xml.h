// XML as this dialect reads and writes it: read with libxml2, of which no entity, DTD or network feature is used; written
// into memory that is wiped, because requests carry passwords and libxml2's writers do not wipe theirs.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/wiped_text.h"
#include "dsa-transport/json_reader.h"

struct _xmlDoc;   // libxml2's, which has no other names
struct _xmlNode;  // NOLINT(bugprone-reserved-identifier)

namespace signet::transport::sapiws {

// An element of a document, valid as long as that. Names are compared without their namespaces, of which services write
// look-alikes.
class Element {
 public:
  // Depth first, itself included, in the order of the document; null: no more.
  const _xmlNode* find(std::string_view name) const;
  // Those that are not inside another one of them: each has the text of all inside it.
  std::vector<Element> find_all(std::string_view name) const;

  bool has(std::string_view name) const { return find(name) != nullptr; }

  // The text of the first such element, without white space around it; empty where there is none.
  std::string text_of(std::string_view name) const;
  std::string text() const;
  std::string attribute(std::string_view name) const;  // of this element; empty where it has none

 private:
  friend class Document;
  explicit Element(const _xmlNode* node) : node_(node) {}

  const _xmlNode* node_;
};

class Document {
 public:
  // At most 8 MiB, 256 levels, 100,000 elements and equals signs, of which attributes have one each, 100 attributes of an
  // element and 500 declared prefixes; a text with a document type declaration is refused unread.
  static Read<Document> parse(std::string_view text);

  Element root() const;

 private:
  struct Free {
    void operator()(_xmlDoc* document) const;
  };
  explicit Document(_xmlDoc* document) : document_(document) {}

  std::unique_ptr<_xmlDoc, Free> document_;
};

// Writes element after element; what is open is closed in its order.
class XmlWriter {
 public:
  // `start` has the name and its attributes, whose values are literals: `Name NameQualifier=""`.
  XmlWriter& open(std::string_view start);
  // With attributes whose values are texts.
  using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;
  XmlWriter& open(std::string_view name, const Attributes& attributes);
  XmlWriter& close();
  // Text is escaped; it has no characters that XML 1.0 cannot hold (is_xml_text).
  XmlWriter& text(std::string_view text);
  XmlWriter& element(std::string_view start, std::string_view content);
  XmlWriter& empty(std::string_view name, const Attributes& attributes) {
    return open(name, attributes).close();
  }

  WipedText finish();

 private:
  void escape(std::string_view text);

  WipedText text_;
  std::vector<std::string> open_;
};

// UTF-8 without control characters.
bool is_xml_text(std::string_view text);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_
