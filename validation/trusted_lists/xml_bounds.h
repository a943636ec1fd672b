// What a list may ask of an XML parser, counted before one sees it.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_XML_BOUNDS_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_XML_BOUNDS_H_

#include <cstddef>
#include <string_view>

#include "validation/statement.h"

namespace signet::validation {

inline constexpr std::size_t kLargestList = std::size_t{64} * 1024 * 1024;  // bytes

// Why this is not parsed: a document type declaration, more than 500,000 elements or attributes, 100,000 comments, processing
// instructions and sections, 48 levels, 32 attributes of an element, 100 prefixes in scope; null: none of that. Reads each byte
// once. What is not well-formed may be counted wrongly; the parser stops at the same place.
const Sentence* beyond_bounds(std::string_view xml);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_XML_BOUNDS_H_
