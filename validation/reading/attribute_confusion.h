// Content that could be the signed attributes of another signature. For this component's readers alone.
//
// The signature value of a signer with signed attributes is one over their DER SET OF (RFC 5652, 5.4). Shown as the content of a
// signer without signed attributes, that SET OF is "signed" by the same value, though nobody signed it as a document.
#ifndef SIGNET_VALIDATION_READING_ATTRIBUTE_CONFUSION_H_
#define SIGNET_VALIDATION_READING_ATTRIBUTE_CONFUSION_H_

#include <cstdint>

#include "common/bytes.h"
#include "validation/document.h"

namespace signet::validation {

// Bytes of a content's begin that are_signed_attributes() looks at.
inline constexpr std::size_t kBeginOfContent = 32;

// `begin`: the first kBeginOfContent bytes of the content, or all of them; `size`: of all of it.
bool are_signed_attributes(ByteView begin, std::uint64_t size);

// Sets `fault` of a signer without signed attributes.
void refuse_attributes_as_content(SignerPart& signer);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_ATTRIBUTE_CONFUSION_H_
