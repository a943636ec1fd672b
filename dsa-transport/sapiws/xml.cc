#include "dsa-transport/sapiws/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "common/utf8.h"
#include "https/client/message.h"

namespace signet::transport::sapiws {

namespace {

constexpr std::size_t kMostElements = 100'000;
constexpr std::size_t kMostAttributes = 100'000;
constexpr std::size_t kMostAttributesOfOne = 100;
constexpr std::size_t kMostPrefixes = 500;
constexpr std::size_t kMostLevels = 256;
constexpr std::size_t kPiece = std::size_t{16} * 1024;

using ParserPtr = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

std::string_view view_of_name(const xmlChar* text) {
  return reinterpret_cast<const char*>(text);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Keeps the error that the host program's thread had last, which libxml2 overwrites whatever handler a parser has.
class HostsLastError {
 public:
  HostsLastError() {
    if (const auto* const last = xmlGetLastError()) {
      xmlCopyError(const_cast<xmlErrorPtr>(last), &kept_);
    }
  }
  ~HostsLastError() {
    xmlResetLastError();
    if (kept_.code != XML_ERR_OK) xmlCopyError(&kept_, &xmlLastError);
    xmlResetError(&kept_);
  }
  HostsLastError(const HostsLastError&) = delete;
  HostsLastError& operator=(const HostsLastError&) = delete;

 private:
  xmlError kept_{};
};

// libxml2 compares each attribute of an element with each other, and each prefix with all that are declared around it, and goes
// on with that after an error: what asks for too much of it is told before it is parsed. Attributes end with an equals sign, and no "<" stands in one.
std::optional<WireError> too_many_attributes(std::string_view text) {
  std::size_t all = 0;
  std::size_t of_one = 0;
  for (const char c : text) {
    if (c == '<') of_one = 0;
    if (c != '=') continue;
    ++all;
    if (++of_one > kMostAttributesOfOne || all > kMostAttributes) {
      return WireError{"the XML has too many attributes"};
    }
  }
  std::size_t prefixes = 0;
  for (auto at = text.find("xmlns:"); at != std::string_view::npos;
       at = text.find("xmlns:", at + 1)) {
    if (++prefixes > kMostPrefixes) return WireError{"the XML declares too many prefixes"};
  }
  return std::nullopt;
}

}  // namespace

// Takes what the parser finds. Exceptions do not pass through libxml2, which is C: lack of memory is kept and thrown again.
class Builder {
 public:
  explicit Builder(Document& document) : document_(document) {}

  static xmlSAXHandler handlers();

  // What follows is not read.
  void stop(const char* reason) {
    if (reason_ == nullptr) reason_ = reason;
    xmlStopParser(parser_);
  }

  void attach(xmlParserCtxt* parser) { parser_ = parser; }
  const char* reason() const { return reason_; }
  bool out_of_memory() const { return out_of_memory_; }
  bool complete() const { return open_.empty() && !document_.elements_.empty(); }

 private:
  static Builder& of(void* context) { return *static_cast<Builder*>(context); }

  template <typename Step>
  void guarded(Step step) {
    if (reason_ != nullptr || out_of_memory_) return;
    try {
      step();
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
      xmlStopParser(parser_);
    }
  }

  void begin(const xmlChar* name, int count, const xmlChar** attributes);
  void end();
  void add_text(const xmlChar* text, int size);

