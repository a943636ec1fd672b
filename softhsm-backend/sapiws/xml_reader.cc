#include "softhsm-backend/sapiws/xml_reader.h"

#include <libxml/parser.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "crypto/base64.h"

namespace signet::emulator::sapiws {

namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

struct ParserFree {
  void operator()(xmlParserCtxt* parser) const {
    if (parser->myDoc != nullptr) xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
  }
};
using ParserPtr = std::unique_ptr<xmlParserCtxt, ParserFree>;

std::string_view view_of_xml(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// What the callbacks of one document share. They are called from C, so nothing may be thrown through them.
class Builder {
 public:
  explicit Builder(std::string& reason) : reason_(reason) {}

  void attach(xmlParserCtxt* parser) { parser_ = parser; }

  void start(const xmlChar* name, const xmlChar* space, int attributes, const xmlChar** values) {
    guarded([&] { start_element(name, space, attributes, values); });
  }
  void end() {
    guarded([&] { open_.pop_back(); });
  }
  void characters(const xmlChar* text, int size) {
    guarded([&] {
      if (!open_.empty()) {
        append(open_.back()->text,
               {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)});
      }
    });
  }
  void stop(const char* why) {
    guarded([&] { refuse(why); });
  }

  bool complete() const { return has_root_ && open_.empty() && reason_.empty(); }
  Element take() { return std::move(root_); }

 private:
  // Stops the parser last: that frees the buffer in which attributes lie.
  template <typename Work>
  void guarded(Work work) noexcept {
    try {
      if (reason_.empty()) work();
    } catch (...) {
      reason_ = "there is no memory for it";
    }
    if (!reason_.empty()) xmlStopParser(parser_);
  }

  void refuse(const char* why) {
    if (reason_.empty()) reason_ = why;
  }

  void start_element(const xmlChar* name, const xmlChar* space, int attributes,
                     const xmlChar** values) {
    if (open_.size() >= kMaxXmlDepth) return refuse("its elements are nested too deeply");
    if (++elements_ > kMaxXmlElements) return refuse("it has too many elements");
    if (static_cast<std::size_t>(attributes) > kMaxXmlAttributes)
      return refuse("an element has too many attributes");
    Element* const element = open_.empty() ? &root_ : &open_.back()->children.emplace_back();
    has_root_ = true;
    open_.push_back(element);
    element->name = bounded(view_of_xml(name));
    element->space = bounded(view_of_xml(space));
    // libxml2 gives five pointers an attribute: local name, prefix, namespace, value, end of the value.
    for (int i = 0; i < attributes; ++i) {
      const xmlChar** const one = values + 5 * static_cast<std::ptrdiff_t>(i);
      const std::string_view value(reinterpret_cast<const char*>(one[3]),
                                   static_cast<std::size_t>(one[4] - one[3]));
      if (value.size() > kMaxXmlAttribute) return refuse("an attribute is too long");
      Attribute& attribute = element->attributes.emplace_back();
      attribute.name = bounded(view_of_xml(one[0]));
      attribute.space = bounded(view_of_xml(one[2]));
      append(attribute.value, value);
    }
  }

  std::string bounded(std::string_view name) {
    if (name.size() > kMaxXmlName) refuse("a name is too long");
    return std::string(name.substr(0, kMaxXmlName));
  }

  std::string& reason_;
  xmlParserCtxt* parser_ = nullptr;
  Element root_;
  bool has_root_ = false;
  std::vector<Element*> open_;  // a deque's elements do not move when others are added
  std::size_t elements_ = 0;
};

Builder& builder(void* context) {
  return *static_cast<Builder*>(context);
}

xmlSAXHandler handlers() {
  xmlSAXHandler made{};
  made.initialized = XML_SAX2_MAGIC;
  made.startElementNs = [](void* context, const xmlChar* name, const xmlChar* /*prefix*/,
                           const xmlChar* space, int /*namespaces*/, const xmlChar** /*uris*/,
                           int attributes, int /*defaulted*/, const xmlChar** values) {
    builder(context).start(name, space, attributes, values);
  };
  made.endElementNs = [](void* context, const xmlChar* /*name*/, const xmlChar* /*prefix*/,
                         const xmlChar* /*space*/) { builder(context).end(); };
  made.characters = [](void* context, const xmlChar* text, int size) {
    builder(context).characters(text, size);
  };
  made.cdataBlock = made.characters;
  made.internalSubset = [](void* context, const xmlChar* /*name*/, const xmlChar* /*external*/,
                           const xmlChar* /*system*/) {
    builder(context).stop("it has a document type declaration");
  };
  made.reference = [](void* context, const xmlChar* /*name*/) {
    builder(context).stop("it has an entity reference");
  };
  made.processingInstruction = [](void* context, const xmlChar* /*target*/,
                                  const xmlChar* /*data*/) {
    builder(context).stop("it has a processing instruction");
  };
  return made;
}

// libxml2's tables are made once, before threads use them.
void prepare_library() {
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
}

}  // namespace

std::optional<std::string_view> Element::attribute(std::string_view local_name) const {
  const auto found = std::ranges::find_if(attributes, [&](const Attribute& one) {
    return one.space.empty() && one.name == local_name;
  });
  if (found == attributes.end()) return std::nullopt;
  return text_of(found->value);
}

std::string_view Element::trimmed() const {
  std::string_view all = text_of(text);
  all.remove_prefix(std::min(all.find_first_not_of(kWhiteSpace), all.size()));
  const std::size_t last = all.find_last_not_of(kWhiteSpace);
  return all.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::optional<Bytes> Element::base64() const {
  std::string_view rest = trimmed();
  if (rest.find_first_of(kWhiteSpace) == std::string_view::npos) return crypto::from_base64(rest);
  WipedText packed;
  packed.reserve(rest.size());
  while (!rest.empty()) {
    const std::size_t line = std::min(rest.find_first_of(kWhiteSpace), rest.size());
    append(packed, rest.substr(0, line));
    rest.remove_prefix(line);
    rest.remove_prefix(std::min(rest.find_first_not_of(kWhiteSpace), rest.size()));
  }
  return crypto::from_base64(text_of(packed));
}

Result<Element, std::string> read_xml(std::string_view text) {
  prepare_library();
  std::string reason;
  Builder building(reason);
  xmlSAXHandler calls = handlers();
  const ParserPtr parser(xmlCreatePushParserCtxt(&calls, &building, nullptr, 0, nullptr));
  if (!parser) return std::string("there is no memory for it");
  building.attach(parser.get());
  // NOENT: else an ampersand in an attribute comes as "&#38;". No entity can be declared, so there is none to replace but
  // XML's own.
  xmlCtxtUseOptions(parser.get(),
                    XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  // In pieces: libxml2 takes no more than 10 MB at once.
  constexpr std::size_t piece = 64UL * 1024;
  int error = 0;
  while (error == 0 && reason.empty() && !text.empty()) {
    const std::string_view next = text.substr(0, piece);
    text.remove_prefix(next.size());
    error = xmlParseChunk(parser.get(), next.data(), static_cast<int>(next.size()), 0);
  }
  if (error == 0 && reason.empty()) error = xmlParseChunk(parser.get(), nullptr, 0, 1);
  if (!reason.empty()) return reason;
  if (error != 0 || parser->wellFormed == 0 || !building.complete()) {
    return std::string("it is not well-formed");
  }
  if (parser->nsWellFormed == 0) return std::string("it uses a prefix that it does not declare");
  return building.take();
}

}  // namespace signet::emulator::sapiws
