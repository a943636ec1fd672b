#include "validation/trusted_lists/xml_document.h"

#include <libxml/parser.h>
#include <libxml/uri.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <new>

#include "common/utf8.h"
#include "crypto/base64.h"
#include "validation/trusted_lists/xml_bounds.h"

namespace signet::validation {

namespace {

using ParserPtr = std::unique_ptr<xmlParserCtxt, decltype(&xmlFreeParserCtxt)>;

constexpr Sentence kLargeFile{"the file is larger than 64 MiB", "soubor je větší než 64 MiB"};
constexpr Sentence kEncoding{"the file is not UTF-8", "soubor není v UTF-8"};
constexpr Sentence kNotXml{"the file is not well-formed XML", "soubor není správně utvořené XML"};
constexpr Sentence kRelative{"the file has a relative namespace name",
                             "soubor má relativní název jmenného prostoru"};

std::string_view view_of_text(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is_absolute(const xmlChar* name) {
  const std::unique_ptr<xmlURI, decltype(&xmlFreeURI)> uri(
      xmlParseURI(reinterpret_cast<const char*>(name)), &xmlFreeURI);
  return uri != nullptr && uri->scheme != nullptr;
}

// Canonicalisation refuses relative names, and says so to the host's error handler.
bool has_absolute_names(const xmlNode* root) {
  const xmlChar* good = nullptr;  // names are shared in the parser's dictionary
  for (const xmlNode* node = root; node != nullptr; node = next_element(node, root))
    for (const xmlNs* space = node->nsDef; space != nullptr; space = space->next) {
      if (space->href == nullptr || *space->href == 0 || space->href == good) continue;
      if (!is_absolute(space->href)) return false;
      good = space->href;
    }
  return true;
}

}  // namespace

struct XmlErrorsAside::Kept {
  xmlError error{};
};

XmlErrorsAside::XmlErrorsAside() : kept_(std::make_unique<Kept>()) {
  if (const auto* const last = xmlGetLastError())
    xmlCopyError(const_cast<xmlErrorPtr>(last), &kept_->error);
}

XmlErrorsAside::~XmlErrorsAside() {
  xmlResetLastError();
  if (kept_->error.code != XML_ERR_OK) xmlCopyError(&kept_->error, &xmlLastError);
  xmlResetError(&kept_->error);
}

Result<XmlDocument, Statement> XmlDocument::parse(ByteView bytes) {
  std::string_view text = signet::text_of(bytes);
  if (text.size() > kLargestList) return say(kLargeFile);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // libxml2 would guess another encoding from the first bytes, and ask its table of encodings, to which a host may add.
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return say(kEncoding);
  if (const Sentence* const reason = beyond_bounds(text)) return say(*reason);
  const XmlErrorsAside aside;
  const ParserPtr parser(xmlNewParserCtxt(), &xmlFreeParserCtxt);
  if (parser == nullptr) throw std::bad_alloc();
  // Without one of its own, a parser calls the handler that the host program has set for all of its process.
  parser->sax->serror = [](void* /*context*/, xmlErrorPtr /*error*/) {};
  // HUGE: the bounds are ours, counted above. What is not named here is off, whatever the host's defaults are.
  XmlDocument document(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                        XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_COMPACT |
                            XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (parser->errNo == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  if (document.get() == nullptr || document.root() == nullptr || parser->wellFormed == 0 ||
      parser->nsWellFormed == 0)
    return say(kNotXml);
  if (!has_absolute_names(document.root())) return say(kRelative);
  return document;
}

bool is_element(const xmlNode* node, std::string_view space, std::string_view name) {
  return node != nullptr && node->type == XML_ELEMENT_NODE && node->ns != nullptr &&
         view_of_text(node->name) == name && view_of_text(node->ns->href) == space;
}

const xmlNode* next_element(const xmlNode* node, const xmlNode* top) {
  const xmlNode* at = node;
  do {
    if (at->children != nullptr && at->type == XML_ELEMENT_NODE) {
      at = at->children;
    } else {
      while (at != top && at->next == nullptr) at = at->parent;
      if (at == top) return nullptr;
      at = at->next;
    }
  } while (at->type != XML_ELEMENT_NODE);
  return at;
}

std::vector<const xmlNode*> children_of(const xmlNode* node) {
  std::vector<const xmlNode*> found;
  if (node == nullptr) return found;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_ELEMENT_NODE) found.push_back(child);
  return found;
}

std::vector<const xmlNode*> children_of(const xmlNode* node, std::string_view space,
                                        std::string_view name) {
  std::vector<const xmlNode*> found;
  if (node == nullptr) return found;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (is_element(child, space, name)) found.push_back(child);
  return found;
}

const xmlNode* child_of(const xmlNode* node, std::string_view space, std::string_view name) {
  if (node == nullptr) return nullptr;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (is_element(child, space, name)) return child;
  return nullptr;
}

const xmlNode* below(const xmlNode* node, std::string_view space,
                     std::initializer_list<std::string_view> path) {
  for (const std::string_view name : path) node = child_of(node, space, name);
  return node;
}

std::string_view name_of(const xmlNode* node) {
  return view_of_text(node->name);
}

std::string text_of(const xmlNode* node) {
  std::string text;
  if (node == nullptr) return text;
  for (const xmlNode* child = node->children; child != nullptr; child = child->next)
    if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE)
      text += view_of_text(child->content);
  constexpr const char* blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<Bytes> bytes_in(const xmlNode* node) {
  std::string text = text_of(node);
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  if (text.empty()) return std::nullopt;
  return crypto::from_base64(text);
}

std::string attribute_of(const xmlNode* node, const char* name) {
  if (node == nullptr) return {};
  const std::unique_ptr<xmlChar, void (*)(void*)> value(
      xmlGetNoNsProp(const_cast<xmlNode*>(node), reinterpret_cast<const xmlChar*>(name)),
      [](void* text) { xmlFree(text); });
  return std::string(view_of_text(value.get()));
}

}  // namespace signet::validation
