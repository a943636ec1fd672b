// The references of an XML signature that covers the document around it (XMLDSig, 4.4.3).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_XML_REFERENCES_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_XML_REFERENCES_H_

#include <optional>
#include <string>
#include <vector>

#include "validation/indication.h"
#include "validation/trusted_lists/xml_document.h"

namespace signet::validation {

// The prefixes of an InclusiveNamespaces below a transform or canonicalisation method; nothing: something else stands there.
std::optional<std::vector<std::string>> inclusive_prefixes(const xmlNode* method);

// What is wrong with the references; nothing: all of them are as check_list_signature() demands, and their digests match.
std::optional<Conclusion> check_references(const XmlDocument& document, const xmlNode* signature,
                                           const xmlNode* signed_properties);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_XML_REFERENCES_H_
