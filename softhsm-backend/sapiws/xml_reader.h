// Reads the XML of a request into a small tree, by libxml2's SAX2 interface: no network, no DTD, no entity but the five
// of XML itself, bounded depth and counts. What has a document type declaration is refused before anything in it is read.
//
// Element text may hold passwords, so it lies in memory that is wiped; libxml2's own input buffer is not.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_READER_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_READER_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "common/wiped_text.h"

namespace signet::emulator::sapiws {

inline constexpr std::size_t kMaxXmlDepth = 32;         // elements
inline constexpr std::size_t kMaxXmlElements = 1'000;   // in all
inline constexpr std::size_t kMaxXmlAttributes = 32;    // of one element
inline constexpr std::size_t kMaxXmlName = 256;         // bytes of a local name or a namespace
inline constexpr std::size_t kMaxXmlAttribute = 4'096;  // bytes of a value

struct Attribute {
  std::string space;  // the namespace; empty where there is none
  std::string name;   // the local name
  WipedText value;
};

struct Element {
  std::string space;  // the namespace; empty where there is none
  std::string name;   // the local name
  std::vector<Attribute> attributes;
  WipedText text;  // all of its own character data, in order
  std::deque<Element> children;

  // The value of the attribute with this local name and no namespace; nothing where it is missing.
  std::optional<std::string_view> attribute(std::string_view local_name) const;

  // Its text without white space at either end.
  std::string_view trimmed() const;

  // Its text as base64, in which XML allows white space (XML Schema part 2, 3.2.16); nothing where it is none.
  std::optional<Bytes> base64() const;
};

// The root element, or a sentence that says why there is none. Thread-safe.
Result<Element, std::string> read_xml(std::string_view text);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_READER_H_