  Document& document_;
  xmlParserCtxt* parser_ = nullptr;
  std::vector<Element*> open_;
  std::vector<Element*> ended_;  // whose `after` is the element that comes next
  const char* reason_ = nullptr;
  bool out_of_memory_ = false;
};

void Builder::begin(const xmlChar* name, int count, const xmlChar** attributes) {
  if (document_.elements_.size() >= kMostElements) return stop("the XML has too many elements");
  if (open_.size() >= kMostLevels) return stop("the XML has too many levels");
  Element* const last = document_.elements_.empty() ? nullptr : &document_.elements_.back();
  Element& element = document_.elements_.emplace_back();
  element.name = view_of_name(name);
  // Five pointers an attribute: local name, prefix, namespace, value, end of the value.
  for (int i = 0; i < count; ++i, attributes += 5) {
    const auto* const value = reinterpret_cast<const char*>(attributes[3]);
    const auto* const behind = reinterpret_cast<const char*>(attributes[4]);
    element.attributes.emplace_back(view_of_name(attributes[0]), std::string(value, behind));
  }
  if (last != nullptr) last->next = &element;
  for (Element* const ended : ended_) ended->after = &element;
  ended_.clear();
  open_.push_back(&element);
}

void Builder::end() {
  ended_.push_back(open_.back());
  open_.pop_back();
}

void Builder::add_text(const xmlChar* text, int size) {
  if (open_.empty()) return;
  open_.back()->content.append(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}

xmlSAXHandler Builder::handlers() {
  xmlSAXHandler made{};
  made.initialized = XML_SAX2_MAGIC;
  made.startElementNs = [](void* context, const xmlChar* name, const xmlChar* /*prefix*/,
                           const xmlChar* /*space*/, int /*spaces*/, const xmlChar** /*declared*/,
                           int count, int /*defaulted*/, const xmlChar** attributes) {
    Builder& builder = of(context);
    builder.guarded([&] { builder.begin(name, count, attributes); });
  };
  made.endElementNs = [](void* context, const xmlChar* /*name*/, const xmlChar* /*prefix*/,
                         const xmlChar* /*space*/) {
    Builder& builder = of(context);
    builder.guarded([&] { builder.end(); });
  };
  made.characters = [](void* context, const xmlChar* text, int size) {
    Builder& builder = of(context);
    builder.guarded([&] { builder.add_text(text, size); });
  };
  made.ignorableWhitespace = made.characters;
  made.cdataBlock = made.characters;
  made.internalSubset = [](void* context, const xmlChar* /*name*/, const xmlChar* /*public_id*/,
                           const xmlChar* /*system_id*/) {
    of(context).stop("the XML has a document type declaration");
  };
  made.reference = [](void* context, const xmlChar* /*name*/) {
    of(context).stop("the XML has an entity reference");
  };
  made.processingInstruction = [](void* context, const xmlChar* /*target*/,
                                  const xmlChar* /*data*/) {
    of(context).stop("the XML has a processing instruction");
  };
  // Without one of its own, a parser calls the handler that the host program has set for all of its process.
  made.serror = [](void* /*context*/, xmlErrorPtr /*error*/) {};
  return made;
}

const Element* Element::find(std::string_view wanted) const {
  for (const Element* element = this; element != after; element = element->next) {
    if (element->name == wanted) return element;
  }
  return nullptr;
}

std::vector<const Element*> Element::find_all(std::string_view wanted) const {
  std::vector<const Element*> found;
  for (const Element* element = this; element != after; element = element->next) {
    if (element->name == wanted) found.push_back(element);
  }
  return found;
}

std::string_view Element::text() const {
  return trimmed(content);
}

std::string_view Element::text_of(std::string_view wanted) const {
  const Element* const found = find(wanted);
  return found == nullptr ? std::string_view() : found->text();
}

std::string_view Element::attribute(std::string_view wanted) const {
  const auto found =
      std::ranges::find(attributes, wanted, [](const auto& one) { return one.first; });
  return found == attributes.end() ? std::string_view() : trimmed(found->second);
}

Read<Document> Document::parse(std::string_view text, Deadline deadline) {
  if (text.size() > https::kLargestBody) return WireError{"the XML is too large"};
  // libxml2 would guess another encoding from the first bytes, and ask its table of encodings, to which a host may add.
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) {
    return WireError{"the XML is not UTF-8"};
  }
  // Before the parser, which reads a catalogue for one of them. "<?xml" may stand at the beginning alone.
  if (text.find("<?", text.starts_with("<?xml") ? 2 : 0) != std::string_view::npos) {
    return WireError{"the XML has a processing instruction"};
  }
  if (auto error = too_many_attributes(text)) return *std::move(error);
  const HostsLastError aside;
  Document document;
  Builder builder(document);
  xmlSAXHandler handlers = Builder::handlers();
  const ParserPtr parser(xmlCreatePushParserCtxt(&handlers, &builder, nullptr, 0, nullptr),
                         &xmlFreeParserCtxt);
  if (parser == nullptr) throw std::bad_alloc();
  builder.attach(parser.get());
  // NOENT: else an ampersand in an attribute comes as "&#38;". No entity can be declared, so there is none to replace but
  // XML's own. What is not named here is off, whatever the host's defaults are.
  xmlCtxtUseOptions(parser.get(), XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |
                                      XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  int error = 0;
  while (error == 0 && builder.reason() == nullptr && !text.empty()) {
    if (deadline.passed()) return WireError{"there was no time to read all of the XML", true};
    const std::string_view piece = text.substr(0, kPiece);
    text.remove_prefix(piece.size());
    error = xmlParseChunk(parser.get(), piece.data(), static_cast<int>(piece.size()),
                          text.empty() ? 1 : 0);
  }
  if (builder.out_of_memory() || error == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  if (builder.reason() != nullptr) return WireError{builder.reason()};
  if (error != 0 || parser->wellFormed == 0 || !builder.complete()) {
    return WireError{"the body is not XML"};
  }
  return document;
}

}  // namespace signet::transport::sapiws
