// XML as this dialect reads and writes it. Reading takes libxml2's parser alone, through its SAX2 interface: no entity, DTD,
// network or catalogue, none of the settings that a host program makes for all of its process, and no error handler but
// our own. Written is into memory that is wiped, because requests carry passwords and libxml2's writers do not wipe theirs.
#ifndef SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_
#define SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/wiped_text.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::sapiws {

// An element of a document. Names are kept without their prefixes and compared without their namespaces, of which services
// write look-alikes.
struct Element {
  // Depth first, itself included, in the order of the document; null: no more.
  const Element* find(std::string_view wanted) const;
  std::vector<const Element*> find_all(std::string_view wanted) const;

  bool has(std::string_view wanted) const { return find(wanted) != nullptr; }

  // What stands in the element itself, not in those below it, without white space around it.
  std::string_view text() const;
  // Of the first such element; empty where there is none.
  std::string_view text_of(std::string_view wanted) const;
  // Of this element, without white space around it; empty where it has none.
  std::string_view attribute(std::string_view wanted) const;

  std::string name;
  std::string content;
  std::vector<std::pair<std::string, std::string>> attributes;
  const Element* next = nullptr;   // in the order of the document
  const Element* after = nullptr;  // the next one that is not below this; null: none
};

class Document {
 public:
  // UTF-8, whatever the text declares, of at most 8 MiB, 256 levels, 100,000 elements, 100,000 equals signs, of which
  // attributes have one each, 100 attributes of an element and 500 declared prefixes. A document type declaration and a
  // processing instruction, which SOAP 1.1 (part 3) forbids, are refused. Ends with an error by the deadline.
  static Read<Document> parse(std::string_view text, Deadline deadline);

  const Element& root() const { return elements_.front(); }

 private:
  friend class Builder;
  std::deque<Element> elements_;  // in their order; never moved
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

// UTF-8 without control characters and what else XML 1.0 (2.2) cannot hold.
bool is_xml_text(std::string_view text);

}  // namespace signet::transport::sapiws

#endif  // SIGNET_DSA_TRANSPORT_SAPIWS_XML_H_
