// XML as trusted lists are written in it, by libxml2: no network, no catalogue, no declared entity, no setting or error handler of
// the host program's.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_XML_DOCUMENT_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_XML_DOCUMENT_H_

#include <libxml/tree.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"
#include "validation/statement.h"

namespace signet::validation {

namespace xml {
inline constexpr std::string_view kTsl = "http://uri.etsi.org/02231/v2#";
inline constexpr std::string_view kTslAdditional = "http://uri.etsi.org/02231/v2/additionaltypes#";
inline constexpr std::string_view kQualifications =
    "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#";
inline constexpr std::string_view kSignature = "http://www.w3.org/2000/09/xmldsig#";
inline constexpr std::string_view kXades = "http://uri.etsi.org/01903/v1.3.2#";
inline constexpr std::string_view kExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
}  // namespace xml

class XmlDocument {
 public:
  // UTF-8, whatever the text declares, within kLargestList and beyond_bounds(). Names of namespaces are absolute.
  static Result<XmlDocument, Statement> parse(ByteView text);

  xmlDoc* get() const { return document_.get(); }
  const xmlNode* root() const { return xmlDocGetRootElement(document_.get()); }

 private:
  struct Free {
    void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
  };
  explicit XmlDocument(xmlDoc* document) : document_(document) {}

  std::unique_ptr<xmlDoc, Free> document_;
};

// Keeps the error that the host program's thread had last, which libxml2 overwrites whatever handler a parser has.
class XmlErrorsAside {
 public:
  XmlErrorsAside();
  ~XmlErrorsAside();
  XmlErrorsAside(const XmlErrorsAside&) = delete;
  XmlErrorsAside& operator=(const XmlErrorsAside&) = delete;

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

bool is_element(const xmlNode* node, std::string_view space, std::string_view name);

// The next element in the order of the document, below `top`; null: no more.
const xmlNode* next_element(const xmlNode* node, const xmlNode* top);

// Child elements. `node` may be null: nothing then.
const xmlNode* child_of(const xmlNode* node, std::string_view space, std::string_view name);
std::vector<const xmlNode*> children_of(const xmlNode* node, std::string_view space,
                                        std::string_view name);
std::vector<const xmlNode*> children_of(const xmlNode* node);
// Down a path of elements of one namespace.
const xmlNode* below(const xmlNode* node, std::string_view space,
                     std::initializer_list<std::string_view> path);

std::string_view name_of(const xmlNode* node);
// What stands in the element itself, without white space around it; empty for null.
std::string text_of(const xmlNode* node);
// The same as base64 with white space; nothing where it is not that.
std::optional<Bytes> bytes_in(const xmlNode* node);
// Of an attribute without a namespace; empty where there is none.
std::string attribute_of(const xmlNode* node, const char* name);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_XML_DOCUMENT_H_
