// Canonical XML of a part of a document (exclusive, without comments), by libxml2.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_CANONICAL_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_CANONICAL_H_

#include <libxml/tree.h>

#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"

namespace signet::validation {

// Which part: what is below `only`, itself included, or everything that is not below `except`. One of them is set.
struct CanonicalPart {
  const xmlNode* only = nullptr;
  const xmlNode* except = nullptr;
  bool exclusive = true;              // false: Canonical XML 1.0
  std::vector<std::string> prefixes;  // InclusiveNamespaces (Exclusive XML Canonicalization, 4)
};

// Nothing where libxml2 refuses. std::bad_alloc where memory is lacking.
std::optional<Bytes> canonical(xmlDoc* document, const CanonicalPart& part);

// Its digest; the canonical form is never in memory as a whole.
std::optional<Bytes> canonical_digest(xmlDoc* document, const CanonicalPart& part,
                                      crypto::Hash hash);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_CANONICAL_H_
