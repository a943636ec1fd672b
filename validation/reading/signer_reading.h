// One SignerInfo as the procedure wants it. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_SIGNER_READING_H_
#define SIGNET_VALIDATION_READING_SIGNER_READING_H_

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/cms/signer_parts.h"
#include "validation/document.h"

namespace signet::validation {

// Attributes (EN 319 122-1, 5; RFC 5652, 11), dotted.
namespace attribute {
inline constexpr const char* kCounterSignature = "1.2.840.113549.1.9.6";
inline constexpr const char* kContentTimeStamp = "1.2.840.113549.1.9.16.2.20";
inline constexpr const char* kCertificateReferences = "1.2.840.113549.1.9.16.2.21";
inline constexpr const char* kRevocationReferences = "1.2.840.113549.1.9.16.2.22";
inline constexpr const char* kCertificateValues = "1.2.840.113549.1.9.16.2.23";
inline constexpr const char* kRevocationValues = "1.2.840.113549.1.9.16.2.24";
inline constexpr const char* kEscTimeStamp = "1.2.840.113549.1.9.16.2.25";
inline constexpr const char* kReferencesTimeStamp = "1.2.840.113549.1.9.16.2.26";
inline constexpr const char* kArchiveTimeStamp1 = "1.2.840.113549.1.9.16.2.27";
inline constexpr const char* kArchiveTimeStamp2 = "1.2.840.113549.1.9.16.2.48";
inline constexpr const char* kArchiveTimeStamp3 = "0.4.0.1733.2.4";
inline constexpr const char* kAdobeRevocation = "1.2.840.113583.1.1.8";
}  // namespace attribute

// `content_type`: of the message, DER OBJECT IDENTIFIER; empty: of a counter-signature. The content's digest is the caller's to add.
SignerPart read_signer_part(ByteView signer_info, const Bytes& content_type);

// The hash that a signer wants of the content; none: not one that can be computed here.
crypto::Hash hash_for(const cms::SignerParts& signer);

// Of data that is there as a whole; empty for Hash::none.
Bytes digest_of(crypto::Hash hash, ByteView data);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_SIGNER_READING_H_
